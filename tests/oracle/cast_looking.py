"""Searches of the market for the cast of the oracle: one for each condition, found and not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.oracle.cast_writing import Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
# Name, whose person's name it begins with: what it looks for; `skills` are places in the taxonomy.
SEARCHES: Mapping[str, Mapping[str, Any]] = {
    "member_all": {"kinds": ["OFFER", "REQUEST"]},
    "member_offers": {"kinds": ["OFFER"], "audiences": ["PUBLIC", "PARTNERS"]},
    "member_forms": {"forms": ["PROJECT", "TEAM", "CONSULT"], "terms": ["FREE", "RATE"]},
    "member_words": {"query": "request", "folded": "request", "wanted": "'request':*"},
    "member_skill": {"skills": [0]},
    "member_near": {"place": "waterland", "distance_km": 120, "include_remote": False},
    "member_around": {"place": "bosch"},
    "member_period": {"starts_on": date(2028, 3, 5), "ends_on": date(2028, 3, 6)},
    "member_early": {"ends_on": date(2026, 12, 28)},
    "member_hours": {"minimum_hours": 7, "maximum_hours": 14},
    "member_spoken": {"languages": ["FY", "DE"]},
    "member_places": {"organisations": ["open", "town", "shut", "gone"]},
    "member_rest": {"kinds": ["OFFER"], "paused_at": START + timedelta(days=54)},
    "member_meant": {"wanted": "'nowhere':*"},
    "pat_all": {"kinds": ["OFFER", "REQUEST"], "notify": True},
    "pat_sectors": {"sectors": ["TECHNOLOGY", "EDUCATION_RESEARCH"]},
    "stranger_none": {"forms": ["SHADOWING"]},
}
EMPTY = ("kinds", "forms", "terms", "audiences", "sectors", "languages")
NULLS = ("starts_on", "ends_on", "minimum_hours", "maximum_hours", "distance_km", "paused_at")
# Reader, search, listing, note.
TOLD: Sequence[tuple[str, str, str | None, str]] = (
    ("member", "member_all", "town_public", "One"),
    ("member", "member_offers", None, "Several"),
    ("member", "member_rest", "shut_organisation", "Hidden"),
    ("pat", "pat_all", "open_public", "Hers"),
    ("pat", "member_all", None, "Of somebody else"),
)


async def add_market_searches(writer: Writer, skills: Sequence[UUID]) -> None:
    """Add the searches, and lines of inboxes about them; listings and places are there."""
    cast = writer.cast
    named = await writer.connection.fetchval(
        "select t.folded from skill_term t join listing_skill s using (skill_id)"
        " where length(t.folded) > 6 order by t.folded limit 1"
    )
    rows = []
    for number, (name, given) in enumerate(SEARCHES.items()):
        said = {"query": "", "folded": "", "wanted": None, "notify": False, **given}
        if name == "member_meant":
            said |= {"query": named, "folded": named[:6]}
        rows.append(
            {
                "id": writer.key(f"market_search.{name}", START + timedelta(days=320 + number)),
                "created_at": START + timedelta(days=320 + number, microseconds=number),
                "person_id": cast[f"person.{name.partition('_')[0]}"],
                "name": f"{name} {{x}}",
                **{column: said[column] for column in ("query", "folded", "wanted", "notify")},
                **{column: said.get(column, []) for column in EMPTY},
                **{column: said.get(column) for column in NULLS},
                "skill_ids": [skills[place] for place in said.get("skills", ())],
                "organisation_ids": [
                    cast[f"org.{place}"] for place in said.get("organisations", ())
                ],
                "place_id": cast[f"place.{said['place']}"] if "place" in said else None,
                "include_remote": said.get("include_remote", True),
                "version": number + 1,
            }
        )
    await writer.insert("market_search", rows)
    await writer.insert(
        "notification",
        [
            {
                "id": writer.key(f"notification.market_{number}", START + timedelta(days=360)),
                "created_at": START + timedelta(days=360),
                "changed_at": START + timedelta(days=360 + number),
                "person_id": cast[f"person.{reader}"],
                "kind": "MARKET_SEARCH_FOUND",
                "subject_id": cast[f"market_search.{search}"],
                "listing_id": cast[f"listing.{listing}"] if listing else None,
                "note": note,
            }
            for number, (reader, search, listing, note) in enumerate(TOLD)
        ],
    )
