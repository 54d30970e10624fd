"""Runs the compiler: through the whole pipeline for one viewer, and for many viewers at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from graphql import FragmentDefinitionNode, OperationDefinitionNode
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.schema.exceptions import CannotGetOperationTypeError

from db.pools import ReadPool
from resolvers.accounts import hash_secret
from schema.engine.compile import Operation
from schema.engine.engine import GraphContext
from schema.engine.errors import RequestError
from schema.engine.graph import GraphSchema
from tests.oracle.graph import Answer, written

INTERNAL = "INTERNAL"


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks, with the token they sign in by; a visitor has neither."""

    name: str
    key: UUID | None = None
    token: str | None = None


@dataclass(frozen=True)
class Request:
    """A document with its variables."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None = None


class Compiled:
    """The graph as it is served."""

    def __init__(self, graph: GraphSchema, pool: ReadPool) -> None:
        self.graph = graph
        self.pool = pool

    async def answer(self, request: Request, viewer: Viewer) -> Answer:
        """Ask as one viewer, as the server does."""
        secret = None if viewer.token is None else hash_secret(viewer.token)
        context = GraphContext(reader=self.pool, secret_hash=secret, request_id="oracle")
        try:
            result = await self.graph.execute(
                request.text,
                request.variables,
                context_value=context,
                operation_name=request.operation_name,
            )
        except CannotGetOperationTypeError:
            # Strawberry leaves this one to whoever serves the request.
            return Answer(None, frozenset({"GRAPHQL_VALIDATION_FAILED"}))
        if result.errors:
            codes = ((error.extensions or {}).get("code", INTERNAL) for error in result.errors)
            return Answer(None, frozenset(codes))
        return Answer(written(orjson.loads(orjson.dumps(result.data))), frozenset())

    async def answers(self, request: Request, viewers: Sequence[Viewer]) -> list[Answer] | None:
        """Ask as many viewers with one statement; None when no root field is compiled."""
        try:
            found = self._operation(request)
        except RequestError as error:
            return [Answer(None, frozenset({error.code}))] * len(viewers)
        if found is None:
            return None
        operation, fields = found
        root = self.graph.engine.schema.query_type
        assert root is not None
        keys = [viewer.key for viewer in viewers]
        try:
            plan = self.graph.engine.viewers_plan(operation, root, fields)
            values, _ = plan.fill(operation.variables, self.graph.engine.cost_limit, viewer=keys)
        except RequestError as error:
            return [Answer(None, frozenset({error.code}))] * len(viewers)
        rows = {row["viewer"]: row for row in await self.pool.fetch(plan.sql, *values)}
        assert len(rows) == len(viewers)
        return [Answer(_joined(plan.keys, rows[key]), frozenset()) for key in keys]

    def _operation(self, request: Request) -> tuple[Operation, Any] | None:
        document = self.graph.documents.get(request.text)
        core = self.graph.engine.schema
        root = core.query_type
        operations = [
            node
            for node in document.tree.definitions
            if isinstance(node, OperationDefinitionNode)
            and request.operation_name in {None, node.name.value if node.name else None}
        ]
        if document.errors or len(operations) != 1 or root is None:
            return None
        values = get_variable_values(
            core, operations[0].variable_definitions or (), request.variables
        )
        if not isinstance(values, VariableValues):
            return None
        fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.tree.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        grouped = collect_fields(core, fragments, values, root, operations[0]).grouped_field_set
        fields = {
            key: details
            for key, details in grouped.items()
            if self.graph.engine.is_compiled(root, details)
        }
        return (Operation(core, operations[0], fragments, values), fields) if fields else None


def _joined(keys: Sequence[str], row: asyncpg.Record) -> str:
    answers = [row[f"json_{index}"] for index in range(len(keys))]
    return json.dumps(
        {
            key: None if answer is None else orjson.loads(answer)
            for key, answer in zip(keys, answers, strict=True)
        }
    )
