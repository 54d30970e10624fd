"""What a subscription wants to hear of, asked of each event before the database is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subscriptions.events import Event, EventKind


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events may concern a subscription.

    `about` names, for an argument as the graph calls it, the ids of an event of which one must be
    the argument's value, unless that is null; `addressee` the id of the only person whom an event concerns. An event of one of the `counts`
    need not be told when a later one about the same post is: what is told is how things are now.
    """

    kinds: frozenset[EventKind]
    about: Mapping[str, tuple[str, ...]] | None = None
    addressee: str | None = None
    counts: frozenset[EventKind] = frozenset()

    def concerns(self, event: Event, arguments: Mapping[str, Any]) -> bool:
        """Tell whether an event may concern a subscription with these arguments."""
        if event.kind not in self.kinds:
            return False
        return all(
            arguments.get(argument) is None
            or any(getattr(event, name, None) == arguments[argument] for name in names)
            for argument, names in (self.about or {}).items()
        )

    def only(self, event: Event) -> UUID | None:
        """Give the one person whom an event concerns; None when it may be anybody."""
        return getattr(event, self.addressee, None) if self.addressee else None

    def is_count(self, event: Event) -> bool:
        """Tell whether an event only changes how many there are of something."""
        return event.kind in self.counts
