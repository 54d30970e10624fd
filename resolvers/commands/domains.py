"""Domains: claiming one, proving that it is the organisation's, giving it up.

The proof is a TXT record, which only who runs the domain can set, or a mail to a member's own
verified address under it. A domain belongs to one organisation, and an organisation has one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db.tables.accounts import ChallengePurpose
from db.tables.organisations import DomainProof
from db.tables.people import Role
from resolvers import challenges
from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.domains import (
    RECORD_PREFIX,
    NamesUnavailable,
    places_of,
    proves,
    record_of,
)
from resolvers.domains import (
    domain as domain_of,
)
from resolvers.permissions import Action, permitted
from resolvers.refusals import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    Taken,
    Throttled,
    TooMany,
)
from resolvers.steps import Steps, in_steps
from subscriptions.events import EventKind

TOKEN_BYTES = 20
CLAIMS_MAX = 10
MAIL_LIFE = timedelta(hours=24)
# Name servers are not ours to wear out.
SECONDS_BETWEEN_CHECKS = 5
SHOWN_MAX = 80
VERIFIED_UNIQUE = "uq_domain_claim_verified"
BEFORE_CLAIMING = """
select p.email, p.email_verified_at is not null as is_verified,
       (select count(*) from domain_claim c where c.organisation_id = $2 and c.domain <> $3)
         as others,
       exists (
         select from organisation o where o.verified_domain = $3::text and o.id <> $2
       ) or exists (
         select from domain_claim c
         where c.domain = $3 and c.organisation_id <> $2 and c.verified_at is not null
       ) as is_taken,
       m.role, o.suspended_at is not null as is_suspended
from person p join membership m on m.person_id = p.id and m.ended_on is null
join organisation o on o.id = m.organisation_id
where p.id = $1 and m.organisation_id = $2
"""
CLAIM = """
insert into domain_claim (organisation_id, domain, proof, token, claimed_by_id)
values ($1, $2, $3, $4, $5)
on conflict (organisation_id, domain) do update
  set proof = excluded.proof, claimed_by_id = excluded.claimed_by_id
  where domain_claim.verified_at is null
returning id
"""
# Counts as looked at whatever is found: the next look is a while later.
LOOK = """
update domain_claim set checked_at = now()
where id = $1 and (checked_at is null or checked_at < now() - make_interval(secs => $2))
returning id
"""
# A claim of an organisation in which the actor works; others know of none.
FOUND = """
select c.organisation_id, c.domain, c.proof, c.token, c.verified_at, m.role,
       o.suspended_at is not null as is_suspended
