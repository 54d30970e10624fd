"""What commands stand on: settings that are right, a database that can be used, a word on the way."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console

from db.embedded import EmbeddedPostgresError
from db.event_partitions import make_ahead
from db.imports.errors import ImportFailed
from db.places import load_places
from db.revisions import current_revision, newest_revision
from db.taxonomy import load_taxonomy
from db.world.scale import DatabaseNotEmpty
from web.database import database
from web.settings import Settings
from web.supervising import CannotServe

# A wrong address, a server that is down, a database or role that is not there.
CANNOT_CONNECT = (
    ConnectionError,
    socket.gaierror,
    asyncpg.ClientConfigurationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.CannotConnectNowError,
)
# Never printed, right or wrong.
SECRET_SETTINGS = frozenset({"secret_key", "smtp_url", "media_secret_access_key"})
TERMINATED = 128 + signal.SIGTERM


def settings() -> Settings:
    """Give the settings; say what is wrong with them and end when they cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        for wrong in error.errors():
            name = str(wrong["loc"][0])
            variable = name if name.isupper() else f"COMMONS_{name.upper()}"
            given = "not usable" if name in SECRET_SETTINGS else repr(wrong["input"])
            typer.echo(f"{variable} is {given}. {wrong['msg']}.", err=True)
        raise typer.Exit(1) from error


@contextmanager
def opened_database(chosen: Settings) -> Iterator[str]:
    """Give the address of the database; say why and end when it cannot be used."""
    # Termination unwinds like any exit, so that an embedded server is stopped and not left behind.
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with database(chosen, say) as dsn:
            yield dsn
    except EmbeddedPostgresError as error:
        typer.echo(f"The embedded database cannot be used. {error}", err=True)
        raise typer.Exit(1) from error
    except CANNOT_CONNECT as error:
        typer.echo(f"The database in DATABASE_URL cannot be used: {error}", err=True)
        raise typer.Exit(1) from error
    except asyncpg.UndefinedTableError as error:
        typer.echo(f"The database is not set up ({error}). Run: python -m web migrate", err=True)
        raise typer.Exit(1) from error
    except (DatabaseNotEmpty, ImportFailed, CannotServe) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)


async def prepare(dsn: str) -> None:
    """Bring a database to this program's revision, with the taxonomy and the places in it."""
    # Before the migrations: a database that refuses us then says so in its own words.
    connection = await asyncpg.connect(dsn)
    try:
        if await current_revision(connection) != newest_revision():
            # Most starts have nothing to migrate, and Alembic is 13 MiB and half a second.
            from db.migrating import upgrade  # noqa: PLC0415

            await upgrade(dsn)
        await make_ahead(connection)
        await load_taxonomy(connection)
        await load_places(connection)
    finally:
        await connection.close()


def say(text: str) -> None:
    """Tell of progress, beside what a command prints."""
    Console(stderr=True, highlight=False).print(text, style="dim")


def _terminate(*_: object) -> None:
    raise SystemExit(TERMINATED)
