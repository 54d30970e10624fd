"""Background jobs and mails: done if and only if the transaction was, tried again, seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import ValidationError

from db.queue import enqueue
from resolvers.jobs import ATTEMPTS, JOBS, Hopeless, Work, retry_delay
from tests.mailing import Outbox, deliver, link_of, mails_to, services, worker
from tests.web.serving import client_of, serving
from web.job_report import Failed, Waiting, look_at_jobs, print_jobs, retry
from web.mail import Send, sender
from web.settings import Settings
from web.worker import Worker

PATIENCE = 20.0
VALUES = {"host": "commons <b>", "url": "https://commons.example/?a=1&b=2"}


def _mail(to: str, locale: str = "EN") -> dict[str, Any]:
    return {"template": "mails.test", "to": to, "locale": locale, "values": VALUES}


class Inbox:
    """A real SMTP server."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.refusals: list[str] = []

    async def handle_DATA(  # noqa: N802 - named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((list(envelope.rcpt_tos), message))
        return "250 Taken"


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[Inbox, Send]]:
    """A server, and what delivers to it with the application's own settings."""
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(inbox, hostname="inbox.example"), "127.0.0.1", 0
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        settings = Settings(
            smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Commons <no-reply@commons.example>"
        )
        yield inbox, sender(settings)


