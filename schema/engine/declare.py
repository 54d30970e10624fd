"""Declaring the graph: which table a type is bound to, and which SQL answers a field.

    @table(tables.Post, prefix="pst", visible=resolve.visible, within={"organisation_id": "Organisation"})
    class Post(Node):
        body: str = column("The text, in Markdown.")
        author: to.Person | None = one(resolve.author, "Who wrote it.")
        comments: Connection[to.Comment] = connection(resolve.comments, "Oldest first.", order=("id",))

The functions given here are the resolvers. Parameters named `viewer`, `page` and `event` are
handed in by the compiler, the first of the others is the row (not at the root), the rest are the arguments.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import SimpleNamespace
from typing import Annotated, Any, TypeVar

import strawberry
from sqlalchemy import Column, MetaData, Table
from sqlmodel import SQLModel

from resolvers.rows import Row, Viewer
from subscriptions.interests import Interest

METADATA = "compiled"
ID_PREFIX = "id_prefix"
RANGE = "range"
ORDER = "order"
AFTER = "after"
REQUIRED: Any = inspect.Parameter.empty
INJECTED = frozenset({"viewer", "page", "event"})
C = TypeVar("C", bound=type)


class Kind(Enum):
    """How a field becomes SQL."""

    COLUMN = "column"
    VALUE = "value"
    ONE = "one"
    MANY = "many"
    CONNECTION = "connection"
    NODE = "node"
    NODES = "nodes"
    CHANGE = "change"
    TICK = "tick"


@dataclass(frozen=True)
class Binding:
    """The table of a type, the prefix of its ids, and who may see a row.

    `within` names the foreign keys whose target must be visible too: the compiler adds that
    condition itself, which is what allows a relation along such a key to be non-null.
    """

    model: type[SQLModel]
    prefix: str
    visible: Callable[[Row, Viewer], Any] | None
    within: Mapping[str, str]


@dataclass(frozen=True)
class Argument:
    """An argument of a field. `static` ones reach the resolver as values and shape the plan.

    `range` bounds a whole number, both ends included; `prefix` names the type of an id.
    """

    annotation: Any
    description: str
    default: Any = strawberry.UNSET
    static: bool = False
    prefix: str | None = None
    range: tuple[int, int] | None = None


@dataclass(frozen=True)
class CompiledField:
    """One field of a bound type, as the compiler reads it."""

    kind: Kind
    description: str
    resolve: Callable[..., Any] | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    order: tuple[str, ...] | Mapping[Enum, tuple[str, ...]] = ()
    at_most: int = 0
    visible: Callable[[Row, Viewer], Any] | None = None
    source: str | None = None
    wants: frozenset[str] = frozenset()
    interest: Interest | None = None
    seconds: float = 0.0


def column(
    description: str,
    *,
    source: str | None = None,
    visible: Callable[[Row, Viewer], Any] | None = None,
) -> Any:
    """A column of the table; with `visible` it is null for whoever may not see it."""
    return CompiledField(Kind.COLUMN, description, source=source, visible=visible)


def value(resolve: Callable[..., Any], description: str, **arguments: Argument) -> Any:
    """A scalar that SQL computes for a row."""
    return _resolved(Kind.VALUE, resolve, description, arguments)


def one(
    resolve: Callable[..., Any],
    description: str,
    *,
    order: Sequence[str] = (),
    **arguments: Argument,
) -> Any:
    """At most one row of another type; with `order` the first that the viewer may see."""
    spec = _resolved(Kind.ONE, resolve, description, arguments)
    return replace(spec, order=tuple(order))


def many(
    resolve: Callable[..., Any], description: str, *, at_most: int, **arguments: Argument
) -> Any:
    """A short list in the resolver's own order, cut at `at_most` rows."""
    return replace(_resolved(Kind.MANY, resolve, description, arguments), at_most=at_most)


def connection(
    resolve: Callable[..., Any],
    description: str,
    *,
    order: Sequence[str] | Mapping[Any, Sequence[str]],
    **arguments: Argument,
) -> Any:
    """A list in pages. `order` names NOT NULL columns that are unique together, `-` for descending.

    A mapping from an enum gives the field an argument `order`, its first entry the default.
    """
    spec = _resolved(Kind.CONNECTION, resolve, description, arguments)
    if isinstance(order, Mapping):
        return replace(spec, order={key: tuple(columns) for key, columns in order.items()})
    return replace(spec, order=tuple(order))


def change(
    resolve: Callable[..., Any], description: str, *, interest: Interest, **arguments: Argument
) -> Any:
    """What an event changes for a viewer who subscribes: at most one row, of a `derived` type.

    The resolver gets the `viewer` and the `event`; `interest` leaves out most events before.
    """
    spec = _resolved(Kind.CHANGE, resolve, description, arguments)
    return replace(spec, interest=interest)


def tick(
    resolve: Callable[..., Any], description: str, *, seconds: float, **arguments: Argument
) -> Any:
    """What is told to everybody alike, at most every so many seconds: at most one row.

    Asked as by a visitor who is not signed in, whoever listens.
    """
    spec = _resolved(Kind.TICK, resolve, description, arguments)
    return replace(spec, seconds=seconds)


def node(description: str, id: Argument) -> Any:
    """Any visible object by its id."""
    return CompiledField(Kind.NODE, description, arguments={"id": id})


def nodes(description: str, ids: Argument) -> Any:
    """Any visible objects by their ids, null where there is none."""
    return CompiledField(Kind.NODES, description, arguments={"ids": ids})


def argument(annotation: Any, description: str, **options: Any) -> Argument:
    """An argument of a field; optional unless `default` is `REQUIRED`."""
    return Argument(annotation, description, **options)


