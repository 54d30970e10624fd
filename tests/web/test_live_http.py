"""Subscriptions over HTTP: as server-sent events and in parts, for as long as somebody listens."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.making import Maker
from tests.web.browsing import browser, with_password
from tests.web.listening import listening
from tests.web.serving import RESPONSE_JSON, Running, ask, client_of, data_of, errors_of, running
from tests.web.streaming import EVENT_STREAM, FEED, MULTIPART, Scene, Streaming, scene, streaming
from web.live import streams

JSON = "application/json"
SETTLED_SECONDS = 10.0
CURSOR = re.compile(r"\d+:\d+:[\d,]*(/.+)?")
CLOSE = "mutation { sessionClose(input: {}) { closed } }"
# What @urql/core sends with queries.
URQL = f"{RESPONSE_JSON}, application/graphql+json, {JSON}, {EVENT_STREAM}, multipart/mixed"


@pytest.fixture(scope="module")
def served(town: str) -> Iterator[Running]:
    """The application on the town, to look into."""
    with running(town, live_per_person=3, live_anonymous_per_address=2) as found:
        yield found


@pytest.fixture
async def story(served: Running, make: Maker) -> AsyncIterator[Scene]:
    with client_of(served.url) as client:
        yield await scene(client, make)


async def settled(served: Running, before: dict[str, int]) -> None:
    """Wait until nothing more is held than before."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while served.open() != before:
        assert time.monotonic() < deadline, (served.open(), before)
        await asyncio.sleep(0.02)


async def until(served: Running, what: str, number: int) -> None:
    deadline = time.monotonic() + SETTLED_SECONDS
    while served.open()[what] != number:
        assert time.monotonic() < deadline, served.open()
        await asyncio.sleep(0.01)


async def opened(stream: Streaming) -> str:
    """Wait until a stream listens; give the cursor to go on from."""
    event = await stream.block()
    assert (event.name, event.data) == (None, None)
    assert event.id
    assert CURSOR.fullmatch(event.id)
    return event.id


# Messages


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_changes_come_as_events_each_with_its_cursor(
    served: Running, story: Scene, method: str
) -> None:
    query = FEED.replace("kind", "kind cursor")
    async with streaming(served.url, query, token=story.reader.token, method=method) as stream:
        head = stream.response
        assert head.status_code == 200
        assert head.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert head.headers["cache-control"] == "no-store"
        assert head.headers["x-accel-buffering"] == "no"
        await opened(stream)
        for body in ("One", "Two\nlines"):
            post = story.publish(body)
            change, id_ = await stream.change()
            assert change.pop("cursor") == id_
            assert change == story.told(post, body)


async def test_the_cursor_need_not_be_asked_for(served: Running, story: Scene) -> None:
    async with streaming(served.url, FEED, token=story.reader.token) as stream:
        await opened(stream)
        posts = [story.publish("One"), story.publish("Two")]
        (first, id_), _ = await stream.change(), await stream.change()
        assert first == story.told(posts[0], "One")
    async with streaming(
        served.url, FEED, token=story.reader.token, headers={"Last-Event-ID": id_ or ""}
    ) as stream:
        assert await opened(stream) == id_
        change, _ = await stream.change()
        assert change == story.told(posts[1], "Two")
        third = story.publish("Three")
        change, _ = await stream.change()
        assert change == story.told(third, "Three")


async def test_the_last_event_stands_before_the_argument(served: Running, story: Scene) -> None:
    token = story.reader.token
    start = story.poster.read(story.reader, "{ liveCursor }")["liveCursor"]
    posts = [story.publish(body) for body in ("One", "Two")]
    async with streaming(served.url, FEED, {"after": start}, token=token) as stream:
        await opened(stream)
        change, id_ = await stream.change()
        assert change["id"] == posts[0]
    assert id_
    # The same request again, as a browser sends it.
    async with streaming(
        served.url,
        FEED,
        {"after": start},
        token=token,
        method="GET",
        headers={"Last-Event-ID": id_},
    ) as stream:
        await opened(stream)
        change, _ = await stream.change()
        assert change["id"] == posts[1]


async def test_who_is_cut_off_before_the_first_message_misses_nothing(
    served: Running, story: Scene
) -> None:
    async with streaming(served.url, FEED, token=story.reader.token) as stream:
        cursor = await opened(stream)
    post = story.publish("Meanwhile")
    async with streaming(
        served.url, FEED, token=story.reader.token, headers={"Last-Event-ID": cursor}
    ) as stream:
        await opened(stream)
        change, _ = await stream.change()
        assert change["id"] == post


