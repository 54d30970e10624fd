"""One's own profile and skills, as mutations."""

from __future__ import annotations

from datetime import date

import strawberry

from db.tables.people import Digest, Locale, ProfileVisibility
from resolvers.commands import people as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson, ToPersonSkill

LEVELS = "1 aware, 2 practised, 3 independent, 4 guides others, 5 expert."
EVIDENCE = "Why it may be believed, at most 500 characters."


@strawberry.input(description="What to change in one's own profile. What is null stays as it is.")
class PersonEditInput(Keyed):
    """What to change in one's own profile."""

    expected_version: int = input_field("The `version` that was looked at.")
    name: str | None = input_field("Full name, 1 to 120 characters.", required=False)
    headline: str | None = input_field(
        "What they do, in one line of at most 220 characters; an empty text takes it away.",
        required=False,
    )
    location: str | None = input_field(
        "Town or region, at most 120 characters; an empty text takes it away.", required=False
    )
    visibility: ProfileVisibility | None = input_field("Who may see the profile.", required=False)
    locale: Locale | None = input_field("The language to use the network in.", required=False)
    digest: Digest | None = input_field("How often to get a summary by e-mail.", required=False)
    shows_looks: bool | None = input_field(
        "Whether an organisation learns that its listing was looked at in the name of one's own.",
        required=False,
    )


@payload
class PersonEditPayload:
    """What came of editing the profile."""

    person: ToPerson | None = result("The person, as they are now.")


@strawberry.input(description="A skill that one has.")
class PersonSkillAddInput(Keyed):
    """A skill that one has."""

    skill_id: strawberry.ID = input_field("Which one.", prefix=prefixes.SKILL)
    level: int = input_field(LEVELS)
    evidence: str = strawberry.field(default="", description=EVIDENCE)
    last_used_on: date | None = input_field("When it was last used.", required=False)


@payload
class PersonSkillAddPayload:
    """What came of adding a skill."""

    person_skill: ToPersonSkill | None = result("The skill, as it stands on the profile.")


@strawberry.input(description="What to change about a skill. What is null stays as it is.")
class PersonSkillEditInput(Keyed):
    """What to change about a skill."""

    person_skill_id: strawberry.ID = input_field(
        "Which of one's own.", prefix=prefixes.PERSON_SKILL
    )
    level: int | None = input_field(LEVELS, required=False)
    evidence: str | None = input_field(EVIDENCE, required=False)
    last_used_on: date | None = input_field("When it was last used.", required=False)


@payload
class PersonSkillEditPayload:
    """What came of editing a skill."""

    person_skill: ToPersonSkill | None = result("The skill, as it stands on the profile.")


@strawberry.input(description="Which skill to take off one's profile.")
class PersonSkillRemoveInput(Keyed):
    """Which skill to take off one's profile."""

    person_skill_id: strawberry.ID = input_field(
        "Which of one's own.", prefix=prefixes.PERSON_SKILL
    )


@payload
class PersonSkillRemovePayload:
    """What came of removing a skill."""

    person: ToPerson | None = result("The person, without it.")


@mutations
class PersonMutations:
    """One's own profile and skills."""

    person_edit: PersonEditPayload | None = mutation(
        command.edit_person, "Edit one's own profile.", PersonEditInput, PersonEditPayload
    )
    person_skill_add: PersonSkillAddPayload | None = mutation(
        command.add_skill,
        "Add a skill to one's own profile, at most 200.",
        PersonSkillAddInput,
        PersonSkillAddPayload,
    )
    person_skill_edit: PersonSkillEditPayload | None = mutation(
        command.edit_skill,
        "Change the level, evidence or recency of a skill of one's own.",
        PersonSkillEditInput,
        PersonSkillEditPayload,
    )
    person_skill_remove: PersonSkillRemovePayload | None = mutation(
        command.remove_skill,
        "Take a skill off one's own profile.",
        PersonSkillRemoveInput,
        PersonSkillRemovePayload,
    )
