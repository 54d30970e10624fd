"""What arrived at all subscribers of one process: when, how much, and what went wrong."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

FAULTS_KEPT = 20
FAULT_CHARACTERS = 500
NANOSECONDS_PER_MS = 1e6


class Tally:
    """Arrival times of the first, second, … message of every subscriber, on the monotonic clock.

    While `is_checking`, messages are read and kept instead: the last one of every subscriber.
    """

    def __init__(self) -> None:
        self.arrivals: list[array[int]] = []
        self.bytes = 0
        self.faults: list[str] = []
        self.fault_count = 0
        self.is_checking = True

    def begin(self) -> None:
        """Forget what was counted, and count from here on without reading."""
        self.arrivals = []
        self.bytes = 0
        self.is_checking = False

    def fault(self, text: str) -> None:
        """Note what should not have happened."""
        self.fault_count += 1
        short = text[:FAULT_CHARACTERS]
        # One of a kind tells as much as twenty.
        if len(self.faults) < FAULTS_KEPT and short not in self.faults:
            self.faults.append(short)

    @property
    def received(self) -> int:
        """Messages that arrived."""
        return sum(map(len, self.arrivals))

    @property
    def first_ns(self) -> int:
        """When the first one came; 0 when there was none."""
        return min(self.arrivals[0]) if self.arrivals else 0

    @property
    def last_ns(self) -> int:
        """When the last one came; 0 when there was none."""
        return max((max(times) for times in self.arrivals), default=0)

    def latencies(self, written_ns: Sequence[int]) -> dict[str, Any]:
        """Spread of arrival minus writing, in ms; the n-th message is that of the n-th writing."""
        late = sorted(
            arrived - written
            for written, times in zip(written_ns, self.arrivals, strict=False)
            for arrived in times
        )
        return {
            "count": len(late),
            "p50": quantile(late, 0.5) / NANOSECONDS_PER_MS,
            "p99": quantile(late, 0.99) / NANOSECONDS_PER_MS,
            "most": (late[-1] if late else 0) / NANOSECONDS_PER_MS,
        }


def quantile(ordered: Sequence[int], share: float) -> float:
    """The value below which so great a share of the ordered values lies; 0 of none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
