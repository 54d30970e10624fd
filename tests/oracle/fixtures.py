"""Fixtures of the oracle's tests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest

from db.pools import open_pool
from resolvers.accounts import hash_secret, issue_token
from schema.build import SDL_FILE, build_schema
from tests.oracle.cast import add_cast
from tests.oracle.changing import Playground
from tests.oracle.graph import Oracle
from tests.oracle.ground import Ground, Stage, database, set_stage
from tests.oracle.running import Compiled


@pytest.fixture(scope="session")
def oracle_stage(server: str, template: str) -> Iterator[Stage]:
    """A database of its own: the sample world cannot be copied while others read it."""
    name = f"oracle_{uuid4().hex[:12]}"
    dsn = database(server, name)
    asyncio.run(_execute(server, f"create database {name} template {template}"))
    try:
        yield asyncio.run(set_stage(dsn))
    finally:
        asyncio.run(_execute(server, f"drop database if exists {name} with (force)"))


@pytest.fixture(scope="session")
async def ground(oracle_stage: Stage) -> AsyncIterator[Ground]:
    """The compiler and the oracle over the same rows."""
    stage = oracle_stage
    pool = await open_pool(stage.dsn, name="commons-oracle", size=1, statement_timeout_ms=30_000)
    try:
        oracle = Oracle(SDL_FILE.read_text(), stage.store)
        ground = Ground(stage, oracle, Compiled(build_schema(), pool))
        # All rows of a world, kept to the end: no garbage collection need look at them.
        gc.collect()
        gc.freeze()
        yield ground
    finally:
        await pool.close()


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def playground(server: str, template: str) -> AsyncIterator[Playground]:
    """The cast alone, in a database of its own."""
    name = f"cursors_{uuid4().hex[:12]}"
    dsn = database(server, name)
    admin = await asyncpg.connect(server)
    await admin.execute(f"create database {name} template {template}")
    try:
        connection = await asyncpg.connect(dsn)
        cast = await add_cast(connection)
        token = await issue_token(connection, cast["person.member"], name="cursors")
        await connection.close()
        pool = await open_pool(dsn, name="commons-cursors", size=2)
        yield Playground(pool, cast, hash_secret(token))
        await pool.close()
    finally:
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.close()
