"""Listings, matches and match requests, as loops over rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.notifying import Moment, aware
from tests.oracle.paging import ID, ID_DOWN, Key, Order, real, text
from tests.oracle.publishing import pointing, role_there
from tests.oracle.store import Row, Store
from tests.oracle.values import folded, key_of

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Answer, Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST = Order((ID_DOWN,))
BY_NAME = Order((Key("name", text), ID))
BEST = Order((Key("score", real, descending=True), ID_DOWN))
LATEST_LOOK = Order((Key("looked_at", aware, descending=True), ID_DOWN))
MANAGERS = {"OWNER", "ADMIN", "TALENT_MANAGER"}
SIDES = ("offer", "request")
TOLD_OF_REQUESTS = {"MATCH_REQUESTED", "MATCH_DECIDED", "MATCH_MESSAGE"}
AT_MOST = {
    "MatchMessage.files": 5,
    "Listing.skills": 12,
    "Listing.aims": 8,
    "Match.reasons": 12,
    "Match.hurdles": 18,
    "MatchRequest.counters": 10,
}


def manages(store: Store, person_id: UUID | None, organisation_id: UUID) -> bool:
    """Tell whether the role of a person in an organisation is one that manages its listings."""
    return role_there(store, person_id, organisation_id) in MANAGERS


def may_manage(store: Store, person_id: UUID | None, organisation_id: UUID) -> bool:
    """Tell whether a person can manage listings there now: nobody can in what is suspended."""
    place = store.tables["organisation"][organisation_id]
    return place["suspended_at"] is None and manages(store, person_id, organisation_id)


def standing(listing: Row) -> str:
    """Give where a listing stands now: what is open after its time has expired."""
    ran_out = listing["status"] == "OPEN" and listing["expires_at"] <= datetime.now(UTC)
    return "EXPIRED" if ran_out else str(listing["status"])


def request_standing(request: Row) -> str:
    """Give where a match request stands now: what waits for an answer too long has expired."""
    late = request["status"] == "PROPOSED" and request["expires_at"] <= datetime.now(UTC)
    return "EXPIRED" if late else str(request["status"])


# Who sees what.


def _listing(rules: Rules, row: Row) -> Answer:
    place = row["organisation_id"]
    if not rules.sees("Organisation", rules.store.get("organisation", place)):
        return "of a hidden organisation", False
    if row["status"] == "DRAFT":
        return "a draft", manages(rules.store, rules.viewer, place)
    if row["status"] == "PAUSED":
        return "paused", rules.is_member(place)
    audience = row["audience"]
    intended = {
        "PUBLIC": True,
        "NETWORK": rules.viewer is not None,
        "PARTNERS": rules.is_member(place) or rules.is_partner(place),
        "ORGANISATION": rules.is_member(place),
    }[audience]
    if audience == "PARTNERS" and intended:
        return f"{audience}, {'member' if rules.is_member(place) else 'partner'}", True
    return audience, intended


def _step(rules: Rules, row: Row) -> Answer:
    listing = rules.store.tables["listing"][row["listing_id"]]
    if not rules.sees("Listing", listing):
        return "of a hidden listing", False
    return "by members", rules.is_member(listing["organisation_id"])


def _look(rules: Rules, row: Row) -> Answer:
    listing = rules.store.tables["listing"][row["listing_id"]]
    if not rules.sees("Listing", listing):
        return "of a hidden listing", False
    if not rules.sees("Organisation", rules.store.get("organisation", row["organisation_id"])):
        return "by a hidden organisation", False
    return "by managers", manages(rules.store, rules.viewer, listing["organisation_id"])


def _match(rules: Rules, row: Row) -> Answer:
    for side in SIDES:
        if not rules.sees("Listing", rules.store.get("listing", row[f"{side}_id"])):
            return f"of a hidden {side}", False
    if manages(rules.store, rules.viewer, row["offering_id"]):
        return "by who offers", True
    return "by who asks", manages(rules.store, rules.viewer, row["requesting_id"])


def _request(rules: Rules, row: Row) -> Answer:
    ends = (row["asking_id"], row["asked_id"])
    for end in ends:
        if not rules.sees("Organisation", rules.store.get("organisation", end)):
            return "of a hidden organisation", False
    return "by either", any(manages(rules.store, rules.viewer, end) for end in ends)


RULES: Mapping[str, Callable[[Rules, Row], Answer]] = {
    "Listing": _listing,
    "ListingStep": _step,
    "ListingLooker": _look,
    "Match": _match,
    "MatchRequest": _request,
}
BRANCHES = {
    ("Listing: of a hidden organisation", False),
    ("Listing: PUBLIC", True),
    ("Listing: PARTNERS, member", True),
    ("Listing: PARTNERS, partner", True),
    ("Listing: PARTNERS", False),
    *(
        (f"Listing: {branch}", seen)
        for branch in ("a draft", "paused", "NETWORK", "ORGANISATION")
        for seen in (True, False)
    ),
    ("ListingSkill: within its listing", True),
    ("ListingSkill: within its listing", False),
    ("ListingStep: of a hidden listing", False),
    ("ListingStep: by members", True),
    ("ListingStep: by members", False),
    ("ListingLooker: of a hidden listing", False),
    ("ListingLooker: by a hidden organisation", False),
    ("ListingLooker: by managers", True),
    ("ListingLooker: by managers", False),
    *((f"Match: of a hidden {side}", False) for side in SIDES),
    ("Match: by who offers", True),
    ("Match: by who asks", True),
    ("Match: by who asks", False),
    ("MatchRequest: of a hidden organisation", False),
    ("MatchRequest: by either", True),
    ("MatchRequest: by either", False),
    ("MatchMessage: within its match_request", True),
    ("MatchMessage: within its match_request", False),
    ("Place: public", True),
}


# Lists.


def _chosen(values: Any, value: str) -> bool:
    return values is None or value in values


def _places(store: Store, _: Rules, __: Row, given: Mapping[str, Any]) -> Found:
    search = given.get("search")
    for row in store.rows("place"):
        if search is None or folded(search) in row["folded"]:
            yield "Place", row, {}


def _listings(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    for row in store.by("listing", "organisation_id", parent["id"]):
        if _chosen(given.get("kinds"), row["kind"]) and _chosen(
            given.get("statuses"), standing(row)
        ):
            yield "Listing", row, {}


def _naming(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    for named in store.by("listing_skill", "skill_id", parent["id"]):
        row = store.tables["listing"][named["listing_id"]]
        if standing(row) == "OPEN" and _chosen(given.get("kinds"), row["kind"]):
            yield "Listing", row, {}


def _wanted(store: Store, organisation_id: UUID, given: Mapping[str, Any]) -> Iterable[Row]:
    """Give the matches that an organisation did not dismiss, near misses when they are asked for."""
    dismissed = {
        (row["offer_id"], row["request_id"])
        for row in store.by("match_dismissal", "organisation_id", organisation_id)
    }
    for row in store.rows("listing_match"):
        is_dismissed = (row["offer_id"], row["request_id"]) in dismissed
        if not is_dismissed and (row["is_feasible"] or given["nearMisses"]):
            yield row


def _matches(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    for row in _wanted(store, parent["organisation_id"], given):
        if parent["id"] in {row["offer_id"], row["request_id"]}:
            yield "Match", row, {}


def _suggestions(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    for row in _wanted(store, parent["id"], given):
        if parent["id"] in {row["offering_id"], row["requesting_id"]}:
            yield "Match", row, {}


def _requests(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    received = given.get("received")
    for row in store.rows("match_request"):
        asks, is_asked = (row[f"{end}_id"] == parent["id"] for end in ("asking", "asked"))
        wanted = (asks or is_asked) if received is None else is_asked if received else asks
        if wanted and _chosen(given.get("statuses"), request_standing(row)):
            yield "MatchRequest", row, {}


def _looks(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    for row in store.by("listing_look", "listing_id", parent["id"]):
        looked = Moment.fromisoformat(row["looked_at"].isoformat())
        yield "ListingLooker", row, {"looked_at": looked}


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Query.places": ("Place", _places, BY_NAME),
    "Organisation.listings": ("Listing", _listings, NEWEST),
    "Skill.listings": ("Listing", _naming, NEWEST),
    "Listing.history": (
        "ListingStep",
        pointing("ListingStep", "listing_step", "listing_id"),
        NEWEST,
    ),
    "Listing.lookers": (
        "ListingLooker",
        _looks,
        LATEST_LOOK,
    ),
    "Listing.posts": ("Post", pointing("Post", "post", "listing_id"), NEWEST),
    "Listing.matches": ("Match", _matches, BEST),
    "Organisation.matchSuggestions": ("Match", _suggestions, BEST),
    "Organisation.matchRequests": ("MatchRequest", _requests, NEWEST),
    "MatchRequest.messages": (
        "MatchMessage",
        pointing("MatchMessage", "match_message", "match_request_id"),
        NEWEST,
    ),
}
FOREIGN_KEYS = {
    "Listing.organisation": "organisation_id",
    "Listing.place": "place_id",
    "ListingSkill.skill": "skill_id",
    "ListingSkill.listing": "listing_id",
    "ListingStep.listing": "listing_id",
    "ListingLooker.listing": "listing_id",
    "ListingLooker.organisation": "organisation_id",
    "MatchReason.skill": "skill_id",
    "MatchHurdle.skill": "skill_id",
    "MatchRequest.listing": "listing_id",
    "MatchMessage.author": "author_id",
    "MatchMessage.organisation": "organisation_id",
}


# Fields.


def _to(type_name: str, column: str) -> Callable[[Thing, Asking], Thing | None]:
    return lambda thing, asking: asking.by_key(type_name, thing.row[column])


def _told(type_name: str, kinds: set[str]) -> Callable[[Thing, Asking], Thing | None]:
    """Give what lines of some kinds are about."""

    def found(thing: Thing, asking: Asking) -> Thing | None:
        if thing.row["kind"] not in kinds:
            return None
        return asking.by_key(type_name, thing.row["subject_id"])

    return found


def _listing_told(thing: Thing, asking: Asking) -> Thing | None:
    """Give the listing with new matches, or the one that a search found."""
    column = "subject_id" if thing.row["kind"] == "MATCHES_FOUND" else "listing_id"
    return asking.by_key("Listing", thing.row[column])


def _by_label(store: Store, rows: Iterable[Row]) -> list[Row]:
    """Give what names skills in the order of their English labels."""
    skills = store.tables["skill"]
    return sorted(rows, key=lambda row: (skills[row["skill_id"]]["label_en"], row["skill_id"]))


def _skills(thing: Thing, asking: Asking) -> list[Thing]:
    rows = _by_label(asking.store, asking.store.by("listing_skill", "listing_id", thing.row["id"]))
    first = sorted(rows, key=lambda row: row["importance"] != "MUST")
    return [type(thing)("ListingSkill", row) for row in first]


def _aims(thing: Thing, asking: Asking) -> list[Thing]:
    rows = _by_label(asking.store, asking.store.by("listing_aim", "listing_id", thing.row["id"]))
    return [type(thing)("Skill", asking.store.tables["skill"][row["skill_id"]]) for row in rows]


def _author(thing: Thing, asking: Asking) -> Thing | None:
    if not asking.rules.is_member(thing.row["organisation_id"]):
        asking.hidden = True
        return None
    return asking.by_key("Person", thing.row["author_id"])


def _derived(type_name: str, column: str) -> Callable[[Thing], list[Thing]]:
    """Give the objects that a column of JSON holds, in its order."""

    def found(thing: Thing) -> list[Thing]:
        rows = json.loads(thing.row[column])
        return [
            type(thing)(
                type_name,
                {
                    name: UUID(value) if value and name.endswith("skill_id") else value
                    for name, value in row.items()
                },
            )
            for row in rows
        ]

    return found


def _reasons(thing: Thing, _: Asking) -> list[Thing]:
    found = _derived("MatchReason", "reasons")(thing)
    return sorted(found, key=lambda one: (-one.row["contribution"], one.row["skill_id"]))


def _viewer_side(thing: Thing, asking: Asking) -> Thing | None:
    for side in ("offering_id", "requesting_id"):
        if manages(asking.store, asking.rules.viewer, thing.row[side]):
            return asking.by_key("Organisation", thing.row[side])
    return None


def _counters(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("match_request", "counter_to_id", thing.row["id"])
    things = (asking.thing("MatchRequest", row) for row in sorted(rows, key=lambda row: row["id"]))
    return [thing for thing in things if thing is not None]


def _can_answer(thing: Thing, asking: Asking) -> bool:
    waits = request_standing(thing.row) == "PROPOSED"
    return waits and may_manage(asking.store, asking.rules.viewer, thing.row["asked_id"])


def _unread(thing: Thing, asking: Asking) -> int:
    viewer = asking.rules.viewer
    read = next(
        (
            row["read_message_id"]
            for row in asking.store.by("match_reading", "match_request_id", thing.row["id"])
            if row["person_id"] == viewer
        ),
        None,
    )
    return sum(
        row["author_id"] != viewer and (read is None or row["id"] > read)
        for row in asking.store.by("match_message", "match_request_id", thing.row["id"])
    )


def _files(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("media", "match_message_id", thing.row["id"])
    return [type(thing)("Media", row) for row in sorted(rows, key=lambda row: row["position"])]


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "Query.listing": lambda _, asking, id: asking.by_key("Listing", key_of(id, "Listing")),  # noqa: A006
    "Listing.status": lambda thing, _: standing(thing.row),
    "Listing.skills": _skills,
    "Listing.aims": _aims,
    **{f"{one}.listing": _to("Listing", "listing_id") for one in ("Post", "PostDraft")},
    "Notification.listing": _listing_told,
    "Notification.matchRequest": _told("MatchRequest", TOLD_OF_REQUESTS),
    "Listing.contact": _to("Person", "contact_id"),
    "Listing.author": _author,
    "Listing.viewerCanManage": lambda thing, asking: may_manage(
        asking.store, asking.rules.viewer, thing.row["organisation_id"]
    ),
    "ListingStep.actor": _to("Person", "actor_id"),
    **{f"Match.{side}": _to("Listing", f"{side}_id") for side in SIDES},
    "Match.reasons": _reasons,
    "Match.hurdles": lambda thing, _: _derived("MatchHurdle", "hurdles")(thing),
    "Match.viewerSide": _viewer_side,
    "MatchReason.bySkill": _to("Skill", "by_skill_id"),
    "MatchRequest.status": lambda thing, _: request_standing(thing.row),
    "MatchRequest.asking": _to("Organisation", "asking_id"),
    "MatchRequest.asked": _to("Organisation", "asked_id"),
    "MatchRequest.ownListing": _to("Listing", "own_listing_id"),
    "MatchRequest.counterTo": _to("MatchRequest", "counter_to_id"),
    "MatchRequest.counters": _counters,
    "MatchRequest.askedBy": _to("Person", "asked_by_id"),
    "MatchRequest.answeredBy": _to("Person", "answered_by_id"),
    "MatchRequest.viewerCanAnswer": _can_answer,
    "MatchRequest.unreadCount": _unread,
    "MatchMessage.files": _files,
    "MatchMessage.matchRequest": _to("MatchRequest", "match_request_id"),
}
