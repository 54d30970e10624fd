"""What subscriptions tell of the market; see `schema.changes`."""

from __future__ import annotations

import strawberry
from sqlalchemy import Column, Text, Uuid, case

from db.tables.exchanges import ExchangeStep
from resolvers import market_changes as resolve
from resolvers.changes import ChangeKind
from resolvers.rows import Row
from schema import prefixes
from schema.changes import CURSOR
from schema.engine.declare import column, derived, one, value
from schema.engine.ids import expression
from schema.references import (
    ToExchange,
    ToListing,
    ToListingLooker,
    ToMatch,
    ToMatchMessage,
    ToMatchRequest,
)


def match_id(change: Row) -> object:
    """Give the id of the match."""
    return expression(prefixes.LISTING_MATCH, change.match_id)


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("match_id", Uuid),
)
class MatchChange:
    """A match was found."""

    kind: ChangeKind = column("CREATED, or RESYNC.")
    id: strawberry.ID | None = value(match_id, "The id of the match; null for RESYNC.")
    cursor: str = column(CURSOR)
    match: ToMatch | None = one(
        resolve.changed_match,
        "The match as it is now; null when it no longer is one, and for RESYNC.",
    )


def listing_id(change: Row) -> object:
    """Give the id of the listing."""
    return expression(prefixes.LISTING, change.listing_id)


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("listing_id", Uuid),
)
class ListingChange:
    """A listing that a search of the market finds."""

    kind: ChangeKind = column("CREATED, also when an edit made it fit; or RESYNC.")
    id: strawberry.ID | None = value(listing_id, "The id of the listing; null for RESYNC.")
    cursor: str = column(CURSOR)
    listing: ToListing | None = one(
        resolve.changed_listing,
        "The listing as it is now; null when the viewer may no longer see it, and for RESYNC.",
    )


def look_id(change: Row) -> object:
    """Give the id of the looker."""
    return expression(prefixes.LISTING_LOOK, change.look_id)


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("look_id", Uuid),
)
class ListingLookerChange:
    """An organisation looked at a listing, for the first time or on another day."""

    kind: ChangeKind = column("CREATED for the first time, UPDATED on another day; or RESYNC.")
    id: strawberry.ID | None = value(look_id, "The id of the looker; null for RESYNC.")
    cursor: str = column(CURSOR)
    looker: ToListingLooker | None = one(
        resolve.changed_look, "Who looked, as it is now; null when it is gone, and for RESYNC."
    )


def request_or_message_id(change: Row) -> object:
    """Give the id of the message that was written, or of the request that changed."""
    return case(
        (change.message_id.is_not(None), expression(prefixes.MATCH_MESSAGE, change.message_id)),
        else_=expression(prefixes.MATCH_REQUEST, change.match_request_id),
    )


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("match_request_id", Uuid),
    Column("message_id", Uuid),
)
class MatchRequestChange:
    """A match request was asked, answered or taken back, or something was written about it."""

    kind: ChangeKind = column("What became of the message, or of the request where there is none.")
    id: strawberry.ID | None = value(
        request_or_message_id, "The id of the message or the request; null for RESYNC."
    )
    cursor: str = column(CURSOR)
    match_request: ToMatchRequest | None = one(
        resolve.changed_request, "The request as it is now; null for RESYNC."
    )
    message: ToMatchMessage | None = one(
        resolve.changed_message, "The message that was written; null when none was."
    )


def exchange_id(change: Row) -> object:
    """Give the id of the exchange."""
    return expression(prefixes.EXCHANGE, change.exchange_id)


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("exchange_id", Uuid),
    Column("step", Text),
)
class ExchangeChange:
    """An exchange began, or something was done in it."""

    kind: ChangeKind = column("CREATED, UPDATED, or RESYNC.")
    id: strawberry.ID | None = value(exchange_id, "The id of the exchange; null for RESYNC.")
    cursor: str = column(CURSOR)
    step: ExchangeStep | None = column("What was done; null for RESYNC.")
    exchange: ToExchange | None = one(
        resolve.changed_exchange, "The exchange as it is now; null for RESYNC."
    )
