"""The market as a client searches it: what is found, in which order, how it is counted, and by whom."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.making import Maker, Place
from tests.web.serving import ask, errors_of
from tests.web.stalls import MARKET, NOW, Stall, counts, ids


@pytest.fixture
def stall(make: Maker, town_client: httpx2.Client) -> Stall:
    return Stall(make, town_client)


def kilometres(one: Any, other: Any) -> float:
    """Give how far two places are apart."""
    north = radians(one["latitude"] - other["latitude"])
    east = radians(one["longitude"] - other["longitude"])
    shrink = cos(radians(one["latitude"])) * cos(radians(other["latitude"]))
    return 2 * 6371.0 * asin(sqrt(sin(north / 2) ** 2 + shrink * sin(east / 2) ** 2))


@pytest.mark.parametrize(
    ("columns", "filter_", "is_found"),
    [
        pytest.param({"kind": "OFFER"}, {"kinds": ["OFFER"]}, True, id="kind"),
        pytest.param({"kind": "OFFER"}, {"kinds": ["REQUEST"]}, False, id="other kind"),
        pytest.param({}, {"kinds": []}, False, id="no kind"),
        pytest.param({}, {"kinds": None, "forms": None, "placeId": None}, True, id="nulls"),
        pytest.param({"form": "TEAM"}, {"forms": ["ANSWER", "TEAM"]}, True, id="form"),
        pytest.param({"form": "TEAM"}, {"forms": ["ANSWER"]}, False, id="other form"),
        pytest.param({"terms": "RATE"}, {"terms": ["RATE"]}, True, id="terms"),
        pytest.param({"terms": "RATE"}, {"terms": ["FREE"]}, False, id="other terms"),
        pytest.param({}, {"audiences": ["PUBLIC"]}, True, id="audience"),
        pytest.param({}, {"audiences": ["NETWORK"]}, False, id="other audience"),
        pytest.param({}, {"sectors": ["TECHNOLOGY"]}, True, id="sector"),
        pytest.param({}, {"sectors": ["TRADE_HOSPITALITY"]}, False, id="other sector"),
        pytest.param({"languages": ["NL", "FY"]}, {"languages": ["FY"]}, True, id="language"),
        pytest.param({"languages": ["NL"]}, {"languages": ["FY"]}, False, id="other language"),
        pytest.param({"languages": []}, {"languages": ["FY"]}, True, id="any language"),
        pytest.param({"hours_per_week": 8}, {"minimumHours": 8}, True, id="enough hours"),
        pytest.param({"hours_per_week": 8}, {"minimumHours": 9}, False, id="too few hours"),
        pytest.param({"hours_per_week": 8}, {"maximumHours": 8}, True, id="not too many hours"),
        pytest.param({"hours_per_week": 8}, {"maximumHours": 7}, False, id="too many hours"),
        pytest.param({}, {"minimumHours": 5, "maximumHours": 7}, True, id="hours are open"),
        pytest.param({"ends_on": date(2027, 3, 1)}, {"from": "2027-03-01"}, True, id="just"),
        pytest.param({"ends_on": date(2027, 3, 1)}, {"from": "2027-03-02"}, False, id="over"),
        pytest.param(
            {"ends_on": date(2027, 3, 1), "slack_days": 1},
            {"from": "2027-03-02"},
            True,
            id="over but for its slack",
        ),
        pytest.param({"starts_on": date(2027, 3, 1)}, {"until": "2027-03-01"}, True, id="begun"),
        pytest.param({"starts_on": date(2027, 3, 1)}, {"until": "2027-02-28"}, False, id="later"),
        pytest.param(
            {"starts_on": date(2027, 3, 1), "slack_days": 1},
            {"until": "2027-02-28"},
            True,
            id="later but for its slack",
        ),
        pytest.param({}, {"from": "2027-01-01", "until": "2027-02-01"}, True, id="no period"),
        pytest.param({"form": "TEAM"}, {"forms": ["TEAM"], "kinds": ["REQUEST"]}, False, id="both"),
    ],
)
async def test_each_condition_of_the_filter_counts(
    stall: Stall, columns: dict[str, Any], filter_: dict[str, Any], *, is_found: bool
) -> None:
    key = await stall.put(**columns)
    expected = [key] if is_found else []
    for order in ("FIT", "NEWEST", "ENDING_SOON"):
        found = stall.search(filter=filter_, order=order)
        assert ids(found) == expected
        assert found["totalCount"] == len(expected)


async def test_only_some_organisations(stall: Stall, make: Maker) -> None:
    mine = await stall.put()
    theirs, others = await make.organisation("Theirs"), await make.organisation("Others")
    their = await stall.put(place=theirs)
    await stall.put(place=others)
    assert stall.place is not None
    wanted = {"organisations": [stall.place.id, theirs.id]}
    assert ids(stall.search_all(filter=wanted)) == [their, mine]


async def test_near_a_place_as_the_crow_flies(stall: Stall, make: Maker) -> None:
    slugs = ("utrecht", "de-bilt", "zeist", "amersfoort", "amsterdam", "maastricht")
    keys = {slug: await stall.put(at=slug) for slug in slugs}
    remote = await stall.put(at="groningen", is_remote=True)
    nowhere = await stall.put()
    rows = {row["slug"]: row for row in await make.connection.fetch("select * from place")}
    utrecht = await stall.spot("utrecht")
    for distance in (0, 5, 10, 25, 50, 120, None):
        near = {
            keys[slug]
            for slug in slugs
            if kilometres(rows["utrecht"], rows[slug]) <= (50 if distance is None else distance)
        }
        for include in (None, True, False):
            found = stall.search(
                filter={"placeId": utrecht, "distanceKm": distance, "includeRemote": include}
            )
            more = set() if include is False else {remote, nowhere}
            assert set(ids(found)) == near | more, (distance, include)


async def test_no_place_that_is_known_is_near_to_nothing(stall: Stall) -> None:
    await stall.put(at="utrecht")
    unknown = "plc_01a1f850-1400-7c95-b382-219df50cb3c9"
    assert ids(stall.search(filter={"placeId": unknown, "includeRemote": False})) == []


async def test_a_listing_fits_by_the_closest_skill_that_it_names_on_average(
    stall: Stall, make: Maker
) -> None:
    one = await stall.skill("project-management")
    row = await make.connection.fetchrow(
        """
        select s.id as own, r.target_id as broader, other.id as neighbour
        from skill s join skill_relation r on r.source_id = s.id and r.kind = 'BROADER'
        join skill other on other.cluster_id = s.cluster_id and other.id <> s.id
        where s.id <> $1 and r.target_id <> $1
          and not exists (select from skill_relation x where other.id in (x.source_id, x.target_id)
                          and s.id in (x.source_id, x.target_id))
          and (select cluster_id from skill where id = $1) not in (
            select cluster_id from skill where id in (s.id, r.target_id))
          and not exists (select from skill_relation x where $1 in (x.source_id, x.target_id)
                          and (s.id in (x.source_id, x.target_id)
                               or r.target_id in (x.source_id, x.target_id)
                               or other.id in (x.source_id, x.target_id)))
        order by s.slug, other.slug limit 1
        """,
        one,
    )
    assert row is not None
    listings = {
        "exact": await stall.put(skills=[row["own"]]),
        "broader": await stall.put(skills=[row["broader"]]),
        "neighbour": await stall.put(skills=[row["neighbour"]]),
        "several": await stall.put(skills=[row["neighbour"], row["broader"]]),
        "both": await stall.put(skills=[row["own"], one]),
        "other": await stall.put(skills=[one]),
        "none": await stall.put(),
    }
    found = stall.search(filter={"skills": [f"skl_{row['own']}"]})
    fits = {edge["node"]["id"]: edge["fit"] for edge in found["edges"]}
    assert fits == {
        listings["both"]: 1.0,
        listings["exact"]: 1.0,
        listings["several"]: 0.8,
        listings["broader"]: 0.8,
        listings["neighbour"]: 0.5,
    }
    assert list(fits) == [listings[n] for n in ("both", "exact", "several", "broader", "neighbour")]
    # Of two that are asked for, twice the same counts once.
    asked = [f"skl_{key}" for key in (row["own"], one, one)]
    found = stall.search(filter={"skills": asked})
    assert {edge["node"]["id"]: edge["fit"] for edge in found["edges"]} == {
        listings["both"]: 1.0,
        listings["exact"]: 0.5,
        listings["other"]: 0.5,
        listings["several"]: 0.4,
        listings["broader"]: 0.4,
        listings["neighbour"]: 0.25,
    }
    assert ids(found)[:3] == [listings["both"], listings["other"], listings["exact"]]
    # In another order they have the same fits.
    newest = stall.search(filter={"skills": [f"skl_{row['own']}"]}, order="NEWEST")
    assert {edge["node"]["id"]: edge["fit"] for edge in newest["edges"]} == fits
    assert ids(newest) == sorted(fits, reverse=True)
    assert ids(stall.search(filter={"skills": []})) == []
    assert {edge["fit"] for edge in stall.search()["edges"]} == {None}


@pytest.mark.parametrize(
    ("title", "body", "language", "query"),
    [
        pytest.param("Klompenmakers samen", "", "NL", "klompenmaker", id="Dutch plural"),
        pytest.param("Help", "They were clogmaking", "EN", "clogmake", id="English stem"),
        pytest.param("Wij geklompzaagd", "", "NL", "geklompz", id="a beginning"),
        pytest.param("Één café", "clogonderzoek", "NL", "clogonderzoek cafe", id="accents"),
        pytest.param("Clogplan: fase 12", "", "NL", "CLOGPLAN 12", id="capitals and numbers"),
    ],
)
async def test_words_are_found_in_both_languages(
    stall: Stall, title: str, body: str, language: str, query: str
) -> None:
    key = await stall.put(title=title, body=body, language=language)
    await stall.put(title="Something else", body="Nothing of the sort.")
    for order in ("FIT", "NEWEST", "ENDING_SOON"):
        assert ids(stall.search(query=query, order=order)) == [key]


async def test_a_title_comes_before_a_description_and_that_before_a_skill_that_is_meant(
    stall: Stall,
) -> None:
    skill = await stall.skill("project-management")
    title = await stall.put(title="Projectmanagement voor beginners", language="NL")
    body = await stall.put(title="Iets", body="Over projectmanagement.", language="NL")
    meant = await stall.put(title="Somebody who leads", skills=[skill])
    later = await stall.put(title="Iets", body="Weer projectmanagement.", language="NL")
    await stall.put(title="Geheel iets anders", language="NL")
    assert ids(stall.search(query="projectmanagement")) == [title, later, body, meant]
    assert ids(stall.search(query="projectmanagement", order="NEWEST")) == [
        later,
        meant,
        body,
        title,
    ]
    # The skills that are asked for come first, then the text.
    both = await stall.put(title="Iets", body="Over projectmanagement.", skills=[skill])
    found = stall.search(query="projectmanagement", filter={"skills": [f"skl_{skill}"]})
    assert ids(found) == [both, meant]
    assert {edge["fit"] for edge in found["edges"]} == {1.0}


async def test_what_ends_first_comes_first(stall: Stall) -> None:
    keys = [await stall.put(expires_at=NOW + timedelta(days=days)) for days in (9, 3, 6, 3)]
    assert ids(stall.search(order="ENDING_SOON")) == [keys[1], keys[3], keys[2], keys[0]]
    assert ids(stall.search(order="NEWEST")) == keys[::-1]
    # Nothing is asked that one could fit better than another.
    assert ids(stall.search(order="FIT")) == keys[::-1]


@pytest.mark.parametrize("order", ["FIT", "NEWEST", "ENDING_SOON"])
@pytest.mark.parametrize("query", ["", "reigerbos"])
@pytest.mark.parametrize("with_skills", [False, True], ids=["any skill", "skills"])
async def test_pages_give_everything_once_while_rows_come_in(
    stall: Stall, order: str, query: str, *, with_skills: bool
) -> None:
    skill = await stall.skill("project-management")
    near = await stall.make.connection.fetchval(
        "select o.id from skill s join skill o using (cluster_id) where s.id = $1 and o.id <> $1"
        " order by o.slug limit 1",
        skill,
    )

    async def put(number: int) -> str:
        return await stall.put(
            title=f"Reigerbos {number}" if number % 3 else "Iets",
            body="reigerbos",
            language="NL",
            skills=[near if number % 2 else skill],
            expires_at=NOW + timedelta(days=10 + number % 4),
        )

    for number in range(11):
        await put(number)
    given: dict[str, Any] = {"order": order, "query": query}
    if with_skills:
        given["filter"] = {"skills": [f"skl_{skill}"]}
    whole = ids(stall.search(**given))
    assert len(whole) == 11
    pages: list[str] = []
    after: str | None = None
    later: set[str] = set()
    while True:
        found = stall.search(**given, first=4, after=after)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
        pages += ids(found)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        later.add(await put(12 + len(later)))
    assert [key for key in pages if key not in later] == whole
    assert len(set(pages)) == len(pages)


async def test_facets_equal_a_recount(stall: Stall, make: Maker) -> None:
    connection = make.connection
    slugs = ("utrecht", "zeist", "amsterdam", "maastricht", None)
    skills = [
        row["id"] for row in await connection.fetch("select id from skill order by slug limit 24")
    ]
    shop = await make.organisation("Shop", sector="TRADE_HOSPITALITY")
    school = await make.organisation("School", sector="EDUCATION_RESEARCH")
    forms = ("ANSWER", "TEAM", "PROJECT")
    keys = {
        await stall.put(
            place=(shop, school, school)[number % 3],
            kind=("OFFER", "REQUEST")[number % 2],
            form=forms[number * 7 % 3],
            terms=("FREE", "RATE", "RECIPROCAL", "FREE")[number % 4],
            at=slugs[number % 5],
            title="meerkoet",
            skills=skills[number % 7 : number % 7 + number % 19],
        )
        for number in range(40)
    }
    both = {"organisations": [shop.id, school.id]}
    for given in (
        {},
        {"kinds": ["OFFER"]},
        {"forms": ["TEAM", "ANSWER"], "terms": ["FREE"]},
        {"sectors": ["TRADE_HOSPITALITY"]},
        {"skills": [f"skl_{skills[3]}"]},
    ):
        for query in ("", "meerkoet"):
            found = stall.search_all(query=query, filter={**both, **given})
            assert set(ids(found)) <= keys
            assert found["totalCount"] == len(found["edges"]) > 0
            rows = await connection.fetch(
                """
                select l.kind, l.form, l.terms, o.sector, p.province,
                       array(select skill_id from listing_skill where listing_id = l.id) as skills
                from listing l join organisation o on o.id = l.organisation_id
                left join place p on p.id = l.place_id where l.id = any($1)
                """,
                [UUID(key.removeprefix("lst_")) for key in ids(found)],
            )
            for facet, column in (
                ("kinds", "kind"),
                ("forms", "form"),
                ("terms", "terms"),
                ("sectors", "sector"),
                ("provinces", "province"),
            ):
                expected = Counter(row[column] for row in rows if row[column])
                assert counts(found, facet) == expected, (given, facet)
                shown = [row["count"] for row in found["facets"][facet]]
                assert shown == sorted(shown, reverse=True)
            named = Counter(key for row in rows for key in row["skills"])
            first = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
            assert [(row["skill"]["id"], row["count"]) for row in found["facets"]["skills"]] == [
                (f"skl_{key}", count) for key, count in first
            ]
            assert found["facets"]["isCapped"] is False


@pytest.mark.parametrize("query", ["", "woudaapje"])
async def test_a_long_list_is_bounded_and_says_so(stall: Stall, make: Maker, query: str) -> None:
    place = await make.organisation("Woudaap")
    await make.connection.execute(
        "insert into listing (organisation_id, kind, form, status, audience, title, language, terms,"
        " expires_at) select $1, 'OFFER', 'PROJECT', 'OPEN', 'PUBLIC', 'Woudaapje ' || n, 'NL',"
        " 'FREE', now() + interval '1 day' from generate_series(1, 2100) n",
        place.key,
    )
    given: dict[str, Any] = {"query": query, "filter": {"organisations": [place.id]}, "first": 3}
    found = stall.search_all(**given)
    assert found["totalCount"] == 2_000
    assert counts(found, "kinds") == {"OFFER": 2_000}
    assert found["facets"]["isCapped"] is True
    assert [edge["node"]["title"] for edge in found["edges"]] == [
        f"Woudaapje {number}" for number in (2100, 2099, 2098)
    ]
    await make.connection.execute("delete from listing where organisation_id = $1", place.key)


async def test_nothing_is_found_or_counted_that_may_not_be_seen(stall: Stall, make: Maker) -> None:
    member, partner, stranger, manager, blocked, moderator = [
        await make.person(f"Who {number}", is_moderator=number == 5) for number in range(6)
    ]
    place, friend = await make.organisation("Waterral"), await make.organisation("Friend")
    shut = await make.organisation("Shut", suspended_at=NOW)
    away = await make.organisation("Away")
    await make.member(member, place)
    await make.member(manager, place, "TALENT_MANAGER")
    await make.member(partner, friend)
    await make.member(member, shut)
    await make.connection.execute(
        "insert into partnership (requester_id, addressee_id, status) values ($1, $2, 'ACTIVE')",
        place.key,
        friend.key,
    )
    await make.connection.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)", blocked.key, away.key
    )
    skill = await stall.skill("project-management")

    async def put(where: Place, **columns: Any) -> str:
        return await stall.put(place=where, title="waterral", skills=[skill], **columns)

    by_audience = {
        audience: await put(place, audience=audience)
        for audience in ("PUBLIC", "NETWORK", "PARTNERS", "ORGANISATION")
    }
    for status in ("DRAFT", "PAUSED", "FILLED", "EXPIRED"):
        await put(place, status=status)
    await put(place, status="CLOSED", close_reason="OTHER")
    # Open in name only: the job has not come by yet.
    await put(place, expires_at=NOW - timedelta(seconds=1))
    of_shut, of_away = await put(shut), await put(away)
    everybody = {by_audience["PUBLIC"], of_away}
    network = everybody | {by_audience["NETWORK"]}
    of_members = network | {by_audience["PARTNERS"], by_audience["ORGANISATION"]}
    all_of_them = {"organisations": [place.id, shut.id, away.id]}
    for viewer, expected in (
        (None, everybody),
        (stranger, network),
        (partner, network | {by_audience["PARTNERS"]}),
        (manager, of_members),
        (member, of_members | {of_shut}),
        (blocked, network - {of_away}),
        (moderator, network | {of_shut}),
    ):
        searches: tuple[dict[str, Any], ...] = (
            {},
            {"query": "waterral"},
            {"filter": {"skills": [f"skl_{skill}"]}},
            {"query": "waterr", "filter": {"skills": [f"skl_{skill}"]}},
        )
        for given in searches:
            for order in ("FIT", "NEWEST", "ENDING_SOON"):
                asked = {**given, "filter": {**all_of_them, **given.get("filter", {})}}
                found = stall.search_all(viewer, **asked, order=order)
                assert set(ids(found)) == expected
                assert found["totalCount"] == len(expected)
                for facet in ("kinds", "forms", "terms", "sectors"):
                    assert sum(counts(found, facet).values()) == len(expected)
                assert [row["count"] for row in found["facets"]["skills"]] == [len(expected)]


@pytest.mark.parametrize("query", ["!!! ... ???", "\\", "& | ! <-> :*", "🦊", "%_"])
async def test_a_text_without_a_word_finds_nothing(stall: Stall, query: str) -> None:
    await stall.put()
    found = stall.search(query=query)
    assert (found["edges"], found["totalCount"]) == ([], 0)
    assert found["pageInfo"]["endCursor"] is None
    assert found["facets"]["skills"] == []


@pytest.mark.parametrize("query", ["", "   ", None])
async def test_an_empty_text_restricts_nothing(stall: Stall, query: str | None) -> None:
    key = await stall.put()
    assert ids(stall.search(query=query)) == [key]


@pytest.mark.parametrize("query", ["a:*", "a & b", "'a' <-> b", "a\0b", "x" * 200, "it''s", "%a%"])
async def test_odd_words_are_no_fault(stall: Stall, query: str) -> None:
    stall.search(query=query, first=3)


KEY = "01a1f850-1400-7c95-b382-219df50cb3c9"


@pytest.mark.parametrize(
    ("given", "code", "part"),
    [
        pytest.param({"query": "x" * 201}, "INVALID_ARGUMENT", "query", id="too long"),
        pytest.param({"first": 0}, "INVALID_ARGUMENT", "first is 0", id="no page"),
        pytest.param({"first": 101}, "INVALID_ARGUMENT", "first is 101", id="too large a page"),
        pytest.param({"after": "nonsense"}, "INVALID_CURSOR", "nonsense", id="no cursor"),
        pytest.param({"after": "[]"}, "INVALID_CURSOR", "[]", id="empty cursor"),
        pytest.param(
            {"after": f'["NEWEST","0","{KEY}"]'}, "INVALID_CURSOR", "order", id="of another order"
        ),
        pytest.param({"after": f'["FIT","-1","{KEY}"]'}, "INVALID_CURSOR", "order", id="no mark"),
        pytest.param({"after": '["FIT","1",2]'}, "INVALID_CURSOR", "order", id="no key"),
        pytest.param(
            {"filter": {"kinds": ["OFFER"] * 101}}, "INVALID_ARGUMENT", "filter.kinds", id="list"
        ),
        pytest.param(
            {"filter": {"skills": [f"skl_{KEY}"] * 13}},
            "INVALID_ARGUMENT",
            "filter.skills has 13",
            id="too many skills",
        ),
        pytest.param(
            {"filter": {"skills": [f"org_{KEY}"]}}, "INVALID_ID", "skl_", id="another type's id"
        ),
        pytest.param({"filter": {"organisations": ["x"]}}, "INVALID_ID", "no id", id="no id"),
        pytest.param({"filter": {"placeId": f"skl_{KEY}"}}, "INVALID_ID", "plc_", id="no place"),
        pytest.param(
            {"filter": {"distanceKm": 10}}, "INVALID_ARGUMENT", "placeId", id="near nothing"
        ),
        pytest.param(
            {"filter": {"placeId": f"plc_{KEY}", "distanceKm": 401}},
            "INVALID_ARGUMENT",
            "filter.distanceKm is 401",
            id="too far",
        ),
        pytest.param(
            {"filter": {"minimumHours": 0}}, "INVALID_ARGUMENT", "filter.minimumHours", id="hours"
        ),
        pytest.param(
            {"filter": {"minimumHours": 9, "maximumHours": 8}},
            "INVALID_ARGUMENT",
            "filter.maximumHours is 8",
            id="hours the wrong way round",
        ),
        pytest.param(
            {"filter": {"from": "2027-02-01", "until": "2027-01-31"}},
            "INVALID_ARGUMENT",
            "filter.until",
            id="period the wrong way round",
        ),
    ],
)
async def test_bad_input_is_refused(
    stall: Stall, given: dict[str, Any], code: str, part: str
) -> None:
    [error] = errors_of(ask(stall.client, MARKET, given))
    assert error["extensions"]["code"] == code
    assert part in error["message"]


async def test_an_unknown_token_is_refused(stall: Stall) -> None:
    for query in ("word", "", "!"):
        response = ask(stall.client, MARKET, {"query": query}, token="tc_nobody")  # noqa: S106
        assert response.status_code == 401
        assert [e["extensions"]["code"] for e in errors_of(response)] == ["UNAUTHENTICATED"]
