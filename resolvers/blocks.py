"""Whom somebody blocked: seen by that person, or by those who manage the organisation that did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_
from sqlmodel import col, select

from db.tables.network import Block
from db.tables.organisations import Organisation
from db.tables.people import Membership, Person
from resolvers.permissions import Action, permitting
from resolvers.rows import Row, Viewer


def visible(block: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Nobody but whoever asked for it knows of a block."""
    managed = (
        select(Membership.id)
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == block.organisation_id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(permitting(Action.BLOCK)),
        )
        .exists()
    )
    return or_(
        and_(not_(block.by_organisation), block.person_id == viewer.id),
        and_(block.by_organisation, managed),
    )


def blocks(viewer: Viewer) -> Any:
    """Give the viewer's own blocks."""
    return select(Block).where(
        col(Block.person_id) == viewer.id, col(Block.by_organisation).is_(False)
    )


def of_organisation(organisation: Row) -> Any:
    """Give the blocks in an organisation's name."""
    return select(Block).where(
        col(Block.organisation_id) == organisation.id, col(Block.by_organisation)
    )


def name(block: Row) -> Any:
    """Give the name of who is blocked: it is needed in this list, though nothing else is seen."""
    person = select(Person.name).where(
        col(Person.id)
        == case((block.by_organisation, block.person_id), else_=block.blocked_person_id)
    )
    organisation = select(Organisation.name).where(
        col(Organisation.id) == block.organisation_id, not_(block.by_organisation)
    )
    return func.coalesce(person.scalar_subquery(), organisation.scalar_subquery(), "")


def is_organisation(block: Row) -> ColumnElement[bool]:
    """Tell whether an organisation is blocked, not a person."""
    return func.coalesce(
        and_(block.organisation_id.is_not(None), not_(block.by_organisation)), false()
    )
