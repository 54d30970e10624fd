"""Match requests in the graph, and what both sides write to each other."""

from __future__ import annotations

from datetime import date, datetime

from db.tables import match_requests as tables
from db.tables.listings import ListingForm, ListingKind
from db.tables.match_requests import FILES_MAX, DeclineReason, MatchRequestStatus
from resolvers import exchanges as resolve_exchanges
from resolvers import match_requests as resolve
from resolvers import media as resolve_media
from schema import prefixes
from schema.engine.declare import column, connection, many, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import ToExchange, ToListing, ToMedia, ToOrganisation, ToPerson

# A request is seldom answered with more than one other.
COUNTERS_MAX = 10


@table(
    tables.MatchRequest,
    prefix=prefixes.MATCH_REQUEST,
    visible=resolve.visible,
    within={"asking_id": "Organisation", "asked_id": "Organisation"},
)
class MatchRequest(Node):
    """An organisation asks another to match. Seen by those who manage listings on either side."""

    status: MatchRequestStatus = value(resolve.status, "Where it stands now.")
    kind: ListingKind = column("Which way it would go: OFFER when whoever asks would lend.")
    form: ListingForm = column("In what form.")
    hours_per_week: int | None = column("Hours a week; null when it is open.")
    starts_on: date | None = column("Its first day; null when it is open.")
    ends_on: date | None = column("Its last day; null when it is open.")
    message: str = column("What was written along with it; may be empty.")
    decline_reason: DeclineReason | None = column("Why it was declined; null unless it was.")
    note: str = column("What was written along with the answer; may be empty.")
    created_at: datetime = column("When it was asked.")
    answered_at: datetime | None = column(
        "When it was answered or taken back; null when it was not."
    )
    expires_at: datetime = column("Until when an answer is waited for.")
    asking: ToOrganisation = one(resolve.asking, "Who asks.")
    asked: ToOrganisation = one(resolve.asked, "Who is asked.")
    listing: ToListing | None = one(
        resolve.listing,
        "The listing of whoever is asked that it is about; null when none, or it is not to be seen.",
    )
    own_listing: ToListing | None = one(
        resolve.own_listing,
        "The listing of whoever asks that it is about; null when none, or it is not to be seen.",
    )
    counter_to: MatchRequest | None = one(
        resolve.counter_to, "The request that it answers with something else; null for none."
    )
    counters: list[MatchRequest] = many(
        resolve.counters, "What was proposed instead of it.", at_most=COUNTERS_MAX
    )
    exchange: ToExchange | None = one(
        resolve_exchanges.of_request, "The exchange that began when it was accepted."
    )
    asked_by: ToPerson | None = one(
        resolve.asked_by, "Who asked in the organisation's name; null when that person is gone."
    )
    answered_by: ToPerson | None = one(
        resolve.answered_by, "Who answered or took it back; null when nobody did."
    )
    viewer_can_answer: bool = value(
        resolve.viewer_can_answer, "Whether the viewer may accept or decline it now."
    )
    messages: Connection[MatchMessage] = connection(
        resolve.messages, "What both sides wrote to each other, the latest first.", order=("-id",)
    )
    unread_count: int = value(
        resolve.unread, "How many messages of others the viewer has not read."
    )


@table(
    tables.MatchMessage,
    prefix=prefixes.MATCH_MESSAGE,
    visible=None,
    within={"match_request_id": "MatchRequest"},
)
class MatchMessage(Node):
    """What somebody of one side wrote about a match request."""

    body: str = column("The text, in Markdown; may be empty when there are files.")
    files: list[ToMedia] = many(
        resolve_media.files, "The pictures and files that go with it.", at_most=FILES_MAX
    )
    body_html: str = value(resolve.message_html, "The same as safe HTML.")
    created_at: datetime = column("When.")
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null when that person is gone or not to be seen."
    )
    organisation: ToOrganisation | None = one(
        resolve.organisation, "In whose name; null when that organisation is not to be seen."
    )
    match_request: MatchRequest = one(resolve.request_of, "What it is about.")
