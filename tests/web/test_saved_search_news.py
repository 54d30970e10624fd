"""Who is told that a saved search found something: each owner who may see it, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest

from db.queue import enqueue
from resolvers import saved_search_news
from resolvers.saved_search_news import found as found_for
from resolvers.saved_search_news import tell_owners
from resolvers.seeing import seen_among
from tests.mailing import Outbox, deliver, mails_to, worker
from tests.making import Maker, Place, Someone
from tests.web.posting import Poster, block, editor, key_of, partners
from tests.web.serving import ask, data_of, done
from tests.web.test_saved_searches import do, kept
from web.job_report import look_at_jobs, retry

INBOX = """{ viewer { notifications(first: 50, unread: true) { nodes {
  kind title actorCount actors { name } post { id } savedSearch { id name } organisation { id } } } } }"""


class Watch:
    """A town in which people keep searches and others publish."""

    def __init__(self, client: httpx2.Client, dsn: str, make: Maker) -> None:
        self.client = client
        self.dsn = dsn
        self.make = make
        self.poster = Poster(client)

    def search(self, who: Someone, name: str, **given: Any) -> str:
        """Keep a search that its owner is told of; give its id."""
        found = kept(do(self.client, who, "Create", **{"name": name, "notify": True, **given}))
        key: str = found["id"]
        return key

    async def lines(self, who: Someone) -> Any:
        """Give what is unread when everything that happened was told."""
        await deliver(self.dsn)
        answer = data_of(ask(self.client, INBOX, token=who.token))
        return answer["viewer"]["notifications"]["nodes"]

    async def titles(self, who: Someone) -> list[str]:
        """Give what the unread lines say."""
        return [line["title"] for line in await self.lines(who)]

    def read_all(self, who: Someone) -> None:
        """Have somebody read everything."""
        text = """mutation { notificationsMarkRead(input: {upTo: "2999-01-01T00:00:00Z"}) {
          person { id } userErrors { code field message } } }"""
        done(data_of(ask(self.client, text, token=who.token)), "notificationsMarkRead")

    async def mute(self, who: Someone, **what: Any) -> None:
        """Have somebody mute a person, an organisation or a skill."""
        [(column, key)] = what.items()
        await self.make.connection.execute(
            f"insert into mute (person_id, {column}) values ($1, $2)", who.key, key
        )


@pytest.fixture
def watch(town_client: httpx2.Client, town: str, make: Maker) -> Watch:
    return Watch(town_client, town, make)


async def test_an_owner_is_told_once_with_all_that_is_new_in_one_line(
    watch: Watch, make: Maker
) -> None:
    place, other = await make.organisation(), await make.organisation()
    author, second = await editor(make, place, "Ann"), await editor(make, other, "Bob")
    reader, dutch = await make.person("Rea"), await make.person("Daan", locale="NL")
    search = watch.search(reader, "Cranes", query="heavy CRANE")
    watch.search(dutch, "Kranen", query="crane", organisationIds=[place.id])
    post = watch.poster.publish(author, place, "A heavy crane")
    assert await watch.lines(reader) == [
        {
            "kind": "SAVED_SEARCH_FOUND",
            "title": "New for your search “Cranes”",
            "actorCount": 1,
            "actors": [{"name": "Ann"}],
            "post": {"id": post["id"]},
            "savedSearch": {"id": search, "name": "Cranes"},
            "organisation": None,
        }
    ]
    assert await watch.titles(dutch) == ["Nieuw voor je zoekopdracht “Kranen”"]
    watch.poster.publish(second, other, "Another heavy crane")
    [line] = await watch.lines(reader)
    # Of several posts none is the one that it is about.
    assert (line["post"], line["actorCount"]) == (None, 2)
    assert [actor["name"] for actor in line["actors"]] == ["Bob", "Ann"]
    watch.read_all(reader)
    third = watch.poster.publish(author, place, "A third heavy crane")
    [line] = await watch.lines(reader)
    assert line["post"] == {"id": third["id"]}
    watch.read_all(reader)
    watch.poster.publish(author, place, "Pumps")
    assert await watch.lines(reader) == []


async def test_several_posts_at_once_are_one_line_of_no_post(watch: Watch, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    watch.search(reader, "Here", organisationIds=[place.id])
    for number in range(3):
        watch.poster.publish(author, place, f"Number {number}")
    [line] = await watch.lines(reader)
    assert (line["title"], line["post"]) == ("New for your search “Here”", None)


async def test_a_scheduled_post_is_found_when_its_time_comes(watch: Watch, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    watch.search(reader, "Here", organisationIds=[place.id])
    await make.connection.execute(
        "insert into post_draft (organisation_id, author_id, body, language, scheduled_for) "
        "values ($1, $2, 'Later', 'EN', now())",
        place.key,
        author.key,
    )
    assert await watch.titles(reader) == []
    await enqueue(make.connection, "publish_due", {})
    assert await watch.titles(reader) == ["New for your search “Here”"]


async def test_whoever_does_not_want_it_is_not_told(watch: Watch, make: Maker) -> None:
    place, elsewhere = await make.organisation(), await make.organisation()
    author = await editor(make, place)
    skill = await make.connection.fetchval("select id from skill order by id desc limit 1")
    names = ("quiet", "resting", "off", "mutes_author", "mutes_place", "mutes_skill", "follows")
    people = {name: await make.person(name) for name in names}
    for name, person in people.items():
        search = watch.search(person, name, organisationIds=[place.id], notify=name != "quiet")
        if name == "resting":
            kept(do(watch.client, person, "Pause", savedSearchId=search), "Pause")
    await watch.mute(people["mutes_author"], muted_person_id=author.key)
    await watch.mute(people["mutes_place"], organisation_id=place.key)
    await watch.mute(people["mutes_skill"], skill_id=skill)
    await make.connection.execute(
        "insert into notification_preference (person_id, kind, in_app, email) "
        "values ($1, 'SAVED_SEARCH_FOUND', false, false)",
        people["off"].key,
    )
    await make.connection.execute(
        "insert into follow (person_id, organisation_id, notify) values ($1, $2, true)",
        people["follows"].key,
        place.key,
    )
    # Whoever publishes is not told of it, nor twice whose searches both find it.
    watch.search(author, "own", organisationIds=[place.id])
    both = await make.person()
    for name in ("first", "second"):
        watch.search(both, name, organisationIds=[place.id, elsewhere.id])
    watch.poster.publish(author, place, "Hello", skillIds=[f"skl_{skill}"])
    kinds = {
        name: [line["kind"] for line in await watch.lines(person)]
        for name, person in people.items()
    }
    # Who is told of the post already, as a follower, is not told of it again.
    assert kinds == {name: ["POST_PUBLISHED"] if name == "follows" else [] for name in names}
    assert await watch.lines(author) == []
    assert await watch.titles(both) == ["New for your search “first”"]


async def test_what_was_there_before_or_came_in_a_pause_is_no_news(
    watch: Watch, make: Maker
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    watch.poster.publish(author, place, "Old")
    search = watch.search(reader, "Here", organisationIds=[place.id])
    assert await watch.titles(reader) == []
    kept(do(watch.client, reader, "Pause", savedSearchId=search), "Pause")
    watch.poster.publish(author, place, "Meanwhile")
    # Not told of yet when the pause ends.
    kept(do(watch.client, reader, "Resume", savedSearchId=search), "Resume")
    assert await watch.titles(reader) == []
    watch.poster.publish(author, place, "New")
    assert await watch.titles(reader) == ["New for your search “Here”"]


async def test_a_search_that_ends_takes_its_line_along(watch: Watch, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    search = watch.search(reader, "Here", organisationIds=[place.id])
    watch.poster.publish(author, place, "Hello")
    assert await watch.titles(reader) == ["New for your search “Here”"]
    done(do(watch.client, reader, "Delete", savedSearchId=search), "savedSearchDelete")
    assert await watch.titles(reader) == []


@pytest.fixture
async def readers(make: Maker) -> tuple[Place, list[Someone]]:
    """An organisation, and people of every kind who look for what it publishes."""
    place, partner = await make.organisation(), await make.organisation()
    await partners(make, place, partner)
    people = {
        name: await make.person(name)
        for name in ("stranger", "follower", "member", "partner", "moderator", "shunned")
    }
    await make.member(people["member"], place)
    await make.member(people["partner"], partner)
    await make.connection.execute(
        "insert into follow (person_id, organisation_id, notify) values ($1, $2, false)",
        people["follower"].key,
        place.key,
    )
    await make.connection.execute(
        "update person set is_moderator = true where id = $1", people["moderator"].key
    )
    await make.connection.execute(
        "insert into block (organisation_id, person_id, by_organisation) values ($1, $2, true)",
        place.key,
        people["shunned"].key,
    )
    return place, list(people.values())


async def test_only_who_may_see_a_post_is_told_of_it(
    watch: Watch, make: Maker, readers: tuple[Place, list[Someone]]
) -> None:
    place, people = readers
    author = await editor(make, place)
    blocked = await editor(make, place)
    await block(make, people[0], blocked)
    for person in people:
        await make.connection.execute(
            "insert into saved_search (person_id, name, organisation_ids, notify) "
            "values ($1, 'Here', $2, true)",
            person.key,
            [place.key],
        )
    posts = [
        watch.poster.publish(who, place, audience, audience=audience)
        for audience in ("PUBLIC", "NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
        for who in (author, blocked)
    ]
    keys = [key_of(post["id"]) for post in posts]
    events = await make.connection.fetch(
        "select id, subject_id from event where kind = 'POST_PUBLISHED' and subject_id = any($1)",
        keys,
    )
    owners = [person.key for person in people]
    subjects = {event["id"]: event["subject_id"] for event in events}
    found = await make.connection.fetch(found_for("$2"), list(subjects), owners)
    told = {(row["person_id"], subjects[row["event_id"]]) for row in found}
    for person in people:
        seen = await seen_among(make.connection, person.key, "post", keys)
        assert {post for who, post in told if who == person.key} == set(seen), person.email
    counts = [sum(who == person.key for who, _ in told) for person in people]
    assert counts == [2, 6, 10, 6, 4, 0]
    # And through the whole, by the rules of the inbox.
    assert [len(await watch.lines(person)) for person in people] == [1, 1, 1, 1, 1, 0]


async def _events_of(make: Maker, post: Any) -> list[int]:
    rows = await make.connection.fetch(
        "select id from event where kind = 'POST_PUBLISHED' and subject_id = $1",
        key_of(post["id"]),
    )
    return [row["id"] for row in rows]


async def test_telling_twice_changes_nothing(watch: Watch, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    watch.search(reader, "Here", organisationIds=[place.id])
    post = watch.poster.publish(author, place, "Hello")
    before = await watch.lines(reader)
    assert len(before) == 1
    events = await _events_of(make, post)
    await tell_owners(make.connection, events)
    assert await watch.lines(reader) == before
    watch.read_all(reader)
    await tell_owners(make.connection, events)
    assert await watch.lines(reader) == []


async def test_a_search_that_fails_is_tried_again_alone_and_seen_by_operators(
    watch: Watch, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    readers = [await make.person() for _ in range(5)]
    for reader in readers:
        watch.search(reader, "Here", organisationIds=[place.id])
    await deliver(watch.dsn)
    bad = readers[2]
    tell_some = saved_search_news._tell_some

    async def fail(connection: asyncpg.Connection, event_ids: list[int], owners: list[Any]) -> int:
        if bad.key in owners:
            await connection.execute("select 1 / 0")
        return await tell_some(connection, event_ids, owners)

    monkeypatch.setattr(saved_search_news, "_tell_some", fail)
    watch.poster.publish(author, place, "Hello")
    await worker(watch.dsn, Outbox()).drain()
    for reader in readers:
        inbox = data_of(ask(watch.client, INBOX, token=reader.token))["viewer"]["notifications"]
        titles = [line["title"] for line in inbox["nodes"]]
        assert titles == ([] if reader is bad else ["New for your search “Here”"])
    [failed] = (await look_at_jobs(watch.dsn)).failed
    assert (failed.job, failed.reason) == ("tell_owner", "division by zero")
    monkeypatch.undo()
    assert await retry(watch.dsn, [failed.number]) == 1
    for reader in readers:
        assert await watch.titles(reader) == ["New for your search “Here”"]


async def test_it_goes_into_the_digest_or_out_at_once_as_its_reader_likes(
    watch: Watch, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    proved = {"email_verified_at": datetime.now(UTC)}
    daily, at_once = await make.person("Daily", **proved), await make.person("Once", **proved)
    await make.connection.execute("update person set digest = 'DAILY' where id = $1", daily.key)
    await make.connection.execute(
        "insert into notification_preference (person_id, kind, in_app, email) "
        "values ($1, 'SAVED_SEARCH_FOUND', true, true)",
        at_once.key,
    )
    for reader in (daily, at_once):
        watch.search(reader, "Cranes", query="tower crane")
    watch.poster.publish(author, place, "A tower crane")
    mails = await deliver(watch.dsn)
    assert [mail.subject for mail in mails_to(mails, at_once.email)] == [
        "New for your search “Cranes”"
    ]
    assert mails_to(mails, daily.email) == []
    tomorrow = datetime.now(UTC).replace(hour=12) + timedelta(days=1)
    await enqueue(make.connection, "digests", {"now": tomorrow.isoformat()})
    [mail] = mails_to(await deliver(watch.dsn), daily.email)
    assert "- New for your search “Cranes”" in mail.text
