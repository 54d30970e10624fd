"""Finding by words, as a client does it: what is found, why, in which order, and by whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.making import Maker, Place, Someone
from tests.web.discovering import DISCOVER, discover
from tests.web.serving import ask, data_of, errors_of
from tests.web.stalls import counts, ids


class Town:
    """Makes what is looked for, under words that nothing else has."""

    def __init__(self, make: Maker) -> None:
        self.make = make

    async def post(
        self,
        body: str,
        *,
        author: Someone,
        place: Place,
        language: str = "EN",
        audience: str = "PUBLIC",
    ) -> str:
        """Make a post."""
        key = await self.make.connection.fetchval(
            "insert into post (organisation_id, author_id, body, language, audience)"
            " values ($1, $2, $3, $4, $5) returning id",
            place.key,
            author.key,
            body,
            language,
            audience,
        )
        return f"pst_{key}"

    async def skill(self, slug: str) -> UUID:
        """Give a skill of the taxonomy."""
        key: UUID = await self.make.connection.fetchval(
            "select id from skill where slug = $1", slug
        )
        return key

    async def tag(self, post: str, skill: UUID) -> None:
        """Say what a post is about."""
        await self.make.connection.execute(
            "insert into post_skill (post_id, skill_id) values ($1, $2)",
            UUID(post.removeprefix("pst_")),
            skill,
        )


@pytest.fixture
def town_hall(make: Maker) -> Town:
    return Town(make)


async def test_one_search_finds_every_kind_the_best_first(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    exact = await make.organisation("Zwaluwstaart")
    longer = await make.organisation("Zwaluwstaart Techniek")
    about = await make.organisation("Elders", about="Wij maken een zwaluwstaart.")
    person = await make.person("Zwaluwstaart van Dam", visibility="PUBLIC")
    post = await town_hall.post("Over de zwaluwstaart.", author=person, place=about, language="NL")
    found = discover(town_client, "zwaluwstaart")
    assert [(edge["node"]["id"], edge["matchedBy"]) for edge in found["edges"]] == [
        (exact.id, "NAME"),
        (person.id, "NAME"),
        (longer.id, "NAME"),
        (post, "TEXT"),
        (about.id, "TEXT"),
    ]
    assert [edge["score"] for edge in found["edges"]] == [1000, 900, 900, 640, 600]
    assert found["totalCount"] == 5
    assert counts(found, "kinds") == {"ORGANISATION": 3, "PERSON": 1, "POST": 1}
    assert found["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("body", "language", "query"),
    [
        pytest.param("De klompenmakers werken samen", "NL", "klompenmaker", id="Dutch plural"),
        pytest.param("Wij hebben geklompzaagd en gezaagd", "NL", "geklompz", id="a beginning"),
        pytest.param("They were clogmaking yesterday", "EN", "clogmake", id="English stem"),
        pytest.param("Ons clogonderzoek in één café", "NL", "clogonderzoek cafe een", id="accents"),
        pytest.param("Clogarchitect enquete", "EN", "clogarchitect enquête", id="accents asked"),
        pytest.param("clogplan: fase 12", "NL", "CLOGPLAN 12", id="capitals and numbers"),
        pytest.param("clogteam is een e-mailgroep", "NL", "clogteam e-mail", id="a hyphen"),
    ],
)
async def test_words_are_found_in_both_languages(
    town_client: httpx2.Client,
    make: Maker,
    town_hall: Town,
    body: str,
    language: str,
    query: str,
) -> None:
    person, place = await make.person(), await make.organisation()
    post = await town_hall.post(body, author=person, place=place, language=language)
    assert ids(discover(town_client, query)) == [post]


async def test_all_words_count(town_client: httpx2.Client, make: Maker, town_hall: Town) -> None:
    person, place = await make.person(), await make.organisation()
    both = await town_hall.post("grutto en kievitsei", author=person, place=place, language="NL")
    await town_hall.post("alleen een grutto", author=person, place=place, language="NL")
    assert ids(discover(town_client, "kievitsei grutto")) == [both]
    assert ids(discover(town_client, "grutto kiev")) == [both]
    # Only the last word may be a beginning.
    assert ids(discover(town_client, "kiev grutto")) == []


async def test_a_name_that_is_misspelled_is_found(town_client: httpx2.Client, make: Maker) -> None:
    person = await make.person("Willemijn Oosterbroek", visibility="PUBLIC")
    place = await make.organisation("Waterlandse Bierbrouwerij")
    for query, expected in (
        ("willemein oosterbroek", person.id),
        ("Waterlandsche bierbrouwerei", place.id),
    ):
        [edge] = discover(town_client, query)["edges"]
        assert (edge["node"]["id"], edge["matchedBy"]) == (expected, "SPELLING")
        assert 300 < edge["score"] <= 400


async def test_a_dutch_word_finds_what_is_english_by_the_skill_that_it_means(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    row = await make.connection.fetchrow(
        "select s.id, s.slug, nl.label as nl, en.label as en from skill s"
        " join skill_term nl on nl.skill_id = s.id and nl.language = 'NL' and nl.preferred"
        " join skill_term en on en.skill_id = s.id and en.language = 'EN' and en.preferred"
        " where nl.folded !~ ' ' and length(nl.folded) > 10"
        " and similarity(nl.folded, en.folded) < 0.1 order by s.slug limit 1"
    )
    assert row is not None
    person, place = await make.person("Expert", visibility="PUBLIC"), await make.organisation()
    post = await town_hall.post("An offer without that word.", author=person, place=place)
    await town_hall.tag(post, row["id"])
    await make.connection.execute(
        "insert into person_skill (person_id, skill_id, level) values ($1, $2, 5)",
        person.key,
        row["id"],
    )
    await make.connection.execute(
        "insert into organisation_strength (organisation_id, skill_id) values ($1, $2)",
        place.key,
        row["id"],
    )
    found = discover(town_client, row["nl"].upper())
    by = {edge["node"]["id"]: edge["matchedBy"] for edge in found["edges"]}
    assert found["edges"][0]["node"] == {
        "__typename": "Skill",
        "id": f"skl_{row['id']}",
        "slug": row["slug"],
    }
    assert {by[key] for key in (post, person.id, place.id)} == {"SKILL"}
    # And the other way round, spelled nearly so.
    again = ids(discover(town_client, row["en"][:-1] + "x", first=100))
    assert {post, person.id, place.id} <= set(again)


async def test_a_snippet_is_plain_text_in_pieces(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    person, place = await make.person(), await make.organisation()
    body = "See <b>kwikstaart</b> & <script>alert('kwikstaart')</script> \ue000here\ue001 too"
    post = await town_hall.post(body, author=person, place=place)
    [edge] = discover(town_client, "kwikst")["edges"]
    assert edge["node"]["id"] == post
    assert edge["node"]["body"] == body
    pieces = edge["snippet"]
    text = "".join(piece["text"] for piece in pieces)
    assert text == body.replace("\ue000", "").replace("\ue001", "")
    assert [piece["text"] for piece in pieces if piece["isMatch"]] == ["kwikstaart"]


async def test_a_long_text_is_cut_around_what_was_looked_for(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    person, place = await make.person(), await make.organisation()
    body = (
        "Iets anders. " * 200 + "Hier staat kluizenaarsgrot en verder niets. " + "Nog meer. " * 99
    )
    await town_hall.post(body, author=person, place=place, language="NL")
    [edge] = discover(town_client, "kluizenaarsgrot")["edges"]
    text = "".join(piece["text"] for piece in edge["snippet"])
    assert "kluizenaarsgrot" in text
    assert len(text) < 400


async def test_facets_count_what_a_filter_then_finds(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    person = await make.person()
    school = await make.organisation("Fuutschool", kind="EDUCATION", sector="EDUCATION_RESEARCH")
    shop = await make.organisation("Fuutwinkel", sector="TRADE_HOSPITALITY")
    dutch = [
        await town_hall.post(f"fuut {n}", author=person, place=school, language="NL")
        for n in range(3)
    ]
    english = await town_hall.post("a fuut", author=person, place=shop)
    found = discover(town_client, "fuut")
    assert found["facets"]["isCapped"] is False
    assert counts(found, "kinds") == {"POST": 4, "ORGANISATION": 2}
    assert counts(found, "languages") == {"NL": 3, "EN": 1}
    assert counts(found, "sectors") == {"EDUCATION_RESEARCH": 4, "TRADE_HOSPITALITY": 2}
    assert counts(found, "organisationKinds") == {"EDUCATION": 4, "COMPANY": 2}
    for given, expected in (
        ({"kinds": ["ORGANISATION"]}, {school.id, shop.id}),
        ({"languages": ["NL"]}, set(dutch)),
        ({"sectors": ["TRADE_HOSPITALITY"]}, {shop.id, english}),
        ({"organisationKinds": ["EDUCATION"]}, {school.id, *dutch}),
        ({"organisationKinds": ["EDUCATION"], "kinds": ["POST"]}, set(dutch)),
        ({"languages": ["EN"], "organisationKinds": ["EDUCATION"]}, set()),
        ({"kinds": None, "languages": None}, {school.id, shop.id, english, *dutch}),
        ({"kinds": []}, set()),
    ):
        assert set(ids(discover(town_client, "fuut", filter=given))) == expected, given
    # The kinds that are left out are counted all the same, to be chosen from.
    narrowed = discover(town_client, "fuut", filter={"kinds": ["ORGANISATION"]})
    assert counts(narrowed, "kinds") == {"POST": 4, "ORGANISATION": 2}
    assert narrowed["totalCount"] == 2


async def test_pages_give_everything_once_in_one_order(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    person, place = await make.person(), await make.organisation("Purperreiger")
    posts = [
        await town_hall.post(f"purperreiger {n}", author=person, place=place) for n in range(11)
    ]
    whole = ids(discover(town_client, "purperreiger", first=100))
    assert whole == [place.id, *reversed(posts)]
    pages: list[str] = []
    after = None
    for size in (5, 5, 2):
        found = discover(town_client, "purperreiger", first=5, after=after)
        assert len(found["edges"]) == size
        assert found["pageInfo"]["hasNextPage"] is (size == 5)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
        assert found["totalCount"] == 12
        pages += ids(found)
        after = found["pageInfo"]["endCursor"]
        # What comes in between does not move what lies further down.
        await town_hall.post("purperreiger later", author=person, place=place)
        whole_after = discover(town_client, "purperreiger", first=5, after=after)
        assert not set(ids(whole_after)) & set(pages)
        await make.connection.execute("delete from post where body = 'purperreiger later'")
    assert pages == whole


async def test_a_common_word_is_bounded_and_says_so(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, place = await make.person(), await make.organisation()
    await make.connection.execute(
        "insert into post (organisation_id, author_id, body, language, audience)"
        " select $1, $2, 'aalscholver ' || n, 'NL', 'PUBLIC' from generate_series(1, 350) n",
        place.key,
        person.key,
    )
    found = discover(town_client, "aalscholver", first=3)
    assert found["facets"]["isCapped"] is True
    assert found["totalCount"] == 200
    assert counts(found, "kinds") == {"POST": 200}
    assert [edge["node"]["body"] for edge in found["edges"]] == [
        f"aalscholver {n}" for n in (350, 349, 348)
    ]


async def test_nothing_is_found_or_counted_that_may_not_be_seen(
    town_client: httpx2.Client, make: Maker, town_hall: Town
) -> None:
    author, member, stranger, blocked = [await make.person(f"Who {n}") for n in range(4)]
    place = await make.organisation("Roerdomp Advies")
    shut = await make.organisation(
        "Roerdomp Dicht", suspended_at=await make.connection.fetchval("select now()")
    )
    for someone in (author, member):
        await make.member(someone, place)
    await make.member(author, shut)
    posts = {
        audience: await town_hall.post(
            "een roerdomp", author=author, place=place, audience=audience
        )
        for audience in ("PUBLIC", "NETWORK", "FOLLOWERS", "ORGANISATION")
    }
    hidden = await town_hall.post("een roerdomp", author=author, place=place)
    await make.connection.execute(
        "update post set hidden_at = now() where id = $1", UUID(hidden.removeprefix("pst_"))
    )
    dicht = await town_hall.post("een roerdomp", author=author, place=shut)
    names = {
        visibility: await make.person(f"Roerdomp {visibility.title()}", visibility=visibility)
        for visibility in ("PUBLIC", "NETWORK", "COLLEAGUES")
    }
    await make.member(names["COLLEAGUES"], place)
    gone = await make.person("Roerdomp Weg", visibility="PUBLIC")
    await make.connection.execute(
        "update person set deactivated_at = now() where id = $1", gone.key
    )
    await make.connection.execute(
        "insert into block (person_id, blocked_person_id) values ($1, $2)",
        blocked.key,
        author.key,
    )
    await make.connection.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)", stranger.key, shut.key
    )
    of_all = {place.id, posts["PUBLIC"], names["PUBLIC"].id}
    of_signed_in = of_all | {posts["NETWORK"], names["NETWORK"].id}
    of_members = of_signed_in | {
        posts["FOLLOWERS"],
        posts["ORGANISATION"],
        names["COLLEAGUES"].id,
    }
    for viewer, expected in (
        (None, of_all),
        (stranger, of_signed_in),
        (member, of_members),
        (author, of_members | {hidden, shut.id, dicht}),
        (blocked, of_signed_in - {posts["PUBLIC"], posts["NETWORK"]}),
    ):
        found = discover(town_client, "roerdomp", viewer)
        assert set(ids(found)) == expected
        assert found["totalCount"] == len(expected)
        assert sum(counts(found, "kinds").values()) == len(expected)
        seen_posts = [key for key in expected if key.startswith("pst_")]
        assert sum(counts(found, "languages").values()) == len(seen_posts)


@pytest.mark.parametrize(
    "query", ["", "   ", "!!! ... ???", "\\", "'", "& | ! <-> :*", "🦊", "\u202e", "%_"]
)
async def test_without_a_word_nothing_is_found(town_client: httpx2.Client, query: str) -> None:
    found = discover(town_client, query)
    assert (found["edges"], found["totalCount"]) == ([], 0)
    assert found["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize(
    "query",
    [
        "a:*",
        "a & b",
        "a | !b",
        "'a' <-> b",
        "a\0b",
        "x" * 200,
        "a " * 100,
        "²",
        "ß İ ﬁ",
        "a\u0301",
        "(",
        "a)",
        "<script>",
        "it''s",
        "%a%",
        "\\a",
        "\u0627 \u0628",
        "日本語",
        "a\u200bb",
        "1e400",
        "-a",
    ],
)
async def test_odd_words_are_no_fault(town_client: httpx2.Client, query: str) -> None:
    discover(town_client, query, first=3)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"query": "x" * 201}, "INVALID_ARGUMENT", id="too long"),
        pytest.param({"first": 0}, "INVALID_ARGUMENT", id="no page"),
        pytest.param({"first": 101}, "INVALID_ARGUMENT", id="too large a page"),
        pytest.param({"after": "nonsense"}, "INVALID_CURSOR", id="no cursor"),
        pytest.param({"after": "[]"}, "INVALID_CURSOR", id="an empty cursor"),
        pytest.param({"after": '["1", 2]'}, "INVALID_CURSOR", id="no key"),
        pytest.param(
            {"after": '["99999999999", "01a1f850-1400-7c95-b382-219df50cb3c9"]'},
            "INVALID_CURSOR",
            id="a score that is none",
        ),
        pytest.param(
            {"filter": {"kinds": ["POST"] * 101}}, "INVALID_ARGUMENT", id="too long a list"
        ),
    ],
)
async def test_bad_input_is_refused(
    town_client: httpx2.Client, given: dict[str, Any], code: str
) -> None:
    errors = errors_of(ask(town_client, DISCOVER, {"query": "a", **given}))
    assert [error["extensions"]["code"] for error in errors] == [code]


async def test_an_unknown_token_is_refused(town_client: httpx2.Client) -> None:
    for query in ("word", ""):
        response = ask(town_client, DISCOVER, {"query": query}, token="tc_nobody")  # noqa: S106
        assert response.status_code == 401
        assert [e["extensions"]["code"] for e in errors_of(response)] == ["UNAUTHENTICATED"]


async def test_it_stands_beside_other_fields(town_client: httpx2.Client, make: Maker) -> None:
    person = await make.person("Wulp")
    document = """{ viewer { name } a: discover(query: "wulp") { edges { node { ... on Person { name } } } }
        b: discover(query: "wulp", first: 1) { totalCount } }"""
    data = data_of(ask(town_client, document, token=person.token))
    assert data == {
        "viewer": {"name": "Wulp"},
        "a": {"edges": [{"node": {"name": "Wulp"}}]},
        "b": {"totalCount": 1},
    }
