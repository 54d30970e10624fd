from __future__ import annotations

import asyncio
import csv
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from db import counters
from db.imports import reading
from db.imports.documenting import DOCUMENT, render
from db.imports.errors import DatabaseChanged, ImportFailed, NothingToImport
from db.imports.files import FILES, PEOPLE
from db.imports.importing import import_files
from db.imports.report import FileReport, ImportReport, OnProgress, Phase, Progress, UnmatchedSkill
from tests.benchmarks.import_speed import write_files

SAMPLES = Path(reading.__file__).parent / "samples"
TABLES = (
    "organisation", "person", "membership", "person_skill", "organisation_strength", "post", "skill",
)  # fmt: skip
Row = dict[str, str]
# One good row of each file, with every column.
GOOD: dict[str, Row] = {
    file.name: {column.name: column.example for column in file.columns} for file in FILES
}


@dataclass(frozen=True)
class Office:
    """A database and a folder of files for it."""

    dsn: str
    connection: asyncpg.Connection
    folder: Path

    def put(self, **files: Row | list[Row]) -> None:
        """Write files of good rows, with these cells changed."""
        for stem, given in files.items():
            rows = [
                GOOD[f"{stem}.csv"] | row for row in (given if isinstance(given, list) else [given])
            ]
            with (self.folder / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)

    async def load(
        self,
        source: Path | None = None,
        *,
        dry_run: bool = False,
        rejects: Path | None = None,
        on_progress: OnProgress | None = None,
    ) -> ImportReport:
        source, rejects = source or self.folder, rejects or self.folder / "rejects.csv"
        return await import_files(
            self.dsn, source, dry_run=dry_run, rejects=rejects, on_progress=on_progress
        )

    def rejects(self) -> list[tuple[str, ...]]:
        with (self.folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
            return [tuple(row) for row in csv.reader(file)][1:]

    async def rows(self, columns: str = "xmin, *") -> list[list[asyncpg.Record]]:
        """Give all rows; xmin tells whether a row was written, even when it looks the same."""
        return [
            await self.connection.fetch(f"select {columns} from {table} order by id")
            for table in TABLES
        ]

    async def is_empty(self) -> bool:
        return not any((await self.rows())[:-1])


@pytest.fixture
def office(scratch_database: str, scratch_connection: asyncpg.Connection, tmp_path: Path) -> Office:
    return Office(scratch_database, scratch_connection, tmp_path)


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    """Give rows inserted, updated, unchanged and rejected of each file."""
    return {
        file.file: (file.inserted, file.updated, file.unchanged, file.rejected)
        for file in report.files
    }


async def test_samples_import_without_rejects_and_again_without_changes(office: Office) -> None:
    first = await office.load(SAMPLES)
    assert first.complete
    assert (first.warnings, first.unmatched_skills, first.guessed_skills) == ((), (), ())
    assert [counts(first)[file] for file in GOOD] == [(n, 0, 0, 0) for n in (6, 12, 15, 24, 8, 8)]
    assert office.rejects() == []
    assert await counters.check(office.connection) == []
    before = await office.rows()
    second = await office.load(SAMPLES)
    assert (second.changed, second.rejected) == (0, 0)
    assert await office.rows() == before


async def test_samples_keep_text_dates_and_choices(office: Office) -> None:
    await office.load(SAMPLES)
    about = await office.connection.fetchval(
        "select about from organisation where slug = 'rivierenstad'"
    )
    assert about == (
        "Een gemeente waar drie rivieren samenkomen.\n"
        "We delen wat we leren over hoogwater, wonen en participatie."
    )
    row = await office.connection.fetchrow("""
        select role, title, started_on::text, ended_on::text, visibility, locale
        from membership join person on person.id = person_id
        where email = 'Milo.Sterrenkamp@LUMENKADE.example' and ended_on is not null
    """)
    assert tuple(row or ()) == ("MEMBER", "Ontwerper", "2021-02-01", "2024-10-31", "NETWORK", "EN")


async def test_order_of_post_ids_is_the_order_of_publication(office: Office) -> None:
    moments = ["2025-03-01", "2024-01-31 10:00", "1-3-2025 09:15", "2025-03-01T09:15:00.0004Z"]
    office.put(organisations={}, people={}, posts=[
        {"key": str(key), "published_at": moment} for key, moment in enumerate([*moments, "", ""])
    ])  # fmt: skip
    assert (await office.load()).complete
    rows = await office.connection.fetch("""
        select import_key, created_at, uuid_extract_timestamp(id) as of_id,
            uuid_extract_version(id) as version from post order by id
    """)
    assert [row["import_key"] for row in rows] == ["1", "0", "2", "3", "4", "5"]
    for row in rows:
        assert row["version"] == 7
        assert abs(row["of_id"] - row["created_at"]) < timedelta(seconds=5)
    assert rows[1]["created_at"] == datetime(2025, 3, 1, tzinfo=UTC)
    last = "select import_key from post join organisation on last_post_id = post.id"
    assert await office.connection.fetchval(last) == "5"


def test_ids_of_one_moment_follow_the_tie() -> None:
    moment = datetime(2025, 3, 1, 9, 30, 0, 123_456, tzinfo=UTC)
    ids = [reading.time_ordered_id(moment, tie) for tie in range(100)]
    assert ids == sorted(ids)
    assert ids[-1] < reading.time_ordered_id(moment + timedelta(microseconds=1), 0)


@pytest.mark.parametrize(
    ("start", "separator", "line_end"),
    [
        pytest.param("", ",", "\n", id="plain"),
        pytest.param("\ufeff", ",", "\n", id="bom"),
        pytest.param("", ";", "\n", id="semicolon"),
        pytest.param("\ufeff", ";", "\r\n", id="dutch-excel"),
        pytest.param("", ",", "\r\n", id="crlf"),
    ],
)
async def test_forms_of_csv_are_understood(
    office: Office, start: str, separator: str, line_end: str
) -> None:
    lines = [
        ["Email", " Name ", "headline"],
        ["a@people.example", f'"Ann{line_end}{separator} ""Bé"""', "één"],
        [],
        ["no address", "Bob", ""],
    ]
    text = start + "".join(separator.join(cells) + line_end for cells in lines)
    (office.folder / "people.csv").write_bytes(text.encode())
    assert counts(await office.load()) == {"people.csv": (1, 0, 0, 1)}
    row = await office.connection.fetchrow("select name, headline from person")
    assert tuple(row or ()) == (f'Ann {separator} "Bé"', "één")
    assert [reject[1:4] for reject in office.rejects()] == [("5", "email", "no address")]


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        pytest.param(b"", "The file is empty. Its first line must name the columns: email, name,"
                     " headline, location, avatar_url, locale, visibility.", id="empty"),
        pytest.param(b"email,headline\n", "Required columns are missing: name. The first line has"
                     " email, headline.", id="missing"),
        pytest.param(b"mail,nam\n", "Required columns are missing: email, name. The first line has"
                     " mail, nam. 'mail' is perhaps 'email'; 'nam' is perhaps 'name'.", id="near"),
        pytest.param(b"email,name,name\n", "These columns stand in the first line more than once:"
                     " name.", id="twice"),
        pytest.param(b'email,"name\n', "The first line must name the columns; its quotation marks"
                     " do not pair up.", id="open-quote"),
        pytest.param("email,name\na@b.example,Anne\nc@d.example,André\n".encode("cp1252"),
                     "The file is not UTF-8: byte 44 (counted from 0, in line 3) is 0xe9, which"
                     " would be 'é' in Windows-1252. Save it anew as 'CSV UTF-8'.", id="windows"),
        pytest.param("email,name\na@b.example,é".encode()[:-1], "The file is not UTF-8: byte 23"
                     " (counted from 0, in line 2) is 0xc3, which would be 'Ã' in Windows-1252."
                     " Save it anew as 'CSV UTF-8'.", id="cut-off"),
        pytest.param("email,name\n".encode("utf-16"), "The file is UTF-16, as its first bytes show"
                     " (byte 0); CSV in UTF-8 is expected. Save it anew as 'CSV UTF-8'.",
                     id="utf-16"),
    ],
)  # fmt: skip
async def test_unreadable_file_is_refused_and_the_others_still_go(
    office: Office, content: bytes, refused: str
) -> None:
    office.put(organisations={})
    (office.folder / "people.csv").write_bytes(content)
    report = await office.load()
    assert not report.complete
    assert counts(report)["organisations.csv"] == (1, 0, 0, 0)
    assert report.files[1] == FileReport(file="people.csv", refused=refused)


