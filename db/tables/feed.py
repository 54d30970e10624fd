"""What a person has seen of the feed, and the searches that are feeds of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field, SQLModel

from db.base import Entity, Timestamp

SEARCH_NAME_MAX = 80
SEARCH_QUERY_MAX = 200


class FeedVisit(SQLModel, table=True):
    """How far a person has read the home feed: what is newer is new since the last visit."""

    __tablename__ = "feed_visit"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    # The newest post that was shown. No foreign key: the mark outlives the post.
    seen_post_id: UUID | None = Field(default=None)
    seen_at: datetime = Field(sa_type=Timestamp)


class SavedSearch(Entity, table=True):
    """A search that a person keeps as a feed of its own. It ends only when its owner ends it."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint(f"char_length(name) between 1 and {SEARCH_NAME_MAX}", name="name_length"),
        CheckConstraint(f"char_length(query) <= {SEARCH_QUERY_MAX}", name="query_length"),
        # Serves a person's saved searches, newest first.
        Index(None, "person_id", "id"),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    name: str = Field(sa_type=Text)
    query: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    skill_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    organisation_ids: list[UUID] = Field(
        default=[], sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    languages: list[str] = Field(
        default=[], sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    notify: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    paused_at: datetime | None = Field(default=None, sa_type=Timestamp)
    # Its owner is told of posts with a later key: of nothing that was there when they began to be
    # told, or ended a pause. Telling itself does not move it: posts are not committed in this order.
    told_post_id: UUID | None = Field(default=None)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
