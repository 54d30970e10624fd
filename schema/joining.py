"""Invitations and requests to join, in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import organisations as tables
from db.tables.organisations import JoinOutcome
from db.tables.people import Role
from resolvers import joining as resolve
from resolvers.joining import InvitationStatus
from schema import prefixes
from schema.engine.declare import column, one, table, value
from schema.engine.relay import Node
from schema.references import ToOrganisation, ToPerson


@table(
    tables.Invitation,
    prefix=prefixes.INVITATION,
    visible=resolve.invitation_visible,
    within={"organisation_id": "Organisation"},
)
class Invitation(Node):
    """An address that is asked to join. Seen by whoever may invite there, and by the invited."""

    email: str = column("The address it is for.")
    role: Role = column("The role that it gives.")
    status: InvitationStatus = value(resolve.invitation_status, "Where it stands.")
    created_at: datetime = column("When it was sent.")
    expires_at: datetime = column("Until when it can be answered.")
    organisation: ToOrganisation = one(resolve.organisation, "Where it leads.")
    invited_by: ToPerson | None = one(resolve.inviter, "Who invited.")


@table(
    tables.JoinRequest,
    prefix=prefixes.JOIN_REQUEST,
    visible=resolve.request_visible,
    within={"organisation_id": "Organisation"},
)
class JoinRequest(Node):
    """A person who asks to become a member. Seen by that person, and by whoever may decide."""

    message: str = column("What they say; may be empty.")
    outcome: JoinOutcome = column("Where it stands.")
    created_at: datetime = column("When they asked.")
    decided_at: datetime | None = column("When it was decided or taken back; null until then.")
    person_name: str = value(
        resolve.applicant_name, "What they are called, however few may see their profile."
    )
    person: ToPerson | None = one(resolve.applicant, "Who asks.")
    organisation: ToOrganisation = one(resolve.organisation, "What they want to join.")
