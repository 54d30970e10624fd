"""The people of the world: who they are, and what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from db.tables.organisations import OrganisationKind, SizeBand
from db.tables.people import Locale, ProfileVisibility, Role
from db.world.clock import DAY, HOUR, MINUTE, RANDOM_BITS, make_id, to_moment
from db.world.model import Organisation, Person, Setting
from db.world.naming import Namer
from db.world.phrases import Phrases, capitalised
from db.world.scale import Sizes
from db.world.sources import Sources
from db.world.story import BENCH_ORGANISATION, BENCH_VIEWERS, DEMO_FOLLOWS, DEMO_PEOPLE

_FOUNDED = frozenset({OrganisationKind.COMPANY, OrganisationKind.COOPERATIVE})
_SMALL = frozenset({SizeBand.MICRO, SizeBand.SMALL})
_VISIBILITIES = (
    ProfileVisibility.NETWORK,
    ProfileVisibility.PUBLIC,
    ProfileVisibility.COLLEAGUES,
)
_VISIBILITY_CHANCES = (74, 18, 8)
_LEVELS = (1, 2, 3, 4, 5)
_LEVEL_CHANCES = (8, 22, 36, 25, 9)
_DEACTIVATED_SHARE = 0.015
_NO_NEWCOMERS = 2 * DAY
_WITH_HEADLINE, _WITH_EVIDENCE, _WITH_LAST_USE = 0.8, 0.7, 0.88
_ENGLISH_AMONG_DUTCH = 0.04
# Roles by rank of joining: after the owner the talent manager, then an administrator.
_TALENT_MANAGER_AT, _ADMIN_AT = 2, 4


def make_people(
    setting: Setting, organisations: list[Organisation], namer: Namer, random: Random
) -> list[Person]:
    """Make the people in the order in which they joined; every organisation's owner comes first."""
    sizes, until = setting.sizes, setting.until
    people = _of_story(setting.sources, organisations, random)
    for person in people:
        namer.mailbox(person.name, organisations[person.home].domain)
    newcomers = _Newcomers(setting, organisations, namer, random)
    staffed = [0] * len(organisations)
    owned = {person.home for person in people if person.role is Role.OWNER}
    for person in people:
        staffed[person.home] += 1
    for home, count in enumerate(_staff(organisations, staffed, sizes.people)):
        for rank in range(count):
            owner = rank == 0 and home not in owned
            people.append(newcomers.make(home, -1 if owner else rank + staffed[home]))
    people.sort(key=lambda person: person.ms)
    _follow_exactly(people, organisations, sizes)
    free = [p for p in people if p.key is None and p.role is not Role.OWNER and p.follows is None]
    for person in random.sample(free, round(len(people) * _DEACTIVATED_SHARE)):
        person.deactivated_ms = until - int((until - person.ms) * 0.3 * random.random()) - HOUR
    return people


