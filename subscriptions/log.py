"""Reading what happened, in order and without gaps.

A transaction may commit long after one that began later. Whoever reads "all after the highest id"
skips it; whoever waits for all that began before (`pg_snapshot_xmin`) stands still while one runs.
So a reader keeps the snapshot in which it read last: next time it gets exactly what was not
visible then and is visible now. A late event is read when it is committed, and a long transaction
keeps nobody waiting but for its own events.

Within one reading, events stand in the order of their transactions, then of their ids.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import asyncpg
from typing_extensions import override

from subscriptions.events import Event, EventKind, EventReader

BATCH = 500
# A client keeps what it was given. This many running transactions are more than a server has.
IN_PROGRESS_MAX = 2_000
XID_MAX = 2**63 - 1
START = (0, 0)
SNAPSHOT = re.compile(r"\d{1,19}:(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)", re.ASCII)
PLACE = re.compile(r"(\d{1,19})\.(\d{1,19})", re.ASCII)
# Two ranges of the index on (transaction_id, id): what began since, and what was under way.
UNSEEN = """
select pg_current_snapshot()::text as snapshot, e.*
from (select) here left join lateral (
  select * from event
  where transaction_id >= $1 or transaction_id = any($2::bigint[])
  order by transaction_id, id limit $3
) e on true
"""
# The rest of a reading: in its snapshot, and beyond the place where it was broken off.
REST = """
select * from event
where (transaction_id >= $1 or transaction_id = any($2::bigint[]))
  and transaction_id < $4 and transaction_id <> all ($5::bigint[])
  and (transaction_id, id) > ($6, $7) and ($8::text[] is null or kind = any($8))
