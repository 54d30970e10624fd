"""How many connections a person and an address may hold at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable


class Admission:
    """Counts what is open, by whom."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self._open: Counter[Hashable] = Counter()

    def enter(self, who: Hashable) -> bool:
        """Count one more; False when there are as many as there may be."""
        if self._open[who] >= self.maximum:
            return False
        self._open[who] += 1
        return True

    def leave(self, who: Hashable) -> None:
        """Count one less."""
        self._open[who] -= 1
        if self._open[who] <= 0:
            del self._open[who]

    def __len__(self) -> int:
        return self._open.total()
