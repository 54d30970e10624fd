"""Becoming a member: invitations by e-mail, and requests to join.

An invitation is for one address. Its link is known to whoever reads that mailbox; it makes nobody a
member but the signed-in person whose verified address it is. So a link that is passed on, or read
over somebody's shoulder, opens nothing. The inviter learns nothing either: an address with an
account and one without are answered alike, and only the mailbox is told more.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.tables.organisations import MESSAGE_MAX
from db.tables.people import Role
from resolvers import checking
from resolvers.accounts import SECRET_BYTES, hash_secret
from resolvers.acting import Actor, Context
from resolvers.auditing import AuditAction
from resolvers.commands.memberships import enter
from resolvers.permissions import Action, may_grant, permitted
from resolvers.refusals import (
    Conflict,
    Expired,
    InvalidInput,
    NotAllowed,
    NotFound,
    Taken,
    TooMany,
)
from resolvers.seeing import ruled, sees
from subscriptions.events import EventKind

INVITATION_LIFE = timedelta(days=14)
# An organisation that sends more than this is sending unwanted mail.
INVITATIONS_A_DAY = 200
REQUESTS_PENDING_MAX = 20
DAYS_AFTER_DECLINE = 7
# An invitation that has expired is sent anew.
INVITE = """
insert into invitation (organisation_id, email, role, invited_by_id, secret_hash, expires_at)
values ($1, $2, $3, $4, $5, now() + $6)
on conflict (organisation_id, email) where answered_at is null and revoked_at is null
do update set role = excluded.role, invited_by_id = excluded.invited_by_id, created_at = now(),
  secret_hash = excluded.secret_hash, expires_at = excluded.expires_at
  where invitation.expires_at <= now()
returning id
"""
# The language of whoever has the address, if anybody does, is for the mailbox alone.
BEFORE_INVITING = """
select o.name, coalesce((select p.locale from person p where p.email = $2), $3) as locale,
       (select count(*) from invitation i
         where i.organisation_id = $1 and i.created_at > now() - interval '1 day') as sent,
       m.role as actor_role, o.suspended_at is not null as is_suspended
from organisation o left join membership m
  on m.organisation_id = o.id and m.person_id = $4 and m.ended_on is null
where o.id = $1
"""
FOUND = """
select i.id, i.organisation_id, i.role, i.email = p.email as is_theirs,
       p.email_verified_at is not null as is_verified, i.answered_at, i.accepted, i.revoked_at,
       i.expires_at <= now() as has_expired,
       o.suspended_at is not null or exists (
         select from block b where b.organisation_id = o.id and b.person_id = p.id
       ) as is_closed
from invitation i
join organisation o on o.id = i.organisation_id
join person p on p.id = $2
where case when $1::bytea is null then i.id = $3 else i.secret_hash = $1 end
for no key update of i
"""
# Asked on its own: what is read together with a lock may be older than the lock.
CURRENT = """
select id from membership where person_id = $1 and organisation_id = $2 and ended_on is null
"""
ANSWER = "update invitation set answered_at = now(), accepted = $2 where id = $1"
BEFORE_REVOKING = """
select i.organisation_id, i.role, m.role as actor_role, o.suspended_at is not null as is_suspended
from invitation i join organisation o on o.id = i.organisation_id
left join membership m
  on m.organisation_id = o.id and m.person_id = $2 and m.ended_on is null
where i.id = $1
"""
REVOKE = """
update invitation set revoked_at = now()
where id = $1 and answered_at is null and revoked_at is null returning id
"""
APPLICANT = """
select p.email_verified_at is not null
         and right('.' || lower(split_part(p.email::text, '@', 2)), length(o.verified_domain) + 1)
           = '.' || lower(o.verified_domain) as is_of_domain,
       exists (
         select from membership m
         where m.person_id = p.id and m.organisation_id = o.id and m.ended_on is null
       ) as is_member,
       (select count(*) from join_request r where r.person_id = p.id and r.outcome = 'PENDING')
         as pending,
       exists (
         select from join_request r where r.person_id = p.id and r.organisation_id = o.id
           and r.outcome = 'DECLINED' and r.decided_at > now() - make_interval(days => $3)
       ) as was_declined,
       exists ({organisation_seen}) as is_seen
