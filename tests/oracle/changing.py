"""A database in which rows come and go while a list is walked; every change is taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from db.counters import recount
from db.pools import ReadPool
from schema.engine.engine import GraphContext
from tests.oracle.cast_writing import Cast
from tests.oracle.documents.cases import Case
from tests.oracle.ground import Ground

# The lists whose rows change, and their tables.
CHANGING = {
    "organisations by name": "organisation",
    "organisations by age": "organisation",
    "organisations by followers": "organisation",
    "posts of an organisation": "post",
    "feed": "post",
    "comments": "comment",
}


class Within:
    """Reads within the transaction of one connection."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self.connection = connection

    async def fetch(self, query: str, *arguments: Any, **_: Any) -> list[asyncpg.Record]:
        """Run a statement and give its rows."""
        found: list[asyncpg.Record] = await self.connection.fetch(query, *arguments)
        return found


class Playground:
    """The cast alone, in a database of its own, and the secret of the member."""

    def __init__(self, pool: ReadPool, cast: Cast, secret_hash: bytes) -> None:
        self.pool = pool
        self.cast = cast
        self.secret_hash = secret_hash

    @asynccontextmanager
    async def change(self, ground: Ground, place: str, seed: int) -> AsyncIterator[Changes]:
        """Give a list to change; all is as it was afterwards."""
        async with self.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                yield Changes(self, ground, connection, CHANGING[place], Random(seed))  # noqa: S311
            finally:
                await transaction.rollback()


@dataclass
class Changes:
    """The rows of one table, changing; `gone` holds the ids of those deleted."""

    playground: Playground
    ground: Ground
    connection: Any
    table: str
    random: Random
    gone: set[str] = field(default_factory=set)

    async def ask(self, text: str, variables: dict[str, Any]) -> Any:
        """Ask the compiler as the member, in the middle of the changes."""
        # The cast has the same keys in every world.
        request = self.ground.names.request(Case("walk", text, variables))
        result = await self.ground.compiled.graph.execute(
            request.text,
            request.variables,
            context_value=GraphContext(
                reader=Within(self.connection), secret_hash=self.playground.secret_hash
            ),
        )
        assert not result.errors, result.errors
        return orjson.loads(orjson.dumps(result.data))

    async def some(self, page: list[str], always: list[str]) -> None:
        """Insert and delete a few; often the very row that a cursor was of."""
        for _ in range(self.random.choice((0, 1, 1, 2))):
            if self.random.random() < 0.5:
                await self._insert()
            else:
                chosen = page if page and self.random.random() < 0.5 else always
                await self._delete(self.random.choice(chosen))
        if self.table == "post":
            await recount(self.connection, ["organisation.last_post_id"])
        if self.table == "comment":
            # A comment takes the answers to it along.
            rows = await self.connection.fetch("select id from comment")
            self.gone |= set(always) - {f"com_{row['id']}" for row in rows}

    async def _delete(self, value: str) -> None:
        key = UUID(value.partition("_")[2])
        await self.connection.execute(f"delete from {self.table} where id = $1", key)
        self.gone.add(value)

    async def _insert(self) -> None:
        moment = self.random.randrange(1_760_000_000_000, 1_800_000_000_000)
        key = UUID(int=moment << 80 | 7 << 76 | 2 << 62 | self.random.getrandbits(60))
        cast = self.playground.cast
        if self.table == "organisation":
            await self.connection.execute(
                """insert into organisation
                (id, slug, name, kind, sector, size_band, follower_count)
                values ($1, $2, $3, 'COMPANY', 'TECHNOLOGY', 'SMALL', $4)""",
                key,
                f"new-{key.hex}",
                self.random.choice(("Echo", "Aaa", "zzz", "Oracle P", "É")),
                self.random.randrange(6),
            )
        elif self.table == "post":
            await self.connection.execute(
                """insert into post (id, organisation_id, author_id, body, language, audience)
                values ($1, $2, $3, 'New', 'EN', $4)""",
                key,
                cast["org.open"],
                cast["person.pat"],
                self.random.choice(("PUBLIC", "ORGANISATION")),
            )
        else:
            await self.connection.execute(
                """insert into comment (id, post_id, author_id, body)
                values ($1, $2, $3, 'New')""",
                key,
                cast["post.open_pat_public"],
                cast["person.nel"],
            )
