"""Which offers and requests fit each other, how well and why; and which of these nobody wants to see."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum


class MatchFactor(StrEnum):
    """What a score is made of."""

    NEED = "NEED"
    EASE = "EASE"
    GAIN = "GAIN"


class MatchObstacle(StrEnum):
    """What stands between an offer and a request, or makes them fit less well."""

    PERIOD = "PERIOD"
    HOURS = "HOURS"
    PLACE = "PLACE"
    LANGUAGE = "LANGUAGE"
    TERMS = "TERMS"
    SKILL = "SKILL"
    LEVEL = "LEVEL"


class DismissalReason(StrEnum):
    """Why somebody does not want to see a match."""

    NOT_THE_SKILL = "NOT_THE_SKILL"
    NOT_THE_FORM = "NOT_THE_FORM"
    NOT_NOW = "NOT_NOW"
    NOT_THIS_ORGANISATION = "NOT_THIS_ORGANISATION"
    OTHER = "OTHER"


class ListingMatch(Entity, table=True):
    """An open offer and an open request of two organisations that fit, as last scored."""

    __tablename__ = "listing_match"
    __table_args__ = (
        UniqueConstraint("offer_id", "request_id"),
        # Serve the matches of a listing, and of an organisation, the best first.
        Index("ix_listing_match_of_offer", "offer_id", text("score desc"), text("id desc")),
        Index("ix_listing_match_of_request", "request_id", text("score desc"), text("id desc")),
        Index("ix_listing_match_offering", "offering_id", text("score desc"), text("id desc")),
        Index("ix_listing_match_requesting", "requesting_id", text("score desc"), text("id desc")),
    )

    offer_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    request_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    # The organisations of both.
    offering_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    requesting_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    # Each from 0 to 1, see `resolvers.matching`.
    score: float = Field(sa_type=Float)
    need: float = Field(sa_type=Float)
    ease: float = Field(sa_type=Float)
    gain: float = Field(sa_type=Float)
    # Null when the texts were not compared.
    meaning: float | None = Field(default=None, sa_type=Float)
    limiting: MatchFactor = Field(sa_type=text_enum(MatchFactor, "limiting"))
    is_feasible: bool = Field()
    # What each skill adds; what stands between them; what lacks: as in `resolvers.matching.Fit`.
    reasons: Any = Field(default=[], sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    hurdles: Any = Field(default=[], sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    scored_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=Timestamp,
        sa_column_kwargs={"server_default": func.now()},
    )


class MatchDismissal(Entity, table=True):
    """A match that an organisation does not want to see. It outlives scoring anew."""

    __tablename__ = "match_dismissal"
    __table_args__ = (UniqueConstraint("organisation_id", "offer_id", "request_id"),)

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    offer_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    request_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    actor_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    reason: DismissalReason = Field(sa_type=text_enum(DismissalReason, "reason"))
