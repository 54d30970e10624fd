"""What people answer: comments in two levels, and reactions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from db.tables.posts import Audience, ReactionKind
from db.world.clock import DAY, HOUR, RANDOM_BITS, after, id_value, make_id, to_moment
from db.world.model import Organisation, Setting
from db.world.posts import Posts, Readers, Told
from db.world.sources import Template
from db.world.writing import ANSWERS, CommentWriter

_KINDS = tuple(ReactionKind)
_KIND_CHANCES = list(accumulate((58, 14, 15, 8, 5)))
_REPLY_SHARE = 0.36
_BY_AUTHOR = 0.55
_FROM_CIRCLE = 0.75
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
        """Make so many comments on a post; the author answers many of them."""
        posts, random = self._posts, self._random
        organisation, author = posts.organisation[post], posts.author[post]
        circle = self._readers.circle(organisation, posts.ms[post])
        tops: list[tuple[int, int, int]] = []
        said: set[Template] = set()
        for _ in range(count):
            reply = bool(tops) and random.random() < _REPLY_SHARE
            top, top_ms, top_person = random.choice(tops) if reply else (0, posts.ms[post], -1)
            by_author = reply and top_person != author and random.random() < _BY_AUTHOR
            person = author if by_author else self._someone(post, circle, other_than=top_person)
            bound = self._echo.bound(person, self._until)
            if bound <= top_ms + 1:
                person, bound = author, self._echo.bound(author, self._until)
            ms = after(top_ms, 3 * HOUR, max(bound, top_ms + 2), random)
            value = id_value(ms, random.getrandbits(RANDOM_BITS))
            body = self._writer.write(
                "reply" if reply else ANSWERS[posts.intent[post]],
                posts.topic[post],
                self._readers.people[person].home,
                english=self._in_english(post, person),
                avoid=said,
            )
            self.made.append((value, post, top, person, body))
            if not reply:
                tops.append((value, ms, person))

    def tell(self, post: int, told: Told) -> None:
        """Make the comments that the story tells; `>` answers the last one that did not answer."""
        top = 0
        for key, days, text in told.comments:
            ms = self._until - int(days * DAY)
            value = id_value(ms, self._random.getrandbits(RANDOM_BITS))
            reply = text.startswith(">")
            self.made.append((value, post, top if reply else 0, self._keys[key], text.lstrip(">")))
            top = top if reply else value

    def _someone(self, post: int, circle: tuple[int, int, int], *, other_than: int) -> int:
        author = self._posts.author[post]
        for _ in range(6):
            person = self._echo.reader(post, circle)
            if person is not None and person not in {author, other_than}:
                return person
        return author

    def _in_english(self, post: int, person: int) -> bool:
        """Dutch people answer in the post's language, the others in English."""
        return bool(self._posts.english[post]) or self._readers.people[person].english


def _uuid(value: int) -> UUID:
    return make_id(value >> 80, (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1)
