"""Listings as a table that people edit in a spreadsheet: its columns, its cells, in both languages.

A file is CSV, separated by commas or, as spreadsheets set up for Dutch have it, by semicolons. It is
read in either language, whatever the reader's own; titles of columns and values may be mixed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any

from db.tables.listings import (
    SKILLS_MAX,
    ListingAudience,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SpokenLanguage,
)
from db.tables.people import Locale
from db.taxonomy import fold
from resolvers.refusals import InvalidInput, Refusal
from resolvers.wording import say

DOMAIN = "listing_files"
BOM = "\ufeff"
SEPARATORS = {Locale.EN: ",", Locale.NL: ";"}
# A spreadsheet takes what begins with these for a formula, and may run it (CSV injection).
# Some take the wide forms of these too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
QUOTE = "'"
# Between the skills, or languages, of one cell.
BETWEEN = ";"
LEVEL_MARKS = ("(", ")")
# 2027-01-31, and the two ways in which a Dutch spreadsheet writes it.
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
COLUMNS = (
    *("kind", "form", "status", "title", "description", "language", "audience", "skills", "nice"),
    *("aims", "hours_per_week", "hours_total", "starts_on", "ends_on", "slack_days", "place"),
    *("distance_km", "remote", "languages", "capacity", "terms", "rate", "open_until", "link"),
)
# What is told of a listing, and not read.
TOLD_ONLY = frozenset({"status", "open_until", "link"})
REQUIRED = ("kind", "form", "title", "language", "terms")
ENUMS: Mapping[str, type[StrEnum]] = {
    "kind": ListingKind,
    "form": ListingForm,
    "status": ListingStatus,
    "language": Locale,
    "audience": ListingAudience,
    "terms": ListingTerms,
}
NUMBERS = ("hours_per_week", "hours_total", "slack_days", "distance_km", "capacity")


@dataclass(frozen=True, kw_only=True)
class NamedSkill:
    """A skill as a cell names it, in which column, from which level on when it says so."""

    name: str
    column: str
    level: int | None


@dataclass(frozen=True, kw_only=True)
class RowRead:
    """A row of a file: what its cells say, and what is wrong with them, by column."""

    number: int
    values: Mapping[str, Any]
    skills: Sequence[NamedSkill] = ()
    problems: Sequence[Refusal] = field(default=())


def header(column: str, locale: Locale) -> str:
    """Give the title of a column."""
    return say(f"{DOMAIN}.column_{column}", locale)


def shown(value: object, locale: Locale) -> str:
    """Give the value of an enum, or a flag, as a cell shows it."""
    if not isinstance(value, StrEnum):
        return say(f"{DOMAIN}.{'yes' if value else 'no'}", locale)
    kind = "spoken" if isinstance(value, SpokenLanguage | Locale) else _name(type(value))
    return say(f"{DOMAIN}.{kind}_{value.value.lower()}", locale)


def safe(cell: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"{QUOTE}{cell}" if cell.startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """Give what somebody wrote, without what `safe` put before it."""
    guarded = cell.startswith(QUOTE) and cell[1:].startswith(FORMULA)
    return cell[1:] if guarded else cell


def write(rows: Sequence[Mapping[str, Any]], locale: Locale) -> str:
    """Give a file: its rows are texts, numbers, dates, enums and flags by column."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, delimiter=SEPARATORS[locale])
    writer.writerow(header(column, locale) for column in COLUMNS)
    for row in rows:
        writer.writerow(_cell(row[column], locale) for column in COLUMNS)
    return out.getvalue()


def read(text: str, *, at_most: int) -> list[RowRead]:
    """Read a file.

    Raises:
        InvalidInput: It is no such file: empty, without a column that must be there, with one that is
            unknown or there twice, or with more than `at_most` rows.
    """
    text = text.removeprefix(BOM)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InvalidInput(f"{DOMAIN}.no_table", field=("csv",)) from error
    numbered = [(n, row) for n, row in enumerate(table, 1) if any(cell.strip() for cell in row)]
    if len(numbered) < 2:  # noqa: PLR2004 - the titles and a row
        raise InvalidInput(f"{DOMAIN}.no_rows", field=("csv",))
    if len(numbered) - 1 > at_most:
        raise InvalidInput(
            f"{DOMAIN}.too_many_rows", field=("csv",), limit=at_most, actual=len(numbered) - 1
        )
    columns = _columns(numbered[0][1])
    return [_row(number, columns, cells) for number, cells in numbered[1:]]


