"""What can be listened to."""

from __future__ import annotations

from resolvers import changes as resolve
from schema.changes import FeedChange
from schema.engine.declare import change, root
from subscriptions.groups import Interest


@root
class Subscription:
    """Changes, pushed as they are committed, to everyone who may see them.

    Each has a `cursor`. With the cursor of the last one as `after`, a new subscription goes on
    exactly there; `Query.liveCursor` gives one together with the state that it belongs to.
    """

    feed_changed: FeedChange = change(
        resolve.feed_changed,
        "What changes in the viewer's home feed: posts, their counts, what leaves it.",
        interest=Interest(resolve.POST_KINDS),
    )
