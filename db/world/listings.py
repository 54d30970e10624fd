"""What organisations of the world offer and ask for, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from db.tables.listings import (
    ListingAction,
    ListingAudience,
    ListingCloseReason,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SkillImportance,
)
from db.tables.people import Locale, Role
from db.world.clock import DAY, HOUR, MINUTE, RANDOM_BITS, make_id, to_moment
from db.world.listing_texts import ListingWriter
from db.world.model import Organisation, Person, Setting

_MANAGERS = frozenset({Role.OWNER, Role.ADMIN, Role.TALENT_MANAGER})
# Dealt out in turn, so that a small world has all of them too.
_STATUSES = (
    *([ListingStatus.OPEN] * 13),
    *(ListingStatus.FILLED, ListingStatus.FILLED, ListingStatus.DRAFT, ListingStatus.PAUSED),
    *(ListingStatus.CLOSED, ListingStatus.EXPIRED),
)
_AUDIENCES = (
    *([ListingAudience.PUBLIC] * 6),
    *([ListingAudience.NETWORK] * 6),
    *(ListingAudience.PARTNERS, ListingAudience.ORGANISATION),
)
_TERMS = (
    *([ListingTerms.FREE] * 4),
    *([ListingTerms.RECIPROCAL] * 3),
    *(ListingTerms.COST_RECOVERY, ListingTerms.COST_RECOVERY, ListingTerms.RATE),
)
_LEVEL_LEAST = 3
_FOREIGN_SHARE = 0.2
# Requests that ask for what somebody offers: with a thousand skills few would meet by chance.
_MEETING_SHARE = 0.85
_WITH_PLACE, _WITH_DISTANCE, _WITH_START, _WITH_END, _WITH_AIMS = 0.8, 0.7, 0.75, 0.8, 0.55
_OPEN_DAYS, _ENDED_DAYS = 75, 330
_UNTOUCHED = 3 * DAY


class _Effort(NamedTuple):
    """What a form takes: hours a week, how many weeks, and for how many people or places."""

    weekly: tuple[int, ...]
    weeks: tuple[int, ...]
    capacity: tuple[int, ...] = (1,)


_EFFORTS = {
    ListingForm.DOCUMENT: _Effort((), ()),
    ListingForm.ANSWER: _Effort((1,), (1, 4)),
    ListingForm.CONSULT: _Effort((1, 2), (1, 2)),
    ListingForm.CLINIC: _Effort((2, 4), (1, 3, 6), (3, 4, 6)),
    ListingForm.SHADOWING: _Effort((8,), (1, 2)),
    ListingForm.MENTORING: _Effort((1, 2), (20, 26)),
    ListingForm.MASTERCLASS: _Effort((4,), (1, 2), (12, 15, 20)),
    ListingForm.PROJECT: _Effort((8, 12, 16), (8, 12, 16)),
    ListingForm.PART_TIME: _Effort((8, 8, 16), (16, 20, 26)),
    ListingForm.SECONDMENT: _Effort((24, 32, 36), (16, 26)),
    ListingForm.TEAM: _Effort((16, 24, 32), (4, 6, 8), (3, 4)),
}
_ANYWHERE = frozenset({ListingForm.DOCUMENT, ListingForm.ANSWER})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What listings are made of beside words: who can what, and where one can be."""

    # By organisation: the skills that have words, with the highest level that a member has.
    talents: Mapping[UUID, Mapping[str, int]]
    # Slug, id and name.
    places: Sequence[tuple[str, UUID, str]]


@dataclass(slots=True)
class PlannedListing:
    """A listing, ready to be written."""

    id: UUID
    ms: int
    status: ListingStatus
    kind: ListingKind
    author: Person
    columns: dict[str, Any]
    # Slug, importance and level.
    skills: list[tuple[str, SkillImportance, int]]
    aims: list[str] = field(default_factory=list)
    steps: list[tuple[ListingAction, int]] = field(default_factory=list)


