"""Calendars of exchanges over HTTP, as iCalendar (RFC 5545): `GET /calendars/<secret>.ics`.

The address is the right to read it: a calendar program sends no credentials. Days are days, without
a time zone: an exchange begins and ends on them wherever it is.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Calendar as Feed
from icalendar import Event
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from resolvers.calendars import Calendar, Entry, calendar_of
from resolvers.performing import Performer
from resolvers.wording import say
from schema import prefixes
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
    host = urlsplit(performer.services.base_url).hostname or "localhost"
    return Response(render(found, host), media_type="text/calendar", headers=headers)


def render(calendar: Calendar, host: str) -> bytes:
    """Give a calendar as iCalendar; the same entries, the same bytes."""
    feed = Feed()
    feed.add("prodid", "-//Talent Commons//exchanges//EN")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", say("agreements.calendar_name", calendar.locale, name=calendar.name))
    for entry in calendar.entries:
        feed.add_component(_event(entry, calendar, host))
    written: bytes = feed.to_ical()
    return written


def _event(entry: Entry, calendar: Calendar, host: str) -> Event:
    event = Event()
    event.add("uid", f"{prefixes.EXCHANGE}_{entry.exchange_id}@{host}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_on)
    # The day after the last one; an exchange that may last is shown on its first day.
    event.add("dtend", (entry.last_day or entry.starts_on) + timedelta(days=1))
    summary = say(
        "agreements.calendar_event",
        calendar.locale,
        lender=entry.lender,
        borrower=entry.borrower,
    )
    event.add("summary", summary)
    said = [say(f"agreements.calendar_status_{entry.status.value.lower()}", calendar.locale)]
    if entry.last_day is None:
        said.append(say("agreements.calendar_open", calendar.locale))
    event.add("description", " ".join(said))
    event.add("transp", "TRANSPARENT")
    return event
