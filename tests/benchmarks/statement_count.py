"""How many statements one authenticated read costs, counted by Postgres itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import asyncpg
import httpx2

from tests.benchmarks.operations import Operation
from tests.benchmarks.peers_schema import SCHEMA
from tests.benchmarks.servers import Server
from tests.benchmarks.world import Case

REQUESTS = 20
EXTENSION = "pg_stat_statements"

CALLS = """
select coalesce(sum(calls), 0)::bigint from {schema}.pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
  and query not like '%pg_stat_statements%'
"""


async def statements_per_request(
    connection: asyncpg.Connection,
    servers: Mapping[Server, int],
    operations: Sequence[Operation],
    cases: Sequence[Case],
) -> dict[str, dict[str, float]] | None:
    """Give server -> operation -> statements a request; None if Postgres does not count them.

    Nobody else may use the database meanwhile.
    """
    schema = await counting(connection)
    if schema is None:
        return None
    counts: dict[str, dict[str, float]] = {}
    calls = CALLS.format(schema=schema)
    async with httpx2.AsyncClient(timeout=30) as client:
        for server, port in servers.items():
            counts[server.name] = {}
            for operation in operations:
                before = await connection.fetchval(calls)
                for turn in range(REQUESTS):
                    ask = server.ask(operation, cases[turn % len(cases)])
                    url = f"http://127.0.0.1:{port}/graphql"
                    await client.post(url, content=ask.body, headers=ask.headers)
                after = await connection.fetchval(calls)
                counts[server.name][operation.name] = (after - before) / REQUESTS
    return counts


async def counting(connection: asyncpg.Connection) -> str | None:
    """The schema of the extension that counts, made within ours if it is not there yet."""
    preloaded = await connection.fetchval("show shared_preload_libraries")
    if EXTENSION not in preloaded:
        return None
    found: str | None = await connection.fetchval(
        "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
        " where e.extname = $1",
        EXTENSION,
    )
    if found is None:
        # Goes when the schema goes.
        await connection.execute(f"create extension {EXTENSION} schema {SCHEMA}")
        found = SCHEMA
    return found
