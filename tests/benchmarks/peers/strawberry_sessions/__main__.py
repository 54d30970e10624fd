"""Stock strawberry with SQLAlchemy sessions under uvicorn: one process, caches, orjson."""

from __future__ import annotations

import os
from typing import Any

import orjson
import strawberry
import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from typing_extensions import override

from db.pools import sqlalchemy_url
from tests.benchmarks.peers.strawberry_sessions.graph import Mutation, Query


class Endpoint(GraphQL[dict[str, Any], None]):
    """Strawberry's own view; only the JSON library and the context are ours."""

    sessions: async_sessionmaker[AsyncSession]

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        """Give the request its sessions and its viewer."""
        return {
            "sessions": self.sessions,
            "viewer": request.headers["x-viewer"],
            "response": response,
        }

    @override
    def encode_json(self, data: object) -> bytes:
        """Write with orjson."""
        return orjson.dumps(data)

    @override
    def decode_json(self, data: str | bytes) -> object:
        """Read with orjson."""
        return orjson.loads(data)


def main() -> None:
    """Serve until stopped."""
    size = int(os.environ["BENCH_POOL"])
    engine = create_async_engine(
        sqlalchemy_url(os.environ["DATABASE_URL"]),
        pool_size=size,
        max_overflow=0,
        connect_args={"server_settings": {"application_name": "bench-sessions", "jit": "off"}},
    )
    schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache])
    endpoint = Endpoint(schema, graphql_ide=None)
    endpoint.sessions = async_sessionmaker(engine, expire_on_commit=False)
    uvicorn.run(
        Starlette(routes=[Route("/graphql", endpoint)]),
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
