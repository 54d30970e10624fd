"""Who follows whom."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity


class Follow(Entity, table=True):
    """A person follows an organisation, with three separate switches."""

    __tablename__ = "follow"
    __table_args__ = (
        # Serves the feed (all organisations that one person follows) and "does the viewer follow".
        UniqueConstraint("person_id", "organisation_id"),
        # Serves the feed: the followed organisations without a look at the table.
        Index(
            "ix_follow_in_feed", "person_id", "organisation_id", postgresql_where=text("in_feed")
        ),
        # Serves an organisation's followers, newest first.
        Index(None, "organisation_id", "id"),
        # Serves a person's followed organisations, newest first.
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    in_feed: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    prioritise: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
