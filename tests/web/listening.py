"""A client of the graph over WebSocket, as the protocol graphql-transport-ws has it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
WAIT_SECONDS = 10.0
# How long nothing must come before it is taken that nothing does.
SILENCE_SECONDS = 0.4
Message = dict[str, Any]


class Listening:
    """One connection, its messages kept by subscription."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._ids = count(1)
        self._inboxes: dict[str, asyncio.Queue[Message]] = {}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def receive(self) -> Message:
        """Give the next message, whatever it is."""
        async with asyncio.timeout(WAIT_SECONDS):
            message: Message = json.loads(await self.socket.recv(decode=True))
        return message

    async def subscribe(self, query: str, variables: Mapping[str, Any] | None = None) -> str:
        """Send an operation; give its id."""
        id_ = str(next(self._ids))
        self._inboxes[id_] = asyncio.Queue()
        payload = {"query": query, "variables": variables}
        await self.send({"id": id_, "type": "subscribe", "payload": payload})
        return id_

    async def complete(self, id_: str) -> None:
        """Listen no more."""
        await self.send({"id": id_, "type": "complete"})

    async def next(self, id_: str) -> Message:
        """Give the data of the next message of a subscription."""
        while self._inboxes[id_].empty():
            message = await self.receive()
            self._inboxes[message["id"]].put_nowait(message)
        message = self._inboxes[id_].get_nowait()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        data: Message = message["payload"]["data"]
        return data

    async def settled(self) -> None:
        """Wait until the server has done what it was asked before."""
        id_ = await self.subscribe("{ viewer { id } }")
        await self.next(id_)
        while self._inboxes[id_].empty():
            message = await self.receive()
            self._inboxes[message["id"]].put_nowait(message)
        assert self._inboxes.pop(id_).get_nowait()["type"] == "complete"

    async def nothing(self, id_: str) -> None:
        """Make sure that no message comes."""
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                raise AssertionError(await self.next(id_))
        except TimeoutError:
            pass


@asynccontextmanager
async def listening(
    site: str, *, token: str | None = None, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Listening]:
    """Open a connection and sign in."""
    url = site.replace("http", "ws", 1) + "/graphql"
    async with connect(
        url, subprotocols=[PROTOCOL], additional_headers=headers, proxy=None, compression=None
    ) as socket:
        client = Listening(socket)
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await client.send({"type": "connection_init", "payload": payload})
        assert await client.receive() == {"type": "connection_ack"}
        yield client
