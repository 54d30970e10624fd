"""Listings: writing, opening, pausing, ending and copying them.

What may be done with a listing depends on where it stands (`MOVES`), and on the role of who does it
(`Action.MANAGE_LISTINGS`). Each change is a line of its history, and an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db.tables.listings import (
    OPEN_DAYS,
    OPEN_DAYS_MAX,
    ListingAction,
    ListingAudience,
    ListingCloseReason,
    ListingKind,
    ListingStatus,
)
from resolvers import checking
from resolvers.acting import Connection, Context
from resolvers.auditing import AuditAction
from resolvers.commands.listing_content import Content, Given, check
from resolvers.match_finding import JOB_OF_MATCHING
from resolvers.permissions import Action
from resolvers.refusals import Conflict, InvalidInput, NotFound, TooMany
from resolvers.seeing import sees
from subscriptions.events import Change, EventKind, record

# Drafts and open listings of an organisation; a program would make more.
LISTINGS_MAX = 2_000
OPEN_AS = """
update listing_skill s set open_as = case when l.status = 'OPEN' then l.kind end
from listing l where l.id = $1 and s.listing_id = l.id
"""
FORGET_MATCHES = "delete from listing_match where offer_id = $1 or request_id = $1"
S = ListingStatus
# From where each thing may be done. A listing that ran out counts as expired at once.
MOVES: Mapping[ListingAction, frozenset[ListingStatus]] = {
    ListingAction.EDITED: frozenset({S.DRAFT, S.OPEN, S.PAUSED}),
    ListingAction.OPENED: frozenset({S.DRAFT, S.PAUSED}),
    ListingAction.PAUSED: frozenset({S.OPEN}),
    ListingAction.FILLED: frozenset({S.OPEN, S.PAUSED}),
    ListingAction.CLOSED: frozenset({S.OPEN, S.PAUSED, S.EXPIRED}),
    ListingAction.RENEWED: frozenset({S.OPEN, S.PAUSED, S.FILLED, S.CLOSED, S.EXPIRED}),
}
COUNT = """
select count(*) from listing where organisation_id = $1 and status in ('DRAFT', 'OPEN', 'PAUSED')
"""
FOUND = """
select l.*, case when l.status = 'OPEN' and l.expires_at <= now() then 'EXPIRED' else l.status end
  as status_now
from listing l where l.id = $1 for no key update
"""
SKILLS = """
insert into listing_skill (listing_id, skill_id, importance, minimum_level)
select $1, * from unnest($2::uuid[], $3::text[], $4::int[])
on conflict (listing_id, skill_id)
do update set importance = excluded.importance, minimum_level = excluded.minimum_level
"""
FORGET_SKILLS = "delete from listing_skill where listing_id = $1 and skill_id <> all($2::uuid[])"
AIMS = """
insert into listing_aim (listing_id, skill_id) select $1, unnest($2::uuid[]) on conflict do nothing
"""
FORGET_AIMS = "delete from listing_aim where listing_id = $1 and skill_id <> all($2::uuid[])"
STEP = "insert into listing_step (listing_id, actor_id, action, changed) values ($1, $2, $3, $4)"
FILLED_BY = """
insert into listing_step (listing_id, action, exchange_id) values ($1, 'FILLED', $2)
"""
SKILLS_NOW = """
select array(select (skill_id, importance, minimum_level)::text from listing_skill
             where listing_id = $1 order by skill_id) as skills,
       array(select skill_id from listing_aim where listing_id = $1 order by skill_id) as aims
"""
OPEN = """
update listing set status = 'OPEN', close_reason = null, ended_at = null,
  opened_at = coalesce(opened_at, now()), expires_at = $2, version = version + 1
where id = $1
"""
LEAVE = """
update listing set status = $2::text, close_reason = $3, version = version + 1,
  ended_at = case when $2::text = 'PAUSED' then null else now() end
