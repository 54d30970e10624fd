"""Drafts and scheduled posts, as mutations."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db.tables.people import Locale
from db.tables.posts import Audience, PostKind
from resolvers.commands import post_drafts as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToOrganisation, ToPost, ToPostDraft

BODY = "The text so far, in Markdown as a post's, 0 to 5,000 characters."
WHICH = "Which one."
VERSION = "The `version` that the viewer read."
DRAFT_NOW = "The draft as it is now."


@strawberry.input(description="What to keep as a draft, in whose name.")
class PostDraftSaveInput(Keyed):
    """What to keep as a draft, in whose name."""

    organisation_id: strawberry.ID = input_field(
        "In whose name: an organisation where the viewer may publish.", prefix=prefixes.ORGANISATION
    )
    body: str = input_field(BODY)
    language: Locale | None = input_field(
        "The language it is written in; the viewer's own unless said.", required=False
    )
    audience: Audience | None = input_field(
        "Who will be able to read it; NETWORK unless said.", required=False
    )
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
class PostDraftSavePayload:
    """What came of keeping a draft."""

    draft: ToPostDraft | None = result(DRAFT_NOW)


@strawberry.input(description="What to change of a draft; what is left out or null stays.")
class PostDraftEditInput(Keyed):
    """What to change of a draft; what is left out or null stays."""

    draft_id: strawberry.ID = input_field(WHICH, prefix=prefixes.POST_DRAFT)
    expected_version: int = input_field(VERSION)
    body: str | None = input_field(BODY, required=False)
    language: Locale | None = input_field("The language it is written in.", required=False)
    audience: Audience | None = input_field("Who will be able to read it.", required=False)
    kind: PostKind | None = input_field("MESSAGE or QUESTION.", required=False)
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
class PostDraftEditPayload:
    """What came of the edit."""

    draft: ToPostDraft | None = result(DRAFT_NOW)


@strawberry.input(description="When to publish a draft.")
class PostDraftScheduleInput(Keyed):
    """When to publish a draft."""

    draft_id: strawberry.ID = input_field(WHICH, prefix=prefixes.POST_DRAFT)
    expected_version: int = input_field(VERSION)
    scheduled_for: datetime | None = input_field(
        "A time within a year from now; left out or null, it waits for somebody to publish it.",
        required=False,
    )


@payload
class PostDraftSchedulePayload:
    """What came of scheduling."""

    draft: ToPostDraft | None = result(DRAFT_NOW)


@strawberry.input(description="Which draft to publish now.")
class PostDraftPublishInput(Keyed):
    """Which draft to publish now."""

    draft_id: strawberry.ID = input_field(WHICH, prefix=prefixes.POST_DRAFT)
    expected_version: int = input_field(VERSION)


@payload
class PostDraftPublishPayload:
    """What came of publishing a draft."""

    post: ToPost | None = result("The post that it became; the draft is gone.")


@strawberry.input(description="Which draft to throw away.")
class PostDraftDeleteInput(Keyed):
    """Which draft to throw away."""

    draft_id: strawberry.ID = input_field(WHICH, prefix=prefixes.POST_DRAFT)


@payload
class PostDraftDeletePayload:
    """What came of throwing a draft away."""

    organisation: ToOrganisation | None = result("In whose name it was.")


@mutations
class PostDraftMutations:
    """Drafts."""

    post_draft_save: PostDraftSavePayload | None = mutation(
        command.save_draft,
        "Keep a post to be published later. All who may publish in that name see it.",
        PostDraftSaveInput,
        PostDraftSavePayload,
    )
    post_draft_edit: PostDraftEditPayload | None = mutation(
        command.edit_draft,
        "Change a draft. The viewer becomes its author.",
        PostDraftEditInput,
        PostDraftEditPayload,
    )
    post_draft_schedule: PostDraftSchedulePayload | None = mutation(
        command.schedule_draft,
        "Have a draft published at a time, as the viewer's; or no longer.",
        PostDraftScheduleInput,
        PostDraftSchedulePayload,
    )
    post_draft_publish: PostDraftPublishPayload | None = mutation(
        command.publish_draft,
        "Publish a draft now, as the viewer's.",
        PostDraftPublishInput,
        PostDraftPublishPayload,
    )
    post_draft_delete: PostDraftDeletePayload | None = mutation(
        command.delete_draft,
        "Throw a draft away.",
        PostDraftDeleteInput,
        PostDraftDeletePayload,
    )
