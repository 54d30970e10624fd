"""What a person does with a post by one click: react, keep for later."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from db.tables.posts import ReactionKind
from resolvers.acting import Context
from resolvers.refusals import NotFound
from resolvers.seeing import ruled, sees
from resolvers.steps import in_one_statement
from subscriptions.events import EventKind, post_ids

KEPT_IDS = post_ids("post", "'change', case when kept.is_new then 'ADDED' else 'CHANGED' end")
GONE_IDS = post_ids("post", "'change', 'REMOVED'")
# One statement: may they see it, one reaction a person, the counter, the event. The counter moves
# only when there was no reaction before; nothing happens when it says the same already.
REACT = f"""
with seen as ({{post_seen}}), kept as (
  insert into reaction (person_id, post_id, kind) select $1, $2, $3 from seen
  on conflict (post_id, person_id) do update set kind = excluded.kind
    where reaction.kind <> excluded.kind
  returning old.id is null as is_new
), counted as (
  update post set reaction_count = reaction_count + 1 from kept where kept.is_new and post.id = $2
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select $4, $1, post.organisation_id, post.id, {KEPT_IDS}
  from kept join post on post.id = $2
)
select exists (select from seen)
"""  # noqa: S608 - constants
UNREACT = f"""
with seen as ({{post_seen}}), gone as (
  delete from reaction using seen where person_id = $1 and post_id = $2 returning post_id
), counted as (
  update post set reaction_count = reaction_count - 1 from gone where post.id = gone.post_id
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select $3, $1, post.organisation_id, post.id, {GONE_IDS}
  from gone join post on post.id = gone.post_id
)
select exists (select from seen)
"""  # noqa: S608 - as above
BOOKMARK = """
with seen as ({post_seen}), kept as (
  insert into bookmark (person_id, post_id) select $1, $2 from seen on conflict do nothing
)
select exists (select from seen)
"""


@in_one_statement
async def react(ctx: Context, *, post_id: UUID, kind: ReactionKind) -> UUID:
    """React to a post, or change how.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
    """
    await _if_seen(ctx, REACT, post_id, kind, EventKind.POST_REACTED)
    return post_id


@in_one_statement
async def unreact(ctx: Context, *, post_id: UUID) -> UUID:
    """Take a reaction back; nothing happens when there was none.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
    """
    await _if_seen(ctx, UNREACT, post_id, EventKind.POST_REACTED)
    return post_id


@in_one_statement
async def bookmark(ctx: Context, *, post_id: UUID) -> UUID:
    """Keep a post for later.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: No such post, as far as they may know.
    """
    await _if_seen(ctx, BOOKMARK, post_id)
    return post_id


@in_one_statement
async def unbookmark(ctx: Context, *, post_id: UUID) -> UUID | None:
    """No longer keep a post, also one that they may not see any longer: then None is given.

    Raises:
        NotSignedIn: Nobody is signed in.
    """
    actor = ctx.person()
    await ctx.connection.execute(
        "delete from bookmark where person_id = $1 and post_id = $2", actor.id, post_id
    )
    return post_id if await sees(ctx.connection, actor.id, "post", post_id) else None


async def _if_seen(ctx: Context, statement: str, post_id: UUID, *values: str) -> None:
    actor = ctx.person()
    try:
        is_seen = await ctx.connection.fetchval(ruled(statement), actor.id, post_id, *values)
    except asyncpg.ForeignKeyViolationError:
        # Deleted at this very moment.
        is_seen = False
    if not is_seen:
        raise NotFound("common.not_found", field=("post_id",))
