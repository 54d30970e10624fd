"""Hours in an exchange: logged by one side, confirmed by the other; and points of coming back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.making import Maker
from tests.web.exchanging import Deal, day, dealing
from tests.web.marketing import Market
from tests.web.serving import ask, data_of

LOG = """query ($id: ID!) { exchange(id: $id) { minutesLogged minutesConfirmed hours { nodes {
  id workedOn minutes note side name confirmedAt confirmedBy { id } loggedBy { id } } } } }"""
REENTRY = """query ($id: ID!) { exchange(id: $id) { reentry {
  item label nl: label(language: NL) tickedAt tickedBy { id } } } }"""


@pytest.fixture
async def deal(town_client: httpx2.Client, make: Maker) -> Deal:
    deal = await dealing(Market(town_client, make), make)
    deal.active()
    return deal


def log_of(deal: Deal, who: Any) -> Any:
    return data_of(ask(deal.client, LOG, {"id": deal.id}, token=who.token))["exchange"]


async def test_hours_are_logged_by_one_side_and_confirmed_by_the_other(deal: Deal) -> None:
    given = {"workedOn": day(0), "minutes": 480, "note": "Kick-off"}
    mine = deal.do("LogHours", deal.goes, **given)["hours"]["id"]
    theirs = deal.do("LogHours", deal.borrowing, workedOn=day(-1), minutes=90)["hours"]["id"]
    for who in (deal.goes, deal.lending):
        assert deal.refused("ConfirmHours", who, hoursIds=[mine]) == [
            ("CONFLICT", ["hoursIds", "0"])
        ]
    assert deal.refused("ConfirmHours", deal.borrowing, hoursIds=[theirs]) == [
        ("CONFLICT", ["hoursIds", "0"])
    ]
    confirmed = deal.do("ConfirmHours", deal.borrowing, hoursIds=[mine])["exchange"]
    assert (confirmed["minutesLogged"], confirmed["minutesConfirmed"]) == (570, 480)
    assert deal.refused("ConfirmHours", deal.borrowing, hoursIds=[mine]) == [
        ("CONFLICT", ["hoursIds", "0"])
    ]
    deal.do("ConfirmHours", deal.goes, hoursIds=[theirs])
    shown = log_of(deal, deal.lending)["hours"]["nodes"]
    assert [(one["workedOn"], one["minutes"], one["side"], one["name"]) for one in shown] == [
        (day(0), 480, "EMPLOYEE", "Gus"),
        (day(-1), 90, "BORROWER", "Gus"),
    ]
    assert shown[0]["note"] == "Kick-off"
    assert shown[0]["confirmedBy"] == {"id": deal.borrowing.id}


async def test_hours_that_nobody_confirmed_can_be_taken_out(deal: Deal) -> None:
    key = deal.do("LogHours", deal.lending, workedOn=day(0), minutes=10)["hours"]["id"]
    assert deal.refused("RemoveHours", deal.borrowing, hoursId=key) == [("CONFLICT", ["hoursId"])]
    assert deal.do("RemoveHours", deal.lending, hoursId=key)["exchange"]["minutesLogged"] == 0
    assert deal.refused("RemoveHours", deal.lending, hoursId=key) == [("NOT_FOUND", ["hoursId"])]
    key = deal.do("LogHours", deal.lending, workedOn=day(0), minutes=10)["hours"]["id"]
    deal.do("ConfirmHours", deal.borrowing, hoursIds=[key])
    assert deal.refused("RemoveHours", deal.lending, hoursId=key) == [("CONFLICT", ["hoursId"])]


async def test_hours_that_cannot_be_are_refused(deal: Deal, make: Maker) -> None:
    other = await make.person()
    await make.member(other, deal.lender)
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({"workedOn": day(1)}, ("INVALID", ["workedOn"])),
        ({"workedOn": day(-4)}, ("INVALID", ["workedOn"])),
        ({"minutes": 0}, ("INVALID", ["minutes"])),
        ({"minutes": 1_441}, ("INVALID", ["minutes"])),
        ({"note": "x" * 1_001}, ("INVALID", ["note"])),
        ({"personId": other.id}, ("NOT_FOUND", ["personId"])),
    ]
    for more, expected in cases:
        given = {"workedOn": day(0), "minutes": 5, **more}
        assert deal.refused("LogHours", deal.goes, **given) == [expected], more
    deal.do("LogHours", deal.goes, workedOn=day(0), minutes=1_000)
    assert deal.refused("LogHours", deal.borrowing, workedOn=day(0), minutes=441) == [
        ("INVALID", ["minutes"])
    ]
    deal.do("LogHours", deal.borrowing, workedOn=day(0), minutes=440)
    assert deal.refused("ConfirmHours", deal.goes, hoursIds=[]) == [("INVALID", ["hoursIds"])]


async def test_a_day_has_24_hours_also_for_two_who_log_at_once(deal: Deal) -> None:
    def log(who: Any) -> list[str]:
        answer = deal.call("LogHours", who, workedOn=day(-2), minutes=800)["answer"]
        return [error["code"] for error in answer["userErrors"]]

    outcomes = await asyncio.gather(
        *(asyncio.to_thread(log, who) for who in (deal.goes, deal.borrowing))
    )
    assert sorted(outcomes) == [[], ["INVALID"]]


async def test_hours_end_with_the_exchange(deal: Deal) -> None:
    deal.do("Complete", deal.borrowing)
    deal.do("LogHours", deal.goes, workedOn=day(0), minutes=30)
    assert log_of(deal, deal.goes)["minutesLogged"] == 30


async def test_points_of_coming_back_are_ticked_by_the_lender_and_who_goes(deal: Deal) -> None:
    assert deal.refused("TickReentry", deal.borrowing, item="TALK_PLANNED", done=True) == [
        ("NOT_ALLOWED", ["exchangeId"])
    ]
    deal.do("TickReentry", deal.lending, item="TALK_PLANNED", done=True)
    deal.do("TickReentry", deal.goes, item="LEARNED_SHARED", done=True)
    deal.do("TickReentry", deal.goes, item="TALK_PLANNED", done=False)
    found = data_of(ask(deal.client, REENTRY, {"id": deal.id}, token=deal.borrowing.token))
    points = found["exchange"]["reentry"]
    assert len(points) == 6
    assert points[0]["label"] == "Plan a talk with their manager before the last day"
    assert points[0]["nl"].startswith("Plan voor de laatste dag")
    ticked = [(one["item"], one["tickedBy"]) for one in points if one["tickedAt"]]
    assert ticked == [("LEARNED_SHARED", {"id": deal.goes.id})]
