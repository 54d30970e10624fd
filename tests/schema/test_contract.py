"""The contract is written down as it is, described throughout, and broken only knowingly."""

from __future__ import annotations

import pytest

from schema.build import SDL_FILE, build_schema
from schema.contract import LISTED_FILE, RELEASED_FILE, breaking_changes, unlisted_changes

OLD = "type Query { a(x: Int): String b: Int! }"


def test_the_written_contract_is_the_real_one() -> None:
    assert SDL_FILE.read_text(encoding="utf-8") == build_schema().as_str() + "\n"


def test_no_change_breaks_clients_unlisted() -> None:
    released = RELEASED_FILE.read_text(encoding="utf-8")
    listed = LISTED_FILE.read_text(encoding="utf-8")
    assert unlisted_changes(released, build_schema().as_str(), listed) == []


@pytest.mark.parametrize(
    ("new", "breaks"),
    [
        pytest.param("type Query { a(x: Int): String b: Int! c: Int }", False, id="field added"),
        pytest.param("type Query { a(x: Int): String }", True, id="field removed"),
        pytest.param("type Query { a(x: Int): String b: Int }", True, id="made nullable"),
        pytest.param("type Query { a(x: Int!): String b: Int! }", True, id="argument required"),
    ],
)
def test_breaking_changes_are_found(new: str, *, breaks: bool) -> None:
    assert bool(breaking_changes(OLD, new)) is breaks


def test_a_listed_change_needs_a_reason() -> None:
    new = "type Query { a(x: Int): String }"
    (change,) = breaking_changes(OLD, new)
    assert unlisted_changes(OLD, new, f"{change} | nobody used it") == []
    assert unlisted_changes(OLD, new, f"{change} | ") == [change]
    assert unlisted_changes(OLD, new, "") == [change]
