"""The database that a command works on: the one that was named, or the embedded one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import ArgumentError

from db.embedded import EmbeddedPostgres
from db.pools import sqlalchemy_url
from web.settings import Settings

# Of a process: for the log of events, rendering, the bus, the queue, and commands now and then.
BESIDE_POOLS = 14


@contextmanager
def database(settings: Settings, on_progress: Callable[[str], None]) -> Iterator[str]:
    """Give the DSN of the database; an embedded server runs for as long as the block does.

    Several commands may share an embedded server: the last one to leave stops it.
    """
    if settings.database_url:
        _check(settings.database_url)
        yield settings.database_url
        return
    server = EmbeddedPostgres(
        settings.home, on_progress=on_progress, connections=connections(settings)
    )
    try:
        yield server.start()
    finally:
        server.stop()


def connections(settings: Settings) -> int:
    """Give how many connections the processes of these settings may open."""
    # One more: the process for background jobs.
    processes = settings.workers + 1
    return processes * (settings.pool_size + settings.write_pool_size + BESIDE_POOLS)


def _check(database_url: str) -> None:
    try:
        sqlalchemy_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise asyncpg.ClientConfigurationError(
            "it is not of the form postgresql://user:password@host:port/name"
        ) from error
