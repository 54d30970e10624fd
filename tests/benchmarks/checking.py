"""Before anything is timed: every server answers every operation alike, and without errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx2
import orjson

from tests.benchmarks.agreement import Json, differences, normalised
from tests.benchmarks.operations import Operation
from tests.benchmarks.processes import BenchmarkError
from tests.benchmarks.servers import Ask, Server
from tests.benchmarks.world import Case

SHOWN = 12


async def require_agreement(
    servers: Mapping[Server, int], operations: Sequence[Operation], cases: Sequence[Case]
) -> int:
    """Ask everything of everyone, the first server being the measure; give the number of answers.

    Raises:
        BenchmarkError: An answer is an error, is empty, or differs; the message says where.
    """
    compared = 0
    async with httpx2.AsyncClient(timeout=30) as client:
        for operation in operations:
            filled = False
            for case in cases:
                answers = [
                    (server, await _answer(client, port, server.ask(operation, case), server))
                    for server, port in servers.items()
                ]
                first, expected = answers[0]
                filled = filled or _has_rows(expected)
                for server, answer in answers[1:]:
                    lines = differences(expected, answer)
                    if lines:
                        where = f"{operation.name}, viewer {case.viewer}"
                        raise BenchmarkError(
                            f"{first.name} and {server.name} answer differently ({where}):\n"
                            + "\n".join(lines[:SHOWN])
                        )
                compared += len(answers)
            if not filled:
                raise BenchmarkError(f"Nobody found anything for {operation.name}.")
    return compared


async def _answer(client: httpx2.AsyncClient, port: int, ask: Ask, server: Server) -> Json:
    url = f"http://127.0.0.1:{port}/graphql"
    response = await client.post(url, content=ask.body, headers=ask.headers)
    answer = orjson.loads(response.content)
    if response.status_code != httpx2.codes.OK or answer.get("errors") or not answer.get("data"):
        raise BenchmarkError(
            f"{server.name} answers {response.status_code}: {response.text[:1_000]}"
        )
    return normalised(answer["data"])


def _has_rows(answer: Json) -> bool:
    """Whether a list somewhere in the answer has items."""
    if isinstance(answer, list):
        return bool(answer)
    return isinstance(answer, dict) and any(_has_rows(inner) for inner in answer.values())
