"""Following and muting, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import network as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToOrganisation, ToPerson, ToSkill


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
        "Whether its posts come first in the ranked feed; false unless said. "
        "Null leaves it as it is.",
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


@strawberry.input(description="Which organisation to keep out of the home feed.")
class OrganisationMuteInput(Keyed):
    """Which organisation to keep out of the home feed."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)


@payload
class OrganisationMutePayload:
    """What came of muting."""

    organisation: ToOrganisation | None = result("The organisation, as the viewer sees it now.")


@strawberry.input(description="Which organisation to let into the home feed again.")
class OrganisationUnmuteInput(Keyed):
    """Which organisation to let into the home feed again."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)


@payload
class OrganisationUnmutePayload:
    """What came of muting no longer."""

    organisation: ToOrganisation | None = result("The organisation, as the viewer sees it now.")


@strawberry.input(description="Whom to follow, and how.")
class PersonFollowInput(Keyed):
    """Whom to follow, and how."""

    person_id: strawberry.ID = input_field("Whom.", prefix=prefixes.PERSON)
    in_feed: bool | None = input_field(
        "Whether what they write comes into the feed; true unless said. Null leaves it as it is.",
        required=False,
    )
    notify: bool | None = input_field(
        "Whether to be told of each post of theirs; false unless said. Null leaves it as it is.",
        required=False,
    )
    prioritise: bool | None = input_field(
        "Whether what they write comes first in the ranked feed; false unless said. "
        "Null leaves it as it is.",
        required=False,
    )


@payload
class PersonFollowPayload:
    """What came of following."""

    person: ToPerson | None = result("The person, as the viewer sees it now.")


@strawberry.input(description="Whom not to follow any longer.")
class PersonUnfollowInput(Keyed):
    """Whom not to follow any longer."""

    person_id: strawberry.ID = input_field("Whom.", prefix=prefixes.PERSON)


@payload
class PersonUnfollowPayload:
    """What came of no longer following."""

    person: ToPerson | None = result("The person, as the viewer sees it now.")


@strawberry.input(description="Whom to keep out of the home feed.")
class PersonMuteInput(Keyed):
    """Whom to keep out of the home feed."""

    person_id: strawberry.ID = input_field("Whom.", prefix=prefixes.PERSON)


@payload
class PersonMutePayload:
    """What came of muting."""

    person: ToPerson | None = result("The person, as the viewer sees it now.")


@strawberry.input(description="Whom to let into the home feed again.")
class PersonUnmuteInput(Keyed):
    """Whom to let into the home feed again."""

    person_id: strawberry.ID = input_field("Whom.", prefix=prefixes.PERSON)


@payload
class PersonUnmutePayload:
    """What came of muting no longer."""

    person: ToPerson | None = result("The person, as the viewer sees it now.")


@strawberry.input(description="Which skill to follow, and how.")
class SkillFollowInput(Keyed):
    """Which skill to follow, and how."""

    skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SKILL)
    in_feed: bool | None = input_field(
        "Whether posts about it come into the feed; true unless said. Null leaves it as it is.",
        required=False,
    )
    notify: bool | None = input_field(
        "Whether to be told of each post about it; false unless said. Null leaves it as it is.",
        required=False,
    )
    prioritise: bool | None = input_field(
        "Whether posts about it come first in the ranked feed; false unless said. "
        "Null leaves it as it is.",
        required=False,
    )


@payload
class SkillFollowPayload:
    """What came of following."""

    skill: ToSkill | None = result("The skill, as the viewer sees it now.")


@strawberry.input(description="Which skill not to follow any longer.")
class SkillUnfollowInput(Keyed):
    """Which skill not to follow any longer."""

    skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SKILL)


@payload
class SkillUnfollowPayload:
    """What came of no longer following."""

    skill: ToSkill | None = result("The skill, as the viewer sees it now.")


@strawberry.input(description="Which skill to keep out of the home feed.")
class SkillMuteInput(Keyed):
    """Which skill to keep out of the home feed."""

    skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SKILL)


@payload
class SkillMutePayload:
    """What came of muting."""

    skill: ToSkill | None = result("The skill, as the viewer sees it now.")


@strawberry.input(description="Which skill to let into the home feed again.")
class SkillUnmuteInput(Keyed):
    """Which skill to let into the home feed again."""

    skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SKILL)


@payload
class SkillUnmutePayload:
    """What came of muting no longer."""

    skill: ToSkill | None = result("The skill, as the viewer sees it now.")


@mutations
class NetworkMutations:
    """Following and muting."""

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
    organisation_mute: OrganisationMutePayload | None = mutation(
        command.mute_organisation,
        "Keep an organisation's posts out of the home feed at once. A follow stays, and nobody is told.",
        OrganisationMuteInput,
        OrganisationMutePayload,
    )
    organisation_unmute: OrganisationUnmutePayload | None = mutation(
        command.unmute_organisation,
        "Let an organisation's posts into the home feed again.",
        OrganisationUnmuteInput,
        OrganisationUnmutePayload,
    )
    person_follow: PersonFollowPayload | None = mutation(
        command.follow_person,
        "Follow a person, or change the switches of a follow.",
        PersonFollowInput,
        PersonFollowPayload,
    )
    person_unfollow: PersonUnfollowPayload | None = mutation(
        command.unfollow_person,
        "No longer follow a person.",
        PersonUnfollowInput,
        PersonUnfollowPayload,
    )
    person_mute: PersonMutePayload | None = mutation(
        command.mute_person,
        "Keep what a person writes out of the home feed at once. A follow stays, and nobody is told.",
        PersonMuteInput,
        PersonMutePayload,
    )
    person_unmute: PersonUnmutePayload | None = mutation(
        command.unmute_person,
        "Let what a person writes into the home feed again.",
        PersonUnmuteInput,
        PersonUnmutePayload,
    )
    skill_follow: SkillFollowPayload | None = mutation(
        command.follow_skill,
        "Follow a skill, or change the switches of a follow.",
        SkillFollowInput,
        SkillFollowPayload,
    )
    skill_unfollow: SkillUnfollowPayload | None = mutation(
        command.unfollow_skill,
        "No longer follow a skill.",
        SkillUnfollowInput,
        SkillUnfollowPayload,
    )
    skill_mute: SkillMutePayload | None = mutation(
        command.mute_skill,
        "Keep posts about a skill out of the home feed at once. A follow stays, and nobody is told.",
        SkillMuteInput,
        SkillMutePayload,
    )
    skill_unmute: SkillUnmutePayload | None = mutation(
        command.unmute_skill,
        "Let posts about a skill into the home feed again.",
        SkillUnmuteInput,
        SkillUnmutePayload,
    )
