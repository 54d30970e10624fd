"""Matches that one's own organisation does not want to see, and taking that back."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from db.tables.matches import DismissalReason
from resolvers.acting import Context
from resolvers.permissions import Action
from resolvers.refusals import NotFound
from subscriptions.events import Change, EventKind

FOUND = """
select offer_id, request_id, offering_id, requesting_id from listing_match where id = $1
"""
DISMISS = """
insert into match_dismissal (organisation_id, offer_id, request_id, actor_id, reason)
values ($1, $2, $3, $4, $5)
on conflict (organisation_id, offer_id, request_id)
do update set reason = excluded.reason, actor_id = excluded.actor_id
"""
RESTORE = """
delete from match_dismissal where organisation_id = $1 and offer_id = $2 and request_id = $3
"""


async def dismiss(
    ctx: Context, *, match_id: UUID, organisation_id: UUID, reason: DismissalReason
) -> UUID:
    """Keep a match out of an organisation's lists. The other side is told nothing, and still sees it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation does not permit it.
        NotFound: There is no such match of the organisation, as far as they may know.
    """
    found = await _found(ctx, match_id, organisation_id)
    await ctx.connection.execute(
        DISMISS,
        organisation_id,
        found["offer_id"],
        found["request_id"],
        ctx.person().id,
        DismissalReason(reason),
    )
    await _record(ctx, match_id, organisation_id, found, Change.ADDED)
    return match_id


async def restore(ctx: Context, *, match_id: UUID, organisation_id: UUID) -> UUID:
    """Show a match again that the organisation dismissed.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role in the organisation does not permit it.
        NotFound: There is no such match of the organisation, as far as they may know.
    """
    found = await _found(ctx, match_id, organisation_id)
    await ctx.connection.execute(RESTORE, organisation_id, found["offer_id"], found["request_id"])
    await _record(ctx, match_id, organisation_id, found, Change.REMOVED)
    return match_id


async def _found(ctx: Context, match_id: UUID, organisation_id: UUID) -> asyncpg.Record:
    await ctx.require(Action.MANAGE_LISTINGS, organisation_id, field="organisation_id")
    found: asyncpg.Record | None = await ctx.connection.fetchrow(FOUND, match_id)
    if found is None or organisation_id not in (found["offering_id"], found["requesting_id"]):
        raise NotFound("common.not_found", field=("match_id",))
    return found


async def _record(
    ctx: Context, match_id: UUID, organisation_id: UUID, found: asyncpg.Record, change: Change
) -> None:
    await ctx.record(
        EventKind.MATCH_DISMISSED,
        organisation_id=organisation_id,
        subject_id=match_id,
        offer_id=found["offer_id"],
        request_id=found["request_id"],
        change=change,
    )
