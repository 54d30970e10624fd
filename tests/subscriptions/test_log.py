"""The log of events is read in order, and no event is passed over, however late it commits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from db.pools import open_write_pool
from subscriptions.events import EventKind, record
from subscriptions.log import (
    Cursor,
    CursorInvalid,
    Logged,
    Snapshot,
    is_covered,
    now,
    read,
    replay,
)

GARBAGE = ("", "x", "1", "1:2", "1:2:x", "1:2:3,", "1:2:/3:4:", "1:2:/3:4:/5", "1:2:/3:4:/x.y",
           "1:2:/3:4:/5.6/7", "9" * 30 + ":1:", "1:99999999999999999999:", "1:2:3\n", "\uff11:2:")  # fmt: skip


@pytest.fixture
async def pool(town: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_write_pool(town, name="log", size=8)
    try:
        yield pool
    finally:
        await pool.close()


async def write(connection: Any, subject: UUID) -> None:
    """Record an event."""
    await record(
        connection, EventKind.PERSON_EDITED, actor_id=None, subject_id=subject, person_id=subject
    )


def about(events: tuple[Logged, ...]) -> list[UUID | None]:
    """Give what events are about."""
    return [logged.event.subject_id for logged in events]


async def test_what_commits_late_is_read_late_and_not_skipped(pool: asyncpg.Pool) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    cursor = await now(pool)
    async with pool.acquire() as slow, pool.acquire() as quick:
        transaction = slow.transaction()
        await transaction.start()
        await write(slow, first)
        await write(quick, second)
        # The later one is told at once, although one that began before is under way.
        reading = await read(pool, cursor)
        assert about(reading.events) == [second]
        nothing = await read(pool, reading.cursor)
        assert nothing.events == ()
        await transaction.commit()
        await write(quick, third)
    late = await read(pool, nothing.cursor)
    assert about(late.events) == [first, third]
    # Whoever was told of the second one alone goes on with the others.
    again = await read(pool, Cursor.parse(reading.events[0].cursor))
    assert about(again.events) == [first, third]


async def test_every_cursor_goes_on_exactly_there(pool: asyncpg.Pool) -> None:
    start = await now(pool)
    subjects = [uuid4() for _ in range(9)]
    for subject in subjects:
        await write(pool, subject)
    for limit in (1, 2, 4, 9, 50):
        seen: list[Logged] = []
        cursor = start
        while True:
            reading = await read(pool, cursor, limit=limit)
            seen += reading.events
            cursor = reading.cursor
            if reading.is_complete:
                break
        assert about(tuple(seen)) == subjects
        for position, logged in enumerate(seen):
            rest = await read(pool, Cursor.parse(logged.cursor))
            while not rest.is_complete:
                more = await read(pool, rest.cursor)
                rest = type(more)(rest.events + more.events, more.cursor)
            if not rest.events and position < len(subjects) - 1:
                rest = await read(pool, rest.cursor)
            assert about(rest.events) == subjects[position + 1 :], (limit, position)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_readers_see_each_event_once_while_writers_commit_at_random(
    pool: asyncpg.Pool, town: str, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - a game of chance
    start = await now(pool)
    written: list[UUID] = []

    async def writer() -> None:
        connection = await asyncpg.connect(town)
        try:
            await connection.set_type_codec(
                "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
            )
            for _ in range(12):
                subject, keeps = uuid4(), random.random() < 0.8
                transaction = connection.transaction()
                await transaction.start()
                await write(connection, subject)
                await asyncio.sleep(random.random() * 0.02)
                await (transaction.commit() if keeps else transaction.rollback())
                if keeps:
                    written.append(subject)
        finally:
            await connection.close()

    async def reader(limit: int, told: list[UUID | None]) -> None:
        cursor = start
        while True:
            reading = await read(pool, cursor, limit=limit)
            told += about(reading.events)
            # Gone and back, with the cursor of any event, as a client is.
            cursor = reading.cursor
            if reading.events and random.random() < 0.5:
                cursor = Cursor.parse(reading.events[-1].cursor)
            await asyncio.sleep(random.random() * 0.01)

    told: list[list[UUID | None]] = [[], []]
    readers = [
        asyncio.create_task(reader(limit, each)) for limit, each in zip((3, 500), told, strict=True)
    ]
    await asyncio.gather(*(writer() for _ in range(4)))
    await asyncio.sleep(0.3)
    for task in readers:
        task.cancel()
    await asyncio.wait(readers)
    for each in told:
        assert len(each) == len(set(each)), "told twice"
        assert set(written) <= set(each)


async def test_a_replay_ends_where_the_reader_is(pool: asyncpg.Pool) -> None:
    start = await now(pool)
    before, beyond = [uuid4() for _ in range(5)], uuid4()
    for subject in before:
        await write(pool, subject)
    end = (await read(pool, start)).cursor
    await write(pool, beyond)
    seen: list[UUID | None] = []
    async for reading in replay(pool, start, end.within, limit=2):
        seen += about(reading.events)
    assert seen == before


async def test_a_replay_of_some_kinds_reads_these_alone(pool: asyncpg.Pool) -> None:
    start = await now(pool)
    wanted = [uuid4() for _ in range(5)]
    for subject in wanted:
        await pool.execute(
            "insert into event (kind, subject_id, ids) values ('FEED_SEEN', $1,"
            " jsonb_build_object('person_id', $1::uuid, 'post_id', $1::uuid))",
            uuid4(),
        )
        await write(pool, subject)
    end = (await read(pool, start)).cursor
    seen: list[UUID | None] = []
    kinds = {EventKind.PERSON_EDITED}
    async for reading in replay(pool, start, end.within, limit=2, kinds=kinds):
        seen += about(reading.events)
    assert seen == wanted


async def test_a_cursor_is_covered_while_nothing_was_removed_after_it(
    pool: asyncpg.Pool, make: Any
) -> None:
    cursor = await now(pool)
    assert await is_covered(pool, cursor)
    ahead = Cursor.at(f"1:{cursor.within.xmax + 1_000_000}:")
    assert not await is_covered(pool, ahead)
    connection = make.connection
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("update event_horizon set transaction_id = $1", cursor.within.xmax)
        assert not await is_covered(connection, cursor)
    finally:
        await transaction.rollback()


def test_a_snapshot_shows_another_when_it_shows_all_of_it() -> None:
    old, new = Snapshot.parse("5:10:7"), Snapshot.parse("8:12:8")
    assert old.shows(old)
    assert not old.shows(new)
    # In the new one 8 is under way, which the old one shows.
    assert not new.shows(old)
    assert Snapshot.parse("12:12:").shows(old)
    assert Snapshot.parse("7:12:7,11").shows(old)


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorInvalid):
        Cursor.parse(text)
