"""Return receipts: what both sides say came of an exchange, and what follows from it.

Whoever records says it for their side; the other side confirms exactly that version, or records
another one. What both confirmed is evidence: of the organisations at once, of a person when they
take it into their profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from db.tables.exchanges import ExchangeSide, ExchangeStep
from db.tables.people import LEVEL_MAX, LEVEL_MIN
from db.tables.receipts import ENDORSEMENT_MAX, RAISED_MAX, RECEIPT_TEXT_MAX
from resolvers import checking
from resolvers.acting import Context
from resolvers.commands.exchange_moving import DAY_OF, Found, find, note, note_of
from resolvers.commands.people import LOCK_PERSON, ROOM, SKILLS_MAX, person_edited
from resolvers.exchange_moves import Move
from resolvers.refusals import Conflict, InvalidInput, NotFound, Taken, TooMany, within
from resolvers.seeing import seen_among
from resolvers.wording import say

RECEIPT = "select * from exchange_receipt where exchange_id = $1"
RECORD = """
insert into exchange_receipt (exchange_id, learned, came_back, notes, recorded_by_id, side)
values ($1, $2, $3, $4, $5, $6)
on conflict (exchange_id) do update set learned = excluded.learned, came_back = excluded.came_back,
  notes = excluded.notes, recorded_by_id = excluded.recorded_by_id, side = excluded.side,
  recorded_at = now(), version = exchange_receipt.version + 1
returning id
"""
FORGET_RAISED = "delete from raised_skill where receipt_id = $1"
RAISE = """
insert into raised_skill (receipt_id, person_id, organisation_id, skill_id, from_level, to_level)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::int[])
"""
# Whom a side may name, with where they belong: who went, its own people, who is named already.
NAMEABLE = """
select g.person_id, x.lender_id as organisation_id
from exchange x join exchange_person g on g.exchange_id = x.id and g.removed_at is null
where x.id = $1
union
select m.person_id, m.organisation_id from membership m
where m.organisation_id = $2 and m.person_id = any($3) and m.ended_on is null
union
select r.person_id, r.organisation_id from raised_skill r
join exchange_receipt t on t.id = r.receipt_id and t.exchange_id = $1
"""
CONFIRM = """
update exchange_receipt set confirmed_at = now(), confirmed_by_id = $2 where exchange_id = $1
"""
# Of the lender what was lent, and of either what was raised there.
PROVE = """
insert into skill_evidence (exchange_id, organisation_id, partner_id, skill_id, side, from_level, to_level)
select x.id, of.organisation_id, case when of.organisation_id = x.lender_id then x.borrower_id else x.lender_id end,
  of.skill_id, case when of.organisation_id = x.lender_id then 'LENDER' else 'BORROWER' end,
  min(of.from_level), max(of.to_level)
from exchange x, lateral (
  select x.lender_id as organisation_id, lent.skill_id, null::int as from_level, null::int as to_level
  from agreement_version v, unnest(v.skill_ids) lent (skill_id)
  where v.exchange_id = x.id and v.number = x.version
  union all
  select r.organisation_id, r.skill_id, r.from_level, r.to_level
  from raised_skill r join exchange_receipt t on t.id = r.receipt_id where t.exchange_id = x.id
) of
join skill s on s.id = of.skill_id
where x.id = $1
group by x.id, of.organisation_id, of.skill_id
on conflict do nothing
"""
RAISED = """
select r.*, t.exchange_id, t.confirmed_at is not null as is_confirmed
from raised_skill r join exchange_receipt t on t.id = r.receipt_id
where r.id = $1 and r.person_id = $2 for no key update of r
"""
EXCHANGE = f"""
select x.*, o.name as partner, {DAY_OF.format(moment="coalesce(x.completed_at, now())")} as used_on
from exchange x join organisation o
  on o.id = case when x.lender_id = $2 then x.borrower_id else x.lender_id end
where x.id = $1
"""  # noqa: S608 - constants
DECIDE = """
update raised_skill set accepted_at = case when $2 then now() end,
  declined_at = case when $2 then null else now() end
where id = $1
"""
# A level never falls by it; a text that its person wrote stays.
TAKE = """
with taken as (
  insert into person_skill (person_id, skill_id, level, evidence, last_used_on)
  values ($1, $2, $3, $4, $5)
  on conflict (person_id, skill_id) do update set
    level = greatest(person_skill.level, excluded.level),
    evidence = case when person_skill.evidence = '' then excluded.evidence
                    else person_skill.evidence end,
    last_used_on = greatest(person_skill.last_used_on, excluded.last_used_on)
  returning skill_id, xmax = 0 as is_new
)
update skill set person_count = person_count + 1 from taken
where skill.id = taken.skill_id and taken.is_new
"""
HOLDS = "select true from person_skill where person_id = $1 and skill_id = $2"
PROVE_PERSON = """
insert into skill_evidence
  (exchange_id, organisation_id, partner_id, person_id, skill_id, side, from_level, to_level)
