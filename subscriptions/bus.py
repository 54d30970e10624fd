"""The bus: tells other processes that events were recorded, and nothing else.

What was recorded stands in the table `event`. A reader looks there every second anyway, so the bus
makes it early: what gets lost on the way costs that second, and no event.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from subscriptions.bus_lines import LineBus
from subscriptions.bus_nats import nats_line
from subscriptions.bus_postgres import postgres_line


class Bus(Protocol):
    """What processes tell each other by."""

    def announce(self) -> None:
        """Say, soon and at most one at a time, that events were recorded. Never blocks, never raises.

        To be called on the event loop that `run` runs on, after the commit. Before `run` has
        reached the bus, and while it is gone, announcements wait and become one.
        """

    async def run(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever somebody announced, this process included, until cancelled.

        Calls it too after each (re)connect, since announcements may have been missed. A bus that
        cannot be reached is tried for ever. `wake` must neither block nor raise; it is called
        once for many announcements, and now and then for none.
        """


def open_bus(dsn: str, nats_url: str | None) -> Bus:
    """Give the bus of the database: NATS when its URL is given, Postgres itself otherwise.

    Nothing is connected before `run`. Several servers of one NATS are separated by commas.
    """
    if nats_url:
        return LineBus(partial(nats_line, dsn, nats_url), name="NATS")
    return LineBus(partial(postgres_line, dsn), name="Postgres")
