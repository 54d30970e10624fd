"""Stock strawberry under uvicorn: one process, caches for parsing and validation, orjson."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from typing_extensions import override

from tests.benchmarks.peers.strawberry_stock.database import open_pool, statements
from tests.benchmarks.peers.strawberry_stock.graph import Query
from tests.benchmarks.peers.strawberry_stock.loaders import Loaders


class Endpoint(GraphQL[dict[str, Any], None]):
    """Strawberry's own view; only the JSON library and the context are ours."""

    pool: asyncpg.Pool
    statements = statements()

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        """Give the request its loaders, for the viewer that the header names."""
        return {"loaders": Loaders(self.fetch, request.headers["x-viewer"]), "response": response}

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """The rows of one of the shared statements."""
        return await self.pool.fetch(self.statements[statement], *values)

    @override
    def encode_json(self, data: object) -> bytes:
        """Write with orjson, which takes the keys (UUID) as they come."""
        return orjson.dumps(data)

    @override
    def decode_json(self, data: str | bytes) -> object:
        """Read with orjson."""
        return orjson.loads(data)


def main() -> None:
    """Serve until stopped."""
    schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
    endpoint = Endpoint(schema, graphql_ide=None)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        endpoint.pool = await open_pool(size=int(os.environ["BENCH_POOL"]))
        yield
        await endpoint.pool.close()

    app = Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