@asynccontextmanager
async def _working(doing: Worker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(doing.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await running


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.02)


async def test_a_job_is_done_if_and_only_if_its_transaction_is_committed(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    transaction = scratch_connection.transaction()
    await transaction.start()
    await enqueue(scratch_connection, "mail", _mail("undone@people.example"))
    await transaction.rollback()
    async with scratch_connection.transaction():
        await enqueue(scratch_connection, "mail", _mail("done@people.example"))
        assert await deliver(scratch_database) == []
    mails = await deliver(scratch_database)
    assert [mail.to for mail in mails] == ["done@people.example"]
    assert await deliver(scratch_database) == []


async def test_with_a_key_a_job_waits_once(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    payload = _mail("once@people.example")
    assert await enqueue(scratch_connection, "mail", payload, key="one")
    assert not await enqueue(scratch_connection, "mail", payload, key="one")
    assert len(await deliver(scratch_database)) == 1
    assert await enqueue(scratch_connection, "mail", payload, key="one")


async def test_a_mail_arrives_in_the_readers_language_as_text_and_html(
    scratch_database: str, scratch_connection: asyncpg.Connection, smtp: tuple[Inbox, Send]
) -> None:
    inbox, send = smtp
    await enqueue(scratch_connection, "mail", _mail("jo@people.example", "NL"))
    doing = Worker(scratch_database, services("https://commons.example", b""), send)
    async with _working(doing):
        await _until(lambda: bool(inbox.received))
    [(to, message)] = inbox.received
    assert to == ["jo@people.example"]
    assert message["From"] == "Commons <no-reply@commons.example>"
    assert message["Subject"] == "Een proef van commons <b>"
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == (
        "Deze mail laat zien dat commons <b> je kan bereiken. Je hoeft niets te doen.\n\n"
        "https://commons.example/?a=1&b=2\n\n"
        "-- \nJe krijgt dit bericht van Talent Commons, https://commons.example\n"
    )
    assert "commons &lt;b&gt; je kan bereiken" in html.get_content()
    assert 'href="https://commons.example/?a=1&amp;b=2"' in html.get_content()


async def test_a_mail_that_goes_out_twice_has_one_message_id(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    await enqueue(scratch_connection, "mail", _mail("jo@people.example"))
    # The worker dies between delivery and the note of it: the job is taken up again.
    outbox = Outbox()
    [job] = await scratch_connection.fetch("select * from jobs.pgqueuer")
    await worker(scratch_database, outbox).drain()
    await scratch_connection.execute(
        "insert into jobs.pgqueuer (id, priority, created, status, entrypoint, payload) "
        "values ($1, 0, $2, 'queued', $3, $4)",
        job["id"],
        job["created"],
        job["entrypoint"],
        job["payload"],
    )
    await worker(scratch_database, outbox).drain()
    first, second = outbox.mails
    assert first.message_id == second.message_id


async def test_what_a_server_refuses_for_now_is_tried_again_and_what_it_never_takes_is_not(
    scratch_database: str,
    scratch_connection: asyncpg.Connection,
    smtp: tuple[Inbox, Send],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox, send = smtp
    monkeypatch.setattr("web.worker.retry_delay", lambda _: timedelta(milliseconds=10))
    doing = Worker(scratch_database, services("https://commons.example", b""), send)
    inbox.refusals = ["451 Greylisted", "451 Greylisted"]
    await enqueue(scratch_connection, "mail", _mail("later@people.example"))
    await doing.drain()
    assert [to for to, _ in inbox.received] == [["later@people.example"]]
    inbox.refusals = ["550 No such person"]
    await enqueue(scratch_connection, "mail", _mail("never@people.example"))
    await doing.drain()
    assert len(inbox.received) == 1
    [failed] = (await look_at_jobs(scratch_database)).failed
    assert (failed.job, failed.attempts) == ("mail", 1)
    assert "No such person" in failed.reason


def test_attempts_are_further_and_further_apart() -> None:
    delays = [retry_delay(number).total_seconds() for number in range(ATTEMPTS - 1)]
    assert delays[:4] == [10, 30, 90, 270]
    assert delays == sorted(delays)
    assert max(delays) == 3600
    assert 5.5 < sum(delays) / 3600 < 6.5


async def test_a_job_that_keeps_failing_rests_is_shown_and_can_be_tried_again(
    scratch_database: str,
    scratch_connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tries: list[int] = []

    async def fail(work: Work, *, number: int) -> None:
        tries.append(number)
        if len(tries) <= 3:
            raise ValueError(f"not yet {work.id}")

    monkeypatch.setitem(JOBS, "fail", fail)
    monkeypatch.setattr("web.worker.retry_delay", lambda _: timedelta(milliseconds=10))
    await enqueue(scratch_connection, "fail", {"number": 7})
    await worker(scratch_database, Outbox(), attempts=3).drain()
    assert tries == [7, 7, 7]
    jobs = await look_at_jobs(scratch_database)
    assert jobs.waiting == [Waiting("fail", 0, 0, 0, 1, None)]
    [failed] = jobs.failed
    number = failed.number
    assert failed == Failed(number, "fail", 3, failed.since, f"not yet {number}")
    print_jobs(jobs)
    assert f"not yet {number}" in capsys.readouterr().out
    assert await retry(scratch_database, [number + 1]) == 0
    assert await retry(scratch_database, None) == 1
    await worker(scratch_database, Outbox(), attempts=3).drain()
    assert tries == [7] * 4
    assert (await look_at_jobs(scratch_database)).waiting == []


async def test_a_hopeless_job_is_tried_once(
    scratch_database: str, scratch_connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    async def give_up(work: Work) -> None:
        tries.append(work.id)
        raise Hopeless("never")

    monkeypatch.setitem(JOBS, "give_up", give_up)
    await enqueue(scratch_connection, "give_up", {})
    await worker(scratch_database, Outbox(), attempts=5).drain()
    assert len(tries) == 1


async def test_a_worker_that_stops_leaves_its_jobs_to_the_next(
    scratch_database: str, scratch_connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    ended: list[int] = []
    slow = asyncio.Event()

    async def take_long(work: Work) -> None:
        begun.append(work.id)
        if len(begun) == 1:
            await slow.wait()
        ended.append(work.id)

    monkeypatch.setitem(JOBS, "take_long", take_long)
    monkeypatch.setattr("web.worker.GRACE_SECONDS", 0.2)
    await enqueue(scratch_connection, "take_long", {})
    async with _working(worker(scratch_database, Outbox(), attempts=5)):
        await _until(lambda: bool(begun))
    assert not ended
    async with _working(worker(scratch_database, Outbox(), attempts=5)):
        await _until(lambda: bool(ended))


async def test_a_worker_survives_the_loss_of_every_connection(
    scratch_database: str, scratch_connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.worker.FIRST_PAUSE", 0.05)
    outbox = Outbox()
    async with _working(worker(scratch_database, outbox)):
        await enqueue(scratch_connection, "mail", _mail("before@people.example"))
        await _until(lambda: len(outbox.mails) == 1)
        await scratch_connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name like 'commons-worker%' and datname = current_database()"
        )
        await enqueue(scratch_connection, "mail", _mail("after@people.example"))
        await _until(lambda: len(outbox.mails) == 2)


async def test_without_a_server_mails_are_kept_in_a_mailbox_that_the_application_shows(
    scratch_database: str, scratch_connection: asyncpg.Connection, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    doing = Worker(scratch_database, services("http://localhost", b""), sender(settings))
    await enqueue(scratch_connection, "mail", _mail("jo@people.example"))
    await doing.drain()
    with serving(scratch_database, home=tmp_path) as url, client_of(url) as client:
        index = client.get("/mailbox")
        assert "A test from commons &lt;b&gt;" in index.text
        assert "default-src 'none'" in index.headers["Content-Security-Policy"]
        [kept] = (tmp_path / "mailbox").glob("*.eml")
        assert kept.stat().st_mode & 0o077 == 0
        shown = client.get(f"/mailbox/{kept.stem}")
        assert 'href="https://commons.example/?a=1&amp;b=2"' in shown.text
        assert client.get(f"/mailbox/{kept.stem}/html").text.startswith("<!doctype html>")
        assert client.get("/mailbox/..%2Fsecret").status_code == 404
        assert client.get("/mailbox/nothing").status_code == 404


@pytest.mark.parametrize(
    "settings", [{"smtp_url": "smtp://127.0.0.1"}, {"base_url": "https://commons.example"}]
)
def test_the_mailbox_is_not_shown_in_production(
    world: str, tmp_path: Path, settings: dict[str, str]
) -> None:
    with serving(world, home=tmp_path, **settings) as url, client_of(url) as client:
        assert client.get("/mailbox").status_code == 404


@pytest.mark.parametrize("url", ["http://host", "smtps://", "smtp://me:secret@host"])
def test_an_smtp_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="smtp"):
        Settings(smtp_url=url)


async def test_helpers_give_the_mails_of_a_person(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    for address in ("jo@people.example", "al@people.example"):
        await enqueue(scratch_connection, "mail", _mail(address))
    mails = await deliver(scratch_database)
    [mail] = mails_to(mails, "al@people.example")
    assert link_of(mail) == "https://commons.example/?a=1&b=2"
