"""What an operator can do from the command line."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console

from db import counters, migrating
from db.embedded import EmbeddedPostgresError
from db.event_partitions import make_ahead
from db.imports.errors import ImportFailed
from db.imports.importing import import_files
from db.queue import enqueue
from db.tables.people import Locale
from db.taxonomy import load_taxonomy
from db.world.scale import DatabaseNotEmpty, Scale
from db.world.seeding import seed as seed_world
from resolvers import permissions as role_permissions
from resolvers.accounts import find_person, issue_token, set_moderator
from schema.build import SDL_FILE, build_schema
from schema.contract import LISTED_FILE, RELEASED_FILE, unlisted_changes
from web.database import database
from web.import_report import ImportProgress, print_report
from web.job_report import look_at_jobs, print_jobs, retry
from web.services import services
from web.serving import serve_on
from web.settings import WORKERS_MAX, Settings
from web.supervising import CannotServe, supervise
from web.welcome import prepare_world, print_welcome
from web.worker import work

app = typer.Typer(
    help="Talent Commons: a network where organisations share talent and knowledge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
counters_app = typer.Typer(help="Counters on rows: prove or repair them.", no_args_is_help=True)
app.add_typer(counters_app, name="counters")
jobs_app = typer.Typer(help="Background jobs: what waits and what failed; try again.")
app.add_typer(jobs_app, name="jobs")

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
PERMISSIONS_FILE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
# Rows that would fill a screen; the count is told.
DRIFTS_SHOWN = 20


@app.command()
def serve(
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=WORKERS_MAX, help="How many processes; else COMMONS_WORKERS."),
    ] = None,
) -> None:
    """Serve the graph; the database is first brought to this program's revision."""
    settings = _settings()
    if workers is not None:
        settings.workers = workers
    with _listening(settings) as listener, _database(settings) as dsn:
        asyncio.run(_prepare(dsn))
        _serve(settings, dsn, listener)


@app.command()
def run() -> None:
    """Set up what is missing (database, taxonomy, sample world), serve it, and say where to look."""
    settings = _settings()
    started = time.monotonic()
    with _listening(settings) as listener, _database(settings) as dsn:
        asyncio.run(_prepare(dsn))
        guests = asyncio.run(prepare_world(dsn, on_progress=_say))
        port = listener.getsockname()[1]
        print_welcome(settings, port, guests, time.monotonic() - started)
        _serve(settings, dsn, listener)


@app.command()
def worker() -> None:
    """Do background jobs until stopped, beside servers with COMMONS_WORKER=false."""
    settings = _settings()
    with _database(settings) as dsn:
        asyncio.run(_prepare(dsn))
        asyncio.run(_work(settings, dsn))


@app.command()
def mail(address: Annotated[str, typer.Argument(help="Whom to write.")]) -> None:
    """Have a test mail sent, as any other mail is: by the worker, with the settings there are."""
    settings = _settings()
    with _database(settings) as dsn:
        asyncio.run(_enqueue_mail(dsn, services(settings).base_url, address))
    typer.echo("The mail waits to be sent: python -m web jobs shows what becomes of it.")


@jobs_app.callback(invoke_without_command=True)
def show_jobs(context: typer.Context) -> None:
    """Say what waits, runs and failed; failed jobs with their number and why."""
    if context.invoked_subcommand is None:
        with _database(_settings()) as dsn:
            print_jobs(asyncio.run(look_at_jobs(dsn)))


@jobs_app.command("retry")
def retry_jobs(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which failed jobs.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that failed.")] = False,
) -> None:
    """Have failed jobs tried again, from their first attempt on."""
    if not numbers and not everything:
        typer.echo("Say which: jobs retry NUMBER…, or jobs retry --all", err=True)
        raise typer.Exit(2)
    with _database(_settings()) as dsn:
        count = asyncio.run(retry(dsn, None if everything else numbers))
    typer.echo(f"{count:,} jobs wait to be tried again.")


@app.command()
def migrate() -> None:
    """Bring the database to this program's revision, and load the skills taxonomy."""
    with _database(_settings()) as dsn:
        asyncio.run(_prepare(dsn))


@app.command()
def seed(
    scale: Annotated[Scale, typer.Option(help="How large a world.")] = Scale.SMALL,
    random: Annotated[int, typer.Option(help="Seed of the randomness.")] = 20,
) -> None:
    """Fill an empty database with a sample world: the same rows for the same seed."""
    with _database(_settings()) as dsn:
        asyncio.run(_prepare(dsn))
        summary = asyncio.run(seed_world(dsn, scale=scale, rng_seed=random, on_progress=_say))
    if not summary.created:
        typer.echo("This world is in the database already; nothing was changed.")
    for table, count in summary.counts.items():
        typer.echo(f"{count:>12,} {table}")
    typer.echo(f"Done in {summary.seconds:.1f} s.")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Folder with CSV files, or one file.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Do it all, then undo it.")] = False,
    rejects: Annotated[Path, typer.Option(help="Where rows that cannot be taken go.")] = Path(
        "import.rejects.csv"
    ),
) -> None:
    """Import organisations, people, memberships, skills, strengths and posts from CSV files."""
    with _database(_settings()) as dsn:
        asyncio.run(_prepare(dsn))
        with ImportProgress() as progress:
            report = asyncio.run(
                import_files(
                    dsn, source, dry_run=dry_run, rejects=rejects, on_progress=progress.show
                )
            )
        print_report(report)
    if not report.complete:
        raise typer.Exit(1)


