"""Single sign-on, as mutations."""

from __future__ import annotations

import strawberry

from db.tables.people import Role
from resolvers.commands import sign_on as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToIdentityProvider, ToOrganisation


@strawberry.input(description="An OpenID Connect provider, and who the network is there.")
class IdentityProviderSetInput(Keyed):
    """An OpenID Connect provider, and who the network is there."""

    organisation_id: strawberry.ID = input_field("The organisation.", prefix=prefixes.ORGANISATION)
    issuer: str = input_field("The provider's address (`issuer`), over https.")
    client_id: str = input_field("Who the network is there, at most 200 characters.")
    client_secret: str | None = input_field(
        "The secret that proves it, at most 500 characters. Left out, the one that is held stays, "
        "as long as the issuer does.",
        required=False,
    )
    default_role: Role | None = input_field(
        "What people become when they first sign in: MEMBER when left out, EDITOR or TALENT_MANAGER.",
        required=False,
    )


@payload
class IdentityProviderSetPayload:
    """What came of setting a provider."""

    identity_provider: ToIdentityProvider | None = result("The provider.")


@strawberry.input(description="Whose provider to remove.")
class IdentityProviderRemoveInput(Keyed):
    """Whose provider to remove."""

    organisation_id: strawberry.ID = input_field("The organisation.", prefix=prefixes.ORGANISATION)


@payload
class IdentityProviderRemovePayload:
    """What came of removing a provider."""

    organisation: ToOrganisation | None = result("The organisation, without single sign-on.")


@mutations
class SignOnMutations:
    """Single sign-on."""

    identity_provider_set: IdentityProviderSetPayload | None = mutation(
        command.set_identity_provider,
        "Let an organisation's own provider sign in the people of its verified domain. Tell it to lead "
        "them back to `/sign-on-callback` on this site. Another issuer than before ends the sessions "
        "that the one before opened.",
        IdentityProviderSetInput,
        IdentityProviderSetPayload,
    )
    identity_provider_remove: IdentityProviderRemovePayload | None = mutation(
        command.remove_identity_provider,
        "Sign nobody in by an organisation's provider any more. The sessions that it opened end, but "
        "for the one that asks.",
        IdentityProviderRemoveInput,
        IdentityProviderRemovePayload,
    )
