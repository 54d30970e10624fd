"""One whole run, part after part."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import environment
from tests.benchmarks.checking import require_agreement
from tests.benchmarks.contestants import LIMIT, limit_run, server_run
from tests.benchmarks.live.contestants import OURS as OURS_LIVE
from tests.benchmarks.live.contestants import PEERS_LIVE
from tests.benchmarks.live.plan import SOAK_SECONDS
from tests.benchmarks.live.running import LiveResults, run_live, run_soak
from tests.benchmarks.live.soak import Soaked
from tests.benchmarks.load import Measured
from tests.benchmarks.memory import Soak, soak
from tests.benchmarks.operations import OPERATIONS
from tests.benchmarks.peers_schema import peers_schema
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import BenchmarkError, Running, free_port, serving
from tests.benchmarks.report import Results
from tests.benchmarks.scaling import by_follows, by_posts, fewer_posts
from tests.benchmarks.servers import OURS, PEER_SERVERS, SESSIONS, Server
from tests.benchmarks.statement_count import statements_per_request
from tests.benchmarks.throughput import Say, measure
from tests.benchmarks.tools import ensure_peers, ensure_wrk
from tests.benchmarks.world import Case, cases, sizes
from tests.benchmarks.writes import by_writing, copy_to_write_in

TITLES = {
    **{server.name: server.title for server in (OURS, *PEER_SERVERS, SESSIONS)},
    LIMIT: "pgbench, our statement (the limit)",
}


async def run(plan: Plan, *, quick: bool, say: Say) -> Results:
    """Measure everything that the plan names.

    Raises:
        BenchmarkError: A program is missing, a server does not serve, or answers disagree.
    """
    await ensure_wrk()
    await ensure_peers()
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="commons-bench-")))
        small = None
        if plan.fewer_posts:
            # Copied first: it needs the database to itself.
            say("copying the database and leaving a tenth of its posts")
            try:
                small = await stack.enter_async_context(fewer_posts(plan.dsn))
            except BenchmarkError as error:
                say(f"without that part: {error}")
        say("copying the database to write in")
        copy = await stack.enter_async_context(copy_to_write_in(plan.dsn))
        chosen = await stack.enter_async_context(cases(plan.dsn))
        results = await _side_by_side(plan, chosen, directory, quick=quick, say=say)
        results.writes = await _writes(plan, copy, chosen, directory, say)
        results.live = await run_live(copy, plan.live, directory, say, (OURS_LIVE, *PEERS_LIVE))
        results.soak = await _memory(plan, chosen, directory, say)
        if small is not None:
            results.by_posts = await _posts(plan, small, chosen, directory, say)
    return results


async def run_only_live(plan: Plan, *, say: Say) -> LiveResults:
    """Measure the part about subscriptions alone.

    Raises:
        BenchmarkError: As `run`.
    """
    await ensure_peers()
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="commons-bench-")))
        say("copying the database to write in")
        copy = await stack.enter_async_context(copy_to_write_in(plan.dsn))
        return await run_live(copy, plan.live, directory, say, (OURS_LIVE, *PEERS_LIVE))


async def run_only_soak(plan: Plan, *, say: Say) -> Soaked:
    """Do the soak of subscriptions alone.

    Raises:
        BenchmarkError: As `run`.
    """
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="commons-bench-")))
        say("copying the database to write in")
        copy = await stack.enter_async_context(copy_to_write_in(plan.dsn))
        seconds = plan.live.soak_seconds or SOAK_SECONDS
        return await run_soak(copy, plan.live, directory, say, seconds)


async def _side_by_side(
    plan: Plan, chosen: Sequence[Case], directory: Path, *, quick: bool, say: Say
) -> Results:
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(peers_schema(plan.dsn))
        ports: dict[Server, int] = {}
        for server in (OURS, *PEER_SERVERS):
            say(f"starting {server.name}")
            running = await stack.enter_async_context(_started(server, plan.dsn, plan, directory))
            ports[server] = running.port
        compared = await require_agreement(ports, OPERATIONS, chosen[: plan.checked_viewers])
        say(f"{compared} answers agree")
        statements = await statements_per_request(connection, ports, OPERATIONS, chosen)
        runs = {
            server.name: server_run(server, port, chosen, plan, directory)
            for server, port in ports.items()
        }
        runs[LIMIT] = await limit_run(connection, chosen, plan, directory)
        throughput = await measure(runs, OPERATIONS, plan.rounds, say)
        follows = await by_follows(ports[OURS], plan, directory, say)
    return Results(
        plan=plan,
        quick=quick,
        date=datetime.now(UTC),
        machine=environment.machine(),
        versions=await environment.versions(plan.dsn),
        sizes=await sizes(plan.dsn),
        viewers=len(chosen),
        compared=compared,
        titles=TITLES,
        throughput=throughput,
        statements=statements,
        by_follows=follows,
    )


async def _writes(
    plan: Plan, copy: str, chosen: list[Case], directory: Path, say: Say
) -> dict[str, dict[str, Measured]]:
    async with (
        cases(copy, viewers=[case.viewer for case in chosen]) as writers,
        _started(OURS, copy, plan, directory) as ours,
        _started(SESSIONS, copy, plan, directory) as sessions,
    ):
        servers = {OURS.name: ours, SESSIONS.name: sessions}
        return await by_writing(copy, servers, writers, plan, directory, say)


async def _memory(plan: Plan, chosen: Sequence[Case], directory: Path, say: Say) -> Soak:
    async with _started(OURS, plan.dsn, plan, directory) as ours:
        return await soak(ours, chosen, directory, plan, say)


async def _posts(
    plan: Plan, small: str, chosen: list[Case], directory: Path, say: Say
) -> dict[str, Measured]:
    async with (
        cases(small, viewers=[case.viewer for case in chosen]) as fewer,
        _started(OURS, plan.dsn, plan, directory) as all_posts,
        _started(OURS, small, plan, directory) as few_posts,
    ):
        many, few = [f"{(await sizes(dsn))['post']:,}" for dsn in (plan.dsn, small)]
        return await by_posts(
            {many: all_posts.port, few: few_posts.port},
            {many: chosen, few: fewer},
            plan,
            directory,
            say,
        )


def _started(
    server: Server, dsn: str, plan: Plan, directory: Path
) -> AbstractAsyncContextManager[Running]:
    port = free_port()
    return serving(
        server.command(dsn, port, plan.pool),
        name=server.name,
        port=port,
        log=directory / f"{server.name}-{port}.log",
    )
