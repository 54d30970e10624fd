"""Domains of organisations, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.organisations import DomainProof
from resolvers.commands import domains as command
from resolvers.domains import DOMAIN_MAX
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToDomainClaim, ToOrganisation


@strawberry.input(description="A domain to claim.")
class DomainClaimInput(Keyed):
    """A domain to claim."""

    organisation_id: strawberry.ID = input_field("Whose it is.", prefix=prefixes.ORGANISATION)
    domain: str = input_field(
        f"As in waterland.example, at most {DOMAIN_MAX} characters. None where anybody can have a "
        "mailbox."
    )
    proof: DomainProof | None = input_field(
        "DNS unless said. EMAIL sends a mail to the viewer's own verified address at the domain.",
        required=False,
    )


@payload
class DomainClaimPayload:
    """What came of claiming a domain."""

    claim: ToDomainClaim | None = result("The claim, with what is asked for as a proof.")


@strawberry.input(description="Which claim to prove.")
class DomainVerifyInput:
    """Which claim to prove."""

    claim_id: strawberry.ID | None = input_field(
        "One that is proved by DNS: its record is looked up. This or `secret`, one of the two.",
        prefix=prefixes.DOMAIN_CLAIM,
        required=False,
    )
    secret: str | None = input_field(
        "What stands behind # in the link of the mail. This or `claimId`, one of the two.",
        required=False,
    )


@payload
class DomainVerifyPayload:
    """What came of proving a domain."""

    claim: ToDomainClaim | None = result("The claim, which is proved.")


@strawberry.input(description="Which claim to give up.")
class DomainReleaseInput(Keyed):
    """Which claim to give up."""

    claim_id: strawberry.ID = input_field("Which one.", prefix=prefixes.DOMAIN_CLAIM)


@payload
class DomainReleasePayload:
    """What came of giving up a domain."""

    organisation: ToOrganisation | None = result("The organisation that had it.")


@mutations
class DomainMutations:
    """Domains of organisations."""

    domain_claim: DomainClaimPayload | None = mutation(
        command.claim_domain,
        "Say that a domain is the organisation's, and get what is asked for as a proof. An "
        f"organisation claims at most {command.CLAIMS_MAX}.",
        DomainClaimInput,
        DomainClaimPayload,
    )
    domain_verify: DomainVerifyPayload | None = mutation(
        command.verify_domain,
        "Prove a claim. The domain is then the organisation's, in the place of the one before. "
        "Doing it again changes nothing.",
        DomainVerifyInput,
        DomainVerifyPayload,
    )
    domain_release: DomainReleasePayload | None = mutation(
        command.release_domain,
        "Give up a claim, or a domain that was proved.",
        DomainReleaseInput,
        DomainReleasePayload,
    )
