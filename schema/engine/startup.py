"""Checked when the schema is built: what is declared non-null can never be null, ids name types.

A statement that returns a null where the contract forbids one would be silently wrong. So each
non-null field must rest on something that cannot be null:
- a column on NOT NULL;
- a relation on a NOT NULL foreign key, enforced, and on the row lying `within` the target (the
  compiler then demands that the target is visible) or on the target being visible to everyone;
- a value on an expression that SQL never makes null.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_non_null_type,
)
from sqlalchemy import BindParameter, literal
from sqlalchemy.sql.elements import BooleanClauseList, Case, ColumnClause, Grouping
from sqlalchemy.sql.expression import Exists, Select
from sqlalchemy.sql.functions import FunctionElement

from resolvers.rows import Row, Viewer
from schema.engine.arguments import id_prefix
from schema.engine.compile import compiled
from schema.engine.declare import CompiledField, Kind
from schema.engine.visibility import Bindings, column_of, column_types, equated, table_of

NEVER_NULL_FUNCTIONS = frozenset({"count", "coalesce", "concat", "exists", "now"})
# Null only when an argument is: safe when these are columns that are NOT NULL.
STRICT_FUNCTIONS = frozenset({"left", "lower", "upper", "length", "char_length"})


class SchemaFault(Exception):
    """The declarations promise what the database does not."""


def check_schema(schema: GraphQLSchema, bindings: Bindings) -> None:
    """Check every compiled field.

    Raises:
        SchemaFault: Listing all that is wrong.
    """
    faults = []
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLEnumType):
            faults += _enum_faults(type_)
        if isinstance(type_, GraphQLInputObjectType) and not type_.name.startswith("__"):
            faults += [
                f"{type_.name}.{name} is an ID of no type"
                for name, field in type_.fields.items()
                if get_named_type(field.type).name == "ID" and id_prefix(field) is None
            ]
        if isinstance(type_, GraphQLObjectType):
            for name, definition in type_.fields.items():
                spec = compiled(definition)
                if spec is not None:
                    faults += _field_faults(
                        f"{type_.name}.{name}", type_, definition, spec, bindings
                    )
    if faults:
        raise SchemaFault("\n".join(faults))


def _enum_faults(type_: GraphQLEnumType) -> list[str]:
    return [
        f"{type_.name}.{name} is stored as {value.value!r}: stored values must be the names"
        for name, value in type_.values.items()
        if not type_.name.startswith("__") and getattr(value.value, "value", value.value) != name
    ]


def _field_faults(
    where: str,
    type_: GraphQLObjectType,
    definition: GraphQLField,
    spec: CompiledField,
    bindings: Bindings,
) -> list[str]:
    faults = []
    if spec.kind not in {Kind.NODE, Kind.NODES}:
        faults += [
            f"{where}({name}:) is an ID of no type"
            for name, argument in definition.args.items()
            if get_named_type(argument.type).name == "ID" and id_prefix(argument) is None
        ]
    if not is_non_null_type(definition.type):
        return faults
    binding = bindings.by_name.get(type_.name)
    row = Row("row", column_types(binding.model)) if binding else None
    if spec.kind is Kind.COLUMN:
        name = spec.source or definition.extensions["strawberry-definition"].python_name
        if binding is None or table_of(binding.model).c[name].nullable or spec.visible is not None:
            faults.append(f"{where} is non-null, its column is not")
    if spec.kind is Kind.ONE and not _never_missing(type_, definition, spec, bindings, row):
        faults.append(f"{where} is non-null, but its row can be missing or hidden")
    if spec.kind is Kind.VALUE and not _never_null(_ask(spec, row), row, type_, bindings):
        faults.append(f"{where} is non-null, but its SQL can be null")
    return faults


def _ask(spec: CompiledField, row: Row | None) -> Any:
    """Ask a resolver for its SQL with every argument given."""
    assert spec.resolve is not None
    arguments: dict[str, Any] = {
        name: argument.default if argument.static else literal("x")
        for name, argument in spec.arguments.items()
    }
    if "viewer" in spec.wants:
        arguments["viewer"] = Viewer()
    return spec.resolve(*(() if row is None else (row,)), **arguments)


def _never_missing(
    type_: GraphQLObjectType,
    definition: GraphQLField,
    spec: CompiledField,
    bindings: Bindings,
    row: Row | None,
) -> bool:
    target = get_named_type(definition.type).name
    if row is None or target not in bindings.by_name:
        return False
    statement = _ask(spec, row)
    if not isinstance(statement, Select) or len(statement._where_criteria) != 1:  # noqa: SLF001
        return False
    table = table_of(bindings.by_name[target].model)
    source = equated(statement, row, table).get("id")
    if source is None:
        return False
    binding = bindings.by_name[type_.name]
    column = table_of(binding.model).c[source]
    enforced = any(key.column is table.c.id for key in column.foreign_keys)
    shown = binding.within.get(source) == target or not bindings.guard(
        target, Row("target", column_types(bindings.by_name[target].model)), Viewer()
    )
    return enforced and shown and not column.nullable


def _never_null(
    expression: Any, row: Row | None, type_: GraphQLObjectType, bindings: Bindings
) -> bool:
    def never(inner: Any) -> bool:
        return _never_null(inner, row, type_, bindings)

    match expression:
        case Exists() | BindParameter():
            known = True
        case Grouping():
            known = never(expression.element)
        case BooleanClauseList():
            known = all(map(never, expression.clauses))
        case Case():
            outcomes = [outcome for _, outcome in expression.whens]
            known = expression.else_ is not None and all(map(never, [*outcomes, expression.else_]))
        case FunctionElement():
            strict = expression.name in STRICT_FUNCTIONS and all(map(never, expression.clauses))
            known = strict or expression.name in NEVER_NULL_FUNCTIONS
        case ColumnClause() if row is not None:
            column = column_of(expression, row)
            table = table_of(bindings.by_name[type_.name].model)
            known = column is not None and not table.c[column].nullable
        case Select():
            # An aggregate without GROUP BY always gives one row.
            columns = list(expression.selected_columns)
            grouped = expression._group_by_clauses  # noqa: SLF001 - has no public name
            aggregate = len(columns) == 1 and isinstance(columns[0], FunctionElement)
            known = not grouped and aggregate and never(columns[0])
        case _:
            known = False
    return known
