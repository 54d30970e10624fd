"""From a validated operation to one statement that returns its JSON.

A selection set becomes the text of a JSON object, a relation a scalar subquery, a list an aggregate over
one (see `connections`). Every row is read from the resolver's SELECT under an alias of its own,
and the conditions of visibility are added right there: no path leads around them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.sql.expression import Select

from resolvers.rows import VIEWER_ALIAS, BadArgument, Row, Viewer
from schema.engine import connections, ids
from schema.engine.arguments import Binds, BoundArguments, capped
from schema.engine.declare import METADATA, CompiledField, Kind
from schema.engine.paging import Key, Window
from schema.engine.plans import Cost, Plan, Slot
from schema.engine.sql import (
    examine,
    json_constant,
    json_list,
    json_object,
    or_null,
    render,
    text_literal,
    whole_json,
)
from schema.engine.visibility import Bindings, equated, table_of

Fields = Mapping[str, list[FieldDetails]]
Details = list[FieldDetails]


class Operation:
    """What the compiler needs of a request: the document's parts and the coerced variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: Any,
        fragments: Mapping[str, FragmentDetails],
        variables: VariableValues,
    ) -> None:
        self.schema = schema
        self.node = node
        self.fragments = dict(fragments)
        self.variables = variables

    def fields_of(self, type_: GraphQLObjectType, details: Details) -> Fields:
        """Merge the selections of one object type, fragments and directives resolved."""
        return collect_subfields(
            self.schema, self.fragments, self.variables, self.node, type_, details
        ).grouped_field_set


class Parent:
    """The row that a field belongs to, with its type; a root field has none."""

    def __init__(self, type_name: str, row: Row) -> None:
        self.type_name = type_name
        self.row = row


@dataclass(frozen=True)
class Answer:
    """What a resolver gave: its SQL, and whether that searches texts."""

    sql: Any
    is_search: bool