async def test_heartbeats_bring_the_cursor_forward(
    served: Running, story: Scene, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    elsewhere = await scene(story.poster.client, make)
    async with streaming(served.url, FEED, token=story.reader.token) as stream:
        cursor = await opened(stream)
        elsewhere.publish("Of no interest here, but read")
        while (event := await stream.block()).id in {None, cursor}:
            assert (event.name, event.comments) == (None, [""])
        assert (event.name, event.data) == (None, None)
        newer = event.id
        post = story.publish("News")
        change, _ = await stream.change()
        assert change["id"] == post
    async with streaming(
        served.url, FEED, token=story.reader.token, headers={"Last-Event-ID": newer or ""}
    ) as stream:
        change, _ = await stream.change()
        assert change["id"] == post


async def test_all_who_listen_alike_get_the_same_bytes(served: Running, story: Scene) -> None:
    token = story.reader.token
    async with (
        streaming(served.url, FEED, token=token) as one,
        streaming(served.url, FEED, token=token, accept=MULTIPART) as other,
        listening(served.url, token=token) as third,
    ):
        await opened(one)
        id_ = await third.subscribe(FEED)
        await third.settled()
        await until(served, "listeners", 3)
        assert served.open()["groups"] == 1
        post = story.publish("News")
        told = story.told(post, "News")
        assert (await one.change())[0] == told
        assert await other.part() == {"payload": {"data": {"feedChanged": told}}}
        assert (await third.next(id_))["feedChanged"] == told


async def test_changes_come_as_parts(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = story.reader.token
    async with streaming(served.url, FEED, token=token, accept=MULTIPART) as stream:
        type_ = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
        assert stream.response.headers["content-type"] == type_
        await until(served, "listeners", 1)
        post = story.publish("News")
        told = {"payload": {"data": {"feedChanged": story.told(post, "News")}}}
        assert await stream.part() == told
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    async with streaming(served.url, FEED, token=token, accept=MULTIPART) as stream:
        assert [await stream.part() for _ in range(2)] == [{}, {}]


# What is no subscription, and what is refused


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_query_is_answered_by_one_event(served: Running, story: Scene, method: str) -> None:
    viewer = "{ viewer { id } }"
    async with streaming(served.url, viewer, token=story.reader.token, method=method) as stream:
        assert (await stream.next()).answer["data"] == {"viewer": {"id": story.reader.id}}
        end = await stream.next()
        assert (end.name, end.data) == ("complete", "")
        assert await stream.is_over()


async def test_a_mutation_is_answered_by_one_event(served: Running, story: Scene) -> None:
    follow = "mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) { userErrors { code } } }"
    given = {"id": story.place.id}
    async with streaming(served.url, follow, given, token=story.reader.token) as stream:
        answer = (await stream.next()).answer
        assert answer["data"] == {"organisationFollow": {"userErrors": []}}
        assert (await stream.next()).name == "complete"


async def test_a_query_is_answered_by_one_part(served: Running, story: Scene) -> None:
    accept = "multipart/mixed;subscriptionSpec=1.0"
    viewer = "{ viewer { id } }"
    async with streaming(served.url, viewer, token=story.reader.token, accept=accept) as stream:
        answer = await stream.part()
        assert answer["payload"]["data"] == {"viewer": {"id": story.reader.id}}
        assert await stream.part() is None


@pytest.mark.parametrize("accept", [URQL, MULTIPART, "*/*", f"{EVENT_STREAM}, */*"])
def test_a_query_is_answered_whole_for_who_takes_that(served: Running, accept: str) -> None:
    with client_of(served.url) as client:
        response = ask(client, "{ viewer { id } }", accept=accept)
        assert response.headers["content-type"] in {JSON, RESPONSE_JSON}
        assert data_of(response) == {"viewer": None}


REFUSED = [
    pytest.param("subscription {", None, "GRAPHQL_PARSE_FAILED", id="no GraphQL"),
    pytest.param(
        "subscription { feedChanged { nothing } }", None, "GRAPHQL_VALIDATION_FAILED", id="no field"
    ),
    pytest.param("subscription { nothing }", None, "GRAPHQL_VALIDATION_FAILED", id="no root field"),
    pytest.param(
        "subscription { feedChanged { kind } feedChanged2: feedChanged { kind } }",
        None,
        "GRAPHQL_VALIDATION_FAILED",
        id="two root fields",
    ),
    pytest.param(
        "subscription A { feedChanged { kind } } subscription B { feedChanged { kind } }",
        None,
        "BAD_REQUEST",
        id="which of two",
    ),
    pytest.param(FEED, {"after": "yesterday"}, "INVALID_CURSOR", id="no cursor"),
    pytest.param(FEED, {"after": 3}, "GRAPHQL_VALIDATION_FAILED", id="no text"),
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("query", "variables", "code"), REFUSED)
async def test_what_the_document_gets_wrong_is_an_event(
    served: Running, query: str, variables: dict[str, Any] | None, code: str, method: str
) -> None:
    before = served.open()
    async with streaming(served.url, query, variables, method=method) as stream:
        assert stream.response.status_code == 200
        (error, *_) = (await stream.next()).answer["errors"]
        assert error["message"].strip()
        assert error["extensions"]["code"] == code
        assert (await stream.next()).name == "complete"
        assert await stream.is_over()
    await settled(served, before)


async def test_what_the_document_gets_wrong_is_a_part(served: Running) -> None:
    query = "subscription { feedChanged { nothing } }"
    async with streaming(served.url, query, accept=MULTIPART) as stream:
        answer = await stream.part()
        (error,) = answer["payload"]["errors"]
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert await stream.part() is None


async def test_a_last_event_that_is_none_of_ours_is_refused(served: Running) -> None:
    headers = {"Last-Event-ID": "yesterday"}
    async with streaming(served.url, FEED, method="GET", headers=headers) as stream:
        (error,) = (await stream.next()).answer["errors"]
        assert error["extensions"]["code"] == "INVALID_CURSOR"


async def test_a_subscription_needs_a_stream(served: Running) -> None:
    with client_of(served.url) as client:
        for accept in (JSON, "*/*", "multipart/mixed", f"{EVENT_STREAM};q=0"):
            response = ask(client, FEED, accept=accept)
            assert response.status_code == 406
            assert "text/event-stream" in errors_of(response)[0]["message"]
        head = client.head("/graphql", params={"query": FEED}, headers={"Accept": EVENT_STREAM})
        assert head.status_code == 406


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        pytest.param({"Authorization": "Bearer x"}, 401, "UNAUTHENTICATED", id="unknown token"),
        pytest.param({"Authorization": "x"}, 401, "UNAUTHENTICATED", id="no token"),
        pytest.param(
            {"Cookie": "commons_session=x", "Sec-Fetch-Site": "same-origin"},
            401,
            "UNAUTHENTICATED",
            id="unknown cookie",
        ),
        pytest.param(
            {"Cookie": "commons_session=x", "Sec-Fetch-Site": "cross-site"},
            403,
            "CROSS_SITE",
            id="cookie, other site",
        ),
        pytest.param(
            {"Cookie": "commons_session=x", "Origin": "https://other.example"},
            403,
            "CROSS_SITE",
            id="cookie, other origin",
        ),
    ],
)
async def test_who_may_not_listen_is_told_before_the_stream(
    served: Running, method: str, headers: dict[str, str], status: int, code: str
) -> None:
    before = served.open()
    async with streaming(served.url, FEED, method=method, headers=headers) as stream:
        await stream.response.aread()
        assert stream.response.status_code == status
        assert stream.response.headers["content-type"] == JSON
        assert errors_of(stream.response)[0]["extensions"]["code"] == code
    await settled(served, before)


