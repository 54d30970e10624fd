"""A strawberry schema whose bound types are answered by SQL, limited, cached and masked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from typing_extensions import override

from schema.engine.documents import Documents, Limits
from schema.engine.engine import Asking, Engine, GraphContext
from schema.engine.errors import Fault, RequestError, Unauthenticated
from schema.engine.execute import CompiledExecutor
from schema.engine.shortcut import Shortcut
from schema.engine.startup import check_schema

logger = logging.getLogger(__name__)
DOCUMENTS_KEPT = 500


class GraphSchema(strawberry.Schema):
    """The schema, its engine and its documents."""

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        *,
        asking: Asking,
        limits: Limits | None = None,
        introspection: bool = True,
        **options: Any,
    ) -> None:
        limits = limits or Limits()
        executor = type("Executor", (CompiledExecutor,), {})
        super().__init__(
            query,
            mutation,
            subscription,
            execution_context_class=executor,
            extensions=[lambda: ReadDocument(self.documents)],
            config=StrawberryConfig(disable_field_suggestions=not introspection),
            **options,
        )
        core = self._schema
        self.engine = Engine(core, asking, cost_limit=limits.cost)
        executor.engine = self.engine  # type: ignore[attr-defined]
        check_schema(core, self.engine.bindings)
        rules = (
            [*specified_rules]
            if introspection
            else [*specified_rules, NoSchemaIntrospectionCustomRule]
        )
        self.documents = Documents(core, limits, rules, DOCUMENTS_KEPT)
        self.shortcut = Shortcut(core, self.engine, self.documents, executor)

    @override
    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: GraphContext | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        assert context_value is not None
        context_value.operation_name = operation_name
        result = await self.shortcut.execute(query, variable_values, context_value, operation_name)
        if result is None:
            context_value.cost = None
            result = await super().execute(
                query,
                variable_values,
                context_value,
                root_value,
                operation_name,
                allowed_operation_types,
                operation_extensions,
            )
            refused = _unauthenticated(result.errors or [])
            try:
                await self.engine.authenticate(context_value)
            except RequestError as error:
                refused = error
            if refused is not None:
                result = ExecutionResult(data=None, errors=[refused])
        if result.errors:
            result.errors = [mask(error, context_value) for error in result.errors]
        if context_value.cost is not None:
            cost = {"requested": context_value.cost, "limit": self.engine.cost_limit}
            result.extensions = {**(result.extensions or {}), "cost": cost}
        return result

    @override
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Leave logging to `mask`, which knows what is the client's doing and what is ours."""


class ReadDocument(SchemaExtension):
    """Takes the document from those kept, within the limits."""

    def __init__(self, documents: Documents) -> None:
        super().__init__()
        self.documents = documents

    @override
    def on_parse(self) -> Iterator[None]:
        """Hand over the tree."""
        document = self.documents.get(self.execution_context.query or "")
        self.execution_context.graphql_document = document.tree
        errors = list(document.errors)
        operations = sum(
            isinstance(definition, OperationDefinitionNode)
            for definition in document.tree.definitions
        )
        # The specification leaves no choice where strawberry would take the first.
        if operations > 1 and not self.execution_context.context.operation_name:
            text = f"This document has {operations} operations: say which one with operationName."
            errors.append(RequestError(text))
        self.execution_context.pre_execution_errors = errors
        yield


def _unauthenticated(errors: Iterable[GraphQLError]) -> RequestError | None:
    """Give the refusal of the request's secret, if a mutation found that it is nobody's."""
    causes = (error.original_error or error for error in errors)
    return next((cause for cause in causes if isinstance(cause, Unauthenticated)), None)


def coded(error: GraphQLError) -> GraphQLError:
    """Give a client's mistake with a code, whoever found it."""
    extensions = dict(error.extensions or {})
    if "code" not in extensions:
        syntax = isinstance(error, GraphQLSyntaxError)
        code = "GRAPHQL_PARSE_FAILED" if syntax else "GRAPHQL_VALIDATION_FAILED"
        error.extensions = {"code": "EXECUTION_FAILED" if error.path else code, **extensions}
    return error


def mask(error: GraphQLError, context: GraphContext) -> GraphQLError:
    """Give an error as a client may see it: its own mistakes in full, our faults by request id."""
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return coded(error)
    logger.error("request %s failed", context.request_id, exc_info=original)
    return Fault(
        f"Something went wrong on our side. Nothing was changed. Ask for request {context.request_id}.",
        nodes=error.nodes,
        path=error.path,
        requestId=context.request_id,
    )
