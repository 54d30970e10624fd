"""What an idle subscriber costs in resident memory: the server holding many, minus the server empty."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.benchmarks.live.contestants import SHARED, Contestant
from tests.benchmarks.live.driving import driven, require_faultless
from tests.benchmarks.live.publishing import publisher
from tests.benchmarks.live.visiting import Visit, subscribe_all
from tests.benchmarks.live.world import Audience
from tests.benchmarks.processes import Running

# Come and go first, so that what a server loads once is not counted.
FIRST = 50
SETTLE_SECONDS = 3.0


async def bytes_each(
    contestant: Contestant,
    running: Running,
    audience: Audience,
    directory: Path,
    *,
    subscribers: int,
) -> float:
    """Open so many, wait, and give the resident bytes for each; then see that all are subscribed.

    The server must be freshly started.
    """
    port = running.port
    async with driven() as client, publisher(contestant, port, audience) as author:
        await subscribe_all(client, contestant, port, audience, directory, SHARED, FIRST)
        await Visit(client, author, FIRST, contestant.name).reach_all()
        require_faultless(contestant.name, await client.do("close"))
        await asyncio.sleep(SETTLE_SECONDS)
        empty = running.resident_bytes()
        await subscribe_all(client, contestant, port, audience, directory, SHARED, subscribers)
        await asyncio.sleep(SETTLE_SECONDS)
        held = running.resident_bytes()
        await Visit(client, author, subscribers, contestant.name).reach_all()
    return (held - empty) / subscribers
