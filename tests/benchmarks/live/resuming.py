"""Subscribers that come, leave and resume at random, a process of its own.

`python -m tests.benchmarks.live.resuming` obeys lines of JSON: see `Crowd`. Posts are known by the
number with which their text begins; nothing is kept of what arrived as it should.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop
from typing_extensions import override

from tests.benchmarks.live.client import Answer, obey, until
from tests.benchmarks.live.descriptors import allow_many_files
from tests.benchmarks.live.subscriber import Opening, Subscriber, read_openings, subscribe
from tests.benchmarks.live.tally import Tally

# Means of exponentially distributed times.
STAY_SECONDS = 8.0
AWAY_SECONDS = 2.0
# As often a connection is lost as it is closed.
POLITE_SHARE = 0.5
# Abroad as long as this, somebody missed more than is told in one go.
LONG_AWAY_SHARE = 0.02
LONG_AWAY_SECONDS = 30.0
RESYNC = "RESYNC"
# In the reason of a close: the process goes, others stay.
MOVED = "Restarting"


@dataclass(slots=True)
class Record:
    """What one subscriber was told, over all its connections."""

    cursor: str
    # Everything before it has come, but for what is missing.
    coming: int = 0
    missing: set[int] = field(default_factory=set)
    doubled: int = 0
    disordered: int = 0
    resynced: int = 0
    resumed: int = 0

    def note(self, number: int) -> None:
        """Post `number` was told."""
        if number >= self.coming:
            self.missing.update(range(self.coming, number))
            self.coming = number + 1
        elif number in self.missing:
            self.missing.discard(number)
            self.disordered += 1
        else:
            self.doubled += 1

    def awaited(self, published: int) -> int:
        """How many of the posts before `published` are still to be told, with nothing left out."""
        return max(0, published - self.coming)


class Resuming(Subscriber):
    """A connection that reads what comes into the record of its subscriber."""

    def __init__(self, port: int, opening: Opening, tally: Tally, record: Record) -> None:
        super().__init__(port, opening, tally)
        self._record = record
        self._has_left = False
        self.closed = asyncio.Event()
        self.has_failed = False
        self._told = 0
        self._began = "began" if record.resumed == 0 else f"resumed from {record.cursor}"

    @override
    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.closed.set()

    @override
    def leave(self, *, politely: bool = True) -> None:
        # What comes later is not read: to its subscriber it is as if it had been lost on the way.
        self._has_left = True
        super().leave(politely=politely)

    @override
    def _fail(self, text: str) -> None:
        """Whoever is refused or told of an error leaves, and comes back later."""
        if MOVED in text and self.ready.done():
            # The server asked everybody to: no fault.
            self.has_failed = True
            self.closed.set()
            return
        super()._fail(text)
        self.has_failed = True
        self.closed.set()

    @override
    def arrived(self, message: bytes) -> None:
        if self._has_left:
            return
        payload = orjson.loads(message)["payload"]
        if payload.get("errors"):
            self._fail(f"errors: {payload['errors']}")
            return
        change = payload["data"]["feedChanged"]
        record = self._record
        before, record.cursor = record.cursor, change["cursor"]
        if change["kind"] == RESYNC:
            record.resynced += 1
            return
        number = int(change["post"]["body"].partition(" ")[0])
        if number > record.coming:
            self._tally.fault(
                f"passed over {record.coming} to {number - 1}, between the cursors {before} and"
                f" {record.cursor}, message {self._told} since it {self._began}"
            )
        self._told += 1
        record.note(number)


class Crowd:
    """All of them."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._records: list[Record] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._is_over = asyncio.Event()

    async def come(self, *, port: int, file: str, cursor: str, seed: int) -> Answer:
        """Begin, one subscriber for each opening in the file, all from the same cursor."""
        chance = random.Random(seed)  # noqa: S311 - the same coming and going every time
        for opening in read_openings(Path(file)):
            record = Record(cursor)
            self._records.append(record)
            subscriber = self._subscriber(port, opening, record, random.Random(chance.random()))  # noqa: S311
            self._tasks.append(asyncio.create_task(subscriber))
        return {"subscribers": len(self._records)}

    async def state(self) -> Answer:
        """What was told so far."""
        return {
            "lost": sum(len(each.missing) for each in self._records),
            "doubled": sum(each.doubled for each in self._records),
            "disordered": sum(each.disordered for each in self._records),
            "resynced": sum(each.resynced for each in self._records),
            "resumed": sum(each.resumed for each in self._records),
            "faults": self.tally.fault_count,
            "texts": self.tally.faults,
        }

    async def finish(self, *, published: int, seconds: float) -> Answer:
        """Have everybody come back and stay until they have all posts; then say who has not."""
        self._is_over.set()

        def awaited() -> int:
            return sum(each.awaited(published) for each in self._records)

        await until(lambda: awaited() == 0, seconds)
        # Whatever is doubled may come late too.
        await asyncio.sleep(1)
        for task in self._tasks:
            task.cancel()
        for end in await asyncio.gather(*self._tasks, return_exceptions=True):
            if not isinstance(end, asyncio.CancelledError):
                self.tally.fault(f"gave up: {end!r}")
        return {"awaited": awaited(), **await self.state()}

    async def _subscriber(
        self, port: int, opening: Opening, record: Record, chance: random.Random
    ) -> None:
        while True:
            variables = {**opening.variables, "after": record.cursor}
            here = Opening(opening.headers, opening.init, opening.query, variables)
            connection = Resuming(port, here, self.tally, record)
            try:
                await subscribe(connection, port)
            except OSError as error:
                self.tally.fault(f"does not open: {error!r}")
                connection.leave(politely=False)
                # Also at the end: whoever is turned away does not come back at once.
                await asyncio.sleep(chance.expovariate(1 / AWAY_SECONDS))
                continue
            await self._stay(connection, chance)
            if connection.has_failed:
                await asyncio.sleep(chance.expovariate(1 / AWAY_SECONDS))
            connection.leave(politely=chance.random() < POLITE_SHARE)
            await self._pause(chance.expovariate(1 / AWAY_SECONDS))
            if chance.random() < LONG_AWAY_SHARE:
                await self._pause(LONG_AWAY_SECONDS)
            record.resumed += 1

    async def _stay(self, connection: Resuming, chance: random.Random) -> None:
        """Stay for a while, at the end for as long as the connection lasts."""
        try:
            async with asyncio.timeout(chance.expovariate(1 / STAY_SECONDS)):
                await connection.closed.wait()
        except TimeoutError:
            if self._is_over.is_set():
                await connection.closed.wait()

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when it is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_over.wait()
        except TimeoutError:
            pass


async def main() -> None:
    """Serve one soak."""
    allow_many_files()
    crowd = Crowd()
    commands: dict[str, Callable[..., Any]] = {
        "come": crowd.come,
        "state": crowd.state,
        "finish": crowd.finish,
    }
    await obey(commands)


if __name__ == "__main__":
    uvloop.run(main())
