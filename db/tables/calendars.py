"""Calendars that people subscribe to by a secret address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field

from db.base import Entity
from db.tables.accounts import SECRET_HASH_BYTES


class CalendarFeed(Entity, table=True):
    """A person's calendar of exchanges, for whoever knows its address; one at a time."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        UniqueConstraint("person_id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    secret_hash: bytes = Field(sa_type=LargeBinary)
