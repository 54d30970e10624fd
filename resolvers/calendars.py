"""A person's calendar of exchanges, read by whoever knows its secret address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, select

from db.tables.calendars import CalendarFeed
from db.tables.exchanges import Exchange, ExchangeStatus
from db.tables.organisations import Organisation
from db.tables.people import Locale
from resolvers.accounts import hash_secret
from resolvers.acting import Connection
from resolvers.rows import Row, Viewer
from resolvers.seeing import asking, in_words, seen_here

CALENDARS_PATH = "/calendars/"
EVENTS_MAX = 500
SHOWN = (
    ExchangeStatus.AGREED.value,
    ExchangeStatus.ACTIVE.value,
    ExchangeStatus.RECALLED.value,
    ExchangeStatus.COMPLETED.value,
)
OWNER = """
select p.id, p.name, p.locale from calendar_feed f join person p on p.id = f.person_id
where f.secret_hash = $1 and p.deactivated_at is null and p.suspended_at is null
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One exchange in a calendar."""

    exchange_id: UUID
    status: ExchangeStatus
    lender: str
    borrower: str
    starts_on: date
    last_day: date | None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What is in somebody's calendar."""

    name: str
    locale: Locale
    entries: tuple[Entry, ...]


def feed(person: Row, viewer: Viewer) -> Any:
    """Give when a person's calendar was opened, to that person alone."""
    table = CalendarFeed.__table__  # type: ignore[attr-defined]
    opened = select(table.c.created_at).where(
        table.c.person_id == person.id, person.id == viewer.id
    )
    return opened.scalar_subquery()


async def calendar_of(connection: Connection, secret: str) -> Calendar | None:
    """Give the calendar with a secret; None when there is none.

    It holds the exchanges that its owner sees now: those they go in, and those they manage. The
    newest EVENTS_MAX.
    """
    owner: Any = await connection.fetchrow(OWNER, hash_secret(secret))
    if owner is None:
        return None
    rows: Any = await connection.fetch(_seen(), owner["id"], EVENTS_MAX)
    return Calendar(
        name=owner["name"],
        locale=Locale(owner["locale"]),
        entries=tuple(Entry(**{**row, "status": ExchangeStatus(row["status"])}) for row in rows),
    )


@cache
def _seen() -> str:
    """Give the statement for what the person $1 sees, at most $2."""
    exchanges = Exchange.__table__.alias("x")  # type: ignore[attr-defined]
    lender, borrower = (
        Organisation.__table__.alias(name)  # type: ignore[attr-defined]
        for name in ("lender", "borrower")
    )
    x = exchanges.c
    changed = func.greatest(x.agreed_at, x.started_at, x.recalled_at, x.completed_at, x.created_at)
    return in_words(
        select(
            x.id.label("exchange_id"),
            x.status,
            lender.c.name.label("lender"),
            borrower.c.name.label("borrower"),
            x.starts_on,
            func.coalesce(x.recall_on, x.ends_on).label("last_day"),
            changed.label("changed_at"),
        )
        .select_from(
            exchanges.join(lender, lender.c.id == x.lender_id).join(
                borrower, borrower.c.id == x.borrower_id
            ),
            asking(),
        )
        .where(
            x.status.in_(SHOWN),
            x.starts_on.is_not(None),
            seen_here("exchange", x.id, "calendar_exchange"),
        )
        .order_by(x.id.desc())
        .limit(literal_column("$2::int"))
    )
