"""Match requests, as mutations."""

from __future__ import annotations

from datetime import date

import strawberry

from db.tables.listings import WEEKLY_HOURS_MAX, ListingForm, ListingKind
from db.tables.match_requests import FILES_MAX, MESSAGE_MAX, NOTE_MAX, OPEN_DAYS, DeclineReason
from resolvers.commands import match_requests as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToMatchMessage, ToMatchRequest

WHICH = "Which one."
NOW = "The match request as it is now."
HOURS = f"Hours a week, 1 to {WEEKLY_HOURS_MAX}."


@strawberry.input(description="In which form, how much and when.")
class MatchProposalInput:
    """In which form, how much and when."""

    form: ListingForm | None = input_field(
        "In what form; that of the listing unless said.", required=False
    )
    hours_per_week: int | None = input_field(HOURS, required=False)
    starts_on: date | None = input_field("Its first day.", required=False)
    ends_on: date | None = input_field("Its last day, not before the first.", required=False)


@strawberry.input(description="Who asks whom to match, about what.")
class MatchRequestAskInput(Keyed):
    """Who asks whom to match, about what."""

    organisation_id: strawberry.ID = input_field("Who asks.", prefix=prefixes.ORGANISATION)
    asked_id: strawberry.ID | None = input_field(
        "Who is asked; needed unless a listing of theirs is named.",
        prefix=prefixes.ORGANISATION,
        required=False,
    )
    listing_id: strawberry.ID | None = input_field(
        "An open listing of theirs that it is about.", prefix=prefixes.LISTING, required=False
    )
    own_listing_id: strawberry.ID | None = input_field(
        "An open listing of one's own that it is about.", prefix=prefixes.LISTING, required=False
    )
    kind: ListingKind | None = input_field(
        "Which way it would go: OFFER to lend, REQUEST to borrow. Needed when no listing says so.",
        required=False,
    )
    proposal: MatchProposalInput | None = input_field(
        "In which form, how much and when.", required=False
    )
    message: str | None = input_field(
        f"For those who decide, at most {MESSAGE_MAX:,} characters.", required=False
    )


@payload
class MatchRequestAskPayload:
    """What came of asking."""

    match_request: ToMatchRequest | None = result(NOW)


@strawberry.input(description="Which match request to accept.")
class MatchRequestAcceptInput(Keyed):
    """Which match request to accept."""

    match_request_id: strawberry.ID = input_field(WHICH, prefix=prefixes.MATCH_REQUEST)


@payload
class MatchRequestAcceptPayload:
    """What came of accepting."""

    match_request: ToMatchRequest | None = result(NOW)


@strawberry.input(description="What to propose instead of what was asked.")
class MatchCounterInput:
    """What to propose instead of what was asked."""

    form: ListingForm | None = input_field(
        "A smaller form, or another; the same unless said.", required=False
    )
    hours_per_week: int | None = input_field(HOURS, required=False)
    starts_on: date | None = input_field("Another first day.", required=False)
    ends_on: date | None = input_field("Another last day.", required=False)
    listing_id: strawberry.ID | None = input_field(
        "An open listing of whoever asked, to swap for.", prefix=prefixes.LISTING, required=False
    )
    message: str | None = input_field(
        f"Some words along with it, at most {MESSAGE_MAX:,} characters.", required=False
    )


@strawberry.input(description="Which match request to decline, why, and what else could be.")
class MatchRequestDeclineInput(Keyed):
    """Which match request to decline, why, and what else could be."""

    match_request_id: strawberry.ID = input_field(WHICH, prefix=prefixes.MATCH_REQUEST)
    reason: DeclineReason = input_field("Why.")
    note: str | None = input_field(
        f"Some words along with it, at most {NOTE_MAX:,} characters.", required=False
    )
    counter: MatchCounterInput | None = input_field(
        "What to propose instead, as a match request of one's own.", required=False
    )


@payload
class MatchRequestDeclinePayload:
    """What came of declining."""

    match_request: ToMatchRequest | None = result(NOW)
    counter: ToMatchRequest | None = result("What was proposed instead; null for nothing.")


@strawberry.input(description="Which match request to take back.")
class MatchRequestWithdrawInput(Keyed):
    """Which match request to take back."""

    match_request_id: strawberry.ID = input_field(WHICH, prefix=prefixes.MATCH_REQUEST)


@payload
class MatchRequestWithdrawPayload:
    """What came of taking a match request back."""

    match_request: ToMatchRequest | None = result(NOW)


@strawberry.input(description="What to write about which match request.")
class MatchMessageWriteInput(Keyed):
    """What to write about which match request."""

    match_request_id: strawberry.ID = input_field(WHICH, prefix=prefixes.MATCH_REQUEST)
    organisation_id: strawberry.ID = input_field(
        "In whose name: one of its two sides.", prefix=prefixes.ORGANISATION
    )
    body: str = input_field(
        f"The text in Markdown, at most {MESSAGE_MAX:,} characters; empty only beside files."
    )
    media_ids: list[strawberry.ID] | None = input_field(
        f"Pictures and files to go with it, at most {FILES_MAX}: uploads of one's own, for IMAGE or FILE, "
        "that are not used yet.",
        prefix=prefixes.MEDIA,
        required=False,
    )


@payload
class MatchMessageWritePayload:
    """What came of writing."""

    message: ToMatchMessage | None = result("The message.")


@strawberry.input(description="Of which match request all messages are read.")
class MatchRequestMarkReadInput(Keyed):
    """Of which match request all messages are read."""

    match_request_id: strawberry.ID = input_field(WHICH, prefix=prefixes.MATCH_REQUEST)


@payload
class MatchRequestMarkReadPayload:
    """What came of saying that all is read."""

    match_request: ToMatchRequest | None = result(NOW)


@mutations
class MatchRequestMutations:
    """Match requests."""

    match_request_ask: MatchRequestAskPayload | None = mutation(
        command.ask,
        f"Ask another organisation to match. They have {OPEN_DAYS} days to answer.",
        MatchRequestAskInput,
        MatchRequestAskPayload,
    )
    match_request_accept: MatchRequestAcceptPayload | None = mutation(
        command.accept,
        "Agree to what is asked.",
        MatchRequestAcceptInput,
        MatchRequestAcceptPayload,
    )
    match_request_decline: MatchRequestDeclinePayload | None = mutation(
        command.decline,
        "Say no and why; with `counter` propose at once what else could be.",
        MatchRequestDeclineInput,
        MatchRequestDeclinePayload,
    )
    match_request_withdraw: MatchRequestWithdrawPayload | None = mutation(
        command.withdraw,
        "Take back what was asked and is not answered.",
        MatchRequestWithdrawInput,
        MatchRequestWithdrawPayload,
    )
    match_message_write: MatchMessageWritePayload | None = mutation(
        command.write,
        "Write to the other side about a match request, also after it was answered.",
        MatchMessageWriteInput,
        MatchMessageWritePayload,
    )
    match_request_mark_read: MatchRequestMarkReadPayload | None = mutation(
        command.mark_read,
        "Say that all that was written is read.",
        MatchRequestMarkReadInput,
        MatchRequestMarkReadPayload,
    )
