"""What organisations publish, and what people answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Computed, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from db.base import Entity, Timestamp, text_enum
from db.tables.people import Locale

POST_BODY_MAX = 5_000
COMMENT_BODY_MAX = 2_000
IMAGES_MAX = 8
ALT_TEXT_MAX = 500
# Posts that every follower may read; the others have a branch of their own in the feed.
FOR_FOLLOWERS = "audience <> 'PARTNERS' and audience <> 'ORGANISATION' and hidden_at is null"
FOR_FEWER = "(audience = 'PARTNERS' or audience = 'ORGANISATION') and hidden_at is null"
# Uploads that hang on nothing yet.
WAITING = (
    "post_id is null and organisation_id is null and person_id is null and match_message_id is null"
)
WORDLESS_REPOST = "kind = 'REPOST' and body = '' and repost_of_id is not null"
SKILLS_MAX = 10
PINNED_MAX = 3
MENTIONS_MAX = 20


# Its words: stems in its own language, and as they stand, so that the beginning of a word finds it.
# Without positions, so that nothing is kept twice.
SEARCHED = (
    "strip(case language when 'NL' then to_tsvector('commons_nl', body)"
    " else to_tsvector('commons_en', body) end || to_tsvector('commons_plain', body))"
)


class Audience(StrEnum):
    """Who may read a post, widest first."""

    PUBLIC = "PUBLIC"
    NETWORK = "NETWORK"
    FOLLOWERS = "FOLLOWERS"
    PARTNERS = "PARTNERS"
    ORGANISATION = "ORGANISATION"


class PostKind(StrEnum):
    """What a post is for."""

    MESSAGE = "MESSAGE"
    QUESTION = "QUESTION"
    REPOST = "REPOST"


class MediaPurpose(StrEnum):
    """What an upload is for."""

    LOGO = "LOGO"
    BANNER = "BANNER"
    AVATAR = "AVATAR"
    IMAGE = "IMAGE"
    FILE = "FILE"


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
        CheckConstraint(f"char_length(body) <= {POST_BODY_MAX}", name="body_length"),
        CheckConstraint("body <> '' or kind = 'REPOST'", name="body_present"),
        # What came from outside is known by its key there, so that an import can be repeated.
        UniqueConstraint("organisation_id", "import_key"),
        # Serves an organisation's page and the lateral of the feed: newest first, one index scan.
        Index(None, "organisation_id", "id"),
        # Serves the feed: the newest keys of an organisation without a look at the table, and
        # whose they are, for the author may be somebody whom the viewer does not meet.
        Index(
            "ix_post_for_followers",
            "organisation_id",
            "id",
            postgresql_include=["author_id"],
            postgresql_where=text(FOR_FOLLOWERS),
        ),
        # Serves the feed's branch of posts for members and partners, of which there are few.
        Index(
            "ix_post_for_fewer",
            "organisation_id",
            "id",
            postgresql_include=["author_id"],
            postgresql_where=text(FOR_FEWER),
        ),
        # Serves a person's posts, and the feed of whoever follows that person.
        Index(None, "author_id", "id"),
        # Serves a post's reposts.
        Index("ix_post_repost_of", "repost_of_id", "id", postgresql_where=text("kind = 'REPOST'")),
        # One wordless repost of a post in an organisation's name.
        Index(
            "ix_post_wordless_repost",
            "organisation_id",
            "repost_of_id",
            unique=True,
            postgresql_where=text(WORDLESS_REPOST),
        ),
        # Serves discover(query:) and saved searches.
        Index("ix_post_searched", "searched", postgresql_using="gin"),
        # Serves the posts about a listing.
        Index(
            "ix_post_listing",
            "listing_id",
            "id",
            postgresql_where=text("listing_id is not null"),
        ),
        # Serves an organisation's pinned posts.
        Index(
            "ix_post_pinned",
            "organisation_id",
            "pinned_at",
            postgresql_where=text("pinned_at is not null"),
        ),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: PostKind = Field(
        default=PostKind.MESSAGE,
        sa_type=text_enum(PostKind, "kind"),
        sa_column_kwargs={"server_default": PostKind.MESSAGE.value},
    )
    body: str = Field(sa_type=Text)
    # The text as safe HTML; null for plain text that was not written here.
    body_html: str | None = Field(default=None, sa_type=Text)
    language: Locale = Field(sa_type=text_enum(Locale, "language"))
    audience: Audience = Field(
        default=Audience.NETWORK,
        sa_type=text_enum(Audience, "audience"),
        sa_column_kwargs={"server_default": Audience.NETWORK.value},
    )
    import_key: str | None = Field(default=None, sa_type=Text)
    # An offer or a request that it points to.
    listing_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    repost_of_id: UUID | None = Field(default=None, foreign_key="post.id", ondelete="SET NULL")
    # Of a question: the comment that answers it best. No foreign key: the two tables would need
    # each other; whoever removes a comment clears it.
    best_answer_id: UUID | None = Field(default=None)
    pinned_at: datetime | None = Field(default=None, sa_type=Timestamp)
    edited_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Hidden by moderators: seen by those who may edit it, so that they can appeal.
    hidden_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    comment_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    reaction_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    repost_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    searched: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(SEARCHED, persisted=True),)
    )


class Comment(Entity, table=True):
    """An answer to a post, or to another comment of the same post."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(f"char_length(body) <= {COMMENT_BODY_MAX}", name="body_length"),
        CheckConstraint("(body = '') = (deleted_at is not null)", name="body_present"),
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
    body_html: str | None = Field(default=None, sa_type=Text)
    edited_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Taken back by its author while others had answered it: its place stays, its text is gone.
    deleted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    hidden_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


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


