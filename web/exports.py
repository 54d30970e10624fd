"""Exports of personal data over HTTP: `GET /exports/<id>`, for the person alone, while it lasts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from resolvers.exports import EXPORT_PREFIX
from resolvers.performing import Performer, UnknownSecret, sign_in
from schema import prefixes
from web.message_page import message_page
from web.origins import Refused, origin_of

assert prefixes.DATA_EXPORT == EXPORT_PREFIX  # noqa: S101 - the address names the id of the graph

FIND = """
select storage_key, byte_count, ready_at from data_export
where id = $1 and person_id = $2 and ready_at is not null and expires_at > now()
"""
TITLE = "privacy.export_page_title"


async def export_file(request: Request) -> Response:
    """Give the file to whoever asked for it; to everybody else there is none."""
    performer: Performer = request.app.state.performer
    try:
        origin = origin_of(request)
        async with performer.pool.acquire(timeout=performer.acquire_seconds) as connection:
            actor = await sign_in(connection, origin.secret_hash)
            if actor is None:
                return _unknown(request)
            key = _key(request.path_params["export_id"])
            found: Any = key and await connection.fetchrow(FIND, key, actor.id)
    except (UnknownSecret, Refused):
        return _unknown(request)
    pieces = await performer.services.storage.get(found["storage_key"]) if found else None
    if pieces is None:
        return message_page(request, TITLE, "privacy.export_gone", 404)
    name = f"talent-commons-{found['ready_at']:%Y-%m-%d}.zip"
    return StreamingResponse(
        pieces,
        media_type="application/zip",
        headers={
            "Content-Length": str(found["byte_count"]),
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _unknown(request: Request) -> Response:
    bearer = {"WWW-Authenticate": "Bearer"}
    return message_page(request, TITLE, "privacy.export_sign_in", 401, headers=bearer)


def _key(value: str) -> UUID | None:
    prefix, _, key = value.partition("_")
    try:
        return UUID(key) if prefix == EXPORT_PREFIX else None
    except ValueError:
        return None
