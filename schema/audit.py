"""An organisation's audit trail in the graph."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from db.tables import moderation as tables
from db.tables.people import Locale
from resolvers import auditing as resolve
from resolvers.auditing import AuditAction
from schema import prefixes
from schema.engine.declare import argument, column, one, table, value
from schema.engine.relay import Node
from schema.references import (
    ToComment,
    ToInvitation,
    ToListing,
    ToOrganisation,
    ToPerson,
    ToPost,
    ToSkill,
)

AuditSubject = Annotated[
    ToPerson | ToOrganisation | ToSkill | ToInvitation | ToPost | ToComment | ToListing,
    strawberry.union("AuditSubject", description="What something was done to."),
]


@table(
    tables.AuditEntry,
    prefix=prefixes.AUDIT_ENTRY,
    visible=resolve.visible,
    within={"organisation_id": "Organisation"},
)
class AuditEntry(Node):
    """Something that was done in an organisation's name, or to it. Seen by who may read the trail."""

    action: AuditAction = column("What was done.")
    created_at: datetime = column("When.")
    text: str = value(
        resolve.text,
        "What happened, as a sentence with the names of those concerned.",
        language=argument(Locale, "In which language.", default=Locale.EN, static=True),
    )
    actor: ToPerson | None = one(
        resolve.actor, "Who did it; null for nobody, and for whoever the viewer may not see."
    )
    subject: AuditSubject | None = one(
        resolve.subject,
        "What it was done to; null when it is gone, or the viewer may not see it.",
    )
    organisation: ToOrganisation = one(resolve.organisation, "In whose name.")
