"""Matches as they were found: who sees them, why they fit, and what stands between."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    SmallInteger,
    Text,
    Uuid,
    and_,
    column,
    func,
    or_,
)
from sqlmodel import col, select

from db.tables.listings import Listing
from db.tables.matches import ListingMatch, MatchDismissal
from db.tables.organisations import Organisation
from db.tables.skills import Skill
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer

# As many as a listing names skills, and as there are kinds of obstacles beside these.
REASONS_MAX, HURDLES_MAX = 12, 18


def visible(match: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A match is seen by those who manage listings on one of its sides."""
    return or_(
        permits(Action.MANAGE_LISTINGS, match.offering_id, viewer),
        permits(Action.MANAGE_LISTINGS, match.requesting_id, viewer),
    )


def of_listing(listing: Row, near_misses: Any) -> Any:
    """Give the matches of a listing that its organisation did not dismiss."""
    return select(ListingMatch).where(
        or_(col(ListingMatch.offer_id) == listing.id, col(ListingMatch.request_id) == listing.id),
        or_(col(ListingMatch.is_feasible), near_misses),
        ~_dismissed_by(listing.organisation_id),
    )


def of_organisation(organisation: Row, near_misses: Any) -> Any:
    """Give the matches of all listings of an organisation that it did not dismiss."""
    return select(ListingMatch).where(
        or_(
            col(ListingMatch.offering_id) == organisation.id,
            col(ListingMatch.requesting_id) == organisation.id,
        ),
        or_(col(ListingMatch.is_feasible), near_misses),
        ~_dismissed_by(organisation.id),
    )


def _dismissed_by(organisation_id: Any) -> ColumnElement[bool]:
    return (
        select(MatchDismissal.id)
        .where(
            col(MatchDismissal.organisation_id) == organisation_id,
            col(MatchDismissal.offer_id) == col(ListingMatch.offer_id),
            col(MatchDismissal.request_id) == col(ListingMatch.request_id),
        )
        .exists()
    )


def offer(match: Row) -> Any:
    """Give what is offered."""
    return select(Listing).where(col(Listing.id) == match.offer_id)


def request(match: Row) -> Any:
    """Give what is asked for."""
    return select(Listing).where(col(Listing.id) == match.request_id)


def reasons(match: Row) -> Any:
    """Give what each skill of the request adds, what adds most first."""
    listed: Any = (
        func.jsonb_to_recordset(match.reasons)
        .table_valued(
            column("skill_id", Uuid),
            column("importance", Text),
            column("wanted_level", SmallInteger),
            column("by_skill_id", Uuid),
            column("offered_level", SmallInteger),
            column("closeness", Float),
            column("contribution", Float),
        )
        .render_derived(name="reason", with_types=True)
    )
    return select(listed).order_by(listed.c.contribution.desc(), listed.c.skill_id)


def hurdles(match: Row) -> Any:
    """Give what stands between them, or lacks: what could make it impossible first."""
    listed: Any = (
        func.jsonb_to_recordset(match.hurdles)
        .table_valued(
            column("obstacle", Text), column("amount", SmallInteger), column("skill_id", Uuid)
        )
        .render_derived(name="hurdle", with_types=True)
    )
    return select(listed)


def by_skill(reason: Row) -> Any:
    """Give the skill that stands for the one that is wanted."""
    return select(Skill).where(col(Skill.id) == reason.by_skill_id)


def viewer_side(match: Row, viewer: Viewer) -> Any:
    """Give the organisation on whose side the viewer is; the one that offers when on both."""
    return (
        select(Organisation)
        .where(
            or_(
                and_(
                    col(Organisation.id) == match.offering_id,
                    permits(Action.MANAGE_LISTINGS, match.offering_id, viewer),
                ),
                and_(
                    col(Organisation.id) == match.requesting_id,
                    permits(Action.MANAGE_LISTINGS, match.requesting_id, viewer),
                ),
            )
        )
        .order_by(col(Organisation.id) != match.offering_id)
        .limit(1)
    )
