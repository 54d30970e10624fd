"""How much is measured, and on what."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.live.plan import QUICK, WHOLE, LivePlan
from tests.benchmarks.throughput import Rounds


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of one benchmark run."""

    dsn: str
    rounds: Rounds
    scaling_rounds: Rounds
    checked_viewers: int
    soak_requests: int
    soak_seconds: int
    fewer_posts: bool
    live: LivePlan
    # Connections of the load, and database connections of every server and of pgbench.
    connections: int = 16
    pool: int = 8
    limit_clients: int = 8


def whole(dsn: str) -> Plan:
    """About twenty minutes."""
    return Plan(
        dsn,
        rounds=Rounds(count=3, seconds=4, warm_up_seconds=2),
        scaling_rounds=Rounds(count=2, seconds=4, warm_up_seconds=1),
        checked_viewers=25,
        soak_requests=100_000,
        soak_seconds=150,
        fewer_posts=True,
        live=WHOLE,
    )


def quick(dsn: str) -> Plan:
    """About four minutes: the same parts but one, each too short to quote."""
    return Plan(
        dsn,
        rounds=Rounds(count=1, seconds=2, warm_up_seconds=1),
        scaling_rounds=Rounds(count=1, seconds=2, warm_up_seconds=1),
        checked_viewers=5,
        soak_requests=10_000,
        soak_seconds=15,
        fewer_posts=False,
        live=QUICK,
    )
