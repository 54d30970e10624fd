"""Every sentence that a person reads, in both languages: `texts/<domain>.toml`.

    [body_too_long]
    en = "A post has at most {limit} characters."
    nl = "Een bericht heeft hoogstens {limit} tekens."

is `say("posts.body_too_long", Locale.NL, limit=5000)`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from db.tables.people import Locale

FOLDER = Path(__file__).with_name("texts")


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Give all texts by key, each by language (`en`, `nl`); read once, when first asked for."""
    return {
        f"{path.stem}.{name}": wordings
        for path in sorted(FOLDER.glob("*.toml"))
        for name, wordings in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def say(key: str, locale: Locale, **values: Any) -> str:
    """Give a text in a language, whole numbers and days as that language writes them.

    Raises:
        KeyError: There is no such text, or a value that it needs is missing.
    """
    shown = {name: _shown(value, locale) for name, value in values.items()}
    return texts()[key][locale.value.lower()].format(**shown)


def day(value: date, locale: Locale) -> str:
    """Give a day as a language writes it: 31-01-2027, or 31 January 2027."""
    return f"{value:%d-%m-%Y}" if locale is Locale.NL else f"{value.day} {value:%B %Y}"


def _shown(value: Any, locale: Locale) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value, locale)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return f"{value:,}".replace(",", "." if locale is Locale.NL else ",")
