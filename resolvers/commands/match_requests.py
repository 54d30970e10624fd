"""Match requests: asking, answering, taking back, proposing something else, and writing about it.

A request is answered once. Of two who answer at once, or one who answers while the other takes it
back, the first is heard and the other is told so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from db.tables.listings import WEEKLY_HOURS_MAX, ListingForm, ListingKind
from db.tables.match_requests import (
    MESSAGE_MAX,
    NOTE_MAX,
    OPEN_DAYS,
    DeclineReason,
    MatchRequestStatus,
)
from resolvers import checking, markdown
from resolvers.acting import Connection, Context
from resolvers.commands.exchanges import begin
from resolvers.commands.media import attach_to_message
from resolvers.permissions import Action
from resolvers.refusals import Conflict, InvalidInput, NotFound, Taken, TooMany, within
from resolvers.seeing import sees
from subscriptions.events import Change, EventKind, record

# Requests of an organisation that nobody answered yet.
OPEN_MAX = 200
LISTING = """
select organisation_id, kind, form, status = 'OPEN' and expires_at > now() as is_open
from listing where id = $1
"""
OPEN_COUNT = """
select count(*) from match_request
where asking_id = $1 and status = 'PROPOSED' and expires_at > now()
"""
# What ran out makes room for the same request again.
EXPIRE_SAME = """
update match_request set status = 'EXPIRED'
where asking_id = $1 and asked_id = $2 and status = 'PROPOSED' and expires_at <= now()
"""
ASK = f"""
insert into match_request (
  asking_id, asked_id, kind, listing_id, own_listing_id, counter_to_id, form, hours_per_week,
  starts_on, ends_on, message, asked_by_id, expires_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + interval '{OPEN_DAYS} days')
on conflict do nothing returning *
"""  # noqa: S608 - a constant
FOUND = """
select *, status = 'PROPOSED' and expires_at <= now() as is_late from match_request
where id = $1 for no key update
"""
ANSWER = """
update match_request set status = $2, decline_reason = $3, note = $4, answered_by_id = $5,
  answered_at = now()
