"""Listings: who sees them, and what hangs on them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import col, select

from db.tables.exchanges import Exchange
from db.tables.listing_looks import ListingLook
from db.tables.listings import (
    Listing,
    ListingAim,
    ListingSkill,
    ListingStatus,
    ListingStep,
    Place,
    SkillImportance,
)
from db.tables.organisations import Organisation
from db.tables.people import Person
from db.tables.posts import Post
from db.tables.skills import Skill
from resolvers.markdown import html_of
from resolvers.organisations import is_member, may, permits
from resolvers.permissions import Action
from resolvers.posts import intended
from resolvers.rows import Row, Viewer

# What its audience sees: it is open, or was.
SHOWN = (
    ListingStatus.OPEN.value,
    ListingStatus.FILLED.value,
    ListingStatus.CLOSED.value,
    ListingStatus.EXPIRED.value,
)


def visible(listing: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A listing that is or was open is seen by its audience, a paused one by members of its organisation.

    A draft is seen by those who manage listings there.
    """
    return or_(
        and_(
            listing.status.in_(SHOWN),
            intended(listing.audience, listing.organisation_id, viewer),
        ),
        and_(
            listing.status == ListingStatus.PAUSED.value,
            is_member(listing.organisation_id, viewer),
        ),
        and_(
            listing.status == ListingStatus.DRAFT.value,
            permits(Action.MANAGE_LISTINGS, listing.organisation_id, viewer),
        ),
    )


def status(listing: Row) -> Any:
    """Give where it stands now: what ran out has expired, whether or not anything noted it yet."""
    return case(
        (
            and_(listing.status == ListingStatus.OPEN.value, listing.expires_at <= func.now()),
            ListingStatus.EXPIRED.value,
        ),
        else_=listing.status,
    )


def body_html(listing: Row) -> Any:
    """Give the description as safe HTML."""
    return html_of(listing.body_html, listing.body)


def organisation(listing: Row) -> Any:
    """Give whose it is."""
    return select(Organisation).where(col(Organisation.id) == listing.organisation_id)


def contact(listing: Row) -> Any:
    """Give whom to ask."""
    return select(Person).where(col(Person.id) == listing.contact_id)


def author(listing: Row, viewer: Viewer) -> Any:
    """Give who wrote it, to members of its organisation alone."""
    return select(Person).where(
        col(Person.id) == listing.author_id, is_member(listing.organisation_id, viewer)
    )


def place(listing: Row) -> Any:
    """Give where it is."""
    return select(Place).where(col(Place.id) == listing.place_id)


def skills(listing: Row) -> Any:
    """Give the skills it names, those that must be there first, then by English label."""
    return (
        select(ListingSkill)
        .join(Skill, col(Skill.id) == col(ListingSkill.skill_id))
        .where(col(ListingSkill.listing_id) == listing.id)
        .order_by(
            col(ListingSkill.importance) != SkillImportance.MUST,
            col(Skill.label_en),
            col(Skill.id),
        )
    )


def aims(listing: Row) -> Any:
    """Give the skills to be learned by it, by English label."""
    return (
        select(Skill)
        .join(ListingAim, col(ListingAim.skill_id) == col(Skill.id))
        .where(col(ListingAim.listing_id) == listing.id)
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def history(listing: Row) -> Any:
    """Give what was done with it."""
    return select(ListingStep).where(col(ListingStep.listing_id) == listing.id)


def step_visible(step: Row, viewer: Viewer) -> ColumnElement[bool]:
    """The history of a listing is read by members of its organisation."""
    return (
        select(Listing.id)
        .where(col(Listing.id) == step.listing_id, is_member(col(Listing.organisation_id), viewer))
        .exists()
    )


def lookers(listing: Row) -> Any:
    """Give which organisations looked at it."""
    return select(ListingLook).where(col(ListingLook.listing_id) == listing.id)


def look_visible(look: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Who looked at a listing is read by those who manage listings of its organisation."""
    return (
        select(Listing.id)
        .where(
            col(Listing.id) == look.listing_id,
            permits(Action.MANAGE_LISTINGS, col(Listing.organisation_id), viewer),
        )
        .exists()
    )


def looking(look: Row) -> Any:
    """Give who looked."""
    return select(Organisation).where(col(Organisation.id) == look.organisation_id)


def filled_by(step: Row) -> Any:
    """Give the exchange that took the last place."""
    return select(Exchange).where(col(Exchange.id) == step.exchange_id)


def actor(step: Row) -> Any:
    """Give who did it."""
    return select(Person).where(col(Person.id) == step.actor_id)


def viewer_can_manage(listing: Row, viewer: Viewer) -> Any:
    """Tell whether the viewer may edit, pause and close it."""
    return may(Action.MANAGE_LISTINGS, listing.organisation_id, viewer)


def listing(id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give one listing."""
    return select(Listing).where(col(Listing.id) == id)


def of_organisation(organisation: Row, kinds: Any, statuses: Any) -> Any:
    """Give an organisation's listings."""
    statement = select(Listing).where(col(Listing.organisation_id) == organisation.id)
    if kinds is not None:
        statement = statement.where(col(Listing.kind) == func.any(kinds))
    if statuses is not None:
        expired = and_(
            col(Listing.status) == ListingStatus.OPEN, col(Listing.expires_at) <= func.now()
        )
        now = case((expired, ListingStatus.EXPIRED.value), else_=col(Listing.status))
        statement = statement.where(now == func.any(statuses))
    return statement


def naming(skill: Row, kinds: Any) -> Any:
    """Give the open listings that name a skill."""
    statement = (
        select(Listing)
        .join(ListingSkill, col(ListingSkill.listing_id) == col(Listing.id))
        .where(
            col(ListingSkill.skill_id) == skill.id,
            col(Listing.status) == ListingStatus.OPEN,
            col(Listing.expires_at) > func.now(),
        )
    )
    return statement if kinds is None else statement.where(col(Listing.kind) == func.any(kinds))


def of_post(post: Row) -> Any:
    """Give what a post or a draft points to."""
    return select(Listing).where(col(Listing.id) == post.listing_id)


def about(listing: Row) -> Any:
    """Give the posts that point to it."""
    return select(Post).where(col(Post.listing_id) == listing.id)


def listing_of(part: Row) -> Any:
    """Give the listing that a skill or a line of history belongs to."""
    return select(Listing).where(col(Listing.id) == part.listing_id)


def places(search: Any) -> Any:
    """Give the places with a text in one of their names."""
    statement = select(Place)
    if search is None:
        return statement
    return statement.where(func.strpos(col(Place.folded), func.lower(func.unaccent(search))) > 0)
