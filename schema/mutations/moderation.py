"""Reporting, moderating and appealing, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.moderation import ModerationKind, ReportReason
from resolvers.commands import moderation as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToAppeal, ToModerationAction, ToReport


@strawberry.input(description="What is wrong, and with which one thing.")
class ReportFileInput(Keyed):
    """What is wrong, and with which one thing."""

    reason: ReportReason = input_field("The rule that it breaks.")
    text: str | None = input_field(
        "More about it, at most 2,000 characters; moderators read it.", required=False
    )
    post_id: strawberry.ID | None = input_field("A post.", prefix=prefixes.POST, required=False)
    comment_id: strawberry.ID | None = input_field(
        "Or a comment.", prefix=prefixes.COMMENT, required=False
    )
    person_id: strawberry.ID | None = input_field(
        "Or a person.", prefix=prefixes.PERSON, required=False
    )
    organisation_id: strawberry.ID | None = input_field(
        "Or an organisation.", prefix=prefixes.ORGANISATION, required=False
    )


@payload
class ReportFilePayload:
    """What came of reporting."""

    report: ToReport | None = result("The report; whom it concerns does not see it.")


@strawberry.input(description="What a moderator does, about which one thing, and why.")
class ModerationActInput(Keyed):
    """What a moderator does, about which one thing, and why."""

    kind: ModerationKind = input_field("What to do.")
    rule: ReportReason = input_field("The rule that it rests on; it stands in the public log.")
    reason: str = input_field(
        "Why, 1 to 2,000 characters; it is told to whom it concerns and to nobody else."
    )
    post_id: strawberry.ID | None = input_field("A post.", prefix=prefixes.POST, required=False)
    comment_id: strawberry.ID | None = input_field(
        "Or a comment.", prefix=prefixes.COMMENT, required=False
    )
    person_id: strawberry.ID | None = input_field(
        "Or a person.", prefix=prefixes.PERSON, required=False
    )
    organisation_id: strawberry.ID | None = input_field(
        "Or an organisation.", prefix=prefixes.ORGANISATION, required=False
    )


@payload
class ModerationActPayload:
    """What came of moderating."""

    action: ToModerationAction | None = result("What was done.")


@strawberry.input(description="An appeal against what a moderator did.")
class AppealFileInput(Keyed):
    """An appeal against what a moderator did."""

    action_id: strawberry.ID = input_field(
        "Against which action.", prefix=prefixes.MODERATION_ACTION
    )
    text: str = input_field("Why it should be taken back, 1 to 2,000 characters.")


@payload
class AppealFilePayload:
    """What came of appealing."""

    appeal: ToAppeal | None = result("The appeal.")


@strawberry.input(description="How an appeal is decided.")
class AppealDecideInput(Keyed):
    """How an appeal is decided."""

    appeal_id: strawberry.ID = input_field("Which one.", prefix=prefixes.APPEAL)
    granted: bool = input_field("True takes the action back, false lets it stand.")
    answer: str = input_field("Why, 1 to 2,000 characters; whoever appealed reads it.")


@payload
class AppealDecidePayload:
    """What came of deciding an appeal."""

    appeal: ToAppeal | None = result("The appeal.")


@mutations
class ModerationMutations:
    """Reporting, moderating, appealing."""

    report_file: ReportFilePayload | None = mutation(
        command.file_report,
        "Tell the moderators of the network that something should not be here.",
        ReportFileInput,
        ReportFilePayload,
    )
    moderation_act: ModerationActPayload | None = mutation(
        command.moderate,
        "Do something about a thing, and close what is reported about it. For moderators.",
        ModerationActInput,
        ModerationActPayload,
    )
    appeal_file: AppealFilePayload | None = mutation(
        command.file_appeal,
        "Ask for a second look at what a moderator did; once, and also while suspended.",
        AppealFileInput,
        AppealFilePayload,
    )
    appeal_decide: AppealDecidePayload | None = mutation(
        command.decide_appeal,
        "Decide an appeal; another moderator than the one who acted, if there is one.",
        AppealDecideInput,
        AppealDecidePayload,
    )
