"""People: who sees them, where they work, what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.network import Follow
from db.tables.organisations import Organisation
from db.tables.people import Membership, Person, PersonSkill, ProfileVisibility
from db.tables.posts import Post
from resolvers.moderation import person_concerns
from resolvers.rows import BadArgument, Row, Viewer
from resolvers.searching import containing, mentioning


def visible(person: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A profile is seen by all, by whoever is signed in, or by colleagues; always by oneself.

    Nobody but oneself sees a suspended person, and two of whom one blocked the other never meet;
    but moderators see whom a report concerns, and who is suspended.
    """
    seen = and_(
        or_(person.suspended_at.is_(None), person.id == viewer.id),
        viewer.may_meet(person.id),
        or_(
            person.visibility == ProfileVisibility.PUBLIC.value,
            and_(person.visibility == ProfileVisibility.NETWORK.value, viewer.is_signed_in),
            person.id == viewer.id,
            and_(
                person.visibility == ProfileVisibility.COLLEAGUES.value,
                is_colleague(person.id, viewer),
            ),
        ),
    )
    return and_(person.deactivated_at.is_(None), or_(seen, person_concerns(person, viewer)))


def is_colleague(person_id: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer works where this person works, both now."""
    mine, theirs = aliased(Membership), aliased(Membership)
    return (
        select(mine.id)
        .join(theirs, col(theirs.organisation_id) == col(mine.organisation_id))
        .where(
            col(mine.person_id) == viewer.id,
            col(mine.ended_on).is_(None),
            col(theirs.person_id) == person_id,
            col(theirs.ended_on).is_(None),
        )
        .exists()
    )


def person(id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give a person by id."""
    return select(Person).where(col(Person.id) == id)


def people(filter: Any, search: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give all people who pass the filter; the order is the page's."""
    statement = select(Person)
    finding = containing
    for candidates in _candidates(filter):
        # As an array: the candidates lead, whatever else is asked of them.
        ids = func.array(candidates.scalar_subquery())
        statement = statement.where(col(Person.id) == func.any(ids))
        finding = mentioning
    if search is not None:
        statement = statement.where(
            or_(finding(col(Person.name), search), finding(col(Person.headline), search))
        )
    if filter is not None and filter.location is not None:
        statement = statement.where(finding(col(Person.location), filter.location))
    return statement


def _candidates(filter: Any) -> Iterator[Any]:  # noqa: A002 - as above
    """Give a SELECT of people for each condition that an index can answer by itself."""
    if filter is None:
        return
    if filter.minimum_level is not None and filter.skills is None:
        raise BadArgument("minimumLevel needs skills: say of which skill.")
    if filter.skills is not None:
        held = select(PersonSkill.person_id).where(
            col(PersonSkill.skill_id) == func.any(filter.skills)
        )
        if filter.minimum_level is not None:
            held = held.where(col(PersonSkill.level) >= filter.minimum_level)
        yield held
    if filter.organisations is not None:
        yield select(Membership.person_id).where(
            col(Membership.organisation_id) == func.any(filter.organisations),
            col(Membership.ended_on).is_(None),
        )


def memberships(person: Row, current: Any) -> Any:
    """Give where a person works or worked; `current` restricts to either."""
    statement = select(Membership).where(col(Membership.person_id) == person.id)
    if current is not None:
        statement = statement.where(col(Membership.ended_on).is_(None) == current)
    return statement


def current_membership(person: Row) -> Any:
    """Give the current memberships, of which the newest is shown."""
    return select(Membership).where(
        col(Membership.person_id) == person.id, col(Membership.ended_on).is_(None)
    )


def skills(person: Row, minimum_level: Any) -> Any:
    """Give what a person can do."""
    statement = select(PersonSkill).where(col(PersonSkill.person_id) == person.id)
    if minimum_level is not None:
        statement = statement.where(col(PersonSkill.level) >= minimum_level)
    return statement


def posts(person: Row) -> Any:
    """Give the posts that a person wrote."""
    return select(Post).where(col(Post.author_id) == person.id)


def following(person: Row) -> Any:
    """Give the organisations that a person follows, with the follow's key to order by."""
    return (
        select(Organisation, col(Follow.id).label("follow_id"))
        .join(Follow, col(Follow.organisation_id) == col(Organisation.id))
        .where(col(Follow.person_id) == person.id)
    )


def membership_person(membership: Row) -> Any:
    """Give whose membership it is."""
    return select(Person).where(col(Person.id) == membership.person_id)


def membership_organisation(membership: Row) -> Any:
    """Give the organisation of a membership."""
    return select(Organisation).where(col(Organisation.id) == membership.organisation_id)


def skill_person(held: Row) -> Any:
    """Give who has the skill."""
    return select(Person).where(col(Person.id) == held.person_id)
