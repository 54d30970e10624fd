"""Invitations and requests to join: who sees them, and where they stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_
from sqlmodel import col, select

from db.tables.organisations import Invitation, JoinOutcome, JoinRequest, Organisation
from db.tables.people import Person
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer


class InvitationStatus(StrEnum):
    """Where an invitation stands."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


def invitation_visible(invitation: Row, viewer: Viewer) -> ColumnElement[bool]:
    """An invitation is seen by whoever may invite there, and by whose verified address it is for."""
    invited = (
        select(Person.id)
        .where(
            col(Person.id) == viewer.id,
            col(Person.email) == invitation.email,
            col(Person.email_verified_at).is_not(None),
        )
        .exists()
    )
    return or_(invited, permits(Action.INVITE, invitation.organisation_id, viewer))


def request_visible(request: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A request is seen by whoever asks, and by whoever may decide on it."""
    return or_(
        request.person_id == viewer.id, permits(Action.INVITE, request.organisation_id, viewer)
    )


def invitation_status(invitation: Row) -> ColumnElement[str]:
    """Tell where an invitation stands."""
    return case(
        (
            invitation.answered_at.is_not(None),
            case(
                (invitation.accepted, InvitationStatus.ACCEPTED.value),
                else_=InvitationStatus.DECLINED.value,
            ),
        ),
        (invitation.revoked_at.is_not(None), InvitationStatus.REVOKED.value),
        (invitation.expires_at <= func.now(), InvitationStatus.EXPIRED.value),
        else_=InvitationStatus.PENDING.value,
    )


def invitations(organisation: Row, pending: Any) -> Any:
    """Give an organisation's invitations; `pending` restricts to those that can be answered."""
    statement = select(Invitation).where(col(Invitation.organisation_id) == organisation.id)
    if pending is not None:
        statement = statement.where(_is_open() == pending)
    return statement


def invitations_of(person: Row, viewer: Viewer) -> Any:
    """Give the open invitations for a person's own address."""
    return select(Invitation).where(
        col(Invitation.email) == person.email, person.id == viewer.id, _is_open()
    )


def _is_open() -> ColumnElement[bool]:
    return and_(
        col(Invitation.answered_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        not_(col(Invitation.expires_at) <= func.now()),
    )


def requests(organisation: Row, outcomes: Any) -> Any:
    """Give an organisation's requests to join."""
    statement = select(JoinRequest).where(col(JoinRequest.organisation_id) == organisation.id)
    if outcomes is not None:
        statement = statement.where(col(JoinRequest.outcome) == func.any(outcomes))
    return statement


def requests_of(person: Row, viewer: Viewer) -> Any:
    """Give what a person has asked."""
    return select(JoinRequest).where(
        col(JoinRequest.person_id) == person.id, person.id == viewer.id
    )


def viewer_request(organisation: Row, viewer: Viewer) -> Any:
    """Give the viewer's own open request."""
    return select(JoinRequest).where(
        col(JoinRequest.organisation_id) == organisation.id,
        col(JoinRequest.person_id) == viewer.id,
        col(JoinRequest.outcome) == JoinOutcome.PENDING,
    )


def organisation(of: Row) -> Any:
    """Give the organisation that it is about."""
    return select(Organisation).where(col(Organisation.id) == of.organisation_id)


def inviter(invitation: Row) -> Any:
    """Give who invited."""
    return select(Person).where(col(Person.id) == invitation.invited_by_id)


def applicant(request: Row) -> Any:
    """Give who asks."""
    return select(Person).where(col(Person.id) == request.person_id)


def applicant_name(request: Row) -> ColumnElement[str]:
    """Give what whoever asks is called: asking shows it to those who decide."""
    name = select(Person.name).where(col(Person.id) == request.person_id)
    return func.coalesce(name.scalar_subquery(), "")
