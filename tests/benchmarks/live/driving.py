"""The load client's handle in the benchmark's own process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from tests.benchmarks.processes import BenchmarkError, end

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CLIENT = "tests.benchmarks.live.client"
LINE_MAX = 1 << 24


class Driven:
    """A process that obeys: `await driven.do("open", port=…)` gives its answer."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, command: str, **given: Any) -> dict[str, Any]:
        """Give a command and wait for its answer.

        Raises:
            BenchmarkError: The process ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps({"do": command, **given}) + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise BenchmarkError(f"The load client ended at {command!r}; see what it wrote above.")
        answer: dict[str, Any] = orjson.loads(line)
        return answer


@asynccontextmanager
async def driven(module: str = CLIENT) -> AsyncIterator[Driven]:
    """Run such a process while the block runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_MAX,
        start_new_session=True,
    )
    try:
        yield Driven(process)
    finally:
        await end(process)


def require_faultless(name: str, answer: Mapping[str, Any]) -> None:
    """See that nothing went wrong.

    Raises:
        BenchmarkError: Something did; the message says what came.
    """
    if answer["faults"]:
        raise BenchmarkError(
            f"{name}: {answer['faults']} faults among the subscribers:\n"
            + "\n".join(answer["texts"][:5])
        )
