"""From staged rows to the tables, set by set: look up, refuse, update, insert.

Temporary tables of an import, all gone with its transaction: `import_<file>` has the rows as they
were read, `import_<file>_wanted` the same with what they refer to, `import_skill` the skill texts,
and `import_reject` everything that was refused. All names in the SQL are constants of `files.py`.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from db.imports.columns import Column, ImportFile
from db.imports.files import FILES, MEMBERSHIPS, POSTS
from db.imports.reading import SHOWN_MAX, Finding, Layout, staged_columns

_REJECT_COLUMNS = ("file", "line", "column_name", "value", "why")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file's staged rows."""

    inserted: int
    updated: int
    unchanged: int
    rejected: int


async def create_rejects(connection: asyncpg.Connection) -> None:
    """Make the table that collects what is refused; `file` is the place in FILES."""
    await connection.execute("""
        create temp table import_reject (
            file smallint, line integer, column_name text, value text, why text
        ) on commit drop
    """)


async def add_rejects(
    connection: asyncpg.Connection, file: ImportFile, findings: Sequence[Finding]
) -> None:
    """Record what the reader refused."""
    number = FILES.index(file)
    await connection.copy_records_to_table(
        "import_reject",
        records=[(number, f.line, f.column, f.value, f.why) for f in findings],
        columns=_REJECT_COLUMNS,
        schema_name="pg_temp",
    )


async def create_staging(connection: asyncpg.Connection, file: ImportFile, layout: Layout) -> None:
    """Make the table that the file's rows are copied to."""
    columns = ", ".join(f"{name} {sql}" for name, sql in staged_columns(layout))
    await connection.execute(f"create temp table import_{file.stem} ({columns}) on commit drop")


