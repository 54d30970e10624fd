"""Exchanges: beginning, agreeing, signing, going, being called back, ending.

What may be done depends on where the exchange stands and on who does it (`resolvers.exchange_moves`).
The exchange is locked first, so that of two who move it at once the second is told so. Each thing
done is a line of its history, and an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from db import agreements
from db.agreements import Agreement, Parties
from db.tables.exchanges import (
    NOTE_MAX,
    SIGNED_NAME_MAX,
    ExchangeEndReason,
    ExchangeSide,
    ExchangeStatus,
    ExchangeStep,
)
from db.tables.listings import ListingForm, ListingKind, ListingTerms
from resolvers import checking
from resolvers.acting import Connection, Context
from resolvers.commands.agreement_content import Given, check, check_whole
from resolvers.commands.exchange_capacity import take_capacity
from resolvers.commands.exchange_leaving import CANCEL, COMPLETE, VOID, leave
from resolvers.commands.exchange_moving import (
    expect_version,
    find,
    newest_version,
    note,
    note_of,
)
from resolvers.exchange_moves import Move
from resolvers.refusals import Conflict, InvalidInput, Taken

LISTING = "select * from listing where id = $1 and organisation_id = $2 and kind = $3"
NAMED = """
select array(select skill_id from listing_skill where listing_id = $1 order by skill_id) as skills,
       array(select skill_id from listing_aim where listing_id = $2 order by skill_id) as aims
"""
BEGIN = """
insert into exchange (match_request_id, lender_id, borrower_id, offer_id, request_id)
values ($1, $2, $3, $4, $5) returning *
"""
PARTIES = """
select e.id as exchange_id, e.lender_id, l.name as lender, e.borrower_id, b.name as borrower
from exchange e join organisation l on l.id = e.lender_id join organisation b on b.id = e.borrower_id
where e.id = $1
"""
# The exchange keeps the newest number, and the days as that version has them.
KEEP = """
update exchange set version = $2, status = 'DRAFT', offered_at = null, agreed_at = null,
  starts_on = $3, ends_on = $4
where id = $1
"""
NAME_PEOPLE = """
insert into exchange_person (exchange_id, person_id) select $1, unnest($2::uuid[])
on conflict (exchange_id, person_id) do update set removed_at = null, consented_at = null,
  revoked_at = null
where exchange_person.removed_at is not null
"""
FORGET_PEOPLE = """
update exchange_person set removed_at = now()
where exchange_id = $1 and person_id <> all($2::uuid[]) and removed_at is null
"""
OFFER = "update exchange set status = 'OFFERED', offered_at = now() where id = $1"
CONSENT = """
update exchange_person set consented_at = now(), revoked_at = null
where exchange_id = $1 and person_id = $2 and (consented_at is null or revoked_at is not null)
returning true
"""
CONSENTED = """
select consented_at is not null and revoked_at is null from exchange_person
where exchange_id = $1 and person_id = $2
"""
SIGN = """
insert into agreement_signature (exchange_id, version_id, side, person_id, name, content_hash)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id
"""
# Whether all who have to sign the version have done so.
ALL_SIGNED = """
select count(*) filter (where side = 'LENDER') = 1 and count(*) filter (where side = 'BORROWER') = 1
  and count(*) filter (where side = 'EMPLOYEE' and person_id = any($2)) = cardinality($2)
from agreement_signature where version_id = $1 and voided_at is null
"""
AGREE = "update exchange set status = 'AGREED', agreed_at = now() where id = $1"
START = "update exchange set status = 'ACTIVE', started_at = now() where id = $1"
ASK_RECALL = "update exchange set recall_asked_on = $2 where id = $1"
RECALL = """
update exchange set status = 'RECALLED', recall_on = $2, recall_asked_on = null,
  recalled_at = now(), end_reason = 'RECALLED', end_note = $3
