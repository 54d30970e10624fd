"""Belonging to an organisation: roles, titles, leaving, handing over. Never without an owner.

Whoever changes who is in an organisation locks its row first. What is read together with the lock
may be older than the lock, so a write says what it relies on and does nothing when that is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.tables.people import Role
from resolvers import checking
from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.commands.exchange_leaving import leave_all
from resolvers.permissions import Action, may_grant, permitted
from resolvers.refusals import Conflict, NotAllowed, NotFound, Refusal
from resolvers.seeing import sees
from subscriptions.events import Change, EventKind, ids_of

TITLE_MAX = 120
PERSON_IDS = ids_of("'person_id', $2::uuid")
BEGAN_IDS = ids_of("'person_id', $2::uuid", "'change', 'ADDED'")
# Makes a person ($2) a member of an organisation ($1) with a role ($3) unless they are one. Whoever
# left on the same day comes back. Open invitations and requests of theirs are answered by it. The
# caller has locked the organisation's row, or has just made it. $4 is who acts, if anybody does.
ENTER = f"""
with entered as (
  insert into membership (organisation_id, person_id, role)
  select $1, $2, $3 where not exists (
    select from membership where person_id = $2 and organisation_id = $1 and ended_on is null
  )
  on conflict (person_id, organisation_id, started_on) do update
    set ended_on = null, role = excluded.role, title = ''
  returning id
), invited as (
  update invitation set answered_at = now(), accepted = true from entered, person
  where person.id = $2 and person.email_verified_at is not null
    and invitation.email = person.email and invitation.organisation_id = $1
    and invitation.answered_at is null and invitation.revoked_at is null
  returning invitation.id
), asked as (
  update join_request set outcome = 'ACCEPTED', decided_at = now() from entered
  where join_request.organisation_id = $1 and join_request.person_id = $2
    and join_request.outcome = 'PENDING'
  returning join_request.id
), answered as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{EventKind.INVITATION_CHANGED}', $4::uuid, $1::uuid, id, '{{}}'::jsonb from invited
  union all
  select '{EventKind.JOIN_REQUEST_CHANGED}', $4, $1, id, {PERSON_IDS} from asked
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{EventKind.MEMBERSHIP_CHANGED}', $4, $1, id, {BEGAN_IDS} from entered
), counted as (
  update organisation set member_count = member_count + 1 from entered where organisation.id = $1
)
select id from entered
"""  # noqa: S608 - constants
LOCK = "select suspended_at is not null from organisation where id = $1 for no key update"
# Of a membership ($1) and the actor ($2): what is to be known before anything is changed.
STANDING = """
select m.organisation_id, m.person_id, m.role, m.ended_on is not null as has_ended,
       o.suspended_at is not null as is_suspended,
       mine.id as actor_membership_id, mine.role as actor_role
from membership m
join organisation o on o.id = m.organisation_id
left join membership mine
  on mine.organisation_id = o.id and mine.person_id = $2 and mine.ended_on is null
where m.id = $1
for no key update of o
"""
# The same, of the membership of a person ($3, or the actor) in an organisation ($1).
STANDING_IN = """
select o.id as organisation_id, m.id, m.person_id, m.role,
       o.suspended_at is not null as is_suspended,
       mine.id as actor_membership_id, mine.role as actor_role
from organisation o
left join membership m
  on m.organisation_id = o.id and m.person_id = $3 and m.ended_on is null
left join membership mine
  on mine.organisation_id = o.id and mine.person_id = $2 and mine.ended_on is null
where o.id = $1
for no key update of o
"""
# What is relied on: the role of the one concerned ($2), and the actor's ($3, $4).
STILL = """
  m.id = $1 and m.role = $2 and m.ended_on is null
  and exists (select from membership a where a.id = $3 and a.role = $4 and a.ended_on is null)
"""
ANOTHER_OWNER = """
  exists (
    select from membership other where other.organisation_id = m.organisation_id
      and other.role = 'OWNER' and other.ended_on is null and other.id <> m.id
  )
"""
# Invitations that a person may no longer make are taken back with the role that allowed them.
REVOKE = """
  update invitation set revoked_at = now() from changed
  where invitation.organisation_id = changed.organisation_id
    and invitation.invited_by_id = changed.person_id
    and invitation.answered_at is null and invitation.revoked_at is null
    and invitation.role <> all($5::text[])
  returning invitation.id, invitation.organisation_id
"""
# $6 is who acts, $7 the change.
RECORD = f"""
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{EventKind.MEMBERSHIP_CHANGED}', $6::uuid, organisation_id, id,
    jsonb_build_object('person_id', person_id, 'change', $7::text) from changed
  union all
  select '{EventKind.INVITATION_CHANGED}', $6, organisation_id, id, '{{}}' from revoked
