"""People, where they work or worked, and what they can do."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import CITEXT, TSVECTOR
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum

NAME_MAX = 120
HEADLINE_MAX = 220
EVIDENCE_MAX = 500
# The words of name, headline and place: stems in both languages, and as they stand.
SEARCHED = (
    "strip(to_tsvector('commons_nl', coalesce(headline, ''))"
    " || to_tsvector('commons_en', coalesce(headline, '')) || to_tsvector('commons_plain',"
    " name || ' ' || coalesce(headline, '') || ' ' || coalesce(location, '')))"
)
LEVEL_MIN, LEVEL_MAX = 1, 5


class Locale(StrEnum):
    """Language in which the product speaks to a person, or in which a text is written."""

    NL = "NL"
    EN = "EN"


class ProfileVisibility(StrEnum):
    """Who may see a person's profile."""

    PUBLIC = "PUBLIC"
    NETWORK = "NETWORK"
    COLLEAGUES = "COLLEAGUES"


class Role(StrEnum):
    """What a member may do in an organisation, most first."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    TALENT_MANAGER = "TALENT_MANAGER"
    EDITOR = "EDITOR"
    MEMBER = "MEMBER"


class Digest(StrEnum):
    """How often a person gets a summary by e-mail."""

    NONE = "NONE"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"


class Person(Entity, table=True):
    """One person, known by an e-mail address that is never shown to others."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(f"char_length(name) between 1 and {NAME_MAX}", name="name_length"),
        CheckConstraint(f"char_length(headline) <= {HEADLINE_MAX}", name="headline_length"),
        CheckConstraint("email ~ '^[^@[:space:]]+@[^@[:space:]]+$'", name="email"),
        UniqueConstraint("email"),
        # Serves discover(query:).
        Index("ix_person_searched", "searched", postgresql_using="gin"),
        # Serves telling who of many listeners moderates.
        Index("ix_person_moderators", "id", postgresql_where=text("is_moderator")),
        # Serves people(order: NAME).
        Index(None, "name", "id"),
        # Serve people(search:): substrings of the name and of the headline.
        Index(
            "ix_person_name_trgm",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index(
            "ix_person_headline_trgm",
            "headline",
            postgresql_using="gin",
            postgresql_ops={"headline": "gin_trgm_ops"},
        ),
    )

    email: str = Field(sa_type=CITEXT)
    name: str = Field(sa_type=Text)
    headline: str | None = Field(default=None, sa_type=Text)
    location: str | None = Field(default=None, sa_type=Text)
    avatar_url: str | None = Field(default=None, sa_type=Text)
    locale: Locale = Field(
        default=Locale.NL,
        sa_type=text_enum(Locale, "locale"),
        sa_column_kwargs={"server_default": Locale.NL.value},
    )
    visibility: ProfileVisibility = Field(
        default=ProfileVisibility.NETWORK,
        sa_type=text_enum(ProfileVisibility, "visibility"),
        sa_column_kwargs={"server_default": ProfileVisibility.NETWORK.value},
    )
    # Whether organisations learn that their listings were looked at by this person, in the name of an
    # organisation of theirs.
    shows_looks: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    digest: Digest = Field(
        default=Digest.WEEKLY,
        sa_type=text_enum(Digest, "digest"),
        sa_column_kwargs={"server_default": Digest.WEEKLY.value},
    )
    # A person who moderates the whole network.
    is_moderator: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    email_verified_at: datetime | None = Field(default=None, sa_type=Timestamp)
    deactivated_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Suspended by moderators: reads and appeals, but neither writes nor is seen.
    suspended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Everything personal is gone; the row stays as the author of what may stay.
    erased_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # When they asked for that; it is done two weeks later unless they change their mind.
    erasure_requested_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    # Newest post that every follower may see; the feed picks its candidates by it.
    last_post_id: UUID | None = Field(default=None)
    searched: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(SEARCHED, persisted=True),)
    )


class Membership(Entity, table=True):
    """A person's place in an organisation; current while `ended_on` is null."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="dates"),
        UniqueConstraint("person_id", "organisation_id", "started_on"),
        # One current membership per person and organisation; serves every "is a member" question.
        Index(
            "uq_membership_current",
            "person_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("ended_on is null"),
        ),
        # Serves an organisation's members page.
        Index(None, "organisation_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    role: Role = Field(
        default=Role.MEMBER,
        sa_type=text_enum(Role, "role"),
        sa_column_kwargs={"server_default": Role.MEMBER.value},
    )
    title: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    started_on: date = Field(
        default=None, nullable=False, sa_column_kwargs={"server_default": text("current_date")}
    )
    ended_on: date | None = Field(default=None)


class PersonSkill(Entity, table=True):
    """A skill that a person has: level 1 (aware) to 5 (expert), why we may believe it, when last used."""

    __tablename__ = "person_skill"
    __table_args__ = (
        CheckConstraint(f"level between {LEVEL_MIN} and {LEVEL_MAX}", name="level"),
        CheckConstraint(f"char_length(evidence) <= {EVIDENCE_MAX}", name="evidence_length"),
        UniqueConstraint("person_id", "skill_id"),
        # Serves a skill's people, strongest first, and people(filter: {skill, level}).
        Index(None, "skill_id", "level", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    level: int = Field(sa_type=SmallInteger)
    evidence: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    last_used_on: date | None = Field(default=None)
