"""A real nats-server on loopback, which tests stop and start again."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "nats-server"
START_SECONDS = 20.0


class NatsServer:
    """The server: its port is the same each time it starts."""

    def __init__(self, store: Path, *, jetstream: bool) -> None:
        self.store = store
        self.jetstream = jetstream
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As the setting has it."""
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        arguments = ["--addr", "127.0.0.1", "--port", str(self.port)]
        if self.jetstream:
            arguments += ["--jetstream", "--store_dir", str(self.store)]
        self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - begins in milliseconds
            [PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers():
                assert self._process.poll() is None, "nats-server ended"
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        greeting = await reader.readline()
        writer.close()
        await writer.wait_closed()
        # It says whether JetStream is on, which takes a little longer than listening.
        return (b'"jetstream":true' in greeting) is self.jetstream


@contextmanager
def nats_server(*, jetstream: bool = True) -> Iterator[NatsServer]:
    """Give a server that does not run yet; it is killed after the block."""
    store = Path(tempfile.mkdtemp(prefix="commons-nats-"))
    server = NatsServer(store, jetstream=jetstream)
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(store, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
