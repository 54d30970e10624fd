"""Matches, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.matches import DismissalReason
from resolvers.commands import matches as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToMatch

WHICH = "Which one."
SIDE = "In whose name: one of its two sides."


@strawberry.input(description="Which match not to show any more, and why.")
class MatchDismissInput(Keyed):
    """Which match not to show any more, and why."""

    match_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING_MATCH)
    organisation_id: strawberry.ID = input_field(SIDE, prefix=prefixes.ORGANISATION)
    reason: DismissalReason = input_field(
        "Why. It changes nothing but this: no score learns from it."
    )


@payload
class MatchDismissPayload:
    """What came of dismissing a match."""

    match: ToMatch | None = result("The match, which is still there.")


@strawberry.input(description="Which match to show again.")
class MatchRestoreInput(Keyed):
    """Which match to show again."""

    match_id: strawberry.ID = input_field(WHICH, prefix=prefixes.LISTING_MATCH)
    organisation_id: strawberry.ID = input_field(SIDE, prefix=prefixes.ORGANISATION)


@payload
class MatchRestorePayload:
    """What came of showing a match again."""

    match: ToMatch | None = result("The match.")


@mutations
class MatchMutations:
    """Matches."""

    match_dismiss: MatchDismissPayload | None = mutation(
        command.dismiss,
        "Keep a match out of the own organisation's lists. The other side is not told, and sees it "
        "still.",
        MatchDismissInput,
        MatchDismissPayload,
    )
    match_restore: MatchRestorePayload | None = mutation(
        command.restore,
        "Show a match again that was dismissed.",
        MatchRestoreInput,
        MatchRestorePayload,
    )
