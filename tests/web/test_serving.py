"""An answer leaves in one write, and whatever has no body, or a late one, leaves all the same."""

from __future__ import annotations

import asyncio
from typing import cast

from web.connections import JoiningTransport

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Written:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.said: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.said.append(data)

    def close(self) -> None:
        self.said.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.said


def joining() -> tuple[Written, JoiningTransport]:
    written = Written()
    loop = asyncio.get_running_loop()
    return written, JoiningTransport(cast("asyncio.Transport", written), loop)


async def test_head_and_body_are_one_write() -> None:
    written, transport = joining()
    for _ in range(2):
        transport.write(HEAD)
        transport.write(b"body")
    await asyncio.sleep(0)
    assert written.said == [HEAD + b"body"] * 2


async def test_head_without_a_body_leaves_by_itself() -> None:
    written, transport = joining()
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert written.said == [HEAD]
    transport.write(b"later")
    assert written.said == [HEAD, b"later"]


async def test_closing_leaves_nothing_unsent() -> None:
    written, transport = joining()
    transport.write(HEAD)
    transport.close()
    assert written.said == [HEAD, "closed"]
    assert transport.is_closing()
