"""The schema, built once at the edge and handed down."""

from __future__ import annotations

from pathlib import Path

from resolvers.accounts import person_of_secret
from resolvers.changes import event_row, known
from resolvers.network import standing, standing_of_all
from schema.engine.documents import Limits
from schema.engine.engine import Asking
from schema.engine.graph import GraphSchema
from schema.mutation import Mutation
from schema.query import Query
from schema.subscription import Subscription

SDL_FILE = Path(__file__).with_name("schema.graphql")


def build_schema(*, limits: Limits | None = None, introspection: bool = True) -> GraphSchema:
    """Build the graph.

    Raises:
        schema.engine.startup.SchemaFault: A declaration promises what the database does not.
    """
    return GraphSchema(
        Query,
        Mutation,
        Subscription,
        asking=Asking(person_of_secret, standing, standing_of_all, event_row, known),
        limits=limits,
        introspection=introspection,
    )
