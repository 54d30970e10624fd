"""Following, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import network as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToOrganisation


@strawberry.input(description="Which organisation to follow, and how.")
class OrganisationFollowInput(Keyed):
    """Which organisation to follow, and how."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)
    in_feed: bool | None = input_field(
        "Whether its posts come into the feed; true unless said. Null leaves it as it is.",
        required=False,
    )
    notify: bool | None = input_field(
        "Whether to be told of each post; false unless said. Null leaves it as it is.",
        required=False,
    )
    prioritise: bool | None = input_field(
        "Whether its posts come first in the ranked feed; false unless said. Null leaves it as it is.",
        required=False,
    )


@payload
class OrganisationFollowPayload:
    """What came of following."""

    organisation: ToOrganisation | None = result("The organisation, as the viewer sees it now.")


@strawberry.input(description="Which organisation not to follow any longer.")
class OrganisationUnfollowInput(Keyed):
    """Which organisation not to follow any longer."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)


@payload
class OrganisationUnfollowPayload:
    """What came of no longer following."""

    organisation: ToOrganisation | None = result("The organisation, as the viewer sees it now.")


@mutations
class NetworkMutations:
    """Following."""

    organisation_follow: OrganisationFollowPayload | None = mutation(
        command.follow_organisation,
        "Follow an organisation, or change the switches of a follow.",
        OrganisationFollowInput,
        OrganisationFollowPayload,
    )
    organisation_unfollow: OrganisationUnfollowPayload | None = mutation(
        command.unfollow_organisation,
        "No longer follow an organisation.",
        OrganisationUnfollowInput,
        OrganisationUnfollowPayload,
    )
