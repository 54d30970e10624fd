"""Read a CSV file row by row: encoding, separator, header, and each cell as a value or a finding."""

from __future__ import annotations

import codecs
import csv
import io
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from db.imports.columns import Column, ImportFile
from db.imports.errors import FileRefused
from db.imports.values import BadValue

# Rows held in memory at a time: COPY is no faster with more (measured with 500,000 rows).
CHUNK_ROWS = 5_000
# Parsed cells kept for each column.
PARSED_MAX = 1_024
_BLOCK = 1 << 20
# What a value is cut to in the rejects file.
SHOWN_MAX = 200
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (b"PK\x03\x04", "an Excel workbook"),
)

Parser = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a row cannot be imported, and where that is in the file."""

    line: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file's header says; `columns` has a place for each cell, None where it is unknown."""

    separator: str
    columns: tuple[Column | None, ...]
    # Those that are read, in the order of the file.
    known: tuple[Column, ...]
    # A parser for each place in `columns`.
    parsers: tuple[Parser, ...]
    # Place in `known` of the time that ids are made from, if any.
    id_from: int | None
    # Of the whole file, in bytes.
    size: int
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Chunk:
    """Some rows: values to stage, each after its line number, and findings about the others."""

    rows: list[tuple[object, ...]]
    findings: list[Finding]
    rejected: int
    bytes_read: int


def check_encoding(path: Path) -> None:
    """Read the file once to be sure that it is UTF-8.

    Raises:
        FileRefused: It is not; the text names the first wrong byte and its line.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = line = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not offset:
                _refuse_other_format(block)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                # Bytes of a character that the previous block began come before this one.
                at = offset - pending + error.start
                line += error.object[: error.start].count(b"\n") + 1
                raise FileRefused(_not_utf8(at, line, error.object[error.start])) from None
            line += block.count(b"\n")
            offset += len(block)
    if cut_off := decoder.getstate()[0]:
        raise FileRefused(_not_utf8(offset - len(cut_off), line + 1, cut_off[0]))


def read_layout(path: Path, file: ImportFile) -> Layout:
    """Read the header: find the separator and the known columns.

    Raises:
        FileRefused: There is no header, a required column is missing, or one stands there twice.
    """
    known = {column.name: column for column in file.columns}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        first = next(lines, "")
    separator, names = max(
        ((mark, _names(first, mark)) for mark in ",;"),
        key=lambda option: len(known.keys() & set(option[1])),
    )
    if not any(names):
        raise FileRefused(
            f"The file is empty. Its first line must name the columns: {', '.join(known)}."
        )
    doubles = {name for name in names if name and names.count(name) > 1}
    if doubles:
        raise FileRefused(
            f"These columns stand in the first line more than once: {', '.join(sorted(doubles))}."
        )
    unknown = [name for name in names if name and name not in known]
    missing = [name for name, column in known.items() if column.required and name not in names]
    if missing:
        raise FileRefused(
            f"Required columns are missing: {', '.join(missing)}. The first line has"
            f" {', '.join(filter(None, names))}.{_nearest(missing, unknown)}"
        )
    free = [name for name in known if name not in names]
    places = [name for name in names if name in known]
    return Layout(
        separator,
        tuple(known.get(name) for name in names),
        tuple(known[name] for name in places),
        tuple(_parser(known[name]) if name in known else str for name in names),
        places.index(file.id_from) if file.id_from in places else None,
        path.stat().st_size,
        tuple(_unknown_column(name, free) for name in unknown),
    )


def read_chunks(path: Path, file: ImportFile, layout: Layout) -> Iterator[Chunk]:
    """Give the file's rows after the header, `CHUNK_ROWS` at a time."""
    with path.open("rb") as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        chunk = Chunk([], [], 0, 0)
        for line, cells in _records(lines, layout.separator):
            row = cells if isinstance(cells, Finding) else _row(file, layout, line, cells)
            if isinstance(row, tuple):
                chunk.rows.append(row)
            elif row is not None:
                chunk.rejected += 1
                chunk.findings.extend([row] if isinstance(row, Finding) else row)
            if len(chunk.rows) + chunk.rejected >= CHUNK_ROWS:
                chunk.bytes_read = raw.tell()
                yield chunk
                chunk = Chunk([], [], 0, 0)
        chunk.bytes_read = raw.tell()
        yield chunk


def staged_columns(layout: Layout) -> list[tuple[str, str]]:
    """Give name and SQL type of what `read_chunks` gives for each row."""
    columns = [("line", "integer"), *((column.name, column.kind.sql) for column in layout.known)]
    return columns if layout.id_from is None else [*columns, ("id", "uuid")]