def test_wrong_byte_is_found_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 7)
    text = "email,name\n€€€€\n€€€€€".encode()
    path = tmp_path / "people.csv"
    path.write_bytes(text + b"\xff\n")
    with pytest.raises(ImportFailed, match=rf"byte {len(text)} \(counted from 0, in line 3\)"):
        reading.check_encoding(path)


async def test_skills_are_refused_while_there_is_no_taxonomy(office: Office) -> None:
    await office.connection.execute("delete from skill")
    office.put(people={}, skills={})
    why = "The database has no skills yet to find these in. Load the taxonomy first."
    assert (await office.load()).files[1].refused == why


async def test_unknown_columns_and_files_are_named(office: Office) -> None:
    text = "email,name,headlin,shoe size,\na@b.example,A,B,43,\n"
    for name, content in (("people", text), ("persons", ""), ("pots", "")):
        (office.folder / f"{name}.csv").write_text(content)
    report = await office.load()
    assert report.complete
    assert report.files[0].warnings == (
        "Column 'headlin' is unknown and was skipped; perhaps 'headline' was meant.",
        ("Column 'shoe_size' is unknown and was skipped; what the file could also have: headline,"
         " location, avatar_url, locale, visibility."),
    )  # fmt: skip
    assert report.warnings == (
        "persons.csv is not a file of an import and was skipped.",
        "pots.csv is not a file of an import and was skipped; perhaps posts.csv was meant.",
    )


