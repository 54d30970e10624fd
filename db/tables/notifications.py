"""What a person is told, once for each thing, and how they want to be told."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from db.base import Entity, Timestamp, text_enum


class NotificationKind(StrEnum):
    """What a notification is about."""

    POST_PUBLISHED = "POST_PUBLISHED"
    POST_COMMENTED = "POST_COMMENTED"
    POST_REACTED = "POST_REACTED"
    POST_REPOSTED = "POST_REPOSTED"
    COMMENT_REPLIED = "COMMENT_REPLIED"
    MENTIONED = "MENTIONED"
    ANSWER_CHOSEN = "ANSWER_CHOSEN"
    FOLLOWED = "FOLLOWED"
    INVITED = "INVITED"
    JOIN_REQUESTED = "JOIN_REQUESTED"
    JOIN_DECIDED = "JOIN_DECIDED"
    ROLE_CHANGED = "ROLE_CHANGED"
    PARTNERSHIP_REQUESTED = "PARTNERSHIP_REQUESTED"
    PARTNERSHIP_DECIDED = "PARTNERSHIP_DECIDED"
    SAVED_SEARCH_FOUND = "SAVED_SEARCH_FOUND"
    MARKET_SEARCH_FOUND = "MARKET_SEARCH_FOUND"
    MATCHES_FOUND = "MATCHES_FOUND"
    MATCH_REQUESTED = "MATCH_REQUESTED"
    MATCH_DECIDED = "MATCH_DECIDED"
    MATCH_MESSAGE = "MATCH_MESSAGE"
    EXCHANGE_CHANGED = "EXCHANGE_CHANGED"
    EXCHANGE_ASKED = "EXCHANGE_ASKED"
    EXCHANGE_REMINDER = "EXCHANGE_REMINDER"
    SCHEDULED_POST_REFUSED = "SCHEDULED_POST_REFUSED"
    MODERATED = "MODERATED"
    APPEAL_DECIDED = "APPEAL_DECIDED"


class Notification(Entity, table=True):
    """One line of the inbox; things of a kind about one subject share a line until it is read."""

    __tablename__ = "notification"
    __table_args__ = (
        # Serves grouping: what is added to an unread line.
        Index(
            "uq_notification_unread",
            "person_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("read_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        # Serves knowing that somebody was told before: what was read meanwhile.
        Index(
            "ix_notification_read",
            "person_id",
            "kind",
            "subject_id",
            postgresql_where=text("read_at is not null"),
        ),
        # Serves the inbox: what changed last comes first.
        Index(None, "person_id", "changed_at", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: NotificationKind = Field(sa_type=text_enum(NotificationKind, "kind"))
    # What the line is about: a post, a comment, an organisation ...; its kind says which.
    subject_id: UUID | None = Field(default=None)
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    post_id: UUID | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE")
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    # The listing that a search of the market found, when it found one alone.
    listing_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="CASCADE")
    # Who did it, the last first, three at most; `actor_count` counts all of them once.
    actor_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    actor_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # A few words that a line needs beside its subject, such as a new role or a reason.
    note: str | None = Field(default=None, sa_type=Text)
    changed_at: datetime = Field(
        default=None, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )
    read_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # When it went out by e-mail, alone or in a digest.
    mailed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class NotificationActor(SQLModel, table=True):
    """Who is counted in a line, so that a person counts once, however often they act."""

    __tablename__ = "notification_actor"
    __table_args__ = (Index(None, "person_id"),)

    notification_id: UUID = Field(
        foreign_key="notification.id", ondelete="CASCADE", primary_key=True
    )
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)


class NotificationPreference(SQLModel, table=True):
    """How a person wants to be told of one kind; without a row the kind's own default holds."""

    __tablename__ = "notification_preference"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    kind: NotificationKind = Field(sa_type=text_enum(NotificationKind, "kind"), primary_key=True)
    in_app: bool
    email: bool


class NotificationProgress(SQLModel, table=True):
    """How far events have become notifications: one row, locked by the worker that goes on."""

    __tablename__ = "notification_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(
        default=1,
        sa_type=SmallInteger,
        primary_key=True,
        sa_column_kwargs={"server_default": text("1"), "autoincrement": False},
    )
    transaction_id: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    event_id: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )


class DigestSent(SQLModel, table=True):
    """The day of the last digest that a person got, so that none goes out twice."""

    __tablename__ = "digest_sent"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    # The day in Amsterdam on which it was due.
    sent_for: date
