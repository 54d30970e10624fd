"""The last events, kept in memory: whoever was away for a moment is told without reading the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from subscriptions.events import EventKind
from subscriptions.log import Cursor, Logged

# Some minutes of a busy network; 1 KiB each at most. Whoever was away for longer asks the log, which
# costs much more, and most of all when a process is behind and everybody is.
KEPT = 5_000
# Each concerns one person alone, and one post can have thousands of them: they are not kept.
PERSONAL = frozenset({EventKind.NOTIFICATION_CHANGED, EventKind.FEED_SEEN})


class Recent:
    """What this process has read last, in the order in which it handed it on."""

    def __init__(self, kept: int = KEPT) -> None:
        self._events: deque[Logged] = deque()
        self._kept = kept
        # Everything up to here is not kept.
        self._start: Cursor | None = None

    def begin(self, cursor: Cursor) -> None:
        """Keep what comes after a cursor."""
        self._events.clear()
        self._start = cursor

    def add(self, events: Iterable[Logged]) -> None:
        """Keep what was read, and let go of what is oldest."""
        self._events.extend(each for each in events if each.event.kind not in PERSONAL)
        while len(self._events) > self._kept:
            self._start = Cursor.parse(self._events.popleft().cursor)

    def after(self, cursor: Cursor, kinds: Collection[EventKind]) -> Sequence[Logged] | None:
        """Give what came after a cursor, for who wants these kinds; None when the log must be asked.

        It must be for what is not kept, when older events are missed, and when the cursor comes from a process that read
        in another order: then the cursors kept here would not tell what its client has seen.
        """
        if not PERSONAL.isdisjoint(kinds):
            return None
        if self._start is None or not cursor.before.shows(self._start.within):
            return None
        missed: list[Logged] = []
        for logged in reversed(self._events):
            if cursor.has_seen(logged.event):
                break
            missed.append(logged)
        seen = len(self._events) - len(missed)
        for position, logged in enumerate(self._events):
            if position >= seen:
                break
            if not cursor.has_seen(logged.event):
                return None
        return missed[::-1]
