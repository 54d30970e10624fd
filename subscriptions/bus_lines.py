"""What every bus does alike: announce one at a time, notice a line that is dead, open a new one."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

# Shortest and longest wait before a line is opened anew.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
# A line that lasted for so long was a good one: after it, waits begin with the shortest again.
STEADY_SECONDS = 10.0
# A line that has nothing to say is probed as often.
PROBE_SECONDS = 2.0
# Least time from one announcement to the next of a process, so that many commits a second become
# at most 200 announcements. The first is not kept waiting.
SPACING_SECONDS = 0.005

logger = logging.getLogger(__name__)

Call = Callable[[], None]


class Line(Protocol):
    """One connection to the bus. Once it is lost it stays lost."""

    async def say(self) -> None:
        """Tell all who listen that events were recorded; raises when that failed."""

    async def probe(self) -> None:
        """Raise when the line is lost."""


class OpenLine(Protocol):
    """Opens a line that calls `wake` when somebody announced, and `stir` when it may be lost."""

    def __call__(self, wake: Call, stir: Call) -> AbstractAsyncContextManager[Line]:
        """Give the line, listening."""


class LineBus:
    """A bus over lines of one kind."""

    def __init__(self, open_line: OpenLine, *, name: str) -> None:
        self._open = open_line
        self._name = name
        self._announced = False
        # Set when there is something to do: to announce, or to see whether the line is lost.
        self._stirred = asyncio.Event()

    def announce(self) -> None:
        """Have the others told."""
        self._announced = True
        self._stirred.set()

    async def run(self, wake: Call) -> None:
        """Keep a line open and call `wake`, until cancelled."""
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        failing = False
        while True:
            opened = None
            try:
                async with self._open(wake, self._stirred.set) as line:
                    _heed_cancellation()
                    opened = clock()
                    if failing:
                        logger.info("The bus over %s is back.", self._name)
                    # Only now is everything heard that is said from here on.
                    wake()
                    await self._serve(line)
            except Exception as error:  # noqa: BLE001 - whatever it is, the bus must come back
                _heed_cancellation()
                if opened is not None and clock() - opened > STEADY_SECONDS:
                    pause = FIRST_PAUSE
                if opened is not None or not failing:
                    logger.warning(
                        "The bus over %s is gone and tried again until it is back; "
                        "updates from other processes come later meanwhile: %s: %s",
                        self._name,
                        type(error).__name__,
                        error,
                    )
                failing = True
            # Not all processes at once when a server comes back.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _serve(self, line: Line) -> None:
        """Announce what there is to announce until the line is lost, and raise then."""
        while True:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    await self._stirred.wait()
            except TimeoutError:
                await line.probe()
                continue
            self._stirred.clear()
            if not self._announced:
                await line.probe()
                continue
            # What is announced from here on may be missed by those who hear this one.
            self._announced = False
            try:
                await line.say()
            except BaseException:
                self.announce()
                raise
            _heed_cancellation()
            await asyncio.sleep(SPACING_SECONDS)


def _heed_cancellation() -> None:
    """Raise when this task was told to end, whatever became of the exception that told it.

    `asyncio.wait_for` of Python 3.11, which the NATS client uses, drops a cancellation that arrives
    together with the result: seen when a process ended right after it had announced.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
