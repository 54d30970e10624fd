"""Organisations and what they declare about themselves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT, TSVECTOR
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum

NAME_MAX = 120
SLUG_MAX = 80
# Pages beside those of organisations.
RESERVED_SLUGS = frozenset({"new", "edit", "search", "settings", "api"})
ABOUT_MAX = 10_000
STATEMENT_MAX = 280
MESSAGE_MAX = 1_000
# Its words: stems in both languages, and as they stand.
SEARCHED = (
    "strip(to_tsvector('commons_nl', about) || to_tsvector('commons_en', about)"
    " || to_tsvector('commons_plain', name || ' ' || about || ' ' || coalesce(location, '')))"
)
# Further sectors and places beside the first one.
FURTHER_MAX = 10


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


class JoinOutcome(StrEnum):
    """What became of a request to join."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class DomainProof(StrEnum):
    """How an organisation proves to own a domain."""

    DNS = "DNS"
    EMAIL = "EMAIL"


class PartnershipStatus(StrEnum):
    """Where a partnership stands."""

    REQUESTED = "REQUESTED"
    ACTIVE = "ACTIVE"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


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
        # Serves discover(query:).
        Index("ix_organisation_searched", "searched", postgresql_using="gin"),
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
    # The text as safe HTML; null for plain text that nobody has edited here.
    about_html: str | None = Field(default=None, sa_type=Text)
    website: str | None = Field(default=None, sa_type=Text)
    location: str | None = Field(default=None, sa_type=Text)
    further_sectors: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    further_locations: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    verified_domain: str | None = Field(default=None, sa_type=Text)
    logo_url: str | None = Field(default=None, sa_type=Text)
    banner_url: str | None = Field(default=None, sa_type=Text)
    # Counts edits: an edit says which version it was made on.
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    suspended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    follower_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    member_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    post_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Newest post that every follower may see; the feed picks its candidates by it.
    last_post_id: UUID | None = Field(default=None)
    searched: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(SEARCHED, persisted=True),)
    )


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


class Invitation(Entity, table=True):
    """An address that is asked to join, until it answers or the invitation expires."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        # One open invitation for an address and organisation.
        Index(
            "uq_invitation_open",
            "organisation_id",
            "email",
            unique=True,
            postgresql_where=text("answered_at is null and revoked_at is null"),
        ),
        # Serves an organisation's invitations, newest first.
        Index(None, "organisation_id", "id"),
        # Serves "what is this address invited to".
        Index(None, "email", "id"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    email: str = Field(sa_type=CITEXT)
    role: str = Field(sa_type=Text)
    invited_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    secret_hash: bytes = Field(sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=Timestamp)
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    accepted: bool | None = Field(default=None)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)


class JoinRequest(Entity, table=True):
    """A person who asks to become a member."""

    __tablename__ = "join_request"
    __table_args__ = (
        CheckConstraint(f"char_length(message) <= {MESSAGE_MAX}", name="message_length"),
        Index(
            "uq_join_request_pending",
            "organisation_id",
            "person_id",
            unique=True,
            postgresql_where=text("outcome = 'PENDING'"),
        ),
        # Serves an organisation's requests, newest first.
        Index(None, "organisation_id", "id"),
        # Serves a person's own requests.
        Index(None, "person_id", "id"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    message: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    outcome: JoinOutcome = Field(
        default=JoinOutcome.PENDING,
        sa_type=text_enum(JoinOutcome, "outcome"),
        sa_column_kwargs={"server_default": JoinOutcome.PENDING.value},
    )
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)


class DomainClaim(Entity, table=True):
    """A domain that an organisation says it owns, and the proof that is asked for."""

    __tablename__ = "domain_claim"
    __table_args__ = (
        UniqueConstraint("organisation_id", "domain"),
        # A domain is proved by one organisation only.
        Index(
            "uq_domain_claim_verified",
            "domain",
            unique=True,
            postgresql_where=text("verified_at is not null"),
        ),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    domain: str = Field(sa_type=CITEXT)
    proof: DomainProof = Field(sa_type=text_enum(DomainProof, "proof"))
    # What the TXT record must hold; public by nature.
    token: str = Field(sa_type=Text)
    claimed_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    checked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    verified_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Partnership(Entity, table=True):
    """Two organisations that work together: asked for by one, accepted by the other."""

    __tablename__ = "partnership"
    __table_args__ = (
        CheckConstraint("requester_id <> addressee_id", name="two_organisations"),
        CheckConstraint(f"char_length(message) <= {MESSAGE_MAX}", name="message_length"),
        # One open or active partnership for a pair, whoever asked.
        Index(
            "uq_partnership_pair",
            text("least(requester_id, addressee_id)"),
            text("greatest(requester_id, addressee_id)"),
            unique=True,
            postgresql_where=text("status in ('REQUESTED', 'ACTIVE')"),
        ),
        # Serve an organisation's partnerships from either side, and "are these two partners".
        Index(None, "requester_id", "id"),
        Index(None, "addressee_id", "id"),
    )

    requester_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    addressee_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    status: PartnershipStatus = Field(
        default=PartnershipStatus.REQUESTED,
        sa_type=text_enum(PartnershipStatus, "status"),
        sa_column_kwargs={"server_default": PartnershipStatus.REQUESTED.value},
    )
    message: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    requested_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