class Compiler:
    """One run: walks the selections, gathers binds and cost, and makes a plan."""

    def __init__(self, operation: Operation, bindings: Bindings) -> None:
        self.operation = operation
        self.bindings = bindings
        self.binds = Binds(operation.variables, bindings.names)
        self.viewer = Viewer()
        self.cost = Cost()
        self.path: list[str | int] = []
        self.has_pattern = False
        self._aliases = 0

    def roots(self, type_: GraphQLObjectType, fields: Fields, viewers: Any) -> Plan:
        """Compile root fields, one column each. `viewers` is the FROM that gives `viewer.id`."""
        columns = [
            whole_json(self._keyed(key, type_, details, None)) for key, details in fields.items()
        ]
        return self._plan(tuple(fields), columns, viewers)

    def nothing(self, viewers: Any) -> Plan:
        """Compile the statement that only tells who asks."""
        return self._plan((), [], viewers)

    def refs(self, type_: GraphQLObjectType, details: Details, viewers: Any) -> Plan:
        """Compile one selection for the ids of a request: a row each, null for what is unseen."""
        self.cost = Cost(times=lambda filling: len(filling.ids))
        keys = self.binds.bind(lambda filling: filling.ids, ARRAY(Uuid()))
        listed = func.unnest(keys).table_valued("id", with_ordinality="n")
        wanted = Row("ref", {"id": Uuid(), "n": Integer()})
        item = self.by_key(type_, wanted.id, lambda row: self.object(type_, details, row))
        froms = viewers.join(listed.render_derived(name=wanted.alias), true())
        return self._plan(("item",), [item], froms, order=wanted.n)

    def object(self, type_: GraphQLNamedType, details: Details, row: Row) -> ColumnElement[Any]:
        """Give the JSON of one row."""
        if is_abstract_type(type_):
            return case(
                *(
                    (
                        row.typename == text_literal(concrete.name),
                        self.by_key(concrete, row.id, self._object_of(concrete, details)),
                    )
                    for concrete in self.possible(type_)
                ),
                else_=null(),
            )
        assert isinstance(type_, GraphQLObjectType)
        self.cost.own += 1
        parent = Parent(type_.name, row)
        return json_object(
            [
                (key, self._member(key, type_, inner, parent))
                for key, inner in self.operation.fields_of(type_, details).items()
            ]
        )

    def by_key(
        self, type_: GraphQLNamedType, key: ColumnElement[Any], build: Callable[[Row], Any]
    ) -> ColumnElement[Any]:
        """Give the JSON of the row of `type_` with this primary key, null when it may not be seen."""
        table = table_of(self.bindings.by_name[type_.name].model)
        return self.single(type_, select(table).where(table.c.id == key), frozenset(), build)

    def single(
        self,
        type_: GraphQLNamedType,
        statement: Any,
        proven: frozenset[str],
        build: Callable[[Row], Any],
        *,
        guarded: bool = True,
        order: tuple[Key, ...] = (),
    ) -> ColumnElement[Any]:
        """Give the JSON of the one row of a statement, null when there is none to be seen.

        With `order` the statement may have several: the first is taken of those to be seen.
        """
        row = self.row_of(statement)
        value = build(row)
        conditions = self.guard(type_, row, proven) if guarded else []
        ordered = Window(order).order(lambda name: getattr(row, name))
        found = select(value).select_from(self.read(type_, statement, row)).where(*conditions)
        if ordered:
            found = found.order_by(*ordered).limit(literal_column("1"))
        return found.scalar_subquery()

    def guard(
        self, type_: GraphQLNamedType, row: Row, proven: frozenset[str] = frozenset()
    ) -> list[ColumnElement[bool]]:
        """Give the conditions under which the viewer may see a row of an object or abstract type."""
        if not is_abstract_type(type_):
            conditions = self.bindings.guard(type_.name, row, self.viewer, proven=proven)
            return [self.agreed(and_(*conditions))] if conditions else []
        return [
            or_(
                *(
                    and_(
                        row.typename == text_literal(concrete.name),
                        self.by_key(concrete, row.id, lambda _: literal_column("1")).is_not(None),
                    )
                    for concrete in self.possible(type_)
                )
            )
        ]

    def possible(self, type_: Any) -> list[GraphQLObjectType]:
        """Give the bound types that an interface or union can turn out to be."""
        types = self.operation.schema.get_possible_types(type_)
        return [concrete for concrete in types if concrete.name in self.bindings.by_name]

    def alias(self, kind: str) -> str:
        """Give an alias that nothing else in the statement has."""
        self._aliases += 1
        return f"{kind}{self._aliases}"

    def row_of(self, statement: Any, kind: str = "t") -> Row:
        """Give the row of a resolver's statement under a new alias."""
        types = {column.key: column.type for column in statement.selected_columns}
        return Row(self.alias(kind), types)

    def read(self, type_: GraphQLNamedType, statement: Any, row: Row) -> Any:
        """Give a statement as a FROM under the row's alias, with only the columns in use.

        What is reached from the row is joined to it.
        """
        plain = isinstance(statement, Select) and not (
            statement._distinct or statement._group_by_clauses  # noqa: SLF001 - no public name
        )
        if plain and row.used:
            columns = statement.selected_columns
            used = [column for column in columns if column.key in row.used]
            statement = statement.with_only_columns(*used, maintain_column_froms=True)
        source = statement.subquery(row.alias)
        return self.bindings.joined(type_.name, row, source) if row.reached else source

    def call(
        self, spec: CompiledField, parent: Parent | None, given: BoundArguments, **extra: Any
    ) -> Answer:
        """Ask a resolver for its SQL, and check what it reads from.

        The check is made once for each resolver and shape of its arguments: what its SQL reads
        from depends on nothing else, and the check costs more than all the rest.
        """
        assert spec.resolve is not None
        arguments = {
            name: given.raw(name) if argument.static else given.named(name)
            for name, argument in spec.arguments.items()
        }
        if "viewer" in spec.wants:
            arguments["viewer"] = self.asker(parent)
        rows = () if parent is None else (parent.row,)
        try:
            answer = spec.resolve(*rows, **arguments, **extra)
        except BadArgument as error:
            raise given.refuse(error) from error
        static = {name for name, argument in spec.arguments.items() if argument.static}
        shape = tuple(
            value if name in static else _shape(value) for name, value in arguments.items()
        )
        where = f"{spec.resolve.__module__}.{spec.resolve.__qualname__}"
        examined = self.bindings.examined.get(
            (spec.resolve, shape, *map(_window_shape, extra.values())),
            lambda: examine(answer, where),
        )
        self.has_pattern = self.has_pattern or examined.has_pattern
        return Answer(answer, is_search=examined.is_search)

    def asker(self, parent: Parent | None) -> Viewer:  # noqa: ARG002 - matters to a crowd
        """Give the viewer for a resolver that asks who that is."""
        return self.viewer

    def agreed(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Give a condition on the viewer as all agree on it for whom this is compiled."""
        return condition

    def proven(
        self, statement: Any, parent: Parent | None, type_: GraphQLNamedType
    ) -> frozenset[str]:
        """Give the keys of `type_` that lead back to the parent row, which is known to be visible."""
        if parent is None or is_abstract_type(type_):
            return frozenset()
        binding = self.bindings.by_name[type_.name]
        return frozenset(
            column
            for column, source in equated(statement, parent.row, table_of(binding.model)).items()
            if source == "id" and binding.within.get(column) == parent.type_name
        )

    def lies_within(
        self, statement: Any, parent: Parent | None, type_: GraphQLNamedType
    ) -> str | None:
        """Give the parent's key of the row that is asked for, when the parent lies within that row.

        The parent was then shown only because that row is visible: no need to ask again.
        """
        if parent is None or len(statement._where_criteria) != 1:  # noqa: SLF001 - no public name
            return None
        table = table_of(self.bindings.by_name[type_.name].model)
        if list(statement.get_final_froms()) != [table]:
            return None
        key = equated(statement, parent.row, table).get("id", "")
        within = self.bindings.by_name[parent.type_name].within
        return key if within.get(key) == type_.name else None

    def nested(self, times: Slot | int) -> Cost:
        """Open a cost of its own for what is repeated `times`; give the one around it."""
        around = self.cost
        self.cost = Cost(times=times)
        around.children.append(self.cost)
        return around

    def _object_of(self, type_: GraphQLObjectType, details: Details) -> Callable[[Row], Any]:
        return lambda row: self.object(type_, details, row)

    def _member(
        self, key: str, type_: GraphQLObjectType, details: Details, parent: Parent
    ) -> ColumnElement[Any]:
        """Give what an object holds under a key: null is written out where it may be."""
        value = self._keyed(key, type_, details, parent)
        definition = type_.fields.get(details[0].node.name.value)
        never_null = definition is None or is_non_null_type(definition.type)
        return value if never_null else or_null(value)

    def _keyed(
        self, key: str, type_: GraphQLObjectType, details: Details, parent: Parent | None
    ) -> ColumnElement[Any]:
        name = details[0].node.name.value
        if name == "__typename":
            return json_constant(type_.name)
        self.path.append(key)
        try:
            return self._field(type_, type_.fields[name], details, parent)
        finally:
            self.path.pop()

    def _field(
        self,
        owner: GraphQLObjectType,
        definition: GraphQLField,
        details: Details,
        parent: Parent | None,
    ) -> ColumnElement[Any]:
        spec = compiled(definition)
        if spec is None:
            # The interface's own field: the only one that a bound type inherits.
            assert parent is not None
            return ids.expression(self.bindings.by_name[owner.name].prefix, parent.row.id)
        if spec.kind is Kind.COLUMN:
            return self._column(definition, spec, parent)
        given = self.binds.arguments(definition, details[0].node, self.path)
        type_ = get_named_type(definition.type)
        if spec.kind is Kind.NODE:
            return self._node(type_, details, given)
        if spec.kind is Kind.NODES:
            return self._nodes(type_, details, given)
        if spec.kind is Kind.CONNECTION:
            return connections.compile_connection(self, type_, spec, details, parent, given)
        answer = self.call(spec, parent, given).sql
        if spec.kind is Kind.VALUE:
            return answer.scalar_subquery() if isinstance(answer, Select) else answer
        if spec.kind in {Kind.ONE, Kind.TICK}:
            return self._one(type_, spec, details, answer, parent)
        return self._many(type_, spec, details, answer, self.proven(answer, parent, type_))

    def _column(
        self, definition: GraphQLField, spec: CompiledField, parent: Parent | None
    ) -> ColumnElement[Any]:
        assert parent is not None
        declared = definition.extensions["strawberry-definition"]
        value = getattr(parent.row, spec.source or declared.python_name)
        if spec.visible is None:
            return value  # type: ignore[no-any-return]
        return case((self.agreed(spec.visible(parent.row, self.viewer)), value), else_=null())

    def _one(
        self,
        type_: GraphQLNamedType,
        spec: CompiledField,
        details: Details,
        statement: Any,
        parent: Parent | None,
    ) -> ColumnElement[Any]:
        key = self.lies_within(statement, parent, type_)
        if parent is not None and key is not None:
            around = self.bindings.reach(parent.type_name, parent.row, key)
            if around is not None:
                return self.object(type_, details, around)
        return self.single(
            type_,
            statement,
            self.proven(statement, parent, type_),
            lambda row: self.object(type_, details, row),
            guarded=key is None,
            order=tuple(Key.parse(str(name)) for name in spec.order),
        )

    def _many(
        self,
        type_: GraphQLNamedType,
        spec: CompiledField,
        details: Details,
        statement: Any,
        proven: frozenset[str],
    ) -> ColumnElement[Any]:
        around = self.nested(spec.at_most)
        order = statement._order_by_clauses  # noqa: SLF001 - has no public name
        numbered = statement.add_columns(func.row_number().over(order_by=order).label("n"))
        row = self.row_of(numbered)
        item = self.object(type_, details, row)
        listed = json_list(or_null(item), [row.n.asc()])
        conditions = self.guard(type_, row, proven)
        self.cost = around
        return (
            select(listed)
            .select_from(self.read(type_, numbered.limit(literal_column(str(spec.at_most))), row))
            .where(*conditions)
            .scalar_subquery()
        )

    def _node(
        self, type_: GraphQLNamedType, details: Details, given: BoundArguments
    ) -> ColumnElement[Any]:
        prefix = given.bind(lambda values: ids.split(values["id"])[0], Text())
        key = given.bind(lambda values: ids.split(values["id"])[1], Uuid())
        return self._by_prefix(type_, details, prefix, key)

    def _nodes(
        self, type_: GraphQLNamedType, details: Details, given: BoundArguments
    ) -> ColumnElement[Any]:
        def part(index: int) -> Callable[[Mapping[str, Any]], list[Any]]:
            return lambda values: [ids.split(value)[index] for value in capped(values["ids"])]

        around = self.nested(given.slot(lambda values: max(1, len(values["ids"]))))
        listed = func.unnest(
            given.bind(part(0), ARRAY(Text())), given.bind(part(1), ARRAY(Uuid()))
        ).table_valued("prefix", "id", with_ordinality="n")
        wanted = Row(self.alias("u"), {"prefix": Text(), "id": Uuid(), "n": Integer()})
        item = self._by_prefix(type_, details, wanted.prefix, wanted.id)
        self.cost = around
        return (
            select(json_list(or_null(item), [wanted.n.asc()]))
            .select_from(listed.render_derived(name=wanted.alias))
            .scalar_subquery()
        )

    def _by_prefix(
        self,
        type_: GraphQLNamedType,
        details: Details,
        prefix: ColumnElement[Any],
        key: ColumnElement[Any],
    ) -> ColumnElement[Any]:
        return case(
            *(
                (
                    prefix == text_literal(self.bindings.by_name[concrete.name].prefix),
                    self.by_key(concrete, key, self._object_of(concrete, details)),
                )
                for concrete in self.possible(type_)
            ),
            else_=null(),
        )

    def _plan(
        self,
        keys: tuple[str, ...],
        columns: Sequence[ColumnElement[Any]],
        froms: Any,
        order: ColumnElement[Any] | None = None,
    ) -> Plan:
        statement = select(
            literal_column(f"{VIEWER_ALIAS}.id").label("viewer"),
            # As bytes: they go out to the client untouched.
            *(
                func.convert_to(column, text_literal("UTF8")).label(f"json_{index}")
                for index, column in enumerate(columns)
            ),
        ).select_from(froms)
        sql, names = render(statement if order is None else statement.order_by(order))
        return Plan(
            sql=sql,
            keys=keys,
            slots=tuple(self.binds.slots[name] for name in names),
            checks=tuple(self.binds.checks),
            occurrences=tuple(self.binds.occurrences),
            cost=self.cost,
            needs_viewer=self.viewer.used,
            plan_for_values=self.has_pattern,
        )


def _shape(given: Any) -> Any:
    """Give what a resolver can branch on: which arguments were given."""
    if isinstance(given, SimpleNamespace):
        return tuple((name, _shape(value)) for name, value in vars(given).items())
    return given is None


def _window_shape(window: object) -> tuple[bool, ...]:
    if not isinstance(window, Window):
        return ()
    ends = (window.after, window.before, window.limit)
    return (window.backward, *(end is None for end in ends))


def compiled(definition: GraphQLField | None) -> CompiledField | None:
    """Give how a field is answered by SQL; None when it is an ordinary one."""
    declared = definition.extensions.get("strawberry-definition") if definition else None
    return declared.metadata.get(METADATA) if declared is not None else None
