"""Who listens in this process, and the log that they hear of: read once, handed to all groups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

from subscriptions.events import MODELS, CredentialEvent, EventKind, PersonEvent
from subscriptions.groups import EVENTS_AT_ONCE, Clock, Group, Listener, Renderer, Ticker
from subscriptions.log import Connection, Cursor, Logged, Snapshot, is_covered, now, read, replay
from subscriptions.recent import Recent

logger = logging.getLogger(__name__)
# A listener that was away for so long is told the same.
REPLAYED_MAX = 10_000
# An announcement may be lost with the bus: nobody waits longer than this.
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5
PROVED_AT_ONCE = 1_000
# After these somebody may no longer be who they were when they connected.
ENDING_KINDS = frozenset({*MODELS[CredentialEvent], EventKind.PERSON_ERASED})


class Client(Protocol):
    """A connection, whose credential is proved again when something happened to it."""

    secret_hash: bytes

    def dismiss(self) -> None:
        """End the connection: its credential holds no longer."""
        ...


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
        self.clocks: dict[Hashable, Clock] = {}
        self.clients: dict[UUID, set[Client]] = {}
        # Grows with each reading after which somebody's credential may hold no longer.
        self.credential_changes = 0
        self._number = 0
        self.recent = Recent()
        self._woken = asyncio.Event()
        self._handing_on = asyncio.Lock()
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
        if after is None and self.cursor is not None:
            # At once: whatever is handed on from here comes after it.
            return self._joined(listener, key, renderer)
        while not self._is_ready_for(after):
            # Nothing is read yet, or not to its end, or the client knows more than this process.
            if not await self._has_read_on(after):
                break
        # Not while events are handed on: their numbers and the cursor would not belong together.
        async with self._handing_on:
            end = self.cursor
            missed = None
            if after is not None:
                # What is ahead of the database is nowhere among the last events.
                kinds = renderer.interest.kinds
                missed = self.recent.after(after, kinds) if self._is_ready_for(after) else None
                listener.backlog = []
            group = self._joined(listener, key, renderer)
        if after is None or end is None:
            return group
        try:
            if missed is not None:
                await self._tell(listener, group.renderer, missed)
            elif end.within.shows(after.within) and await is_covered(self.connection, after):
                await self._replay(listener, group.renderer, after, end.within)
            else:
                listener.push(group.renderer.resync(str(end)), str(end))
            listener.catch_up()
        except BaseException:
            self.leave(listener, group)
            raise
        return group

    def _joined(self, listener: Listener, key: Hashable, renderer: Renderer) -> Group:
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key, renderer)
        listener.since = self._number
        group.add(listener)
        return group

    def listen(self, listener: Listener, key: Hashable, ticker: Ticker) -> Clock:
        """Let somebody hear a ticker."""
        clock = self.clocks.get(key)
        if clock is None:
            clock = self.clocks[key] = Clock(key, ticker)
        clock.add(listener)
        return clock

    def leave(self, listener: Listener, group: Group | Clock) -> None:
        """Let somebody go."""
        group.remove(listener)
        known: dict[Hashable, Any] = self.clocks if isinstance(group, Clock) else self.groups
        # Another may have taken the place of one that was left before.
        if not group.listeners and known.get(group.key) is group:
            del known[group.key]

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

    def told(self, group: Group | Clock) -> str | None:
        """Give the cursor up to which a group has been told; None while more is on its way."""
        if isinstance(group, Clock) or group.running or group.pending:
            return None
        if self.cursor is None or self._handing_on.locked():
            return None
        return str(self.cursor)

    async def prove_all(self) -> None:
        """Dismiss every client whose credential holds no longer."""
        clients = [client for same in self.clients.values() for client in same]
        for start in range(0, len(clients), PROVED_AT_ONCE):
            await self._prove(clients[start : start + PROVED_AT_ONCE])

    async def close(self) -> None:
        """Let go of everybody."""
        everybody: list[Group | Clock] = [*self.groups.values(), *self.clocks.values()]
        running = [each.running for each in everybody if each.running]
        self.groups.clear()
        self.clocks.clear()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _is_ready_for(self, after: Cursor | None) -> bool:
        if self.cursor is None or self.cursor.place is not None:
            return False
        return after is None or self.cursor.within.shows(after.within)

    async def _has_read_on(self, after: Cursor | None) -> bool:
        """Wait for a reading that begins after now; False when it cannot reach the cursor."""
        async with self._read:
            # One may be under way that began before.
            wanted = self._readings + 2
            while self._readings < wanted:
                self.wake()
                await self._read.wait()
        # After a reading that began later, only another database is behind still.
        return self.cursor is None or after is None or self.cursor.within.shows(after.within)

    async def _replay(
        self, listener: Listener, renderer: Renderer, after: Cursor, end: Snapshot
    ) -> None:
        count = 0
        async for reading in replay(self.connection, after, end, kinds=renderer.interest.kinds):
            count += await self._tell(listener, renderer, reading.events)
            if count > REPLAYED_MAX:
                listener.push(renderer.resync(end.text), end.text)
                break

    async def _tell(self, listener: Listener, renderer: Renderer, logged: Sequence[Logged]) -> int:
        """Tell one listener of older events; give how many of them concern it."""
        events = [
            event
            for event in logged
            if renderer.interest.concerns(event.event, renderer.arguments)
            and renderer.interest.only(event.event) in {None, listener.viewer_id}
        ]
        for start in range(0, len(events), EVENTS_AT_ONCE):
            some = events[start : start + EVENTS_AT_ONCE]
            for told in await renderer.render(some, [listener.viewer_id]):
                await listener.ready()
                listener.push(told.payload, some[told.n].cursor)
        return len(events)

    async def _look(self, cursor: Cursor) -> None:
        self._woken.clear()
        if self.cursor is None:
            self.recent.begin(cursor)
        async with self._handing_on:
            while True:
                reading = await read(self.connection, cursor)
                await self._dispatch(reading.events)
                self.recent.add(reading.events)
                # After each: what was handed on is not handed on again should the next one fail.
                self.cursor = cursor = reading.cursor
                if reading.is_complete:
                    break
        async with self._read:
            self._readings += 1
            self._read.notify_all()

    async def _dispatch(self, events: Sequence[Logged]) -> None:
        """Hand events on, all of them or, when credentials cannot be proved just now, none."""
        people = {
            event.event.person_id
            for event in events
            if isinstance(event.event, CredentialEvent | PersonEvent)
            and event.event.kind in ENDING_KINDS
        }
        if people:
            self.credential_changes += 1
            await self._prove(
                [client for person_id in people for client in self.clients.get(person_id, ())]
            )
        for event in events:
            self._number += 1
            for group in tuple(self.groups.values()):
                group.offer(self._number, event)

    async def _prove(self, clients: Sequence[Client]) -> None:
        if not clients:
            return
        valid = await self.still_valid([client.secret_hash for client in clients])
        for client in clients:
            if client.secret_hash not in valid:
                client.dismiss()
