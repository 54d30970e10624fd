"""Exports of one's own data: a person's list of them, and where one is fetched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal, null
from sqlmodel import col, select

from db.tables.accounts import DataExport
from resolvers.rows import Row

EXPORTS_PATH = "/exports/"
EXPORT_PREFIX = "exp"


def exports(person: Row) -> Any:
    """Give the exports that a person asked for."""
    return select(DataExport).where(col(DataExport.person_id) == person.id)


def url(export: Row) -> Any:
    """Give where an export is fetched, while it can be."""
    is_there = and_(export.ready_at.is_not(None), export.expires_at > func.now())
    path = literal(f"{EXPORTS_PATH}{EXPORT_PREFIX}_").concat(cast(export.id, Text))
    return case((is_there, path), else_=cast(null(), Text))
