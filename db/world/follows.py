"""Who follows whom: a few are followed by many, a few follow many, and sectors keep together."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any

from db.world.clock import RANDOM_BITS, make_id, to_moment
from db.world.model import Organisation, Person
from db.world.shares import shared_out
from db.world.story import STORY_ORGANISATIONS

# A follow is packed into one integer that sorts by time: milliseconds, person, organisation.
_BITS = 24
_MASK = (1 << _BITS) - 1
_SAME_SECTOR, _LIKE_OTHERS = 0.45, 0.65
_LARGEST_SHARE = 0.4


class Follows:
    """All follows in order of time, and each organisation's followers in order of joining."""

    def __init__(self, organisations: list[Organisation], people: list[Person]) -> None:
        self._organisations = organisations
        self._people = people
        self._packed: list[int] = []
        self.followers = [array("I") for _ in organisations]

    def draw(self, total: int, random: Random, *, until: int) -> None:
        """Draw exactly `total` follows, demo people and viewers following exactly as many as told."""
        popularity = _Popularity(self._organisations)
        for person, count in enumerate(self._counts(total, random)):
            for organisation in sorted(self._followed(person, count, popularity, random)):
                joined = self._people[person].ms
                start = max(joined, self._organisations[organisation].ms)
                # Most follow soon after they can; the newest ones may have little time left.
                ms = start + 1 + int((until - start - 1) * random.random() ** 3)
                self._packed.append(ms << 2 * _BITS | person << _BITS | organisation)
                self.followers[organisation].append(person)
        self._packed.sort()

    def rows(self, random: Random) -> Iterator[tuple[Any, ...]]:
        """Give the rows of `follow`."""
        people = [person.id for person in self._people]
        exact = {index for index, person in enumerate(self._people) if person.follows is not None}
        organisations = [organisation.id for organisation in self._organisations]
        uniform, bits = random.random, random.getrandbits
        for packed in self._packed:
            ms, person = packed >> 2 * _BITS, packed >> _BITS & _MASK
            chance = uniform()
            yield (
                make_id(ms, bits(RANDOM_BITS)),
                to_moment(ms),
                people[person],
                organisations[packed & _MASK],
                chance < 0.97 or person in exact,  # noqa: PLR2004 - the others muted it
                chance < 0.12,  # noqa: PLR2004
                chance < 0.05,  # noqa: PLR2004
            )

    def _counts(self, total: int, random: Random) -> list[int]:
        most = int(len(self._organisations) * _LARGEST_SHARE)
        told = [person.follows for person in self._people]
        weights = [0.0 if count is not None else random.lognormvariate(0, 1.05) for count in told]
        caps = [0 if count is not None else most for count in told]
        left = total - sum(count or 0 for count in told)
        drawn = shared_out(left, weights, caps, random)
        return [
            count if count is not None else free for count, free in zip(told, drawn, strict=True)
        ]

    def _followed(
        self, person: int, count: int, popularity: _Popularity, random: Random
    ) -> set[int]:
        someone = self._people[person]
        followed: set[int] = set()
        if someone.key is not None and count:
            followed.update(
                index
                for index, organisation in enumerate(self._organisations)
                if organisation.slug in STORY_ORGANISATIONS
            )
        elif count and random.random() < 0.6:  # noqa: PLR2004 - most follow where they work
            followed.add(someone.home)
        uniform = random.random
        sector = self._organisations[someone.home].archetype.sector
        if someone.follows is not None and someone.key is not None:
            # A demo person's feed should be alive: they know where something happens.
            while len(followed) < count:
                followed.add(popularity.busy(uniform()))
        packed, tries = self._packed, 0
        while len(followed) < count and tries < 6 * count:
            tries += 1
            chance = uniform()
            if chance < _SAME_SECTOR:
                followed.add(popularity.in_sector(sector, uniform()))
            elif chance < _LIKE_OTHERS and packed:
                followed.add(packed[int(uniform() * len(packed))] & _MASK)
            else:
                followed.add(popularity.anywhere(uniform()))
        if len(followed) < count:
            others = [index for index in range(len(self._organisations)) if index not in followed]
            followed.update(random.sample(others, count - len(followed)))
        return followed if len(followed) <= count else set(sorted(followed)[:count])


class _Popularity:
    """Draws organisations by how much they are followed, from all or from one sector."""

    def __init__(self, organisations: list[Organisation]) -> None:
        self._all = list(accumulate(organisation.appeal for organisation in organisations))
        self._busy = list(
            accumulate(
                0.0 if organisation.suspended_ms else organisation.zeal**1.5
                for organisation in organisations
            )
        )
        sectors: dict[str, list[int]] = {}
        for index, organisation in enumerate(organisations):
            sectors.setdefault(organisation.archetype.sector, []).append(index)
        self._sectors = {
            sector: (members, list(accumulate(organisations[index].appeal for index in members)))
            for sector, members in sectors.items()
        }

    def anywhere(self, chance: float) -> int:
        return bisect_left(self._all, chance * self._all[-1])

    def busy(self, chance: float) -> int:
        return bisect_left(self._busy, chance * self._busy[-1])

    def in_sector(self, sector: str, chance: float) -> int:
        members, cumulative = self._sectors[sector]
        return members[bisect_left(cumulative, chance * cumulative[-1])]
