"""The schema `bench_peers`: the functions that the peers share, while they are measured."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.benchmarks.tools import PEERS

SCHEMA = "bench_peers"
FUNCTIONS = PEERS / "functions.sql"


@asynccontextmanager
async def peers_schema(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Make the schema, give a connection, and drop both."""
    functions = FUNCTIONS.read_text(encoding="utf-8")
    connection = await asyncpg.connect(dsn)
    try:
        # One of a run that was killed may still be there.
        await connection.execute(f"drop schema if exists {SCHEMA} cascade")
        try:
            await connection.execute(functions)
            yield connection
        finally:
            await connection.execute(f"drop schema if exists {SCHEMA} cascade")
    finally:
        await connection.close()
