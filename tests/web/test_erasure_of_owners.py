"""What becomes of organisations, and of what others shared, when people are erased."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker, Place
from tests.web.posting import Poster, editor, key_of
from tests.web.serving import client_of, data_of, done, refused, serving
from tests.web.test_privacy import ERASE, Home, Lives


@pytest.fixture(scope="module")
def home(town: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    with serving(town, home=folder) as url, client_of(url) as client:
        yield Home(town, client, folder)


async def test_no_organisation_is_left_without_an_owner(home: Home, make: Maker) -> None:
    lives = Lives(make)
    lives.person, member = await make.person("Sole", locale="NL"), await make.person()
    place, empty = await make.organisation("Dune"), await make.organisation("Shed")
    for where in (place, empty):
        await make.member(lives.person, where, "OWNER")
    await make.member(member, place, "ADMIN")
    await lives.sign_in()
    cookie = {"Cookie": f"commons_session={lives.secret}", "Sec-Fetch-Site": "same-origin"}
    body = {"query": ERASE, "variables": {"input": {"atOnce": True}}}
    answer = data_of(home.client.post("/graphql", json=body, headers=cookie))
    assert refused(answer, "accountErase") == [("CONFLICT", [])]
    assert answer["accountErase"]["userErrors"][0]["message"] == (
        "Je bent de enige eigenaar van Dune. Maak eerst iemand anders eigenaar."
    )
    await make.connection.execute(
        "update membership set role = 'OWNER' where person_id = $1", member.key
    )
    done(data_of(home.client.post("/graphql", json=body, headers=cookie)), "accountErase")
    # Where nobody else worked, nobody is left: the organisation leaves the network.
    closed: Any = await make.connection.fetch(
        "select id, suspended_at is not null from organisation where id = any($1) order by id",
        [place.key, empty.key],
    )
    assert [tuple(row) for row in closed] == sorted([(place.key, False), (empty.key, True)])
    assert await counters.check(make.connection) == []


async def test_two_owners_who_leave_at_once_do_not_leave_both(home: Home, make: Maker) -> None:
    place, member = await make.organisation(), await make.person()
    await make.member(member, place)
    owners = []
    for _ in range(2):
        lives = Lives(make)
        lives.person = await make.person("Own")
        await make.member(lives.person, place, "OWNER")
        await lives.sign_in()
        owners.append(lives)
    body = {"query": ERASE, "variables": {"input": {"atOnce": True}}}
    base = str(home.client.base_url)
    async with httpx2.AsyncClient(base_url=base, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json=body,
                    headers={
                        "Cookie": f"commons_session={lives.secret}",
                        "Sec-Fetch-Site": "same-origin",
                    },
                )
                for lives in owners
            )
        )
    errors = [data_of(answer)["accountErase"]["userErrors"] for answer in answers]
    assert sorted(error[0]["code"] if error else "" for error in errors) == ["", "CONFLICT"]


async def _share(desk: Poster, make: Maker, post: Any, body: str = "") -> tuple[Place, Any]:
    """Have another organisation repost a post."""
    place = await make.organisation("Quay")
    sharer = await editor(make, place, "Sasha")
    return place, desk.do(
        sharer, "postRepost", postId=post["id"], organisationId=place.id, body=body
    )


async def test_reposts_without_words_go_with_the_posts_of_an_organisation_that_closes(
    home: Home, make: Maker
) -> None:
    lives, poster = Lives(make), Poster(home.client)
    place, lives.person = await make.organisation("Shed"), await make.person("Sole")
    await make.member(lives.person, place, "OWNER")
    await lives.sign_in()
    post = poster.publish(lives.person, place, "Original")
    quay, wordless = await _share(poster, make, post)
    dock, worded = await _share(poster, make, post, "Look")
    older = poster.publish(await editor(make, quay), quay, "Before")
    again = poster.do(
        await editor(make, dock), "postRepost", postId=older["id"], organisationId=dock.id
    )
    cookie = {"Cookie": f"commons_session={lives.secret}", "Sec-Fetch-Site": "same-origin"}
    body = {"query": ERASE, "variables": {"input": {"atOnce": True}}}
    done(data_of(home.client.post("/graphql", json=body, headers=cookie)), "accountErase")
    shown = poster.read(
        await make.person(),
        "query P($ids: [ID!]!, $one: ID!, $two: ID!) {"
        " nodes(ids: $ids) { id ... on Post { repostOf { id } } }"
        " one: node(id: $one) { ... on Organisation { postCount } }"
        " two: node(id: $two) { ... on Organisation { postCount } } }",
        ids=[post["id"], wordless["id"], worded["id"], again["id"]],
        one=quay.id,
        two=dock.id,
    )
    assert shown == {
        "nodes": [
            None,
            None,
            {"id": worded["id"], "repostOf": None},
            {"id": again["id"], "repostOf": {"id": older["id"]}},
        ],
        "one": {"postCount": 1},
        "two": {"postCount": 2},
    }
    assert await counters.check(make.connection) == []
    deleted = "select kind from event where subject_id = $1 order by id desc limit 1"
    key = key_of(wordless["id"])
    assert await make.connection.fetchval(deleted, key) == "POST_DELETED"


async def test_reposts_without_words_go_with_posts_that_went_by_themselves(
    home: Home, make: Maker
) -> None:
    poster, place = Poster(home.client), await make.organisation("Shed")
    author = await editor(make, place)
    post = poster.publish(author, place, "Original")
    quay, wordless = await _share(poster, make, post)
    dock, worded = await _share(poster, make, post, "Look")
    # Its posts go by a foreign key, past every command.
    await make.connection.execute("delete from organisation where id = $1", place.key)
    await counters.repair(make.connection)
    await home.work("housekeeping")
    left = await make.connection.fetch(
        "select id from post where organisation_id = any($1)", [quay.key, dock.key]
    )
    assert [row["id"] for row in left] == [key_of(worded["id"])]
    assert key_of(wordless["id"]) not in {row["id"] for row in left}
    assert await counters.check(make.connection) == []
