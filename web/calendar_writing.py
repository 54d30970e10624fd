"""A calendar of exchanges as iCalendar (RFC 5545).

Apart from what serves it: the library takes 2.6 MiB, which few processes need.
"""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar as Feed
from icalendar import Event

from resolvers.calendars import Calendar, Entry
from resolvers.wording import say
from schema import prefixes


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
