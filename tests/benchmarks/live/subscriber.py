"""One subscriber: opens a WebSocket, subscribes, and counts what comes with as little work as may be."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns
from typing import Any, cast

import orjson
from typing_extensions import override

from tests.benchmarks.live.frames import (
    CLOSE,
    HEAD_END,
    MEDIUM,
    PING,
    PONG,
    SHORT_MAX,
    SWITCHING,
    TEXT,
    bounds,
    client_frame,
    upgrade_request,
)
from tests.benchmarks.live.tally import Tally

PATH = "/graphql"
OPERATION_ID = "1"
NEXT = b'"next"'
# Where the type of a message stands; its payload may be long.
TYPE_WITHIN = 64
INIT = "connection_init"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a subscriber sends to begin: headers, the payload of `connection_init`, the operation."""

    headers: Mapping[str, str]
    init: Mapping[str, Any] | None
    query: str
    variables: Mapping[str, Any]

    def init_message(self) -> bytes:
        """The first message."""
        message: dict[str, Any] = {"type": INIT}
        if self.init is not None:
            message["payload"] = self.init
        return orjson.dumps(message)

    def subscribe_message(self) -> bytes:
        """The second."""
        payload = {"query": self.query, "variables": self.variables}
        return orjson.dumps({"id": OPERATION_ID, "type": "subscribe", "payload": payload})


def write_openings(path: Path, openings: Sequence[Opening]) -> Path:
    """Write what subscribers begin with, one a line."""
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in openings))
    return path


def read_openings(path: Path) -> list[Opening]:
    """Read what was written so."""
    return [Opening(**orjson.loads(line)) for line in path.read_bytes().splitlines()]


class Subscriber(asyncio.Protocol):
    """A connection that has subscribed when `ready` is done.

    A message counts without being read: its frame's header and the word "next" near its beginning
    are all that is looked at. Short frames and control frames are read.
    """

    def __init__(self, port: int, opening: Opening, tally: Tally) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.last: Any = None
        self.is_open = False
        self._port = port
        self._opening = opening
        self._tally = tally
        self._rest = b""
        self._is_upgraded = False
        self._count = 0
        self._transport: asyncio.Transport | None = None

    def begin(self) -> None:
        """Count from zero; together with the tally's `begin`."""
        self._count = 0

    def leave(self, *, politely: bool = True) -> None:
        """Close; abruptly as a lost network does, or with a close frame."""
        self.is_open = False
        if self._transport is None or self._transport.is_closing():
            return
        if politely:
            self._transport.write(client_frame(b"\x03\xe8", CLOSE))
            self._transport.close()
        else:
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none by inheritance.
        self._transport = transport = cast("asyncio.Transport", transport)
        self.is_open = True
        transport.write(upgrade_request(self._port, PATH, self._opening.headers))

    @override
    def connection_lost(self, error: Exception | None) -> None:
        if self.is_open:
            self.is_open = False
            self._fail(f"closed by the server ({error or 'no reason'})")

    @override
    def data_received(self, data: bytes) -> None:
        now = monotonic_ns()
        if self._rest:
            data = self._rest + data
            self._rest = b""
        at = 0
        if not self._is_upgraded:
            at = self._upgraded(data)
            if not at:
                return
        size = len(data)
        while size - at >= 2:
            # The commonest frame by hand: 126 to 65,535 bytes.
            if data[at + 1] == MEDIUM and size - at >= 4:
                start = at + 4
                end = start + (data[at + 2] << 8 | data[at + 3])
            else:
                found = bounds(data, at)
                if found is None:
                    break
                start, end = found
            if end > size:
                break
            if (
                data[at] == TEXT
                and end - start > SHORT_MAX
                and data.find(NEXT, start, start + TYPE_WITHIN) >= 0
            ):
                self._next(data, start, end, now)
            else:
                self._other(data[at], data[start:end])
            at = end
        if at < size:
            self._rest = data[at:]

    def arrived(self, message: bytes) -> None:
        """Read a message, while checking."""
        self.last = orjson.loads(message)

    def _next(self, data: bytes, start: int, end: int, now: int) -> None:
        tally = self._tally
        if tally.is_checking:
            self.arrived(data[start:end])
            return
        count = self._count
        self._count = count + 1
        if count == len(tally.arrivals):
            tally.arrivals.append(array("q"))
        tally.arrivals[count].append(now)
        tally.bytes += end - start

    def _upgraded(self, data: bytes) -> int:
        """Where frames begin, once the answer to the upgrade is here and is a yes."""
        end = data.find(HEAD_END)
        if end < 0:
            self._rest = data
            return 0
        if not data.startswith(SWITCHING):
            self._fail(f"no WebSocket: {data[:200]!r}")
            self.leave(politely=False)
            return 0
        self._is_upgraded = True
        self._send(self._opening.init_message())
        return end + len(HEAD_END)

    def _other(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self._send(payload, PONG)
        elif kind == CLOSE:
            self._fail(f"closed: {payload!r}")
            self.leave(politely=False)
        elif kind == TEXT:
            self._message(payload)
        elif kind != PONG:
            self._fail(f"a frame of kind {kind:#x}, which a client of this protocol refuses")

    def _message(self, payload: bytes) -> None:
        message = orjson.loads(payload)
        match message["type"]:
            case "connection_ack":
                self._send(self._opening.subscribe_message())
                if not self.ready.done():
                    self.ready.set_result(None)
            case "ping":
                self._send(b'{"type":"pong"}')
            case "pong":
                pass
            case _:
                self._fail(payload.decode())

    def _send(self, payload: bytes, kind: int = TEXT) -> None:
        assert self._transport is not None
        self._transport.write(client_frame(payload, kind))

    def _fail(self, text: str) -> None:
        self._tally.fault(text)
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(text))


async def subscribe(subscriber: Subscriber, port: int, *, seconds: float = 30) -> None:
    """Connect and subscribe.

    Raises:
        OSError: It is refused, or takes longer.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds):
        await loop.create_connection(lambda: subscriber, "127.0.0.1", port)
        await subscriber.ready
