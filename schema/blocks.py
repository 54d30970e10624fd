"""Blocks in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import network as tables
from resolvers import blocks as resolve
from schema import prefixes
from schema.engine.declare import column, table, value
from schema.engine.relay import Node


@table(tables.Block, prefix=prefixes.BLOCK, visible=resolve.visible)
class Block(Node):
    """That somebody is blocked, seen by whoever asked for it and by nobody else."""

    name: str = value(
        resolve.name, "What the blocked person or organisation is called; nothing else is shown."
    )
    is_organisation: bool = value(
        resolve.is_organisation, "Whether an organisation is blocked; false for a person."
    )
    by_organisation: bool = column("Whether it was asked for in an organisation's name.")
    created_at: datetime = column("Since when.")
