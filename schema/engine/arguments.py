"""From GraphQL arguments to binds: null or a bind, so that a resolver may branch on what was given.

Which arguments are null is part of a plan's shape; their values are not, except those of `static`
arguments and of `@skip` and `@include`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from types import SimpleNamespace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLScalarType,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    Date,
    DateTime,
    Double,
    Integer,
    Text,
    Uuid,
    bindparam,
)
from sqlalchemy.types import TypeEngine

from schema.engine import ids
from schema.engine.declare import ID_PREFIX, RANGE
from schema.engine.errors import InvalidArgument, RequestError
from schema.engine.plans import Filling, Occurrence, Slot
from schema.engine.sql import BIND_PREFIX

VIEWER_BIND = f"{BIND_PREFIX}viewer"
INPUT_LIST_MAX = 100
SCALARS: Mapping[str, TypeEngine[Any]] = {
    "Int": Integer(),
    "Float": Double(),
    "String": Text(),
    "Boolean": Boolean(),
    "Date": Date(),
    "DateTime": DateTime(timezone=True),
}
Read = Callable[[dict[str, Any]], Any]


class Binds:
    """The binds of one statement in the making, and the fields whose arguments fill them."""

    def __init__(self, variables: VariableValues, type_names: Mapping[str, str]) -> None:
        self.variables = variables
        self.type_names = type_names
        self.occurrences: list[Occurrence] = []
        # Whose secret it is in query mode, the viewers' ids in many-viewers mode.
        self.checks: list[Slot] = []
        self.slots: dict[str, Slot] = {VIEWER_BIND: lambda filling: filling.viewer}

    def bind(self, slot: Slot, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Add a parameter that `slot` fills at each request."""
        name = f"{BIND_PREFIX}{len(self.slots)}"
        self.slots[name] = slot
        return bindparam(name, type_=type_, required=True)

    def arguments(
        self, definition: GraphQLField, node: FieldNode, path: list[str | int]
    ) -> BoundArguments:
        """Read the arguments of a field of the document."""
        values = get_argument_values(definition, node, self.variables)
        has_variables = any(_has_variable(argument.value) for argument in node.arguments or ())
        index = len(self.occurrences)
        self.occurrences.append(Occurrence(definition, node, None if has_variables else values))
        return BoundArguments(self, definition, node, values, index, path)


