"""The home feed: how far a person has read it."""

from __future__ import annotations

from uuid import UUID

from resolvers.acting import Context
from resolvers.refusals import NotFound
from resolvers.seeing import sees
from subscriptions.events import EventKind, ids_of

IDS = ids_of("'person_id', $1::uuid", "'post_id', seen_post_id")
# A mark never goes back: two windows may say what they showed in any order.
MARK_SEEN = f"""
with marked as (
insert into feed_visit (person_id, seen_post_id, seen_at)
values ($1, coalesce($2, uuidv7()), now())
on conflict (person_id) do update set
  seen_post_id = greatest(feed_visit.seen_post_id, excluded.seen_post_id),
  seen_at = excluded.seen_at
  returning seen_post_id, old.seen_post_id is distinct from new.seen_post_id as is_moved
)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.FEED_SEEN}', $1, $1, {IDS} from marked where is_moved
"""  # noqa: S608 - constants


async def mark_seen(ctx: Context, *, post_id: UUID | None = None) -> UUID:
    """Remember that the person has seen the feed up to a post; without one, all of it until now.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such post, as far as they may know.
    """
    actor = ctx.person()
    if post_id is not None and not await sees(ctx.connection, actor.id, "post", post_id):
        raise NotFound("common.not_found", field=("post_id",))
    await ctx.connection.execute(MARK_SEEN, actor.id, post_id)
    return actor.id