order by transaction_id, id limit $3
"""
# Says once of what it cannot read, however many listen.
READER = EventReader()
NOW = "select pg_current_snapshot()::text"


class CursorInvalid(Exception):
    """A text that is no cursor of ours."""


class Connection(Protocol):
    """Where the log is read."""

    async def fetch(self, query: str, *arguments: Any) -> list[asyncpg.Record]:  # noqa: ANN401
        """Run a statement and give its rows."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which transactions had ended: those below `xmax` that were not under way."""

    text: str
    xmax: int
    in_progress: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Snapshot:
        """Read what Postgres writes: `xmin:xmax:xip,xip`.

        Raises:
            CursorInvalid: It is nothing of the kind.
        """
        found = SNAPSHOT.fullmatch(text)
        if found is None:
            raise CursorInvalid
        under_way = tuple(map(int, found[2].split(","))) if found[2] else ()
        xmax = int(found[1])
        if max(xmax, *under_way, 0) > XID_MAX or len(under_way) > IN_PROGRESS_MAX:
            raise CursorInvalid
        return cls(text, xmax, under_way)

    @property
    def first_unseen(self) -> int:
        """The oldest transaction whose events may be unread."""
        return min((self.xmax, *self.in_progress))

    def has(self, transaction_id: int) -> bool:
        """Tell whether a transaction that committed had done so."""
        return transaction_id < self.xmax and transaction_id not in self.in_progress

    def shows(self, other: Snapshot) -> bool:
        """Tell whether all that `other` shows is shown here too."""
        return self.xmax >= other.xmax and all(
            id_ >= other.xmax or id_ in other.in_progress for id_ in self.in_progress
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: all of `before`, and of `within` what stands up to `place`.

    Between two readings both are the same and there is no place.
    """

    before: Snapshot
    within: Snapshot
    place: tuple[int, int] | None = None

    @classmethod
    def at(cls, snapshot: str) -> Cursor:
        """Give the cursor of somebody who has read all that a snapshot shows."""
        parsed = Snapshot.parse(snapshot)
        return cls(parsed, parsed)

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor that `str` gave.

        Raises:
            CursorInvalid: It is none.
        """
        parts = text.split("/")
        if len(parts) == 1:
            return cls.at(text)
        found = PLACE.fullmatch(parts[2]) if len(parts) == 3 else None  # noqa: PLR2004 - see __str__
        if found is None:
            raise CursorInvalid
        place = int(found[1]), int(found[2])
        if max(place) > XID_MAX:
            raise CursorInvalid
        return cls(Snapshot.parse(parts[0]), Snapshot.parse(parts[1]), place)

    def has_seen(self, event: Event) -> bool:
        """Tell whether somebody at this cursor has read an event."""
        if self.place is None or self.before.has(event.transaction_id):
            return self.within.has(event.transaction_id)
        is_before = (event.transaction_id, event.id) <= self.place
        return is_before and self.within.has(event.transaction_id)

    @override
    def __str__(self) -> str:
        if self.place is None:
            return self.within.text
        transaction_id, id_ = self.place
        return f"{self.before.text}/{self.within.text}/{transaction_id}.{id_}"


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as it stands in the log, and the cursor of somebody who has read it."""

    event: Event
    cursor: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at the log gave, and how far the reader is now."""

    events: tuple[Logged, ...]
    cursor: Cursor

    @property
    def is_complete(self) -> bool:
        """Whether that was all there was to read."""
        return self.cursor.place is None


HORIZON = """
select transaction_id, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax
from event_horizon
"""


async def is_covered(connection: Connection, cursor: Cursor) -> bool:
    """Tell whether all that came after a cursor is still there to be read.

    It is not when events were removed that its owner may not have seen, nor when the cursor is
    ahead of the database: then that was restored from an older copy.
    """
    row = (await connection.fetch(HORIZON))[0]
    ahead = cursor.within.xmax > row["xmax"]
    return not ahead and cursor.before.first_unseen > row["transaction_id"]


async def now(connection: Connection) -> Cursor:
    """Give the cursor of somebody who has read everything there is."""
    return Cursor.at((await connection.fetch(NOW))[0][0])


async def read(connection: Connection, cursor: Cursor, *, limit: int = BATCH) -> Reading:
    """Read on from a cursor: at most `limit` events. One statement."""
    if cursor.place is not None:
        return await read_within(connection, cursor, limit=limit)
    before = cursor.within
    rows = await connection.fetch(UNSEEN, before.xmax, list(before.in_progress), limit)
    within = Snapshot.parse(rows[0]["snapshot"])
    return _reading([row for row in rows if row["id"] is not None], before, within, limit)


async def read_within(
    connection: Connection,
    cursor: Cursor,
    *,
    limit: int = BATCH,
    kinds: Collection[EventKind] | None = None,
) -> Reading:
    """Read on from a cursor with a place, but nothing that its snapshot does not show.

    With `kinds` only of these, at most `limit` of them.
    """
    before, within = cursor.before, cursor.within
    rows = await connection.fetch(
        REST,
        before.xmax,
        list(before.in_progress),
        limit,
        within.xmax,
        list(within.in_progress),
        *(cursor.place or START),
        None if kinds is None else sorted(kinds),
    )
    return _reading(rows, before, within, limit)


async def replay(
    connection: Connection,
    cursor: Cursor,
    end: Snapshot,
    *,
    limit: int = BATCH,
    kinds: Collection[EventKind] | None = None,
) -> AsyncIterator[Reading]:
    """Read from a cursor to `end`, a snapshot that shows all that the cursor's own shows.

    With `kinds` only these are read: a network has many times more lines of inboxes than posts.
    """
    while cursor.place is not None:
        reading = await read_within(connection, cursor, limit=limit, kinds=kinds)
        yield reading
        cursor = reading.cursor
    cursor = Cursor(cursor.within, end, START)
    while cursor.place is not None:
        reading = await read_within(connection, cursor, limit=limit, kinds=kinds)
        yield reading
        cursor = reading.cursor


def _reading(
    rows: Sequence[asyncpg.Record], before: Snapshot, within: Snapshot, limit: int
) -> Reading:
    end = Cursor(within, within)
    if len(rows) == limit:
        end = Cursor(before, within, (rows[-1]["transaction_id"], rows[-1]["id"]))
    return Reading(tuple(_logged(rows, before, within, end)), end)


def _logged(
    rows: Sequence[asyncpg.Record], before: Snapshot, within: Snapshot, end: Cursor
) -> list[Logged]:
    events = []
    for index, row in enumerate(rows):
        event = READER.read(dict(row))
        if event is not None:
            place = row["transaction_id"], row["id"]
            # The last one's cursor is the shortest: all of the reading.
            cursor = end if index == len(rows) - 1 else Cursor(before, within, place)
            events.append(Logged(event, str(cursor)))
    return events
