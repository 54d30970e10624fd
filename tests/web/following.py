"""People who listen to their feed and come back whenever they lose it; somebody who publishes at a pace."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.making import Maker, Place, Someone
from tests.web.listening import listening

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


@dataclass
class Follower:
    """Somebody who follows, and what they were told, over all their connections."""

    person: Someone
    cursor: str
    told: list[str] = field(default_factory=list)
    # Code and reason of each connection that ended.
    endings: list[tuple[int, str]] = field(default_factory=list)
    port: int = 0

    async def follow(self, site: str) -> None:
        """Listen; whenever the connection is lost, come back and go on after what came last."""
        while True:
            try:
                await self._listen(site)
            except ConnectionClosed as lost:
                code, reason = (lost.rcvd.code, lost.rcvd.reason) if lost.rcvd else (1006, "")
                self.endings.append((code, reason))
                hint = HINT.fullmatch(reason)
                await asyncio.sleep(int(hint[1]) / 1000 if hint else AGAIN_SECONDS)
            except (OSError, InvalidHandshake):
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, site: str) -> None:
        async with listening(site, token=self.person.token) as client:
            self.port = client.socket.local_address[1]
            id_ = await client.subscribe(FEED, {"after": self.cursor})
            while True:
                change = (await client.next(id_))["feedChanged"]
                assert change["kind"] == "CREATED", change
                self.told.append(change["id"])
                self.cursor = change["cursor"]


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
) -> AsyncIterator[list[Follower]]:
    """Have so many people follow for as long as the block lasts."""
    people = await people_who_follow(make, place, count)
    cursor = await cursor_now(make)
    all_of_them = [Follower(person, cursor) for person in people]
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


async def all_told(followers: list[Follower], published: list[str], *, seconds: float) -> None:
    """Make sure that each was told of each post once, in order, and of nothing else."""
    with suppress(TimeoutError):
        await until(lambda: all(len(each.told) >= len(published) for each in followers), seconds)
    # What is doubled may come late.
    await asyncio.sleep(1)
    for each in followers:
        assert each.told == published
