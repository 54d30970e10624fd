"""What organisations publish: when, by whom, for whom, and how much it is answered."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from db.tables.people import Locale, Role
from db.tables.posts import Audience
from db.world.catalogue import Catalogue
from db.world.clock import DAY, HOUR, RANDOM_BITS, Calendar, make_id, to_moment
from db.world.model import Organisation, Person, Setting
from db.world.scale import Sizes
from db.world.shares import shared_out
from db.world.writing import INTERNAL, PostWriter

_AUDIENCES = (Audience.PUBLIC, Audience.NETWORK, Audience.FOLLOWERS, Audience.ORGANISATION)
_AUDIENCE_CHANCES = list(accumulate((38, 43, 13, 6)))
_AUDIENCE_ECHO = {
    Audience.PUBLIC: 1.2,
    Audience.NETWORK: 1.0,
    Audience.FOLLOWERS: 0.7,
    Audience.ORGANISATION: 0.4,
}
_INTENT_CHANCES = list(accumulate((20, 10, 16, 18, 13, 14, 9)))
# Questions get answers, lessons get applause.
_INTENT_ANSWERS = (0.8, 0.9, 1.7, 0.9, 0.7, 2.4, 0.5, 0.6)
_PUBLISHERS = frozenset({Role.OWNER, Role.ADMIN, Role.TALENT_MANAGER, Role.EDITOR})
_FOREIGN_SHARE = 0.07
# More, and people would begin to repeat each other.
_MOST_COMMENTS = 24


@dataclass(slots=True)
class Told:
    """A post of the story: its text, its reactions, and the comments that it gets."""

    body: str
    reactions: int
    comments: list[tuple[str, float, str]]


@dataclass(slots=True)
class Posts:
    """All posts in order of time, a column for each fact."""

    ms: list[int] = field(default_factory=list)
    ids: list[UUID] = field(default_factory=list)
    organisation: array[int] = field(default_factory=lambda: array("I"))
    author: array[int] = field(default_factory=lambda: array("I"))
    audience: list[Audience] = field(default_factory=list)
    english: bytearray = field(default_factory=bytearray)
    intent: bytearray = field(default_factory=bytearray)
    topic: list[str] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    reactions: list[int] = field(default_factory=list)
    # Posts of the story by their place in the columns.
    told: dict[int, Told] = field(default_factory=dict)


class Readers:
    """Who can read what at which moment; people are known by their place, which is their age here."""

    def __init__(
        self, organisations: list[Organisation], people: list[Person], followers: list[array[int]]
    ) -> None:
        self.people = people
        self.followers = followers
        self.joined = [person.ms for person in people]
        self.members = [array("I") for _ in organisations]
        for index, person in enumerate(people):
            self.members[person.home].append(index)
        self.gone = {
            index: person.deactivated_ms
            for index, person in enumerate(people)
            if person.deactivated_ms is not None
        }

    def circle(self, organisation: int, ms: int) -> tuple[int, int, int]:
        """Count the people, the organisation's followers and its members who were there by then."""
        known = bisect_left(self.joined, ms)
        return (
            known,
            bisect_left(self.followers[organisation], known),
            bisect_left(self.members[organisation], known),
        )


def plan_posts(
    setting: Setting, organisations: list[Organisation], readers: Readers, random: Random
) -> Posts:
    """Decide on everything about the posts but their words."""
    start, until = setting.start, setting.until
    told = sorted(
        ((until - int(entry["days"] * DAY), entry) for entry in setting.sources.story["post"]),
        key=lambda one: one[0],
    )
    first = max(start, organisations[0].ms + 2 * HOUR)
    moments = Calendar(first, until, random).draw(setting.sizes.posts - len(told), random)
    planner = _Planner(setting.catalogue, organisations, readers, random)
    posts = Posts()
    for ms in moments:
        while told and told[0][0] <= ms:
            planner.tell(posts, *told.pop(0))
        planner.add(posts, ms)
    for ms, entry in told:
        planner.tell(posts, ms, entry)
    _plan_echo(posts, setting.sizes, readers, random)
    return posts


