"""The section of RESULTS.md about subscriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tests.benchmarks.live.contestants import (
    MERCURIUS_LOADING,
    MERCURIUS_TOLD,
    OURS_NAME,
    STRAWBERRY,
    STRAWBERRY_TOLD,
)
from tests.benchmarks.live.running import LiveResults
from tests.benchmarks.live.soak import Soaked
from tests.benchmarks.live.visiting import Bursts
from tests.benchmarks.tables import table

Row = list[str]
# Of each peer both ways, and how many times as fast we want to be.
FASTER = (
    ("Mercurius", (MERCURIUS_LOADING, MERCURIUS_TOLD), 1.4),
    ("stock strawberry", (STRAWBERRY, STRAWBERRY_TOLD), 8.0),
)
# What the section begins with, so that it can be written anew without the rest.
TITLE = "## Subscriptions"
HEAD = """
Measured on {date} ({machine}), on a copy of the database. {subscribers:,} subscribers, each with a token and a person of
its own as far as there are people, all follow one organisation; each message holds the post, its author and its
organisation. Before anything was counted, one post reached all subscribers of every server, with the same values. Posts
are published through each server's own mutation, in one statement that also keeps the counters and records the event;
background jobs of ours stand still, since the peers have none. "Told everything" means that the publisher hands out the
whole post, so that nothing is loaded for each subscriber, and nothing is looked at for each either: ours asks, for every
event, who of the listeners follows and may see the post. Compression is off everywhere.

The load client, a process of its own, takes {limit:,.0f} messages/s from a server that only writes, and {busy:,.0f} in a
second of its own processor time.
"""
BURSTS = """
### {title}

Posts published back to back, in bursts of ten at most, each after the one before has arrived; the time is from the first
request of a burst to its last message. Median of {rounds} rounds of {seconds:g} s, all in turn.
"""
PACED = """
### From writing to the socket, {pace:g} events a second

Milliseconds from the beginning of the transaction that writes the post, by Postgres' clock, to the arrival of its message:
so the commit is in it. Without those that cannot keep up with {needed:,.0f} messages/s.
"""
STATEMENTS = """
### Statements an event

For {subscribers:,} subscribers of one group, as Postgres counted them, without those that write the post. Reading the log
of events is counted apart: a process of ours does it for all its groups at once, and every second anyway.
"""
MEMORY = """
### Memory of an idle subscriber

Resident memory of a fresh server with {held:,} subscribers, minus without, for each.
"""
SOAK = """
### Soak

{subscribers:,} people come, leave (as often abruptly as not) and resume from their last cursor at random for {seconds:,.0f} s,
while {published:,} posts are published: {resumed:,} times resumed, **{lost:,} lost, {doubled:,} doubled**, {disordered:,} out of order,
{awaited:,} still to come a minute after the end, {resynced:,} times told to read anew, {faults:,} faults. Resident memory of the last quarter against the second: {growth:+.1%}.
"""


def render_live(results: LiveResults, *, date: datetime, machine: str) -> str:
    """Give the section."""
    plan, titles = results.plan, results.titles
    parts = [
        TITLE,
        HEAD.format(
            date=f"{date:%Y-%m-%d %H:%M} UTC",
            machine=machine,
            subscribers=plan.subscribers,
            limit=results.limit.per_second,
            busy=results.limit.per_busy_second,
        ),
        "**A quick run: too short to quote.**\n" if plan.rounds == 1 else "",
        _bars(results),
    ]
    for taken, what in (
        (results.shared, "the same for all"),
        (results.personal, "each viewer's own"),
    ):
        title = f"Messages a second, {what}"
        text = BURSTS.format(title=title, rounds=plan.rounds, seconds=plan.burst_seconds)
        parts += [text, _bursts(titles, taken)]
    needed = plan.pace * plan.subscribers
    parts += [
        PACED.format(pace=plan.pace, needed=needed),
        table(
            ["server", "p50", "p99", "most", "lost"],
            [
                [
                    titles[name],
                    f"{found.p50_ms:.1f}",
                    f"{found.p99_ms:.1f}",
                    f"{found.most_ms:.1f}",
                    f"{found.lost:,}",
                ]
                for name, found in results.paced.items()
            ],
        ),
    ]
    if results.statements:
        rows = [
            [titles[name], f"{cost.telling:.2f}", f"{cost.reading:.2f}"]
            for name, cost in results.statements.items()
        ]
        head = ["server", "to tell it", "to read the log"]
        parts += [STATEMENTS.format(subscribers=plan.subscribers), table(head, rows)]
    rows = [[titles[name], f"{size / 1024:.1f}"] for name, size in results.held_bytes.items()]
    parts += [MEMORY.format(held=plan.held), table(["server", "KiB"], rows)]
    if results.soaked is not None:
        parts.append(_soak(results.soaked))
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def render_soak(soaked: Soaked, *, date: datetime) -> str:
    """Give the last part of the section alone, measured by itself."""
    bars = table(["ours", "bar", "measured", "reached"], [*_bars_of_soak(soaked)])
    when = f"Measured on {date:%Y-%m-%d %H:%M} UTC, while nothing else was."
    return "\n\n".join(part.strip("\n") for part in (_soak(soaked), when, bars)) + "\n"


def replaced(text: str, section: str) -> str:
    """The file's text with this section, which is the last, in the place of the one it had."""
    title, _, _ = section.lstrip().partition("\n")
    rest, _, _ = text.partition(f"{title}\n")
    return f"{rest.rstrip()}\n\n{section}".lstrip()


