"""Background jobs by name, and what runs at which time.

A job is a plain async function `(work, *, …)`; its keyword arguments are the payload that
`ctx.enqueue("name", …)` gave, as JSON brought them: keys and times are texts. It may run more
than once, so doing it again changes nothing. It fails by raising, and is tried again later;
`Hopeless` says that trying again is of no use.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from uuid import UUID

from db.storage import new_key_of_file
from db.tables.people import Locale
from resolvers import market_search_news
from resolvers.acting import SEALED_MAIL, Context, Origin, Services
from resolvers.commands import privacy
from resolvers.commands.listings import expire_due
from resolvers.commands.match_requests import expire_unanswered
from resolvers.commands.media import clean_up
from resolvers.commands.post_drafts import publish_due
from resolvers.commands.publishing import remove_empty_reposts
from resolvers.exchange_clock import begin_due, end_due, remind
from resolvers.exporting import write_export
from resolvers.housekeeping import forget
from resolvers.mails import Envelope, Mail, write_mail
from resolvers.match_finding import JOB_OF_MATCHING, look_for_matches
from resolvers.notification_mails import JOB_OF_DIGEST, enqueue_digests, mail_digest, mail_one
from resolvers.notifying import (
    JOB_OF_MAIL,
    JOB_OF_MARKET_SEARCHES,
    JOB_OF_ONE_EVENT,
    JOB_OF_SEARCHES,
    tell_of_event,
)
from resolvers.performing import WritePool
from resolvers.refusals import Refusal
from resolvers.saved_search_news import JOB_OF_ONE_OWNER, tell_owner, tell_owners
from resolvers.sealing import SealBroken, unseal_values

logger = logging.getLogger(__name__)
# A job is tried this often: after 10 s, 30 s, 90 s … up to an hour between two, six hours in all.
ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
DELAY_GROWTH = 3
# Longest that one attempt may take.
ATTEMPT_SECONDS = 60.0

CLEAR_CREDENTIALS = (
    "delete from challenge where expires_at < now() - interval '7 days'",
    "delete from throttle where last_failed_at < now() - interval '2 days'",
    """delete from session where created_at < now() - interval '90 days'
    and (revoked_at is not null or expires_at < now())""",
)
FAILED_JOBS = "select count(*) from jobs.pgqueuer where status = 'failed'"

logger = logging.getLogger(__name__)


class Hopeless(Exception):
    """The job cannot be done, however often it is tried."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a job works with."""

    pool: WritePool
    services: Services
    # Hands a mail over for delivery; a failure says whether trying again is of use.
    send: Callable[[Mail], Awaitable[None]]
    # The job itself: the same at each attempt.
    id: int
    created_at: datetime

    @property
    def reference(self) -> str:
        """A name of the job that no other job has, in this database or after it was made anew."""
        return f"job-{self.id}-{self.created_at.timestamp():.0f}"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Context]:
        """Give a context in a transaction, in which nobody acts."""
        async with self.pool.acquire() as connection, connection.transaction():
            yield Context(
                connection=connection, actor=None, origin=Origin(), services=self.services
            )


Job: TypeAlias = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Schedule:
    """When a job is enqueued by itself; the expression is a crontab's, in UTC."""

    job: str
    expression: str


def retry_delay(attempts: int) -> timedelta:
    """Give how long to wait after a failure, when there were `attempts` before it."""
    seconds = FIRST_DELAY.total_seconds() * DELAY_GROWTH**attempts
    return timedelta(seconds=min(seconds, LONGEST_DELAY.total_seconds()))


async def send_mail(  # noqa: PLR0913 - what a mail is made of
    work: Work,
    *,
    template: str,
    to: str,
    locale: str,
    values: Mapping[str, Any] | None = None,
    sealed: str | None = None,
    headers: Mapping[str, str] | None = None,
    footer: str = "",
) -> None:
    """Write a mail from a template (see `resolvers.mails`) and hand it over.

    `sealed` holds further values, which the queue must not give away (`Context.mail`).

    Handed over, then broken off before that was noted: it goes out again, with the same Message-ID.
    """
    kept: Mapping[str, Any] = {}
    if sealed is not None:
        try:
            kept = unseal_values(work.services.secret_key, SEALED_MAIL, b64decode(sealed))
        except SealBroken as error:
            raise Hopeless("Its link was sealed with another COMMONS_SECRET_KEY.") from error
    await work.send(
        write_mail(
            template,
            to=to,
            locale=Locale(locale),
            values={**(values or {}), **kept},
            envelope=Envelope(
                base_url=work.services.base_url,
                reference=work.reference,
                headers=headers or {},
                footer=footer,
            ),
        )
    )


