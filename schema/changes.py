"""What subscriptions tell: an object that changed, what became of it, and a cursor to go on from."""

from __future__ import annotations

import strawberry
from sqlalchemy import Column, Text, Uuid

from resolvers import changes as resolve
from resolvers.changes import ChangeKind
from resolvers.rows import Row
from schema import prefixes
from schema.engine.declare import column, derived, one, value
from schema.engine.ids import expression
from schema.references import ToPost

CURSOR = (
    "Where this stands among all that happened. Subscribe again with it as `after` to go on from "
    "here: nothing is left out, nothing comes twice."
)


def post_id(change: Row) -> object:
    """Give the id of the post that changed."""
    return expression(prefixes.POST, change.post_id)


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("post_id", Uuid),
)
class FeedChange:
    """A post that came into the home feed, changed in it, or left it."""

    kind: ChangeKind = column("What became of the post.")
    id: strawberry.ID | None = value(
        post_id, "The id of the post, also of one that is gone; null for RESYNC."
    )
    cursor: str = column(CURSOR)
    post: ToPost | None = one(
        resolve.changed_post,
        "The post as it is now; null when it is gone or hidden, and for RESYNC.",
    )
