"""Claims of domains in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import organisations as tables
from db.tables.organisations import DomainProof
from resolvers import domains as resolve
from schema import prefixes
from schema.engine.declare import column, one, table, value
from schema.engine.relay import Node
from schema.references import ToOrganisation


@table(
    tables.DomainClaim,
    prefix=prefixes.DOMAIN_CLAIM,
    visible=resolve.visible,
    within={"organisation_id": "Organisation"},
)
class DomainClaim(Node):
    """A domain that an organisation says it owns. Seen by whoever may verify it."""

    domain: str = column("The domain, as DNS writes it.")
    proof: DomainProof = column("How it is to be proved.")
    record_name: str | None = value(
        resolve.record_name,
        "Where the TXT record is best put; at the domain itself works too. Null when proved by mail.",
    )
    record_value: str | None = value(
        resolve.record_value, "What the TXT record must hold. Null when proved by mail."
    )
    created_at: datetime = column("When it was claimed.")
    checked_at: datetime | None = column("When the record was last looked for; null for never.")
    verified_at: datetime | None = column("When it was proved; null until then.")
    organisation: ToOrganisation = one(resolve.claimant, "The organisation that claims it.")
