"""The database that a command works on: the one that was named, or the embedded one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from db.embedded import EmbeddedPostgres
from web.settings import Settings


@contextmanager
def database(settings: Settings, on_progress: Callable[[str], None]) -> Iterator[str]:
    """Give the DSN of the database; an embedded server runs for as long as the block does.

    Several commands may share an embedded server: the last one to leave stops it.
    """
    if settings.database_url:
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.home, on_progress=on_progress)
    try:
        yield server.start()
    finally:
        server.stop()
