"""The engine of one schema: makes and keeps plans, runs them, and turns faults into answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    is_non_null_type,
    visit,
)
from graphql.execution.values import VariableValues
from sqlalchemy import (
    ARRAY,
    LargeBinary,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from resolvers.acting import Origin, Outcome
from resolvers.rows import VIEWER_ALIAS, EventRow
from schema.engine.arguments import VIEWER_BIND
from schema.engine.changes import ChangePlans, Sources, compile_changes
from schema.engine.compile import Compiler, Details, Fields, Operation, compiled
from schema.engine.declare import ORDER
from schema.engine.errors import Timeout, Unauthenticated, Unavailable
from schema.engine.plans import BoundedCache, Plan, tree_bytes
from schema.engine.visibility import Bindings

SHAPING_DIRECTIVES = frozenset({"skip", "include"})
ABSENT, NULL, GIVEN = 0, 1, 2
# Room for a hundred of the largest pages of the product, with the operations they are of.
PLAN_BYTES = 8 * 1024 * 1024
# What a plan takes beside its statement and its operation.
PLAN_OVERHEAD = 5_000
# What asyncpg raises when there is no connection to be had, or it breaks under a statement.
OUT_OF_REACH = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)
logger = logging.getLogger(__name__)


class Reader(Protocol):
    """Where statements run."""

    async def fetch(
        self, query: str, *arguments: Any, plan_for_values: bool = False
    ) -> list[asyncpg.Record]:
        """Run a statement and give its rows."""
        ...


@dataclass
class GraphContext:
    """What a request brings: where to read and write, and its secret; and what came of it."""

    reader: Reader
    secret_hash: bytes | None = None
    # Performs the commands of mutations (`schema.engine.mutations.Performs`); None where only
    # queries are asked.
    performer: Any = None
    origin: Origin = field(default_factory=Origin)
    # What the edge has to do for the client, one entry for each mutation that was done.
    outcomes: list[Outcome] = field(default_factory=list)
    request_id: str = ""
    operation_name: str | None = None
    cost: int | None = None
    is_authenticated: bool = False


@dataclass(frozen=True)
class Prepared:
    """A plan with the values of its binds."""

    plan: Plan
    arguments: list[Any]


@dataclass(frozen=True)
class Asking:
    """The SQL that tells who asks.

    `person_of_secret` tells whose secret a hash is of, `standing` gives columns of what the rules
    need to know of a person (whom they do not meet, whether they moderate), `standing_of_all` is
    a SELECT of the same for many people at once. `event_row` is what a resolver gets of an event,
    `known_of_events` a SELECT of what that needs.
    """

    person_of_secret: Callable[[ColumnElement[bytes]], Any]
    standing: Callable[[ColumnElement[UUID]], Sequence[Any]]
    standing_of_all: Callable[[Any], Any]
    event_row: Callable[[], EventRow]
    known_of_events: Callable[[Any], Any]


class Engine:
    """Plans for one schema."""

    def __init__(
        self, schema: GraphQLSchema, asking: Asking, *, cost_limit: int, plans: int = 300
    ) -> None:
        self.schema = schema
        self.bindings = Bindings(schema)
        self.asking = asking
        self.cost_limit = cost_limit
        self.plans: BoundedCache[tuple[Any, Plan]] = BoundedCache(
            plans, weigh=_plan_bytes, maximum_bytes=PLAN_BYTES
        )
        # As plans, with the node: subscriptions to one thing each differ in their values only.
        self.changes: BoundedCache[tuple[Any, ChangePlans]] = BoundedCache(
            plans, weigh=_changes_bytes, maximum_bytes=PLAN_BYTES
        )
        self._sign_in = self._sign_in_plan()
        self._shapes: BoundedCache[tuple[Any, frozenset[str]]] = BoundedCache(
            plans, weigh=lambda entry: tree_bytes(entry[0]), maximum_bytes=PLAN_BYTES
        )

    def root_plan(self, operation: Operation, type_: GraphQLObjectType, fields: Fields) -> Plan:
        """Give the plan of compiled root fields for the one who asks."""
        return self._plan(
            operation,
            ("root", tuple(fields)),
            lambda: Compiler(operation, self.bindings).roots(type_, fields, self._whoever_asks),
        )

    def viewers_plan(self, operation: Operation, type_: GraphQLObjectType, fields: Fields) -> Plan:
        """Give the plan of compiled root fields for many viewers at once, a row for each."""
        return self._plan(
            operation,
            ("viewers", tuple(fields)),
            lambda: Compiler(operation, self.bindings).roots(type_, fields, self._many_viewers),
        )

    def change_plans(
        self, operation: Operation, type_: GraphQLObjectType, details: Details
    ) -> ChangePlans:
        """Give the plans of the root field of a subscription."""
        sources = Sources(self._all_viewers, self.asking.known_of_events, self.asking.event_row())
        key = (id(operation.node), self._shape(operation))
        return self.changes.get(
            key,
            lambda: (
                operation.node,
                compile_changes(operation, self.bindings, type_, details, sources),
            ),
        )[1]

    def refs_plan(
        self,
        operation: Operation,
        type_: GraphQLObjectType,
        details: Details,
        path: tuple[Any, ...],
    ) -> Plan:
        """Give the plan of one selection for the rows that an ordinary resolver referred to."""
        return self._plan(
            operation,
            ("refs", type_.name, path),
            lambda: Compiler(operation, self.bindings).refs(type_, details, self._whoever_asks),
        )

    def prepare(
        self, context: GraphContext, operation: Operation, type_: GraphQLObjectType, fields: Fields
    ) -> Prepared:
        """Plan compiled root fields and fill the plan, before anything runs.

        Raises:
            RequestError: An argument is refused, or the whole is too dear.
        """
        plan = self.root_plan(operation, type_, fields)
        arguments, cost = plan.fill(
            operation.variables, self.cost_limit, viewer=context.secret_hash
        )
        context.cost = (context.cost or 0) + cost
        return Prepared(plan, arguments)

    async def answer(self, context: GraphContext, prepared: Prepared) -> dict[str, bytes | None]:
        """Run what was prepared: the JSON of each root field by its response key.

        Raises:
            RequestError: The token is refused, or it took too long.
        """
        record = (await self.run(context, prepared.plan, prepared.arguments))[0]
        return {key: record[index + 1] for index, key in enumerate(prepared.plan.keys)}

    async def refs(
        self,
        context: GraphContext,
        operation: Operation,
        type_: GraphQLObjectType,
        details: Details,
        path: tuple[Any, ...],
        ids: list[UUID],
    ) -> list[bytes | None]:
        """Render rows that an ordinary resolver referred to: the JSON of each, in their order.

        Raises:
            RequestError: An argument, the cost or the token is refused, or it took too long.
        """
        plan = self.refs_plan(operation, type_, details, path)
        arguments, cost = plan.fill(
            operation.variables, self.cost_limit, viewer=context.secret_hash, ids=ids
        )
        context.cost = (context.cost or 0) + cost
        return [record[1] for record in await self.run(context, plan, arguments)]

    async def authenticate(self, context: GraphContext) -> None:
        """Make sure that a secret is somebody's, when no compiled field has done so.

        Raises:
            RequestError: It is nobody's, or the database cannot be asked.
        """
        if context.secret_hash is not None and not context.is_authenticated:
            await self.run(context, self._sign_in, [context.secret_hash])

    async def run(
        self, context: GraphContext, plan: Plan, arguments: list[Any]
    ) -> list[asyncpg.Record]:
        """Run a plan for the one who asks.

        Raises:
            Unauthenticated: A secret was given, and it is nobody's.
            Timeout: The statement took longer than it may.
            Unavailable: The database is out of reach, or no connection came free.
        """
        with database_faults(context):
            records = await context.reader.fetch(
                plan.sql, *arguments, plan_for_values=plan.plan_for_values
            )
        context.is_authenticated = True
        if context.secret_hash is not None and records[0]["viewer"] is None:
            raise Unauthenticated("This token is unknown, expired or revoked. Sign in again.")
        return records

    def is_compiled(self, type_: GraphQLObjectType, details: Details) -> bool:
        """Tell whether a field is answered by SQL."""
        return compiled(type_.fields.get(details[0].node.name.value)) is not None

    def illegal_null(
        self, type_: GraphQLObjectType, fields: Fields, answers: Mapping[str, Any]
    ) -> str | None:
        """Give the response key of a non-null root field that has no answer."""
        for key, details in fields.items():
            definition = type_.fields[details[0].node.name.value]
            if answers[key] is None and is_non_null_type(definition.type):
                return key
        return None

    def _sign_in_plan(self) -> Plan:
        variables = VariableValues({}, {})
        operation = Operation(self.schema, None, {}, variables)
        return Compiler(operation, self.bindings).nothing(self._whoever_asks)

    @property
    def _whoever_asks(self) -> Any:
        # Materialized: asked once, and its answer is a parameter to everything else.
        secret = bindparam(VIEWER_BIND, type_=LargeBinary(), required=True)
        # The OFFSET keeps Postgres from looking the secret up again for each mention of its person.
        once: Any = literal_column("0")
        who = select(self.asking.person_of_secret(secret).label("id")).offset(once).subquery("who")
        viewer = select(who.c.id, *self.asking.standing(who.c.id), secret.label("secret_hash")).cte(
            VIEWER_ALIAS
        )
        return viewer.prefix_with("materialized")

    @property
    def _many_viewers(self) -> Any:
        # Materialized: inlined, each mention of a viewer's blocks would look them up again.
        return self._all_viewers().cte(VIEWER_ALIAS).prefix_with("materialized")

    def _all_viewers(self) -> Any:
        viewers = func.unnest(bindparam(VIEWER_BIND, type_=ARRAY(Uuid()), required=True))
        who = viewers.table_valued(column("id", Uuid())).render_derived(name="who")
        # Nobody's request is at hand, so no session is the one that it came with.
        secret = cast(null(), LargeBinary()).label("secret_hash")
        return self.asking.standing_of_all(who).add_columns(secret)

    def _plan(self, operation: Operation, key: tuple[Any, ...], make: Callable[[], Plan]) -> Plan:
        # The node is kept with its plan, so that its id cannot be given to another.
        whole_key = (id(operation.node), key, self._shape(operation))
        return self.plans.get(whole_key, lambda: (operation.node, make()))[1]

    def _shape(self, operation: Operation) -> tuple[Any, ...]:
        shaping = self._shapes.get(
            id(operation.node), lambda: (operation.node, self._shaping_variables(operation))
        )[1]
        values = operation.variables.coerced
        return tuple(
            values.get(name) if name in shaping else _nullness(values, name)
            for name in (
                definition.variable.name.value
                for definition in operation.node.variable_definitions or ()
            )
        )

    def _shaping_variables(self, operation: Operation) -> frozenset[str]:
        """Give the variables whose value, not only its absence, decides what the SQL looks like."""
        found: set[str] = set()
        info = TypeInfo(self.schema)

        class Shaping(Visitor):
            def enter_directive(self, node: Any, *_: Any) -> None:
                if node.name.value in SHAPING_DIRECTIVES:
                    found.update(_variables(node))

            def enter_field(self, node: FieldNode, *_: Any) -> None:
                spec = compiled(info.get_field_def())
                static = {ORDER} if spec else set()
                static |= (
                    {name for name, given in spec.arguments.items() if given.static}
                    if spec
                    else set()
                )
                for argument in node.arguments or ():
                    if argument.name.value in static:
                        found.update(_variables(argument))

        fragments = [fragment.definition for fragment in operation.fragments.values()]
        for node in (operation.node, *fragments):
            visit(node, TypeInfoVisitor(info, Shaping()))
        return frozenset(found)


@contextmanager
def database_faults(context: GraphContext) -> Iterator[None]:
    """Turn what the database does to a statement into an answer for the client.

    Raises:
        Timeout: The statement took longer than it may.
        Unavailable: The database is out of reach, or no connection came free.
    """
    try:
        yield
    except asyncpg.QueryCanceledError as error:
        raise Timeout("The answer took too long to find. Ask for less, or try again.") from error
    except asyncpg.DataError:
        # An InterfaceError by descent, but it says that a bind is wrong: our fault.
        raise
    except OUT_OF_REACH as error:
        logger.warning("request %s: no database: %r", context.request_id, error)
        raise Unavailable("We cannot answer just now. Try again in a moment.") from error


def _plan_bytes(entry: tuple[Any, Plan]) -> int:
    # The tree counts: a plan may outlive its document in their caches.
    node, plan = entry
    return PLAN_OVERHEAD + len(plan.sql) + tree_bytes(node)


def _changes_bytes(entry: tuple[Any, ChangePlans]) -> int:
    node, plans = entry
    crowd = PLAN_OVERHEAD + len(plans.crowd.sql) if plans.crowd is not None else 0
    return crowd + _plan_bytes((node, plans.each))


def _variables(node: Any) -> set[str]:
    found: set[str] = set()

    class Names(Visitor):
        def enter_variable(self, inner: VariableNode, *_: Any) -> None:
            found.add(inner.name.value)

    visit(node, Names())
    return found


def _nullness(values: Mapping[str, Any], name: str) -> Any:
    if name not in values:
        return ABSENT
    value = values[name]
    if isinstance(value, dict):
        return tuple((key, _nullness(value, key)) for key in sorted(value))
    fields = getattr(value, "__dict__", None)
    if fields and hasattr(type(value), "__strawberry_definition__"):
        return tuple((key, _nullness(fields, key)) for key in fields)
    return NULL if value is None else GIVEN
