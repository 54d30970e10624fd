"""Exchanges as their sides meet them: agreed, signed, called back, ended; each move by whom it is."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from db.pools import open_write_pool
from db.queue import enqueue
from db.tables.exchanges import ExchangeSide, ExchangeStatus
from resolvers import exchange_moves
from resolvers.erasing import erase_person
from resolvers.exchange_clock import begin_due, end_due, remind
from resolvers.exchange_moves import MOVES, Move
from tests.mailing import deliver
from tests.making import Maker, Someone
from tests.web.exchanging import ACCEPT, ASK, Deal, day, dealing
from tests.web.listening import listening
from tests.web.marketing import ERRORS, Market
from tests.web.serving import ask, data_of, done

CHANGED = """subscription ($id: ID) { exchangeChanged(id: $id) {
  kind id step exchange { status } } }"""
HISTORY = (
    "query ($id: ID!) { exchange(id: $id) { history(first: 50) { nodes { step side version } } } }"
)
LISTED = """query ($id: ID!, $side: ExchangeSide, $statuses: [ExchangeStatus!]) {
  organisation(id: $id) { exchanges(side: $side, statuses: $statuses) { nodes { id } } } }"""


@pytest.fixture
async def deal(town_client: httpx2.Client, make: Maker) -> Deal:
    return await dealing(Market(town_client, make), make)


async def test_from_an_accepted_request_to_the_end(deal: Deal) -> None:
    begun = deal.seen(deal.lending)
    assert (begun["status"], begun["version"], begun["people"]) == ("DRAFT", 1, [])
    assert (begun["lender"]["id"], begun["borrower"]["id"]) == (deal.lender.id, deal.borrower.id)
    assert begun["agreement"]["form"] == "PROJECT"
    assert deal.seen(deal.goes) is None
    amended = deal.amend(text="Fridays at home.", recallDays=21)
    assert amended["agreement"]["changes"] == [
        {"field": "PERSONS", "before": None, "after": deal.goes.id},
        {"field": "HOURS_PER_WEEK", "before": None, "after": "8"},
        {"field": "STARTS_ON", "before": None, "after": day(-3)},
        {"field": "ENDS_ON", "before": None, "after": day(60)},
        {"field": "RECALL_DAYS", "before": "14", "after": "21"},
        {"field": "TEXT", "before": None, "after": "Fridays at home."},
    ]
    assert [(one["name"], one["consent"]) for one in amended["people"]] == [("Gus", "WAITING")]
    assert deal.seen(deal.goes)["viewerMoves"] == ["CONSENT", "REVOKE"]
    changed = deal.amend(deal.borrowing, hoursPerWeek=6, text="Fridays at home.", recallDays=21)
    assert changed["version"] == 3
    assert changed["agreement"]["changes"] == [
        {"field": "HOURS_PER_WEEK", "before": "8", "after": "6"}
    ]
    assert changed["agreement"]["side"] == "BORROWER"
    deal.do("Consent", deal.goes)
    deal.do("Offer", deal.borrowing, expectedVersion=3)
    assert deal.do("Sign", deal.goes, expectedVersion=3, name="Gus G.")["exchange"]["status"] == (
        "OFFERED"
    )
    deal.do("Sign", deal.lending, expectedVersion=3, name="Lena L.")
    agreed = deal.do("Sign", deal.borrowing, expectedVersion=3, name="Bo B.")["exchange"]
    assert agreed["status"] == "AGREED"
    signed = agreed["agreement"]
    assert [(one["side"], one["name"]) for one in signed["signatures"]] == [
        ("EMPLOYEE", "Gus G."),
        ("LENDER", "Lena L."),
        ("BORROWER", "Bo B."),
    ]
    assert {one["contentHash"] for one in signed["signatures"]} == {signed["contentHash"]}
    assert hashlib.sha256(signed["canonical"].encode()).hexdigest() == signed["contentHash"]
    said = json.loads(signed["canonical"])
    assert (said["exchange"], said["version"]) == (deal.id, 3)
    assert said["agreed"]["PERSONS"] == [deal.goes.id]
    assert deal.do("Start", deal.borrowing)["exchange"]["status"] == "ACTIVE"
    ended = deal.do("Complete", deal.borrowing, note="Thank you.")["exchange"]
    assert (ended["status"], ended["endReason"]) == ("COMPLETED", "RETURNED_EARLY")
    lines = data_of(ask(deal.client, HISTORY, {"id": deal.id}, token=deal.goes.token))
    assert [(one["step"], one["side"]) for one in lines["exchange"]["history"]["nodes"]][::-1] == [
        ("BEGUN", None),
        ("AMENDED", "LENDER"),
        ("AMENDED", "BORROWER"),
        ("CONSENTED", "EMPLOYEE"),
        ("OFFERED", "BORROWER"),
        ("SIGNED", "EMPLOYEE"),
        ("SIGNED", "LENDER"),
        ("SIGNED", "BORROWER"),
        ("AGREED", "BORROWER"),
        ("STARTED", "BORROWER"),
        ("COMPLETED", "BORROWER"),
    ]


# What is sent for each move; the hours and the skill are of nobody, which no refusal here gets to.
MOVING: dict[Move, tuple[str, dict[str, Any]]] = {
    Move.AMEND: ("Amend", {"expectedVersion": 1, "agreement": {"form": "TEAM", "terms": "FREE"}}),
    Move.OFFER: ("Offer", {"expectedVersion": 1}),
    Move.CONSENT: ("Consent", {}),
    Move.REVOKE: ("Revoke", {}),
    Move.SIGN: ("Sign", {"expectedVersion": 1, "name": "X"}),
    Move.START: ("Start", {}),
    Move.RECALL: ("Recall", {"lastDay": "2030-01-01"}),
    Move.ANSWER_RECALL: ("AnswerRecall", {"accept": True}),
    Move.COMPLETE: ("Complete", {}),
    Move.CANCEL: ("Cancel", {"reason": "OTHER"}),
    Move.LOG_HOURS: ("LogHours", {"workedOn": "2026-01-01", "minutes": 1}),
    Move.CONFIRM_HOURS: ("ConfirmHours", {"hoursIds": []}),
    Move.REMOVE_HOURS: ("RemoveHours", {"hoursId": "hrs_00000000-0000-7000-8000-000000000000"}),
    Move.TICK: ("TickReentry", {"item": "TALK_PLANNED", "done": True}),
    Move.RECORD_RECEIPT: ("Record", {"expectedVersion": 0, "receipt": {}}),
    Move.CONFIRM_RECEIPT: ("Confirm", {"expectedVersion": 1}),
    Move.ENDORSE: ("Endorse", {"line": "x"}),
}


async def test_every_move_is_refused_from_elsewhere_and_by_others(deal: Deal, make: Maker) -> None:
    deal.amend()
    people = {
        ExchangeSide.LENDER: deal.lending,
        ExchangeSide.BORROWER: deal.borrowing,
        ExchangeSide.EMPLOYEE: deal.goes,
    }
    for status in ExchangeStatus:
        await make.connection.execute(
            "update exchange set status = $2, recall_on = '2030-02-02', end_reason = 'OTHER'"
            " where id = $1",
            deal.id.removeprefix("exc_"),
            status.value,
        )
        for side, who in people.items():
            shown = {
                move.value for move, rule in MOVES.items() if side in rule.by and status in rule.to
            }
            assert set(deal.seen(who)["viewerMoves"]) == shown, (status, side)
            refusals = {move: codes(deal, who, move) for move in Move if move.value not in shown}
            assert refusals == {
                move: ["CONFLICT" if side in MOVES[move].by else "NOT_ALLOWED"] for move in refusals
            }, (status, side)


def codes(deal: Deal, who: Someone, move: Move) -> list[str]:
    name, given = MOVING[move]
    answer = deal.call(name, who, **given)["answer"]
    return [error["code"] for error in answer["userErrors"]]


def test_the_documentation_has_the_table() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "exchanges.md"
    assert page.read_text(encoding="utf-8") == exchange_moves.document()


async def test_nobody_else_knows_of_it(deal: Deal, make: Maker) -> None:
    deal.amend()
    stranger, colleague = await make.person(), await make.person()
    await make.member(colleague, deal.lender, "EDITOR")
    for who in (stranger, colleague, None):
        assert deal.seen(who) is None
    assert deal.refused("Cancel", stranger, reason="OTHER") == [("NOT_FOUND", ["exchangeId"])]
    assert deal.refused("Cancel", None, reason="OTHER") == [("NOT_SIGNED_IN", [])]

    def listed(who: Someone, place: str, **given: Any) -> int:
        found = data_of(ask(deal.client, LISTED, {"id": place, **given}, token=who.token))
        return len(found["organisation"]["exchanges"]["nodes"])

    lender, borrower = deal.lender.id, deal.borrower.id
    assert listed(deal.lending, lender) == listed(deal.borrowing, borrower) == 1
    assert listed(deal.lending, lender, side="LENDER", statuses=["DRAFT"]) == 1
    assert listed(deal.lending, lender, side="BORROWER") == 0
    assert listed(deal.lending, lender, statuses=["ACTIVE"]) == 0
    assert listed(deal.borrowing, lender) == 1
    assert listed(stranger, lender) == listed(colleague, lender) == 0
    own = "{ viewer { exchanges { nodes { id } } } }"
    mine = data_of(ask(deal.client, own, token=deal.goes.token))["viewer"]["exchanges"]["nodes"]
    assert mine == [{"id": deal.id}]
    # Whoever is no longer named no longer knows of it.
    deal.amend(personIds=[])
    assert deal.seen(deal.goes) is None


async def test_a_new_version_takes_the_force_of_signatures(deal: Deal) -> None:
    version = deal.offered()
    deal.do("Sign", deal.lending, expectedVersion=version, name="Lena")
    assert deal.refused("Sign", deal.lending, expectedVersion=version, name="Lena") == [
        ("TAKEN", ["side"])
    ]
    again = deal.amend(hoursPerWeek=4)
    assert (again["status"], again["agreement"]["signatures"]) == ("DRAFT", [])
    stale = deal.refused("Offer", deal.lending, expectedVersion=version)
    assert stale == [("CONFLICT", ["expectedVersion"])]
    kept = """query ($id: ID!) { exchange(id: $id) { signatures { nodes {
      name voidedAt version { number } } } } }"""
    found = data_of(ask(deal.client, kept, {"id": deal.id}, token=deal.goes.token))
    (one,) = found["exchange"]["signatures"]["nodes"]
    assert (one["name"], one["version"]["number"]) == ("Lena", version)
    assert one["voidedAt"] is not None


async def test_consent_comes_first(deal: Deal, make: Maker) -> None:
    version = deal.amend()["version"]
    deal.do("Offer", deal.lending, expectedVersion=version)
    early = deal.refused("Sign", deal.goes, expectedVersion=version, name="Gus")
    assert early == [("CONFLICT", ["exchangeId"])]
    deal.do("Consent", deal.goes)
    assert deal.refused("Consent", deal.goes) == [("TAKEN", ["exchangeId"])]
    # The borrower does not name people, and nobody lends who does not work there.
    other = await make.person()
    given = {"expectedVersion": version, "agreement": deal.agreement(personIds=[other.id])}
    assert deal.refused("Amend", deal.borrowing, **given) == [
        ("INVALID", ["agreement", "personIds"])
    ]
    assert deal.refused("Amend", deal.lending, **given) == [
        ("NOT_FOUND", ["agreement", "personIds", "0"])
    ]


@pytest.mark.parametrize(
    ("stage", "status", "reason"),
    [
        ("offered", "DRAFT", None),
        ("agreed", "CANCELLED", "CONSENT_REVOKED"),
        ("active", "COMPLETED", "CONSENT_REVOKED"),
    ],
)
async def test_consent_taken_back_ends_it_properly(
    deal: Deal, stage: str, status: str, reason: str | None
) -> None:
    getattr(deal, stage)()
    ended = deal.do("Revoke", deal.goes, note="My father is ill.")["exchange"]
    assert (ended["status"], ended["endReason"]) == (status, reason)
    assert [one["consent"] for one in ended["people"]] == ["REVOKED"]
    if status == "DRAFT":
        assert deal.refused("Revoke", deal.goes) == [("CONFLICT", ["exchangeId"])]
        assert deal.do("Consent", deal.goes)["exchange"]["people"][0]["consent"] == "GIVEN"


async def test_it_goes_on_with_those_who_go_on(deal: Deal, make: Maker) -> None:
    second = await make.person("Sam")
    await make.member(second, deal.lender)
    version = deal.amend(form="TEAM", personIds=[deal.goes.id, second.id])["version"]
    for who in (deal.goes, second):
        deal.do("Consent", who)
    deal.do("Offer", deal.lending, expectedVersion=version)
    for who in (deal.lending, deal.borrowing, deal.goes):
        deal.do("Sign", who, expectedVersion=version, name="X")
    assert deal.seen(second)["status"] == "OFFERED"
    assert deal.do("Sign", second, expectedVersion=version, name="X")["exchange"]["status"] == (
        "AGREED"
    )
    deal.do("Start", deal.lending)
    assert deal.do("Revoke", second)["exchange"]["status"] == "ACTIVE"
    assert deal.do("Revoke", deal.goes)["exchange"]["status"] == "COMPLETED"


async def test_a_recall_keeps_to_the_notice_or_asks(deal: Deal) -> None:
    deal.active()
    assert deal.refused("Recall", deal.lending, lastDay=day(13)) == [("CONFLICT", ["lastDay"])]
    for wrong in (day(-1), day(60)):
        assert deal.refused("Recall", deal.lending, lastDay=wrong) == [("INVALID", ["lastDay"])]
    assert deal.refused("Complete", deal.lending) == [("CONFLICT", ["exchangeId"])]
    assert deal.refused("AnswerRecall", deal.borrowing, accept=True) == [
        ("CONFLICT", ["exchangeId"])
    ]
    asked = deal.do("Recall", deal.lending, lastDay=day(3), askBorrower=True)["exchange"]
    assert (asked["status"], asked["recallAskedOn"]) == ("ACTIVE", day(3))
    refused = deal.do("AnswerRecall", deal.borrowing, accept=False)["exchange"]
    assert (refused["status"], refused["recallAskedOn"]) == ("ACTIVE", None)
    deal.do("Recall", deal.lending, lastDay=day(5), askBorrower=True)
    recalled = deal.do("AnswerRecall", deal.borrowing, accept=True)["exchange"]
    assert (recalled["status"], recalled["lastDay"], recalled["endReason"]) == (
        "RECALLED",
        day(5),
        "RECALLED",
    )


async def test_a_recall_in_time_needs_nobody(deal: Deal) -> None:
    deal.active()
    recalled = deal.do("Recall", deal.lending, lastDay=day(14), note="We need her.")["exchange"]
    assert (recalled["status"], recalled["lastDay"]) == ("RECALLED", day(14))


async def test_it_does_not_begin_before_its_first_day(deal: Deal) -> None:
    deal.agreed(startsOn=day(2))
    assert deal.refused("Start", deal.lending) == [("CONFLICT", ["exchangeId"])]
    cancelled = deal.do("Cancel", deal.borrowing, reason="PLANS_CHANGED")["exchange"]
    assert (cancelled["status"], cancelled["endReason"]) == ("CANCELLED", "PLANS_CHANGED")


async def test_what_does_not_say_enough_is_not_offered(deal: Deal) -> None:
    cases: list[dict[str, Any]] = [
        {"startsOn": None},
        {"startsOn": day(-9), "endsOn": day(-1)},
        {"personIds": []},
    ]
    for more in cases:
        version = deal.amend(**more)["version"]
        assert deal.refused("Offer", deal.lending, expectedVersion=version) == [
            ("INVALID", ["exchangeId"])
        ]
    # Nobody goes where something is only written down.
    version = deal.amend(form="DOCUMENT", personIds=[])["version"]
    deal.do("Offer", deal.lending, expectedVersion=version)
    deal.do("Sign", deal.lending, expectedVersion=version, name="Lena")
    signed = deal.do("Sign", deal.borrowing, expectedVersion=version, name="Bo")["exchange"]
    assert signed["status"] == "AGREED"


async def test_bad_agreements_are_refused_by_their_field(deal: Deal) -> None:
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({"hoursPerWeek": 61}, ("INVALID", ["hoursPerWeek"])),
        ({"hoursTotal": 0}, ("INVALID", ["hoursTotal"])),
        ({"startsOn": day(2), "endsOn": day(1)}, ("INVALID", ["endsOn"])),
        ({"terms": "RATE"}, ("INVALID", ["rateCents"])),
        ({"rateCents": 100}, ("INVALID", ["rateCents"])),
        ({"recallDays": -1}, ("INVALID", ["recallDays"])),
        ({"text": "x" * 10_001}, ("INVALID", ["text"])),
        ({"backfill": "\u202e"}, ("INVALID", ["backfill"])),
        ({"placeId": "plc_00000000-0000-7000-8000-000000000000"}, ("NOT_FOUND", ["placeId"])),
        (
            {"skillIds": ["skl_00000000-0000-7000-8000-000000000000"]},
            ("NOT_FOUND", ["skillIds", "0"]),
        ),
        ({"aimIds": ["x"]}, ("INVALID", ["aimIds", "0"])),
    ]
    for more, (code, field) in cases:
        given = {"expectedVersion": 1, "agreement": deal.agreement(**more)}
        found = deal.refused("Amend", deal.lending, **given)
        assert found == [(code, ["agreement", *field])], more
    deal.amend()
    version = deal.seen(deal.lending)["version"]
    same = deal.refused("Amend", deal.lending, expectedVersion=version, agreement=deal.agreement())
    assert same == [("INVALID", ["agreement"])]


async def test_whoever_is_on_both_sides_says_for_which(deal: Deal, make: Maker) -> None:
    await make.member(deal.lending, deal.borrower, "ADMIN")
    version = deal.amend(deal.borrowing)["version"]
    assert deal.refused("Offer", deal.lending, expectedVersion=version) == [("INVALID", ["side"])]
    assert deal.seen(deal.lending)["viewerSides"] == ["LENDER", "BORROWER"]
    given = {"expectedVersion": version, "side": "EMPLOYEE"}
    assert deal.refused("Offer", deal.lending, **given) == [("NOT_ALLOWED", ["exchangeId"])]


@pytest.mark.parametrize(
    ("stage", "first", "second"),
    [
        ("offered", "sign", "amend"),
        ("active", "recall", "complete"),
        ("agreed", "start", "cancel"),
        ("offered", "sign", "sign"),
    ],
)
async def test_of_two_who_move_it_at_once_the_second_is_told(
    deal: Deal, stage: str, first: str, second: str
) -> None:
    getattr(deal, stage)()
    version = deal.seen(deal.lending)["version"]
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "sign": ("Sign", {"expectedVersion": version, "name": "X"}),
        "amend": (
            "Amend",
            {"expectedVersion": version, "agreement": deal.agreement(hoursPerWeek=3)},
        ),
        "recall": ("Recall", {"lastDay": day(20)}),
        "complete": ("Complete", {}),
        "start": ("Start", {}),
        "cancel": ("Cancel", {"reason": "OTHER"}),
    }

    def move(what: str, who: Someone) -> list[str]:
        name, sent = given[what]
        return [error["code"] for error in deal.call(name, who, **sent)["answer"]["userErrors"]]

    who = deal.lending if second == "sign" else deal.borrowing
    outcomes = await asyncio.gather(
        asyncio.to_thread(move, first, deal.lending), asyncio.to_thread(move, second, who)
    )
    status = deal.seen(deal.lending)["status"]
    if second == "complete":
        # What was called back can be over as well, but not the other way round.
        assert status == "COMPLETED"
        assert outcomes[1] == []
        assert outcomes[0] in ([], ["CONFLICT"])
    elif second == "amend":
        # Signed before it was amended, or refused for the version that was signed.
        assert (status, outcomes[1]) == ("DRAFT", [])
        assert outcomes[0] in ([], ["CONFLICT"])
    else:
        assert sorted(outcomes) == [[], ["TAKEN" if second == "sign" else "CONFLICT"]]


async def test_of_two_who_accept_one_begins_an_exchange(deal: Deal, make: Maker) -> None:
    second = await make.person()
    await make.member(second, deal.lender, "ADMIN")
    asked = {"organisationId": deal.borrower.id, "askedId": deal.lender.id, "kind": "REQUEST"}
    sent = deal.market.call(ASK, deal.borrowing, **asked, proposal={"form": "CONSULT"})
    request = done(sent, "answer")["matchRequest"]["id"]

    def accept(who: Someone) -> list[str]:
        answer = deal.market.call(ACCEPT, who, matchRequestId=request)["answer"]
        return [error["code"] for error in answer["userErrors"]]

    outcomes = await asyncio.gather(
        *(asyncio.to_thread(accept, who) for who in (deal.lending, second))
    )
    assert sorted(outcomes) == [[], ["CONFLICT"]]
    count = "select count(*) from exchange where match_request_id = $1"
    assert await make.connection.fetchval(count, request.removeprefix("mrq_")) == 1


async def test_it_is_told_live_to_those_who_see_it(deal: Deal, make: Maker, town_site: str) -> None:
    stranger = await make.person()
    async with (
        listening(town_site, token=deal.borrowing.token) as inside,
        listening(town_site, token=stranger.token) as outside,
    ):
        one = await inside.subscribe(CHANGED, {"id": deal.id})
        every = await inside.subscribe(CHANGED)
        deaf = await outside.subscribe(CHANGED)
        await inside.settled()
        await outside.settled()
        deal.amend()
        told = {
            "kind": "UPDATED",
            "id": deal.id,
            "step": "AMENDED",
            "exchange": {"status": "DRAFT"},
        }
        assert (await inside.next(one))["exchangeChanged"] == told
        assert (await inside.next(every))["exchangeChanged"] == told
        await outside.nothing(deaf)


async def test_time_begins_and_ends_it_and_reminds(deal: Deal, make: Maker, town: str) -> None:
    key = deal.id.removeprefix("exc_")

    async def days(column: str, statement: str) -> None:
        await make.connection.execute(
            f"update exchange set {column} = {statement} where id = $1", key
        )

    version = deal.offered(endsOn=day(10))
    await days("offered_at", "now() - interval '8 days'")
    await run(town)
    deal.do("Sign", deal.lending, expectedVersion=version, name="Lena")
    for _ in range(2):
        await run(town)
    steps = await lines(make, key)
    assert steps.count("REMINDED_TO_SIGN") == 1
    for who in (deal.borrowing, deal.goes):
        deal.do("Sign", who, expectedVersion=version, name="X")
    for _ in range(2):
        await run(town)
    assert deal.seen(deal.goes)["status"] == "ACTIVE"
    assert (await lines(make, key)).count("REMINDED_OF_END") == 1
    await days("ends_on", "current_date - 2")
    await run(town)
    assert deal.seen(deal.goes)["status"] == "COMPLETED"
    await days("completed_at", "now() - interval '8 days'")
    await run(town)
    for job in ("move_exchanges", "remind_of_exchanges"):
        await enqueue(make.connection, job, {})
    await deliver(town)
    assert (await lines(make, key))[-1] == "REMINDED_OF_RECEIPT"
    titles = await inbox(deal, deal.borrowing)
    assert titles[0] == (
        "EXCHANGE_REMINDER",
        "The exchange with Lender is over, and you have not said what came of it",
    )


async def run(town: str) -> None:
    """Do what time does."""
    pool = await open_write_pool(town, name="commons-test", size=1)
    try:
        async with pool.acquire() as connection:
            for pass_time in (begin_due, end_due, remind):
                async with connection.transaction():
                    await pass_time(connection)
    finally:
        await pool.close()


async def lines(make: Maker, key: str) -> list[str]:
    rows = await make.connection.fetch(
        "select step from exchange_line where exchange_id = $1 order by id", key
    )
    return [row["step"] for row in rows]


INBOX = """{ viewer { notifications(unread: true) { nodes { kind title exchange { id } } } } }"""


async def inbox(deal: Deal, who: Someone) -> list[tuple[str, str]]:
    """Give what is unread of this exchange: kind and title."""
    found = data_of(ask(deal.client, INBOX, token=who.token))["viewer"]["notifications"]["nodes"]
    return [(line["kind"], line["title"]) for line in found if line["exchange"] == {"id": deal.id}]


async def test_those_concerned_are_told_in_their_inboxes(deal: Deal, town: str) -> None:
    deal.amend()
    await deliver(town)
    assert await inbox(deal, deal.goes) == [
        (
            "EXCHANGE_ASKED",
            "You are proposed to go to Borrower. Nobody is lent who does not agree",
        )
    ]
    assert await inbox(deal, deal.borrowing) == [
        ("EXCHANGE_CHANGED", "There is a new version of the agreement with Lender")
    ]
    assert await inbox(deal, deal.lending) == []


async def test_what_takes_the_last_place_fills_the_listing(
    town_client: httpx2.Client, make: Maker
) -> None:
    market = Market(town_client, make)
    deal = await dealing(market, make)
    deal.agreed()
    offer = deal.seen(deal.lending)["offer"]["id"]
    query = """query ($id: ID!) { listing(id: $id) { status
      history(first: 1) { nodes { action exchange { id } } } } }"""
    found = data_of(ask(town_client, query, {"id": offer}, token=deal.lending.token))["listing"]
    assert found == {
        "status": "FILLED",
        "history": {"nodes": [{"action": "FILLED", "exchange": {"id": deal.id}}]},
    }
    wide = await dealing(market, make, capacity=2)
    wide.agreed()
    offer = wide.seen(wide.lending)["offer"]["id"]
    found = data_of(ask(town_client, query, {"id": offer}, token=wide.lending.token))["listing"]
    assert found["status"] == "OPEN"


async def test_whoever_leaves_the_lender_is_no_longer_lent(deal: Deal, make: Maker) -> None:
    deal.active()
    key = await make.connection.fetchval(
        "select id from membership where person_id = $1 and ended_on is null", deal.goes.key
    )
    manager = await make.person()
    await make.member(manager, deal.lender, "ADMIN")
    end = f"""mutation ($input: MembershipEndInput!) {{
      answer: membershipEnd(input: $input) {{ membership {{ id }} {ERRORS} }} }}"""
    done(deal.market.call(end, manager, membershipId=f"mem_{key}"), "answer")
    ended = deal.seen(deal.borrowing)
    assert (ended["status"], ended["endReason"]) == ("COMPLETED", "CONSENT_REVOKED")


async def test_whoever_is_erased_is_no_longer_lent(deal: Deal, town: str) -> None:
    deal.agreed()
    signed = deal.seen(deal.lending)["agreement"]
    pool = await open_write_pool(town, name="commons-test", size=1)
    try:
        async with pool.acquire() as connection, connection.transaction():
            await erase_person(connection, deal.goes.key)
    finally:
        await pool.close()
    left = deal.seen(deal.lending)
    assert (left["status"], left["endReason"]) == ("CANCELLED", "CONSENT_REVOKED")
    assert [one["name"] for one in left["people"]] == ["Former member"]
    # What was signed reads as it did, without who it was.
    assert left["agreement"]["canonical"] == signed["canonical"]
    assert [one["name"] for one in left["agreement"]["signatures"]] == ["Lena", "Bo", "-"]
