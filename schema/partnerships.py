"""Partnerships in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import organisations as tables
from db.tables.organisations import PartnershipStatus
from resolvers import partnerships as resolve
from schema import prefixes
from schema.engine.declare import column, one, table
from schema.engine.relay import Node
from schema.references import ToOrganisation


@table(tables.Partnership, prefix=prefixes.PARTNERSHIP, visible=resolve.visible)
class Partnership(Node):
    """Two organisations that work together, or one that asks the other. Seen by members of both."""

    status: PartnershipStatus = column("Where it stands.")
    message: str = column("What the one that asked said; may be empty.")
    created_at: datetime = column("When it was asked for.")
    decided_at: datetime | None = column("When it was answered; null until then.")
    ended_at: datetime | None = column("When it ended, or was taken back; null until then.")
    requester: ToOrganisation | None = one(resolve.requester, "The organisation that asked.")
    addressee: ToOrganisation | None = one(resolve.addressee, "The organisation that was asked.")
