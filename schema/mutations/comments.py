"""Comments and best answers, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import comments as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToComment, ToPost

BODY = "The text, in Markdown as a post's, 1 to 2,000 characters."


@strawberry.input(description="What to answer, and to which post or comment.")
class CommentAddInput(Keyed):
    """What to answer, and to which post or comment."""

    post_id: strawberry.ID = input_field("The post.", prefix=prefixes.POST)
    parent_id: strawberry.ID | None = input_field(
        "The comment on that post which it answers. An answer to an answer is put beside it, under "
        "the same comment: threads are two levels deep.",
        prefix=prefixes.COMMENT,
        required=False,
    )
    body: str = input_field(BODY)


@payload
class CommentAddPayload:
    """What came of answering."""

    comment: ToComment | None = result("The comment, as the viewer sees it now.")


@strawberry.input(description="What a comment is to say instead.")
class CommentEditInput(Keyed):
    """What a comment is to say instead."""

    comment_id: strawberry.ID = input_field("Which one.", prefix=prefixes.COMMENT)
    expected_version: int = input_field("The `version` that the viewer read.")
    body: str = input_field(BODY)


@payload
class CommentEditPayload:
    """What came of the edit."""

    comment: ToComment | None = result("The comment, as the viewer sees it now.")


@strawberry.input(description="Which comment to take back.")
class CommentDeleteInput(Keyed):
    """Which comment to take back."""

    comment_id: strawberry.ID = input_field("Which one.", prefix=prefixes.COMMENT)


@payload
class CommentDeletePayload:
    """What came of taking a comment back."""

    post: ToPost | None = result("The post it was on; null when the viewer may not see that.")
    comment: ToComment | None = result(
        "Its place, without text and author, when others had answered it; null when it is gone."
    )


@strawberry.input(description="Which comment answers a question best.")
class PostChooseAnswerInput(Keyed):
    """Which comment answers a question best."""

    post_id: strawberry.ID = input_field("The question.", prefix=prefixes.POST)
    comment_id: strawberry.ID | None = input_field(
        "A comment on it; left out or null, no answer is marked any longer.",
        prefix=prefixes.COMMENT,
        required=False,
    )


@payload
class PostChooseAnswerPayload:
    """What came of marking the best answer."""

    post: ToPost | None = result("The question, as the viewer sees it now.")


@mutations
class CommentMutations:
    """Comments."""

    comment_add: CommentAddPayload | None = mutation(
        command.add_comment,
        "Answer a post, or a comment on it.",
        CommentAddInput,
        CommentAddPayload,
    )
    comment_edit: CommentEditPayload | None = mutation(
        command.edit_comment, "Change one's own comment.", CommentEditInput, CommentEditPayload
    )
    comment_delete: CommentDeletePayload | None = mutation(
        command.delete_comment,
        "Take back one's own comment, or, for who manages posts there, any on the organisation's "
        "posts.",
        CommentDeleteInput,
        CommentDeletePayload,
    )
    post_choose_answer: PostChooseAnswerPayload | None = mutation(
        command.choose_answer,
        "Mark the best answer to a question. Its author may, and who manages posts there.",
        PostChooseAnswerInput,
        PostChooseAnswerPayload,
    )
