"""Processes that the benchmark starts: found ready, watched, and ended by their own id."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 10
LOG_TAIL = 2_000


class BenchmarkError(Exception):
    """The benchmark cannot go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, where, and with which environment beside ours."""

    words: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections."""

    name: str
    port: int
    process: asyncio.subprocess.Process

    def resident_bytes(self) -> int:
        """Resident memory of the process."""
        return kibibytes(Path(f"/proc/{self.process.pid}/status"), "VmRSS") * 1024


def kibibytes(file: Path, name: str) -> int:
    """A figure that Linux gives in kB, as in `VmRSS:  12345 kB`."""
    for line in file.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise BenchmarkError(f"{file} does not say {name}.")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(command: Command, *, name: str, port: int, log: Path) -> AsyncIterator[Running]:
    """Run a server while the block runs; it must listen on `port` of the loopback.

    Raises:
        BenchmarkError: It ends or stays deaf; the message ends with what it wrote.
    """
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command.words,
            cwd=command.cwd,
            env={**os.environ, **command.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # A group of its own: it is ended whole, and nothing else is.
            start_new_session=True,
        )
    try:
        await _listening(name, process, port)
        yield Running(name, port, process)
    except BenchmarkError as error:
        if said := _tail(log):
            error.add_note(f"{name} wrote:\n{said}")
        raise
    finally:
        await end(process)


async def output_of(
    *command: str, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> str:
    """Run a command to its end and give what it printed.

    Raises:
        BenchmarkError: It fails.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await process.communicate()
    finally:
        await end(process)
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise BenchmarkError(f"{command[0]} failed ({process.returncode}):\n{text[-LOG_TAIL:]}")
    return text


async def _listening(name: str, process: asyncio.subprocess.Process, port: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS):
            while process.returncode is None:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    return
                await asyncio.sleep(0.1)
    raise BenchmarkError(f"{name} does not serve.")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-LOG_TAIL:]


async def end(process: asyncio.subprocess.Process) -> None:
    """End a process that leads a group, and the group with it."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