def id_argument(annotation: Any, prefix: str, description: str, **options: Any) -> Argument:
    """An argument that takes ids of the one type with `prefix`."""
    return Argument(annotation, description, prefix=prefix, **options)


def id_input(prefix: str, description: str) -> Any:
    """A field of an input object that takes ids of the one type with `prefix`, null by default."""
    return strawberry.field(
        description=description, default=strawberry.UNSET, metadata={ID_PREFIX: prefix}
    )


def int_input(range: tuple[int, int], description: str) -> Any:
    """A field of an input object for a whole number within `range`, null by default."""
    return strawberry.field(
        description=description, default=strawberry.UNSET, metadata={RANGE: range}
    )


def table(
    model: type[SQLModel],
    *,
    prefix: str,
    visible: Callable[[Row, Viewer], Any] | None,
    within: Mapping[str, str] | None = None,
) -> Callable[[C], C]:
    """Bind a type to a table. `visible=None` says in so many words that everyone sees every row."""

    def decorate(cls: C) -> C:
        cls.__binding__ = Binding(model, prefix, visible, within or {})  # type: ignore[attr-defined]
        return _strawberry_type(cls, is_root=False)

    return decorate


def derived(*columns: Column[Any], within: Mapping[str, str] | None = None) -> Callable[[C], C]:
    """Bind a type to rows that resolvers make of others: `columns` says what they hold.

    It has no id and is seen by whoever sees what leads to it; `within` as for a table.
    """

    def decorate(cls: C) -> C:
        made: Any = SimpleNamespace(__table__=Table(cls.__name__, MetaData(), *columns))
        cls.__binding__ = Binding(made, "", None, within or {})  # type: ignore[attr-defined]
        return _strawberry_type(cls, is_root=False)

    return decorate


def root(cls: C) -> C:
    """Make a root type whose compiled fields run as one statement."""
    return _strawberry_type(cls, is_root=True)


def _resolved(
    kind: Kind, resolve: Callable[..., Any], description: str, arguments: Mapping[str, Argument]
) -> CompiledField:
    names = tuple(inspect.signature(resolve).parameters)
    wants = frozenset(name for name in names if name in INJECTED)
    unknown = set(arguments) - set(names)
    if unknown:
        raise TypeError(f"{resolve.__qualname__} takes no argument {sorted(unknown)}")
    return CompiledField(kind, description, resolve=resolve, arguments=dict(arguments), wants=wants)


def _strawberry_type(cls: C, *, is_root: bool) -> C:
    for name, annotation in list(inspect.get_annotations(cls).items()):
        spec = cls.__dict__.get(name)
        if isinstance(spec, CompiledField):
            _check_signature(cls, name, spec, is_root=is_root)
            setattr(cls, name, _strawberry_field(cls, name, annotation, spec))
    return strawberry.type(cls, description=inspect.getdoc(cls))


def _check_signature(cls: type, name: str, spec: CompiledField, *, is_root: bool) -> None:
    if spec.resolve is None:
        return
    parameters = [p for p in inspect.signature(spec.resolve).parameters if p not in INJECTED]
    expected = list(spec.arguments) if is_root else [parameters[0], *spec.arguments]
    if sorted(parameters) != sorted(expected):
        raise TypeError(f"{cls.__name__}.{name} declares {expected}, its resolver {parameters}")


def _strawberry_field(cls: type, name: str, annotation: Any, spec: CompiledField) -> Any:
    metadata = {METADATA: spec}
    if spec.kind is Kind.COLUMN:
        return strawberry.field(description=spec.description, metadata=metadata)
    parameters = [
        inspect.Parameter(
            argument_name,
            inspect.Parameter.KEYWORD_ONLY,
            default=given.default,
            annotation=Annotated[
                given.annotation,
                strawberry.argument(
                    description=given.description,
                    metadata={ID_PREFIX: given.prefix, RANGE: given.range},
                ),
            ],
        )
        for argument_name, given in spec.arguments.items()
    ]
    if spec.kind is Kind.CONNECTION:
        parameters += [*_order_parameter(spec), *_page_parameters()]
    if spec.kind is Kind.CHANGE:
        parameters.append(_parameter(AFTER, str, "Begin with what came after this cursor."))

    def stub() -> None:
        raise NotImplementedError(f"{cls.__name__}.{name} is answered by SQL")

    stub.__name__ = name
    stub.__module__ = cls.__module__
    stub.__signature__ = inspect.Signature(parameters, return_annotation=annotation)  # type: ignore[attr-defined]
    stub.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": annotation}
    return strawberry.field(resolver=stub, description=spec.description, metadata=metadata)


def _order_parameter(spec: CompiledField) -> list[inspect.Parameter]:
    if isinstance(spec.order, tuple):
        return []
    default = next(iter(spec.order))
    annotation: Any = Annotated[(type(default), strawberry.argument(description="In which order."))]
    return [
        inspect.Parameter(
            ORDER, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
        )
    ]


def _page_parameters() -> list[inspect.Parameter]:
    texts: dict[str, tuple[Any, str]] = {
        "first": (int, "How many items from the start, 1 to 100; 20 when neither end is given."),
        "after": (str, "Only items after this cursor."),
        "last": (int, "How many items from the end, 1 to 100."),
        "before": (str, "Only items before this cursor."),
    }
    return [_parameter(name, type_, text) for name, (type_, text) in texts.items()]


def _parameter(name: str, type_: Any, text: str) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=strawberry.UNSET,
        annotation=Annotated[(type_ | None, strawberry.argument(description=text))],
    )
