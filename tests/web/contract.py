"""What the contract itself says can be asked: where ids and cursors go in, and how to get there."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql.type import get_nullable_type

from schema.build import SDL_FILE

PAGE = "first: 3"


@dataclass(frozen=True)
class Position:
    """An argument of a field that can be reached from the query's root."""

    way: tuple[str, ...]
    field: str
    argument: str
    # Names of input fields down to the value itself.
    within: tuple[str, ...]
    is_list: bool
    has_selection: bool
    is_connection: bool

    @property
    def name(self) -> str:
        """What a test of it is called."""
        return ".".join([*(step.partition("(")[0] for step in self.way), self.field, self.argument])

    def query(self, literal: str, selection: str = "__typename") -> str:
        """Give a query with `literal` in this place."""
        value = f"[{literal}]" if self.is_list else literal
        for name in reversed(self.within):
            value = f"{{{name}: {value}}}"
        inner = f"{self.field}({self.argument}: {value})"
        if self.is_connection:
            inner += f" {{ edges {{ cursor node {{ {selection} }} }} }}"
        elif self.has_selection:
            inner += f" {{ {selection} }}"
        return wrap(self.way, inner)

    def page(self) -> str:
        """Give a query for the cursors of the list, when this is the argument of one."""
        return wrap(self.way, f"{self.field}({PAGE}) {{ edges {{ cursor }} }}")


def wrap(way: tuple[str, ...], inner: str) -> str:
    """Put a selection at the end of a way."""
    return "{ " + " { ".join([*way, inner]) + " }" * (len(way) + 1)


def contract() -> GraphQLSchema:
    """Give the schema in the file that clients read."""
    return build_schema(SDL_FILE.read_text(encoding="utf-8"))


def id_positions() -> list[Position]:
    """Give every place that takes an id."""
    return [
        _position(way, name, field, argument_name, within)
        for way, _, name, field in _fields()
        for argument_name, argument in field.args.items()
        for within in _ids_in(argument)
    ]


def cursor_positions() -> list[Position]:
    """Give every place that takes a cursor."""
    return [
        _position(way, name, field, argument_name, ())
        for way, _, name, field in _fields()
        for argument_name in field.args
        if argument_name in {"after", "before"}
        and all(not is_required_argument(argument) for argument in field.args.values())
    ]


def _fields() -> list[tuple[tuple[str, ...], str, str, GraphQLField]]:
    """Give each field of each object type that can be reached, once, by a shortest way."""
    schema = contract()
    assert schema.query_type is not None
    found = []
    seen = {schema.query_type.name}
    waiting: deque[tuple[tuple[str, ...], GraphQLObjectType]] = deque([((), schema.query_type)])
    while waiting:
        way, type_ = waiting.popleft()
        for name, field in type_.fields.items():
            found.append((way, type_.name, name, field))
            target = get_named_type(field.type)
            if not isinstance(target, GraphQLObjectType) or target.name in seen:
                continue
            # A single object that arguments choose has to be known beforehand.
            if field.args and "first" not in field.args:
                continue
            if any(is_required_argument(argument) for argument in field.args.values()):
                continue
            seen.add(target.name)
            step = f"{name}({PAGE})" if "first" in field.args else name
            waiting.append(((*way, step), target))
    return found


def _position(
    way: tuple[str, ...], name: str, field: GraphQLField, argument: str, within: tuple[str, ...]
) -> Position:
    declared: GraphQLArgument | GraphQLInputField = field.args[argument]
    for step in within:
        input_type = get_named_type(declared.type)
        assert isinstance(input_type, GraphQLInputObjectType)
        declared = input_type.fields[step]
    return Position(
        way=way,
        field=name,
        argument=argument,
        within=within,
        is_list=is_list_type(get_nullable_type(declared.type)),
        has_selection=not is_leaf_type(get_named_type(field.type)),
        is_connection=get_named_type(field.type).name.endswith("Connection"),
    )


def _ids_in(argument: GraphQLArgument | GraphQLInputField) -> list[tuple[str, ...]]:
    type_ = get_named_type(argument.type)
    if type_.name == "ID":
        return [()]
    if not isinstance(type_, GraphQLInputObjectType):
        return []
    return [(name, *within) for name, field in type_.fields.items() for within in _ids_in(field)]
