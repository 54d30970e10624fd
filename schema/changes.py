"""What subscriptions tell: an object that changed, what became of it, and a cursor to go on from."""

from __future__ import annotations

import strawberry
from sqlalchemy import ARRAY, Column, Text, Uuid, case

from resolvers import changes as resolve
from resolvers.changes import ChangeKind
from resolvers.rows import Row
from schema import prefixes
from schema.engine.declare import column, derived, many, one, value
from schema.engine.ids import expression
from schema.references import (
    ToComment,
    ToMembership,
    ToNotification,
    ToOrganisation,
    ToPerson,
    ToPost,
)

CURSOR = (
    "Where this stands among all that happened. Subscribe again with it as `after` to go on from "
    "here: nothing is left out, nothing comes twice."
)
NOTIFICATIONS_MAX = 100


def post_id(change: Row) -> object:
    """Give the id of the post that changed."""
    return expression(prefixes.POST, change.post_id)


def post_or_comment_id(change: Row) -> object:
    """Give the id of the comment that changed, or of the post."""
    return case(
        (change.comment_id.is_not(None), expression(prefixes.COMMENT, change.comment_id)),
        else_=expression(prefixes.POST, change.post_id),
    )


def organisation_part_id(change: Row) -> object:
    """Give the id of the post or the membership that changed, or of the organisation."""
    return case(
        (change.post_id.is_not(None), expression(prefixes.POST, change.post_id)),
        (change.membership_id.is_not(None), expression(prefixes.MEMBERSHIP, change.membership_id)),
        else_=expression(prefixes.ORGANISATION, change.organisation_id),
    )


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("post_id", Uuid),
)
class FeedChange:
    """A post that came into a feed, changed in it, or left it."""

    kind: ChangeKind = column("What became of the post.")
    id: strawberry.ID | None = value(
        post_id, "The id of the post, also of one that is gone; null for RESYNC."
    )
    cursor: str = column(CURSOR)
    post: ToPost | None = one(
        resolve.changed_post,
        "The post as it is now; null when it is gone or hidden, and for RESYNC.",
    )


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("post_id", Uuid),
    Column("comment_id", Uuid),
)
class PostChange:
    """A post changed: its text, its counts, its comments."""

    kind: ChangeKind = column("What became of the comment, or of the post where it is no comment.")
    id: strawberry.ID | None = value(
        post_or_comment_id, "The id of the comment or post, also of one that is gone."
    )
    cursor: str = column(CURSOR)
    post: ToPost | None = one(
        resolve.changed_post,
        "The post as it is now, with its counts; null when it is gone or hidden.",
    )
    comment: ToComment | None = one(
        resolve.changed_comment, "The comment that changed; null when it is gone, or none did."
    )


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("organisation_id", Uuid),
    Column("post_id", Uuid),
    Column("membership_id", Uuid),
)
class OrganisationChange:
    """An organisation changed: its profile and counts, its people, its posts."""

    kind: ChangeKind = column("What became of the post, the membership or the organisation.")
    id: strawberry.ID | None = value(
        organisation_part_id, "The id of what changed, also of what is gone."
    )
    cursor: str = column(CURSOR)
    organisation: ToOrganisation | None = one(
        resolve.changed_organisation, "The organisation as it is now; null when it is hidden."
    )
    post: ToPost | None = one(
        resolve.changed_post, "The post that changed; null when it is gone, or none did."
    )
    membership: ToMembership | None = one(
        resolve.changed_membership, "The membership that changed; null when none did."
    )


@derived(
    Column("kind", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("notification_ids", ARRAY(Uuid), nullable=False),
    Column("person_id", Uuid),
)
class NotificationChange:
    """Lines of the viewer's inbox came, changed, were read or went."""

    kind: ChangeKind = column("What became of the lines.")
    cursor: str = column(CURSOR)
    notifications: list[ToNotification] | None = many(
        resolve.changed_notifications,
        "The lines as they are now, the newest first; empty when they are gone, or too many.",
        at_most=NOTIFICATIONS_MAX,
    )
    viewer: ToPerson | None = one(
        resolve.changed_person, "Whose inbox it is, for the count of what is unread."
    )
