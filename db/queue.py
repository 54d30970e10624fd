"""The queue of background jobs: pgqueuer's tables, in the schema `jobs`.

A job is enqueued on the connection of the transaction that wants it done, so it is there if and
only if that transaction was committed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from pgqueuer.ports.driver import Driver

CHANNEL = Channel("ch_pgqueuer")
NOW = timedelta()


@cache
def _settings() -> DBSettings:
    """Give the names that the migration made; each is said here, so that the environment has no say."""
    return DBSettings(
        prefix="",
        db_schema="jobs",
        channel=CHANNEL,
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
        widen_id=False,
    )


@cache
def _enqueue_statement() -> str:
    return QueryQueueBuilder(_settings()).build_enqueue_query("skip")


def queries(driver: Driver) -> Queries:
    """Give the library's own operations on the queue."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(_settings()),
        qbq=QueryQueueBuilder(_settings()),
        qbs=QuerySchedulerBuilder(_settings()),
    )


async def enqueue(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    job: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    delay: timedelta = NOW,
) -> bool:
    """Have a job done after `delay`, if and only if the connection's transaction is committed.

    `payload` becomes JSON: keys and times arrive as texts. With `key`, nothing is enqueued while a
    job with that key waits or runs; tells whether it was enqueued.
    """
    found = await connection.fetch(
        _enqueue_statement(), [0], [job], [_body(payload)], [delay], [key], [None]
    )
    return bool(found)


async def enqueue_many(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    job: str,
    payloads: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str] | None = None,
    delay: timedelta = NOW,
) -> None:
    """Have a job done for each of the payloads; those whose key waits already are left out."""
    count = len(payloads)
    await connection.execute(
        _enqueue_statement(),
        [0] * count,
        [job] * count,
        [_body(payload) for payload in payloads],
        [delay] * count,
        list(keys) if keys is not None else [None] * count,
        [None] * count,
    )


def _body(payload: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(payload), default=str)
