"""Reacting to posts and keeping them, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.posts import ReactionKind
from resolvers.commands import reactions as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPost

POST_NOW = "The post, as the viewer sees it now."


@strawberry.input(description="Which post to react to, and how.")
class PostReactInput(Keyed):
    """Which post to react to, and how."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)
    kind: ReactionKind = input_field("How; it replaces an earlier reaction.")


@payload
class PostReactPayload:
    """What came of reacting."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Of which post to take the reaction back.")
class PostUnreactInput(Keyed):
    """Of which post to take the reaction back."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostUnreactPayload:
    """What came of taking a reaction back."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Which post to keep for later.")
class PostBookmarkInput(Keyed):
    """Which post to keep for later."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostBookmarkPayload:
    """What came of keeping a post."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Which post no longer to keep.")
class PostUnbookmarkInput(Keyed):
    """Which post no longer to keep."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostUnbookmarkPayload:
    """What came of no longer keeping a post."""

    post: ToPost | None = result("The post; null too when the viewer may not see it any longer.")


@mutations
class ReactionMutations:
    """What a person does with a post by one click."""

    post_react: PostReactPayload | None = mutation(
        command.react,
        "React to a post. A person has one reaction to a post; another kind replaces it.",
        PostReactInput,
        PostReactPayload,
    )
    post_unreact: PostUnreactPayload | None = mutation(
        command.unreact, "Take a reaction back.", PostUnreactInput, PostUnreactPayload
    )
    post_bookmark: PostBookmarkPayload | None = mutation(
        command.bookmark,
        "Keep a post for later; nobody else sees that.",
        PostBookmarkInput,
        PostBookmarkPayload,
    )
    post_unbookmark: PostUnbookmarkPayload | None = mutation(
        command.unbookmark, "No longer keep a post.", PostUnbookmarkInput, PostUnbookmarkPayload
    )
