"""Looking up TXT records, for the proof of a domain."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module

PORT = 53


def txt_lookup(servers: str) -> Callable[[str], Awaitable[Sequence[str]]]:
    """Give a function that gives the TXT records at a name; none when there is no such name.

    `servers` are addresses with commas between them, with a port behind a colon or without; empty
    for those of the system, read at each look-up.
    """
    named = [_server(text.strip()) for text in servers.split(",") if text.strip()]

    async def lookup(name: str) -> Sequence[str]:
        # Not at start-up: dnspython is 1.5 MiB and 50 ms, and domains are proved seldom.
        await asyncio.to_thread(import_module, "web.resolving")
        from web.resolving import txt_records  # noqa: PLC0415

        return await txt_records(name, named)

    return lookup


def _server(text: str) -> tuple[str, int]:
    """Read `9.9.9.9`, `9.9.9.9:5353`, `2620:fe::fe` or `[2620:fe::fe]:5353`.

    Raises:
        ValueError: It is none of these.
    """
    address, port = text, PORT
    if text.startswith("["):
        address, _, after = text[1:].partition("]")
        port = int(after.removeprefix(":") or PORT)
    elif text.count(":") == 1:
        address, _, after = text.partition(":")
        port = int(after)
    return str(ipaddress.ip_address(address)), port
