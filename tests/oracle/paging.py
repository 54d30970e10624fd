"""Pages over a list in memory: sort everything, cut at the cursors, take from an end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

from graphql import GraphQLError

INT4 = range(-(2**31), 2**31)
INT2 = range(-(2**15), 2**15)


class Refused(GraphQLError):
    """The oracle's refusal, with the code that a client is to get."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, extensions={"code": code})
        self.code = code


@dataclass(frozen=True)
class Key:
    """One column of an order: how to read its cursor text, and its direction."""

    name: str
    read: Callable[[str], Any]
    descending: bool = False


@dataclass(frozen=True)
class Order:
    """The keys of a list; the tag names the order where the field has a choice of them."""

    keys: tuple[Key, ...]
    tag: str | None = None

    def compare(self, left: Sequence[Any], right: Sequence[Any]) -> int:
        """Give -1, 0 or 1 as `left` comes before, at or after `right` in the list."""
        for key, one, other in zip(self.keys, left, right, strict=True):
            if one != other:
                return -1 if (one < other) != key.descending else 1
        return 0

    def cursor(self, values: Sequence[Any]) -> str:
        """Give the cursor of an item as Postgres spells it."""
        texts = [str(whole(value) if isinstance(value, float) else value) for value in values]
        if len(texts) == 1 and self.tag is None:
            return texts[0]
        tag = [] if self.tag is None else [self.tag]
        return json.dumps([*tag, *texts], ensure_ascii=False)

    def position(self, cursor: str) -> tuple[Any, ...]:
        """Take a cursor apart.

        Raises:
            Refused: It is no cursor of this list in this order.
        """
        try:
            return tuple(
                key.read(part) for key, part in zip(self.keys, self._parts(cursor), strict=True)
            )
        except (ValueError, TypeError, RecursionError) as error:
            raise Refused("INVALID_CURSOR", f"{cursor!r} is no cursor of this list") from error

    def _parts(self, cursor: str) -> list[str]:
        if len(self.keys) == 1 and self.tag is None:
            return [cursor]
        parts = json.loads(cursor)
        if not isinstance(parts, list) or any(not isinstance(part, str) for part in parts):
            raise TypeError(cursor)
        if self.tag is None:
            return parts
        if parts[:1] != [self.tag]:
            raise ValueError(cursor)
        return parts[1:]


def text(value: str) -> str:
    """Read a text that Postgres can hold.

    Raises:
        ValueError: It has a NUL or half a surrogate pair.
    """
    value.encode()
    if "\0" in value:
        raise ValueError(value)
    return value


def integer(value: str) -> int:
    """Read a 32-bit integer."""
    number = int(value)
    if number not in INT4:
        raise ValueError(value)
    return number


def small_integer(value: str) -> int:
    """Read a 16-bit integer."""
    number = int(value)
    if number not in INT2:
        raise ValueError(value)
    return number


def real(value: str) -> float:
    """Read a number with a fraction.

    Raises:
        ValueError: It is no finite one.
    """
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number


def whole(number: float) -> float:
    """Give a number without a fraction as Postgres writes it: without a point."""
    return int(number) if number.is_integer() else number


ID = Key("id", UUID)
ID_DOWN = Key("id", UUID, descending=True)
FOLLOW_DOWN = Key("follow_id", UUID, descending=True)


@dataclass(frozen=True)
class Item:
    """One item of a list with the values of its order's keys."""

    node: Any
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """What a connection answers; resolvers of its fields read it by attribute."""

    type_name: str
    items: Sequence[Item]
    order: Order
    total: int
    has_next: bool
    has_previous: bool


def page_size(arguments: Mapping[str, Any]) -> int:
    """Give how many items are asked for.

    Raises:
        Refused: None, too many, or from both ends.
    """
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise Refused("INVALID_ARGUMENT", "first and last")
    size = first if last is None else last
    if size is None:
        return 20
    if not 1 <= size <= 100:
        raise Refused("INVALID_ARGUMENT", f"{size} is out of range")
    return int(size)


def paged(
    type_name: str, ordered: Sequence[Item], order: Order, arguments: Mapping[str, Any]
) -> Page:
    """Cut a page out of the visible items of a list, given in its order."""
    size = page_size(arguments)
    after, before = arguments.get("after"), arguments.get("before")
    start, end = 0, len(ordered)
    if after is not None:
        start = _count(ordered, order, order.position(after), inclusive=True)
    if before is not None:
        end = _count(ordered, order, order.position(before), inclusive=False)
    window = ordered[start:end]
    more, total = len(window) > size, len(ordered)
    before_window = after is not None and start > 0
    after_window = before is not None and end < total
    if arguments.get("last") is not None:
        shown = window[-size:]
        return Page(type_name, shown, order, total, after_window, more or before_window)
    return Page(type_name, window[:size], order, total, more or after_window, before_window)


def in_order(items: Iterable[Item], order: Order) -> list[Item]:
    """Give items in the order of a list."""
    found = list(items)
    for index, key in reversed(list(enumerate(order.keys))):
        found.sort(key=lambda item, index=index: item.values[index], reverse=key.descending)  # type: ignore[misc]
    return found


def _count(
    ordered: Sequence[Item], order: Order, position: tuple[Any, ...], *, inclusive: bool
) -> int:
    """Give how many items come before a position, and at it if `inclusive`."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        found = order.compare(ordered[middle].values, position)
        if found < 0 or (inclusive and found == 0):
            low = middle + 1
        else:
            high = middle
    return low
