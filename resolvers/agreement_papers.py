"""An agreement as a paper in words: what it says, its hash, and who signed it, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.tables.exchanges import AgreementField
from db.tables.people import Locale
from resolvers.acting import Connection
from resolvers.seeing import sees
from resolvers.wording import day, say

PAPERS_PATH = "/agreements/"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
VERSION = """
select v.*, e.lender_id, e.borrower_id, l.name as lender, b.name as borrower, p.name as place,
  array(select case when $2 then s.label_nl else s.label_en end from skill s
        where s.id = any(v.skill_ids) order by 1) as skills,
  array(select case when $2 then s.label_nl else s.label_en end from skill s
        where s.id = any(v.aim_ids) order by 1) as aims,
  array(select n.name from person n where n.id = any(v.person_ids) order by n.name, n.id) as people
from agreement_version v join exchange e on e.id = v.exchange_id
join organisation l on l.id = e.lender_id join organisation b on b.id = e.borrower_id
left join place p on p.id = v.place_id
where v.id = $1
"""
SIGNATURES = """
select side, name, created_at, voided_at, content_hash from agreement_signature
where version_id = $1 order by id
"""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature in words."""

    side: str
    name: str
    when: str
    is_void: bool


@dataclass(frozen=True, kw_only=True)
class Paper:
    """All that is printed; the same rows give the same paper."""

    locale: Locale
    title: str
    # What each part is called, and what it says.
    lines: tuple[tuple[str, str], ...]
    signatures_title: str
    signatures: tuple[Signed, ...]
    nobody_signed: str
    void: str
    hash_title: str
    content_hash: str
    canonical_title: str
    canonical: str


async def paper_for(
    connection: Connection, viewer_id: UUID, version_id: UUID, locale: Locale
) -> Paper | None:
    """Give a version as a paper; None when there is none that the viewer may see."""
    row: Any = await connection.fetchrow(VERSION, version_id, locale is Locale.NL)
    if row is None or not await sees(connection, viewer_id, "exchange", row["exchange_id"]):
        return None
    signed: Any = await connection.fetch(SIGNATURES, version_id)
    return Paper(
        locale=locale,
        title=say(
            "agreements.title",
            locale,
            lender=row["lender"],
            borrower=row["borrower"],
            number=row["number"],
        ),
        lines=tuple(
            (say(f"agreements.part_{part.value.lower()}", locale), text)
            for part in AgreementField
            if (text := _text(row, part, locale))
        ),
        signatures_title=say("agreements.signatures", locale),
        signatures=tuple(
            Signed(
                side=say(f"agreements.side_{one['side'].lower()}", locale),
                name=one["name"],
                when=_moment(one["created_at"], locale),
                is_void=one["voided_at"] is not None,
            )
            for one in signed
        ),
        nobody_signed=say("agreements.nobody_signed", locale),
        void=say("agreements.void", locale),
        hash_title=say("agreements.hash", locale),
        content_hash=row["content_hash"],
        canonical_title=say("agreements.canonical", locale),
        canonical=row["canonical"],
    )


def _text(row: Mapping[str, Any], part: AgreementField, locale: Locale) -> str:
    """Give what an agreement says of one part; empty for nothing."""
    column, said = SAID[part]
    value = row[column]
    return "" if value is None else said(value, locale)


def _joined(names: Sequence[str], _: Locale) -> str:
    return ", ".join(names)


def _plain(value: object, _: Locale) -> str:
    return str(value)


def _moment(moment: datetime, locale: Locale) -> str:
    here = moment.astimezone(AMSTERDAM)
    return f"{day(here.date(), locale)} {here:%H:%M:%S %Z}"


def _euros(cents: int, locale: Locale) -> str:
    amount = f"€ {cents / 100:.2f}"
    return amount.replace(".", ",") if locale is Locale.NL else amount


def _named(kind: str) -> Callable[[str, Locale], str]:
    return lambda value, locale: say(f"agreements.{kind}_{value.lower()}", locale)


# The column of each part, and how it is said.
SAID: Mapping[AgreementField, tuple[str, Callable[[Any, Locale], str]]] = {
    AgreementField.FORM: ("form", _named("form")),
    AgreementField.SKILLS: ("skills", _joined),
    AgreementField.PERSONS: ("people", _joined),
    AgreementField.HOURS_PER_WEEK: ("hours_per_week", _plain),
    AgreementField.HOURS_TOTAL: ("hours_total", _plain),
    AgreementField.STARTS_ON: ("starts_on", day),
    AgreementField.ENDS_ON: ("ends_on", day),
    AgreementField.PLACE: ("place", _plain),
    AgreementField.IS_REMOTE: (
        "is_remote",
        lambda value, locale: say("agreements.yes", locale) if value else "",
    ),
    AgreementField.TERMS: ("terms", _named("terms")),
    AgreementField.RATE_CENTS: ("rate_cents", _euros),
    AgreementField.AIMS: ("aims", _joined),
    AgreementField.RECALL_DAYS: (
        "recall_days",
        lambda value, locale: say("agreements.days", locale, count=value),
    ),
    AgreementField.BACKFILL: ("backfill", _plain),
    AgreementField.CONFIDENTIALITY: ("confidentiality", _plain),
    AgreementField.TEXT: ("body", _plain),
}
