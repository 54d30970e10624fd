"""Listings found by words among everything else: why, in which order, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.making import Maker
from tests.web.discovering import discover
from tests.web.posting import partners
from tests.web.stalls import NOW, Stall, counts, ids


@pytest.fixture
def stall(make: Maker, town_client: httpx2.Client) -> Stall:
    return Stall(make, town_client)


async def test_a_listing_is_found_by_its_title_and_its_text_the_title_first(
    town_client: httpx2.Client, stall: Stall
) -> None:
    texts = {
        "exact": await stall.put(title="Wijdebeek"),
        "begins": await stall.put(title="Wijdebeek voor een halve dag"),
        "a word": await stall.put(title="Iemand voor wijdebeek"),
        "within": await stall.put(title="De grotewijdebeekse kaart", body="wijdebeek"),
        "together": await stall.put(title="Iets", body="Alles over de Wijdebeek.", language="NL"),
        "apart": await stall.put(title="Wat", body="Wijdebeken zijn dit.", language="NL"),
    }
    found = discover(town_client, "wijdebeek")
    assert [(edge["node"]["id"], edge["score"], edge["matchedBy"]) for edge in found["edges"]] == [
        (texts["exact"], 1000, "NAME"),
        (texts["begins"], 900, "NAME"),
        (texts["a word"], 850, "NAME"),
        (texts["within"], 800, "NAME"),
        (texts["together"], 640, "TEXT"),
        (texts["apart"], 600, "TEXT"),
    ]
    assert counts(found, "kinds") == {"LISTING": 6}
    assert found["edges"][0]["node"] == {
        "__typename": "Listing",
        "id": texts["exact"],
        "title": "Wijdebeek",
    }


async def test_a_listing_stands_between_the_other_kinds_and_in_their_pages(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place = await make.organisation("Torenvalk")
    person = await make.person("Torenvalk van Dam", visibility="PUBLIC")
    listings = [await stall.put(title="Wat", body=f"torenvalk {n}") for n in range(3)]
    whole = discover(town_client, "torenvalk")
    assert ids(whole) == [place.id, person.id, *reversed(listings)]
    assert counts(whole, "kinds") == {"LISTING": 3, "ORGANISATION": 1, "PERSON": 1}
    pages: list[str] = []
    after = None
    for size in (2, 2, 1):
        found = discover(town_client, "torenvalk", first=2, after=after)
        assert len(found["edges"]) == size
        assert found["pageInfo"]["hasNextPage"] is (size == 2)
        pages += ids(found)
        after = found["pageInfo"]["endCursor"]
    assert pages == ids(whole)


async def test_what_matched_is_marked_in_the_description_or_in_the_title_alone(
    town_client: httpx2.Client, stall: Stall
) -> None:
    await stall.put(title="Een steltkluut", body="Met <b>steltkluut</b> & \ue000meer\ue001.")
    bare = await stall.put(title="Nog een steltkluut", body="")
    marked = {
        edge["node"]["id"]: [(part["text"], part["isMatch"]) for part in edge["snippet"]]
        for edge in discover(town_client, "steltkl")["edges"]
    }
    assert marked.pop(bare) == [("Nog een ", False), ("steltkluut", True)]
    assert list(marked.values()) == [
        [("Met <b>", False), ("steltkluut", True), ("</b> & meer.", False)]
    ]


async def test_a_dutch_word_finds_an_english_listing_by_the_skill_that_it_names(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    row = await make.connection.fetchrow(
        "select s.id, nl.label as nl from skill s"
        " join skill_term nl on nl.skill_id = s.id and nl.language = 'NL' and nl.preferred"
        " join skill_term en on en.skill_id = s.id and en.language = 'EN' and en.preferred"
        " where nl.folded !~ ' ' and length(nl.folded) > 10"
        " and similarity(nl.folded, en.folded) < 0.1 order by s.slug desc limit 1"
    )
    assert row is not None
    named = await stall.put(skills=[row["id"]])
    paused = await stall.put(skills=[row["id"]], status="PAUSED")
    over = await stall.put(skills=[row["id"]], expires_at=NOW - timedelta(minutes=1))
    found = discover(town_client, row["nl"].upper(), filter={"kinds": ["LISTING"]}, first=100)
    by = {edge["node"]["id"]: (edge["matchedBy"], edge["score"]) for edge in found["edges"]}
    assert by[named] == ("SKILL", 500)
    assert not {paused, over} & set(by)


async def test_filters_and_facets_count_listings_by_language_and_organisation(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    school = await make.organisation("School", kind="EDUCATION", sector="EDUCATION_RESEARCH")
    dutch = await stall.put(place=school, title="Een kluutkuiken", language="NL")
    english = await stall.put(title="One kluutkuiken")
    found = discover(town_client, "kluutkuiken")
    assert counts(found, "languages") == {"NL": 1, "EN": 1}
    assert counts(found, "sectors") == {"EDUCATION_RESEARCH": 1, "TECHNOLOGY": 1}
    assert counts(found, "organisationKinds") == {"EDUCATION": 1, "COMPANY": 1}
    filters: list[tuple[dict[str, Any], set[str]]] = [
        ({"kinds": ["LISTING"]}, {dutch, english}),
        ({"kinds": ["POST"]}, set()),
        ({"languages": ["NL"]}, {dutch}),
        ({"sectors": ["TECHNOLOGY"]}, {english}),
        ({"organisationKinds": ["EDUCATION"], "languages": ["NL"]}, {dutch}),
        ({"organisationKinds": ["EDUCATION"], "languages": ["EN"]}, set()),
    ]
    for given, expected in filters:
        assert set(ids(discover(town_client, "kluutkuiken", filter=given))) == expected, given


async def test_only_what_is_open_is_found_and_only_by_its_audience(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place, partner = await make.organisation("Roodmus"), await make.organisation("Elders")
    shut = await make.organisation("Dicht", suspended_at=NOW)
    member, ally, stranger, blocked = [await make.person(f"Mus {n}") for n in range(4)]
    await make.member(member, place, "TALENT_MANAGER")
    await make.member(ally, partner)
    await partners(make, place, partner)
    await make.connection.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)", blocked.key, place.key
    )
    open_ = {
        audience: await stall.put(place=place, title="een karekietnest", audience=audience)
        for audience in ("PUBLIC", "NETWORK", "PARTNERS", "ORGANISATION")
    }
    for status in ("DRAFT", "PAUSED", "FILLED", "EXPIRED"):
        await stall.put(place=place, title="een karekietnest", status=status)
    await stall.put(place=place, title="een karekietnest", expires_at=NOW - timedelta(minutes=1))
    await stall.put(place=shut, title="een karekietnest")
    of_signed_in = {open_["PUBLIC"], open_["NETWORK"]}
    for viewer, expected in (
        (None, {open_["PUBLIC"]}),
        (stranger, of_signed_in),
        (ally, of_signed_in | {open_["PARTNERS"]}),
        (member, set(open_.values())),
        (blocked, set[str]()),
    ):
        found = discover(town_client, "karekietnest", viewer)
        assert set(ids(found)) == expected
        assert found["totalCount"] == len(expected)
        assert sum(counts(found, "kinds").values()) == len(expected)
        assert sum(counts(found, "languages").values()) == len(expected)


async def test_a_common_word_is_met_among_the_newest_and_counts_are_flagged(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    first = await stall.put(title="baardmannetje 0")
    await make.connection.execute(
        "insert into listing (organisation_id, kind, form, status, audience, title, language, terms,"
        " opened_at, expires_at) select organisation_id, kind, form, status, audience,"
        " 'baardmannetje ' || n, language, terms, opened_at, expires_at"
        " from listing, generate_series(1, 1200) n where id = $1",
        UUID(first.removeprefix("lst_")),
    )
    found = discover(town_client, "baardmannetje", first=3)
    assert found["facets"]["isCapped"] is True
    assert found["totalCount"] == 200
    assert [edge["node"]["title"] for edge in found["edges"]] == [
        f"baardmannetje {n}" for n in (1200, 1199, 1198)
    ]
    await make.connection.execute("delete from listing where title like 'baardmannetje %'")
