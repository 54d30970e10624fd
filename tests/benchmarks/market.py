"""The market with many listings: how long looking for matches takes, SQL and Python together.

`python -m tests.benchmarks.market` makes a database of its own in a directory that goes with it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from db import migrating
from db.embedded import EmbeddedPostgres
from db.pools import open_write_pool
from db.taxonomy import load_taxonomy
from resolvers.match_finding import look_for_matches

ORGANISATIONS, LISTINGS = 5_000, 100_000
MEASURED, WARM_UP = 200, 20
BAR_MS = 60.0
# A few skills are named often and most of them seldom: the rank goes with a power of chance.
SKEW = 2.5
FILL = (
    "select setseed(0.42)",
    f"""insert into organisation (slug, name, kind, sector, size_band)
    select 'o-' || n, 'Organisation ' || n, 'COMPANY', 'TECHNOLOGY', 'MEDIUM'
    from generate_series(1, {ORGANISATIONS}) n""",
    f"""insert into listing (organisation_id, kind, form, status, audience, title, body, language,
      terms, expires_at, starts_on, ends_on, slack_days, hours_per_week, languages)
    select o.id, case n % 2 when 0 then 'OFFER' else 'REQUEST' end,
      (array['CONSULT', 'MENTORING', 'PROJECT', 'PART_TIME', 'SECONDMENT'])[1 + n % 5], 'OPEN',
      case when n % 20 = 0 then 'PARTNERS' when n % 3 = 0 then 'PUBLIC' else 'NETWORK' end,
      'Listing ' || n, 'Some words about it.', case n % 3 when 0 then 'EN' else 'NL' end, 'FREE',
      now() + interval '60 days', current_date + n % 90, current_date + n % 90 + 120, n % 30,
      4 + n % 20, case n % 4 when 0 then '{{NL}}'::text[] else '{{}}' end
    from generate_series(1, {LISTINGS}) n
    join (select id, row_number() over (order by slug) as nth from organisation) o
      on o.nth = 1 + n % {ORGANISATIONS}""",
    f"""insert into listing_skill (listing_id, skill_id, importance, minimum_level, open_as, holders)
    select distinct on (l.id, s.id) l.id, s.id, case k when 4 then 'NICE' else 'MUST' end,
      1 + (random() * 4)::int, l.kind, (random() * 6)::int
    from listing l cross join generate_series(1, 4) k
    cross join lateral (select floor(1500 * power(random(), {SKEW}) + k * 0)::int as nth, l.id) chosen
    join (select id, row_number() over (order by md5(slug)) - 1 as nth from skill) s
      on s.nth = chosen.nth""",
    "vacuum analyze",
)


async def fill(dsn: str) -> None:
    """Make the tables, the taxonomy and LISTINGS open listings of ORGANISATIONS."""
    await migrating.upgrade(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        await load_taxonomy(connection)
        for statement in FILL:
            await connection.execute(statement)
    finally:
        await connection.close()


async def time_matching(dsn: str) -> list[float]:
    """Give the milliseconds of looking for the matches of each of MEASURED listings, kept and all."""
    pool = await open_write_pool(dsn, name="commons-bench", size=1)
    try:
        async with pool.acquire() as connection:
            keys = [
                row["id"]
                for row in await connection.fetch(
                    "select id from listing order by md5(id::text) limit $1", MEASURED + WARM_UP
                )
            ]
            taken = []
            for key in keys:
                began = time.perf_counter()
                async with connection.transaction():
                    await look_for_matches(connection, key)
                taken.append((time.perf_counter() - began) * 1000)
            return taken[WARM_UP:]
    finally:
        await pool.close()


def main() -> None:
    """Measure, and say whether the bar is reached."""
    with tempfile.TemporaryDirectory(prefix="commons-market-") as home:
        # The server may run as another user, who has to come in.
        Path(home).chmod(0o711)
        server = EmbeddedPostgres(Path(home) / "data", on_progress=lambda _: None, connections=10)
        try:
            dsn = server.start()
            asyncio.run(fill(dsn))
            taken = sorted(asyncio.run(time_matching(dsn)))
        finally:
            server.stop()
    p95 = taken[int(len(taken) * 0.95)]
    sys.stdout.write(
        f"matches of one listing among {LISTINGS:,} open ones: median "
        f"{statistics.median(taken):.1f} ms, p95 {p95:.1f} ms, most {taken[-1]:.1f} ms; "
        f"the bar of {BAR_MS:.0f} ms is {'reached' if p95 <= BAR_MS else 'NOT reached'}\n"
    )


if __name__ == "__main__":
    main()
