"""Days of the log of events are made ahead and removed whole; nothing goes that was not told."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from db import event_partitions, migrating
from db.event_partitions import DAYS_AHEAD, make_ahead, remove_old
from resolvers.acting import Retention
from resolvers.housekeeping import forget
from resolvers.notifying import notify_next

DAYS = """
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'event'::regclass order by c.relname
"""
PLACES = "select tableoid::regclass::text, count(*) from event group by 1 order by 1"
ADD = "insert into event (kind, created_at) values ('POST_EDITED', $1)"
HORIZON = "select transaction_id from event_horizon"


def today() -> date:
    """Give the day in UTC."""
    return datetime.now(UTC).date()


def name_of(day: date) -> str:
    """Give the name of a day's partition."""
    return f"event_{day:%Y%m%d}"


def noon(days_ago: int) -> datetime:
    """Give a time on a day before today."""
    return datetime.now(UTC).replace(hour=12, minute=0) - timedelta(days=days_ago)


async def days_of(connection: asyncpg.Connection) -> list[str]:
    """Give the names of all partitions."""
    return [row["relname"] for row in await connection.fetch(DAYS)]


async def past(connection: asyncpg.Connection, *days_ago: int) -> None:
    """Make days that are over, with an event each, all told."""
    for ago in days_ago:
        await make_ahead(connection, today=today() - timedelta(days=ago), ahead=0)
        await connection.execute(ADD, noon(ago))
    while await notify_next(connection):
        pass


async def test_days_are_made_ahead_and_once(scratch_connection: asyncpg.Connection) -> None:
    there = [name_of(today() + timedelta(days=n)) for n in range(DAYS_AHEAD + 1)]
    assert await days_of(scratch_connection) == [*there, "event_default"]
    assert await make_ahead(scratch_connection) == 0
    assert await make_ahead(scratch_connection, today=today() + timedelta(days=2)) == 2
    there += [name_of(today() + timedelta(days=n)) for n in (DAYS_AHEAD + 1, DAYS_AHEAD + 2)]
    assert await days_of(scratch_connection) == [*there, "event_default"]


async def test_an_event_stands_in_its_day_with_an_id_of_its_own(
    scratch_connection: asyncpg.Connection,
) -> None:
    await past(scratch_connection, 1)
    for ago in (1, 0, 1):
        await scratch_connection.execute(ADD, noon(ago))
    places = {row[0]: row[1] for row in await scratch_connection.fetch(PLACES)}
    assert places == {name_of(today() - timedelta(days=1)): 3, name_of(today()): 1}
    ids = await scratch_connection.fetchval("select array_agg(id order by id) from event")
    assert ids == [1, 2, 3, 4]