def person_rows(people: list[Person]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `person`."""
    for person in people:
        gone = person.deactivated_ms
        yield (
            person.id,
            to_moment(person.ms),
            person.email,
            person.name,
            person.headline,
            person.location,
            Locale.EN if person.english else Locale.NL,
            person.visibility,
            None if gone is None else to_moment(gone),
        )


def skill_rows(
    setting: Setting, people: list[Person], organisations: list[Organisation], random: Random
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `person_skill`: from somebody's job first, then from where they work."""
    phrases, catalogue, until = Phrases(setting, random), setting.catalogue, setting.until
    today = to_moment(until).date()
    transversal = ("collaboration", "social-communication", "self-management")
    for person in people:
        organisation = organisations[person.home]
        told = {slug for slug, _, _ in person.skills}
        clusters = (*person.job.clusters, *organisation.archetype.clusters, *transversal)
        own = [
            (slug, random.choices(_LEVELS, _LEVEL_CHANCES)[0], "")
            for slug in catalogue.skills(clusters, random.randint(3, 9), random)
            if slug not in told
        ]
        for place, (slug, level, told_evidence) in enumerate([*person.skills, *own]):
            ms = min(person.ms + 5 * MINUTE + place * 1_000, until - 1)
            evidence = told_evidence
            if not evidence and random.random() < _WITH_EVIDENCE:
                year = today.year - random.randint(1, 9)
                evidence = phrases.evidence(organisation, person.job, level, year)
            used = today - timedelta(days=int(random.expovariate(1 / (1_500 - 220 * level))))
            yield (
                make_id(ms, random.getrandbits(RANDOM_BITS)),
                to_moment(ms),
                person.id,
                catalogue.ids[slug],
                level,
                evidence,
                used if random.random() < _WITH_LAST_USE else None,
            )


def _staff(organisations: list[Organisation], staffed: list[int], total: int) -> list[int]:
    """Share out so many people: what the story asks for, then by size, at least one each."""
    counts = [
        max(0, organisation.members - staffed[index]) if organisation.members is not None else 1
        for index, organisation in enumerate(organisations)
    ]
    left = total - sum(staffed) - sum(counts)
    weight = sum(organisation.staff for organisation in organisations)
    owed = 0.0
    for index, organisation in enumerate(organisations):
        owed += left * organisation.staff / weight
        counts[index] += int(owed)
        owed -= int(owed)
    return counts


class _Newcomers:
    """Makes one member after the other."""

    def __init__(
        self, setting: Setting, organisations: list[Organisation], namer: Namer, random: Random
    ) -> None:
        self._jobs = setting.sources.jobs
        self._latest = setting.until - _NO_NEWCOMERS
        self._organisations = organisations
        self._namer = namer
        self._phrases = Phrases(setting, random)
        self._random = random

    def make(self, home: int, rank: int) -> Person:
        """Make a member; rank -1 is the owner, who joins with the organisation."""
        organisation, random = self._organisations[home], self._random
        english = organisation.english
        ms = self._joining(organisation, rank)
        role = _role(rank, random)
        job = random.choice(organisation.archetype.jobs)
        if role is Role.OWNER:
            founded = organisation.archetype.kind in _FOUNDED and organisation.size in _SMALL
            job = self._jobs["entrepreneur" if founded else "director"]
        elif role is Role.TALENT_MANAGER:
            job = self._jobs["talent-manager"]
        title = job.title.said(english=english)
        name = self._namer.person(organisation.language)
        spoken = random.random() < _WITH_HEADLINE
        return Person(
            id=make_id(ms, random.getrandbits(RANDOM_BITS)),
            ms=ms,
            email=self._namer.mailbox(name, organisation.domain),
            name=name,
            english=english or random.random() < _ENGLISH_AMONG_DUTCH,
            headline=self._phrases.headline(organisation, job, title) if spoken else None,
            location=organisation.place,
            visibility=random.choices(_VISIBILITIES, _VISIBILITY_CHANCES)[0],
            home=home,
            role=role,
            job=job,
            title=capitalised(title),
        )

    def _joining(self, organisation: Organisation, rank: int) -> int:
        random = self._random
        if rank < 0:
            return organisation.ms + int(random.uniform(2, 40) * MINUTE)
        ms = organisation.ms + HOUR + int(random.expovariate(1 / (220 * DAY)))
        if ms <= self._latest:
            return ms
        return organisation.ms + HOUR + int((self._latest - organisation.ms) * random.random())


def _role(rank: int, random: Random) -> Role:
    if rank < 0:
        return Role.OWNER
    if rank == _TALENT_MANAGER_AT:
        return Role.TALENT_MANAGER
    if rank == _ADMIN_AT:
        return Role.ADMIN
    return random.choices(
        (Role.MEMBER, Role.EDITOR, Role.TALENT_MANAGER, Role.ADMIN), (76, 18, 4, 2)
    )[0]


def _of_story(sources: Sources, organisations: list[Organisation], random: Random) -> list[Person]:
    homes = {organisation.slug: index for index, organisation in enumerate(organisations)}
    people = []
    for place, entry in enumerate(sources.story["person"]):
        home = homes[entry["organisation"]]
        organisation = organisations[home]
        role = Role(entry["role"])
        ms = organisation.ms + (3 * MINUTE if role is Role.OWNER else (place + 1) * DAY // 2)
        people.append(
            Person(
                id=make_id(ms, random.getrandbits(RANDOM_BITS)),
                ms=ms,
                email=entry["email"],
                name=entry["name"],
                english=organisation.english,
                headline=entry["headline"],
                location=organisation.place,
                visibility=ProfileVisibility(entry["visibility"]),
                home=home,
                role=role,
                job=organisation.archetype.jobs[0],
                title=entry["title"],
                key=entry["key"],
                skills=[(slug, level, evidence) for slug, level, evidence in entry["skills"]],
            )
        )
    return people


def _follow_exactly(people: list[Person], organisations: list[Organisation], sizes: Sizes) -> None:
    """Say how many organisations demo people and bench viewers follow, and how to reach the latter."""
    demo = {person.email for person in DEMO_PEOPLE}
    for person in people:
        if person.email in demo:
            person.follows = DEMO_FOLLOWS
    viewers = [p for p in people if organisations[p.home].slug == BENCH_ORGANISATION]
    for person, count in zip(viewers, sizes.viewers, strict=False):
        person.follows = count
        person.email = BENCH_VIEWERS[count]