@pytest.mark.parametrize(
    ("file", "column", "value", "wrong"),
    [
        ("organisations.csv", "slug", "Gemeente X", "is not a short name"),
        ("organisations.csv", "slug", "x" * 81, "is 81 characters long"),
        ("organisations.csv", "slug", "settings", "is kept for a page of the network"),
        ("organisations.csv", "name", "", "is missing"),
        ("organisations.csv", "name", "x" * 121, "is 121 characters long"),
        ("organisations.csv", "name", "a\0b", "contains a NUL character"),
        ("organisations.csv", "kind", "circus", "is not one of the known ones"),
        ("organisations.csv", "about", "é" * 10_001, "is 10,001 characters long"),
        ("organisations.csv", "website", "rivierenstad.example", "is not a web address"),
        ("organisations.csv", "website", "javascript:alert(1)", "is not a web address"),
        ("organisations.csv", "website", "https://[", "is not a web address"),
        ("organisations.csv", "verified_domain", "@x", "is not a domain name"),
        ("people.csv", "email", "noor.example", "is not an e-mail address"),
        ("people.csv", "email", "noor@a.example, ben@b.example", "is not an e-mail address"),
        ("people.csv", "email", "noor\u200b@a.example", "contains an invisible character"),
        ("people.csv", "headline", "x" * 221, "is 221 characters long"),
        ("memberships.csv", "started_on", "", "is missing"),
        ("memberships.csv", "started_on", "3/1/2025", "is not a date"),
        ("memberships.csv", "started_on", "31-2-2025", "is not a day of the calendar"),
        ("memberships.csv", "started_on", "0204-01-01", "has the year 204"),
        ("memberships.csv", "role", "boss", "is not one of the known ones"),
        ("skills.csv", "level", "6", "is outside the range"),
        ("skills.csv", "level", "4.5", "is not a whole number"),
        ("skills.csv", "last_used_on", "2099-01-01", "lies in the future"),
        ("posts.csv", "published_at", "2099-01-01", "lies in the future"),
        ("posts.csv", "published_at", "2025-01-01 25:00", "has no valid time of day"),
    ],
)  # fmt: skip
async def test_bad_cell_is_rejected_with_what_is_expected(
    office: Office, file: str, column: str, value: str, wrong: str
) -> None:
    stem = file.removesuffix(".csv")
    office.put(organisations={}, people={}, memberships={}, skills={}, posts={})
    office.put(**{stem: [{}, {column: value}]})
    kind = next(c.kind for f in FILES if f.name == file for c in f.columns if c.name == column)
    report = await office.load()
    assert counts(report)[file] == (1, 0, 0, 1)
    shown = value.replace("\0", "\ufffd")[:200]
    why = f"The value {wrong}. Expected: {kind.expects}."
    assert office.rejects() == [(file, "3", column, shown, why)]


