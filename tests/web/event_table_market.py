"""What each mutation of the market records; a part of the table that `test_events` goes through."""

from __future__ import annotations

from tests.web.marketing import content_of
from tests.web.staging import case

LISTING = """insert into listing
(organisation_id, kind, form, status, audience, title, body, language, terms, expires_at)
values ({quay}, '%s', 'PROJECT', '%s', 'NETWORK', 'x', 'x', 'EN', 'FREE', now() + interval '9 days')
returning id"""
OFFER = LISTING % ("OFFER", "OPEN")
DRAFT = LISTING % ("OFFER", "DRAFT")
NEED = (LISTING % ("REQUEST", "OPEN")).replace("{quay}", "{mill}")
MATCH = """insert into listing_match (offer_id, request_id, offering_id, requesting_id, score, need,
ease, gain, limiting, is_feasible)
values ({listing}, {need}, {quay}, {mill}, 0.5, 0.5, 0.5, 0.5, 'NEED', true) returning id"""
ASKED = """insert into match_request (asking_id, asked_id, kind, listing_id, form, expires_at)
values ({mill}, {quay}, 'REQUEST', {listing}, 'PROJECT', now() + interval '9 days') returning id"""
MATCHED = [("listing", OFFER), ("need", NEED), ("match", MATCH)]
REQUESTED = [("listing", OFFER), ("request", ASKED)]


def changed(key: str, status: str, change: str = "CHANGED", organisation: str = "quay") -> str:
    """Give the event of a listing in words."""
    ids = f"listing_id={key} audience=NETWORK status={status} change={change}"
    return f"LISTING_CHANGED ann {key} {organisation} {ids}"


def dismissed(change: str) -> str:
    """Give the event of a match that is dismissed, or no longer."""
    return f"MATCH_DISMISSED ann match quay offer_id=listing request_id=need change={change}"


def answered(who: str) -> str:
    """Give the event of a match request that was answered or taken back."""
    return f"MATCH_REQUEST_CHANGED {who} request mill asked_id=quay change=CHANGED"


MARKET = [
    case(
        "listingCreate",
        "ann",
        {"organisationId": "quay", "kind": "OFFER", "listing": content_of()},
        changed("new", "DRAFT", "ADDED"),
        repeats=True,
    ),
    case(
        "listingEdit",
        "ann",
        {"listingId": "listing", "expectedVersion": 1, "listing": content_of(title="y")},
        changed("listing", "OPEN"),
        before=[("listing", OFFER)],
    ),
    case(
        "listingEdit",
        "ann",
        {
            "listingId": "listing",
            "expectedVersion": 1,
            "listing": content_of(audience="ORGANISATION"),
        },
        changed("listing", "OPEN").replace("NETWORK", "ORGANISATION") + " was_audience=NETWORK",
        before=[("listing", OFFER)],
        name="to fewer",
    ),
    case(
        "listingOpen",
        "ann",
        {"listingId": "listing"},
        changed("listing", "OPEN"),
        before=[("listing", DRAFT)],
    ),
    case(
        "listingRenew",
        "ann",
        {"listingId": "listing"},
        changed("listing", "OPEN"),
        before=[("listing", OFFER)],
        repeats=True,
    ),
    *(
        case(
            f"listing{name}",
            "ann",
            {"listingId": "listing", **given},
            changed("listing", status),
            before=[("listing", OFFER)],
        )
        for name, status, given in (
            ("Pause", "PAUSED", {}),
            ("Fill", "FILLED", {}),
            ("Close", "CLOSED", {"reason": "OTHER"}),
        )
    ),
    case(
        "listingCopy",
        "ann",
        {"listingId": "listing"},
        changed("new", "DRAFT", "ADDED"),
        before=[("listing", OFFER)],
        repeats=True,
    ),
    case(
        "listingLooked",
        "eve",
        {"listingId": "listing", "organisationId": "mill"},
        "LISTING_LOOKED - new quay listing_id=listing looking_id=mill change=ADDED",
        before=[("listing", OFFER)],
    ),
    case(
        "listingLooked",
        "ann",
        {"listingId": "listing", "organisationId": "quay"},
        before=[("listing", OFFER)],
        name="one's own",
    ),
    case(
        "listingImport",
        "ann",
        {
            "organisationId": "quay",
            "csv": "kind,form,title,language,terms\noffer,project,x,nl,free",
        },
        changed("new", "DRAFT", "ADDED"),
        repeats=True,
    ),
    case(
        "listingDelete",
        "ann",
        {"listingId": "listing"},
        changed("listing", "DRAFT", "REMOVED"),
        before=[("listing", DRAFT)],
    ),
    case(
        "matchDismiss",
        "ann",
        {"matchId": "match", "organisationId": "quay", "reason": "NOT_NOW"},
        dismissed("ADDED"),
        before=MATCHED,
        repeats=True,
    ),
    case(
        "matchRestore",
        "ann",
        {"matchId": "match", "organisationId": "quay"},
        dismissed("REMOVED"),
        before=MATCHED,
        repeats=True,
    ),
    case(
        "matchRequestAsk",
        "eve",
        {"organisationId": "mill", "listingId": "listing"},
        "MATCH_REQUEST_CHANGED eve new mill asked_id=quay change=ADDED",
        before=[("listing", OFFER)],
    ),
    case(
        "matchRequestAccept",
        "ann",
        {"matchRequestId": "request"},
        answered("ann"),
        "EXCHANGE_CHANGED ann new quay borrower_id=mill step=BEGUN change=ADDED",
        before=REQUESTED,
    ),
    *(
        case(
            f"matchRequest{name}",
            who,
            {"matchRequestId": "request", **given},
            answered(who),
            before=REQUESTED,
        )
        for name, who, given in (
            ("Decline", "ann", {"reason": "FIT"}),
            ("Withdraw", "eve", {}),
        )
    ),
    case(
        "matchRequestDecline",
        "ann",
        {
            "matchRequestId": "request",
            "reason": "CAPACITY",
            "counter": {"form": "CONSULT"},
        },
        answered("ann"),
        "MATCH_REQUEST_CHANGED ann new quay asked_id=mill change=ADDED",
        before=REQUESTED,
        name="with something else",
    ),
    case(
        "matchMessageWrite",
        "eve",
        {"matchRequestId": "request", "organisationId": "mill", "body": "x"},
        "MATCH_MESSAGE_WRITTEN eve request mill asked_id=quay message_id=new",
        before=REQUESTED,
        repeats=True,
    ),
    case(
        "matchRequestMarkRead",
        "ann",
        {"matchRequestId": "request"},
        "MATCH_REQUEST_CHANGED ann request mill asked_id=quay change=READ",
        before=REQUESTED,
        repeats=True,
    ),
]
