"""Following and muting: what a person wants to read more of, and what less."""

from __future__ import annotations

from uuid import UUID

from resolvers.acting import Actor, Context
from resolvers.refusals import InvalidInput, NotFound
from resolvers.seeing import sees
from subscriptions.events import EventKind, ids_of

# A follow that was there and says the same already changes nothing, and tells nobody. The counter
# moves only when there was none before, in the same statement.
FOLLOW = """
with kept as (
  insert into {table} as f (person_id, {column}, in_feed, notify, prioritise)
  values ($1, $2, coalesce($3, true), coalesce($4, false), coalesce($5, false))
  on conflict (person_id, {column}) do update set
    in_feed = coalesce($3, f.in_feed),
    notify = coalesce($4, f.notify),
    prioritise = coalesce($5, f.prioritise)
  where (f.in_feed, f.notify, f.prioritise) is distinct from
    (coalesce($3, f.in_feed), coalesce($4, f.notify), coalesce($5, f.prioritise))
  returning old.id is null as is_new
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{kind}', $1, {organisation}, $2, {ids} from kept
)
{counting}
"""
UNFOLLOW = """
with gone as (
  delete from {table} where person_id = $1 and {column} = $2 returning {column}
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{kind}', $1, {organisation}, $2, {ids} from gone
)
{counting}
"""


def _statement(statement: str, column: str, change: str, counting: str = "select") -> str:
    pairs = ["'follower_id', $1::uuid", f"'change', {change}"]
    if column != "organisation_id":
        pairs.append(f"'{column}', $2::uuid")
    return statement.format(
        table=TABLES[column],
        column=column,
        kind=EventKind.FOLLOW_CHANGED,
        organisation="$2" if column == "organisation_id" else "null::uuid",
        ids=ids_of(*pairs),
        counting=counting,
    )


TABLES = {
    "organisation_id": "follow",
    "followed_id": "person_follow",
    "skill_id": "skill_follow",
}
FOLLOWED = "case when kept.is_new then 'ADDED' else 'CHANGED' end"
UNFOLLOWED = "'REMOVED'"
FOLLOW_ORGANISATION = _statement(
    FOLLOW,
    "organisation_id",
    FOLLOWED,
    "update organisation set follower_count = follower_count + 1"
    " from kept where kept.is_new and organisation.id = $2",
)
UNFOLLOW_ORGANISATION = _statement(
    UNFOLLOW,
    "organisation_id",
    UNFOLLOWED,
    "update organisation set follower_count = follower_count - 1"
    " from gone where organisation.id = gone.organisation_id",
)
FOLLOW_PERSON = _statement(FOLLOW, "followed_id", FOLLOWED)
UNFOLLOW_PERSON = _statement(UNFOLLOW, "followed_id", UNFOLLOWED)
FOLLOW_SKILL = _statement(FOLLOW, "skill_id", FOLLOWED)
UNFOLLOW_SKILL = _statement(UNFOLLOW, "skill_id", UNFOLLOWED)
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
    return organisation_id


async def unfollow_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """No longer follow an organisation; nothing happens when the person did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
    """
    actor = await _seeing(ctx, "organisation", organisation_id)
    await ctx.connection.execute(UNFOLLOW_ORGANISATION, actor.id, organisation_id)
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
    return person_id


async def unfollow_person(ctx: Context, *, person_id: UUID) -> UUID:
    """No longer follow a person; nothing happens when one did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such person, as far as they may know.
    """
    actor = await _seeing(ctx, "person", person_id)
    await ctx.connection.execute(UNFOLLOW_PERSON, actor.id, person_id)
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
    return skill_id


async def unfollow_skill(ctx: Context, *, skill_id: UUID) -> UUID:
    """No longer follow a skill; nothing happens when the person did not.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill.
    """
    actor = await _seeing(ctx, "skill", skill_id)
    await ctx.connection.execute(UNFOLLOW_SKILL, actor.id, skill_id)
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
