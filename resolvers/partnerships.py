"""Partnerships between organisations: who sees them, and who partners with whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import col, select

from db.tables.organisations import Organisation, Partnership, PartnershipStatus
from resolvers.organisations import is_member
from resolvers.rows import Row, Viewer


def visible(partnership: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A partnership, asked for or agreed, is seen by the members of both."""
    return or_(
        is_member(partnership.requester_id, viewer), is_member(partnership.addressee_id, viewer)
    )


def partners(organisation: Row) -> Any:
    """Give the organisations that it partners with, with the partnership's key to order by."""
    other = case(
        (col(Partnership.requester_id) == organisation.id, col(Partnership.addressee_id)),
        else_=col(Partnership.requester_id),
    )
    return select(Organisation, col(Partnership.id).label("partnership_id")).where(
        col(Organisation.id) == other,
        _of(organisation),
        col(Partnership.status) == PartnershipStatus.ACTIVE,
    )


def partnerships(organisation: Row, statuses: Any) -> Any:
    """Give its partnerships, from either side."""
    statement = select(Partnership).where(_of(organisation))
    if statuses is not None:
        statement = statement.where(col(Partnership.status) == func.any(statuses))
    return statement


def _of(organisation: Row) -> ColumnElement[bool]:
    return or_(
        col(Partnership.requester_id) == organisation.id,
        col(Partnership.addressee_id) == organisation.id,
    )


def requester(partnership: Row) -> Any:
    """Give the organisation that asked."""
    return select(Organisation).where(col(Organisation.id) == partnership.requester_id)


def addressee(partnership: Row) -> Any:
    """Give the organisation that was asked."""
    return select(Organisation).where(col(Organisation.id) == partnership.addressee_id)
