"""Follows in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import network as tables
from resolvers import network as resolve
from schema import prefixes
from schema.engine.declare import column, one, table
from schema.engine.relay import Node
from schema.references import ToOrganisation


@table(
    tables.Follow,
    prefix=prefixes.FOLLOW,
    visible=resolve.follow_visible,
    within={"organisation_id": "Organisation"},
)
class OrganisationFollow(Node):
    """That a person follows an organisation; the switches are seen by that person alone."""

    in_feed: bool = column("Whether its posts come into the feed.")
    notify: bool = column("Whether the person is told of each post.")
    prioritise: bool = column("Whether its posts come first in the ranked feed.")
    created_at: datetime = column("Since when.")
    organisation: ToOrganisation = one(resolve.followed_organisation, "What is followed.")
