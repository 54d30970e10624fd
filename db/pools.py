"""Connections: pools for reads and writes, single ones, and the URL form that SQLAlchemy wants."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.engine import URL, make_url

logger = logging.getLogger(__name__)
# Of every session. A statement here is short and many run side by side: compiling it, or starting
# processes to share it, costs more than it brings and takes the processors from the others.
SESSION = {"jit": "off", "max_parallel_workers_per_gather": "0", "timezone": "UTC"}
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


class Lender:
    """Lends the connections of a pool, `size` of them, under load from one read to the next.

    Whoever is done with a connection hands it to the one who waits longest, and gives it back to
    the pool when nobody does. So the pool still replaces what is lost and closes what is idle, but
    a busy server does without the tasks and timers of its acquire and release (measured 11 % of
    the CPU time of a feed request in this process).
    """

    def __init__(self, pool: asyncpg.Pool, size: int) -> None:
        self.pool = pool
        self._free = size
        # Each is given a connection, or None: leave to ask the pool for one.
        self._waiting: deque[asyncio.Future[PoolConnectionProxy | None]] = deque()
        self._leaving: set[asyncio.Task[None]] = set()

    async def borrow(self) -> PoolConnectionProxy:
        """Give a connection.

        Raises:
            TimeoutError: None came free in time; more waiting would only grow the queue.
        """
        async with asyncio.timeout(ACQUIRE_SECONDS):
            handed = None
            if self._free:
                self._free -= 1
            else:
                handed = await self._wait()
            if handed is not None:
                return handed
            try:
                return await self.pool.acquire()
            except BaseException:
                self._vacate()
                raise

    async def hand_on(self, connection: PoolConnectionProxy) -> None:
        """Take back a connection whose last statement went well."""
        waiting = self._next()
        if waiting is None:
            await self.give_back(connection)
        else:
            waiting.set_result(connection)

    async def give_back(self, connection: PoolConnectionProxy) -> None:
        """Take back a connection for the pool to look after: it may be cut or busy."""
        try:
            await self.pool.release(connection)
        finally:
            self._vacate()

    def leave(self, connection: PoolConnectionProxy) -> None:
        """Take back a connection whose statement failed, without keeping anybody waiting for it.

        A server that is silent does not even say that it gave the statement up (2.5 s measured).
        """
        task = asyncio.create_task(self.give_back(connection))
        self._leaving.add(task)
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.info("a connection was given up: %r", error)

    async def _wait(self) -> PoolConnectionProxy | None:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[PoolConnectionProxy | None] = loop.create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            # It may have been served in the very moment in which it gave up.
            if waiting.done() and not waiting.cancelled():
                handed = waiting.result()
                if handed is None:
                    self._vacate()
                else:
                    await self.hand_on(handed)
            raise

    def _vacate(self) -> None:
        waiting = self._next()
        if waiting is None:
            self._free += 1
        else:
            waiting.set_result(None)

    def _next(self) -> asyncio.Future[PoolConnectionProxy | None] | None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                return waiting
        return None


class ReadPool:
    """Where compiled reads run: two pools with the same settings but one.

    Most statements are look-ups by key: any values have the same plan, made once for each
    connection. Left to choose, Postgres plans many of them for each execution: it takes a bound
    list for ten elements, finds the plan for the one at hand cheaper, and forgets the 1 to 2 ms of
    planning (bench world, page of an author's posts: 1.5 ms instead of 0.2 ms; people with a skill
    and the deep page: 1.4 and 1.6 times the CPU).

    That is wrong for patterns: the share of names that contain an unknown text is taken as tiny
    (measured: 50,000 people, "an": 770 ms instead of 40 ms). Statements with patterns therefore
    run where each execution is planned for its values.
    """

    def __init__(self, general: Lender, planning: Lender) -> None:
        self._general = general
        self._planning = planning

    async def fetch(
        self, query: str, *arguments: Any, plan_for_values: bool = False
    ) -> list[asyncpg.Record]:
        """Run a statement and give its rows.

        Raises:
            TimeoutError: No connection came free in time.
        """
        lender = self._planning if plan_for_values else self._general
        connection = await lender.borrow()
        try:
            rows = await connection.fetch(query, *arguments)
        except BaseException:
            lender.leave(connection)
            raise
        await lender.hand_on(connection)
        return rows

    async def fetchval(self, query: str, *arguments: Any) -> Any:
        """Run a statement and give the first value of its first row."""
        rows = await self.fetch(query, *arguments)
        return rows[0][0] if rows else None

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[PoolConnectionProxy]:
        """Borrow a connection for a while."""
        connection = await self._general.borrow()
        try:
            yield connection
        finally:
            await self._general.give_back(connection)

    async def close(self) -> None:
        """Close all connections, when what runs on them is done."""
        await asyncio.gather(self._general.pool.close(), self._planning.pool.close())


async def open_pool(
    dsn: str, *, name: str, size: int = 8, statement_timeout_ms: int = 10_000
) -> ReadPool:
    """Open pools of `size` connections together, whose sessions are as `SESSION` says.

    A statement that takes longer than `statement_timeout_ms` is given up. Connections are handed
    back without `RESET ALL`: a read changes no session state, and the reset is a round trip of its
    own (measured 5 to 8 % of a feed request).
    """
    planning = max(1, round(size * PLANNING_SHARE))
    settings = {
        "application_name": name,
        **SESSION,
        "statement_timeout": str(statement_timeout_ms),
    }
    once = {**settings, "plan_cache_mode": "force_generic_plan"}
    anew = {**settings, "plan_cache_mode": "force_custom_plan"}
    general = await _open(dsn, max(1, size - planning), once)
    try:
        planned = await _open(dsn, planning, anew)
    except BaseException:
        await general.pool.close()
        raise
    return ReadPool(general, planned)


async def open_write_pool(
    dsn: str, *, name: str, size: int = 4, statement_timeout_ms: int = 10_000
) -> asyncpg.Pool:
    """Open a pool for transactions on the primary; `jsonb` comes and goes as Python's own types."""
    settings = {
        "application_name": name,
        **SESSION,
        "statement_timeout": str(statement_timeout_ms),
        "idle_in_transaction_session_timeout": "60000",
    }
    return await _pool(dsn, size, settings, init=_read_jsonb)


async def open_connection(dsn: str, *, name: str, connect_seconds: float) -> asyncpg.Connection:
    """Open one connection outside of the pools, for what needs a session of its own, such as LISTEN."""
    return await asyncpg.connect(
        dsn,
        timeout=connect_seconds,
        server_settings={"application_name": name, **SESSION},
    )


async def _read_jsonb(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


async def _open(dsn: str, size: int, settings: dict[str, str]) -> Lender:
    return Lender(await _pool(dsn, size, settings), size)


async def _pool(dsn: str, size: int, settings: dict[str, str], *, init: Any = None) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        statement_cache_size=STATEMENTS_PER_CONNECTION,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        init=init,
        reset=_keep_session,
        server_settings=settings,
        # The server ends a slow statement itself; this is for one that no longer says anything.
        command_timeout=int(settings["statement_timeout"]) / 1000 + SILENCE_SECONDS,
    )


async def _keep_session(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
    """Leave the session as it is: neither reads nor commands change its settings."""
