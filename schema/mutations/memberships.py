"""Belonging to an organisation, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.people import Role
from resolvers.commands import memberships as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToMembership, ToOrganisation


@strawberry.input(description="Another role for a member.")
class MembershipChangeRoleInput(Keyed):
    """Another role for a member."""

    membership_id: strawberry.ID = input_field("Whose.", prefix=prefixes.MEMBERSHIP)
    role: Role = input_field("The new role; none above the viewer's own.")


@payload
class MembershipChangeRolePayload:
    """What came of changing a role."""

    membership: ToMembership | None = result("The membership as it is now.")


@strawberry.input(description="What one is called in an organisation.")
class MembershipEditInput(Keyed):
    """What one is called in an organisation."""

    membership_id: strawberry.ID = input_field("One's own.", prefix=prefixes.MEMBERSHIP)
    title: str = input_field(f"At most {command.TITLE_MAX} characters; may be empty.")


@payload
class MembershipEditPayload:
    """What came of editing a membership."""

    membership: ToMembership | None = result("The membership as it is now.")


@strawberry.input(description="A membership to end.")
class MembershipEndInput(Keyed):
    """A membership to end."""

    membership_id: strawberry.ID = input_field("Whose.", prefix=prefixes.MEMBERSHIP)


@payload
class MembershipEndPayload:
    """What came of ending a membership."""

    membership: ToMembership | None = result("The membership, which has ended.")


@strawberry.input(description="An organisation to leave.")
class OrganisationLeaveInput(Keyed):
    """An organisation to leave."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)


@payload
class OrganisationLeavePayload:
    """What came of leaving."""

    organisation: ToOrganisation | None = result(
        "The organisation; null as well when it is suspended, and so out of sight from now on."
    )


@strawberry.input(description="Who becomes an owner in the viewer's place.")
class OrganisationHandOverInput(Keyed):
    """Who becomes an owner in the viewer's place."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)
    person_id: strawberry.ID = input_field("A member of it.", prefix=prefixes.PERSON)


@payload
class OrganisationHandOverPayload:
    """What came of handing over."""

    organisation: ToOrganisation | None = result(
        "The organisation, of which the viewer is an administrator now."
    )
    membership: ToMembership | None = result("The new owner's membership.")


@mutations
class MembershipMutations:
    """Belonging to an organisation."""

    membership_change_role: MembershipChangeRolePayload | None = mutation(
        command.change_membership_role,
        "Give a member another role. For owners and administrators; only owners make and unmake "
        "owners. The last owner stays one.",
        MembershipChangeRoleInput,
        MembershipChangeRolePayload,
    )
    membership_edit: MembershipEditPayload | None = mutation(
        command.edit_membership,
        "Say what one is called in an organisation.",
        MembershipEditInput,
        MembershipEditPayload,
    )
    membership_end: MembershipEndPayload | None = mutation(
        command.end_membership,
        "End somebody's membership, or one's own. What they did there stays.",
        MembershipEndInput,
        MembershipEndPayload,
    )
    organisation_leave: OrganisationLeavePayload | None = mutation(
        command.leave_organisation,
        "Leave an organisation. The last owner hands it over first.",
        OrganisationLeaveInput,
        OrganisationLeavePayload,
    )
    organisation_hand_over: OrganisationHandOverPayload | None = mutation(
        command.hand_over_organisation,
        "Make another member an owner in the viewer's place; the viewer becomes an administrator.",
        OrganisationHandOverInput,
        OrganisationHandOverPayload,
    )
