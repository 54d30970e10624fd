"""Agreements on paper over HTTP: `GET /agreements/<version>.pdf`, for those who see the exchange.

The same version with the same signatures gives the same bytes: a PDF has no time of its own.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from resolvers.agreement_papers import paper_for
from resolvers.performing import Performer, UnknownSecret, sign_in
from schema import prefixes
from web.message_page import message_page
from web.origins import Refused, asked_locale, origin_of

TITLE = "agreements.paper_page_title"


async def agreement_file(request: Request) -> Response:
    """Give a version as a PDF, in the language asked for or that of the person."""
    performer: Performer = request.app.state.performer
    key = _key(request.path_params["version"])
    try:
        origin = origin_of(request)
        async with performer.pool.acquire(timeout=performer.acquire_seconds) as connection:
            actor = await sign_in(connection, origin.secret_hash)
            if actor is None:
                return _unknown(request)
            locale = asked_locale(request, actor.locale)
            paper = key and await paper_for(connection, actor.id, key, locale)
    except (UnknownSecret, Refused):
        return _unknown(request)
    if not paper:
        return message_page(request, TITLE, "agreements.paper_gone", 404)
    from web.agreement_printing import render  # noqa: PLC0415 - with a library that few need

    return Response(
        await asyncio.to_thread(render, paper),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{prefixes.AGREEMENT_VERSION}_{key}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _unknown(request: Request) -> Response:
    bearer = {"WWW-Authenticate": "Bearer"}
    return message_page(request, TITLE, "agreements.paper_sign_in", 401, headers=bearer)


def _key(value: str) -> UUID | None:
    prefix, _, key = value.removesuffix(".pdf").partition("_")
    try:
        return UUID(key) if prefix == prefixes.AGREEMENT_VERSION else None
    except ValueError:
        return None
