"""Saying that an organisation looked at a listing of another one, once a day."""

from __future__ import annotations

from uuid import UUID

from resolvers.acting import Context
from resolvers.refusals import NotAllowed, NotFound
from resolvers.seeing import ruled
from subscriptions.events import Change, EventKind, record

# Whose it is; whether the person sees it, works at the organisation that looks, and lets it be known.
BEFORE = """
select l.organisation_id, exists ({listing_seen}) as is_seen, p.shows_looks,
  exists (select from membership m join organisation o on o.id = m.organisation_id
          where m.person_id = $1 and m.organisation_id = $3 and m.ended_on is null
            and o.suspended_at is null) as is_member
from listing l, person p where l.id = $2 and p.id = $1
"""
# Nothing comes back when it looked on this day before.
LOOK = """
insert into listing_look (listing_id, organisation_id) values ($1, $2)
on conflict (listing_id, organisation_id) do update
  set looked_at = now(), day_count = listing_look.day_count + 1
  where (listing_look.looked_at at time zone 'UTC')::date < (now() at time zone 'UTC')::date
returning id, day_count
"""


async def look(ctx: Context, *, listing_id: UUID, organisation_id: UUID) -> UUID:
    """Say that the actor looks at a listing in the name of an organisation.

    Nothing is recorded of one's own organisation's listings, a second time on a day, and of people who
    switched it off; that is no refusal, for whoever opens a listing need not know.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: They do not work there, or it is suspended.
        NotFound: There is no such listing, as far as they may know.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(ruled(BEFORE), actor.id, listing_id, organisation_id)
    if found is None or not found["is_seen"]:
        raise NotFound("common.not_found", field=("listing_id",))
    if not found["is_member"]:
        raise NotAllowed("listings.look_as_stranger", field=("organisation_id",))
    if found["organisation_id"] == organisation_id or not found["shows_looks"]:
        return listing_id
    looked = await ctx.connection.fetchrow(LOOK, listing_id, organisation_id)
    if looked is not None:
        # Without who it was, as the row is.
        await record(
            ctx.connection,
            EventKind.LISTING_LOOKED,
            actor_id=None,
            organisation_id=found["organisation_id"],
            subject_id=looked["id"],
            listing_id=listing_id,
            looking_id=organisation_id,
            change=Change.ADDED if looked["day_count"] == 1 else Change.CHANGED,
        )
    return listing_id
