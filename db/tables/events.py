"""What happened, in the order in which it became visible; and answers that are given once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from db.base import Timestamp

KEY_MAX = 120


class Event(SQLModel, table=True):
    """One thing that happened: kinds and ids, never content.

    `transaction_id` orders events by when they may be read: a reader that has seen everything
    below the oldest transaction still running (`pg_snapshot_xmin`) misses none that commits late.
    The table is partitioned by day of `created_at` (`db.event_partitions`), in UTC.
    """

    __tablename__ = "event"
    __table_args__ = (
        # Serves readers that go on from where they were.
        Index(None, "transaction_id", "id"),
        # Serves counting what happened in the last seconds.
        Index(
            None,
            "created_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 16, "autosummarize": True},
        ),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    # The key of a partitioned table holds what it is partitioned by; ids alone are unique too.
    id: int = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    transaction_id: int = Field(
        default=None,
        sa_type=BigInteger,
        nullable=False,
        # xid8 has no order that SQLAlchemy knows; as a number it sorts as it should.
        sa_column_kwargs={"server_default": text("(pg_current_xact_id()::text::bigint)")},
    )
    created_at: datetime = Field(
        default=None,
        primary_key=True,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": text("now()")},
    )
    kind: str = Field(sa_type=Text)
    # Grows when the ids of a kind come to mean something else.
    version: int = Field(
        default=1, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("1")}
    )
    actor_id: UUID | None = Field(default=None, sa_type=Uuid)
    organisation_id: UUID | None = Field(default=None, sa_type=Uuid)
    subject_id: UUID | None = Field(default=None, sa_type=Uuid)
    # Further ids by name, such as the post of a comment.
    ids: dict[str, Any] = Field(
        default={}, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )


class EventHorizon(SQLModel, table=True):
    """Up to which transaction events were removed: one row.

    A reader that has not seen every transaction up to there may have missed something for good.
    """

    __tablename__ = "event_horizon"
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


class IdempotencyRecord(SQLModel, table=True):
    """What a mutation answered under a key, so that a retry gets the same answer."""

    __tablename__ = "idempotency_record"
    __table_args__ = (
        CheckConstraint(f"char_length(key) between 1 and {KEY_MAX}", name="key_length"),
        # Serves the removal of what is old.
        Index(None, "created_at"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    # SHA-256 of the mutation's name and its input.
    input_hash: bytes = Field(sa_type=LargeBinary)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    created_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": text("now()")},
    )
