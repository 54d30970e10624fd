"""The feed, live: what happens reaches those who follow, and nobody else."""

from __future__ import annotations

from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.making import Maker
from tests.web.listening import listening
from tests.web.posting import Poster, editor, key_of, partners, some_skills

FEED = """
subscription ($after: String) {
  feedChanged(after: $after) {
    kind id cursor
    post { id body reactionCount author { id name } organisation { id name } }
  }
}
"""
PERSONAL = "subscription { feedChanged { kind post { id viewerReaction } } }"
FOLLOW = """
mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) { userErrors { code } } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_followers_are_told_of_a_post(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, reader, stranger = await editor(make, place), await make.person(), await make.person()
    poster.read(reader, FOLLOW, id=place.id)
    async with (
        listening(town_site, token=reader.token) as one,
        listening(town_site, token=stranger.token) as other,
    ):
        listens, does_not = await one.subscribe(FEED), await other.subscribe(FEED)
        await one.settled()
        await other.settled()
        post = poster.publish(author, place, "News")
        change = (await one.next(listens))["feedChanged"]
        assert change["cursor"]
        del change["cursor"]
        assert change == {
            "kind": "CREATED",
            "id": post["id"],
            "post": {
                "id": post["id"],
                "body": "News",
                "reactionCount": 0,
                "author": {"id": author.id, "name": "Robin"},
                "organisation": {"id": place.id, "name": "Harbour"},
            },
        }
        await other.nothing(does_not)


async def test_a_crowd_is_told_alike(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, readers = await editor(make, place), [await make.person() for _ in range(5)]
    async with AsyncExitStack() as stack:
        told = []
        for reader in readers:
            poster.read(reader, FOLLOW, id=place.id)
            client = await stack.enter_async_context(listening(town_site, token=reader.token))
            told.append((client, await client.subscribe(FEED)))
            await client.settled()
        post = poster.publish(author, place, "News")
        changes = [(await client.next(id_))["feedChanged"] for client, id_ in told]
        assert changes[0]["post"]["id"] == post["id"]
        assert changes == [changes[0]] * 5


async def test_those_who_see_differently_are_told_differently(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place, visibility="COLLEAGUES")
    colleague, stranger = await make.person(), await make.person()
    await make.member(colleague, place)
    async with AsyncExitStack() as stack:
        told = []
        for reader in (colleague, stranger):
            poster.read(reader, FOLLOW, id=place.id)
            client = await stack.enter_async_context(listening(town_site, token=reader.token))
            told.append((client, await client.subscribe(FEED)))
            await client.settled()
        poster.publish(author, place, "News")
        seen, unseen = [(await client.next(id_))["feedChanged"]["post"] for client, id_ in told]
        assert seen["author"] == {"id": author.id, "name": "Robin"}
        assert unseen["author"] is None
        assert unseen["organisation"] == seen["organisation"]


async def test_each_viewer_has_their_own_reaction(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, one, other = await editor(make, place), await make.person(), await make.person()
    post = poster.publish(author, place)
    for reader in (one, other):
        poster.read(reader, FOLLOW, id=place.id)
    async with (
        listening(town_site, token=one.token) as first,
        listening(town_site, token=other.token) as second,
    ):
        ids = await first.subscribe(PERSONAL), await second.subscribe(PERSONAL)
        await first.settled()
        await second.settled()
        poster.do(one, "postReact", postId=post["id"], kind="LIKE")
        assert (await first.next(ids[0]))["feedChanged"] == {
            "kind": "UPDATED",
            "post": {"id": post["id"], "viewerReaction": "LIKE"},
        }
        assert (await second.next(ids[1]))["feedChanged"]["post"]["viewerReaction"] is None


async def test_what_is_gone_is_told_to_those_who_could_see_it(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place, elsewhere = await make.organisation(), await make.organisation()
    author, reader, partner = await editor(make, place), await make.person(), await make.person()
    await make.member(partner, elsewhere)
    await partners(make, place, elsewhere)
    for person in (reader, partner):
        poster.read(person, FOLLOW, id=place.id)
    post = poster.publish(author, place, "Shared")
    private = poster.publish(author, place, "For partners", audience="PARTNERS")
    async with (
        listening(town_site, token=reader.token) as one,
        listening(town_site, token=partner.token) as other,
    ):
        ids = await one.subscribe(FEED), await other.subscribe(FEED)
        await one.settled()
        await other.settled()
        poster.do(author, "postDelete", postId=private["id"])
        change = (await other.next(ids[1]))["feedChanged"]
        assert (change["kind"], change["id"], change["post"]) == ("DELETED", private["id"], None)
        await one.nothing(ids[0])
        poster.do(author, "postEdit", postId=post["id"], audience="PARTNERS", expectedVersion=1)
        change = (await one.next(ids[0]))["feedChanged"]
        assert (change["kind"], change["id"], change["post"]) == ("HIDDEN", post["id"], None)
        change = (await other.next(ids[1]))["feedChanged"]
        assert (change["kind"], change["post"]["body"]) == ("UPDATED", "Shared")


async def test_a_subscription_goes_on_where_the_last_one_ended(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    poster.read(reader, FOLLOW, id=place.id)
    cursor = poster.read(reader, "{ liveCursor }")["liveCursor"]
    posts = [poster.publish(author, place, f"News {number}")["id"] for number in range(6)]
    seen: list[str] = []
    for count in (2, 3, 1):
        async with listening(town_site, token=reader.token) as client:
            id_ = await client.subscribe(FEED, {"after": cursor})
            for _ in range(count):
                change = (await client.next(id_))["feedChanged"]
                seen.append(change["id"])
                cursor = change["cursor"]
    assert seen == posts
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(FEED, {"after": cursor})
        await client.nothing(id_)


async def test_whoever_follows_a_skill_is_told_that_a_post_about_it_is_gone(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    (skill,) = await some_skills(make, 1)
    await make.connection.execute(
        "insert into skill_follow (person_id, skill_id) values ($1, $2)", reader.key, key_of(skill)
    )
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(FEED)
        await client.settled()
        post = poster.publish(author, place, "About it", skillIds=[skill])
        assert (await client.next(id_))["feedChanged"]["id"] == post["id"]
        poster.do(author, "postDelete", postId=post["id"])
        change = (await client.next(id_))["feedChanged"]
        assert (change["kind"], change["id"]) == ("DELETED", post["id"])


@pytest.mark.parametrize("case", ["ahead of the database", "before what is kept"])
async def test_who_missed_too_much_is_told_to_read_anew(
    town_site: str, poster: Poster, make: Maker, case: str
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    poster.read(reader, FOLLOW, id=place.id)
    cursor = poster.read(reader, "{ liveCursor }")["liveCursor"]
    if case == "ahead of the database":
        after = f"1:{int(cursor.split(':')[1]) + 1_000_000}:"
    else:
        after = "3:3:"
        await make.connection.execute("update event_horizon set transaction_id = 3")
    try:
        async with listening(town_site, token=reader.token) as client:
            id_ = await client.subscribe(FEED, {"after": after})
            change = (await client.next(id_))["feedChanged"]
            assert (change["kind"], change["id"], change["post"]) == ("RESYNC", None, None)
            post = poster.publish(author, place, "News")
            assert (await client.next(id_))["feedChanged"]["id"] == post["id"]
        # What was told goes on exactly behind the cursor of RESYNC.
        async with listening(town_site, token=reader.token) as client:
            id_ = await client.subscribe(FEED, {"after": change["cursor"]})
            assert (await client.next(id_))["feedChanged"]["id"] == post["id"]
    finally:
        await make.connection.execute("update event_horizon set transaction_id = 0")
