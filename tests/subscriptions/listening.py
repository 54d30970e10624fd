"""A bus as tests use it: where it is, how it breaks, and who listens."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from urllib.parse import urlsplit

import asyncpg
from typing_extensions import override

from subscriptions.bus import Bus, open_bus
from tests.nats_server import NatsServer
from tests.subscriptions.tunnel import Tunnel, postgres_target, through, tunnel


class Place(ABC):
    """Where a bus runs, and how that breaks."""

    def __init__(self, dsn: str, nats_url: str | None) -> None:
        self.dsn = dsn
        self.nats_url = nats_url

    def open(self) -> Bus:
        """Give a bus there."""
        return open_bus(self.dsn, self.nats_url)

    @abstractmethod
    async def stop(self) -> None:
        """Break all connections, and let nobody in any more."""

    @abstractmethod
    async def start(self) -> None:
        """Let everybody in again."""

    @abstractmethod
    def tunnelled(self) -> AbstractAsyncContextManager[tuple[Bus, Tunnel]]:
        """Give a bus there by way of a tunnel."""


class PostgresPlace(Place):
    """A database of a server on which others go on."""

    def __init__(self, dsn: str, server: str) -> None:
        super().__init__(dsn, None)
        self.server = server
        self.name = urlsplit(dsn).path.removeprefix("/")

    @override
    async def stop(self) -> None:
        await self._allow("false")
        await self._execute(
            f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{self.name}'"
        )

    @override
    async def start(self) -> None:
        await self._allow("true")

    @override
    @asynccontextmanager
    async def tunnelled(self) -> AsyncIterator[tuple[Bus, Tunnel]]:
        async with tunnel(postgres_target(self.dsn)) as dug:
            yield open_bus(through(self.dsn, dug), None), dug

    async def _allow(self, allowed: str) -> None:
        await self._execute(f"alter database {self.name} with allow_connections {allowed}")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class NatsPlace(Place):
    """A NATS of its own; the database only gives the name."""

    def __init__(self, dsn: str, server: NatsServer) -> None:
        super().__init__(dsn, server.url)
        self.server = server

    @override
    async def stop(self) -> None:
        self.server.kill()

    @override
    async def start(self) -> None:
        await self.server.start()

    @override
    @asynccontextmanager
    async def tunnelled(self) -> AsyncIterator[tuple[Bus, Tunnel]]:
        async with tunnel(("127.0.0.1", self.server.port)) as dug:
            yield open_bus(self.dsn, f"nats://127.0.0.1:{dug.port}"), dug


class Ears:
    """What is woken: keeps when it was called."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._heard = asyncio.Event()

    def __call__(self) -> None:
        self.times.append(time.monotonic())
        self._heard.set()

    async def hear(self, within: float = 5.0) -> None:
        """Wait until called, since it was last waited for."""
        async with asyncio.timeout(within):
            await self._heard.wait()
        self._heard.clear()

    async def rest(self, seconds: float = 0.1) -> None:
        """Wait until nothing comes any more, and begin anew."""
        count = -1
        while count != len(self.times):
            count = len(self.times)
            await asyncio.sleep(seconds)
        self.times.clear()
        self._heard.clear()


@asynccontextmanager
async def running(bus: Bus, ears: Ears | None = None) -> AsyncIterator[Ears]:
    """Run a bus for the block and give who is woken by it, connected."""
    ears = ears or Ears()
    task = asyncio.create_task(bus.run(ears))
    try:
        await ears.hear()
        await ears.rest()
        yield ears
    finally:
        await cancel(task)


async def cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task; it is done then."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