class PostDraft(Entity, table=True):
    """A post that is not published yet: a draft, or scheduled for a time."""

    __tablename__ = "post_draft"
    __table_args__ = (
        CheckConstraint(f"char_length(body) <= {POST_BODY_MAX}", name="body_length"),
        # Serves an organisation's drafts, newest first.
        Index(None, "organisation_id", "id"),
        # Serves the worker that publishes what is due.
        Index(
            "ix_post_draft_due",
            "scheduled_for",
            postgresql_where=text("scheduled_for is not null and refused_at is null"),
        ),
        Index(None, "author_id"),
    )

    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: PostKind = Field(
        default=PostKind.MESSAGE,
        sa_type=text_enum(PostKind, "kind"),
        sa_column_kwargs={"server_default": PostKind.MESSAGE.value},
    )
    body: str = Field(sa_type=Text)
    language: Locale = Field(sa_type=text_enum(Locale, "language"))
    audience: Audience = Field(
        default=Audience.NETWORK,
        sa_type=text_enum(Audience, "audience"),
        sa_column_kwargs={"server_default": Audience.NETWORK.value},
    )
    skill_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    listing_id: UUID | None = Field(default=None, foreign_key="listing.id", ondelete="SET NULL")
    media_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    scheduled_for: datetime | None = Field(default=None, sa_type=Timestamp)
    # When it was due and could not be published, and the code of why; its author is told.
    refused_at: datetime | None = Field(default=None, sa_type=Timestamp)
    refusal: str | None = Field(default=None, sa_type=Text)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class PostRevision(Entity, table=True):
    """What a post said before an edit."""

    __tablename__ = "post_revision"
    # Serves a post's history, newest first.
    __table_args__ = (Index(None, "post_id", "id"), Index(None, "edited_by_id"))

    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE")
    body: str = Field(sa_type=Text)
    edited_by_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")


class PostSkill(SQLModel, table=True):
    """What a post is about."""

    __tablename__ = "post_skill"
    # Serves a skill's feed, newest first.
    __table_args__ = (Index(None, "skill_id", "post_id"),)

    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE", primary_key=True)
    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE", primary_key=True)


class Mention(Entity, table=True):
    """A person or an organisation that a post or a comment names."""

    __tablename__ = "mention"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, organisation_id) = 1", name="one_subject"),
        # Whoever is named twice in a text is named once.
        UniqueConstraint(
            "post_id",
            "comment_id",
            "person_id",
            "organisation_id",
            name="uq_mention_subject",
            postgresql_nulls_not_distinct=True,
        ),
        # Serves "what names this organisation" and "what names this person".
        Index(None, "organisation_id", "id"),
        Index(None, "person_id", "id"),
        Index(None, "comment_id"),
    )

    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE")
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )


class Bookmark(Entity, table=True):
    """A post that a person keeps for later; nobody else sees it."""

    __tablename__ = "bookmark"
    __table_args__ = (
        UniqueConstraint("person_id", "post_id"),
        # Serves a person's bookmarks, newest first.
        Index(None, "person_id", "id"),
        Index(None, "post_id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    post_id: UUID = Field(foreign_key="post.id", ondelete="CASCADE")


class Media(Entity, table=True):
    """A picture or file that somebody uploaded; what it hangs on says who may see it."""

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("num_nonnulls(width, height) in (0, 2)", name="size"),
        CheckConstraint(
            "num_nonnulls(post_id, organisation_id, person_id, match_message_id) <= 1",
            name="one_place",
        ),
        CheckConstraint(f"char_length(alt_text) <= {ALT_TEXT_MAX}", name="alt_text_length"),
        UniqueConstraint("storage_key"),
        # Serves a post's pictures in their order.
        Index(None, "post_id", "position"),
        Index(None, "uploaded_by_id", "id"),
        # Serve the replacement of a logo, banner or portrait, and the removal of whose it was.
        Index(None, "organisation_id", postgresql_where=text("organisation_id is not null")),
        Index(None, "person_id", postgresql_where=text("person_id is not null")),
        # Serves the files of a message in their order.
        Index(
            None,
            "match_message_id",
            "position",
            postgresql_where=text("match_message_id is not null"),
        ),
        # Serves "what does this person have waiting", and the removal of what nobody used.
        Index("ix_media_waiting", "uploaded_by_id", "id", postgresql_where=text(WAITING)),
    )

    uploaded_by_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    # What it hangs on; nothing yet right after the upload.
    post_id: UUID | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE")
    organisation_id: UUID | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE"
    )
    # Whose portrait it is.
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    match_message_id: UUID | None = Field(
        default=None, foreign_key="match_message.id", ondelete="CASCADE"
    )
    position: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    purpose: MediaPurpose = Field(sa_type=text_enum(MediaPurpose, "purpose"))
    storage_key: str = Field(sa_type=Text)
    content_type: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    alt_text: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    byte_count: int
    width: int | None = Field(default=None)
    height: int | None = Field(default=None)
