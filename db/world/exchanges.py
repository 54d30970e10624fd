"""Exchanges of the story, one or more in each state, with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson

from db import agreements
from db.agreements import Agreement, Parties
from db.tables.exchanges import ExchangeSide, ExchangeStatus, ExchangeStep
from db.tables.listings import ListingForm, ListingTerms
from db.world.clock import DAY, HOUR, RANDOM_BITS, make_id, to_moment
from db.world.model import Organisation, Person, Setting

S = ExchangeStatus
# How far an exchange has come, in steps.
_COME_TO: Mapping[ExchangeStatus, tuple[ExchangeStep, ...]] = {
    S.DRAFT: (ExchangeStep.BEGUN, ExchangeStep.AMENDED),
    S.OFFERED: (ExchangeStep.BEGUN, ExchangeStep.AMENDED, ExchangeStep.OFFERED),
    S.AGREED: (
        *(ExchangeStep.BEGUN, ExchangeStep.AMENDED, ExchangeStep.OFFERED),
        *(ExchangeStep.CONSENTED, ExchangeStep.AGREED),
    ),
}
_AGREED = _COME_TO[S.AGREED]
_STEPS: Mapping[ExchangeStatus, tuple[ExchangeStep, ...]] = {
    **_COME_TO,
    S.ACTIVE: (*_AGREED, ExchangeStep.STARTED),
    S.RECALLED: (*_AGREED, ExchangeStep.STARTED, ExchangeStep.RECALLED),
    S.COMPLETED: (*_AGREED, ExchangeStep.STARTED, ExchangeStep.COMPLETED),
    S.CANCELLED: (*_COME_TO[S.OFFERED], ExchangeStep.CANCELLED),
}
COLUMNS: Mapping[str, str] = {
    "match_request": "id created_at asking_id asked_id kind form status asked_by_id answered_by_id"
    " answered_at expires_at",
    "exchange": "id created_at match_request_id lender_id borrower_id status version offered_at"
    " agreed_at started_at starts_on ends_on recall_on recalled_at completed_at cancelled_at"
    " end_reason",
    "agreement_version": "id created_at exchange_id number author_id side form skill_ids person_ids"
    " hours_per_week starts_on ends_on terms recall_days backfill confidentiality body changes"
    " canonical content_hash",
    "exchange_person": "id created_at exchange_id person_id consented_at",
    "agreement_signature": "id created_at exchange_id version_id side person_id name content_hash",
    "exchange_line": "id created_at exchange_id actor_id side step version",
    "exchange_hours": "id created_at exchange_id person_id worked_on minutes logged_by_id side"
    " confirmed_by_id confirmed_at",
    "exchange_receipt": "id created_at exchange_id learned came_back recorded_by_id side recorded_at"
    " confirmed_by_id confirmed_at",
    "endorsement": "id created_at exchange_id organisation_id endorsed_id author_id line",
}


@dataclass(slots=True)
class _Writer:
    """Collects the rows of all tables."""

    setting: Setting
    organisations: list[Organisation]
    people: Mapping[str, Person]
    random: Random
    rows: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {table: [] for table in COLUMNS}
    )

    def add(self, table: str, ms: int, *values: object) -> UUID:
        """Add a row that is of this millisecond; give its key."""
        key = make_id(ms, self.random.getrandbits(RANDOM_BITS))
        self.rows[table].append((key, to_moment(ms), *values))
        return key


def exchange_rows(
    setting: Setting, organisations: list[Organisation], people: list[Person], random: Random
) -> Iterator[tuple[str, str, Sequence[tuple[Any, ...]]]]:
    """Give table, columns and rows of the story's exchanges, in the order in which they can be written."""
    known = {person.key: person for person in people if person.key}
    writer = _Writer(setting, organisations, known, random)
    for entry in setting.sources.story["exchange"]:
        _tell(writer, entry)
    for table, rows in writer.rows.items():
        yield table, COLUMNS[table], rows


