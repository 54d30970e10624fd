"""From a subscription to the statement that tells many viewers of many events.

Two forms. *For each viewer*: a row for each event and viewer whom it concerns. *For a crowd*: those
whom an event concerns alike share one row, so that the JSON is made once, however many they are.
The crowd form needs all of them to see the same: each rule on the way asks all of them and raises
an error (`DIFFERENT`) where some may see a row and others may not; then the first form is taken.
A selection with a field that looks at the viewer itself has the first form only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from graphql import GraphQLField, GraphQLObjectType, get_named_type
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Uuid,
    case,
    column,
    false,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import array
from typing_extensions import override

from resolvers.rows import EVENT_ALIAS, EVENT_COLUMNS, VIEWER_ALIAS, EventRow, Row, Viewer
from schema.engine.compile import Compiler, Details, Operation, Parent, compiled
from schema.engine.plans import Filling, Plan
from schema.engine.sql import render, text_literal
from schema.engine.visibility import Bindings
from subscriptions.log import Logged

# The only division in any statement: what a crowd does not agree on is divided by zero.
DIFFERENT = asyncpg.DivisionByZeroError
CHANGE_ALIAS = "change"
CONCERNED = "concerned"


@dataclass(frozen=True)
class ChangePlans:
    """The statements of a subscription; `crowd` is None when each viewer needs an own answer."""

    crowd: Plan | None
    each: Plan


@dataclass(frozen=True)
class Sources:
    """SELECTs of who listens and of what is known of events, and an event's row for resolvers."""

    viewers: Callable[[], Any]
    known_of_events: Callable[[Any], Any]
    event: EventRow


def compile_changes(
    operation: Operation,
    bindings: Bindings,
    type_: GraphQLObjectType,
    details: Details,
    sources: Sources,
) -> ChangePlans:
    """Compile the one root field of a subscription."""
    each = _EachCompiler(operation, bindings, sources).changes(type_, details)
    crowd = _CrowdCompiler(operation, bindings, sources)
    shared = crowd.changes(type_, details)
    return ChangePlans(None if crowd.is_personal else shared, each)


class _EachCompiler(Compiler):
    """Compiles what each viewer is told of each event: `(n, viewers, json)`."""

    def __init__(self, operation: Operation, bindings: Bindings, sources: Sources) -> None:
        super().__init__(operation, bindings)
        self.sources = sources
        self.event = sources.event

    def changes(self, type_: GraphQLObjectType, details: Details) -> Plan:
        viewer = self.sources.viewers().cte(VIEWER_ALIAS).prefix_with("materialized")
        change, definition = self.routed(type_, details)
        row = Row(CHANGE_ALIAS, {item.key: item.type for item in change.selected_columns})
        json = self.object(get_named_type(definition.type), details, row)
        froms = viewer.join(self.events(), true()).join(change.lateral(CHANGE_ALIAS), true())
        viewer_ids = array([literal_column(f"{VIEWER_ALIAS}.id", Uuid())])
        return self.told(self.event.n, viewer_ids, json, froms)

    def routed(self, type_: GraphQLObjectType, details: Details) -> tuple[Any, GraphQLField]:
        """Give the SELECT of what an event changes for a viewer, and the field that asks for it."""
        definition = type_.fields[details[0].node.name.value]
        spec = compiled(definition)
        assert spec is not None
        given = self.binds.arguments(definition, details[0].node, self.path)
        return self.call(spec, None, given, event=self.event).sql, definition

    def events(self) -> Any:
        """Give the FROM with the events at hand."""
        columns = {name: type_ for name, type_ in EVENT_COLUMNS.items() if name != "n"}
        listed = func.unnest(
            *(
                self.binds.bind(_column_of_events(name), ARRAY(type_))
                for name, type_ in columns.items()
            )
        ).table_valued(
            *(column(name, type_) for name, type_ in columns.items()), with_ordinality="n"
        )
        known = self.sources.known_of_events(listed.render_derived(name="happened"))
        return known.cte(EVENT_ALIAS).prefix_with("materialized")

    def told(
        self, n: ColumnElement[Any], viewers: ColumnElement[Any], json: Any, froms: Any
    ) -> Plan:
        """Make the plan of a statement whose rows say of which event whom is told what."""
        statement = select(
            n.label("n"),
            viewers.label("viewers"),
            func.convert_to(json, text_literal("UTF8")).label("json"),
        ).select_from(froms)
        sql, names = render(statement.order_by(n))
        return Plan(
            sql=sql,
            keys=("json",),
            slots=tuple(self.binds.slots[name] for name in names),
            checks=tuple(self.binds.checks),
            occurrences=tuple(self.binds.occurrences),
            cost=self.cost,
            needs_viewer=True,
            plan_for_values=self.has_pattern,
        )


class _CrowdCompiler(_EachCompiler):
    """Compiles what all viewers are told whom an event concerns alike."""

    def __init__(self, operation: Operation, bindings: Bindings, sources: Sources) -> None:
        super().__init__(operation, bindings, sources)
        self.is_personal = False

    @override
    def changes(self, type_: GraphQLObjectType, details: Details) -> Plan:
        viewer = self.sources.viewers().cte(VIEWER_ALIAS).prefix_with("materialized")
        change, definition = self.routed(type_, details)
        names = [item.key for item in change.selected_columns]
        event = self.event
        lateral = change.lateral(CHANGE_ALIAS)
        alike = [event.n, *(lateral.c[name] for name in names)]
        concerned = (
            select(
                viewer,
                event.n.label("n"),
                *(lateral.c[name] for name in names if name != "id"),
                func.dense_rank().over(order_by=alike).label("crowd"),
            )
            .select_from(viewer.join(self.events(), true()).join(lateral, true()))
            .cte(CONCERNED)
            .prefix_with("materialized")
        )
        shared = [concerned.c[name] for name in ("crowd", "n", *names)]
        crowds = (
            select(*shared, func.array_agg(concerned.c.id).label("viewers"))
            .group_by(*shared)
            .subquery(CHANGE_ALIAS)
        )
        types = {item.key: item.type for item in change.selected_columns}
        json = self.object(get_named_type(definition.type), details, Row(CHANGE_ALIAS, types))
        return self.told(crowds.c.n, crowds.c.viewers, json, crowds)

    @override
    def asker(self, parent: Parent | None) -> Viewer:
        self.is_personal = self.is_personal or parent is not None
        return self.viewer

    @override
    def agreed(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        # By name: an alias of a CTE would be a second one called `viewer`.
        everybody = table(CONCERNED, column("crowd", Integer())).alias(VIEWER_ALIAS)
        known = func.coalesce(condition, false())
        nothing: ColumnElement[int] = func.count() - func.count()
        verdict = case(
            (func.bool_and(known), true()),
            (func.bool_or(known), literal_column("1", Integer()) / nothing > literal_column("0")),
            else_=false(),
        )
        return (
            select(verdict)
            .select_from(everybody)
            .where(everybody.c.crowd == literal_column(f"{CHANGE_ALIAS}.crowd", Integer()))
            .scalar_subquery()
        )


def _column_of_events(name: str) -> Callable[[Filling], Sequence[Any]]:
    def value(logged: Logged) -> Any:
        if name == "cursor":
            return logged.cursor
        found = getattr(logged.event, name, None)
        return f"{{{','.join(map(str, found))}}}" if isinstance(found, tuple) else found

    return lambda filling: [value(logged) for logged in filling.events]