"""  # noqa: S608 - as above
CHANGE_ROLE = f"""
with changed as (
  update membership m set role = $8 where {STILL} and (m.role <> 'OWNER' or {ANOTHER_OWNER})
  returning m.id, m.organisation_id, m.person_id
), revoked as ({REVOKE}), recorded as ({RECORD})
select id from changed
"""  # noqa: S608 - put together from the constants above
END = f"""
with changed as (
  update membership m set ended_on = greatest(current_date, m.started_on)
  where {STILL} and (m.role <> 'OWNER' or {ANOTHER_OWNER})
  returning m.id, m.organisation_id, m.person_id
), revoked as ({REVOKE}), recorded as ({RECORD}), counted as (
  update organisation set member_count = member_count - 1 from changed
  where organisation.id = changed.organisation_id
)
select id from changed
"""  # noqa: S608 - as above
CHANGED_IDS = ids_of("'person_id', person_id", "'change', 'CHANGED'")
HAND_OVER = f"""
with given as (
  update membership m set role = 'OWNER' where m.id = $1 and m.ended_on is null
    and exists (select from membership where id = $2 and role = 'OWNER' and ended_on is null)
  returning m.id, m.organisation_id, m.person_id
), resigned as (
  update membership m set role = 'ADMIN' from given where m.id = $2
  returning m.id, m.organisation_id, m.person_id
), recorded as (
  insert into event (kind, actor_id, organisation_id, subject_id, ids)
  select '{EventKind.MEMBERSHIP_CHANGED}', $3, organisation_id, id, {CHANGED_IDS}
  from (table given union all table resigned) changed
)
select id from resigned
"""  # noqa: S608 - as above

ENTITLE = """
update membership set title = $3 where id = $1 and person_id = $2
returning organisation_id, old.title
"""


@dataclass(frozen=True)
class _Standing:
    """One membership, and what the actor is where it is."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    role: Role
    actor_membership_id: UUID
    actor_role: Role

    @property
    def relied_on(self) -> tuple[UUID, Role, UUID, Role]:
        """The first binds of a write."""
        return self.id, self.role, self.actor_membership_id, self.actor_role


async def enter(ctx: Context, organisation_id: UUID, person_id: UUID, role: Role) -> UUID | None:
    """Make somebody a member, in the organisation's trail and with the event; None: they are one."""
    await ctx.connection.fetchval(LOCK, organisation_id)
    membership_id: UUID | None = await ctx.connection.fetchval(
        ENTER, organisation_id, person_id, role, ctx.actor.id if ctx.actor else None
    )
    if membership_id is not None:
        await ctx.audit(
            AuditAction.MEMBERSHIP_BEGAN, organisation_id, subject_id=person_id, role=role
        )
    return membership_id


async def change_membership_role(ctx: Context, *, membership_id: UUID, role: Role) -> UUID:
    """Give a member another role.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such current membership, as far as they may know.
        NotAllowed: The old or the new role is not theirs to give.
        Conflict: The last owner would no longer be one.
    """
    standing = await _managed(ctx, membership_id)
    if standing.role is role:
        return membership_id
    _may_give(standing, role)
    done = await ctx.connection.fetchval(
        CHANGE_ROLE,
        *standing.relied_on,
        [given for given in Role if may_grant(role, given)],
        ctx.person().id,
        Change.CHANGED,
        role,
    )
    if done is None:
        raise _not_done(standing)
    await ctx.audit(
        AuditAction.MEMBERSHIP_ROLE_CHANGED,
        standing.organisation_id,
        subject_id=standing.person_id,
        old_role=standing.role,
        role=role,
    )
    return membership_id


async def edit_membership(ctx: Context, *, membership_id: UUID, title: str) -> UUID:
    """Say what one is called in an organisation; only the member does so.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such membership, as far as they may know.
        NotAllowed: It is somebody else's.
        InvalidInput: The title cannot be taken.
    """
    actor = ctx.person()
    title = checking.text(title, "title", at_most=TITLE_MAX)
    found = await ctx.connection.fetchrow(ENTITLE, membership_id, actor.id, title)
    if found is None:
        raise await _hidden_or_not_theirs(ctx, membership_id)
    if found["title"] != title:
        await ctx.record(
            EventKind.MEMBERSHIP_CHANGED,
            organisation_id=found["organisation_id"],
            subject_id=membership_id,
            person_id=actor.id,
            change=Change.CHANGED,
        )
    return membership_id


