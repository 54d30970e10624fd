"""Organisations and their strengths, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.organisations import (
    ABOUT_MAX,
    FURTHER_MAX,
    NAME_MAX,
    STATEMENT_MAX,
    OrganisationKind,
    Sector,
    SizeBand,
)
from resolvers.checking import URL_MAX
from resolvers.commands import organisations as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToOrganisation, ToOrganisationStrength

ABOUT = f"In Markdown, at most {ABOUT_MAX:,} characters"
WEBSITE = f"Address of its own site, http or https, at most {URL_MAX} characters"
LOCATION = f"Town or region, at most {command.LOCATION_MAX} characters"
SECTORS = f"Fields beside the first, at most {FURTHER_MAX}"
LOCATIONS = (
    f"Towns and regions beside the first, at most {FURTHER_MAX} of {command.LOCATION_MAX} "
    "characters"
)
STATEMENT = f"What it says about it, at most {STATEMENT_MAX} characters; may be empty."
KEPT = " Null leaves it as it is."


@strawberry.input(description="The profile of a new organisation.")
class OrganisationCreateInput(Keyed):
    """The profile of a new organisation."""

    name: str = input_field(
        f"What it is called, 1 to {NAME_MAX} characters. Its address is made of it."
    )
    kind: OrganisationKind = input_field("What it is in law and purpose.")
    sector: Sector = input_field("The field it works in.")
    size_band: SizeBand = input_field("How many people work there.")
    about: str | None = input_field(f"{ABOUT}.", required=False)
    website: str | None = input_field(f"{WEBSITE}.", required=False)
    location: str | None = input_field(f"{LOCATION}.", required=False)
    further_sectors: list[Sector] | None = input_field(f"{SECTORS}.", required=False)
    further_locations: list[str] | None = input_field(f"{LOCATIONS}.", required=False)


@payload
class OrganisationCreatePayload:
    """What came of creating an organisation."""

    organisation: ToOrganisation | None = result("The organisation; the viewer is its owner.")


@strawberry.input(description="What changes of an organisation's profile; the rest stays.")
class OrganisationEditInput(Keyed):
    """What changes of an organisation's profile."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)
    expected_version: int = input_field("The version that was looked at.")
    name: str | None = input_field(
        f"1 to {NAME_MAX} characters; its address stays.{KEPT}", required=False
    )
    kind: OrganisationKind | None = input_field(
        f"What it is in law and purpose.{KEPT}", required=False
    )
    sector: Sector | None = input_field(f"The field it works in.{KEPT}", required=False)
    size_band: SizeBand | None = input_field(f"How many people work there.{KEPT}", required=False)
    about: str | None = input_field(f"{ABOUT}.{KEPT}", required=False)
    website: str | None = input_field(f"{WEBSITE}. Null takes it away.", required=False)
    location: str | None = input_field(f"{LOCATION}. Null takes it away.", required=False)
    further_sectors: list[Sector] | None = input_field(f"{SECTORS}.{KEPT}", required=False)
    further_locations: list[str] | None = input_field(f"{LOCATIONS}.{KEPT}", required=False)


@payload
class OrganisationEditPayload:
    """What came of editing a profile."""

    organisation: ToOrganisation | None = result("The organisation as it is now.")


@strawberry.input(description="A strength to declare.")
class StrengthDeclareInput(Keyed):
    """A strength to declare."""

    organisation_id: strawberry.ID = input_field("Whose it is.", prefix=prefixes.ORGANISATION)
    skill_id: strawberry.ID = input_field("The skill.", prefix=prefixes.SKILL)
    statement: str | None = input_field(STATEMENT, required=False)


@payload
class StrengthDeclarePayload:
    """What came of declaring a strength."""

    strength: ToOrganisationStrength | None = result("The strength.")


@strawberry.input(description="A strength in other words.")
class StrengthEditInput(Keyed):
    """A strength in other words."""

    strength_id: strawberry.ID = input_field("Which one.", prefix=prefixes.STRENGTH)
    statement: str = input_field(STATEMENT)


@payload
class StrengthEditPayload:
    """What came of restating a strength."""

    strength: ToOrganisationStrength | None = result("The strength as it is now.")


@strawberry.input(description="A strength to withdraw.")
class StrengthWithdrawInput(Keyed):
    """A strength to withdraw."""

    strength_id: strawberry.ID = input_field("Which one.", prefix=prefixes.STRENGTH)


@payload
class StrengthWithdrawPayload:
    """What came of withdrawing a strength."""

    organisation: ToOrganisation | None = result("The organisation that declared it.")


@mutations
class OrganisationMutations:
    """Organisations and their strengths."""

    organisation_create: OrganisationCreatePayload | None = mutation(
        command.create_organisation,
        "Create an organisation; the viewer becomes its owner. One person owns at most "
        f"{command.OWNED_MAX}.",
        OrganisationCreateInput,
        OrganisationCreatePayload,
    )
    organisation_edit: OrganisationEditPayload | None = mutation(
        command.edit_organisation,
        "Edit an organisation's profile. For its owners and administrators.",
        OrganisationEditInput,
        OrganisationEditPayload,
    )
    strength_declare: StrengthDeclarePayload | None = mutation(
        command.declare_strength,
        "Declare that an organisation is strong in a skill, "
        f"at most {command.STRENGTHS_MAX} of them.",
        StrengthDeclareInput,
        StrengthDeclarePayload,
    )
    strength_edit: StrengthEditPayload | None = mutation(
        command.edit_strength,
        "Say in other words what an organisation is strong in.",
        StrengthEditInput,
        StrengthEditPayload,
    )
    strength_withdraw: StrengthWithdrawPayload | None = mutation(
        command.withdraw_strength,
        "No longer declare a strength.",
        StrengthWithdrawInput,
        StrengthWithdrawPayload,
    )
