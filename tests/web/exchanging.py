"""Exchanges as clients meet them: two organisations that lend and borrow, and who goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from tests.making import Maker, Place, Someone
from tests.web.marketing import ERRORS, Market
from tests.web.serving import Answer, ask, data_of, done, refused

EXCHANGE = """
  id status version startsOn lastDay recallAskedOn recallOn endReason viewerSides viewerMoves
  minutesLogged minutesConfirmed
  lender { id } borrower { id } offer { id } request { id } matchRequest { id }
  people { id name consent person { id } }
  agreement { id number contentHash canonical paperPath form hoursPerWeek recallDays text
    skills { id } aims { id } changes { field before after } side author { id }
    signatures { side name contentHash voidedAt person { id } } }
  receipt { id version side confirmedAt raised { id name fromLevel toLevel } }
"""
ONE = f"query ($id: ID!) {{ exchange(id: $id) {{ {EXCHANGE} }} }}"
TAKING = {
    "Amend": "exchangeAmend",
    "Offer": "exchangeOffer",
    "Consent": "exchangeConsent",
    "Revoke": "exchangeRevoke",
    "Sign": "exchangeSign",
    "Start": "exchangeStart",
    "Recall": "exchangeRecall",
    "AnswerRecall": "exchangeAnswerRecall",
    "Complete": "exchangeComplete",
    "Cancel": "exchangeCancel",
    "LogHours": "exchangeLogHours",
    "ConfirmHours": "exchangeConfirmHours",
    "RemoveHours": "exchangeRemoveHours",
    "TickReentry": "exchangeTickReentry",
    "Record": "receiptRecord",
    "Confirm": "receiptConfirm",
    "Endorse": "endorsementWrite",
    "Unendorse": "endorsementRemove",
}
ACCEPT = f"""
mutation ($input: MatchRequestAcceptInput!) {{
  answer: matchRequestAccept(input: $input) {{ matchRequest {{ exchange {{ id }} }} {ERRORS} }} }}
"""
ASK = f"""
mutation ($input: MatchRequestAskInput!) {{
  answer: matchRequestAsk(input: $input) {{ matchRequest {{ id }} {ERRORS} }} }}
"""


def today() -> date:
    """Give the day as agreements count it."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def day(offset: int) -> str:
    """Give a day so many days from now."""
    return (today() + timedelta(days=offset)).isoformat()


def mutation_of(name: str) -> str:
    """Give the text of what is done with an exchange."""
    field = TAKING[name]
    given = f"{field[0].upper()}{field[1:]}Input"
    shown = "endorsement { id line }" if name == "Endorse" else f"exchange {{ {EXCHANGE} }}"
    more = "hours { id }" if name == "LogHours" else ""
    return f"""mutation ($input: {given}!) {{
      answer: {field}(input: $input) {{ {shown} {more} {ERRORS} }} }}"""


@dataclass
class Deal:
    """An exchange between a lender and a borrower, with their managers and who goes."""

    market: Market
    lender: Place
    lending: Someone
    borrower: Place
    borrowing: Someone
    goes: Someone
    id: str = ""

    @property
    def client(self) -> httpx2.Client:
        """Who asks."""
        return self.market.client

    def call(self, name: str, who: Someone | None, /, **given: Any) -> Answer:
        """Do something with it; give the answer."""
        return self.market.call(mutation_of(name), who, **{"exchangeId": self.id, **given})

    def do(self, name: str, who: Someone, /, **given: Any) -> Answer:
        """Do something that can be done; give the payload."""
        return done(self.call(name, who, **given), "answer")

    def refused(
        self, name: str, who: Someone | None, /, **given: Any
    ) -> list[tuple[str, list[str]]]:
        """Do something that cannot be done; give why."""
        return refused(self.call(name, who, **given), "answer")

    def seen(self, who: Someone | None) -> Any:
        """Give it as somebody sees it."""
        token = who.token if who else None
        return data_of(ask(self.client, ONE, {"id": self.id}, token=token))["exchange"]

    def agreement(self, **more: Any) -> Answer:
        """Give a whole agreement, over the days around today."""
        return {
            "form": "PROJECT",
            "terms": "FREE",
            "startsOn": day(-3),
            "endsOn": day(60),
            "recallDays": 14,
            "hoursPerWeek": 8,
            **more,
        }

    def amend(self, who: Someone | None = None, **more: Any) -> Answer:
        """Write a new version, by the lender unless said, with who goes."""
        who = who or self.lending
        if who is self.lending:
            more.setdefault("personIds", [self.goes.id])
        version = self.seen(who)["version"]
        given = {"expectedVersion": version, "agreement": self.agreement(**more)}
        found: Answer = self.do("Amend", who, **given)["exchange"]
        return found

    def offered(self, **more: Any) -> int:
        """Bring it to be signed; give the version."""
        version: int = self.amend(**more)["version"]
        self.do("Consent", self.goes)
        self.do("Offer", self.lending, expectedVersion=version)
        return version

    def agreed(self, **more: Any) -> None:
        """Bring it to be agreed."""
        version = self.offered(**more)
        for who, name in ((self.lending, "Lena"), (self.borrowing, "Bo"), (self.goes, "Gus")):
            self.do("Sign", who, expectedVersion=version, name=name)

    def active(self, **more: Any) -> None:
        """Bring it to go on."""
        self.agreed(**more)
        self.do("Start", self.lending)

    def completed(self, **more: Any) -> None:
        """Bring it to an end."""
        self.active(**more)
        self.do("Complete", self.borrowing)


async def dealing(market: Market, make: Maker, **content: Any) -> Deal:
    """Make two organisations of which one accepted what the other asked for."""
    borrower, borrowing = await market.manager("Borrower")
    lender, lending = await market.manager("Lender")
    goes = await make.person("Gus")
    await make.member(goes, lender)
    deal = Deal(market, lender, lending, borrower, borrowing, goes)
    offer = market.open(lending, lender, "OFFER", **content)
    asked = market.call(ASK, borrowing, organisationId=borrower.id, listingId=offer)
    request = done(asked, "answer")["matchRequest"]["id"]
    accepted = done(market.call(ACCEPT, lending, matchRequestId=request), "answer")
    deal.id = accepted["matchRequest"]["exchange"]["id"]
    return deal
