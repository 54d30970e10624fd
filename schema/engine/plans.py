"""A plan is a statement and how to fill its binds; plans are kept, bounded, by what shapes them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import FieldNode, GraphQLField, Node
from graphql.execution.values import VariableValues, get_argument_values

from schema.engine.errors import LimitExceeded

V = TypeVar("V")
LARGEST_SHARE = 0.25
# Of a tree: 24 to 35 measured, with two blanks an indent or none.
BYTES_A_CHARACTER = 30


@dataclass(frozen=True)
class Filling:
    """What a request puts into a plan: its argument values, the viewer or viewers, ids to render.

    Or `events`, to tell of.
    """

    values: list[dict[str, Any]]
    viewer: Any = None
    ids: Any = None
    events: Sequence[Any] = ()


Slot = Callable[[Filling], Any]


@dataclass(frozen=True)
class Occurrence:
    """A field of the document with arguments; `constant` when none of them is a variable."""

    definition: GraphQLField
    node: FieldNode
    constant: dict[str, Any] | None


@dataclass
class Cost:
    """Rows that a selection can ask for: its own objects, and each child as often as its page is long."""

    own: int = 0
    times: Slot | int = 1
    children: list[Cost] = field(default_factory=list)

    def total(self, filling: Filling) -> int:
        """Give the bound for these argument values."""
        inner = self.own + sum(child.total(filling) for child in self.children)
        return inner * (self.times if isinstance(self.times, int) else self.times(filling))


@dataclass(frozen=True)
class Plan:
    """One statement, its result columns, and how each of its binds is filled.

    `plan_for_values` asks Postgres to plan it for the values at hand, each time.
    """

    sql: str
    keys: tuple[str, ...]
    slots: tuple[Slot, ...]
    checks: tuple[Slot, ...]
    occurrences: tuple[Occurrence, ...]
    cost: Cost
    needs_viewer: bool
    plan_for_values: bool

    def fill(
        self,
        variables: VariableValues,
        cost_limit: int,
        *,
        viewer: Any = None,
        ids: Any = None,
        events: Sequence[Any] = (),
    ) -> tuple[list[Any], int]:
        """Give the values of $1, $2, … and the cost.

        Raises:
            RequestError: An id, a cursor or a size is wrong, or the whole is too dear.
        """
        values = [
            occurrence.constant
            if occurrence.constant is not None
            else get_argument_values(occurrence.definition, occurrence.node, variables)
            for occurrence in self.occurrences
        ]
        filling = Filling(values, viewer, ids, events)
        for check in self.checks:
            check(filling)
        cost = self.cost.total(filling)
        check_cost(cost, cost_limit)
        return [slot(filling) for slot in self.slots], cost


def check_cost(cost: int, limit: int) -> None:
    """Refuse what is too dear.

    Raises:
        LimitExceeded: It costs more than the limit.
    """
    if cost > limit:
        raise LimitExceeded(
            f"This operation can return {cost:,} objects; the limit is {limit:,}. "
            "Ask for smaller pages or fewer nested lists.",
            limit=limit,
            actual=cost,
        )


class BoundedCache(Generic[V]):
    """Least recently used entries go first; counts its hits and misses.

    It holds at most `maximum` entries and, when it is told how to `weigh` them, about so many
    bytes. An entry that would take up more than LARGEST_SHARE of them is not kept: it would push
    out what is asked for all the time.
    """

    def __init__(
        self, maximum: int, *, weigh: Callable[[V], int] | None = None, maximum_bytes: int = 0
    ) -> None:
        self.maximum = maximum
        self.weigh = weigh
        self.maximum_bytes = maximum_bytes
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self._entries: OrderedDict[Hashable, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Give the entry of `key`, made when it is missing."""
        entry = self.find(key)
        if entry is None:
            entry = make()
            self.put(key, entry)
        return entry

    def find(self, key: Hashable) -> V | None:
        """Give the entry of `key` if it is there."""
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
        else:
            self.hits += 1
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Hashable, entry: V) -> None:
        """Keep `entry`, letting go of the one that was used longest ago when full."""
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self.bytes -= self._weight(replaced)
        weight = self._weight(entry)
        if weight > self.maximum_bytes * LARGEST_SHARE:
            return
        self._entries[key] = entry
        self.bytes += weight
        while len(self._entries) > self.maximum or self.bytes > self.maximum_bytes:
            _, gone = self._entries.popitem(last=False)
            self.bytes -= self._weight(gone)

    def _weight(self, entry: V) -> int:
        return self.weigh(entry) if self.weigh is not None else 0


def tree_bytes(node: Node) -> int:
    """Estimate what a piece of a document takes in memory, by the length of its text."""
    return (node.loc.end - node.loc.start) * BYTES_A_CHARACTER if node.loc else 0
