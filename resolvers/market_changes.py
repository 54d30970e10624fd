"""What an event of the market changes for somebody who listens; see `resolvers.changes`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, literal, literal_column
from sqlmodel import col, select

from db.tables.exchanges import Exchange
from db.tables.listing_looks import ListingLook
from db.tables.listings import Listing, ListingStatus
from db.tables.market_searches import MarketSearch
from db.tables.match_requests import MatchMessage, MatchRequest
from db.tables.matches import ListingMatch
from resolvers import market_searches
from resolvers.changes import ChangeKind
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import EventRow, Row, Viewer
from resolvers.seeing import seen_here
from subscriptions.events import Change, EventKind


def new_matches(viewer: Viewer, event: EventRow, organisation_id: Any) -> Any:
    """Tell of a match to those who manage the listings of one of its organisations."""
    return select(
        literal(ChangeKind.CREATED.value).label("kind"),
        event.cursor.label("cursor"),
        event.subject_id.label("match_id"),
    ).where(
        permits(Action.MANAGE_LISTINGS, organisation_id, viewer),
        seen_here("match", event.subject_id, "found_match"),
    )


def market_search_matched(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Tell of a listing that one of the viewer's searches finds, when it is opened or changed."""
    searched = MarketSearch.__table__.alias("searched")  # type: ignore[attr-defined]
    row = Row(searched.name, {column.key: column.type for column in searched.columns})
    found = market_searches.listings(row).where(col(Listing.id) == event.subject_id)
    matches = (
        select(literal_column("1"))
        .select_from(searched)
        .where(row.id == id, row.person_id == viewer.id, found.exists())
        .exists()
    )
    return select(
        literal(ChangeKind.CREATED.value).label("kind"),
        event.cursor.label("cursor"),
        event.subject_id.label("listing_id"),
    ).where(
        event.status == ListingStatus.OPEN.value,
        matches,
        seen_here("listing", event.subject_id, "found_listing"),
    )


def listing_looked_at(viewer: Viewer, event: EventRow, organisation_id: Any) -> Any:
    """Tell of an organisation that looked to those who manage the listings of the other one."""
    del viewer, organisation_id  # asked by the rule; compared by the interest
    kind = case(
        (event.change == Change.ADDED.value, ChangeKind.CREATED.value),
        else_=ChangeKind.UPDATED.value,
    )
    return select(
        kind.label("kind"),
        event.cursor.label("cursor"),
        event.subject_id.label("look_id"),
    ).where(seen_here("listing_look", event.subject_id, "told_look"))


def changed_look(change: Row) -> Any:
    """Give who looked."""
    return select(ListingLook).where(col(ListingLook.id) == change.look_id)


def changed_listing(change: Row) -> Any:
    """Give the listing that was found."""
    return select(Listing).where(col(Listing.id) == change.listing_id)


def changed_match(change: Row) -> Any:
    """Give the match that was found."""
    return select(ListingMatch).where(col(ListingMatch.id) == change.match_id)


def match_request_received(viewer: Viewer, event: EventRow, organisation_id: Any) -> Any:
    """Tell of a request to those who manage the listings of the organisation that is asked."""
    return _of_request(viewer, event).where(
        event.change == Change.ADDED.value,
        permits(Action.MANAGE_LISTINGS, organisation_id, viewer),
    )


def match_request_changed(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Tell what becomes of a request, and what is written about it, to those who see it."""
    del id  # the interest has compared it
    own_reading = event.actor_id == viewer.id
    return _of_request(viewer, event).where(
        case((event.change == Change.READ.value, own_reading), else_=literal(value=True))
    )


def _of_request(viewer: Viewer, event: EventRow) -> Any:
    del viewer  # asked by the rule
    kind = case(
        (event.change == Change.ADDED.value, ChangeKind.CREATED.value),
        (event.kind == EventKind.MATCH_MESSAGE_WRITTEN.value, ChangeKind.CREATED.value),
        else_=ChangeKind.UPDATED.value,
    )
    return select(
        kind.label("kind"),
        event.cursor.label("cursor"),
        event.subject_id.label("match_request_id"),
        event.message_id.label("message_id"),
    ).where(seen_here("match_request", event.subject_id, "changed_request"))


def changed_request(change: Row) -> Any:
    """Give the request that changed."""
    return select(MatchRequest).where(col(MatchRequest.id) == change.match_request_id)


def changed_message(change: Row) -> Any:
    """Give the message that was written."""
    return select(MatchMessage).where(col(MatchMessage.id) == change.message_id)


def exchange_changed(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Tell what becomes of an exchange, or of any, to those who see it."""
    del viewer, id  # asked by the rule, and compared by the interest
    is_new = event.change == Change.ADDED.value
    kind = case((is_new, ChangeKind.CREATED.value), else_=ChangeKind.UPDATED.value)
    return select(
        kind.label("kind"),
        event.cursor.label("cursor"),
        event.subject_id.label("exchange_id"),
        event.step.label("step"),
    ).where(seen_here("exchange", event.subject_id, "changed_exchange"))


def changed_exchange(change: Row) -> Any:
    """Give the exchange that changed."""
    return select(Exchange).where(col(Exchange.id) == change.exchange_id)
