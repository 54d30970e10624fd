"""Measure an import: generate files, import them into a new database, and say what it took.

    python -m tests.benchmarks.import_speed --people 100000

The database is made on the server in `COMMONS_TEST_SERVER` and dropped afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg

from db import counters, migrating
from db.imports.importing import import_files
from db.imports.report import ImportReport, Phase, Progress
from db.tables.organisations import OrganisationKind, Sector, SizeBand
from db.taxonomy import load_taxonomy, read_taxonomy

SERVER = os.environ.get("COMMONS_TEST_SERVER", "postgresql://commons@127.0.0.1:55432/postgres")
SKILLS_PER_PERSON = 3
PEOPLE_PER_ORGANISATION = 50
# One skill text in a hundred has a slip of the keyboard, as people's spreadsheets do.
SLIPS = 0.01
FIRST = ("Noor", "Daan", "Fatima", "Sem", "Yara", "Bram", "Lotte", "Amir", "Saar", "Milan")
LAST = ("Dekker", "Visser", "El Amrani", "de Groot", "Yilmaz", "Smit", "Bakker", "Mulder")


def write_files(folder: Path, people: int, *, seed: int = 7) -> None:
    """Write organisations, people, memberships and skills for `people` people."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    organisations = max(1, people // PEOPLE_PER_ORGANISATION)
    labels = [label for _, _, label, _, preferred in read_taxonomy().terms if preferred]
    emails = [f"person{number}@people.example" for number in range(people)]
    _write(
        folder / "organisations.csv",
        ("slug", "name", "kind", "sector", "size_band", "about"),
        (
            (
                f"organisation-{number}",
                f"Organisation {number}",
                chance.choice(list(OrganisationKind)),
                chance.choice(list(Sector)),
                chance.choice(list(SizeBand)),
                "Two lines,\nas people write.",
            )
            for number in range(organisations)
        ),
    )
    _write(
        folder / "people.csv",
        ("email", "name", "headline", "location", "locale"),
        (
            (
                email,
                f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                f"Advisor {number}",
                "Rivierenstad",
                chance.choice(("nl", "en")),
            )
            for number, email in enumerate(emails)
        ),
    )
    _write(
        folder / "memberships.csv",
        ("email", "organisation", "role", "title", "started_on"),
        (
            (
                email,
                f"organisation-{chance.randrange(organisations)}",
                "member",
                "Adviseur",
                date(2015, 1, 1) + timedelta(days=chance.randrange(3_000)),
            )
            for email in emails
        ),
    )
    _write(
        folder / "skills.csv",
        ("email", "skill", "level", "evidence", "last_used_on"),
        (
            (email, _slip(chance, label), chance.randint(1, 5), "Project", "2025-01-15")
            for email in emails
            for label in chance.sample(labels, SKILLS_PER_PERSON)
        ),
    )


async def measure(people: int, tell: Callable[[str], None]) -> ImportReport:
    """Import `people` generated people twice; tell times and memory; give the first report."""
    name = f"import_speed_{uuid4().hex[:12]}"
    dsn = f"{SERVER.rsplit('/', 1)[0]}/{name}"
    server = await asyncpg.connect(SERVER)
    await server.execute(f"create database {name}")
    try:
        await migrating.upgrade(dsn)
        connection = await asyncpg.connect(dsn)
        await load_taxonomy(connection)
        with TemporaryDirectory() as folder:
            write_files(Path(folder), people)
            tell(f"memory before: {_peak_mb():.0f} MB at most")
            report = await _timed(dsn, Path(folder), "first import", tell)
            await _timed(dsn, Path(folder), "second import", tell)
        drifts = await counters.check(connection)
        tell(f"wrong counters: {len(drifts)}")
        await connection.close()
    finally:
        await server.execute(f"drop database {name} with (force)")
        await server.close()
    return report


async def _timed(dsn: str, folder: Path, what: str, tell: Callable[[str], None]) -> ImportReport:
    started = time.perf_counter()
    began: dict[tuple[str, Phase], float] = {}

    def note(progress: Progress) -> None:
        key = progress.file, progress.phase
        began.setdefault(key, time.perf_counter() - started)

    report = await import_files(
        dsn, folder, dry_run=False, rejects=folder / "rejects.csv", on_progress=note
    )
    tell(f"{what}: {report.seconds:.1f} s, memory {_peak_mb():.0f} MB at most")
    for (file, phase), moment in began.items():
        tell(f"    at {moment:6.1f} s {file} {phase}")
    for counts in report.files:
        tell(
            f"    {counts.file}: {counts.rows:,} rows, {counts.inserted:,} new,"
            f" {counts.updated:,} changed, {counts.unchanged:,} unchanged, {counts.rejected:,} rejected"
        )
    return report


def _slip(chance: random.Random, label: str) -> str:
    if len(label) < 8 or chance.random() >= SLIPS:
        return label
    place = chance.randrange(1, len(label) - 1)
    return label[:place] + label[place + 1 :]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.people, lambda line: print(line, file=sys.stdout)))  # noqa: T201


if __name__ == "__main__":
    main()
