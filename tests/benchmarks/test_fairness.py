"""The benchmark's own rules: what counts as the same answer, and what the limit really runs."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from tests.benchmarks.agreement import Json, differences, normalised
from tests.benchmarks.pgbench import as_text, without_colons
from tests.benchmarks.processes import BenchmarkError
from tests.benchmarks.tools import PEERS

KEY = "0199aaaa-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param({"id": f"pst_{KEY}"}, {"id": KEY}, id="prefixed id"),
        pytest.param(
            {"createdAt": "2026-11-23T10:00:00.123456+00:00"},
            {"createdAt": "2026-11-23T10:00:00.123Z"},
            id="time in milliseconds",
        ),
        pytest.param({"cursor": "a"}, {"cursor": "b"}, id="opaque cursor"),
        pytest.param(
            {"viewerReaction": "LIKE"},
            {"viewerReaction_first": {"nodes": [{"kind": "LIKE"}]}},
            id="first of a list, its only field",
        ),
        pytest.param({"author": None}, {"author_first": []}, id="first of none"),
        pytest.param(
            {"viewerFollows": True}, {"viewerFollows_any": {"nodes": [{"rowId": 1}]}}, id="any"
        ),
    ],
)
def test_same_answer_in_other_words_agrees(ours: Json, theirs: Json) -> None:
    assert differences(normalised(ours), normalised(theirs)) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param({"nodes": [1, 2]}, {"nodes": [2, 1]}, id="order"),
        pytest.param({"nodes": [1, 2]}, {"nodes": [1]}, id="length"),
        pytest.param({"name": "a"}, {"name": None}, id="null"),
        pytest.param({"name": "a"}, {"title": "a"}, id="other field"),
        pytest.param({"endCursor": "a"}, {"endCursor": None}, id="cursor missing"),
        pytest.param({"n": True}, {"n": 1}, id="truth is no number"),
    ],
)
def test_another_answer_is_a_difference(ours: Json, theirs: Json) -> None:
    assert differences(normalised(ours), normalised(theirs))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "t"),
        (20, "20"),
        (UUID(KEY), KEY),
        (b"\x01\xff", "\\x01ff"),
        ([UUID(KEY), None], f"{{{KEY},NULL}}"),
    ],
)
def test_values_reach_pgbench_as_postgres_writes_them(value: object, text: str | None) -> None:
    assert as_text(value) == text


def test_a_list_of_text_that_needs_quoting_is_refused() -> None:
    with pytest.raises(BenchmarkError):
        as_text(["a,b"])


def test_pgbench_finds_no_variable_in_a_literal() -> None:
    sql = "select 'HH24:MI', 'it''s', $1::uuid, ': '"
    assert without_colons(sql) == "select ('HH24' || chr(58) || 'MI'), 'it''s', $1::uuid, ': '"


def test_the_lock_of_the_peers_names_no_registry() -> None:
    packages = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    for package in packages.values():
        package.pop("funding", None)
    assert "://" not in json.dumps(packages)
    assert all("integrity" in package for name, package in packages.items() if name)
