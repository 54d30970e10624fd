"""A tunnel to a server in which packets can get lost without a word, as on a broken network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

from db.pools import sqlalchemy_url

CHUNK = 65_536


class Tunnel:
    """Passes on what comes in, but for the connections whose packets are swallowed."""

    def __init__(self, target: tuple[str, int] | str) -> None:
        self.target = target
        self.port = 0
        self._opened = 0
        self._swallowed = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def swallow(self) -> None:
        """Pass nothing on any more of the connections there are; new ones work."""
        self._swallowed = self._opened

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect one client."""
        self._opened += 1
        number = self._opened
        if isinstance(self.target, str):
            far_reader, far_writer = await asyncio.open_unix_connection(self.target)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        self._writers |= {writer, far_writer}
        for source, drain in ((reader, far_writer), (far_reader, writer)):
            self._tasks.add(asyncio.create_task(self._pump(number, source, drain)))

    async def _pump(
        self, number: int, source: asyncio.StreamReader, drain: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await source.read(CHUNK):
                if number > self._swallowed:
                    drain.write(data)
                    await drain.drain()
        except OSError:
            pass
        if number > self._swallowed:
            drain.close()

    async def close(self) -> None:
        """Cut all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def tunnel(target: tuple[str, int] | str) -> AsyncIterator[Tunnel]:
    """Give a tunnel to an address or a socket."""
    dug = Tunnel(target)
    server = await asyncio.start_server(dug.connect, "127.0.0.1", 0)
    dug.port = server.sockets[0].getsockname()[1]
    try:
        yield dug
    finally:
        server.close()
        await dug.close()
        await server.wait_closed()


def postgres_target(dsn: str) -> tuple[str, int] | str:
    """Give where the server of a DSN listens."""
    url = sqlalchemy_url(dsn)
    port = url.port or 5432
    folder = url.query.get("host")
    if isinstance(folder, str) and folder.startswith("/"):
        return f"{folder}/.s.PGSQL.{port}"
    return (url.host or "127.0.0.1", port)


def through(dsn: str, dug: Tunnel) -> str:
    """Give the DSN by way of the tunnel."""
    parts = urlsplit(dsn)
    account = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{account}@127.0.0.1:{dug.port}", query=""))
