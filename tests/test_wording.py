"""Every sentence that a person reads is there in both languages, and both say the same."""

from __future__ import annotations

from string import Formatter

import pytest

from db.tables.people import Locale
from resolvers.wording import say, texts


def blanks(wording: str) -> set[str]:
    """Give the names of the values that a text takes."""
    return {name for _, name, _, _ in Formatter().parse(wording) if name}


@pytest.mark.parametrize("key", sorted(texts()))
def test_a_text_is_written_in_both_languages(key: str) -> None:
    wordings = texts()[key]
    assert set(wordings) == {"en", "nl"}
    assert all(wording.strip() for wording in wordings.values())
    assert blanks(wordings["en"]) == blanks(wordings["nl"])


def test_a_mail_has_a_subject_and_a_body() -> None:
    parts = {
        ending: {key.removesuffix(ending) for key in texts() if key.endswith(ending)}
        for ending in ("_subject", "_body")
    }
    assert parts["_subject"] == parts["_body"]
    for template in parts["_subject"]:
        assert "\n" not in texts()[f"{template}_subject"]["en"].strip()


def test_numbers_are_written_as_the_language_does() -> None:
    assert "1,200" in say("common.text_too_long", Locale.EN, limit=1200, actual=1300)
    assert "1.200" in say("common.text_too_long", Locale.NL, limit=1200, actual=1300)