from person p, organisation o where p.id = $1 and o.id = $2
"""
ASK = """
insert into join_request (organisation_id, person_id, message, outcome, decided_at)
values ($1, $2, $3, $4::varchar, case when $4::varchar = 'PENDING' then null else now() end)
on conflict do nothing returning id
"""
REQUEST = """
select r.organisation_id, r.person_id, r.outcome, m.role as actor_role,
       o.suspended_at is not null as is_suspended
from join_request r
join organisation o on o.id = r.organisation_id
left join membership m
  on m.organisation_id = r.organisation_id and m.person_id = $2 and m.ended_on is null
where r.id = $1
for no key update of r
"""
DECIDE = """
update join_request set outcome = $2, decided_by_id = $3, decided_at = now() where id = $1
"""


async def create_invitation(
    ctx: Context, *, organisation_id: UUID, email: str, role: Role | None = None
) -> UUID:
    """Invite whoever reads mail at an address; it is valid for INVITATION_LIFE.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it, or the role is not theirs to give.
        InvalidInput: It is no address.
        Taken: It is invited already, and the invitation is still good.
        TooMany: INVITATIONS_A_DAY were sent within a day.
    """
    actor = ctx.person()
    role = role or Role.MEMBER
    before = await ctx.connection.fetchrow(
        BEFORE_INVITING, organisation_id, email.strip(), ctx.locale, actor.id
    )
    given = _actor_role(before)
    if before is None or not permitted(Action.INVITE, given) or before["is_suspended"]:
        # Says what of it is missing.
        await ctx.require(Action.INVITE, organisation_id, field="organisation_id")
        raise Conflict("common.try_again")
    if not may_grant(given, role):
        raise NotAllowed("memberships.above_own_role", field=("role",))
    email = checking.email(email, "email")
    if before["sent"] >= INVITATIONS_A_DAY:
        raise TooMany("joining.too_many_invitations", limit=INVITATIONS_A_DAY)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation_id: UUID | None = await ctx.connection.fetchval(
        INVITE, organisation_id, email, role, actor.id, hash_secret(secret), INVITATION_LIFE
    )
    if invitation_id is None:
        raise Taken("joining.invited_already", field=("email",))
    await ctx.mail(
        "organisations.invitation",
        to=email,
        locale=before["locale"],
        values={
            "organisation": before["name"],
            "inviter": actor.name,
            "days": INVITATION_LIFE.days,
        },
        sealed={"link": ctx.page(f"/invitation#{secret}")},
    )
    await _invitation_changed(
        ctx, AuditAction.INVITATION_CREATED, organisation_id, invitation_id, role=role
    )
    return invitation_id


async def accept_invitation(
    ctx: Context, *, secret: str | None = None, invitation_id: UUID | None = None
) -> Mapping[str, Any]:
    """Become a member by an invitation: the secret of its link, or its id, one of the two.

    A second acceptance by the same person gives the same membership.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: Both are given, or neither.
        NotFound: There is no such invitation.
        NotAllowed: It is for another address, or the address is not verified.
        Expired: It has expired or was taken back.
        Conflict: It was declined.
        Taken: They are a member already by another way.
    """
    actor = ctx.person()
    found = await _invitation(ctx, actor, secret, invitation_id)
    if found["accepted"]:
        current = await ctx.connection.fetchval(CURRENT, actor.id, found["organisation_id"])
        if current is not None:
            return {"invitation": found["id"], "membership": current}
    _must_be_open(found)
    await ctx.connection.execute(ANSWER, found["id"], True)  # noqa: FBT003 - a bind
    membership_id = await enter(ctx, found["organisation_id"], actor.id, Role(found["role"]))
    if membership_id is None:
        raise Taken("joining.member_already")
    await _invitation_changed(
        ctx, AuditAction.INVITATION_ACCEPTED, found["organisation_id"], found["id"]
    )
    return {"invitation": found["id"], "membership": membership_id}


async def decline_invitation(
    ctx: Context, *, secret: str | None = None, invitation_id: UUID | None = None
) -> UUID:
    """Say no to an invitation: the secret of its link, or its id, one of the two.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: Both are given, or neither.
        NotFound: There is no such invitation.
        NotAllowed: It is for another address, or the address is not verified.
        Expired: It has expired or was taken back.
        Conflict: It was answered.
    """
    actor = ctx.person()
    found = await _invitation(ctx, actor, secret, invitation_id)
    _must_be_open(found)
    await ctx.connection.execute(ANSWER, found["id"], False)  # noqa: FBT003 - a bind
    await _invitation_changed(
        ctx, AuditAction.INVITATION_DECLINED, found["organisation_id"], found["id"]
    )
    key: UUID = found["id"]
    return key


async def revoke_invitation(ctx: Context, *, invitation_id: UUID) -> UUID:
    """Take an invitation back before it is answered.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such invitation, as far as they may know.
        NotAllowed: Its role is not theirs to give.
        Conflict: It was answered or taken back.
    """
    actor = ctx.person()
    missing = NotFound("common.not_found", field=("invitation_id",))
    found = await ctx.connection.fetchrow(BEFORE_REVOKING, invitation_id, actor.id)
    if found is None:
        raise missing
    given = _actor_role(found)
    if not permitted(Action.INVITE, given) or found["is_suspended"]:
        # The one who is invited knows of it, and answers instead.
        if await sees(ctx.connection, actor.id, "invitation", invitation_id):
            raise NotAllowed("common.role_missing", field=("invitation_id",))
        raise missing
    if not may_grant(given, Role(found["role"])):
        raise NotAllowed("memberships.above_own_role", field=("invitation_id",))
    if not await ctx.connection.fetchval(REVOKE, invitation_id):
        raise Conflict("joining.answered", field=("invitation_id",))
    await _invitation_changed(
        ctx, AuditAction.INVITATION_REVOKED, found["organisation_id"], invitation_id
    )
    return invitation_id


async def create_join_request(
    ctx: Context, *, organisation_id: UUID, message: str | None = None
) -> Mapping[str, Any]:
    """Ask to become a member.

    Whoever has a verified address under the organisation's verified domain joins at once.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        InvalidInput: The message cannot be taken.
        Taken: They are a member, or have asked already.
        TooMany: They have asked too many, or this one too recently.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(
        ruled(APPLICANT), actor.id, organisation_id, DAYS_AFTER_DECLINE
    )
    if found is None or not found["is_seen"]:
        raise NotFound("common.not_found", field=("organisation_id",))
    message = checking.text(message or "", "message", at_most=MESSAGE_MAX, multiline=True)
    if found["is_member"]:
        raise Taken("joining.member_already", field=("organisation_id",))
    if found["is_of_domain"]:
        return await _join_at_once(ctx, actor, organisation_id, message)
    if found["was_declined"]:
        raise TooMany(
            "joining.declined_lately", field=("organisation_id",), days=DAYS_AFTER_DECLINE
        )
    if found["pending"] >= REQUESTS_PENDING_MAX:
        raise TooMany("joining.too_many_requests", limit=REQUESTS_PENDING_MAX)
    request_id = await ctx.connection.fetchval(ASK, organisation_id, actor.id, message, "PENDING")
    if request_id is None:
        raise Taken("joining.asked_already", field=("organisation_id",))
    await _request_changed(
        ctx, AuditAction.JOIN_REQUEST_CREATED, organisation_id, request_id, actor.id
    )
    return {"join_request": request_id, "membership": None}


