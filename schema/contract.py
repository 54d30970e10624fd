"""What clients rely on: a change that would break them has to be listed with its reason.

`released.graphql` is the contract of the last release; `breaking.txt` lists, line by line, what
may break with the next one: the description as this module prints it, ` | `, and why.
"""

from __future__ import annotations

from pathlib import Path

from graphql import build_schema as read_schema
from graphql import find_breaking_changes

RELEASED_FILE = Path(__file__).with_name("released.graphql")
LISTED_FILE = Path(__file__).with_name("breaking.txt")


def breaking_changes(released: str, current: str) -> list[str]:
    """Describe every change from one contract to another that can break a client."""
    changes = find_breaking_changes(read_schema(released), read_schema(current))
    return sorted(f"{change.type.name}: {change.description}" for change in changes)


def unlisted_changes(released: str, current: str, listed: str) -> list[str]:
    """Give the breaking changes that nobody has listed with a reason."""
    lines = [line.partition("|") for line in listed.splitlines() if not line.startswith("#")]
    explained = {change.strip() for change, _, reason in lines if reason.strip()}
    return [change for change in breaking_changes(released, current) if change not in explained]