async def test_what_fell_beside_moves_to_its_day_and_is_said(
    scratch_connection: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    await scratch_connection.execute(ADD, noon(-9))
    await scratch_connection.execute(ADD, noon(-20))
    await make_ahead(scratch_connection)
    assert "2 events stand in event_default" in caplog.text
    assert await make_ahead(scratch_connection, ahead=9) == 2
    assert "1 events stand in event_default" in caplog.text
    places = {row[0]: row[1] for row in await scratch_connection.fetch(PLACES)}
    assert places == {name_of(today() + timedelta(days=9)): 1, "event_default": 1}


async def test_writers_may_go_on_while_days_are_made(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    other = await asyncpg.connect(scratch_database)
    try:
        async with other.transaction():
            await other.execute(ADD, noon(0))
            assert await make_ahead(scratch_connection, ahead=DAYS_AHEAD + 1) == 1
            await other.execute(ADD, noon(0))
    finally:
        await other.close()


async def test_a_day_without_a_partition_keeps_its_events_while_others_write(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    """The day is today: events fall beside while it is made, and none is refused or lost."""
    await scratch_connection.execute(f"drop table {name_of(today())}")
    others = [await asyncpg.connect(scratch_database) for _ in range(3)]

    async def write(connection: asyncpg.Connection) -> None:
        for _ in range(40):
            await connection.execute(ADD, noon(0))

    try:
        writing = [asyncio.create_task(write(each)) for each in others]
        await asyncio.sleep(0.02)
        assert await make_ahead(scratch_connection) == 1
        await asyncio.gather(*writing)
    finally:
        for each in others:
            await each.close()
    places = {row[0]: row[1] for row in await scratch_connection.fetch(PLACES)}
    assert places == {name_of(today()): 120}


async def test_old_days_go_whole_and_are_remembered(
    scratch_connection: asyncpg.Connection,
) -> None:
    await past(scratch_connection, 9, 8, 7, 6)
    last = await scratch_connection.fetchval(
        f"select max(transaction_id) from {name_of(today() - timedelta(days=8))}"
    )
    assert await scratch_connection.fetchval(HORIZON) == 0
    # Seven whole days stay; the eighth is not over seven days ago before midnight.
    assert await forget(scratch_connection, Retention(event_days=7)) == 2
    assert await scratch_connection.fetchval(HORIZON) == last
    assert (await days_of(scratch_connection))[:2] == [
        name_of(today() - timedelta(days=ago)) for ago in (7, 6)
    ]
    assert await forget(scratch_connection, Retention(event_days=7)) == 0
    assert await scratch_connection.fetchval("select count(*) from event") == 2


@pytest.mark.parametrize("why", ["not reached", "left to a job"])
async def test_what_was_not_told_stays_and_what_came_after_it(
    scratch_connection: asyncpg.Connection, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    await past(scratch_connection, 9, 8, 7)
    event = await scratch_connection.fetchrow(
        "select transaction_id, id from event order by id offset 1 limit 1"
    )
    assert event is not None
    if why == "not reached":
        await scratch_connection.execute(
            "update notification_progress set (transaction_id, event_id) ="
            " (select transaction_id, id from event order by id limit 1)"
        )
    else:
        await scratch_connection.execute(
            "insert into jobs.pgqueuer (priority, entrypoint, payload, status)"
            " values (0, 'notify_event', convert_to($1, 'UTF8'), 'queued')",
            f'{{"event_id":{event["id"]}}}',
        )
    removed = await remove_old(scratch_connection, before=datetime.now(UTC))
    second, third = (name_of(today() - timedelta(days=ago)) for ago in (8, 7))
    assert (removed.days, removed.held) == (1, (second, third))
    assert f"Events of 2 days are kept beyond their time ({second}" in caplog.text
    assert await scratch_connection.fetchval("select count(*) from event") == 2
    assert await scratch_connection.fetchval(HORIZON) < event["transaction_id"]


async def test_strays_go_when_they_are_old(scratch_connection: asyncpg.Connection) -> None:
    await scratch_connection.execute(ADD, noon(40))
    while await notify_next(scratch_connection):
        pass
    last = await scratch_connection.fetchval("select max(transaction_id) from event")
    removed = await remove_old(scratch_connection, before=noon(7))
    assert (removed.days, removed.strays) == (0, 1)
    assert await scratch_connection.fetchval(HORIZON) == last


async def test_removing_gives_way_to_whoever_writes(
    scratch_database: str,
    scratch_connection: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await past(scratch_connection, 9)
    monkeypatch.setattr(event_partitions, "ATTEMPTS", 2)
    writer, other = await asyncpg.connect(scratch_database), await asyncpg.connect(scratch_database)
    try:
        async with writer.transaction():
            await writer.execute(ADD, noon(0))
            with caplog.at_level(logging.WARNING):
                removing = asyncio.create_task(remove_old(scratch_connection, before=noon(7)))
                # Whoever comes now queues behind the one who waits, for a tenth of a second at most.
                for _ in range(20):
                    await asyncio.wait_for(other.execute(ADD, noon(0)), 1.0)
                    await asyncio.sleep(0.02)
                assert (await removing).days == 0
        assert "never free" in caplog.text
        assert (await remove_old(scratch_connection, before=noon(7))).days == 1
        assert await scratch_connection.fetchval("select count(*) from event") == 21
    finally:
        await writer.close()
        await other.close()


async def test_readers_use_an_index_of_each_day(scratch_connection: asyncpg.Connection) -> None:
    await past(scratch_connection, 2, 1)
    await scratch_connection.execute("set enable_seqscan = off")
    for condition in ("(transaction_id, id) > (5, 5)", "transaction_id >= 5", "id = any('{5}')"):
        plan = "\n".join(
            row[0]
            for row in await scratch_connection.fetch(
                f"explain select * from event where {condition} order by transaction_id, id limit 5"
            )
        )
        assert "Seq Scan" not in plan, plan


async def test_the_migration_keeps_events_up_and_down(empty_database: str) -> None:
    kept = "select id, kind, created_at, ids::text from event order by id"
    add = 'insert into event (kind, ids, created_at) values ($1, \'{"post_id": "x"}\', $2)'
    await migrating.upgrade(empty_database, "0060")
    connection = await asyncpg.connect(empty_database)
    try:
        for ago in (40, 1, 0):
            await connection.execute(add, "POST_EDITED", noon(ago))
        before = await connection.fetch(kept)
        await migrating.upgrade(empty_database, "0080")
        assert await connection.fetch(kept) == before
        assert await connection.fetchval("select array_agg(distinct version) from event") == [0]
        # What is there is one partition, with today; the days after it are made.
        days = [name_of(today() + timedelta(days=n)) for n in range(1, DAYS_AHEAD + 1)]
        assert await days_of(connection) == [*days, "event_before", "event_default"]
        assert await make_ahead(connection) == 0
        await connection.execute(add, "POST_PINNED", noon(0))
        await connection.execute(add, "POST_PINNED", noon(-3))
        await connection.execute(add, "POST_PINNED", noon(-30))
        assert await connection.fetchval("select array_agg(id order by id) from event") == [
            1, 2, 3, 4, 5, 6,
        ]  # fmt: skip
        assert await connection.fetchval("select max(version) from event") == 1
        after = await connection.fetch(kept)
        await migrating.downgrade(empty_database, "0060")
        assert await connection.fetch(kept) == after
        await connection.execute(add, "POST_DELETED", noon(0))
        assert await connection.fetchval("select max(id) from event") == 7
        await migrating.upgrade(empty_database)
        assert await connection.fetchval("select count(*) from event") == 7
        await migrating.check(empty_database)
        while await notify_next(connection):
            pass
        # A clock was ahead, so what was there holds the days until then.
        assert (await days_of(connection))[:2] == ["event_before", "event_default"]
        assert await make_ahead(connection) == 0
        assert (await remove_old(connection, before=noon(-30))).days == 0
        assert (await remove_old(connection, before=noon(-31))).days == 1
        assert "event_before" not in await days_of(connection)
    finally:
        await connection.close()