def post_rows(
    setting: Setting,
    posts: Posts,
    organisations: list[Organisation],
    people: list[Person],
    random: Random,
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `post`, written as they go."""
    writer = PostWriter(setting, organisations, random)
    organisation_ids = [organisation.id for organisation in organisations]
    people_ids = [person.id for person in people]
    for index, ms in enumerate(posts.ms):
        organisation = posts.organisation[index]
        told = posts.told.get(index)
        body = (
            told.body
            if told
            else writer.write(
                organisation, posts.intent[index], posts.topic[index], posts.english[index], ms
            )
        )
        created = to_moment(ms)
        yield (
            posts.ids[index],
            created,
            organisation_ids[organisation],
            people_ids[posts.author[index]],
            body,
            Locale.EN if posts.english[index] else Locale.NL,
            posts.audience[index],
            posts.comments[index],
            posts.reactions[index],
        )


def published(posts: Posts, organisations: int) -> tuple[list[int], list[UUID | None]]:
    """Give each organisation's post_count and last_post_id; internal posts do not count."""
    counts = [0] * organisations
    last: list[UUID | None] = [None] * organisations
    for index, organisation in enumerate(posts.organisation):
        if posts.audience[index] is not Audience.ORGANISATION:
            counts[organisation] += 1
            # Two posts may share a millisecond, so order is that of ids and not of places.
            newest = last[organisation]
            if newest is None or posts.ids[index] > newest:
                last[organisation] = posts.ids[index]
    return counts, last


class _Planner:
    """Draws one post after the other."""

    def __init__(
        self,
        catalogue: Catalogue,
        organisations: list[Organisation],
        readers: Readers,
        random: Random,
    ) -> None:
        self._catalogue = catalogue
        self._organisations = organisations
        self._readers = readers
        self._random = random
        self._zeal = list(accumulate(organisation.zeal for organisation in organisations))
        people = readers.people
        owners = {
            person.home: index for index, person in enumerate(people) if person.role is Role.OWNER
        }
        self._owners = [owners[home] for home in range(len(organisations))]
        # From when on an organisation can publish; grows with its place, so it can be bisected.
        latest = 0
        self._ready: list[int] = []
        for owner in self._owners:
            latest = max(latest, people[owner].ms + HOUR)
            self._ready.append(latest)
        self._publishers = [
            array("I", (index for index in members if people[index].role in _PUBLISHERS))
            for members in readers.members
        ]

    def add(self, posts: Posts, ms: int) -> None:
        """Add a post of somebody at that moment."""
        random = self._random
        uniform = random.random
        ready = max(1, bisect_left(self._ready, ms))
        while True:
            home = bisect_left(self._zeal, uniform() * self._zeal[ready - 1], 0, ready - 1)
            suspended = self._organisations[home].suspended_ms
            if suspended is None or ms < suspended:
                break
        organisation = self._organisations[home]
        audience = _AUDIENCES[bisect_left(_AUDIENCE_CHANCES, uniform() * 100)]
        intent = INTERNAL
        if audience is not Audience.ORGANISATION:
            intent = bisect_left(_INTENT_CHANCES, uniform() * _INTENT_CHANCES[-1])
        posts.ms.append(ms)
        posts.ids.append(make_id(ms, random.getrandbits(RANDOM_BITS)))
        posts.organisation.append(home)
        posts.author.append(self._author(home, ms))
        posts.audience.append(audience)
        posts.english.append(organisation.english or uniform() < _FOREIGN_SHARE)
        posts.intent.append(intent)
        posts.topic.append(self._catalogue.topic(organisation.archetype.clusters, random))

    def tell(self, posts: Posts, ms: int, entry: dict[str, Any]) -> None:
        """Add a post of the story."""
        posts.told[len(posts.ms)] = Told(
            entry["body"],
            entry["reactions"],
            [(key, days, text) for key, days, text in entry["comments"]],
        )
        homes, people = self._organisations, self._readers.people
        home = next(i for i, one in enumerate(homes) if one.slug == entry["organisation"])
        posts.ms.append(ms)
        posts.ids.append(make_id(ms, self._random.getrandbits(RANDOM_BITS)))
        posts.organisation.append(home)
        posts.author.append(next(i for i, one in enumerate(people) if one.key == entry["author"]))
        posts.audience.append(Audience(entry["audience"]))
        posts.english.append(entry["language"] == Locale.EN)
        posts.intent.append(0)
        posts.topic.append("")

    def _author(self, home: int, ms: int) -> int:
        readers, uniform = self._readers, self._random.random
        known = bisect_left(readers.joined, ms)
        # Mostly those whose role it is; now and then somebody else.
        pool = self._publishers[home] if uniform() < 0.85 else readers.members[home]  # noqa: PLR2004
        there = bisect_left(pool, known)
        if there:
            author = pool[int(uniform() * there)]
            if readers.gone.get(author, ms + 1) > ms:
                return author
        return self._owners[home]


def _plan_echo(posts: Posts, sizes: Sizes, readers: Readers, random: Random) -> None:
    """Decide how many reactions and comments each post gets: a few get many, most get few."""
    reaction_weights: list[float] = []
    comment_weights: list[float] = []
    reaction_caps: list[int] = []
    comment_caps: list[int] = []
    for index, ms in enumerate(posts.ms):
        audience = posts.audience[index]
        known, followers, members = readers.circle(posts.organisation[index], ms)
        reach = (4 + followers + members) ** 0.65 * _AUDIENCE_ECHO[audience]
        loud = random.lognormvariate(0, 1.15)
        if audience is Audience.ORGANISATION:
            room = members // 2
        elif audience is Audience.FOLLOWERS:
            room = max(followers, members) // 2
        else:
            room = known // 3
        told = posts.told.get(index)
        reaction_weights.append(0.0 if told else reach * loud)
        reaction_caps.append(0 if told else room)
        answers = _INTENT_ANSWERS[posts.intent[index]] * random.lognormvariate(0, 0.7)
        comment_weights.append(0.0 if told else (reach * loud) ** 0.8 * answers)
        comment_caps.append(0 if told else min(_MOST_COMMENTS, room))
    told_reactions = sum(told.reactions for told in posts.told.values())
    told_comments = sum(len(told.comments) for told in posts.told.values())
    posts.reactions = shared_out(
        sizes.reactions - told_reactions, reaction_weights, reaction_caps, random
    )
    posts.comments = shared_out(
        sizes.comments - told_comments, comment_weights, comment_caps, random
    )
    for index, told in posts.told.items():
        posts.reactions[index] = told.reactions
        posts.comments[index] = len(told.comments)
