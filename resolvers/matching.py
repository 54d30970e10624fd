"""How well an offer and a request fit: scored for both sides, with its reasons. No I/O.

    score = harmonic mean of need, need, ease and gain

need   what of the request the offer meets, 0 to 1: skills by closeness in the taxonomy and level,
       the meaning of both texts, and the form
ease   what stays at the lender of the skills that go, 0 to 1
gain   what of the lender's learning aims the borrower can teach, 0 to 1

The harmonic mean is low as soon as one of the three is: both sides must be served (reciprocal
recommenders: Palomares et al., arXiv 2007.16120). `need` counts twice, so that the borrower's one part
weighs as much as the lender's two. Period, hours, place, language and terms are no part of it: they
are obstacles, each with the smallest change that would clear it. What all of it is worth is measured
in `tests/evaluation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from db.tables.listings import ListingForm, ListingTerms, SkillImportance
from db.tables.matches import MatchFactor, MatchObstacle

# How much of a skill another one in the taxonomy stands for.
EXACT, BROADER_OR_NARROWER, SAME_CLUSTER, RELATED = 1.0, 0.8, 0.5, 0.3
# What a skill that would be nice to have counts, beside 1 for one that must be there.
NICE_WEIGHT = 0.35
# What each level that lacks takes off.
LEVEL_STEP = 0.25
# What a skill counts for a further one, once it stands for another. Counted in full, somebody with one
# skill of a field comes near those who have all that is asked: nDCG@10 of 0.566, at a half 0.578, at
# none 0.578 (three worlds of tests/evaluation).
AGAIN_SHARE = 0.5
# How much of the offered skills that the request has no use for takes off, at most.
UNUSED_WEIGHT = 0.5
# What each rung of the ladder between the two forms takes off, and how far at most.
RUNG_STEP, RUNG_LEAST = 0.06, 0.6
# Of the meaning of the texts, beside the skills, when both are known.
MEANING_SHARE = 0.3
# A skill that was not used for so many years counts half.
HALF_YEARS = 5.0
# What is assumed where an organisation says nothing of its people, or has no learning aims.
EASE_UNKNOWN, GAIN_UNKNOWN = 0.6, 0.6
# Least ease and gain: a score of zero would hide what a conversation might solve.
FLOOR = 0.15
# How far somebody is assumed to come when it is not said, in kilometres.
DISTANCE_ASSUMED = 50
EARTH_RADIUS_KM = 6371.0
RUNGS: Mapping[ListingForm, int] = {form: rung for rung, form in enumerate(ListingForm)}
TERMS: Mapping[ListingTerms, int] = {terms: rank for rank, terms in enumerate(ListingTerms)}
Closeness = Mapping[tuple[UUID, UUID], float]


@dataclass(frozen=True, slots=True)
class NamedSkill:
    """A skill as a listing names it."""

    skill_id: UUID
    importance: SkillImportance = SkillImportance.MUST
    level: int = 3


@dataclass(frozen=True, slots=True)
class Held:
    """What an organisation has of a skill: how many hold it, and for how long none of them used it."""

    holders: int
    years_unused: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A listing, and what is known of its organisation."""

    listing_id: UUID
    organisation_id: UUID
    form: ListingForm
    skills: Sequence[NamedSkill] = ()
    aims: Sequence[UUID] = ()
    hours_per_week: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    slack_days: int = 0
    position: tuple[float, float] | None = None
    distance_km: int | None = None
    is_remote: bool = False
    languages: frozenset[str] = frozenset()
    capacity: int = 1
    terms: ListingTerms = ListingTerms.FREE
    # Of an offer: what its organisation has of its skills; None where nothing is known of its people.
    held: Mapping[UUID, Held] | None = None
    # Of a request: what its organisation can teach, beside what it asks for.
    teaches: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillReason:
    """What one skill of the request adds: by which skill of the offer, and how much of it."""

    skill_id: UUID
    importance: SkillImportance
    wanted_level: int
    by_skill_id: UUID | None
    offered_level: int | None
    closeness: float
    # Of the whole `need` by skills; all reasons together are at most 1.
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurdle:
    """An obstacle, and the smallest change that clears it: days, hours, kilometres, a level."""

    obstacle: MatchObstacle
    amount: int | None = None
    skill_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well an offer and a request fit."""

    score: float
    need: float
    ease: float
    gain: float
    meaning: float | None
    reasons: tuple[SkillReason, ...]
    limiting: MatchFactor
    # What stands between them: a match only once all of these are cleared.
    hurdles: tuple[Hurdle, ...] = ()
    # What must be there and is not, or not at its level: it fits less well.
    gaps: tuple[Hurdle, ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether nothing stands between them."""
        return not self.hurdles


