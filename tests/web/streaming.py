"""Reading answers that go on: server-sent events, and parts of multipart/mixed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.making import Maker, Place, Someone
from tests.web.posting import Poster, editor

WAIT_SECONDS = 10.0
EVENT_STREAM = "text/event-stream"
FEED = "subscription ($after: String) { feedChanged(after: $after) { kind id post { body } } }"
FOLLOW = """
mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) { userErrors { code } } }
"""
MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json'


@dataclass
class Event:
    """One event; a block without data (an id, a comment, a delay) is told by name None."""

    name: str | None = None
    id: str | None = None
    data: str | None = None
    retry: int | None = None
    comments: list[str] = field(default_factory=list)

    @property
    def answer(self) -> dict[str, Any]:
        """What the data say."""
        assert self.name == "next", self
        found: dict[str, Any] = json.loads(self.data or "")
        return found


@dataclass(frozen=True)
class Scene:
    """Somebody who publishes in a place, and somebody who follows it."""

    poster: Poster
    place: Place
    author: Someone
    reader: Someone

    def publish(self, body: str) -> str:
        """Publish a post, and give its id."""
        found: str = self.poster.publish(self.author, self.place, body)["id"]
        return found

    def told(self, id_: str, body: str) -> dict[str, Any]:
        """Give what the reader is told of a post, with `FEED`."""
        return {"kind": "CREATED", "id": id_, "post": {"body": body}}


async def scene(client: httpx2.Client, make: Maker) -> Scene:
    """Set the scene."""
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    poster = Poster(client)
    poster.read(reader, FOLLOW, id=place.id)
    return Scene(poster, place, author, reader)


class Streaming:
    """An answer that goes on."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()
        self._text = response.aiter_text()
        self._unread = ""

    async def block(self) -> Event:
        """Give the next event, or the next block of lines that is none."""
        event = Event()
        while line := await self._line():
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match name:
                case "event":
                    event.name = value
                case "id":
                    event.id = value
                case "data":
                    event.data = value if event.data is None else f"{event.data}\n{value}"
                case "retry":
                    event.retry = int(value)
                case "":
                    event.comments.append(value)
                case _:
                    raise AssertionError(line)
        return event

    async def next(self) -> Event:
        """Give the next event that is one."""
        while (event := await self.block()).name is None:
            pass
        return event

    async def change(self) -> tuple[dict[str, Any], str | None]:
        """Give the next change of the feed, and the id of its event."""
        event = await self.next()
        change: dict[str, Any] = event.answer["data"]["feedChanged"]
        return change, event.id

    async def part(self) -> Any:
        """Give the JSON of the next part; None behind the last one."""
        boundary = "\r\n--graphql"
        while boundary not in self._unread:
            async with asyncio.timeout(WAIT_SECONDS):
                more = await anext(self._text, None)
            if more is None:
                assert self._unread == "--\r\n"
                return None
            self._unread += more
        part, _, self._unread = self._unread.partition(boundary)
        head, _, body = part.partition("\r\n\r\n")
        assert (part == "") or head == "\r\nContent-Type: application/json", part
        return json.loads(body) if part else await self.part()

    async def is_over(self) -> bool:
        """Tell whether nothing comes any more."""
        try:
            await self._line()
        except StopAsyncIteration:
            return True
        return False

    async def _line(self) -> str:
        async with asyncio.timeout(WAIT_SECONDS):
            return await anext(self._lines)


@asynccontextmanager
async def streaming(
    site: str,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    token: str | None = None,
    method: str = "POST",
    accept: str = EVENT_STREAM,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Streaming]:
    """Ask for something in a stream; give its answer, as soon as its head is there."""
    sent = {"Accept": accept, **(headers or {})}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    given: dict[str, Any] = {"query": query}
    if variables is not None:
        given["variables"] = variables if method == "POST" else json.dumps(variables)
    body: dict[str, Any] = {"json": given} if method == "POST" else {"params": given}
    async with (
        httpx2.AsyncClient(base_url=site, timeout=WAIT_SECONDS, trust_env=False) as client,
        client.stream(method, "/graphql", headers=sent, **body) as response,
    ):
        yield Streaming(response)