def _bursts(titles: Mapping[str, str], taken: Mapping[str, Bursts]) -> str:
    ours = taken[OURS_NAME].per_second if OURS_NAME in taken else 0
    rows = [
        [
            f"**{titles[name]}**" if name == OURS_NAME else titles[name],
            f"{found.per_second:,.0f}",
            f"{found.per_second / ours:.2f}" if ours else "",
            f"{found.bytes_each:,.0f}",
            f"{found.lost:,}",
            f"{found.client_busy:.0%}",
        ]
        for name, found in sorted(taken.items(), key=lambda item: item[1].per_second)
    ]
    return table(
        ["server", "messages/s", "ratio to ours", "bytes each", "lost", "client busy"], rows
    )


def _bars(results: LiveResults) -> str:
    """What we want of ours beside what it does."""
    rows = [*_bars_of_bursts(results), *_bars_of_costs(results)]
    if results.soaked is not None:
        rows += _bars_of_soak(results.soaked)
    return table(["ours", "bar", "measured", "reached"], rows) if rows else ""


def _bars_of_bursts(results: LiveResults) -> Iterator[Row]:
    """A peer counts in its faster way."""
    rates = {name: found.per_second for name, found in results.shared.items()}
    if ours := rates.get(OURS_NAME):
        yield _bar("messages/s", "30,000", f"{ours:,.0f}", reached=ours >= 30_000)
        for peer, ways, bar in FASTER:
            theirs = max(rates.get(way.name, 0) for way in ways)
            if theirs:
                times = ours / theirs
                yield _bar(f"times {peer}", f"{bar:g}", f"{times:.1f}", reached=times >= bar)
    if own := results.personal.get(OURS_NAME):
        rate = own.per_second
        yield _bar("messages/s, personal", "12,000", f"{rate:,.0f}", reached=rate >= 12_000)


def _bars_of_costs(results: LiveResults) -> Iterator[Row]:
    if cost := results.statements.get(OURS_NAME):
        # What comes with time, not with events, leaves a little.
        telling = cost.telling
        yield _bar("statements to tell an event", "1", f"{telling:.2f}", reached=telling <= 1.1)
    if size := results.held_bytes.get(OURS_NAME):
        yield _bar("KiB an idle subscriber", "32", f"{size / 1024:.1f}", reached=size <= 32 * 1024)
    if paced := results.paced.get(OURS_NAME):
        late = paced.p99_ms
        yield _bar("p99 to the socket, ms", "150", f"{late:.1f}", reached=late <= 150)


def _bars_of_soak(soaked: Soaked) -> Iterator[Row]:
    wrong, growth = soaked.lost + soaked.awaited + soaked.doubled, soaked.growth
    yield _bar("lost or doubled in the soak", "0", f"{wrong:,}", reached=wrong == 0)
    yield _bar("growth of memory in the soak", "5 %", f"{growth:+.1%}", reached=growth <= 0.05)


def _bar(what: str, bar: str, measured: str, *, reached: bool) -> Row:
    return [what, bar, measured, "yes" if reached else "**no**"]


def _soak(soaked: Soaked) -> str:
    text = SOAK.format(
        subscribers=soaked.subscribers,
        seconds=soaked.seconds,
        published=soaked.published,
        resumed=soaked.resumed,
        lost=soaked.lost,
        awaited=soaked.awaited,
        doubled=soaked.doubled,
        disordered=soaked.disordered,
        resynced=soaked.resynced,
        faults=soaked.faults,
        growth=soaked.growth,
    )
    resident = soaked.resident_bytes
    step = max(1, len(resident) // 12)
    rows = [
        [f"{(number + 1) * soaked.seconds / len(resident):,.0f}", f"{resident[number] / 2**20:.0f}"]
        for number in range(step - 1, len(resident), step)
    ]
    return text + "\n" + table(["after s", "MiB"], rows)
