"""Who may see a row: the type's own rule, and that of every row it lies within, on every path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLSchema
from sqlalchemy import ColumnElement, Table, and_, literal_column, or_, select
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.expression import Select
from sqlalchemy.sql.operators import eq
from sqlalchemy.types import TypeEngine

from resolvers.rows import Row, Viewer
from schema.engine.declare import Binding
from schema.engine.plans import BoundedCache
from schema.engine.sql import Examined

# Resolvers times the shapes of their arguments; far more than clients really use.
EXAMINED_KEPT = 2_000


class Bindings:
    """The bound types of a schema by their GraphQL name."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.by_name: dict[str, Binding] = {}
        self.names: dict[str, str] = {}
        self.examined: BoundedCache[Examined] = BoundedCache(EXAMINED_KEPT)
        for name, type_ in schema.type_map.items():
            binding = binding_of(type_)
            if binding is not None:
                self.by_name[name] = binding
                if binding.prefix:
                    self.names[binding.prefix] = name

    def guard(
        self, type_name: str, row: Row, viewer: Viewer, *, proven: frozenset[str] = frozenset()
    ) -> list[ColumnElement[bool]]:
        """Give the conditions under which `viewer` may see `row`.

        `proven` names the foreign keys whose target is known to be visible, because the row was
        reached from it. A row whose key is null hangs on nothing: its own rule decides alone.
        What is reached from the row is taken as joined, see `joined`.
        """
        binding = self.by_name[type_name]
        conditions = [] if binding.visible is None else [binding.visible(row, viewer)]
        for column, target in binding.within.items():
            if column in row.reached:
                around = row.reached[column]
                asked = self.guard(target, around, viewer)
                conditions += [] if column in proven else asked
            elif column not in proven:
                nullable = bool(table_of(binding.model).c[column].nullable)
                conditions += self._within(row, column, target, viewer, nullable=nullable)
        return conditions

    def reach(self, type_name: str, row: Row, column: str) -> Row | None:
        """Give the row that `row` lies within by a key; None for a key that may be null.

        To tell whether `row` may be seen, that row is read: so it need not be read again.
        """
        binding = self.by_name[type_name]
        if table_of(binding.model).c[column].nullable:
            return None
        return row.reach(column, column_types(self.by_name[binding.within[column]].model))

    def joined(self, type_name: str, row: Row, source: Any) -> Any:
        """Give a FROM that has `row` together with all rows that are reached from it."""
        for column, around in row.reached.items():
            target = self.by_name[type_name].within[column]
            table = table_of(self.by_name[target].model).alias(around.alias)
            source = source.join(table, around.id == getattr(row, column))
            source = self.joined(target, around, source)
        return source

    def _within(
        self, row: Row, column: str, target: str, viewer: Viewer, *, nullable: bool
    ) -> list[ColumnElement[bool]]:
        binding = self.by_name[target]
        around = Row(f"{row.alias}_{column.removesuffix('_id')}", column_types(binding.model))
        conditions = self.guard(target, around, viewer)
        if not conditions:
            return []
        table = table_of(binding.model).alias(around.alias)
        key = getattr(row, column)
        seen = (
            select(literal_column("1"))
            .select_from(table)
            .where(around.id == key, and_(*conditions))
            .exists()
        )
        return [or_(key.is_(None), seen) if nullable else seen]


def binding_of(type_: GraphQLNamedType) -> Binding | None:
    """Give the binding of a GraphQL type, if it is bound to a table."""
    declared = (type_.extensions or {}).get("strawberry-definition")
    if not isinstance(type_, GraphQLObjectType) or declared is None:
        return None
    return getattr(declared.origin, "__binding__", None)


def table_of(model: Any) -> Any:
    """Give the table of a SQLModel class."""
    return model.__table__


def column_types(model: Any) -> Mapping[str, TypeEngine[Any]]:
    """Give the columns of a SQLModel class by name."""
    return {column.key: column.type for column in table_of(model).columns}


def equated(statement: Any, row: Row, table: Table) -> dict[str, str]:
    """Give the columns of `table` that a statement requires to equal a column of `row`, by name.

    Read from the statement itself: only top-level conditions `table.column = row.other` count. A
    column of another table with the same name proves nothing about this one.
    """
    found: dict[str, str] = {}
    if not isinstance(statement, Select):
        return found
    for condition in statement._where_criteria:  # noqa: SLF001 - has no public name
        if isinstance(condition, BinaryExpression) and condition.operator is eq:
            owner = getattr(condition.left, "table", None)
            source = column_of(condition.right, row)
            if isinstance(owner, Table) and owner.name == table.name and source:
                found[str(condition.left.key)] = source
    return found


def column_of(expression: Any, row: Row) -> str | None:
    """Give the name of the row's column that an expression is; None when it is something else."""
    text = str(getattr(expression, "name", ""))
    prefix = f'{row.alias}."'
    return text.removeprefix(prefix).removesuffix('"') if text.startswith(prefix) else None
