"""Several server processes on one port: live across all of them, whatever becomes of one."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx2
import pytest

from db.queue import enqueue
from tests.benchmarks.live.driving import Driven, driven
from tests.benchmarks.live.soak import CROWD
from tests.benchmarks.live.subscriber import Opening, write_openings
from tests.making import Maker, Someone
from tests.nats_server import nats_server
from tests.web.following import (
    FEED,
    FOLLOW,
    PUBLISH,
    Publisher,
    all_told,
    cursor_now,
    followers,
    people_who_follow,
    publisher,
    until,
)
from tests.web.listening import Listening, listening
from tests.web.posting import editor
from tests.web.processes import STOP_SECONDS, Workers, is_alive, workers

NOTIFIED = "subscription { notificationAdded { kind notifications { id } } }"
DRAFT = """
insert into post_draft (organisation_id, author_id, body, language, scheduled_for)
values ($1, $2, 'Planned', 'EN', now() - interval '1 second')
"""
LAST_EVENT = "select created_at from event where kind = $1 order by created_at desc limit 1"
# Who looks once a second is told later than that, when each post is written as soon as the last
# one was told.
AT_ONCE_SECONDS = 0.5
POSTS, PER_SECOND = 100, 20
# While processes begin, which is work enough for a small machine.
PER_SECOND_MEANWHILE = 5
LISTENERS = 50
# A longer one, with more people, is part of the benchmark.
SOAK_SECONDS, SOAK_PEOPLE, SOAK_SEED = 60, 60, 7
BODIES = """
subscription ($after: String) { feedChanged(after: $after) { kind cursor post { body } } }
"""
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def served(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Two processes that serve, and one for background jobs."""
    with workers(module_database, tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture
async def connection(module_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(module_database)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def make(connection: asyncpg.Connection) -> Maker:
    return Maker(connection)


@dataclass
class Soak:
    """People who come, resume and leave at random, while somebody publishes and all else goes on."""

    crowd: Driven
    pen: Publisher
    publishing: asyncio.Task[None]


@pytest.fixture(scope="module", autouse=True)
async def soak(
    served: Workers, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Soak]:
    """A minute of it, under what the other tests do to the processes."""
    connection = await asyncpg.connect(module_database)
    try:
        make = Maker(connection)
        place = await make.organisation()
        author = await editor(make, place)
        people = await people_who_follow(make, place, SOAK_PEOPLE)
        cursor = await cursor_now(make)
    finally:
        await connection.close()
    openings = [
        Opening({}, {"authorization": f"Bearer {person.token}"}, BODIES, {}) for person in people
    ]
    file = write_openings(tmp_path_factory.mktemp("soak") / "openings", openings)
    async with driven(CROWD) as crowd, publisher(served.url, author, place) as pen:
        await crowd.do("come", port=served.port, file=str(file), cursor=cursor, seed=SOAK_SEED)
        publishing = asyncio.create_task(
            pen.steadily(SOAK_SECONDS * PER_SECOND, per_second=PER_SECOND)
        )
        yield Soak(crowd, pen, publishing)
        publishing.cancel()


@asynccontextmanager
async def one_on_each(served: Workers, person: Someone) -> AsyncIterator[list[Listening]]:
    """Give a connection to each process."""
    async with AsyncExitStack() as stack:
        found: dict[int, Listening] = {}
        while len(found) < served.count:
            client = await stack.enter_async_context(listening(served.url, token=person.token))
            found.setdefault(served.process_of(client.socket.local_address[1]), client)
        yield list(found.values())


async def delays_across(served: Workers, make: Maker) -> list[float]:
    """Have each process tell of posts that were published in another; give how long each took."""
    place = await make.organisation()
    person = await editor(make, place)
    await make.connection.execute(FOLLOW, person.key, place.key)
    delays = []
    async with one_on_each(served, person) as clients:
        hearing = [(client, await client.subscribe(FEED)) for client in clients]
        for client in clients:
            await client.settled()
        for speaker in clients:
            for _ in range(5):
                given = {"organisationId": place.id, "body": "News"}
                asked = await speaker.subscribe(PUBLISH, {"input": given})
                post = (await speaker.next(asked))["postPublish"]["post"]
                answered = time.monotonic()
                for client, id_ in hearing:
                    change = (await client.next(id_))["feedChanged"]
                    assert (change["kind"], change["id"]) == ("CREATED", post["id"])
                delays.append(time.monotonic() - answered)
    return delays


async def test_what_one_process_writes_all_tell_at_once(served: Workers, make: Maker) -> None:
    assert statistics.median(await delays_across(served, make)) < AT_ONCE_SECONDS


async def test_what_background_jobs_record_is_told_at_once(served: Workers, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    await make.connection.execute(FOLLOW, person.key, place.key)
    delays = []
    async with listening(served.url, token=person.token) as client:
        id_ = await client.subscribe(FEED)
        await client.settled()
        for _ in range(5):
            await make.connection.execute(DRAFT, place.key, person.key)
            await enqueue(make.connection, "publish_due", {})
            await client.next(id_)
            delays.append(await since_last(make, "POST_PUBLISHED"))
    assert statistics.median(delays) < AT_ONCE_SECONDS


async def test_notifications_are_told_at_once(served: Workers, make: Maker) -> None:
    person = await make.person()
    delays = []
    async with listening(served.url, token=person.token) as client:
        id_ = await client.subscribe(NOTIFIED)
        await client.settled()
        for _ in range(5):
            fan = await make.person()
            async with httpx2.AsyncClient(base_url=served.url, trust_env=False) as web:
                answer = await web.post(
                    "/graphql",
                    json={
                        "query": "mutation ($id: ID!) { personFollow(input: {personId: $id}) { userErrors { code } } }",
                        "variables": {"id": person.id},
                    },
                    headers={"Authorization": f"Bearer {fan.token}"},
                )
            assert answer.json()["data"]["personFollow"]["userErrors"] == []
            await client.next(id_)
            delays.append(await since_last(make, "NOTIFICATION_CHANGED"))
    assert statistics.median(delays) < AT_ONCE_SECONDS


async def since_last(make: Maker, kind: str) -> float:
    """Give the seconds since the transaction began that recorded the last event of a kind."""
    now = datetime.now(UTC)
    recorded: datetime = await make.connection.fetchval(LAST_EVENT, kind)
    return (now - recorded).total_seconds()


async def test_a_process_that_is_killed_costs_nobody_a_post(served: Workers, make: Maker) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    async with (
        followers(make, place, served.url, LISTENERS) as crowd,
        publisher(served.url, author, place) as pen,
    ):
        await until(lambda: all(each.came for each in crowd), PATIENCE_SECONDS)
        publishing = asyncio.create_task(pen.steadily(POSTS, per_second=PER_SECOND))
        await until(lambda: len(pen.published) > POSTS // 4, PATIENCE_SECONDS)
        victim = served.process_of(next(each.port for each in crowd if each.port))
        os.kill(victim, signal.SIGKILL)
        await publishing
        await all_told(crowd, pen.published, seconds=PATIENCE_SECONDS)
    assert len(pen.published) == POSTS
    lost = [each for each in crowd if each.endings]
    # Some were with the other one, and noticed nothing.
    assert 0 < len(lost) < LISTENERS
    assert all(each.endings[0] is None for each in lost)
    served.wait_for("is there for it.")
    assert len(served.processes()) == served.count
    assert f"Server process {victim} ended by SIGKILL. Another is started." in served.printed


async def test_processes_are_replaced_without_a_loss_or_a_refusal(
    served: Workers, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    before = served.processes() + served.processes("work")
    async with (
        followers(make, place, served.url, LISTENERS) as crowd,
        publisher(served.url, author, place) as pen,
    ):
        os.kill(served.process.pid, signal.SIGHUP)
        while "All processes are new." not in served.printed:
            await asyncio.gather(pen.publish(), asyncio.sleep(1 / PER_SECOND_MEANWHILE))
        await pen.steadily(PER_SECOND, per_second=PER_SECOND)
        await all_told(crowd, pen.published, seconds=PATIENCE_SECONDS)
    assert pen.unanswered == []
    # Everybody was sent away, some twice, and told when to come back.
    assert all(each.endings for each in crowd)
    assert all(again is not None for each in crowd for again in each.endings)
    assert not set(before) & set(served.processes() + served.processes("work"))
    assert not any(map(is_alive, before))


async def test_what_is_written_in_one_process_all_tell_at_once_over_nats(
    module_database: str, make: Maker, tmp_path: Path
) -> None:
    with nats_server() as nats:
        await nats.start()
        with workers(
            module_database, tmp_path, NATS_URL=nats.url, COMMONS_WORKER="false"
        ) as served:
            assert statistics.median(await delays_across(served, make)) < AT_ONCE_SECONDS


async def test_who_comes_resumes_and_leaves_at_random_is_told_everything_once(soak: Soak) -> None:
    """Though a process was killed meanwhile, and all were replaced."""
    await soak.publishing
    published = len(soak.pen.published)
    assert published == SOAK_SECONDS * PER_SECOND
    found = await soak.crowd.do("finish", published=published, seconds=PATIENCE_SECONDS)
    assert found["resumed"] > SOAK_PEOPLE
    wrong = ("lost", "doubled", "disordered", "resynced", "awaited")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0), found
    # A process that is killed takes along those who are there, and those who are just coming.
    lost = ("does not open", "closed by the server")
    assert all(text.startswith(lost) for text in found["texts"]), found["texts"]


async def test_ending_tells_everybody_and_leaves_nothing(served: Workers, make: Maker) -> None:
    """The last test of these processes."""
    place = await make.organisation()
    async with followers(make, place, served.url, 10) as crowd:
        await until(lambda: all(each.came for each in crowd), PATIENCE_SECONDS)
        began = time.monotonic()
        assert await asyncio.to_thread(served.stop) == 0
        assert time.monotonic() - began < STOP_SECONDS
    assert served.printed.endswith("Stopped.\n")
    assert all(each.endings and each.endings[0] is not None for each in crowd)