where id = $1
"""
REFUSE_RECALL = "update exchange set recall_asked_on = null where id = $1"


async def begin(connection: Connection, request: Mapping[str, Any], actor_id: UUID) -> UUID:
    """Begin the exchange of a match request that is being accepted, with a first version of the agreement.

    It says what the request says, and what the listings say where the request says nothing.
    """
    asks_to_lend = request["kind"] == ListingKind.OFFER
    lender, borrower = request["asking_id"], request["asked_id"]
    if not asks_to_lend:
        lender, borrower = borrower, lender
    named = [key for key in (request["listing_id"], request["own_listing_id"]) if key is not None]
    offer = await _listing(connection, named, lender, ListingKind.OFFER)
    need = await _listing(connection, named, borrower, ListingKind.REQUEST)
    made: Any = await connection.fetchrow(
        BEGIN,
        request["id"],
        lender,
        borrower,
        offer["id"] if offer else None,
        need["id"] if need else None,
    )
    first = await _first(connection, request, offer, need)
    await _write_version(connection, made, 1, first, changes=[], actor_id=None, side=None)
    await note(connection, made, ExchangeStep.BEGUN, actor_id=actor_id)
    return made["id"]  # type: ignore[no-any-return]


async def amend(
    ctx: Context,
    *,
    exchange_id: UUID,
    expected_version: int,
    agreement: Given,
    side: ExchangeSide | None = None,
) -> UUID:
    """Say anew what is agreed: as a whole, what is left out is taken away. All have to sign anew.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, skill, place or member of the lender, as far as they may know.
        InvalidInput: A value cannot be taken, it says what was said before, or the borrower names people.
        TooMany: It names too many skills or people.
        Conflict: It was changed meanwhile, or it goes on or has ended already.
    """
    found = await find(ctx, exchange_id, Move.AMEND, side)
    expect_version(found.row, expected_version)
    before = agreements.read(await newest_version(ctx.connection, found.row))
    after = await check(
        ctx, lender_id=found.row["lender_id"], given=agreement, before=before, side=found.side
    )
    changes = agreements.changes(before, after)
    if not changes:
        raise InvalidInput("exchanges.nothing_changed", field=("agreement",))
    await ctx.connection.execute(VOID, exchange_id)
    await _write_version(
        ctx.connection,
        found.row,
        expected_version + 1,
        after,
        changes=changes,
        actor_id=ctx.person().id,
        side=found.side,
    )
    await note_of(ctx, found, ExchangeStep.AMENDED)
    return exchange_id


async def offer(
    ctx: Context, *, exchange_id: UUID, expected_version: int, side: ExchangeSide | None = None
) -> UUID:
    """Offer the newest version to be signed by all.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The agreement does not say enough.
        Conflict: It was changed meanwhile, or is no draft.
    """
    found = await find(ctx, exchange_id, Move.OFFER, side)
    expect_version(found.row, expected_version)
    check_whole(agreements.read(await newest_version(ctx.connection, found.row)), found.today)
    await ctx.connection.execute(OFFER, exchange_id)
    await note_of(ctx, found, ExchangeStep.OFFERED)
    return exchange_id


async def consent(ctx: Context, *, exchange_id: UUID) -> UUID:
    """Consent to going.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They are not the one who goes.
        NotFound: There is no such exchange, as far as they may know.
        Conflict: It is agreed already, or has ended.
        Taken: They consented before.
    """
    found = await find(ctx, exchange_id, Move.CONSENT)
    if not await ctx.connection.fetchval(CONSENT, exchange_id, ctx.person().id):
        raise Taken("exchanges.consented_already", field=("exchange_id",))
    await note_of(ctx, found, ExchangeStep.CONSENTED, person_id=ctx.person().id)
    return exchange_id


async def revoke(ctx: Context, *, exchange_id: UUID, note: str | None = None) -> UUID:
    """Take one's consent back, or refuse it: what is not agreed has to be agreed anew, what is ends.

    When others go too, the exchange goes on with them.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They are not the one who goes.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The note is too long.
        Conflict: It has ended, or their consent was taken back before.
    """
    found = await find(ctx, exchange_id, Move.REVOKE)
    text = _note(note)
    person_id = ctx.person().id
    left = await leave(
        ctx.connection, found.row, person_id, actor_id=person_id, side=found.side, text=text
    )
    if not left:
        raise Conflict("exchanges.revoked_already", field=("exchange_id",))
    return exchange_id


async def sign(
    ctx: Context,
    *,
    exchange_id: UUID,
    expected_version: int,
    name: str,
    side: ExchangeSide | None = None,
) -> UUID:
    """Sign the version that is offered, for a side or as the one who goes; the last signature agrees it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: It is not theirs to sign.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The name is empty or too long; or they do not say for which of several sides.
        Conflict: It was changed meanwhile, is not offered, or the one who goes has not consented.
        Taken: That side signed already.
    """
    found = await find(ctx, exchange_id, Move.SIGN, side)
    expect_version(found.row, expected_version)
    name = checking.text(name, "name", at_least=1, at_most=SIGNED_NAME_MAX)
    actor = ctx.person()
    if found.side is ExchangeSide.EMPLOYEE and not await ctx.connection.fetchval(
        CONSENTED, exchange_id, actor.id
    ):
        raise Conflict("exchanges.consent_first", field=("exchange_id",))
    version = await newest_version(ctx.connection, found.row)
    signed = await ctx.connection.fetchval(
        SIGN, exchange_id, version["id"], found.side, actor.id, name, version["content_hash"]
    )
    if signed is None:
        raise Taken("exchanges.signed_already", field=("side",))
    await note_of(ctx, found, ExchangeStep.SIGNED, person_id=actor.id)
    if await ctx.connection.fetchval(ALL_SIGNED, version["id"], version["person_ids"]):
        await ctx.connection.execute(AGREE, exchange_id)
        await note_of(ctx, found, ExchangeStep.AGREED)
        await take_capacity(ctx, found.row)
    return exchange_id


async def start(ctx: Context, *, exchange_id: UUID, side: ExchangeSide | None = None) -> UUID:
    """Begin what is agreed, on its first day or later; a job does so too.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        Conflict: It is not agreed, or its first day has not come.
    """
    found = await find(ctx, exchange_id, Move.START, side)
    if found.row["starts_on"] > found.today:
        raise Conflict("exchanges.not_begun_yet", field=("exchange_id",))
    await ctx.connection.execute(START, exchange_id)
    await note_of(ctx, found, ExchangeStep.STARTED)
    return exchange_id


async def recall(
    ctx: Context,
    *,
    exchange_id: UUID,
    last_day: date,
    note: str | None = None,
    ask_borrower: bool | None = None,
) -> UUID:
    """Call back who goes, with at least the notice that was agreed; a shorter one the borrower is asked for.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They do not manage exchanges at the lender.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The day is past, or the exchange is over by then; or the note is too long.
        Conflict: It does not go on, or the notice is too short and the borrower is not asked.
    """
    found = await find(ctx, exchange_id, Move.RECALL)
    text = _note(note)
    if last_day < found.today:
        raise InvalidInput("exchanges.day_is_past", field=("last_day",))
    if found.row["last_day"] is not None and last_day >= found.row["last_day"]:
        raise InvalidInput("exchanges.over_by_then", field=("last_day",))
    version = await newest_version(ctx.connection, found.row)
    earliest = found.today + timedelta(days=version["recall_days"])
    if last_day >= earliest:
        await ctx.connection.execute(RECALL, exchange_id, last_day, text)
        await note_of(ctx, found, ExchangeStep.RECALLED)
    elif ask_borrower:
        await ctx.connection.execute(ASK_RECALL, exchange_id, last_day)
        await note_of(ctx, found, ExchangeStep.RECALL_ASKED)
    else:
        raise Conflict(
            "exchanges.notice_too_short",
            field=("last_day",),
            days=version["recall_days"],
            earliest=earliest,
        )
    return exchange_id


async def answer_recall(ctx: Context, *, exchange_id: UUID, accept: bool) -> UUID:
    """Accept or refuse a recall on shorter notice than agreed.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They do not manage exchanges at the borrower.
        NotFound: There is no such exchange, as far as they may know.
        Conflict: It does not go on, or nobody asks for that.
    """
    found = await find(ctx, exchange_id, Move.ANSWER_RECALL)
    asked = found.row["recall_asked_on"]
    if asked is None:
        raise Conflict("exchanges.no_recall_asked", field=("exchange_id",))
    if accept:
        # What was asked for a day that is over by now ends today.
        await ctx.connection.execute(RECALL, exchange_id, max(asked, found.today), "")
        await note_of(ctx, found, ExchangeStep.RECALLED)
    else:
        await ctx.connection.execute(REFUSE_RECALL, exchange_id)
        await note_of(ctx, found, ExchangeStep.RECALL_REFUSED)
    return exchange_id


async def complete(
    ctx: Context, *, exchange_id: UUID, note: str | None = None, side: ExchangeSide | None = None
) -> UUID:
    """Say that who went is back. The borrower may at any time, the lender from the last day on.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The note is too long.
        Conflict: It does not go on; or the lender does so before the last day, which is a recall.
    """
    found = await find(ctx, exchange_id, Move.COMPLETE, side)
    text = _note(note)
    last_day = found.row["last_day"]
    is_early = last_day is None or found.today < last_day
    if is_early and found.side is ExchangeSide.LENDER:
        raise Conflict("exchanges.recall_instead", field=("exchange_id",))
    is_recalled = found.status is ExchangeStatus.RECALLED
    reason = ExchangeEndReason.RETURNED_EARLY if is_early and not is_recalled else None
    await ctx.connection.execute(COMPLETE, exchange_id, reason, text)
    await note_of(ctx, found, ExchangeStep.COMPLETED)
    return exchange_id


async def cancel(
    ctx: Context,
    *,
    exchange_id: UUID,
    reason: ExchangeEndReason,
    note: str | None = None,
    side: ExchangeSide | None = None,
) -> UUID:
    """Call off what has not begun.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They manage exchanges on neither side.
        NotFound: There is no such exchange, as far as they may know.
        InvalidInput: The note is too long, or the reason is one for what goes on.
        Conflict: It has begun, or has ended.
    """
    found = await find(ctx, exchange_id, Move.CANCEL, side)
    if ExchangeEndReason(reason) not in CANCELLING:
        raise InvalidInput("exchanges.reason_of_another_end", field=("reason",))
    await ctx.connection.execute(CANCEL, exchange_id, ExchangeEndReason(reason), _note(note))
    await note_of(ctx, found, ExchangeStep.CANCELLED)
    return exchange_id


CANCELLING = frozenset(
    {
        ExchangeEndReason.NOT_AGREED,
        ExchangeEndReason.PLANS_CHANGED,
        ExchangeEndReason.NO_CAPACITY,
        ExchangeEndReason.OTHER,
    }
)


def _note(value: str | None) -> str:
    return checking.text(value or "", "note", at_most=NOTE_MAX, multiline=True)


async def _listing(
    connection: Connection, keys: list[UUID], organisation_id: UUID, kind: ListingKind
) -> Any:
    for key in keys:
        found = await connection.fetchrow(LISTING, key, organisation_id, kind)
        if found is not None:
            return found
    return None


async def _first(
    connection: Connection, request: Mapping[str, Any], offered: Any, need: Any
) -> Agreement:
    listings = [listing for listing in (need, offered) if listing is not None]

    def said(name: str, default: Any = None) -> Any:
        return next((one[name] for one in listings if one[name] is not None), default)

    starts = request["starts_on"] or said("starts_on")
    ends = request["ends_on"] or said("ends_on")
    if starts is not None and ends is not None and ends < starts:
        # What was asked goes before what a listing says.
        starts, ends = request["starts_on"], request["ends_on"]
    named: Any = await connection.fetchrow(
        NAMED, (need or offered or {}).get("id"), offered["id"] if offered else None
    )
    # What is offered is given on the terms of whoever gives it.
    terms = offered or need
    return Agreement(
        form=ListingForm(request["form"]),
        skill_ids=tuple(named["skills"]),
        hours_per_week=request["hours_per_week"] or said("hours_per_week"),
        hours_total=said("hours_total"),
        starts_on=starts,
        ends_on=ends,
        place_id=said("place_id"),
        is_remote=said("is_remote", default=False),
        terms=ListingTerms(terms["terms"]) if terms else ListingTerms.FREE,
        rate_cents=terms["rate_cents"] if terms else None,
        aim_ids=tuple(named["aims"]),
    )


async def _write_version(
    connection: Connection,
    exchange: Mapping[str, Any],
    number: int,
    agreement: Agreement,
    *,
    changes: list[dict[str, str | None]],
    actor_id: UUID | None,
    side: ExchangeSide | None,
) -> None:
    parties: Any = await connection.fetchrow(PARTIES, exchange["id"])
    sealed = agreements.seal(Parties(**parties), number, agreement)
    columns = {
        "exchange_id": exchange["id"],
        "number": number,
        "author_id": actor_id,
        "side": side,
        **agreement.columns(),
        "changes": changes,
        "canonical": sealed.canonical,
        "content_hash": sealed.content_hash,
    }
    # The names of columns are constants.
    await connection.execute(
        f"insert into agreement_version ({', '.join(columns)})"  # noqa: S608
        f" values ({', '.join(f'${place}' for place in range(1, len(columns) + 1))})",
        *columns.values(),
    )
    people = list(agreement.person_ids)
    await connection.execute(NAME_PEOPLE, exchange["id"], people)
    await connection.execute(FORGET_PEOPLE, exchange["id"], people)
    await connection.execute(KEEP, exchange["id"], number, agreement.starts_on, agreement.ends_on)