from domain_claim c join organisation o on o.id = c.organisation_id
join membership m on m.organisation_id = o.id and m.person_id = $2 and m.ended_on is null
where c.id = $1
"""
LOCK = "select verified_domain from organisation where id = $1 for no key update"
# Single sign-on is for people of the verified domain: that one may not go from under it.
SIGNS_ON = """
select exists (
  select from identity_provider where organisation_id = $1 and email_domain <> $2
)
"""
TAKEN = """
select exists (select from organisation where verified_domain = $1 and id <> $2)
"""
VERIFY = """
with before as (
  update domain_claim set verified_at = null
  where organisation_id = $2 and id <> $1 and verified_at is not null
), proved as (
  update domain_claim set verified_at = now() where id = $1 returning domain
)
update organisation set verified_domain = proved.domain from proved where organisation.id = $2
"""
RELEASE = """
with gone as (
  delete from domain_claim where id = $1 returning organisation_id, domain, verified_at
)
update organisation set verified_domain = null from gone
where organisation.id = gone.organisation_id and gone.verified_at is not null
"""


async def claim_domain(
    ctx: Context, *, organisation_id: UUID, domain: str, proof: DomainProof | None = None
) -> UUID:
    """Say that a domain is the organisation's, and get what is asked for as a proof.

    Claimed again, it keeps its record; by mail, a new mail goes to the one who claims.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it.
        InvalidInput: It is no domain, one where anybody can have a mailbox, or, by mail, not that
            of their own verified address.
        Taken: It is verified, by this organisation or another.
        TooMany: CLAIMS_MAX are claimed already.
    """
    actor = ctx.person()
    proof = proof or DomainProof.DNS
    domain = domain_of(domain, "domain")
    before = await ctx.connection.fetchrow(BEFORE_CLAIMING, actor.id, organisation_id, domain)
    if before is None or not _may(before):
        # Says what of it is missing.
        await ctx.require(Action.VERIFY_DOMAIN, organisation_id, field="organisation_id")
        raise Conflict("common.try_again")
    if before["is_taken"]:
        raise Taken("domains.taken", field=("domain",), domain=domain)
    if before["others"] >= CLAIMS_MAX:
        raise TooMany("domains.too_many", limit=CLAIMS_MAX)
    address = before["email"].lower()
    if proof is DomainProof.EMAIL and (
        not before["is_verified"] or address.rpartition("@")[2] != domain
    ):
        raise InvalidInput("domains.no_address", field=("proof",), domain=domain)
    claim_id: UUID | None = await ctx.connection.fetchval(
        CLAIM, organisation_id, domain, proof, secrets.token_hex(TOKEN_BYTES), actor.id
    )
    if claim_id is None:
        raise Taken("domains.verified_already", field=("domain",), domain=domain)
    if proof is DomainProof.EMAIL:
        await _send(ctx, organisation_id, claim_id, before["email"], domain)
    await ctx.audit(AuditAction.DOMAIN_CLAIMED, organisation_id, subject_id=claim_id, domain=domain)
    return claim_id


@in_steps
async def verify_domain(
    steps: Steps, *, claim_id: UUID | None = None, secret: str | None = None
) -> UUID:
    """Prove a claim: by its TXT record, or by the secret of the mail, one of the two.

    The look-up happens between two transactions. Proved twice, it stays proved.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: Both are given, or neither.
        NotFound: There is no such claim, as far as they may know.
        NotAllowed: Their role does not permit it.
        Conflict: There is no record, a wrong one, or no answer from the name servers; or the claim
            is to be proved by mail.
        Expired: The secret is unknown, was used, or is too old.
        Taken: Another organisation was faster.
        Throttled: It was looked up a moment ago.
    """
    if (claim_id is None) == (secret is None):
        raise InvalidInput("domains.claim_or_secret")
    if secret is not None:
        proved: UUID = await steps.do(_verify_by_mail, secret=secret.strip())
        return proved
    claim: Mapping[str, Any] = await steps.do(_begin, claim_id=claim_id)
    key: UUID = claim["id"]
    if claim["is_verified"]:
        return key
    try:
        answers = await asyncio.gather(
            *(steps.services.lookup_txt(place) for place in places_of(claim["domain"]))
        )
    except NamesUnavailable as error:
        raise Conflict(
            "domains.unavailable", field=("claim_id",), domain=claim["domain"], why=str(error)
        ) from error
    records = [record for answer in answers for record in answer]
    if not proves(records, claim["token"]):
        raise _unproved(claim, records)
    await steps.do(_finish, claim_id=key)
    return key


async def release_domain(ctx: Context, *, claim_id: UUID) -> UUID:
    """Give up a claim, or a domain that was proved; give the organisation.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such claim, as far as they may know.
        NotAllowed: Their role does not permit it.
        Conflict: Single sign-on needs it.
    """
    claim = await _claim(ctx, claim_id)
    organisation_id: UUID = claim["organisation_id"]
    await ctx.connection.fetchval(LOCK, organisation_id)
    if claim["verified_at"] is not None and await ctx.connection.fetchval(
        SIGNS_ON, organisation_id, ""
    ):
        raise Conflict("domains.sign_on_needs_it", field=("claim_id",))
    await ctx.connection.execute(RELEASE, claim_id)
    await ctx.record(
        EventKind.ORGANISATION_EDITED, organisation_id=organisation_id, subject_id=organisation_id
    )
    await ctx.audit(
        AuditAction.DOMAIN_RELEASED, organisation_id, subject_id=claim_id, domain=claim["domain"]
    )
    return organisation_id


async def _send(
    ctx: Context, organisation_id: UUID, claim_id: UUID, email: str, domain: str
) -> None:
    actor = ctx.person()
    await challenges.end_all(ctx, actor.id, ChallengePurpose.VERIFY_DOMAIN)
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.VERIFY_DOMAIN,
        life=MAIL_LIFE,
        person_id=actor.id,
        organisation_id=organisation_id,
        email=email,
        state={"claim": str(claim_id)},
    )
    await ctx.mail(
        "domains.mail",
        to=email,
        locale=actor.locale,
        values={
            "domain": domain,
            "name": actor.name,
            "hours": int(MAIL_LIFE.total_seconds() // 3600),
        },
        sealed={"link": ctx.page(f"/domain/verify#{secret}")},
    )


async def _verify_by_mail(ctx: Context, *, secret: str) -> UUID:
    actor = ctx.person()
    challenge = await challenges.use(ctx, ChallengePurpose.VERIFY_DOMAIN, secret, field="secret")
    # The one who claimed, with the address that the mail went to: another must claim anew.
    email = await ctx.connection.fetchval(
        "select email from person where id = $1 and email_verified_at is not null", actor.id
    )
    if challenge.person_id != actor.id or email != challenge.email:
        raise NotFound("common.not_found", field=("secret",))
    return await _finish(ctx, claim_id=UUID(challenge.state["claim"]))


async def _begin(ctx: Context, *, claim_id: UUID) -> Mapping[str, Any]:
    claim = await _claim(ctx, claim_id)
    if claim["verified_at"] is None:
        if claim["proof"] != DomainProof.DNS:
            raise Conflict("domains.by_mail", field=("claim_id",))
        if not await ctx.connection.fetchval(LOOK, claim_id, SECONDS_BETWEEN_CHECKS):
            raise Throttled(
                "domains.looked_up_just_now", field=("claim_id",), seconds=SECONDS_BETWEEN_CHECKS
            )
    return {
        "id": claim_id,
        "domain": claim["domain"],
        "token": claim["token"],
        "is_verified": claim["verified_at"] is not None,
    }


async def _finish(ctx: Context, *, claim_id: UUID) -> UUID:
    """Make a proved claim the organisation's domain, in the place of the one before."""
    claim = await _claim(ctx, claim_id)
    organisation_id, name = claim["organisation_id"], claim["domain"]
    await ctx.connection.fetchval(LOCK, organisation_id)
    if await ctx.connection.fetchval(SIGNS_ON, organisation_id, name):
        raise Conflict("domains.sign_on_needs_it", field=("claim_id",))
    if await ctx.connection.fetchval(TAKEN, name, organisation_id):
        raise Taken("domains.taken", field=("claim_id",), domain=name)
    try:
        await ctx.connection.execute(VERIFY, claim_id, organisation_id)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != VERIFIED_UNIQUE:
            raise
        raise Taken("domains.taken", field=("claim_id",), domain=name) from error
    await ctx.record(
        EventKind.DOMAIN_VERIFIED, organisation_id=organisation_id, subject_id=organisation_id
    )
    await ctx.audit(AuditAction.DOMAIN_VERIFIED, organisation_id, subject_id=claim_id, domain=name)
    return claim_id


