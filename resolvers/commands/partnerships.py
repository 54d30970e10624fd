"""Partnerships: asked for by one organisation, accepted by the other, ended by either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.tables.organisations import MESSAGE_MAX, PartnershipStatus
from db.tables.people import Role
from resolvers import checking
from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.permissions import Action, permitted
from resolvers.refusals import Conflict, InvalidInput, NotAllowed, NotFound, Taken, TooMany
from resolvers.seeing import ruled
from subscriptions.events import EventKind

DAYS_AFTER_DECLINE = 30
OPEN_REQUESTS_MAX = 100
# Of the actor ($1) and the one to be asked ($2), in the name of $3.
BEFORE_ASKING = """
select (select count(*) from partnership where requester_id = $3 and status = 'REQUESTED') as open,
       exists (
         select from partnership where requester_id = $3 and addressee_id = $2
           and status = 'DECLINED' and decided_at > now() - make_interval(days => $4)
       ) as was_declined,
       o.suspended_at is not null as is_suspended, m.role, exists ({organisation_seen}) as is_seen
from organisation o left join membership m
  on m.organisation_id = o.id and m.person_id = $1 and m.ended_on is null
where o.id = $3
"""
# Whoever is asked already, and asks back, accepts: so two who ask at once have one partnership.
REQUEST = """
insert into partnership (requester_id, addressee_id, message, requested_by_id)
values ($1, $2, $3, $4)
on conflict (least(requester_id, addressee_id), greatest(requester_id, addressee_id))
  where status in ('REQUESTED', 'ACTIVE')
do update set status = 'ACTIVE', decided_by_id = $4, decided_at = now()
  where partnership.status = 'REQUESTED' and partnership.requester_id = $2
returning id, status
"""
# The actor's roles on both sides.
FOUND = """
select p.status, p.requester_id, p.addressee_id,
       asked.role as requester_role, answered.role as addressee_role,
       r.suspended_at is not null as requester_is_suspended,
       a.suspended_at is not null as addressee_is_suspended
from partnership p
join organisation r on r.id = p.requester_id
join organisation a on a.id = p.addressee_id
left join membership asked on asked.organisation_id = p.requester_id
  and asked.person_id = $2 and asked.ended_on is null
left join membership answered on answered.organisation_id = p.addressee_id
  and answered.person_id = $2 and answered.ended_on is null
