"""RESULTS.md: what was measured, in tables, with all that is needed to measure it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.benchmarks.live.report import render_live
from tests.benchmarks.live.running import LiveResults
from tests.benchmarks.load import Measured
from tests.benchmarks.memory import Soak
from tests.benchmarks.operations import OPERATIONS
from tests.benchmarks.plan import Plan
from tests.benchmarks.tables import table
from tests.benchmarks.throughput import SLOW_FACTOR
from tests.benchmarks.writes import WRITES

HEAD = """# Benchmark results

Written by `make bench` ({command}) on {date}. Do not edit.

All servers run beside each other on one machine and are loaded in turn, in the same minutes: only
ratios between rows of one table mean anything. Each is one process with {pool} database
connections, on the same database, for the same {viewers} viewers; wrk keeps {connections} connections busy.
Each figure is the median of {rounds} rounds of {seconds} s ({slow} s for the slowest), after a warm-up. Before that, all servers
answered every operation for {checked} viewers, {compared} answers in all, with the same values in the same order.
Ours resolves a bearer token and applies every rule of visibility; the peers trust a header and apply
only the rules that the answers depend on. pgbench runs our own compiled statement, prepared, on
{limit_clients} connections: the limit that the database sets.

- Machine: {machine}
- Versions: {versions}
- Rows: {sizes}
- Again: a seeded database (`DATABASE_URL`), then `make bench`; `python -m tests.benchmarks --quick` for a look.
"""

WRITES_HEAD = """## Writes

On a copy of the database, each mutation with its payload. Both check that the viewer may, keep the counters and
record the event in the transaction; afterwards every counter of the database was proved right. Ours also signs in and
applies every rule of visibility to the payload. No reaction is sent twice.
"""


@dataclass(slots=True)
class Results:
    """All that one run found out."""

    plan: Plan
    quick: bool
    date: datetime
    machine: str
    versions: Mapping[str, str]
    sizes: Mapping[str, int]
    viewers: int
    compared: int
    titles: Mapping[str, str]
    throughput: Mapping[str, Mapping[str, Measured]]
    statements: Mapping[str, Mapping[str, float]] | None = None
    by_follows: Mapping[int, Measured] = field(default_factory=dict)
    by_posts: Mapping[str, Measured] = field(default_factory=dict)
    soak: Soak | None = None
    writes: Mapping[str, Mapping[str, Measured]] = field(default_factory=dict)
    live: LiveResults | None = None


def render(results: Results) -> str:
    """Give the file's text."""
    plan = results.plan
    parts = [
        HEAD.format(
            command="quick" if results.quick else "whole",
            date=f"{results.date:%Y-%m-%d %H:%M} UTC",
            pool=plan.pool,
            viewers=results.viewers,
            connections=plan.connections,
            rounds=plan.rounds.count,
            seconds=plan.rounds.seconds,
            slow=plan.rounds.seconds * SLOW_FACTOR,
            checked=plan.checked_viewers,
            compared=results.compared,
            limit_clients=plan.limit_clients,
            machine=results.machine,
            versions=", ".join(f"{name} {value}" for name, value in results.versions.items()),
            sizes=", ".join(f"{name} {count:,}" for name, count in results.sizes.items()),
        )
    ]
    if results.quick:
        parts.append("**A quick run: too short to quote.**\n")
    parts += [
        _operation(results, results.throughput[operation.name], operation.title)
        for operation in OPERATIONS
    ]
    if results.writes:
        parts.append(WRITES_HEAD)
        parts += [_operation(results, results.writes[each.name], each.title) for each in WRITES]
    parts += [_statements(results), _follows(results), _posts(results), _memory(results)]
    if results.live is not None:
        # The last, so that it can be written anew by itself.
        parts.append(render_live(results.live, date=results.date, machine=results.machine))
    return "\n".join(part for part in parts if part)


def _operation(results: Results, measured: Mapping[str, Measured], title: str) -> str:
    ours = measured["ours"].per_second
    rows = [
        [
            f"**{results.titles[server]}**" if server == "ours" else results.titles[server],
            f"{found.per_second:,.0f}",
            f"{found.per_second / ours:.2f}",
            _latency(found.p50_ms),
            _latency(found.p99_ms),
            f"{found.bytes_each / 1000:.1f}" if found.bytes_each else "",
            f"{found.errors:,}",
        ]
        for server, found in sorted(measured.items(), key=lambda item: item[1].per_second)
    ]
    header = ["server", "requests/s", "ratio to ours", "p50 ms", "p99 ms", "kB each", "errors"]
    return f"## {title}\n\n{table(header, rows)}"


def _statements(results: Results) -> str:
    if results.statements is None:
        return ""
    names = [operation.name for operation in OPERATIONS]
    rows = [
        [results.titles[server], *(f"{counts[name]:g}" for name in names)]
        for server, counts in results.statements.items()
    ]
    return (
        "## Statements a request\n\nAs Postgres counted them; for ours sign-in is included.\n\n"
        + table(["server", *names], rows)
    )


def _follows(results: Results) -> str:
    if not results.by_follows:
        return ""
    rows = [_figures(f"{follows:,}", found) for follows, found in results.by_follows.items()]
    return "## Our feed page, by organisations followed\n\n" + table(
        ["follows", "requests/s", "p50 ms", "p99 ms", "errors"], rows
    )


def _posts(results: Results) -> str:
    if not results.by_posts:
        return ""
    rows = [_figures(name, found) for name, found in results.by_posts.items()]
    return (
        "## Our feed page, by posts in the database\n\nThe same viewers; the smaller database is a"
        " copy with every tenth post and what hangs on it.\n\n"
        + table(["posts", "requests/s", "p50 ms", "p99 ms", "errors"], rows)
    )


def _memory(results: Results) -> str:
    if results.soak is None:
        return ""
    soak = results.soak
    samples = soak.samples
    step = max(1, len(samples) // 12)
    shown = [*samples[:-1:step], samples[-1]]
    rows = [[f"{each.requests:,}", f"{each.resident_bytes / 2**20:.0f}"] for each in shown]
    return (
        f"## Our memory\n\n{samples[-1].requests:,} mixed requests, {soak.distinct_documents:,}"
        f" distinct documents among them, {soak.errors:,} errors. Resident MiB of the process:\n\n"
        + table(["after requests", "MiB"], rows)
    )


def _figures(name: str, found: Measured) -> list[str]:
    return [
        name,
        f"{found.per_second:,.0f}",
        _latency(found.p50_ms),
        _latency(found.p99_ms),
        f"{found.errors:,}",
    ]


def _latency(milliseconds: float) -> str:
    """Nothing where no request came to its end."""
    return f"{milliseconds:.1f}" if milliseconds else ""
