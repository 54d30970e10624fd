"""Offers and requests as a client writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx2

from tests.making import Maker, Place, Someone
from tests.web.serving import Answer, ask, data_of, done

ERRORS = "userErrors { code field message }"
MOVES = ("Open", "Renew", "Pause", "Fill", "Close", "Copy")
CREATE = f"""
mutation ($input: ListingCreateInput!) {{
  answer: listingCreate(input: $input) {{ listing {{ id version status }} {ERRORS} }}
}}
"""
EDIT = CREATE.replace("Create", "Edit")


def moving(name: str) -> str:
    """Give the mutation that does something with a listing."""
    return CREATE.replace("Create", name)


class Market:
    """A market in which people write listings over the graph."""

    def __init__(self, client: httpx2.Client, make: Maker) -> None:
        self.client = client
        self.make = make

    async def manager(
        self, name: str = "Harbour", role: str = "TALENT_MANAGER"
    ) -> tuple[Place, Someone]:
        """Make an organisation and somebody who manages its listings."""
        place, person = await self.make.organisation(name), await self.make.person(name)
        await self.make.member(person, place, role)
        return place, person

    async def skill(self, slug: str) -> str:
        """Give the id of a skill of the taxonomy."""
        key: UUID = await self.make.connection.fetchval(
            "select id from skill where slug = $1", slug
        )
        assert key is not None, slug
        return f"skl_{key}"

    def call(self, query: str, who: Someone | None, **given: Any) -> Answer:
        """Send a mutation."""
        return data_of(ask(self.client, query, {"input": given}, token=who.token if who else None))

    def draft(self, who: Someone, place: Place, kind: str = "OFFER", **content: Any) -> str:
        """Write a listing; give its id."""
        given = {"organisationId": place.id, "kind": kind, "listing": content_of(**content)}
        key: str = done(self.call(CREATE, who, **given), "answer")["listing"]["id"]
        return key

    def open(self, who: Someone, place: Place, kind: str = "OFFER", **content: Any) -> str:
        """Write a listing and open it; give its id."""
        key = self.draft(who, place, kind, **content)
        self.move(who, key, "Open")
        return key

    def move(self, who: Someone, listing_id: str, name: str, **given: Any) -> Answer:
        """Do something with a listing that can be done; give it."""
        found = done(self.call(moving(name), who, listingId=listing_id, **given), "answer")
        listing: Answer = found["listing"]
        return listing


def content_of(skills: Sequence[tuple[str, int]] = (), **content: Any) -> Answer:
    """Give what a listing says; `skills` are ids with levels, all of them needed."""
    return {
        "form": "PROJECT",
        "title": "Somebody who knows",
        "language": "EN",
        "terms": "FREE",
        "body": "Some words.",
        "skills": [{"skillId": key, "minimumLevel": level} for key, level in skills],
        **content,
    }
