"""Telling somebody costs the same however much lies in their inbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from resolvers import notifying
from resolvers.notifying import collecting
from tests.making import Maker

LINES = 1_000
FILL = """
insert into notification (person_id, kind, subject_id, read_at, changed_at)
select $1, 'POST_PUBLISHED', gen_random_uuid(), case when n % 2 = 0 then now() end,
       now() - interval '1 day'
from generate_series(1, $2) n
"""
ROWS_AT_MOST = 10


def rows_read(plan: dict[str, Any]) -> Iterator[float]:
    """Give how many rows of the inbox each node of a plan looked at."""
    if plan.get("Relation Name") == "notification" and "Operation" not in plan:
        removed = sum(plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
        yield (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    for inner in plan.get("Plans", ()):
        yield from rows_read(inner)


async def read_by(connection: asyncpg.Connection, statement: str, *values: Any) -> float:
    found = await connection.fetchval(f"explain (analyze, format json) {statement}", *values)
    return sum(rows_read(json.loads(found)[0]["Plan"]))


@pytest.fixture
async def reader(scratch_connection: asyncpg.Connection) -> Any:
    person = (await Maker(scratch_connection).person()).key
    await scratch_connection.execute(FILL, person, LINES)
    await scratch_connection.execute("analyze notification")
    return person


async def test_one_line_more_reads_no_other_lines(
    scratch_connection: asyncpg.Connection, reader: Any
) -> None:
    actor = (await Maker(scratch_connection).person()).key
    subject = await scratch_connection.fetchval(
        "select subject_id from notification where read_at is null limit 1"
    )
    about = ("POST_PUBLISHED", subject, None, None, actor, None)
    async with scratch_connection.transaction(), collecting(scratch_connection) as given:
        collected = await read_by(
            scratch_connection, notifying.COLLECT_GIVEN, [reader], *given, *about
        )
        assert await scratch_connection.fetchval("select count(*) from told") == 1
        read = {
            "collecting": collected,
            "counting": await read_by(scratch_connection, notifying.COUNT_ACTORS, 3),
            "telling": await read_by(scratch_connection, notifying.TELL_READERS),
            "mailing": await read_by(
                scratch_connection, notifying.TO_BE_MAILED, ["POST_PUBLISHED"]
            ),
        }
    assert all(rows <= ROWS_AT_MOST for rows in read.values()), read
