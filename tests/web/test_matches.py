"""Matches as a client meets them: found when a listing opens, told to both sides, seen by nobody else."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.mailing import deliver
from tests.making import Maker, Someone
from tests.web.listening import listening
from tests.web.marketing import EDIT, Market, content_of
from tests.web.serving import ask, data_of, done, refused

MATCH = """
  score need ease gain meaning limiting isFeasible
  reasons { skill { id } importance wantedLevel bySkill { id } offeredLevel closeness contribution }
  hurdles { obstacle amount skill { id } }
  offer { id } request { id } viewerSide { id }
"""
MATCHES = f"""
query ($id: ID!, $near: Boolean!) {{
  listing(id: $id) {{ matches(nearMisses: $near) {{ totalCount nodes {{ id {MATCH} }} }} }}
}}
"""
SUGGESTED = """query ($id: ID!) {
  organisation(id: $id) { matchSuggestions { nodes { id offer { id } request { id } } } } }"""
NEW = """subscription ($id: ID!) {
  newMatches(organisationId: $id) { kind id match { score offer { title } request { title } } } }"""


@pytest.fixture
async def market(town_client: httpx2.Client, make: Maker) -> Market:
    # What other tests left would fit too.
    await make.connection.execute("delete from listing")
    return Market(town_client, make)


def matches(market: Market, key: str, who: Someone | None, *, near: bool = False) -> Any:
    token = who.token if who else None
    found = data_of(ask(market.client, MATCHES, {"id": key, "near": near}, token=token))
    return found["listing"]["matches"]["nodes"]


async def test_what_fits_is_found_and_says_why_to_both_sides(market: Market, town: str) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill, close = await market.skill("lead-a-team"), await market.skill("leadership-principles")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)])
    request = market.open(borrowing, borrower, "REQUEST", skills=[(skill, 3), (close, 3)])
    await deliver(town)
    [match] = matches(market, request, borrowing)
    assert match["offer"] == {"id": offer}
    assert match["request"] == {"id": request}
    assert match["isFeasible"]
    assert match["hurdles"] == []
    assert match["viewerSide"] == {"id": borrower.id}
    by_skill = {reason["skill"]["id"]: reason for reason in match["reasons"]}
    assert by_skill[skill]["closeness"] == 1
    assert by_skill[skill]["contribution"] == pytest.approx(0.5)
    assert by_skill[close]["bySkill"] == {"id": skill}
    assert 0 < by_skill[close]["closeness"] < 1
    assert match["meaning"] is None
    mean = 4 / (2 / match["need"] + 1 / match["ease"] + 1 / match["gain"])
    assert match["score"] == pytest.approx(mean)
    [mirrored] = matches(market, offer, lending)
    assert mirrored == {**match, "viewerSide": {"id": lender.id}}


async def test_a_match_is_seen_by_those_who_manage_listings_on_either_side_alone(
    market: Market, town: str
) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)], audience="PUBLIC")
    market.open(borrowing, borrower, "REQUEST", skills=[(skill, 3)])
    await deliver(town)
    colleague, stranger = await market.make.person(), await market.make.person()
    await market.make.member(colleague, lender, "MEMBER")
    [match] = matches(market, offer, lending)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for who in (colleague, stranger, None):
        assert matches(market, offer, who) == []
        token = who.token if who else None
        assert data_of(ask(market.client, node, {"id": match["id"]}, token=token))["node"] is None


async def test_what_stands_between_is_said_with_the_nearest_change(
    market: Market, town: str
) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    offer = market.open(
        lending,
        lender,
        "OFFER",
        skills=[(skill, 3)],
        startsOn="2028-03-01",
        hoursPerWeek=4,
        languages=["NL"],
        terms="RECIPROCAL",
    )
    market.open(
        borrowing,
        borrower,
        "REQUEST",
        skills=[(skill, 5)],
        startsOn="2028-01-01",
        endsOn="2028-02-10",
        slackDays=6,
        hoursPerWeek=8,
        languages=["EN", "DE"],
    )
    await deliver(town)
    assert matches(market, offer, lending) == []
    [match] = matches(market, offer, lending, near=True)
    assert not match["isFeasible"]
    assert match["hurdles"] == [
        {"obstacle": "PERIOD", "amount": 14, "skill": None},
        {"obstacle": "HOURS", "amount": 4, "skill": None},
        {"obstacle": "LANGUAGE", "amount": None, "skill": None},
        {"obstacle": "TERMS", "amount": None, "skill": None},
        {"obstacle": "LEVEL", "amount": 3, "skill": {"id": skill}},
    ]


async def test_a_new_match_is_pushed_to_both_sides_and_to_nobody_else(
    market: Market, town: str, town_site: str
) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    stranger = await market.make.person()
    skill = await market.skill("lead-a-team")
    market.open(lending, lender, "OFFER", skills=[(skill, 4)], title="We can")
    await deliver(town)
    async with (
        listening(town_site, token=lending.token) as giving,
        listening(town_site, token=borrowing.token) as taking,
        listening(town_site, token=stranger.token) as outside,
    ):
        heard = [
            (giving, await giving.subscribe(NEW, {"id": lender.id})),
            (taking, await taking.subscribe(NEW, {"id": borrower.id})),
        ]
        deaf = await outside.subscribe(NEW, {"id": lender.id})
        for client in (giving, taking, outside):
            await client.settled()
        market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)], title="We need")
        await deliver(town)
        for client, key in heard:
            change = (await client.next(key))["newMatches"]
            assert change["kind"] == "CREATED"
            assert change["match"]["offer"] == {"title": "We can"}
            assert change["match"]["request"] == {"title": "We need"}
        await outside.nothing(deaf)


async def test_a_match_follows_what_its_listings_say(market: Market, town: str) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill, other = await market.skill("lead-a-team"), await market.skill("3d-printing")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)])
    request = market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)])
    await deliver(town)
    [before] = matches(market, offer, lending)
    given = {"listingId": request, "expectedVersion": 2}
    changed = content_of([(skill, 4), (other, 3)])
    done(market.call(EDIT, borrowing, **given, listing=changed), "answer")
    await deliver(town)
    [after] = matches(market, offer, lending)
    assert after["id"] == before["id"]
    assert after["need"] < before["need"]
    market.move(borrowing, request, "Pause")
    assert matches(market, offer, lending) == []
    market.move(borrowing, request, "Open")
    await deliver(town)
    assert len(matches(market, offer, lending)) == 1
    market.move(lending, offer, "Fill")
    assert matches(market, request, borrowing) == []


async def test_nothing_is_matched_past_its_audience(market: Market, town: str) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)], audience="PARTNERS")
    request = market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)])
    inside = market.open(lending, lender, "REQUEST", skills=[(skill, 4)], audience="NETWORK")
    await deliver(town)
    assert matches(market, offer, lending) == []
    await market.make.connection.execute(
        "insert into partnership (requester_id, addressee_id, status) values ($1, $2, 'ACTIVE')",
        borrower.key,
        lender.key,
    )
    market.move(borrowing, request, "Renew")
    await deliver(town)
    [match] = matches(market, offer, lending)
    assert match["request"] == {"id": request}
    # Nobody is matched with themselves.
    assert matches(market, inside, lending) == []


async def test_what_one_side_dismisses_the_other_still_sees(market: Market, town: str) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)])
    request = market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)])
    await deliver(town)
    [match] = matches(market, offer, lending)
    dismiss = """mutation ($input: MatchDismissInput!) {
      answer: matchDismiss(input: $input) { match { id } userErrors { code field message } } }"""
    named = {"matchId": match["id"], "organisationId": lender.id}
    foreign = market.call(dismiss, borrowing, **named, reason="NOT_NOW")
    assert refused(foreign, "answer") == [("NOT_ALLOWED", ["organisationId"])]
    done(market.call(dismiss, lending, **named, reason="NOT_NOW"), "answer")
    assert matches(market, offer, lending) == []
    assert len(matches(market, request, borrowing)) == 1
    found = data_of(ask(market.client, SUGGESTED, {"id": lender.id}, token=lending.token))
    assert found["organisation"]["matchSuggestions"]["nodes"] == []
    market.move(borrowing, request, "Renew")
    await deliver(town)
    assert matches(market, offer, lending) == []
    restore = dismiss.replace("Dismiss", "Restore")
    done(market.call(restore, lending, **named), "answer")
    assert len(matches(market, offer, lending)) == 1


async def test_what_stays_at_the_lender_counts(market: Market, town: str) -> None:
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    key = skill.removeprefix("skl_")
    offers = []
    for holders in (1, 2, 5):
        place, manager = await market.manager(f"Lender of {holders}")
        for _ in range(holders):
            person = await market.make.person()
            await market.make.member(person, place)
            await market.make.connection.execute(
                "insert into person_skill (person_id, skill_id, level) values ($1, $2, 5)",
                person.key,
                key,
            )
        offers.append(market.open(manager, place, "OFFER", skills=[(skill, 4)]))
    request = market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)])
    await deliver(town)
    found = matches(market, request, borrowing)
    assert [match["offer"]["id"] for match in found] == offers[::-1]
    assert [match["limiting"] for match in found][-1] == "EASE"


async def test_those_who_manage_it_are_told_once_for_each_listing(
    market: Market, town: str
) -> None:
    lender, lending = await market.manager("Lender")
    skill = await market.skill("lead-a-team")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 4)], title="We can")
    for number in range(2):
        borrower, borrowing = await market.manager(f"Borrower {number}")
        market.open(borrowing, borrower, "REQUEST", skills=[(skill, 4)])
    await deliver(town)
    inbox = "{ viewer { notifications { nodes { kind title listing { id } } } } }"
    found = data_of(ask(market.client, inbox, token=lending.token))
    assert found["viewer"]["notifications"]["nodes"] == [
        {"kind": "MATCHES_FOUND", "title": "New matches for “We can”", "listing": {"id": offer}}
    ]


async def test_a_match_follows_who_works_at_the_lender(market: Market, town: str) -> None:
    lender, lending = await market.manager("Lender")
    borrower, borrowing = await market.manager("Borrower")
    skill = await market.skill("lead-a-team")
    offer = market.open(lending, lender, "OFFER", skills=[(skill, 3)])
    market.open(borrowing, borrower, "REQUEST", skills=[(skill, 3)])
    await deliver(town)

    def ease() -> float:
        [match] = matches(market, offer, lending)
        found: float = match["ease"]
        return found

    assert ease() == pytest.approx(0.6)
    add = """mutation ($input: PersonSkillAddInput!) {
      answer: personSkillAdd(input: $input) { userErrors { code field message } } }"""
    done(market.call(add, lending, skillId=skill, level=4), "answer")
    await deliver(town)
    alone = ease()
    assert alone < 0.6
    second = await market.make.person()
    await market.make.member(second, lender)
    done(market.call(add, second, skillId=skill, level=5), "answer")
    await deliver(town)
    assert ease() > alone
    leave = """mutation ($input: OrganisationLeaveInput!) {
      answer: organisationLeave(input: $input) { userErrors { code field message } } }"""
    done(market.call(leave, second, organisationId=lender.id), "answer")
    await deliver(town)
    assert ease() == pytest.approx(alone)