where id = $1
"""
COPIED = (
    *("organisation_id", "contact_id", "kind", "form", "audience", "title", "body", "body_html"),
    *("language", "hours_per_week", "hours_total", "starts_on", "ends_on", "slack_days"),
    *("place_id", "distance_km", "is_remote", "languages", "capacity", "terms", "rate_cents"),
)
COPY = f"""
with copied as (
  insert into listing (author_id, {", ".join(COPIED)})
  select $2, {", ".join(COPIED)} from listing where id = $1
  returning id
), skills as (
  insert into listing_skill (listing_id, skill_id, importance, minimum_level)
  select copied.id, s.skill_id, s.importance, s.minimum_level
  from copied, listing_skill s where s.listing_id = $1
), aims as (
  insert into listing_aim (listing_id, skill_id)
  select copied.id, a.skill_id from copied, listing_aim a where a.listing_id = $1
)
select id from copied
"""  # noqa: S608 - constants of this module
# Of all that ran out; each is told of in a transaction of a hundred.
EXPIRE = """
update listing set status = 'EXPIRED', ended_at = expires_at, version = version + 1
where id in (
  select id from listing where status = 'OPEN' and expires_at <= now()
  order by expires_at limit 100 for no key update skip locked
)
returning *
"""


async def create(
    ctx: Context,
    *,
    organisation_id: UUID,
    kind: ListingKind,
    listing: Given,
) -> UUID:
    """Write a listing, as a draft.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such organisation, skill, place or contact, as far as they may know.
        InvalidInput: A value cannot be taken.
        TooMany: The organisation has LISTINGS_MAX, or the listing names too many skills.
    """
    await ctx.require(Action.MANAGE_LISTINGS, organisation_id, field="organisation_id")
    content = await check(ctx, organisation_id, listing)
    await _has_room(ctx, organisation_id)
    return await add(ctx, organisation_id, kind, content)


async def add(ctx: Context, organisation_id: UUID, kind: ListingKind, content: Content) -> UUID:
    """Write what was checked as a draft; the caller has made sure that the actor may, and of room."""
    columns = {
        "organisation_id": organisation_id,
        "author_id": ctx.person().id,
        "kind": ListingKind(kind).value,
        **content.columns,
    }
    # The names of columns are constants.
    statement = (
        f"insert into listing ({', '.join(columns)})"  # noqa: S608
        f" values ({', '.join(f'${number}' for number in range(1, len(columns) + 1))}) returning *"
    )
    made: Any = await ctx.connection.fetchrow(statement, *columns.values())
    await _name_skills(ctx, made["id"], content)
    await _done(ctx, made, ListingAction.CREATED)
    return made["id"]  # type: ignore[no-any-return]


async def edit(ctx: Context, *, listing_id: UUID, expected_version: int, listing: Given) -> UUID:
    """Say anew what a listing says: as a whole, what is left out is taken away.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, skill, place or contact, as far as they may know.
        InvalidInput: A value cannot be taken.
        TooMany: It names too many skills.
        Conflict: It was changed meanwhile, or has ended.
    """
    found = await _found(ctx, listing_id, ListingAction.EDITED, expected_version)
    content = await check(ctx, found["organisation_id"], listing)
    if found["status_now"] == ListingStatus.OPEN:
        _not_over(content.columns["ends_on"], content.columns["slack_days"], await _today(ctx))
    before: Any = await ctx.connection.fetchrow(SKILLS_NOW, listing_id)
    columns = {name: value for name, value in content.columns.items() if found[name] != value}
    assignments = "".join(f"{name} = ${number}, " for number, name in enumerate(columns, 2))
    now: Any = await ctx.connection.fetchrow(
        f"update listing set {assignments}version = version + 1 where id = $1 returning *",  # noqa: S608
        listing_id,
        *columns.values(),
    )
    await _name_skills(ctx, listing_id, content)
    after: Any = await ctx.connection.fetchrow(SKILLS_NOW, listing_id)
    changed = [name for name in columns if name != "body_html"]
    changed += [name for name in ("skills", "aims") if before[name] != after[name]]
    await _done(
        ctx, now, ListingAction.EDITED, changed=changed, was=ListingAudience(found["audience"])
    )
    return listing_id


async def open_listing(ctx: Context, *, listing_id: UUID, days: int | None = None) -> UUID:
    """Open a draft or a paused listing to its audience, for so many days.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        InvalidInput: The days are out of bounds, its period is over, or it names no skill and has no text.
        Conflict: It is open, or has ended.
    """
    return await _open(ctx, listing_id, ListingAction.OPENED, days)


async def renew(ctx: Context, *, listing_id: UUID, days: int | None = None) -> UUID:
    """Open a listing for so many days from now on, also one that has ended.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        InvalidInput: The days are out of bounds, or its period is over.
        Conflict: It is a draft.
    """
    return await _open(ctx, listing_id, ListingAction.RENEWED, days)


async def pause(ctx: Context, *, listing_id: UUID) -> UUID:
    """Take an open listing out of sight until it is opened again.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        Conflict: It is not open.
    """
    return await _leave(ctx, listing_id, ListingAction.PAUSED)


async def fill(ctx: Context, *, listing_id: UUID) -> UUID:
    """Say that what was asked or offered has found its place.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        Conflict: It is a draft, or has ended.
    """
    return await _leave(ctx, listing_id, ListingAction.FILLED)


async def close(ctx: Context, *, listing_id: UUID, reason: ListingCloseReason) -> UUID:
    """End a listing that was not filled here, and say why.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        Conflict: It is a draft, or has ended otherwise.
    """
    return await _leave(ctx, listing_id, ListingAction.CLOSED, ListingCloseReason(reason))


async def copy(ctx: Context, *, listing_id: UUID) -> UUID:
    """Make a draft of what a listing of one's own organisation says.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        TooMany: The organisation has LISTINGS_MAX.
    """
    found = await _found(ctx, listing_id)
    await _has_room(ctx, found["organisation_id"])
    key = await ctx.connection.fetchval(COPY, listing_id, ctx.person().id)
    made: Any = await ctx.connection.fetchrow("select * from listing where id = $1", key)
    await _done(ctx, made, ListingAction.CREATED)
    return key  # type: ignore[no-any-return]


async def delete(ctx: Context, *, listing_id: UUID) -> UUID:
    """Throw a draft away.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such listing, as far as they may know.
        Conflict: It is no draft: what others have seen is closed, not deleted.
    """
    found = await _found(ctx, listing_id)
    if found["status_now"] != ListingStatus.DRAFT:
        raise Conflict("listings.only_drafts_are_deleted", field=("listing_id",))
    await ctx.connection.execute("delete from listing where id = $1", listing_id)
    await _record(ctx.connection, ctx.person().id, found, Change.REMOVED)
    return found["organisation_id"]  # type: ignore[no-any-return]


async def fill_by_exchange(ctx: Context, listing_id: UUID, exchange_id: UUID) -> None:
    """Fill a listing of which an exchange that is being agreed took the last place; nobody did it themselves."""
    await ctx.connection.execute(LEAVE, listing_id, ListingAction.FILLED.value, None)
    left: Any = await ctx.connection.fetchrow("select * from listing where id = $1", listing_id)
    await ctx.connection.execute(FILLED_BY, listing_id, exchange_id)
    await _record(ctx.connection, None, left, Change.CHANGED)
    await _place_on_market(ctx.connection, left)


async def expire_due(connection: Connection) -> int:
    """Note what ran out, a hundred at a time within the caller's transaction; give how many."""
    rows: Any = await connection.fetch(EXPIRE)
    for row in rows:
        await connection.execute(STEP, row["id"], None, ListingAction.EXPIRED, [])
        await _record(connection, None, row, Change.REMOVED)
        await _place_on_market(connection, row)
    return len(rows)