class BoundArguments:
    """The arguments of one field of the document."""

    def __init__(
        self,
        binds: Binds,
        definition: GraphQLField,
        node: FieldNode,
        values: dict[str, Any],
        index: int,
        path: list[str | int],
    ) -> None:
        self.binds = binds
        self.definition = definition
        self.node = node
        self.values = values
        self.index = index
        self.path = path

    def named(self, name: str) -> Any:
        """Give the argument with the Python name `name`: None, a bind, or a namespace of these."""
        graphql_name = self._graphql_name(name)
        given = self.values.get(graphql_name)
        if given is None:
            return None
        definition = self.definition.args[graphql_name]
        read = self._ranged(graphql_name, definition, lambda values: values[graphql_name])
        return self._value(definition.type, given, read, id_prefix(definition))

    def raw(self, name: str) -> Any:
        """Give the value of the argument with the Python name `name`, as it shapes the plan."""
        return self.values.get(self._graphql_name(name))

    def slot(self, convert: Callable[[dict[str, Any]], Any]) -> Slot:
        """Give a slot that reads this field's argument values; its refusals name the field."""
        index, path, node = self.index, list(self.path), self.node

        def read(filling: Filling) -> Any:
            try:
                return convert(filling.values[index])
            except RequestError as error:
                raise type(error)(error.message, nodes=node, path=path) from error

        return read

    def bind(self, convert: Read, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Add a parameter read from this field's argument values."""
        return self.binds.bind(self.slot(convert), type_)

    def check(self, convert: Read) -> None:
        """Have something looked at before each request, whether or not a bind comes of it."""
        self.binds.checks.append(self.slot(convert))

    def refuse(self, error: Exception) -> RequestError:
        """Give the refusal of a senseless combination, with where it was asked."""
        return InvalidArgument(str(error), nodes=self.node, path=list(self.path))

    def _graphql_name(self, python_name: str) -> str:
        return next(
            name
            for name, argument in self.definition.args.items()
            if python_name_of(argument, name) == python_name
        )

    def _value(self, declared: GraphQLInputType, given: Any, read: Read, prefix: str | None) -> Any:
        type_: Any = get_nullable_type(declared)
        if is_list_type(type_):
            item, convert = self._scalar(get_named_type(type_), prefix)
            return self.bind(
                lambda values: [convert(value) for value in capped(read(values))], ARRAY(item)
            )
        if isinstance(type_, GraphQLInputObjectType):
            fields = {}
            for name, field in type_.fields.items():
                inner = given.get(name) if isinstance(given, dict) else None
                fields[python_name_of(field, name)] = (
                    None
                    if inner is None
                    else self._value(
                        field.type,
                        inner,
                        self._ranged(name, field, _member(read, name)),
                        id_prefix(field),
                    )
                )
            return SimpleNamespace(**fields)
        scalar, convert = self._scalar(type_, prefix)
        return self.bind(lambda values: convert(read(values)), scalar)

    def _ranged(
        self, name: str, definition: GraphQLArgument | GraphQLInputField, read: Read
    ) -> Read:
        bounds = _metadata(definition).get(RANGE)
        if bounds is None:
            return read
        least, most = bounds

        def checked(values: dict[str, Any]) -> Any:
            value = read(values)
            if not least <= value <= most:
                raise InvalidArgument(
                    f"{name} is {value:,}; it must be between {least} and {most}."
                )
            return value

        return checked

    def _scalar(
        self, type_: Any, prefix: str | None
    ) -> tuple[TypeEngine[Any], Callable[[Any], Any]]:
        if isinstance(type_, GraphQLEnumType):
            return Text(), lambda value: value.value if isinstance(value, Enum) else value
        if isinstance(type_, GraphQLScalarType) and type_.name == "ID":
            if prefix is None:
                raise TypeError(f"{self.node.name.value}: an ID argument must name its type")
            name = self.binds.type_names[prefix]
            return Uuid(), lambda value: ids.decode(value, prefix, name)
        return SCALARS[type_.name], CONVERT.get(type_.name, _same)


def python_name_of(definition: GraphQLArgument | GraphQLInputField, name: str) -> str:
    """Give the Python name of an argument or input field."""
    declared = (definition.extensions or {}).get("strawberry-definition")
    return declared.python_name if declared is not None else name


def capped(values: list[Any]) -> list[Any]:
    """Give the list when it is not too long.

    Raises:
        InvalidArgument: It is.
    """
    if len(values) > INPUT_LIST_MAX:
        raise InvalidArgument(
            f"A list holds at most {INPUT_LIST_MAX} items; this one has {len(values):,}."
        )
    return values


def _member(read: Read, name: str) -> Read:
    return lambda values: read(values)[name]


def id_prefix(definition: GraphQLArgument | GraphQLInputField) -> str | None:
    """Give the prefix of the ids that an argument or input field takes."""
    return _metadata(definition).get(ID_PREFIX)


def _metadata(definition: GraphQLArgument | GraphQLInputField) -> Mapping[Any, Any]:
    declared = (definition.extensions or {}).get("strawberry-definition")
    return getattr(declared, "metadata", None) or {}


def _has_variable(node: ValueNode) -> bool:
    if isinstance(node, VariableNode):
        return True
    children = getattr(node, "values", None) or getattr(node, "fields", None) or ()
    return any(_has_variable(getattr(child, "value", child)) for child in children)


def storable_text(value: str) -> str:
    """Give a text that Postgres can hold.

    Raises:
        InvalidArgument: It has the character U+0000, which no text of Postgres may have.
    """
    if "\0" in value:
        raise InvalidArgument("A text may not hold the character U+0000.")
    return value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InvalidArgument("A time needs its offset from UTC, as in 2026-11-23T12:00:00Z.")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidArgument("A time lies in the years 1 to 9999, in UTC.") from None


def _same(value: Any) -> Any:
    return value


CONVERT: Mapping[str, Callable[[Any], Any]] = {"String": storable_text, "DateTime": _moment}
