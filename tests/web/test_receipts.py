"""What comes of exchanges: receipts, evidence, endorsements, tallies; confirmed by both or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.mailing import deliver
from tests.making import Maker, Someone
from tests.web.exchanging import Deal, day, dealing
from tests.web.marketing import ERRORS, Market
from tests.web.serving import Answer, ask, data_of, done, refused

DECIDE = f"""mutation ($input: RaisedSkillDecideInput!) {{
  answer: raisedSkillDecide(input: $input) {{ raisedSkill {{ id acceptedAt declinedAt }} {ERRORS} }} }}"""
MINE = """{ viewer { raisedSkills { nodes { id fromLevel toLevel acceptedAt receipt { id } } }
  skills { nodes { level evidence lastUsedOn skill { id } proofs {
    fromLevel toLevel form organisation { id } partner { id } exchange { id } } } } } }"""
PAGE = """query ($id: ID!, $with: ID) { organisation(id: $id) {
  skillProofs { nodes { side fromLevel toLevel skill { id } partner { id } person { id } exchange { id } } }
  endorsements { nodes { line form organisation { id } author { id } } }
  balance(partnerId: $with) { skill { id } givenMinutes receivedMinutes }
  enrichment { form completed answered enriched ratio unansweredShare }
  strengths { nodes { proofs { skill { id } } } } } }"""


@pytest.fixture
async def market(town_client: httpx2.Client, make: Maker) -> Market:
    return Market(town_client, make)


def page(deal: Deal, place: str, who: Someone | None, **given: Any) -> Any:
    token = who.token if who else None
    return data_of(ask(deal.client, PAGE, {"id": place, **given}, token=token))["organisation"]


@dataclass
class Over:
    """An exchange that is over: what was lent, learned and taught, and who learned at the borrower."""

    deal: Deal
    lent: str
    learned: str
    taught: str
    learner: Someone

    @property
    def receipt(self) -> Answer:
        """Give what came of it."""
        return {
            "learned": "A lot.",
            "cameBack": "A way of working.",
            "raised": [
                {
                    "personId": self.deal.goes.id,
                    "skillId": self.learned,
                    "fromLevel": 2,
                    "toLevel": 4,
                },
                {"personId": self.learner.id, "skillId": self.taught, "fromLevel": 0, "toLevel": 1},
            ],
        }

    def confirmed(self) -> None:
        """Have the borrower record it and the lender confirm."""
        self.deal.do("Record", self.deal.borrowing, expectedVersion=0, receipt=self.receipt)
        self.deal.do("Confirm", self.deal.lending, expectedVersion=1)


@pytest.fixture
async def over(market: Market, make: Maker) -> Over:
    rows = await make.connection.fetch("select id from skill order by id limit 3")
    deal = await dealing(market, make)
    lent, learned, taught = (f"skl_{row['id']}" for row in rows)
    over = Over(deal, lent, learned, taught, await make.person("Lou"))
    await make.member(over.learner, deal.borrower)
    deal.active(skillIds=[over.lent])
    hours = deal.do("LogHours", deal.goes, workedOn=day(0), minutes=120)["hours"]["id"]
    deal.do("ConfirmHours", deal.borrowing, hoursIds=[hours])
    deal.do("LogHours", deal.goes, workedOn=day(-1), minutes=60)
    deal.do("Complete", deal.borrowing)
    return over


async def test_one_side_records_and_the_other_confirms(over: Over) -> None:
    deal, receipt = over.deal, over.receipt
    # The lender does not know the borrower's people.
    assert deal.refused("Record", deal.lending, expectedVersion=0, receipt=receipt) == [
        ("NOT_FOUND", ["receipt", "raised", "1", "personId"])
    ]
    recorded = deal.do("Record", deal.borrowing, expectedVersion=0, receipt=receipt)["exchange"]
    assert (recorded["receipt"]["version"], recorded["receipt"]["side"]) == (1, "BORROWER")
    assert deal.refused("Confirm", deal.borrowing, expectedVersion=1) == [
        ("CONFLICT", ["exchangeId"])
    ]
    # The other side says it otherwise: then it is for the first one to confirm.
    deal.do("Record", deal.lending, expectedVersion=1, receipt={**receipt, "learned": "Enough."})
    assert deal.refused("Confirm", deal.borrowing, expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]
    before = data_of(ask(deal.client, MINE, token=deal.goes.token))["viewer"]
    assert before["raisedSkills"]["nodes"] == []
    confirmed = deal.do("Confirm", deal.borrowing, expectedVersion=2)["exchange"]["receipt"]
    assert confirmed["confirmedAt"] is not None
    given = {"expectedVersion": 2}
    for name, more in (("Record", {"receipt": receipt}), ("Confirm", {})):
        assert deal.refused(name, deal.borrowing, **given, **more) == [("CONFLICT", ["exchangeId"])]


async def test_what_both_confirm_is_evidence_of_the_organisations(over: Over, make: Maker) -> None:
    deal = over.deal
    await make.connection.execute(
        "insert into organisation_strength (organisation_id, skill_id) values ($1, $2)",
        deal.lender.key,
        over.lent.removeprefix("skl_"),
    )
    over.confirmed()
    proofs = page(deal, deal.lender.id, None)["skillProofs"]["nodes"]
    shown = {(one["skill"]["id"], one["side"], one["fromLevel"], one["toLevel"]) for one in proofs}
    assert shown == {(over.lent, "LENDER", None, None), (over.learned, "LENDER", 2, 4)}
    assert {one["partner"]["id"] for one in proofs} == {deal.borrower.id}
    theirs = page(deal, deal.borrower.id, None)["skillProofs"]["nodes"]
    assert [(one["skill"]["id"], one["side"]) for one in theirs] == [(over.taught, "BORROWER")]
    # Everybody reads what it shows, and nobody else that exchange.
    assert {one["exchange"] is None for one in proofs} == {True}
    own = page(deal, deal.lender.id, deal.lending)
    assert own["skillProofs"]["nodes"][0]["exchange"] == {"id": deal.id}
    assert own["strengths"]["nodes"] == [{"proofs": [{"skill": {"id": over.lent}}]}]
    for place in (deal.lender.id, deal.borrower.id):
        assert page(deal, place, None)["enrichment"] == [
            {
                "form": "PROJECT",
                "completed": 1,
                "answered": 1,
                "enriched": 1,
                "ratio": 1.0,
                "unansweredShare": 0.0,
            }
        ]


async def test_hours_given_and_received_are_two_tallies(over: Over) -> None:
    deal = over.deal
    # Those that are confirmed, in all and by skill; never netted.
    gave = [
        {"skill": None, "givenMinutes": 120, "receivedMinutes": 0},
        {"skill": {"id": over.lent}, "givenMinutes": 120, "receivedMinutes": 0},
    ]
    assert page(deal, deal.lender.id, deal.lending)["balance"] == gave
    got = page(deal, deal.borrower.id, deal.borrowing)
    assert got["balance"][0] == {"skill": None, "givenMinutes": 0, "receivedMinutes": 120}
    for who in (deal.borrowing, deal.goes, None):
        assert page(deal, deal.lender.id, who)["balance"] == []
    with_them = {"with": deal.borrower.id}
    assert page(deal, deal.lender.id, deal.lending, **with_them)["balance"] == gave
    assert page(deal, deal.lender.id, deal.lending, **{"with": deal.lender.id})["balance"] == []


async def test_people_take_what_was_raised_into_their_profile_or_not(
    over: Over, market: Market, town: str
) -> None:
    deal, learner = over.deal, over.learner
    over.confirmed()
    # Whoever learned at the borrower is asked too, and sees no more of the exchange.
    await deliver(town)
    inbox = "{ viewer { notifications { nodes { kind note exchange { id } } } } }"
    told = data_of(ask(deal.client, inbox, token=learner.token))["viewer"]["notifications"]["nodes"]
    assert told == [{"kind": "EXCHANGE_ASKED", "note": "EVIDENCE", "exchange": None}]
    mine = data_of(ask(deal.client, MINE, token=deal.goes.token))["viewer"]
    assert mine["skills"]["nodes"] == []
    (one,) = mine["raisedSkills"]["nodes"]
    stolen = market.call(DECIDE, learner, raisedSkillId=one["id"], accept=True)
    assert refused(stolen, "answer") == [("NOT_FOUND", ["raisedSkillId"])]
    done(market.call(DECIDE, deal.goes, raisedSkillId=one["id"], accept=True), "answer")
    again = market.call(DECIDE, deal.goes, raisedSkillId=one["id"], accept=False)
    assert refused(again, "answer") == [("CONFLICT", ["raisedSkillId"])]
    mine = data_of(ask(deal.client, MINE, token=deal.goes.token))["viewer"]
    (held,) = mine["skills"]["nodes"]
    assert (held["level"], held["lastUsedOn"], held["skill"]["id"]) == (4, day(0), over.learned)
    assert held["evidence"].startswith("Exchange with Borrower, 20")
    assert held["proofs"] == [
        {
            "fromLevel": 2,
            "toLevel": 4,
            "form": "PROJECT",
            "organisation": {"id": deal.lender.id},
            "partner": {"id": deal.borrower.id},
            "exchange": {"id": deal.id},
        }
    ]
    (theirs,) = data_of(ask(deal.client, MINE, token=learner.token))["viewer"]["raisedSkills"][
        "nodes"
    ]
    assert theirs["receipt"] is None
    no = done(market.call(DECIDE, learner, raisedSkillId=theirs["id"], accept=False), "answer")
    assert no["raisedSkill"]["declinedAt"] is not None


async def test_bad_receipts_are_refused_by_their_field(over: Over, make: Maker) -> None:
    deal = over.deal
    one = {"personId": deal.goes.id, "skillId": over.lent, "fromLevel": 1, "toLevel": 2}
    nobody = await make.person()
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({}, ("INVALID", [])),
        ({"notes": "x"}, ("INVALID", [])),
        ({"learned": "x" * 4_001}, ("INVALID", ["learned"])),
        ({"raised": [one, one]}, ("INVALID", ["raised", "1", "skillId"])),
        ({"raised": [{**one, "toLevel": 0}]}, ("INVALID", ["raised", "0", "toLevel"])),
        ({"raised": [{**one, "toLevel": 6}]}, ("INVALID", ["raised", "0", "toLevel"])),
        ({"raised": [{**one, "fromLevel": -1}]}, ("INVALID", ["raised", "0", "toLevel"])),
        ({"raised": [{**one, "personId": nobody.id}]}, ("NOT_FOUND", ["raised", "0", "personId"])),
        (
            {"raised": [{**one, "skillId": "skl_00000000-0000-7000-8000-000000000000"}]},
            ("NOT_FOUND", ["raised", "0", "skillId"]),
        ),
        ({"raised": [one] * 41}, ("TOO_MANY", ["raised"])),
    ]
    for receipt, (code, field) in cases:
        found = deal.refused("Record", deal.lending, expectedVersion=0, receipt=receipt)
        assert found == [(code, ["receipt", *field])], receipt
    assert deal.refused("Confirm", deal.lending, expectedVersion=0) == [
        ("CONFLICT", ["exchangeId"])
    ]


async def test_of_two_who_record_at_once_the_second_is_told(market: Market, make: Maker) -> None:
    deal = await dealing(market, make)
    deal.completed()

    def record(who: Someone) -> list[str]:
        answer = deal.call("Record", who, expectedVersion=0, receipt={"learned": "x"})["answer"]
        return [error["code"] for error in answer["userErrors"]]

    outcomes = await asyncio.gather(
        *(asyncio.to_thread(record, who) for who in (deal.lending, deal.borrowing))
    )
    assert sorted(outcomes) == [[], ["CONFLICT"]]


async def test_endorsements_come_from_exchanges_that_are_over(market: Market, make: Maker) -> None:
    deal = await dealing(market, make)
    deal.active()
    assert deal.refused("Endorse", deal.borrowing, line="Good.") == [("CONFLICT", ["exchangeId"])]
    deal.do("Complete", deal.borrowing)
    for line in ("", "x" * 201, "two\nlines"):
        assert deal.refused("Endorse", deal.borrowing, line=line) == [("INVALID", ["line"])]
    done(deal.call("Endorse", deal.borrowing, line="They know their trade."), "answer")
    assert deal.refused("Endorse", deal.borrowing, line="Again.") == [("TAKEN", ["exchangeId"])]
    shown = page(deal, deal.lender.id, None)["endorsements"]["nodes"]
    assert shown == [
        {
            "line": "They know their trade.",
            "form": "PROJECT",
            "organisation": {"id": deal.borrower.id},
            "author": None,
        }
    ]
    assert page(deal, deal.borrower.id, None)["endorsements"]["nodes"] == []
    deal.do("Unendorse", deal.borrowing)
    assert deal.refused("Unendorse", deal.borrowing) == [("NOT_FOUND", ["exchangeId"])]
    # Over, and nobody has said what came of it.
    assert page(deal, deal.lender.id, None)["enrichment"] == [
        {
            "form": "PROJECT",
            "completed": 1,
            "answered": 0,
            "enriched": 0,
            "ratio": None,
            "unansweredShare": 1.0,
        }
    ]