where id = $1 returning *
"""
WRITE = """
insert into match_message (match_request_id, organisation_id, author_id, body, body_html)
values ($1, $2, $3, $4, $5) returning id
"""
READ = """
insert into match_reading (match_request_id, person_id, read_message_id)
select $1, $2, id from match_message where match_request_id = $1 order by id desc limit 1
on conflict (match_request_id, person_id)
do update set read_message_id = greatest(match_reading.read_message_id, excluded.read_message_id)
"""
EXPIRE = """
update match_request set status = 'EXPIRED'
where id in (
  select id from match_request where status = 'PROPOSED' and expires_at <= now()
  order by expires_at limit 100 for no key update skip locked
) returning *
"""


class Proposal(Protocol):
    """What is proposed: in which form, how much, when."""

    form: ListingForm | None
    hours_per_week: int | None
    starts_on: date | None
    ends_on: date | None


class Counter(Proposal, Protocol):
    """What is proposed instead of what was asked."""

    message: str | None
    listing_id: UUID | None


async def ask(  # noqa: PLR0913 - the fields of a request
    ctx: Context,
    *,
    organisation_id: UUID,
    asked_id: UUID | None = None,
    listing_id: UUID | None = None,
    own_listing_id: UUID | None = None,
    kind: ListingKind | None = None,
    proposal: Proposal | None = None,
    message: str | None = None,
) -> UUID:
    """Ask another organisation to match: about a listing of theirs, or about one's own, or both.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation does not permit it.
        NotFound: There is no such organisation or listing, as far as they may know.
        InvalidInput: It is the own organisation, neither listing nor kind is said, or a value cannot be taken.
        Conflict: A listing is not open.
        Taken: The same is asked already.
        TooMany: OPEN_MAX requests of the organisation are open.
    """
    actor = await ctx.require(Action.MANAGE_LISTINGS, organisation_id, field="organisation_id")
    theirs = await _listing(ctx, listing_id, "listing_id")
    mine = await _listing(ctx, own_listing_id, "own_listing_id")
    if mine is not None and mine["organisation_id"] != organisation_id:
        raise NotFound("common.not_found", field=("own_listing_id",))
    if theirs is not None:
        if asked_id not in (None, theirs["organisation_id"]):
            raise InvalidInput("matches.listing_of_another", field=("asked_id",))
        asked_id = theirs["organisation_id"]
    if asked_id is None:
        raise InvalidInput("matches.nobody_asked", field=("asked_id",))
    if asked_id == organisation_id:
        raise InvalidInput("matches.with_itself", field=("asked_id",))
    if not await sees(ctx.connection, actor.id, "organisation", asked_id):
        raise NotFound("common.not_found", field=("asked_id",))
    way = _way(kind, mine, theirs)
    form = (proposal.form if proposal else None) or _form(mine, theirs)
    if form is None:
        raise InvalidInput("matches.form_missing", field=("proposal", "form"))
    with within("proposal"):
        values = _checked(proposal)
    text = checking.text(message or "", "message", at_most=MESSAGE_MAX, multiline=True)
    return await _ask(
        ctx,
        organisation_id,
        asked_id,
        (way, listing_id, own_listing_id, None, ListingForm(form), *values, text, actor.id),
    )


async def accept(ctx: Context, *, match_request_id: UUID) -> UUID:
    """Agree to what is asked; an exchange begins with it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation that is asked does not permit it.
        NotFound: There is no such request, as far as they may know.
        Conflict: It was answered, taken back, or has expired.
    """
    found = await _found(ctx, match_request_id, "asked_id")
    await _answer(ctx, match_request_id, MatchRequestStatus.ACCEPTED)
    await begin(ctx.connection, dict(found), ctx.person().id)
    return match_request_id


async def decline(
    ctx: Context,
    *,
    match_request_id: UUID,
    reason: DeclineReason,
    note: str | None = None,
    counter: Counter | None = None,
) -> Mapping[str, UUID | None]:
    """Say no, why, and at best what else could be.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation that is asked does not permit it.
        NotFound: There is no such request or listing, as far as they may know.
        InvalidInput: A value cannot be taken, or the counter-offer is what was asked.
        Conflict: It was answered, taken back, or has expired; or the counter's listing is not open.
        Taken: The same is asked already.
    """
    found = await _found(ctx, match_request_id, "asked_id")
    note = checking.text(note or "", "note", at_most=NOTE_MAX, multiline=True)
    await _answer(ctx, match_request_id, MatchRequestStatus.DECLINED, DeclineReason(reason), note)
    if counter is None:
        return {"": match_request_id, "counter": None}
    with within("counter"):
        key = await _counter(ctx, found, counter)
    return {"": match_request_id, "counter": key}


async def withdraw(ctx: Context, *, match_request_id: UUID) -> UUID:
    """Take a request back.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation that asked does not permit it.
        NotFound: There is no such request, as far as they may know.
        Conflict: It was answered, taken back, or has expired.
    """
    await _found(ctx, match_request_id, "asking_id")
    await _answer(ctx, match_request_id, MatchRequestStatus.WITHDRAWN)
    return match_request_id


async def write(
    ctx: Context,
    *,
    match_request_id: UUID,
    organisation_id: UUID,
    body: str,
    media_ids: Sequence[UUID] | None = None,
) -> UUID:
    """Write to the other side, also after the request was answered; with files, if there are some.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation does not permit it.
        NotFound: There is no such request of the organisation, as far as they may know, or one of the
            files is no upload of theirs.
        InvalidInput: The text is empty and there are no files, it is too long, or holds what cannot be
            shown; there are too many files, or one was uploaded for something else.
        Conflict: One of the files is in use.
    """
    actor = await ctx.require(Action.MANAGE_LISTINGS, organisation_id, field="organisation_id")
    found = await ctx.connection.fetchrow(FOUND, match_request_id)
    if found is None or organisation_id not in (found["asking_id"], found["asked_id"]):
        raise NotFound("common.not_found", field=("match_request_id",))
    least = 0 if media_ids else 1
    body = checking.text(body, "body", at_most=MESSAGE_MAX, at_least=least, multiline=True)
    html = markdown.render(body)
    key: UUID = await ctx.connection.fetchval(
        WRITE, match_request_id, organisation_id, actor.id, body, html
    )
    await attach_to_message(ctx, key, media_ids or ())
    await _record(ctx.connection, actor.id, found, EventKind.MATCH_MESSAGE_WRITTEN, message_id=key)
    return key


async def mark_read(ctx: Context, *, match_request_id: UUID) -> UUID:
    """Say that all that was written is read.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such request, as far as they may know.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(FOUND, match_request_id)
    if found is None or not await sees(ctx.connection, actor.id, "match_request", match_request_id):
        raise NotFound("common.not_found", field=("match_request_id",))
    await ctx.connection.execute(READ, match_request_id, actor.id)
    await _record(ctx.connection, actor.id, found, EventKind.MATCH_REQUEST_CHANGED, Change.READ)
    return match_request_id


async def expire_unanswered(connection: Connection) -> int:
    """Note which requests nobody answered in time, a hundred at most; give how many."""
    rows: Any = await connection.fetch(EXPIRE)
    for row in rows:
        await _record(connection, None, row, EventKind.MATCH_REQUEST_CHANGED, Change.CHANGED)
    return len(rows)


async def _listing(ctx: Context, key: UUID | None, field: str) -> asyncpg.Record | None:
    """Give an open listing that the actor may see, None for none."""
    if key is None:
        return None
    found: asyncpg.Record | None = await ctx.connection.fetchrow(LISTING, key)
    if found is None or not await sees(ctx.connection, ctx.person().id, "listing", key):
        raise NotFound("common.not_found", field=(field,))
    if not found["is_open"]:
        raise Conflict("matches.listing_not_open", field=(field,))
    return found


