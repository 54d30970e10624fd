"""What organisations need and what they can share: listings, the skills they name, their history."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Date,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum
from db.tables.people import Locale

TITLE_MAX = 120
BODY_MAX = 10_000
SKILLS_MAX = 12
AIMS_MAX = 8
# Hours a week of one person.
WEEKLY_HOURS_MAX = 60
TOTAL_HOURS_MAX = 20_000
CAPACITY_MAX = 500
SLACK_DAYS_MAX = 365
DISTANCE_MAX = 400
RATE_CENTS_MAX = 100_000
# How long a listing stays open unless it says otherwise, and at most.
OPEN_DAYS = 90
OPEN_DAYS_MAX = 366

# Its words: stems in its own language, and as they stand, so that the beginning of a word finds it.
SEARCHED = (
    "strip(case language when 'NL' then to_tsvector('commons_nl', title || ' ' || body)"
    " else to_tsvector('commons_en', title || ' ' || body) end"
    " || to_tsvector('commons_plain', title || ' ' || body))"
)
# What the market is filtered by, and shows how it is spread.
MARKET_COLUMNS = [
    *("organisation_id", "kind", "form", "terms", "audience", "status", "expires_at", "is_remote"),
    *("hours_per_week", "starts_on", "ends_on", "slack_days", "place_id", "languages"),
]


class ListingKind(StrEnum):
    """Which side of the market a listing is on."""

    OFFER = "OFFER"
    REQUEST = "REQUEST"


class ListingForm(StrEnum):
    """In what form something is shared: a ladder, the cheapest rung first."""

    DOCUMENT = "DOCUMENT"
    ANSWER = "ANSWER"
    CONSULT = "CONSULT"
    CLINIC = "CLINIC"
    SHADOWING = "SHADOWING"
    MENTORING = "MENTORING"
    MASTERCLASS = "MASTERCLASS"
    PROJECT = "PROJECT"
    PART_TIME = "PART_TIME"
    SECONDMENT = "SECONDMENT"
    TEAM = "TEAM"


class ListingStatus(StrEnum):
    """Where a listing is in its life."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    FILLED = "FILLED"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"


class ListingAudience(StrEnum):
    """Who may see a listing, widest first."""

    PUBLIC = "PUBLIC"
    NETWORK = "NETWORK"
    PARTNERS = "PARTNERS"
    ORGANISATION = "ORGANISATION"


class ListingTerms(StrEnum):
    """What is asked or given in return."""

    FREE = "FREE"
    RECIPROCAL = "RECIPROCAL"
    COST_RECOVERY = "COST_RECOVERY"
    RATE = "RATE"


class ListingCloseReason(StrEnum):
    """Why a listing was closed without being filled here."""

    FOUND_ELSEWHERE = "FOUND_ELSEWHERE"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    NO_CAPACITY = "NO_CAPACITY"
    NO_RESPONSE = "NO_RESPONSE"
    OTHER = "OTHER"


class ListingAction(StrEnum):
    """What was done with a listing; each is a line of its history."""

    CREATED = "CREATED"
    OPENED = "OPENED"
    EDITED = "EDITED"
    PAUSED = "PAUSED"
    FILLED = "FILLED"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"
    RENEWED = "RENEWED"


class SpokenLanguage(StrEnum):
    """A language that people work in."""

    NL = "NL"
    EN = "EN"
    AR = "AR"
    DE = "DE"
    ES = "ES"
    FR = "FR"
    FY = "FY"
    IT = "IT"
    PL = "PL"
    PT = "PT"
    TR = "TR"
    UK = "UK"
    ZH = "ZH"


class SkillImportance(StrEnum):
    """How much a skill matters to a listing."""

    MUST = "MUST"
    NICE = "NICE"


