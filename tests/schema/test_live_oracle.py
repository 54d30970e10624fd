"""What is pushed is what would be read: the same viewers see the same objects, however they come.

The query compiler is proved by the oracle. Here each post, comment, membership and organisation of a
world made to be difficult is pushed to all viewers at once, and compared with what each of them
reads of it at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.tables.exchanges import ExchangeStep
from db.tables.listings import ListingStatus
from db.tables.posts import Audience
from schema.engine.live import ChangeRenderer, subscribed
from subscriptions.events import (
    Change,
    CommentEvent,
    Event,
    EventKind,
    ExchangeEvent,
    ListingEvent,
    ListingLookEvent,
    MatchEvent,
    MatchRequestEvent,
    MembershipEvent,
    OrganisationEvent,
    PostEvent,
)
from subscriptions.log import Logged
from tests.oracle.graph import Answer
from tests.oracle.ground import Ground
from tests.oracle.looking import finds
from tests.oracle.running import Request
from tests.oracle.store import Row
from tests.oracle.trading import manages

pytest_plugins = ["tests.oracle.fixtures"]

POST = """
id body createdAt audience reactionCount commentCount
author { id name headline currentMembership { title organisation { id name } } }
organisation { id slug name memberCount }
skills { id labelEn }
comments(first: 3) { totalCount nodes { id body author { id } } pageInfo { hasNextPage } }
"""
PERSONAL = POST + " viewerReaction viewerHasBookmarked viewerCanEdit organisation { viewerFollows }"
COMMENT = "id body isDeleted author { id name } post { id organisation { id } }"
MEMBERSHIP = "id title role person { id name headline } organisation { id name }"
ORGANISATION = "id name about memberCount strengths { nodes { id skill { id } } }"
MATCH = "id score viewerSide { id } offer { id title } request { id organisation { name } }"
REQUEST = (
    "id status unreadCount viewerCanAnswer asking { id name } listing { id } ownListing { id }"
)
LOOKER = "id dayCount organisation { id name } listing { id title }"
LISTING = "id title status organisation { id name } skills { id skill { id } }"
EXCHANGE = """
id status viewerSides viewerMoves people { name consent person { id } } lender { id name }
agreement { number text signatures { name person { id } } } hours { nodes { id minutes } }
"""
MESSAGE = "id body author { id name } organisation { id } matchRequest { id }"
MANY = 60


class Pushing:
    """Pushes to everybody on the ground, as the hub does."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        known = [viewer.key for viewer in ground.viewers]
        self.viewers: list[UUID | None] = [*known, *(viewer.key for viewer in ground.crowd)]

    def renderer(self, text: str, variables: dict[str, Any] | None = None) -> ChangeRenderer:
        """Give what renders a subscription."""
        compiled = self.ground.compiled
        found = subscribed(compiled.graph, compiled.pool, text, variables, None)
        assert found is not None
        assert isinstance(found.renderer, ChangeRenderer)
        return found.renderer

    async def push(
        self, renderer: ChangeRenderer, events: Sequence[Event]
    ) -> list[dict[UUID | None, Any]]:
        """Push events at once; give for each what each viewer is told."""
        told: list[dict[UUID | None, Any]] = [{} for _ in events]
        logged = [Logged(event, f"1:1:/{number}") for number, event in enumerate(events)]
        for item in await renderer.render(logged, self.viewers):
            data = json.loads(item.payload)["data"]
            (change,) = data.values()
            for viewer in item.viewers:
                assert viewer not in told[item.n], "told twice"
                told[item.n][viewer] = change
        return told

    async def read(
        self, type_: str, selection: str, ids: Sequence[str]
    ) -> list[dict[UUID | None, Any]]:
        """Give for each id what each viewer reads of it."""
        text = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_} {{ {selection} }} }} }}"
        found: list[dict[UUID | None, Any]] = [{} for _ in ids]
        people = [*self.ground.viewers, *self.ground.crowd]
        for start in range(0, len(ids), 10):
            some = list(ids[start : start + 10])
            answers = await self.ground.compiled.answers(Request(text, {"ids": some}), people)
            assert answers is not None
            for viewer, answer in zip(people, answers, strict=True):
                assert answer.data is not None, answer
                for number, item in enumerate(_data(answer)["nodes"]):
                    found[start + number][viewer.key] = item
        return found


