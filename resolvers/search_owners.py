"""Asking the searches of everybody, some owners at a time; one whose searches fail keeps nobody waiting."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from uuid import UUID

import asyncpg

from db.queue import enqueue
from resolvers.acting import Connection

# Tells these owners of what these events are about, in a transaction; gives how many lines.
Tell: TypeAlias = Callable[[Connection, list[int], list[UUID]], Awaitable[int]]
NOBODY = UUID(int=0)

logger = logging.getLogger(__name__)


async def tell_all(
    connection: Connection,
    event_ids: Sequence[int],
    *,
    owners: str,
    at_once: int,
    tell: Tell,
    job_of_one: str,
) -> int:
    """Tell all owners of searches, `at_once` at a time; give how many lines.

    `owners` is a statement for at most $2 of them, those after $1. What an owner's searches cannot be
    asked is left to the job `job_of_one`, which is tried again and rests as failed at last.
    """
    count, last = 0, NOBODY
    while True:
        rows = await connection.fetch(owners, last, at_once)
        if not rows:
            return count
        last = rows[-1]["person_id"]
        some = [row["person_id"] for row in rows]
        count += await _tell(connection, list(event_ids), some, tell, job_of_one)


async def _tell(
    connection: Connection, event_ids: list[int], owners: list[UUID], tell: Tell, job_of_one: str
) -> int:
    try:
        return await tell(connection, event_ids, owners)
    except asyncpg.PostgresError as error:
        if len(owners) > 1:
            # One of them is at fault; the others must not wait for them.
            half = len(owners) // 2
            first = await _tell(connection, event_ids, owners[:half], tell, job_of_one)
            return first + await _tell(connection, event_ids, owners[half:], tell, job_of_one)
        logger.warning("The searches of one person are left to a job of their own: %s", error)
        await enqueue(
            connection,
            job_of_one,
            {"event_ids": event_ids, "person_id": owners[0]},
            key=f"{job_of_one}:{owners[0]}:{event_ids[0]}",
        )
        return 0
