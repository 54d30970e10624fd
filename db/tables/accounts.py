"""How a person proves to be there: browser sessions and tokens, stored as hashes only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from db.base import Entity, Timestamp

SECRET_HASH_BYTES = (
    32  # SHA-256 of a secret with 256 random bits: nothing to guess, so no slow hash.
)


class Session(Entity, table=True):
    """A browser that a person signed in with."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    secret_hash: bytes = Field(sa_type=LargeBinary)
    user_agent: str | None = Field(default=None, sa_type=Text)
    expires_at: datetime = Field(sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)


class AccessToken(Entity, table=True):
    """A bearer token that a person gave to a program."""

    __tablename__ = "access_token"
    __table_args__ = (
        CheckConstraint(f"length(secret_hash) = {SECRET_HASH_BYTES}", name="secret_hash"),
        UniqueConstraint("secret_hash"),
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    name: str = Field(sa_type=Text)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)
