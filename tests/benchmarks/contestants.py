"""Everything that is loaded in turn: the servers, and pgbench as the limit of the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from schema.build import build_schema
from tests.benchmarks.compiled import compiled_statement
from tests.benchmarks.load import Measured, load, write_requests
from tests.benchmarks.operations import OPERATIONS, Operation
from tests.benchmarks.pgbench import run_script, write_script
from tests.benchmarks.plan import Plan
from tests.benchmarks.servers import Server, our_variables
from tests.benchmarks.throughput import Run
from tests.benchmarks.world import Case

LIMIT = "pgbench"


def server_run(
    server: Server, port: int, cases: Sequence[Case], plan: Plan, directory: Path
) -> Run:
    """Load a server with an operation, all viewers in turn."""
    files = {
        operation.name: write_requests(
            directory / f"{server.name}-{operation.name}",
            [server.ask(operation, case) for case in cases],
        )
        for operation in OPERATIONS
    }

    async def run(operation: Operation, seconds: int) -> Measured:
        return await load(
            port, files[operation.name], seconds=seconds, connections=plan.connections
        )

    return run


async def limit_run(
    connection: asyncpg.Connection, cases: Sequence[Case], plan: Plan, directory: Path
) -> Run:
    """Run our own statement of an operation from pgbench, for the same viewers.

    Raises:
        BenchmarkError: An operation does not compile to one statement.
    """
    schema = build_schema()
    scripts = {}
    for operation in OPERATIONS:
        statements = [
            await compiled_statement(
                schema, operation.document, our_variables(operation, case), case.token
            )
            for case in cases
        ]
        scripts[operation.name] = await write_script(
            connection, operation.name, statements, directory
        )

    async def run(operation: Operation, seconds: int) -> Measured:
        return await run_script(
            plan.dsn,
            scripts[operation.name],
            seconds=seconds,
            connections=plan.limit_clients,
            directory=directory,
        )

    return run
