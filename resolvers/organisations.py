"""Organisations: who sees them, their people, followers, strengths and posts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, case, cast, func, literal, or_
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, select

from db.tables.network import Follow
from db.tables.organisations import (
    Organisation,
    OrganisationStrength,
    Partnership,
    PartnershipStatus,
)
from db.tables.people import Membership, Person, Role
from db.tables.posts import Post
from resolvers import markdown
from resolvers.permissions import Action, actions_of, permitted, permitting
from resolvers.rows import BadArgument, Row, Viewer
from resolvers.searching import containing


def visible(organisation: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Everyone sees an organisation, but a suspended one is seen by its own members only.

    Whoever blocked it, or was blocked by it, does not see it either way. Moderators see all.
    """
    return or_(
        and_(
            or_(organisation.suspended_at.is_(None), is_member(organisation.id, viewer)),
            viewer.may_meet(organisation.id),
        ),
        viewer.is_moderator,
    )


def is_member(organisation_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer is a current member."""
    return (
        select(Membership.id)
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == organisation_id,
            col(Membership.ended_on).is_(None),
        )
        .exists()
    )


def permits(action: Action, organisation_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer's role in it permits an action."""
    roles = [role.value for role in Role if permitted(action, role)]
    return (
        select(Membership.id)
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == organisation_id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(roles),
        )
        .exists()
    )


def may(action: Action, organisation_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer can do it now: their role permits it, and nothing is suspended."""
    return (
        select(Membership.id)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == organisation_id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(permitting(action)),
            col(Organisation.suspended_at).is_(None),
        )
        .exists()
    )


def is_follower(organisation_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer follows it."""
    return (
        select(Follow.id)
        .where(
            col(Follow.person_id) == viewer.id,
            col(Follow.organisation_id) == organisation_id,
        )
        .exists()
    )


def is_partner(organisation_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer is a current member of an organisation that it partners with.

    No EXISTS within an OR: Postgres copies such a condition to both sides of a join, and then
    only one of the two notices that the viewer is another one (many viewers in one statement).
    """
    asked = col(Partnership.requester_id) == organisation_id
    partner_id = case((asked, col(Partnership.addressee_id)), else_=col(Partnership.requester_id))
    return (
        select(Partnership.id)
        .join(Membership, col(Membership.organisation_id) == partner_id)
        .where(
            col(Partnership.status) == PartnershipStatus.ACTIVE,
            or_(asked, col(Partnership.addressee_id) == organisation_id),
            col(Membership.person_id) == viewer.id,
            col(Membership.ended_on).is_(None),
        )
        .exists()
    )


def organisation(slug: Any, id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give an organisation by slug or id."""
    if (slug is None) == (id is None):
        raise BadArgument("Give slug or id, one of the two.")
    if id is not None:
        return select(Organisation).where(col(Organisation.id) == id)
    return select(Organisation).where(col(Organisation.slug) == slug)


def organisations(filter: Any, search: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give all organisations that pass the filter; the order is the page's."""
    statement = select(Organisation)
    if search is not None:
        statement = statement.where(containing(col(Organisation.name), search))
    if filter is None:
        return statement
    if filter.kinds is not None:
        statement = statement.where(col(Organisation.kind) == func.any(filter.kinds))
    if filter.sectors is not None:
        statement = statement.where(col(Organisation.sector) == func.any(filter.sectors))
    if filter.size_bands is not None:
        statement = statement.where(col(Organisation.size_band) == func.any(filter.size_bands))
    if filter.location is not None:
        statement = statement.where(containing(col(Organisation.location), filter.location))
    if filter.strengths is not None:
        declared = select(OrganisationStrength.id).where(
            col(OrganisationStrength.organisation_id) == col(Organisation.id),
            col(OrganisationStrength.skill_id) == func.any(filter.strengths),
        )
        statement = statement.where(declared.exists())
    if filter.verified is not None:
        is_verified = col(Organisation.verified_domain).is_not(None)
        statement = statement.where(is_verified == filter.verified)
    return statement


def viewer_follows(organisation: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer follows it."""
    return is_follower(organisation.id, viewer)


def viewer_role(organisation: Row, viewer: Viewer) -> Any:
    """Give the viewer's current role in it."""
    return select(Membership.role).where(
        col(Membership.person_id) == viewer.id,
        col(Membership.organisation_id) == organisation.id,
        col(Membership.ended_on).is_(None),
    )


def about_html(organisation: Row) -> ColumnElement[str]:
    """Give what it says about itself as safe HTML."""
    return markdown.html_of(organisation.about_html, organisation.about)


def viewer_permissions(organisation: Row, viewer: Viewer) -> Any:
    """Give what the viewer's role permits, in the order of the table; an empty array otherwise."""
    permitted = case(
        *(
            (
                col(Membership.role) == role,
                array([literal(action.value) for action in actions_of(role)], type_=Text()),
            )
            for role in Role
        )
    )
    role = (
        select(permitted)
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == organisation.id,
            col(Membership.ended_on).is_(None),
            organisation.suspended_at.is_(None),
        )
        .scalar_subquery()
    )
    return func.coalesce(role, cast(array([], type_=Text()), ARRAY(Text())))


def members(organisation: Row, roles: Any) -> Any:
    """Give its current memberships."""
    statement = select(Membership).where(
        col(Membership.organisation_id) == organisation.id, col(Membership.ended_on).is_(None)
    )
    if roles is not None:
        statement = statement.where(col(Membership.role) == func.any(roles))
    return statement


def followers(organisation: Row) -> Any:
    """Give the people who follow it, with the follow's key to order by."""
    return (
        select(Person, col(Follow.id).label("follow_id"))
        .join(Follow, col(Follow.person_id) == col(Person.id))
        .where(col(Follow.organisation_id) == organisation.id)
    )


def strengths(organisation: Row) -> Any:
    """Give what it declares to be strong in."""
    return select(OrganisationStrength).where(
        col(OrganisationStrength.organisation_id) == organisation.id
    )


def posts(organisation: Row) -> Any:
    """Give its posts."""
    return select(Post).where(col(Post.organisation_id) == organisation.id)


def strength_organisation(strength: Row) -> Any:
    """Give the organisation that declares it."""
    return select(Organisation).where(col(Organisation.id) == strength.organisation_id)
