"""The home feed, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import feed as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson


@strawberry.input(description="How far the home feed was read.")
class FeedMarkSeenInput(Keyed):
    """How far the home feed was read."""

    post_id: strawberry.ID | None = input_field(
        "The newest post that was shown; without it, all posts until now count as seen.",
        prefix=prefixes.POST,
        required=False,
    )


@payload
class FeedMarkSeenPayload:
    """What came of marking the feed as seen."""

    person: ToPerson | None = result("The viewer.")


@mutations
class FeedMutations:
    """The home feed."""

    feed_mark_seen: FeedMarkSeenPayload | None = mutation(
        command.mark_seen,
        "Remember how far the viewer has read the home feed; `newInFeed` counts from there. "
        "The mark never goes back.",
        FeedMarkSeenInput,
        FeedMarkSeenPayload,
    )