def fit(offer: Side, request: Side, close: Closeness, meaning: float | None = None) -> Fit:
    """Score an offer for a request.

    `close` holds how much of a skill another stands for, by (wanted, offered); what is not there
    is 0, a skill and itself 1. `meaning` is the likeness of the texts, 0 to 1, if known.
    """
    reasons = tuple(_reasons(offer, request, close))
    need = _need(offer, request, reasons, meaning)
    ease = _ease(offer, reasons)
    gain = _gain(offer, request, close)
    factors = {MatchFactor.NEED: need, MatchFactor.EASE: ease, MatchFactor.GAIN: gain}
    return Fit(
        score=harmonic_mean((need, need, ease, gain)),
        need=need,
        ease=ease,
        gain=gain,
        meaning=meaning,
        reasons=reasons,
        limiting=min(factors, key=lambda factor: factors[factor]),
        hurdles=tuple(_hurdles(offer, request)),
        gaps=tuple(_gaps(reasons)),
    )


def harmonic_mean(values: Iterable[float]) -> float:
    """Give the harmonic mean; 0 when one of them is."""
    given = list(values)
    if min(given) <= 0:
        return 0.0
    return len(given) / sum(1 / value for value in given)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the distance of two points, each (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def _closeness(close: Closeness, wanted: UUID, offered: UUID) -> float:
    return EXACT if wanted == offered else close.get((wanted, offered), 0.0)


def _reasons(offer: Side, request: Side, close: Closeness) -> Iterator[SkillReason]:
    """Give what each skill of the request adds; pairs of skills that cover most are chosen first."""
    weights = [1.0 if s.importance is SkillImportance.MUST else NICE_WEIGHT for s in request.skills]
    pairs: list[tuple[float, float, float, int, int]] = []
    for place, wanted in enumerate(request.skills):
        for by, offered in enumerate(offer.skills):
            closeness = _closeness(close, wanted.skill_id, offered.skill_id)
            if closeness:
                lacking = max(0, wanted.level - offered.level)
                covered = (
                    closeness * max(0.0, 1 - LEVEL_STEP * lacking) * _freshness(offer, offered)
                )
                pairs.append((covered, closeness, weights[place], place, by))
    # Of equals the one named first: sorting keeps their order.
    pairs.sort(key=lambda pair: pair[:3], reverse=True)
    chosen: dict[int, tuple[float, float, int]] = {}
    taken: set[int] = set()
    for covered, closeness, _, place, by in pairs:
        if place not in chosen and by not in taken:
            chosen[place] = (covered, closeness, by)
            taken.add(by)
    for covered, closeness, _, place, by in pairs:
        if place not in chosen:
            chosen[place] = (covered * AGAIN_SHARE, closeness, by)
    total = sum(weights)
    for place, wanted in enumerate(request.skills):
        covered, closeness, by_place = chosen.get(place, (0.0, 0.0, None))
        used = None if by_place is None else offer.skills[by_place]
        yield SkillReason(
            skill_id=wanted.skill_id,
            importance=wanted.importance,
            wanted_level=wanted.level,
            by_skill_id=used.skill_id if used else None,
            offered_level=used.level if used else None,
            closeness=closeness,
            contribution=covered * weights[place] / total,
        )


def _freshness(offer: Side, offered: NamedSkill) -> float:
    """Give what is left of a skill that was not used for years: half after HALF_YEARS."""
    held = (offer.held or {}).get(offered.skill_id)
    return 1.0 if held is None else 0.5 ** (held.years_unused / HALF_YEARS)


def _need(
    offer: Side, request: Side, reasons: Sequence[SkillReason], meaning: float | None
) -> float:
    if offer.skills and request.skills:
        covered = sum(reason.contribution for reason in reasons)
        used: dict[UUID | None, float] = {None: 0.0}
        for reason in reasons:
            used[reason.by_skill_id] = max(used.get(reason.by_skill_id, 0.0), reason.closeness)
        share = sum(used.values()) / len(offer.skills)
        by_skills = covered * (1 - UNUSED_WEIGHT + UNUSED_WEIGHT * share)
        need = (
            by_skills
            if meaning is None
            else (1 - MEANING_SHARE) * by_skills + MEANING_SHARE * meaning
        )
    else:
        need = meaning or 0.0
    rungs = abs(RUNGS[offer.form] - RUNGS[request.form])
    return need * max(RUNG_LEAST, 1 - RUNG_STEP * rungs)


def _ease(offer: Side, reasons: Sequence[SkillReason]) -> float:
    """Give what stays of the skills that go: with nobody left FLOOR, then r / (r + 1) of the rest."""
    if offer.held is None:
        return EASE_UNKNOWN
    going = {reason.by_skill_id for reason in reasons if reason.by_skill_id is not None}
    if not going:
        return EASE_UNKNOWN
    stays = []
    for skill_id in going:
        held = offer.held.get(skill_id)
        left = max(0, held.holders - offer.capacity) if held else 0
        stays.append(FLOOR + (1 - FLOOR) * (left / (left + 1)))
    # The skill of which least is left decides as much as all of them together.
    return (min(stays) + sum(stays) / len(stays)) / 2


def _gain(offer: Side, request: Side, close: Closeness) -> float:
    """Give what of the lender's learning aims the borrower can teach."""
    if not offer.aims:
        return GAIN_UNKNOWN
    taught = {skill.skill_id for skill in request.skills} | request.teaches
    met = [
        max((_closeness(close, aim, skill_id) for skill_id in taught), default=0.0)
        for aim in offer.aims
    ]
    return FLOOR + (1 - FLOOR) * sum(met) / len(met)


def _gaps(reasons: Sequence[SkillReason]) -> Iterator[Hurdle]:
    """Tell of what must be there and is not: the skill, or the level of what is offered for it."""
    for reason in reasons:
        if reason.importance is not SkillImportance.MUST:
            continue
        if reason.by_skill_id is None:
            yield Hurdle(obstacle=MatchObstacle.SKILL, skill_id=reason.skill_id)
        elif reason.offered_level is not None and reason.offered_level < reason.wanted_level:
            yield Hurdle(
                obstacle=MatchObstacle.LEVEL,
                amount=reason.offered_level,
                skill_id=reason.skill_id,
            )


def _hurdles(offer: Side, request: Side) -> Iterator[Hurdle]:
    if days := days_apart(offer, request):
        yield Hurdle(obstacle=MatchObstacle.PERIOD, amount=days)
    offered, wanted = offer.hours_per_week, request.hours_per_week
    if offered is not None and wanted is not None and offered * offer.capacity < wanted:
        yield Hurdle(obstacle=MatchObstacle.HOURS, amount=offered * offer.capacity)
    if not (offer.is_remote and request.is_remote) and offer.position and request.position:
        apart = distance_km(offer.position, request.position)
        allowed = max(
            DISTANCE_ASSUMED if side.distance_km is None else side.distance_km
            for side in (offer, request)
        )
        if apart > allowed:
            yield Hurdle(obstacle=MatchObstacle.PLACE, amount=round(apart))
    if offer.languages and request.languages and not offer.languages & request.languages:
        yield Hurdle(obstacle=MatchObstacle.LANGUAGE)
    if TERMS[offer.terms] > TERMS[request.terms]:
        yield Hurdle(obstacle=MatchObstacle.TERMS)


def days_apart(offer: Side, request: Side) -> int:
    """Give by how many days the periods miss each other once both have moved as far as they may.

    Positive when the request would have to be later, negative when earlier; 0 when they meet.
    """
    slack = timedelta(days=offer.slack_days + request.slack_days)
    if offer.starts_on and request.ends_on and offer.starts_on > request.ends_on + slack:
        return (offer.starts_on - request.ends_on - slack).days
    if request.starts_on and offer.ends_on and request.starts_on > offer.ends_on + slack:
        return -(request.starts_on - offer.ends_on - slack).days
    return 0
