"""Publishing, sharing, editing and deleting posts, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.people import Locale
from db.tables.posts import Audience, PostKind
from resolvers.commands import posts as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToOrganisation, ToPost

BODY = (
    "The text, in Markdown, 1 to 5,000 characters. `@[any name](org_…)` or `@[any name](per_…)` "
    "mentions somebody, at most 20 of them."
)
POST_NOW = "The post, as the viewer sees it now."


@strawberry.input(description="What to publish, in whose name.")
class PostPublishInput(Keyed):
    """What to publish, in whose name."""

    organisation_id: strawberry.ID = input_field(
        "In whose name: an organisation where the viewer may publish.", prefix=prefixes.ORGANISATION
    )
    body: str = input_field(BODY)
    language: Locale | None = input_field(
        "The language it is written in; the viewer's own unless said.", required=False
    )
    audience: Audience | None = input_field("Who may read it; NETWORK unless said.", required=False)
    kind: PostKind | None = input_field("MESSAGE, unless said, or QUESTION.", required=False)
    skill_ids: list[strawberry.ID] | None = input_field(
        "What it is about, at most 10 skills.", prefix=prefixes.SKILL, required=False
    )
    media_ids: list[strawberry.ID] | None = input_field(
        "Uploads of the viewer's that it carries, in this order: at most 8 pictures, or one file.",
        prefix=prefixes.MEDIA,
        required=False,
    )
    listing_id: strawberry.ID | None = input_field(
        "An offer or a request that it points to.", prefix=prefixes.LISTING, required=False
    )


@payload
class PostPublishPayload:
    """What came of publishing."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Which post to share, in whose name.")
class PostRepostInput(Keyed):
    """Which post to share, in whose name."""

    post_id: strawberry.ID = input_field(
        "Which one. A repost without words is shared as the post that it shows.",
        prefix=prefixes.POST,
    )
    organisation_id: strawberry.ID = input_field(
        "In whose name: an organisation where the viewer may publish.", prefix=prefixes.ORGANISATION
    )
    body: str | None = input_field(
        "Words to go with it, as a post's. Without any, an organisation shares a post once.",
        required=False,
    )
    language: Locale | None = input_field(
        "The language of the words; the viewer's own unless said.", required=False
    )
    audience: Audience | None = input_field(
        "Who may read the repost; NETWORK unless said. Whoever may not read the post that it shares "
        "finds that null.",
        required=False,
    )


@payload
class PostRepostPayload:
    """What came of sharing a post."""

    post: ToPost | None = result("The repost, as the viewer sees it now.")


@strawberry.input(description="What to change of a post; what is left out or null stays.")
class PostEditInput(Keyed):
    """What to change of a post; what is left out or null stays."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)
    expected_version: int = input_field("The `version` that the viewer read.")
    body: str | None = input_field(BODY, required=False)
    language: Locale | None = input_field("The language it is written in.", required=False)
    audience: Audience | None = input_field(
        "Who may read it: only those who already could, or fewer. Comments were written for them.",
        required=False,
    )
    kind: PostKind | None = input_field(
        "MESSAGE or QUESTION. A question that becomes a message loses the mark of its best answer.",
        required=False,
    )
    skill_ids: list[strawberry.ID] | None = input_field(
        "What it is about, at most 10 skills, instead of those there were.",
        prefix=prefixes.SKILL,
        required=False,
    )
    media_ids: list[strawberry.ID] | None = input_field(
        "What it carries, in this order, instead of what it did: at most 8 pictures, or one file. Uploads "
        "of the viewer's, and what it carries already.",
        prefix=prefixes.MEDIA,
        required=False,
    )
    listing_id: strawberry.ID | None = input_field(
        "An offer or a request that it points to; null takes it away.",
        prefix=prefixes.LISTING,
        required=False,
    )


@payload
class PostEditPayload:
    """What came of an edit."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Which post to delete.")
class PostDeleteInput(Keyed):
    """Which post to delete."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostDeletePayload:
    """What came of deleting a post."""

    organisation: ToOrganisation | None = result("In whose name it was.")


@strawberry.input(description="Which post to pin.")
class PostPinInput(Keyed):
    """Which post to pin."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostPinPayload:
    """What came of pinning a post."""

    post: ToPost | None = result(POST_NOW)


@strawberry.input(description="Which post to unpin.")
class PostUnpinInput(Keyed):
    """Which post to unpin."""

    post_id: strawberry.ID = input_field("Which one.", prefix=prefixes.POST)


@payload
class PostUnpinPayload:
    """What came of unpinning a post."""

    post: ToPost | None = result(POST_NOW)


@mutations
class PostMutations:
    """Posts."""

    post_publish: PostPublishPayload | None = mutation(
        command.publish_post,
        "Publish a post in an organisation's name. The viewer is recorded as its author.",
        PostPublishInput,
        PostPublishPayload,
    )
    post_repost: PostRepostPayload | None = mutation(
        command.repost,
        "Share a post in an organisation's name, with or without words.",
        PostRepostInput,
        PostRepostPayload,
    )
    post_edit: PostEditPayload | None = mutation(
        command.edit_post,
        "Change a post; what it said before stays readable in `revisions`. Its author may, and who "
        "manages posts there.",
        PostEditInput,
        PostEditPayload,
    )
    post_delete: PostDeletePayload | None = mutation(
        command.delete_post,
        "Delete a post for good, with its comments, reactions and wordless reposts. Its author may, "
        "and who manages posts there.",
        PostDeleteInput,
        PostDeletePayload,
    )
    post_pin: PostPinPayload | None = mutation(
        command.pin_post,
        "Put a post at the top of its organisation's page, where at most 3 are.",
        PostPinInput,
        PostPinPayload,
    )
    post_unpin: PostUnpinPayload | None = mutation(
        command.unpin_post,
        "Take a post from the top of its organisation's page.",
        PostUnpinInput,
        PostUnpinPayload,
    )
