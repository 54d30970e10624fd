"""Who subscribes: people who all follow one organisation, and an author who publishes in its name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from resolvers.accounts import issue_token
from tests.benchmarks.processes import BenchmarkError
from tests.benchmarks.world import TOKEN_NAME

# An organisation with somebody who may publish there; the same every time.
PLACE = """
select m.organisation_id, m.person_id
from membership m
join organisation o on o.id = m.organisation_id
join person p on p.id = m.person_id
where m.ended_on is null and m.role in ('OWNER', 'ADMIN', 'TALENT_MANAGER', 'EDITOR')
  and o.suspended_at is null and p.deactivated_at is null and p.visibility <> 'COLLEAGUES'
order by md5(m.id::text) limit 1
"""
READERS = """
select p.id from person p
where p.deactivated_at is null and p.id <> $1 order by md5(p.id::text) limit $2
"""
FOLLOW = """
with followed as (
  insert into follow (person_id, organisation_id) select id, $1 from unnest($2::uuid[]) as reader (id)
  on conflict (person_id, organisation_id) do update set in_feed = true
  returning (xmax = 0) as is_new
)
update organisation set follower_count = follower_count + (select count(*) from followed where is_new)
where id = $1
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with a token."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Audience:
    """An organisation, its author, and those who follow it."""

    organisation_id: UUID
    author: Viewer
    viewers: tuple[Viewer, ...]


@asynccontextmanager
async def audience_of(dsn: str, count: int) -> AsyncIterator[Audience]:
    """Make so many viewers, as distinct as there are people, each with a token of its own.

    They keep following, so this is for a copy of the database; the tokens are gone afterwards.

    Raises:
        BenchmarkError: The database has no world in it.
    """
    connection = await asyncpg.connect(dsn)
    try:
        place = await connection.fetchrow(PLACE)
        if place is None:
            raise BenchmarkError("The database holds no world to measure. Seed it first.")
        organisation_id, author_id = place
        readers = [row["id"] for row in await connection.fetch(READERS, author_id, count)]
        await connection.execute(FOLLOW, organisation_id, readers)
        try:
            yield Audience(
                organisation_id,
                await _with_token(connection, author_id),
                tuple(
                    [
                        await _with_token(connection, readers[number % len(readers)])
                        for number in range(count)
                    ]
                ),
            )
        finally:
            await connection.execute("delete from access_token where name = $1", TOKEN_NAME)
    finally:
        await connection.close()


async def _with_token(connection: asyncpg.Connection[Any], person_id: UUID) -> Viewer:
    return Viewer(person_id, await issue_token(connection, person_id, name=TOKEN_NAME))
