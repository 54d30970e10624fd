"""Relay connections: one aggregate over one page gives edges, nodes and page information.

The page is read first (ordered, limited to one row more than asked for), then its JSON is made:
only for rows that are shown. What is not selected is not computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetails
from sqlalchemy import (
    ColumnElement,
    Integer,
    UnaryExpression,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from resolvers.rows import CarriedRow, Row
from schema.engine.arguments import BoundArguments
from schema.engine.declare import ORDER, CompiledField
from schema.engine.paging import Cursors, Key, Window, page_size
from schema.engine.sql import json_constant, json_list, json_object, or_null

if TYPE_CHECKING:
    from schema.engine.compile import Answer, Compiler, Parent

Details = list[FieldDetails]
TOTAL = "totalCount"
# Counting reads a row of each item, whatever the page shows.
COUNT_COST = 10


def compile_connection(
    compiler: Compiler,
    type_: GraphQLNamedType,
    spec: CompiledField,
    details: Details,
    parent: Parent | None,
    given: BoundArguments,
) -> ColumnElement[Any]:
    """Give the JSON of a connection field."""
    assert isinstance(type_, GraphQLObjectType)
    return _Connection(compiler, type_, spec, parent, given).json(details)


class _Connection:
    def __init__(
        self,
        compiler: Compiler,
        type_: GraphQLObjectType,
        spec: CompiledField,
        parent: Parent | None,
        given: BoundArguments,
    ) -> None:
        self.compiler = compiler
        self.type = type_
        self.spec = spec
        self.around = compiler.cost
        self.parent = parent
        self.given = given
        self.item_type = get_named_type(type_.fields["nodes"].type)
        self.keys, self.tag = self._order()
        self.backward = given.raw("last") is not None

    def json(self, details: Details) -> ColumnElement[Any]:
        """Give the object with the selected fields of the connection."""
        fields = self.compiler.operation.fields_of(self.type, details)
        page: list[tuple[str, Callable[[], ColumnElement[Any]]]] = []
        names = {inner[0].node.name.value for inner in fields.values()}
        for key, inner in fields.items():
            name = inner[0].node.name.value
            page.append((key, lambda n=name, i=inner: self._field(n, i)))  # type: ignore[misc]
        self.given.check(page_size)
        answer = self._ask(Window(self.keys))
        statement = answer.sql
        types = {column.key: column.type for column in statement.selected_columns}
        self.cursors = Cursors(self.keys, types, self.tag)
        self.after = self.cursors.binds(self.given, "after")
        self.before = self.cursors.binds(self.given, "before")
        self.counts_while_reading = False
        if names <= {"__typename", TOTAL}:
            return json_object([(key, value()) for key, value in page])

        types |= {"n": Integer(), TOTAL: Integer()}
        self.row = CarriedRow(self.compiler.alias("p"), types)
        self.limit = self.given.bind(page_size, Integer())
        # A search finds its rows the dear way, so it counts them while it has them. Elsewhere an
        # index gives the page and another the count, both for less than carrying every row.
        is_whole = self.after is None and self.before is None and not self._is_pushed_down
        self.counts_while_reading = TOTAL in names and is_whole and answer.is_search
        around = self.compiler.nested(self.given.slot(page_size))
        try:
            value = json_object([(key, value()) for key, value in page])
        finally:
            self.compiler.cost = around
        # Page information may need no aggregate at all; the page is one row all the same.
        whole = select(value).select_from(self._page(statement)).having(literal_column("true"))
        return whole.scalar_subquery()

    def _field(self, name: str, details: Details) -> ColumnElement[Any]:
        if name == "__typename":
            return json_constant(self.type.name)
        if name == TOTAL:
            return self._count()
        if name == "pageInfo":
            return self._page_info(details)
        if name == "nodes":
            return self._listed(or_null(self.compiler.object(self.item_type, details, self.row)))
        return self._listed(self._edge(details))

    def _edge(self, details: Details) -> ColumnElement[Any]:
        edge = get_named_type(self.type.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        pairs = []
        for key, inner in self.compiler.operation.fields_of(edge, details).items():
            name = inner[0].node.name.value
            if name == "node":
                item = self.compiler.object(self.item_type, inner, self.row)
                pairs.append((key, or_null(item)))
            elif name == "cursor":
                pairs.append((key, self.cursors.json(lambda name: getattr(self.row, name))))
            else:
                pairs.append((key, json_constant(edge.name)))
        return json_object(pairs)

    def _listed(self, item: ColumnElement[Any]) -> ColumnElement[Any]:
        # Not a FILTER: with one, Postgres sorts again what comes in order.
        return json_list(case((self.row.n <= self.limit, item)), self._order_shown)

    @property
    def _order_shown(self) -> list[UnaryExpression[Any]]:
        return Window(self.keys).order(lambda name: getattr(self.row, name))

    def _page_info(self, details: Details) -> ColumnElement[Any]:
        info = get_named_type(self.type.fields["pageInfo"].type)
        assert isinstance(info, GraphQLObjectType)
        answers: dict[str, Callable[[], ColumnElement[Any]]] = {
            "__typename": lambda: json_constant(info.name),
            "hasNextPage": lambda: self._goes_on(later=True),
            "hasPreviousPage": lambda: self._goes_on(later=False),
            "startCursor": lambda: or_null(self._cursor(last=False)),
            "endCursor": lambda: or_null(self._cursor(last=True)),
        }
        fields = self.compiler.operation.fields_of(info, details)
        return json_object(
            [(key, answers[inner[0].node.name.value]()) for key, inner in fields.items()]
        )

    def _cursor(self, *, last: bool) -> ColumnElement[Any]:
        """Give the cursor of the first or last row shown, null when there is none.

        Only its own keys are written as text: they are taken from lists of all, the row that is
        read beyond the page included.
        """
        read, shown = func.count(), func.least(func.count(), self.limit)
        if self.backward:
            position = read if last else read - shown + literal_column("1")
        else:
            position = shown if last else literal_column("1")

        def key(name: str) -> ColumnElement[Any]:
            listed = aggregate_order_by(getattr(self.row, name), *self._order_shown)
            return func.array_agg(listed)[position]

        return case((read > literal_column("0"), self.cursors.of(key)))

    def _goes_on(self, *, later: bool) -> ColumnElement[Any]:
        """Whether the list has an item later, or earlier, than those shown."""
        edge = self.before if later else self.after
        answers: list[ColumnElement[bool]] = []
        if later != self.backward:
            answers.append(func.count() > self.limit)
        if edge is not None:
            side = {"after" if later else "before": edge}
            window = Window(
                self.keys, inclusive=True, backward=not later, limit=literal_column("1"), **side
            )
            beyond: ColumnElement[bool] = self._visible(window, literal_column("1")).exists()
            answers.append(beyond)
        return answers[0] if len(answers) == 1 else or_(false(), *answers)

    def _count(self) -> ColumnElement[Any]:
        self.around.own += COUNT_COST
        if self.counts_while_reading:
            return func.coalesce(func.max(getattr(self.row, TOTAL)), literal_column("0"))
        window = Window(self.keys)
        count: ColumnElement[Any] = self._visible(window, func.count()).scalar_subquery()
        return count

    def _visible(self, window: Window, value: ColumnElement[Any]) -> Any:
        """Give a SELECT of `value` from the visible rows of a window."""
        statement = self._statement(window)
        row = self.compiler.row_of(statement)
        conditions = [
            *self._guard(statement, row),
            *window.conditions(lambda name: getattr(row, name)),
        ]
        source = self.compiler.read(self.item_type, statement.order_by(None), row)
        return select(value).select_from(source).where(*conditions)

    def _page(self, statement: Any) -> Any:
        """Give the FROM with the rows of the page, numbered in the order of the walk."""
        window = Window(
            self.keys,
            after=self.after,
            before=self.before,
            backward=self.backward,
            limit=self.limit + literal_column("1"),
        )
        needed = sorted({*self.row.paths, *(key.name for key in self.keys)} - {"n"})
        walked = self._walk(window, statement, needed).subquery(self.compiler.alias("w"))
        order = window.order(lambda name: walked.c[name])
        return select(walked, func.row_number().over(order_by=order).label("n")).subquery(
            self.row.alias
        )

    def _walk(self, window: Window, statement: Any, needed: list[str]) -> Any:
        if self._is_pushed_down:
            # The resolver has pushed the window down; what comes out of it is guarded.
            statement = window.window(self._statement(window))
            row = self.compiler.row_of(statement)
            columns = [self.row.among(row, path).label(path) for path in needed]
            conditions = self._guard(statement, row)
            source = self.compiler.read(self.item_type, statement, row)
            return select(*columns).select_from(source).where(*conditions)
        row = self.compiler.row_of(statement)
        columns = [
            (func.count().over() if path == TOTAL else self.row.among(row, path)).label(path)
            for path in needed
        ]
        inside = window.conditions(lambda name: getattr(row, name))
        conditions = [*self._guard(statement, row), *inside]
        order = window.order(lambda name: getattr(row, name))
        source = self.compiler.read(self.item_type, statement.order_by(None), row)
        return (
            select(*columns)
            .select_from(source)
            .where(*conditions)
            .order_by(*order)
            .limit(window.limit)
        )

    @property
    def _is_pushed_down(self) -> bool:
        return "page" in self.spec.wants

    def _statement(self, window: Window) -> Any:
        return self._ask(window).sql

    def _ask(self, window: Window) -> Answer:
        extra = {"page": window} if self._is_pushed_down else {}
        return self.compiler.call(self.spec, self.parent, self.given, **extra)

    def _guard(self, statement: Any, row: Row) -> list[ColumnElement[bool]]:
        proven = self.compiler.proven(statement, self.parent, self.item_type)
        return self.compiler.guard(self.item_type, row, proven)

    def _order(self) -> tuple[tuple[Key, ...], str | None]:
        order, tag = self.spec.order, None
        if not isinstance(order, tuple):
            chosen = self.given.raw(ORDER)
            order, tag = order[chosen], chosen.name
        return tuple(Key.parse(text) for text in order), tag