async def stage(
    connection: asyncpg.Connection,
    file: ImportFile,
    layout: Layout,
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Copy rows to the file's staging table."""
    await connection.copy_records_to_table(
        f"import_{file.stem}",
        records=rows,
        columns=[name for name, _ in staged_columns(layout)],
        schema_name="pg_temp",
    )


async def write(connection: asyncpg.Connection, file: ImportFile, layout: Layout) -> Written:
    """Bring the staged rows into the file's table; what cannot go there is rejected."""
    await connection.execute(f"analyze import_{file.stem}")
    await connection.execute(_wanted(file))
    await _reject_unknown(connection, file)
    await _reject_duplicates(connection, file)
    if file is MEMBERSHIPS:
        await _reject_second_current(connection, layout)
    if file is POSTS and layout.id_from is not None:
        await _reject_moved_posts(connection)
    await connection.execute(f"analyze import_{file.stem}_wanted")
    updated = await _update(connection, file, layout)
    inserted = _rows(await connection.execute(_insert(file, layout)))
    taken, rejected = await connection.fetchrow(  # type: ignore[misc] # an aggregate has a row
        "select count(*) filter (where taken), count(*) filter (where not taken)"
        f" from import_{file.stem}_wanted"
    )
    return Written(inserted, updated, taken - inserted - updated, rejected)


async def touched(connection: asyncpg.Connection, file: ImportFile, column: str) -> list[UUID]:
    """Give the ids in `column` that the file's rows were written for."""
    rows = await connection.fetch(
        f"select distinct {column} as id from import_{file.stem}_wanted where taken"
    )
    return [row["id"] for row in rows]


async def drop_staging(connection: asyncpg.Connection, file: ImportFile) -> None:
    """Free what the file's rows took before the next file is read."""
    await connection.execute(f"drop table import_{file.stem}, import_{file.stem}_wanted")


def _wanted(file: ImportFile) -> str:
    """Find what each row refers to, the row of the table that it stands for, and its duplicates."""
    references = "".join(f", {ref.found} as {ref.target}" for ref in file.references)
    joins = " ".join(f"left join {ref.join}" for ref in file.references)
    found = " and ".join(f"{ref.found} is not null" for ref in file.references) or "true"
    return f"""
        create temp table import_{file.stem}_wanted on commit drop as
        select wanted.*, coalesce(known and line = first_line, false) as taken from (
            select staged.*{references}, existing.id as existing_id, {found} as known,
                min(staged.line) filter (where {found})
                    over (partition by {", ".join(file.key)}) as first_line
            from import_{file.stem} staged {joins}
            left join {file.table} existing on {file.existing}
        ) wanted
    """


async def _reject_unknown(connection: asyncpg.Connection, file: ImportFile) -> None:
    for ref in file.references:
        await connection.execute(f"""
            insert into import_reject
            select {FILES.index(file)}, staged.line, '{ref.column}',
                left(staged.{ref.column}, {SHOWN_MAX}), {ref.missing}
            from import_{file.stem} staged left join {ref.join} where {ref.found} is null
        """)


async def _reject_duplicates(connection: asyncpg.Connection, file: ImportFile) -> None:
    # The file's first column is the one that people know the row by.
    column = file.columns[0].name
    await connection.execute(
        f"""
        insert into import_reject
        select {FILES.index(file)}, line, '{column}', left({column}, {SHOWN_MAX}),
            format('Line %s already has the same %s. Keep one of the two.', first_line, $1::text)
        from import_{file.stem}_wanted where known and not taken
        """,
        file.same,
    )


async def _reject_second_current(connection: asyncpg.Connection, layout: Layout) -> None:
    """Refuse memberships that would be the second current one of a person in an organisation."""
    # Without the column an existing membership stays as it is.
    names = {column.name for column in layout.known}
    ends = "wanted.ended_on" if "ended_on" in names else "existing.ended_on"
    await connection.execute(f"""
        with current as (
            select wanted.*, first_value(wanted.line) over (
                partition by wanted.person_id, wanted.organisation_id
                order by existing.id is not null and existing.ended_on is null desc, wanted.line
            ) as current_line
            from import_memberships_wanted wanted
            left join membership existing on existing.id = wanted.existing_id
            where wanted.taken and {ends} is null
        ), refused as (
            select line, email, format(
                'Line %s already is the current membership of this person in this organisation.'
                ' Give one of the two an ended_on.', current_line
            ) as why
            from current where line <> current_line
            union all
            select current.line, current.email, format(
                'The person already is a member of this organisation, since %s. Add that membership'
                ' to the file with its ended_on, or use its started_on here.', other.started_on
            )
            from current join membership other
                on (other.person_id, other.organisation_id)
                 = (current.person_id, current.organisation_id)
            where line = current_line and other.ended_on is null
              and other.id is distinct from current.existing_id
              and not exists (
                select from import_memberships_wanted wanted
                where wanted.taken and wanted.existing_id = other.id
            )
        ), marked as (
            update import_memberships_wanted wanted set taken = false
            from refused where refused.line = wanted.line
        )
        insert into import_reject
        select {FILES.index(MEMBERSHIPS)}, line, 'ended_on', '', why from refused
    """)


async def _reject_moved_posts(connection: asyncpg.Connection) -> None:
    """Refuse another time of publication: a post's id, which others refer to, is made from it."""
    await connection.execute(f"""
        with refused as (
            update import_posts_wanted wanted set taken = false from post existing
            where wanted.taken and existing.id = wanted.existing_id
              and wanted.published_at <> existing.created_at
            returning wanted.line, wanted.published_at, existing.created_at
        )
        insert into import_reject
        select {FILES.index(POSTS)}, line, 'published_at', published_at::text, format(
            'The post was imported as published at %s, and that cannot change. Restore the time, or'
            ' leave the cell empty.', created_at
        ) from refused
    """)


async def _update(connection: asyncpg.Connection, file: ImportFile, layout: Layout) -> int:
    columns = [
        (column.target, f"wanted.{column.name}")
        for column in layout.known
        if column.target and not column.fixed
    ]
    # What a row refers to without being known by it, such as the author of a post.
    columns += [
        (ref.target, f"wanted.{ref.target}") for ref in file.references if ref.found not in file.key
    ]
    if not columns:
        return 0
    assignments = [f"{target} = {value}" for target, value in columns]
    if file.on_update:
        assignments.append(file.on_update)
    # A membership ends before another becomes the current one.
    ends = any(target == "ended_on" for target, _ in columns)
    steps = ("wanted.ended_on is not null", "wanted.ended_on is null") if ends else ("true",)
    updated = 0
    for step in steps:
        status = await connection.execute(f"""
            update {file.table} existing set {", ".join(assignments)}
            from import_{file.stem}_wanted wanted
            where wanted.taken and existing.id = wanted.existing_id and {step}
              and ({", ".join(f"existing.{target}" for target, _ in columns)})
                is distinct from ({", ".join(value for _, value in columns)})
        """)
        updated += _rows(status)
    return updated


def _insert(file: ImportFile, layout: Layout) -> str:
    values = {ref.target: f"wanted.{ref.target}" for ref in file.references}
    values |= {column.target: _new(column) for column in layout.known if column.target}
    if layout.id_from is not None:
        values["id"] = "coalesce(wanted.id, uuidv7())"
    return f"""
        insert into {file.table} ({", ".join(values)})
        select {", ".join(values.values())} from import_{file.stem}_wanted wanted
        where taken and existing_id is null order by line
    """


def _new(column: Column) -> str:
    return column.insert_as or f"wanted.{column.name}"


def _rows(status: str) -> int:
    """Give the number of rows from a status such as INSERT 0 12."""
    return int(status.rsplit(" ", 1)[-1])