# Authority and limits


async def test_the_cookie_of_our_own_pages_opens_a_stream_until_it_ends(
    served: Running, story: Scene, make: Maker
) -> None:
    await with_password(make, story.reader)
    before = served.open()
    with browser(served.url) as fox:
        fox.sign_in(story.reader.email)
        headers = {
            "Cookie": f"commons_session={fox.client.cookies['commons_session']}",
            "Sec-Fetch-Site": "same-origin",
        }
        async with streaming(served.url, FEED, method="GET", headers=headers) as stream:
            await opened(stream)
            post = story.publish("News")
            assert (await stream.change())[0]["id"] == post
            data_of(fox.send(CLOSE))
            (error,) = (await stream.next()).answer["errors"]
            assert error["extensions"]["code"] == "UNAUTHENTICATED"
            assert (await stream.next()).name == "complete"
            assert await stream.is_over()
    await settled(served, before)


async def test_streams_and_sockets_count_together(served: Running, story: Scene) -> None:
    before, token = served.open(), story.reader.token
    async with (
        streaming(served.url, FEED, token=token) as one,
        streaming(served.url, FEED, token=token),
        listening(served.url, token=token) as socket_,
    ):
        await opened(one)
        await socket_.settled()
        with client_of(served.url) as client:
            response = ask(client, FEED, token=token, accept=EVENT_STREAM)
            assert response.status_code == 429
            assert errors_of(response)[0]["extensions"]["code"] == "TOO_MANY_CONNECTIONS"
            assert response.headers["retry-after"]
    await settled(served, before)
    async with streaming(served.url, FEED, token=token) as stream:
        await opened(stream)


