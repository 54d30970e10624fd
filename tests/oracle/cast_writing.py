"""Writing the rows of the cast, each under a name by which tests ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg


@dataclass
class Cast:
    """The keys of the rows that were added, by name: `org.open`, `post.open_pat_internal`."""

    keys: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> UUID:
        return self.keys[name]


class Writer:
    """Inserts rows, and makes keys that sort by the moments they are of."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self.connection = connection
        self.cast = Cast()
        self._numbers = count(1)

    def key(self, name: str, moment: datetime) -> UUID:
        """Make a UUIDv7 of a moment, unique within the cast."""
        milliseconds = int(moment.timestamp() * 1000)
        number = next(self._numbers)
        low = (number * 0x9E3779B97F4A7C15) & ((1 << 62) - 1)
        value = milliseconds << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | low
        self.cast.keys[name] = UUID(int=value)
        return self.cast.keys[name]

    async def insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows of the same columns."""
        rows = list(rows)
        names = list(rows[0])
        places = ", ".join(f"${index}" for index in range(1, len(names) + 1))
        await self.connection.executemany(
            f"insert into {table} ({', '.join(names)}) values ({places})",
            [[row[name] for name in names] for row in rows],
        )
