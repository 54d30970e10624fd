"""Organisations and what they declare about themselves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum

NAME_MAX = 120
ABOUT_MAX = 10_000
STATEMENT_MAX = 280


class OrganisationKind(StrEnum):
    """What an organisation is in law and purpose."""

    COMPANY = "COMPANY"
    GOVERNMENT = "GOVERNMENT"
    EDUCATION = "EDUCATION"
    HEALTHCARE = "HEALTHCARE"
    NON_PROFIT = "NON_PROFIT"
    COOPERATIVE = "COOPERATIVE"


class Sector(StrEnum):
    """The field an organisation works in."""

    PUBLIC_ADMINISTRATION = "PUBLIC_ADMINISTRATION"
    SAFETY_JUSTICE = "SAFETY_JUSTICE"
    HEALTH_CARE = "HEALTH_CARE"
    EDUCATION_RESEARCH = "EDUCATION_RESEARCH"
    ENERGY_UTILITIES = "ENERGY_UTILITIES"
    INFRASTRUCTURE_MOBILITY = "INFRASTRUCTURE_MOBILITY"
    FINANCE_INSURANCE = "FINANCE_INSURANCE"
    TECHNOLOGY = "TECHNOLOGY"
    INDUSTRY = "INDUSTRY"
    AGRICULTURE_FOOD = "AGRICULTURE_FOOD"
    CULTURE_MEDIA = "CULTURE_MEDIA"
    PROFESSIONAL_SERVICES = "PROFESSIONAL_SERVICES"
    TRADE_HOSPITALITY = "TRADE_HOSPITALITY"
    SOCIAL_SERVICES = "SOCIAL_SERVICES"


class SizeBand(StrEnum):
    """Number of people who work there."""

    MICRO = "MICRO"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"
    ENTERPRISE = "ENTERPRISE"


class Organisation(Entity, table=True):
    """One organisation; the counters are kept by whoever writes what they count."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80", name="slug"),
        CheckConstraint(f"char_length(name) between 1 and {NAME_MAX}", name="name_length"),
        CheckConstraint(f"char_length(about) <= {ABOUT_MAX}", name="about_length"),
        UniqueConstraint("slug"),
        # Serve organisations(order: NAME | FOLLOWERS): a page is one index scan.
        Index(None, "name", "id"),
        Index(None, "follower_count", "id"),
        Index(None, "sector", "id"),
        # Serves the feed: the candidates by their last post, without a look at the table.
        Index(
            "ix_organisation_last_post", "id", postgresql_include=["last_post_id", "suspended_at"]
        ),
        # Serves organisations(search:): similarity and substring of the name.
        Index(
            "ix_organisation_name_trgm",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
    )

    slug: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: OrganisationKind = Field(sa_type=text_enum(OrganisationKind, "kind"))
    sector: Sector = Field(sa_type=text_enum(Sector, "sector"))
    size_band: SizeBand = Field(sa_type=text_enum(SizeBand, "size_band"))
    about: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    website: str | None = Field(default=None, sa_type=Text)
    location: str | None = Field(default=None, sa_type=Text)
    verified_domain: str | None = Field(default=None, sa_type=Text)
    logo_url: str | None = Field(default=None, sa_type=Text)
    suspended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    follower_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    member_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    post_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Newest post that every follower may see; the feed picks its candidates by it.
    last_post_id: UUID | None = Field(default=None)


class OrganisationStrength(Entity, table=True):
    """A skill that an organisation says it is strong in, in its own words."""

    __tablename__ = "organisation_strength"
    __table_args__ = (
        CheckConstraint(f"char_length(statement) <= {STATEMENT_MAX}", name="statement_length"),
        UniqueConstraint("organisation_id", "skill_id"),
        # Serves "who declares this skill".
        Index(None, "skill_id", "organisation_id"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    statement: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
