"""Posts, comments and reactions in the graph."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db.tables import posts as tables
from db.tables.people import Locale
from db.tables.posts import (
    IMAGES_MAX,
    MENTIONS_MAX,
    SKILLS_MAX,
    Audience,
    PostKind,
    ReactionKind,
)
from resolvers import feed_reasons as resolve_feed_reasons
from resolvers import listings as resolve_listings
from resolvers import media as resolve_media
from resolvers import posts as resolve
from resolvers.refusals import RefusalCode
from schema import prefixes
from schema.engine.declare import (
    REQUIRED,
    argument,
    column,
    connection,
    id_input,
    many,
    one,
    table,
    value,
)
from schema.engine.relay import Connection, Node
from schema.references import (
    ToComment,
    ToFeedReason,
    ToListing,
    ToMedia,
    ToMention,
    ToOrganisation,
    ToPerson,
    ToPost,
    ToPostRevision,
    ToReaction,
    ToSkill,
)

HTML = (
    "The text as safe HTML: paragraphs, titles, lists, quotations, code and links, with "
    "`nofollow noopener noreferrer` on every link. Whoever is mentioned is a link of class `mention`."
)
MARKDOWN = (
    "The text, in Markdown: CommonMark without HTML, pictures and tables, with ~~strikethrough~~. "
    "`@[any name](org_…)` or `@[any name](per_…)` mentions an organisation or a person."
)


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
    kinds: list[PostKind] | None = strawberry.field(
        description="Only of one of these kinds.", default=strawberry.UNSET
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

    kind: PostKind = column("What it is for.")
    body: str = column(MARKDOWN + " Empty only for a repost without words.")
    body_html: str = value(resolve.body_html, HTML)
    language: Locale = column("The language it is written in.")
    audience: Audience = column("Who may read it.")
    created_at: datetime = column("When it was published.")
    edited_at: datetime | None = column("When it was last changed; null when it never was.")
    pinned_at: datetime | None = column(
        "Since when it is at the top of its organisation's page; null when it is not."
    )
    version: int = column("Goes up with each edit; an edit names the one that it changes.")
    comment_count: int = column("How many comments it has, answers included.")
    reaction_count: int = column("How many people reacted.")
    reaction_count_of: int = value(
        resolve.reaction_count_of,
        "How many people reacted in one way.",
        kind=argument(ReactionKind, "In which.", default=REQUIRED),
    )
    repost_count: int = column("How often it was shared, with or without words.")
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
    skills: list[ToSkill] = many(
        resolve.skills, "What it is about, by English label.", at_most=SKILLS_MAX
    )
    mentions: list[ToMention] = many(
        resolve.mentions, "Whom its text names, in no particular order.", at_most=MENTIONS_MAX
    )
    repost_of: ToPost | None = one(
        resolve.repost_of,
        "The post that a repost shares; null when it is none, when that post is gone, or when the "
        "viewer may not see it.",
    )
    reposts: Connection[ToPost] = connection(
        resolve.reposts, "The posts that share it, newest first.", order=("-id",)
    )
    listing: ToListing | None = one(
        resolve_listings.of_post,
        "The offer or request that it points to; null when none, or it is not to be seen.",
    )
    best_answer: ToComment | None = one(
        resolve.best_answer, "The comment that answers a question best; null when none is marked."
    )
    revisions: Connection[ToPostRevision] = connection(
        resolve.revisions, "What it said before each edit, the latest first.", order=("-id",)
    )
    viewer_has_bookmarked: bool = value(
        resolve.viewer_has_bookmarked, "Whether the viewer keeps it for later."
    )
    viewer_can_edit: bool = value(
        resolve.viewer_can_edit,
        "Whether the viewer may edit and delete it: it is theirs, or they manage posts there.",
    )
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
    feed_reasons: list[ToFeedReason] = many(
        resolve_feed_reasons.reasons,
        "Why it is in front of the viewer: what of it they follow first, then what else connects "
        "them. Nothing of what they follow for a post that is not in their feed.",
        at_most=20,
    )


@table(
    tables.Comment,
    prefix=prefixes.COMMENT,
    visible=resolve.comment_visible,
    within={"post_id": "Post"},
)
class Comment(Node):
    """An answer to a post or to another comment; two levels deep. Read by whoever reads the post."""

    body: str = column("The text, in Markdown as a post's. Empty when the comment was taken back.")
    body_html: str = value(resolve.body_html, HTML + " Empty when the comment was taken back.")
    is_deleted: bool = value(
        resolve.is_deleted,
        "Whether it was taken back after others had answered it: its place stays, text and author go.",
    )
    version: int = column("Goes up with each edit; an edit names the one that it changes.")
    created_at: datetime = column("When it was written.")
    edited_at: datetime | None = column("When it was last changed; null when it never was.")
    author: ToPerson | None = one(
        resolve.comment_author,
        "Who wrote it; null when it was taken back, or the viewer may not see that person.",
    )
    mentions: list[ToMention] = many(
        resolve.comment_mentions,
        "Whom its text names, in no particular order.",
        at_most=MENTIONS_MAX,
    )
    viewer_can_edit: bool = value(
        resolve.viewer_can_edit_comment, "Whether the viewer wrote it, and may change it."
    )
    viewer_can_delete: bool = value(
        resolve.viewer_can_delete_comment,
        "Whether the viewer may take it back: it is theirs, or they manage the posts it is on.",
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


@table(
    tables.PostRevision,
    prefix=prefixes.POST_REVISION,
    visible=None,
    within={"post_id": "Post"},
)
class PostRevision(Node):
    """What a post said before an edit, seen by whoever may read the post."""

    body: str = column("The text as it was, in Markdown.")
    created_at: datetime = column("When it was replaced.")
    edited_by: ToPerson | None = one(
        resolve.editor, "Who replaced it; null when the viewer may not see that person."
    )
    post: Post = one(resolve.post, "The post.")


@table(
    tables.Mention,
    prefix=prefixes.MENTION,
    visible=resolve.mention_visible,
    within={"post_id": "Post"},
)
class Mention(Node):
    """That a post or comment names a person or an organisation."""

    person: ToPerson | None = one(
        resolve.mentioned_person,
        "The person; null when it is an organisation, or the viewer may not see them.",
    )
    organisation: ToOrganisation | None = one(
        resolve.mentioned_organisation,
        "The organisation; null when it is a person, or the viewer may not see it.",
    )


@table(
    tables.PostDraft,
    prefix=prefixes.POST_DRAFT,
    visible=resolve.draft_visible,
    within={"organisation_id": "Organisation"},
)
class PostDraft(Node):
    """A post that is not published yet, seen by those who may publish in that name."""

    kind: PostKind = column("What it is for: a message or a question.")
    body: str = column("The text so far, in Markdown as a post's; may be empty.")
    language: Locale = column("The language it is written in.")
    audience: Audience = column("Who will be able to read it.")
    scheduled_for: datetime | None = column(
        "When it is published by itself; null when somebody has to do it."
    )
    refused_at: datetime | None = column(
        "When it was due and could not be published; null again after an edit."
    )
    refusal: RefusalCode | None = column(
        "Why it could not: `NOT_ALLOWED` when its author may not publish any longer, "
        "`NOT_FOUND` when it mentions somebody or is about something that is gone."
    )
    created_at: datetime = column("When it was first saved.")
    version: int = column("Goes up with each edit; an edit names the one that it changes.")
    author: ToPerson | None = one(
        resolve.author,
        "Who edited or scheduled it last, and publishes it when it is due; null when the viewer "
        "may not see that person.",
    )
    organisation: ToOrganisation = one(resolve.organisation, "In whose name it will be.")
    listing: ToListing | None = one(
        resolve_listings.of_post, "The offer or request that it will point to."
    )
    skills: list[ToSkill] = many(
        resolve.draft_skills, "What it is about, by English label.", at_most=SKILLS_MAX
    )
    media: list[ToMedia] = many(
        resolve.draft_media,
        "The pictures or the file that it will carry, in their order, shown to its author. Whoever "
        "edits it becomes that.",
        at_most=IMAGES_MAX,
    )
