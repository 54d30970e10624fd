from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.taxonomy import DATA, Changes, TaxonomyError, fold, load_taxonomy, read_taxonomy

Edit = Callable[[list[dict[str, str]]], list[dict[str, str]]]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("  Een   Team leiden! ", "een team leiden", id="spaces-case-punctuation"),
        pytest.param("Financiën, audit", "financien audit", id="accents"),
        pytest.param("cafe\u0301", "cafe", id="decomposed"),
        pytest.param("Ærø og Łódź", "aero og lodz", id="letters-without-decomposition"),
        pytest.param("Straße", "strasse", id="casefold"),
        pytest.param("CO₂-reductie", "co2 reductie", id="compatibility"),
        pytest.param("foto\u2019s", "fotos", id="apostrophe"),
        pytest.param("samen\u00adwerken\u200b", "samenwerken", id="invisible"),
        pytest.param("snake_case", "snake case", id="underscore"),
        pytest.param("C++", "c++", id="plus-plus"),
        pytest.param("c#", "c#", id="sharp"),
        pytest.param("C++/C#", "c++ c#", id="slash"),
        pytest.param(".NET", ".net", id="leading-dot"),
        pytest.param("Node.js", "node.js", id="inner-dot"),
        pytest.param("ASP.NET.", "asp.net", id="final-dot"),
        pytest.param("industrie 4.0", "industrie 4.0", id="number"),
        pytest.param("m.e.r.", "mer", id="initials"),
        pytest.param("R & D", "r&d", id="initials-with-ampersand"),
        pytest.param("Mens & werk", "mens werk", id="ampersand-between-words"),
        pytest.param("ESF+", "esf+", id="final-plus"),
        pytest.param("a + b # c", "a b c", id="signs-apart"),
        pytest.param("…!?", "", id="nothing"),
    ],
)
def test_fold_keeps_what_carries_meaning(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_of_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "Zs"])))
def test_fold_ignores_case_and_spacing(text: str) -> None:
    assert fold(f"  {text.upper()}\t") == fold(text)


def test_the_files_are_consistent_and_carry_their_notice() -> None:
    taxonomy = read_taxonomy()
    assert len(taxonomy.skills) > 1_000
    assert {fold(label) for _, _, label, _, _ in taxonomy.terms} == {
        folded for _, _, _, folded, _ in taxonomy.terms
    }
    assert "ESCO" in (DATA / "NOTICE.md").read_text(encoding="utf-8")


async def test_second_load_changes_nothing_and_is_fast(
    scratch_connection: asyncpg.Connection,
) -> None:
    before = await _rows(scratch_connection)
    # Processor time: on a quiet machine the whole takes 0.13 s, on a busy one anything.
    started = time.process_time()
    summary = await load_taxonomy(scratch_connection)
    seconds = time.process_time() - started
    assert not summary.changed
    assert summary.kept_skills == ()
    assert summary.skills == Changes(0, 0, 0, unchanged=len(read_taxonomy().skills))
    assert await _rows(scratch_connection) == before
    assert seconds < 0.5


async def test_domains_and_clusters_keep_the_order_of_the_file(
    scratch_connection: asyncpg.Connection,
) -> None:
    taxonomy = read_taxonomy()
    for table, slugs in (
        ("skill_domain", [row[0] for row in taxonomy.domains]),
        ("skill_cluster", [row[1] for row in taxonomy.clusters]),
    ):
        rows = await scratch_connection.fetch(f"select slug from {table} order by position")
        assert [row["slug"] for row in rows] == slugs


async def test_labels_of_both_languages_are_preferred_terms(
    scratch_connection: asyncpg.Connection,
) -> None:
    rows = await scratch_connection.fetch("""
        select language, label, folded, preferred from skill_term
        join skill on skill.id = skill_id where slug = 'project-management'
        order by language, preferred desc, label
    """)
    assert [tuple(row) for row in rows] == [
        ("EN", "project management", "project management", True),
        ("EN", "PM", "pm", False),
        ("NL", "projectmanagement", "projectmanagement", True),
        ("NL", "PM", "pm", False),
        ("NL", "projectleiding", "projectleiding", False),
    ]


