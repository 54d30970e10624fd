"""`python -m web serve --workers N` as an operator runs it: which processes there are, and who serves whom."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 30
LOOK_SECONDS = 0.05


class Workers:
    """A supervisor and its processes, with what they printed."""

    def __init__(self, dsn: str, home: Path, count: int, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port: int = server.getsockname()[1]
        self.count = count
        self._log = home / "log"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COMMONS_", "PG", "NATS_"))
        }
        with self._log.open("w") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-W", "error", "-m", "web", "serve", "--workers", str(count)],
                cwd=ROOT,
                env={
                    **kept,
                    "DATABASE_URL": dsn,
                    "COMMONS_HOME": str(home),
                    "COMMONS_PORT": str(self.port),
                    **settings,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """What all of them printed."""
        return self._log.read_text()

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Wait until it was printed so often."""
        self._wait(lambda: self.printed.count(text) >= times)

    def processes(self, role: str = "serve") -> list[int]:
        """Numbers of the processes of a role."""
        return [each for each in children_of(self.process.pid) if role in _arguments(each)]

    def process_of(self, client_port: int) -> int:
        """Number of the process that has the connection from a port."""
        here, there = f"0100007F:{self.port:04X}", f"0100007F:{client_port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        inode = next(row[9] for row in rows if row[1:3] == [here, there])
        for number in self.processes():
            for file in Path(f"/proc/{number}/fd").iterdir():
                if file.is_symlink() and os.readlink(file) == f"socket:[{inode}]":
                    return number
        raise LookupError(client_port)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send a signal as a terminal does, and give the exit status; nothing is left behind."""
        left = self.processes() + self.processes("work")
        os.killpg(self.process.pid, how)
        status = self.process.wait(STOP_SECONDS)
        assert not any(map(is_alive, left)), self.printed
        return status

    def _wait(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_so():
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(LOOK_SECONDS)


@contextmanager
def workers(dsn: str, home: Path, *, count: int = 2, **settings: str) -> Iterator[Workers]:
    """Serve with so many processes; give them when all are there."""
    served = Workers(dsn, home, count, **settings)
    try:
        served.wait_for("processes are there.")
        yield served
        if served.process.poll() is None:
            assert served.stop() == 0, served.printed
    finally:
        if served.process.poll() is None:
            # They notice.
            served.process.kill()
            served.process.wait()
    assert "Traceback" not in served.printed, served.printed


def children_of(number: int) -> list[int]:
    """Give the processes that a process started."""
    return [
        int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()
    ]


def is_alive(number: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _arguments(number: int) -> list[str]:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().split("\0")
    except FileNotFoundError:
        return []
