"""Clients that others wrote, driven against a server; and a line between both that can be cut."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CLIENTS = Path(__file__).parent / "clients"
WAIT_SECONDS = 20.0
SILENCE_SECONDS = 0.3
Heard = dict[str, Any]


def installed(folder: Path) -> Path:
    """Give a folder of ours with the packages that it locks."""
    if not (folder / "node_modules" / ".installed").exists():
        npm = shutil.which("npm")
        assert npm is not None, "This needs Node 20 with npm."
        subprocess.run([npm, "ci", "--silent"], cwd=folder, check=True)  # noqa: S603 - locked
        (folder / "node_modules" / ".installed").touch()
    return folder


class Driven:
    """One client in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._heard: list[Heard] = []

    async def subscribe(
        self, id_: str, query: str, variables: Mapping[str, Any] | None = None
    ) -> None:
        """Subscribe."""
        await self._tell({"do": "subscribe", "id": id_, "query": query, "variables": variables})

    async def complete(self, id_: str) -> None:
        """Listen no more."""
        await self._tell({"do": "complete", "id": id_})

    async def heard(self, event: str, id_: str | None = None) -> Heard:
        """Give the next event of its kind, and of that subscription if one is named."""

        def is_it(heard: Heard) -> bool:
            return heard["event"] == event and id_ in {None, heard.get("id")}

        while not any(map(is_it, self._heard)):
            assert self.process.stdout is not None
            try:
                async with asyncio.timeout(WAIT_SECONDS):
                    line = await self.process.stdout.readline()
            except TimeoutError:
                raise AssertionError(self._heard) from None
            assert line, (await self._complaint(), self._heard)
            self._heard.append(json.loads(line))
        found = next(filter(is_it, self._heard))
        self._heard.remove(found)
        return found

    async def change(self, id_: str) -> Heard:
        """Give the next change that a subscription is told of."""
        (change,) = (await self.heard("next", id_))["data"].values()
        found: Heard = change
        return found

    async def nothing(self, event: str, id_: str) -> None:
        """Make sure that nothing of the kind is heard."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE_SECONDS):
                raise AssertionError(await self.heard(event, id_))

    async def _tell(self, what: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        await self.process.stdin.drain()

    async def _complaint(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()


@asynccontextmanager
async def driven(client: str, url: str, token: str | None = None) -> AsyncIterator[Driven]:
    """Start a client, by its name in `clients/connectors.mjs`."""
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        node,
        installed(CLIENTS) / "drive.mjs",
        client,
        f"{url}/graphql",
        *([token] if token else []),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Driven(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


class Line:
    """What lies between clients and a server. It is no party: it hands on bytes, until it is cut."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.url = ""
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection off."""
        for end in self._ends:
            end.transport.abort()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on the bytes of one connection, both ways."""
        self._ends.add(writer)
        try:
            parts = urlsplit(self.site)
            with suppress(OSError):
                onward = await asyncio.open_connection(parts.hostname, parts.port)
                self._ends.add(onward[1])
                await asyncio.gather(_copy(reader, onward[1]), _copy(onward[0], writer))
                self._ends.discard(onward[1])
        finally:
            self._ends.discard(writer)
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def line_to(site: str) -> AsyncIterator[Line]:
    """Lay a line to a server."""
    line = Line(site)
    server = await asyncio.start_server(line.join, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        line.cut()
