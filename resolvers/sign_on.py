"""Single sign-on: where the people of a domain sign in, and who sees how it is set up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal
from sqlmodel import col, select

from db.tables.accounts import IdentityProvider
from db.tables.organisations import Organisation
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer

SIGN_ON_PATH = "/sign-on/"


def visible(provider: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A provider is seen by who may set one up."""
    return permits(Action.MANAGE_SIGN_ON, provider.organisation_id, viewer)


def identity_provider(organisation: Row) -> Any:
    """Give the provider of an organisation."""
    return select(IdentityProvider).where(col(IdentityProvider.organisation_id) == organisation.id)


def sign_on_path(organisation: Row) -> Any:
    """Give where its people sign in, while its provider is in force."""
    in_force = select(IdentityProvider.id).where(
        col(IdentityProvider.organisation_id) == organisation.id,
        func.lower(col(IdentityProvider.email_domain)) == func.lower(organisation.verified_domain),
    )
    return case((in_force.exists(), literal(SIGN_ON_PATH).concat(organisation.slug)))


def sign_on_for(email: Any) -> Any:
    """Give the organisation that signs in who has an address of its domain."""
    domain = func.lower(func.split_part(email, "@", -1))
    return (
        select(Organisation)
        .join(IdentityProvider, col(IdentityProvider.organisation_id) == col(Organisation.id))
        .where(
            func.lower(col(IdentityProvider.email_domain)) == domain,
            func.lower(col(Organisation.verified_domain)) == domain,
        )
    )
