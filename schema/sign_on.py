"""Single sign-on in the graph: seen by who may set it up."""

from __future__ import annotations

from datetime import datetime

from db.tables import accounts as tables
from db.tables.people import Role
from resolvers import sign_on as resolve
from schema import prefixes
from schema.engine.declare import column, table
from schema.engine.relay import Node


@table(tables.IdentityProvider, prefix=prefixes.IDENTITY_PROVIDER, visible=resolve.visible)
class IdentityProvider(Node):
    """An organisation's own sign-in by OpenID Connect, seen by its owners alone."""

    issuer: str = column("The provider's address.")
    client_id: str = column("Who the network is there; its secret is not shown.")
    email_domain: str = column("The domain whose addresses it signs in.")
    default_role: Role = column("What people become when they first sign in.")
    created_at: datetime = column("When it was set up.")
