"""The soak of our subscriptions: people come, resume and leave at random; nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import orjson

from tests.benchmarks.live.contestants import OURS, SHARED
from tests.benchmarks.live.driving import Driven, driven
from tests.benchmarks.live.publishing import Publisher, publisher
from tests.benchmarks.live.subscriber import Opening, write_openings
from tests.benchmarks.live.world import Audience
from tests.benchmarks.processes import BenchmarkError, Running
from tests.benchmarks.servers import JSON
from tests.benchmarks.throughput import Say

CROWD = "tests.benchmarks.live.resuming"
SUBSCRIPTION = """
subscription Live($after: String) { feedChanged(after: $after) { kind cursor post { %s } } }
"""
PER_SECOND = 20.0
# At the end everybody comes back; so long they may take to have everything.
END_SECONDS = 60.0
SAMPLES = 120
FAULTS_SAID = 5
SEED = 20


@dataclass(frozen=True, slots=True)
class Soaked:
    """What the soak gave."""

    seconds: float
    subscribers: int
    published: int
    resumed: int
    # Passed over; and not told yet when the time to come back was up.
    lost: int
    awaited: int
    doubled: int
    disordered: int
    resynced: int
    faults: int
    texts: tuple[str, ...]
    resident_bytes: tuple[int, ...]

    @property
    def growth(self) -> float:
        """Resident memory in the last quarter over that in the second one, minus one."""
        quarter = len(self.resident_bytes) // 4
        if not quarter:
            return 0.0
        second = self.resident_bytes[quarter : 2 * quarter]
        return median(self.resident_bytes[-quarter:]) / median(second) - 1


async def soak(
    ours: Running,
    audience: Audience,
    directory: Path,
    *,
    subscribers: int,
    seconds: float,
    say: Say,
) -> Soaked:
    """Let so many come and go while posts are published at a pace, then ask what each was told.

    Raises:
        BenchmarkError: The server refuses to publish or has no cursor.
    """
    openings = [
        Opening({}, {"authorization": f"Bearer {viewer.token}"}, SUBSCRIPTION % SHARED, {})
        for viewer in audience.viewers[:subscribers]
    ]
    file = write_openings(directory / "openings-soak", openings)
    async with driven(CROWD) as crowd, publisher(OURS, ours.port, audience) as author:
        # Taken before the first post: everybody is to be told every one of them.
        cursor = await _cursor(ours.port, audience)
        await crowd.do("come", port=ours.port, file=str(file), cursor=cursor, seed=SEED)
        watching = asyncio.create_task(_watch(ours, crowd, seconds, say))
        try:
            await _publish(author, seconds)
        finally:
            resident = await watching
        found = await crowd.do("finish", published=author.count, seconds=END_SECONDS)
    say(
        f"soak         lost {found['lost']}  awaited {found['awaited']}  doubled {found['doubled']}"
    )
    for text in found["texts"][:FAULTS_SAID]:
        say(f"soak         {text}")
    return Soaked(
        seconds=seconds,
        subscribers=len(openings),
        published=author.count,
        resident_bytes=tuple(resident),
        **{**found, "texts": tuple(found["texts"])},
    )


async def _publish(author: Publisher, seconds: float) -> None:
    """Publish at the pace, or as fast as the server lets, until the time is up."""
    began = time.monotonic()
    # None is broken off: it might be written and told all the same.
    while time.monotonic() - began < seconds:
        await author.publish()
        await asyncio.sleep(began + author.count / PER_SECOND - time.monotonic())


async def _watch(ours: Running, crowd: Driven, seconds: float, say: Say) -> list[int]:
    resident = []
    began = time.monotonic()
    for number in range(SAMPLES):
        await asyncio.sleep(max(0, began + (number + 1) * seconds / SAMPLES - time.monotonic()))
        resident.append(ours.resident_bytes())
        if (number + 1) % (SAMPLES // 6) == 0:
            state: dict[str, Any] = await crowd.do("state")
            say(
                f"soak         {time.monotonic() - began:6.0f} s  {resident[-1] / 2**20:7.1f} MiB"
                f"  resumed {state['resumed']:,}  lost {state['lost']}  doubled {state['doubled']}"
                f"  faults {state['faults']}"
            )
    return resident


async def _cursor(port: int, audience: Audience) -> str:
    headers = {**JSON, "Authorization": f"Bearer {audience.author.token}"}
    async with httpx2.AsyncClient(timeout=30) as client:
        response = await client.post(
            f"http://127.0.0.1:{port}/graphql",
            content=orjson.dumps({"query": "{ liveCursor }"}),
            headers=headers,
        )
    data = orjson.loads(response.content).get("data")
    if not data:
        raise BenchmarkError(f"There is no cursor to begin at: {response.text[:1_000]}")
    cursor: str = data["liveCursor"]
    return cursor
