"""One visit to a server: subscribers come, posts are published, what arrives is counted, they leave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from tests.benchmarks.agreement import Json
from tests.benchmarks.live.contestants import Contestant
from tests.benchmarks.live.driving import Driven, driven, require_faultless
from tests.benchmarks.live.publishing import Publisher, publisher, written_ns
from tests.benchmarks.live.subscriber import write_openings
from tests.benchmarks.live.world import Audience
from tests.benchmarks.processes import BenchmarkError

# A server that takes longer for what it was given has lost it.
PATIENCE_SECONDS = 60
PROBE_SECONDS = 10
# What the slowest peer tells a second on a busy machine; a second post would only queue up.
PROBED_PER_SECOND = 50
PROBES = 4
# A burst is what takes about so long, and so many posts at most; so many are written at once.
BURST_SECONDS = 0.3
BURST_MAX = 10
WRITTEN_AT_ONCE = 4
NS = 1e9


@dataclass(frozen=True, slots=True)
class Bursts:
    """Messages that arrived while posts were published back to back."""

    per_second: float
    messages: int
    lost: int
    bytes_each: float
    # The share of a processor that the load client was busy with.
    client_busy: float


@dataclass(frozen=True, slots=True)
class Paced:
    """Time from the beginning of the transaction that wrote a post to its arrival."""

    p50_ms: float
    p99_ms: float
    most_ms: float
    lost: int


class Visit:
    """A server with its subscribers, all of whom have been reached by a first post."""

    def __init__(self, client: Driven, author: Publisher, subscribers: int, name: str) -> None:
        self.sample: Json = None
        self._client = client
        self._author = author
        self._subscribers = subscribers
        self._name = name

    async def reach_all(self) -> None:
        """Publish until a post reaches everybody, all with the same answer.

        Raises:
            BenchmarkError: They are not reached, answers differ, or something went wrong.
        """
        found: dict[str, Any] = {}
        for _ in range(PROBES):
            key = await self._author.publish()
            seconds = PROBE_SECONDS + self._subscribers / PROBED_PER_SECOND
            found = await self._client.do("probe", post=str(key), seconds=seconds)
            require_faultless(self._name, found)
            if found["reached"] == self._subscribers:
                break
        if found["reached"] < self._subscribers or found["different"]:
            raise BenchmarkError(
                f"{self._name}: a post reached {found['reached']} of {self._subscribers},"
                f" {found['different']} of them with another answer than the first."
            )
        if found["sample"]["payload"].get("errors"):
            raise BenchmarkError(f"{self._name} answers with errors: {found['sample']}")
        self.sample = found["sample"]["payload"]["data"]

    async def bursts(self, seconds: float) -> Bursts:
        """Publish back to back, each burst when the one before has arrived."""
        rate = (await self._burst(1)).rate
        size = max(1, min(BURST_MAX, int(rate * BURST_SECONDS / self._subscribers)))
        taken = [await self._burst(size)]
        while sum(each.seconds for each in taken) < seconds:
            taken.append(await self._burst(size))
        messages = sum(each.messages for each in taken)
        spent = sum(each.seconds for each in taken)
        return Bursts(
            per_second=messages / spent,
            messages=messages,
            lost=len(taken) * size * self._subscribers - messages,
            bytes_each=sum(each.bytes for each in taken) / max(1, messages),
            client_busy=sum(each.busy_seconds for each in taken) / spent,
        )

    async def paced(
        self, connection: asyncpg.Connection, *, per_second: float, seconds: float
    ) -> Paced:
        """Publish at a pace."""
        events = int(per_second * seconds)
        await self._client.do("begin")
        keys = await self._author.steadily(events, per_second=per_second)
        found = await self._arrived(events)
        late = await self._client.do("latencies", written=await written_ns(connection, keys))
        lost = events * self._subscribers - found["received"]
        return Paced(late["p50"], late["p99"], late["most"], lost)

    async def one_by_one(self, events: int, *, apart_seconds: float) -> list[UUID]:
        """Publish each when the one before has arrived, and not sooner than so long after it."""
        keys = []
        for _ in range(events):
            began = time.monotonic()
            await self._client.do("begin")
            keys.append(await self._author.publish())
            await self._arrived(1)
            await asyncio.sleep(began + apart_seconds - time.monotonic())
        return keys

    async def _burst(self, events: int) -> _Burst:
        await self._client.do("begin")
        began = time.monotonic_ns()
        await self._author.burst(events, at_once=WRITTEN_AT_ONCE)
        found = await self._arrived(events)
        return _Burst(
            (found["last_ns"] - began) / NS,
            found["received"],
            found["bytes"],
            found["busy_seconds"],
        )

    async def _arrived(self, events: int) -> dict[str, Any]:
        found = await self._client.do(
            "arrive", messages=events * self._subscribers, seconds=PATIENCE_SECONDS
        )
        require_faultless(self._name, found)
        return found


@dataclass(frozen=True, slots=True)
class _Burst:
    seconds: float
    messages: int
    bytes: int
    busy_seconds: float

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


@asynccontextmanager
async def visit(
    contestant: Contestant,
    port: int,
    audience: Audience,
    directory: Path,
    *,
    selection: str,
    subscribers: int,
) -> AsyncIterator[Visit]:
    """Subscribe so many while the block runs.

    Raises:
        BenchmarkError: Not all are reached.
    """
    async with driven() as client, publisher(contestant, port, audience) as author:
        await subscribe_all(client, contestant, port, audience, directory, selection, subscribers)
        found = Visit(client, author, subscribers, contestant.name)
        await found.reach_all()
        yield found
        require_faultless(contestant.name, await client.do("close"))


async def subscribe_all(
    client: Driven,
    contestant: Contestant,
    port: int,
    audience: Audience,
    directory: Path,
    selection: str,
    subscribers: int,
) -> None:
    """Open so many subscriptions, for the viewers in turn."""
    openings = [
        contestant.opening(audience, viewer, selection) for viewer in audience.viewers[:subscribers]
    ]
    file = write_openings(directory / f"openings-{contestant.name}", openings)
    opened = await client.do("open", port=port, file=str(file), count=subscribers)
    require_faultless(contestant.name, opened)
