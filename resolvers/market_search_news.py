"""Telling people of what their searches of the market found: of each listing once.

As with posts (`resolvers.saved_search_news`) it is the listings that are held against all searches:
one statement takes a batch of listings that were opened or changed through the searches of
OWNERS_AT_ONCE people, asks the rule of listings for whoever found one, and writes their lines. What
an owner's searches cannot be asked is left to a job for that owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, select
from sqlalchemy.sql.sqltypes import Uuid

from db.tables.listings import Listing
from db.tables.market_searches import MarketSearch
from db.tables.notifications import NotificationKind
from resolvers import network
from resolvers.acting import Connection
from resolvers.market_searches import finds, is_meant
from resolvers.match_finding import CLOSE
from resolvers.notifying import ALLOWED, COLUMNS, collecting, write_lines
from resolvers.rows import VIEWER_ALIAS, row_of
from resolvers.search_owners import tell_all
from resolvers.seeing import condition_of, in_words

JOB_OF_ONE_OWNER = "tell_market_owner"
OWNERS_AT_ONCE = 5_000
OWNERS = """
select person_id from market_search where notify and paused_at is null and person_id > $1
group by person_id order by person_id limit $2
"""
# What is known of the listings and the same for all searches is looked up once: the skills that are
# close to theirs, and the terms that mean them. Of the searches of one person that find a listing the
# oldest tells of it, and all of them keep that they did.
FOUND = """
with fresh as materialized (
  select distinct on (l.id) e.id as event_id, e.created_at as at, e.actor_id, l.*,
         array(select t.folded from listing_skill s join skill_term t on t.skill_id = s.skill_id
               where s.listing_id = l.id) as said
  from event e join listing l on l.id = e.subject_id
  where e.id = any($1::bigint[]) and l.status = 'OPEN' and l.expires_at > now()
  order by l.id, e.id desc
), own as materialized (
  select distinct s.skill_id as id from fresh join listing_skill s on s.listing_id = fresh.id
), near as materialized (
  select id as own_id, id as near_id from own
  union all
  select own_id, near_id from ({close}) close
), asked as materialized (
  select * from market_search saved
  where saved.person_id = any($5::uuid[]) and saved.notify and saved.paused_at is null
), named as materialized (
  select distinct asked.id as search_id, s.listing_id
  from asked cross join lateral unnest(asked.skill_ids) wanted (id)
  join near on near.near_id = wanted.id
  join listing_skill s on s.skill_id = near.own_id
  join fresh on fresh.id = s.listing_id
), found as materialized (
  select fresh.event_id, fresh.at, fresh.id as listing_id, fresh.organisation_id, fresh.actor_id,
         saved.person_id, saved.id as search_id, saved.name
  from asked saved join fresh on {finds}
  where saved.told_since < fresh.at and saved.person_id is distinct from fresh.actor_id
    and not exists (
      select from mute m where m.person_id = saved.person_id
        and (m.organisation_id = fresh.organisation_id or m.skill_id in (
          select s.skill_id from listing_skill s where s.listing_id = fresh.id)))
    and not exists (
      select from market_search_hit h
      where h.market_search_id = saved.id and h.listing_id = fresh.id)
), seen as materialized (
  select found.* from found join listing listing_row on listing_row.id = found.listing_id
  cross join lateral ({viewer} offset 0) {alias}
  where {seen}
), kept as (
  insert into market_search_hit (market_search_id, listing_id) select search_id, listing_id from seen
  on conflict do nothing
)
"""
LINES = """
select event_id, at, person_id, '{kind}' as kind, search_id as subject_id,
       null::uuid as organisation_id, null::uuid as post_id, null::uuid as comment_id,
       null::uuid as actor_id, name as note, 1 as precedence,
       case when count(*) over (partition by search_id) = 1 then listing_id end as listing_id
from (
  select distinct on (listing_id, person_id) * from seen order by listing_id, person_id, search_id
) first
"""


async def tell_owners(connection: Connection, event_ids: Sequence[int]) -> int:
    """Tell the owners of searches of the listings that these events are about; give how many lines.

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
    # One by one: Postgres takes `found` for one row, and would go through all viewers for each of them.
    who: Any = literal_column("found.person_id", Uuid())
    viewer = select(who.label("id"), *network.standing(who))
    saved = row_of(MarketSearch, "saved")
    fresh = row_of(Listing, "fresh")
    is_said = in_words(is_meant(saved, literal_column("one")))
    means: Any = literal_column(f"exists (select from unnest(fresh.said) one where {is_said})")
    named: Any = literal_column("(saved.id, fresh.id) in (select search_id, listing_id from named)")
    found = FOUND.format(
        close=CLOSE.replace("$1::uuid[]", "array(select id from own)"),
        viewer=in_words(viewer),
        alias=VIEWER_ALIAS,
        finds=in_words(finds(saved, fresh, names=named, means=means)),
        seen=condition_of("listing", "listing_row"),
    )
    lines = LINES.format(kind=NotificationKind.MARKET_SEARCH_FOUND)
    # What writes must stand at the top.
    return f"{found}, {COLUMNS[:-1]}, listing_id) as ({lines}) {ALLOWED}"
