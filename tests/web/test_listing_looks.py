"""Which organisations looked at a listing: recorded once a day, told to those who manage it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.making import Maker, Place, Someone
from tests.web.listening import listening
from tests.web.marketing import Market
from tests.web.serving import ask, data_of, done, refused

LOOK = """mutation ($input: ListingLookedInput!) { answer: listingLooked(input: $input) {
    listing { id } userErrors { code field message } } }"""
LOOKERS = """query ($id: ID!) { listing(id: $id) { lookers { totalCount nodes {
    dayCount organisation { id } } } } }"""
LOOKED_AT = """subscription ($id: ID!) { listingLookedAt(organisationId: $id) {
    kind looker { dayCount organisation { name } listing { id } } } }"""
SWITCH = """mutation ($input: PersonEditInput!) { answer: personEdit(input: $input) {
    person { showsLooks } userErrors { code field message } } }"""


class Window:
    """An organisation with a listing, and others that look."""

    def __init__(self, client: httpx2.Client, make: Maker) -> None:
        self.client = client
        self.make = make
        self.market = Market(client, make)

    def look(self, who: Someone | None, listing: str, place: Place) -> Any:
        """Say that somebody looks in the name of an organisation."""
        return self.market.call(LOOK, who, listingId=listing, organisationId=place.id)

    def lookers(self, who: Someone | None, listing: str) -> list[tuple[str, int]]:
        """Give who looked, as somebody is told: organisation and on how many days."""
        token = who.token if who else None
        found = data_of(ask(self.client, LOOKERS, {"id": listing}, token=token))["listing"]
        assert found["lookers"]["totalCount"] == len(found["lookers"]["nodes"])
        return [
            (each["organisation"]["id"], each["dayCount"]) for each in found["lookers"]["nodes"]
        ]

    async def pass_days(self, listing: str, days: int = 1) -> None:
        """Let time go by since what was looked at."""
        await self.make.connection.execute(
            "update listing_look set looked_at = looked_at - make_interval(days => $2)"
            " where listing_id = $1",
            UUID(listing.removeprefix("lst_")),
            days,
        )


@pytest.fixture
def window(town_client: httpx2.Client, make: Maker) -> Window:
    return Window(town_client, make)


async def test_the_managers_of_a_listing_see_who_looked_and_on_how_many_days(
    window: Window, make: Maker
) -> None:
    place, manager = await window.market.manager("Shown")
    other, looking = await window.market.manager("Looking", "MEMBER")
    third, passing = await window.market.manager("Passing", "OWNER")
    member = await make.person()
    await make.member(member, place)
    listing = window.market.open(manager, place, audience="NETWORK")
    for _ in range(3):
        done(window.look(looking, listing, other), "answer")
    assert window.lookers(manager, listing) == [(other.id, 1)]
    await window.pass_days(listing)
    done(window.look(passing, listing, third), "answer")
    assert window.lookers(manager, listing) == [(third.id, 1), (other.id, 1)]
    done(window.look(looking, listing, other), "answer")
    assert window.lookers(manager, listing) == [(other.id, 2), (third.id, 1)]
    for who in (member, looking, passing):
        assert window.lookers(who, listing) == []
    # Whoever may not know of an organisation is not told that it looked.
    await make.connection.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)", manager.key, third.key
    )
    assert window.lookers(manager, listing) == [(other.id, 2)]


async def test_nothing_is_recorded_of_ones_own_and_of_who_switched_it_off(
    window: Window, make: Maker
) -> None:
    place, manager = await window.market.manager("Own")
    other, looking = await window.market.manager("Discreet")
    listing = window.market.open(manager, place, audience="PUBLIC")
    done(window.look(manager, listing, place), "answer")
    switch = {"input": {"expectedVersion": 1, "showsLooks": False}}
    answer = done(data_of(ask(window.client, SWITCH, switch, token=looking.token)), "answer")
    assert answer["person"]["showsLooks"] is False
    done(window.look(looking, listing, other), "answer")
    assert window.lookers(manager, listing) == []
    assert not await make.connection.fetchval(
        "select count(*) from event where kind = 'LISTING_LOOKED' and organisation_id = $1",
        place.key,
    )


async def test_nobody_looks_in_a_strange_name_or_at_what_they_may_not_see(
    window: Window, make: Maker
) -> None:
    place, manager = await window.market.manager("Closed")
    other, looking = await window.market.manager("Outside")
    stranger = await make.person()
    shut = await make.organisation(
        "Shut", suspended_at=await make.connection.fetchval("select now()")
    )
    await make.member(stranger, shut)
    seen = window.market.open(manager, place, audience="NETWORK")
    hidden = window.market.open(manager, place, audience="ORGANISATION")
    for who, listing, name, expected in (
        (None, seen, other, ("NOT_SIGNED_IN", [])),
        (stranger, seen, other, ("NOT_ALLOWED", ["organisationId"])),
        (stranger, seen, shut, ("NOT_ALLOWED", ["organisationId"])),
        (looking, hidden, other, ("NOT_FOUND", ["listingId"])),
        (
            looking,
            "lst_01a1f850-1400-7c95-b382-219df50cb3c9",
            other,
            ("NOT_FOUND", ["listingId"]),
        ),
    ):
        assert refused(window.look(who, listing, name), "answer") == [expected]
    assert window.lookers(manager, seen) == []


async def test_many_at_once_count_as_one(window: Window, make: Maker) -> None:
    place, manager = await window.market.manager("Busy")
    other, looking = await window.market.manager("Quick")
    listing = window.market.open(manager, place, audience="PUBLIC")
    await asyncio.gather(
        *(asyncio.to_thread(window.look, looking, listing, other) for _ in range(6))
    )
    assert window.lookers(manager, listing) == [(other.id, 1)]
    assert (
        await make.connection.fetchval(
            "select count(*) from event where kind = 'LISTING_LOOKED' and organisation_id = $1",
            place.key,
        )
        == 1
    )


async def test_those_who_manage_it_hear_of_it_and_nobody_else(
    window: Window, make: Maker, town_site: str
) -> None:
    place, manager = await window.market.manager("Heard")
    other, looking = await window.market.manager("Seen")
    member = await make.person()
    await make.member(member, place)
    listing = window.market.open(manager, place, audience="PUBLIC")
    async with (
        listening(town_site, token=manager.token) as client,
        listening(town_site, token=member.token) as elsewhere,
    ):
        id_ = await client.subscribe(LOOKED_AT, {"id": place.id})
        silent = await elsewhere.subscribe(LOOKED_AT, {"id": place.id})
        await client.settled()
        await elsewhere.settled()
        window.look(looking, listing, other)
        looker = {"dayCount": 1, "organisation": {"name": "Seen"}, "listing": {"id": listing}}
        assert (await client.next(id_))["listingLookedAt"] == {"kind": "CREATED", "looker": looker}
        window.look(looking, listing, other)
        await window.pass_days(listing)
        window.look(looking, listing, other)
        assert (await client.next(id_))["listingLookedAt"] == {
            "kind": "UPDATED",
            "looker": {**looker, "dayCount": 2},
        }
        await client.nothing(id_)
        await elsewhere.nothing(silent)
