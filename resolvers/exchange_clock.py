"""What time does with exchanges: they begin and end on their days, and people are reminded once.

Days are those of the Netherlands. Each function takes a hundred at a time within the caller's
transaction and gives how many; rows that somebody works on are left to the next time.
"""

from __future__ import annotations

from typing import Any

from db.tables.exchanges import ExchangeStep
from resolvers.acting import Connection
from resolvers.commands.exchange_moving import TODAY, note

AT_ONCE = 100
UNSIGNED_DAYS = 7
ENDING_DAYS = 14
RECEIPT_DAYS = 7
# ruff: noqa: S608 - all put together from constants
BEGIN = f"""
update exchange set status = 'ACTIVE', started_at = now()
where id in (
  select id from exchange where status = 'AGREED' and starts_on <= {TODAY}
  order by id limit {AT_ONCE} for no key update skip locked
) returning *
"""
END = f"""
update exchange set status = 'COMPLETED', completed_at = now(), recall_asked_on = null
where id in (
  select id from exchange
  where status in ('ACTIVE', 'RECALLED') and coalesce(recall_on, ends_on) < {TODAY}
  order by id limit {AT_ONCE} for no key update skip locked
) returning *
"""
# Of those that wait: the time since which, and the line that says that they were reminded of that.
# Where nobody knows since when, one line is enough for ever: or they would be reminded without end.
REMIND = """
select x.* from exchange x
where {waits} and not exists (
  select from exchange_line l where l.exchange_id = x.id and l.step = '{step}'
    and l.created_at >= coalesce({since}, '-infinity')
)
order by x.id limit {at_once} for no key update skip locked
"""
REMINDERS = {
    ExchangeStep.REMINDED_TO_SIGN: REMIND.format(
        waits=f"x.status = 'OFFERED' and x.offered_at < now() - interval '{UNSIGNED_DAYS} days'",
        step=ExchangeStep.REMINDED_TO_SIGN,
        since="x.offered_at",
        at_once=AT_ONCE,
    ),
    ExchangeStep.REMINDED_OF_END: REMIND.format(
        waits="x.status in ('ACTIVE', 'RECALLED') and coalesce(x.recall_on, x.ends_on)"
        f" between {TODAY} and {TODAY} + {ENDING_DAYS}",
        step=ExchangeStep.REMINDED_OF_END,
        since="x.started_at",
        at_once=AT_ONCE,
    ),
    ExchangeStep.REMINDED_OF_RECEIPT: REMIND.format(
        waits=f"x.status = 'COMPLETED' and x.completed_at < now() - interval '{RECEIPT_DAYS} days'"
        " and not exists (select from exchange_receipt r where r.exchange_id = x.id"
        " and r.confirmed_at is not null)",
        step=ExchangeStep.REMINDED_OF_RECEIPT,
        since="x.completed_at",
        at_once=AT_ONCE,
    ),
}


async def begin_due(connection: Connection) -> int:
    """Begin what is agreed and whose first day has come."""
    return await _noted(connection, BEGIN, ExchangeStep.STARTED)


async def end_due(connection: Connection) -> int:
    """End what goes on and whose last day is past."""
    return await _noted(connection, END, ExchangeStep.COMPLETED)


async def remind(connection: Connection) -> int:
    """Remind those who have not signed for a week, whose exchange ends in two weeks, who owe a receipt."""
    counts = [await _noted(connection, statement, step) for step, statement in REMINDERS.items()]
    return sum(counts)


async def _noted(connection: Connection, statement: str, step: ExchangeStep) -> int:
    rows: Any = await connection.fetch(statement)
    for row in rows:
        await note(connection, row, step, actor_id=None)
    return len(rows)
