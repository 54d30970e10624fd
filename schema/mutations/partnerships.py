"""Partnerships, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.organisations import MESSAGE_MAX
from resolvers.commands import partnerships as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPartnership


@strawberry.input(description="Who asks whom to be partners.")
class PartnershipRequestInput(Keyed):
    """Who asks whom to be partners."""

    organisation_id: strawberry.ID = input_field("The viewer's own.", prefix=prefixes.ORGANISATION)
    partner_id: strawberry.ID = input_field("The other.", prefix=prefixes.ORGANISATION)
    message: str | None = input_field(
        f"For those who decide, at most {MESSAGE_MAX:,} characters.", required=False
    )


@payload
class PartnershipRequestPayload:
    """What came of asking to be partners."""

    partnership: ToPartnership | None = result(
        "The partnership: asked for, or active when the other had asked already."
    )


@strawberry.input(description="Which partnership to accept.")
class PartnershipAcceptInput(Keyed):
    """Which partnership to accept."""

    partnership_id: strawberry.ID = input_field("Which one.", prefix=prefixes.PARTNERSHIP)


@payload
class PartnershipAcceptPayload:
    """What came of accepting."""

    partnership: ToPartnership | None = result("The partnership as it is now.")


@strawberry.input(description="Which partnership to decline.")
class PartnershipDeclineInput(Keyed):
    """Which partnership to decline."""

    partnership_id: strawberry.ID = input_field("Which one.", prefix=prefixes.PARTNERSHIP)


@payload
class PartnershipDeclinePayload:
    """What came of declining."""

    partnership: ToPartnership | None = result("The partnership as it is now.")


@strawberry.input(description="Which partnership to end, or to take back.")
class PartnershipEndInput(Keyed):
    """Which partnership to end, or to take back."""

    partnership_id: strawberry.ID = input_field("Which one.", prefix=prefixes.PARTNERSHIP)


@payload
class PartnershipEndPayload:
    """What came of ending a partnership."""

    partnership: ToPartnership | None = result("The partnership as it is now.")


@mutations
class PartnershipMutations:
    """Partnerships between organisations."""

    partnership_request: PartnershipRequestPayload | None = mutation(
        command.request_partnership,
        "Ask another organisation to be partners. If it has asked already, this accepts.",
        PartnershipRequestInput,
        PartnershipRequestPayload,
    )
    partnership_accept: PartnershipAcceptPayload | None = mutation(
        command.accept_partnership,
        "Agree to be partners. For managers of the organisation that was asked.",
        PartnershipAcceptInput,
        PartnershipAcceptPayload,
    )
    partnership_decline: PartnershipDeclinePayload | None = mutation(
        command.decline_partnership,
        f"Say no to being partners; they may ask again after {command.DAYS_AFTER_DECLINE} days.",
        PartnershipDeclineInput,
        PartnershipDeclinePayload,
    )
    partnership_end: PartnershipEndPayload | None = mutation(
        command.end_partnership,
        "Be partners no longer. For managers of either side; whoever asked may also take it back.",
        PartnershipEndInput,
        PartnershipEndPayload,
    )
