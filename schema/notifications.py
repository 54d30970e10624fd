"""Notifications in the graph: each seen by its reader alone."""

from __future__ import annotations

from datetime import datetime

from db.tables import notifications as tables
from db.tables.notifications import NotificationKind
from resolvers import notifications as resolve
from schema import prefixes
from schema.engine.declare import column, many, one, table, value
from schema.engine.relay import Node
from schema.references import (
    ToComment,
    ToExchange,
    ToListing,
    ToMarketSearch,
    ToMatchRequest,
    ToOrganisation,
    ToPerson,
    ToPost,
    ToSavedSearch,
)

ACTORS_SHOWN = 3


@table(tables.Notification, prefix=prefixes.NOTIFICATION, visible=resolve.visible)
class Notification(Node):
    """One line of an inbox, seen by its reader alone, as long as they may see what it is about.

    Things of a kind about one subject share a line until it is read.
    """

    kind: NotificationKind = column("What it is about.")
    title: str = value(resolve.title, "What it says, in the reader's language.")
    note: str | None = column(
        "The state that it came to, where there is one: a new role, `ACCEPTED`, `HIDE`."
    )
    created_at: datetime = column("When the line began.")
    changed_at: datetime = column("When something was last added to it.")
    read_at: datetime | None = column("When it was read; null while it is unread.")
    actor_count: int = value(resolve.actor_count, "How many people it is about.")
    actors: list[ToPerson] = many(
        resolve.actors, "Who did it, the last three, the last first.", at_most=ACTORS_SHOWN
    )
    post: ToPost | None = one(
        resolve.post, "The post that it is about; null when a saved search found several."
    )
    saved_search: ToSavedSearch | None = one(
        resolve.saved_search, "The saved search that found something."
    )
    market_search: ToMarketSearch | None = one(
        resolve.market_search, "The search of the market that found something."
    )
    listing: ToListing | None = one(
        resolve.listing,
        "The listing that has new matches, or that a search of the market found; null for all other "
        "kinds, and when the search found several.",
    )
    match_request: ToMatchRequest | None = one(
        resolve.match_request, "The match request that it is about; null for all other kinds."
    )
    exchange: ToExchange | None = one(
        resolve.exchange, "The exchange that it is about; null for all other kinds."
    )
    comment: ToComment | None = one(
        resolve.comment, "The comment to read, the newest when there are several.", order=("-id",)
    )
    organisation: ToOrganisation | None = one(
        resolve.organisation, "The organisation that it is about."
    )


@table(
    tables.NotificationPreference,
    prefix=prefixes.NOTIFICATION_PREFERENCE,
    visible=resolve.preference_visible,
)
class NotificationPreference:
    """How a person is told of one kind: as they chose, or by default."""

    kind: NotificationKind = column("Of what.")
    in_app: bool = column("Whether it comes into the inbox.")
    email: bool = column("Whether it goes out by e-mail at once, to a proved address.")
