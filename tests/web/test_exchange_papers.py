"""Agreements as PDF and exchanges as a calendar, as browsers and calendar programs fetch them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from icalendar import Calendar

from db.tables.people import Locale
from resolvers.agreement_papers import Paper, Signed
from tests.making import Maker
from tests.web.exchanging import Deal, dealing, today
from tests.web.marketing import ERRORS, Market
from tests.web.serving import ask, data_of, done, refused
from web.agreement_printing import render

OPEN = f"""mutation ($input: CalendarOpenInput!) {{
  answer: calendarOpen(input: $input) {{ url viewer {{ calendarOpenedAt }} {ERRORS} }} }}"""
CLOSE = f"""mutation ($input: CalendarCloseInput!) {{
  answer: calendarClose(input: $input) {{ viewer {{ calendarOpenedAt }} {ERRORS} }} }}"""


@pytest.fixture
async def deal(town_client: httpx2.Client, make: Maker) -> Deal:
    return await dealing(Market(town_client, make), make)


def fetched(deal: Deal, path: str, who: Any = None) -> httpx2.Response:
    headers = {} if who is None else {"Authorization": f"Bearer {who.token}"}
    return deal.client.get(path, headers=headers)


async def test_an_agreement_is_a_pdf_for_those_who_see_it(deal: Deal, make: Maker) -> None:
    deal.agreed(text="Łódź & <b>Súdwest</b>\nŽižkov 🦊 " + "x" * 3_000, backfill="Nobody.")
    path = deal.seen(deal.goes)["agreement"]["paperPath"]
    stranger = await make.person()
    found = fetched(deal, path, deal.goes)
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["cache-control"] == "private, no-store"
    assert found.content.startswith(b"%PDF-")
    for who in (deal.lending, deal.borrowing, deal.goes):
        assert fetched(deal, path, who).content == found.content
    dutch = fetched(deal, f"{path}?language=nl", deal.goes).content
    assert dutch != found.content
    assert fetched(deal, f"{path}?language=xx", deal.goes).content == found.content
    assert fetched(deal, path, stranger).status_code == 404
    assert fetched(deal, path).status_code == 401
    for wrong in ("agv_x.pdf", "x", "agv_00000000-0000-7000-8000-000000000000.pdf"):
        assert fetched(deal, f"/agreements/{wrong}", deal.goes).status_code == 404


def test_the_same_paper_is_the_same_bytes() -> None:
    paper = Paper(
        locale=Locale.NL,
        title="Overeenkomst",
        lines=(("Vorm", "Project"), ("Verder", "é" * 9_000)),
        signatures_title="Handtekeningen",
        signatures=(Signed(side="x", name="y", when="z", is_void=True),),
        nobody_signed="-",
        void="vervallen",
        hash_title="SHA-256",
        content_hash="0" * 64,
        canonical_title="Vaste vorm",
        canonical='{\n "a": "' + "word " * 400 + '"\n}',
    )
    assert render(paper) == render(paper)


async def test_a_calendar_is_read_by_whoever_knows_its_address(deal: Deal) -> None:
    deal.active()

    def opened(**given: Any) -> Any:
        return deal.market.call(OPEN, deal.goes, **given)

    answer = done(opened(), "answer")
    assert answer["viewer"]["calendarOpenedAt"] is not None
    assert refused(opened(), "answer") == [("TAKEN", ["replace"])]
    path = httpx2.URL(answer["url"]).path
    found = fetched(deal, path)
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(found.content).walk("VEVENT")
    assert str(event["summary"]) == "Lender lends to Borrower"
    assert event.decoded("dtstart") == today() - timedelta(days=3)
    assert event.decoded("dtend") == today() + timedelta(days=61)
    assert isinstance(event.decoded("dtstart"), date)
    assert deal.id in str(event["uid"])
    assert fetched(deal, path).content == found.content
    newer = httpx2.URL(done(opened(replace=True), "answer")["url"]).path
    assert fetched(deal, path).status_code == 404
    assert fetched(deal, newer).status_code == 200
    closed = done(deal.market.call(CLOSE, deal.goes), "answer")
    assert closed["viewer"]["calendarOpenedAt"] is None
    assert fetched(deal, newer).status_code == 404
    assert refused(deal.market.call(CLOSE, deal.goes), "answer") == [("NOT_FOUND", [])]
    assert fetched(deal, f"/calendars/{'x' * 500}.ics").status_code == 404


async def test_nobody_else_sees_when_a_calendar_was_opened(deal: Deal) -> None:
    done(deal.market.call(OPEN, deal.lending), "answer")
    query = "query ($id: ID!) { person(id: $id) { calendarOpenedAt } }"
    for who, is_seen in ((deal.lending, True), (deal.borrowing, False)):
        found = data_of(ask(deal.client, query, {"id": deal.lending.id}, token=who.token))
        assert (found["person"]["calendarOpenedAt"] is not None) == is_seen
