"""Exports of one's own data in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import accounts as tables
from resolvers import accounts
from resolvers import exports as resolve
from schema import prefixes
from schema.engine.declare import column, table, value
from schema.engine.relay import Node


@table(tables.DataExport, prefix=prefixes.DATA_EXPORT, visible=accounts.is_owner)
class DataExport(Node):
    """All that is kept about a person as one file, seen and fetched by that person alone."""

    created_at: datetime = column("When it was asked for.")
    ready_at: datetime | None = column("When it was ready; null while it is being made.")
    expires_at: datetime | None = column("Until when it can be fetched; null until it is ready.")
    byte_count: int | None = column("How large it is; null until it is ready.")
    url: str | None = value(
        resolve.url, "Where it is fetched, by the person alone; null before and after that time."
    )