async def read_surroundings(connection: asyncpg.Connection[Any], setting: Setting) -> Surroundings:
    """Read what was written of people's skills, and the places."""
    rows = await connection.fetch(
        "select m.organisation_id, s.slug, max(ps.level) as level from membership m"
        " join person p on p.id = m.person_id and p.deactivated_at is null"
        " join person_skill ps on ps.person_id = m.person_id join skill s on s.id = ps.skill_id"
        " where m.ended_on is null and ps.level >= $1 group by m.organisation_id, s.slug"
        ' order by m.organisation_id, s.slug collate "C"',
        _LEVEL_LEAST,
    )
    talents: dict[UUID, dict[str, int]] = {}
    for row in rows:
        if row["slug"] in setting.catalogue.topics:
            talents.setdefault(row["organisation_id"], {})[row["slug"]] = row["level"]
    places = await connection.fetch('select slug, id, name from place order by slug collate "C"')
    return Surroundings(talents, [(row["slug"], row["id"], row["name"]) for row in places])


def plan_listings(
    setting: Setting,
    organisations: list[Organisation],
    people: list[Person],
    around: Surroundings,
    random: Random,
) -> list[PlannedListing]:
    """Decide on all listings, the oldest first: those of the story, then offers, then requests."""
    planner = _Planner(setting, organisations, people, around, random)
    told = [planner.tell(entry) for entry in setting.sources.story["listing"]]
    homes = [
        index
        for index, organisation in enumerate(organisations)
        if planner.managers[index] and organisation.suspended_ms is None
    ]
    random.shuffle(homes)
    count = setting.sizes.listings - len(told)
    turns = list(islice(cycle(homes), count))
    offers = [planner.offer(home) for home in turns[: count // 2]]
    on_offer = [
        listing
        for listing in (*told, *offers)
        if listing.kind is ListingKind.OFFER and listing.status is ListingStatus.OPEN
    ]
    requests = [planner.request(home, on_offer) for home in turns[count // 2 :]]
    return sorted([*told, *offers, *requests], key=lambda listing: listing.id.int)


class _Planner:
    def __init__(
        self,
        setting: Setting,
        organisations: list[Organisation],
        people: list[Person],
        around: Surroundings,
        random: Random,
    ) -> None:
        self._setting = setting
        self._organisations = organisations
        self._around = around
        self._random = random
        self._writer = ListingWriter(setting, random)
        self._places = {slug: place for slug, *place in around.places}
        self._by_key = {person.key: person for person in people if person.key}
        self.managers: list[list[Person]] = [[] for _ in organisations]
        for person in people:
            if person.role in _MANAGERS and person.deactivated_ms is None:
                self.managers[person.home].append(person)
        self._forms = _dealt(tuple(ListingForm), random)
        self._statuses = _dealt(_STATUSES, random)
        self._audiences = _dealt(_AUDIENCES, random)
        self._terms = _dealt(_TERMS, random)

    def tell(self, entry: Mapping[str, Any]) -> PlannedListing:
        """Give a listing of the story; it is open."""
        author = self._by_key[entry["author"]]
        today = to_moment(self._setting.until).date()
        ms = self._setting.until - int(entry["days"] * DAY)
        return self._planned(
            ms,
            ListingStatus.OPEN,
            author,
            skills=[(slug, SkillImportance(i), level) for slug, i, level in entry["skills"]],
            aims=entry["aims"],
            said={
                "kind": ListingKind(entry["kind"]),
                "form": ListingForm(entry["form"]),
                "audience": ListingAudience(entry["audience"]),
                "title": entry["title"],
                "body": entry["body"],
                "language": Locale(entry["language"]),
                "hours_per_week": entry["hours_per_week"],
                "hours_total": entry["hours_total"],
                "starts_on": today + timedelta(days=entry["starts"]),
                "ends_on": today + timedelta(days=entry["ends"]),
                "slack_days": entry["slack"],
                "place_id": self._places[entry["place"]][0],
                "distance_km": entry["distance"],
                "is_remote": False,
                "languages": entry["languages"],
                "capacity": 1,
                "terms": ListingTerms(entry["terms"]),
                "rate_cents": None,
            },
        )

    def offer(self, home: int) -> PlannedListing:
        """Offer what people there can."""
        random, organisation = self._random, self._organisations[home]
        talents = self._around.talents.get(organisation.id, {})
        known = list(talents) or [
            slug for slug, _ in organisation.strengths if slug in self._setting.catalogue.topics
        ]
        drawn = random.sample(known, min(len(known), random.choice((1, 1, 2, 3))))
        skills = [
            (slug, _importance(place), talents.get(slug, _LEVEL_LEAST))
            for place, slug in enumerate(drawn)
        ]
        aims: dict[str, None] = {}
        if random.random() < _WITH_AIMS:
            for _ in range(random.choice((1, 2))):
                aim = self._setting.catalogue.topic(organisation.archetype.clusters, random)
                if aim not in talents and aim not in drawn:
                    aims[aim] = None
        return self._written(home, ListingKind.OFFER, skills, list(aims))

    def request(self, home: int, others: Sequence[PlannedListing]) -> PlannedListing:
        """Ask for what others can and nobody there can, often for what one of them offers."""
        random, organisation = self._random, self._organisations[home]
        own = self._around.talents.get(organisation.id, {})
        main = None
        if random.random() < _MEETING_SHARE:
            # A few tries: what people there can themselves, they do not ask for.
            for met in random.choices(others, k=5):
                if met.skills[0][0] not in own:
                    main = met.skills[0][0]
                    break
        catalogue = self._setting.catalogue
        for _ in range(20):
            if main is not None:
                break
            drawn = catalogue.topic(organisation.archetype.clusters, random)
            main = None if drawn in own else drawn
        if main is None:
            # A large organisation may know all of its own trade.
            main = random.choice([topic for topic in catalogue.topics if topic not in own])
        skills = [(main, SkillImportance.MUST, random.choice((2, 3, 3, 4)))]
        for _ in range(random.choice((0, 0, 1, 2))):
            more = catalogue.topic(organisation.archetype.clusters, random)
            if more not in own and more not in [slug for slug, *_ in skills]:
                skills.append((more, _importance(len(skills)), random.choice((2, 3))))
        return self._written(home, ListingKind.REQUEST, skills, [])

    def _written(
        self,
        home: int,
        kind: ListingKind,
        skills: list[tuple[str, SkillImportance, int]],
        aims: list[str],
    ) -> PlannedListing:
        random, organisation = self._random, self._organisations[home]
        form, status, terms = next(self._forms), next(self._statuses), next(self._terms)
        author = random.choice(self.managers[home])
        days = _OPEN_DAYS if status in {ListingStatus.OPEN, ListingStatus.DRAFT} else _ENDED_DAYS
        until = self._setting.until
        earliest = max(author.ms + HOUR, organisation.ms + HOUR, until - days * DAY)
        ms = earliest + int((until - _UNTOUCHED - earliest) * random.random())
        ms = max(ms, author.ms + MINUTE)
        english = organisation.english or random.random() < _FOREIGN_SHARE
        _, place_id, town = random.choice(self._around.places)
        is_placed = form not in _ANYWHERE and random.random() < _WITH_PLACE
        title, body = self._writer.write(
            organisation, kind, form, skills[0][0], english=english, town=town
        )
        effort = _EFFORTS[form]
        weekly = random.choice(effort.weekly) if effort.weekly else None
        starts, ends, slack = self._period(to_moment(ms).date())
        rate = None
        if terms is ListingTerms.RATE or (
            terms is ListingTerms.COST_RECOVERY and random.random() < 0.5  # noqa: PLR2004 - half
        ):
            low, high = (6_000, 12_500) if terms is ListingTerms.RATE else (2_500, 5_000)
            rate = random.randrange(low, high + 1, 500)
        return self._planned(
            ms,
            status,
            author,
            skills=skills,
            aims=aims,
            said={
                "kind": kind,
                "form": form,
                "audience": next(self._audiences),
                "title": title,
                "body": body,
                "language": Locale.EN if english else Locale.NL,
                "hours_per_week": weekly,
                "hours_total": None if weekly is None else weekly * random.choice(effort.weeks),
                "starts_on": starts,
                "ends_on": ends,
                "slack_days": slack,
                "place_id": place_id if is_placed else None,
                "distance_km": (
                    random.choice((10, 25, 40, 60, 100))
                    if is_placed and random.random() < _WITH_DISTANCE
                    else None
                ),
                "is_remote": not is_placed or random.random() < 0.25,  # noqa: PLR2004 - one in four
                "languages": _spoken(english, random),
                "capacity": random.choice(effort.capacity),
                "terms": terms,
                "rate_cents": rate,
            },
        )

    def _period(self, written: date) -> tuple[date | None, date | None, int]:
        random = self._random
        starts = ends = None
        if random.random() < _WITH_START:
            starts = written + timedelta(days=random.randint(14, 120))
        if random.random() < _WITH_END:
            ends = (starts or written) + timedelta(days=random.randint(100, 300))
        slack = random.choice((0, 7, 14, 30)) if starts or ends else 0
        return starts, ends, slack

    def _planned(
        self,
        ms: int,
        status: ListingStatus,
        author: Person,
        skills: list[tuple[str, SkillImportance, int]],
        aims: list[str],
        said: dict[str, Any],
    ) -> PlannedListing:
        random, until = self._random, self._setting.until
        key = make_id(ms, random.getrandbits(RANDOM_BITS))
        steps = [(ListingAction.CREATED, ms)]
        opened = expires = ended = reason = None
        if status is not ListingStatus.DRAFT:
            opened = min(ms + int(random.uniform(5, 600) * MINUTE), until - HOUR)
            steps.append((ListingAction.OPENED, opened))
            if status is ListingStatus.OPEN:
                # Long enough for a world that is looked at months after its end.
                expires = until + random.randint(30, 280) * DAY
            else:
                ended = opened + int((until - opened) * random.uniform(0.3, 0.95))
                steps.append((ListingAction(status.value), ended))
                expires = ended if status is ListingStatus.EXPIRED else opened + 90 * DAY
            if status is ListingStatus.CLOSED:
                reason = random.choice(tuple(ListingCloseReason))
        contacts = [p for p in self.managers[author.home] if p.role is Role.TALENT_MANAGER]
        columns = {
            "id": key,
            "created_at": to_moment(ms),
            "organisation_id": self._organisations[author.home].id,
            "author_id": author.id,
            "contact_id": (contacts or [author])[0].id,
            "status": status,
            "close_reason": reason,
            "opened_at": None if opened is None else to_moment(opened),
            "expires_at": None if expires is None else to_moment(expires),
            "ended_at": (
                None if ended is None or status is ListingStatus.PAUSED else to_moment(ended)
            ),
            "version": len(steps),
            **said,
        }
        return PlannedListing(key, ms, status, said["kind"], author, columns, skills, aims, steps)


def _dealt(values: Sequence[Any], random: Random) -> Iterator[Any]:
    """Deal out values like cards, from a pack that is shuffled anew when it is used up."""
    while True:
        yield from random.sample(values, len(values))


def _importance(place: int) -> SkillImportance:
    return SkillImportance.MUST if place == 0 else SkillImportance.NICE


def _spoken(english: bool, random: Random) -> list[str]:  # noqa: FBT001 - as in the data
    own, other = ("EN", "NL") if english else ("NL", "EN")
    return random.choice(([own], [own], [own, other], []))