async def withdraw_join_request(ctx: Context, *, join_request_id: UUID) -> UUID:
    """Take back what one has asked.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such request of theirs.
        Conflict: It was decided.
    """
    actor = ctx.person()
    found = await ctx.connection.fetchrow(REQUEST, join_request_id, actor.id)
    if found is None or found["person_id"] != actor.id:
        raise NotFound("common.not_found", field=("join_request_id",))
    await _decide(ctx, join_request_id, found, "WITHDRAWN")
    return join_request_id


async def accept_join_request(
    ctx: Context, *, join_request_id: UUID, role: Role | None = None
) -> Mapping[str, Any]:
    """Make a member of whoever asks.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such request, as far as they may know.
        NotAllowed: The role is not theirs to give.
        Conflict: It was decided.
    """
    found, given = await _request(ctx, join_request_id)
    role = role or Role.MEMBER
    if not may_grant(given, role):
        raise NotAllowed("memberships.above_own_role", field=("role",))
    await _decide(ctx, join_request_id, found, "ACCEPTED")
    membership_id = await enter(ctx, found["organisation_id"], found["person_id"], role)
    if membership_id is None:
        raise Conflict("joining.member_meanwhile", field=("join_request_id",))
    return {"join_request": join_request_id, "membership": membership_id}


