"""What the bus over Postgres promises beside what every bus does."""

from __future__ import annotations

import asyncpg

from subscriptions.bus import open_bus
from tests.subscriptions.listening import running

SESSIONS = "select application_name, state from pg_stat_activity where datname = current_database() and pid != pg_backend_pid()"


async def test_its_one_session_says_what_it_is(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    try:
        async with running(open_bus(empty_database, None)):
            sessions = await connection.fetch(SESSIONS)
        assert [tuple(session) for session in sessions] == [("commons-bus", "idle")]
    finally:
        await connection.close()


async def test_who_announces_by_hand_is_heard(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    try:
        async with running(open_bus(empty_database, None)) as ears:
            await connection.execute("notify commons_events")
            await ears.hear()
    finally:
        await connection.close()
