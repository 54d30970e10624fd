"""Notifications by e-mail: at once or in a digest, once, and ended with one click."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from db.queue import enqueue
from resolvers.acting import Retention
from resolvers.housekeeping import forget
from resolvers.mails import Mail
from tests.mailing import deliver, mails_to
from tests.making import Maker, Someone
from tests.web.posting import Poster, editor
from tests.web.serving import ask, client_of, data_of, serving

KEY = "k" * 32
NOW = datetime.now(UTC)
# A Wednesday, a Monday and the hours around seven in Amsterdam, in winter (UTC + 1) and in summer.
WINTER_WEDNESDAY = "2099-01-07T06:00:00+00:00"
WINTER_WEDNESDAY_EARLY = "2099-01-07T05:59:59+00:00"
SUMMER_WEDNESDAY = "2099-07-01T05:00:00+00:00"
WINTER_MONDAY = "2099-01-05T06:00:00+00:00"


class Post:
    """A world of its own, in which mails are read."""

    def __init__(self, dsn: str, make: Maker, client: httpx2.Client) -> None:
        self.dsn = dsn
        self.make = make
        self.client = client
        self.poster = Poster(client)

    async def reader(self, name: str = "Rea", **columns: Any) -> Someone:
        """Make somebody who gets mails."""
        return await self.make.person(name, email_verified_at=NOW, **columns)

    async def author(self, **columns: Any) -> Someone:
        """Make somebody with a post, and mails."""
        place = await self.make.organisation()
        author = await editor(self.make, place, "Rea", email_verified_at=NOW, **columns)
        self.post = self.poster.publish(author, place, "Hello")
        return author

    async def mention(self, person: Someone) -> None:
        """Have somebody named in a post."""
        place = await self.make.organisation()
        author = await editor(self.make, place, "Max")
        self.poster.publish(author, place, f"Ask @[r]({person.id})")

    async def reacted(self, times: int = 1) -> None:
        """Have people react to the author's post."""
        for number in range(times):
            person = await self.make.person(f"Ann {number}")
            self.poster.do(person, "postReact", postId=self.post["id"], kind="LIKE")

    async def commented(self) -> None:
        """Have somebody comment on the author's post."""
        person = await self.make.person("Cleo")
        self.poster.do(person, "commentAdd", postId=self.post["id"], body="Hi")

    async def mails(self, person: Someone) -> list[Mail]:
        """Give the mails that go out to a person now."""
        return mails_to(await deliver(self.dsn, secret_key=KEY.encode()), person.email)

    async def digests(self, person: Someone, now: str) -> list[Mail]:
        """Give the mails that a person gets when it is that time."""
        await deliver(self.dsn, secret_key=KEY.encode())
        await enqueue(self.make.connection, "digests", {"now": now})
        return await self.mails(person)


@pytest.fixture
def office(scratch_database: str, tmp_path: Path) -> Iterator[httpx2.Client]:
    with (
        serving(scratch_database, home=tmp_path, secret_key=KEY) as url,
        client_of(url) as client,
    ):
        yield client


@pytest.fixture
def post(
    scratch_database: str, scratch_connection: asyncpg.Connection, office: httpx2.Client
) -> Post:
    return Post(scratch_database, Maker(scratch_connection), office)


async def test_what_concerns_a_person_is_mailed_once_in_their_language(post: Post) -> None:
    for locale, said in (("EN", "Max mentioned you: "), ("NL", "Max noemde je: ")):
        reader = await post.reader(locale=locale)
        await post.mention(reader)
        [mail] = await post.mails(reader)
        assert mail.subject.startswith(said)
        assert said in mail.text
        assert "http://localhost:8000/notifications" in mail.text
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.headers["List-Unsubscribe"].startswith(
            "<http://localhost:8000/unsubscribe?token="
        )
        assert await post.mails(reader) == []
        assert await post.digests(reader, WINTER_MONDAY) == []


async def test_what_was_read_or_cannot_be_seen_or_is_not_wanted_is_not_mailed(post: Post) -> None:
    unproved = await post.make.person("Una")
    await post.mention(unproved)
    assert await post.mails(unproved) == []
    unwilling = await post.reader()
    await post.make.connection.execute(
        "insert into notification_preference values ($1, 'MENTIONED', true, false)", unwilling.key
    )
    await post.mention(unwilling)
    assert await post.mails(unwilling) == []
    outsider = await post.reader()
    await post.mention(outsider)
    await post.make.connection.execute("update post set audience = 'ORGANISATION'")
    assert await post.mails(outsider) == []


async def test_a_mail_job_that_runs_twice_sends_nothing_twice(post: Post) -> None:
    reader = await post.reader()
    await post.mention(reader)
    assert len(await post.mails(reader)) == 1
    line = await post.make.connection.fetchval("select id from notification")
    for _ in range(2):
        await enqueue(post.make.connection, "notification_mail", {"notification_id": line})
    assert await post.mails(reader) == []


