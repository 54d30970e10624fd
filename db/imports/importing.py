"""Bring CSV files into the database: all in one transaction, bad rows reported, the rest taken."""

from __future__ import annotations

import csv
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from errno import EISDIR
from os import strerror
from pathlib import Path
from tempfile import NamedTemporaryFile

import asyncpg

from db import counters
from db.imports import reading, skill_texts, upserting
from db.imports.columns import ImportFile
from db.imports.errors import DatabaseChanged, FileRefused, ImportFailed, NothingToImport
from db.imports.files import FILES
from db.imports.reading import Layout
from db.imports.report import FileReport, ImportReport, OnProgress, Phase, Progress
from db.imports.upserting import Written

# Two imports run one after the other.
ADVISORY_LOCK = 7_310_587_203
SETTINGS = {
    "application_name": "commons import",
    "timezone": "UTC",
    "jit": "off",
    "work_mem": "64MB",
    "statement_timeout": "0",
    # An import that was killed ends on the server too, in the middle of a statement.
    "client_connection_check_interval": "2s",
}
CLOSE_SECONDS = 10
REJECT_COLUMNS = ("file", "line", "column", "value", "why")


@dataclass(slots=True)
class _Run:
    connection: asyncpg.Connection
    on_progress: OnProgress

    def tell(self, file: ImportFile, phase: Phase, done: int, total: int) -> None:
        self.on_progress(Progress(file.name, phase, done, total))


