"""What a listing says, as people send it: checked as a whole, ready to be stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from db.tables.listings import (
    AIMS_MAX,
    BODY_MAX,
    CAPACITY_MAX,
    DISTANCE_MAX,
    RATE_CENTS_MAX,
    SKILLS_MAX,
    SLACK_DAYS_MAX,
    TITLE_MAX,
    TOTAL_HOURS_MAX,
    WEEKLY_HOURS_MAX,
    ListingAudience,
    ListingForm,
    ListingTerms,
    SkillImportance,
    SpokenLanguage,
)
from db.tables.people import Locale
from resolvers import checking, markdown
from resolvers.acting import Connection, Context
from resolvers.refusals import InvalidInput, NotFound, TooMany, within
from resolvers.seeing import seen_among

LISTING = "listing"
LEVELS = (1, 5)
LEVEL = 3
CONTACT = """
select true from membership where person_id = $1 and organisation_id = $2 and ended_on is null
"""


class GivenSkill(Protocol):
    """A skill as it was sent."""

    skill_id: UUID
    importance: SkillImportance | None
    minimum_level: int | None


class Given(Protocol):
    """A listing as it was sent: the whole of it, None for what was left out."""

    form: ListingForm
    title: str
    body: str | None
    language: Locale
    audience: ListingAudience | None
    skills: Sequence[GivenSkill] | None
    aim_ids: Sequence[UUID] | None
    hours_per_week: int | None
    hours_total: int | None
    starts_on: date | None
    ends_on: date | None
    slack_days: int | None
    place_id: UUID | None
    distance_km: int | None
    is_remote: bool | None
    languages: Sequence[SpokenLanguage] | None
    capacity: int | None
    terms: ListingTerms
    rate_cents: int | None
    contact_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Content:
    """A listing as it is stored: columns, skills as (skill, importance, level), skills to learn."""

    columns: dict[str, Any]
    skills: tuple[tuple[UUID, SkillImportance, int], ...]
    aims: tuple[UUID, ...]


async def check(ctx: Context, organisation_id: UUID, given: Given) -> Content:
    """Check a whole listing of an organisation.

    Raises:
        InvalidInput: A value cannot be taken, or contradicts another.
        TooMany: It names too many skills.
        NotFound: A skill, the place or the contact does not exist, as far as the actor may know.
    """
    with within(LISTING):
        body = checking.text(given.body or "", "body", at_most=BODY_MAX, multiline=True)
        columns: dict[str, Any] = {
            "form": ListingForm(given.form).value,
            "title": checking.text(given.title, "title", at_most=TITLE_MAX, at_least=1),
            "body": body,
            "body_html": markdown.render(body),
            "language": Locale(given.language).value,
            "audience": ListingAudience(given.audience or ListingAudience.NETWORK).value,
            "hours_per_week": checking.number(
                given.hours_per_week, "hours_per_week", 1, WEEKLY_HOURS_MAX
            ),
            "hours_total": checking.number(given.hours_total, "hours_total", 1, TOTAL_HOURS_MAX),
            **_period(given),
            **_where(given),
            "languages": list(
                dict.fromkeys(SpokenLanguage(spoken).value for spoken in given.languages or ())
            ),
            "capacity": checking.number(given.capacity or 1, "capacity", 1, CAPACITY_MAX),
            **_terms(given),
            "contact_id": given.contact_id,
        }
        skills = _skills(given.skills or ())
        aims = _aims(given.aim_ids or (), skills)
        await _exist(ctx, organisation_id, given, skills, aims)
        return Content(columns=columns, skills=skills, aims=aims)


def _period(given: Given) -> dict[str, Any]:
    starts, ends = given.starts_on, given.ends_on
    checking.period(starts, ends, "ends_on")
    slack = checking.number(given.slack_days or 0, "slack_days", 0, SLACK_DAYS_MAX)
    if slack and starts is None and ends is None:
        raise InvalidInput("listings.slack_without_period", field=("slack_days",))
    return {"starts_on": starts, "ends_on": ends, "slack_days": slack}


def _where(given: Given) -> dict[str, Any]:
    distance = checking.number(given.distance_km, "distance_km", 0, DISTANCE_MAX)
    if distance is not None and given.place_id is None:
        raise InvalidInput("listings.distance_without_place", field=("distance_km",))
    return {
        "place_id": given.place_id,
        "distance_km": distance,
        "is_remote": bool(given.is_remote),
    }


def _terms(given: Given) -> dict[str, Any]:
    terms = ListingTerms(given.terms)
    rate = checking.number(given.rate_cents, "rate_cents", 1, RATE_CENTS_MAX)
    if terms is ListingTerms.RATE and rate is None:
        raise InvalidInput("listings.rate_missing", field=("rate_cents",))
    if rate is not None and terms not in {ListingTerms.RATE, ListingTerms.COST_RECOVERY}:
        raise InvalidInput("listings.rate_without_terms", field=("rate_cents",))
    return {"terms": terms.value, "rate_cents": rate}


def _skills(given: Sequence[GivenSkill]) -> tuple[tuple[UUID, SkillImportance, int], ...]:
    if len(given) > SKILLS_MAX:
        raise TooMany("listings.too_many_skills", field=("skills",), limit=SKILLS_MAX)
    found: dict[UUID, tuple[UUID, SkillImportance, int]] = {}
    for number, skill in enumerate(given):
        with within("skills", str(number)):
            if skill.skill_id in found:
                raise InvalidInput("listings.skill_twice", field=("skill_id",))
            level = LEVEL if skill.minimum_level is None else skill.minimum_level
            checking.number(level, "minimum_level", *LEVELS)
            importance = SkillImportance(skill.importance or SkillImportance.MUST)
            found[skill.skill_id] = (skill.skill_id, importance, level)
    return tuple(found.values())


def _aims(
    keys: Sequence[UUID], skills: Sequence[tuple[UUID, SkillImportance, int]]
) -> tuple[UUID, ...]:
    aims = tuple(dict.fromkeys(keys))
    if len(aims) > AIMS_MAX:
        raise TooMany("listings.too_many_aims", field=("aim_ids",), limit=AIMS_MAX)
    named = {key for key, *_ in skills}
    for number, key in enumerate(aims):
        if key in named:
            raise InvalidInput("listings.aim_is_named", field=("aim_ids", str(number)))
    return aims


async def _exist(
    ctx: Context,
    organisation_id: UUID,
    given: Given,
    skills: Sequence[tuple[UUID, SkillImportance, int]],
    aims: Sequence[UUID],
) -> None:
    wanted = [key for key, *_ in skills]
    known = (
        await seen_among(ctx.connection, None, "skill", [*wanted, *aims]) if wanted or aims else {}
    )
    for number, key in enumerate(wanted):
        if key not in known:
            raise NotFound("common.not_found", field=("skills", str(number), "skill_id"))
    for number, key in enumerate(aims):
        if key not in known:
            raise NotFound("common.not_found", field=("aim_ids", str(number)))
    await place_exists(ctx.connection, given.place_id)
    if given.contact_id is not None and not await ctx.connection.fetchval(
        CONTACT, given.contact_id, organisation_id
    ):
        raise NotFound("listings.contact_no_member", field=("contact_id",))


async def place_exists(connection: Connection, place_id: UUID | None) -> None:
    """Make sure that a place is there, if one is named at all.

    Raises:
        NotFound: There is no such place.
    """
    if place_id is not None and not await connection.fetchval(
        "select true from place where id = $1", place_id
    ):
        raise NotFound("common.not_found", field=("place_id",))
