"""Relay's types: Node, and connections with their edges and page information."""

from __future__ import annotations

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="Anything that has an id of its own and can be fetched by it.")
class Node:
    """An object with a global id."""

    id: strawberry.ID = strawberry.field(
        description="Opaque and stable. Its prefix tells the type, so logs can be read."
    )


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether the list has items before this page."
    )
    start_cursor: str | None = strawberry.field(
        description="Cursor of the first item; null when the page is empty."
    )
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last item; null when the page is empty."
    )


@strawberry.type(description="An item of a list, with its place.")
class Edge(Generic[T]):
    """An item and its cursor."""

    cursor: str = strawberry.field(description="Pass it as `after` or `before` to go on from here.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page of a list; it stays in place when items are added elsewhere."""

    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(
        description="How many items the whole list has for this viewer. Counted only when asked for."
    )
