"""Listings as a table: downloaded as far as one may see them, read back as drafts, or refused by row."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import httpx2
import pytest

from db.tables.listings import ListingForm, ListingKind
from db.tables.people import Locale
from resolvers import listing_files
from tests.making import Maker, Place, Someone
from tests.web.marketing import CREATE, Market, content_of
from tests.web.serving import ask, data_of, done, refused
from tests.web.stalls import Stall

SAID = """id kind form status title body language audience skills { importance minimumLevel skill { slug } }
    aims { slug } hoursPerWeek hoursTotal startsOn endsOn slackDays place { slug } distanceKm isRemote
    languages capacity terms rateCents"""
IMPORT = f"""mutation ($input: ListingImportInput!) {{ answer: listingImport(input: $input) {{
    rowCount listings {{ {SAID} }} userErrors {{ code field message }} }} }}"""
COUNT = "query ($id: ID!) { node(id: $id) { ... on Organisation { listings { totalCount } } } }"
TITLES = "Kind,Form,Title,Language,Terms"
ROW = "Offer,Project,Something,English,Free"


class Desk:
    """Somebody who manages listings, and a spreadsheet."""

    def __init__(self, client: httpx2.Client, make: Maker) -> None:
        self.client = client
        self.make = make
        self.market = Market(client, make)

    def send(self, who: Someone | None, place: Place, text: str, **more: Any) -> Any:
        """Send a table; give what came of it."""
        given = {"organisationId": place.id, "csv": text, **more}
        return self.market.call(IMPORT, who, **given)

    def fetch(
        self, place: Place, who: Someone | None = None, language: str = "en"
    ) -> httpx2.Response:
        """Download the table of an organisation."""
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        return self.client.get(
            f"/organisations/{place.slug}/listings.csv?language={language}", headers=headers
        )

    def count(self, who: Someone, place: Place) -> int:
        """Count an organisation's listings."""
        found = data_of(ask(self.client, COUNT, {"id": place.id}, token=who.token))
        total: int = found["node"]["listings"]["totalCount"]
        return total


@pytest.fixture
def desk(town_client: httpx2.Client, make: Maker) -> Desk:
    return Desk(town_client, make)


def rows_of(response: httpx2.Response, separator: str = ",") -> list[dict[str, str]]:
    """Give the rows of a table by the titles of its columns."""
    assert response.status_code == 200, response.text
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_what_is_downloaded_can_be_read_back(desk: Desk, make: Maker, language: str) -> None:
    place, manager = await desk.market.manager("Table")
    skill, other, aim = [
        await desk.market.skill(slug)
        for slug in ("project-management", "python", "negotiate-compromises")
    ]
    spot = await Stall(make, desk.client).spot("s-hertogenbosch")
    content: dict[str, Any] = {}
    content |= content_of(
        form="PART_TIME",
        title="=HYPERLINK; a, b",
        body='Lines\n"quoted"; and, more',
        language="NL",
        audience="PARTNERS",
        hoursPerWeek=16,
        hoursTotal=200,
        startsOn="2027-01-31",
        endsOn="2027-03-01",
        slackDays=7,
        placeId=spot,
        distanceKm=30,
        isRemote=True,
        languages=["NL", "FY"],
        capacity=2,
        terms="RATE",
        rateCents=7550,
        aimIds=[aim],
    )
    content["skills"] = [
        {"skillId": skill, "minimumLevel": 4},
        {"skillId": other, "minimumLevel": 2, "importance": "NICE"},
    ]
    given = {"organisationId": place.id, "kind": "REQUEST", "listing": content}
    made = done(desk.market.call(CREATE, manager, **given), "answer")["listing"]
    desk.market.move(manager, made["id"], "Open")
    desk.market.draft(manager, place, title="Bare", body="")
    response = desk.fetch(place, manager, language)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content.startswith(b"\xef\xbb\xbf")
    answer = done(desk.send(manager, place, response.text), "answer")
    assert answer["rowCount"] == 2
    bare, full = answer["listings"]
    assert full.pop("id").startswith("lst_")
    assert full == {
        "kind": "REQUEST",
        "form": "PART_TIME",
        "status": "DRAFT",
        "title": "=HYPERLINK; a, b",
        "body": 'Lines\n"quoted"; and, more',
        "language": "NL",
        "audience": "PARTNERS",
        "skills": [
            {"importance": "MUST", "minimumLevel": 4, "skill": {"slug": "project-management"}},
            {"importance": "NICE", "minimumLevel": 2, "skill": {"slug": "python"}},
        ],
        "aims": [{"slug": "negotiate-compromises"}],
        "hoursPerWeek": 16,
        "hoursTotal": 200,
        "startsOn": "2027-01-31",
        "endsOn": "2027-03-01",
        "slackDays": 7,
        "place": {"slug": "s-hertogenbosch"},
        "distanceKm": 30,
        "isRemote": True,
        "languages": ["NL", "FY"],
        "capacity": 2,
        "terms": "RATE",
        "rateCents": 7550,
    }
    assert (bare["title"], bare["body"], bare["skills"]) == ("Bare", "", [])


