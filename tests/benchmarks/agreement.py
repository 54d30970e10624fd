"""Whether two servers gave the same answer: values and order must agree, spelling may differ."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, TypeAlias

Json: TypeAlias = Any

PREFIXED_ID = re.compile(r"^(?:[a-z]{3}_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# A cursor is opaque: that there is one is all that servers can agree on.
CURSORS = frozenset({"cursor", "endCursor"})
FIRST, ANY = "_first", "_any"


def normalised(value: Json) -> Json:
    """An answer without what may differ: id prefixes, spelling of times, cursors, PostGraphile's lists."""
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        if key in CURSORS:
            found[key] = inner is not None
        elif key.endswith(ANY):
            found[key.removesuffix(ANY)] = bool(inner["nodes"])
        elif key.endswith(FIRST):
            found[key.removesuffix(FIRST)] = _only(
                inner["nodes"] if isinstance(inner, dict) else inner
            )
        else:
            found[key] = normalised(inner)
    return found


def differences(ours: Json, theirs: Json, path: str = "") -> list[str]:
    """Where two normalised answers differ, one line each."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        lines = [
            f"{path}.{key}: only one side has it" for key in sorted(ours.keys() ^ theirs.keys())
        ]
        for key in ours.keys() & theirs.keys():
            lines += differences(ours[key], theirs[key], f"{path}.{key}")
        return lines
    if isinstance(ours, list) and isinstance(theirs, list):
        lines = [f"{path}: {len(ours)} and {len(theirs)} items"] if len(ours) != len(theirs) else []
        for index, (one, other) in enumerate(zip(ours, theirs, strict=False)):
            lines += differences(one, other, f"{path}[{index}]")
        return lines
    same = ours == theirs and isinstance(ours, bool) is isinstance(theirs, bool)
    return [] if same else [f"{path}: {ours!r} and {theirs!r}"]


def _text(value: str) -> str:
    if found := PREFIXED_ID.match(value):
        return found[1]
    if TIME.match(value):
        # JavaScript knows milliseconds only.
        time = datetime.fromisoformat(value).astimezone(UTC)
        return time.isoformat(timespec="milliseconds")
    return value


def _only(nodes: list[Json]) -> Json:
    """The one node, or its only field; null when there is none."""
    if not nodes:
        return None
    node = normalised(nodes[0])
    return next(iter(node.values())) if len(node) == 1 else node
