"""As much of HTTP and WebSocket (RFC 6455) as a subscriber needs that does nothing else."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Final

SUBPROTOCOL: Final = "graphql-transport-ws"
# First bytes of a frame: final, and its kind.
TEXT: Final = 0x81
CLOSE: Final = 0x88
PING: Final = 0x89
PONG: Final = 0x8A
MASKED: Final = 0x80
SHORT_MAX: Final = 125
MEDIUM: Final = 126
LONG: Final = 127
MEDIUM_MAX: Final = 0xFFFF
# All zero, so that a masked payload is the payload itself.
MASK: Final = b"\0\0\0\0"
HEAD_END: Final = b"\r\n\r\n"
SWITCHING: Final = b"HTTP/1.1 101"


def upgrade_request(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    """What asks for a WebSocket; without an offer of compression."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + HEAD_END


def client_frame(payload: bytes, kind: int = TEXT) -> bytes:
    """A frame as clients send it."""
    return bytes((kind,)) + _length(len(payload), MASKED) + MASK + payload


def server_frame(payload: bytes, kind: int = TEXT) -> bytes:
    """A frame as servers send it."""
    return bytes((kind,)) + _length(len(payload), 0) + payload


def bounds(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the server's frame at `at` begins and ends; None if its length is cut off."""
    size = len(data)
    if size - at < 2:
        return None
    length = data[at + 1]
    if length <= SHORT_MAX:
        return at + 2, at + 2 + length
    wide = 2 if length == MEDIUM else 8
    start = at + 2 + wide
    if start > size:
        return None
    return start, start + int.from_bytes(data[at + 2 : start], "big")


def _length(length: int, masked: int) -> bytes:
    if length <= SHORT_MAX:
        return bytes((masked | length,))
    if length <= MEDIUM_MAX:
        return bytes((masked | MEDIUM,)) + length.to_bytes(2, "big")
    return bytes((masked | LONG,)) + length.to_bytes(8, "big")
