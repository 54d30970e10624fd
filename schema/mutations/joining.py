"""Becoming a member, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.organisations import MESSAGE_MAX
from db.tables.people import Role
from resolvers.checking import EMAIL_MAX
from resolvers.commands import joining as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToInvitation, ToJoinRequest, ToMembership

LINK = "The last part of the invitation's link. This or `invitationId`, one of the two."
OWN = "One of the viewer's own invitations. This or `secret`, one of the two."


@strawberry.input(description="Whom to invite, and as what.")
class InvitationCreateInput(Keyed):
    """Whom to invite, and as what."""

    organisation_id: strawberry.ID = input_field("Where to.", prefix=prefixes.ORGANISATION)
    email: str = input_field(f"Their e-mail address, at most {EMAIL_MAX} characters.")
    role: Role | None = input_field(
        "As what, none above what the viewer may give; MEMBER unless said.", required=False
    )


@payload
class InvitationCreatePayload:
    """What came of inviting."""

    invitation: ToInvitation | None = result("The invitation; its link goes to the address alone.")


@strawberry.input(description="Which invitation to accept.")
class InvitationAcceptInput(Keyed):
    """Which invitation to accept."""

    secret: str | None = input_field(LINK, required=False)
    invitation_id: strawberry.ID | None = input_field(
        OWN, prefix=prefixes.INVITATION, required=False
    )


@payload
class InvitationAcceptPayload:
    """What came of accepting."""

    invitation: ToInvitation | None = result("The invitation as it is now.")
    membership: ToMembership | None = result("The viewer's membership.")


@strawberry.input(description="Which invitation to decline.")
class InvitationDeclineInput(Keyed):
    """Which invitation to decline."""

    secret: str | None = input_field(LINK, required=False)
    invitation_id: strawberry.ID | None = input_field(
        OWN, prefix=prefixes.INVITATION, required=False
    )


@payload
class InvitationDeclinePayload:
    """What came of declining."""

    invitation: ToInvitation | None = result("The invitation as it is now.")


@strawberry.input(description="Which invitation to take back.")
class InvitationRevokeInput(Keyed):
    """Which invitation to take back."""

    invitation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.INVITATION)


@payload
class InvitationRevokePayload:
    """What came of taking an invitation back."""

    invitation: ToInvitation | None = result("The invitation as it is now.")


@strawberry.input(description="What to join, and why.")
class JoinRequestCreateInput(Keyed):
    """What to join, and why."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)
    message: str | None = input_field(
        f"For those who decide, at most {MESSAGE_MAX:,} characters.", required=False
    )


@payload
class JoinRequestCreatePayload:
    """What came of asking to join."""

    join_request: ToJoinRequest | None = result("The request.")
    membership: ToMembership | None = result(
        "The viewer's membership, when their verified address made them a member at once."
    )


@strawberry.input(description="Which request to take back.")
class JoinRequestWithdrawInput(Keyed):
    """Which request to take back."""

    join_request_id: strawberry.ID = input_field("One's own.", prefix=prefixes.JOIN_REQUEST)


@payload
class JoinRequestWithdrawPayload:
    """What came of taking a request back."""

    join_request: ToJoinRequest | None = result("The request as it is now.")


@strawberry.input(description="Which request to accept, and as what.")
class JoinRequestAcceptInput(Keyed):
    """Which request to accept, and as what."""

    join_request_id: strawberry.ID = input_field("Which one.", prefix=prefixes.JOIN_REQUEST)
    role: Role | None = input_field(
        "As what, none above what the viewer may give; MEMBER unless said.", required=False
    )


@payload
class JoinRequestAcceptPayload:
    """What came of accepting a request."""

    join_request: ToJoinRequest | None = result("The request as it is now.")
    membership: ToMembership | None = result("The new membership, as far as the viewer sees it.")


@strawberry.input(description="Which request to decline.")
class JoinRequestDeclineInput(Keyed):
    """Which request to decline."""

    join_request_id: strawberry.ID = input_field("Which one.", prefix=prefixes.JOIN_REQUEST)


@payload
class JoinRequestDeclinePayload:
    """What came of declining a request."""

    join_request: ToJoinRequest | None = result("The request as it is now.")


@mutations
class JoiningMutations:
    """Becoming a member."""

    invitation_create: InvitationCreatePayload | None = mutation(
        command.create_invitation,
        f"Invite an e-mail address; the invitation is valid for {command.INVITATION_LIFE.days} days. "
        "The answer is the same whether somebody on the network has the address or nobody has.",
        InvitationCreateInput,
        InvitationCreatePayload,
    )
    invitation_accept: InvitationAcceptPayload | None = mutation(
        command.accept_invitation,
        "Become a member by an invitation. For the one whose verified address it was sent to: "
        "a link that was passed on lets nobody in.",
        InvitationAcceptInput,
        InvitationAcceptPayload,
    )
    invitation_decline: InvitationDeclinePayload | None = mutation(
        command.decline_invitation,
        "Say no to an invitation.",
        InvitationDeclineInput,
        InvitationDeclinePayload,
    )
    invitation_revoke: InvitationRevokePayload | None = mutation(
        command.revoke_invitation,
        "Take back an invitation that was not answered.",
        InvitationRevokeInput,
        InvitationRevokePayload,
    )
    join_request_create: JoinRequestCreatePayload | None = mutation(
        command.create_join_request,
        "Ask to become a member. Whoever has a verified address under the organisation's verified "
        "domain becomes one at once.",
        JoinRequestCreateInput,
        JoinRequestCreatePayload,
    )
    join_request_withdraw: JoinRequestWithdrawPayload | None = mutation(
        command.withdraw_join_request,
        "Take back a request to join.",
        JoinRequestWithdrawInput,
        JoinRequestWithdrawPayload,
    )
    join_request_accept: JoinRequestAcceptPayload | None = mutation(
        command.accept_join_request,
        "Make a member of whoever asks.",
        JoinRequestAcceptInput,
        JoinRequestAcceptPayload,
    )
    join_request_decline: JoinRequestDeclinePayload | None = mutation(
        command.decline_join_request,
        f"Say no to whoever asks; they may ask again after {command.DAYS_AFTER_DECLINE} days.",
        JoinRequestDeclineInput,
        JoinRequestDeclinePayload,
    )
