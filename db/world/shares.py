"""Sharing out an exact total by weight."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def shared_out(
    total: int, weights: Sequence[float], caps: Sequence[int], random: Random
) -> list[int]:
    """Give each its share of `total` by weight, none above its cap, adding up exactly.

    Raises:
        ValueError: The caps leave no room for so many.
    """
    if total > sum(caps):
        raise ValueError(f"{total:,} do not fit into {sum(caps):,}.")
    counts = [0] * len(weights)
    left = total
    # What the caps cut off is shared out again among the rest.
    while left > len(weights) // 50:
        open_weight = sum(w for w, n, cap in zip(weights, counts, caps, strict=True) if n < cap)
        if not open_weight:
            break
        factor = left / open_weight
        before = left
        for index, weight in enumerate(weights):
            room = caps[index] - counts[index]
            if room > 0:
                more = min(room, int(weight * factor + random.random()), left)
                counts[index] += more
                left -= more
        if left == before:
            break
    while left:
        index = int(random.random() * len(weights))
        if counts[index] < caps[index]:
            counts[index] += 1
            left -= 1
    return counts