async def end_membership(ctx: Context, *, membership_id: UUID) -> UUID:
    """End somebody's membership; their posts and what they did stay.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such current membership, as far as they may know.
        NotAllowed: Their role does not permit it.
        Conflict: It is the last owner's.
    """
    standing = await _managed(ctx, membership_id, even_own=True)
    await _end(ctx, standing, AuditAction.MEMBERSHIP_ENDED)
    return membership_id


async def leave_organisation(ctx: Context, *, organisation_id: UUID) -> UUID | None:
    """Leave an organisation; give it, unless it is suspended and so out of sight from now on.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        Conflict: They are no member, or its last owner.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(STANDING_IN, organisation_id, actor.id, actor.id)
    if found is None or found["id"] is None:
        await ctx.role_in(organisation_id, field="organisation_id")
        raise Conflict("memberships.not_a_member", field=("organisation_id",))
    await _end(ctx, _standing(found["id"], found), AuditAction.MEMBERSHIP_LEFT)
    return None if found["is_suspended"] else organisation_id


async def hand_over_organisation(
    ctx: Context, *, organisation_id: UUID, person_id: UUID
) -> Mapping[str, Any]:
    """Make another member an owner in one's own place, and become an administrator.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know, or no such member.
        NotAllowed: They are no owner.
        Conflict: The person is an owner already, or something changed meanwhile.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(STANDING_IN, organisation_id, actor.id, person_id)
    if found is None or found["actor_role"] is None:
        await ctx.require(Action.MANAGE_OWNERS, organisation_id, field="organisation_id")
        raise Conflict("common.try_again")
    if not permitted(Action.MANAGE_OWNERS, Role(found["actor_role"])) or found["is_suspended"]:
        raise NotAllowed("common.role_missing", field=("organisation_id",))
    if found["id"] is None:
        raise NotFound("memberships.no_member", field=("person_id",))
    if found["role"] == Role.OWNER:
        raise Conflict("memberships.owner_already", field=("person_id",))
    done = await ctx.connection.fetchval(
        HAND_OVER, found["id"], found["actor_membership_id"], actor.id
    )
    if done is None:
        raise Conflict("common.try_again")
    await ctx.audit(
        AuditAction.ORGANISATION_HANDED_OVER,
        organisation_id,
        subject_id=person_id,
        old_role=found["role"],
    )
    return {"organisation": organisation_id, "membership": found["id"]}


async def _managed(ctx: Context, membership_id: UUID, *, even_own: bool = False) -> _Standing:
    """Lock the organisation of a current membership that the actor may manage.

    Raises:
        NotFound: There is none, as far as they may know.
        NotAllowed: Their role does not permit it, or it is an owner's and they are none.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(STANDING, membership_id, actor.id)
    if found is None or found["has_ended"]:
        raise NotFound("common.not_found", field=("membership_id",))
    if found["actor_role"] is None:
        raise await _hidden_or_not_theirs(ctx, membership_id)
    standing = _standing(membership_id, found)
    if even_own and standing.person_id == actor.id:
        return standing
    if not permitted(Action.MANAGE_MEMBERS, standing.actor_role) or found["is_suspended"]:
        raise NotAllowed("common.role_missing", field=("membership_id",))
    if not may_grant(standing.actor_role, standing.role):
        raise NotAllowed("memberships.owners_only", field=("membership_id",))
    return standing


def _standing(membership_id: UUID, found: Mapping[str, Any]) -> _Standing:
    return _Standing(
        membership_id,
        found["organisation_id"],
        found["person_id"],
        Role(found["role"]),
        found["actor_membership_id"],
        Role(found["actor_role"]),
    )


async def _end(ctx: Context, standing: _Standing, action: AuditAction) -> None:
    done = await ctx.connection.fetchval(
        END, *standing.relied_on, [], ctx.person().id, Change.REMOVED
    )
    if done is None:
        raise _not_done(standing)
    # Whoever works there no longer is no longer lent by it.
    await leave_all(
        ctx.connection,
        standing.person_id,
        actor_id=ctx.person().id,
        lender_id=standing.organisation_id,
    )
    await ctx.audit(
        action, standing.organisation_id, subject_id=standing.person_id, old_role=standing.role
    )


def _may_give(standing: _Standing, role: Role) -> None:
    if not may_grant(standing.actor_role, role):
        raise NotAllowed("memberships.above_own_role", field=("role",))


def _not_done(standing: _Standing) -> Refusal:
    if standing.role is Role.OWNER:
        return Conflict("memberships.last_owner")
    return Conflict("common.try_again")


async def _hidden_or_not_theirs(ctx: Context, membership_id: UUID) -> Refusal:
    actor = ctx.person()
    if await sees(ctx.connection, actor.id, "membership", membership_id):
        return NotAllowed("common.role_missing", field=("membership_id",))
    return NotFound("common.not_found", field=("membership_id",))
