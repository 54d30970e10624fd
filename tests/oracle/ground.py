"""A world with a cast, in the database and in memory, and those who ask."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from typing_extensions import override

from db.world.seeding import Scale, seed
from db.world.story import DEMO_PEOPLE
from resolvers.accounts import find_person, issue_token
from tests.oracle.cast import add_cast
from tests.oracle.cast_writing import Cast
from tests.oracle.comparing import Comparison
from tests.oracle.graph import Oracle
from tests.oracle.naming import Names
from tests.oracle.running import Compiled, Viewer
from tests.oracle.store import Store

CAST_VIEWERS = (
    "member",
    "follower",
    "insider",
    "former",
    "stranger",
    "author",
    "col",
    "pat",
    "sus",
    "mod",
)
# People of the world who are asked for in many-viewers mode, so that a mix-up has many ways to show.
CROWD = 8


@dataclass(frozen=True)
class Stage:
    """A database with a world and the cast, and who can sign in."""

    dsn: str
    cast: Cast
    viewers: tuple[Viewer, ...]
    crowd: tuple[Viewer, ...]
    store: Store


class Ground:
    """A world, the compiler over it and the oracle beside it."""

    def __init__(self, stage: Stage, oracle: Oracle, compiled: Compiled) -> None:
        self.cast = stage.cast
        self.viewers = stage.viewers
        self.crowd = stage.crowd
        self.oracle = oracle
        self.compiled = compiled
        self.names = Names(oracle, stage.cast, stage.cast["person.member"])
        self.comparison = Comparison(oracle, compiled, self.names, stage.viewers, stage.crowd)

    @override
    def __repr__(self) -> str:
        return "the ground"

    def viewer(self, name: str) -> Viewer:
        """Give the viewer of this name."""
        return next(viewer for viewer in self.viewers if viewer.name == name)


def database(server: str, name: str) -> str:
    """Give the DSN of another database of a server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def set_stage(dsn: str) -> Stage:
    """Fill a migrated database and sign everybody in."""
    await seed(dsn, scale=Scale.SMALL, on_progress=lambda _: None)
    connection = await asyncpg.connect(dsn)
    try:
        cast = await add_cast(connection)
        keys = {name: cast[f"person.{name}"] for name in CAST_VIEWERS}
        signed_in = [await _sign_in(connection, name, key) for name, key in keys.items()]
        viewers = [Viewer("visitor"), *signed_in]
        demo = await find_person(connection, DEMO_PEOPLE[0].email)
        assert demo is not None
        viewers.append(await _sign_in(connection, "demo", demo))
        known = [viewer.key for viewer in viewers if viewer.key]
        crowd = await connection.fetch(
            "select id from person where id <> all($1) order by md5(email) limit $2", known, CROWD
        )
        await connection.execute("analyze")
        store = await Store.load(connection)
    finally:
        await connection.close()
    others = tuple(Viewer(f"crowd {number}", row["id"]) for number, row in enumerate(crowd))
    return Stage(dsn, cast, tuple(viewers), others, store)


async def _sign_in(connection: asyncpg.Connection, name: str, key: UUID) -> Viewer:
    return Viewer(name, key, await issue_token(connection, key, name="oracle"))