async def test_changed_files_change_rows_and_ids_stay(
    scratch_connection: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await _ids(scratch_connection)

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows:
            if row["slug"] == "python":
                row.update(label_nl="Python programmeren", aliases_en="Py")
            if row["slug"] == "geodesy":  # Known again by its ESCO URI.
                row["slug"] = "land-surveying-science"
        return [row for row in rows if row["slug"] != "typography"]

    folder = _copy(tmp_path, "skills.csv", change)
    _edit(folder / "relations.csv", lambda rows: _without(_renamed(rows), "typography")[1:])
    summary = await load_taxonomy(scratch_connection, folder=folder)
    after = await _ids(scratch_connection)
    assert after.pop("land-surveying-science") == before.pop("geodesy")
    assert after == before
    assert summary.skills.inserted == 0
    assert summary.skills.updated == 1
    assert summary.relations.removed == 1
    assert summary.kept_skills == ("typography",)
    terms = await scratch_connection.fetch(
        "select label from skill_term join skill on skill.id = skill_id where slug = 'python'"
        " order by label"
    )
    assert [row["label"] for row in terms] == ["Py", "Python", "Python programmeren"]
    assert not (await load_taxonomy(scratch_connection, folder=folder)).changed


async def test_an_esco_uri_may_move_to_another_skill(
    scratch_connection: asyncpg.Connection, tmp_path: Path
) -> None:
    uris = {row[1]: row[5] for row in read_taxonomy().skills}
    swapped = {"python": uris["java"], "java": uris["python"]}

    def swap(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows:
            row["esco_uri"] = swapped.get(row["slug"]) or row["esco_uri"]
        return rows

    await load_taxonomy(scratch_connection, folder=_copy(tmp_path, "skills.csv", swap))
    rows = await scratch_connection.fetch(
        "select slug, esco_uri from skill where slug in ('python', 'java')"
    )
    assert {row["slug"]: row["esco_uri"] for row in rows} == swapped


@pytest.mark.parametrize(
    ("file", "edit", "problem"),
    [
        pytest.param(
            "domains.csv",
            lambda rows: [*rows, rows[0]],
            "domains.csv: 'leadership-change' stands there twice.",
            id="slug-twice",
        ),
        pytest.param(
            "skills.csv",
            lambda rows: [rows[0] | {"cluster": "nowhere"}, *rows[1:]],
            "skills.csv, line 2: domain 'leadership-change' has no cluster 'nowhere'.",
            id="unknown-cluster",
        ),
        pytest.param(
            "skills.csv",
            lambda rows: [rows[0] | {"kind": "talent"}, *rows[1:]],
            "skills.csv, line 2: kind 'talent' is none of SKILL, KNOWLEDGE, LANGUAGE, TRANSVERSAL.",
            id="unknown-kind",
        ),
        pytest.param(
            "relations.csv",
            lambda rows: [rows[0] | {"target_slug": "nothing"}, *rows[1:]],
            "relations.csv: 'nothing' is not a known slug.",
            id="unknown-skill",
        ),
        pytest.param(
            "relations.csv",
            lambda rows: [rows[0] | {"target_slug": rows[0]["source_slug"]}, *rows[1:]],
            "relations.csv, line 2: '3d-printing' relates to itself.",
            id="itself",
        ),
    ],
)
def test_contradicting_files_are_refused(
    tmp_path: Path, file: str, edit: Edit, problem: str
) -> None:
    with pytest.raises(TaxonomyError) as refusal:
        read_taxonomy(_copy(tmp_path, file, edit))
    assert str(refusal.value) == problem


async def _ids(connection: asyncpg.Connection) -> dict[str, UUID]:
    rows = await connection.fetch("select slug, id from skill")
    return {row["slug"]: row["id"] for row in rows}


async def _rows(connection: asyncpg.Connection) -> list[list[asyncpg.Record]]:
    # xmin tells whether a row was written, even when it looks the same.
    return [
        await connection.fetch(f"select xmin, * from {table} order by id")
        for table in ("skill_domain", "skill_cluster", "skill", "skill_term", "skill_relation")
    ]


def _copy(tmp_path: Path, file: str, edit: Edit) -> Path:
    folder = tmp_path / "taxonomy"
    shutil.copytree(DATA, folder)
    _edit(folder / file, edit)
    return folder


def _edit(path: Path, edit: Edit) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(edit(rows))


def _renamed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    names = {"geodesy": "land-surveying-science"}
    return [{key: names.get(value, value) for key, value in row.items()} for row in rows]


def _without(rows: list[dict[str, str]], slug: str) -> list[dict[str, str]]:
    return [row for row in rows if slug not in row.values()]
