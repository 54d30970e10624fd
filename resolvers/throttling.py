"""Slowing down whoever guesses: attempts are counted in buckets, and each pause doubles.

An attempt is counted before it is looked at, in a transaction of its own, so that neither a
refusal nor a hundred attempts at once go uncounted; `forgive` takes it back when it was right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from resolvers.acting import Connection
from resolvers.refusals import Throttled

# In the order of their keys, so that two attempts never wait for each other.
COUNT = """
insert into throttle as t (bucket, failures, last_failed_at)
select bucket, 1, clock_timestamp() from unnest($1::bytea[]) as asked (bucket) order by bucket
on conflict (bucket) do update set
  failures = 1 + greatest(0, t.failures - floor(
    extract(epoch from clock_timestamp() - t.last_failed_at) / (
      select leak from unnest($1::bytea[], $2::float8[]) as asked (bucket, leak)
      where asked.bucket = excluded.bucket
    ))::integer),
  last_failed_at = clock_timestamp()
returning new.bucket, new.failures - 1 as failures,
          extract(epoch from clock_timestamp() - old.last_failed_at)::float8 as ago
"""
DOUBLED_MAX = 30
FORGIVE = """
with forgotten as (delete from throttle where bucket = any($1))
update throttle set failures = greatest(failures - 1, 0) where bucket = any($2)
"""


@dataclass(frozen=True)
class Bucket:
    """Where attempts are counted: `free` of them at once, then a pause that doubles each time.

    Every `leak` seconds one is forgotten, so pauses stop growing at about twice as much. In seconds.
    """

    key: bytes
    free: int
    pause: float
    leak: float

    def wait(self, failures: int) -> float:
        """Give how long the next attempt has to wait after so many."""
        if failures < self.free:
            return 0
        return self.pause * 2.0 ** min(failures - self.free, DOUBLED_MAX)


def bucket(*parts: str, free: int, pause: float, leak: float) -> Bucket:
    """Name a bucket by what is counted in it; the table keeps only a hash of the name."""
    return Bucket(sha256("\0".join(parts).encode()).digest(), free, pause, leak)


async def count(connection: Connection, buckets: Sequence[Bucket], text: str) -> None:
    """Count an attempt in all buckets, or in none when one of them still has to wait.

    Raises:
        Throttled: One has to wait; `text` says so, with `retry_after` in seconds.
    """
    found = await connection.fetch(
        COUNT, [bucket.key for bucket in buckets], [bucket.leak for bucket in buckets]
    )
    by_key = {row["bucket"]: row for row in found}
    left = max(
        bucket.wait(by_key[bucket.key]["failures"]) - (by_key[bucket.key]["ago"] or 0)
        for bucket in buckets
    )
    if left > 0:
        raise Throttled(text, retry_after=math.ceil(left))


async def forgive(
    connection: Connection, *, forget: Sequence[Bucket], take_back: Sequence[Bucket] = ()
) -> None:
    """Empty the buckets of who proved to be right; elsewhere take back the one attempt."""
    await connection.execute(
        FORGIVE, [bucket.key for bucket in forget], [bucket.key for bucket in take_back]
    )