async def notify_event(work: Work, *, event_id: int) -> None:
    """Turn an event into notifications that could not be when its turn came."""
    async with work.pool.acquire() as connection:
        await tell_of_event(connection, event_id)


async def search_news(work: Work, *, event_ids: list[int]) -> None:
    """Tell the owners of saved searches of published posts."""
    async with work.pool.acquire() as connection:
        count = await tell_owners(connection, event_ids)
    logger.info("Owners of saved searches were told %d times of %d posts.", count, len(event_ids))


async def search_news_of_one(work: Work, *, event_ids: list[int], person_id: str) -> None:
    """Tell one owner of published posts, whose turn it could not be when the others were told."""
    async with work.pool.acquire() as connection:
        await tell_owner(connection, event_ids, UUID(person_id))


async def market_search_news_of_all(work: Work, *, event_ids: list[int]) -> None:
    """Tell the owners of searches of the market of listings that were opened or changed."""
    async with work.pool.acquire() as connection:
        count = await market_search_news.tell_owners(connection, event_ids)
    logger.info("Owners of market searches were told %d times of %d events.", count, len(event_ids))


async def market_search_news_of_one(work: Work, *, event_ids: list[int], person_id: str) -> None:
    """Tell one owner of listings, whose turn it could not be when the others were told."""
    async with work.pool.acquire() as connection:
        await market_search_news.tell_owner(connection, event_ids, UUID(person_id))


async def publish_due_posts(work: Work) -> None:
    """Publish the drafts whose time has come."""
    async with work.pool.acquire() as connection:
        await publish_due(connection, work.services)


async def expire_listings(work: Work) -> None:
    """Note which listings ran out; they count as expired since then anyway."""
    while True:
        async with work.transaction() as ctx:
            if not await expire_due(ctx.connection):
                return


async def expire_match_requests(work: Work) -> None:
    """Note which match requests nobody answered in time; they count as expired since then anyway."""
    while True:
        async with work.transaction() as ctx:
            if not await expire_unanswered(ctx.connection):
                return


async def move_exchanges(work: Work) -> None:
    """Begin the exchanges whose first day has come, and end those whose last day is past."""
    for move in (begin_due, end_due):
        while True:
            async with work.transaction() as ctx:
                if not await move(ctx.connection):
                    break


async def remind_of_exchanges(work: Work) -> None:
    """Remind people of exchanges that wait for them or end soon."""
    while True:
        async with work.transaction() as ctx:
            if not await remind(ctx.connection):
                return


async def match_listing(work: Work, *, listing_id: str) -> None:
    """Look for what fits a listing that was opened or changed."""
    async with work.transaction() as ctx:
        await look_for_matches(ctx.connection, UUID(listing_id))


async def notification_mail(work: Work, *, notification_id: str) -> None:
    """Mail a notification that goes out at once, unless it was read meanwhile."""
    async with work.transaction() as ctx:
        await mail_one(ctx, UUID(notification_id))


async def digests(work: Work, *, now: str | None = None) -> None:
    """Have the digests written that are due; `now` is the time, for when it is another one."""
    async with work.transaction() as ctx:
        await enqueue_digests(ctx, datetime.fromisoformat(now) if now else datetime.now(UTC))


async def digest(work: Work, *, person_id: str, day: str) -> None:
    """Mail one digest."""
    async with work.transaction() as ctx:
        await mail_digest(ctx, UUID(person_id), date.fromisoformat(day))


async def housekeeping(work: Work) -> None:
    """Forget what was kept long enough, and say how many jobs rest as failed."""
    async with work.transaction() as ctx:
        await remove_empty_reposts(ctx.connection)
    async with work.pool.acquire() as connection:
        removed = await forget(connection, work.services.retention)
        failed = await connection.fetchval(FAILED_JOBS)
    logger.info("Housekeeping removed %d rows.", removed)
    if failed:
        logger.warning("%d jobs rest as failed: python -m web jobs", failed)


