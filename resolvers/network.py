"""Who follows what, and who may not see whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, union_all
from sqlmodel import col, select

from db.tables.network import Block, Follow
from db.tables.organisations import Organisation
from db.tables.people import Membership
from resolvers.rows import Row, Viewer


def hidden_from(person_id: ColumnElement[Any]) -> Any:
    """Give the keys of the people and organisations that a person may not see, as an array.

    A block works both ways, whoever asked for it. Between a person and an organisation it also
    keeps the person out of sight of the organisation's current members.
    """
    asked = select(func.coalesce(Block.blocked_person_id, Block.organisation_id)).where(
        col(Block.person_id) == person_id
    )
    was_asked = select(Block.person_id).where(col(Block.blocked_person_id) == person_id)
    through_membership = (
        select(Block.person_id)
        .join(Membership, col(Membership.organisation_id) == col(Block.organisation_id))
        .where(col(Membership.person_id) == person_id, col(Membership.ended_on).is_(None))
    )
    keys = union_all(asked, was_asked, through_membership)
    return func.array(keys.scalar_subquery())


def follow_visible(follow: Row, viewer: Viewer) -> ColumnElement[bool]:
    """The switches of a follow are the business of whoever follows."""
    return follow.person_id == viewer.id


def viewer_follow(organisation: Row, viewer: Viewer) -> Any:
    """Give how the viewer follows an organisation."""
    return select(Follow).where(
        col(Follow.organisation_id) == organisation.id, col(Follow.person_id) == viewer.id
    )


def followed_organisation(follow: Row) -> Any:
    """Give the organisation that is followed."""
    return select(Organisation).where(col(Organisation.id) == follow.organisation_id)
