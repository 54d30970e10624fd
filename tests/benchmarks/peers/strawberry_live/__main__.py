"""The stock peer with subscriptions, under uvicorn: one process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from typing_extensions import override

from tests.benchmarks.peers.strawberry_live.graph import (
    Broadcast,
    Mutation,
    Subscription,
)
from tests.benchmarks.peers.strawberry_stock.__main__ import Endpoint
from tests.benchmarks.peers.strawberry_stock.database import open_pool
from tests.benchmarks.peers.strawberry_stock.graph import Query


class LiveEndpoint(Endpoint):
    """The same view, with what subscriptions need."""

    broadcast: Broadcast

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {**await super().get_context(request, response), "broadcast": self.broadcast}

    @override
    def encode_json(self, data: object) -> str:  # type: ignore[override]
        """Write text: bytes would go out as binary frames, which clients refuse."""
        return orjson.dumps(data).decode()


def main() -> None:
    """Serve until stopped."""
    schema = strawberry.Schema(
        Query, Mutation, Subscription, extensions=[ParserCache, ValidationCache]
    )
    endpoint = LiveEndpoint(
        schema, graphql_ide=None, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL]
    )
    endpoint.broadcast = Broadcast()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        endpoint.pool = await open_pool(size=int(os.environ["BENCH_POOL"]))
        yield
        await endpoint.pool.close()

    app = Starlette(
        routes=[Route("/graphql", endpoint), WebSocketRoute("/graphql", endpoint)],
        lifespan=lifespan,
    )
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
