"""The worker: takes jobs from the queue, does them, tries again what failed.

It runs inside the server (`COMMONS_WORKER`) or as a process of its own (`python -m web worker`);
several share the queue. One that dies leaves its jobs to the others after STALE_AFTER.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core.applications import PgQueuer
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Queued
from pgqueuer.domain.models import Schedule as Due
from pgqueuer.domain.types import QueueExecutionMode

from db.event_partitions import make_ahead
from db.pools import open_write_pool
from db.queue import CHANNEL, enqueue, queries
from resolvers.acting import Services
from resolvers.jobs import (
    ATTEMPT_SECONDS,
    ATTEMPTS,
    JOBS,
    SCHEDULES,
    SECONDS,
    Hopeless,
    Job,
    Work,
    retry_delay,
)
from resolvers.notifying import is_behind, notify_next
from subscriptions.bus import open_bus
from web.mail import Send, sender
from web.services import services
from web.settings import Settings

BATCH = 10
AT_ONCE = 20
# Wakes up by a notification; this is for one that was lost.
POLL = timedelta(seconds=30)
STALE_AFTER = timedelta(seconds=30)
# Jobs that run when the worker is told to stop may go on for so long; then they wait for the next.
GRACE_SECONDS = 6.0
CLOSED_WITHIN = 1.5
# A post that tens of thousands follow is told in one statement.
STATEMENT_MS = 60_000
TELL_EVERY = 0.5
DRAIN_SECONDS = 20.0
HURRY = """update jobs.pgqueuer set execute_after = now()
where status = 'queued' and execute_after > now()"""
HURRY_EVERY = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0

logger = logging.getLogger(__name__)


class Worker:
    """Does jobs until it is told to stop."""

    def __init__(
        self,
        dsn: str,
        services: Services,
        send: Send,
        *,
        pool_size: int = 4,
        attempts: int = ATTEMPTS,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        # Told after each commit: events may have been recorded.
        self.announce = announce
        self.dsn = dsn
        self.services = services
        self.send = send
        self.pool_size = pool_size
        self.attempts = attempts
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs until `stop` is set; a database that goes away is waited for.

        Gives within ten seconds of `stop`.
        """
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._until(stop)
                pause = FIRST_PAUSE
            except Exception as error:  # noqa: BLE001 - whatever it is, jobs must go on
                logger.warning(
                    "The worker broke off and goes on in %.0f s: %s: %s",
                    pause,
                    type(error).__name__,
                    error,
                )
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def drain(self) -> None:
        """Do all that is there, and what it leads to, without waiting for any job's time."""
        while await self._drain_once():
            pass

    async def _drain_once(self) -> bool:
        async with self._queue(asyncio.Event()) as (queue, pool):
            async with pool.acquire() as connection, asyncio.timeout(DRAIN_SECONDS):
                while await is_behind(connection):
                    if not await notify_next(connection):
                        # A transaction that began earlier is still open somewhere.
                        await asyncio.sleep(TELL_EVERY / 10)
            # Again and again: a job may lead to one that is to wait, as mails do for a minute.
            hurrying = asyncio.create_task(self._hurry(pool))
            try:
                await queue.qm.run(
                    mode=QueueExecutionMode.drain,
                    dequeue_timeout=timedelta(seconds=0.1),
                    batch_size=BATCH,
                    log_aggregation_interval=timedelta(),
                )
            finally:
                hurrying.cancel()
                await asyncio.wait({hurrying})
            async with pool.acquire() as connection:
                return await is_behind(connection)

    async def _hurry(self, pool: asyncpg.Pool) -> None:
        while True:
            await pool.execute(HURRY)
            await asyncio.sleep(HURRY_EVERY)

    async def _until(self, stop: asyncio.Event) -> None:
        lost = asyncio.Event()
        async with self._queue(lost) as (queue, pool):
            async with pool.acquire() as connection:
                await make_ahead(connection)
            running = asyncio.create_task(
                queue.run(
                    dequeue_timeout=POLL,
                    batch_size=BATCH,
                    max_concurrent_tasks=AT_ONCE,
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=STALE_AFTER,
                )
            )
            telling = asyncio.create_task(self._tell(pool))
            stopping = asyncio.create_task(stop.wait())
            losing = asyncio.create_task(lost.wait())
            try:
                await asyncio.wait({running, stopping, losing}, return_when=asyncio.FIRST_COMPLETED)
                queue.shutdown.set()
                if not (await asyncio.wait({running}, timeout=GRACE_SECONDS))[0]:
                    for task in self._running:
                        task.cancel()
                await running
                if lost.is_set():
                    raise ConnectionResetError("the database closed a connection")
            finally:
                for ending in (telling, stopping, losing, running):
                    ending.cancel()
                # What is told is told as a whole or not at all: breaking it off is harmless.
                await asyncio.wait({telling})

    @asynccontextmanager
    async def _queue(self, lost: asyncio.Event) -> AsyncIterator[tuple[PgQueuer, asyncpg.Pool]]:
        """Give the queue, ready to run, and the pool its jobs use; `lost` is set when the database closes a connection.

        Otherwise a worker whose listening connection is gone would sleep on for half a minute.
        """

        async def watch(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
            connection.add_termination_listener(lambda _: lost.set())

        # One connection listens, the others ask.
        queue_pool = await asyncpg.create_pool(
            self.dsn,
            min_size=2,
            max_size=4,
            max_inactive_connection_lifetime=0,
            command_timeout=20,
            init=watch,
            server_settings={"application_name": "commons-worker-queue", "timezone": "UTC"},
        )
        try:
            pool = await open_write_pool(
                self.dsn,
                name="commons-worker",
                size=self.pool_size,
                statement_timeout_ms=STATEMENT_MS,
            )
            try:
                driver = AsyncpgPoolDriver(queue_pool)
                # The library asks whether it hears itself before it listens, and breaks off when
                # that was answered too early.
                await driver.add_listener(CHANNEL, _unheard)
                yield self._prepared(driver, queue_pool, pool), pool
            finally:
                await _close(pool)
        finally:
            await _close(queue_pool)

    def _prepared(
        self, driver: AsyncpgPoolDriver, queue_pool: asyncpg.Pool, pool: asyncpg.Pool
    ) -> PgQueuer:
        queue = PgQueuer(driver, channel=CHANNEL, queries=queries(driver))
        for name, job in JOBS.items():
            queue.entrypoint(name, accepts_context=False, on_failure="hold")(
                partial(self._attempt, job, pool, SECONDS.get(name, ATTEMPT_SECONDS))
            )
        for schedule in SCHEDULES:
            queue.schedule(schedule.job, schedule.expression, accepts_context=False)(
                partial(_enqueue_due, schedule.job, queue_pool)
            )
        return queue

    async def _tell(self, pool: asyncpg.Pool) -> None:
        """Turn events into notifications for as long as there is a worker."""
        while True:
            try:
                async with pool.acquire() as connection:
                    while await is_behind(connection) and await notify_next(connection):
                        self.announce()
                await asyncio.sleep(TELL_EVERY)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                logger.warning("Nobody can be told at present: %s: %s", type(error).__name__, error)
                await asyncio.sleep(LONGEST_PAUSE)

    async def _attempt(self, job: Job, pool: asyncpg.Pool, seconds: float, queued: Queued) -> None:
        """Do a job once, within so many seconds.

        Raises:
            RetryRequested: It failed, or the worker stops: it is tried again later.
            Exception: It failed for the last time, and rests as failed.
        """
        work = Work(
            pool=pool,
            services=self.services,
            send=self.send,
            id=queued.id,
            created_at=queued.created,
        )
        task = asyncio.create_task(_do(job, work, seconds, queued.payload or b"{}"))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await task
            self.announce()
        except asyncio.CancelledError:
            # Not passed on: the library takes a job that was cancelled off the queue.
            task.cancel()
            raise RetryRequested(reason="The worker stopped.") from None
        except Hopeless:
            logger.warning(
                "Job %d (%s) cannot be done; it rests as failed.", queued.id, job.__name__
            )
            raise
        except Exception as error:
            if queued.attempts + 1 >= self.attempts:
                logger.warning(
                    "Job %d (%s) failed %d times; it rests as failed.",
                    queued.id,
                    job.__name__,
                    self.attempts,
                )
                raise
            delay = retry_delay(queued.attempts)
            logger.info(
                "Job %d (%s) failed and is tried again in %s: %s: %s",
                queued.id,
                job.__name__,
                delay,
                type(error).__name__,
                error,
            )
            raise RetryRequested(delay, f"{type(error).__name__}: {error}") from error
        finally:
            # One that failed may have done a part.
            self.announce()


async def work(settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Do background jobs in a process of their own until `stop` is set."""
    bus = open_bus(dsn, settings.nats_url)
    announcing = asyncio.create_task(bus.run(_nobody_listens))
    try:
        await worker_for(settings, dsn, bus.announce).run(stop)
    finally:
        announcing.cancel()
        await asyncio.wait({announcing})


def worker_for(settings: Settings, dsn: str, announce: Callable[[], None]) -> Worker:
    """Give the worker that the settings describe."""
    return Worker(
        dsn,
        services(settings),
        sender(settings),
        pool_size=settings.write_pool_size,
        announce=announce,
    )


def _nobody_listens() -> None:
    """Hear without doing anything: the worker looks at its own queue."""


def _unheard(_: str | bytes | bytearray) -> None:
    """Hear without doing anything: the queue has a listener of its own."""


async def _do(job: Job, work: Work, seconds: float, payload: bytes) -> None:
    async with asyncio.timeout(seconds):
        await job(work, **orjson.loads(payload))


async def _enqueue_due(job: str, pool: asyncpg.Pool, due: Due) -> None:  # noqa: ARG001 - the form
    async with pool.acquire() as connection:
        # One that still waits, or runs, does for this time too.
        await enqueue(connection, job, {}, key=f"schedule:{job}")


async def _close(pool: asyncpg.Pool) -> None:
    try:
        async with asyncio.timeout(CLOSED_WITHIN):
            await pool.close()
    except (TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        pool.terminate()
