"""uvicorn's WebSockets without GraphQL: Postgres writes a message once, everybody gets its bytes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tests.benchmarks.peers.strawberry_stock.database import open_pool, statements

SUBPROTOCOL = "graphql-transport-ws"


class Room:
    """Everybody who subscribed; all of them to the same."""

    pool: asyncpg.Pool
    statement = statements()["announced_message"]

    def __init__(self) -> None:
        self._sends: set[Send] = set()

    async def publish(self, request: Request) -> Response:
        """Write the post and send its message to all."""
        variables = orjson.loads(await request.body())["variables"]
        text = await self.pool.fetchval(
            self.statement,
            request.headers["x-viewer"],
            variables["organisationId"],
            variables["body"],
        )
        if text is None:
            return Response(b'{"errors":[{"message":"Not allowed."}]}')
        message: Message = {"type": "websocket.send", "text": text}
        for send in list(self._sends):
            await send(message)
        key = orjson.loads(text)["payload"]["data"]["feedChanged"]["post"]["id"]
        return Response(orjson.dumps({"data": {"announce": key}}))

    async def subscribe(self, _: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; with nothing between it and uvicorn."""
        await receive()
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        try:
            while (event := await receive())["type"] == "websocket.receive":
                message = orjson.loads(event["text"])
                if message["type"] == "connection_init":
                    await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
                elif message["type"] == "subscribe":
                    self._sends.add(send)
        finally:
            self._sends.discard(send)


def main() -> None:
    """Serve until stopped."""
    room = Room()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        room.pool = await open_pool(size=int(os.environ["BENCH_POOL"]))
        yield
        await room.pool.close()

    app = Starlette(routes=[Route("/graphql", room.publish, methods=["POST"])], lifespan=lifespan)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        handle = room.subscribe if scope["type"] == "websocket" else app
        await handle(scope, receive, send)

    uvicorn.run(
        serve,
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
