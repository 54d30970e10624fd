"""What stands on the market, and how a client searches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2

from tests.making import Maker, Place, Someone
from tests.web.serving import ask, data_of

MARKET = """
query Market(
  $query: String, $filter: ListingFilter, $order: MarketOrder! = FIT, $first: Int! = 100,
  $after: String
) {
  market(query: $query, filter: $filter, order: $order, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor fit node { id title } }
    facets {
      isCapped
      kinds { kind count } forms { form count } terms { terms count } sectors { sector count }
      provinces { province count } skills { count skill { id } }
    }
  }
}
"""
NOW = datetime.now(UTC)


class Stall:
    """Makes listings, all of one organisation unless told otherwise, so that a test finds its own."""

    def __init__(self, make: Maker, client: httpx2.Client) -> None:
        self.make = make
        self.client = client
        self.place: Place | None = None

    async def put(
        self,
        *,
        place: Place | None = None,
        skills: Sequence[UUID] = (),
        at: str | None = None,
        **columns: Any,
    ) -> str:
        """Make a listing; give its id."""
        if place is None:
            self.place = place = self.place or await self.make.organisation("Stall")
        spot = at and await self.spot(at)
        said = {
            "organisation_id": place.key,
            "kind": "OFFER",
            "form": "PROJECT",
            "status": "OPEN",
            "audience": "PUBLIC",
            "title": "Something",
            "body": "",
            "language": "EN",
            "terms": "FREE",
            "place_id": spot and UUID(spot.removeprefix("plc_")),
            "opened_at": NOW,
            "expires_at": NOW + timedelta(days=30),
            **columns,
        }
        marks = ", ".join(f"${number}" for number in range(1, len(said) + 1))
        key = await self.make.connection.fetchval(
            f"insert into listing ({', '.join(said)}) values ({marks}) returning id",
            *said.values(),
        )
        for skill in skills:
            await self.make.connection.execute(
                "insert into listing_skill (listing_id, skill_id, importance, minimum_level, open_as)"
                " values ($1, $2, 'MUST', 3, $3)",
                key,
                skill,
                said["kind"] if said["status"] == "OPEN" else None,
            )
        return f"lst_{key}"

    async def spot(self, slug: str) -> str:
        """Give the id of a municipality."""
        key = await self.make.connection.fetchval("select id from place where slug = $1", slug)
        return f"plc_{key}"

    async def skill(self, slug: str) -> UUID:
        """Give the key of a skill."""
        key: UUID = await self.make.connection.fetchval(
            "select id from skill where slug = $1", slug
        )
        assert key is not None, slug
        return key

    def search(self, who: Someone | None = None, **given: Any) -> dict[str, Any]:
        """Search among what was made here, and give what was found."""
        if self.place is not None:
            given["filter"] = {"organisations": [self.place.id], **given.get("filter", {})}
        return self.search_all(who, **given)

    def search_all(self, who: Someone | None = None, **given: Any) -> dict[str, Any]:
        """Search among all that is there, and give what was found."""
        data = data_of(ask(self.client, MARKET, given, token=who.token if who else None))
        found: dict[str, Any] = data["market"]
        return found


def ids(found: dict[str, Any]) -> list[str]:
    """Give the ids of what was found, in its order."""
    return [edge["node"]["id"] for edge in found["edges"]]


def counts(found: dict[str, Any], facet: str) -> dict[str, int]:
    """Give the counts of a facet by value."""
    return {
        next(value for name, value in row.items() if name != "count"): row["count"]
        for row in found["facets"][facet]
    }