@pytest.fixture
def pushing(ground: Ground) -> Pushing:
    return Pushing(ground)


@pytest.fixture
async def posts(ground: Ground, oracle_stage: Any) -> list[PostEvent]:
    """Every post of the cast, and some of the world's, as events that counted something."""
    connection = await asyncpg.connect(oracle_stage.dsn)
    try:
        rows = await connection.fetch(
            """select p.*, p.id = any($1) as is_cast from post p
            order by p.id = any($1) desc, md5(p.id::text) limit $2""",
            [key for name, key in ground.cast.keys.items() if name.startswith("post.")],
            MANY,
        )
    finally:
        await connection.close()
    assert any(row["is_cast"] for row in rows)
    return [_about(row, EventKind.POST_REACTED) for row in rows]


@pytest.mark.parametrize("selection", [POST, PERSONAL], ids=["alike", "personal"])
async def test_a_post_is_pushed_to_whoever_reads_it(
    pushing: Pushing, posts: list[PostEvent], selection: str
) -> None:
    read = await pushing.read("Post", selection, [f"pst_{event.post_id}" for event in posts])
    shown = hidden = 0
    for event, wanted in zip(posts, read, strict=True):
        text = f"subscription ($id: ID!) {{ postChanged(id: $id) {{ kind id post {{ {selection} }} }} }}"
        renderer = pushing.renderer(text, {"id": f"pst_{event.post_id}"})
        (told,) = await pushing.push(renderer, [event])
        for viewer, post in wanted.items():
            if post is None:
                assert viewer not in told, (viewer, event)
                hidden += 1
            else:
                expected = {"kind": "UPDATED", "id": f"pst_{event.post_id}", "post": post}
                assert told[viewer] == expected, (viewer, event)
                shown += 1
    assert shown > len(posts)
    assert hidden > len(posts) / 10


async def test_many_events_at_once_are_told_as_one_by_one(
    pushing: Pushing, posts: list[PostEvent]
) -> None:
    text = f"subscription {{ feedChanged {{ kind id cursor post {{ {POST} }} }} }}"
    renderer = pushing.renderer(text)
    together = await pushing.push(renderer, posts)
    alone = [(await pushing.push(renderer, [event]))[0] for event in posts]
    for one, other in zip(together, alone, strict=True):
        assert {v: {**change, "cursor": ""} for v, change in one.items()} == {
            v: {**change, "cursor": ""} for v, change in other.items()
        }
    for number, told in enumerate(together):
        assert all(change["cursor"] == f"1:1:/{number}" for change in told.values())


async def test_the_feed_is_pushed_to_those_in_whose_feed_it_is(
    pushing: Pushing, posts: list[PostEvent]
) -> None:
    people = [*pushing.ground.viewers, *pushing.ground.crowd]
    text = """
    query ($after: String) { feed(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
    """
    feeds: dict[UUID | None, set[str]] = {}
    for viewer in people:
        seen: set[str] = set()
        after = None
        while True:
            (answer,) = await pushing.ground.compiled.answers(  # type: ignore[misc]
                Request(text, {"after": after}), [viewer]
            )
            feed = _data(answer)["feed"]
            seen.update(node["id"] for node in feed["nodes"])
            after = feed["pageInfo"]["endCursor"]
            if not feed["pageInfo"]["hasNextPage"]:
                break
        feeds[viewer.key] = seen
    renderer = pushing.renderer("subscription { feedChanged { kind id } }")
    told = await pushing.push(renderer, posts)
    count = 0
    for event, by_viewer in zip(posts, told, strict=True):
        id_ = f"pst_{event.post_id}"
        for viewer in people:
            is_told = by_viewer.get(viewer.key, {}).get("kind") == "UPDATED"
            in_feed = id_ in feeds[viewer.key]
            if is_told != in_feed:
                # The feed leaves out what is hidden; its author hears of it all the same.
                assert is_told, (viewer.name, event)
                assert by_viewer[viewer.key]["id"] == id_
                assert viewer.key == event.author_id or viewer.name == "mod", (viewer.name, event)
            count += in_feed
    assert count > len(posts)


