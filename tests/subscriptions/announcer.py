"""Another process on the bus: announces for each line it reads, and says when.

python -m tests.subscriptions.announcer DSN [NATS_URL]
"""

from __future__ import annotations

import asyncio
import sys
import time

from subscriptions.bus import open_bus


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def _announce(dsn: str, nats_url: str | None = None) -> None:
    loop = asyncio.get_running_loop()
    bus = open_bus(dsn, nats_url)
    connected = asyncio.Event()
    running = asyncio.create_task(bus.run(connected.set))
    await connected.wait()
    _say("connected")
    while await loop.run_in_executor(None, sys.stdin.readline):
        at = time.monotonic()
        bus.announce()
        _say(repr(at))
    running.cancel()


if __name__ == "__main__":
    asyncio.run(_announce(*sys.argv[1:]))