async def test_a_daily_digest_goes_out_at_seven_in_amsterdam_once(post: Post) -> None:
    author = await post.author(digest="DAILY")
    await post.reacted(2)
    assert await post.mails(author) == []
    assert await post.digests(author, WINTER_WEDNESDAY_EARLY) == []
    [mail] = await post.digests(author, WINTER_WEDNESDAY)
    assert mail.subject == "Unread on Talent Commons: 1"
    assert "- Ann 1 and Ann 0 appreciated your post: Hello" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert await post.digests(author, WINTER_WEDNESDAY) == []
    # What was in one digest is in no other; what is new is in the next.
    assert await post.digests(author, "2099-01-08T06:00:00+00:00") == []
    await post.commented()
    [mail] = await post.digests(author, SUMMER_WEDNESDAY)
    assert "commented" in mail.text
    assert "appreciated" not in mail.text


async def test_a_weekly_digest_goes_out_on_mondays(post: Post) -> None:
    author = await post.author(digest="WEEKLY", locale="NL")
    await post.reacted()
    assert await post.digests(author, WINTER_WEDNESDAY) == []
    [mail] = await post.digests(author, "2099-01-12T06:00:00+00:00")
    assert mail.subject == "Ongelezen op Talent Commons: 1"
    assert "Ann 0 waardeerde je bericht: Hello" in mail.text
    nobody = await post.author(digest="NONE")
    await post.reacted()
    assert await post.digests(nobody, "2099-01-19T06:00:00+00:00") == []


async def test_a_digest_tells_of_what_came_before_seven(post: Post) -> None:
    author = await post.author(digest="DAILY")
    await post.reacted()
    today = NOW.replace(hour=4) - timedelta(days=1)
    assert await post.digests(author, today.replace(hour=9).isoformat()) == []


async def test_a_digest_job_that_runs_twice_sends_one(post: Post) -> None:
    author = await post.author(digest="DAILY")
    await post.reacted()
    await deliver(post.dsn)
    for _ in range(3):
        payload = {"person_id": author.key, "day": "2099-01-07"}
        await enqueue(post.make.connection, "digest", payload)
    assert len(await post.mails(author)) == 1


async def test_mails_end_with_one_click(post: Post, office: httpx2.Client) -> None:
    reader = await post.reader()
    await post.mention(reader)
    [mail] = await post.mails(reader)
    path = mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    page = office.get(path, headers={"Accept-Language": "nl"})
    assert (page.status_code, "Stop deze mails" in page.text) == (200, True)
    assert "Stop these mails" in office.get(path).text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    # A scanner that opens the link changes nothing.
    assert await _mentions_are_mailed(post, reader)
    # As a mail program does it, without a session or an origin.
    for _ in range(2):
        done = office.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "Done" in done.text) == (200, True)
    assert not await _mentions_are_mailed(post, reader)
    await post.mention(reader)
    assert await post.mails(reader) == []


async def test_digests_end_with_one_click(post: Post, office: httpx2.Client) -> None:
    author = await post.author(digest="DAILY")
    await post.reacted()
    [mail] = await post.digests(author, WINTER_WEDNESDAY)
    path = mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert office.post(path).status_code == 200
    viewer = data_of(ask(office, "{ viewer { digest } }", token=author.token))["viewer"]
    assert viewer == {"digest": "NONE"}


async def test_a_link_that_was_changed_ends_nothing(post: Post, office: httpx2.Client) -> None:
    reader = await post.reader()
    await post.mention(reader)
    [mail] = await post.mails(reader)
    path = mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    token = path.partition("token=")[2]
    swapped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for wrong in ("", "x", token[:-4], swapped, "é", "=" * 40):
        for method in ("GET", "POST"):
            answer = office.request(method, "/unsubscribe", params={"token": wrong})
            assert answer.status_code == 400
    assert await _mentions_are_mailed(post, reader)


async def test_what_was_kept_long_enough_is_forgotten(
    scratch_connection: asyncpg.Connection,
) -> None:
    make = Maker(scratch_connection)
    person = await make.person()
    for days in (6, 8):
        await scratch_connection.execute(
            "insert into idempotency_record (person_id, key, input_hash, created_at) "
            "values ($1, $2, '', now() - $3 * interval '1 day')",
            person.key,
            f"key {days}",
            days,
        )
    for days in (179, 181):
        await scratch_connection.execute(
            "insert into notification (person_id, kind, changed_at, read_at) "
            "values ($1, 'FOLLOWED', now() - $2 * interval '1 day', now())",
            person.key,
            days,
        )
    assert await forget(scratch_connection, Retention()) == 2
    assert await scratch_connection.fetchval("select array_agg(key) from idempotency_record") == [
        "key 6"
    ]
    assert await scratch_connection.fetchval("select count(*) from notification") == 1


async def _mentions_are_mailed(post: Post, reader: Someone) -> bool:
    text = "{ viewer { notificationPreferences { kind email } } }"
    viewer = data_of(ask(post.client, text, token=reader.token))["viewer"]
    return any(
        row["email"] for row in viewer["notificationPreferences"] if row["kind"] == "MENTIONED"
    )
