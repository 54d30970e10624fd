"""Bringing many rows into the database at once: COPY with progress, and indexes built afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import asyncpg

# Work that takes less than this goes without a word.
QUIET_SECONDS = 2.0
_LOOK_AT_CLOCK_EVERY = 4_096


class Copier:
    """Copies rows into tables of one connection, and tells how far it is."""

    def __init__(
        self, connection: asyncpg.Connection[Any], on_progress: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._on_progress = on_progress
        self.counts: dict[str, int] = {}

    async def copy(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Copy the rows into a table; `columns` are its columns' names with spaces between them."""
        started = monotonic()
        self.counts[table] = 0
        await self._connection.copy_records_to_table(
            table, records=self._counted(table, rows), columns=columns.split()
        )
        if monotonic() - started > QUIET_SECONDS:
            self._on_progress(f"{table}: {self.counts[table]:,} rows written")

    def _counted(self, table: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        told = monotonic()
        count = 0
        for row in rows:
            yield row
            count += 1
            if count % _LOOK_AT_CLOCK_EVERY == 0 and monotonic() - told > QUIET_SECONDS:
                told = monotonic()
                self._on_progress(f"{table}: {count:,} rows so far")
        self.counts[table] = count


@asynccontextmanager
async def without_indexes(
    connection: asyncpg.Connection[Any],
    tables: Sequence[str],
    on_progress: Callable[[str], None],
) -> AsyncIterator[None]:
    """Drop the tables' indexes and foreign keys but for primary keys, and make them anew after.

    Within a transaction this is safe on interruption: whoever looks from outside never sees them
    gone, but waits for the tables until the transaction is over. Making a foreign key checks all
    its rows by one join, which is what makes this pay: the bench world took 140 s so, and
    over 400 s with indexes and keys in place (busy machine, 2 cores).
    """
    constraints = await connection.fetch(
        """
        select conrelid::regclass::text as table, quote_ident(conname) as name,
               pg_get_constraintdef(oid) as definition
        from pg_constraint
        where conrelid = any($1::text[]::regclass[]) and contype in ('f', 'u')
        order by contype desc, conrelid::regclass::text, conname
        """,
        tables,
    )
    indexes = await connection.fetch(
        """
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
        from pg_index
        where indrelid = any($1::text[]::regclass[])
          and not exists (select from pg_constraint where conindid = indexrelid)
        order by 1
        """,
        tables,
    )
    for constraint in constraints:
        await connection.execute(
            f"alter table {constraint['table']} drop constraint {constraint['name']}"
        )
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    yield
    on_progress(f"building {len(indexes):,} indexes and {len(constraints):,} constraints")
    for index in indexes:
        await connection.execute(index["definition"])
    for constraint in constraints:
        await connection.execute(
            f"alter table {constraint['table']} add constraint {constraint['name']}"
            f" {constraint['definition']}"
        )
