"""Live updates, heard by clients that others wrote: the server is not only right by its own account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from tests.making import Maker
from tests.web.driving import driven, line_to
from tests.web.serving import Running, client_of, running, running_aside
from tests.web.streaming import Scene, scene

SOCKETS = ("graphql-ws", "urql over graphql-ws")
STREAMS = ("graphql-sse", "urql over graphql-sse", "urql", "apollo", "eventsource")
# Those that come back by themselves.
FAITHFUL = (*SOCKETS, "graphql-sse", "urql over graphql-sse", "eventsource")
FEED = """
subscription ($after: String) { feedChanged(after: $after) { kind id cursor post { id body } } }
"""
OTHER = "subscription { feedChanged { kind post { id organisation { id } } } }"


@pytest.fixture(scope="module")
def served(town: str) -> Iterator[Running]:
    with running(town) as found:
        yield found


@pytest.fixture
async def story(served: Running, make: Maker) -> AsyncIterator[Scene]:
    with client_of(served.url) as client:
        yield await scene(client, make)
    await served.settled()


@pytest.mark.parametrize("name", [*SOCKETS, *STREAMS])
async def test_it_is_told_of_changes_until_it_has_heard_enough(
    served: Running, story: Scene, name: str
) -> None:
    async with driven(name, served.url, story.reader.token) as client:
        await client.subscribe("1", FEED)
        await served.until("listeners", 1)
        for body in ("One", "Two\nlines", "Drie: “één”"):
            post = story.publish(body)
            change = await client.change("1")
            assert change["cursor"]
            assert (change["kind"], change["id"]) == ("CREATED", post)
            assert change["post"].items() >= {"id": post, "body": body}.items()
            if name in SOCKETS:
                await client.heard("pong")
        await client.complete("1")
        await served.until("listeners", 0)
        story.publish("Unheard")
        await client.nothing("next", "1")
    await served.settled()


@pytest.mark.parametrize("name", [*SOCKETS, *STREAMS])
async def test_it_hears_two_subscriptions_at_once(served: Running, story: Scene, name: str) -> None:
    async with driven(name, served.url, story.reader.token) as client:
        await client.subscribe("1", FEED)
        await served.until("listeners", 1)
        await client.subscribe("2", OTHER)
        await served.until("listeners", 2)
        assert served.open()["addresses"] == (1 if name in SOCKETS else 2)
        post = story.publish("News")
        assert (await client.change("1"))["post"]["id"] == post
        assert (await client.change("2"))["post"]["organisation"]["id"] == story.place.id
        await client.complete("1")
        await served.until("listeners", 1)
        post = story.publish("More")
        assert (await client.change("2"))["post"]["id"] == post
        await client.nothing("next", "1")


REFUSED = [
    ("subscription { feedChanged { nothing } }", None, "GRAPHQL_VALIDATION_FAILED"),
    (FEED, {"after": "yesterday"}, "INVALID_CURSOR"),
]
# For those that do not read a document before they send it.
UNREADABLE = ("subscription {", None, "GRAPHQL_PARSE_FAILED")


@pytest.mark.parametrize("name", [*SOCKETS, *STREAMS])
async def test_it_hears_what_is_wrong_with_a_document(
    served: Running, story: Scene, name: str
) -> None:
    reads = name.startswith(("urql", "apollo"))
    async with driven(name, served.url, story.reader.token) as client:
        await client.subscribe("good", FEED)
        await served.until("listeners", 1)
        for query, variables, code in REFUSED if reads else [*REFUSED, UNREADABLE]:
            await client.subscribe(code, query, variables)
            assert (await client.heard("refused", code))["codes"] == [code]
        # The other goes on.
        post = story.publish("News")
        assert (await client.change("good"))["id"] == post


@pytest.mark.parametrize("name", [*SOCKETS, *STREAMS])
async def test_it_is_told_that_its_token_is_nobodys(served: Running, name: str) -> None:
    async with driven(name, served.url, "unknown") as client:
        await client.subscribe("1", FEED)
        if name in SOCKETS:
            assert (await client.heard("failed", "1"))["code"] == 4403
        elif name in {"urql", "apollo"}:
            # They read the body of the refusal.
            assert (await client.heard("refused", "1"))["codes"] == ["UNAUTHENTICATED"]
        else:
            assert (await client.heard("failed", "1"))["code"] == 401
    await served.settled()


@pytest.mark.parametrize("name", FAITHFUL)
async def test_it_misses_nothing_when_the_connection_breaks(
    served: Running, story: Scene, name: str
) -> None:
    after = story.poster.read(story.reader, "{ liveCursor }")["liveCursor"]
    async with (
        line_to(served.url) as line,
        driven(name, line.url, story.reader.token) as client,
    ):
        await client.subscribe("1", FEED, {"after": after})
        posts, heard = [], []
        for number in range(2):
            await served.until("listeners", 1)
            posts.append(story.publish(f"Before {number}"))
            heard.append((await client.change("1"))["id"])
            line.cut()
            await served.until("listeners", 0)
            posts += [story.publish(f"Meanwhile {number}.{again}") for again in range(2)]
            heard += [(await client.change("1"))["id"] for _ in range(2)]
        assert heard == posts
        await client.nothing("next", "1")


@pytest.mark.parametrize("name", FAITHFUL)
async def test_it_misses_nothing_when_the_server_is_restarted(
    town: str, town_client: httpx2.Client, make: Maker, name: str
) -> None:
    told = await scene(town_client, make)
    after = told.poster.read(told.reader, "{ liveCursor }")["liveCursor"]
    async with (
        line_to("http://127.0.0.1:9") as line,
        driven(name, line.url, told.reader.token) as client,
    ):
        async with running_aside(town) as first:
            line.site = first.url
            await client.subscribe("1", FEED, {"after": after})
            await first.until("listeners", 1)
            before = told.publish("Before")
            assert (await client.change("1"))["id"] == before
        if name in SOCKETS:
            while (end := await client.heard("closed"))["code"] != 1012:
                pass
            assert end["reason"].startswith("Restarting")
        meanwhile = told.publish("Meanwhile")
        async with running_aside(town) as second:
            line.site = second.url
            assert (await client.change("1"))["id"] == meanwhile
            afterwards = told.publish("Afterwards")
            assert (await client.change("1"))["id"] == afterwards
            await client.nothing("next", "1")


@pytest.mark.parametrize("name", [*SOCKETS, *STREAMS])
async def test_it_hears_that_it_is_signed_out(
    served: Running, story: Scene, make: Maker, name: str
) -> None:
    async with driven(name, served.url, story.reader.token) as client:
        await client.subscribe("1", FEED)
        await served.until("listeners", 1)
        await make.connection.execute(
            "update access_token set revoked_at = now() where person_id = $1", story.reader.key
        )
        await served.inside(served.live.hub.prove_all)
        if name in SOCKETS:
            assert (await client.heard("closed"))["code"] == 4401
        else:
            assert (await client.heard("refused", "1"))["codes"] == ["UNAUTHENTICATED"]
    await served.settled()
