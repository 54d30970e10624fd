"""Everything that can be done: one class a domain, put together here."""

from __future__ import annotations

import strawberry

from schema.mutations.network import NetworkMutations
from schema.mutations.sessions import SessionMutations


@strawberry.type(
    description="Everything that can be done. Each mutation is one transaction: it is done as a whole, "
    "or `userErrors` says why nothing was done."
)
class Mutation(SessionMutations, NetworkMutations):
    """The root of all mutations."""