class Place(Entity, table=True):
    """A municipality with its coordinates, from the gazetteer that ships with the project."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("slug"),
        # Serves places(order: NAME).
        Index(None, "name", "id"),
    )

    slug: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    province: str = Field(sa_type=Text)
    # Degrees, WGS 84.
    latitude: float = Field()
    longitude: float = Field()
    # Its names without accents and in lower case, the official one first; a blank between them.
    folded: str = Field(sa_type=Text)


class Listing(Entity, table=True):
    """An offer or a request of an organisation. It names a capacity, never a person.

    Open in `OPEN` until `expires_at`: whoever reads compares, whatever the job has done yet.
    """

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(f"char_length(title) between 1 and {TITLE_MAX}", name="title_length"),
        CheckConstraint(f"char_length(body) <= {BODY_MAX}", name="body_length"),
        CheckConstraint(f"hours_per_week between 1 and {WEEKLY_HOURS_MAX}", name="hours_per_week"),
        CheckConstraint(f"hours_total between 1 and {TOTAL_HOURS_MAX}", name="hours_total"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint(f"slack_days between 0 and {SLACK_DAYS_MAX}", name="slack_days"),
        CheckConstraint(f"capacity between 1 and {CAPACITY_MAX}", name="capacity"),
        CheckConstraint(f"distance_km between 0 and {DISTANCE_MAX}", name="distance_km"),
        CheckConstraint(f"rate_cents between 1 and {RATE_CENTS_MAX}", name="rate_cents"),
        CheckConstraint("status <> 'OPEN' or expires_at is not null", name="open_until"),
        CheckConstraint("(status = 'CLOSED') = (close_reason is not null)", name="close_reason"),
        # Serves an organisation's listings, newest first.
        Index(None, "organisation_id", "id"),
        # Serves the market, newest first and ending soon. The first has all that it is filtered by:
        # a rare combination among 100,000 open ones took 100 ms when each row was read for it.
        Index(
            "ix_listing_open",
            "id",
            postgresql_include=MARKET_COLUMNS,
            postgresql_where=text("status = 'OPEN'"),
        ),
        Index("ix_listing_ending", "expires_at", "id", postgresql_where=text("status = 'OPEN'")),
        # Serves searching by words.
        Index("ix_listing_searched", "searched", postgresql_using="gin"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    contact_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    kind: ListingKind = Field(sa_type=text_enum(ListingKind, "kind"))
    form: ListingForm = Field(sa_type=text_enum(ListingForm, "form"))
    status: ListingStatus = Field(
        default=ListingStatus.DRAFT,
        sa_type=text_enum(ListingStatus, "status"),
        sa_column_kwargs={"server_default": ListingStatus.DRAFT.value},
    )
    close_reason: ListingCloseReason | None = Field(
        default=None, sa_type=text_enum(ListingCloseReason, "reason")
    )
    audience: ListingAudience = Field(sa_type=text_enum(ListingAudience, "audience"))
    title: str = Field(sa_type=Text)
    body: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    # The text as safe HTML; null for plain text that was not written here.
    body_html: str | None = Field(default=None, sa_type=Text)
    language: Locale = Field(sa_type=text_enum(Locale, "language"))
    hours_per_week: int | None = Field(default=None, sa_type=SmallInteger)
    hours_total: int | None = Field(default=None, sa_type=Integer)
    starts_on: date | None = Field(default=None, sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    # By how much the period may move either way.
    slack_days: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )
    place_id: UUID | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL")
    # How far from the place it may be, as the crow flies.
    distance_km: int | None = Field(default=None, sa_type=SmallInteger)
    is_remote: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    # Any of these will do; empty for whichever.
    languages: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    # How many people, or places.
    capacity: int = Field(
        default=1, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("1")}
    )
    terms: ListingTerms = Field(sa_type=text_enum(ListingTerms, "terms"))
    # Euro cents an hour.
    rate_cents: int | None = Field(default=None, sa_type=Integer)
    opened_at: datetime | None = Field(default=None, sa_type=Timestamp)
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    searched: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(SEARCHED, persisted=True),)
    )


class ListingSkill(Entity, table=True):
    """A skill that a listing asks for or offers, from a level on."""

    __tablename__ = "listing_skill"
    __table_args__ = (
        CheckConstraint("minimum_level between 1 and 5", name="minimum_level"),
        UniqueConstraint("listing_id", "skill_id"),
        # Serves "which listings name this skill".
        Index(None, "skill_id", "listing_id"),
        # Serves looking for matches: what is open, without a look at the table.
        Index(
            "ix_listing_skill_open",
            "skill_id",
            "open_as",
            "listing_id",
            postgresql_include=["minimum_level"],
            postgresql_where=text("open_as is not null"),
        ),
    )

    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    importance: SkillImportance = Field(sa_type=text_enum(SkillImportance, "importance"))
    # 1 to 5, as in person_skill.
    minimum_level: int = Field(sa_type=SmallInteger)
    # The kind of its listing while that is open: kept with `listing.status`.
    open_as: ListingKind | None = Field(default=None, sa_type=text_enum(ListingKind, "open_as"))
    # Of an offer: how many members hold the skill from this level on, and when one last used it,
    # as far as they say; looked up when the listing is opened, and when they change.
    holders: int | None = Field(default=None, sa_type=Integer)
    last_used_on: date | None = Field(default=None, sa_type=Date)


class ListingAim(Entity, table=True):
    """A skill that whoever shares wants to learn by it."""

    __tablename__ = "listing_aim"
    __table_args__ = (
        UniqueConstraint("listing_id", "skill_id"),
        # Serves "who wants to learn this skill".
        Index(None, "skill_id", "listing_id"),
    )

    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")


class ListingStep(Entity, table=True):
    """A line of a listing's history: who did what, and when."""

    __tablename__ = "listing_step"
    __table_args__ = (
        # Serves a listing's history.
        Index(None, "listing_id", "id"),
    )

    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE")
    # Null when the clock did it, or they are gone.
    actor_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    action: ListingAction = Field(sa_type=text_enum(ListingAction, "action"))
    # Of a listing that was filled because an exchange took its last place.
    exchange_id: UUID | None = Field(default=None, foreign_key="exchange.id", ondelete="SET NULL")
    # Of an edit: the names of what changed.
    changed: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