async def test_each_is_given_what_they_may_see(desk: Desk, make: Maker) -> None:
    stall, place = Stall(make, desk.client), await make.organisation("Seen")
    for audience in ("PUBLIC", "NETWORK", "ORGANISATION"):
        await stall.put(place=place, title=audience, audience=audience)
    await stall.put(place=place, title="DRAFT", status="DRAFT")
    member, manager, stranger, blocked = [await make.person(f"R{n}") for n in range(4)]
    await make.member(member, place)
    await make.member(manager, place, "TALENT_MANAGER")
    await make.connection.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)", blocked.key, place.key
    )
    for who, expected in (
        (None, {"PUBLIC"}),
        (stranger, {"PUBLIC", "NETWORK"}),
        (member, {"PUBLIC", "NETWORK", "ORGANISATION"}),
        (manager, {"PUBLIC", "NETWORK", "ORGANISATION", "DRAFT"}),
    ):
        assert {row["Title"] for row in rows_of(desk.fetch(place, who))} == expected
    assert desk.fetch(place, blocked).status_code == 404
    assert desk.fetch(Place(place.key, "no-such-place")).status_code == 404
    headers = {"Authorization": "Bearer tc_nobody"}
    address = f"/organisations/{place.slug}/listings.csv"
    assert desk.client.get(address, headers=headers).status_code == 401
    # Without a language it is the reader's own, a visitor's browser's.
    dutch = desk.client.get(address, headers={"Accept-Language": "nl"})
    assert "Titel" in rows_of(dutch, ";")[0]


async def test_no_cell_is_a_formula(desk: Desk, make: Maker) -> None:
    stall, place = Stall(make, desk.client), await make.organisation("Formula")
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "plain"]
    for text in texts:
        await stall.put(place=place, title=text, body=text)
    rows = rows_of(desk.fetch(place))
    assert [row["Title"] for row in reversed(rows)] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\tx",
        "'quoted",
        "plain",
    ]
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values()
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{TITLES}\n{ROW}", id="plain"),
        pytest.param(f"\ufeff{TITLES}\r\n{ROW}\r\n\r\n", id="mark, line ends, empty lines"),
        pytest.param(
            "Soort;Vorm;Titel;Taal;Voorwaarden;;\nAanbod;project;Something;Engels;kosteloos;;\n;;;;;;",
            id="Dutch, semicolons, empty columns",
        ),
        pytest.param(
            "kind\tform\ttitle\tlanguage\tterms\nOFFER\tPROJECT\tSomething\tEN\tFREE",
            id="codes, tabs",
        ),
        pytest.param(
            '"SOORT","Form","titel","Language","terms"\n" offer ","Project"," Something ","en","Kosteloos"',
            id="mixed and quoted",
        ),
    ],
)
async def test_a_table_is_read_as_spreadsheets_write_it(desk: Desk, text: str) -> None:
    place, manager = await desk.market.manager("Sheet")
    [listing] = done(desk.send(manager, place, text), "answer")["listings"]
    assert (listing["kind"], listing["form"], listing["title"]) == ("OFFER", "PROJECT", "Something")
    assert (listing["language"], listing["terms"], listing["status"]) == ("EN", "FREE", "DRAFT")


async def test_everything_that_is_wrong_is_told_by_row_and_nothing_is_written(desk: Desk) -> None:
    place, manager = await desk.market.manager("Wrong")
    await desk.make.connection.execute("update person set locale = 'NL' where id = $1", manager.key)
    table = f"""{TITLES},Skills,Place,First day,Last day,Hours a week,Euros an hour,Learning aims
{ROW},python (4),Utrecht,2027-01-31,31-01-2027,8,,
Offers,Project,,English,Free,,,,,,,
{ROW},no such skill; python (x),Nowhere,31/31/2027,,eight,1.005,
{ROW},python (9),,,,,,
{ROW},python,,2027-02-01,2027-01-01,,,
{ROW},python,,,,,,Python
{ROW},,,,,,12,
{ROW},,,,,,,,too,many
{"x" * 3},Project,{"y" * 121},English,Free,,,,,,,"""
    answer = desk.send(manager, place, table)
    assert refused(answer, "answer") == [
        ("INVALID", ["csv", "3", "kind"]),
        ("INVALID", ["csv", "3", "title"]),
        ("INVALID", ["csv", "4", "startsOn"]),
        ("INVALID", ["csv", "4", "hoursPerWeek"]),
        ("INVALID", ["csv", "4", "rate"]),
        ("NOT_FOUND", ["csv", "4", "skills"]),
        ("NOT_FOUND", ["csv", "4", "skills"]),
        ("NOT_FOUND", ["csv", "4", "place"]),
        ("INVALID", ["csv", "5", "skills"]),
        ("INVALID", ["csv", "6", "endsOn"]),
        ("INVALID", ["csv", "7", "aims"]),
        ("INVALID", ["csv", "8", "rate"]),
        ("INVALID", ["csv", "9"]),
        ("INVALID", ["csv", "10", "kind"]),
    ]
    messages = [error["message"] for error in answer["answer"]["userErrors"]]
    assert messages[0].startswith("“Offers” kan hier niet staan.")
    assert messages[5] == (
        "Er is geen vaardigheid “no such skill” in de taxonomie. Zoek er een ander woord voor."
    )
    assert desk.count(manager, place) == 0


