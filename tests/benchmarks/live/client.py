"""The load client, a process of its own: `python -m tests.benchmarks.live.client`.

It does what it is told by lines of JSON on its standard input, one answer a line.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import uvloop

from tests.benchmarks.live.descriptors import allow_many_files
from tests.benchmarks.live.subscriber import Subscriber, read_openings, subscribe
from tests.benchmarks.live.tally import Tally

OPENED_AT_ONCE = 64
LOOK_SECONDS = 0.002

Answer = dict[str, Any]


class Client:
    """All subscribers of this process."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.subscribers: list[Subscriber] = []
        # Processor time of this process when counting began.
        self._began = 0.0

    async def open(self, *, port: int, file: str, count: int) -> Answer:
        """Open so many, in turn with the openings in the file, one a line."""
        openings = read_openings(Path(file))
        coming = [
            Subscriber(port, openings[number % len(openings)], self.tally)
            for number in range(count)
        ]
        rest = iter(coming)
        await asyncio.gather(*(self._open_in_turn(rest, port) for _ in range(OPENED_AT_ONCE)))
        self.subscribers += coming
        return {"open": sum(each.is_open for each in self.subscribers), **self._faults()}

    async def probe(self, *, post: str, seconds: float) -> Answer:
        """Wait until the last message of every subscriber is about this post (the end of its id)."""
        reached: list[Any] = []

        def is_done() -> bool:
            reached[:] = [each.last for each in self.subscribers if _is_about(each.last, post)]
            return len(reached) == len(self.subscribers)

        await until(is_done, seconds)
        sample = reached[0] if reached else None
        return {
            "reached": len(reached),
            "sample": sample,
            "different": sum(_content(each) != _content(sample) for each in reached),
            **self._faults(),
        }

    async def begin(self) -> Answer:
        """Count from zero, without reading."""
        self.tally.begin()
        for each in self.subscribers:
            each.begin()
        # What is there stays: no collection while counting has to look at it.
        gc.collect()
        gc.freeze()
        self._began = time.process_time()
        return {}

    async def arrive(self, *, messages: int, seconds: float) -> Answer:
        """Wait until so many messages came in all, or the time is up."""
        await until(lambda: self.tally.received >= messages, seconds)
        return {
            "received": self.tally.received,
            "first_ns": self.tally.first_ns,
            "last_ns": self.tally.last_ns,
            "busy_seconds": time.process_time() - self._began,
            "bytes": self.tally.bytes,
            **self._faults(),
        }

    async def latencies(self, *, written: list[int]) -> Answer:
        """How long after the writings (monotonic clock, ns) their messages came."""
        return self.tally.latencies(written)

    async def close(self) -> Answer:
        """Leave."""
        faults = self._faults()
        for each in self.subscribers:
            each.leave()
        self.subscribers.clear()
        self.tally = Tally()
        return faults

    async def _open_in_turn(self, coming: Iterator[Subscriber], port: int) -> None:
        for each in coming:
            try:
                await subscribe(each, port)
            except OSError as error:
                self.tally.fault(f"does not open: {error!r}")

    def _faults(self) -> Answer:
        return {"faults": self.tally.fault_count, "texts": self.tally.faults}


async def until(is_done: Callable[[], bool], seconds: float) -> None:
    """Wait until it is done, or the time is up."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while not is_done():
        if clock() > deadline:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _is_about(message: Any, post: str) -> bool:
    return message is not None and _content(message)["post"]["id"].endswith(post)


def _content(message: Any) -> Any:
    """The change without its cursor, which may be each subscriber's own."""
    change = dict(next(iter(message["payload"]["data"].values())))
    change.pop("cursor", None)
    return change


async def obey(commands: dict[str, Callable[..., Awaitable[Answer]]]) -> None:
    """Read commands until there are no more, and answer each."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    threading.Thread(target=_read, args=(loop, lines), daemon=True).start()
    while line := await lines.get():
        asked = orjson.loads(line)
        answer = await commands[asked.pop("do")](**asked)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()


def _read(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, b"")


async def main() -> None:
    """Serve one benchmark."""
    allow_many_files()
    client = Client()
    await obey(
        {
            name: getattr(client, name)
            for name in ("open", "probe", "begin", "arrive", "latencies", "close")
        }
    )


if __name__ == "__main__":
    uvloop.run(main())
