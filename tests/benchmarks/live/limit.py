"""How much the load client can take: a server that only writes frames that were made before.

`python -m tests.benchmarks.live.limit` prints it; every `next` is a message of the usual size.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import orjson
import uvloop
from typing_extensions import override

from tests.benchmarks.live.descriptors import allow_many_files
from tests.benchmarks.live.driving import Driven, driven, require_faultless
from tests.benchmarks.live.frames import HEAD_END, MASK, SUBPROTOCOL, bounds, server_frame
from tests.benchmarks.live.subscriber import OPERATION_ID, Opening, write_openings
from tests.benchmarks.processes import Command, free_port, serving

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ACCEPT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = b"sec-websocket-key: "
MESSAGE_BYTES = 560
MESSAGE = orjson.dumps(
    {
        "id": OPERATION_ID,
        "type": "next",
        "payload": {"data": {"feedChanged": {"post": {"id": "0", "body": "x" * MESSAGE_BYTES}}}},
    }
)
MODULE = "tests.benchmarks.live.limit"
EVENTS = 300
NS = 1e9


@dataclass(frozen=True, slots=True)
class Limit:
    """What the client took, and what it could take if the server were faster still."""

    per_second: float
    per_busy_second: float


class Writer(asyncio.Protocol):
    """Answers what a subscriber says; a plain request makes it write to everybody."""

    def __init__(self, everybody: list[asyncio.Transport]) -> None:
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._is_upgraded = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        data = self._rest + data
        if not self._is_upgraded:
            head, end, data = data.partition(HEAD_END)
            if not end:
                self._rest = head
                return
            if head.startswith(b"POST"):
                self._task = asyncio.create_task(self._write(int(head.split(b" ")[1][1:])))
                return
            self._upgrade(head)
        at = 0
        while (found := bounds(data[: at + 1] + _unmasked_length(data, at), at)) is not None:
            start, end_at = found[0] + len(MASK), found[1] + len(MASK)
            if end_at > len(data):
                break
            self._message(orjson.loads(data[start:end_at]))
            at = end_at
        self._rest = data[at:]

    def _upgrade(self, head: bytes) -> None:
        assert self._transport is not None
        line = next(each for each in head.split(b"\r\n") if each.lower().startswith(KEY))
        digest = hashlib.sha1(line[len(KEY) :].strip() + ACCEPT, usedforsecurity=False).digest()
        self._is_upgraded = True
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: " + SUBPROTOCOL.encode() + b"\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + HEAD_END
        )

    def _message(self, message: Any) -> None:
        assert self._transport is not None
        if message["type"] == "connection_init":
            self._transport.write(server_frame(b'{"type":"connection_ack"}'))
        elif message["type"] == "subscribe":
            self._everybody.append(self._transport)

    async def _write(self, events: int) -> None:
        frame = server_frame(MESSAGE)
        for _ in range(events):
            for transport in self._everybody:
                transport.write(frame)
            # Each event is sent by itself, so that the client is woken for every message.
            await asyncio.sleep(0)
        assert self._transport is not None
        self._transport.write(b"HTTP/1.1 204 No Content" + HEAD_END)


def _unmasked_length(data: bytes, at: int) -> bytes:
    """The frame after its first byte, as if it were a server's."""
    return bytes((data[at + 1] & 0x7F,)) + data[at + 2 : at + 10] if len(data) > at + 1 else b""


async def client_limit(subscribers: int, directory: Path) -> Limit:
    """Measure it, with so many subscribers."""
    port = free_port()
    command = Command((sys.executable, "-m", MODULE), ROOT, {"BENCH_PORT": str(port)})
    log = directory / "limit.log"
    async with serving(command, name="limit", port=port, log=log), driven() as client:
        return await _measure(client, port, subscribers, directory)


async def _measure(client: Driven, port: int, subscribers: int, directory: Path) -> Limit:
    file = write_openings(directory / "limit", [Opening({}, None, "subscription { x }", {})])
    opened = await client.do("open", port=port, file=str(file), count=subscribers)
    require_faultless("limit", opened)
    # Subscribed is who was counted in; the last message of each may still be on its way.
    await asyncio.sleep(0.5)
    await client.do("begin")
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /{EVENTS} HTTP/1.1".encode() + HEAD_END)
    found = await client.do("arrive", messages=EVENTS * subscribers, seconds=60)
    writer.close()
    require_faultless("limit", found)
    seconds = (found["last_ns"] - found["first_ns"]) / NS
    return Limit(found["received"] / seconds, found["received"] / found["busy_seconds"])


async def serve() -> None:
    """Serve until stopped."""
    allow_many_files()
    everybody: list[asyncio.Transport] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Writer(everybody), "127.0.0.1", int(os.environ["BENCH_PORT"]), backlog=4096
    )
    await server.serve_forever()


async def main() -> None:
    """Serve when a port is given, else measure."""
    if "BENCH_PORT" in os.environ:
        await serve()
        return
    with TemporaryDirectory() as directory:
        for subscribers in (1_000, 5_000):
            found = await client_limit(subscribers, Path(directory))
            print(  # noqa: T201 - what it is for
                f"{subscribers:,} subscribers: {found.per_second:,.0f} messages/s;"
                f" {found.per_busy_second:,.0f} in a second of the client's own processor time"
            )


if __name__ == "__main__":
    uvloop.run(main())