def _columns(titles: Sequence[str]) -> list[str]:
    """Give which column stands where."""
    found: list[str] = []
    for title in titles:
        if not title.strip():
            # A spreadsheet may end each line with separators.
            found.append("")
            continue
        column = _titles().get(fold(plain(title.strip())))
        if column is None:
            raise InvalidInput(f"{DOMAIN}.column_unknown", field=("csv",), title=title.strip()[:80])
        if column in found:
            raise InvalidInput(f"{DOMAIN}.column_twice", field=("csv",), title=title.strip()[:80])
        found.append(column)
    for column in REQUIRED:
        if column not in found:
            names = "/".join(header(column, locale) for locale in (Locale.EN, Locale.NL))
            raise InvalidInput(f"{DOMAIN}.column_missing", field=("csv",), title=names)
    return found


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> RowRead:
    problems: list[Refusal] = []
    values: dict[str, Any] = {}
    skills: list[NamedSkill] = []
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        problems.append(InvalidInput(f"{DOMAIN}.too_many_cells", limit=len(columns)))
    for column, cell in zip(columns, cells, strict=False):
        said = plain(cell.strip())
        if not said or not column or column in TOLD_ONLY:
            continue
        try:
            if column in {"skills", "nice", "aims"}:
                skills += _skills(said, column)
            else:
                values[column] = _parse(column, said)
        except Refusal as refusal:
            refusal.field = (column,)
            problems.append(refusal)
    unfit = {problem.field[0] for problem in problems if problem.field}
    problems += [
        InvalidInput("common.text_missing", field=(column,), limit=1)
        for column in REQUIRED
        if column not in values and column not in unfit
    ]
    return RowRead(number=number, values=values, skills=skills, problems=problems)


def _parse(column: str, said: str) -> Any:
    if column in ENUMS:
        return _one_of(said, _values(column))
    if column in NUMBERS:
        return _number(said)
    if column in {"starts_on", "ends_on"}:
        return _date(said)
    if column == "remote":
        return _one_of(said, _values("remote"))
    if column == "rate":
        return _cents(said)
    if column == "languages":
        parts = (part.strip() for part in said.replace(",", BETWEEN).split(BETWEEN))
        return [_one_of(part, _values("languages")) for part in parts if part]
    return said


def _one_of(said: str, known: Mapping[str, Any]) -> Any:
    value = known.get(fold(said))
    if value is None:
        raise InvalidInput(f"{DOMAIN}.value_unknown", value=said[:80])
    return value


def _number(said: str) -> int:
    digits = said.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):  # noqa: PLR2004
        raise InvalidInput(f"{DOMAIN}.no_number", value=said[:80])
    return int(digits)


def _date(said: str) -> date:
    for form in DATES:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise InvalidInput(f"{DOMAIN}.no_date", value=said[:80])


def _cents(said: str) -> int:
    try:
        euros = Decimal(said.removeprefix("€").strip().replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(f"{DOMAIN}.no_amount", value=said[:80]) from None
    cents = euros * 100
    if not (euros.is_finite() and 0 <= cents < 10**9 and cents == int(cents)):
        raise InvalidInput(f"{DOMAIN}.no_amount", value=said[:80])
    return int(cents)


def _skills(said: str, column: str) -> list[NamedSkill]:
    parts = [part.strip() for part in said.replace("\n", BETWEEN).split(BETWEEN)]
    found = [_skill(part, column) for part in parts if part]
    if len(found) > SKILLS_MAX:
        raise InvalidInput("listings.too_many_skills", limit=SKILLS_MAX)
    return found


def _skill(said: str, column: str) -> NamedSkill:
    """Read `Name` or `Name (4)`; other parentheses are part of the name."""
    opening, closing = LEVEL_MARKS
    name, _, level = said.removesuffix(closing).rpartition(opening)
    if said.endswith(closing) and name and level.isascii() and level.strip().isdigit():
        return NamedSkill(name=name.strip(), column=column, level=int(level[:9]))
    return NamedSkill(name=said, column=column, level=None)


def _cell(value: Any, locale: Locale) -> str:
    match value:
        case None:
            return ""
        case bool() | StrEnum():
            return shown(value, locale)
        case list():
            return f"{BETWEEN} ".join(_cell(one, locale) for one in value)
        case date():
            return value.isoformat()
        case _:
            return safe(str(value))


def _name(enum: type[StrEnum]) -> str:
    return next(column for column, known in ENUMS.items() if known is enum)


@cache
def _titles() -> Mapping[str, str]:
    """Give the columns by their titles in both languages, and by their names."""
    found = {fold(column.replace("_", " ")): column for column in COLUMNS}
    for locale in Locale:
        found |= {fold(header(column, locale)): column for column in COLUMNS}
    return found


@cache
def _values(column: str) -> Mapping[str, Any]:
    """Give the values that a cell of a column may have, by what it says."""
    every: Sequence[Any]
    if column == "remote":
        every = (True, False)
    else:
        every = list(SpokenLanguage if column == "languages" else ENUMS[column])
    found = {fold(str(value).replace("_", " ")): value for value in every}
    for locale in Locale:
        found |= {fold(shown(value, locale)): value for value in every}
    return found
