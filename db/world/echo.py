"""What people answer: comments in two levels, and reactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from db.tables.posts import Audience, ReactionKind
from db.world.clock import DAY, HOUR, RANDOM_BITS, after, id_value, make_id, to_moment
from db.world.model import Organisation, Setting
from db.world.posts import Posts, Readers, Told
from db.world.sources import Exchange
from db.world.writing import ANSWERS, CommentWriter

_KINDS = tuple(ReactionKind)
_KIND_CHANCES = list(accumulate((58, 14, 15, 8, 5)))
_REPLY_SHARE = 0.36
_BY_AUTHOR = 0.75
_FROM_CIRCLE = 0.75
_TRIES = 12
_BITS = 24
_MASK = (1 << _BITS) - 1


class Echo:
    """Draws who answers: those around the organisation first, then whoever is active."""

    def __init__(self, posts: Posts, readers: Readers, random: Random) -> None:
        self._posts = posts
        self._readers = readers
        self._random = random

    def reader(self, post: int, circle: tuple[int, int, int]) -> int | None:
        """Draw somebody who could read the post when it was new; None if the draw was void."""
        known, followers, members = circle
        posts, readers, uniform = self._posts, self._readers, self._random.random
        organisation, audience = posts.organisation[post], posts.audience[post]
        if audience is Audience.ORGANISATION:
            person = readers.members[organisation][int(uniform() * members)]
        elif audience is Audience.FOLLOWERS or uniform() < _FROM_CIRCLE:
            place = int(uniform() * (followers + members))
            if place < followers:
                person = readers.followers[organisation][place]
            else:
                person = readers.members[organisation][place - followers]
        else:
            # The square makes those who joined early far more active.
            person = int(uniform() ** 2 * known)
        gone = readers.gone.get(person)
        return person if gone is None or gone > posts.ms[post] else None

    def bound(self, person: int, until: int) -> int:
        """Give the moment after which a person answers no more."""
        return min(until, self._readers.gone.get(person, until))


def reaction_rows(
    posts: Posts, readers: Readers, random: Random, *, until: int
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `reaction` in order of time."""
    echo = Echo(posts, readers, random)
    packed: list[int] = []
    for post, count in enumerate(posts.reactions):
        if not count:
            continue
        ms = posts.ms[post]
        circle = readers.circle(posts.organisation[post], ms)
        reacted: set[int] = set()
        while len(reacted) < count:
            person = echo.reader(post, circle)
            if person is not None and person not in reacted:
                reacted.add(person)
                moment = after(ms, 9 * HOUR, echo.bound(person, until), random)
                packed.append(moment << 2 * _BITS | post << _BITS | person)
    packed.sort()
    people = [person.id for person in readers.people]
    ids, uniform, bits = posts.ids, random.random, random.getrandbits
    for value in packed:
        ms = value >> 2 * _BITS
        chance, kind = uniform() * 100, 0
        while _KIND_CHANCES[kind] < chance:
            kind += 1
        yield (
            make_id(ms, bits(RANDOM_BITS)),
            to_moment(ms),
            ids[value >> _BITS & _MASK],
            people[value & _MASK],
            _KINDS[kind],
        )