def _tell(writer: _Writer, entry: Mapping[str, Any]) -> None:
    lending, borrowing, goes = (writer.people[entry[key]] for key in ("lender", "borrower", "goes"))
    lender, borrower = (writer.organisations[one.home] for one in (lending, borrowing))
    until = writer.setting.until
    today = to_moment(until).date()
    status = S(entry["status"])
    begun = until + int(entry["begun"] * DAY)
    steps = _STEPS[status]
    # What was done, a day after the other; what has its own day is there.
    moments = {step: begun + place * DAY // 2 + place * HOUR for place, step in enumerate(steps)}
    starts, ends = (today + timedelta(days=entry[key]) for key in ("starts", "ends"))
    for step, day in ((ExchangeStep.STARTED, starts), (ExchangeStep.COMPLETED, ends)):
        if step in moments:
            moments[step] = until + (day - today).days * DAY
    if ExchangeStep.RECALLED in moments:
        moments[ExchangeStep.RECALLED] = until - 4 * DAY
    said = {step: to_moment(ms) for step, ms in moments.items()}
    request = writer.add(
        "match_request",
        begun - DAY,
        borrower.id,
        lender.id,
        "REQUEST",
        entry["form"],
        "ACCEPTED",
        borrowing.id,
        lending.id,
        to_moment(begun),
        to_moment(begun + 29 * DAY),
    )
    exchange = writer.add(
        "exchange",
        begun,
        request,
        lender.id,
        borrower.id,
        status,
        2,
        said.get(ExchangeStep.OFFERED),
        said.get(ExchangeStep.AGREED),
        said.get(ExchangeStep.STARTED),
        starts,
        ends,
        today + timedelta(days=entry["recall"]) if "recall" in entry else None,
        said.get(ExchangeStep.RECALLED),
        said.get(ExchangeStep.COMPLETED),
        said.get(ExchangeStep.CANCELLED),
        {S.RECALLED: "RECALLED", S.CANCELLED: "PLANS_CHANGED"}.get(status),
    )
    consented = said.get(ExchangeStep.CONSENTED)
    writer.add("exchange_person", moments[ExchangeStep.AMENDED], exchange, goes.id, consented)
    _agree(writer, entry, exchange, moments, starts, ends)
    for step, ms in moments.items():
        side = None if step is ExchangeStep.BEGUN else ExchangeSide.LENDER
        actor = lending
        if step is ExchangeStep.CONSENTED:
            side, actor = ExchangeSide.EMPLOYEE, goes
        writer.add("exchange_line", ms, exchange, actor.id, side, step, 2)
    for days, minutes, is_confirmed in entry["hours"]:
        ms = until + days * DAY
        writer.add(
            "exchange_hours",
            ms,
            exchange,
            goes.id,
            today + timedelta(days=days),
            minutes,
            goes.id,
            ExchangeSide.EMPLOYEE,
            borrowing.id if is_confirmed else None,
            to_moment(ms + DAY) if is_confirmed else None,
        )
    if "learned" in entry:
        over = moments[ExchangeStep.COMPLETED] + 2 * DAY
        writer.add(
            "exchange_receipt",
            over,
            exchange,
            entry["learned"],
            entry["came_back"],
            borrowing.id,
            ExchangeSide.BORROWER,
            to_moment(over),
            lending.id,
            to_moment(over + DAY),
        )
        writer.add(
            "endorsement",
            over + DAY,
            exchange,
            borrower.id,
            lender.id,
            borrowing.id,
            entry["endorsement"],
        )


def _agree(
    writer: _Writer,
    entry: Mapping[str, Any],
    exchange: UUID,
    moments: Mapping[ExchangeStep, int],
    starts: date,
    ends: date,
) -> None:
    """Write the two versions of an agreement, and who signed the second."""
    lending, borrowing, goes = (writer.people[entry[key]] for key in ("lender", "borrower", "goes"))
    lender, borrower = (writer.organisations[one.home] for one in (lending, borrowing))
    parties = Parties(
        exchange_id=exchange,
        lender_id=lender.id,
        lender=lender.name,
        borrower_id=borrower.id,
        borrower=borrower.name,
    )
    first = Agreement(
        form=ListingForm(entry["form"]),
        skill_ids=tuple(writer.setting.catalogue.ids[slug] for slug in entry["skills"]),
        terms=ListingTerms(entry["terms"]),
    )
    second = Agreement(
        form=first.form,
        skill_ids=first.skill_ids,
        terms=first.terms,
        person_ids=(goes.id,),
        hours_per_week=entry["hours_per_week"],
        starts_on=starts,
        ends_on=ends,
        recall_days=entry["recall_days"],
        backfill=entry["backfill"],
        confidentiality=entry["confidentiality"],
        body=entry["text"],
    )
    steps = (ExchangeStep.BEGUN, ExchangeStep.AMENDED)
    for number, (agreement, step) in enumerate(zip((first, second), steps, strict=True), 1):
        sealed = agreements.seal(parties, number, agreement)
        changes = agreements.changes(first, second) if agreement is second else []
        version = writer.add(
            "agreement_version",
            moments[step],
            exchange,
            number,
            lending.id if agreement is second else None,
            ExchangeSide.LENDER if agreement is second else None,
            agreement.form,
            list(agreement.skill_ids),
            list(agreement.person_ids),
            agreement.hours_per_week,
            agreement.starts_on,
            agreement.ends_on,
            agreement.terms,
            agreement.recall_days,
            agreement.backfill,
            agreement.confidentiality,
            agreement.body,
            orjson.dumps(changes).decode(),
            sealed.canonical,
            sealed.content_hash,
        )
        if agreement is second:
            signers = {
                ExchangeSide.LENDER: lending,
                ExchangeSide.BORROWER: borrowing,
                ExchangeSide.EMPLOYEE: goes,
            }
            for place, side in enumerate(map(ExchangeSide, entry["signed"])):
                writer.add(
                    "agreement_signature",
                    moments[ExchangeStep.OFFERED] + (place + 1) * HOUR,
                    exchange,
                    version,
                    side,
                    signers[side].id,
                    signers[side].name,
                    sealed.content_hash,
                )
