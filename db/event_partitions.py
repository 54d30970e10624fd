"""The days of the log of events: made ahead, and removed as a whole when they are old.

A day is one partition, from midnight to midnight in UTC. What belongs to no day that was made
falls into `event_default`: nothing is lost, but it should not happen and is said aloud.

Whoever writes an event holds a lock on the table until the end of its transaction, and removing a
day needs the table for itself for a moment. So it waits for LOCK_WAIT at most, gives way to
everybody who queued behind it, and tries again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

# So many days may pass without anybody who makes new ones.
DAYS_AHEAD = 7
# Longest that writers queue behind a day that is made or removed. Most find the table free at once.
LOCK_WAIT = "100ms"
ATTEMPTS = 40
PAUSE_SECONDS = 0.25
# Any number that nobody else uses: one at a time makes and removes days.
ADVISORY_LOCK = 7_310_587_202
DEFAULT = "event_default"
PORTION = 10_000
# ruff: noqa: S608 - names of partitions, which are made here
MISSING = """
select day::date from generate_series($1::date, $1::date + $2::integer, interval '1 day') day
where to_regclass('event_' || to_char(day, 'YYYYMMDD')) is null
and not exists (
  select from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'event'::regclass
    and pg_get_expr(c.relpartbound, c.oid) like 'FOR VALUES FROM (MINVALUE)%'
    and substring(pg_get_expr(c.relpartbound, c.oid) from $q$TO \\('(.*)'\\)$q$)::timestamptz
      > day::date::timestamp at time zone 'UTC'
)
"""
# Oldest first; the end of each is where the next begins.
ENDED = """
select name, ends_at from (
  select c.relname as name,
    substring(pg_get_expr(c.relpartbound, c.oid) from $q$TO \\('(.*)'\\)$q$)::timestamptz as ends_at
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'event'::regclass
) days where ends_at <= $1 order by ends_at
"""
# Not turned into notifications: not reached yet, or left to a job of its own that is not done.
UNTOLD = """
select (
  select e.id from {name} e where (e.transaction_id, e.id) > (
    (select transaction_id from notification_progress), (select event_id from notification_progress))
  order by e.transaction_id, e.id limit 1
) is not null or exists (
  select from jobs.pgqueuer j
  join {name} e on e.id = (convert_from(j.payload, 'UTF8')::jsonb ->> 'event_id')::bigint
  where j.entrypoint = 'notify_event' and j.status in ('queued', 'picked')
)
"""
REMEMBER = """
update event_horizon set transaction_id = greatest(transaction_id, $1)
"""
STRAY = f"""
with old as (
  delete from {DEFAULT} where ctid = any(array(
    select e.ctid from {DEFAULT} e, notification_progress p
    where e.created_at < $1 and (e.transaction_id, e.id) <= (p.transaction_id, p.event_id) limit $2
  )) returning transaction_id
), remembered as (
  update event_horizon h set transaction_id = greatest(h.transaction_id, (select max(transaction_id) from old))
  where exists (select from old)
)
select count(*) from old
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What a removal came to; `held` are days that stay because somebody was not told yet."""

    days: int = 0
    strays: int = 0
    held: tuple[str, ...] = ()


async def make_ahead(
    connection: Connection, *, today: date | None = None, ahead: int = DAYS_AHEAD
) -> int:
    """Make the partitions of today and the days to come that are not there; give how many.

    What fell into the default partition meanwhile moves to its day. `connection` is outside a
    transaction; several processes may do this at once.
    """
    today = today or datetime.now(UTC).date()
    made = 0
    for row in await connection.fetch(MISSING, today, ahead):
        made += await _patiently(connection, partial(_make, connection, row["day"]))
    astray = await connection.fetchval(f"select count(*) from {DEFAULT}")
    if astray:
        logger.error(
            "%d events stand in %s: no partition was made for their day. Is a worker running?",
            astray,
            DEFAULT,
        )
    return made


async def remove_old(connection: Connection, *, before: datetime) -> Removed:
    """Remove the days that ended at or before a time, and remember up to which transaction.

    A day whose events were not all turned into notifications stays, and with it those after it.
    `connection` is outside a transaction.
    """
    days = 0
    held: list[str] = []
    for row in await connection.fetch(ENDED, before):
        name = row["name"]
        if held or await connection.fetchval(UNTOLD.format(name=name)):
            held.append(name)
        elif await _patiently(connection, partial(_drop, connection, name)):
            days += 1
    if held:
        logger.error(
            "Events of %d days are kept beyond their time (%s and later): notifications are behind."
            " Is a worker running? python -m web jobs",
            len(held),
            held[0],
        )
    strays, removed = 0, PORTION
    while removed == PORTION and not held:
        removed = await connection.fetchval(STRAY, before, PORTION)
        strays += removed
    return Removed(days=days, strays=strays, held=tuple(held))


async def _make(connection: Connection, day: date) -> None:
    """Make one day. Attaching stops no writer; moving what is in the default partition does, shortly."""
    name, begin = f"event_{day:%Y%m%d}", datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = begin + timedelta(days=1)
    if await connection.fetchval("select to_regclass($1) is not null", name):
        return
    if begin <= datetime.now(UTC):
        # Somebody may be writing into the default partition at this moment.
        await connection.execute("lock table only event in share row exclusive mode")
    await connection.execute(f"create table {name} (like event including defaults)")
    moved = await connection.execute(
        f"with moved as (delete from {DEFAULT} where created_at >= $1 and created_at < $2 returning *)"
        f" insert into {name} select * from moved",
        begin,
        end,
    )
    if moved != "INSERT 0 0":
        logger.warning("Moved what had fallen into %s to %s.", DEFAULT, name)
    await connection.execute(
        f"alter table event attach partition {name}"
        f" for values from ('{begin.isoformat()}') to ('{end.isoformat()}')"
    )


async def _drop(connection: Connection, name: str) -> None:
    await connection.execute("lock table only event in access exclusive mode")
    # Asked again now that nobody writes: a transaction may have ended that began on that day.
    gone = await connection.fetchval("select to_regclass($1) is null", name)
    if gone or await connection.fetchval(UNTOLD.format(name=name)):
        return
    last = await connection.fetchval(f"select max(transaction_id) from {name}")
    if last is not None:
        await connection.execute(REMEMBER, last)
    await connection.execute(f"drop table {name}")


async def _patiently(connection: Connection, work: Callable[[], Awaitable[None]]) -> bool:
    """Do something that needs the table, in a transaction of its own; tell whether it was done."""
    for attempt in range(ATTEMPTS):
        if attempt:
            await asyncio.sleep(PAUSE_SECONDS)
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LOCK_WAIT}'")
                await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
                await work()
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            continue
        return True
    logger.warning("The log of events was never free for %s; it is tried again later.", LOCK_WAIT)
    return False