def time_ordered_id(moment: datetime, tie: int) -> UUID:
    """Make a UUIDv7 of a past moment; ids of one moment follow `tie` (modulo a million).

    As `uuidv7()` of Postgres: 48 bits of milliseconds, 12 bits of the fraction of one. Then 20
    bits of `tie` and 42 random ones.
    """
    microseconds = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    milliseconds, rest = divmod(microseconds, 1_000)
    high = milliseconds << 16 | 0x7 << 12 | rest * 4_096 // 1_000
    low = 0b10 << 62 | (tie & 0xFFFFF) << 42 | secrets.randbits(42)
    return UUID(int=high << 64 | low)


def _records(lines: Iterable[str], separator: str) -> Iterator[tuple[int, list[str] | Finding]]:
    """Give each record after the header, malformed ones as findings, with the line it starts on."""
    # Strict: a quotation mark that is never closed is an error where the next one stands, instead
    # of a cell that swallows all rows between.
    reader = csv.reader(lines, delimiter=separator, strict=True)
    next(reader)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Finding(line, "", "", _malformed(line, reader.line_num, str(error)))


def _malformed(first: int, last: int, error: str) -> str:
    lines = f"Line {first:,} was" if first == last else f"Lines {first:,} to {last:,} were"
    if "field limit" in error:
        return f"{lines} skipped: a cell has more than {csv.field_size_limit():,} characters."
    return (
        f"{lines} skipped: the quotation marks do not pair up. A text with a separator, a line"
        ' break or a quotation mark in it is written "like this", and the mark itself twice: "".'
    )


def _row(
    file: ImportFile, layout: Layout, line: int, cells: Sequence[str]
) -> tuple[object, ...] | list[Finding] | None:
    """Give the row's values, or all that is wrong with it; None for an empty row."""
    if not any(map(str.strip, cells)):
        return None
    if len(cells) != len(layout.columns):
        why = (
            f"The row has {len(cells)} cells and the first line names {len(layout.columns)}"
            f" columns. Is a {layout.separator!r} missing, or one too many? A text that contains"
            " it is written in quotation marks."
        )
        return [Finding(line, "", layout.separator.join(cells)[:SHOWN_MAX], why)]
    row: list[object] = [line]
    findings = []
    for column, parse, cell in zip(layout.columns, layout.parsers, cells, strict=True):
        if column is None:
            continue
        try:
            row.append(_value(column, parse, cell))
        except BadValue as wrong:
            row.append(None)
            findings.append(_finding(line, column, cell, wrong))
    if not findings and file.check:
        named = {column.name: value for column, value in zip(layout.known, row[1:], strict=True)}
        try:
            file.check(named)
        except BadValue as wrong:
            value = str(named[file.check_column])
            findings.append(Finding(line, file.check_column, value, f"The value {wrong}."))
    if findings:
        return findings
    if layout.id_from is not None:
        moment = row[1 + layout.id_from]
        row.append(time_ordered_id(moment, line) if isinstance(moment, datetime) else None)
    return tuple(row)


def _parser(column: Column) -> Parser:
    kind = column.kind
    return lru_cache(PARSED_MAX)(kind.parse) if kind.repeats else kind.parse


def _value(column: Column, parse: Parser, cell: str) -> object:
    text = cell.strip()
    if "\0" in text:
        raise BadValue("contains a NUL character")
    if text:
        return parse(text)
    if column.required:
        raise BadValue("is missing")
    return column.empty


def _finding(line: int, column: Column, cell: str, wrong: BadValue) -> Finding:
    shown = cell.strip().replace("\0", "\ufffd")[:SHOWN_MAX]
    return Finding(line, column.name, shown, f"The value {wrong}. Expected: {column.kind.expects}.")


def _names(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        raise FileRefused(
            "The first line must name the columns; its quotation marks do not pair up."
        ) from None
    return [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in cells]


def _nearest(missing: Sequence[str], unknown: Sequence[str]) -> str:
    pairs = [
        f"{close[0]!r} is perhaps {name!r}"
        for name in missing
        if (close := get_close_matches(name, unknown, n=1))
    ]
    return f" {'; '.join(pairs).capitalize()}." if pairs else ""


def _unknown_column(name: str, free: Sequence[str]) -> str:
    close = get_close_matches(name, free, n=1)
    if close:
        hint = f"; perhaps {close[0]!r} was meant"
    else:
        hint = f"; what the file could also have: {', '.join(free)}" if free else ""
    return f"Column {name!r} is unknown and was skipped{hint}."


def _refuse_other_format(start: bytes) -> None:
    for signature, name in _OTHER_ENCODINGS:
        if start.startswith(signature):
            raise FileRefused(
                f"The file is {name}, as its first bytes show (byte 0); CSV in UTF-8 is expected."
                " Save it anew as 'CSV UTF-8'."
            )


def _not_utf8(offset: int, line: int, byte: int) -> str:
    in_windows = bytes([byte]).decode("cp1252", errors="replace")
    return (
        f"The file is not UTF-8: byte {offset:,} (counted from 0, in line {line:,}) is"
        f" {byte:#04x}, which would be {in_windows!r} in Windows-1252. Save it anew as 'CSV UTF-8'."
    )