async def import_files(
    dsn: str,
    source: Path,
    *,
    dry_run: bool,
    rejects: Path,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Import the CSV files in the folder `source`, or `source` itself.

    A row that cannot be taken goes to the file `rejects` with the reason, and the rest is
    imported. `rejects` is written anew each time, with only its header when all rows were taken.
    Everything is one transaction, counters included; a second import of the same files changes
    nothing. A dry run does the same and rolls back.

    Raises:
        NothingToImport: `source` has no file of a known name.
        DatabaseChanged: Someone else wrote the same rows meanwhile; nothing was imported.
        ImportFailed: `rejects` cannot be written; nothing was imported.
    """
    started = time.monotonic()
    paths, warnings = _find(source, rejects)
    with _beside(rejects) as temporary:
        connection = await asyncpg.connect(dsn, server_settings=SETTINGS)
        run = _Run(connection, on_progress or _ignore)
        try:
            async with _transaction(connection, keep=not dry_run):
                await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
                await upserting.create_rejects(connection)
                await skill_texts.create_skill_texts(connection)
                reports = [await _import_file(run, file, path) for file, path in paths.items()]
                unmatched = await skill_texts.unmatched_skills(connection)
                guessed = await skill_texts.guessed_skills(connection)
                await _write_rejects(connection, temporary)
                # Still in the transaction: when the findings cannot be kept, nothing is imported.
                temporary.replace(rejects)
        except (asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError) as error:
            raise DatabaseChanged(
                "Someone else changed the same rows during the import. Nothing was imported; start"
                f" it again. (Constraint {error.constraint_name} of {error.table_name}.)"
            ) from error
        finally:
            await connection.close(timeout=CLOSE_SECONDS)
    return ImportReport(
        dry_run=dry_run,
        files=tuple(reports),
        warnings=tuple(warnings),
        unmatched_skills=unmatched,
        guessed_skills=guessed,
        rejects=rejects,
        seconds=time.monotonic() - started,
    )


@asynccontextmanager
async def _transaction(connection: asyncpg.Connection, *, keep: bool) -> AsyncIterator[None]:
    """Run the block in a transaction; commit only to `keep` what it did."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except BaseException:
        await transaction.rollback()
        raise
    await (transaction.commit() if keep else transaction.rollback())


async def _import_file(run: _Run, file: ImportFile, path: Path) -> FileReport:
    try:
        layout = _layout(path, file)
        if file.matches_skills:
            await _require_taxonomy(run.connection)
    except FileRefused as refused:
        return FileReport(file=file.name, refused=str(refused))
    rows, rejected = await _read(run, file, path, layout)
    if file.matches_skills:
        await skill_texts.match_texts(
            run.connection, file, lambda done, total: run.tell(file, Phase.MATCH, done, total)
        )
    run.tell(file, Phase.WRITE, 0, rows)
    written = await upserting.write(run.connection, file, layout)
    run.tell(file, Phase.WRITE, rows, rows)
    await _recount(run, file, written)
    await upserting.drop_staging(run.connection, file)
    return FileReport(
        file=file.name,
        rows=rows,
        inserted=written.inserted,
        updated=written.updated,
        unchanged=written.unchanged,
        rejected=rejected + written.rejected,
        warnings=layout.warnings,
    )


def _layout(path: Path, file: ImportFile) -> Layout:
    try:
        reading.check_encoding(path)
        return reading.read_layout(path, file)
    except OSError as error:
        raise FileRefused(f"The file cannot be read: {error.strerror}.") from error


async def _require_taxonomy(connection: asyncpg.Connection) -> None:
    if not await connection.fetchval("select exists (select from skill)"):
        raise FileRefused(
            "The database has no skills yet to find these in. Load the taxonomy first."
        )


async def _read(run: _Run, file: ImportFile, path: Path, layout: Layout) -> tuple[int, int]:
    """Copy the good rows to the database; give the number of all rows and of rejected ones."""
    await upserting.create_staging(run.connection, file, layout)
    rows = rejected = 0
    for chunk in reading.read_chunks(path, file, layout):
        await upserting.stage(run.connection, file, layout, chunk.rows)
        if chunk.findings:
            await upserting.add_rejects(run.connection, file, chunk.findings)
        rows += len(chunk.rows) + chunk.rejected
        rejected += chunk.rejected
        run.tell(file, Phase.READ, chunk.bytes_read, layout.size)
    return rows, rejected


async def _recount(run: _Run, file: ImportFile, written: Written) -> None:
    """Set the counters right of what the file's rows belong to."""
    if not file.counters or not written.inserted + written.updated:
        return
    for done, (counter, column) in enumerate(file.counters):
        run.tell(file, Phase.COUNT, done, len(file.counters))
        ids = await upserting.touched(run.connection, file, column)
        await counters.recount(run.connection, [counter], ids=ids)
    run.tell(file, Phase.COUNT, len(file.counters), len(file.counters))


def _find(source: Path, rejects: Path) -> tuple[dict[ImportFile, Path], list[str]]:
    """Give the known files in the order in which they are read, and warnings about others."""
    expected = ", ".join(file.name for file in FILES)
    if not source.exists():
        raise NothingToImport(f"{source} does not exist. Expected: a folder with {expected}.")
    csv_files = {
        path.name.lower(): path
        for path in (sorted(source.iterdir()) if source.is_dir() else [source])
        if path.suffix.lower() == ".csv" and not path.name.endswith("rejects.csv")
    }
    found = {file: csv_files.pop(file.name) for file in FILES if file.name in csv_files}
    if not found:
        raise NothingToImport(f"{source} holds none of the files of an import: {expected}.")
    others = [path for path in csv_files.values() if path.resolve() != rejects.resolve()]
    return found, [_unknown_file(path) for path in others]


def _unknown_file(path: Path) -> str:
    close = get_close_matches(path.stem.lower(), [file.stem for file in FILES], n=1, cutoff=0.7)
    hint = f"; perhaps {close[0]}.csv was meant" if close else ""
    return f"{path.name} is not a file of an import and was skipped{hint}."


@contextmanager
def _beside(rejects: Path) -> Iterator[Path]:
    """Give a temporary file in the folder of `rejects`, before any work, to put in its place."""
    try:
        if rejects.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        with NamedTemporaryFile(
            dir=rejects.parent, prefix=f".{rejects.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
    except OSError as error:
        raise ImportFailed(
            f"The rejects file {rejects} cannot be written: {error.strerror}. Nothing was imported."
        ) from error
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


async def _write_rejects(connection: asyncpg.Connection, path: Path) -> None:
    # With BOM, by which Excel knows UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REJECT_COLUMNS)
        rows = connection.cursor(
            "select file, line, column_name, value, why from import_reject"
            " order by file, line, column_name, why",
            prefetch=1_000,
        )
        async for row in rows:
            writer.writerow((FILES[row["file"]].name, *list(row)[1:]))


def _ignore(_: Progress) -> None:
    pass
