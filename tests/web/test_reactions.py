"""Reacting to posts and keeping them."""

from __future__ import annotations

import httpx2
import pytest

from db import counters
from tests.making import Maker
from tests.web.posting import Poster, at_once, codes_of, editor, key_of

COUNTS = """
query ($id: ID!) { node(id: $id) { ... on Post { reactionCount like: reactionCountOf(kind: LIKE)
  support: reactionCountOf(kind: SUPPORT) } } }
"""
BOOKMARKS = """
query ($id: ID!) { viewer { bookmarks(first: 5) { totalCount nodes { id viewerHasBookmarked } } }
  person(id: $id) { bookmarks(first: 5) { totalCount nodes { id } } } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_a_person_has_one_reaction(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, person = await editor(make, place), await make.person()
    post = poster.publish(author, place)
    poster.do(author, "postReact", postId=post["id"], kind="LIKE")
    for kind in ("LIKE", "LIKE", "SUPPORT"):
        found = poster.do(person, "postReact", postId=post["id"], kind=kind)
        assert (found["viewerReaction"], found["reactionCount"]) == (kind, 2)
    assert poster.read(person, COUNTS, id=post["id"])["node"] == {
        "reactionCount": 2,
        "like": 1,
        "support": 1,
    }
    for _ in range(2):
        found = poster.do(person, "postUnreact", postId=post["id"])
        assert (found["viewerReaction"], found["reactionCount"]) == (None, 1)
    # What changed nothing was no event.
    events = await make.connection.fetchval(
        "select count(*) from event where actor_id = $1", person.key
    )
    assert events == 3
    assert await counters.check(make.connection) == []


async def test_double_reactions_of_many_at_once_count_once_each(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    post = poster.publish(author, place)
    people = [await make.person() for _ in range(25)]
    kinds = ("LIKE", "CURIOUS")
    requests = [
        (person, {"postId": post["id"], "kind": kind}) for kind in kinds for person in people
    ]
    assert codes_of(await at_once(town_site, "postReact", requests)) == [[]] * 50
    count = "select reaction_count from post where id = $1"
    assert await make.connection.fetchval(count, key_of(post["id"])) == 25
    undoing = [(person, {"postId": post["id"]}) for person in people[:10] for _ in range(3)]
    assert codes_of(await at_once(town_site, "postUnreact", undoing)) == [[]] * 30
    assert await make.connection.fetchval(count, key_of(post["id"])) == 15
    assert await counters.check(make.connection) == []


async def test_a_post_is_kept_for_oneself(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, person = await editor(make, place), await make.person()
    first, second = poster.publish(author, place), poster.publish(author, place, "Second")
    hidden = poster.publish(author, place, "Hidden")
    for post in (first, second, hidden, first):
        assert poster.do(person, "postBookmark", postId=post["id"])["viewerHasBookmarked"]
    await make.connection.execute(
        "update post set audience = 'ORGANISATION' where id = $1", key_of(hidden["id"])
    )
    await counters.repair(make.connection)
    kept = [{"id": post["id"], "viewerHasBookmarked": True} for post in (second, first)]
    assert poster.read(person, BOOKMARKS, id=person.id) == {
        "viewer": {"bookmarks": {"totalCount": 2, "nodes": kept}},
        "person": {"bookmarks": {"totalCount": 2, "nodes": [{"id": post["id"]} for post in kept]}},
    }
    assert poster.read(author, BOOKMARKS, id=person.id) == {
        "viewer": {"bookmarks": {"totalCount": 0, "nodes": []}},
        "person": {"bookmarks": {"totalCount": 0, "nodes": []}},
    }
    assert poster.do(person, "postUnbookmark", postId=second["id"])["viewerHasBookmarked"] is False
    assert poster.do(person, "postUnbookmark", postId=hidden["id"]) is None
    left = await make.connection.fetch(
        "select post_id from bookmark where person_id = $1", person.key
    )
    assert [row["post_id"] for row in left] == [key_of(first["id"])]


@pytest.mark.parametrize("name", ["postReact", "postUnreact", "postBookmark"])
async def test_what_one_may_not_see_is_not_found(poster: Poster, make: Maker, name: str) -> None:
    place = await make.organisation()
    author, person = await editor(make, place), await make.person()
    post = poster.publish(author, place, audience="ORGANISATION")
    given = {"kind": "LIKE"} if name == "postReact" else {}
    missing = "pst_01a1f850-1400-7c95-b382-219df50cb3c9"
    for identifier in (post["id"], missing):
        assert poster.refuse(person, name, postId=identifier, **given) == [
            ("NOT_FOUND", ["postId"])
        ]
    assert poster.refuse(None, name, postId=post["id"], **given) == [("NOT_SIGNED_IN", [])]
