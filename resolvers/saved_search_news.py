"""Telling people of what their saved searches found: each owner who may see a post, once.

Posts are few and searches are many, so it is the posts that are held against all searches: one
statement takes a batch of published posts through the searches of OWNERS_AT_ONCE people, asks the
rules of posts for whoever found one, and writes their lines. What an owner's searches cannot be
asked is left to a job for that owner, which is tried again and rests as failed at last.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.sql.sqltypes import Uuid

from db.tables.feed import SavedSearch
from db.tables.notifications import NotificationKind
from db.tables.posts import Post
from resolvers import network
from resolvers.acting import Connection
from resolvers.notifying import ALLOWED, COLUMNS, collecting, write_lines
from resolvers.rows import VIEWER_ALIAS, row_of
from resolvers.saved_searches import finds
from resolvers.search_owners import tell_all
from resolvers.seeing import condition_of, in_words
from subscriptions.events import EventKind

JOB_OF_ONE_OWNER = "tell_owner"
OWNERS_AT_ONCE = 2_000
OWNERS = """
select person_id from saved_search where notify and paused_at is null and person_id > $1
group by person_id order by person_id limit $2
"""
# Who was told of a post as a follower, or because it names them, is not told of it again; of the
# searches of one person that find a post, the oldest tells of it. A line is about a post as long
# as there is one only.
FOUND = """
with fresh as materialized (
  select e.id as event_id, e.created_at as at, p.id, p.organisation_id, p.author_id, p.language,
         p.created_at, p.hidden_at, p.body
  from event e join post p on p.id = e.subject_id
  where e.id = any($1::bigint[]) and e.kind = '{published}'
), found as materialized (
  select distinct on (fresh.event_id, saved.person_id)
    fresh.event_id, fresh.at, fresh.id as post_id, fresh.organisation_id, fresh.author_id,
    saved.person_id, saved.id as search_id, saved.name
  from saved_search saved join fresh on {finds}
  where saved.person_id = any({owners}::uuid[]) and saved.notify and saved.paused_at is null
    and (saved.told_post_id is null or saved.told_post_id < fresh.id)
    and saved.person_id <> fresh.author_id
    and not exists (
      select from mute m where m.person_id = saved.person_id
        and (m.organisation_id = fresh.organisation_id or m.skill_id in (
          select t.skill_id from post_skill t where t.post_id = fresh.id)))
    and not exists (
      select from notification n where n.person_id = saved.person_id and n.post_id = fresh.id
        and n.kind <> '{kind}' and n.changed_at >= fresh.at)
  order by fresh.event_id, saved.person_id, saved.id
), {viewer} as materialized (
  {viewers}
)
select found.event_id, found.at, found.person_id, '{kind}' as kind, found.search_id as subject_id,
       null::uuid as organisation_id,
       case when count(*) over (partition by found.search_id) = 1 then found.post_id end as post_id,
       null::uuid as comment_id, found.author_id as actor_id, found.name as note, 1 as precedence
from found join {viewer} on {viewer}.id = found.person_id join post post_row on post_row.id = found.post_id
where {seen}
"""


async def tell_owners(connection: Connection, event_ids: Sequence[int]) -> int:
    """Tell the owners of searches of the posts whose publishing these events record; give how many lines.

    A transaction for each OWNERS_AT_ONCE of them; done twice, it changes nothing.
    """
    return await tell_all(
        connection,
        event_ids,
        owners=OWNERS,
        at_once=OWNERS_AT_ONCE,
        tell=_tell_some,
        job_of_one=JOB_OF_ONE_OWNER,
    )


async def tell_owner(connection: Connection, event_ids: Sequence[int], person_id: UUID) -> None:
    """Tell one owner, whose searches could not be asked when their turn came."""
    await _tell_some(connection, list(event_ids), [person_id])


async def _tell_some(connection: Connection, event_ids: list[int], owners: list[UUID]) -> int:
    async with connection.transaction(), collecting(connection) as given:
        await connection.execute(_collect(), event_ids, *given, owners)
        return await write_lines(connection)


@cache
def _collect() -> str:
    return f"with {COLUMNS} as ({found('$5')}) {ALLOWED}"


@cache
def found(owners: str) -> str:
    """Give the statement for lines about the events $1 for those `owners`, a parameter."""
    who = select(column("person_id", Uuid()).label("id")).distinct().select_from(table("found"))
    viewers = network.standing_of_all(who.subquery("who"))
    return FOUND.format(
        published=EventKind.POST_PUBLISHED,
        kind=NotificationKind.SAVED_SEARCH_FOUND,
        viewer=VIEWER_ALIAS,
        owners=owners,
        finds=in_words(finds(row_of(SavedSearch, "saved"), row_of(Post, "fresh"))),
        viewers=in_words(viewers),
        seen=condition_of("post", "post_row"),
    )
