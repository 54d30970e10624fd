"""How large a world is, and what was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from db.world.story import BENCH_VIEWERS

# The world ends here unless the caller says otherwise: constant, so that ids and rows are too.
UNTIL = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPAN_DAYS = 3 * 365


class Scale(StrEnum):
    """The sizes that a world comes in."""

    SMALL = "small"
    BENCH = "bench"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Rows to make; memberships, skills and strengths follow from these."""

    organisations: int
    people: int
    posts: int
    follows: int
    reactions: int
    comments: int
    listings: int
    # People who follow exactly so many organisations, for scaling measurements.
    viewers: tuple[int, ...] = ()
    # Large enough that building an index at the end beats keeping it while rows come in.
    bulk: bool = False


SIZES = {
    Scale.SMALL: Sizes(
        organisations=120,
        people=1_200,
        posts=3_000,
        follows=10_000,
        reactions=12_000,
        comments=6_000,
        listings=60,
    ),
    Scale.BENCH: Sizes(
        organisations=5_000,
        people=50_000,
        posts=500_000,
        follows=1_000_000,
        reactions=1_500_000,
        comments=500_000,
        listings=10_000,
        viewers=tuple(BENCH_VIEWERS),
        bulk=True,
    ),
}


@dataclass(frozen=True, kw_only=True)
class WorldSummary:
    """What is in the database now; `created` is false when the same world was there already."""

    scale: Scale
    rng_seed: int
    created: bool
    counts: dict[str, int]
    seconds: float


class DatabaseNotEmpty(Exception):
    """Other organisations live in the database; a sample world never mixes with them."""
