"""Reading notifications and choosing how to be told, as mutations."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db.tables.notifications import NotificationKind
from resolvers.commands import notifications as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson


@strawberry.input(description="What was read.")
class NotificationsMarkReadInput(Keyed):
    """What was read."""

    notification_ids: list[strawberry.ID] | None = input_field(
        "Which ones, at most 100. Those of others are left alone.",
        prefix=prefixes.NOTIFICATION,
        required=False,
    )
    up_to: datetime | None = input_field(
        "All that changed up to this time, as the newest `changedAt` that was shown.",
        required=False,
    )


@payload
class NotificationsMarkReadPayload:
    """What came of marking notifications as read."""

    person: ToPerson | None = result("The person, with what is still unread.")


@strawberry.input(description="How to be told of one kind.")
class NotificationPreferenceSetInput(Keyed):
    """How to be told of one kind."""

    kind: NotificationKind = input_field("Of what.")
    in_app: bool | None = input_field(
        "Whether it comes into the inbox. Null leaves it as it is.", required=False
    )
    email: bool | None = input_field(
        "Whether it goes out by e-mail at once. Null leaves it as it is.", required=False
    )


@payload
class NotificationPreferenceSetPayload:
    """What came of the choice."""

    person: ToPerson | None = result("The person, with all their choices.")
    in_app: bool | None = result("Whether this kind comes into the inbox now.")
    email: bool | None = result("Whether this kind goes out by e-mail now.")


@mutations
class NotificationMutations:
    """Notifications."""

    notifications_mark_read: NotificationsMarkReadPayload | None = mutation(
        command.mark_read,
        "Mark notifications as read: some, or all up to a time.",
        NotificationsMarkReadInput,
        NotificationsMarkReadPayload,
    )
    notification_preference_set: NotificationPreferenceSetPayload | None = mutation(
        command.set_preference,
        "Choose how to be told of a kind of notification.",
        NotificationPreferenceSetInput,
        NotificationPreferenceSetPayload,
    )
