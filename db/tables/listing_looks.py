"""Which organisations looked at whose listings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, Timestamp


class ListingLook(Entity, table=True):
    """An organisation looked at a listing of another one: when last, and on how many days.

    Who it was is kept nowhere: what is looked at is the business of two organisations.
    """

    __tablename__ = "listing_look"
    __table_args__ = (
        UniqueConstraint("listing_id", "organisation_id"),
        # Serves a listing's lookers, the latest first.
        Index(None, "listing_id", "looked_at", "id"),
    )

    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    looked_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": text("now()")},
    )
    # Several looks on one day, in UTC, count once.
    day_count: int = Field(
        default=1, sa_type=Integer, sa_column_kwargs={"server_default": text("1")}
    )
