"""Match requests as a client meets them: asked, answered once, countered, talked about, told live."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db.queue import enqueue
from tests.mailing import deliver
from tests.making import Maker, Place, Someone
from tests.web.listening import listening
from tests.web.marketing import ERRORS, Market
from tests.web.serving import Answer, ask, data_of, done, refused

REQUEST = """
  id status kind form hoursPerWeek startsOn endsOn message declineReason note
  asking { id } asked { id } listing { id } ownListing { id } counterTo { id } counters { id }
  askedBy { id } answeredBy { id } viewerCanAnswer unreadCount
"""
ASK = f"""
mutation ($input: MatchRequestAskInput!) {{
  answer: matchRequestAsk(input: $input) {{ matchRequest {{ {REQUEST} }} {ERRORS} }}
}}
"""
DECLINE = f"""
mutation ($input: MatchRequestDeclineInput!) {{
  answer: matchRequestDecline(input: $input) {{
    matchRequest {{ {REQUEST} }} counter {{ {REQUEST} }} {ERRORS}
  }}
}}
"""
WRITE = f"""
mutation ($input: MatchMessageWriteInput!) {{
  answer: matchMessageWrite(input: $input) {{ message {{ id }} {ERRORS} }}
}}
"""
SEEN = f"query ($id: ID!) {{ node(id: $id) {{ ... on MatchRequest {{ {REQUEST} }} }} }}"
LISTED = """query ($id: ID!, $received: Boolean, $statuses: [MatchRequestStatus!]) {
  organisation(id: $id) { matchRequests(received: $received, statuses: $statuses) { nodes { id } } } }"""
TALK = """query ($id: ID!) { node(id: $id) { ... on MatchRequest {
  unreadCount messages { nodes { body bodyHtml author { id } organisation { id } } } } } }"""
RECEIVED = """subscription ($id: ID!) {
  matchRequestReceived(organisationId: $id) { kind id matchRequest { message asking { id } } } }"""
CHANGED = """subscription ($id: ID!) {
  matchRequestChanged(id: $id) { kind id matchRequest { status } message { body } } }"""


def simple(name: str) -> str:
    """Give the mutation that does one thing with a request."""
    return ASK.replace("RequestAsk", f"Request{name}")


@pytest.fixture
def market(town_client: httpx2.Client, make: Maker) -> Market:
    return Market(town_client, make)


Pair = tuple[tuple[Place, Someone], tuple[Place, Someone]]


@pytest.fixture
async def pair(market: Market) -> Pair:
    return await market.manager("Borrower"), await market.manager("Lender")


def asked(market: Market, pair: Pair, **given: Any) -> Answer:
    """Have the borrower ask the lender about an offer; give the request."""
    (borrower, borrowing), (lender, lending) = pair
    offer = market.open(lending, lender, "OFFER")
    named = {"organisationId": borrower.id, "listingId": offer, **given}
    found: Answer = done(market.call(ASK, borrowing, **named), "answer")["matchRequest"]
    return found


def seen(market: Market, key: str, who: Someone | None) -> Any:
    token = who.token if who else None
    return data_of(ask(market.client, SEEN, {"id": key}, token=token))["node"]


async def test_one_asks_the_other_accepts(market: Market, pair: Pair) -> None:
    (borrower, borrowing), (lender, lending) = pair
    offer = market.open(lending, lender, "OFFER", form="MENTORING")
    need = market.open(borrowing, borrower, "REQUEST")
    proposal = {"hoursPerWeek": 4, "startsOn": "2027-03-01", "endsOn": "2027-04-30"}
    given = {
        "organisationId": borrower.id,
        "listingId": offer,
        "ownListingId": need,
        "proposal": proposal,
        "message": "Shall we?",
    }
    request = done(market.call(ASK, borrowing, **given), "answer")["matchRequest"]
    assert request == {
        "id": request["id"],
        "status": "PROPOSED",
        "kind": "REQUEST",
        "form": "MENTORING",
        **proposal,
        "message": "Shall we?",
        "declineReason": None,
        "note": "",
        "asking": {"id": borrower.id},
        "asked": {"id": lender.id},
        "listing": {"id": offer},
        "ownListing": {"id": need},
        "counterTo": None,
        "counters": [],
        "askedBy": {"id": borrowing.id},
        "answeredBy": None,
        "viewerCanAnswer": False,
        "unreadCount": 0,
    }
    assert refused(market.call(ASK, borrowing, **given), "answer") == [("TAKEN", ["listingId"])]
    named = {"matchRequestId": request["id"]}
    assert refused(market.call(simple("Accept"), borrowing, **named), "answer") == [
        ("NOT_ALLOWED", ["matchRequestId"])
    ]
    assert seen(market, request["id"], lending)["viewerCanAnswer"]
    accepted = done(market.call(simple("Accept"), lending, **named), "answer")["matchRequest"]
    assert (accepted["status"], accepted["answeredBy"]) == ("ACCEPTED", {"id": lending.id})
    for name, who in (("Accept", lending), ("Withdraw", borrowing)):
        assert refused(market.call(simple(name), who, **named), "answer") == [
            ("CONFLICT", ["matchRequestId"])
        ]


async def test_nobody_else_knows_of_it(market: Market, pair: Pair) -> None:
    (_, borrowing), (lender, _) = pair
    request = asked(market, pair)
    stranger, colleague = await market.make.person(), await market.make.person()
    await market.make.member(colleague, lender, "EDITOR")
    for who in (stranger, colleague, None):
        assert seen(market, request["id"], who) is None
    named = {"matchRequestId": request["id"]}
    assert refused(market.call(simple("Accept"), stranger, **named), "answer") == [
        ("NOT_FOUND", ["matchRequestId"])
    ]

    def listed(place: Place, who: Someone, **given: Any) -> int:
        token = who.token
        found = data_of(ask(market.client, LISTED, {"id": place.id, **given}, token=token))
        return len(found["organisation"]["matchRequests"]["nodes"])

    (borrower, _), (_, lending) = pair
    assert listed(lender, lending) == listed(borrower, borrowing) == 1
    assert listed(lender, lending, received=True) == 1
    assert listed(lender, lending, received=False) == 0
    assert listed(lender, lending, statuses=["ACCEPTED"]) == 0
    assert listed(lender, colleague) == 0
    assert listed(lender, borrowing) == 1


async def test_no_comes_with_a_reason_and_at_best_with_something_else(
    market: Market, pair: Pair
) -> None:
    (borrower, borrowing), (lender, lending) = pair
    request = asked(market, pair)
    named = {"matchRequestId": request["id"], "reason": "SINGLE_POINT", "note": "She is alone."}
    same = market.call(DECLINE, lending, **named, counter={"message": "No."})
    assert refused(same, "answer") == [("INVALID", ["counter", "form"])]
    assert seen(market, request["id"], lending)["status"] == "PROPOSED"
    counter = {"form": "CONSULT", "startsOn": "2027-05-01", "message": "An hour?"}
    answer = done(market.call(DECLINE, lending, **named, counter=counter), "answer")
    declined, instead = answer["matchRequest"], answer["counter"]
    assert (declined["status"], declined["declineReason"]) == ("DECLINED", "SINGLE_POINT")
    assert declined["counters"] == [{"id": instead["id"]}]
    assert instead["counterTo"] == {"id": request["id"]}
    assert (instead["kind"], instead["form"], instead["message"]) == (
        "OFFER",
        "CONSULT",
        "An hour?",
    )
    assert instead["asking"] == {"id": lender.id}
    assert instead["ownListing"] == request["listing"]
    accepted = market.call(simple("Accept"), borrowing, matchRequestId=instead["id"])
    assert done(accepted, "answer")["matchRequest"]["status"] == "ACCEPTED"
    del borrower


async def test_a_swap_may_be_the_answer(market: Market, pair: Pair) -> None:
    (borrower, borrowing), (_, lending) = pair
    request = asked(market, pair)
    theirs = market.open(borrowing, borrower, "OFFER", form="CLINIC")
    named = {"matchRequestId": request["id"], "reason": "CAPACITY"}
    answer = done(market.call(DECLINE, lending, **named, counter={"listingId": theirs}), "answer")
    assert answer["counter"]["kind"] == "REQUEST"
    assert answer["counter"]["listing"] == {"id": theirs}


async def test_bad_requests_are_refused_by_their_field(market: Market, pair: Pair) -> None:
    (borrower, borrowing), (lender, lending) = pair
    offer = market.open(lending, lender, "OFFER")
    draft = market.draft(lending, lender, "OFFER")
    mine = market.open(borrowing, borrower, "OFFER")
    nobody = "org_00000000-0000-7000-8000-000000000000"
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({}, ("INVALID", ["askedId"])),
        ({"askedId": borrower.id, "kind": "OFFER"}, ("INVALID", ["askedId"])),
        ({"listingId": mine}, ("INVALID", ["askedId"])),
        ({"askedId": nobody, "kind": "OFFER"}, ("NOT_FOUND", ["askedId"])),
        ({"askedId": lender.id}, ("INVALID", ["kind"])),
        ({"askedId": lender.id, "kind": "OFFER"}, ("INVALID", ["proposal", "form"])),
        ({"listingId": draft}, ("NOT_FOUND", ["listingId"])),
        ({"listingId": offer, "askedId": borrower.id}, ("INVALID", ["askedId"])),
        ({"listingId": offer, "kind": "OFFER"}, ("INVALID", ["kind"])),
        ({"listingId": offer, "ownListingId": mine}, ("INVALID", ["kind"])),
        ({"listingId": offer, "ownListingId": offer}, ("NOT_FOUND", ["ownListingId"])),
        (
            {"listingId": offer, "proposal": {"hoursPerWeek": 200}},
            ("INVALID", ["proposal", "hoursPerWeek"]),
        ),
        (
            {
                "listingId": offer,
                "proposal": {"startsOn": "2027-02-02", "endsOn": "2027-02-01"},
            },
            ("INVALID", ["proposal", "endsOn"]),
        ),
    ]
    for given, expected in cases:
        answer = market.call(ASK, borrowing, organisationId=borrower.id, **given)
        assert refused(answer, "answer") == [expected], given
    market.move(lending, offer, "Fill")
    late = market.call(ASK, borrowing, organisationId=borrower.id, listingId=offer)
    assert refused(late, "answer") == [("CONFLICT", ["listingId"])]


async def test_what_nobody_answers_expires_and_may_be_asked_again(
    market: Market, pair: Pair, town: str
) -> None:
    (borrower, borrowing), (_, lending) = pair
    request = asked(market, pair)
    await market.make.connection.execute(
        "update match_request set expires_at = now() - interval '1 second' where id = $1",
        request["id"].removeprefix("mrq_"),
    )
    assert seen(market, request["id"], lending)["status"] == "EXPIRED"
    late = market.call(simple("Accept"), lending, matchRequestId=request["id"])
    assert refused(late, "answer") == [("CONFLICT", ["matchRequestId"])]
    given = {"organisationId": borrower.id, "listingId": request["listing"]["id"]}
    done(market.call(ASK, borrowing, **given), "answer")
    await enqueue(market.make.connection, "expire_match_requests", {})
    await deliver(town)
    assert seen(market, request["id"], lending)["status"] == "EXPIRED"


@pytest.mark.parametrize("other", ["Accept", "Withdraw"])
async def test_of_two_who_answer_at_once_the_first_is_heard(
    market: Market, pair: Pair, other: str
) -> None:
    (_, borrowing), (lender, lending) = pair
    second = await market.make.person()
    await market.make.member(second, lender, "ADMIN")
    request = asked(market, pair)
    who = second if other == "Accept" else borrowing

    def answer(name: str, person: Someone) -> Any:
        found = market.call(simple(name), person, matchRequestId=request["id"])
        return [error["code"] for error in found["answer"]["userErrors"]]

    outcomes = await asyncio.gather(
        asyncio.to_thread(answer, "Accept", lending), asyncio.to_thread(answer, other, who)
    )
    assert sorted(outcomes) == [[], ["CONFLICT"]]
    accepted = outcomes[0] == []
    status = seen(market, request["id"], lending)["status"]
    assert status == ("ACCEPTED" if accepted or other == "Accept" else "WITHDRAWN")


async def test_both_sides_write_and_read(market: Market, pair: Pair) -> None:
    (borrower, borrowing), (lender, lending) = pair
    request = asked(market, pair)
    named = {"matchRequestId": request["id"]}
    done(market.call(WRITE, borrowing, **named, organisationId=borrower.id, body="*Hi*"), "answer")
    done(market.call(WRITE, lending, **named, organisationId=lender.id, body="Yes?"), "answer")
    foreign = market.call(WRITE, borrowing, **named, organisationId=lender.id, body="x")
    assert refused(foreign, "answer") == [("NOT_ALLOWED", ["organisationId"])]
    empty = market.call(WRITE, borrowing, **named, organisationId=borrower.id, body=" ")
    assert refused(empty, "answer") == [("INVALID", ["body"])]

    def talk(who: Someone) -> Any:
        token = who.token
        return data_of(ask(market.client, TALK, {"id": request["id"]}, token=token))["node"]

    found = talk(lending)
    assert found["unreadCount"] == 1
    assert found["messages"]["nodes"] == [
        {
            "body": "Yes?",
            "bodyHtml": "<p>Yes?</p>",
            "author": {"id": lending.id},
            "organisation": {"id": lender.id},
        },
        {
            "body": "*Hi*",
            "bodyHtml": "<p><em>Hi</em></p>",
            "author": {"id": borrowing.id},
            "organisation": {"id": borrower.id},
        },
    ]
    done(market.call(simple("MarkRead"), lending, **named), "answer")
    assert (talk(lending)["unreadCount"], talk(borrowing)["unreadCount"]) == (0, 1)


async def test_it_is_told_live_to_those_concerned(
    market: Market, pair: Pair, town_site: str
) -> None:
    (borrower, borrowing), (lender, lending) = pair
    stranger = await market.make.person()
    async with (
        listening(town_site, token=lending.token) as inside,
        listening(town_site, token=stranger.token) as outside,
    ):
        received = await inside.subscribe(RECEIVED, {"id": lender.id})
        nothing = await outside.subscribe(RECEIVED, {"id": lender.id})
        await inside.settled()
        await outside.settled()
        request = asked(market, pair, message="Shall we?")
        change = (await inside.next(received))["matchRequestReceived"]
        assert change == {
            "kind": "CREATED",
            "id": request["id"],
            "matchRequest": {"message": "Shall we?", "asking": {"id": borrower.id}},
        }
        changed = await inside.subscribe(CHANGED, {"id": request["id"]})
        deaf = await outside.subscribe(CHANGED, {"id": request["id"]})
        await inside.settled()
        await outside.settled()
        named = {"matchRequestId": request["id"]}
        written = market.call(WRITE, borrowing, **named, organisationId=borrower.id, body="Hi")
        key = done(written, "answer")["message"]["id"]
        assert (await inside.next(changed))["matchRequestChanged"] == {
            "kind": "CREATED",
            "id": key,
            "matchRequest": {"status": "PROPOSED"},
            "message": {"body": "Hi"},
        }
        done(market.call(simple("Withdraw"), borrowing, **named), "answer")
        assert (await inside.next(changed))["matchRequestChanged"] == {
            "kind": "UPDATED",
            "id": request["id"],
            "matchRequest": {"status": "WITHDRAWN"},
            "message": None,
        }
        await outside.nothing(nothing)
        await outside.nothing(deaf)


INBOX = """{ viewer { notifications(unread: true) { nodes {
  kind title matchRequest { id } listing { id } organisation { id } } } } }"""


async def inbox(market: Market, town: str, who: Someone) -> list[tuple[str, str, Any]]:
    """Give what is unread when everything that happened was told: kind, title, which request."""
    await deliver(town)
    found = data_of(ask(market.client, INBOX, token=who.token))
    return [
        (line["kind"], line["title"], (line["matchRequest"] or {}).get("id"))
        for line in found["viewer"]["notifications"]["nodes"]
    ]


async def test_both_sides_are_told_in_their_inboxes(market: Market, pair: Pair, town: str) -> None:
    (borrower, borrowing), (lender, lending) = pair
    colleague = await market.make.person()
    await market.make.member(colleague, lender, "EDITOR")
    request = asked(market, pair)
    key = request["id"]
    asks = ("MATCH_REQUESTED", "Borrower asks to match with you", key)
    assert await inbox(market, town, lending) == [asks]
    assert await inbox(market, town, colleague) == []
    named = {"matchRequestId": key}
    done(market.call(WRITE, lending, **named, organisationId=lender.id, body="Who?"), "answer")
    wrote = ("MATCH_MESSAGE", "Lender of Lender wrote about a match", key)
    assert await inbox(market, town, borrowing) == [wrote]
    done(market.call(DECLINE, lending, **named, reason="TIMING"), "answer")
    declined = ("MATCH_DECIDED", "Lender declined your match request", key)
    assert await inbox(market, town, borrowing) == [declined, wrote]
    assert await inbox(market, town, lending) == [asks]
    await market.make.connection.execute(
        "update membership set role = 'MEMBER' where person_id = $1", lending.key
    )
    # Whoever may no longer know of it is not reminded of it.
    assert await inbox(market, town, lending) == []
    del borrower
