"""Who follows what, who does not want to see whom."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
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


class PersonFollow(Entity, table=True):
    """A person follows a person, with the same three switches."""

    __tablename__ = "person_follow"
    __table_args__ = (
        CheckConstraint("person_id <> followed_id", name="not_oneself"),
        # Serves the feed and "does the viewer follow".
        UniqueConstraint("person_id", "followed_id"),
        # Serves a person's followers, newest first.
        Index(None, "followed_id", "id"),
        # Serves the people whom a person follows, newest first.
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    followed_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    in_feed: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    prioritise: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class SkillFollow(Entity, table=True):
    """A person follows a skill, with the same three switches."""

    __tablename__ = "skill_follow"
    __table_args__ = (
        # Serves the feed and "does the viewer follow".
        UniqueConstraint("person_id", "skill_id"),
        # Serves "whom to tell about a post on this skill", and a skill's followers.
        Index(None, "skill_id", "id"),
        # Serves the skills that a person follows, newest first.
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    in_feed: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    prioritise: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class Mute(Entity, table=True):
    """What a person leaves out of the feed for a while, without anybody else noticing."""

    __tablename__ = "mute"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(organisation_id, muted_person_id, skill_id) = 1", name="one_subject"
        ),
        # Serve the feed, and make a repeated mute one mute.
        UniqueConstraint("person_id", "organisation_id"),
        UniqueConstraint("person_id", "muted_person_id"),
        UniqueConstraint("person_id", "skill_id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    muted_person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    skill_id: UUID | None = Field(default=None, foreign_key="skill.id", ondelete="CASCADE")


class Block(Entity, table=True):
    """Two who do not see each other: a person and a person, or a person and an organisation.

    Either side may have asked; `by_organisation` tells when it was the organisation.
    """

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint("num_nonnulls(blocked_person_id, organisation_id) = 1", name="one_subject"),
        CheckConstraint("person_id <> blocked_person_id", name="not_oneself"),
        CheckConstraint("not by_organisation or organisation_id is not null", name="by_whom"),
        # Serve "whom may this viewer not see" from the side that asked ...
        UniqueConstraint("person_id", "blocked_person_id"),
        UniqueConstraint("person_id", "organisation_id", "by_organisation"),
        # ... and from the other side.
        Index(None, "blocked_person_id"),
        Index(None, "organisation_id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    blocked_person_id: UUID | None = Field(
        default=None, foreign_key="person.id", ondelete="CASCADE"
    )
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    by_organisation: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
