"""Pages that anybody may read: what they say to people and machines, and that they show nothing more."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest

from db.tables.people import Locale
from tests.making import Maker, Place
from tests.web.stalls import NOW, Stall
from web.heads import Head

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
EVIL = '</script><script>alert(1)</script><!-- & "'


@pytest.fixture
def stall(make: Maker, town_client: httpx2.Client) -> Stall:
    return Stall(make, town_client)


def page(client: httpx2.Client, path: str, language: str = "en", **headers: str) -> httpx2.Response:
    """Ask for a page as a browser does."""
    return client.get(path, headers={"Accept-Language": language, **headers})


def data_in(response: httpx2.Response) -> list[dict[str, Any]]:
    """Give the objects of the JSON-LD in a page, which its policy lets in."""
    [source] = DATA.findall(response.text)
    digest = b64encode(sha256(source.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in response.headers["content-security-policy"]
    found = json.loads(source)
    assert found["@context"] == "https://schema.org"
    graph: list[dict[str, Any]] = found["@graph"]
    return graph


def meta(response: httpx2.Response) -> dict[str, str]:
    """Give what the head says by name."""
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', response.text))


async def put(
    make: Maker, place: Place, body: str, audience: str = "PUBLIC", **columns: Any
) -> str:
    """Make a post; give its id."""
    person = await make.person("Writer Secret")
    said = {"organisation_id": place.key, "author_id": person.key, "body": body} | {
        "language": "NL",
        "audience": audience,
        **columns,
    }
    marks = ", ".join(f"${number}" for number in range(1, len(said) + 1))
    key = await make.connection.fetchval(
        f"insert into post ({', '.join(said)}) values ({marks}) returning id", *said.values()
    )
    return f"pst_{key}"


async def test_a_listing_says_what_it_is(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place = await make.organisation("Zeilmakerij", logo_url="/media/logo.webp")
    skill = await stall.skill("project-management")
    listing = await stall.put(
        place=place,
        kind="REQUEST",
        form="PART_TIME",
        title="Iemand die zeilen naait",
        body="Twee dagen per week.\n\nVan <b>maart</b> tot mei & verder.",
        language="NL",
        skills=[skill],
        hours_per_week=16,
        starts_on=date(2027, 3, 1),
        at="utrecht",
        terms="RATE",
        rate_cents=7550,
    )
    response = page(town_client, f"/listings/{listing}", "nl,en;q=0.5")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == "nl"
    assert response.headers["vary"] == "Accept-Language"
    assert response.headers["cache-control"].startswith("public, max-age=")
    assert "set-cookie" not in response.headers
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none';")
    assert "unsafe" not in policy
    [style] = re.findall(r"<style>(.*?)</style>", response.text)
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert '<html lang="nl">' in response.text
    assert '<article lang="nl">' in response.text
    assert "<dt>Vorm</dt><dd>Vraag · Deeltijd</dd>" in response.text
    assert "<title>Iemand die zeilen naait · Talent Commons</title>" in response.text
    said = meta(response)
    assert (
        said["description"]
        == "Twee dagen per week. Van &lt;b&gt;maart&lt;/b&gt; tot mei &amp; verder."
    )
    assert said["og:title"] == "Iemand die zeilen naait"
    assert (said["og:type"], said["og:locale"]) == ("article", "nl_NL")
    url = said["og:url"]
    assert url.endswith(f"/listings/{listing}")
    assert f'<link rel="canonical" href="{url}">' in response.text
    base = url.removesuffix(f"/listings/{listing}")
    assert said["og:image"] == f"{base}/media/logo.webp"
    assert "robots" not in said
    demand, organisation = data_in(response)
    assert (demand["@type"], demand["@id"], demand["name"]) == (
        "Demand",
        url,
        "Iemand die zeilen naait",
    )
    assert demand["description"] == "Twee dagen per week. Van <b>maart</b> tot mei & verder."
    assert demand["itemOffered"]["serviceType"] == "Part-time"
    assert demand["availabilityStarts"] == "2027-03-01"
    assert demand["availableAtOrFrom"]["address"]["addressLocality"] == "Utrecht"
    assert demand["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": 75.5,
        "priceCurrency": "EUR",
        "unitCode": "HUR",
    }
    assert organisation == {
        "@type": "Organization",
        "@id": f"{base}/organisations/{place.slug}",
        "url": f"{base}/organisations/{place.slug}",
        "name": "Zeilmakerij",
        "logo": f"{base}/media/logo.webp",
        "seeks": {"@id": url},
    }
    english = page(town_client, f"/listings/{listing}", "de, en")
    assert '<html lang="en">' in english.text
    assert "<dt>Form</dt><dd>Request · Part-time</dd>" in english.text


async def test_an_offer_is_made_and_one_that_has_ended_is_not_to_be_indexed(
    town_client: httpx2.Client, stall: Stall
) -> None:
    offer = page(town_client, f"/listings/{await stall.put(title='Something')}")
    made, organisation = data_in(offer)
    assert (made["@type"], organisation["makesOffer"]) == ("Offer", {"@id": made["@id"]})
    assert made["itemOffered"]["provider"] == {"@id": organisation["@id"]}
    assert meta(offer)["description"] == "Offer of Stall: Project."
    ways: tuple[dict[str, Any], ...] = (
        {"status": "FILLED"},
        {"status": "CLOSED", "close_reason": "OTHER"},
        {"expires_at": NOW - timedelta(minutes=1)},
    )
    for columns in ways:
        ended = page(town_client, f"/listings/{await stall.put(**columns)}")
        assert (ended.status_code, meta(ended)["robots"]) == (200, "noindex")


async def test_organisations_and_posts_have_pages_too(
    town_client: httpx2.Client, make: Maker
) -> None:
    place = await make.organisation(
        "Pottenbakkers", about="Wij bakken.", website="https://bakken.example", location="Delft"
    )
    response = page(town_client, f"/organisations/{place.slug}")
    [organisation] = data_in(response)
    assert organisation["@type"] == "Organization"
    assert organisation["description"] == "Wij bakken."
    assert organisation["sameAs"] == ["https://bakken.example"]
    assert organisation["address"]["addressLocality"] == "Delft"
    assert meta(response)["og:type"] == "profile"
    post = await put(make, place, "Eerste regel over klei.\n\nTweede. " + "Lang " * 100)
    response = page(town_client, f"/posts/{post}")
    posting, publisher = data_in(response)
    assert (posting["@type"], posting["author"]) == (
        "SocialMediaPosting",
        {"@id": publisher["@id"]},
    )
    assert posting["articleBody"].startswith("Eerste regel over klei. Tweede. Lang")
    assert len(meta(response)["description"]) <= 201
    assert meta(response)["og:title"].startswith("Eerste regel over klei.")
    # Who wrote it in the organisation's name is for those who may see that person.
    assert "Writer Secret" not in response.text


async def test_what_is_not_public_is_not_there(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place, shut = await make.organisation(), await make.organisation("Shut", suspended_at=NOW)
    manager = await make.person()
    await make.member(manager, place, "OWNER")
    ways: tuple[dict[str, Any], ...] = (
        {"audience": "NETWORK"},
        {"audience": "PARTNERS"},
        {"audience": "ORGANISATION"},
        {"status": "DRAFT"},
        {"status": "PAUSED"},
    )
    paths = [
        f"/listings/{await stall.put(place=place, title='Verborgen', **columns)}"
        for columns in ways
    ]
    paths.append(f"/listings/{await stall.put(place=shut, title='Verborgen')}")
    paths.append(f"/organisations/{shut.slug}")
    paths += [
        f"/posts/{await put(make, place, 'Verborgen', audience)}"
        for audience in ("NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
    ]
    paths.append(f"/posts/{await put(make, place, 'Verborgen', hidden_at=NOW)}")
    paths.append(f"/posts/{await put(make, shut, 'Verborgen')}")
    gone = "01a1f850-1400-7c95-b382-219df50cb3c9"
    paths += [f"/listings/lst_{gone}", f"/posts/pst_{gone}", f"/listings/pst_{gone}"]
    paths += ["/listings/nonsense", "/listings/lst_%00", "/posts/pst_", "/organisations/NoSuch"]
    paths += ["/organisations/%27--", f"/listings/{gone}", "/organisations/" + "x" * 500]
    for path in paths:
        for token in (None, manager.token):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            response = page(town_client, path, "nl", **headers)
            assert response.status_code == 404, path
            assert "Verborgen" not in response.text
            assert "Hier is niets te zien" in response.text
            assert response.headers["cache-control"] == "no-store"


async def test_no_text_gets_out_of_its_place(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place = await make.organisation(f"Evil {EVIL}", slug="evil", about=EVIL, location=EVIL)
    listing = await stall.put(place=place, title=f"x{EVIL}", body=f"y {EVIL}\u2028")
    post = await put(make, place, f"z {EVIL}")
    for path in (f"/listings/{listing}", "/organisations/evil", f"/posts/{post}"):
        response = page(town_client, path)
        assert response.status_code == 200
        assert response.text.count("<script") == 1
        assert response.text.count("</script>") == 1
        assert "<!--" not in response.text
        assert "alert(1)" in json.dumps(data_in(response))
    await make.connection.execute("delete from organisation where id = $1", place.key)


async def test_a_page_that_was_kept_is_not_sent_again(
    town_client: httpx2.Client, stall: Stall
) -> None:
    path = f"/listings/{await stall.put()}"
    first = page(town_client, path)
    tag = first.headers["etag"]
    again = page(town_client, path, **{"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    # In the other language it is another page.
    assert page(town_client, path, "nl", **{"If-None-Match": tag}).status_code == 200


async def test_the_lists_of_addresses_hold_what_is_public_and_robots_find_them(
    town_client: httpx2.Client, make: Maker, stall: Stall
) -> None:
    place = await make.organisation("Listed")
    open_ = await stall.put(place=place)
    others: tuple[dict[str, Any], ...] = (
        {"audience": "NETWORK"},
        {"status": "FILLED"},
        {"status": "DRAFT"},
    )
    hidden = [await stall.put(place=place, **columns) for columns in others]
    hidden.append(await stall.put(place=place, expires_at=NOW - timedelta(minutes=1)))
    post, inner = await put(make, place, "Hello"), await put(make, place, "Us", "ORGANISATION")
    robots = town_client.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Disallow: /graphql" in robots.text
    [address] = re.findall(r"^Sitemap: (.+)$", robots.text, re.MULTILINE)
    base = address.removesuffix("/sitemap.xml")

    def addresses(path: str) -> list[str]:
        response = town_client.get(path)
        assert response.headers["content-type"].startswith("application/xml")
        assert response.headers["cache-control"] == "public, max-age=3600"
        root = ElementTree.fromstring(response.text)  # noqa: S314 - our own
        return [found.text or "" for found in root.iterfind(".//s:loc", NAMES)]

    parts = addresses("/sitemap.xml")
    assert parts == [
        f"{base}/sitemaps/{name}.xml" for name in ("listings", "organisations", "posts")
    ]
    listed = {
        url.removeprefix(base) for part in parts for url in addresses(part.removeprefix(base))
    }
    assert {f"/listings/{open_}", f"/organisations/{place.slug}", f"/posts/{post}"} <= listed
    assert not {*(f"/listings/{one}" for one in hidden), f"/posts/{inner}"} & listed
    for path in (f"/listings/{open_}", f"/organisations/{place.slug}", f"/posts/{post}"):
        assert page(town_client, path).status_code == 200
    assert town_client.get("/sitemaps/people.xml").status_code == 404


def test_data_cannot_end_the_script_that_holds_it() -> None:
    head = Head(
        title="x",
        description="x",
        url="x",
        language=Locale.EN,
        content_language=None,
        kind="article",
        image=None,
        is_indexed=True,
        data={"name": "</ScRiPt><!--&\u2028\u2029"},
        heading="x",
        by=None,
        facts=(),
        body="",
    )
    assert not set("<>&\u2028\u2029") & set(head.json_ld)
    assert json.loads(head.json_ld) == head.data