async def test_row_with_several_bad_cells_is_one_rejected_row(office: Office) -> None:
    office.put(people={"email": "x", "name": "", "locale": "fr"})
    assert counts(await office.load()) == {"people.csv": (0, 0, 0, 1)}
    assert [reject[2] for reject in office.rejects()] == ["email", "locale", "name"]


async def test_malformed_records_are_rejected_by_line(office: Office) -> None:
    (office.folder / "people.csv").write_text(
        'email,name\na@x.example,"A\nA"\nb@x.example,"B\nc@x.example,"C"\nd@x.example,D\n'
        f'e@x.example\nf@x.example,F,F\n,\ng@x.example,"{"g" * 140_000}"\n'
        'h@x.example,H\ni@x.example,"I\n'
    )
    assert counts(await office.load()) == {"people.csv": (3, 0, 0, 5)}
    first_sentences = [
        (line, value, why.split(". ")[0]) for _, line, _, value, why in office.rejects()
    ]
    assert first_sentences == [
        ("4", "", "Lines 4 to 5 were skipped: the quotation marks do not pair up"),
        ("7", "e@x.example", "The row has 1 cells and the first line names 2 columns"),
        ("8", "f@x.example,F,F", "The row has 3 cells and the first line names 2 columns"),
        ("10", "", "Line 10 was skipped: a cell has more than 131,072 characters."),
        ("12", "", "Line 12 was skipped: the quotation marks do not pair up"),
    ]


async def test_later_duplicate_is_rejected_with_the_line_of_the_first(office: Office) -> None:
    office.put(
        organisations=[{}, {"name": "Again"}],
        people=[{"headline": "Two\nlines"}, {"email": "NOOR.DEKKER@rivierenstad.example"}],
        # The first has no author that is known, so that the second is no duplicate.
        posts=[{"author_email": "nobody@x.example"}, {}, {}],
        skills=[{}, {"skill": "Project Management"}],
    )
    report = await office.load()
    assert {file: row[3] for file, row in counts(report).items()} == {
        "organisations.csv": 1, "people.csv": 1, "skills.csv": 1, "posts.csv": 2,
    }  # fmt: skip
    assert [(file, line, why) for file, line, _, _, why in office.rejects()] == [
        ("organisations.csv", "3", "Line 2 already has the same slug. Keep one of the two."),
        ("people.csv", "4", "Line 2 already has the same e-mail address. Keep one of the two."),
        ("skills.csv", "3", "Line 2 already has the same person and skill. Keep one of the two."),
        ("posts.csv", "2", ("Nobody has this e-mail address, neither in the database nor among the rows"
         " of people.csv that were taken. Add the person, or correct the address.")),
        ("posts.csv", "4", "Line 3 already has the same organisation and key. Keep one of the two."),
    ]  # fmt: skip


