"""How much of live delivery is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class LivePlan:
    """The sizes of the part; times in seconds."""

    subscribers: int = 1_000
    rounds: int = 3
    burst_seconds: float = 4
    pace: float = 20
    paced_seconds: float = 5
    counted_events: int = 20
    # Of a server that takes long for each.
    counted_events_slow: int = 3
    held: int = 5_000
    # None leaves the soak out.
    soak_seconds: float | None = None
    soak_subscribers: int = 500
    pool: int = 8


WHOLE = LivePlan()
QUICK = LivePlan(
    subscribers=200, rounds=1, burst_seconds=1, paced_seconds=2, counted_events=5, held=500
)
SOAK_SECONDS = 1_800
SOAK_SECONDS_QUICK = 60
