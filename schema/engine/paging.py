"""Keyset pages: cursors, the window that walks from one, and whether the list goes on.

A page is found by comparing the ordering columns with those in the cursor, never by counting rows:
it costs the same at any depth and stays in place when rows are added elsewhere. The order is
total (its columns are unique together), so forward paging is the exact reverse of backward.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    UnaryExpression,
    and_,
    cast,
    func,
    literal_column,
    or_,
    tuple_,
)
from sqlalchemy.types import Date, DateTime, Float, Integer, SmallInteger, String, TypeEngine, Uuid

from resolvers.rows import Columns
from schema.engine.arguments import BoundArguments
from schema.engine.errors import InvalidArgument, InvalidCursor
from schema.engine.ids import shown
from schema.engine.sql import Json, text_literal

PAGE_DEFAULT = 20
PAGE_MAX = 100

INT_MAX, SMALL_INT_MAX = 2**31 - 1, 2**15 - 1


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    # Of the years 1 to 9999 also in UTC: others are an OverflowError here, not in the driver.
    return moment.astimezone(UTC)


def _whole(text: str, most: int = INT_MAX) -> int:
    number = int(text)
    if abs(number) > most:
        raise OverflowError(text)
    return number


def _small(text: str) -> int:
    return _whole(text, SMALL_INT_MAX)


def _real(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise OverflowError(text)
    return number


def _text(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    return text


# A type's cursor text is read back by the first entry that it is an instance of.
READERS: Sequence[tuple[type[TypeEngine[Any]], Callable[[str], Any]]] = (
    (Uuid, UUID),
    (DateTime, _moment),
    (Date, date.fromisoformat),
    (SmallInteger, _small),
    (Integer, _whole),
    (Float, _real),
    (String, _text),
)


@dataclass(frozen=True)
class Key:
    """One column of an order."""

    name: str
    descending: bool

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read `name` or `-name`."""
        return cls(text.removeprefix("-"), text.startswith("-"))


@dataclass(frozen=True)
class Window:
    """A stretch of a list, walked from one of its ends."""

    keys: tuple[Key, ...]
    after: tuple[ColumnElement[Any], ...] | None = None
    before: tuple[ColumnElement[Any], ...] | None = None
    inclusive: bool = False
    backward: bool = False
    limit: Any = None

    def conditions(self, columns: Columns) -> list[ColumnElement[bool]]:
        """Give what places a row within the stretch."""
        found = []
        if self.after is not None:
            found.append(self._beyond(columns, self.after, later=True))
        if self.before is not None:
            found.append(self._beyond(columns, self.before, later=False))
        return found

    def order(self, columns: Columns) -> list[UnaryExpression[Any]]:
        """Give the order in which the stretch is walked."""
        return [
            columns(key.name).desc() if key.descending != self.backward else columns(key.name).asc()
            for key in self.keys
        ]

    def window(self, statement: Select[Any]) -> Select[Any]:
        """Restrict a statement that has the ordering columns among its own to the stretch."""
        columns = statement.selected_columns

        def column(name: str) -> ColumnElement[Any]:
            return columns[name]

        statement = statement.where(*self.conditions(column))
        if self.limit is None:
            return statement
        return statement.order_by(None).order_by(*self.order(column)).limit(self.limit)

    def first(self, statement: Select[Any]) -> Select[Any]:
        """Restrict a statement to the first row of the stretch."""
        return replace(self, limit=literal_column("1")).window(statement)

    def _beyond(
        self,
        columns: Columns,
        cursor: tuple[ColumnElement[Any], ...],
        *,
        later: bool,
    ) -> ColumnElement[bool]:
        pairs = [
            (columns(key.name), value, later != key.descending)
            for key, value in zip(self.keys, cursor, strict=True)
        ]
        if len({rising for _, _, rising in pairs}) == 1:
            return _compare(*self._rows(pairs), rising=pairs[0][2], inclusive=self.inclusive)
        # Columns that run in different directions: (a < x) or (a = x and b > y) or …
        alternatives = []
        for index, (column, value, rising) in enumerate(pairs):
            ties = [left == right for left, right, _ in pairs[:index]]
            is_last = index == len(pairs) - 1
            step = _compare(column, value, rising=rising, inclusive=self.inclusive and is_last)
            alternatives.append(and_(*ties, step))
        return or_(*alternatives)

    @staticmethod
    def _rows(pairs: list[tuple[Any, Any, bool]]) -> tuple[Any, Any]:
        if len(pairs) == 1:
            return pairs[0][0], pairs[0][1]
        return tuple_(*(pair[0] for pair in pairs)), tuple_(*(pair[1] for pair in pairs))


