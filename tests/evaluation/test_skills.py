"""The evaluation's own closeness is the database's."""

from __future__ import annotations

import asyncpg

from db.taxonomy import read_taxonomy
from resolvers.match_finding import closeness
from tests.evaluation.skills import read_skills


async def test_closeness_is_as_the_database_gives_it(
    scratch_connection: asyncpg.Connection,
) -> None:
    skills = read_skills()
    places = {row[1]: place for place, row in enumerate(read_taxonomy().skills, 1)}
    rows = await scratch_connection.fetch("select id, slug from skill")
    place_of = {row["id"]: places[row["slug"]] for row in rows}
    found = await closeness(scratch_connection, list(place_of))
    assert {(place_of[own], place_of[near]): worth for (own, near), worth in found.items()} == {
        (own.int, near.int): worth for (own, near), worth in skills.close.items()
    }
