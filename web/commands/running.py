"""Serving the graph and doing what waits in the background."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import urlsplit

import asyncpg
import typer

from db.queue import enqueue
from db.tables.people import Locale
from web.commands.surroundings import opened_database, prepare, say, settings
from web.job_report import look_at_jobs, print_jobs, retry
from web.services import services
from web.settings import WORKERS_MAX, Settings
from web.supervising import supervise
from web.worker import work

app = typer.Typer()
jobs_app = typer.Typer(help="Background jobs: what waits and what failed; try again.")
app.add_typer(jobs_app, name="jobs")


@app.command()
def serve(
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=WORKERS_MAX, help="How many processes; else COMMONS_WORKERS."),
    ] = None,
) -> None:
    """Serve the graph; the database is first brought to this program's revision."""
    chosen = settings()
    if workers is not None:
        chosen.workers = workers
    with _listening(chosen) as listener, opened_database(chosen) as dsn:
        asyncio.run(prepare(dsn))
        _serve(chosen, dsn, listener)


@app.command()
def run() -> None:
    """Set up what is missing (database, taxonomy, sample world), serve it, and say where to look."""
    # Nobody else makes worlds.
    from web.welcome import prepare_world, print_welcome  # noqa: PLC0415

    chosen = settings()
    started = time.monotonic()
    with _listening(chosen) as listener, opened_database(chosen) as dsn:
        asyncio.run(prepare(dsn))
        guests = asyncio.run(prepare_world(dsn, on_progress=say))
        port = listener.getsockname()[1]
        print_welcome(chosen, port, guests, time.monotonic() - started)
        _serve(chosen, dsn, listener)


@app.command()
def worker() -> None:
    """Do background jobs until stopped, beside servers with COMMONS_WORKER=false."""
    chosen = settings()
    with opened_database(chosen) as dsn:
        asyncio.run(prepare(dsn))
        asyncio.run(_work(chosen, dsn))


@app.command()
def mail(address: Annotated[str, typer.Argument(help="Whom to write.")]) -> None:
    """Have a test mail sent, as any other mail is: by the worker, with the settings there are."""
    chosen = settings()
    with opened_database(chosen) as dsn:
        asyncio.run(_enqueue_mail(dsn, services(chosen).base_url, address))
    typer.echo("The mail waits to be sent: python -m web jobs shows what becomes of it.")


@jobs_app.callback(invoke_without_command=True)
def show_jobs(context: typer.Context) -> None:
    """Say what waits, runs and failed; failed jobs with their number and why."""
    if context.invoked_subcommand is None:
        with opened_database(settings()) as dsn:
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
    with opened_database(settings()) as dsn:
        count = asyncio.run(retry(dsn, None if everything else numbers))
    typer.echo(f"{count:,} jobs wait to be tried again.")


@contextmanager
def _listening(chosen: Settings) -> Iterator[socket.socket]:
    """Claim the port before anything is set up for it."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((chosen.host, chosen.port))
    except OSError as error:
        listener.close()
        typer.echo(
            f"Cannot listen on {chosen.host}, port {chosen.port}: {error.strerror}. "
            "COMMONS_HOST and COMMONS_PORT choose another.",
            err=True,
        )
        raise typer.Exit(1) from error
    with listener:
        yield listener


def _serve(chosen: Settings, dsn: str, listener: socket.socket) -> None:
    if chosen.workers > 1:
        supervise(chosen, listener, say=say)
        return
    # Whoever has others serve needs none of it.
    from web.program import serve_on  # noqa: PLC0415

    if not serve_on(listener, chosen, dsn, worker=chosen.worker):
        raise typer.Exit(1)


async def _work(chosen: Settings, dsn: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    say("Doing background jobs. Stop with Ctrl-C.")
    await work(chosen, dsn, stop)


async def _enqueue_mail(dsn: str, base_url: str, address: str) -> None:
    values = {"host": urlsplit(base_url).netloc, "url": base_url}
    payload = {"template": "mails.test", "to": address, "locale": Locale.EN, "values": values}
    connection = await asyncpg.connect(dsn)
    try:
        await enqueue(connection, "mail", payload)
    finally:
        await connection.close()