@dataclass(frozen=True)
class Cursors:
    """How the cursors of one list are written and read: its keys, and a tag that names its order."""

    keys: tuple[Key, ...]
    types: Mapping[str, TypeEngine[Any]]
    tag: str | None

    def json(self, columns: Columns) -> ColumnElement[Any]:
        """Give the SQL that writes the cursor of a row as JSON."""
        if (
            len(self.keys) == 1
            and self.tag is None
            and isinstance(self.types[self.keys[0].name], Uuid)
        ):
            return Json(['"', columns(self.keys[0].name), '"'])
        return self.of(columns)

    def of(self, columns: Columns) -> ColumnElement[str]:
        """Give the SQL that writes the cursor of the row with these keys."""
        parts = [cast(columns(key.name), Text) for key in self.keys]
        if len(parts) == 1 and self.tag is None:
            return parts[0]
        tag = [] if self.tag is None else [text_literal(self.tag)]
        return cast(func.json_build_array(*tag, *parts), Text)

    def read(self, cursor: str) -> list[Any]:
        """Take a cursor apart into the values of its keys.

        Raises:
            InvalidCursor: This list, in this order, did not give it.
        """
        try:
            parts = self._parts(cursor)
            return [
                _reader(self.types[key.name])(part)
                for key, part in zip(self.keys, parts, strict=True)
            ]
        except (ValueError, TypeError, IndexError, OverflowError):
            raise InvalidCursor(
                f"{shown(cursor)} is no cursor of this list in this order. "
                "Use a cursor as this list gave it, with the same order."
            ) from None

    def _parts(self, cursor: str) -> list[str]:
        if len(self.keys) == 1 and self.tag is None:
            return [cursor]
        parts = orjson.loads(cursor)
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise TypeError
        if self.tag is not None and parts.pop(0) != self.tag:
            raise ValueError
        return parts

    def binds(self, arguments: BoundArguments, name: str) -> tuple[ColumnElement[Any], ...] | None:
        """Give the binds for the cursor in argument `name`, one for each key; None when not given."""
        if arguments.raw(name) is None:
            return None
        arguments.check(lambda values: self.read(values[name]))

        def part(index: int) -> Callable[[dict[str, Any]], Any]:
            return lambda values: self.read(values[name])[index]

        return tuple(
            arguments.bind(part(index), self.types[key.name]) for index, key in enumerate(self.keys)
        )


def page_size(values: Mapping[str, Any]) -> int:
    """Give the number of items that the arguments of a connection ask for.

    Raises:
        InvalidArgument: Out of range, or both `first` and `last` are given.
    """
    first, last = values.get("first"), values.get("last")
    if first is not None and last is not None:
        raise InvalidArgument("Give first or last, not both.")
    name, size = ("last", last) if first is None else ("first", first)
    if size is None:
        return PAGE_DEFAULT
    if not 1 <= size <= PAGE_MAX:
        raise InvalidArgument(f"{name} is {size:,}; it must be between 1 and {PAGE_MAX}.")
    return int(size)


def _compare(left: Any, right: Any, *, rising: bool, inclusive: bool) -> ColumnElement[bool]:
    if rising:
        return left >= right if inclusive else left > right  # type: ignore[no-any-return]
    return left <= right if inclusive else left < right  # type: ignore[no-any-return]


def _reader(type_: TypeEngine[Any]) -> Callable[[str], Any]:
    return next(read for kind, read in READERS if isinstance(type_, kind))