async def test_a_comment_is_pushed_to_whoever_reads_it(pushing: Pushing, oracle_stage: Any) -> None:
    connection = await asyncpg.connect(oracle_stage.dsn)
    try:
        rows = await connection.fetch(
            """select c.*, p.organisation_id from comment c join post p on p.id = c.post_id
            order by c.hidden_at is null, md5(c.id::text) limit $1""",
            MANY,
        )
    finally:
        await connection.close()
    read = await pushing.read("Comment", COMMENT, [f"com_{row['id']}" for row in rows])
    shown = hidden = 0
    for row, wanted in zip(rows, read, strict=True):
        text = (
            f"subscription ($id: ID!) {{ postChanged(id: $id) {{ kind comment {{ {COMMENT} }} }} }}"
        )
        renderer = pushing.renderer(text, {"id": f"pst_{row['post_id']}"})
        event = CommentEvent(
            **_common(row, EventKind.COMMENT_EDITED),
            comment_id=row["id"],
            post_id=row["post_id"],
            author_id=row["author_id"],
        )
        (told,) = await pushing.push(renderer, [event])
        for viewer, comment in wanted.items():
            if comment is None:
                assert viewer not in told, (viewer, dict(row))
                hidden += 1
            elif viewer in told:
                assert told[viewer] == {"kind": "UPDATED", "comment": comment}
                shown += 1
            else:
                # Moderators read what is reported by people they block; they are not told of it.
                assert viewer == pushing.ground.viewer("mod").key
    assert shown > len(rows)
    assert hidden > 0


async def test_memberships_and_organisations_are_pushed_to_whoever_sees_them(
    pushing: Pushing, ground: Ground, oracle_stage: Any
) -> None:
    connection = await asyncpg.connect(oracle_stage.dsn)
    try:
        places = [key for name, key in ground.cast.keys.items() if name.startswith("org.")]
        rows = await connection.fetch(
            "select * from membership where organisation_id = any($1) limit $2", places, MANY
        )
    finally:
        await connection.close()
    members = await pushing.read("Membership", MEMBERSHIP, [f"mem_{row['id']}" for row in rows])
    own = await pushing.read("Organisation", ORGANISATION, [f"org_{key}" for key in places])
    seen_of = dict(zip(places, own, strict=True))
    text = f"""
    subscription ($id: ID!) {{
      organisationChanged(id: $id) {{
        kind membership {{ {MEMBERSHIP} }} organisation {{ {ORGANISATION} }}
      }}
    }}
    """
    for row, wanted in zip(rows, members, strict=True):
        place = row["organisation_id"]
        renderer = pushing.renderer(text, {"id": f"org_{place}"})
        member = MembershipEvent(
            **_common(row, EventKind.MEMBERSHIP_CHANGED),
            person_id=row["person_id"],
            change=Change.CHANGED,
        )
        edited = OrganisationEvent(**_common(row, EventKind.ORGANISATION_EDITED))
        of_member, of_place = await pushing.push(renderer, [member, edited])
        for viewer, membership in wanted.items():
            organisation = seen_of[place][viewer]
            expected = {"kind": "UPDATED", "membership": membership, "organisation": organisation}
            assert of_member.get(viewer) == (None if membership is None else expected)
            without = {**expected, "membership": None}
            assert of_place.get(viewer) == (None if organisation is None else without)


async def test_a_match_is_pushed_to_whoever_manages_the_listings_of_its_side(
    pushing: Pushing, ground: Ground
) -> None:
    rows = ground.oracle.store.rows("listing_match")
    read = await pushing.read("Match", MATCH, [f"mat_{row['id']}" for row in rows])
    shown = 0
    for row, wanted in zip(rows, read, strict=True):
        event = MatchEvent(
            **_common({**row, "organisation_id": row["offering_id"]}, EventKind.MATCH_FOUND),
            offer_id=row["offer_id"],
            request_id=row["request_id"],
            requesting_id=row["requesting_id"],
        )
        for place in (row["offering_id"], row["requesting_id"]):
            text = f"subscription ($id: ID!) {{ newMatches(organisationId: $id) {{ kind id match {{ {MATCH} }} }} }}"
            (told,) = await pushing.push(pushing.renderer(text, {"id": f"org_{place}"}), [event])
            for viewer, match in wanted.items():
                if match is None or not manages(ground.oracle.store, viewer, place):
                    assert viewer not in told, (viewer, row)
                else:
                    expected = {"kind": "CREATED", "id": f"mat_{row['id']}", "match": match}
                    assert told[viewer] == expected
                    shown += 1
    assert shown > len(rows)


