"""Connections: the pool for compiled reads, and the URL form that SQLAlchemy wants."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.engine import URL, make_url

# Plans are bounded on our side (schema.engine.plans); about 73 KB a statement and connection.
STATEMENTS_PER_CONNECTION = 150
# Of the connections of a pool, the share for statements that are planned anew each time. With two
# of eight, searches waited for each other: 179 a second instead of 421 in pgbench.
PLANNING_SHARE = 0.5
# Longest wait for a free connection.
ACQUIRE_SECONDS = 5.0
# Longest wait for a server that should have given up a statement and does not say so.
SILENCE_SECONDS = 2.0


def sqlalchemy_url(dsn: str) -> URL:
    """Give the DSN in the form that SQLAlchemy's asyncpg dialect takes, socket directories included."""
    return make_url(dsn).set(drivername="postgresql+asyncpg")


class ReadPool:
    """Where compiled reads run: two pools with the same settings but one.

    Postgres plans a prepared statement for values it does not know after five runs. That is right
    for look-ups by key and saves 1 to 3 ms. It is wrong for patterns: the share of names that
    contain an unknown text is taken as tiny (measured: 50,000 people, "an": 770 ms instead of
    40 ms). Statements with patterns therefore run where each execution is planned for its values.
    """

    def __init__(self, pool: asyncpg.Pool, planning: asyncpg.Pool) -> None:
        self._pool = pool
        self._planning = planning

    async def fetch(
        self, query: str, *arguments: Any, plan_for_values: bool = False
    ) -> list[asyncpg.Record]:
        """Run a statement and give its rows.

        Raises:
            TimeoutError: No connection came free in time; more waiting would only grow the queue.
        """
        pool = self._planning if plan_for_values else self._pool
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetch(query, *arguments)

    async def fetchval(self, query: str, *arguments: Any) -> Any:
        """Run a statement and give the first value of its first row."""
        return await self._pool.fetchval(query, *arguments)

    def acquire(self) -> Any:
        """Borrow a connection for a while: `async with pool.acquire() as connection`."""
        return self._pool.acquire()

    async def close(self) -> None:
        """Close all connections, when what runs on them is done."""
        await asyncio.gather(self._pool.close(), self._planning.close())


async def open_pool(
    dsn: str, *, name: str, size: int = 8, statement_timeout_ms: int = 10_000
) -> ReadPool:
    """Open pools of `size` connections together, whose sessions speak UTC and never JIT.

    A statement that takes longer than `statement_timeout_ms` is given up. Connections are handed
    back without `RESET ALL`: a read changes no session state, and the reset is a round trip of its
    own (measured 5 to 8 % of a feed request).
    """
    planning = max(1, round(size * PLANNING_SHARE))
    settings = {
        "application_name": name,
        "jit": "off",
        "statement_timeout": str(statement_timeout_ms),
        "timezone": "UTC",
    }
    general = await _open(dsn, max(1, size - planning), settings)
    try:
        planned = await _open(dsn, planning, {**settings, "plan_cache_mode": "force_custom_plan"})
    except BaseException:
        await general.close()
        raise
    return ReadPool(general, planned)


async def _open(dsn: str, size: int, settings: dict[str, str]) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        statement_cache_size=STATEMENTS_PER_CONNECTION,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        reset=_keep_session,
        server_settings=settings,
        # The server ends a slow statement itself; this is for one that no longer says anything.
        command_timeout=int(settings["statement_timeout"]) / 1000 + SILENCE_SECONDS,
    )


async def _keep_session(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
    """Leave the session as it is; only compiled reads use these pools."""
