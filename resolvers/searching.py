"""Searching by what people type."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal


def containing(column: Any, term: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a text contains `term`, whatever its case.

    `%` and `_` in the term mean themselves. Trigram indexes serve it from three letters on.
    """
    escaped = func.replace(func.replace(func.replace(term, "\\", "\\\\"), "%", "\\%"), "_", "\\_")
    pattern = literal("%").concat(escaped).concat("%")
    return column.ilike(pattern)  # type: ignore[no-any-return]
