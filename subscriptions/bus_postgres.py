"""The bus over Postgres: LISTEN and NOTIFY on a connection of its own.

NOTIFY is not part of the transaction that records: commits with a NOTIFY take one lock of the
whole server, one after the other. A channel belongs to one database, so networks that share a
server do not hear each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from db.pools import open_connection
from subscriptions.bus_lines import Call

CHANNEL = "commons_events"
NAME = "commons-bus"
SAY = f"notify {CHANNEL}"
PROBE = "select 1"
OPEN_SECONDS = 5.0
# Longest wait for an answer; a server that is silent for so long is taken for lost.
SILENCE_SECONDS = 2.0
CLOSE_SECONDS = 1.0


class PostgresLine:
    """A connection that listens, and is not busy otherwise."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def say(self) -> None:
        """Notify all who listen, which includes this connection."""
        await self._execute(SAY)

    async def probe(self) -> None:
        """Have the server answer."""
        await self._execute(PROBE)

    async def _execute(self, statement: str) -> None:
        """Run a statement; one that has no answer in time, or is not waited for, ends the connection.

        asyncpg's own timeout would open a second connection to ask for the end of the statement,
        and wait for that one: minutes, where packets vanish.
        """
        running = asyncio.create_task(self._connection.execute(statement))
        try:
            answered, _ = await asyncio.wait({running}, timeout=SILENCE_SECONDS)
        finally:
            if not running.done():
                self._connection.terminate()
                await asyncio.wait({running})
                # It is known why: nobody need be told that nobody asked.
                running.exception()
        if not answered:
            raise TimeoutError(f"no answer in {SILENCE_SECONDS} s")
        await running


@asynccontextmanager
async def postgres_line(dsn: str, wake: Call, stir: Call) -> AsyncIterator[PostgresLine]:
    """Give a line over Postgres, listening."""
    connection = await open_connection(dsn, name=NAME, connect_seconds=OPEN_SECONDS)
    try:
        connection.add_termination_listener(lambda *_: stir())
        async with asyncio.timeout(OPEN_SECONDS):
            await connection.add_listener(CHANNEL, lambda *_: wake())
        yield PostgresLine(connection)
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            await connection.close(timeout=CLOSE_SECONDS)
