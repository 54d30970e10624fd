"""What an import tells: while it runs, and when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# Skill texts in a report, most frequent first; the rejects file has every row.
SKILL_TEXTS_MAX = 100


class Phase(StrEnum):
    """What the import does with a file at the moment."""

    READ = "READ"
    MATCH = "MATCH"
    WRITE = "WRITE"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one phase of a file is: `done` of `total` in bytes (READ), else in rows or texts."""

    file: str
    phase: Phase
    done: int
    total: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file's rows; `refused` says why it was not read at all."""

    file: str
    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    refused: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnmatchedSkill:
    """A skill text that the taxonomy does not know, or knows as several skills."""

    text: str
    rows: int
    ambiguous: bool
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuessedSkill:
    """A skill text that was matched by similarity: worth a look by someone who knows."""

    text: str
    rows: int
    label: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of an import; after a dry run, what it would have been."""

    dry_run: bool
    files: tuple[FileReport, ...]
    warnings: tuple[str, ...]
    unmatched_skills: tuple[UnmatchedSkill, ...]
    guessed_skills: tuple[GuessedSkill, ...]
    rejects: Path
    seconds: float

    @property
    def rejected(self) -> int:
        """Rows that were not imported, in all files."""
        return sum(file.rejected for file in self.files)

    @property
    def changed(self) -> int:
        """Rows that were inserted or updated, in all files."""
        return sum(file.inserted + file.updated for file in self.files)

    @property
    def complete(self) -> bool:
        """Whether every file was read and every row was taken."""
        return not self.rejected and not any(file.refused for file in self.files)
