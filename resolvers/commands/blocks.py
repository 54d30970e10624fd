"""Blocking: two who do not want to meet, a person and a person or a person and an organisation.

What stood between them ends in the same transaction: follows, invitations, requests to join.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.permissions import Action
from resolvers.refusals import Conflict, InvalidInput, NotFound, TooMany
from resolvers.seeing import sees
from subscriptions.events import Change, EventKind, ids_of

PERSON_FOLLOW_IDS = ids_of(
    "'follower_id', person_id", "'followed_id', followed_id", "'change', 'REMOVED'"
)
FOLLOW_IDS = ids_of("'follower_id', $1::uuid", "'change', 'REMOVED'")
REQUEST_IDS = ids_of("'person_id', $1::uuid")
# Blocks of one person, or of one organisation.
BLOCKS_MAX = 1_000

# The actor's block of the subject if there is one, how many others there are, whether they work there.
STANDING = """
select (
  select id from block where person_id = $1 and not by_organisation
  and coalesce(blocked_person_id, organisation_id) = $2
) as known,
(select count(*) from block where person_id = $1 and not by_organisation) as held,
exists (
  select from membership where person_id = $1 and organisation_id = $2 and ended_on is null
) as is_member
"""
BLOCK_PERSON = """
insert into block (person_id, blocked_person_id) values ($1, $2)
on conflict (person_id, blocked_person_id) do update set person_id = excluded.person_id
returning id
"""
BLOCK_ORGANISATION = """
insert into block (person_id, organisation_id, by_organisation) values ($1, $2, false)
on conflict (person_id, organisation_id, by_organisation)
do update set person_id = excluded.person_id
returning id
"""
BLOCK_BY_ORGANISATION = """
insert into block (person_id, organisation_id, by_organisation) values ($1, $2, true)
on conflict (person_id, organisation_id, by_organisation)
do update set person_id = excluded.person_id
returning id
"""
PERSON_FOLLOWS_END = f"""
with gone as (
  delete from person_follow
  where (person_id, followed_id) in (($1, $2), ($2, $1)) returning person_id, followed_id
)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.FOLLOW_CHANGED}', $1, followed_id, {PERSON_FOLLOW_IDS} from gone
"""  # noqa: S608 - constants
# Of what one sent to the other.
PERSON_INVITATIONS_END = f"""
with gone as (
  update invitation set revoked_at = now()
  from person where answered_at is null and revoked_at is null and invitation.email = person.email
  and (invited_by_id, person.id) in (($1, $2), ($2, $1))
  returning invitation.id, invitation.organisation_id
)
insert into event (kind, actor_id, organisation_id, subject_id)
select '{EventKind.INVITATION_CHANGED}', $1, organisation_id, id from gone
"""  # noqa: S608 - as above
# Between a person ($1) and an organisation ($2); $3 is who acts.
FOLLOW_ENDS = f"""
with gone as (
  delete from follow where person_id = $1 and organisation_id = $2 returning organisation_id
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{EventKind.FOLLOW_CHANGED}', $3, organisation_id, organisation_id, {FOLLOW_IDS} from gone
)
update organisation set follower_count = follower_count - 1
from gone where organisation.id = gone.organisation_id
"""  # noqa: S608 - as above
INVITATIONS_END = f"""
with gone as (
  update invitation set revoked_at = now()
  from person where answered_at is null and revoked_at is null and organisation_id = $2
  and person.id = $1 and invitation.email = person.email returning invitation.id
)
insert into event (kind, actor_id, organisation_id, subject_id)
select '{EventKind.INVITATION_CHANGED}', $3, $2, id from gone
"""  # noqa: S608 - as above
REQUESTS_END = f"""
with gone as (
  update join_request set outcome = $4, decided_at = now()
  where person_id = $1 and organisation_id = $2 and outcome = 'PENDING' returning id
)
insert into event (kind, actor_id, organisation_id, subject_id, ids)
select '{EventKind.JOIN_REQUEST_CHANGED}', $3, $2, id, {REQUEST_IDS} from gone
"""  # noqa: S608 - as above
STANDING_OF_ORGANISATION = """
select (
  select id from block where person_id = $1 and organisation_id = $2 and by_organisation
) as known,
(select count(*) from block where organisation_id = $2 and by_organisation) as held,
exists (
  select from membership where person_id = $1 and organisation_id = $2 and ended_on is null
) as is_member
"""
FIND = """
select person_id, blocked_person_id, organisation_id, by_organisation from block where id = $1
"""
REMOVE = "delete from block where id = $1"


async def block_person(ctx: Context, *, person_id: UUID) -> UUID:
    """Block a person; nothing happens when the actor has already done so.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: It is oneself.
        NotFound: There is no such person, as far as they may know.
        TooMany: They block 1,000 already.
    """
    actor = ctx.person()
    if person_id == actor.id:
        raise InvalidInput("blocks.oneself", field=("person_id",))
    # Seen first: whoever is hidden by a block of this very moment is found as blocked afterwards.
    is_seen = await sees(ctx.connection, actor.id, "person", person_id)
    standing = await _standing(ctx, STANDING, actor.id, person_id)
    if standing["known"] is not None:
        return _key(standing)
    if not is_seen:
        raise NotFound("common.not_found", field=("person_id",))
    _check_room(standing)
    key: UUID = await ctx.connection.fetchval(BLOCK_PERSON, actor.id, person_id)
    await ctx.connection.execute(PERSON_FOLLOWS_END, actor.id, person_id)
    await ctx.connection.execute(PERSON_INVITATIONS_END, actor.id, person_id)
    await ctx.record(
        EventKind.BLOCK_CHANGED,
        subject_id=key,
        person_id=actor.id,
        blocked_person_id=person_id,
        change=Change.ADDED,
    )
    return key


async def block_organisation(ctx: Context, *, organisation_id: UUID) -> UUID:
    """Block an organisation; nothing happens when the actor has already done so.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        Conflict: They work there.
        TooMany: They block 1,000 already.
    """
    actor = ctx.person()
    # Seen first: whoever is hidden by a block of this very moment is found as blocked afterwards.
    is_seen = await sees(ctx.connection, actor.id, "organisation", organisation_id)
    standing = await _standing(ctx, STANDING, actor.id, organisation_id)
    if standing["known"] is not None:
        return _key(standing)
    if not is_seen:
        raise NotFound("common.not_found", field=("organisation_id",))
    if standing["is_member"]:
        raise Conflict("blocks.own_organisation", field=("organisation_id",))
    _check_room(standing)
    key: UUID = await ctx.connection.fetchval(BLOCK_ORGANISATION, actor.id, organisation_id)
    await _part(ctx, actor.id, organisation_id, outcome="WITHDRAWN")
    await ctx.record(
        EventKind.BLOCK_CHANGED,
        subject_id=key,
        person_id=actor.id,
        blocked_organisation_id=organisation_id,
        change=Change.ADDED,
    )
    return key


async def block_person_as_organisation(
    ctx: Context, *, organisation_id: UUID, person_id: UUID
) -> UUID:
    """Block a person in an organisation's name; nothing happens when that was done already.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The actor's role does not permit it.
        NotFound: There is no such organisation or person, as far as they may know.
        Conflict: The person works there.
        TooMany: The organisation blocks 1,000 already.
    """
    actor = await ctx.require(Action.BLOCK, organisation_id, field="organisation_id")
    is_seen = await sees(ctx.connection, actor.id, "person", person_id)
    standing = await _standing(ctx, STANDING_OF_ORGANISATION, person_id, organisation_id)
    if standing["known"] is not None:
        return _key(standing)
    if not is_seen:
        raise NotFound("common.not_found", field=("person_id",))
    if standing["is_member"]:
        raise Conflict("blocks.member", field=("person_id",))
    _check_room(standing)
    key: UUID = await ctx.connection.fetchval(BLOCK_BY_ORGANISATION, person_id, organisation_id)
    await _part(ctx, person_id, organisation_id, outcome="DECLINED")
    await ctx.audit(AuditAction.PERSON_BLOCKED, organisation_id, subject_id=person_id)
    await ctx.record(
        EventKind.BLOCK_CHANGED,
        subject_id=key,
        organisation_id=organisation_id,
        blocked_person_id=person_id,
        change=Change.ADDED,
    )
    return key


async def remove_block(ctx: Context, *, block_id: UUID) -> dict[str, bool]:
    """Take a block back; what it ended does not come back by itself.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such block of theirs, or of an organisation that they manage.
        NotAllowed: The organisation is suspended.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(FIND, block_id)
    if found is None or (not found["by_organisation"] and found["person_id"] != actor.id):
        raise NotFound("common.not_found", field=("block_id",))
    by_organisation: bool = found["by_organisation"]
    if by_organisation:
        role, _ = await ctx.role_in(found["organisation_id"], field="block_id")
        if role is None:
            raise NotFound("common.not_found", field=("block_id",))
        await ctx.require(Action.BLOCK, found["organisation_id"], field="block_id")
        await ctx.audit(
            AuditAction.PERSON_UNBLOCKED, found["organisation_id"], subject_id=found["person_id"]
        )
    await ctx.connection.execute(REMOVE, block_id)
    await ctx.record(
        EventKind.BLOCK_CHANGED,
        subject_id=block_id,
        organisation_id=found["organisation_id"] if by_organisation else None,
        person_id=None if by_organisation else actor.id,
        blocked_person_id=found["person_id"] if by_organisation else found["blocked_person_id"],
        blocked_organisation_id=None if by_organisation else found["organisation_id"],
        change=Change.REMOVED,
    )
    return {"removed": True}


async def _standing(
    ctx: Context, statement: str, person_id: UUID, subject_id: UUID
) -> Mapping[str, Any]:
    return dict(await ctx.connection.fetchrow(statement, person_id, subject_id) or {})


def _key(standing: Mapping[str, Any]) -> UUID:
    key: UUID = standing["known"]
    return key


def _check_room(standing: Mapping[str, Any]) -> None:
    if standing["held"] >= BLOCKS_MAX:
        raise TooMany("blocks.too_many", limit=BLOCKS_MAX)


async def _part(ctx: Context, person_id: UUID, organisation_id: UUID, *, outcome: str) -> None:
    """End what stands between a person and an organisation; `outcome` is of a request to join."""
    actor = ctx.person()
    await ctx.connection.execute(FOLLOW_ENDS, person_id, organisation_id, actor.id)
    await ctx.connection.execute(INVITATIONS_END, person_id, organisation_id, actor.id)
    await ctx.connection.execute(REQUESTS_END, person_id, organisation_id, actor.id, outcome)
