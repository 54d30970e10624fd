"""The founding story over the public API, in two real clients: the police lends, and gets back more than it gave."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx2
import pytest

from db.tables.people import Locale
from resolvers.wording import day as said
from tests.mailing import deliver
from tests.making import Maker
from tests.web.exchanging import ASK, Deal, day, mutation_of
from tests.web.listening import listening
from tests.web.marketing import ERRORS, Market
from tests.web.serving import ask, client_of, data_of, done, refused
from tests.web.test_receipts import DECIDE, MINE, PAGE

SKILL = f"""mutation ($input: PersonSkillAddInput!) {{
  answer: personSkillAdd(input: $input) {{ personSkill {{ level }} {ERRORS} }} }}"""
DECLARE = f"""mutation ($input: StrengthDeclareInput!) {{
  answer: strengthDeclare(input: $input) {{ strength {{ id }} {ERRORS} }} }}"""
NEW_MATCHES = """subscription ($id: ID!) { newMatches(organisationId: $id) {
  match { score reasons { closeness skill { slug } } offer { id } request { title } } } }"""
CHANGED = "subscription { exchangeChanged { step exchange { status } } }"
DECLINE = f"""mutation ($input: MatchRequestDeclineInput!) {{
  answer: matchRequestDecline(input: $input) {{ counter {{ id kind form }} {ERRORS} }} }}"""
ACCEPT = f"""mutation ($input: MatchRequestAcceptInput!) {{
  answer: matchRequestAccept(input: $input) {{ matchRequest {{ exchange {{ id }} }} {ERRORS} }} }}"""
STORY_SKILL = "project-management-in-politically-sensitive-situations"
AIM = "network-collaboration-across-organisations"


@pytest.fixture
async def police(town_client: httpx2.Client, make: Maker) -> Deal:
    """The police with a project leader, a municipality with a need, and nothing agreed yet."""
    # What other tests left would fit too.
    await make.connection.execute("delete from listing")
    market = Market(town_client, make)
    lender, lending = await market.manager("Police")
    borrower, borrowing = await market.manager("Municipality")
    goes = await make.person("Nadia")
    await make.member(goes, lender)
    return Deal(market, lender, lending, borrower, borrowing, goes)


async def test_sharing_multiplies(police: Deal, town: str, town_site: str) -> None:
    market, deal = police.market, police
    skill, aim = await market.skill(STORY_SKILL), await market.skill(AIM)
    known = {"skillId": skill, "level": 5, "evidence": "Led the move of the police station."}
    # She is not the only one who can.
    for who in (deal.goes, deal.lending):
        done(market.call(SKILL, who, **known), "answer")
    declared = {"organisationId": deal.lender.id, "skillId": skill, "statement": "Calm."}
    done(market.call(DECLARE, deal.lending, **declared), "answer")
    # What the police wants to learn, the municipality can.
    theirs = {"skillId": aim, "level": 4, "evidence": "Pooled projects with four neighbours."}
    done(market.call(SKILL, deal.borrowing, **theirs), "answer")
    declared = {"organisationId": deal.borrower.id, "skillId": aim, "statement": "Together."}
    done(market.call(DECLARE, deal.borrowing, **declared), "answer")
    async with (
        listening(town_site, token=deal.lending.token) as police_live,
        listening(town_site, token=deal.borrowing.token) as town_live,
    ):
        # An offer, and a request in Dutch: the match is pushed to both sides, with its reasons.
        offered = {"skills": [(skill, 4)], "aimIds": [aim], "terms": "RECIPROCAL"}
        offer = market.open(deal.lending, deal.lender, "OFFER", form="PART_TIME", **offered)
        found = await town_live.subscribe(NEW_MATCHES, {"id": deal.borrower.id})
        seen = await police_live.subscribe(CHANGED)
        await town_live.settled()
        await police_live.settled()
        need = market.open(
            deal.borrowing,
            deal.borrower,
            "REQUEST",
            form="PART_TIME",
            language="NL",
            title="Wie kijkt mee bij een project waar de hele stad over praat?",
            terms="RECIPROCAL",
            skills=[(skill, 4)],
        )
        await deliver(town)
        match = (await town_live.next(found))["newMatches"]["match"]
        assert match["offer"] == {"id": offer}
        assert [(one["skill"]["slug"], one["closeness"]) for one in match["reasons"]] == [
            (STORY_SKILL, 1)
        ]
        request = _asked(deal, offer, need)
        _agreed_otherwise(deal, request)
        assert (await police_live.next(seen))["exchangeChanged"] == {
            "step": "BEGUN",
            "exchange": {"status": "DRAFT"},
        }
    version = _signed_by_three(deal, skill, aim)
    assert version == 3
    _worked(deal)
    _called_back_too_soon(deal)
    _returned(deal, aim)
    mine = data_of(ask(deal.client, MINE, token=deal.goes.token))["viewer"]["skills"]["nodes"]
    raised = next(one for one in mine if one["skill"]["id"] == aim)
    assert (raised["level"], raised["lastUsedOn"]) == (3, day(0))
    assert raised["proofs"][0]["partner"] == {"id": deal.borrower.id}
    page = data_of(ask(deal.client, PAGE, {"id": deal.lender.id}, token=deal.lending.token))
    shown = page["organisation"]
    assert {(one["skill"]["id"], one["toLevel"]) for one in shown["skillProofs"]["nodes"]} == {
        (skill, None),
        (aim, 3),
    }
    assert shown["strengths"]["nodes"] == [{"proofs": [{"skill": {"id": skill}}]}]
    assert shown["balance"][0] == {"skill": None, "givenMinutes": 480, "receivedMinutes": 0}
    with client_of(town_site) as anybody:
        line = data_of(ask(anybody, PAGE, {"id": deal.lender.id}))["organisation"]
    assert line["endorsements"]["nodes"][0]["line"] == "They came to help and left us wiser."
    assert line["balance"] == []


def _asked(deal: Deal, offer: str, need: str) -> str:
    given = {"organisationId": deal.borrower.id, "listingId": offer, "ownListingId": need}
    asked = deal.market.call(ASK, deal.borrowing, **given, message="Op dinsdag?")
    key: str = done(asked, "answer")["matchRequest"]["id"]
    return key


def _agreed_otherwise(deal: Deal, request: str) -> None:
    """The police says no to that, proposes something smaller, and the municipality takes it."""
    counter = {"form": "PROJECT", "hoursPerWeek": 8, "message": "One day a week?"}
    given = {"matchRequestId": request, "reason": "CAPACITY", "counter": counter}
    found = done(deal.market.call(DECLINE, deal.lending, **given), "answer")["counter"]
    assert (found["kind"], found["form"]) == ("OFFER", "PROJECT")
    accepted = deal.market.call(ACCEPT, deal.borrowing, matchRequestId=found["id"])
    deal.id = done(accepted, "answer")["matchRequest"]["exchange"]["id"]
    again = deal.market.call(ACCEPT, deal.borrowing, matchRequestId=found["id"])
    assert refused(again, "answer") == [("CONFLICT", ["matchRequestId"])]
    begun = deal.seen(deal.borrowing)
    assert (begun["lender"]["id"], begun["agreement"]["hoursPerWeek"]) == (deal.lender.id, 8)


def _signed_by_three(deal: Deal, skill: str, aim: str) -> int:
    said: dict[str, Any] = {"skillIds": [skill], "aimIds": [aim], "terms": "RECIPROCAL"}
    deal.amend(**said, text="Tuesdays in the town hall.")
    amended = deal.amend(deal.borrowing, **said, text="Tuesdays in the town hall.", recallDays=21)
    assert [one["field"] for one in amended["agreement"]["changes"]] == ["RECALL_DAYS"]
    version: int = amended["version"]
    deal.do("Consent", deal.goes)
    deal.do("Offer", deal.lending, expectedVersion=version)
    signers = ((deal.lending, "Marit"), (deal.borrowing, "Sanne"), (deal.goes, "Nadia"))
    statuses = [
        deal.do("Sign", who, expectedVersion=version, name=name)["exchange"]["status"]
        for who, name in signers
    ]
    assert statuses == ["OFFERED", "OFFERED", "AGREED"]
    # One person was offered, and one was asked for.
    filled = "query ($id: ID!) { exchange(id: $id) { offer { status } request { status } } }"
    found = data_of(ask(deal.client, filled, {"id": deal.id}, token=deal.borrowing.token))
    assert found["exchange"] == {"offer": {"status": "FILLED"}, "request": {"status": "FILLED"}}
    return version


def _worked(deal: Deal) -> None:
    assert deal.do("Start", deal.lending)["exchange"]["status"] == "ACTIVE"
    hours = deal.do("LogHours", deal.goes, workedOn=day(-1), minutes=480)["hours"]["id"]
    confirmed = deal.do("ConfirmHours", deal.borrowing, hoursIds=[hours])["exchange"]
    assert confirmed["minutesConfirmed"] == 480


def _called_back_too_soon(deal: Deal) -> None:
    answer = deal.market.call(
        mutation_of("Recall"), deal.lending, exchangeId=deal.id, lastDay=day(7)
    )
    (error,) = answer["answer"]["userErrors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["lastDay"])
    assert error["message"].startswith("A notice of 21 days was agreed")
    assert said(date.fromisoformat(day(21)), Locale.EN) in error["message"]


def _returned(deal: Deal, aim: str) -> None:
    deal.do("Complete", deal.borrowing, note="Back to the station.")
    deal.do("TickReentry", deal.lending, item="LEARNED_SHARED", done=True)
    raised = [{"personId": deal.goes.id, "skillId": aim, "fromLevel": 1, "toLevel": 3}]
    receipt = {
        "learned": "How a council decides.",
        "cameBack": "A way to plan with neighbours.",
        "raised": raised,
    }
    deal.do("Record", deal.borrowing, expectedVersion=0, receipt=receipt)
    deal.do("Confirm", deal.lending, expectedVersion=1)
    mine = data_of(ask(deal.client, MINE, token=deal.goes.token))["viewer"]["raisedSkills"]["nodes"]
    given = {"raisedSkillId": mine[0]["id"], "accept": True}
    done(deal.market.call(DECIDE, deal.goes, **given), "answer")
    done(
        deal.call("Endorse", deal.borrowing, line="They came to help and left us wiser."), "answer"
    )
