"""The part of the benchmark about subscriptions, measure after measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.live.contestants import OURS, PERSONAL, SHARED, Contestant
from tests.benchmarks.live.descriptors import allow_many_files
from tests.benchmarks.live.limit import Limit, client_limit
from tests.benchmarks.live.part import Part
from tests.benchmarks.live.plan import LivePlan
from tests.benchmarks.live.soak import Soaked, soak
from tests.benchmarks.live.statements import EventCost
from tests.benchmarks.live.visiting import Bursts, Paced
from tests.benchmarks.live.world import Audience, audience_of
from tests.benchmarks.peers_schema import peers_schema
from tests.benchmarks.throughput import Say


@dataclass(slots=True)
class LiveResults:
    """What the part found out, by the names of contestants."""

    plan: LivePlan
    titles: Mapping[str, str]
    limit: Limit
    shared: Mapping[str, Bursts] = field(default_factory=dict)
    personal: Mapping[str, Bursts] = field(default_factory=dict)
    paced: Mapping[str, Paced] = field(default_factory=dict)
    statements: Mapping[str, EventCost] = field(default_factory=dict)
    held_bytes: Mapping[str, float] = field(default_factory=dict)
    soaked: Soaked | None = None


async def run_live(
    dsn: str, plan: LivePlan, directory: Path, say: Say, contestants: Sequence[Contestant]
) -> LiveResults:
    """Measure everything, on a database that may be written to and that nobody else uses.

    Raises:
        BenchmarkError: A server does not serve, loses subscribers, or tells something else.
    """
    allow_many_files()
    limit = await client_limit(plan.subscribers, directory)
    say(f"the load client takes {limit.per_second:,.0f} messages/s")
    results = LiveResults(plan, {each.name: each.title for each in contestants}, limit)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(peers_schema(dsn))
        viewers = max(plan.subscribers, plan.held, plan.soak_subscribers)
        audience = await stack.enter_async_context(audience_of(dsn, viewers))
        part = Part(dsn, plan, directory, say, connection, audience)
        async with part.started(contestants) as servers:
            personal = {each: running for each, running in servers.items() if each.is_personal}
            await part.require_agreement(servers, SHARED)
            await part.require_agreement(personal, PERSONAL)
            results.shared, results.paced = await part.rounds(servers, SHARED, paced=True)
            results.personal, _ = await part.rounds(personal, PERSONAL, paced=False)
        results.statements = await part.statements(contestants)
        results.held_bytes = await part.held(contestants)
        if plan.soak_seconds is not None:
            results.soaked = await _soak(part, audience, plan.soak_seconds)
    return results


async def run_soak(dsn: str, plan: LivePlan, directory: Path, say: Say, seconds: float) -> Soaked:
    """Do the soak alone, on a database as for `run_live`."""
    allow_many_files()
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(peers_schema(dsn))
        audience = await stack.enter_async_context(audience_of(dsn, plan.soak_subscribers))
        return await _soak(Part(dsn, plan, directory, say, connection, audience), audience, seconds)


async def _soak(part: Part, audience: Audience, seconds: float) -> Soaked:
    async with part.start(OURS, jobs=True) as ours:
        return await soak(
            ours,
            audience,
            part.directory,
            subscribers=part.plan.soak_subscribers,
            seconds=seconds,
            say=part.say,
        )
