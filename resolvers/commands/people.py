"""One's own profile, and what one can do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from db.tables.people import (
    EVIDENCE_MAX,
    HEADLINE_MAX,
    LEVEL_MAX,
    LEVEL_MIN,
    NAME_MAX,
    Digest,
    Locale,
    ProfileVisibility,
)
from resolvers import checking
from resolvers.acting import Context
from resolvers.refusals import Conflict, InvalidInput, NotFound, Taken, TooMany
from subscriptions.events import EventKind

LOCATION_MAX = 120
SKILLS_MAX = 200
FIRST_YEAR = 1900
# What is null stays; an empty headline or location goes.
EDIT = """
update person set
  name = coalesce($3, name),
  headline = case when $4::text is null then headline else nullif($4, '') end,
  location = case when $5::text is null then location else nullif($5, '') end,
  visibility = coalesce($6, visibility),
  locale = coalesce($7, locale),
  digest = coalesce($8, digest),
  shows_looks = coalesce($9, shows_looks),
  version = version + 1
where id = $1 and version = $2 returning id
"""
LOCK_PERSON = "select from person where id = $1 for no key update"
ROOM = """
select (select count(*) from person_skill where person_id = $1) as held,
       exists (select from skill where id = $2) as is_known
"""
ADD = """
with added as (
  insert into person_skill (person_id, skill_id, level, evidence, last_used_on)
  values ($1, $2, $3, $4, $5) on conflict (person_id, skill_id) do nothing returning id, skill_id
), counted as (
  update skill set person_count = person_count + 1 from added where skill.id = added.skill_id
)
select id from added
"""
CHANGE = """
update person_skill set
  level = coalesce($3, level), evidence = coalesce($4, evidence),
  last_used_on = coalesce($5, last_used_on)
where id = $1 and person_id = $2 returning id
"""
REMOVE = """
with gone as (delete from person_skill where id = $1 and person_id = $2 returning skill_id),
counted as (
  update skill set person_count = person_count - 1 from gone where skill.id = gone.skill_id
)
select skill_id from gone
"""


async def edit_person(  # noqa: PLR0913 - one for each field of the input
    ctx: Context,
    *,
    expected_version: int,
    name: str | None = None,
    headline: str | None = None,
    location: str | None = None,
    visibility: ProfileVisibility | None = None,
    locale: Locale | None = None,
    digest: Digest | None = None,
    shows_looks: bool | None = None,
) -> UUID:
    """Change the actor's profile; what is None stays as it is, an empty text goes.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: A text is too long, the name is empty, or it holds what cannot be shown.
        Conflict: It was edited since `expected_version`.
    """
    actor = ctx.person()
    if name is not None:
        name = checking.text(name, "name", at_least=1, at_most=NAME_MAX)
    if headline is not None:
        headline = checking.text(headline, "headline", at_most=HEADLINE_MAX)
    if location is not None:
        location = checking.text(location, "location", at_most=LOCATION_MAX)
    edited = await ctx.connection.fetchval(
        EDIT,
        actor.id,
        expected_version,
        name,
        headline,
        location,
        visibility,
        locale,
        digest,
        shows_looks,
    )
    if edited is None:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    await person_edited(ctx, actor.id)
    return actor.id


async def add_skill(
    ctx: Context,
    *,
    skill_id: UUID,
    level: int,
    evidence: str = "",
    last_used_on: date | None = None,
) -> UUID:
    """Say that the actor has a skill.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: The level, the evidence or the day cannot be taken.
        NotFound: There is no such skill.
        Taken: They said so already.
        TooMany: They have SKILLS_MAX already.
    """
    actor = ctx.person()
    evidence = _checked(level, evidence, last_used_on) or ""
    # One request of a person at a time, so that two do not pass the bound together.
    await ctx.connection.execute(LOCK_PERSON, actor.id)
    room = await ctx.connection.fetchrow(ROOM, actor.id, skill_id)
    if room is None or not room["is_known"]:
        raise NotFound("common.not_found", field=("skill_id",))
    if room["held"] >= SKILLS_MAX:
        raise TooMany("people.skills_too_many", limit=SKILLS_MAX)
    key: UUID | None = await ctx.connection.fetchval(
        ADD, actor.id, skill_id, level, evidence, last_used_on
    )
    if key is None:
        raise Taken("people.skill_held", field=("skill_id",))
    await person_edited(ctx, actor.id)
    return key


async def edit_skill(
    ctx: Context,
    *,
    person_skill_id: UUID,
    level: int | None = None,
    evidence: str | None = None,
    last_used_on: date | None = None,
) -> UUID:
    """Change what the actor says of a skill of theirs; what is None stays as it is.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: The level, the evidence or the day cannot be taken.
        NotFound: They have no such skill.
    """
    actor = ctx.person()
    evidence = _checked(level, evidence, last_used_on)
    key: UUID | None = await ctx.connection.fetchval(
        CHANGE, person_skill_id, actor.id, level, evidence, last_used_on
    )
    if key is None:
        raise NotFound("common.not_found", field=("person_skill_id",))
    await person_edited(ctx, actor.id)
    return key


async def remove_skill(ctx: Context, *, person_skill_id: UUID) -> UUID:
    """Say no longer that the actor has a skill. Gives the person.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: They have no such skill.
    """
    actor = ctx.person()
    if await ctx.connection.fetchval(REMOVE, person_skill_id, actor.id) is None:
        raise NotFound("common.not_found", field=("person_skill_id",))
    await person_edited(ctx, actor.id)
    return actor.id


async def person_edited(ctx: Context, person_id: UUID) -> None:
    """Record that a person's profile, or what they can do, changed."""
    await ctx.record(EventKind.PERSON_EDITED, subject_id=person_id, person_id=person_id)


def _checked(level: int | None, evidence: str | None, last_used_on: date | None) -> str | None:
    """Give the evidence, cleaned."""
    if level is not None and not LEVEL_MIN <= level <= LEVEL_MAX:
        raise InvalidInput(
            "common.out_of_range", field=("level",), actual=level, least=LEVEL_MIN, most=LEVEL_MAX
        )
    if last_used_on is not None:
        if last_used_on > datetime.now(UTC).date():
            raise InvalidInput("people.used_in_future", field=("last_used_on",))
        if last_used_on.year < FIRST_YEAR:
            raise InvalidInput(
                "people.used_long_ago", field=("last_used_on",), year=str(FIRST_YEAR)
            )
    if evidence is None:
        return None
    return checking.text(evidence, "evidence", at_most=EVIDENCE_MAX, multiline=True)
