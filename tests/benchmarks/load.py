"""One wrk run: sixteen connections, one thread, a file of requests sent in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.benchmarks.processes import BenchmarkError, output_of
from tests.benchmarks.servers import Ask

SCRIPT = Path(__file__).resolve().parent / "cycle.lua"
RESULT = "RESULT "


@dataclass(frozen=True, slots=True)
class Measured:
    """What a load run gave."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    bytes_each: float = 0.0


def write_requests(path: Path, asks: Sequence[Ask]) -> Path:
    """Write requests in the form that `cycle.lua` reads."""
    lines = [b"\t".join((ask.header.encode(), ask.value.encode(), ask.body)) for ask in asks]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


async def load(port: int, requests: Path, *, seconds: float, connections: int) -> Measured:
    """Send the requests for so many seconds.

    Raises:
        BenchmarkError: wrk fails or prints no result.
    """
    output = await output_of(
        "wrk",
        "--threads=1",
        f"--connections={connections}",
        f"--duration={seconds:g}s",
        "--timeout=10s",
        f"--script={SCRIPT}",
        f"http://127.0.0.1:{port}/graphql",
        "--",
        str(requests),
    )
    for line in output.splitlines():
        if line.startswith(RESULT):
            result = orjson.loads(line.removeprefix(RESULT))
            return Measured(
                requests=result["requests"],
                per_second=result["requests"] / result["seconds"],
                p50_ms=result["p50_ms"],
                p99_ms=result["p99_ms"],
                errors=result["errors"],
                bytes_each=result["bytes"] / max(1, result["requests"]),
            )
    raise BenchmarkError(f"wrk printed no result:\n{output}")
