"""What is in the database: its revision, sample worlds, imports, counters."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from db import counters
from db.world.scale import Scale
from web.commands.surroundings import opened_database, prepare, say, settings

app = typer.Typer()
counters_app = typer.Typer(help="Counters on rows: prove or repair them.", no_args_is_help=True)
app.add_typer(counters_app, name="counters")

# Rows that would fill a screen; the count is told.
DRIFTS_SHOWN = 20


@app.command()
def migrate() -> None:
    """Bring the database to this program's revision, and load the skills taxonomy."""
    with opened_database(settings()) as dsn:
        asyncio.run(prepare(dsn))


@app.command()
def seed(
    scale: Annotated[Scale, typer.Option(help="How large a world.")] = Scale.SMALL,
    random: Annotated[int, typer.Option(help="Seed of the randomness.")] = 20,
) -> None:
    """Fill an empty database with a sample world: the same rows for the same seed."""
    from db.world.seeding import seed as seed_world  # noqa: PLC0415 - as in import_

    with opened_database(settings()) as dsn:
        asyncio.run(prepare(dsn))
        summary = asyncio.run(seed_world(dsn, scale=scale, rng_seed=random, on_progress=say))
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
    # A server is a command too, and does without the MiB of what the others need.
    from db.imports.importing import import_files  # noqa: PLC0415
    from web.import_report import ImportProgress, print_report  # noqa: PLC0415

    with opened_database(settings()) as dsn:
        asyncio.run(prepare(dsn))
        with ImportProgress() as progress:
            report = asyncio.run(
                import_files(
                    dsn, source, dry_run=dry_run, rejects=rejects, on_progress=progress.show
                )
            )
        print_report(report)
    if not report.complete:
        raise typer.Exit(1)


@counters_app.command("check")
def check_counters() -> None:
    """Say which counters are wrong; exit status 1 when any is."""
    with opened_database(settings()) as dsn:
        found = asyncio.run(_counters(dsn, repair=False))
    _print_drifts(found, "wrong")
    raise typer.Exit(1 if found else 0)


@counters_app.command("repair")
def repair_counters() -> None:
    """Set wrong counters right."""
    with opened_database(settings()) as dsn:
        _print_drifts(asyncio.run(_counters(dsn, repair=True)), "set right")


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