async def test_a_look_is_pushed_to_whoever_manages_what_was_looked_at(
    pushing: Pushing, ground: Ground
) -> None:
    store = ground.oracle.store
    rows = store.rows("listing_look")
    read = await pushing.read("ListingLooker", LOOKER, [f"llk_{row['id']}" for row in rows])
    shown = 0
    for row, wanted in zip(rows, read, strict=True):
        place = store.tables["listing"][row["listing_id"]]["organisation_id"]
        event = ListingLookEvent(
            **_common({**row, "organisation_id": place}, EventKind.LISTING_LOOKED),
            listing_id=row["listing_id"],
            looking_id=row["organisation_id"],
            change=Change.ADDED,
        )
        text = f"subscription ($id: ID!) {{ listingLookedAt(organisationId: $id) {{ kind id looker {{ {LOOKER} }} }} }}"
        (told,) = await pushing.push(pushing.renderer(text, {"id": f"org_{place}"}), [event])
        for viewer, looker in wanted.items():
            expected = {"kind": "CREATED", "id": f"llk_{row['id']}", "looker": looker}
            assert told.get(viewer) == (None if looker is None else expected), (viewer, row)
            shown += looker is not None
    assert shown > len(rows)


async def test_a_listing_is_pushed_to_whose_search_finds_it(
    pushing: Pushing, ground: Ground
) -> None:
    store = ground.oracle.store
    rows = store.rows("listing")
    read = await pushing.read("Listing", LISTING, [f"lst_{row['id']}" for row in rows])
    events = [
        ListingEvent(
            **_common(row, EventKind.LISTING_CHANGED),
            listing_id=row["id"],
            audience=Audience(row["audience"]),
            status=ListingStatus(row["status"]),
            change=Change.CHANGED,
        )
        for row in rows
    ]
    text = f"subscription ($id: ID!) {{ marketSearchMatched(id: $id) {{ kind id listing {{ {LISTING} }} }} }}"
    shown = 0
    for search in store.rows("market_search"):
        renderer = pushing.renderer(text, {"id": f"mks_{search['id']}"})
        pushed = await pushing.push(renderer, events)
        for row, wanted, told in zip(rows, read, pushed, strict=True):
            listing = wanted[search["person_id"]]
            found = listing is not None and finds(store, search, row)
            expected = {"kind": "CREATED", "id": f"lst_{row['id']}", "listing": listing}
            assert told == ({search["person_id"]: expected} if found else {}), (search, row)
            shown += found
    assert shown > len(rows)


async def test_a_match_request_is_pushed_to_whoever_sees_it(
    pushing: Pushing, ground: Ground
) -> None:
    rows = ground.oracle.store.rows("match_request")
    read = await pushing.read("MatchRequest", REQUEST, [f"mrq_{row['id']}" for row in rows])
    shown = hidden = 0
    for row, wanted in zip(rows, read, strict=True):
        selection = f"{{ kind id matchRequest {{ {REQUEST} }} message {{ id }} }}"
        of_one = f"subscription ($id: ID!) {{ matchRequestChanged(id: $id) {selection} }}"
        received = (
            f"subscription ($id: ID!) {{ matchRequestReceived(organisationId: $id) {selection} }}"
        )
        asked, read_up_to = (_asked(row, change) for change in (Change.ADDED, Change.READ))
        changed = pushing.renderer(of_one, {"id": f"mrq_{row['id']}"})
        told, told_of_reading = await pushing.push(changed, [asked, read_up_to])
        (told_there,) = await pushing.push(
            pushing.renderer(received, {"id": f"org_{row['asked_id']}"}), [asked]
        )
        for viewer, request in wanted.items():
            expected = {"id": f"mrq_{row['id']}", "matchRequest": request, "message": None}
            if request is None:
                assert viewer not in {*told, *told_of_reading, *told_there}, (viewer, row)
                hidden += 1
                continue
            assert told[viewer] == {"kind": "CREATED", **expected}
            assert (viewer in told_there) == manages(ground.oracle.store, viewer, row["asked_id"])
            assert (viewer in told_of_reading) == (viewer == row["asked_by_id"])
            shown += 1
        assert all(change == told[viewer] for viewer, change in told_there.items())
    assert shown > len(rows)
    assert hidden > len(rows)


