"""The measures of the part about subscriptions, each over all contestants."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg

from tests.benchmarks.agreement import Json, differences, normalised
from tests.benchmarks.live.contestants import SHARED, Contestant
from tests.benchmarks.live.holding import bytes_each
from tests.benchmarks.live.plan import LivePlan
from tests.benchmarks.live.publishing import TEXT, publisher
from tests.benchmarks.live.statements import EventCost, StatementCounter
from tests.benchmarks.live.visiting import Bursts, Paced, Visit, visit
from tests.benchmarks.live.world import Audience
from tests.benchmarks.processes import BenchmarkError, Running, free_port, serving
from tests.benchmarks.throughput import Say

# Whoever delivers fewer messages a second gets fewer events to count statements of.
SLOW = 5_000
APART_SECONDS = 0.1
STATEMENTS_SHOWN = 4
STATEMENTS_NOTABLE = 0.1
STATEMENT_WIDTH = 110

Servers = Mapping[Contestant, Running]


@dataclass(frozen=True, slots=True)
class Part:
    """What all measures share."""

    dsn: str
    plan: LivePlan
    directory: Path
    say: Say
    connection: asyncpg.Connection
    audience: Audience

    @asynccontextmanager
    async def started(self, contestants: Sequence[Contestant]) -> AsyncIterator[Servers]:
        """Start each server once, whatever the number of ways in which it is used."""
        async with AsyncExitStack() as stack:
            by_words: dict[tuple[str, ...], Running] = {}
            for each in contestants:
                if each.words not in by_words:
                    self.say(f"starting {each.name}")
                    by_words[each.words] = await stack.enter_async_context(self.start(each))
            yield {each: by_words[each.words] for each in contestants}

    def start(
        self, contestant: Contestant, *, jobs: bool = False
    ) -> AbstractAsyncContextManager[Running]:
        """Start one server."""
        port = free_port()
        return serving(
            contestant.command(self.dsn, port, self.plan.pool, jobs=jobs),
            name=contestant.name,
            port=port,
            log=self.directory / f"live-{contestant.name}-{port}.log",
        )

    def visit(
        self, contestant: Contestant, running: Running, selection: str
    ) -> AbstractAsyncContextManager[Visit]:
        """Subscribe to one of them."""
        return visit(
            contestant,
            running.port,
            self.audience,
            self.directory,
            selection=selection,
            subscribers=self.plan.subscribers,
        )

    async def require_agreement(self, servers: Servers, selection: str) -> None:
        """See that every server tells all its subscribers the same as the others.

        Raises:
            BenchmarkError: One does not; the message says where.
        """
        first: tuple[str, Json] | None = None
        for each, running in servers.items():
            async with self.visit(each, running, selection) as found:
                told = _comparable(found.sample)
            first = first or (each.name, told)
            if lines := differences(first[1], told):
                raise BenchmarkError(
                    f"{first[0]} and {each.name} tell different things:\n" + "\n".join(lines)
                )

    async def statements(self, contestants: Sequence[Contestant]) -> dict[str, EventCost]:
        """Statements an event beside those that write it; nothing when Postgres does not count.

        Each server runs alone, for others read the log meanwhile.
        """
        counter = await StatementCounter.of(self.connection)
        if counter is None:
            return {}
        return {each.name: await self._statements(each, counter) for each in contestants}

    async def _statements(self, contestant: Contestant, counter: StatementCounter) -> EventCost:
        events = self.plan.counted_events
        async with self.start(contestant) as running:
            async with self.visit(contestant, running, SHARED) as found:
                if (await found.bursts(0)).per_second < SLOW:
                    events = self.plan.counted_events_slow
                began = time.monotonic()
                async with counter.counting() as told:
                    await found.one_by_one(events, apart_seconds=APART_SECONDS)
                seconds = time.monotonic() - began
            # As long without subscribers, for some statements come with time and not with events.
            async with (
                publisher(contestant, running.port, self.audience) as author,
                counter.counting() as untold,
            ):
                await author.steadily(events, per_second=events / seconds)
        cost = told.cost(untold, events)
        self.say(
            f"statements   {contestant.name:18} {cost.telling:8.2f} an event"
            f" and {cost.reading:.2f} to read the log"
        )
        for query, calls in list(told.beyond(untold, events).items())[:STATEMENTS_SHOWN]:
            if calls > STATEMENTS_NOTABLE:
                self.say(f"{calls:12.2f}  {' '.join(query.split())[:STATEMENT_WIDTH]}")
        return cost

    async def rounds(
        self, servers: Servers, selection: str, *, paced: bool
    ) -> tuple[dict[str, Bursts], dict[str, Paced]]:
        """Visit everybody in turn, so that a noisy minute hits all alike; give the medians."""
        names = list(servers)
        bursts: dict[str, list[Bursts]] = {each.name: [] for each in names}
        late: dict[str, list[Paced]] = {each.name: [] for each in names}
        for turn in range(self.plan.rounds):
            shift = turn % len(names)
            for each in names[shift:] + names[:shift]:
                async with self.visit(each, servers[each], selection) as found:
                    taken = await found.bursts(self.plan.burst_seconds)
                    bursts[each.name].append(taken)
                    self.say(
                        f"bursts       {each.name:18} {turn + 1}/{self.plan.rounds}"
                        f" {taken.per_second:8,.0f}/s  lost {taken.lost}"
                        f"  client {taken.client_busy:4.0%}"
                    )
                    # Whoever cannot keep up has no latency, only a growing queue.
                    if paced and taken.per_second > self.plan.pace * self.plan.subscribers:
                        late[each.name].append(await self._paced(each, found))
        return (
            {name: _middle_bursts(taken) for name, taken in bursts.items()},
            {name: _middle_paced(taken) for name, taken in late.items() if taken},
        )

    async def held(self, contestants: Sequence[Contestant]) -> dict[str, float]:
        """Resident bytes for each idle subscriber, each server freshly started and alone."""
        found: dict[tuple[str, ...], tuple[str, float]] = {}
        for each in contestants:
            if each.words in found:
                continue
            async with self.start(each) as running:
                size = await bytes_each(
                    each, running, self.audience, self.directory, subscribers=self.plan.held
                )
            found[each.words] = each.name, size
            self.say(f"memory       {each.name:18} {size / 1024:8.1f} KiB each")
        return dict(found.values())

    async def _paced(self, contestant: Contestant, found: Visit) -> Paced:
        plan = self.plan
        pace = await found.paced(self.connection, per_second=plan.pace, seconds=plan.paced_seconds)
        self.say(
            f"{plan.pace:g} events/s  {contestant.name:18}     p50 {pace.p50_ms:6.1f} ms"
            f"  p99 {pace.p99_ms:6.1f} ms  most {pace.most_ms:6.1f} ms  lost {pace.lost}"
        )
        return pace


def _comparable(sample: Json) -> Json:
    """What is told, without what belongs to one post and one server."""
    change = dict(next(iter(sample.values())))
    change.pop("cursor", None)
    post = dict(change["post"])
    is_ours_to_tell = post.pop("body").endswith(TEXT) and post.pop("id") and post.pop("createdAt")
    return normalised({**change, "post": {**post, "isWhole": bool(is_ours_to_tell)}})


def _middle_bursts(taken: Sequence[Bursts]) -> Bursts:
    return Bursts(
        per_second=median(each.per_second for each in taken),
        messages=sum(each.messages for each in taken),
        lost=sum(each.lost for each in taken),
        bytes_each=median(each.bytes_each for each in taken),
        client_busy=max(each.client_busy for each in taken),
    )


def _middle_paced(taken: Sequence[Paced]) -> Paced:
    return Paced(
        p50_ms=median(each.p50_ms for each in taken),
        p99_ms=median(each.p99_ms for each in taken),
        most_ms=max(each.most_ms for each in taken),
        lost=sum(each.lost for each in taken),
    )
