"""Counters can be proved and mended: whatever is written past them is found, and only that."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from db import counters
from db.counters import COUNTERS, Drift

OTHER = UUID(int=2)
ORGANISATION = UUID(int=1)
PERSON = UUID(int=11)
POST = UUID(int=21)
INTERNAL_POST = UUID(int=22)
NEWER_POST = UUID(int=23)
SKILL = "project-management"


@pytest.fixture
async def connection(
    scratch_connection: asyncpg.Connection,
) -> asyncpg.Connection:
    """A database with one of everything, all counters right."""
    await scratch_connection.execute(
        f"""
        insert into organisation (id, slug, name, kind, sector, size_band, post_count, last_post_id)
        values ('{ORGANISATION}', 'one', 'One', 'COMPANY', 'TECHNOLOGY', 'SMALL', 1, '{POST}'),
               ('{OTHER}', 'two', 'Two', 'COMPANY', 'TECHNOLOGY', 'SMALL', 0, null);
        insert into person (id, email, name, last_post_id)
        values ('{PERSON}', 'a@one.example', 'A', '{POST}');
        insert into post (id, organisation_id, author_id, body, language, audience)
        values ('{POST}', '{ORGANISATION}', '{PERSON}', 'Hello', 'EN', 'PUBLIC'),
               ('{INTERNAL_POST}', '{ORGANISATION}', '{PERSON}', 'Psst', 'EN', 'ORGANISATION');
        """
    )
    return scratch_connection


async def until_somebody_waits(connection: asyncpg.Connection) -> None:
    """Return as soon as another session waits for a lock in this database."""
    for _ in range(500):
        if await connection.fetchval(
            "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
            " and datname = current_database())"
        ):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def skill_id(connection: asyncpg.Connection) -> UUID:
    found = await connection.fetchval("select id from skill where slug = $1", SKILL)
    assert isinstance(found, UUID)
    return found


PAST_THE_COUNTER = {
    "organisation.follower_count": (
        f"insert into follow (person_id, organisation_id) values ('{PERSON}', '{ORGANISATION}')",
        [Drift(counter="organisation.follower_count", row_id=ORGANISATION, stored=0, true=1)],
    ),
    "organisation.member_count": (
        f"""
        insert into membership (person_id, organisation_id, started_on, ended_on)
        values ('{PERSON}', '{ORGANISATION}', '2026-01-01', null),
               ('{PERSON}', '{ORGANISATION}', '2020-01-01', '2021-01-01')
        """,
        [Drift(counter="organisation.member_count", row_id=ORGANISATION, stored=0, true=1)],
    ),
    "organisation.post_count": (
        f"update organisation set post_count = 7 where id = '{OTHER}'",
        [Drift(counter="organisation.post_count", row_id=OTHER, stored=7, true=0)],
    ),
    "organisation.last_post_id": (
        f"update organisation set last_post_id = '{INTERNAL_POST}'",
        [
            Drift(
                counter="organisation.last_post_id",
                row_id=ORGANISATION,
                stored=INTERNAL_POST,
                true=POST,
            ),
            Drift(
                counter="organisation.last_post_id", row_id=OTHER, stored=INTERNAL_POST, true=None
            ),
        ],
    ),
    "person.last_post_id": (
        "update person set last_post_id = null",
        [Drift(counter="person.last_post_id", row_id=PERSON, stored=None, true=POST)],
    ),
    "post.comment_count": (
        f"insert into comment (post_id, author_id, body) values ('{POST}', '{PERSON}', 'Well')",
        [Drift(counter="post.comment_count", row_id=POST, stored=0, true=1)],
    ),
    "post.reaction_count": (
        f"insert into reaction (post_id, person_id, kind) values ('{POST}', '{PERSON}', 'LIKE')",
        [Drift(counter="post.reaction_count", row_id=POST, stored=0, true=1)],
    ),
    "post.repost_count": (
        f"update post set repost_count = 3 where id = '{POST}'",
        [Drift(counter="post.repost_count", row_id=POST, stored=3, true=0)],
    ),
}


def test_every_counter_is_provoked() -> None:
    assert {*PAST_THE_COUNTER, "skill.person_count"} == set(COUNTERS)


async def test_right_counters_are_left_alone(connection: asyncpg.Connection) -> None:
    assert await counters.check(connection) == []
    assert await counters.repair(connection) == []


@pytest.mark.parametrize("name", PAST_THE_COUNTER)
async def test_drift_is_found_mended_and_gone(connection: asyncpg.Connection, name: str) -> None:
    statement, drifts = PAST_THE_COUNTER[name]
    await connection.execute(statement)
    assert await counters.check(connection) == drifts
    assert await counters.repair(connection) == drifts
    assert await counters.check(connection) == []


async def test_drift_of_skill_is_found_mended_and_gone(connection: asyncpg.Connection) -> None:
    skill = await skill_id(connection)
    await connection.execute(
        "insert into person_skill (person_id, skill_id, level) values ($1, $2, 3)", PERSON, skill
    )
    drift = Drift(counter="skill.person_count", row_id=skill, stored=0, true=1)
    assert await counters.check(connection) == [drift]
    assert await counters.repair(connection) == [drift]
    assert await counters.check(connection) == []


async def test_new_post_past_the_counters_is_three_drifts(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "insert into post (id, organisation_id, author_id, body, language, audience)"
        " values ($1, $2, $3, 'More', 'EN', 'FOLLOWERS')",
        NEWER_POST,
        ORGANISATION,
        PERSON,
    )
    assert await counters.check(connection) == [
        Drift(counter="organisation.post_count", row_id=ORGANISATION, stored=1, true=2),
        Drift(
            counter="organisation.last_post_id", row_id=ORGANISATION, stored=POST, true=NEWER_POST
        ),
        Drift(counter="person.last_post_id", row_id=PERSON, stored=POST, true=NEWER_POST),
    ]


async def test_repair_touches_only_wrong_rows(connection: asyncpg.Connection) -> None:
    await connection.execute("update organisation set post_count = 7 where slug = 'two'")
    versions = "select slug, xmin::text from organisation order by slug"
    before = {row["slug"]: row["xmin"] for row in await connection.fetch(versions)}
    await counters.repair(connection)
    after = {row["slug"]: row["xmin"] for row in await connection.fetch(versions)}
    assert {slug for slug in before if before[slug] != after[slug]} == {"two"}


async def test_recount_keeps_to_names_and_ids(connection: asyncpg.Connection) -> None:
    await connection.execute("update organisation set post_count = 7, follower_count = 7")
    async with connection.transaction():
        mended = await counters.recount(connection, ["organisation.post_count"], ids=[OTHER])
    assert mended == [Drift(counter="organisation.post_count", row_id=OTHER, stored=7, true=0)]
    assert len(await counters.check(connection)) == 3
    with pytest.raises(KeyError):
        await counters.recount(connection, ["organisation.fame"])


async def test_repair_waits_for_whoever_writes(
    connection: asyncpg.Connection, scratch_database: str
) -> None:
    """A follow that commits while the repair waits for its row is counted once, not lost."""
    await connection.execute("update organisation set follower_count = 7 where slug = 'one'")
    writer = await asyncpg.connect(scratch_database)
    try:
        writing = writer.transaction()
        await writing.start()
        await writer.execute(PAST_THE_COUNTER["organisation.follower_count"][0])
        await writer.execute(
            "update organisation set follower_count = follower_count + 1 where slug = 'one'"
        )
        repair = asyncio.create_task(counters.repair(connection))
        await until_somebody_waits(writer)
        await writing.commit()
        assert await repair == [
            Drift(counter="organisation.follower_count", row_id=ORGANISATION, stored=8, true=1)
        ]
    finally:
        await writer.close()
    assert await counters.check(connection) == []
