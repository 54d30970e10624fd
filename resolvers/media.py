"""Pictures and files: who sees them, and where they are served."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from db.tables.posts import Media, MediaPurpose
from resolvers.rows import Row, Viewer

MEDIA_PATH = "/media/"
# What a post can carry: pictures, or else one file.
ATTACHABLE = (MediaPurpose.IMAGE, MediaPurpose.FILE)


def visible(media: Row, viewer: Viewer) -> ColumnElement[bool]:
    """What hangs on a post or a message is seen by its readers, a logo, banner or portrait by everyone.

    What hangs on nothing yet is seen by whoever uploaded it. That the post or message may be read is
    asked where this rule is used: the media lies within it.
    """
    return or_(
        media.post_id.is_not(None),
        media.match_message_id.is_not(None),
        media.organisation_id.is_not(None),
        media.person_id.is_not(None),
        media.uploaded_by_id == viewer.id,
    )


def url(media: Row) -> ColumnElement[str]:
    """Give where it is served."""
    return func.concat(MEDIA_PATH, media.storage_key)


def images(post: Row) -> Any:
    """Give a post's pictures in their order."""
    return _attached(post, MediaPurpose.IMAGE)


def attachments(post: Row) -> Any:
    """Give a post's files in their order."""
    return _attached(post, MediaPurpose.FILE)


def files(message: Row) -> Any:
    """Give the pictures and files of a message in their order."""
    return (
        select(Media)
        .where(col(Media.match_message_id) == message.id)
        .order_by(col(Media.position), col(Media.id))
    )


def _attached(post: Row, purpose: MediaPurpose) -> Any:
    return (
        select(Media)
        .where(col(Media.post_id) == post.id, col(Media.purpose) == purpose)
        .order_by(col(Media.position), col(Media.id))
    )
