"""Serving the application until a signal comes; how its connections are spoken."""

from __future__ import annotations

from typing import Any

from web.connections import OneWriteProtocol
from web.live.frames import FrameProtocol
from web.settings import Settings

# For requests that are being answered when the server is told to stop.
SHUTDOWN_SECONDS = 10


def protocols(settings: Settings) -> dict[str, Any]:
    """Give uvicorn's options for how connections are spoken."""
    return {
        "http": OneWriteProtocol,
        "ws": FrameProtocol,
        # Compressing each message for each client costs more than all the rest.
        "ws_per_message_deflate": False,
        "ws_max_size": settings.body_limit,
    }
