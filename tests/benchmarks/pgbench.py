"""The limit: our own compiled statement from pgbench, without any server of ours in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import asyncpg

from tests.benchmarks.compiled import Statement, same_sql
from tests.benchmarks.load import Measured
from tests.benchmarks.peers_schema import SCHEMA
from tests.benchmarks.postgres import libpq_environment, pgbench_program
from tests.benchmarks.processes import BenchmarkError, output_of

# pgbench cannot hold a hundred viewers in variables, so each client looks one up in a table, and
# only every so often, that the look-up (which counts as no transaction) costs next to nothing.
STATEMENTS_PER_VIEWER = 50
PARAMETER = re.compile(r"\$(\d+)")
# Ids, enum values and numbers: nothing that needs quoting.
PLAIN = re.compile(r"[A-Za-z0-9_-]+")
LITERAL = re.compile(r"'(?:[^']|'')*'")
THREADS = 2
# Its connections are new each time, and know no catalogue and no plan.
SETTLING_SECONDS = 1
SETTINGS = "-c jit=off -c TimeZone=UTC"


@dataclass(frozen=True, slots=True)
class Script:
    """A pgbench script on disk."""

    path: Path
    plan_for_values: bool


async def write_script(
    connection: asyncpg.Connection, operation: str, statements: Sequence[Statement], directory: Path
) -> Script:
    """Write the script of one operation, and its arguments, one row a viewer, into a table."""
    table = f"{SCHEMA}.arguments_{operation}"
    columns = [f"a{index}" for index in range(1, len(statements[0].arguments) + 1)]
    declared = ", ".join(f"{column} text" for column in columns)
    await connection.execute(f"create table {table} (n integer primary key, {declared})")
    rows = [
        (index, *(as_text(value) for value in statement.arguments))
        for index, statement in enumerate(statements)
    ]
    marks = ", ".join(f"${index}" for index in range(1, len(columns) + 2))
    await connection.executemany(f"insert into {table} values ({marks})", rows)
    await connection.execute(f"analyze {table}")
    sql = PARAMETER.sub(r":a\1", without_colons(same_sql(statements)))
    path = directory / f"{operation}.pgbench"
    path.write_text(
        f"\\set turn (:turn + 1) % {STATEMENTS_PER_VIEWER}\n"
        "\\if :turn = 1\n"
        f"\\set n random(0, {len(rows) - 1})\n"
        f"select {', '.join(columns)} from {table} where n = :n \\gset\n"
        "\\endif\n"
        f"{sql};\n",
        encoding="utf-8",
    )
    return Script(path, statements[0].plan_for_values)


async def run_script(
    dsn: str, script: Script, *, seconds: int, connections: int, directory: Path
) -> Measured:
    """Run a script prepared, on as many connections as our pool has.

    Raises:
        BenchmarkError: pgbench fails, or nothing came to its end.
    """
    # As our pool runs it.
    plans = "custom" if script.plan_for_values else "generic"
    logs = Path(mkdtemp(dir=directory))
    await output_of(
        pgbench_program(),
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={connections}",
        f"--jobs={min(THREADS, connections)}",
        f"--time={seconds + SETTLING_SECONDS}",
        "--define=turn=0",
        f"--file={script.path}",
        "--log",
        f"--log-prefix={logs / 'latency'}",
        environment={
            **libpq_environment(dsn),
            "PGOPTIONS": f"{SETTINGS} -c plan_cache_mode=force_{plans}_plan",
        },
    )
    times = _latencies_ms(logs)
    if not times:
        raise BenchmarkError(f"pgbench ran nothing of {script.path.name} in {seconds} s.")
    return Measured(
        requests=len(times),
        per_second=len(times) / seconds,
        p50_ms=times[len(times) // 2],
        p99_ms=times[int(len(times) * 0.99)],
        errors=0,
    )


def _latencies_ms(logs: Path) -> list[float]:
    # A line of the log: client, transaction, microseconds, script, and when (seconds, micros).
    lines = [line.split() for file in logs.iterdir() for line in file.read_text().splitlines()]
    ends = [int(line[4]) + int(line[5]) / 1e6 for line in lines]
    settled = min(ends, default=0.0) + SETTLING_SECONDS
    return sorted(
        int(line[2]) / 1_000 for line, end in zip(lines, ends, strict=True) if end >= settled
    )


def as_text(value: object) -> str | None:
    """A value in the text form of Postgres."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join(_element(item) for item in value) + "}"
    return str(value)


def _element(value: object) -> str:
    text = as_text(value)
    if text is None:
        return "NULL"
    if not PLAIN.fullmatch(text):
        raise BenchmarkError(f"{text!r} cannot stand in an array unquoted.")
    return text


def without_colons(sql: str) -> str:
    """Write literals with a colon in them otherwise: pgbench takes `:name` for its own variable."""

    def split(found: re.Match[str]) -> str:
        literal = found[0]
        if not re.search(r":[A-Za-z0-9_]", literal):
            return literal
        return "(" + literal.replace(":", "' || chr(58) || '") + ")"

    return LITERAL.sub(split, sql)
