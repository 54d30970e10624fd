"""WebSocket frames that are made once and written to many sockets.

uvicorn sends a message through its queue of events, its protocol's state and a copy each. For the
same message to a thousand clients only the id of each client's operation differs, and many share
even that: such a frame is written to the transport as it is (RFC 6455, section 5.2: a server's
frame has no mask, so the same bytes serve everybody).
"""

from __future__ import annotations

import random
import struct

from starlette.types import Scope
from typing_extensions import override
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

# In the scope's extensions: the connection's `FrameProtocol`.
EXTENSION = "commons.frames"
FINAL_TEXT = b"\x81"
SHORT_MAX, MEDIUM_MAX = 125, 0xFFFF
# A client that leaves so many bytes unread has stopped reading.
UNREAD_MAX = 512 * 1024
SLOW_CONSUMER = 4413
SLOW_REASON = "SLOW_CONSUMER: subscribe again with the cursor of the last event"
SERVICE_RESTART = 1012
# Whoever does not take the close frame in this time is cut off.
CLOSING_SECONDS = 5.0
RETRY_MIN_MS, RETRY_MAX_MS = 100, 5_000


def text_frame(message: bytes) -> bytes:
    """Give the frame of a whole text message."""
    length = len(message)
    if length <= SHORT_MAX:
        head = struct.pack("!B", length)
    elif length <= MEDIUM_MAX:
        head = struct.pack("!BH", 126, length)
    else:
        head = struct.pack("!BQ", 127, length)
    return b"".join((FINAL_TEXT, head, message))


class FrameProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also writes frames that are ready and says goodbye with advice."""

    @override
    async def run_asgi(self) -> None:
        self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]
        # A server that ends has answers say `Connection: close`; a handshake says `Upgrade`.
        self.default_headers = [each for each in self.default_headers if each[0] != b"connection"]
        await super().run_asgi()
        if not self.disconnected:
            self._cut_off_after(self.close_timeout + CLOSING_SECONDS)

    def write_frame(self, frame: bytes) -> None:
        """Write a frame, unless the connection is closing; end one whose client does not read."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.transport.write(frame)
        if self.transport.get_write_buffer_size() > UNREAD_MAX:
            self.end(SLOW_CONSUMER, SLOW_REASON)

    def end(self, code: int, reason: str) -> None:
        """Close from our side without waiting for anything that is still to be written."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSING_SECONDS, self.transport.abort)

    @override
    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._cut_off_after(CLOSING_SECONDS)

    @override
    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        self._cut_off_after(CLOSING_SECONDS)

    @override
    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self._cut_off_after(CLOSING_SECONDS)

    @override
    def shutdown(self) -> None:
        # Everybody at once would be more than the next server can take.
        if self.handshake_complete and not self.close_sent:
            delay = random.randint(RETRY_MIN_MS, RETRY_MAX_MS)  # noqa: S311 - no secret
            self.end(SERVICE_RESTART, f"Restarting: connect again in {delay} ms")
        else:
            super().shutdown()
            self._cut_off_after(CLOSING_SECONDS)

    def _cut_off_after(self, seconds: float) -> None:
        """Leave a client that does not read so long. Closing alone waits for it for ever."""
        self.loop.call_later(seconds, self.transport.abort)


class NextFrames:
    """The frames of the message at hand, by operation id: made once for all who chose the same."""

    def __init__(self) -> None:
        self._payload = b""
        self._frames: dict[bytes, bytes] = {}

    def of(self, operation: bytes, payload: bytes) -> bytes:
        """Give the frame with which an operation, its id in JSON, is told a payload."""
        if payload is not self._payload:
            self._payload = payload
            self._frames = {}
        frame = self._frames.get(operation)
        if frame is None:
            message = (b'{"id":', operation, b',"type":"next","payload":', payload, b"}")
            frame = self._frames[operation] = text_frame(b"".join(message))
        return frame


def frames_of(scope: Scope) -> FrameProtocol | None:
    """Give what writes frames for a connection; None under another server."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, FrameProtocol) else None
