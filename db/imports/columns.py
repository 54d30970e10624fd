"""How a file of an import is described: columns, look-ups, what makes two rows the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from db.imports.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file. `target` is the table's column; None when it only serves to look up."""

    name: str
    kind: Kind
    meaning: str
    example: str
    target: str | None = None
    required: bool = False
    # The value of an empty cell.
    empty: object = None
    # Written when the row is new, and never changed by a later import.
    fixed: bool = False
    # SQL for a new row's value, when it is not simply the cell's.
    insert_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A look-up of another table's row by a file's column; its id goes into `target`."""

    column: str
    target: str
    join: str
    found: str
    # SQL for the reason why nothing was found.
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """One file. SQL here may name `staged` (the file's rows), the references and `existing`."""

    name: str
    table: str
    columns: tuple[Column, ...]
    # SQL expressions that are equal for two rows that mean the same thing, and the same for people.
    key: tuple[str, ...]
    same: str
    # Joins the table's row that a file's row stands for.
    existing: str
    references: tuple[Reference, ...] = ()
    # Column that new ids are made from, so that they follow its time.
    id_from: str | None = None
    # More to set when a row changes.
    on_update: str | None = None
    # A rule over several columns: raises BadValue about the column `check_column`.
    check: Callable[[Mapping[str, object]], None] | None = None
    check_column: str = ""
    # Counters (db.counters) that the file's rows change, each with the column of the ids.
    counters: tuple[tuple[str, str], ...] = ()

    @property
    def stem(self) -> str:
        """The name without its ending, for the names of temporary tables."""
        return self.name.removesuffix(".csv")

    @property
    def matches_skills(self) -> bool:
        """Whether the file names skills as free text."""
        return any(reference.column == "skill" for reference in self.references)
