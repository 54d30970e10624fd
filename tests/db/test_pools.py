"""Connections go from one read to the next, nobody waits for ever, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from db import pools
from db.pools import ReadPool, open_pool

# What asyncpg makes of a connection that is cut depends on how far the news has come.
CUT = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
SELF = "select pg_backend_pid() from pg_sleep(0.005)"


@pytest.fixture
async def pool(world: str) -> AsyncIterator[ReadPool]:
    opened = await open_pool(world, name="commons-test", size=4)
    yield opened
    await opened.close()


async def test_many_reads_share_the_connections_there_are(pool: ReadPool) -> None:
    pids = await asyncio.gather(*(pool.fetchval(SELF) for _ in range(30)))
    assert len(set(pids)) == 2


async def test_both_pools_plan_as_they_should(pool: ReadPool) -> None:
    mode = "show plan_cache_mode"
    assert (await pool.fetch(mode))[0][0] == "force_generic_plan"
    assert (await pool.fetch(mode, plan_for_values=True))[0][0] == "force_custom_plan"


async def test_whoever_waits_too_long_is_told(
    pool: ReadPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "ACQUIRE_SECONDS", 0.05)
    async with pool.acquire(), pool.acquire():
        with pytest.raises(TimeoutError):
            await pool.fetchval(SELF)
    assert await pool.fetchval(SELF)


async def test_readers_who_give_up_take_no_connection_with_them(pool: ReadPool) -> None:
    for delay in (0, 0.001, 0.004, 0.005, 0.006, 0.011):
        readers = [asyncio.create_task(pool.fetchval(SELF)) for _ in range(12)]
        await asyncio.sleep(delay)
        for reader in readers[::2]:
            reader.cancel()
        answers = await asyncio.gather(*readers, return_exceptions=True)
        assert all(isinstance(answer, int) for answer in answers[1::2])
    async with pool.acquire(), pool.acquire():
        pass


async def test_a_connection_that_is_cut_is_replaced(pool: ReadPool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        waiting = [asyncio.create_task(pool.fetchval(SELF)) for _ in range(4)]
        await asyncio.sleep(0)
        cut = await one.fetchval("select pg_backend_pid()")
        await other.execute("select pg_terminate_backend($1)", cut)
        with pytest.raises(CUT):
            await one.fetchval("select 1")
    pids = await asyncio.gather(*waiting)
    assert cut not in pids


async def test_a_mistaken_statement_costs_no_connection(pool: ReadPool) -> None:
    wrong = (pool.fetch("select 1/0") for _ in range(10))
    answers = await asyncio.gather(*wrong, return_exceptions=True)
    assert {type(answer) for answer in answers} == {asyncpg.DivisionByZeroError}
    async with pool.acquire(), pool.acquire():
        pass


async def test_closing_waits_for_what_runs(world: str) -> None:
    pool = await open_pool(world, name="commons-test", size=2)
    running = [asyncio.create_task(pool.fetchval(SELF)) for _ in range(5)]
    await asyncio.sleep(0.002)
    await asyncio.wait_for(pool.close(), 5)
    answers = await asyncio.gather(*running, return_exceptions=True)
    assert isinstance(answers[0], int)
    assert all(isinstance(answer, int | asyncpg.InterfaceError) for answer in answers)
