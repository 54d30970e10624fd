"""What the benchmark asks about: viewers with their tokens, pages and searches of the data at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from resolvers.accounts import issue_token
from tests.benchmarks.processes import BenchmarkError

CASES = 100
TOKEN_NAME = "tests.benchmarks"  # noqa: S105 - names the tokens, so that they can be removed
TABLES = ("organisation", "person", "membership", "person_skill", "skill", "post", "follow")
MORE_TABLES = ("reaction", "comment")
FOLLOWS = (20, 200, 1_000, 4_000)

# The same hundred every time: chosen by a hash, not by chance.
VIEWERS = """
select p.id from person p
where p.deactivated_at is null and exists (select from follow f where f.person_id = p.id)
order by md5(p.id::text) limit $1
"""
SLUGS = """
select slug from organisation
where suspended_at is null and last_post_id is not null order by md5(slug) limit $1
"""
SEARCHES = """
select s.skill_id, lower(substr(split_part(p.name, ' ', 2), 1, 4)) as term
from person_skill s join person p on p.id = s.person_id
where s.level >= 2 and p.deactivated_at is null and length(split_part(p.name, ' ', 2)) >= 3
order by md5(s.id::text) limit $1
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One viewer with a token, and what that viewer looks at."""

    viewer: UUID
    token: str
    slug: str
    search: str
    skill: UUID


@asynccontextmanager
async def cases(
    dsn: str, *, viewers: Sequence[UUID] | None = None, count: int = CASES
) -> AsyncIterator[list[Case]]:
    """Choose what to ask, with tokens that are gone afterwards.

    Raises:
        BenchmarkError: The database has no world in it.
    """
    connection = await asyncpg.connect(dsn)
    try:
        if viewers is None:
            viewers = [row["id"] for row in await connection.fetch(VIEWERS, count)]
        slugs = [row["slug"] for row in await connection.fetch(SLUGS, count)]
        searches = await connection.fetch(SEARCHES, count)
        if not (viewers and slugs and searches):
            raise BenchmarkError("The database holds no world to measure. Seed it first.")
        await _forget_tokens(connection, f"{TOKEN_NAME}%")
        name = _new_token_name()
        tokens = [await issue_token(connection, viewer, name=name) for viewer in viewers]
        try:
            yield [
                Case(
                    viewer,
                    token,
                    slugs[index % len(slugs)],
                    searches[index % len(searches)]["term"],
                    searches[index % len(searches)]["skill_id"],
                )
                for index, (viewer, token) in enumerate(zip(viewers, tokens, strict=True))
            ]
        finally:
            await _forget_tokens(connection, name)
    finally:
        await connection.close()


@asynccontextmanager
async def token_of(dsn: str, email: str) -> AsyncIterator[tuple[UUID, str] | None]:
    """The person with this address and a token that is gone afterwards; None if nobody has it."""
    connection = await asyncpg.connect(dsn)
    try:
        person = await connection.fetchval("select id from person where email = $1", email)
        if person is None:
            yield None
            return
        name = _new_token_name()
        try:
            yield person, await issue_token(connection, person, name=name)
        finally:
            await _forget_tokens(connection, name)
    finally:
        await connection.close()


async def sizes(dsn: str) -> dict[str, int]:
    """Rows of each table."""
    connection = await asyncpg.connect(dsn)
    try:
        return {
            table: await connection.fetchval(f"select count(*) from {table}")
            for table in (*TABLES, *MORE_TABLES)
        }
    finally:
        await connection.close()


def _new_token_name() -> str:
    return f"{TOKEN_NAME} {uuid4()}"


async def _forget_tokens(connection: asyncpg.Connection, name: str) -> None:
    """Remove tokens by name; `%` also finds those of a run that was killed."""
    await connection.execute("delete from access_token where name like $1", name)
