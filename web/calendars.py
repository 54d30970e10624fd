"""Calendars of exchanges over HTTP, as iCalendar (RFC 5545): `GET /calendars/<secret>.ics`.

The address is the right to read it: a calendar program sends no credentials. Days are days, without
a time zone: an exchange begins and ends on them wherever it is.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from resolvers.calendars import calendar_of
from resolvers.performing import Performer
from resolvers.wording import say
from web.origins import preferred_locale

SECRET_MAX = 100


async def calendar_file(request: Request) -> Response:
    """Give the calendar at a secret address; to whoever has none there is nothing."""
    performer: Performer = request.app.state.performer
    secret = request.path_params["secret"].removesuffix(".ics")
    found = None
    if len(secret) <= SECRET_MAX:
        async with performer.pool.acquire(timeout=performer.acquire_seconds) as connection:
            found = await calendar_of(connection, secret)
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
    if found is None:
        locale = preferred_locale(request.headers.get("accept-language", ""))
        return PlainTextResponse(say("agreements.calendar_gone", locale), 404, headers=headers)
    from web.calendar_writing import render  # noqa: PLC0415 - with a library that few need

    host = urlsplit(performer.services.base_url).hostname or "localhost"
    return Response(render(found, host), media_type="text/calendar", headers=headers)
