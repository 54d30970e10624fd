"""What a subscription wants to hear of, asked of each event before the database is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subscriptions.events import EventKind
from subscriptions.log import Logged


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events may concern a subscription.

    `about` names the id of an event that must be the subscription's argument of that name;
    `addressee` the id of the only person whom an event concerns. Ids are looked for in the event's
    own columns first, then among its ids.
    """

    kinds: frozenset[EventKind]
    about: Mapping[str, str] | None = None
    addressee: str | None = None

    def concerns(self, event: Logged, arguments: Mapping[str, Any]) -> bool:
        """Tell whether an event may concern a subscription with these arguments."""
        if event.kind not in self.kinds:
            return False
        return all(
            id_of(event, name) == arguments[argument]
            for name, argument in (self.about or {}).items()
        )

    def only(self, event: Logged) -> UUID | None:
        """Give the one person whom an event concerns; None when it may be anybody."""
        return id_of(event, self.addressee) if self.addressee else None


def id_of(event: Logged, name: str) -> UUID | None:
    """Give an id of an event by its name."""
    if name in {"actor_id", "organisation_id", "subject_id"}:
        found: UUID | None = getattr(event, name)
        return found
    text = event.ids.get(name)
    return UUID(text) if text else None
