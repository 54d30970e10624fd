"""Where people work, and where they worked before."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from db.tables.people import Role
from db.world.clock import MINUTE, RANDOM_BITS, make_id, to_moment
from db.world.model import Organisation, Person
from db.world.phrases import capitalised

_FORMER_COUNTS = (0, 1, 2, 3)
_FORMER_CHANCES = (62, 25, 10, 3)
_WITH_SECOND = 0.07
_WITHIN_SECTOR = 0.6


class Memberships:
    """Rows of `membership`, and the number of current members of each organisation."""

    def __init__(
        self, people: list[Person], organisations: list[Organisation], random: Random, *, until: int
    ) -> None:
        self._organisations = organisations
        self._random = random
        self._until = until
        self._sectors: dict[str, list[int]] = {}
        for index, organisation in enumerate(organisations):
            self._sectors.setdefault(organisation.archetype.sector, []).append(index)
        self.current = [0] * len(organisations)
        self.rows: list[tuple[Any, ...]] = []
        for person in people:
            self._add_all(person)
        self.rows.sort(key=lambda row: row[0].int)

    def _add_all(self, person: Person) -> None:
        random = self._random
        joined = to_moment(person.ms).date()
        started = joined - timedelta(days=int(random.expovariate(1 / 900)))
        self._add(person, person.home, (person.role, person.title), started, None)
        ended = started - timedelta(days=random.randint(1, 60))
        for _ in range(random.choices(_FORMER_COUNTS, _FORMER_CHANCES)[0]):
            before = self._elsewhere(person)
            if before != person.home:
                began = ended - timedelta(days=200 + int(random.expovariate(1 / 1_000)))
                self._add(person, before, (Role.MEMBER, self._title(before)), began, ended)
                ended = began - timedelta(days=random.randint(1, 200))
        if person.key is None and random.random() < _WITH_SECOND:
            second = random.randrange(len(self._organisations))
            if second != person.home:
                role = random.choices((Role.MEMBER, Role.EDITOR), (8, 2))[0]
                today = to_moment(self._until).date()
                began = today - timedelta(days=random.randint(5, 900))
                self._add(person, second, (role, self._title(second)), began, None)

    def _add(
        self,
        person: Person,
        home: int,
        place: tuple[Role, str],
        started: date,
        ended: date | None,
    ) -> None:
        # Told on joining; a place at an organisation that came later, as soon as it is there.
        ms = max(person.ms, self._organisations[home].ms)
        ms = min(ms + 1 + int(self._random.random() * 20 * MINUTE), self._until - 1)
        self.rows.append(
            (
                make_id(ms, self._random.getrandbits(RANDOM_BITS)),
                to_moment(ms),
                person.id,
                self._organisations[home].id,
                *place,
                started,
                ended,
            )
        )
        self.current[home] += ended is None

    def _elsewhere(self, person: Person) -> int:
        random = self._random
        if random.random() < _WITHIN_SECTOR:
            sector = self._organisations[person.home].archetype.sector
            return random.choice(self._sectors[sector])
        return random.randrange(len(self._organisations))

    def _title(self, home: int) -> str:
        organisation = self._organisations[home]
        title = self._random.choice(organisation.archetype.jobs).title
        return capitalised(title.said(english=organisation.english))
