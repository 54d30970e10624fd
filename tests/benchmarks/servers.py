"""The servers that are compared: how each is started, and how each is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from schema import prefixes
from tests.benchmarks.operations import Operation
from tests.benchmarks.postgres import libpq_environment
from tests.benchmarks.processes import Command
from tests.benchmarks.tools import NODE, PEERS
from tests.benchmarks.world import Case

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE_SIZE = 20
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: the header that says who asks, and the body."""

    header: str
    value: str
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """All headers."""
        return {**JSON, self.header: self.value}


@dataclass(frozen=True, slots=True)
class Server:
    """One of the servers."""

    name: str
    title: str
    words: tuple[str, ...]
    environment: Callable[[str, int, int], dict[str, str]]
    ask: Callable[[Operation, Case], Ask]
    cwd: Path = ROOT

    def command(self, dsn: str, port: int, pool: int) -> Command:
        """What starts it on this database, at this port, with so many database connections."""
        return Command(self.words, self.cwd, self.environment(dsn, port, pool))


def variables(operation: Operation, case: Case) -> dict[str, Any]:
    """The operation's variables, with ids as the tables have them."""
    found: dict[str, dict[str, Any]] = {
        "feed": {"first": PAGE_SIZE},
        "organisation": {"slug": case.slug},
        "people": {"search": case.search, "skill": str(case.skill)},
        "deep": {},
    }
    return found[operation.name]


def our_variables(operation: Operation, case: Case) -> dict[str, Any]:
    """The same with ids as our graph gives them."""
    found = variables(operation, case)
    if "skill" in found:
        found["skill"] = f"{prefixes.SKILL}_{found['skill']}"
    return found


def ask_ours(operation: Operation, case: Case) -> Ask:
    """Ask as a client with a bearer token does."""
    body = {"query": operation.document, "variables": our_variables(operation, case)}
    return Ask("Authorization", f"Bearer {case.token}", orjson.dumps(body))


def _ask_peer(operation: Operation, case: Case) -> Ask:
    body = {"query": operation.document, "variables": variables(operation, case)}
    return Ask("X-Viewer", str(case.viewer), orjson.dumps(body))


def _ask_postgraphile(operation: Operation, case: Case) -> Ask:
    values = {**variables(operation, case), "viewer": str(case.viewer)}
    if "first" in values:
        # Its page is cut from the function's rows: one more tells whether there is a next page.
        values["page"] = values["first"] + 1
    body = {"query": operation.postgraphile, "variables": values}
    return Ask("X-Viewer", str(case.viewer), orjson.dumps(body))


def our_environment(dsn: str, port: int, pool: int) -> dict[str, str]:
    """What tells our server where it stands."""
    return {
        "DATABASE_URL": dsn,
        "COMMONS_HOST": "127.0.0.1",
        "COMMONS_PORT": str(port),
        "COMMONS_POOL_SIZE": str(pool),
        "COMMONS_WRITE_POOL_SIZE": str(pool),
    }


def peer_environment(dsn: str, port: int, pool: int) -> dict[str, str]:
    """What tells a peer."""
    return {
        **libpq_environment(dsn),
        "BENCH_PORT": str(port),
        "BENCH_POOL": str(pool),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }


def _sessions_environment(dsn: str, port: int, pool: int) -> dict[str, str]:
    return {"DATABASE_URL": dsn, "BENCH_PORT": str(port), "BENCH_POOL": str(pool)}


OURS = Server(
    "ours",
    "Talent Commons",
    (sys.executable, "-m", "web", "serve"),
    our_environment,
    ask_ours,
)
PEER_SERVERS = (
    Server(
        "strawberry_stock",
        "Strawberry, stock (DataLoaders, asyncpg)",
        (sys.executable, "-m", "tests.benchmarks.peers.strawberry_stock"),
        peer_environment,
        _ask_peer,
    ),
    Server(
        "postgraphile",
        "PostGraphile 5",
        (str(NODE), "postgraphile/server.mjs"),
        peer_environment,
        _ask_postgraphile,
        PEERS,
    ),
    Server(
        "mercurius",
        "Mercurius 16 (JIT, loaders, postgres.js)",
        (str(NODE), "mercurius/server.mjs"),
        peer_environment,
        _ask_peer,
        PEERS,
    ),
)
# The peer for writes; it answers no reads.
SESSIONS = Server(
    "strawberry_sessions",
    "Strawberry, stock (SQLAlchemy sessions)",
    (sys.executable, "-m", "tests.benchmarks.peers.strawberry_sessions"),
    _sessions_environment,
    _ask_peer,
)