async def room(ctx: Context, organisation_id: UUID) -> int:
    """Give how many more listings an organisation may have that have not ended."""
    count: int = await ctx.connection.fetchval(COUNT, organisation_id)
    return max(0, LISTINGS_MAX - count)


async def _has_room(ctx: Context, organisation_id: UUID) -> None:
    if not await room(ctx, organisation_id):
        raise TooMany("listings.too_many", field=("organisation_id",), limit=LISTINGS_MAX)


async def _found(
    ctx: Context,
    listing_id: UUID,
    action: ListingAction | None = None,
    expected_version: int | None = None,
) -> asyncpg.Record:
    """Lock and give a listing that the actor may manage, if it stands where `action` may be done."""
    actor = ctx.person()
    found: asyncpg.Record | None = await ctx.connection.fetchrow(FOUND, listing_id)
    if found is None or not await sees(ctx.connection, actor.id, "listing", listing_id):
        raise NotFound("common.not_found", field=("listing_id",))
    await ctx.require(Action.MANAGE_LISTINGS, found["organisation_id"], field="listing_id")
    if expected_version is not None and found["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    if action is not None and ListingStatus(found["status_now"]) not in MOVES[action]:
        raise Conflict(f"listings.is_{found['status_now'].lower()}", field=("listing_id",))
    return found


async def _open(ctx: Context, listing_id: UUID, action: ListingAction, days: int | None) -> UUID:
    found = await _found(ctx, listing_id, action)
    days = OPEN_DAYS if days is None else days
    checking.number(days, "days", 1, OPEN_DAYS_MAX)
    _not_over(found["ends_on"], found["slack_days"], await _today(ctx))
    names_skills = await ctx.connection.fetchval(
        "select exists (select from listing_skill where listing_id = $1)", listing_id
    )
    if not names_skills and not found["body"]:
        raise InvalidInput("listings.says_nothing", field=("listing_id",))
    now = await ctx.connection.fetchval("select now()")
    await ctx.connection.execute(OPEN, listing_id, now + timedelta(days=days))
    opened: Any = await ctx.connection.fetchrow("select * from listing where id = $1", listing_id)
    await _done(ctx, opened, action)
    if found["opened_at"] is None:
        await ctx.audit(AuditAction.LISTING_OPENED, found["organisation_id"], subject_id=listing_id)
    return listing_id


async def _leave(
    ctx: Context,
    listing_id: UUID,
    action: ListingAction,
    reason: ListingCloseReason | None = None,
) -> UUID:
    found = await _found(ctx, listing_id, action)
    await ctx.connection.execute(LEAVE, listing_id, action.value, reason)
    left: Any = await ctx.connection.fetchrow("select * from listing where id = $1", listing_id)
    await _done(ctx, left, action)
    if action is not ListingAction.PAUSED:
        await ctx.audit(AuditAction.LISTING_ENDED, found["organisation_id"], subject_id=listing_id)
    return listing_id


async def _name_skills(ctx: Context, listing_id: UUID, content: Content) -> None:
    keys = [key for key, *_ in content.skills]
    await ctx.connection.execute(FORGET_SKILLS, listing_id, keys)
    await ctx.connection.execute(
        SKILLS,
        listing_id,
        keys,
        [importance.value for _, importance, _ in content.skills],
        [level for *_, level in content.skills],
    )
    await ctx.connection.execute(FORGET_AIMS, listing_id, list(content.aims))
    await ctx.connection.execute(AIMS, listing_id, list(content.aims))


async def _today(ctx: Context) -> Any:
    return await ctx.connection.fetchval("select current_date")


def _not_over(ends_on: Any, slack_days: int, today: Any) -> None:
    """Refuse a listing whose period is over, with all its slack."""
    if ends_on is not None and ends_on + timedelta(days=slack_days) < today:
        raise InvalidInput("listings.period_over", field=("listing", "ends_on"))


async def _done(
    ctx: Context,
    listing: Mapping[str, Any],
    action: ListingAction,
    *,
    changed: list[str] | None = None,
    was: ListingAudience | None = None,
) -> None:
    """Write the history, record the event, and have matches looked for."""
    actor = ctx.person()
    await ctx.connection.execute(STEP, listing["id"], actor.id, action, changed or [])
    change = Change.ADDED if action is ListingAction.CREATED else Change.CHANGED
    await _record(ctx.connection, actor.id, listing, change, was)
    await _place_on_market(ctx.connection, listing)
    if listing["status"] == ListingStatus.OPEN:
        await ctx.enqueue(JOB_OF_MATCHING, listing_id=str(listing["id"]))


async def _place_on_market(connection: Connection, listing: Mapping[str, Any]) -> None:
    """Have what is open found by others, and nothing else."""
    await connection.execute(OPEN_AS, listing["id"])
    if listing["status"] != ListingStatus.OPEN:
        await connection.execute(FORGET_MATCHES, listing["id"])


async def _record(
    connection: Connection,
    actor_id: UUID | None,
    listing: Any,
    change: Change,
    was: ListingAudience | None = None,
) -> None:
    audience = ListingAudience(listing["audience"])
    await record(
        connection,
        EventKind.LISTING_CHANGED,
        actor_id=actor_id,
        organisation_id=listing["organisation_id"],
        subject_id=listing["id"],
        listing_id=listing["id"],
        audience=audience,
        was_audience=was if was is not audience else None,
        status=ListingStatus(listing["status"]),
        change=change,
    )
