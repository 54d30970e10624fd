"""Following and muting: what a person wants to read more of, and what less."""

from __future__ import annotations

from uuid import UUID

from resolvers.acting import Actor, Context
from resolvers.refusals import InvalidInput, NotFound
from resolvers.seeing import sees
from subscriptions.events import EventKind

# The counter moves only when there was no follow before, in the same statement.
FOLLOW_ORGANISATION = """
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
UNFOLLOW_ORGANISATION = """
with gone as (
  delete from follow where person_id = $1 and organisation_id = $2 returning organisation_id
)
update organisation set follower_count = follower_count - 1
from gone where organisation.id = gone.organisation_id
"""
FOLLOW_PERSON = """
insert into person_follow (person_id, followed_id, in_feed, notify, prioritise)
values ($1, $2, coalesce($3, true), coalesce($4, false), coalesce($5, false))
on conflict (person_id, followed_id) do update set
  in_feed = coalesce($3, person_follow.in_feed),
  notify = coalesce($4, person_follow.notify),
  prioritise = coalesce($5, person_follow.prioritise)
"""
UNFOLLOW_PERSON = "delete from person_follow where person_id = $1 and followed_id = $2"
FOLLOW_SKILL = """
insert into skill_follow (person_id, skill_id, in_feed, notify, prioritise)
values ($1, $2, coalesce($3, true), coalesce($4, false), coalesce($5, false))
on conflict (person_id, skill_id) do update set
  in_feed = coalesce($3, skill_follow.in_feed),
  notify = coalesce($4, skill_follow.notify),
  prioritise = coalesce($5, skill_follow.prioritise)
"""
UNFOLLOW_SKILL = "delete from skill_follow where person_id = $1 and skill_id = $2"
MUTE_ORGANISATION = """
insert into mute (person_id, organisation_id) values ($1, $2) on conflict do nothing
"""
UNMUTE_ORGANISATION = "delete from mute where person_id = $1 and organisation_id = $2"
MUTE_PERSON = """
insert into mute (person_id, muted_person_id) values ($1, $2) on conflict do nothing
"""
UNMUTE_PERSON = "delete from mute where person_id = $1 and muted_person_id = $2"
MUTE_SKILL = "insert into mute (person_id, skill_id) values ($1, $2) on conflict do nothing"
UNMUTE_SKILL = "delete from mute where person_id = $1 and skill_id = $2"


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
    actor = await _seeing(ctx, "organisation", organisation_id)
    switches = (in_feed, notify, prioritise)
    await ctx.connection.execute(FOLLOW_ORGANISATION, actor.id, organisation_id, *switches)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=organisation_id)
    return organisation_id


async def unfollow_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """No longer follow an organisation; nothing happens when the person did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = await _seeing(ctx, "organisation", organisation_id)
    await ctx.connection.execute(UNFOLLOW_ORGANISATION, actor.id, organisation_id)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=organisation_id)
    return organisation_id


async def follow_person(
    ctx: Context,
    *,
    person_id: UUID,
    in_feed: bool | None = None,
    notify: bool | None = None,
    prioritise: bool | None = None,
) -> UUID:
    """Follow a person, or change how: a switch that is not given stays as it is.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such person, as far as they may know.
        InvalidInput: It is oneself.
    """
    actor = await _seeing(ctx, "person", person_id)
    if person_id == actor.id:
        raise InvalidInput("network.follow_oneself", field=("person_id",))
    switches = (in_feed, notify, prioritise)
    await ctx.connection.execute(FOLLOW_PERSON, actor.id, person_id, *switches)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=person_id, person_id=person_id)
    return person_id


async def unfollow_person(ctx: Context, *, person_id: UUID) -> UUID:
    """No longer follow a person; nothing happens when one did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such person, as far as they may know.
    """
    actor = await _seeing(ctx, "person", person_id)
    await ctx.connection.execute(UNFOLLOW_PERSON, actor.id, person_id)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=person_id, person_id=person_id)
    return person_id


async def follow_skill(
    ctx: Context,
    *,
    skill_id: UUID,
    in_feed: bool | None = None,
    notify: bool | None = None,
    prioritise: bool | None = None,
) -> UUID:
    """Follow a skill, or change how: a switch that is not given stays as it is.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill.
    """
    actor = await _seeing(ctx, "skill", skill_id)
    switches = (in_feed, notify, prioritise)
    await ctx.connection.execute(FOLLOW_SKILL, actor.id, skill_id, *switches)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=skill_id, skill_id=skill_id)
    return skill_id


async def unfollow_skill(ctx: Context, *, skill_id: UUID) -> UUID:
    """No longer follow a skill; nothing happens when the person did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill.
    """
    actor = await _seeing(ctx, "skill", skill_id)
    await ctx.connection.execute(UNFOLLOW_SKILL, actor.id, skill_id)
    await ctx.record(EventKind.FOLLOW_CHANGED, subject_id=skill_id, skill_id=skill_id)
    return skill_id


# A mute is between a person and their own feed: no event tells anybody of it.


async def mute_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """Keep an organisation's posts out of the home feed; a follow of it stays.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = await _seeing(ctx, "organisation", organisation_id)
    await ctx.connection.execute(MUTE_ORGANISATION, actor.id, organisation_id)
    return organisation_id


async def unmute_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """Let an organisation's posts into the home feed again.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = await _seeing(ctx, "organisation", organisation_id)
    await ctx.connection.execute(UNMUTE_ORGANISATION, actor.id, organisation_id)
    return organisation_id


async def mute_person(ctx: Context, *, person_id: UUID) -> UUID:
    """Keep what a person writes out of the home feed; a follow stays.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such person, as far as they may know.
        InvalidInput: It is oneself.
    """
    actor = await _seeing(ctx, "person", person_id)
    if person_id == actor.id:
        raise InvalidInput("network.mute_oneself", field=("person_id",))
    await ctx.connection.execute(MUTE_PERSON, actor.id, person_id)
    return person_id


async def unmute_person(ctx: Context, *, person_id: UUID) -> UUID:
    """Let what a person writes into the home feed again.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such person, as far as they may know.
    """
    actor = await _seeing(ctx, "person", person_id)
    await ctx.connection.execute(UNMUTE_PERSON, actor.id, person_id)
    return person_id


async def mute_skill(ctx: Context, *, skill_id: UUID) -> UUID:
    """Keep posts about a skill out of the home feed; a follow stays.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill.
    """
    actor = await _seeing(ctx, "skill", skill_id)
    await ctx.connection.execute(MUTE_SKILL, actor.id, skill_id)
    return skill_id


async def unmute_skill(ctx: Context, *, skill_id: UUID) -> UUID:
    """Let posts about a skill into the home feed again.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill.
    """
    actor = await _seeing(ctx, "skill", skill_id)
    await ctx.connection.execute(UNMUTE_SKILL, actor.id, skill_id)
    return skill_id


async def _seeing(ctx: Context, what: str, key: UUID) -> Actor:
    """Give the person who acts, if they may know of the row of `what` with this key."""
    actor = ctx.person()
    if not await sees(ctx.connection, actor.id, what, key):
        raise NotFound("common.not_found", field=(f"{what}_id",))
    return actor
