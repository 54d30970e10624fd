"""Groups: all who listen to the same, and how they are told.

A group is one document with the same variables. It has the events that may concern it rendered for
all its viewers at once, and hands the bytes to its listeners. While one rendering is sent out the
next is made.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from subscriptions.events import PostEvent
from subscriptions.interests import Interest
from subscriptions.log import Logged

logger = logging.getLogger(__name__)
# Rendered in one statement when so many wait.
EVENTS_AT_ONCE = 20
# A group so far behind is told to read its state anew.
PENDING_MAX = 5_000
# Messages handed out before the event loop may look after others.
SENT_AT_ONCE = 250
# A post that many react to at once tells of its counts so often.
COUNTS_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """What some viewers are told of the event number `n` of those rendered."""

    n: int
    viewers: Sequence[UUID | None]
    payload: bytes


class Renderer(Protocol):
    """Makes the messages of one group."""

    @property
    def interest(self) -> Interest:
        """Which events may concern the group."""
        ...

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments of the subscription, ids as keys."""
        ...

    async def render(
        self, events: Sequence[Logged], viewers: Sequence[UUID | None]
    ) -> Sequence[Told]:
        """Say whom of the viewers the events concern, and what each is told, in their order."""
        ...

    def resync(self, cursor: str) -> bytes:
        """Give the message that too much was missed; with it one may go on from `cursor`."""
        ...


class Ticker(Protocol):
    """Makes the message that one group is told again and again."""

    @property
    def seconds(self) -> float:
        """How long between two."""
        ...

    async def tick(self) -> bytes:
        """Give the message of now."""
        ...


class Listener(ABC):
    """One subscription of one client."""

    __slots__ = ("backlog", "since", "viewer_id")

    def __init__(self, viewer_id: UUID | None) -> None:
        self.viewer_id = viewer_id
        # Events up to this number are no news.
        self.since = 0
        # What comes while older events are replayed.
        self.backlog: list[tuple[bytes, str]] | None = None

    @abstractmethod
    def push(self, payload: bytes, cursor: str | None) -> None:
        """Send without waiting; `cursor` is where to go on behind it, if that can be."""

    async def ready(self) -> None:  # noqa: B027 - one that never waits is complete
        """Wait until most of what was pushed is on its way."""

    def take(self, payload: bytes, cursor: str) -> None:
        """Push, or keep back until the replay is done."""
        if self.backlog is None:
            self.push(payload, cursor)
        else:
            self.backlog.append((payload, cursor))

    def catch_up(self) -> None:
        """Push what came during the replay, and from now on what comes."""
        backlog, self.backlog = self.backlog or [], None
        for payload, cursor in backlog:
            self.push(payload, cursor)


# Events and their numbers, as one rendering has them.
Taken: TypeAlias = list[tuple[int, Logged]]