async def test_references_may_be_in_the_database_or_else_are_rejected(office: Office) -> None:
    office.put(organisations={}, people={})
    await office.load()
    (office.folder / "people.csv").unlink()
    (office.folder / "organisations.csv").unlink()
    office.put(
        memberships=[{"email": "Noor.Dekker@Rivierenstad.example"}, {"organisation": "nowhere"}],
        strengths=[{}, {"organisation": "nowhere"}],
    )
    report = await office.load()
    assert counts(report) == {"memberships.csv": (1, 0, 0, 1), "strengths.csv": (1, 0, 0, 1)}
    assert office.rejects() == [
        (file, "3", "organisation", "nowhere", ("No organisation has this slug, neither in the"
         " database nor among the rows of organisations.csv that were taken. Add the organisation,"
         " or correct the slug."))
        for file in ("memberships.csv", "strengths.csv")
    ]  # fmt: skip


async def test_skills_are_found_in_both_languages_and_with_slips(office: Office) -> None:
    texts = ["Project Management", "kennismanagement", "civil engineerng", "ISO 9001",
             "goat yoga", "Pyton"]  # fmt: skip
    people = [{"email": f"p{number}@x.example"} for number in range(3)]
    skills = [{"email": p["email"], "skill": text} for p in people for text in texts]
    office.put(people=people, skills=[*skills[:-1]])
    report = await office.load()
    assert counts(report)["skills.csv"] == (9, 0, 0, 8)
    rows = await office.connection.fetch(
        "select distinct slug from person_skill join skill on skill.id = skill_id order by slug"
    )
    assert [row["slug"] for row in rows] == [
        "civil-engineering", "knowledge-management", "project-management",
    ]  # fmt: skip
    assert [(g.text, g.rows, g.label) for g in report.guessed_skills] == [
        ("civil engineerng", 3, "civil engineering")
    ]
    iso = ("implement-quality-management-systems", "quality-standards")
    assert report.unmatched_skills == (
        UnmatchedSkill("ISO 9001", 3, ambiguous=True, suggestions=iso),
        UnmatchedSkill("goat yoga", 3, ambiguous=False, suggestions=()),
        UnmatchedSkill("Pyton", 2, ambiguous=False, suggestions=("Python",)),
    )
    assert {(value, why) for _, _, _, value, why in office.rejects()} == {
        ("ISO 9001", (f"The text can mean several skills: {', '.join(iso)}. Write the label of the"
         " one meant.")),
        ("goat yoga", "The taxonomy has no such skill, and nothing close to it."),
        ("Pyton", "The taxonomy has no such skill. Nearest: Python."),
    }  # fmt: skip
    assert await counters.check(office.connection) == []


async def test_changed_row_updates_and_absent_columns_stay(office: Office) -> None:
    office.put(organisations={}, people={}, memberships={}, skills={}, strengths={}, posts={})
    await office.load()
    ids = await office.rows("id")
    (office.folder / "people.csv").write_text(
        f"email,name\n{GOOD['people.csv']['email']},N. Dekker\n"
    )
    office.put(
        organisations={"website": "", "kind": "Non-profit"},
        memberships={"ended_on": ""},
        skills={"level": "5"},
        strengths={"statement": ""},
        posts={"body": "Beter.", "audience": "organisation"},
    )
    report = await office.load()
    assert set(counts(report).values()) == {(0, 1, 0, 0)}
    assert await office.rows("id") == ids
    assert await counters.check(office.connection) == []
    row = await office.connection.fetchrow("""
        select person.name, headline, website, organisation.kind, ended_on, level, statement, body,
            edited_at is not null, member_count, post_count, organisation.last_post_id
        from person, organisation, membership, person_skill, organisation_strength, post
    """)
    assert tuple(row or ()) == (
        "N. Dekker", "Projectleider openbare ruimte", None, "NON_PROFIT", None, 5, "", "Beter.",
        True, 1, 0, None,
    )  # fmt: skip