async def test_a_message_is_pushed_to_whoever_reads_the_conversation(
    pushing: Pushing, ground: Ground
) -> None:
    store = ground.oracle.store
    rows = store.rows("match_message")
    read = await pushing.read("MatchMessage", MESSAGE, [f"mms_{row['id']}" for row in rows])
    shown = 0
    for row, wanted in zip(rows, read, strict=True):
        request = store.tables["match_request"][row["match_request_id"]]
        event = MatchRequestEvent(
            **_common({**row, "id": request["id"]}, EventKind.MATCH_MESSAGE_WRITTEN),
            asked_id=request["asked_id"],
            message_id=row["id"],
        )
        text = f"subscription ($id: ID!) {{ matchRequestChanged(id: $id) {{ kind id message {{ {MESSAGE} }} }} }}"
        renderer = pushing.renderer(text, {"id": f"mrq_{request['id']}"})
        (told,) = await pushing.push(renderer, [event])
        for viewer, message in wanted.items():
            if message is None:
                assert viewer not in told, (viewer, row)
            else:
                expected = {"kind": "CREATED", "id": f"mms_{row['id']}", "message": message}
                assert told[viewer] == expected
                shown += 1
    assert shown > len(rows)


async def test_an_exchange_is_pushed_to_whoever_sees_it(pushing: Pushing, ground: Ground) -> None:
    rows = ground.oracle.store.rows("exchange")
    read = await pushing.read("Exchange", EXCHANGE, [f"exc_{row['id']}" for row in rows])
    shown = hidden = 0
    selection = f"{{ kind id step exchange {{ {EXCHANGE} }} }}"
    for row, wanted in zip(rows, read, strict=True):
        common = _common({**row, "organisation_id": row["lender_id"]}, EventKind.EXCHANGE_CHANGED)
        event = ExchangeEvent(
            **common,
            borrower_id=row["borrower_id"],
            step=ExchangeStep.SIGNED,
            change=Change.CHANGED,
        )
        of_one = f"subscription ($id: ID!) {{ exchangeChanged(id: $id) {selection} }}"
        one = pushing.renderer(of_one, {"id": f"exc_{row['id']}"})
        every = pushing.renderer(f"subscription {{ exchangeChanged {selection} }}", {})
        for renderer in (one, every):
            (told,) = await pushing.push(renderer, [event])
            for viewer, exchange in wanted.items():
                if exchange is None:
                    assert viewer not in told, (viewer, row)
                    hidden += 1
                    continue
                assert told[viewer] == {
                    "kind": "UPDATED",
                    "id": f"exc_{row['id']}",
                    "step": "SIGNED",
                    "exchange": exchange,
                }
                shown += 1
    assert shown > len(rows)
    assert hidden > len(rows)


def _asked(row: Row, change: Change) -> MatchRequestEvent:
    """Give the event that a request was asked, or that whoever asked has read about it."""
    common = _common({**row, "organisation_id": row["asking_id"]}, EventKind.MATCH_REQUEST_CHANGED)
    return MatchRequestEvent(
        **{**common, "actor_id": row["asked_by_id"]}, asked_id=row["asked_id"], change=change
    )


def _about(row: asyncpg.Record, kind: EventKind) -> PostEvent:
    return PostEvent(
        **_common(row, kind),
        post_id=row["id"],
        author_id=row["author_id"],
        audience=Audience(row["audience"]),
        is_hidden=row["hidden_at"] is not None,
    )


def _common(row: asyncpg.Record | Mapping[str, Any], kind: EventKind) -> dict[str, Any]:
    return {
        "id": 1,
        "transaction_id": 1,
        "created_at": datetime.now(UTC),
        "kind": kind,
        "version": 1,
        "actor_id": None,
        "organisation_id": row["organisation_id"],
        "subject_id": row["id"],
    }


def _data(answer: Answer) -> Any:
    assert answer.data is not None, answer
    return json.loads(answer.data) if isinstance(answer.data, str) else answer.data
