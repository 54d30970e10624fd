"""The pool of the peer, and the statements by name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import asyncpg

SOURCE: Final = Path(__file__).resolve().parent.parent / "statements.sql"


def statements() -> dict[str, str]:
    """Read the statements that all peers share."""
    sections = SOURCE.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {name: text.strip() for name, text in (section.split("\n", 1) for section in sections)}


async def open_pool(size: int) -> asyncpg.Pool:
    """Open the pool where PGHOST and its kin point; no request changes its session, so no reset."""
    return await asyncpg.create_pool(
        min_size=size,
        max_size=size,
        reset=_keep_session,
        max_cached_statement_lifetime=0,
        server_settings={
            "application_name": "bench-strawberry",
            "jit": "off",
            "timezone": "UTC",
        },
    )


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Leave the session as it is."""