async def _claim(ctx: Context, claim_id: UUID) -> asyncpg.Record:
    """Give a claim that the actor may prove.

    Raises:
        NotFound: There is none, or the actor is not to know of it.
        NotAllowed: The organisation is suspended.
    """
    actor = ctx.person()
    found: asyncpg.Record | None = await ctx.connection.fetchrow(FOUND, claim_id, actor.id)
    # Who is no member does not see claims either.
    if found is None:
        raise NotFound("common.not_found", field=("claim_id",))
    if not _may(found):
        raise NotAllowed("common.role_missing", field=("claim_id",))
    return found


def _may(found: asyncpg.Record) -> bool:
    return permitted(Action.VERIFY_DOMAIN, Role(found["role"])) and not found["is_suspended"]


def _unproved(claim: Mapping[str, Any], records: list[str]) -> Conflict:
    best, other = places_of(claim["domain"])
    values = {"name": best, "other": other, "value": record_of(claim["token"])}
    ours = next((record for record in records if record.strip().startswith(RECORD_PREFIX)), None)
    if ours is None:
        return Conflict("domains.no_record", field=("claim_id",), **values)
    found = "".join(char for char in ours if char.isprintable())[:SHOWN_MAX]
    return Conflict("domains.wrong_record", field=("claim_id",), found=found, **values)
