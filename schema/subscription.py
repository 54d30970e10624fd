"""What can be listened to."""

from __future__ import annotations

import strawberry

from resolvers import changes as resolve
from resolvers import market_changes as resolve_market
from resolvers import pulse as resolve_pulse
from schema import prefixes
from schema.changes import FeedChange, NotificationChange, OrganisationChange, PostChange
from schema.engine.declare import REQUIRED, argument, change, id_argument, root, tick
from schema.market_changes import (
    ExchangeChange,
    ListingChange,
    ListingLookerChange,
    MatchChange,
    MatchRequestChange,
)
from schema.pulse import NetworkPulse
from subscriptions.events import EventKind
from subscriptions.interests import Interest

PULSE_SECONDS = 1.0


@root
class Subscription:
    """Changes, pushed as they are committed, to everyone who may see them.

    Each has a `cursor`. With the cursor of the last one as `after`, a new subscription goes on
    exactly there; `Query.liveCursor` gives one together with the state that it belongs to.
    """

    feed_changed: FeedChange = change(
        resolve.feed_changed,
        "What happens to posts in the viewer's home feed: new ones, edits, counts, what is deleted, "
        "hidden or no longer for this viewer. Not told is what the viewer changes themselves (follows, "
        "mutes, blocks), nor that an organisation was suspended or a post is about other skills now: "
        "read the feed anew.",
        interest=Interest(resolve.POST_KINDS, counts=resolve.COUNT_KINDS),
    )
    post_changed: PostChange = change(
        resolve.post_changed,
        "What changes about a post: its text, its counts, its comments.",
        interest=Interest(
            resolve.POST_KINDS | resolve.COMMENT_KINDS,
            about={"id": ("post_id",)},
            counts=resolve.REACTION_KINDS,
        ),
        id=id_argument(strawberry.ID, prefixes.POST, "Which post.", default=REQUIRED),
    )
    organisation_changed: OrganisationChange = change(
        resolve.organisation_changed,
        "What changes about an organisation: its profile and counts, its people, its posts.",
        interest=Interest(
            resolve.ORGANISATION_KINDS, about={"id": ("organisation_id", "partner_id")}
        ),
        id=id_argument(
            strawberry.ID, prefixes.ORGANISATION, "Which organisation.", default=REQUIRED
        ),
    )
    notification_added: NotificationChange = change(
        resolve.notification_added,
        "What changes in the viewer's inbox: what is new, what was read or withdrawn.",
        interest=Interest(frozenset({EventKind.NOTIFICATION_CHANGED}), addressee="person_id"),
    )
    saved_search_matched: FeedChange = change(
        resolve.saved_search_matched,
        "Posts that one of the viewer's saved searches finds, as they are published or edited.",
        interest=Interest(resolve.POST_KINDS - resolve.COUNT_KINDS),
        id=id_argument(
            strawberry.ID, prefixes.SAVED_SEARCH, "Which saved search.", default=REQUIRED
        ),
    )
    market_search_matched: ListingChange = change(
        resolve_market.market_search_matched,
        "Listings that one of the viewer's searches of the market finds, as they are opened or "
        "changed. What leaves the market, or no longer fits, is not told.",
        interest=Interest(frozenset({EventKind.LISTING_CHANGED})),
        id=id_argument(strawberry.ID, prefixes.MARKET_SEARCH, "Which search.", default=REQUIRED),
    )
    listing_looked_at: ListingLookerChange = change(
        resolve_market.listing_looked_at,
        "Which organisations look at the listings of an organisation, as they do; for those who manage "
        "them.",
        interest=Interest(
            frozenset({EventKind.LISTING_LOOKED}), about={"organisationId": ("organisation_id",)}
        ),
        organisation_id=id_argument(
            strawberry.ID, prefixes.ORGANISATION, "Of which organisation.", default=REQUIRED
        ),
    )
    new_matches: MatchChange = change(
        resolve_market.new_matches,
        "Offers and requests that fit those of an organisation, as they are found; for those who "
        "manage its listings.",
        interest=Interest(
            frozenset({EventKind.MATCH_FOUND}),
            about={"organisationId": ("organisation_id", "requesting_id")},
        ),
        organisation_id=id_argument(
            strawberry.ID, prefixes.ORGANISATION, "Of which organisation.", default=REQUIRED
        ),
    )
    match_request_received: MatchRequestChange = change(
        resolve_market.match_request_received,
        "What others ask an organisation, as they do; for those who manage its listings.",
        interest=Interest(
            frozenset({EventKind.MATCH_REQUEST_CHANGED}),
            about={"organisationId": ("asked_id",)},
        ),
        organisation_id=id_argument(
            strawberry.ID, prefixes.ORGANISATION, "Of which organisation.", default=REQUIRED
        ),
    )
    match_request_changed: MatchRequestChange = change(
        resolve_market.match_request_changed,
        "What becomes of a match request, and what is written about it.",
        interest=Interest(
            frozenset({EventKind.MATCH_REQUEST_CHANGED, EventKind.MATCH_MESSAGE_WRITTEN}),
            about={"id": ("subject_id",)},
        ),
        id=id_argument(
            strawberry.ID, prefixes.MATCH_REQUEST, "Which match request.", default=REQUIRED
        ),
    )
    exchange_changed: ExchangeChange = change(
        resolve_market.exchange_changed,
        "What is done in an exchange, or in any that the viewer sees: as who manages exchanges on one "
        "of its sides, or as who goes.",
        interest=Interest(frozenset({EventKind.EXCHANGE_CHANGED}), about={"id": ("subject_id",)}),
        id=id_argument(
            strawberry.ID | None, prefixes.EXCHANGE, "Which exchange; any when left out."
        ),
    )
    network_pulse: NetworkPulse = tick(
        resolve_pulse.pulse,
        "How much happens in the whole network, once a second, to everybody alike.",
        seconds=PULSE_SECONDS,
        window=argument(
            int,
            "Over the last so many seconds, 1 to 300.",
            default=60,
            range=(resolve_pulse.WINDOW_MIN, resolve_pulse.WINDOW_MAX),
        ),
    )
