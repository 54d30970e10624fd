"""What every command on an exchange does: lock it, tell for whom somebody acts, note what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from db.tables.exchanges import ExchangeSide, ExchangeStatus, ExchangeStep
from resolvers.acting import Connection, Context
from resolvers.exchange_moves import MOVES, Move, may_move
from resolvers.permissions import Action, permitted
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from resolvers.seeing import sees
from subscriptions.events import Change, EventKind, record

# An agreement counts days as they are in the Netherlands, wherever the server is.
DAY_OF = "({moment} at time zone 'Europe/Amsterdam')::date"
TODAY = DAY_OF.format(moment="now()")
FOUND = f"""
select *, {TODAY} as today, coalesce(recall_on, ends_on) as last_day,
  {DAY_OF.format(moment="completed_at")} as over_on
from exchange where id = $1 for no key update
"""  # noqa: S608 - a constant
GOES = """
select true from exchange_person
where exchange_id = $1 and person_id = $2 and removed_at is null
"""
VERSION = "select * from agreement_version where exchange_id = $1 and number = $2"
LINE = """
insert into exchange_line (exchange_id, actor_id, side, step, version)
values ($1, $2, $3, $4, (select version from exchange where id = $1))
"""


@dataclass(frozen=True, kw_only=True)
class Found:
    """An exchange, locked for as long as the transaction lasts, and for whom the actor acts."""

    row: Mapping[str, Any]
    side: ExchangeSide

    @property
    def id(self) -> UUID:
        """Its key."""
        key: UUID = self.row["id"]
        return key

    @property
    def status(self) -> ExchangeStatus:
        """Where it stands."""
        return ExchangeStatus(self.row["status"])

    @property
    def today(self) -> date:
        """The day that it is."""
        day: date = self.row["today"]
        return day

    @property
    def organisation_id(self) -> UUID:
        """The organisation on whose side the actor is."""
        borrows = self.side is ExchangeSide.BORROWER
        key: UUID = self.row["borrower_id" if borrows else "lender_id"]
        return key


async def find(
    ctx: Context, exchange_id: UUID, move: Move, side: ExchangeSide | None = None
) -> Found:
    """Lock an exchange for something to be done with it, on `side` or on the only one that is possible.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such exchange, as far as the actor may know.
        NotAllowed: It is not theirs to do.
        InvalidInput: They could do it on several sides, and do not say for which.
        Conflict: It stands where this may not be done.
    """
    actor = ctx.person()
    row: Any = await ctx.connection.fetchrow(FOUND, exchange_id)
    if row is None or not await sees(ctx.connection, actor.id, "exchange", exchange_id):
        raise NotFound("common.not_found", field=("exchange_id",))
    sides = [each for each in await _sides(ctx, row) if each in MOVES[move].by]
    if side is not None:
        sides = [each for each in sides if each is ExchangeSide(side)]
    if not sides:
        raise NotAllowed("exchanges.not_yours_to_do", field=("exchange_id",))
    status = ExchangeStatus(row["status"])
    if not may_move(move, status):
        raise Conflict(f"exchanges.is_{status.lower()}", field=("exchange_id",))
    if len(sides) > 1:
        raise InvalidInput("exchanges.say_for_whom", field=("side",))
    return Found(row=row, side=sides[0])


async def _sides(ctx: Context, row: Mapping[str, Any]) -> list[ExchangeSide]:
    """Give on which sides the actor is now: nobody acts for what is suspended."""
    found = []
    for side, key in (
        (ExchangeSide.LENDER, row["lender_id"]),
        (ExchangeSide.BORROWER, row["borrower_id"]),
    ):
        role, is_suspended = await ctx.role_in(key, field="exchange_id")
        if permitted(Action.MANAGE_EXCHANGES, role) and not is_suspended:
            found.append(side)
    if await ctx.connection.fetchval(GOES, row["id"], ctx.person().id):
        found.append(ExchangeSide.EMPLOYEE)
    return found


async def newest_version(connection: Connection, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the newest version of an exchange's agreement."""
    version: Any = await connection.fetchrow(VERSION, row["id"], row["version"])
    assert version is not None  # noqa: S101 - an exchange begins with one
    return version  # type: ignore[no-any-return]


def expect_version(row: Mapping[str, Any], expected: int) -> None:
    """Make sure that the version that somebody has read is the newest one.

    Raises:
        Conflict: There is a newer one.
    """
    if row["version"] != expected:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))


async def note(
    connection: Connection,
    exchange: Mapping[str, Any],
    step: ExchangeStep,
    *,
    actor_id: UUID | None,
    side: ExchangeSide | None = None,
    person_id: UUID | None = None,
) -> None:
    """Write a line of an exchange's history, and record the event; `person_id` is whom it is about."""
    await connection.execute(LINE, exchange["id"], actor_id, side, step)
    await record(
        connection,
        EventKind.EXCHANGE_CHANGED,
        actor_id=actor_id,
        organisation_id=exchange["lender_id"],
        subject_id=exchange["id"],
        borrower_id=exchange["borrower_id"],
        step=step,
        change=Change.ADDED if step is ExchangeStep.BEGUN else Change.CHANGED,
        person_id=person_id,
    )


async def note_of(
    ctx: Context, found: Found, step: ExchangeStep, *, person_id: UUID | None = None
) -> None:
    """Note what the actor did on the side that they acted on."""
    await note(
        ctx.connection,
        found.row,
        step,
        actor_id=ctx.person().id,
        side=found.side,
        person_id=person_id,
    )
