"""What every test stands on: a real Postgres, databases of its own, a seeded world, a client."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from xdist.remote import Producer

from db import counters, migrating
from db.embedded import EmbeddedPostgres
from db.places import load_places
from db.pools import ReadPool, open_pool
from db.taxonomy import load_taxonomy
from db.world.seeding import Scale, seed
from tests.making import Maker
from tests.scheduling import ByModule


def _silent(_: str) -> None:
    """Progress is for people."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """DSN of a server on which databases may be made: the one that is named, or an embedded one."""
    named = os.environ.get("COMMONS_TEST_SERVER")
    if named:
        yield named
        return
    # Not under pytest's own folder: it is closed to the account that Postgres runs as.
    home = Path(tempfile.mkdtemp(prefix="commons-test-", dir="/tmp"))
    home.chmod(0o755)
    postgres = EmbeddedPostgres(home, on_progress=_silent, fsync=False)
    try:
        yield postgres.start()
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def _database(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Name of a migrated database with the taxonomy and the places, to copy from."""
    name = f"template_{uuid4().hex[:12]}"

    async def make() -> None:
        await _execute(server, f"create database {name}")
        dsn = _database(server, name)
        await migrating.upgrade(dsn)
        connection = await asyncpg.connect(dsn)
        try:
            await load_taxonomy(connection)
            await load_places(connection)
        finally:
            await connection.close()

    asyncio.run(make())
    yield name
    asyncio.run(_execute(server, f"drop database if exists {name} with (force)"))


@pytest.fixture(scope="session")
def world(server: str, template: str) -> Iterator[str]:
    """DSN of the small sample world. Tests only read it."""
    name = f"world_{uuid4().hex[:12]}"
    dsn = _database(server, name)

    async def make() -> None:
        await _execute(server, f"create database {name} template {template}")
        await seed(dsn, scale=Scale.SMALL, on_progress=_silent)

    asyncio.run(make())
    yield dsn
    asyncio.run(_execute(server, f"drop database if exists {name} with (force)"))


@pytest.fixture
async def scratch_database(server: str, template: str) -> AsyncIterator[str]:
    """DSN of a migrated database with the taxonomy and nothing else, for one test."""
    name = f"scratch_{uuid4().hex[:12]}"
    await _execute(server, f"create database {name} template {template}")
    try:
        yield _database(server, name)
    finally:
        await _execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module")
def module_database(server: str, template: str) -> Iterator[str]:
    """DSN of a database as `scratch_database` gives, for all tests of a module."""
    name = f"module_{uuid4().hex[:12]}"
    asyncio.run(_execute(server, f"create database {name} template {template}"))
    yield _database(server, name)
    asyncio.run(_execute(server, f"drop database if exists {name} with (force)"))


@pytest.fixture
async def empty_database(server: str) -> AsyncIterator[str]:
    """DSN of a database without a single table, for one test."""
    name = f"empty_{uuid4().hex[:12]}"
    await _execute(server, f"create database {name}")
    try:
        yield _database(server, name)
    finally:
        await _execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture
async def scratch_connection(scratch_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a scratch database."""
    connection = await asyncpg.connect(scratch_database)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def world_pool(world: str) -> AsyncIterator[ReadPool]:
    """A read pool on the sample world, as the application opens it."""
    pool = await open_pool(world, name="commons-test", size=4)
    try:
        yield pool
    finally:
        await pool.close()


@pytest.fixture(scope="session")
def town(server: str, template: str) -> Iterator[str]:
    """DSN of a database with the taxonomy, in which tests write what they need and leave it."""
    name = f"town_{uuid4().hex[:12]}"
    asyncio.run(_execute(server, f"create database {name} template {template}"))
    yield _database(server, name)
    asyncio.run(_execute(server, f"drop database if exists {name} with (force)"))


@pytest.fixture
async def make(town: str) -> AsyncIterator[Maker]:
    """Makes people and organisations in the town."""
    connection = await asyncpg.connect(town)
    try:
        yield Maker(connection)
        # What a test wrote past the counters is no fault that the next one should find.
        await counters.repair(connection)
    finally:
        await connection.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer | None) -> ByModule:
    """Say which tests go to which process."""
    return ByModule(config, log)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of garbage collections, as a server does (`web.commands`).

    It is 600,000 objects by the end: full collections took 20 of 80 s of a processor in the tests
    of the oracle, and up to 1.6 s of what a single request was said to cost.
    """
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let recorded SQL be written anew after a change that is meant."""
    parser.addoption("--rewrite-golden", action="store_true", help="write the recorded SQL anew")