def comment_rows(
    setting: Setting,
    posts: Posts,
    organisations: list[Organisation],
    readers: Readers,
    random: Random,
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `comment` in order of time."""
    threads = _Threads(
        posts, readers, CommentWriter(setting, organisations, random), random, setting.until
    )
    for post, count in enumerate(posts.comments):
        if told := posts.told.get(post):
            threads.tell(post, told)
        elif count:
            threads.add(post, count)
    people = [person.id for person in readers.people]
    for value, post, parent, person, body in sorted(threads.made):
        yield (
            _uuid(value),
            to_moment(value >> 80),
            posts.ids[post],
            _uuid(parent) if parent else None,
            people[person],
            body,
        )


@dataclass(slots=True)
class _Top:
    """A comment at the top level, as far as replies need it."""

    value: int
    ms: int
    person: int
    exchange: Exchange
    english: bool
    answered: bool = False


class _Threads:
    """Makes the comments of one post after the other: (id, post, parent's id or 0, person, text)."""

    def __init__(
        self, posts: Posts, readers: Readers, writer: CommentWriter, random: Random, until: int
    ) -> None:
        self.made: list[tuple[int, int, int, int, str]] = []
        self._posts = posts
        self._readers = readers
        self._random = random
        self._until = until
        self._echo = Echo(posts, readers, random)
        self._writer = writer
        self._keys = {person.key: i for i, person in enumerate(readers.people) if person.key}

    def add(self, post: int, count: int) -> None:
        """Make so many comments on a post; its organisation answers many of them."""
        posts, random = self._posts, self._random
        circle = self._readers.circle(posts.organisation[post], posts.ms[post])
        tops: list[_Top] = []
        said: set[int] = set()
        spoken = {posts.author[post]}
        for _ in range(count):
            top = random.choice(tops) if tops and random.random() < _REPLY_SHARE else None
            if top is None:
                tops.append(self._comment(post, circle, said, spoken))
            elif not top.answered and random.random() < _BY_AUTHOR:
                top.answered = True
                template = self._writer.answer(top.exchange)
                body = self._writer.fill(template, posts.topic[post], 0, english=top.english)
                self._add(post, top, posts.author[post], body)
            else:
                person = self._someone(post, circle, spoken)
                english = self._in_english(post, person)
                exchange = self._writer.choose("aside", english=english, said=said)
                self._add(post, top, person, self._words(post, person, exchange, english=english))

    def _comment(
        self, post: int, circle: tuple[int, int, int], said: set[int], spoken: set[int]
    ) -> _Top:
        person = self._someone(post, circle, spoken)
        english = self._in_english(post, person)
        group = ANSWERS[self._posts.intent[post]]
        exchange = self._writer.choose(group, english=english, said=said)
        body = self._words(post, person, exchange, english=english)
        value, ms = self._add(post, None, person, body)
        return _Top(value, ms, person, exchange, english)

    def _add(self, post: int, top: _Top | None, person: int, body: str) -> tuple[int, int]:
        begin = top.ms if top else self._posts.ms[post]
        bound = max(self._echo.bound(person, self._until), begin + 2)
        ms = after(begin, 3 * HOUR, bound, self._random)
        value = id_value(ms, self._random.getrandbits(RANDOM_BITS))
        self.made.append((value, post, top.value if top else 0, person, body))
        return value, ms

    def _words(self, post: int, person: int, exchange: Exchange, *, english: bool) -> str:
        home = self._readers.people[person].home
        return self._writer.fill(exchange.comment, self._posts.topic[post], home, english=english)

    def tell(self, post: int, told: Told) -> None:
        """Make the comments that the story tells; `>` answers the last one that did not answer."""
        top = 0
        for key, days, text in told.comments:
            ms = self._until - int(days * DAY)
            value = id_value(ms, self._random.getrandbits(RANDOM_BITS))
            reply = text.startswith(">")
            self.made.append((value, post, top if reply else 0, self._keys[key], text.lstrip(">")))
            top = top if reply else value

    def _someone(self, post: int, circle: tuple[int, int, int], spoken: set[int]) -> int:
        """Draw somebody who has not spoken yet, from elsewhere unless the post is internal."""
        posts, people = self._posts, self._readers.people
        internal = posts.audience[post] is Audience.ORGANISATION
        host = posts.organisation[post]
        person: int | None = None
        for _ in range(_TRIES):
            drawn = self._echo.reader(post, circle)
            if drawn is not None and drawn not in spoken:
                person = drawn
                if internal or people[drawn].home != host:
                    break
        # Nobody else left: whoever wrote the post adds to it.
        chosen = posts.author[post] if person is None else person
        spoken.add(chosen)
        return chosen

    def _in_english(self, post: int, person: int) -> bool:
        """Dutch people answer in the post's language, the others in English."""
        return bool(self._posts.english[post]) or self._readers.people[person].english


def _uuid(value: int) -> UUID:
    return make_id(value >> 80, (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1)
