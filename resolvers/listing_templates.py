"""What an editor of listings begins with, for each side of the market and each form."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from db.tables.listings import ListingForm, ListingKind
from db.tables.people import Locale

FILE = Path(__file__).with_name("data") / "listing_templates.toml"


@dataclass(frozen=True, kw_only=True)
class Template:
    """The beginning of a listing in one language; what stands in [brackets] is to be replaced."""

    kind: ListingKind
    form: ListingForm
    language: Locale
    title: str
    body: str
    hours_per_week: int | None
    hours_total: int | None
    aim_hints: Sequence[str]


@cache
def templates() -> Sequence[Template]:
    """Give all of them, sides and forms in the order of the ladder; read once, when first asked for."""
    kept = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [
        Template(
            kind=kind,
            form=form,
            language=language,
            title=said["title"],
            body=said["body"].strip(),
            hours_per_week=common.get("hours_per_week"),
            hours_total=common.get("hours_total"),
            aim_hints=tuple(said["aims"]),
        )
        for kind in ListingKind
        for form in ListingForm
        for common in (kept[kind.value][form.value],)
        for language in Locale
        for said in (common[language.value.lower()],)
    ]
