"""Agreements in the graph: their versions, what each changed, who signed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text

from db import agreements
from db.tables import exchanges as tables
from db.tables.exchanges import PERSONS_MAX, AgreementField, ExchangeSide
from db.tables.listings import AIMS_MAX, SKILLS_MAX, ListingForm, ListingTerms
from resolvers import agreement_versions as resolve
from resolvers import exchanges as resolve_exchanges
from resolvers.exchanges import ExchangeConsent
from schema import prefixes
from schema.engine.declare import column, derived, many, one, table, value
from schema.engine.relay import Node
from schema.references import ToExchange, ToPerson, ToPlace, ToSkill

# The ids in the fixed form of an agreement are those of the graph.
assert prefixes.AGREEMENT_VERSION == resolve.VERSION_PREFIX  # noqa: S101 - as below
assert {  # noqa: S101 - a promise of this module
    agreements.EXCHANGE_PREFIX: prefixes.EXCHANGE,
    agreements.ORGANISATION_PREFIX: prefixes.ORGANISATION,
    **{prefix: prefix for prefix in agreements.PREFIXES.values()},
} == {
    prefix: prefix
    for prefix in (
        prefixes.EXCHANGE,
        prefixes.ORGANISATION,
        prefixes.SKILL,
        prefixes.PERSON,
        prefixes.PLACE,
    )
}

SIGNATURES_MAX = 2 + PERSONS_MAX


@derived(
    Column("field", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
)
class AgreementChange:
    """One part of an agreement that a version says otherwise than the one before."""

    field: AgreementField = column("Which part.")
    before: str | None = column(
        "What it said: a text, a number, a day, an enum's name, ids with commas between; null for nothing."
    )
    after: str | None = column("What it says now, in the same way; null for nothing.")


@table(
    tables.AgreementVersion,
    prefix=prefixes.AGREEMENT_VERSION,
    visible=None,
    within={"exchange_id": "Exchange"},
)
class AgreementVersion(Node):
    """What an agreement says since a change. A version never changes: who wants another writes a new one."""

    number: int = column("Which one; the first is 1.")
    created_at: datetime = column("When it was written.")
    form: ListingForm = column("In what form something is shared.")
    hours_per_week: int | None = column("Hours a week of one person; null when it is open.")
    hours_total: int | None = column("Hours in all; null when it is open.")
    starts_on: date | None = column("Its first day; null when it is open.")
    ends_on: date | None = column("Its last day; null when it may last.")
    is_remote: bool = column("Whether it can be done from anywhere.")
    terms: ListingTerms = column("What is given in return.")
    rate_cents: int | None = column("Euro cents an hour; null when no price is named.")
    recall_days: int = column("With how many days' notice the lender may call back who goes.")
    backfill: str = column("Who does the work at home meanwhile; may be empty.")
    confidentiality: str = column("What is kept to themselves, and how; may be empty.")
    text: str = column("What else is agreed; may be empty.", source="body")
    canonical: str = column(
        "All of it in the one fixed form that is signed: JSON, people by their ids alone."
    )
    paper_path: str = value(
        resolve.paper_path,
        "Where it is as a PDF, with its hash and signatures, for those who see it; `?language=nl` or "
        "`en` says in which language.",
    )
    content_hash: str = column("The SHA-256 of `canonical` in UTF-8, in hexadecimal.")
    side: ExchangeSide | None = column(
        "Which side wrote it; null for the first, which accepting the match request wrote."
    )
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null for the first, and when that person is gone."
    )
    place: ToPlace | None = one(resolve.place, "Where it is; null when that does not matter.")
    skills: list[ToSkill] = many(
        resolve.skills, "The skills that are lent, by English label.", at_most=SKILLS_MAX
    )
    aims: list[ToSkill] = many(
        resolve.aims,
        "The skills that the lender's people want to learn by it, by English label.",
        at_most=AIMS_MAX,
    )
    people: list[ExchangePerson] = many(
        resolve.people, "Whom it sends; empty as long as that is open.", at_most=PERSONS_MAX
    )
    changes: list[AgreementChange] = many(
        resolve.changes,
        "What it says otherwise than the version before; empty for the first.",
        at_most=resolve.CHANGES_MAX,
    )
    signatures: list[AgreementSignature] = many(
        resolve.signatures,
        "Who signed it, the first first; those that lost their force too.",
        at_most=SIGNATURES_MAX * 2,
    )
    exchange: ToExchange = one(resolve_exchanges.of_part, "The exchange that it is about.")


@table(
    tables.ExchangePerson,
    prefix=prefixes.EXCHANGE_PERSON,
    visible=None,
    within={"exchange_id": "Exchange"},
)
class ExchangePerson(Node):
    """Somebody whom the lender proposes to send. The other side knows of them from then on."""

    name: str = value(resolve_exchanges.person_name, "What they are called.")
    consent: ExchangeConsent = value(resolve_exchanges.consent, "Whether they agree to going.")
    created_at: datetime = column("When they were first named.")
    consented_at: datetime | None = column("When they last agreed to going; null when never.")
    revoked_at: datetime | None = column("When they took that back, or refused; null when not.")
    removed_at: datetime | None = column(
        "When a later version no longer named them; null while they go."
    )
    person: ToPerson | None = one(
        resolve_exchanges.person, "Their profile; null when the viewer may not see it."
    )
    exchange: ToExchange = one(resolve_exchanges.of_part, "The exchange that it is about.")


@table(
    tables.AgreementSignature,
    prefix=prefixes.AGREEMENT_SIGNATURE,
    visible=None,
    within={"exchange_id": "Exchange", "version_id": "AgreementVersion"},
)
class AgreementSignature(Node):
    """Somebody signed a version: for a side, or as the one who goes."""

    side: ExchangeSide = column("For whom.")
    name: str = column("The name, as they wrote it.")
    created_at: datetime = column("When.")
    content_hash: str = column("The hash of the version that they signed.")
    voided_at: datetime | None = column(
        "When it lost its force by a new version, or by somebody who no longer goes; null while it has it."
    )
    person: ToPerson | None = one(
        resolve_exchanges.person, "Who signed; null when that person is gone or not to be seen."
    )
    version: AgreementVersion = one(resolve.of_signature, "What was signed.")
    exchange: ToExchange = one(resolve_exchanges.of_part, "The exchange that it is about.")
