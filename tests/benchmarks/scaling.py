"""Whether our feed page grows dear: with the organisations followed, and with the posts there are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg

from tests.benchmarks.load import Measured, load, write_requests
from tests.benchmarks.operations import FEED_PAGE
from tests.benchmarks.plan import Plan
from tests.benchmarks.postgres import database_of, with_database
from tests.benchmarks.processes import BenchmarkError
from tests.benchmarks.servers import Ask, ask_ours
from tests.benchmarks.throughput import Run, Say, measure
from tests.benchmarks.world import FOLLOWS, Case, token_of

SMALL = "bench_small_posts"
KEPT_SHARE = 10

# Every tenth post with what hangs on it, chosen by a hash: all organisations keep some.
FEWER = """
create temp table kept_post as
  select * from post where abs(hashtextextended(id::text, 0)) % {share} = 0;
create temp table kept_comment as
  select * from comment where post_id in (select id from kept_post);
create temp table kept_reaction as
  select * from reaction where post_id in (select id from kept_post);
truncate post cascade;
insert into post ({columns}) select {columns} from kept_post order by id;
insert into comment select * from kept_comment order by id;
insert into reaction select * from kept_reaction order by id;
update organisation o set last_post_id = newest.id
from organisation all_of_them left join lateral (
  select p.id from post p
  where p.organisation_id = all_of_them.id and p.audience <> 'ORGANISATION' and p.audience <> 'PARTNERS'
  order by p.id desc limit 1
) newest on true
where all_of_them.id = o.id;
"""

# What a post is searched by is worked out anew; it cannot be copied.
WRITTEN_COLUMNS = """
select string_agg(quote_ident(column_name), ', ') from information_schema.columns
where table_schema = 'public' and table_name = 'post' and is_generated = 'NEVER'
"""


async def by_follows(port: int, plan: Plan, directory: Path, say: Say) -> dict[int, Measured]:
    """Load the feed page for people who follow few to many organisations."""
    async with AsyncExitStack() as stack:
        asks: dict[str, Ask] = {}
        for follows in FOLLOWS:
            email = f"follows-{follows}@bench.example"
            found = await stack.enter_async_context(token_of(plan.dsn, email))
            if found is not None:
                asks[str(follows)] = _feed_of(*found)
        if not asks:
            return {}
        runs = {name: _runner(port, [ask], plan, directory, name) for name, ask in asks.items()}
        measured = await measure(runs, [FEED_PAGE], plan.scaling_rounds, say)
        return {int(name): result for name, result in measured[FEED_PAGE.name].items()}


async def by_posts(
    ports: Mapping[str, int], cases: Mapping[str, list[Case]], plan: Plan, directory: Path, say: Say
) -> dict[str, Measured]:
    """Load the feed page of the same viewers on databases of different size, in turn."""
    runs = {
        name: _runner(
            port, [ask_ours(FEED_PAGE, case) for case in cases[name]], plan, directory, name
        )
        for name, port in ports.items()
    }
    return (await measure(runs, [FEED_PAGE], plan.scaling_rounds, say))[FEED_PAGE.name]


@asynccontextmanager
async def fewer_posts(dsn: str) -> AsyncIterator[str]:
    """Copy the database, leave a tenth of its posts, give its DSN, and drop it afterwards.

    Raises:
        BenchmarkError: Somebody is using the database, so it cannot be copied.
    """
    server = await asyncpg.connect(with_database(dsn, "postgres"))
    small = with_database(dsn, SMALL)
    try:
        await server.execute(f"drop database if exists {SMALL}")
        try:
            await server.execute(f'create database {SMALL} template "{database_of(dsn)}"')
        except asyncpg.ObjectInUseError as error:
            raise BenchmarkError(f"The database is in use: {error}") from error
        try:
            connection = await asyncpg.connect(small)
            try:
                columns = await connection.fetchval(WRITTEN_COLUMNS)
                await connection.execute(FEWER.format(share=KEPT_SHARE, columns=columns))
                await connection.execute("vacuum (analyze)")
            finally:
                await connection.close()
            yield small
        finally:
            await server.execute(f"drop database if exists {SMALL} with (force)")
    finally:
        await server.close()


def _feed_of(person: UUID, token: str) -> Ask:
    return ask_ours(FEED_PAGE, Case(person, token, "", "", person))


def _runner(port: int, asks: list[Ask], plan: Plan, directory: Path, name: str) -> Run:
    file = write_requests(directory / f"scaling-{name}", asks)

    async def run(_: object, seconds: int) -> Measured:
        return await load(port, file, seconds=seconds, connections=plan.connections)

    return run
