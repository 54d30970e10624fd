"""Who listens, and how each event reaches them: read once, rendered once for each group, sent to all.

A group is all who listen to the same: one document with the same variables. It has each event that
may concern it rendered for all its viewers at once, and hands the bytes to its listeners. While one
rendering is sent out the next is made.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from subscriptions.events import EventKind
from subscriptions.groups import Interest
from subscriptions.log import Connection, Cursor, Logged, Snapshot, now, read, replay

logger = logging.getLogger(__name__)
# Rendered in one statement when so many wait.
EVENTS_AT_ONCE = 20
# A group so far behind is told to read its state anew.
PENDING_MAX = 5_000
# A listener that was away for so long is told the same.
REPLAYED_MAX = 10_000
# Messages handed out before the event loop may look after others.
SENT_AT_ONCE = 250
# An announcement may be lost with the bus: nobody waits longer than this.
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5
PROVED_AT_ONCE = 1_000
# After these somebody may no longer be who they were when they connected.
CREDENTIAL_KINDS = frozenset(
    {
        EventKind.SESSION_ENDED,
        EventKind.TOKEN_REVOKED,
        EventKind.CREDENTIALS_CHANGED,
        EventKind.PERSON_ERASED,
        EventKind.PERSON_SUSPENDED,
    }
)


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
    def push(self, payload: bytes, cursor: str) -> None:
        """Send without waiting; `cursor` is how far somebody has read who got this."""

    async def ready(self) -> None:  # noqa: B027 - one that never waits is complete
        """Wait until what was pushed is on its way."""

    def take(self, payload: bytes, cursor: str) -> None:
        """Push, or keep back until the replay is done."""
        if self.backlog is None:
            self.push(payload, cursor)
        else:
            self.backlog.append((payload, cursor))


# Events and their numbers, as one rendering has them.
Taken: TypeAlias = list[tuple[int, Logged]]


class Client(Protocol):
    """A connection, whose credential is proved again when something happened to it."""

    secret_hash: bytes

    def dismiss(self) -> None:
        """End the connection: its credential holds no longer."""
        ...


class Group:
    """All listeners of the same subscription."""

    def __init__(self, key: Hashable, renderer: Renderer) -> None:
        self.key = key
        self.renderer = renderer
        self.listeners: dict[UUID | None, set[Listener]] = {}
        self.pending: deque[tuple[int, Logged]] = deque()
        self.running: asyncio.Task[None] | None = None
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
            self._send(self.renderer.resync(event.cursor), number, event.cursor, self._all())
            return
        self.pending.append((number, event))
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            rendering = self._render()
            while rendering is not None:
                taken, told = await rendering
                rendering = self._render()
                for item in told:
                    number, event = taken[item.n]
                    await self._deliver(number, event.cursor, item)
        except Exception:
            logger.exception("A group of %d could not be told.", len(self.listeners))
            if self.last is not None:
                number, event = self.last
                self._send(self.renderer.resync(event.cursor), number, event.cursor, self._all())
        finally:
            self.running = None
            if self.pending and self.listeners:
                self.running = asyncio.create_task(self._run())

    def _render(self) -> asyncio.Task[tuple[Taken, Sequence[Told]]] | None:
        taken: Taken = []
        while self.pending and len(taken) < EVENTS_AT_ONCE:
            taken.append(self.pending.popleft())
        if not taken or not self.listeners:
            return None
        self.last = taken[-1]
        return asyncio.create_task(self._rendered(taken))

    async def _rendered(self, taken: Taken) -> tuple[Taken, Sequence[Told]]:
        events = [event for _, event in taken]
        only = {self.renderer.interest.only(event.event) for event in events}
        viewers = list(self.listeners if None in only else self.listeners.keys() & only)
        told = await self.renderer.render(events, viewers) if viewers else ()
        return taken, told

    async def _deliver(self, number: int, cursor: str, told: Told) -> None:
        viewers = told.viewers
        for start in range(0, len(viewers), SENT_AT_ONCE):
            if start:
                await asyncio.sleep(0)
            for viewer in viewers[start : start + SENT_AT_ONCE]:
                listeners = tuple(self.listeners.get(viewer, ()))
                self._send(told.payload, number, cursor, listeners)

    def _send(
        self, payload: bytes, number: int, cursor: str, listeners: Iterable[Listener]
    ) -> None:
        for listener in listeners:
            if listener.since < number:
                listener.take(payload, cursor)

    def _all(self) -> list[Listener]:
        return [listener for same in self.listeners.values() for listener in same]


class Hub:
    """The listeners of this process, and the log that they hear of."""

    def __init__(
        self,
        connection: Connection,
        still_valid: Callable[[Sequence[bytes]], Awaitable[set[bytes]]],
    ) -> None:
        self.connection = connection
        self.still_valid = still_valid
        self.cursor: Cursor | None = None
        self.groups: dict[Hashable, Group] = {}
        self.clients: dict[UUID, set[Client]] = {}
        self._number = 0
        self._woken = asyncio.Event()
        self._readings = 0
        self._read = asyncio.Condition()

    def wake(self) -> None:
        """Say that something was recorded."""
        self._woken.set()

    async def run(self) -> None:
        """Read the log and hand events on, until cancelled."""
        while True:
            try:
                await self._look(self.cursor or await now(self.connection))
            except Exception as error:  # noqa: BLE001 - whatever it is, the log is read on later
                logger.warning("The log of events cannot be read just now: %r", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()

    async def subscribe(
        self, listener: Listener, key: Hashable, renderer: Renderer, after: Cursor | None
    ) -> Group:
        """Let somebody listen from now on, or from a cursor on.

        With `after` this returns when all that was missed is sent.
        """
        if self.cursor is None or after is not None:
            # The client may know more than this process: read up to now, then compare.
            await self._refreshed()
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key, renderer)
        listener.since = self._number
        if after is not None:
            listener.backlog = []
        group.add(listener)
        if after is not None and self.cursor is not None:
            try:
                await self._replay(listener, group.renderer, after, self.cursor.within)
            except BaseException:
                self.leave(listener, group)
                raise
        return group

    def told(self, group: Group) -> str | None:
        """Give the cursor up to which a group has been told; None while more is on its way."""
        return None if group.running or group.pending or not self.cursor else str(self.cursor)

    def leave(self, listener: Listener, group: Group) -> None:
        """Let somebody go."""
        group.remove(listener)
        if not group.listeners:
            self.groups.pop(group.key, None)

    def enter(self, person_id: UUID, client: Client) -> None:
        """Know of a person's connection, for when its credential ends."""
        self.clients.setdefault(person_id, set()).add(client)

    def exit(self, person_id: UUID, client: Client) -> None:
        """Forget a connection."""
        same = self.clients.get(person_id)
        if same is not None:
            same.discard(client)
            if not same:
                del self.clients[person_id]

    async def prove_all(self) -> None:
        """Dismiss every client whose credential holds no longer."""
        clients = [client for same in self.clients.values() for client in same]
        for start in range(0, len(clients), PROVED_AT_ONCE):
            await self._prove(clients[start : start + PROVED_AT_ONCE])

    async def close(self) -> None:
        """Let go of everybody."""
        running = [group.running for group in self.groups.values() if group.running]
        self.groups.clear()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _refreshed(self) -> None:
        """Wait for a reading that begins after now."""
        async with self._read:
            # One may be under way that began before.
            wanted = self._readings + 2
            while self._readings < wanted:
                self.wake()
                await self._read.wait()

    async def _replay(
        self, listener: Listener, renderer: Renderer, after: Cursor, end: Snapshot
    ) -> None:
        count = 0
        async for reading in replay(self.connection, after, end):
            events = [
                event
                for event in reading.events
                if renderer.interest.concerns(event.event, renderer.arguments)
                and renderer.interest.only(event.event) in {None, listener.viewer_id}
            ]
            count += len(events)
            if count > REPLAYED_MAX:
                listener.push(renderer.resync(end.text), end.text)
                break
            for start in range(0, len(events), EVENTS_AT_ONCE):
                some = events[start : start + EVENTS_AT_ONCE]
                for told in await renderer.render(some, [listener.viewer_id]):
                    await listener.ready()
                    listener.push(told.payload, some[told.n].cursor)
        backlog, listener.backlog = listener.backlog or [], None
        for payload, cursor in backlog:
            listener.push(payload, cursor)

    async def _look(self, cursor: Cursor) -> None:
        self._woken.clear()
        while True:
            reading = await read(self.connection, cursor)
            await self._dispatch(reading.events)
            cursor = reading.cursor
            if reading.is_complete:
                break
        self.cursor = cursor
        async with self._read:
            self._readings += 1
            self._read.notify_all()

    async def _dispatch(self, events: Sequence[Logged]) -> None:
        for event in events:
            if event.event.kind in CREDENTIAL_KINDS:
                await self._prove(self._clients_of(event))
            self._number += 1
            for group in tuple(self.groups.values()):
                group.offer(self._number, event)

    def _clients_of(self, event: Logged) -> list[Client]:
        person_id = getattr(event.event, "person_id", None)
        return list(self.clients.get(person_id, ())) if person_id else []

    async def _prove(self, clients: Sequence[Client]) -> None:
        if not clients:
            return
        valid = await self.still_valid([client.secret_hash for client in clients])
        for client in clients:
            if client.secret_hash not in valid:
                client.dismiss()
