"""Several processes that serve one port, and one for background jobs: started, watched, replaced, ended.

All of them inherit one listening socket. A connection that waits in it is taken by whoever is free,
so none is refused or lost while a process dies or is replaced; with a socket each (SO_REUSEPORT)
those that wait for a dead one would be. The kernel shares them out well enough (measured: 400
connections between two processes, the lesser share 29 to 49 %).

uvicorn's own `Multiprocess` does less than is needed here: it starts what dies at once and for ever,
stands still while it waits for one process, does not end for a second signal, and what it started
lives on when it is killed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from contextlib import suppress

from typing_extensions import override

from web.settings import Settings
from web.supervised import GRACE_SECONDS, Role

MODULE = "web.supervised"
# From its start until a process says that it is well, and from then on between two such words.
START_SECONDS = 60.0
SILENCE_SECONDS = 30.0
# One that was well for so long is started again at once; for others the pause grows.
STEADY_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
# So often in a row one may fail to start before it is taken that none can.
START_ATTEMPTS = 2
WORDS_BYTES = 64
NAMES = {Role.SERVE: "Server process", Role.WORK: "Worker process"}
ENDING = (signal.SIGINT, signal.SIGTERM)
TERMINAL = "/dev/tty"

logger = logging.getLogger(__name__)
Say = Callable[[str], None]


class CannotServe(Exception):
    """A process does not start, however often it is tried."""


def supervise(settings: Settings, listener: socket.socket, *, say: Say) -> None:
    """Serve with several processes until a signal says to end, then act as that signal has it.

    SIGHUP replaces the processes, one after the other, by new ones of the program as it is on disk
    by then. A second signal to end breaks off what the first one waits for.

    Raises:
        CannotServe: A process does not start.
    """
    before = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGHUP)}
    supervisor = Supervisor(settings, listener, say)
    try:
        asyncio.run(supervisor.run())
    finally:
        # The event loop leaves the system's own, which end a process without further ado.
        for number, handler in before.items():
            signal.signal(number, handler)
    if supervisor.ended_by is not None:
        signal.raise_signal(supervisor.ended_by)


class Child:
    """A process, and our end of the socket that ties it to us."""

    def __init__(
        self, process: Process, tie: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.well_since = 0.0
        self._process = process
        self._tie = tie
        # Nothing is written: the process watches for it to close.
        self._writer = writer

    @classmethod
    async def start(cls, role: Role, listener: socket.socket) -> Child:
        """Start a process; it takes a second or two until it is well."""
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = theirs.fileno(), listener.fileno()
            tie, writer = await asyncio.open_unix_connection(sock=ours)
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, *(f"-W{option}" for option in sys.warnoptions)),
                    *("-m", MODULE, role, *map(str, numbers)),
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=numbers if role is Role.SERVE else numbers[:1],
                    # Ctrl-C in the terminal is for us, who tell the others.
                    process_group=0,
                )
            except BaseException:
                writer.close()
                raise
        return cls(process, tie, writer)

    @override
    def __str__(self) -> str:
        return str(self._process.pid)

    @property
    def end(self) -> str:
        """How it ended."""
        status = self._process.returncode or 0
        return f"with status {status}" if status >= 0 else f"by {signal.Signals(-status).name}"

    async def is_well(self) -> bool:
        """Wait until it says so; False when it ended instead, by itself or for its silence."""
        if await self._hears(START_SECONDS):
            self.well_since = time.monotonic()
            return True
        await self._ended()
        return False

    async def watch(self) -> None:
        """Wait for its end, and bring it about when nothing is heard any more."""
        while await self._hears(SILENCE_SECONDS):
            pass
        await self._ended()

    async def leave(self) -> None:
        """Have it end, in its own time but no longer than GRACE_SECONDS."""
        self._send(signal.SIGTERM)
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            logger.warning("Process %s did not end in time and is killed.", self)
            self.kill()
        await self._ended()

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    async def _hears(self, seconds: float) -> bool:
        """Wait for a word; False when none comes any more. Whoever is silent for so long is killed."""
        try:
            async with asyncio.timeout(seconds):
                return bool(await self._tie.read(WORDS_BYTES))
        except ConnectionError:
            return False
        except TimeoutError:
            logger.warning("Process %s says nothing for %.0f s and is killed.", self, seconds)
            self.kill()
            return False

    async def _ended(self) -> None:
        await self._process.wait()
        self._writer.close()

    def _send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


class Keeper:
    """Sees to it that there is one process of a role."""

    def __init__(
        self, role: Role, listener: socket.socket, on_well: Callable[[Child], None]
    ) -> None:
        self.role = role
        # The one that is well.
        self.child: Child | None = None
        # All that have not ended: it, one that starts, one that is replaced.
        self.children: set[Child] = set()
        self._listener = listener
        self._on_well = on_well
        self._starting = asyncio.Lock()

    async def keep(self, may_wait: Callable[[Keeper], bool]) -> None:
        """Start a process whenever there is none.

        Raises:
            CannotServe: It fails to start again and again, and may not wait for better times.
        """
        pause = 0.0
        while True:
            async with self._starting:
                child = self.child = await self._first_well(pause, may_wait)
            self._on_well(child)
            while child is self.child:
                await child.watch()
                self.children.discard(child)
                async with self._starting:
                    if child is self.child:
                        self.child = None
                    elif self.child is not None:
                        # It was replaced.
                        child = self.child
            lived = time.monotonic() - child.well_since
            pause = 0.0 if lived > STEADY_SECONDS else _longer(pause)
            logger.warning("%s %s ended %s. Another is started.", self, child, child.end)

    async def renew(self) -> bool:
        """Replace the process by a new one; False when that does not start, and the old one stays."""
        async with self._starting:
            old = self.child
            if old is None:
                # None is well; the next one will be new.
                return True
            new = await self._start()
            if not await new.is_well():
                self.children.discard(new)
                logger.warning("%s %s ended %s before it served.", self, new, new.end)
                return False
            self.child = new
        await old.leave()
        return True

    @override
    def __str__(self) -> str:
        return NAMES[self.role]

    async def _first_well(self, pause: float, may_wait: Callable[[Keeper], bool]) -> Child:
        failures = 0
        while True:
            await asyncio.sleep(pause)
            child = await self._start()
            if await child.is_well():
                return child
            self.children.discard(child)
            failures += 1
            if failures >= START_ATTEMPTS and not may_wait(self):
                raise CannotServe(
                    f"{self} ended {child.end} before it could begin, {failures} times in a row. "
                    "What it said stands above."
                )
            pause = _longer(pause)
            logger.warning(
                "%s %s ended %s before it could begin; tried again in %.2g s.",
                *(self, child, child.end, pause),
            )

    async def _start(self) -> Child:
        child = await Child.start(self.role, self._listener)
        self.children.add(child)
        return child


class Supervisor:
    """All of them."""

    def __init__(self, settings: Settings, listener: socket.socket, say: Say) -> None:
        roles = [Role.SERVE] * settings.workers + [Role.WORK] * settings.worker
        self._keepers = [Keeper(role, listener, self._on_well) for role in roles]
        self._listener = listener
        self._say = say
        self._has_begun = False
        self._had_terminal = _has_terminal()
        self.ended_by: signal.Signals | None = None
        self._told_to_end = asyncio.Event()
        self._hurry = asyncio.Event()
        self._renewal = asyncio.Event()

    async def run(self) -> None:
        """Keep all going until a signal says to end; `ended_by` is that signal then.

        Raises:
            CannotServe: A process does not start.
        """
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._on_ending, number)
        loop.add_signal_handler(signal.SIGHUP, self._on_hangup)
        doing = [keeper.keep(self._may_wait) for keeper in self._keepers]
        doing += [self._renew_when_told(), self._until_told_to_end()]
        tasks = [asyncio.create_task(each) for each in doing]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end()

    def _on_well(self, child: Child) -> None:
        if self._has_begun:
            self._say(f"Process {child} is there for it.")
        elif all(keeper.child for keeper in self._keepers):
            self._has_begun = True
            self._say(f"{len(self._keepers)} processes are there. SIGHUP replaces them.")

    def _on_ending(self, number: signal.Signals) -> None:
        if self.ended_by is not None:
            self._hurry.set()
        else:
            self.ended_by = number
            self._told_to_end.set()

    def _on_hangup(self) -> None:
        if self._had_terminal and not _has_terminal():
            # Not asked for: the terminal was closed.
            self._on_ending(signal.SIGTERM)
        else:
            self._renewal.set()

    def _may_wait(self, keeper: Keeper) -> bool:
        """Tell whether it was possible once, and others serve until it is again."""
        return self._has_begun and any(
            each.child for each in self._keepers if each is not keeper and each.role is Role.SERVE
        )

    async def _renew_when_told(self) -> None:
        while True:
            await self._renewal.wait()
            self._renewal.clear()
            self._say("Replacing the processes, one after the other.")
            if await self._renew():
                self._say("All processes are new.")
            else:
                self._say("A new process does not start: the others stay as they are.")

    async def _renew(self) -> bool:
        for keeper in self._keepers:
            if not await keeper.renew():
                return False
        return True

    async def _until_told_to_end(self) -> None:
        await self._told_to_end.wait()

    async def _end(self) -> None:
        # Who knocks from now on is refused, as soon as no process takes connections any more.
        self._listener.close()
        children = [child for keeper in self._keepers for child in keeper.children]
        hurrying = asyncio.create_task(self._kill_in_a_hurry(children))
        await asyncio.gather(*(child.leave() for child in children))
        hurrying.cancel()

    async def _kill_in_a_hurry(self, children: Sequence[Child]) -> None:
        await self._hurry.wait()
        for child in children:
            child.kill()


def _longer(pause: float) -> float:
    return min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)


def _has_terminal() -> bool:
    try:
        os.close(os.open(TERMINAL, os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
