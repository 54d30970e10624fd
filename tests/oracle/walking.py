"""Walks through lists page by page, each answer checked against the oracle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.documents.cases import Case
from tests.oracle.documents.connections import PATHS, filled
from tests.oracle.ground import Ground

Ask = Callable[[str, dict[str, Any]], Awaitable[Any]]
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
NO_PAGE = {
    "edges": [],
    "pageInfo": {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    },
}
SELECTION = "{ edges { cursor node { ... on Node { id } } } " + PAGE_INFO + " }"


@dataclass
class Walk:
    """A list walked page by page from one of its ends."""

    ask: Ask
    place: str
    backward: bool = False
    # (cursor, id) of the items met, in the order of the list.
    met: list[tuple[str, str]] = field(default_factory=list)
    cursor: str | None = None
    done: bool = False

    async def step(self, size: int) -> list[tuple[str, str]]:
        """Read a page, check what it says about itself, and give its items."""
        ends = ("last", "before") if self.backward else ("first", "after")
        arguments = f"{ends[0]}: {size}, {ends[1]}: $cursor"
        text = "query ($cursor: String) { " + filled(PATHS[self.place], arguments, SELECTION) + " }"
        page = listed(await self.ask(text, {"cursor": self.cursor}))
        items = [(edge["cursor"], edge["node"]["id"]) for edge in page["edges"]]
        info = page["pageInfo"]
        assert info["startCursor"] == (items[0][0] if items else None)
        assert info["endCursor"] == (items[-1][0] if items else None)
        assert len(items) <= size
        self.met = items + self.met if self.backward else self.met + items
        self.done = not info["hasPreviousPage" if self.backward else "hasNextPage"]
        assert self.done or len(items) == size
        if items:
            self.cursor = items[0 if self.backward else -1][0]
        return items


def listed(data: Any) -> Any:
    """Give the page in an answer, however deep it lies; an empty one where the parent is hidden."""
    while data is not None and "edges" not in data:
        data = next(iter(data.values()))
    return data or NO_PAGE


def asked_by(ground: Ground, name: str) -> Ask:
    """Give a function that asks as a viewer, and checks each answer against the oracle."""

    async def ask(text: str, variables: dict[str, Any]) -> Any:
        request = ground.names.request(Case("walk", text, variables))
        viewer = ground.viewer(name)
        found = await ground.compiled.answer(request, viewer)
        ground.comparison.check(viewer, found, ground.comparison.expect(request, viewer))
        return found.data

    return ask


def expected(ground: Ground, place: str, name: str) -> list[tuple[str, str]]:
    """Give the whole list as the oracle finds it."""
    viewer = ground.viewer(name)
    found: list[tuple[str, str]] = []
    cursor = None
    while True:
        text = (
            "query ($c: String) { "
            + filled(PATHS[place], "first: 100, after: $c", SELECTION)
            + " }"
        )
        request = ground.names.request(Case("whole", text, {"c": cursor}))
        page = listed(ground.comparison.expect(request, viewer).data)
        found += [(edge["cursor"], edge["node"]["id"]) for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        cursor = page["pageInfo"]["endCursor"]