async def test_visitors_have_a_limit_of_their_own(served: Running) -> None:
    async with streaming(served.url, FEED) as one, streaming(served.url, FEED) as other:
        await opened(one)
        await opened(other)
        with client_of(served.url) as client:
            assert ask(client, FEED, accept=EVENT_STREAM).status_code == 429


# Ends


def raw(served: Running, query: str, token: str, *, accept: str = EVENT_STREAM) -> socket.socket:
    """Send a request, over a socket that takes in little by itself."""
    parts = urlsplit(served.url)
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    found.connect((parts.hostname, parts.port))
    body = f'{{"query": "{query}"}}'
    found.sendall(
        (
            f"POST /graphql HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {accept}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: {JSON}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
    )
    return found


async def test_who_does_not_read_is_told_so_and_disturbs_nobody(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "UNREAD_MAX", 16 * 1024)
    before = served.open()
    query = "subscription { feedChanged { kind post { body } } }"
    async with streaming(served.url, FEED, token=story.reader.token) as other:
        await opened(other)
        lazy = raw(served, query, story.reader.token)
        await until(served, "listeners", 2)
        published = 0
        while served.open()["listeners"] == 2:
            published += 1
            assert published < 2_000
            story.publish(f"{published:04} " + "x" * 4_900)
        # It reads again: all that was sent before, and why no more comes.
        lazy.settimeout(10)
        received = b"".join(iter(lambda: lazy.recv(65_536), b"")).decode()
        lazy.close()
        assert received.endswith("event: complete\ndata:\n\n\r\n0\r\n\r\n")
        assert '"code":"SLOW_CONSUMER"' in received.rsplit("event: next", 1)[1]
        for number in range(1, published + 1):
            change, _ = await other.change()
            assert change["post"]["body"].startswith(f"{number:04} ")
    await settled(served, before)


async def test_who_never_reads_is_cut_off(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "UNREAD_MAX", 16 * 1024)
    monkeypatch.setattr(streams, "CLOSING_SECONDS", 0.2)
    before = served.open()
    query = "subscription { feedChanged { kind post { body } } }"
    lazy = raw(served, query, story.reader.token)
    await until(served, "listeners", 1)
    while served.open()["listeners"]:
        story.publish("x" * 4_900)
    await settled(served, before)
    lazy.close()


async def test_many_short_messages_unread_are_too_many(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "UNREAD_MESSAGES_MAX", 3)
    before = served.open()
    lazy = raw(served, "subscription { feedChanged { post { body } } }", story.reader.token)
    await until(served, "listeners", 1)
    published = 0
    while served.open()["listeners"]:
        published += 1
        assert published < 2_000
        story.publish("x" * 4_900)
    lazy.close()
    await settled(served, before)


@pytest.mark.parametrize("accept", [EVENT_STREAM, MULTIPART])
async def test_nothing_is_left_of_clients_that_vanish(
    served: Running, story: Scene, accept: str
) -> None:
    before = served.open()
    for _ in range(3):
        found = raw(
            served, "subscription { feedChanged { kind } }", story.reader.token, accept=accept
        )
        await until(served, "listeners", 1)
        # Reset, not closed.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        found.close()
        await settled(served, before)


async def test_a_peer_that_falls_silent_is_given_up(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    give_up = streams._give_up_on_silent_peer

    def looked_at(transport: Any) -> None:
        give_up(transport)
        peer = transport.get_extra_info("socket")
        given.append(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))

    monkeypatch.setattr(streams, "_give_up_on_silent_peer", looked_at)
    async with streaming(served.url, FEED, token=story.reader.token) as stream:
        await opened(stream)
    assert given == [streams.SILENT_PEER_MS]


async def test_a_server_that_stops_says_when_to_come_back(
    town: str, town_client: httpx2.Client, make: Maker
) -> None:
    told = await scene(town_client, make)
    token = told.reader.token
    with running(town, live_per_person=10) as going:
        async with (
            streaming(going.url, FEED, token=token) as one,
            streaming(going.url, FEED, token=token) as other,
            streaming(going.url, FEED, token=token, accept=MULTIPART) as third,
        ):
            cursor = await opened(one)
            await opened(other)
            going.stop()
            delays = [(await stream.block()).retry for stream in (one, other)]
            assert all(delay and 100 <= delay <= 5_000 for delay in delays)
            assert await one.is_over()
            part = await third.part()
            assert part["payload"] is None
            assert part["errors"][0]["extensions"]["code"] == "RESTARTING"
            assert await third.part() is None
    post = told.publish("Meanwhile")
    with running(town) as again:
        headers = {"Last-Event-ID": cursor}
        async with streaming(again.url, FEED, token=token, headers=headers) as stream:
            await opened(stream)
            assert (await stream.change())[0] == told.told(post, "Meanwhile")
