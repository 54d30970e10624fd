"""Alembic's entry: runs migrations over asyncpg, on the connection that `db.migrating` hands over."""

from __future__ import annotations

from alembic import context

from db.base import metadata
from db.tables import (
    accounts,
    calendars,
    events,
    exchanges,
    feed,
    listing_looks,
    listings,
    market_searches,
    match_requests,
    matches,
    moderation,
    network,
    notifications,
    organisations,
    people,
    posts,
    receipts,
    skills,
)

# Imported for the tables they register in `metadata`.
TABLE_MODULES = (
    accounts,
    calendars,
    events,
    exchanges,
    feed,
    listing_looks,
    listings,
    market_searches,
    match_requests,
    matches,
    moderation,
    network,
    notifications,
    organisations,
    people,
    posts,
    receipts,
    skills,
)

# A migration that cannot get its locks at once gives up rather than queue all traffic behind it.
LOCK_TIMEOUT = "2s"

# Parts of a table are no tables of their own.
PARTITIONS = "select relname from pg_class where relispartition"

connection = context.config.attributes["connection"]
connection.exec_driver_sql(f"set lock_timeout = '{LOCK_TIMEOUT}'")
partitions = {row[0] for row in connection.exec_driver_sql(PARTITIONS)}
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_server_default=False,
    include_name=lambda name, kind, _: kind != "table" or name not in partitions,
)
with context.begin_transaction():
    context.run_migrations()