async def test_time_of_an_imported_post_cannot_change(office: Office) -> None:
    office.put(organisations={}, people={}, posts={})
    await office.load()
    office.put(posts={"published_at": "2025-03-02"})
    assert counts(await office.load())["posts.csv"] == (0, 0, 0, 1)
    assert office.rejects() == [
        ("posts.csv", "2", "published_at", "2025-03-02 00:00:00+00", ("The post was imported as"
         " published at 2025-03-01 09:30:00+00, and that cannot change. Restore the time, or leave"
         " the cell empty."))
    ]  # fmt: skip
    office.put(posts={"published_at": ""})
    assert counts(await office.load())["posts.csv"] == (0, 0, 1, 0)


async def test_one_current_membership_in_an_organisation(office: Office) -> None:
    open_since = [{"started_on": day, "ended_on": ""} for day in ("2020-01-01", "2021-01-01")]
    office.put(organisations={}, people={}, memberships=open_since)
    assert counts(await office.load())["memberships.csv"] == (1, 0, 0, 1)
    # The one in the database stays the current one, wherever it stands in the file.
    office.put(memberships=open_since[::-1])
    assert counts(await office.load())["memberships.csv"] == (0, 0, 1, 1)
    office.put(memberships=[open_since[1], {"ended_on": "2019-01-01", "started_on": "2020-1-1"}])
    assert counts(await office.load())["memberships.csv"] == (0, 0, 0, 2)
    assert [(line, column, why) for _, line, column, _, why in office.rejects()] == [
        ("2", "ended_on", ("The person already is a member of this organisation, since 2020-01-01."
         " Add that membership to the file with its ended_on, or use its started_on here.")),
        ("3", "started_on", ("The value is not a date. Expected: a date as 2025-03-31 or 31-3-2025,"
         " between 1900 and 2100.")),
    ]  # fmt: skip
    # One ends and the next begins, in any order of the rows.
    office.put(memberships=[open_since[1], open_since[0] | {"ended_on": "31-12-2020"}])
    assert counts(await office.load())["memberships.csv"] == (1, 1, 0, 0)
    office.put(memberships={"started_on": "2022-01-02", "ended_on": "2022-01-01"})
    await office.load()
    assert [reject[2:] for reject in office.rejects()] == [
        ("ended_on", "2022-01-01", "The value lies before started_on.")
    ]
    assert await counters.check(office.connection) == []


async def test_dry_run_reports_the_same_and_leaves_nothing(office: Office) -> None:
    office.put(organisations={}, people=[{}, {"email": "x"}], memberships={}, posts={})
    dry = await office.load(dry_run=True)
    assert await office.is_empty()
    assert len(office.rejects()) == 1
    assert dry.dry_run
    assert dry.files == (await office.load()).files


async def test_failure_leaves_nothing(office: Office) -> None:
    office.put(organisations={}, people={}, posts={})

    def fail(progress: Progress) -> None:
        if (progress.file, progress.phase) == ("posts.csv", Phase.COUNT):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await office.load(on_progress=fail)
    await office.connection.execute("create unique index by_someone_else on post (language)")
    office.put(posts=[{}, {"key": "2"}])
    with pytest.raises(DatabaseChanged, match=r"Nothing was imported; start it again\."):
        await office.load()
    assert await office.is_empty()
    assert sorted(os.listdir(office.folder)) == ["organisations.csv", "people.csv", "posts.csv"]


# Stops in the middle: people and organisations are written, memberships are not.
_STOPS = """
import asyncio, sys, time
from pathlib import Path
from db.imports.importing import import_files

def stop(progress):
    if progress.file == "memberships.csv" and progress.phase == "READ":
        print("in the middle", flush=True)
        time.sleep(60)

folder = Path(sys.argv[2])
asyncio.run(import_files(
    sys.argv[1], folder, dry_run=False, rejects=folder / "rejects.csv", on_progress=stop
))
"""


