"""Background jobs done at once, and the mails that they sent.

mails = await deliver(town)
link = link_of(mails_to(mails, person.email)[0])
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import asyncpg

from db.queue import enqueue
from db.storage import memory_storage
from resolvers.acting import Services
from resolvers.mails import Mail
from web.worker import Worker

# Of the server that tests write to, and of the worker that does its jobs.
SECRET_KEY = b"k" * 32
LINK = re.compile(r"https?://\S+")
FAILED = """
select job.entrypoint || ': ' || (log.traceback ->> 'traceback') from jobs.pgqueuer job
join jobs.pgqueuer_log log on log.job_id = job.id and log.traceback is not null
where job.status = 'failed'
"""


@dataclass
class Outbox:
    """What takes mails in place of a server."""

    mails: list[Mail] = field(default_factory=list)

    async def __call__(self, mail: Mail) -> None:
        self.mails.append(mail)


async def deliver(
    dsn: str, *, base_url: str = "http://localhost:8000", secret_key: bytes = SECRET_KEY
) -> list[Mail]:
    """Do every background job of the database at `dsn` and give the mails that went out.

    A job that fails is not tried again: it fails the test.
    """
    outbox = Outbox()
    await worker(dsn, outbox, base_url=base_url, secret_key=secret_key).drain()
    connection = await asyncpg.connect(dsn)
    try:
        failed = await connection.fetch(FAILED)
        await connection.execute("delete from jobs.pgqueuer where status = 'failed'")
    finally:
        await connection.close()
    assert not failed, "\n".join(row[0] for row in failed)
    return outbox.mails


def worker(
    dsn: str,
    send: Outbox,
    *,
    base_url: str = "http://localhost:8000",
    secret_key: bytes = SECRET_KEY,
    attempts: int = 1,
) -> Worker:
    """Give a worker whose mails go to `send`."""
    return Worker(dsn, services(base_url, secret_key), send, attempts=attempts)


def services(base_url: str, secret_key: bytes) -> Services:
    """Give what jobs need of the world outside."""
    return Services(
        enqueue=enqueue,
        secret_key=secret_key,
        base_url=base_url,
        storage=memory_storage(),
        lookup_txt=_no_names,
    )


async def _no_names(name: str) -> list[str]:
    """No background job looks up names."""
    raise AssertionError(name)


def mails_to(mails: list[Mail], address: str) -> list[Mail]:
    """Give those of the mails that went to an address, the first first."""
    return [mail for mail in mails if mail.to == address]


def link_of(mail: Mail) -> str:
    """Give the first address in a mail."""
    found = LINK.search(mail.text)
    assert found, mail.text
    return found.group()
