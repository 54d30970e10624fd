"""Which revision a database is at, and which this program needs; read without Alembic."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import asyncpg

from db.pools import ReadPool

VERSIONS = Path(__file__).resolve().parent / "migrations" / "versions"
# How each of the files says what it is, and what it stands on.
REVISION = re.compile(r"^revision = ['\"](.+)['\"]$", re.MULTILINE)
STANDS_ON = re.compile(r"^down_revision = ['\"](.+)['\"]$", re.MULTILINE)


class RevisionsUnclear(Exception):
    """The migrations have no one end: two of them stand on the same, or none is there."""


@cache
def newest_revision() -> str:
    """Give the newest revision that this program knows: the one that no other stands on.

    Raises:
        RevisionsUnclear: There is not exactly one.
    """
    texts = [path.read_text(encoding="utf-8") for path in VERSIONS.glob("*.py")]
    known: set[str] = {found for text in texts for found in REVISION.findall(text)}
    newest = known.difference(found for text in texts for found in STANDS_ON.findall(text))
    if len(newest) != 1:
        raise RevisionsUnclear(f"{VERSIONS} ends with {sorted(newest)}")
    return newest.pop()


async def current_revision(connection: ReadPool | asyncpg.Connection) -> str | None:
    """Give the revision that a database is at; None when it was never migrated."""
    if await connection.fetchval("select to_regclass('alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("select version_num from alembic_version")
    return found
