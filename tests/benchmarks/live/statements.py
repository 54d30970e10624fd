"""How many statements an event costs beside those that write it, counted by Postgres itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from tests.benchmarks.statement_count import counting

CALLS = """
select query, sum(calls)::bigint from {schema}.pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
  and query not like '%pg_stat_statements%'
group by query
"""


# Our processes read the log of events whether anybody listens or not.
LOG_READ = "pg_current_snapshot()"


@dataclass(frozen=True, slots=True)
class EventCost:
    """Statements an event: those that tell it, and those that read the log."""

    telling: float
    reading: float


@dataclass(slots=True)
class Counted:
    """Calls of each statement."""

    calls: Counter[str] = field(default_factory=Counter)

    def cost(self, untold: Counted, events: int) -> EventCost:
        """What an event costs beside its writing, given a count of as many with nobody to tell."""
        telling = sum(
            calls for query, calls in self.beyond(untold, events).items() if LOG_READ not in query
        )
        reading = sum(calls for query, calls in self.calls.items() if LOG_READ in query)
        return EventCost(telling, reading / events)

    def beyond(self, other: Counted, events: int) -> dict[str, float]:
        """Calls an event beyond those of another count of as many events, most first."""
        more = {query: (count - other.calls[query]) / events for query, count in self.calls.items()}
        return dict(sorted(more.items(), key=lambda item: -item[1]))


class StatementCounter:
    """Counts what happens in the database while a block runs."""

    def __init__(self, connection: asyncpg.Connection, schema: str) -> None:
        self._connection = connection
        self._calls = CALLS.format(schema=schema)

    @classmethod
    async def of(cls, connection: asyncpg.Connection) -> StatementCounter | None:
        """Give a counter; None if Postgres does not count."""
        schema = await counting(connection)
        return None if schema is None else cls(connection, schema)

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[Counted]:
        """Give a count that is filled when the block ends."""
        counted = Counted()
        before = await self._read()
        yield counted
        # What follows an event in other processes is to be counted with it.
        await asyncio.sleep(0.2)
        counted.calls = await self._read()
        counted.calls.subtract(before)

    async def _read(self) -> Counter[str]:
        return Counter(dict(map(tuple, await self._connection.fetch(self._calls))))
