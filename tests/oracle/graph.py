"""The oracle: the graph's own SDL run by stock graphql-core over rows in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    StringValueNode,
    ValueNode,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from tests.oracle.arguments import INVALID, Refusals
from tests.oracle.limits import COST, Cost, size
from tests.oracle.paging import whole
from tests.oracle.resolving import Asking, Lists, recorded, resolver_of
from tests.oracle.rules import Rules
from tests.oracle.store import Store

LIMIT_EXCEEDED = "LIMIT_EXCEEDED"


@dataclass(frozen=True)
class Answer:
    """What was answered: JSON with its keys in order, or the codes of the refusals."""

    text: str | None
    codes: frozenset[str]
    # By "Type.field" what became of it; see `Asking`.
    outcomes: dict[str, set[str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def data(self) -> Any:
        """The JSON, parsed."""
        return None if self.text is None else json.loads(self.text)


class Oracle:
    """Answers documents as the contract says, slowly."""

    def __init__(self, sdl: str, store: Store) -> None:
        self.schema = build_schema(sdl)
        self.store = store
        self.lists = Lists()
        self._refusals: dict[tuple[str, str, str | None], set[str]] = {}
        self._rules: dict[UUID | None, Rules] = {}
        self._documents: dict[str, tuple[DocumentNode | None, list[GraphQLError]]] = {}
        _bind(self.schema)

    def rules(self, viewer: UUID | None) -> Rules:
        """Give what a viewer may see."""
        if viewer not in self._rules:
            self._rules[viewer] = Rules(self.store, viewer)
        return self._rules[viewer]

    def document(self, text: str) -> tuple[DocumentNode | None, list[GraphQLError]]:
        """Parse and validate."""
        if text not in self._documents:
            try:
                tree = parse(text)
            except GraphQLError as error:
                self._documents[text] = None, [error]
            else:
                self._documents[text] = tree, validate(self.schema, tree)
        return self._documents[text]

    def answer(
        self,
        text: str,
        variables: dict[str, Any] | None = None,
        *,
        viewer: UUID | None = None,
        operation_name: str | None = None,
    ) -> Answer:
        """Answer a document for a viewer. Any error refuses the whole, as one statement fails."""
        tree, errors = self.document(text)
        if tree is None or errors:
            return Answer(None, _codes(errors))
        refused = self.refusals(text, tree, variables or {}, operation_name)
        if refused:
            return Answer(None, frozenset(refused))
        asking = Asking(self.store, self.rules(viewer), self.lists)
        result = execute_sync(
            self.schema,
            tree,
            context_value=asking,
            variable_values=variables,
            operation_name=operation_name,
        )
        if result.errors:
            for error in result.errors:
                original = error.original_error
                if original is not None and not isinstance(original, GraphQLError):
                    raise original
            return Answer(None, _codes(result.errors))
        return Answer(written(result.data), frozenset(), asking.outcomes)

    def refusals(
        self, text: str, tree: DocumentNode, variables: dict[str, Any], name: str | None
    ) -> set[str]:
        """Give the codes for which a valid document is refused before anything runs."""
        key = (text, repr(variables), name)
        if key not in self._refusals:
            self._refusals[key] = self._refused(text, tree, variables, name)
        return self._refusals[key]

    def _refused(
        self, text: str, tree: DocumentNode, variables: dict[str, Any], name: str | None
    ) -> set[str]:
        if size(text, tree).is_too_large:
            return {LIMIT_EXCEEDED}
        operation = get_operation_ast(tree, name)
        if operation is None:
            return {INVALID}
        values = get_variable_values(self.schema, operation.variable_definitions or (), variables)
        if not isinstance(values, VariableValues):
            return {INVALID}
        found = Refusals(self.schema, tree, values).of(operation)
        if INVALID not in found and Cost(self.schema, tree, values).of(operation) > COST:
            found.add(LIMIT_EXCEEDED)
        return found


def written(data: Any) -> str:
    """Write JSON as Postgres does: a number without a fraction has no point."""
    text = json.dumps(data)
    return json.dumps(json.loads(text, parse_float=_number)) if ".0" in text else text


def _number(text: str) -> float:
    return whole(float(text))


def _codes(errors: list[GraphQLError]) -> frozenset[str]:
    return frozenset((error.extensions or {}).get("code", INVALID) for error in errors)


def _bind(schema: GraphQLSchema) -> None:
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            type_.resolve_type = lambda thing, *_: thing.type_name
        elif isinstance(type_, GraphQLScalarType) and type_.name == "DateTime":
            type_.coerce_input_value = _moment
            type_.coerce_input_literal = _literal_moment
        elif isinstance(type_, GraphQLObjectType):
            for name, definition in type_.fields.items():
                definition.resolve = recorded(f"{type_.name}.{name}", resolver_of(type_.name, name))


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError(f"{value!r} is no time") from error


def _literal_moment(node: ValueNode, _: Any = None) -> datetime:
    return _moment(node.value if isinstance(node, StringValueNode) else None)
