"""Blocking, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import blocks as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToBlock


@strawberry.input(description="Whom to block.")
class PersonBlockInput(Keyed):
    """Whom to block."""

    person_id: strawberry.ID = input_field("Which person.", prefix=prefixes.PERSON)


@payload
class PersonBlockPayload:
    """What came of blocking a person."""

    block: ToBlock | None = result("The block; only whoever asked for it sees it.")


@strawberry.input(description="Which organisation to block.")
class OrganisationBlockInput(Keyed):
    """Which organisation to block."""

    organisation_id: strawberry.ID = input_field("Which one.", prefix=prefixes.ORGANISATION)


@payload
class OrganisationBlockPayload:
    """What came of blocking an organisation."""

    block: ToBlock | None = result("The block; only whoever asked for it sees it.")


@strawberry.input(description="Whom an organisation blocks.")
class OrganisationBlockPersonInput(Keyed):
    """Whom an organisation blocks."""

    organisation_id: strawberry.ID = input_field(
        "In whose name; needs the permission BLOCK there.", prefix=prefixes.ORGANISATION
    )
    person_id: strawberry.ID = input_field("Which person.", prefix=prefixes.PERSON)


@payload
class OrganisationBlockPersonPayload:
    """What came of blocking a person in an organisation's name."""

    block: ToBlock | None = result("The block; only those who manage the organisation see it.")


@strawberry.input(description="Which block to take back.")
class BlockRemoveInput(Keyed):
    """Which block to take back."""

    block_id: strawberry.ID = input_field("Which one.", prefix=prefixes.BLOCK)


@payload
class BlockRemovePayload:
    """What came of taking a block back."""

    removed: bool | None = result("True when the block is gone. What it ended does not come back.")


@mutations
class BlockMutations:
    """Blocking."""

    person_block: PersonBlockPayload | None = mutation(
        command.block_person,
        "Block a person: neither sees the other any more, follows between the two end.",
        PersonBlockInput,
        PersonBlockPayload,
    )
    organisation_block: OrganisationBlockPayload | None = mutation(
        command.block_organisation,
        "Block an organisation: the viewer no longer sees it, nor do its members see the viewer.",
        OrganisationBlockInput,
        OrganisationBlockPayload,
    )
    organisation_block_person: OrganisationBlockPersonPayload | None = mutation(
        command.block_person_as_organisation,
        "Block a person in an organisation's name, for all its members.",
        OrganisationBlockPersonInput,
        OrganisationBlockPersonPayload,
    )
    block_remove: BlockRemovePayload | None = mutation(
        command.remove_block, "Take a block back.", BlockRemoveInput, BlockRemovePayload
    )
