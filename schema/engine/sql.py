"""The SQL side of the compiler: JSON objects, inlined constants, and the linting of every FROM."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, FromClause, Text, literal_column
from sqlalchemy.dialects.postgresql import JSON
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
from typing_extensions import override

BIND_PREFIX = "gq_"
PATTERN_OPERATORS = frozenset({like_op, ilike_op})
EMPTY_LIST: ColumnElement[Any] = literal_column("'[]'::json")


class StrayFrom(Exception):
    """A SELECT reads from a table that it should only have referred to."""


class JsonObject(FunctionElement[Any]):
    """`json_object('a' value 1, …)`: keeps the order of its keys and has no limit on their number."""

    name = "json_object"
    type = JSON()
    inherit_cache = False


@compiles(JsonObject)
def _compile_json_object(element: JsonObject, compiler: Any, **options: Any) -> str:
    parts = [compiler.process(clause, **options) for clause in element.clauses]
    pairs = (f"{key} value {value}" for key, value in zip(parts[::2], parts[1::2], strict=True))
    return f"json_object({', '.join(pairs)} returning json)"


def json_object(pairs: Sequence[tuple[str, ColumnElement[Any]]]) -> ColumnElement[Any]:
    """Give the JSON object with `pairs`, in their order."""
    return JsonObject(*(part for key, value in pairs for part in (text_literal(key), value)))


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
    has_pattern = any(getattr(inner, "operator", None) in PATTERN_OPERATORS for inner in inside)
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
