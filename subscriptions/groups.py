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

    `about` names the id of an event that must be the subscription's argument of that name;
    `addressee` the id of the only person whom an event concerns.
    """

    kinds: frozenset[EventKind]
    about: Mapping[str, str] | None = None
    addressee: str | None = None

    def concerns(self, event: Event, arguments: Mapping[str, Any]) -> bool:
        """Tell whether an event may concern a subscription with these arguments."""
        if event.kind not in self.kinds:
            return False
        return all(
            getattr(event, name, None) == arguments[argument]
            for name, argument in (self.about or {}).items()
        )

    def only(self, event: Event) -> UUID | None:
        """Give the one person whom an event concerns; None when it may be anybody."""
        return getattr(event, self.addressee, None) if self.addressee else None