async def decline_join_request(ctx: Context, *, join_request_id: UUID) -> UUID:
    """Say no to whoever asks; they may ask again after DAYS_AFTER_DECLINE days.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such request, as far as they may know.
        Conflict: It was decided.
    """
    found, _ = await _request(ctx, join_request_id)
    await _decide(ctx, join_request_id, found, "DECLINED")
    return join_request_id


async def _invitation(
    ctx: Context, actor: Actor, secret: str | None, invitation_id: UUID | None
) -> Mapping[str, Any]:
    """Lock and give an invitation that is the actor's own.

    Raises:
        InvalidInput: Both secret and id are given, or neither.
        NotFound: There is none.
        NotAllowed: It is for another address, or the actor's address is not verified.
    """
    if (secret is None) == (invitation_id is None):
        raise InvalidInput("joining.secret_or_id")
    field = ("secret",) if invitation_id is None else ("invitation_id",)
    hashed = None if secret is None else hash_secret(secret.strip())
    found: Mapping[str, Any] | None = await ctx.connection.fetchrow(
        FOUND, hashed, actor.id, invitation_id
    )
    if found is None or found["is_closed"]:
        raise NotFound("joining.unknown", field=field)
    if not found["is_theirs"]:
        if secret is None:
            raise NotFound("joining.unknown", field=field)
        raise NotAllowed("joining.other_address", field=field)
    if not found["is_verified"]:
        raise NotAllowed("joining.not_verified")
    return found


def _must_be_open(found: Mapping[str, Any]) -> None:
    if found["answered_at"] is not None:
        raise Conflict("joining.answered")
    if found["revoked_at"] is not None:
        raise Expired("joining.revoked")
    if found["has_expired"]:
        raise Expired("joining.expired", days=INVITATION_LIFE.days)


async def _join_at_once(
    ctx: Context, actor: Actor, organisation_id: UUID, message: str
) -> Mapping[str, Any]:
    membership_id = await enter(ctx, organisation_id, actor.id, Role.MEMBER)
    if membership_id is None:
        raise Taken("joining.member_already", field=("organisation_id",))
    request_id = await ctx.connection.fetchval(ASK, organisation_id, actor.id, message, "ACCEPTED")
    await _request_changed(
        ctx, AuditAction.JOIN_REQUEST_ACCEPTED, organisation_id, request_id, actor.id
    )
    return {"join_request": request_id, "membership": membership_id}


async def _request(ctx: Context, join_request_id: UUID) -> tuple[Mapping[str, Any], Role]:
    """Lock and give a request that the actor may decide on, and the actor's role."""
    actor = ctx.person()
    found: Mapping[str, Any] | None = await ctx.connection.fetchrow(
        REQUEST, join_request_id, actor.id
    )
    given = _actor_role(found)
    if found is None or given is None or not permitted(Action.INVITE, given):
        if found is not None and found["person_id"] == actor.id:
            raise NotAllowed("common.role_missing", field=("join_request_id",))
        raise NotFound("common.not_found", field=("join_request_id",))
    if found["is_suspended"]:
        raise NotAllowed("common.role_missing", field=("join_request_id",))
    return found, given


async def _decide(
    ctx: Context, join_request_id: UUID, found: Mapping[str, Any], outcome: str
) -> None:
    if found["outcome"] != "PENDING":
        raise Conflict("joining.decided", field=("join_request_id",))
    actor = ctx.person()
    await ctx.connection.execute(DECIDE, join_request_id, outcome, actor.id)
    await _request_changed(
        ctx,
        AuditAction(f"JOIN_REQUEST_{outcome}"),
        found["organisation_id"],
        join_request_id,
        found["person_id"],
    )


def _actor_role(found: Mapping[str, Any] | None) -> Role | None:
    return None if found is None or found["actor_role"] is None else Role(found["actor_role"])


async def _invitation_changed(
    ctx: Context, action: AuditAction, organisation_id: UUID, invitation_id: UUID, **details: str
) -> None:
    await ctx.record(
        EventKind.INVITATION_CHANGED, organisation_id=organisation_id, subject_id=invitation_id
    )
    await ctx.audit(action, organisation_id, subject_id=invitation_id, **details)


async def _request_changed(
    ctx: Context, action: AuditAction, organisation_id: UUID, join_request_id: UUID, person_id: UUID
) -> None:
    await ctx.record(
        EventKind.JOIN_REQUEST_CHANGED,
        organisation_id=organisation_id,
        subject_id=join_request_id,
        person_id=person_id,
    )
    await ctx.audit(action, organisation_id, subject_id=person_id)
