"""Posts, comments and reactions in the graph."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db.tables import posts as tables
from db.tables.people import Locale
from db.tables.posts import IMAGES_MAX, Audience, ReactionKind
from resolvers import media as resolve_media
from resolvers import posts as resolve
from schema import prefixes
from schema.engine.declare import argument, column, connection, id_input, many, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import ToComment, ToMedia, ToOrganisation, ToPerson, ToReaction


@strawberry.input(description="Which posts to list. Conditions add up.")
class PostFilter:
    """Which posts to list."""

    organisations: list[strawberry.ID] | None = id_input(
        prefixes.ORGANISATION, "Only in the name of one of these."
    )
    authors: list[strawberry.ID] | None = id_input(
        prefixes.PERSON, "Only written by one of these people."
    )
    languages: list[Locale] | None = strawberry.field(
        description="Only in one of these languages.", default=strawberry.UNSET
    )
    audiences: list[Audience] | None = strawberry.field(
        description="Only for one of these audiences.", default=strawberry.UNSET
    )
    since: datetime | None = strawberry.field(
        description="Only published at or after this time.", default=strawberry.UNSET
    )
    until: datetime | None = strawberry.field(
        description="Only published before this time.", default=strawberry.UNSET
    )


@table(
    tables.Post,
    prefix=prefixes.POST,
    visible=resolve.visible,
    within={"organisation_id": "Organisation"},
)
class Post(Node):
    """A message in an organisation's name, read by its audience."""

    body: str = column("The text, in Markdown.")
    language: Locale = column("The language it is written in.")
    audience: Audience = column("Who may read it.")
    created_at: datetime = column("When it was published.")
    edited_at: datetime | None = column("When it was last changed; null when it never was.")
    comment_count: int = column("How many comments it has, answers included.")
    reaction_count: int = column("How many people reacted.")
    excerpt: str = value(
        resolve.excerpt,
        "The beginning of the text.",
        length=argument(
            int, "How many characters at most, 1 to 1,000.", default=140, range=(1, 1000)
        ),
    )
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null when the viewer may not see that person."
    )
    organisation: ToOrganisation = one(resolve.organisation, "In whose name it is.")
    viewer_reaction: ReactionKind | None = value(
        resolve.viewer_reaction, "How the viewer reacted; null when not."
    )
    images: list[ToMedia] = many(
        resolve_media.images,
        f"Its pictures in their order, at most {IMAGES_MAX}.",
        at_most=IMAGES_MAX,
    )
    attachments: list[ToMedia] = many(
        resolve_media.attachments, "Its file, in a list of at most one.", at_most=1
    )
    comments: Connection[ToComment] = connection(
        resolve.comments,
        "The comments, oldest first.",
        order=("id",),
        threaded=argument(
            bool,
            "True leaves out answers to comments: find these under each comment's `replies`.",
            default=False,
            static=True,
        ),
    )
    reactions: Connection[ToReaction] = connection(
        resolve.reactions,
        "The reactions, newest first.",
        order=("-id",),
        kinds=argument(list[ReactionKind] | None, "Only of one of these kinds."),
    )


@table(
    tables.Comment,
    prefix=prefixes.COMMENT,
    visible=resolve.comment_visible,
    within={"post_id": "Post"},
)
class Comment(Node):
    """An answer to a post, read by whoever may read the post."""

    body: str = column("The text, in Markdown.")
    created_at: datetime = column("When it was written.")
    edited_at: datetime | None = column("When it was last changed; null when it never was.")
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null when the viewer may not see that person."
    )
    post: Post = one(resolve.post, "The post it is on.")
    parent: ToComment | None = one(
        resolve.parent, "The comment that it answers; null when it answers the post itself."
    )
    replies: Connection[ToComment] = connection(
        resolve.replies, "The answers to it, oldest first.", order=("id",)
    )


@table(tables.Reaction, prefix=prefixes.REACTION, visible=None, within={"post_id": "Post"})
class Reaction(Node):
    """One person's reaction to a post, seen by whoever may read the post."""

    kind: ReactionKind = column("What it says.")
    created_at: datetime = column("When the person reacted.")
    person: ToPerson | None = one(
        resolve.reaction_person, "Who reacted; null when the viewer may not see that person."
    )
    post: Post = one(resolve.post, "The post it is on.")
