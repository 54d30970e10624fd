"""The short way for known documents: a query of compiled fields only, seen before, all well.

It skips the parts of the pipeline whose outcome is known (parsing, validation, collecting root
fields, completing values). Whatever is unusual (bad variables, an error, a null where none may
be) takes the stock way from the start: a read may be repeated, and errors are made in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    coerce_input_value,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from strawberry.types import ExecutionResult

from schema.engine.compile import Fields, Operation
from schema.engine.documents import Document, Documents
from schema.engine.engine import Engine, GraphContext
from schema.engine.errors import RequestError
from schema.engine.execute import fragment

# Values with nothing inside that could be left out or nested.
PLAIN = (str, int, float, bool)


@dataclass(frozen=True)
class Known:
    """An operation that may take the short way; None in `fields` for one that may not."""

    node: OperationDefinitionNode | None
    fragments: dict[str, FragmentDetails]
    fields: Fields | None
    variables: tuple[GraphQLVariableSignature, ...] = ()


class Shortcut:
    """Known documents of one schema."""

    def __init__(
        self, schema: GraphQLSchema, engine: Engine, documents: Documents, executor: Any
    ) -> None:
        self.schema = schema
        self.engine = engine
        self.documents = documents
        self.executor = executor

    async def execute(
        self,
        query: str | None,
        variables: dict[str, Any] | None,
        context: GraphContext,
        operation_name: str | None,
    ) -> ExecutionResult | None:
        """Answer a known document; None when it has to go the stock way."""
        known = self._known(query, operation_name)
        root = self.schema.query_type
        if known is None or known.node is None or known.fields is None or root is None:
            return None
        values = self._coerced(known, known.node, variables or {})
        if values is None:
            return None
        operation = Operation(self.schema, known.node, known.fragments, values)
        try:
            prepared = self.engine.prepare(context, operation, root, known.fields)
        except GraphQLError:
            return None
        try:
            answers = await self.engine.answer(context, prepared)
        except RequestError as error:
            return ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 - answered and logged as the stock way would
            fault = GraphQLError(str(error), original_error=error)
            return ExecutionResult(data=None, errors=[fault])
        if self.engine.illegal_null(root, known.fields, answers) is not None:
            return None
        return ExecutionResult(
            data={key: fragment(value) for key, value in answers.items()}, errors=None
        )

    def _coerced(
        self, known: Known, node: OperationDefinitionNode, given: dict[str, Any]
    ) -> VariableValues | None:
        """Give the variables as `get_variable_values` does; None when one is wrong.

        It works out the type of each anew (measured 4 % of a feed request). Plain values that are
        all there need no more than the types known from before.
        """
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature in known.variables:
            value = given.get(signature.name, Undefined)
            if not isinstance(value, PLAIN):
                break
            sources[signature.name] = VariableValueSource(signature, value)
            coerced[signature.name] = coerce_input_value(value, signature.type)
            if coerced[signature.name] is Undefined:
                return None
        else:
            return VariableValues(sources, coerced)
        values = get_variable_values(self.schema, node.variable_definitions or (), given)
        return values if isinstance(values, VariableValues) else None

    def _known(self, query: str | None, operation_name: str | None) -> Known | None:
        document = self.documents.cache.find(query)
        if document is None:
            return None
        known: Known | None = document.known.get(operation_name)
        if known is None:
            known = self._examine(document, operation_name)
            # Of names that are none of its operations there is no end.
            if known.node is not None:
                document.known[operation_name] = known
        return known

    def _examine(self, document: Document, operation_name: str | None) -> Known:
        node = _operation(document, operation_name)
        root = self.schema.query_type
        if document.errors or node is None or root is None:
            return Known(None, {}, None)
        fields: dict[str, list[FieldDetails]] = {}
        for selection in node.selection_set.selections:
            if not isinstance(selection, FieldNode) or selection.directives:
                return Known(None, {}, None)
            key = (selection.alias or selection.name).value
            fields.setdefault(key, []).append(FieldDetails(selection, None))
        if not all(self.engine.is_compiled(root, details) for details in fields.values()):
            return Known(None, {}, None)
        fragments = {
            definition.name.value: FragmentDetails(definition)
            for definition in document.tree.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        # Validation has seen to it that each is of a type for inputs.
        signatures = [
            get_variable_signature(self.schema, definition)
            for definition in node.variable_definitions or ()
        ]
        variables = tuple(
            signature for signature in signatures if isinstance(signature, GraphQLVariableSignature)
        )
        return Known(node, fragments, fields, variables)


def _operation(document: Document, name: str | None) -> OperationDefinitionNode | None:
    operations = [
        definition
        for definition in document.tree.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (not name or (definition.name is not None and definition.name.value == name))
    ]
    if len(operations) == 1 and operations[0].operation is OperationType.QUERY:
        return operations[0]
    return None