async def clear_credentials(work: Work) -> None:
    """Forget links that nobody can follow, guesses that no longer count, sessions long ended.

    Sessions are kept for 90 days: whoever signed in from a place is not kept out of there.
    """
    async with work.transaction() as ctx:
        for statement in CLEAR_CREDENTIALS:
            await ctx.connection.execute(statement)


async def make_export(work: Work, *, export_id: str) -> None:
    """Make an export of somebody's data on disk, keep it, and tell them."""
    key = UUID(export_id)
    storage = work.services.storage
    async with work.pool.acquire() as connection:
        person_id = await privacy.asked_export(connection, key)
    if person_id is None:
        return
    with TemporaryDirectory(prefix="commons-export-") as folder:
        path = Path(folder) / "export.zip"
        if not await write_export(work.pool, storage, person_id, path):
            return
        kept = await asyncio.to_thread(new_key_of_file, path, "zip")
        await storage.put_file(kept, path)
        byte_count = path.stat().st_size
    async with work.transaction() as ctx:
        is_wanted = await privacy.keep_export(ctx, key, kept, byte_count)
    if not is_wanted:
        await storage.delete([kept])


async def erase_due(work: Work) -> None:
    """Erase the people whose time to think is over, each in a transaction of its own.

    Whoever has become the only owner of an organisation meanwhile stays until that is handed over.
    """
    async with work.pool.acquire() as connection:
        due = [row["id"] for row in await connection.fetch(privacy.DUE, privacy.ERASURE_GRACE)]
    for person_id in due:
        try:
            async with work.transaction() as ctx:
                await privacy.erase_due_person(ctx, person_id)
        except Refusal as refusal:
            logger.warning("A person who asked for it cannot be erased: %s", refusal.text)


async def clean_media(work: Work) -> None:
    """Remove uploads that nobody used, and objects that no row points to."""
    async with work.pool.acquire() as connection:
        removed = await clean_up(connection, work.services.storage)
    logger.info("Removed %d objects of uploads.", removed)


JOBS: Mapping[str, Job] = {
    privacy.JOB: make_export,
    "erase_due": erase_due,
    "mail": send_mail,
    JOB_OF_ONE_EVENT: notify_event,
    JOB_OF_SEARCHES: search_news,
    JOB_OF_ONE_OWNER: search_news_of_one,
    JOB_OF_MARKET_SEARCHES: market_search_news_of_all,
    market_search_news.JOB_OF_ONE_OWNER: market_search_news_of_one,
    "publish_due": publish_due_posts,
    JOB_OF_MATCHING: match_listing,
    "expire_match_requests": expire_match_requests,
    "expire_listings": expire_listings,
    "move_exchanges": move_exchanges,
    "remind_of_exchanges": remind_of_exchanges,
    JOB_OF_MAIL: notification_mail,
    "digests": digests,
    JOB_OF_DIGEST: digest,
    "housekeeping": housekeeping,
    "clear_credentials": clear_credentials,
    "clean_media": clean_media,
}

# What may take longer than ATTEMPT_SECONDS.
SECONDS: Mapping[str, float] = {
    privacy.JOB: 1_800.0,
    JOB_OF_SEARCHES: 600.0,
    JOB_OF_MARKET_SEARCHES: 600.0,
}

SCHEDULES: tuple[Schedule, ...] = (
    Schedule("erase_due", "10 2 * * *"),
    Schedule("publish_due", "* * * * *"),
    Schedule("expire_listings", "*/5 * * * *"),
    Schedule("expire_match_requests", "15 * * * *"),
    Schedule("move_exchanges", "*/5 * * * *"),
    Schedule("remind_of_exchanges", "25 * * * *"),
    # Seven in Amsterdam is another hour in winter: the job itself knows when it is time.
    Schedule("digests", "0 * * * *"),
    Schedule("housekeeping", "20 * * * *"),
    Schedule("clear_credentials", "40 3 * * *"),
    Schedule("clean_media", "10 4 * * *"),
)
