"""Subscriptions: checked like any operation, then rendered for many listeners at once."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_named_type,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from schema.engine import ids
from schema.engine.arguments import id_prefix
from schema.engine.changes import DIFFERENT, ChangePlans
from schema.engine.compile import Details, Operation, compiled
from schema.engine.declare import AFTER, Kind
from schema.engine.engine import Reader
from schema.engine.errors import InvalidCursor, RequestError
from schema.engine.graph import GraphSchema, coded
from schema.engine.plans import Plan
from subscriptions.groups import Clock, Group, Listener, Told
from subscriptions.hub import Hub
from subscriptions.interests import Interest
from subscriptions.log import Cursor, CursorInvalid, Logged

logger = logging.getLogger(__name__)
RESYNC = "RESYNC"


class NotSubscribed(Exception):
    """The operation is refused; `errors` say why."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(str(errors[0]))
        self.errors = [coded(error) for error in errors]


@dataclass(frozen=True)
class Subscribed:
    """A subscription that may be joined: whoever gives the same `key` shares its renderer."""

    key: Hashable
    renderer: ChangeRenderer | PulseRenderer
    after: Cursor | None

    async def join(self, hub: Hub, listener: Listener) -> Group | Clock:
        """Let somebody listen; what was missed is sent when this returns.

        Raises:
            TimeoutError, OSError, asyncpg.PostgresError: The log cannot be read.
        """
        if isinstance(self.renderer, PulseRenderer):
            return hub.listen(listener, self.key, self.renderer)
        return await hub.subscribe(listener, self.key, self.renderer, self.after)


class PulseRenderer:
    """Renders what everybody is told alike. Implements `subscriptions.hub.Ticker`."""

    def __init__(
        self,
        schema: GraphSchema,
        reader: Reader,
        operation: Operation,
        field: tuple[GraphQLObjectType, str, Details],
    ) -> None:
        type_, self.key, details = field
        spec = compiled(type_.fields[details[0].node.name.value])
        assert spec is not None
        self.seconds = spec.seconds
        self.reader = reader
        self.plan = schema.engine.root_plan(operation, type_, {self.key: details})
        self.arguments, _ = self.plan.fill(operation.variables, schema.engine.cost_limit)

    async def tick(self) -> bytes:
        """Give the message of now. The statement is planned for its window."""
        rows = await self.reader.fetch(self.plan.sql, *self.arguments, plan_for_values=True)
        return b"".join((b'{"data":{', orjson.dumps(self.key), b":", rows[0][1] or b"null", b"}}"))


class ChangeRenderer:
    """Renders the changes that one subscription asks for. Implements `subscriptions.hub.Renderer`."""

    def __init__(
        self,
        schema: GraphSchema,
        reader: Reader,
        operation: Operation,
        field: tuple[GraphQLObjectType, str, Details],
    ) -> None:
        self.schema = schema
        self.reader = reader
        self.operation = operation
        self.type, self.key, self.details = field
        definition = self.type.fields[self.details[0].node.name.value]
        spec = compiled(definition)
        if spec is None or spec.interest is None:
            raise TypeError(f"Subscription.{self.key} is no change")
        self.interest: Interest = spec.interest
        self.definition = definition
        given = get_argument_values(definition, self.details[0].node, operation.variables)
        self.after: str | None = given.get(AFTER)
        self.arguments: Mapping[str, Any] = {
            name: self._key(name, value) for name, value in given.items() if name != AFTER
        }
        self.plans: ChangePlans = schema.engine.change_plans(operation, self.type, self.details)
        self._head = b'{"data":{' + orjson.dumps(self.key) + b":"
        # Refused now rather than at the first event.
        self._fill(self.plans.each, (), ())

    async def render(
        self, events: Sequence[Logged], viewers: Sequence[UUID | None]
    ) -> Sequence[Told]:
        """Say whom of the viewers the events concern, and what each is told."""
        if self.plans.crowd is not None and len(viewers) > 1:
            try:
                return await self._run(self.plans.crowd, events, viewers)
            except DIFFERENT:
                logger.debug("Not all %d see the same of %d events.", len(viewers), len(events))
        return await self._run(self.plans.each, events, viewers)

    def resync(self, cursor: str) -> bytes:
        """Give the message that too much was missed, with the fields that were asked for."""
        type_ = get_named_type(self.definition.type)
        assert isinstance(type_, GraphQLObjectType)
        known = {"kind": RESYNC, "cursor": cursor, "__typename": type_.name}
        fields = self.operation.fields_of(type_, self.details)
        answer = {key: known.get(inner[0].node.name.value) for key, inner in fields.items()}
        return self._payload(orjson.dumps(answer))

    async def _run(
        self, plan: Plan, events: Sequence[Logged], viewers: Sequence[UUID | None]
    ) -> list[Told]:
        rows = await self.reader.fetch(
            plan.sql,
            *self._fill(plan, events, viewers),
            plan_for_values=plan.plan_for_values,
        )
        return [Told(row["n"] - 1, row["viewers"], self._payload(row["json"])) for row in rows]

    def _fill(
        self, plan: Plan, events: Sequence[Logged], viewers: Sequence[UUID | None]
    ) -> list[Any]:
        arguments, _ = plan.fill(
            self.operation.variables,
            self.schema.engine.cost_limit,
            viewer=list(viewers),
            events=events,
        )
        return arguments

    def _payload(self, json: bytes) -> bytes:
        return b"".join((self._head, json, b"}}"))

    def _key(self, name: str, value: Any) -> Any:
        prefix = id_prefix(self.definition.args[name])
        if prefix is None or value is None:
            return value
        return ids.decode(value, prefix, self.schema.engine.bindings.names[prefix])


