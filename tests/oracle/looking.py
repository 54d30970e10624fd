"""Searches of the market that are kept, as loops over rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.following import NEWEST, Found, own
from tests.oracle.paging import Order
from tests.oracle.store import Row, Store
from tests.oracle.trading import standing
from tests.oracle.values import spelled

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Rules

# The words of the cast's searches are beginnings: `'word':*`.
BEGINNING = re.compile(r"'(\w+)':\*")
LEXEME = re.compile(r"'([^']+)'")


def close_to(store: Store, skills: list[UUID]) -> set[UUID]:
    """Give skills, and those that are close to one of them."""
    found = set(skills)
    for row in store.rows("skill_relation"):
        ends = row["source_id"], row["target_id"]
        found |= {ends[1]} if ends[0] in skills else set()
        found |= {ends[0]} if ends[1] in skills else set()
    clusters = {store.tables["skill"][key]["cluster_id"] for key in skills}
    return found | {row["id"] for row in store.rows("skill") if row["cluster_id"] in clusters}


def _named(store: Store, listing: Row) -> set[UUID]:
    return {row["skill_id"] for row in store.by("listing_skill", "listing_id", listing["id"])}


def _has_words(store: Store, saved: Row, listing: Row) -> bool:
    if saved["wanted"] is None:
        return True
    beginnings = BEGINNING.findall(saved["wanted"])
    words = LEXEME.findall(listing["searched"])
    if any(word.startswith(tuple(beginnings)) for word in words):
        return True
    text = saved["folded"]
    return any(
        term["folded"] == text or (len(text) >= 4 and term["folded"].startswith(text))
        for skill in _named(store, listing)
        for term in store.by("skill_term", "skill_id", skill)
    )


def _distance(one: Row, other: Row) -> float:
    north = radians(one["latitude"] - other["latitude"])
    east = radians(one["longitude"] - other["longitude"])
    shrink = cos(radians(one["latitude"])) * cos(radians(other["latitude"]))
    return 2 * 6371.0 * asin(min(1, sqrt(sin(north / 2) ** 2 + shrink * sin(east / 2) ** 2)))


def _is_near(store: Store, saved: Row, listing: Row) -> bool:
    here = store.get("place", saved["place_id"])
    if here is None:
        return True
    there = store.get("place", listing["place_id"])
    if saved["include_remote"] and (listing["is_remote"] or there is None):
        return True
    distance = 50 if saved["distance_km"] is None else saved["distance_km"]
    return there is not None and _distance(here, there) <= distance


def _in_period(saved: Row, listing: Row) -> bool:
    slack = timedelta(days=listing["slack_days"])
    starts, ends = listing["starts_on"], listing["ends_on"]
    late = ends is not None and saved["starts_on"] is not None and ends + slack < saved["starts_on"]
    early = (
        starts is not None and saved["ends_on"] is not None and starts - slack > saved["ends_on"]
    )
    return not late and not early


def _has_hours(saved: Row, listing: Row) -> bool:
    hours = listing["hours_per_week"]
    least, most = saved["minimum_hours"], saved["maximum_hours"]
    return hours is None or ((least is None or hours >= least) and (most is None or hours <= most))


def finds(store: Store, saved: Row, listing: Row) -> bool:
    """Tell whether a listing is open and what a search looks for."""
    spoken = set(listing["languages"])
    sector = store.tables["organisation"][listing["organisation_id"]]["sector"]
    return (
        standing(listing) == "OPEN"
        and (saved["paused_at"] is None or listing["opened_at"] <= saved["paused_at"])
        and all(
            not saved[f"{name}s"] or listing[name] in saved[f"{name}s"]
            for name in ("kind", "form", "audience")
        )
        and (not saved["terms"] or listing["terms"] in saved["terms"])
        and (
            not saved["organisation_ids"] or listing["organisation_id"] in saved["organisation_ids"]
        )
        and (not saved["sectors"] or sector in saved["sectors"])
        and (not saved["languages"] or not spoken or bool(spoken & set(saved["languages"])))
        and _in_period(saved, listing)
        and _has_hours(saved, listing)
        and _is_near(store, saved, listing)
        and _has_words(store, saved, listing)
        and (
            not saved["skill_ids"]
            or bool(_named(store, listing) & close_to(store, saved["skill_ids"]))
        )
    )


def _listings(store: Store, _: Rules, saved: Row, __: Mapping[str, Any]) -> Found:
    for listing in store.rows("listing"):
        if finds(store, saved, listing):
            yield "Listing", listing, {}


def _each(type_name: str, column: str, label: str) -> Callable[[Thing, Asking], list[Thing]]:
    """Give what a search names, in the order of their names."""

    def found(thing: Thing, asking: Asking) -> list[Thing]:
        things = [asking.by_key(type_name, key) for key in thing.row[column]]
        asking.hidden = None in things
        seen = [one for one in things if one is not None]
        return sorted(seen, key=lambda one: (one.row[label], one.row["id"]))

    return found


def _told(thing: Thing, asking: Asking) -> Thing | None:
    if thing.row["kind"] != "MARKET_SEARCH_FOUND":
        return None
    return asking.by_key("MarketSearch", thing.row["subject_id"])


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Person.marketSearches": ("MarketSearch", own("MarketSearch", "market_search"), NEWEST),
    "MarketSearch.listings": ("Listing", _listings, NEWEST),
}
FOREIGN_KEYS = {"MarketSearch.place": "place_id"}
SPECIAL: Mapping[str, Callable[..., Any]] = {
    "MarketSearch.skills": _each("Skill", "skill_ids", "label_en"),
    "MarketSearch.organisations": _each("Organisation", "organisation_ids", "name"),
    "MarketSearch.fromDay": lambda thing, _: spelled(thing.row["starts_on"]),
    "MarketSearch.untilDay": lambda thing, _: spelled(thing.row["ends_on"]),
    "Notification.marketSearch": _told,
}
AT_MOST = {"MarketSearch.skills": 12, "MarketSearch.organisations": 100}
