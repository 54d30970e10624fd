"""One organisation asks another to match, and what both write to each other about it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum
from db.tables.listings import WEEKLY_HOURS_MAX, ListingForm, ListingKind

MESSAGE_MAX = 4_000
NOTE_MAX = 1_000
# On one message.
FILES_MAX = 5
# An answer is waited for so long.
OPEN_DAYS = 30


class MatchRequestStatus(StrEnum):
    """Where a match request stands."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class DeclineReason(StrEnum):
    """Why an organisation says no."""

    CAPACITY = "CAPACITY"
    TIMING = "TIMING"
    CONFIDENTIAL = "CONFIDENTIAL"
    SINGLE_POINT = "SINGLE_POINT"
    FIT = "FIT"


class MatchRequest(Entity, table=True):
    """An organisation proposes to another to share something, in a form and a period."""

    __tablename__ = "match_request"
    __table_args__ = (
        CheckConstraint("asking_id <> asked_id", name="two_organisations"),
        CheckConstraint(f"char_length(message) <= {MESSAGE_MAX}", name="message_length"),
        CheckConstraint(f"char_length(note) <= {NOTE_MAX}", name="note_length"),
        CheckConstraint(f"hours_per_week between 1 and {WEEKLY_HOURS_MAX}", name="hours_per_week"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("(status = 'DECLINED') = (decline_reason is not null)", name="reason"),
        # One open request of the same organisation about the same listings of the other.
        Index(
            "uq_match_request_open",
            "asking_id",
            "asked_id",
            text("coalesce(listing_id, asked_id)"),
            text("coalesce(own_listing_id, asking_id)"),
            unique=True,
            postgresql_where=text("status = 'PROPOSED'"),
        ),
        # Serve an organisation's requests from either side.
        Index(None, "asking_id", "id"),
        Index(None, "asked_id", "id"),
        # Serves what came of a listing.
        Index(None, "listing_id", "id"),
        # Serves noting what nobody answered.
        Index(
            "ix_match_request_expiring", "expires_at", postgresql_where=text("status = 'PROPOSED'")
        ),
    )

    asking_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    asked_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    # Which way it would go: OFFER when whoever asks would lend.
    kind: ListingKind = Field(sa_type=text_enum(ListingKind, "kind"))
    # A listing of the other, and one of one's own; none when asked from a profile.
    listing_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    own_listing_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    # The request that this one answers with something else.
    counter_to_id: UUID | None = Field(
        default=None, foreign_key="match_request.id", ondelete="SET NULL"
    )
    form: ListingForm = Field(sa_type=text_enum(ListingForm, "form"))
    hours_per_week: int | None = Field(default=None, sa_type=SmallInteger)
    starts_on: date | None = Field(default=None, sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    message: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    status: MatchRequestStatus = Field(
        default=MatchRequestStatus.PROPOSED,
        sa_type=text_enum(MatchRequestStatus, "status"),
        sa_column_kwargs={"server_default": MatchRequestStatus.PROPOSED.value},
    )
    decline_reason: DeclineReason | None = Field(
        default=None, sa_type=text_enum(DeclineReason, "decline_reason")
    )
    note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    asked_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    answered_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)


class MatchMessage(Entity, table=True):
    """What somebody of one side writes to the other about a match request."""

    __tablename__ = "match_message"
    __table_args__ = (
        # Empty where files say it all.
        CheckConstraint(f"char_length(body) <= {MESSAGE_MAX}", name="body_length"),
        # Serves a conversation.
        Index(None, "match_request_id", "id"),
    )

    match_request_id: UUID = Field(foreign_key="match_request.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    body: str = Field(sa_type=Text)
    body_html: str | None = Field(default=None, sa_type=Text)


class MatchReading(Entity, table=True):
    """How far somebody has read a conversation."""

    __tablename__ = "match_reading"
    __table_args__ = (UniqueConstraint("match_request_id", "person_id"),)

    match_request_id: UUID = Field(foreign_key="match_request.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    # No foreign key: the mark outlives the message.
    read_message_id: UUID
