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
from schema.references import ToExchange, ToMatch, ToMatchMessage, ToMatchRequest


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
