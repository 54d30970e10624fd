"""The benchmark: `python -m tests.benchmarks`, or with `--quick` for a look.

On the database in DATABASE_URL, or on an embedded one that is seeded the first time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from rich.console import Console

from db.embedded import EmbeddedPostgres
from db.migrating import upgrade
from db.world.scale import Scale
from db.world.seeding import seed
from tests.benchmarks import environment
from tests.benchmarks.live.plan import SOAK_SECONDS, SOAK_SECONDS_QUICK
from tests.benchmarks.live.report import render_live, render_soak, replaced
from tests.benchmarks.plan import Plan, quick, whole
from tests.benchmarks.processes import BenchmarkError
from tests.benchmarks.report import render
from tests.benchmarks.running import run, run_only_live, run_only_soak
from tests.benchmarks.servers import ROOT
from tests.benchmarks.throughput import Say

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HOME = ROOT / ".data" / "bench"


def main() -> int:
    """Measure and write the results; the exit status tells whether that went well."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about four minutes, not to be quoted")
    parser.add_argument(
        "--only", choices=["live", "soak"], help="only the part about subscriptions, or its soak"
    )
    parser.add_argument(
        "--soak", action="store_true", help="with the soak of subscriptions: half an hour more"
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="the file to write")
    options = parser.parse_args()
    # Termination unwinds like an interrupt: servers end, and the schema and the tokens go.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(highlight=False)
    began = time.monotonic()

    def say(text: str) -> None:
        console.print(f"{time.monotonic() - began:6.0f} s  {text}", markup=False, soft_wrap=True)

    try:
        with _database(say) as dsn:
            plan = quick(dsn) if options.quick else whole(dsn)
            if options.soak:
                seconds = SOAK_SECONDS_QUICK if options.quick else SOAK_SECONDS
                plan = replace(plan, live=replace(plan.live, soak_seconds=seconds))
            text = asyncio.run(_measured(plan, options, say))
    except BenchmarkError as error:
        text = "\n".join([str(error), *getattr(error, "__notes__", [])])
        console.print(text, style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped; nothing was written.")
        return 1
    options.output.write_text(text, encoding="utf-8")
    say(f"wrote {options.output.name}")
    return 0


async def _measured(plan: Plan, options: argparse.Namespace, say: Say) -> str:
    """The text of the file: all of it, or as it is with one section written anew."""
    if options.only is None:
        return render(await run(plan, quick=options.quick, say=say))
    if options.only == "soak":
        section = render_soak(await run_only_soak(plan, say=say), date=datetime.now(UTC))
    else:
        results = await run_only_live(plan, say=say)
        section = render_live(results, date=datetime.now(UTC), machine=environment.machine())
    output: Path = options.output
    return replaced(await asyncio.to_thread(_text_of, output), section)


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


@contextmanager
def _database(say: Say) -> Iterator[str]:
    """Give the DSN that was named, or that of an embedded server with the world of the benchmark."""
    if dsn := os.environ.get("DATABASE_URL"):
        yield dsn
        return
    with EmbeddedPostgres(HOME, on_progress=say) as server:
        dsn = server.start()
        asyncio.run(_seeded(dsn, say))
        yield dsn


async def _seeded(dsn: str, say: Say) -> None:
    await upgrade(dsn)
    await seed(dsn, scale=Scale.BENCH, on_progress=say)
    # A migration that rewrites a table leaves its rows unknown as visible to all, and autovacuum
    # has no reason to come: index-only scans of the feed then read the table (882 pages for 643).
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("vacuum (analyze)")
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
