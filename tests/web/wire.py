"""A wire between the application and Postgres, on which every message is counted.

It can also be cut and mended, which is what a client sees of a database that goes away.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import parse_qs, urlsplit

PORT: Final = 5432
RECEIVED: Final = 65_536
LENGTH: Final = 4
# In what a connection says of itself first: these read the log of events, whatever is asked.
LISTENING: Final = (b"commons-live", b"commons-bus")


class Wire:
    """Listens on a port of its own, and passes on what comes to the server behind it."""

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        self._behind = _address(dsn)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._is_cut = False
        self._flows = threading.Event()
        self._flows.set()
        self.counts: Counter[str] = Counter()
        self.dsn = (
            f"postgresql://{parts.username or 'commons'}@127.0.0.1:"
            f"{self._listener.getsockname()[1]}{parts.path}?sslmode=disable"
        )
        self._start(self._accept)

    def cut(self) -> None:
        """Break every connection, and let in no other."""
        with self._lock:
            self._is_cut = True
            for end in self._sockets:
                _close(end)
            self._sockets.clear()

    def stall(self) -> None:
        """Pass on nothing more, and say nothing about it, as a network that fails."""
        self._flows.clear()

    def mend(self) -> None:
        """Let connections in again, and pass on what waits."""
        with self._lock:
            self._is_cut = False
        self._flows.set()

    def close(self) -> None:
        """Break everything, for good."""
        self.cut()
        self._flows.set()
        _close(self._listener)
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                family, address = self._behind
                server = socket.socket(family)
                server.connect(address)
                with self._lock:
                    if self._is_cut:
                        _close(client)
                        _close(server)
                        continue
                    self._sockets |= {client, server}
                self._start(self._pass_on, client, server, _Messages(self.counts))
                self._start(self._pass_on, server, client, None)

    def _pass_on(
        self, source: socket.socket, target: socket.socket, messages: _Messages | None
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(RECEIVED):
                if messages is not None:
                    messages.feed(chunk)
                self._flows.wait()
                target.sendall(chunk)
        with self._lock:
            for end in (source, target):
                _close(end)
                self._sockets.discard(end)


class _Messages:
    """Counts the messages of a client by their kind: P parse, B bind, E execute, S sync, Q query."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self._rest = b""
        self._greeted = False
        self._is_counted = True

    def feed(self, chunk: bytes) -> None:
        self._rest += chunk
        while True:
            head = 0 if not self._greeted else 1
            if len(self._rest) < head + LENGTH:
                return
            (length,) = struct.unpack_from("!i", self._rest, head)
            if len(self._rest) < head + length:
                return
            if not self._greeted:
                self._is_counted = not any(name in self._rest[:length] for name in LISTENING)
            elif self._is_counted:
                self._counts[self._rest[:1].decode()] += 1
            self._greeted = True
            self._rest = self._rest[head + length :]


@contextmanager
def wire_to(dsn: str) -> Iterator[Wire]:
    """Give a wire to the database at `dsn`."""
    wire = Wire(dsn)
    try:
        yield wire
    finally:
        wire.close()


def _address(dsn: str) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    parts = urlsplit(dsn)
    directory = parse_qs(parts.query).get("host", [""])[0]
    if directory.startswith("/"):
        return socket.AF_UNIX, f"{directory}/.s.PGSQL.{PORT}"
    return socket.AF_INET, (parts.hostname or "127.0.0.1", parts.port or PORT)


def _close(end: socket.socket) -> None:
    # Shut down first: closing alone does not wake the thread that reads from it.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
