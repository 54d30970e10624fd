"""Searches of the market that people keep, and which listings they were told of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Field, SQLModel

from db.base import Entity, Timestamp
from db.tables.feed import SEARCH_NAME_MAX, SEARCH_QUERY_MAX


class MarketSearch(Entity, table=True):
    """A search of the market that a person keeps. It ends only when its owner ends it.

    Each list that is empty, and each value that is null, restricts nothing.
    """

    __tablename__ = "market_search"
    __table_args__ = (
        CheckConstraint(f"char_length(name) between 1 and {SEARCH_NAME_MAX}", name="name_length"),
        CheckConstraint(f"char_length(query) <= {SEARCH_QUERY_MAX}", name="query_length"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("maximum_hours >= minimum_hours", name="hours"),
        # Serves a person's searches, newest first, and asking those of some people.
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    name: str = Field(sa_type=Text)
    query: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    # The text as terms of the taxonomy are kept, and its words as they are looked for: made when the
    # text is given, since making them anew for each listing took longer than all else.
    folded: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    wanted: str | None = Field(default=None, sa_type=TSQUERY)
    kinds: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    forms: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    terms: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    audiences: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    sectors: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    languages: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    skill_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    organisation_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    starts_on: date | None = Field(default=None, sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    minimum_hours: int | None = Field(default=None, sa_type=SmallInteger)
    maximum_hours: int | None = Field(default=None, sa_type=SmallInteger)
    place_id: UUID | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL")
    distance_km: int | None = Field(default=None, sa_type=SmallInteger)
    include_remote: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    paused_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Its owner is told of what was opened or changed later: of nothing that was so when they began
    # to be told, or ended a pause.
    told_since: datetime = Field(
        default=None,
        nullable=False,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": text("now()")},
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class MarketSearchHit(SQLModel, table=True):
    """A listing that the owner of a search was told of: once, however often it is edited."""

    __tablename__ = "market_search_hit"
    __table_args__ = (
        # Serves the removal of a listing.
        Index(None, "listing_id"),
    )

    market_search_id: UUID = Field(
        foreign_key="market_search.id", ondelete="CASCADE", primary_key=True
    )
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE", primary_key=True)
    told_at: datetime = Field(
        default=None, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )
