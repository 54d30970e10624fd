"""Listings as a client meets them: what they say, who sees them, what may be done with them when."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db.queue import enqueue
from db.tables.listings import ListingAction, ListingStatus
from db.tables.people import Role
from resolvers.commands.listings import MOVES
from resolvers.permissions import Action, permitted
from tests.mailing import deliver
from tests.making import Maker, Place, Someone
from tests.web.marketing import CREATE, EDIT, Market, content_of, moving
from tests.web.serving import ask, data_of, done, refused

WHOLE = """
query ($id: ID!) { listing(id: $id) {
  kind form status closeReason audience title body bodyHtml language hoursPerWeek hoursTotal startsOn
  endsOn slackDays place { name } distanceKm isRemote languages capacity terms rateCents
  skills { importance minimumLevel skill { id } } aims { id } contact { id } author { id }
  organisation { id } viewerCanManage version
  history(last: 20) { nodes { action changed actor { id } } }
} }
"""
STATUS = "query ($id: ID!) { listing(id: $id) { status } }"
NAMES = {
    ListingAction.OPENED: "Open",
    ListingAction.PAUSED: "Pause",
    ListingAction.FILLED: "Fill",
    ListingAction.CLOSED: "Close",
    ListingAction.RENEWED: "Renew",
}
AFTER = {
    ListingAction.OPENED: "OPEN",
    ListingAction.PAUSED: "PAUSED",
    ListingAction.FILLED: "FILLED",
    ListingAction.CLOSED: "CLOSED",
    ListingAction.RENEWED: "OPEN",
}


@pytest.fixture
def market(town_client: httpx2.Client, make: Maker) -> Market:
    return Market(town_client, make)


def status(market: Market, key: str, who: Someone | None) -> str | None:
    token = who.token if who else None
    found = data_of(ask(market.client, STATUS, {"id": key}, token=token))["listing"]
    return None if found is None else str(found["status"])


async def in_status(market: Market, who: Someone, place: Place, wanted: ListingStatus) -> str:
    """Give a listing that stands like this, as far as possible by what a client does."""
    key = market.draft(who, place)
    if wanted is ListingStatus.DRAFT:
        return key
    market.move(who, key, "Open")
    if wanted is ListingStatus.PAUSED:
        market.move(who, key, "Pause")
    elif wanted is ListingStatus.FILLED:
        market.move(who, key, "Fill")
    elif wanted is ListingStatus.CLOSED:
        market.move(who, key, "Close", reason="NO_RESPONSE")
    elif wanted is ListingStatus.EXPIRED:
        await run_out(market, key)
    return key


async def run_out(market: Market, key: str) -> None:
    await market.make.connection.execute(
        "update listing set expires_at = now() - interval '1 second' where id = $1",
        key.removeprefix("lst_"),
    )


async def test_a_listing_says_what_was_written(market: Market) -> None:
    place, manager = await market.manager()
    wanted, nice = await market.skill("lead-a-team"), await market.skill("leadership-principles")
    aim = await market.skill("3d-printing")
    spot = await market.make.connection.fetchval(
        """insert into place (slug, name, province, latitude, longitude, folded)
        values (uuidv7()::text, 'Elzenhoven', 'Utrecht', 52.1, 5.1, 'elzenhoven') returning id"""
    )
    said = {
        "form": "PART_TIME",
        "title": "Projectleider in gevoelige zaken",
        "body": "Wij **delen** ervaring.",
        "language": "NL",
        "audience": "PUBLIC",
        "skills": [
            {"skillId": nice, "importance": "NICE", "minimumLevel": 2},
            {"skillId": wanted},
        ],
        "aimIds": [aim],
        "hoursPerWeek": 8,
        "hoursTotal": 120,
        "startsOn": "2027-01-04",
        "endsOn": "2027-06-30",
        "slackDays": 14,
        "placeId": f"plc_{spot}",
        "distanceKm": 40,
        "isRemote": True,
        "languages": ["NL", "FY", "NL"],
        "capacity": 2,
        "terms": "COST_RECOVERY",
        "rateCents": 4_500,
        "contactId": manager.id,
    }
    given = {"organisationId": place.id, "kind": "OFFER", "listing": said}
    made = done(market.call(CREATE, manager, **given), "answer")["listing"]
    assert made == {"id": made["id"], "version": 1, "status": "DRAFT"}
    market.move(manager, made["id"], "Open", days=30)

    def seen(who: Someone | None) -> Any:
        token = who.token if who else None
        return data_of(ask(market.client, WHOLE, {"id": made["id"]}, token=token))["listing"]

    stranger = await market.make.person()
    found = seen(manager)
    assert found == {
        **{name: value for name, value in said.items() if not name.endswith(("Id", "Ids"))},
        "kind": "OFFER",
        "status": "OPEN",
        "closeReason": None,
        "bodyHtml": "<p>Wij <strong>delen</strong> ervaring.</p>",
        "place": {"name": "Elzenhoven"},
        "languages": ["NL", "FY"],
        "skills": [
            {"importance": "MUST", "minimumLevel": 3, "skill": {"id": wanted}},
            {"importance": "NICE", "minimumLevel": 2, "skill": {"id": nice}},
        ],
        "aims": [{"id": aim}],
        "contact": {"id": manager.id},
        "author": {"id": manager.id},
        "organisation": {"id": place.id},
        "viewerCanManage": True,
        "version": 2,
        "history": {
            "nodes": [
                {"action": "OPENED", "changed": [], "actor": {"id": manager.id}},
                {"action": "CREATED", "changed": [], "actor": {"id": manager.id}},
            ]
        },
    }
    outside: Any = {"author": None, "viewerCanManage": False, "history": {"nodes": []}}
    assert seen(stranger) == {**found, **outside}
    assert seen(None) == {**found, **outside, "contact": seen(None)["contact"]}


async def test_an_edit_says_the_whole_anew_and_tells_what_changed(market: Market) -> None:
    place, manager = await market.manager()
    one, two = await market.skill("lead-a-team"), await market.skill("3d-printing")
    key = market.open(manager, place, skills=[(one, 3)], hoursPerWeek=8, aimIds=[two])
    given = {"listingId": key, "listing": content_of([(one, 4)], title="Another")}
    stale = market.call(EDIT, manager, **given, expectedVersion=1)
    assert refused(stale, "answer") == [("CONFLICT", ["expectedVersion"])]
    edited = done(market.call(EDIT, manager, **given, expectedVersion=2), "answer")["listing"]
    assert edited["version"] == 3
    found = data_of(ask(market.client, WHOLE, {"id": key}, token=manager.token))["listing"]
    assert (found["title"], found["hoursPerWeek"], found["aims"]) == ("Another", None, [])
    assert found["skills"] == [{"importance": "MUST", "minimumLevel": 4, "skill": {"id": one}}]
    latest = found["history"]["nodes"][0]
    assert latest["action"] == "EDITED"
    assert sorted(latest["changed"]) == ["aims", "hours_per_week", "skills", "title"]


@pytest.mark.parametrize("action", NAMES)
@pytest.mark.parametrize("before", ListingStatus)
async def test_what_may_be_done_depends_on_where_it_stands(
    market: Market, before: ListingStatus, action: ListingAction
) -> None:
    place, manager = await market.manager()
    key = await in_status(market, manager, place, before)
    given = {"reason": "OTHER"} if action is ListingAction.CLOSED else {}
    answer = market.call(moving(NAMES[action]), manager, listingId=key, **given)
    if before in MOVES[action]:
        assert done(answer, "answer")["listing"]["status"] == AFTER[action]
    else:
        assert refused(answer, "answer") == [("CONFLICT", ["listingId"])]
        assert status(market, key, manager) == before.value


async def test_only_drafts_are_thrown_away_and_copies_are_drafts(market: Market) -> None:
    place, manager = await market.manager()
    skill = await market.skill("lead-a-team")
    key = market.open(manager, place, skills=[(skill, 4)])
    copy = market.move(manager, key, "Copy")
    assert copy["status"] == "DRAFT"
    assert copy["id"] != key
    found = data_of(ask(market.client, WHOLE, {"id": copy["id"]}, token=manager.token))["listing"]
    assert found["skills"] == [{"importance": "MUST", "minimumLevel": 4, "skill": {"id": skill}}]
    delete = """mutation ($input: ListingDeleteInput!) {
      answer: listingDelete(input: $input) { organisation { id } userErrors { code field message } } }"""
    assert refused(market.call(delete, manager, listingId=key), "answer") == [
        ("CONFLICT", ["listingId"])
    ]
    gone = done(market.call(delete, manager, listingId=copy["id"]), "answer")
    assert gone["organisation"] == {"id": place.id}
    assert status(market, copy["id"], manager) is None


@pytest.mark.parametrize("audience", ["PUBLIC", "NETWORK", "PARTNERS", "ORGANISATION"])
async def test_an_open_listing_is_seen_by_its_audience(market: Market, audience: str) -> None:
    place, manager = await market.manager()
    other, partner = await market.manager("Partner")
    colleague, stranger = await market.make.person(), await market.make.person()
    await market.make.member(colleague, place)
    await market.make.connection.execute(
        "insert into partnership (requester_id, addressee_id, status) values ($1, $2, 'ACTIVE')",
        other.key,
        place.key,
    )
    key = market.open(manager, place, audience=audience)
    people = {"visitor": None, "stranger": stranger, "partner": partner, "colleague": colleague}
    seeing = {name for name, who in people.items() if status(market, key, who)}
    assert (
        seeing
        == {
            "PUBLIC": set(people),
            "NETWORK": {"stranger", "partner", "colleague"},
            "PARTNERS": {"partner", "colleague"},
            "ORGANISATION": {"colleague"},
        }[audience]
    )
    market.move(manager, key, "Pause")
    assert {name for name, who in people.items() if status(market, key, who)} == {"colleague"}


async def test_a_draft_is_seen_by_those_who_manage_listings(market: Market) -> None:
    place, manager = await market.manager()
    key = market.draft(manager, place, audience="PUBLIC")
    for role in Role:
        member = await market.make.person()
        await market.make.member(member, place, role.value)
        may = permitted(Action.MANAGE_LISTINGS, role)
        assert (status(market, key, member) is not None) is may
        answer = market.call(moving("Open"), member, listingId=key)
        if may:
            done(answer, "answer")
            market.move(manager, key, "Pause")
            await market.make.connection.execute(
                "update listing set status = 'DRAFT' where id = $1", key.removeprefix("lst_")
            )
        else:
            assert refused(answer, "answer") == [("NOT_FOUND", ["listingId"])]
    assert refused(market.call(moving("Open"), None, listingId=key), "answer") == [
        ("NOT_SIGNED_IN", [])
    ]


async def test_what_ran_out_has_expired_before_and_after_it_is_noted(
    market: Market, town: str
) -> None:
    place, manager = await market.manager()
    key = market.open(manager, place)
    listed = """query ($id: ID!, $statuses: [ListingStatus!]) {
      organisation(id: $id) { listings(statuses: $statuses) { nodes { id status } } } }"""

    def standing_as(wanted: str) -> Any:
        given = {"id": place.id, "statuses": [wanted]}
        found = data_of(ask(market.client, listed, given, token=manager.token))
        return found["organisation"]["listings"]["nodes"]

    assert standing_as("OPEN") == [{"id": key, "status": "OPEN"}]
    await run_out(market, key)
    assert standing_as("EXPIRED") == [{"id": key, "status": "EXPIRED"}]
    assert standing_as("OPEN") == []
    await enqueue(market.make.connection, "expire_listings", {})
    await deliver(town)
    noted = await market.make.connection.fetchval(
        "select status from listing where id = $1", key.removeprefix("lst_")
    )
    assert noted == "EXPIRED"
    assert standing_as("EXPIRED") == [{"id": key, "status": "EXPIRED"}]
    market.move(manager, key, "Renew")
    assert standing_as("OPEN") == [{"id": key, "status": "OPEN"}]


BAD: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"title": " "}, "INVALID", ["title"]),
    ({"title": "x" * 121}, "INVALID", ["title"]),
    ({"body": "x" * 10_001}, "INVALID", ["body"]),
    ({"hoursPerWeek": 0}, "INVALID", ["hoursPerWeek"]),
    ({"hoursPerWeek": 200}, "INVALID", ["hoursPerWeek"]),
    ({"hoursTotal": 0}, "INVALID", ["hoursTotal"]),
    ({"startsOn": "2027-02-02", "endsOn": "2027-02-01"}, "INVALID", ["endsOn"]),
    ({"slackDays": 3}, "INVALID", ["slackDays"]),
    ({"slackDays": -1, "startsOn": "2027-02-02"}, "INVALID", ["slackDays"]),
    ({"distanceKm": 10}, "INVALID", ["distanceKm"]),
    ({"capacity": 501}, "INVALID", ["capacity"]),
    ({"terms": "RATE"}, "INVALID", ["rateCents"]),
    ({"rateCents": 100}, "INVALID", ["rateCents"]),
    ({"placeId": "plc_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["placeId"]),
    ({"contactId": "per_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["contactId"]),
    ({"placeId": "org_00000000-0000-7000-8000-000000000000"}, "INVALID", ["placeId"]),
]


@pytest.mark.parametrize(("given", "code", "field"), BAD, ids=lambda value: str(value)[:40])
async def test_what_cannot_be_taken_is_refused_by_its_field(
    market: Market, given: dict[str, Any], code: str, field: list[str]
) -> None:
    place, manager = await market.manager()
    content = {"organisationId": place.id, "kind": "REQUEST", "listing": content_of(**given)}
    answer = market.call(CREATE, manager, **content)
    assert refused(answer, "answer") == [(code, ["listing", *field])]


async def test_skills_that_are_unknown_or_contradict_each_other_are_refused(
    market: Market,
) -> None:
    place, manager = await market.manager()
    skill, gone = await market.skill("lead-a-team"), "skl_00000000-0000-7000-8000-000000000000"
    cases: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
        ({"skills": [(gone, 3)]}, ("NOT_FOUND", ["skills", "0", "skillId"])),
        ({"skills": [(skill, 3), (skill, 4)]}, ("INVALID", ["skills", "1", "skillId"])),
        ({"skills": [(skill, 6)]}, ("INVALID", ["skills", "0", "minimumLevel"])),
        ({"aimIds": [gone]}, ("NOT_FOUND", ["aimIds", "0"])),
        ({"skills": [(skill, 3)], "aimIds": [skill]}, ("INVALID", ["aimIds", "0"])),
        ({"skills": [(skill, 3)] * 13}, ("TOO_MANY", ["skills"])),
    ]
    for given, (code, field) in cases:
        content = {"organisationId": place.id, "kind": "OFFER", "listing": content_of(**given)}
        answer = market.call(CREATE, manager, **content)
        assert refused(answer, "answer") == [(code, ["listing", *field])], given


async def test_what_says_nothing_or_is_over_is_not_opened(market: Market) -> None:
    place, manager = await market.manager()
    silent = market.draft(manager, place, body="")
    over = market.draft(manager, place, startsOn="2020-01-01", endsOn="2020-02-01")
    assert refused(market.call(moving("Open"), manager, listingId=silent), "answer") == [
        ("INVALID", ["listingId"])
    ]
    assert refused(market.call(moving("Open"), manager, listingId=over), "answer") == [
        ("INVALID", ["listing", "endsOn"])
    ]
    assert refused(market.call(moving("Open"), manager, listingId=over, days=0), "answer") == [
        ("INVALID", ["days"])
    ]


async def test_of_two_who_move_it_at_once_one_is_refused(market: Market) -> None:
    place, manager = await market.manager()
    key = market.open(manager, place)

    def move(name: str) -> str:
        answer = market.call(moving(name), manager, listingId=key)
        errors = answer["answer"]["userErrors"]
        return "refused" if errors else "done"

    outcomes = await asyncio.gather(
        *(asyncio.to_thread(move, name) for name in ("Pause", "Pause", "Pause"))
    )
    assert sorted(outcomes) == ["done", "refused", "refused"]


POSTED = """mutation ($input: PostPublishInput!) {
  answer: postPublish(input: $input) { post { id version listing { id } } userErrors { code field message } } }"""
CHANGED = """mutation ($input: PostEditInput!) {
  answer: postEdit(input: $input) { post { version listing { id } } userErrors { code field message } } }"""


async def test_a_post_points_to_a_listing_that_its_reader_may_see(market: Market) -> None:
    place, manager = await market.manager()
    stranger = await market.make.person()
    key = market.open(manager, place, audience="NETWORK")
    given = {"organisationId": place.id, "body": "Look!", "audience": "PUBLIC"}
    post = done(market.call(POSTED, manager, **given, listingId=key), "answer")["post"]
    assert post["listing"] == {"id": key}
    seen = "query ($id: ID!) { node(id: $id) { ... on Post { listing { id } } } }"

    def shown(who: Someone | None) -> Any:
        token = who.token if who else None
        return data_of(ask(market.client, seen, {"id": post["id"]}, token=token))["node"]["listing"]

    assert shown(stranger) == {"id": key}
    assert shown(None) is None
    back = "query ($id: ID!) { listing(id: $id) { posts { nodes { id } } } }"
    found = data_of(ask(market.client, back, {"id": key}, token=stranger.token))["listing"]
    assert found["posts"]["nodes"] == [{"id": post["id"]}]
    named = {"postId": post["id"]}
    stays = done(market.call(CHANGED, manager, **named, expectedVersion=1, body="x"), "answer")
    assert stays["post"]["listing"] == {"id": key}
    taken = market.call(CHANGED, manager, **named, expectedVersion=2, listingId=None)
    assert done(taken, "answer")["post"]["listing"] is None
    other, theirs = await market.manager("Elsewhere")
    draft = market.draft(theirs, other)
    hidden = market.call(POSTED, manager, **given, listingId=draft)
    assert refused(hidden, "answer") == [("NOT_FOUND", ["listingId"])]


async def test_a_draft_keeps_its_listing_until_it_is_published(market: Market) -> None:
    place, manager = await market.manager()
    key = market.open(manager, place)
    save = """mutation ($input: PostDraftSaveInput!) {
      answer: postDraftSave(input: $input) { draft { id listing { id } } userErrors { code field message } } }"""
    given = {"organisationId": place.id, "body": "Soon", "listingId": key}
    draft = done(market.call(save, manager, **given), "answer")["draft"]
    assert draft["listing"] == {"id": key}
    publish = """mutation ($input: PostDraftPublishInput!) {
      answer: postDraftPublish(input: $input) { post { listing { id } } userErrors { code field message } } }"""
    answer = market.call(publish, manager, draftId=draft["id"], expectedVersion=1)
    assert done(answer, "answer")["post"]["listing"] == {"id": key}