select x.id, $2, case when x.lender_id = $2 then x.borrower_id else x.lender_id end, $3, $4,
  case when x.lender_id = $2 then 'LENDER' else 'BORROWER' end, $5, $6
from exchange x where x.id = $1
on conflict do nothing
"""
ENDORSE = """
insert into endorsement (exchange_id, organisation_id, endorsed_id, author_id, line)
values ($1, $2, $3, $4, $5) on conflict do nothing returning id
"""
UNENDORSE = """
delete from endorsement where exchange_id = $1 and organisation_id = $2 returning endorsed_id
"""


class GivenRaised(Protocol):
    """A raised skill as it was sent."""

    person_id: UUID
    skill_id: UUID
    from_level: int
    to_level: int


class Given(Protocol):
    """A receipt as it was sent: the whole of it, None for what was left out."""

    learned: str | None
    came_back: str | None
    notes: str | None
    raised: Sequence[GivenRaised] | None


async def record_receipt(
    ctx: Context,
    *,
    exchange_id: UUID,
    expected_version: int,
    receipt: Given,
    side: ExchangeSide | None = None,
) -> UUID:
    """Record what came of an exchange, as a whole, for the other side to confirm.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange or skill, or a person neither went nor is theirs to name.
        InvalidInput: A value cannot be taken, or it says nothing.
        TooMany: It names more than RAISED_MAX raised skills.
        Conflict: The exchange is not over, or it is confirmed, or was recorded anew meanwhile.
    """
    found = await find(ctx, exchange_id, Move.RECORD_RECEIPT, side)
    await _unconfirmed(ctx, found, expected_version)
    with within("receipt"):
        texts = [
            checking.text(
                getattr(receipt, name) or "", name, at_most=RECEIPT_TEXT_MAX, multiline=True
            )
            for name in ("learned", "came_back", "notes")
        ]
        raised = await _raised(ctx, found, receipt.raised or ())
    if not (any(texts[:2]) or raised):
        raise InvalidInput("exchanges.receipt_says_nothing", field=("receipt",))
    key: UUID = await ctx.connection.fetchval(
        RECORD, exchange_id, *texts, ctx.person().id, found.side
    )
    await ctx.connection.execute(FORGET_RAISED, key)
    columns = [list(column) for column in zip(*raised, strict=True)] or [[]] * 5
    await ctx.connection.execute(RAISE, key, *columns)
    await note_of(ctx, found, ExchangeStep.RECEIPT_RECORDED)
    return exchange_id


async def confirm_receipt(
    ctx: Context, *, exchange_id: UUID, expected_version: int, side: ExchangeSide | None = None
) -> UUID:
    """Confirm what the other side recorded: from then on it is evidence.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        Conflict: Nothing is recorded, their own side recorded it, it is confirmed, or was recorded
            anew meanwhile.
    """
    found = await find(ctx, exchange_id, Move.CONFIRM_RECEIPT, side)
    there = await _unconfirmed(ctx, found, expected_version)
    if there is None:
        raise Conflict("exchanges.receipt_missing", field=("exchange_id",))
    if ExchangeSide(there["side"]) is found.side:
        raise Conflict("exchanges.receipt_of_own_side", field=("exchange_id",))
    await ctx.connection.execute(CONFIRM, exchange_id, ctx.person().id)
    await ctx.connection.execute(PROVE, exchange_id)
    await note_of(ctx, found, ExchangeStep.RECEIPT_CONFIRMED)
    return exchange_id


async def decide(ctx: Context, *, raised_skill_id: UUID, accept: bool) -> UUID:
    """Take a skill that an exchange raised into one's profile, or decline to.

    Taken, the profile has at least that level, was last used when the exchange ended, and the
    exchange is its evidence.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such skill of theirs.
        Conflict: The receipt is not confirmed by both, or they decided already.
        TooMany: Their profile has as many skills as it can.
    """
    actor = ctx.person()
    row: Any = await ctx.connection.fetchrow(RAISED, raised_skill_id, actor.id)
    if row is None:
        raise NotFound("common.not_found", field=("raised_skill_id",))
    if not row["is_confirmed"]:
        raise Conflict("exchanges.not_confirmed_yet", field=("raised_skill_id",))
    if row["accepted_at"] is not None or row["declined_at"] is not None:
        raise Conflict("exchanges.raised_decided", field=("raised_skill_id",))
    exchange: Any = await ctx.connection.fetchrow(
        EXCHANGE, row["exchange_id"], row["organisation_id"]
    )
    await ctx.connection.execute(DECIDE, raised_skill_id, accept)
    if accept:
        await _take(ctx, row, exchange)
    await note(
        ctx.connection,
        exchange,
        ExchangeStep.EVIDENCE_DECIDED,
        actor_id=actor.id,
        person_id=actor.id,
    )
    return raised_skill_id


async def endorse(
    ctx: Context, *, exchange_id: UUID, line: str, side: ExchangeSide | None = None
) -> UUID:
    """Endorse the other side of an exchange that is over, in a line that everybody can read.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The line is empty or too long.
        Conflict: The exchange is not over.
        Taken: Their side endorsed the other for it already.
    """
    found = await find(ctx, exchange_id, Move.ENDORSE, side)
    line = checking.text(line, "line", at_least=1, at_most=ENDORSEMENT_MAX)
    borrows = found.side is ExchangeSide.BORROWER
    other = found.row["lender_id" if borrows else "borrower_id"]
    key: UUID | None = await ctx.connection.fetchval(
        ENDORSE, exchange_id, found.organisation_id, other, ctx.person().id, line
    )
    if key is None:
        raise Taken("exchanges.endorsed_already", field=("exchange_id",))
    await note_of(ctx, found, ExchangeStep.ENDORSED)
    return key


async def unendorse(ctx: Context, *, exchange_id: UUID, side: ExchangeSide | None = None) -> UUID:
    """Take an endorsement back.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know, or no endorsement of theirs.
    """
    found = await find(ctx, exchange_id, Move.ENDORSE, side)
    gone = await ctx.connection.fetchval(UNENDORSE, exchange_id, found.organisation_id)
    if gone is None:
        raise NotFound("exchanges.not_endorsed", field=("exchange_id",))
    await note_of(ctx, found, ExchangeStep.ENDORSED)
    return exchange_id


async def _unconfirmed(ctx: Context, found: Found, expected: int) -> asyncpg.Record | None:
    """Give the receipt as it was read, None for none; its exchange is locked."""
    there: Any = await ctx.connection.fetchrow(RECEIPT, found.id)
    if there is not None and there["confirmed_at"] is not None:
        raise Conflict("exchanges.receipt_is_confirmed", field=("exchange_id",))
    if expected != (0 if there is None else there["version"]):
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    return there  # type: ignore[no-any-return]


async def _raised(
    ctx: Context, found: Found, given: Sequence[GivenRaised]
) -> list[tuple[UUID, UUID, UUID, int, int]]:
    """Check raised skills; give person, organisation, skill, and the two levels of each."""
    if len(given) > RAISED_MAX:
        raise TooMany("exchanges.too_many_named", field=("raised",), limit=RAISED_MAX)
    people = [one.person_id for one in given]
    rows: Any = await ctx.connection.fetch(NAMEABLE, found.id, found.organisation_id, people)
    # Who went belongs to the lender, also when they work for both.
    belongs: dict[UUID, UUID] = {}
    for row in rows:
        if belongs.get(row["person_id"]) != found.row["lender_id"]:
            belongs[row["person_id"]] = row["organisation_id"]
    known = await seen_among(ctx.connection, None, "skill", [one.skill_id for one in given])
    raised: dict[tuple[UUID, UUID], tuple[UUID, UUID, UUID, int, int]] = {}
    for number, one in enumerate(given):
        with within("raised", str(number)):
            if one.person_id not in belongs:
                raise NotFound("exchanges.raised_of_neither", field=("person_id",))
            if one.skill_id not in known:
                raise NotFound("common.not_found", field=("skill_id",))
            if (one.person_id, one.skill_id) in raised:
                raise InvalidInput("exchanges.raised_twice", field=("skill_id",))
            if not (0 <= one.from_level <= one.to_level and LEVEL_MIN <= one.to_level <= LEVEL_MAX):
                raise InvalidInput("exchanges.raised_downwards", field=("to_level",))
        raised[one.person_id, one.skill_id] = (
            one.person_id,
            belongs[one.person_id],
            one.skill_id,
            one.from_level,
            one.to_level,
        )
    return list(raised.values())


async def _take(ctx: Context, row: asyncpg.Record, exchange: asyncpg.Record) -> None:
    """Take a raised skill into the profile of whoever acts, and note its evidence."""
    actor = ctx.person()
    await ctx.connection.execute(LOCK_PERSON, actor.id)
    room: Any = await ctx.connection.fetchrow(ROOM, actor.id, row["skill_id"])
    holds = await ctx.connection.fetchval(HOLDS, actor.id, row["skill_id"])
    if not holds and room["held"] >= SKILLS_MAX:
        raise TooMany("people.skills_too_many", limit=SKILLS_MAX)
    evidence = say(
        "exchanges.evidence",
        ctx.locale,
        organisation=exchange["partner"],
        year=str(exchange["used_on"].year),
    )
    await ctx.connection.execute(
        TAKE, actor.id, row["skill_id"], row["to_level"], evidence, exchange["used_on"]
    )
    await ctx.connection.execute(
        PROVE_PERSON,
        row["exchange_id"],
        row["organisation_id"],
        actor.id,
        row["skill_id"],
        row["from_level"],
        row["to_level"],
    )
    await person_edited(ctx, actor.id)
