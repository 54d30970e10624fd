"""Resident memory of our serving process through a hundred thousand mixed requests."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.benchmarks.load import load, write_requests
from tests.benchmarks.operations import FEED, FEED_PAGE, ORGANISATION_PAGE
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Running
from tests.benchmarks.servers import PAGE_SIZE, Ask, ask_ours
from tests.benchmarks.throughput import Say
from tests.benchmarks.world import Case

# More than any cache of documents, plans or statements holds, so that all of them turn over; each
# is new again when its turn comes.
DISTINCT_DOCUMENTS = 2_000
KNOWN = (FEED_PAGE, ORGANISATION_PAGE)
# Between two of them come so many requests for documents that are known.
KNOWN_BETWEEN = 40
LIGHT = """
query Viewer{n} {{ viewer {{ id name_{n}: name skills(first: {size}) {{ nodes {{ level }} }} }} }}
"""
# Few of them compile a large plan, or the run would measure compilation only.
LARGE_SHARE = 10
STRETCH_SECONDS = 5
STRETCH_REQUESTS = 10_000


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory after so many requests."""

    requests: int
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Soak:
    """What the long run gave."""

    samples: tuple[Sample, ...]
    errors: int
    distinct_documents: int


async def soak(
    ours: Running,
    cases: Sequence[Case],
    directory: Path,
    plan: Plan,
    say: Say,
) -> Soak:
    """Send mixed requests until there were enough, or the time is up, sampling memory."""
    asks = mixed(cases)
    began = time.monotonic()
    done = errors = 0
    samples = [Sample(0, ours.resident_bytes())]
    while done < plan.soak_requests and time.monotonic() - began < plan.soak_seconds:
        # wrk begins a file anew each time, so it gets what comes next in a file of its own.
        coming = [asks[(done + step) % len(asks)] for step in range(STRETCH_REQUESTS)]
        file = write_requests(directory / "mixed", coming)
        measured = await load(
            ours.port, file, seconds=STRETCH_SECONDS, connections=plan.connections
        )
        done += measured.requests
        errors += measured.errors
        samples.append(Sample(done, ours.resident_bytes()))
        say(f"memory       {done:8,} requests  {samples[-1].resident_bytes / 2**20:7.1f} MiB")
    return Soak(tuple(samples), errors, DISTINCT_DOCUMENTS)


def mixed(cases: Sequence[Case]) -> list[Ask]:
    """Requests in which documents that come once in a long while stand between known ones."""
    known = [ask_ours(operation, case) for case in cases for operation in KNOWN]
    asks = []
    for number in range(DISTINCT_DOCUMENTS):
        begin = number * KNOWN_BETWEEN
        asks += [known[(begin + step) % len(known)] for step in range(KNOWN_BETWEEN)]
        asks.append(_rare(number, cases[number % len(cases)]))
    return asks


def _rare(number: int, case: Case) -> Ask:
    body: dict[str, object] = {"query": LIGHT.format(n=number, size=1 + number % 5)}
    if number % LARGE_SHARE == 0:
        document = FEED.replace("query Feed", f"query Feed{number}")
        body = {"query": document, "variables": {"first": 1 + number % PAGE_SIZE}}
    return Ask("Authorization", f"Bearer {case.token}", orjson.dumps(body))
