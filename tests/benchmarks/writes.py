"""Writes beside a peer: posts published and reactions, on a copy of the database of their own.

Each run takes requests that nobody has sent yet: a reaction repeated would be no insert. Both
servers take theirs from the same shuffled list in turn, so neither gets the easier posts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import orjson

from db import counters
from schema import prefixes
from tests.benchmarks.load import Measured, load, write_requests
from tests.benchmarks.operations import Operation
from tests.benchmarks.plan import Plan
from tests.benchmarks.postgres import database_of, with_database
from tests.benchmarks.processes import BenchmarkError, Running
from tests.benchmarks.servers import Ask
from tests.benchmarks.throughput import Run, Say, measure
from tests.benchmarks.world import Case

COPY = "bench_writes"
# More than any server does in a second here.
MOST_PER_SECOND = 4_000
PUBLISH = Operation(
    "publish",
    "Publishing a post",
    """
mutation Publish($input: PostPublishInput!) {
  postPublish(input: $input) {
    post { id body createdAt author { id name } organisation { id name postCount } }
    userErrors { message }
  }
}
""",
    "",
)
REACT = Operation(
    "react",
    "Reacting to a post",
    """
mutation React($input: PostReactInput!) {
  postReact(input: $input) {
    post { id reactionCount viewerReaction }
    userErrors { message }
  }
}
""",
    "",
)
WRITES = (PUBLISH, REACT)
BODY = (
    "Deze maand delen wij onze ervaring met datagedreven toezicht. Wie wil meekijken, is van harte "
    "welkom: we plannen een ochtend in, laten zien wat werkt en wat niet, en horen graag hoe jullie "
    "het doen."
)

WORKPLACES = """
select m.organisation_id from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 and m.ended_on is null and o.suspended_at is null
order by m.id limit 1
"""
# Whoever has no role that may publish is given one: what is measured is the writing.
PROMOTE = """
update membership set role = 'EDITOR'
where person_id = any($1) and ended_on is null and role = 'MEMBER'
"""
# Posts that everybody who is signed in may read, without a reaction of any of the viewers.
READABLE = """
select p.id from post p join organisation o on o.id = p.organisation_id
where p.audience in ('PUBLIC', 'NETWORK') and o.suspended_at is null
  and not exists (select from reaction r where r.post_id = p.id and r.person_id = any($1))
order by md5(p.id::text) limit $2
"""
POSTS = 4_000


@dataclass(frozen=True)
class Writing:
    """What a server is asked to write, without end: (viewer, input) of each operation."""

    publish: Iterator[tuple[Case, dict[str, Any]]]
    react: Iterator[tuple[Case, dict[str, Any]]]


@asynccontextmanager
async def copy_to_write_in(dsn: str) -> AsyncIterator[str]:
    """Copy the database, give the copy's DSN, and drop it afterwards.

    Raises:
        BenchmarkError: Somebody is using the database, so it cannot be copied.
    """
    server = await asyncpg.connect(with_database(dsn, "postgres"))
    try:
        await server.execute(f"drop database if exists {COPY}")
        try:
            await server.execute(f'create database {COPY} template "{database_of(dsn)}"')
        except asyncpg.ObjectInUseError as error:
            raise BenchmarkError(f"The database is in use: {error}") from error
        try:
            yield with_database(dsn, COPY)
        finally:
            await server.execute(f"drop database if exists {COPY} with (force)")
    finally:
        await server.close()


async def by_writing(
    dsn: str,
    servers: Mapping[str, Running],
    cases: Sequence[Case],
    plan: Plan,
    directory: Path,
    say: Say,
) -> dict[str, dict[str, Measured]]:
    """Load all servers with all writes; give operation -> server -> the median run.

    Raises:
        BenchmarkError: A server refuses, or its counters are wrong afterwards.
    """
    connection = await asyncpg.connect(dsn)
    try:
        writings = await _writings(connection, list(servers), cases)
        for name, server in servers.items():
            await _require_success(name, server.port, writings[name])
        runs = {
            name: _run(name, server.port, writings[name], plan, directory)
            for name, server in servers.items()
        }
        measured = await measure(runs, WRITES, plan.rounds, say)
        wrong = await counters.check(connection)
        if wrong:
            raise BenchmarkError(f"Counters are wrong after the writes: {wrong[:5]}")
        return measured
    finally:
        await connection.close()


async def _writings(
    connection: asyncpg.Connection[Any], names: Sequence[str], cases: Sequence[Case]
) -> dict[str, Writing]:
    viewers = [case.viewer for case in cases]
    await connection.execute(PROMOTE, viewers)
    places = {case.viewer: await connection.fetchval(WORKPLACES, case.viewer) for case in cases}
    writers = [case for case in cases if places[case.viewer] is not None]
    posts = [row["id"] for row in await connection.fetch(READABLE, viewers, POSTS)]
    if not writers or len(posts) < POSTS:
        raise BenchmarkError("The database holds too little to write about. Seed it first.")
    share = len(names)
    return {
        name: Writing(_posts_of(writers, places), _reactions_of(cases, posts[number::share]))
        for number, name in enumerate(names)
    }


def _posts_of(
    writers: Sequence[Case], places: Mapping[UUID, UUID]
) -> Iterator[tuple[Case, dict[str, Any]]]:
    while True:
        for case in writers:
            yield (
                case,
                {
                    "organisationId": str(places[case.viewer]),
                    "body": BODY,
                    "language": "NL",
                    "audience": "NETWORK",
                },
            )


def _reactions_of(
    cases: Sequence[Case], posts: Sequence[UUID]
) -> Iterator[tuple[Case, dict[str, Any]]]:
    for turn in range(len(cases)):
        for number, post in enumerate(posts):
            yield cases[(turn + number) % len(cases)], {"postId": str(post), "kind": "INSIGHTFUL"}


def _asks(name: str, operation: Operation, writing: Writing, count: int) -> list[Ask]:
    source = writing.publish if operation is PUBLISH else writing.react
    return [_ask(name, operation, case, given) for case, given in islice(source, count)]


def _ask(name: str, operation: Operation, case: Case, given: Mapping[str, Any]) -> Ask:
    if name != "ours":
        body = {"query": operation.document, "variables": {"input": given}}
        return Ask("X-Viewer", str(case.viewer), orjson.dumps(body))
    named = {
        "organisationId": prefixes.ORGANISATION,
        "postId": prefixes.POST,
    }
    ours = {key: f"{named[key]}_{value}" if key in named else value for key, value in given.items()}
    body = {"query": operation.document, "variables": {"input": ours}}
    return Ask("Authorization", f"Bearer {case.token}", orjson.dumps(body))


async def _require_success(name: str, port: int, writing: Writing) -> None:
    async with httpx2.AsyncClient(timeout=30) as client:
        for operation in WRITES:
            for ask in _asks(name, operation, writing, 3):
                response = await client.post(
                    f"http://127.0.0.1:{port}/graphql", content=ask.body, headers=ask.headers
                )
                answer = orjson.loads(response.content)
                payload = next(iter((answer.get("data") or {None: None}).values()))
                if payload is None or payload["userErrors"] or payload["post"] is None:
                    raise BenchmarkError(f"{name} refuses to {operation.name}: {answer}")


def _run(name: str, port: int, writing: Writing, plan: Plan, directory: Path) -> Run:
    async def run(operation: Operation, seconds: int) -> Measured:
        asks = _asks(name, operation, writing, seconds * MOST_PER_SECOND)
        file = write_requests(directory / f"{name}-{operation.name}", asks)
        return await load(port, file, seconds=seconds, connections=plan.connections)

    return run