@app.command()
def token(
    email: Annotated[str, typer.Argument(help="Whose token.")],
    days: Annotated[int, typer.Option(min=1, help="How long it is valid.")] = 90,
) -> None:
    """Print a new bearer token for a person. It is shown this once."""
    with _database(_settings()) as dsn:
        secret = asyncio.run(_issue(dsn, email, timedelta(days=days)))
    if secret is None:
        typer.echo(f"Nobody active has the address {email}.", err=True)
        raise typer.Exit(1)
    typer.echo(secret)


@app.command()
def moderator(
    email: Annotated[str, typer.Argument(help="Whose address.")],
    *,
    remove: Annotated[bool, typer.Option(help="No longer a moderator.")] = False,
) -> None:
    """Make a person a moderator of the whole network, or no longer one."""
    with _database(_settings()) as dsn:
        name = asyncio.run(_set_moderator(dsn, email, is_moderator=not remove))
    if name is None:
        typer.echo(f"Nobody active has the address {email}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} is {'no longer' if remove else 'now'} a moderator of the network.")


@counters_app.command("check")
def check_counters() -> None:
    """Say which counters are wrong; exit status 1 when any is."""
    with _database(_settings()) as dsn:
        found = asyncio.run(_counters(dsn, repair=False))
    _print_drifts(found, "wrong")
    raise typer.Exit(1 if found else 0)


@counters_app.command("repair")
def repair_counters() -> None:
    """Set wrong counters right."""
    with _database(_settings()) as dsn:
        _print_drifts(asyncio.run(_counters(dsn, repair=True)), "set right")


@app.command()
def sdl(
    *,
    write: Annotated[
        bool, typer.Option(help=f"Write {SDL_FILE.name} instead of printing.")
    ] = False,
) -> None:
    """Print the contract of the graph."""
    text = build_schema().as_str() + "\n"
    if write:
        SDL_FILE.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


@app.command()
def permissions(
    *,
    write: Annotated[
        bool, typer.Option(help=f"Write docs/{PERMISSIONS_FILE.name} instead of printing.")
    ] = False,
) -> None:
    """Print what each role permits."""
    text = role_permissions.document()
    if write:
        PERMISSIONS_FILE.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


@app.command()
def contract() -> None:
    """Check the contract: written down as it is, and no unlisted change that breaks clients."""
    current = build_schema().as_str() + "\n"
    faults = unlisted_changes(
        RELEASED_FILE.read_text(encoding="utf-8"), current, LISTED_FILE.read_text(encoding="utf-8")
    )
    for fault in faults:
        typer.echo(
            f"This breaks clients and is not listed in {LISTED_FILE.name}: {fault}", err=True
        )
    if current != SDL_FILE.read_text(encoding="utf-8"):
        typer.echo(f"{SDL_FILE.name} is out of date: python -m web sdl --write", err=True)
        faults.append(SDL_FILE.name)
    raise typer.Exit(1 if faults else 0)


def _settings() -> Settings:
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
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Claim the port before anything is set up for it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        typer.echo(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "COMMONS_HOST and COMMONS_PORT choose another.",
            err=True,
        )
        raise typer.Exit(1) from error
    with listener:
        yield listener


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    # Termination unwinds like any exit, so that an embedded server is stopped and not left behind.
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with database(settings, _say) as dsn:
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


def _terminate(*_: object) -> None:
    raise SystemExit(TERMINATED)


async def _prepare(dsn: str) -> None:
    # Before the migrations: a database that refuses us then says so in its own words.
    connection = await asyncpg.connect(dsn)
    try:
        await migrating.upgrade(dsn)
        await make_ahead(connection)
        await load_taxonomy(connection)
    finally:
        await connection.close()


def _serve(settings: Settings, dsn: str, listener: socket.socket) -> None:
    if settings.workers > 1:
        supervise(settings, listener, say=_say)
    elif not serve_on(listener, settings, dsn, worker=settings.worker):
        raise typer.Exit(1)


async def _work(settings: Settings, dsn: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _say("Doing background jobs. Stop with Ctrl-C.")
    await work(settings, dsn, stop)


async def _enqueue_mail(dsn: str, base_url: str, address: str) -> None:
    values = {"host": urlsplit(base_url).netloc, "url": base_url}
    payload = {"template": "mails.test", "to": address, "locale": Locale.EN, "values": values}
    connection = await asyncpg.connect(dsn)
    try:
        await enqueue(connection, "mail", payload)
    finally:
        await connection.close()


async def _issue(dsn: str, email: str, life: timedelta) -> str | None:
    connection = await asyncpg.connect(dsn)
    try:
        person_id = await find_person(connection, email)
        if person_id is None:
            return None
        return await issue_token(connection, person_id, name="command line", valid_for=life)
    finally:
        await connection.close()


async def _set_moderator(dsn: str, email: str, *, is_moderator: bool) -> str | None:
    connection = await asyncpg.connect(dsn)
    try:
        person_id = await find_person(connection, email)
        return await set_moderator(connection, person_id, is_moderator=is_moderator)
    finally:
        await connection.close()


async def _counters(dsn: str, *, repair: bool) -> list[counters.Drift]:
    connection = await asyncpg.connect(dsn)
    try:
        return await (counters.repair if repair else counters.check)(connection)
    finally:
        await connection.close()


def _print_drifts(drifts: list[counters.Drift], verb: str) -> None:
    for drift in drifts[:DRIFTS_SHOWN]:
        typer.echo(f"{drift.counter} of {drift.row_id}: {drift.stored} is {drift.true}")
    typer.echo(f"{len(drifts):,} counters {verb}.")


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(text, style="dim")
