"""Notifications by e-mail: some at once, the rest in a digest; each line once.

A line is marked in the transaction that enqueues its mail, so it goes out by one way only and once,
however often these jobs run.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import literal_column, select

from db.queue import enqueue_many
from db.tables.notifications import Notification
from db.tables.people import Locale
from resolvers.acting import Context
from resolvers.notification_kinds import EMAIL_BY_DEFAULT
from resolvers.notifications import title, visible
from resolvers.rows import Row, Viewer
from resolvers.seeing import asking, in_words
from resolvers.unsubscribing import DIGEST, address, headers
from resolvers.wording import say

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DIGEST_HOUR = 7
MONDAY = 0
JOB_OF_DIGEST = "digest"
# Shown in a digest; the rest is counted.
LINES_SHOWN = 20
LINES_MARKED = 500
ONE = """
select n.person_id, n.kind, p.email, p.name, p.locale
from notification n join person p on p.id = n.person_id
left join notification_preference how on how.person_id = n.person_id and how.kind = n.kind
where n.id = $1 and n.read_at is null and n.mailed_at is null
  and p.email_verified_at is not null and p.deactivated_at is null and p.erased_at is null
  and coalesce(how.email, n.kind = any($2::text[]))
for update of n
"""
MAILED = "update notification set mailed_at = now() where id = any($1::uuid[])"
DUE = """
select p.id from person p left join digest_sent d on d.person_id = p.id
where p.email_verified_at is not null and p.deactivated_at is null and p.erased_at is null
  and (p.digest = 'DAILY' or p.digest = 'WEEKLY' and $2)
  and (d.sent_for is null or d.sent_for < $1)
  and exists (
    select from notification n where n.person_id = p.id and n.read_at is null
      and n.mailed_at is null and n.changed_at < $3)
"""
CLAIM = """
insert into digest_sent (person_id, sent_for) values ($1, $2)
on conflict (person_id) do update set sent_for = excluded.sent_for
where digest_sent.sent_for < excluded.sent_for
returning true
"""
READER = """
select email, name, locale from person
where id = $1 and digest <> 'NONE' and email_verified_at is not null
  and deactivated_at is null and erased_at is null
"""


async def mail_one(ctx: Context, notification_id: UUID) -> None:
    """Have a line mailed that is still unread and was not mailed yet."""
    found = await ctx.connection.fetchrow(ONE, notification_id, EMAIL_BY_DEFAULT)
    if found is None:
        return
    lines = await ctx.connection.fetch(
        _unmailed(), found["person_id"], notification_id, 1, datetime.now(UTC) + timedelta(days=1)
    )
    if not lines:
        return
    await ctx.connection.execute(MAILED, [notification_id])
    await _mail(
        ctx,
        "notifications.mail_one",
        found["person_id"],
        found,
        found["kind"],
        title=lines[0]["title"],
    )


async def enqueue_digests(ctx: Context, now: datetime) -> None:
    """Have a digest written for each person whose day it is, from seven in the morning on.

    It tells of what came before seven. Whoever had one today gets no other.
    """
    here = now.astimezone(AMSTERDAM)
    if here.hour < DIGEST_HOUR:
        return
    day = here.date()
    due = await ctx.connection.fetch(DUE, day, day.weekday() == MONDAY, _seven(day))
    if due:
        await enqueue_many(
            ctx.connection,
            JOB_OF_DIGEST,
            [{"person_id": row["id"], "day": day} for row in due],
            keys=[f"{JOB_OF_DIGEST}:{row['id']}:{day}" for row in due],
        )


async def mail_digest(ctx: Context, person_id: UUID, day: date) -> None:
    """Have a digest mailed to a person, unless they had the one of that day."""
    if not await ctx.connection.fetchval(CLAIM, person_id, day):
        return
    reader = await ctx.connection.fetchrow(READER, person_id)
    if reader is None:
        return
    lines = await ctx.connection.fetch(_unmailed(), person_id, None, LINES_MARKED, _seven(day))
    if not lines:
        return
    await ctx.connection.execute(MAILED, [line["id"] for line in lines])
    shown = [f"- {line['title']}" for line in lines[:LINES_SHOWN]]
    if len(lines) > LINES_SHOWN:
        more = len(lines) - LINES_SHOWN
        shown.append(say("notifications.digest_more", Locale(reader["locale"]), count=more))
    await _mail(
        ctx,
        "notifications.digest",
        person_id,
        reader,
        DIGEST,
        count=len(lines),
        lines="\n".join(shown),
    )


async def _mail(
    ctx: Context, template: str, person_id: UUID, reader: Any, what: str, **values: Any
) -> None:
    locale = Locale(reader["locale"])
    link = address(ctx.services, person_id, what)
    await ctx.enqueue(
        "mail",
        template=template,
        to=reader["email"],
        locale=locale,
        values={
            "name": reader["name"],
            "url": f"{ctx.services.base_url}/notifications",
            **values,
        },
        headers=headers(link),
        footer=say("notifications.mail_footer", locale, url=link),
    )


def _seven(day: date) -> datetime:
    return datetime.combine(day, time(DIGEST_HOUR), AMSTERDAM)


@cache
def _unmailed() -> str:
    """Give the statement for what may be mailed to a person ($1), as far as they may see it.

    One line ($2) or all, at most $3, of those that changed before $4; the last first.
    """
    lines = Notification.__table__.alias("line")  # type: ignore[attr-defined]
    line = Row("line", {column.key: column.type for column in lines.columns})
    viewer = Viewer()
    one: Any = literal_column("$2::uuid")
    return in_words(
        select(line.id, title(line, viewer).label("title"))
        .select_from(asking(), lines)
        .where(
            visible(line, viewer),
            line.read_at.is_(None),
            line.mailed_at.is_(None),
            (line.id == one) | one.is_(None),
            line.changed_at < literal_column("$4::timestamptz"),
        )
        .order_by(line.changed_at.desc(), line.id.desc())
        .limit(literal_column("$3::int"))
    )
