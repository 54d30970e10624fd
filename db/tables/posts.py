"""What organisations publish, and what people answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, Timestamp, text_enum
from db.tables.people import Locale

POST_BODY_MAX = 5_000
COMMENT_BODY_MAX = 2_000


class Audience(StrEnum):
    """Who may read a post, widest first."""

    PUBLIC = "PUBLIC"
    NETWORK = "NETWORK"
    FOLLOWERS = "FOLLOWERS"
    ORGANISATION = "ORGANISATION"


class ReactionKind(StrEnum):
    """What a person says with one click."""

    LIKE = "LIKE"
    CELEBRATE = "CELEBRATE"
    INSIGHTFUL = "INSIGHTFUL"
    SUPPORT = "SUPPORT"
    CURIOUS = "CURIOUS"


class Post(Entity, table=True):
    """A message in an organisation's name; the acting person is always recorded."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint(f"char_length(body) between 1 and {POST_BODY_MAX}", name="body_length"),
        # What came from outside is known by its key there, so that an import can be repeated.
        UniqueConstraint("organisation_id", "import_key"),
        # Serves an organisation's page and the lateral of the feed: newest first, one index scan.
        Index(None, "organisation_id", "id"),
        # Serves the feed: the newest keys of an organisation without a look at the table.
        Index(
            "ix_post_for_followers",
            "organisation_id",
            "id",
            postgresql_where=text("audience <> 'ORGANISATION'"),
        ),
        # Serves the feed's branch of internal posts, of which there are few.
        Index(
            "ix_post_internal",
            "organisation_id",
            "id",
            postgresql_where=text("audience = 'ORGANISATION'"),
        ),
        # Serves a person's posts.
        Index(None, "author_id", "id"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    body: str = Field(sa_type=Text)
    language: Locale = Field(sa_type=text_enum(Locale, "language"))
    audience: Audience = Field(
        default=Audience.NETWORK,
        sa_type=text_enum(Audience, "audience"),
        sa_column_kwargs={"server_default": Audience.NETWORK.value},
    )
    import_key: str | None = Field(default=None, sa_type=Text)
    edited_at: datetime | None = Field(default=None, sa_type=Timestamp)
    comment_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    reaction_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class Comment(Entity, table=True):
    """An answer to a post, or to another comment of the same post."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(f"char_length(body) between 1 and {COMMENT_BODY_MAX}", name="body_length"),
        # Serves a post's comments, oldest first.
        Index(None, "post_id", "id"),
        # Serves a comment's replies.
        Index(None, "parent_id", "id", postgresql_where=text("parent_id is not null")),
        # Serves the removal of a person with all that they wrote.
        Index(None, "author_id"),
    )

    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE")
    parent_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    body: str = Field(sa_type=Text)
    edited_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Reaction(Entity, table=True):
    """One person's reaction to one post."""

    __tablename__ = "reaction"
    __table_args__ = (
        # Serves "how did the viewer react".
        UniqueConstraint("post_id", "person_id"),
        # Serves a post's reactions, newest first.
        Index(None, "post_id", "id"),
        # Serves the removal of a person with all their reactions.
        Index(None, "person_id"),
    )

    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: ReactionKind = Field(sa_type=text_enum(ReactionKind, "kind"))
