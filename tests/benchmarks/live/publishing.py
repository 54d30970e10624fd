"""Posts published one after the other, in bursts or at a pace; and when Postgres wrote them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import httpx2
import orjson

from tests.benchmarks.live.contestants import Contestant
from tests.benchmarks.live.world import Audience
from tests.benchmarks.processes import BenchmarkError

KEY_LENGTH = 36
TEXT = (
    "Deze maand delen wij onze ervaring met datagedreven toezicht. Wie wil meekijken, is van harte "
    "welkom: we plannen een ochtend in, laten zien wat werkt en wat niet, en horen graag hoe jullie "
    "het doen."
)
WRITTEN = """
select subject_id, (extract(epoch from created_at) * 1000000)::bigint
from event where subject_id = any($1) and kind = 'POST_PUBLISHED'
"""


class Publisher:
    """The author, who publishes through a server. Texts begin with their number: "12 Deze maand …"."""

    def __init__(
        self, client: httpx2.AsyncClient, contestant: Contestant, port: int, audience: Audience
    ) -> None:
        self.count = 0
        self._client = client
        self._contestant = contestant
        self._url = f"http://127.0.0.1:{port}/graphql"
        self._audience = audience

    async def publish(self) -> UUID:
        """Publish one post and give its key.

        Raises:
            BenchmarkError: The server refuses.
        """
        number, self.count = self.count, self.count + 1
        ask = self._contestant.ask(self._audience, f"{number} {TEXT}")
        response = await self._client.post(self._url, content=ask.body, headers=ask.headers)
        if response.status_code == httpx2.codes.OK:
            key = self._contestant.published(orjson.loads(response.content))
            if key is not None:
                return UUID(key[-KEY_LENGTH:])
        raise BenchmarkError(f"{self._contestant.name} does not publish: {response.text[:1_000]}")

    async def burst(self, events: int, *, at_once: int) -> None:
        """Publish so many back to back."""
        rest = iter(range(events))

        async def in_turn() -> None:
            for _ in rest:
                await self.publish()

        await asyncio.gather(*(in_turn() for _ in range(min(at_once, events))))

    async def steadily(self, events: int, *, per_second: float) -> list[UUID]:
        """Publish at a pace, each after the answer to the one before, and give the keys in order."""
        keys = []
        began = time.monotonic()
        for number in range(events):
            await asyncio.sleep(began + number / per_second - time.monotonic())
            keys.append(await self.publish())
        return keys


@asynccontextmanager
async def publisher(
    contestant: Contestant, port: int, audience: Audience
) -> AsyncIterator[Publisher]:
    """Give the author a connection to the server."""
    async with httpx2.AsyncClient(timeout=60) as client:
        yield Publisher(client, contestant, port, audience)


async def written_ns(connection: asyncpg.Connection, keys: Sequence[UUID]) -> list[int]:
    """When the transactions that wrote these posts began, on the monotonic clock of this machine.

    By Postgres' own clock, for every server alike: a server's answer may come after its messages.
    Arrival minus this holds the commit itself, so it is more than the time since the commit.
    """
    offset = time.monotonic_ns() - time.time_ns()
    rows = await connection.fetch(WRITTEN, list(keys))
    written = {key: microseconds * 1_000 + offset for key, microseconds in rows}
    return [written[key] for key in keys]
