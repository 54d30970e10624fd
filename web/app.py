"""The application: routes, and what lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from db.pools import ReadPool, open_pool, open_write_pool
from db.revisions import current_revision, newest_revision
from resolvers.agreement_papers import PAPERS_PATH
from resolvers.calendars import CALENDARS_PATH
from resolvers.exports import EXPORTS_PATH
from resolvers.performing import Performer
from resolvers.unsubscribing import PATH as UNSUBSCRIBE_PATH
from schema.build import build_schema
from schema.engine.documents import Limits
from web.agreements import agreement_file
from web.calendars import calendar_file
from web.exports import export_file
from web.graphql import EXPLORER_PATH, GraphQLEndpoint
from web.listing_files import LISTINGS_FILE, listings_file
from web.live.service import living
from web.live.websocket import SocketEndpoint
from web.mail import mailbox, mailbox_is_shown
from web.mailbox import mailbox_routes
from web.media import Uploads, serve
from web.middleware import RequestId
from web.pages import Assets, explorer
from web.public_pages import public_routes
from web.services import services
from web.settings import Settings
from web.sign_on import sign_on_routes
from web.unsubscribe import unsubscribe_page
from web.worker import Worker, worker_for

READY_WITHIN = 2.0  # seconds
CLOSED_WITHIN = 5.0
NOT_READY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


def create_app(settings: Settings, dsn: str, *, worker: bool = False) -> Starlette:
    """Build the application on the database at `dsn`; with `worker` it does background jobs too."""
    schema = build_schema(
        limits=Limits(cost=settings.cost_limit), introspection=settings.introspection
    )
    endpoint = GraphQLEndpoint(schema, body_limit=settings.body_limit, explorer=settings.explorer)
    sdl = schema.as_str()

    async def sdl_file(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
        return PlainTextResponse(sdl)

    routes: list[BaseRoute] = [
        Route("/graphql", endpoint, methods=["GET", "POST"]),
        Route("/media", Uploads().take, methods=["POST"]),
        Route("/media/{key}", serve),
        Route(f"{EXPORTS_PATH}{{export_id}}", export_file),
        Route(LISTINGS_FILE, listings_file),
        Route(f"{PAPERS_PATH}{{version}}", agreement_file),
        Route(f"{CALENDARS_PATH}{{secret}}", calendar_file),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    routes.extend(
        sign_on_routes(services(settings).base_url, allow_private=settings.private_providers)
    )
    if settings.introspection:
        routes.append(Route("/schema.graphql", sdl_file))
    if settings.explorer:
        routes.append(Route("/", lambda _: RedirectResponse(EXPLORER_PATH)))
        routes.append(Route(EXPLORER_PATH, explorer))
        routes.append(Mount("/assets", Assets()))
    routes.append(Route(UNSUBSCRIBE_PATH, unsubscribe_page, methods=["GET", "POST"]))
    routes.extend(public_routes())
    if mailbox_is_shown(settings):
        routes.extend(mailbox_routes(mailbox(settings)))
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SocketEndpoint, path="/graphql"), Middleware(RequestId)],
        lifespan=_lifespan(settings, dsn, worker=worker),
    )
    app.state.schema = schema
    return app


def _lifespan(
    settings: Settings, dsn: str, *, worker: bool
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.writes = await open_write_pool(
            dsn,
            name="commons-web-writes",
            size=settings.write_pool_size,
            statement_timeout_ms=settings.statement_timeout_ms,
        )
        app.state.pool = await open_pool(
            dsn,
            name="commons-web",
            size=settings.pool_size,
            statement_timeout_ms=settings.statement_timeout_ms,
        )
        try:
            async with living(app.state.schema, settings, dsn) as live:
                app.state.live = live
                app.state.performer = Performer(
                    app.state.writes, services(settings), announce=live.announce
                )
                doing = worker_for(settings, dsn, live.announce) if worker else None
                async with _running(doing):
                    yield
        finally:
            await _close(app.state.pool)
            await _close(app.state.writes)

    return lifespan


@asynccontextmanager
async def _running(doing: Worker | None) -> AsyncIterator[None]:
    """Have background jobs done for as long as the context lasts."""
    if doing is None:
        yield
        return
    stop = asyncio.Event()
    working = asyncio.create_task(doing.run(stop))
    try:
        yield
    finally:
        stop.set()
        await working


async def _close(pool: ReadPool | asyncpg.Pool) -> None:
    """Let running statements end; a database that is silent gets CLOSED_WITHIN, then none."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSED_WITHIN):
            await pool.close()


async def healthz(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
    """Say that the process answers."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Say whether requests can be answered: the database is there and of this revision."""
    pool: Any = request.app.state.pool
    asking = asyncio.create_task(current_revision(pool))
    # Not under a timeout: a cancelled statement still waits for a database that is silent.
    if not (await asyncio.wait({asking}, timeout=READY_WITHIN))[0]:
        asking.cancel()
        why = f"The database did not answer within {READY_WITHIN:.0f} seconds."
        return JSONResponse({"ready": False, "why": why}, status_code=503)
    try:
        found = asking.result()
    except NOT_READY as error:
        return JSONResponse({"ready": False, "why": type(error).__name__}, status_code=503)
    expected = newest_revision()
    if found != expected:
        why = f"The database is at revision {found}, this program needs {expected}."
        return JSONResponse({"ready": False, "why": why}, status_code=503)
    return JSONResponse({"ready": True})