where p.id = $1
for no key update of p
"""
ANSWER = """
update partnership set status = $2, decided_by_id = $3, decided_at = now() where id = $1
"""
END = "update partnership set status = 'ENDED', ended_at = now() where id = $1"


async def request_partnership(
    ctx: Context, *, organisation_id: UUID, partner_id: UUID, message: str | None = None
) -> UUID:
    """Ask another organisation to be partners; if that one has asked already, accept.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it.
        InvalidInput: It is the same organisation, or the message cannot be taken.
        Taken: They are partners, or have asked already.
        TooMany: OPEN_REQUESTS_MAX are open, or this one was declined lately.
    """
    actor = ctx.person()
    before = await ctx.connection.fetchrow(
        ruled(BEFORE_ASKING), actor.id, partner_id, organisation_id, DAYS_AFTER_DECLINE
    )
    role = None if before is None or before["role"] is None else Role(before["role"])
    if before is None or not permitted(Action.MANAGE_PARTNERSHIPS, role) or before["is_suspended"]:
        # Says what of it is missing.
        await ctx.require(Action.MANAGE_PARTNERSHIPS, organisation_id, field="organisation_id")
        raise Conflict("common.try_again")
    if organisation_id == partner_id:
        raise InvalidInput("partnerships.with_itself", field=("partner_id",))
    message = checking.text(message or "", "message", at_most=MESSAGE_MAX, multiline=True)
    if not before["is_seen"]:
        raise NotFound("common.not_found", field=("partner_id",))
    if before["was_declined"]:
        raise TooMany(
            "partnerships.declined_lately", field=("partner_id",), days=DAYS_AFTER_DECLINE
        )
    if before["open"] >= OPEN_REQUESTS_MAX:
        raise TooMany("partnerships.too_many_open", limit=OPEN_REQUESTS_MAX)
    made = await ctx.connection.fetchrow(REQUEST, organisation_id, partner_id, message, actor.id)
    if made is None:
        raise Taken("partnerships.asked_already", field=("partner_id",))
    agreed = made["status"] == PartnershipStatus.ACTIVE
    key: UUID = made["id"]
    await _changed(
        ctx,
        AuditAction.PARTNERSHIP_ACCEPTED if agreed else AuditAction.PARTNERSHIP_REQUESTED,
        key,
        organisation_id,
        partner_id,
    )
    return key


async def accept_partnership(ctx: Context, *, partnership_id: UUID) -> UUID:
    """Agree to be partners.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such partnership, as far as they may know.
        NotAllowed: Their role in the organisation that was asked does not permit it.
        Conflict: It was answered, or taken back.
    """
    return await _answer(
        ctx, partnership_id, PartnershipStatus.ACTIVE, AuditAction.PARTNERSHIP_ACCEPTED
    )


async def decline_partnership(ctx: Context, *, partnership_id: UUID) -> UUID:
    """Say no to being partners; they may ask again after DAYS_AFTER_DECLINE days.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such partnership, as far as they may know.
        NotAllowed: Their role in the organisation that was asked does not permit it.
        Conflict: It was answered, or taken back.
    """
    return await _answer(
        ctx, partnership_id, PartnershipStatus.DECLINED, AuditAction.PARTNERSHIP_DECLINED
    )


async def end_partnership(ctx: Context, *, partnership_id: UUID) -> UUID:
    """Be partners no longer, or take back what was asked.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such partnership, as far as they may know.
        NotAllowed: Their role on neither side permits it.
        Conflict: It was declined or has ended.
    """
    found = await _found(ctx, partnership_id)
    asked = _may(found, "requester")
    answered = _may(found, "addressee") and found["status"] == PartnershipStatus.ACTIVE
    if not asked and not answered:
        raise NotAllowed("common.role_missing", field=("partnership_id",))
    if found["status"] not in {PartnershipStatus.REQUESTED, PartnershipStatus.ACTIVE}:
        raise Conflict("partnerships.over", field=("partnership_id",))
    await ctx.connection.execute(END, partnership_id)
    sides = found["requester_id"], found["addressee_id"]
    mine, other = sides if asked else sides[::-1]
    await _changed(ctx, AuditAction.PARTNERSHIP_ENDED, partnership_id, mine, other)
    return partnership_id


async def _answer(
    ctx: Context, partnership_id: UUID, status: PartnershipStatus, action: AuditAction
) -> UUID:
    found = await _found(ctx, partnership_id)
    if not _may(found, "addressee"):
        raise NotAllowed("common.role_missing", field=("partnership_id",))
    if found["status"] != PartnershipStatus.REQUESTED:
        raise Conflict("partnerships.answered", field=("partnership_id",))
    await ctx.connection.execute(ANSWER, partnership_id, status, ctx.person().id)
    await _changed(ctx, action, partnership_id, found["addressee_id"], found["requester_id"])
    return partnership_id


async def _found(ctx: Context, partnership_id: UUID) -> Mapping[str, Any]:
    """Lock and give a partnership of an organisation that the actor is a member of.

    Raises:
        NotFound: There is none.
    """
    actor = ctx.person()
    found: Mapping[str, Any] | None = await ctx.connection.fetchrow(FOUND, partnership_id, actor.id)
    if found is None or (found["requester_role"] is None and found["addressee_role"] is None):
        raise NotFound("common.not_found", field=("partnership_id",))
    return found


def _may(found: Mapping[str, Any], side: str) -> bool:
    role = found[f"{side}_role"]
    return (
        role is not None
        and permitted(Action.MANAGE_PARTNERSHIPS, Role(role))
        and not found[f"{side}_is_suspended"]
    )


async def _changed(
    ctx: Context, action: AuditAction, partnership_id: UUID, organisation_id: UUID, partner_id: UUID
) -> None:
    """Record what happened, in the trails of both."""
    await ctx.record(
        EventKind.PARTNERSHIP_CHANGED,
        organisation_id=organisation_id,
        subject_id=partnership_id,
        partner_id=partner_id,
    )
    await ctx.audit(action, organisation_id, subject_id=partner_id)
    await ctx.audit(action, partner_id, subject_id=organisation_id)
