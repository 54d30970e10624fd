"""The SQL side of the compiler: JSON as text, inlined constants, and the linting of every FROM."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    FromClause,
    Text,
    UnaryExpression,
    cast,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.exc import SAWarning
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import COLLECT_CARTESIAN_PRODUCTS, WARN_LINTING
from sqlalchemy.sql.expression import Select
from sqlalchemy.sql.functions import Function, FunctionElement
from sqlalchemy.sql.operators import ilike_op, like_op
from sqlalchemy.sql.selectable import Join
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import Boolean, Date, DateTime, Integer, String
from typing_extensions import override

BIND_PREFIX = "gq_"
PATTERN_OPERATORS = frozenset({like_op, ilike_op})
# Full text: how common its words are is known when they are.
TEXT_OPERATOR = "@@"
# Postgres takes so many arguments of a function.
ARGUMENTS_MAX = 100
NULL = literal_column("'null'", Text())


class StrayFrom(Exception):
    """A SELECT reads from a table that it should only have referred to."""


class JsonText(Text):
    """The type of a text that is JSON already."""


class Json(FunctionElement[Any]):
    """`concat('{"name":', json_scalar(name), '}')`: JSON in pieces, constant and computed ones.

    A piece must not be null: `concat` leaves nulls out. Texts cost less than values of the type
    json: `json_object` and `json_build_object` look up in the catalogue how to write each key and
    each value of each row, `concat` and `json_scalar` know it from the start (a feed page: 8 % of
    the statement's time).
    """

    name = "concat"
    type = JsonText()
    inherit_cache = False

    def __init__(self, pieces: Iterable[str | ColumnElement[Any]]) -> None:
        self.pieces: list[str | ColumnElement[Any]] = []
        for piece in pieces:
            if isinstance(piece, str) and self.pieces and isinstance(self.pieces[-1], str):
                self.pieces[-1] += piece
            else:
                self.pieces.append(piece)
        super().__init__(
            *(text_literal(piece) if isinstance(piece, str) else piece for piece in self.pieces)
        )


@compiles(Json)
def _compile_json(element: Json, compiler: Any, **options: Any) -> str:
    parts = [compiler.process(clause, **options) for clause in element.clauses]
    while len(parts) > ARGUMENTS_MAX:
        groups = (parts[at : at + ARGUMENTS_MAX] for at in range(0, len(parts), ARGUMENTS_MAX))
        parts = [f"concat({', '.join(group)})" for group in groups]
    return f"concat({', '.join(parts)})"


def json_object(pairs: Iterable[tuple[str, ColumnElement[Any]]]) -> Json:
    """Give the JSON object with `pairs`, in their order; no value may be null, see `or_null`."""
    pieces: list[str | ColumnElement[Any]] = []
    for key, value in pairs:
        pieces += [f'{"," if pieces else "{"}"{key}":', *_pieces(value)]
    return Json([*pieces, "}"] if pieces else ["{}"])


def json_list(item: ColumnElement[Any], order: Sequence[UnaryExpression[Any]]) -> Json:
    """Give the JSON list of an item of each row; a row for which it is null is left out."""
    joined = func.string_agg(item, aggregate_order_by(literal_column("','"), *order))
    return Json(["[", joined, "]"])


def json_constant(text: str) -> Json:
    """Give a name that needs no escapes."""
    return Json([f'"{text}"'])


def or_null(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a value as JSON, null included."""
    if isinstance(value, Json):
        return value
    return func.coalesce(json_text(value), NULL, type_=JsonText())


def json_text(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a value as JSON, of a type that `concat` takes for what it is; null stays null."""
    match value.type:
        case JsonText():
            return value
        case Integer() | Boolean():
            return cast(value, JsonText)
        case String() | DateTime() | Date():
            return func.json_scalar(value, type_=JsonText())
        case _:
            return func.to_json(value, type_=JsonText())


def whole_json(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a value as JSON that is a text for Postgres too; null stays null."""
    if isinstance(value.type, JsonText):
        return value
    return cast(json_text(value), JsonText)


def _pieces(value: ColumnElement[Any]) -> Sequence[str | ColumnElement[Any]]:
    if isinstance(value, Json):
        return value.pieces
    # A number needs no quotes: `concat` writes it itself.
    return [value if isinstance(value.type, Integer) else json_text(value)]


def text_literal(value: str) -> ColumnElement[str]:
    """Give a constant text. A backslash is an ordinary character (standard_conforming_strings)."""
    return literal_column("'" + value.replace("'", "''") + "'", Text())


class _Compiler(PGCompiler_asyncpg):
    """Only the compiler's own binds stay parameters: constants that a resolver wrote are inlined.

    The planner then knows them, so that partial indexes and statistics apply.
    """

    @override
    def visit_bindparam(self, bindparam: Any, *positional: Any, **options: Any) -> Any:
        if not bindparam.key.startswith(BIND_PREFIX):
            options["literal_binds"] = True
        return super().visit_bindparam(bindparam, *positional, **options)  # type: ignore[no-untyped-call]


def render(statement: Select[Any]) -> tuple[str, tuple[str, ...]]:
    """Compile to text and the names of the binds in the order of $1, $2, ….

    Raises:
        StrayFrom: Two FROMs of a SELECT are not joined to each other.
    """
    dialect: Any = asyncpg_dialect()  # type: ignore[no-untyped-call]
    dialect.statement_compiler = _Compiler
    with warnings.catch_warnings():
        warnings.simplefilter("error", SAWarning)
        try:
            compiled: Any = statement.compile(
                dialect=dialect, linting=COLLECT_CARTESIAN_PRODUCTS | WARN_LINTING
            )
        except SAWarning as warning:
            raise StrayFrom(str(warning)) from warning
    return str(compiled), tuple(compiled.positiontup or ())


@dataclass(frozen=True)
class Examined:
    """What is known of a resolver's SQL after a look at all of it.

    `has_pattern` says that an index is searched with a pattern, `is_search` that texts are
    searched at all.
    """

    has_pattern: bool
    is_search: bool


def examine(element: ClauseElement, where: str) -> Examined:
    """Look through a resolver's SQL once.

    Raises:
        StrayFrom: It reads a table that it should only refer to; with the resolver, `where`.
    """
    lint(element, where)
    inside = list(iterate(element))
    operators = [getattr(inner, "operator", None) for inner in inside]
    has_pattern = any(
        operator in PATTERN_OPERATORS or getattr(operator, "opstring", "") == TEXT_OPERATOR
        for operator in operators
    )
    finds = any(isinstance(inner, Function) and inner.name == "strpos" for inner in inside)
    return Examined(has_pattern, is_search=has_pattern or finds)


def lint(element: ClauseElement, where: str) -> None:
    """Check that no SELECT inside `element` silently repeats a table of a SELECT around it.

    SQLAlchemy correlates a nested SELECT with the nearest one around it only. A table of a SELECT
    further out is therefore not referred to but read again: "has the viewer" turns into "has
    anybody", without an error. A resolver that means a second reading says so with an alias.

    Raises:
        StrayFrom: With the table and the resolver, `where`.
    """
    _lint(element, (), where)


def _lint(element: ClauseElement, around: tuple[frozenset[FromClause], ...], where: str) -> None:
    referred: frozenset[Any] = frozenset()
    if isinstance(element, Select):
        froms = frozenset(_tables(element.get_final_froms()))
        nearest = around[-1] if around else frozenset()
        # What a SELECT refers to is not its own: said with correlate(), or in the nearest around.
        referred = frozenset(element._correlate or ()) | (froms & nearest)  # noqa: SLF001
        own = froms - referred
        stray = own & frozenset().union(*around)
        if stray:
            names = ", ".join(sorted(str(table) for table in stray))
            raise StrayFrom(f"{where} reads {names} again in a nested SELECT; use an alias")
        around = (*around, own)
    for child in element.get_children():
        if child not in referred:
            _lint(child, around, where)


def _tables(froms: Sequence[FromClause]) -> Iterator[FromClause]:
    for item in froms:
        if isinstance(item, Join):
            yield from _tables((item.left, item.right))
        else:
            yield item