def subscribed(
    schema: GraphSchema,
    reader: Reader,
    query: str,
    variables: Mapping[str, Any] | None,
    operation_name: str | None,
    *,
    resume: str | None = None,
) -> Subscribed | None:
    """Give what a subscription asks for; None when the operation is no subscription.

    `resume` is a cursor that the client has from the connection: it stands before the argument.

    Raises:
        NotSubscribed: The document, its variables, an argument or the cost is refused.
        GraphQLSyntaxError: It is no GraphQL.
    """
    document = schema.documents.get(query)
    operations = [
        node
        for node in document.tree.definitions
        if isinstance(node, OperationDefinitionNode)
        and (not operation_name or (node.name is not None and node.name.value == operation_name))
    ]
    kinds = {node.operation for node in operations}
    if len(operations) > 1 and not operation_name and OperationType.SUBSCRIPTION in kinds:
        raise NotSubscribed([RequestError("Say by operationName which operation to run.")])
    if len(operations) != 1 or operations[0].operation is not OperationType.SUBSCRIPTION:
        return None
    if document.errors:
        raise NotSubscribed(document.errors)
    node, core = operations[0], schema.engine.schema
    type_ = core.subscription_type
    assert type_ is not None
    values = get_variable_values(core, node.variable_definitions or (), dict(variables or {}))
    if not isinstance(values, VariableValues):
        raise NotSubscribed(values)
    fragments = {
        definition.name.value: FragmentDetails(definition)
        for definition in document.tree.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    operation = Operation(core, node, fragments, values)
    grouped = collect_fields(core, fragments, values, type_, node, hide_suggestions=True)
    if not grouped.grouped_field_set:
        raise NotSubscribed([RequestError("The subscription selects nothing.")])
    key, details = next(iter(grouped.grouped_field_set.items()))
    spec = compiled(type_.fields[details[0].node.name.value])
    field = (type_, key, details)
    try:
        if spec is not None and spec.kind is Kind.TICK:
            pulse = PulseRenderer(schema, reader, operation, field)
            return Subscribed(_group(query, operation_name, variables), pulse, None)
        renderer = ChangeRenderer(schema, reader, operation, field)
    except GraphQLError as error:
        raise NotSubscribed([error]) from error
    given = resume or renderer.after
    try:
        after = None if given is None else Cursor.parse(given)
    except CursorInvalid:
        text = f"{ids.shown(given or '')} is no cursor of a subscription."
        raise NotSubscribed([InvalidCursor(text, nodes=details[0].node, path=[key])]) from None
    left_out = _variable_of_after(details)
    shared = {name: value for name, value in (variables or {}).items() if name != left_out}
    return Subscribed(_group(query, operation_name, shared), renderer, after)


def _group(query: str, operation_name: str | None, variables: Mapping[str, Any] | None) -> Hashable:
    return query, operation_name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)


def _variable_of_after(details: Details) -> str | None:
    """Give the variable that holds the cursor: those who come from different ones listen to the same."""
    for argument in details[0].node.arguments or ():
        if argument.name.value == AFTER and isinstance(argument.value, VariableNode):
            return argument.value.name.value
    return None
