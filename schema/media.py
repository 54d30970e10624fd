"""Pictures and files in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import posts as tables
from db.tables.posts import MediaPurpose
from resolvers import media as resolve
from schema import prefixes
from schema.engine.declare import column, table, value
from schema.engine.relay import Node


@table(
    tables.Media,
    prefix=prefixes.MEDIA,
    visible=resolve.visible,
    within={"post_id": "Post", "match_message_id": "MatchMessage"},
)
class Media(Node):
    """A picture or file that somebody uploaded by `POST /media`.

    One on a post is seen by the post's readers, one on a message by the two sides; a logo, banner or portrait by everyone; one that is
    not used yet by whoever uploaded it.
    """

    url: str = value(
        resolve.url, "Where it is served, as a path of this site. What is there never changes."
    )
    purpose: MediaPurpose = column("What it was uploaded for.")
    content_type: str = column("Its media type; pictures are WebP.")
    byte_count: int = column("Its size in bytes.")
    width: int | None = column("Pixels across; null for a file.")
    height: int | None = column("Pixels down; null for a file.")
    alt_text: str = column("What it shows, for those who cannot see it; may be empty.")
    name: str = column("What the file was called; may be empty for a picture.")
    created_at: datetime = column("When it was uploaded.")
