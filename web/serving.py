"""How connections are spoken; how answers leave: head and body in one write."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from starlette.types import Scope
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web.live.frames import FrameProtocol
from web.settings import Settings

HEAD = b"HTTP/1.1 "
# For requests that are being answered when the server is told to stop.
SHUTDOWN_SECONDS = 10
# In the scope's extensions: the connection's `JoiningTransport`.
EXTENSION = "commons.transport"


def protocols(settings: Settings) -> dict[str, Any]:
    """Give uvicorn's options for how connections are spoken."""
    return {
        "http": OneWriteProtocol,
        "ws": FrameProtocol,
        # Compressing each message for each client costs more than all the rest.
        "ws_per_message_deflate": False,
        "ws_max_size": settings.body_limit,
    }


class Stream(Protocol):
    """An answer that goes on: told what happens to its connection."""

    def lost(self) -> None:
        """The client is gone."""
        ...

    def restart(self) -> None:
        """The server goes."""
        ...


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which writes the head of an answer as soon as it knows it.

    The body mostly follows at once. In two writes they cost two system calls here and wake the
    client twice.
    """

    transport: JoiningTransport  # type: ignore[assignment]

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(JoiningTransport(transport, self.loop))  # type: ignore[arg-type]

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self.transport}  # type: ignore[dict-item]

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.transport.writable.set()
        if self.transport.stream is not None:
            self.transport.stream.lost()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.writable.clear()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self.transport.writable.set()

    @override
    def shutdown(self) -> None:
        super().shutdown()
        if self.transport.stream is not None:
            self.transport.stream.restart()


class JoiningTransport:
    """A transport that holds the head of an answer back for what is written right after it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self.stream: Stream | None = None
        self.writable = asyncio.Event()
        self.writable.set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write, or hold back until the event loop goes on to something else."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.startswith(HEAD):
            self._head = data
            self._loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Close when all is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)


def transport_of(scope: Scope) -> JoiningTransport | None:
    """Give what a connection writes to; None under another server."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, JoiningTransport) else None
