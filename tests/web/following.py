"""People who listen to their feed and come back whenever they lose it; somebody who publishes at a pace."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx2
from typing_extensions import override
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.making import Maker, Place, Someone
from tests.web.listening import listening
from tests.web.streaming import MULTIPART, streaming

FEED = "subscription ($after: String) { feedChanged(after: $after) { kind id cursor } }"
PUBLISH = """
mutation ($input: PostPublishInput!) { postPublish(input: $input) { post { id } userErrors { code } } }
"""
FOLLOW = "insert into follow (person_id, organisation_id) values ($1, $2)"
HINT = re.compile(r"Restarting: connect again in (\d+) ms")
# Long enough to be counted by the benchmark's clients.
NEWS = "We tell you what we found out, and how, and hope to hear from you how you go about it. " * 2
RESTART = 1012
AGAIN_SECONDS = 0.1
ATTEMPTS = 100
LOOK_SECONDS = 0.02


class Lost(Exception):
    """A connection ended; the server said after how many milliseconds to come back, or nothing."""

    def __init__(self, again_ms: int | None = None) -> None:
        super().__init__(again_ms)
        self.again_ms = again_ms


@dataclass
class Follower(ABC):
    """Somebody who follows, and what they were told, over all their connections."""

    person: Someone
    cursor: str
    told: list[str] = field(default_factory=list)
    # Of each connection that ended: what the server asked for, in milliseconds.
    endings: list[int | None] = field(default_factory=list)
    # Whether a connection was ever open.
    came: bool = False
    # Of a WebSocket's connection, on this side.
    port: int = 0

    async def follow(self, site: str) -> None:
        """Listen; whenever the connection is lost, come back and go on after what came last."""
        while True:
            try:
                await self.listen(site)
            except Lost as lost:
                self.endings.append(lost.again_ms)
                again = lost.again_ms
                await asyncio.sleep(AGAIN_SECONDS if again is None else again / 1000)
            except (OSError, InvalidHandshake, httpx2.ConnectError):
                await asyncio.sleep(AGAIN_SECONDS)

    @abstractmethod
    async def listen(self, site: str) -> None:
        """Listen until the connection is lost, which raises `Lost`."""

    def hear(self, answer: Mapping[str, Any]) -> None:
        """Take note of a change."""
        change = answer["feedChanged"]
        assert change["kind"] == "CREATED", change
        self.told.append(change["id"])
        self.cursor = change["cursor"]


class SocketFollower(Follower):
    """Over a WebSocket."""

    @override
    async def listen(self, site: str) -> None:
        try:
            async with listening(site, token=self.person.token) as client:
                self.port = client.socket.local_address[1]
                id_ = await client.subscribe(FEED, {"after": self.cursor})
                self.came = True
                while True:
                    self.hear(await client.next(id_))
        except ConnectionClosed as lost:
            if lost.rcvd is None:
                raise Lost from lost
            hint = HINT.fullmatch(lost.rcvd.reason)
            if lost.rcvd.code != RESTART or hint is None:
                raise
            raise Lost(int(hint[1])) from lost


class EventFollower(Follower):
    """By server-sent events, as a browser does: what came last goes into a header."""

    @override
    async def listen(self, site: str) -> None:
        again, last = None, {"Last-Event-ID": self.cursor}
        try:
            async with streaming(site, FEED, token=self.person.token, headers=last) as stream:
                self.came = True
                while True:
                    event = await stream.block()
                    again = event.retry
                    if event.name is not None:
                        self.hear(event.answer["data"])
        except httpx2.TransportError as broken:
            if isinstance(broken, httpx2.ConnectError):
                raise
            raise Lost from broken
        except StopAsyncIteration as over:
            raise Lost(again) from over


class PartFollower(Follower):
    """By parts of multipart/mixed."""

    @override
    async def listen(self, site: str) -> None:
        again, after = None, {"after": self.cursor}
        try:
            async with streaming(
                site, FEED, after, token=self.person.token, accept=MULTIPART
            ) as stream:
                self.came = True
                while (part := await stream.part()) is not None:
                    if errors := part.get("errors"):
                        again = errors[0]["extensions"]["retryAfterMs"]
                    elif part:
                        self.hear(part["payload"]["data"])
        except httpx2.TransportError as broken:
            if isinstance(broken, httpx2.ConnectError):
                raise
            raise Lost from broken
        raise Lost(again)


# Most listen as most programs do.
WAYS = (SocketFollower, SocketFollower, SocketFollower, EventFollower, PartFollower)


async def people_who_follow(make: Maker, place: Place, count: int) -> list[Someone]:
    """Make so many people who follow."""
    people = [await make.person() for _ in range(count)]
    for person in people:
        await make.connection.execute(FOLLOW, person.key, place.key)
    return people


async def cursor_now(make: Maker) -> str:
    """Give the cursor of somebody who has been told everything."""
    cursor: str = await make.connection.fetchval("select pg_current_snapshot()::text")
    return cursor


@asynccontextmanager
async def followers(
    make: Maker, place: Place, site: str, count: int
) -> AsyncIterator[Sequence[Follower]]:
    """Have so many people follow, in all ways, for as long as the block lasts."""
    people = await people_who_follow(make, place, count)
    cursor = await cursor_now(make)
    all_of_them = [way(person, cursor) for way, person in zip(cycle(WAYS), people, strict=False)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each.follow(site)) for each in all_of_them]
        yield all_of_them
        for task in tasks:
            task.cancel()


class Publisher:
    """Publishes posts that begin with their number, each time over a new connection, and tries again what got no answer."""

    def __init__(self, client: httpx2.AsyncClient, author: Someone, place: Place) -> None:
        self.published: list[str] = []
        # Attempts that got no answer.
        self.unanswered: list[str] = []
        self._client = client
        self._author = author
        self._place = place

    async def steadily(self, count: int, *, per_second: float) -> None:
        """Publish at a pace, each post after the answer to the one before."""
        clock = asyncio.get_running_loop().time
        began = clock()
        for number in range(count):
            await asyncio.sleep(began + number / per_second - clock())
            await self.publish()

    async def publish(self) -> None:
        """Publish one post, once however often it has to be tried."""
        body = f"{len(self.published)} {NEWS}"
        given = {"organisationId": self._place.id, "body": body, "idempotencyKey": uuid4().hex}
        for _ in range(ATTEMPTS):
            try:
                answer = await self._client.post(
                    "/graphql",
                    json={"query": PUBLISH, "variables": {"input": given}},
                    headers={"Authorization": f"Bearer {self._author.token}"},
                )
            except httpx2.TransportError as error:
                self.unanswered.append(repr(error))
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            assert answer.status_code == 200, answer.text
            payload = answer.json()["data"]["postPublish"]
            assert payload["userErrors"] == [], payload
            self.published.append(payload["post"]["id"])
            return
        raise AssertionError(self.unanswered)


@asynccontextmanager
async def publisher(site: str, author: Someone, place: Place) -> AsyncIterator[Publisher]:
    """Give somebody who publishes."""
    limits = httpx2.Limits(max_keepalive_connections=0)
    async with httpx2.AsyncClient(
        base_url=site, timeout=30, trust_env=False, limits=limits
    ) as client:
        yield Publisher(client, author, place)


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so that other tasks or processes bring about."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - it comes without an event
            await asyncio.sleep(LOOK_SECONDS)


async def all_told(followers: Sequence[Follower], published: list[str], *, seconds: float) -> None:
    """Make sure that each was told of each post once, in order, and of nothing else."""
    with suppress(TimeoutError):
        await until(lambda: all(len(each.told) >= len(published) for each in followers), seconds)
    # What is doubled may come late.
    await asyncio.sleep(1)
    for each in followers:
        assert each.told == published
