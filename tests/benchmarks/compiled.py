"""The statement that our compiler makes of an operation, caught on its way to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg

from resolvers.accounts import hash_secret
from schema.engine.engine import GraphContext
from schema.engine.graph import GraphSchema
from tests.benchmarks.processes import BenchmarkError


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, the values of $1, $2, …, and whether Postgres is to plan it for these values."""

    sql: str
    arguments: tuple[Any, ...]
    plan_for_values: bool


class _AnyRow:
    """A row in which every column is an empty object."""

    def __getitem__(self, column: str | int) -> bytes:
        return b"{}"


@dataclass
class _Catcher:
    """Stands where the pool stands, notes what it is asked, and answers with something."""

    caught: list[Statement] = field(default_factory=list)

    async def fetch(
        self, query: str, *arguments: object, plan_for_values: bool = False
    ) -> list[asyncpg.Record]:
        """Note the statement."""
        self.caught.append(Statement(query, arguments, plan_for_values))
        return [cast("asyncpg.Record", _AnyRow())]


async def compiled_statement(
    schema: GraphSchema, document: str, variables: Mapping[str, Any], token: str
) -> Statement:
    """Give the one statement that answers the operation for the bearer of `token`.

    Raises:
        BenchmarkError: The operation did not become exactly one statement.
    """
    catcher = _Catcher()
    context = GraphContext(reader=catcher, secret_hash=hash_secret(token))
    result = await schema.execute(document, dict(variables), context)
    if len(catcher.caught) != 1:
        raise BenchmarkError(
            f"The operation became {len(catcher.caught)} statements, not one: {result.errors}"
        )
    return catcher.caught[0]


def same_sql(statements: Sequence[Statement]) -> str:
    """The SQL that all of them share.

    Raises:
        BenchmarkError: They differ, so the values shape the statement.
    """
    texts = {statement.sql for statement in statements}
    if len(texts) != 1:
        raise BenchmarkError(f"{len(texts)} statements for one operation; one was expected.")
    return texts.pop()
