"""Rounds of load, all contestants in turn, so that a noisy minute hits everybody alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.load import Measured
from tests.benchmarks.operations import Operation

# Whoever answers fewer requests a second than this gets longer rounds, or the last answers of a
# round, which wrk does not wait for, would be a large part of it.
FEW = 50
SLOW_FACTOR = 3

Run = Callable[[Operation, int], Awaitable[Measured]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rounds:
    """How long and how often."""

    count: int
    seconds: int
    warm_up_seconds: int


async def measure(
    contestants: Mapping[str, Run], operations: Sequence[Operation], rounds: Rounds, say: Say
) -> dict[str, dict[str, Measured]]:
    """Load every contestant with every operation; give operation -> contestant -> the median run."""
    taken: dict[str, dict[str, list[Measured]]] = {
        operation.name: {name: [] for name in contestants} for operation in operations
    }
    names = list(contestants)
    for operation in operations:
        seconds = {}
        for name in names:
            warm_up = await contestants[name](operation, rounds.warm_up_seconds)
            is_slow = warm_up.requests < FEW * rounds.warm_up_seconds
            seconds[name] = rounds.seconds * (SLOW_FACTOR if is_slow else 1)
        for turn in range(rounds.count):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                measured = await contestants[name](operation, seconds[name])
                taken[operation.name][name].append(measured)
                say(
                    f"{operation.name:12} {name:18} {turn + 1}/{rounds.count}"
                    f" {measured.per_second:8,.0f}/s  p50 {measured.p50_ms:7.2f} ms"
                    f"  p99 {measured.p99_ms:7.2f} ms  errors {measured.errors}"
                )
    return {
        operation: {name: middle(runs) for name, runs in by_name.items()}
        for operation, by_name in taken.items()
    }


def middle(runs: Sequence[Measured]) -> Measured:
    """The median of each figure; errors add up."""
    return Measured(
        requests=sum(run.requests for run in runs),
        per_second=median(run.per_second for run in runs),
        p50_ms=median(run.p50_ms for run in runs),
        p99_ms=median(run.p99_ms for run in runs),
        errors=sum(run.errors for run in runs),
        bytes_each=median(run.bytes_each for run in runs),
    )
