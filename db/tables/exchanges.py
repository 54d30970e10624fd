"""Exchanges: what two organisations and those who go agree on, who signed it, what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum
from db.tables.listings import (
    RATE_CENTS_MAX,
    TOTAL_HOURS_MAX,
    WEEKLY_HOURS_MAX,
    ListingForm,
    ListingTerms,
)

SIGNED_NAME_MAX = 120
# Of each of the texts of an agreement.
CLAUSE_MAX = 2_000
AGREEMENT_TEXT_MAX = 10_000
NOTE_MAX = 1_000
RECALL_DAYS_MAX = 365
# Unless they agree on another one.
RECALL_DAYS = 14
PERSONS_MAX = 20
DAY_MINUTES = 1_440


class ExchangeStatus(StrEnum):
    """Where an exchange stands."""

    DRAFT = "DRAFT"
    OFFERED = "OFFERED"
    AGREED = "AGREED"
    ACTIVE = "ACTIVE"
    RECALLED = "RECALLED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class ExchangeSide(StrEnum):
    """Who somebody is in an exchange."""

    LENDER = "LENDER"
    BORROWER = "BORROWER"
    EMPLOYEE = "EMPLOYEE"


class ExchangeEndReason(StrEnum):
    """Why an exchange was cancelled, or ended before its last day."""

    NOT_AGREED = "NOT_AGREED"
    PLANS_CHANGED = "PLANS_CHANGED"
    NO_CAPACITY = "NO_CAPACITY"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    RECALLED = "RECALLED"
    RETURNED_EARLY = "RETURNED_EARLY"
    OTHER = "OTHER"


class ExchangeStep(StrEnum):
    """What was done in an exchange; each is a line of its history."""

    BEGUN = "BEGUN"
    AMENDED = "AMENDED"
    OFFERED = "OFFERED"
    CONSENTED = "CONSENTED"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    SIGNED = "SIGNED"
    AGREED = "AGREED"
    STARTED = "STARTED"
    RECALL_ASKED = "RECALL_ASKED"
    RECALL_REFUSED = "RECALL_REFUSED"
    RECALLED = "RECALLED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    HOURS_LOGGED = "HOURS_LOGGED"
    HOURS_CONFIRMED = "HOURS_CONFIRMED"
    HOURS_REMOVED = "HOURS_REMOVED"
    REENTRY_TICKED = "REENTRY_TICKED"
    RECEIPT_RECORDED = "RECEIPT_RECORDED"
    RECEIPT_CONFIRMED = "RECEIPT_CONFIRMED"
    EVIDENCE_DECIDED = "EVIDENCE_DECIDED"
    ENDORSED = "ENDORSED"
    REMINDED_TO_SIGN = "REMINDED_TO_SIGN"
    REMINDED_OF_END = "REMINDED_OF_END"
    REMINDED_OF_RECEIPT = "REMINDED_OF_RECEIPT"


class AgreementField(StrEnum):
    """A part of an agreement, as a change names it."""

    FORM = "FORM"
    SKILLS = "SKILLS"
    PERSONS = "PERSONS"
    HOURS_PER_WEEK = "HOURS_PER_WEEK"
    HOURS_TOTAL = "HOURS_TOTAL"
    STARTS_ON = "STARTS_ON"
    ENDS_ON = "ENDS_ON"
    PLACE = "PLACE"
    IS_REMOTE = "IS_REMOTE"
    TERMS = "TERMS"
    RATE_CENTS = "RATE_CENTS"
    AIMS = "AIMS"
    RECALL_DAYS = "RECALL_DAYS"
    BACKFILL = "BACKFILL"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    TEXT = "TEXT"


class ReentryItem(StrEnum):
    """What is seen to when somebody comes back, so that what they learned is used."""

    TALK_PLANNED = "TALK_PLANNED"
    WORK_HANDED_BACK = "WORK_HANDED_BACK"
    ACCESS_ENDED = "ACCESS_ENDED"
    LEARNED_SHARED = "LEARNED_SHARED"
    NEW_SKILLS_USED = "NEW_SKILLS_USED"
    CONTACT_KEPT = "CONTACT_KEPT"


class Exchange(Entity, table=True):
    """An organisation lends to another what a match request asked for."""

    __tablename__ = "exchange"
    __table_args__ = (
        CheckConstraint("lender_id <> borrower_id", name="two_organisations"),
        CheckConstraint("status <> 'CANCELLED' or end_reason is not null", name="cancelled"),
        CheckConstraint("status <> 'RECALLED' or recall_on is not null", name="recalled"),
        CheckConstraint(f"char_length(end_note) <= {NOTE_MAX}", name="end_note_length"),
        UniqueConstraint("match_request_id"),
        # Serve an organisation's exchanges from either side.
        Index(None, "lender_id", "id"),
        Index(None, "borrower_id", "id"),
        # Serve what an exchange takes of a listing.
        Index(None, "offer_id"),
        Index(None, "request_id"),
        # Serves the jobs: what begins, ends, or waits for a signature.
        Index(
            "ix_exchange_going_on",
            "status",
            "id",
            postgresql_where=text("status in ('OFFERED', 'AGREED', 'ACTIVE', 'RECALLED')"),
        ),
    )

    # The one that was accepted.
    match_request_id: UUID | None = Field(
        default=None, foreign_key="match_request.id", ondelete="SET NULL"
    )
    lender_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    borrower_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    # The lender's offer and the borrower's request that it is about.
    offer_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    request_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    status: ExchangeStatus = Field(
        default=ExchangeStatus.DRAFT,
        sa_type=text_enum(ExchangeStatus, "status"),
        sa_column_kwargs={"server_default": ExchangeStatus.DRAFT.value},
    )
    # The newest version of the agreement.
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    offered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    agreed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    started_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # As the newest version says, for jobs and for whoever adds up what is committed.
    starts_on: date | None = Field(default=None, sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    # A recall on shorter notice than agreed, which the borrower has not answered yet.
    recall_asked_on: date | None = Field(default=None, sa_type=Date)
    # The last day after a recall.
    recall_on: date | None = Field(default=None, sa_type=Date)
    recalled_at: datetime | None = Field(default=None, sa_type=Timestamp)
    completed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    cancelled_at: datetime | None = Field(default=None, sa_type=Timestamp)
    end_reason: ExchangeEndReason | None = Field(
        default=None, sa_type=text_enum(ExchangeEndReason, "end_reason")
    )
    end_note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class AgreementVersion(Entity, table=True):
    """What an exchange's agreement says since a change; no version is ever changed."""

    __tablename__ = "agreement_version"
    __table_args__ = (
        CheckConstraint(f"hours_per_week between 1 and {WEEKLY_HOURS_MAX}", name="hours_per_week"),
        CheckConstraint(f"hours_total between 1 and {TOTAL_HOURS_MAX}", name="hours_total"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint(f"rate_cents between 1 and {RATE_CENTS_MAX}", name="rate_cents"),
        CheckConstraint(f"recall_days between 0 and {RECALL_DAYS_MAX}", name="recall_days"),
        CheckConstraint(f"char_length(backfill) <= {CLAUSE_MAX}", name="backfill_length"),
        CheckConstraint(
            f"char_length(confidentiality) <= {CLAUSE_MAX}", name="confidentiality_length"
        ),
        CheckConstraint(f"char_length(body) <= {AGREEMENT_TEXT_MAX}", name="body_length"),
        CheckConstraint("char_length(content_hash) = 64", name="content_hash"),
        UniqueConstraint("exchange_id", "number"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    number: int = Field(sa_type=Integer)
    # Who wrote it, and for which side; null when it was begun by accepting, or they are gone.
    author_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    side: ExchangeSide | None = Field(default=None, sa_type=text_enum(ExchangeSide, "side"))
    form: ListingForm = Field(sa_type=text_enum(ListingForm, "form"))
    skill_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    # Who goes, as long as it is known.
    person_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    hours_per_week: int | None = Field(default=None, sa_type=SmallInteger)
    hours_total: int | None = Field(default=None, sa_type=Integer)
    starts_on: date | None = Field(default=None, sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    place_id: UUID | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL")
    is_remote: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    terms: ListingTerms = Field(sa_type=text_enum(ListingTerms, "terms"))
    # Euro cents an hour.
    rate_cents: int | None = Field(default=None, sa_type=Integer)
    # Skills that the lender's people want to learn by it.
    aim_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    recall_days: int = Field(
        default=RECALL_DAYS,
        sa_type=SmallInteger,
        sa_column_kwargs={"server_default": text(str(RECALL_DAYS))},
    )
    # Who does the work at home meanwhile.
    backfill: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    confidentiality: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    body: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    # What differs from the version before: field, before, after.
    changes: Any = Field(default=[], sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    # All of it in one fixed form, and the SHA-256 of that in hexadecimal: what is signed.
    canonical: str = Field(sa_type=Text)
    content_hash: str = Field(sa_type=Text)


class ExchangePerson(Entity, table=True):
    """Somebody whom the lender proposes to send, and whether they consent."""

    __tablename__ = "exchange_person"
    __table_args__ = (
        UniqueConstraint("exchange_id", "person_id"),
        # Serves a person's own exchanges, and the hours that they are committed to.
        Index(None, "person_id", "exchange_id"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    consented_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # When a later version no longer named them.
    removed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class AgreementSignature(Entity, table=True):
    """Somebody signed a version: for a side, or as the one who goes."""

    __tablename__ = "agreement_signature"
    __table_args__ = (
        CheckConstraint(f"char_length(name) between 1 and {SIGNED_NAME_MAX}", name="name_length"),
        # One of each side counts, and one of each who goes.
        Index(
            "uq_agreement_signature_side",
            "version_id",
            "side",
            unique=True,
            postgresql_where=text("voided_at is null and side <> 'EMPLOYEE'"),
        ),
        Index(
            "uq_agreement_signature_person",
            "version_id",
            "person_id",
            unique=True,
            postgresql_where=text("voided_at is null and side = 'EMPLOYEE'"),
        ),
        # Serves the signatures of an exchange, voided ones too.
        Index(None, "exchange_id", "id"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    version_id: UUID = Field(foreign_key="agreement_version.id", ondelete="CASCADE")
    side: ExchangeSide = Field(sa_type=text_enum(ExchangeSide, "side"))
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    # As they wrote it.
    name: str = Field(sa_type=Text)
    content_hash: str = Field(sa_type=Text)
    # When a new version, or somebody who no longer goes, took its force away.
    voided_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ExchangeLine(Entity, table=True):
    """A line of an exchange's history: who did what, and when."""

    __tablename__ = "exchange_line"
    __table_args__ = (
        # Serves an exchange's history.
        Index(None, "exchange_id", "id"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    # Null when the clock did it, or they are gone.
    actor_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    side: ExchangeSide | None = Field(default=None, sa_type=text_enum(ExchangeSide, "side"))
    step: ExchangeStep = Field(sa_type=text_enum(ExchangeStep, "step"))
    version: int = Field(sa_type=Integer)


class ExchangeHours(Entity, table=True):
    """How long somebody worked in an exchange on a day, and whether the other side agrees."""

    __tablename__ = "exchange_hours"
    __table_args__ = (
        CheckConstraint(f"minutes between 1 and {DAY_MINUTES}", name="minutes"),
        CheckConstraint(f"char_length(note) <= {NOTE_MAX}", name="note_length"),
        # Serves an exchange's log, the latest day first.
        Index(None, "exchange_id", "worked_on", "id"),
        # Serves adding up a person's day.
        Index(None, "person_id", "worked_on"),
    )

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    # A day of the calendar where they worked, whatever the clocks did on it.
    worked_on: date = Field(sa_type=Date)
    minutes: int = Field(sa_type=SmallInteger)
    note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    logged_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    side: ExchangeSide = Field(sa_type=text_enum(ExchangeSide, "side"))
    confirmed_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    confirmed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ExchangeReentry(Entity, table=True):
    """A point of coming back that was seen to."""

    __tablename__ = "exchange_reentry"
    __table_args__ = (UniqueConstraint("exchange_id", "item"),)

    exchange_id: UUID = Field(foreign_key="exchange.id", ondelete="CASCADE")
    item: ReentryItem = Field(sa_type=text_enum(ReentryItem, "item"))
    ticked_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
