"""What is kept for a time only, and forgotten after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from db.event_partitions import make_ahead, remove_old
from resolvers.acting import Connection, Retention

# Removed in portions: a statement that runs for long would hold up whoever reads the log of events.
PORTION = 10_000
# An answer under an idempotency key; the contract says seven days.
ANSWERS = "select ctid from idempotency_record where created_at < now() - interval '7 days'"
NOTIFICATIONS = "select ctid from notification where changed_at < now() - $2 * interval '1 day'"
# Those that are open wait for a moderator, however long.
REPORTS = """
select ctid from report where status <> 'OPEN' and created_at < now() - $2 * interval '1 day'
"""
AUDIT = "select ctid from audit_entry where created_at < now() - $2 * interval '1 day'"
# The file goes with the next tidying of uploads.
EXPORTS = "select ctid from data_export where expires_at < now()"
QUEUE_LOG = "select ctid from jobs.pgqueuer_log where created < now() - interval '30 days'"
QUEUE_STATISTICS = (
    "select ctid from jobs.pgqueuer_statistics where created < now() - interval '30 days'"
)


async def forget(connection: Connection, retention: Retention) -> int:
    """Remove what was kept long enough, events by whole days; give how many rows and days that were.

    And make room for the events of the days to come. `connection` is outside a transaction.
    """
    await make_ahead(connection)
    begin = datetime.now(UTC) - timedelta(days=retention.event_days)
    removed_events = await remove_old(connection, before=begin)
    count = removed_events.days + removed_events.strays
    for statement, arguments in _removals(retention):
        removed = PORTION
        while removed == PORTION:
            done = await connection.execute(statement, PORTION, *arguments)
            removed = int(done.rpartition(" ")[2])
            count += removed
    return count


def _removals(retention: Retention) -> Iterator[tuple[str, tuple[int, ...]]]:
    for table, found, arguments in (
        ("idempotency_record", ANSWERS, ()),
        ("notification", NOTIFICATIONS, (retention.notification_days,)),
        ("report", REPORTS, (retention.report_days,)),
        ("audit_entry", AUDIT, (retention.audit_days,)),
        ("data_export", EXPORTS, ()),
        ("jobs.pgqueuer_log", QUEUE_LOG, ()),
        ("jobs.pgqueuer_statistics", QUEUE_STATISTICS, ()),
    ):
        yield f"delete from {table} where ctid = any(array({found} limit $1))", arguments  # noqa: S608 - constants
