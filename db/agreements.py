"""What an agreement says, in one fixed form: to be compared, and to be signed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from db.tables.exchanges import RECALL_DAYS, AgreementField
from db.tables.listings import ListingForm, ListingTerms

FORM = "Talent Commons agreement 1"
# As the graph begins ids; `schema.agreements` makes sure of it.
EXCHANGE_PREFIX, ORGANISATION_PREFIX = "exc", "org"
PREFIXES = {
    AgreementField.SKILLS: "skl",
    AgreementField.PERSONS: "per",
    AgreementField.PLACE: "plc",
    AgreementField.AIMS: "skl",
}
COLUMNS: Mapping[AgreementField, str] = {
    AgreementField.FORM: "form",
    AgreementField.SKILLS: "skill_ids",
    AgreementField.PERSONS: "person_ids",
    AgreementField.HOURS_PER_WEEK: "hours_per_week",
    AgreementField.HOURS_TOTAL: "hours_total",
    AgreementField.STARTS_ON: "starts_on",
    AgreementField.ENDS_ON: "ends_on",
    AgreementField.PLACE: "place_id",
    AgreementField.IS_REMOTE: "is_remote",
    AgreementField.TERMS: "terms",
    AgreementField.RATE_CENTS: "rate_cents",
    AgreementField.AIMS: "aim_ids",
    AgreementField.RECALL_DAYS: "recall_days",
    AgreementField.BACKFILL: "backfill",
    AgreementField.CONFIDENTIALITY: "confidentiality",
    AgreementField.TEXT: "body",
}


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """All that a version says, under the names of its columns."""

    form: ListingForm
    skill_ids: tuple[UUID, ...] = ()
    person_ids: tuple[UUID, ...] = ()
    hours_per_week: int | None = None
    hours_total: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place_id: UUID | None = None
    is_remote: bool = False
    terms: ListingTerms = ListingTerms.FREE
    rate_cents: int | None = None
    aim_ids: tuple[UUID, ...] = ()
    recall_days: int = RECALL_DAYS
    backfill: str = ""
    confidentiality: str = ""
    body: str = ""

    def columns(self) -> dict[str, Any]:
        """Give the values to be stored, by column."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
        }


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Between whom an agreement is, as they are called when a version is written."""

    exchange_id: UUID
    lender_id: UUID
    lender: str
    borrower_id: UUID
    borrower: str


@dataclass(frozen=True)
class Sealed:
    """A version in its fixed form, and the SHA-256 of that in hexadecimal."""

    canonical: str
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content_hash", sha256(self.canonical.encode()).hexdigest())


def read(row: Mapping[str, Any]) -> Agreement:
    """Give what a row of `agreement_version` says."""
    values: dict[str, Any] = {each.name: row[each.name] for each in fields(Agreement)}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Agreement(**values)


def seal(parties: Parties, number: int, agreement: Agreement) -> Sealed:
    """Give the fixed form of a version: JSON in UTF-8, the keys in the order of AgreementField.

    Organisations are in it by id and name, people by id alone: their names are with their
    signatures, and go when somebody is erased.
    """
    said: dict[str, Any] = {
        "form": FORM,
        "exchange": f"{EXCHANGE_PREFIX}_{parties.exchange_id}",
        "version": number,
        "lender": [f"{ORGANISATION_PREFIX}_{parties.lender_id}", parties.lender],
        "borrower": [f"{ORGANISATION_PREFIX}_{parties.borrower_id}", parties.borrower],
        "agreed": {part.value: _plain(agreement, part) for part in AgreementField},
    }
    return Sealed(json.dumps(said, ensure_ascii=False, indent=1))


def changes(before: Agreement, after: Agreement) -> list[dict[str, str | None]]:
    """Give what differs, part by part in the order of AgreementField: values in words, ids as in the graph."""
    return [
        {"field": part.value, "before": _words(before, part), "after": _words(after, part)}
        for part in AgreementField
        if _plain(before, part) != _plain(after, part)
    ]


def _plain(agreement: Agreement, part: AgreementField) -> object:
    """Give one part as JSON has it; the order of lists says nothing."""
    value = getattr(agreement, COLUMNS[part])
    if isinstance(value, tuple):
        return sorted(f"{PREFIXES[part]}_{key}" for key in value)
    if isinstance(value, UUID):
        return f"{PREFIXES[part]}_{value}"
    return value.isoformat() if isinstance(value, date) else value


def _words(agreement: Agreement, part: AgreementField) -> str | None:
    value = _plain(agreement, part)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None or value == "" else str(value)
