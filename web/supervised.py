"""One of several processes, started and watched by `web.supervising`: `python -m web.supervised`.

A socket ties it to its supervisor. It says there every second that it is well, from its event loop,
so that one that hangs is found; and when the other end closes, the supervisor is gone, however it
went, and this process ends too.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from enum import StrEnum
from functools import partial

import uvicorn
from typing_extensions import override

from db.embedded import EmbeddedPostgresError
from web.database import database
from web.serving import SHUTDOWN_SECONDS
from web.settings import Settings

WELL = b"."
SAID_EVERY = 1.0
# uvicorn looks after itself so often.
TICKS_A_SECOND = 10
# From when no more connections are taken: those that were taken just before get their answers, and
# are told not to ask again.
LEAVING_SECONDS = 0.2
# For closing connections to the database, after the requests.
CLOSING_SECONDS = 4
GRACE_SECONDS = SHUTDOWN_SECONDS + CLOSING_SECONDS
TERMINATED = 128 + signal.SIGTERM
# After an exception that nobody could hear.
AGAIN_SECONDS = 0.01


class Role(StrEnum):
    """What a process is for."""

    SERVE = "serve"
    WORK = "work"


class Tie:
    """The end of the socket on this side."""

    def __init__(self, number: int) -> None:
        self._socket = inherited(number)

    def say(self) -> None:
        """Say that this process is well."""
        # A supervisor that does not listen at the moment has other signs of life to go by.
        with suppress(OSError):
            self._socket.send(WELL, socket.MSG_DONTWAIT)

    def watch(self) -> None:
        """End this process when the supervisor is gone; returns never."""
        with suppress(OSError):
            while self._socket.recv(1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(TERMINATED)


class SupervisedServer(uvicorn.Server):
    """A server that says when it is well, and leaves without breaking off what it has taken."""

    def __init__(self, tie: Tie, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._tie = tie

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tie.say()

    @override
    async def on_tick(self, counter: int) -> bool:
        if counter % int(SAID_EVERY * TICKS_A_SECOND) == 0:
            self._tie.say()
        return await super().on_tick(counter)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        state = self.server_state
        state.default_headers = [*state.default_headers, (b"connection", b"close")]
        await asyncio.sleep(LEAVING_SECONDS)
        await super().shutdown(sockets)


def inherited(number: int) -> socket.socket:
    """Give a socket that was passed on, and pass it on no further."""
    given = socket.socket(fileno=number)
    given.set_inheritable(False)
    return given


def end_when_told() -> None:
    """Let SIGTERM raise `SystemExit` in the main thread, so that what is open gets closed.

    A signal may come while a finaliser or a weak reference's callback runs. Python prints and drops
    what is raised there: it is raised again a moment later.
    """
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGALRM, _terminate)
    sys.unraisablehook = _raise_again


def main(role: Role, tie_number: int, listener_number: int) -> int:
    """Play a role until told to end; give the exit status."""
    tie = Tie(tie_number)
    threading.Thread(target=tie.watch, name="tie", daemon=True).start()
    end_when_told()
    settings = Settings()
    try:
        # An embedded server is held by each of us, so the last one to leave stops it.
        with database(settings, _silent) as dsn:
            if role is Role.WORK:
                asyncio.run(_work(settings, dsn, tie))
                return 0
            # Background jobs need no contract: 23 MiB, and a second of a processor at each start.
            from web.program import serve_on  # noqa: PLC0415

            with inherited(listener_number) as listener:
                server = partial(SupervisedServer, tie)
                served = serve_on(listener, settings, dsn, worker=False, server=server)
            return 0 if served else 1
    except EmbeddedPostgresError as error:
        sys.stderr.write(f"The embedded database cannot be used. {error}\n")
        return 1


async def _work(settings: Settings, dsn: str, tie: Tie) -> None:
    from web.worker import work  # noqa: PLC0415 - a server process needs none

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    well = asyncio.create_task(_say(tie))
    try:
        await work(settings, dsn, stop)
    finally:
        well.cancel()


async def _say(tie: Tie) -> None:
    while True:
        tie.say()
        await asyncio.sleep(SAID_EVERY)


def _terminate(*_: object) -> None:
    raise SystemExit(TERMINATED)


def _raise_again(dropped: sys.UnraisableHookArgs) -> None:
    if dropped.exc_type is SystemExit:
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
    else:
        sys.__unraisablehook__(dropped)


def _silent(_: str) -> None:
    """Leave it to the supervisor to say what there is to wait for."""


if __name__ == "__main__":
    sys.exit(main(Role(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
