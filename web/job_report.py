"""What an operator sees of the background jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
from rich.console import Console
from rich.table import Table

SUMMARY = """
select entrypoint, count(*) filter (where status = 'queued' and attempts = 0) as waiting,
       count(*) filter (where status = 'queued' and attempts > 0) as trying_again,
       count(*) filter (where status = 'picked') as running,
       count(*) filter (where status = 'failed') as failed,
       now() - min(created) filter (where status = 'queued') as oldest
from jobs.pgqueuer group by entrypoint order by entrypoint
"""
# The log's last word on each job says why it failed.
FAILED = """
select job.id, job.entrypoint, job.attempts, job.updated, said.reason
from jobs.pgqueuer job
left join lateral (
  select log.traceback ->> 'exception_message' as reason from jobs.pgqueuer_log log
  where log.job_id = job.id and log.traceback is not null order by log.created desc limit 1
) said on true
where job.status = 'failed' order by job.updated desc limit $1
"""
RETRY = """
with again as (
  update jobs.pgqueuer
  set status = 'queued', execute_after = now(), updated = now(), attempts = 0, queue_manager_id = null
  where status = 'failed' and ($1::bigint[] is null or id = any($1))
  returning id, entrypoint, priority
), logged as (
  insert into jobs.pgqueuer_log (job_id, status, entrypoint, priority)
  select id, 'queued', entrypoint, priority from again
)
select count(*) from again
"""
SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """The jobs of one name."""

    job: str
    waiting: int
    trying_again: int
    running: int
    failed: int
    oldest: timedelta | None


@dataclass(frozen=True)
class Failed:
    """A job that rests as failed."""

    number: int
    job: str
    attempts: int
    since: datetime
    reason: str


@dataclass(frozen=True)
class Jobs:
    """What there is, and what failed last."""

    waiting: Sequence[Waiting]
    failed: Sequence[Failed]


async def look_at_jobs(dsn: str) -> Jobs:
    """Give what waits, runs and failed; the newest SHOWN failures one by one."""
    connection = await asyncpg.connect(dsn)
    try:
        summary = await connection.fetch(SUMMARY)
        failed = await connection.fetch(FAILED, SHOWN)
    finally:
        await connection.close()
    return Jobs(
        waiting=[Waiting(*row) for row in summary],
        failed=[
            Failed(
                row["id"],
                row["entrypoint"],
                row["attempts"] + 1,
                row["updated"],
                row["reason"] or "",
            )
            for row in failed
        ],
    )


async def retry(dsn: str, numbers: Sequence[int] | None) -> int:
    """Have failed jobs tried again, all of them for None; give how many."""
    connection = await asyncpg.connect(dsn)
    try:
        count: int = await connection.fetchval(RETRY, numbers)
    finally:
        await connection.close()
    return count


def print_jobs(jobs: Jobs) -> None:
    """Print both tables."""
    console = Console()
    if not jobs.waiting:
        console.print("No background job waits, runs or has failed.")
        return
    table = Table("job", "waiting", "trying again", "running", "failed", "oldest waits")
    for row in jobs.waiting:
        oldest = "" if row.oldest is None else f"{row.oldest.total_seconds():,.0f} s"
        counts = (row.waiting, row.trying_again, row.running, row.failed)
        table.add_row(row.job, *(f"{count:,}" for count in counts), oldest)
    console.print(table)
    if jobs.failed:
        table = Table("number", "job", "attempts", "failed at", "why", title="Failed, newest first")
        for job in jobs.failed:
            table.add_row(
                str(job.number),
                job.job,
                str(job.attempts),
                f"{job.since:%Y-%m-%d %H:%M} UTC",
                job.reason,
            )
        console.print(table)
        console.print("Try again: python -m web jobs retry NUMBER…, or --all")
