"""What a WebSocket may be sent that it should not: refused as the protocol has it, at no cost to others."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from db.pools import ReadPool
from resolvers.accounts import people_of_secrets
from tests.making import Maker
from tests.web.browsing import new_address
from tests.web.listening import PROTOCOL, WAIT_SECONDS, Listening, listening
from tests.web.serving import Running, client_of, running
from tests.web.streaming import FEED, Scene, scene
from web.live import frames, service, websocket

INIT = {"type": "connection_init"}
# As the command does it.
REVOKE = """
with revoked as (
  update access_token set revoked_at = now() where person_id = $1 returning id, person_id
)
insert into event (kind, actor_id, subject_id, ids)
select 'TOKEN_REVOKED', person_id, person_id, jsonb_build_object('person_id', person_id, 'access_token_id', id)
from revoked
"""
PER_PERSON, PER_ADDRESS, VISITORS, SUBSCRIPTIONS = 3, 4, 2, 5


@pytest.fixture(scope="module")
def served(town: str) -> Iterator[Running]:
    """The application on the town, with limits that are soon met."""
    with running(
        town,
        send_buffer=8_192,
        live_per_person=PER_PERSON,
        live_per_address=PER_ADDRESS,
        live_anonymous_per_address=VISITORS,
        live_subscriptions=SUBSCRIPTIONS,
    ) as found:
        yield found


@pytest.fixture
async def story(served: Running, make: Maker) -> AsyncIterator[Scene]:
    with client_of(served.url) as client:
        yield await scene(client, make)


@pytest.fixture
async def undisturbed(served: Running, story: Scene) -> AsyncIterator[None]:
    """Somebody who listens all the while, misses nothing, and is the last of whom anything is held."""
    headers = {"X-Forwarded-For": new_address()}
    async with listening(served.url, token=story.reader.token, headers=headers) as witness:
        id_ = await witness.subscribe(FEED)
        await served.until("listeners", 1)
        await witness.settled()
        before = served.open()
        yield
        await served.settled(before)
        news = story.told(story.publish("News"), "News")
        while (change := (await witness.next(id_))["feedChanged"]) != news:
            assert change["post"]["body"] == "Meanwhile"
    await served.settled()


async def connection_to(
    served: Running, *, protocol: str | None = PROTOCOL, **headers: str
) -> ClientConnection:
    """Open a connection and say nothing yet."""
    sent = {"X-Forwarded-For": new_address(), **headers}
    return await connect(
        served.url.replace("http", "ws", 1) + "/graphql",
        subprotocols=None if protocol is None else [Subprotocol(protocol)],
        additional_headers=sent,
        proxy=None,
        compression=None,
    )


@asynccontextmanager
async def connected(
    served: Running, *, protocol: str | None = PROTOCOL, **headers: str
) -> AsyncIterator[ClientConnection]:
    """Open a connection for a while."""
    async with await connection_to(served, protocol=protocol, **headers) as connection:
        yield connection


async def closed(connection: ClientConnection) -> tuple[int, str]:
    """Wait until the server closes; give its code and reason."""
    async with asyncio.timeout(WAIT_SECONDS):
        with pytest.raises(ConnectionClosed) as raised:
            while True:
                await connection.recv()
    frame = raised.value.rcvd
    assert frame is not None
    return frame.code, frame.reason


def subscribe(id_: object = "1", **payload: Any) -> dict[str, Any]:
    return {"type": "subscribe", "id": id_, "payload": {"query": FEED, **payload}}


# Messages

BEFORE_INIT = [
    pytest.param("{", 4400, id="half an object"),
    pytest.param("", 4400, id="nothing"),
    pytest.param("[" * 100_000, 4400, id="brackets"),
    pytest.param("[]", 4400, id="a list"),
    pytest.param('"connection_init"', 4400, id="a text"),
    pytest.param("3", 4400, id="a number"),
    pytest.param("null", 4400, id="null"),
    pytest.param("{}", 4400, id="no type"),
    pytest.param('{"type": 3}', 4400, id="a number as type"),
    pytest.param('{"type": "start"}', 4400, id="a type of another protocol"),
    pytest.param('{"type": "' + "x" * 100_000 + '"}', 4400, id="a long type"),
    pytest.param('{"type": "connection_init", "payload": []}', 4400, id="a list as payload"),
    pytest.param(b'{"type": "connection_init"}', 4400, id="binary"),
    pytest.param(json.dumps(subscribe()), 4401, id="subscribe before init"),
    pytest.param("x" * 1_000_000, 1009, id="a megabyte"),
]


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(("message", "code"), BEFORE_INIT)
async def test_a_bad_message_closes_the_connection(
    served: Running, message: str | bytes, code: int
) -> None:
    async with connected(served) as connection:
        await connection.send(message)
        found, reason = await closed(connection)
        assert (found, bool(reason)) == (code, True)


AFTER_INIT = [
    pytest.param([INIT], 4429, id="two inits"),
    pytest.param([subscribe(), subscribe()], 4409, id="an id twice"),
    pytest.param([{"type": "subscribe", "id": "1"}], 4400, id="no payload"),
    pytest.param([{"type": "subscribe", "payload": {"query": FEED}}], 4400, id="no id"),
    pytest.param([subscribe(3)], 4400, id="a number as id"),
    pytest.param([subscribe("")], 4400, id="an empty id"),
    pytest.param([subscribe("x" * 129)], 4400, id="a long id"),
    pytest.param([subscribe(query=3)], 4400, id="a number as query"),
    pytest.param([subscribe(variables=[])], 4400, id="a list as variables"),
    pytest.param([subscribe(operationName=3)], 4400, id="a number as name"),
    pytest.param([{"type": "complete"}], 4400, id="complete what"),
    pytest.param([subscribe(), {"type": "next", "id": "1", "payload": {}}], 4400, id="next"),
]


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(("messages", "code"), AFTER_INIT)
async def test_a_bad_message_after_the_first_closes_the_connection(
    served: Running, messages: list[dict[str, Any]], code: int
) -> None:
    async with connected(served) as connection:
        for message in [INIT, *messages]:
            await connection.send(json.dumps(message))
        assert (await closed(connection))[0] == code


REFUSED = [
    pytest.param({"query": "subscription {"}, "GRAPHQL_PARSE_FAILED", id="no GraphQL"),
    pytest.param({"query": ""}, "GRAPHQL_PARSE_FAILED", id="nothing"),
    pytest.param(
        {"query": "subscription { feedChanged { nothing } }"},
        "GRAPHQL_VALIDATION_FAILED",
        id="no field",
    ),
    pytest.param(
        {"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED", id="no root field"
    ),
    pytest.param(
        {"query": FEED, "variables": {"after": "x"}}, "INVALID_CURSOR", id="no cursor of ours"
    ),
    pytest.param({"query": FEED, "operationName": "Other"}, "BAD_REQUEST", id="no such operation"),
    pytest.param(
        {"query": "subscription A { feedChanged { id } } query B { viewer { id } }"},
        "BAD_REQUEST",
        id="which of two",
    ),
    pytest.param({"query": "{ " + "a " * 5_000 + "}"}, "LIMIT_EXCEEDED", id="too long"),
    pytest.param({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED", id="no field of a query"),
]


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(("payload", "code"), REFUSED)
async def test_a_bad_document_ends_its_operation_alone(
    served: Running, story: Scene, payload: dict[str, Any], code: str
) -> None:
    headers = {"X-Forwarded-For": new_address()}
    async with listening(served.url, token=story.reader.token, headers=headers) as client:
        going = await client.subscribe(FEED)
        await served.until("listeners", 2)
        await client.send({"type": "subscribe", "id": "bad", "payload": payload})
        message = await client.receive()
        assert (message["id"], message["type"]) == ("bad", "error")
        error, *_ = message["payload"]
        assert error["message"].strip()
        assert error["extensions"]["code"] == code
        # The id is free again, and the other goes on.
        await client.send({"type": "subscribe", "id": "bad", "payload": payload})
        assert (await client.receive())["type"] == "error"
        post = story.publish("Meanwhile")
        assert (await client.next(going))["feedChanged"] == story.told(post, "Meanwhile")


@pytest.mark.usefixtures("undisturbed")
async def test_what_may_be_said_at_any_time_is_answered_or_ignored(served: Running) -> None:
    async with connected(served) as connection:
        for message in (
            {"type": "ping", "payload": {"a": 1}},
            {"type": "pong"},
            {"type": "complete", "id": "none of ours"},
            INIT,
            {"type": "ping"},
        ):
            await connection.send(json.dumps(message))
        client = Listening(connection)
        types = [(await client.receive())["type"] for _ in range(3)]
        assert types == ["pong", "connection_ack", "pong"]


async def test_an_id_is_free_when_its_operation_has_ended(served: Running, story: Scene) -> None:
    async with listening(served.url, token=story.reader.token) as client:
        for _ in range(50):
            await client.send(subscribe("1"))
            await client.send({"type": "complete", "id": "1"})
        await client.settled()
        await served.until("listeners", 0)
    await served.settled()


@pytest.mark.usefixtures("undisturbed")
async def test_too_many_subscriptions_are_refused_and_the_others_go_on(
    served: Running, story: Scene
) -> None:
    headers = {"X-Forwarded-For": new_address()}
    async with listening(served.url, token=story.reader.token, headers=headers) as client:
        going = [await client.subscribe(FEED) for _ in range(SUBSCRIPTIONS)]
        await served.until("listeners", SUBSCRIPTIONS + 1)
        await client.send(subscribe("more"))
        message = await client.receive()
        assert (message["id"], message["type"]) == ("more", "error")
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
        assert error["extensions"]["limit"] == SUBSCRIPTIONS
        await client.complete(going.pop())
        await client.settled()
        assert served.open()["groups"] == 1


# Connections


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("protocol", [None, "graphql-ws", "mqtt"])
async def test_another_subprotocol_is_closed_as_such(served: Running, protocol: str | None) -> None:
    # The protocol wants the code in a close frame, so the handshake goes through.
    async with connected(served, protocol=protocol) as connection:
        assert (await closed(connection))[0] == 4406


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://other.example"}, id="by origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="by fetch metadata"),
    ],
)
async def test_a_cookie_that_another_site_sent_signs_nobody_in(
    served: Running, story: Scene, headers: dict[str, str]
) -> None:
    cookie = {"Cookie": f"commons_session={story.reader.token}"}
    async with connected(served, **cookie, **headers) as connection:
        await connection.send(json.dumps(INIT))
        assert (await closed(connection))[0] == 4403


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(
    "authorization", ["Bearer x", "Bearer", "x", "Basic eDp5", "", "Bearer " + "x" * 100_000]
)
async def test_a_token_that_is_nobodys_is_forbidden(served: Running, authorization: str) -> None:
    async with connected(served) as connection:
        payload = {"authorization": authorization}
        await connection.send(json.dumps({**INIT, "payload": payload}))
        assert (await closed(connection))[0] == 4403


@pytest.mark.usefixtures("undisturbed")
async def test_a_connection_that_never_begins_is_closed(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "INIT_TIME", timedelta(seconds=0.1))
    async with connected(served) as connection:
        assert (await closed(connection))[0] == 4408


@pytest.mark.usefixtures("undisturbed")
async def test_too_many_connections_of_a_person_are_refused(served: Running, story: Scene) -> None:
    # One is the witness.
    opened = [await start(served, story.reader.token) for _ in range(PER_PERSON - 1)]
    async with connected(served) as connection:
        payload = {"authorization": f"Bearer {story.reader.token}"}
        await connection.send(json.dumps({**INIT, "payload": payload}))
        assert (await closed(connection))[0] == 4429
    for each in opened:
        await each.close()


@pytest.mark.usefixtures("undisturbed")
async def test_too_many_connections_from_an_address_are_refused(served: Running) -> None:
    headers = {"X-Forwarded-For": new_address()}
    opened = [await start(served, None, **headers) for _ in range(VISITORS)]
    async with connected(served, **headers) as connection:
        await connection.send(json.dumps(INIT))
        assert (await closed(connection))[0] == 4429
    opened += [await connection_to(served, **headers) for _ in range(PER_ADDRESS - VISITORS)]
    async with connected(served, **headers) as connection:
        assert (await closed(connection))[0] == 4429
    for each in opened:
        await each.close()
    # There is room again.
    await (await start(served, None, **headers)).close()


async def start(served: Running, token: str | None, **headers: str) -> ClientConnection:
    """Open a connection that is signed in."""
    connection = await connection_to(served, **headers)
    payload = {} if token is None else {"authorization": f"Bearer {token}"}
    await connection.send(json.dumps({**INIT, "payload": payload}))
    assert await Listening(connection).receive() == {"type": "connection_ack"}
    return connection


async def test_a_database_that_is_away_is_no_reason_to_stay_away(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def out_of_reach(*_: object) -> dict[bytes, object]:
        raise asyncpg.ConnectionDoesNotExistError

    monkeypatch.setattr(service, "people_of_secrets", out_of_reach)
    async with connected(served) as connection:
        await connection.send(json.dumps({**INIT, "payload": {"authorization": "Bearer x"}}))
        assert (await closed(connection))[0] == 1013
    await served.settled()


async def test_a_token_that_is_revoked_while_it_is_looked_up_opens_nothing(
    served: Running, town: str, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make.person()
    asked: list[int] = []

    async def slowly(reader: ReadPool, hashes: list[bytes]) -> dict[bytes, UUID]:
        """Give an answer that is no longer true, and that everybody else was told of."""
        found = await people_of_secrets(reader, hashes)
        asked.append(len(found))
        if len(asked) == 1:
            changes = served.live.hub.credential_changes
            connection = await asyncpg.connect(town)
            await connection.execute(REVOKE, person.key)
            await connection.close()
            served.live.announce()
            while served.live.hub.credential_changes == changes:  # noqa: ASYNC110 - a plain counter
                await asyncio.sleep(0.01)
        return found

    monkeypatch.setattr(service, "people_of_secrets", slowly)
    async with connected(served) as connection:
        payload = {"authorization": f"Bearer {person.token}"}
        await connection.send(json.dumps({**INIT, "payload": payload}))
        assert (await closed(connection))[0] == 4403
    assert asked == [1, 0]
    await served.settled()


# Bytes


class Bare:
    """A WebSocket of bytes: says what it likes, answers no ping, and takes in little by itself."""

    def __init__(self, served: Running) -> None:
        parts = urlsplit(served.url)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.settimeout(10)
        self.socket.connect((parts.hostname, parts.port))
        self.socket.sendall(
            (
                f"GET /graphql HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
                f"Sec-WebSocket-Protocol: {PROTOCOL}\r\nX-Forwarded-For: {new_address()}\r\n\r\n"
            ).encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)
        assert head.startswith(b"HTTP/1.1 101 ")

    def send(self, opcode: int, data: bytes, *, masked: bool = True) -> None:
        """Send a frame; with a mask of zeros the data are as they are."""
        size, bit = len(data), 0x80 if masked else 0
        length = bytes([bit | size]) if size < 126 else bytes([bit | 126]) + struct.pack("!H", size)
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4 if masked else 0) + data)

    def say(self, message: dict[str, Any]) -> None:
        self.send(1, json.dumps(message).encode())

    def begin(self, token: str) -> None:
        self.say({**INIT, "payload": {"authorization": f"Bearer {token}"}})
        self.say(subscribe())

    def rest(self) -> bytes:
        """Read until the end."""
        return b"".join(iter(lambda: self.socket.recv(65_536), b""))

    def vanish(self) -> None:
        """Go without a word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def close_code(received: bytes) -> int:
    """Give the code of the close frame at the end."""
    (code,) = re.findall(rb"\x88[\x02-\x7d]([\x03\x11]..*)\Z", received, re.DOTALL)[:1]
    found: int = struct.unpack("!H", code[:2])[0]
    return found


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(
    ("send", "code"),
    [
        pytest.param(lambda bare: bare.send(1, b"\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(lambda bare: bare.send(1, b"{}", masked=False), 1002, id="no mask"),
        pytest.param(lambda bare: bare.send(3, b""), 1002, id="no such opcode"),
        pytest.param(lambda bare: bare.send(0, b"{}"), 1002, id="the rest of nothing"),
        pytest.param(lambda bare: bare.send(9, b"x" * 200), 1002, id="a long ping"),
        pytest.param(lambda bare: bare.send(8, b"\x00"), 1002, id="half a code"),
    ],
)
async def test_frames_that_are_none_close_the_connection(
    served: Running, send: Callable[[Bare], None], code: int
) -> None:
    bare = Bare(served)
    send(bare)
    assert close_code(await asyncio.to_thread(bare.rest)) == code
    bare.socket.close()


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("where", ["before init", "after init", "in a subscription"])
async def test_nothing_is_left_of_clients_that_vanish(
    served: Running, story: Scene, where: str
) -> None:
    for _ in range(3):
        bare = Bare(served)
        if where == "in a subscription":
            bare.begin(story.reader.token)
            await served.until("listeners", 2)
        elif where == "after init":
            bare.say(INIT)
        bare.vanish()
        await served.until("listeners", 1)


async def test_who_does_not_read_is_told_so(
    served: Running, story: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "UNREAD_MAX", 16 * 1024)
    headers = {"X-Forwarded-For": new_address()}
    async with listening(served.url, token=story.reader.token, headers=headers) as witness:
        id_ = await witness.subscribe(FEED)
        await served.until("listeners", 1)
        bare = Bare(served)
        bare.begin(story.reader.token)
        await served.until("listeners", 2)
        published = 0
        while served.open()["listeners"] == 2:
            published += 1
            assert published < 1_000
            story.publish(f"{published:04} " + "x" * 4_900)
        received = await asyncio.to_thread(bare.rest)
        assert close_code(received) == 4413
        assert received.endswith(frames.SLOW_REASON.encode())
        for number in range(1, published + 1):
            body = (await witness.next(id_))["feedChanged"]["post"]["body"]
            assert body.startswith(f"{number:04} ")
        bare.socket.close()
    await served.settled()


@pytest.mark.parametrize("floods", ["news", "pings", "messages"])
async def test_who_never_reads_is_cut_off(
    town: str, story: Scene, monkeypatch: pytest.MonkeyPatch, floods: str
) -> None:
    monkeypatch.setattr(frames, "CLOSING_SECONDS", 0.2)
    with running(
        town, send_buffer=8_192, options={"ws_ping_interval": 0.5, "ws_ping_timeout": 0.5}
    ) as strict:
        monkeypatch.setattr(frames, "UNREAD_MAX", 16 * 1024)
        bare = Bare(strict)
        bare.begin(story.reader.token)
        await strict.until("listeners", 1)
        with client_of(strict.url) as client:
            if floods == "news":
                story.poster.client = client
                while strict.open()["listeners"]:
                    story.publish("x" * 4_900)
            else:
                await asyncio.to_thread(flood, bare, floods)
        await strict.settled()
        bare.socket.close()


def flood(bare: Bare, kind: str) -> None:
    """Send until nothing more is taken."""
    bare.socket.settimeout(0.5)
    try:
        while True:
            if kind == "pings":
                bare.send(9, b"x" * 100)
            else:
                bare.say({"type": "ping"})
    except OSError:
        pass


async def test_a_peer_that_falls_silent_is_given_up(town: str, story: Scene) -> None:
    options = {"ws_ping_interval": 0.3, "ws_ping_timeout": 0.3}
    with running(town, options=options) as strict:
        bare = Bare(strict)
        bare.begin(story.reader.token)
        await strict.until("listeners", 1)
        # It reads, and answers no ping.
        received = await asyncio.to_thread(bare.rest)
        assert close_code(received) == 1011
        await strict.settled()
        bare.socket.close()
