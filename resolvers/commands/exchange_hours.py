"""Hours in an exchange: logged by either side or by who goes, confirmed by the other; and coming back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from db.tables.exchanges import DAY_MINUTES, NOTE_MAX, ExchangeSide, ExchangeStep, ReentryItem
from resolvers import checking
from resolvers.acting import Context
from resolvers.commands.exchange_moving import Found, find, note_of
from resolvers.commands.people import LOCK_PERSON
from resolvers.exchange_moves import Move
from resolvers.refusals import Conflict, InvalidInput, NotFound

GOING = """
select person_id from exchange_person where exchange_id = $1 and removed_at is null order by id
"""
LOGGED = """
select coalesce(sum(minutes), 0) from exchange_hours where person_id = $1 and worked_on = $2
"""
LOG = """
insert into exchange_hours (exchange_id, person_id, worked_on, minutes, note, logged_by_id, side)
values ($1, $2, $3, $4, $5, $6, $7) returning id
"""
OF_EXCHANGE = """
select id, side, person_id, confirmed_at is not null as is_confirmed from exchange_hours
where exchange_id = $1 and id = any($2) for no key update
"""
CONFIRM = """
update exchange_hours set confirmed_at = now(), confirmed_by_id = $2 where id = any($1)
"""
REMOVE = "delete from exchange_hours where id = $1"
TICK = """
insert into exchange_reentry (exchange_id, item, ticked_by_id) values ($1, $2, $3)
on conflict do nothing returning id
"""
UNTICK = "delete from exchange_reentry where exchange_id = $1 and item = $2 returning id"


async def log(
    ctx: Context,
    *,
    exchange_id: UUID,
    worked_on: date,
    minutes: int,
    note: str | None = None,
    person_id: UUID | None = None,
    side: ExchangeSide | None = None,
) -> Mapping[str, UUID]:
    """Log how long somebody worked on a day.

    A day is one of the calendar, of 24 hours, also when the clocks change on it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They are on no side of it.
        NotFound: There is no such exchange, as far as they may know; or that person does not go in it.
        InvalidInput: The day has not come or is not in its period, the minutes are out of bounds or
            more than that person's day has left, several go and nobody is named, or the note is too long.
        Conflict: It has not begun, or was called off.
    """
    found = await find(ctx, exchange_id, Move.LOG_HOURS, side)
    whose = await _whose(ctx, found, person_id)
    if not 1 <= minutes <= DAY_MINUTES:
        raise InvalidInput(
            "exchanges.minutes_out_of_range",
            field=("minutes",),
            least=1,
            most=DAY_MINUTES,
            actual=minutes,
        )
    _check_day(found, worked_on)
    text = checking.text(note or "", "note", at_most=NOTE_MAX, multiline=True)
    # Whoever logs hours of a person on any exchange waits here: two do not fill the same day.
    await ctx.connection.execute(LOCK_PERSON, whose)
    left = DAY_MINUTES - await ctx.connection.fetchval(LOGGED, whose, worked_on)
    if minutes > left:
        raise InvalidInput("exchanges.hours_too_many", field=("minutes",), left=left)
    key: UUID = await ctx.connection.fetchval(
        LOG, exchange_id, whose, worked_on, minutes, text, ctx.person().id, found.side
    )
    await note_of(ctx, found, ExchangeStep.HOURS_LOGGED, person_id=whose)
    return {"hours": key, "exchange": exchange_id}


async def confirm(
    ctx: Context,
    *,
    exchange_id: UUID,
    hours_ids: Sequence[UUID],
    side: ExchangeSide | None = None,
) -> UUID:
    """Confirm hours that the other side logged; the lender and who goes are one side here.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They are on no side of it.
        NotFound: There is no such exchange or entry, as far as they may know.
        InvalidInput: They are on both sides and do not say on which, or nothing is named.
        Conflict: One of them is confirmed already, or is of one's own side.
    """
    found = await find(ctx, exchange_id, Move.CONFIRM_HOURS, side)
    keys = list(dict.fromkeys(hours_ids))
    if not keys:
        raise InvalidInput("exchanges.nothing_named", field=("hours_ids",))
    for number, row in enumerate(await _entries(ctx, exchange_id, keys)):
        where = ("hours_ids", str(number))
        if _is_borrowers(row["side"]) == _is_borrowers(found.side):
            raise Conflict("exchanges.hours_of_own_side", field=where)
        if found.side is ExchangeSide.EMPLOYEE and row["person_id"] != ctx.person().id:
            raise Conflict("exchanges.hours_of_own_side", field=where)
        if row["is_confirmed"]:
            raise Conflict("exchanges.hours_confirmed_already", field=where)
    await ctx.connection.execute(CONFIRM, keys, ctx.person().id)
    await note_of(ctx, found, ExchangeStep.HOURS_CONFIRMED)
    return exchange_id


async def remove(
    ctx: Context, *, exchange_id: UUID, hours_id: UUID, side: ExchangeSide | None = None
) -> UUID:
    """Take out hours that one's own side logged, as long as nobody confirmed them.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They are on no side of it.
        NotFound: There is no such exchange or entry, as far as they may know.
        Conflict: It is confirmed, or the other side logged it.
    """
    found = await find(ctx, exchange_id, Move.REMOVE_HOURS, side)
    row = (await _entries(ctx, exchange_id, [hours_id]))[0]
    if row["is_confirmed"]:
        raise Conflict("exchanges.hours_confirmed_already", field=("hours_id",))
    if ExchangeSide(row["side"]) is not found.side:
        raise Conflict("exchanges.hours_of_other_side", field=("hours_id",))
    await ctx.connection.execute(REMOVE, hours_id)
    await note_of(ctx, found, ExchangeStep.HOURS_REMOVED, person_id=row["person_id"])
    return exchange_id


async def tick(
    ctx: Context,
    *,
    exchange_id: UUID,
    item: ReentryItem,
    done: bool,
    side: ExchangeSide | None = None,
) -> UUID:
    """Say that a point of coming back was seen to, or that it was not; said twice, nothing changes.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They neither manage exchanges at the lender nor go.
        NotFound: There is no such exchange, as far as they may know.
        Conflict: It has not begun, or was called off.
    """
    found = await find(ctx, exchange_id, Move.TICK, side)
    point = ReentryItem(item)
    if done:
        changed = await ctx.connection.fetchval(TICK, exchange_id, point, ctx.person().id)
    else:
        changed = await ctx.connection.fetchval(UNTICK, exchange_id, point)
    if changed is not None:
        await note_of(ctx, found, ExchangeStep.REENTRY_TICKED)
    return exchange_id


async def _whose(ctx: Context, found: Found, person_id: UUID | None) -> UUID:
    rows: Any = await ctx.connection.fetch(GOING, found.id)
    going: list[UUID] = [row["person_id"] for row in rows]
    if person_id is None and found.side is ExchangeSide.EMPLOYEE:
        return ctx.person().id
    if person_id is None and len(going) != 1:
        raise InvalidInput("exchanges.whose_hours", field=("person_id",))
    whose = going[0] if person_id is None else person_id
    of_another = found.side is ExchangeSide.EMPLOYEE and whose != ctx.person().id
    if whose not in going or of_another:
        raise NotFound("exchanges.does_not_go", field=("person_id",))
    return whose


def _check_day(found: Found, day: date) -> None:
    if day > found.today:
        raise InvalidInput("exchanges.hours_in_future", field=("worked_on",))
    # No hours are after the last day, nor after that on which it was over.
    ends = [each for each in (found.row["last_day"], found.row["over_on"]) if each is not None]
    if day < found.row["starts_on"] or (ends and day > min(ends)):
        raise InvalidInput("exchanges.hours_out_of_period", field=("worked_on",))


async def _entries(ctx: Context, exchange_id: UUID, keys: Sequence[UUID]) -> list[Any]:
    """Lock and give entries of an exchange, in the order asked."""
    rows: Any = await ctx.connection.fetch(OF_EXCHANGE, exchange_id, list(keys))
    found = {row["id"]: row for row in rows}
    for number, key in enumerate(keys):
        if key not in found:
            field = ("hours_ids", str(number)) if len(keys) > 1 else ("hours_id",)
            raise NotFound("common.not_found", field=field)
    return [found[key] for key in keys]


def _is_borrowers(side: str) -> bool:
    return ExchangeSide(side) is ExchangeSide.BORROWER
