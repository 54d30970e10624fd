"""A network of organisations whose skills, needs and slack are known exactly, from one seed.

Nothing in here is seen by a matcher: what it sees is in `observing`, what would come of an exchange in
`outcome`. The sizes are guesses at a national network of public bodies, made once and not changed to
suit a method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar
from uuid import UUID

from db.tables.people import Locale
from tests.evaluation.skills import Skills

_T = TypeVar("_T")
ORGANISATIONS = 500
# Fields an organisation works in, and skills that its people have of each.
HOME_FIELDS, HOME_SKILLS = 3, 8
# Some fields are common and some rare, and so are skills within a field: the weight of the n-th is n to
# this power (Zipf).
POPULARITY = -0.8
WANTS_OF_FIELD = (2, 3)
FIELDS, OFFERED, NEEDED, AIMS, PEOPLE = (1, 2), (4, 7), (3, 6), (1, 3), (1, 2)
LEVELS, LEVELS_NEEDED = (2, 5), (2, 4)
# Share of a week's time in which somebody is needed at home, by organisation.
BUSY = (0.3, 0.7)


@dataclass(frozen=True, slots=True)
class Organisation:
    """What an organisation can, how many of its people can it, and what it would learn."""

    number: int
    locale: Locale
    levels: Mapping[UUID, int]
    holders: Mapping[UUID, int]
    home: Sequence[int]
    # Chance that in a given week one holder of a skill cannot be missed.
    busy: float
    wants: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody whom an organisation would lend: what they can, and what they would learn there."""

    number: int
    lender: Organisation
    skills: Sequence[UUID]
    aims: Sequence[UUID]
    # How many exchanges can come of it.
    people: int


@dataclass(frozen=True, slots=True)
class Need:
    """A part of the work that is asked for: its skill, the level it takes, its share of the whole."""

    skill: UUID
    level: int
    share: float


@dataclass(frozen=True, slots=True)
class Request:
    """Work that an organisation cannot do by itself."""

    number: int
    borrower: Organisation
    needs: Sequence[Need]


@dataclass(frozen=True, slots=True)
class World:
    """Each organisation makes one offer and one request, at its own place in both lists."""

    seed: int
    organisations: Sequence[Organisation]
    offers: Sequence[Offer]
    requests: Sequence[Request]


def make_world(skills: Skills, seed: int, organisations: int = ORGANISATIONS) -> World:
    """Make the network that belongs to a seed."""
    chance = Random(seed)  # noqa: S311 - to be repeatable
    drawing = _Drawing(skills, chance)
    people = [_organisation(drawing, number) for number in range(organisations)]
    return World(
        seed=seed,
        organisations=people,
        offers=[_offer(drawing, lender) for lender in people],
        requests=[_request(drawing, borrower) for borrower in people],
    )


class _Drawing:
    """Draws fields and skills, common ones more often; which are common is drawn first."""

    def __init__(self, skills: Skills, chance: Random) -> None:
        self.chance = chance
        self.field_of = skills.field_of
        self._fields = self._shuffled(range(len(skills.fields)))
        self._skills = [self._shuffled(field) for field in skills.fields]

    def fields(self, count: int, without: Sequence[int] = ()) -> list[int]:
        """Draw so many fields."""
        return self._some([field for field in self._fields if field not in without], count)

    def skills(self, field: int, count: int) -> list[UUID]:
        """Draw so many skills of a field, or all that it has."""
        return self._some(self._skills[field], count)

    def between(self, bounds: tuple[int, int]) -> int:
        """Draw a whole number within bounds, both included."""
        return self.chance.randint(*bounds)

    def _shuffled(self, things: Iterable[_T]) -> list[_T]:
        shuffled = list(things)
        self.chance.shuffle(shuffled)
        return shuffled

    def _some(self, things: Sequence[_T], count: int) -> list[_T]:
        weights = [rank**POPULARITY for rank in range(1, len(things) + 1)]
        drawn: list[_T] = []
        while len(drawn) < min(count, len(things)):
            (thing,) = self.chance.choices(things, weights)
            if thing not in drawn:
                drawn.append(thing)
        return drawn


def _organisation(drawing: _Drawing, number: int) -> Organisation:
    chance = drawing.chance
    home = drawing.fields(HOME_FIELDS)
    held = [skill for field in home for skill in drawing.skills(field, HOME_SKILLS)]
    # From a small office, where most is known by one or two, to a ministry.
    size = chance.choice((1, 2, 4, 8))
    return Organisation(
        number=number,
        locale=chance.choice(list(Locale)),
        levels={skill: drawing.between(LEVELS) for skill in held},
        holders={skill: chance.randint(1, 2 * size) for skill in held},
        home=home,
        busy=chance.uniform(*BUSY),
        wants=[
            skill
            for field in drawing.fields(2, without=home)
            for skill in drawing.skills(field, drawing.between(WANTS_OF_FIELD))
        ],
    )


def _offer(drawing: _Drawing, lender: Organisation) -> Offer:
    fields = drawing.chance.sample(lender.home, drawing.between(FIELDS))
    able = [skill for skill in lender.levels if drawing.field_of[skill] in fields]
    return Offer(
        number=lender.number,
        lender=lender,
        skills=drawing.chance.sample(able, drawing.between(OFFERED)),
        aims=drawing.chance.sample(lender.wants, drawing.between(AIMS)),
        people=drawing.between(PEOPLE),
    )


def _request(drawing: _Drawing, borrower: Organisation) -> Request:
    chance = drawing.chance
    fields = drawing.fields(drawing.between(FIELDS), without=borrower.home)
    needed = [
        skill
        for field in fields
        for skill in drawing.skills(field, drawing.between(NEEDED) // len(fields))
    ]
    work = [chance.uniform(0.2, 1) for _ in needed]
    return Request(
        number=borrower.number,
        borrower=borrower,
        needs=[
            Need(skill=skill, level=drawing.between(LEVELS_NEEDED), share=part / sum(work))
            for skill, part in zip(needed, work, strict=True)
        ],
    )