class Group:
    """All listeners of the same subscription."""

    def __init__(self, key: Hashable, renderer: Renderer) -> None:
        self.key = key
        self.renderer = renderer
        self.listeners: dict[UUID | None, set[Listener]] = {}
        self.pending: deque[tuple[int, Logged]] = deque()
        self.running: asyncio.Task[None] | None = None
        # Set while there is more to tell than counts.
        self.urgent = asyncio.Event()
        self._counted_at = 0.0
        # The last event that was taken to be rendered.
        self.last: tuple[int, Logged] | None = None

    def add(self, listener: Listener) -> None:
        """Let somebody listen."""
        self.listeners.setdefault(listener.viewer_id, set()).add(listener)

    def remove(self, listener: Listener) -> None:
        """Let somebody go."""
        same = self.listeners.get(listener.viewer_id)
        if same is not None:
            same.discard(listener)
            if not same:
                del self.listeners[listener.viewer_id]

    def offer(self, number: int, event: Logged) -> None:
        """Take an event that may concern the group."""
        if not self.renderer.interest.concerns(event.event, self.renderer.arguments):
            return
        only = self.renderer.interest.only(event.event)
        if only is not None and only not in self.listeners:
            return
        if len(self.pending) >= PENDING_MAX:
            logger.warning("A group of %d is too far behind.", len(self.listeners))
            self.pending.clear()
            self._resync(number, event)
            return
        self.pending.append((number, event))
        if not self.renderer.interest.is_count(event.event):
            self.urgent.set()
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._gather_counts()
            rendering = self._render()
            while rendering is not None:
                taken, told = await rendering
                rendering = self._render()
                for item in told:
                    await self._deliver(*taken[item.n], item)
        except Exception:
            logger.exception("A group of %d could not be told.", len(self.listeners))
            if self.last is not None:
                self._resync(*self.last)
        # Not when it was cancelled: then nobody is to be told anything more.
        self.running = None
        if self.pending and self.listeners:
            self.running = asyncio.create_task(self._run())

    async def _gather_counts(self) -> None:
        """Wait a little when there are only counts, so that several become one."""
        pause = self._counted_at + COUNTS_EVERY - time.monotonic()
        if pause > 0 and not self.urgent.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.urgent.wait()

    def _render(self) -> asyncio.Task[tuple[Taken, Sequence[Told]]] | None:
        taken: Taken = []
        while self.pending and len(taken) < EVENTS_AT_ONCE:
            taken.append(self.pending.popleft())
        if not self.pending:
            self.urgent.clear()
        if not taken or not self.listeners:
            return None
        self.last = taken[-1]
        taken = self._without_superseded(taken)
        return asyncio.create_task(self._rendered(taken))

    def _without_superseded(self, taken: Taken) -> Taken:
        """Leave out counts of which a later event of the same post tells as well."""
        kept = []
        told: set[UUID | None] = set()
        for number, event in reversed(taken):
            post_id = getattr(event.event, "post_id", None)
            is_count = self.renderer.interest.is_count(event.event)
            if is_count:
                self._counted_at = time.monotonic()
            if not (is_count and post_id in told):
                kept.append((number, event))
            # Not every viewer hears of a comment.
            if is_count or isinstance(event.event, PostEvent):
                told.add(post_id)
        return kept[::-1]

    async def _rendered(self, taken: Taken) -> tuple[Taken, Sequence[Told]]:
        events = [event for _, event in taken]
        only = {self.renderer.interest.only(event.event) for event in events}
        viewers = list(self.listeners if None in only else self.listeners.keys() & only)
        told = await self.renderer.render(events, viewers) if viewers else ()
        return taken, told

    async def _deliver(self, number: int, event: Logged, told: Told) -> None:
        viewers = told.viewers
        for start in range(0, len(viewers), SENT_AT_ONCE):
            if start:
                await asyncio.sleep(0)
            for viewer in viewers[start : start + SENT_AT_ONCE]:
                listeners = tuple(self.listeners.get(viewer, ()))
                self._send(told.payload, number, event.cursor, listeners)

    def _resync(self, number: int, event: Logged) -> None:
        everybody = [listener for same in self.listeners.values() for listener in same]
        self._send(self.renderer.resync(event.cursor), number, event.cursor, everybody)
        for listener in everybody:
            # What is still being rendered is older: it would lead behind the cursor just given.
            listener.since = max(listener.since, number)

    def _send(
        self, payload: bytes, number: int, cursor: str, listeners: Iterable[Listener]
    ) -> None:
        for listener in listeners:
            if listener.since < number:
                listener.take(payload, cursor)


class Clock:
    """All listeners of the same ticker. It runs while there are any."""

    def __init__(self, key: Hashable, ticker: Ticker) -> None:
        self.key = key
        self.ticker = ticker
        self.listeners: set[Listener] = set()
        self.running: asyncio.Task[None] | None = None

    def add(self, listener: Listener) -> None:
        """Let somebody listen."""
        self.listeners.add(listener)
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    def remove(self, listener: Listener) -> None:
        """Let somebody go."""
        self.listeners.discard(listener)
        if not self.listeners and self.running is not None:
            self.running.cancel()
            self.running = None

    async def _run(self) -> None:
        while True:
            try:
                payload = await self.ticker.tick()
            except Exception as error:  # noqa: BLE001 - the next tick may be well again
                logger.warning("A tick was left out: %r", error)
            else:
                for listener in tuple(self.listeners):
                    listener.push(payload, None)
            await asyncio.sleep(self.ticker.seconds)
