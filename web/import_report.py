"""What `python -m web import` shows: how far it is, and what came of it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from db.imports.report import ImportReport, Phase
from db.imports.report import Progress as Step

PHASES = {
    Phase.READ: "reading",
    Phase.MATCH: "matching skills",
    Phase.WRITE: "writing",
    Phase.COUNT: "counting",
}
SHOWN = 15


class ImportProgress:
    """A bar for each phase of each file, on standard error."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<32}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._tasks: dict[tuple[str, Phase], TaskID] = {}

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def show(self, step: Step) -> None:
        """Move the bar of a step."""
        key = (step.file, step.phase)
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(f"{step.file}, {PHASES[step.phase]}")
        self._progress.update(self._tasks[key], completed=step.done, total=step.total)


def print_report(report: ImportReport) -> None:
    """Print what was imported, what was not and why."""
    console = Console(highlight=False)
    table = Table("file", title="Dry run: nothing was changed" if report.dry_run else "Imported")
    for name in ("rows", "new", "changed", "unchanged", "rejected"):
        table.add_column(name, justify="right")
    for file in report.files:
        numbers = (file.rows, file.inserted, file.updated, file.unchanged, file.rejected)
        table.add_row(file.file, *(f"{number:,}" for number in numbers))
    console.print(table)
    for warning in report.warnings:
        console.print(f"Note: {warning}")
    for file in report.files:
        if file.refused:
            console.print(f"{file.file} was not read: {file.refused}")
        for warning in file.warnings:
            console.print(f"{file.file}: {warning}")
    for unmatched in report.unmatched_skills[:SHOWN]:
        why = "is more than one skill" if unmatched.ambiguous else "is not in the taxonomy"
        nearest = ", ".join(unmatched.suggestions) or "nothing near"
        console.print(f"“{unmatched.text}” ({unmatched.rows:,} rows) {why}; near: {nearest}")
    for guess in report.guessed_skills[:SHOWN]:
        console.print(
            f"“{guess.text}” ({guess.rows:,} rows) was taken as “{guess.label}” "
            f"(similarity {guess.similarity:.2f})"
        )
    if report.rejected:
        console.print(f"{report.rejected:,} rows were rejected; {report.rejects} says why.")
    console.print(f"Done in {report.seconds:.1f} s.")
