"""Time in the sample world: identifiers that carry it, and the hours at which people are busy."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

# Encoded into COPY without a detour through text or integers; equal to and a kind of uuid.UUID.
from asyncpg.pgproto.pgproto import UUID as FastUUID  # noqa: N811

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

RANDOM_BITS = 74
_LOW = (1 << 62) - 1
_VERSION = 7 << 76
_VARIANT = 2 << 62

# How busy an hour of the day is, Dutch winter time; morning coffee and after lunch stand out.
_LOCAL_OFFSET = timedelta(hours=1)
_HOURS = (1, 0, 0, 0, 0, 1, 4, 12, 30, 42, 44, 36, 24, 30, 38, 32, 26, 16, 8, 7, 8, 7, 4, 2)
_WEEKDAYS = (19, 23, 22, 22, 15, 2, 2)
_MONTHS = (1.0, 1.0, 1.05, 0.95, 0.85, 1.05, 0.6, 0.6, 1.15, 1.1, 1.2, 0.8)


def to_ms(moment: datetime) -> int:
    """Give whole milliseconds since 1970."""
    return (moment - EPOCH) // MILLISECOND


def to_moment(ms: int) -> datetime:
    """Give the UTC time of so many milliseconds since 1970."""
    # Rounds to microseconds, so whole milliseconds stay exact; twice as fast as adding a timedelta.
    return datetime.fromtimestamp(ms / 1_000, UTC)


def id_value(ms: int, bits: int) -> int:
    """Give the 128 bits of the UUIDv7 of a millisecond and 74 random bits."""
    return ms << 80 | _VERSION | bits >> 62 << 64 | _VARIANT | bits & _LOW


def make_id(ms: int, bits: int) -> UUID:
    """Give the UUIDv7 of a millisecond and 74 random bits."""
    return FastUUID(id_value(ms, bits).to_bytes(16, "big"))


class Calendar:
    """Draws moments as busy as real ones: by weekday, hour and month, growing, with lively days."""

    def __init__(self, start_ms: int, end_ms: int, random: Random) -> None:
        self._start = start_ms
        self._end = end_ms
        first = to_moment(start_ms) + _LOCAL_OFFSET
        hours = (end_ms - start_ms) // HOUR
        weights: list[float] = []
        lively = 1.0
        for hour in range(hours):
            local = first + timedelta(hours=hour)
            if hour == 0 or local.hour == 0:
                lively = random.lognormvariate(0, 0.35)
            growth = 0.3 + 0.7 * (hour / hours) ** 2
            quiet = 0.3 if (local.month, local.day) >= (12, 23) else 1.0
            weights.append(
                _HOURS[local.hour]
                * _WEEKDAYS[local.weekday()]
                * _MONTHS[local.month - 1]
                * growth
                * quiet
                * lively
            )
        self._cumulative = list(accumulate(weights))

    def draw(self, count: int, random: Random) -> list[int]:
        """Draw so many moments, in milliseconds, in order."""
        cumulative, start = self._cumulative, self._start
        last, total = len(cumulative) - 1, cumulative[-1]
        uniform = random.random
        return sorted(
            start
            + min(bisect_right(cumulative, uniform() * total), last) * HOUR
            + int(uniform() * HOUR)
            for _ in range(count)
        )


def after(ms: int, median: int, until: int, random: Random) -> int:
    """Draw a moment after `ms`, half of them within `median`, none past `until`."""
    moment = ms + 1 + int(median * random.lognormvariate(0, 1.3))
    if moment < until:
        return moment
    return ms + 1 + int((until - ms - 1) * random.random())
