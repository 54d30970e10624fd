"""The skill texts of staged rows: each distinct text is matched once, for a whole file."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg

from db.imports.columns import ImportFile
from db.imports.report import SKILL_TEXTS_MAX, GuessedSkill, UnmatchedSkill
from db.skill_matching import How, NoMatch, SkillMatch, match_skills

CHUNK = 1_000
_COLUMNS = ("text", "skill_id", "similarity", "ambiguous", "labels", "why")


async def create_skill_texts(connection: asyncpg.Connection) -> None:
    """Make the table of texts; `similarity` is null unless the match is a guess."""
    await connection.execute("""
        create temp table import_skill (
            text text primary key, skill_id uuid, similarity float8, ambiguous boolean,
            labels text[], why text, rows bigint not null default 0
        ) on commit drop
    """)


async def match_texts(
    connection: asyncpg.Connection, file: ImportFile, on_progress: Callable[[int, int], None]
) -> None:
    """Match the texts in the file's staged rows that were not seen before, and count their rows."""
    # All names are constants of `files.py`.
    new = f"""
        select distinct staged.skill as text from import_{file.stem} staged
        where not exists (select from import_skill known where known.text = staged.skill)
    """  # noqa: S608
    total = await connection.fetchval(f"select count(*) from ({new}) as new")  # noqa: S608
    done = 0
    while rows := await connection.fetch(f"{new} limit {CHUNK}"):
        texts = [row["text"] for row in rows]
        matches = await match_skills(connection, texts)
        await connection.copy_records_to_table(
            "import_skill",
            records=[_record(text, matches[text]) for text in texts],
            columns=_COLUMNS,
            schema_name="pg_temp",
        )
        done += len(texts)
        on_progress(done, total)
    await connection.execute(f"""
        update import_skill known set rows = known.rows + staged.rows
        from (select skill, count(*) as rows from import_{file.stem} group by skill) staged
        where known.text = staged.skill
    """)  # noqa: S608
    await connection.execute("analyze import_skill")


async def unmatched_skills(connection: asyncpg.Connection) -> tuple[UnmatchedSkill, ...]:
    """Give the texts that mean no one skill, most frequent first."""
    rows = await connection.fetch(
        "select text, rows, ambiguous, labels from import_skill where skill_id is null"
        ' order by rows desc, text collate "C" limit $1',
        SKILL_TEXTS_MAX,
    )
    return tuple(
        UnmatchedSkill(row["text"], row["rows"], row["ambiguous"], tuple(row["labels"]))
        for row in rows
    )


async def guessed_skills(connection: asyncpg.Connection) -> tuple[GuessedSkill, ...]:
    """Give the texts that were matched by similarity, most frequent first."""
    rows = await connection.fetch(
        "select text, rows, labels[1] as label, similarity from import_skill"
        ' where similarity is not null order by rows desc, text collate "C" limit $1',
        SKILL_TEXTS_MAX,
    )
    return tuple(
        GuessedSkill(row["text"], row["rows"], row["label"], row["similarity"]) for row in rows
    )


def _record(text: str, match: SkillMatch | NoMatch) -> tuple[object, ...]:
    if isinstance(match, SkillMatch):
        guessed = match.similarity if match.how is How.SIMILAR else None
        return text, match.skill_id, guessed, False, [match.label], None
    labels = [suggestion.label for suggestion in match.suggestions]
    if match.ambiguous:
        slugs = ", ".join(suggestion.slug for suggestion in match.suggestions)
        why = f"The text can mean several skills: {slugs}. Write the label of the one meant."
        labels = [suggestion.slug for suggestion in match.suggestions]
    elif labels:
        why = f"The taxonomy has no such skill. Nearest: {', '.join(labels)}."
    else:
        why = "The taxonomy has no such skill, and nothing close to it."
    return text, None, None, match.ambiguous, labels, why
