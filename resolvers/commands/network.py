"""Following: a person follows an organisation, with three separate switches."""

from __future__ import annotations

from uuid import UUID

from resolvers.acting import Context
from resolvers.refusals import NotFound
from resolvers.seeing import sees
from subscriptions.events import EventKind

# The counter moves only when there was no follow before, in the same statement.
FOLLOW = """
with kept as (
  insert into follow (person_id, organisation_id, in_feed, notify, prioritise)
  values ($1, $2, coalesce($3, true), coalesce($4, false), coalesce($5, false))
  on conflict (person_id, organisation_id) do update set
    in_feed = coalesce($3, follow.in_feed),
    notify = coalesce($4, follow.notify),
    prioritise = coalesce($5, follow.prioritise)
  returning old.id is null as is_new
)
update organisation set follower_count = follower_count + 1
from kept where kept.is_new and organisation.id = $2
"""
UNFOLLOW = """
with gone as (
  delete from follow where person_id = $1 and organisation_id = $2 returning organisation_id
)
update organisation set follower_count = follower_count - 1
from gone where organisation.id = gone.organisation_id
"""


async def follow_organisation(
    ctx: Context,
    *,
    organisation_id: UUID,
    in_feed: bool | None = None,
    notify: bool | None = None,
    prioritise: bool | None = None,
) -> UUID:
    """Follow an organisation, or change how: a switch that is not given stays as it is.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = ctx.person()
    if not await sees(ctx.connection, actor.id, "organisation", organisation_id):
        raise NotFound("common.not_found", field=("organisation_id",))
    await ctx.connection.execute(FOLLOW, actor.id, organisation_id, in_feed, notify, prioritise)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=organisation_id)
    return organisation_id


async def unfollow_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """No longer follow an organisation; nothing happens when the person did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = ctx.person()
    if not await sees(ctx.connection, actor.id, "organisation", organisation_id):
        raise NotFound("common.not_found", field=("organisation_id",))
    await ctx.connection.execute(UNFOLLOW, actor.id, organisation_id)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=organisation_id)
    return organisation_id
