"""The counters that rows keep: what each one should be, where it is not so, and the repair.

Whoever writes a row keeps its counters in the same transaction. Bulk writers call `recount`
instead; `check` and `repair` prove and mend the whole database.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from db.tables.posts import FOR_FOLLOWERS


@dataclass(frozen=True, kw_only=True)
class Counter:
    """One column that can be worked out from other rows.

    `truth` selects (id, value), one row for each row of `table` that has something to count; all
    others are `empty`. It groups by the id, so that Postgres narrows it to the ids asked for.
    """

    table: str
    column: str
    truth: str
    empty: str = "0"

    @property
    def name(self) -> str:
        """Table and column, as in `organisation.follower_count`."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A row whose counter was not what its rows add up to."""

    counter: str
    row_id: UUID
    stored: int | UUID | None
    true: int | UUID | None


COUNTERS = {
    counter.name: counter
    for counter in (
        Counter(
            table="organisation",
            column="follower_count",
            truth="select organisation_id, count(*) from follow group by organisation_id",
        ),
        Counter(
            table="organisation",
            column="member_count",
            truth="select organisation_id, count(*) from membership where ended_on is null"
            " group by organisation_id",
        ),
        Counter(
            table="organisation",
            column="post_count",
            truth="select organisation_id, count(*) from post where "
            + FOR_FOLLOWERS
            + " group by organisation_id",
        ),
        Counter(
            table="organisation",
            column="last_post_id",
            # Postgres 18 has no max(uuid).
            truth="select distinct on (organisation_id) organisation_id, id from post"
            " where " + FOR_FOLLOWERS + " order by organisation_id, id desc",
            empty="null",
        ),
        Counter(
            table="person",
            column="last_post_id",
            truth="select distinct on (author_id) author_id, id from post"
            " where " + FOR_FOLLOWERS + " order by author_id, id desc",
            empty="null",
        ),
        Counter(
            table="post",
            column="comment_count",
            truth="select post_id, count(*) from comment where deleted_at is null group by post_id",
        ),
        Counter(
            table="post",
            column="reaction_count",
            truth="select post_id, count(*) from reaction group by post_id",
        ),
        Counter(
            table="post",
            column="repost_count",
            truth="select repost_of_id, count(*) from post where kind = 'REPOST'"
            " and repost_of_id is not null group by repost_of_id",
        ),
        Counter(
            table="skill",
            column="person_count",
            truth="select skill_id, count(*) from person_skill group by skill_id",
        ),
    )
}


async def check(connection: asyncpg.Connection[Any]) -> list[Drift]:
    """Find every counter that is wrong, one statement a counter; nothing is changed.

    Under READ COMMITTED the answer is exact only for rows that nobody is writing meanwhile.
    """
    return [
        drift for counter in COUNTERS.values() for drift in await _drifts(connection, counter, None)
    ]


async def repair(connection: asyncpg.Connection[Any]) -> list[Drift]:
    """Mend every wrong counter in one transaction, and tell which were wrong."""
    async with connection.transaction():
        return await recount(connection)


async def recount(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    counters: Collection[str] | None = None,
    *,
    ids: Sequence[UUID] | None = None,
) -> list[Drift]:
    """Mend wrong counters inside the caller's transaction (READ COMMITTED), and tell which.

    A wrong row is locked before it is worked out again: a writer keeps rows and counter in one
    transaction, so once we hold the counter's row, what we can see and what it says belong together.

    Args:
        connection: In a transaction.
        counters: Names from `COUNTERS`; all when None.
        ids: Only these rows of the counters' table; all rows when None.

    Raises:
        KeyError: There is no counter of such a name.
    """
    chosen = [COUNTERS[name] for name in (COUNTERS if counters is None else counters)]
    mended: list[Drift] = []
    for counter in chosen:
        wrong = [drift.row_id for drift in await _drifts(connection, counter, ids)]
        if wrong:
            mended += await _mend(connection, counter, sorted(wrong))
    return mended


async def _drifts(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    counter: Counter,
    ids: Sequence[UUID] | None,
) -> list[Drift]:
    # All names are constants of this module.
    statement = f"""
        select kept.id, kept.{counter.column} as stored, {_true_value(counter)} as true
        from {counter.table} as kept
        left join {_truth(counter, narrowed=ids is not None)} on truth.id = kept.id
        where kept.{counter.column} is distinct from {_true_value(counter)}
        {"" if ids is None else "and kept.id = any($1)"}
        order by kept.id
    """
    rows = await connection.fetch(statement, *(() if ids is None else (ids,)))
    return [_drift(counter, row) for row in rows]


async def _mend(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    counter: Counter,
    ids: Sequence[UUID],
) -> list[Drift]:
    # Everyone locks in the order of ids: two repairs wait for one another, never both.
    await connection.execute(
        f"select from {counter.table} where id = any($1) order by id for no key update",
        ids,
    )
    rows = await connection.fetch(
        f"""
        update {counter.table} as kept set {counter.column} = {_true_value(counter)}
        from unnest($1::uuid[]) as wanted (id)
        left join {_truth(counter, narrowed=True)} on truth.id = wanted.id
        where kept.id = wanted.id and kept.{counter.column} is distinct from {_true_value(counter)}
        returning kept.id, old.{counter.column} as stored, new.{counter.column} as true
        """,
        ids,
    )
    return sorted((_drift(counter, row) for row in rows), key=lambda drift: drift.row_id)


def _truth(counter: Counter, *, narrowed: bool) -> str:
    """The counter's truth as the joined table `truth`, of the ids in $1 if `narrowed`."""
    where = " where id = any($1::uuid[])" if narrowed else ""
    return f"(select id, value from ({counter.truth}) as every (id, value){where}) as truth"


def _true_value(counter: Counter) -> str:
    return f"coalesce(truth.value, {counter.empty})"


def _drift(counter: Counter, row: asyncpg.Record) -> Drift:
    return Drift(counter=counter.name, row_id=row["id"], stored=row["stored"], true=row["true"])
