"""Global ids: a prefix for the type, an underscore, the UUID of the row (`org_0199…`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from schema.engine.errors import InvalidId
from schema.engine.sql import Json

UUID_LENGTH = 36


def encode(prefix: str, key: UUID) -> str:
    """Give the global id of the row `key` of the type with `prefix`."""
    return f"{prefix}_{key}"


def expression(prefix: str, key: ColumnElement[Any]) -> Json:
    """Give the SQL that makes the global id of a row, as JSON: nothing in it needs an escape."""
    return Json([f'"{prefix}_', key, '"'])


def split(value: str) -> tuple[str, UUID]:
    """Take a global id apart.

    Raises:
        InvalidId: It has no prefix or no UUID; the message says what an id looks like.
    """
    prefix, _, raw = value.rpartition("_")
    if prefix and "\0" not in prefix and len(raw) == UUID_LENGTH:
        try:
            return prefix, UUID(raw)
        except ValueError:
            pass
    raise InvalidId(f"{shown(value)} is no id. An id is a prefix and a UUID, as the graph gave it.")


def decode(value: str, prefix: str, type_name: str) -> UUID:
    """Give the row key in an id of the type with `prefix`.

    Raises:
        InvalidId: It is no id, or the id of another type.
    """
    found, key = split(value)
    if found != prefix:
        raise InvalidId(
            f"{shown(value)} is not the id of {type_name}: such an id begins with {prefix}_."
        )
    return key


def shown(value: str) -> str:
    """Quote what a client sent, short enough for an error message."""
    return repr(value if len(value) <= UUID_LENGTH * 2 else value[: UUID_LENGTH * 2] + "…")