async def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    place, manager = await desk.market.manager("Dry")
    table = f"{TITLES}\n{ROW}\n{ROW}"
    answer = done(desk.send(manager, place, table, dryRun=True), "answer")
    assert (answer["rowCount"], answer["listings"]) == (2, [])
    assert desk.count(manager, place) == 0
    twice = [
        done(desk.send(manager, place, table, idempotencyKey="once"), "answer") for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert desk.count(manager, place) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "INVALID", id="nothing"),
        pytest.param(TITLES, "INVALID", id="titles alone"),
        pytest.param(f"{TITLES},Shoes\n{ROW},9", "INVALID", id="unknown column"),
        pytest.param(f"{TITLES},Titel\n{ROW},x", "INVALID", id="a column twice"),
        pytest.param("Kind,Form,Language,Terms\nOffer,Project,EN,Free", "INVALID", id="no title"),
        pytest.param(f'{TITLES}\n"Offer,{ROW}', "INVALID", id="an open quotation mark"),
        pytest.param("\n".join([TITLES, *[ROW] * 201]), "INVALID", id="too many rows"),
        pytest.param(f"{TITLES}\n\0{ROW}", "INVALID", id="U+0000"),
    ],
)
async def test_what_is_no_table_of_listings_is_refused(desk: Desk, text: str, code: str) -> None:
    place, manager = await desk.market.manager("Odd")
    assert refused(desk.send(manager, place, text), "answer") == [(code, ["csv"])]


async def test_only_who_manages_listings_imports_and_only_into_what_has_room(
    desk: Desk, make: Maker
) -> None:
    place, manager = await desk.market.manager("Ours")
    member, stranger = await make.person(), await make.person()
    await make.member(member, place)
    table = f"{TITLES}\n{ROW}"
    for who, code in ((None, "NOT_SIGNED_IN"), (member, "NOT_ALLOWED"), (stranger, "NOT_ALLOWED")):
        [(found, _)] = refused(desk.send(who, place, table), "answer")
        assert found == code
    await make.connection.execute(
        "insert into listing (organisation_id, kind, form, audience, title, language, terms)"
        " select $1, 'OFFER', 'PROJECT', 'PUBLIC', 'x', 'EN', 'FREE' from generate_series(1, 1999)",
        place.key,
    )
    done(desk.send(manager, place, table, dryRun=True), "answer")
    two = desk.send(manager, place, f"{table}\n{ROW}")
    assert refused(two, "answer") == [("TOO_MANY", ["csv"])]


def test_every_value_reads_as_itself_in_both_languages() -> None:
    for locale in Locale:
        row = dict.fromkeys(listing_files.COLUMNS)
        for kind in ListingKind:
            for form in ListingForm:
                said = {**row, "kind": kind, "form": form, "title": "x", "language": locale}
                said |= {"terms": "FREE", "remote": True, "starts_on": date(2027, 1, 2)}
                [found] = listing_files.read(listing_files.write([said], locale), at_most=1)
                assert found.problems == []
                assert (found.values["kind"], found.values["form"]) == (kind, form)
                assert (found.values["remote"], found.values["language"]) == (True, locale)
                assert found.values["starts_on"] == date(2027, 1, 2)


async def test_every_form_has_a_template_on_both_sides_in_both_languages(
    town_client: httpx2.Client,
) -> None:
    query = """query ($kind: ListingKind, $form: ListingForm, $language: Locale) {
        listingTemplates(kind: $kind, form: $form, language: $language) {
        kind form language title body hoursPerWeek hoursTotal aimHints } }"""
    found = data_of(ask(town_client, query))["listingTemplates"]
    assert {(one["kind"], one["form"], one["language"]) for one in found} == {
        (kind, form, language)
        for kind in ListingKind
        for form in ListingForm
        for language in Locale
    }
    for one in found:
        assert 10 <= len(one["title"]) <= 120
        assert one["body"].count("**") >= 4
        assert one["aimHints"]
        assert (one["hoursPerWeek"] is None) != (one["hoursTotal"] is None)
    assert len({one["body"] for one in found}) == len(found)
    given = {"kind": "OFFER", "form": "CLINIC", "language": "NL"}
    [one] = data_of(ask(town_client, query, given))["listingTemplates"]
    assert one["title"].startswith("Spreekuur over")