async def test_killed_import_leaves_nothing_and_can_be_repeated(office: Office) -> None:
    office.put(organisations={}, people={}, memberships={})
    process = subprocess.Popen(  # noqa: ASYNC220, S603
        [sys.executable, "-c", _STOPS, office.dsn, str(office.folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "in the middle\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert await office.is_empty()
    assert not (office.folder / "rejects.csv").exists()
    assert (await office.load()).changed == 3


async def test_two_imports_at_once_run_one_after_the_other(office: Office) -> None:
    reports = await asyncio.gather(*(
        office.load(SAMPLES, rejects=office.folder / f"{number}.csv")
        for number in range(2)
    ))  # fmt: skip
    assert sorted(report.changed for report in reports) == [0, 73]


async def test_broken_samples_show_two_bad_rows(office: Office) -> None:
    await office.load(SAMPLES / "broken")
    assert office.rejects() == [
        ("people.csv", "3", "email", "lotte.bergsteyn.rivierenstad.example", ("The value is not an"
         " e-mail address. Expected: an e-mail address such as name@organisation.example.")),
        ("skills.csv", "3", "level", "9", ("The value is outside the range. Expected: a whole number"
         " from 1 to 5 (aware to expert).")),
    ]  # fmt: skip


async def test_source_is_one_file_or_a_folder_with_files(office: Office) -> None:
    assert (await office.load(SAMPLES / "people.csv")).changed == 12
    names = "organisations.csv, people.csv, memberships.csv, skills.csv, strengths.csv, posts.csv"
    with pytest.raises(NothingToImport) as empty:
        await office.load()
    assert str(empty.value) == f"{office.folder} holds none of the files of an import: {names}."
    with pytest.raises(NothingToImport) as missing:
        await office.load(office.folder / "x")
    assert str(missing.value) == (
        f"{office.folder / 'x'} does not exist. Expected: a folder with {names}."
    )


async def test_rejects_must_have_a_place(office: Office) -> None:
    office.put(people={})
    for path, problem in (
        (office.folder / "no" / "r.csv", "No such file or directory"),
        (office.folder, "Is a directory"),
    ):
        with pytest.raises(ImportFailed) as failure:
            await office.load(rejects=path)
        assert str(failure.value) == (
            f"The rejects file {path} cannot be written: {problem}. Nothing was imported."
        )


async def test_five_thousand_people_import_in_seconds(office: Office) -> None:
    """Slow, and part of every run: tests/benchmarks/import_speed.py does it with 100,000."""
    write_files(office.folder, 5_000)
    phases: list[tuple[str, Phase]] = []
    started = time.perf_counter()
    report = await office.load(on_progress=lambda now: phases.append((now.file, now.phase)))
    seconds = time.perf_counter() - started
    assert [file.rows for file in report.files] == [100, 5_000, 5_000, 15_000]
    assert report.rejected < 50
    assert await counters.check(office.connection) == []
    assert list(dict.fromkeys(phases))[-4:] == [
        ("skills.csv", phase) for phase in (Phase.READ, Phase.MATCH, Phase.WRITE, Phase.COUNT)
    ]
    assert seconds < 30


def test_reading_takes_the_same_memory_for_any_number_of_rows(tmp_path: Path) -> None:
    peaks = []
    path = tmp_path / PEOPLE.name
    for people in (10_000, 30_000):
        rows = "".join(f"p{number}@x.example,Noor Dekker\n" for number in range(people))
        path.write_text(f"email,name\n{rows}")
        del rows
        tracemalloc.start()
        layout = reading.read_layout(path, PEOPLE)
        assert sum(len(c.rows) for c in reading.read_chunks(path, PEOPLE, layout)) == people
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_documentation_matches_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert render(text) == text, "run python -m db.imports.documenting"