def _way(
    kind: ListingKind | None, mine: asyncpg.Record | None, theirs: asyncpg.Record | None
) -> ListingKind:
    """Tell which way it would go; what the listings say and what is said must agree."""
    ways = set() if kind is None else {ListingKind(kind)}
    if mine is not None:
        ways.add(ListingKind(mine["kind"]))
    if theirs is not None:
        offered = theirs["kind"] == ListingKind.OFFER
        ways.add(ListingKind.REQUEST if offered else ListingKind.OFFER)
    if not ways:
        raise InvalidInput("matches.kind_missing", field=("kind",))
    if len(ways) > 1:
        raise InvalidInput("matches.ways_contradict", field=("kind",))
    return ways.pop()


def _form(mine: asyncpg.Record | None, theirs: asyncpg.Record | None) -> ListingForm | None:
    for listing in (theirs, mine):
        if listing is not None:
            return ListingForm(listing["form"])
    return None


def _checked(proposal: Proposal | None) -> tuple[int | None, date | None, date | None]:
    if proposal is None:
        return None, None, None
    hours, starts, ends = proposal.hours_per_week, proposal.starts_on, proposal.ends_on
    checking.number(hours, "hours_per_week", 1, WEEKLY_HOURS_MAX)
    checking.period(starts, ends, "ends_on")
    return hours, starts, ends


async def _counter(ctx: Context, found: asyncpg.Record, counter: Counter) -> UUID:
    """Propose something else to whoever asked: the same way, or a listing of theirs in return."""
    actor = ctx.person()
    swap = await _listing(ctx, counter.listing_id, "listing_id")
    if swap is not None and swap["organisation_id"] != found["asking_id"]:
        raise NotFound("common.not_found", field=("listing_id",))
    reversed_way = (
        ListingKind.OFFER if found["kind"] == ListingKind.REQUEST else ListingKind.REQUEST
    )
    way = reversed_way if swap is None else _way(None, None, swap)
    form = ListingForm(counter.form or found["form"])
    hours, starts, ends = _checked(counter)
    same = (form, hours, starts, ends) == (
        found["form"],
        found["hours_per_week"],
        found["starts_on"],
        found["ends_on"],
    )
    if same and swap is None:
        raise InvalidInput("matches.counter_is_the_same", field=("form",))
    text = checking.text(counter.message or "", "message", at_most=MESSAGE_MAX, multiline=True)
    theirs = found["own_listing_id"] if swap is None else counter.listing_id
    mine = found["listing_id"] if swap is None else None
    return await _ask(
        ctx,
        found["asked_id"],
        found["asking_id"],
        (way, theirs, mine, found["id"], form, hours, starts, ends, text, actor.id),
    )


async def _ask(ctx: Context, asking_id: UUID, asked_id: UUID, values: tuple[Any, ...]) -> UUID:
    if await ctx.connection.fetchval(OPEN_COUNT, asking_id) >= OPEN_MAX:
        raise TooMany("matches.too_many_open", limit=OPEN_MAX)
    await ctx.connection.execute(EXPIRE_SAME, asking_id, asked_id)
    made = await ctx.connection.fetchrow(ASK, asking_id, asked_id, *values)
    if made is None:
        raise Taken("matches.asked_already", field=("listing_id",))
    await _record(
        ctx.connection, ctx.person().id, made, EventKind.MATCH_REQUEST_CHANGED, Change.ADDED
    )
    return made["id"]  # type: ignore[no-any-return]


async def _found(ctx: Context, match_request_id: UUID, side: str) -> asyncpg.Record:
    """Lock and give an open request of which the actor manages the side."""
    actor = ctx.person()
    found: asyncpg.Record | None = await ctx.connection.fetchrow(FOUND, match_request_id)
    if found is None or not await sees(ctx.connection, actor.id, "match_request", match_request_id):
        raise NotFound("common.not_found", field=("match_request_id",))
    await ctx.require(Action.MANAGE_LISTINGS, found[side], field="match_request_id")
    status = MatchRequestStatus.EXPIRED if found["is_late"] else found["status"]
    if status != MatchRequestStatus.PROPOSED:
        raise Conflict(f"matches.is_{status.lower()}", field=("match_request_id",))
    return found


async def _answer(
    ctx: Context,
    match_request_id: UUID,
    status: MatchRequestStatus,
    reason: DeclineReason | None = None,
    note: str = "",
) -> None:
    row: Any = await ctx.connection.fetchrow(
        ANSWER, match_request_id, status, reason, note, ctx.person().id
    )
    await _record(
        ctx.connection, ctx.person().id, row, EventKind.MATCH_REQUEST_CHANGED, Change.CHANGED
    )


async def _record(
    connection: Connection,
    actor_id: UUID | None,
    request: Mapping[str, Any],
    kind: EventKind,
    change: Change | None = None,
    message_id: UUID | None = None,
) -> None:
    await record(
        connection,
        kind,
        actor_id=actor_id,
        organisation_id=request["asking_id"],
        subject_id=request["id"],
        asked_id=request["asked_id"],
        message_id=message_id,
        change=change,
    )
