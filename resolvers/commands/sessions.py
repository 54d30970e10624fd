"""Signing in and out: every way in ends in `begin_session`, or in `open_session` itself."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from db.tables.accounts import ChallengePurpose, SignInMethod
from resolvers import challenges, throttling
from resolvers.accounts import SECRET_BYTES, SESSION_LIFE, hash_secret
from resolvers.acting import Actor, Context, Origin
from resolvers.passwords import hash_password, is_outdated, is_password
from resolvers.refusals import Conflict, InvalidInput, NotFound
from resolvers.steps import Steps, in_steps
from resolvers.throttling import Bucket, bucket
from subscriptions.events import EventKind, ids_of

# What is kept of an address: a provider's network, not a household.
KEPT_BITS_4, KEPT_BITS_6 = 24, 48
SECOND_FACTOR_LIFE = timedelta(minutes=10)
ACCOUNT = """
select p.id, c.hash,
  exists (
    select from session s
    where s.person_id = p.id and s.address = $2 and s.created_at > now() - interval '90 days'
  ) as is_familiar
from person p left join password_credential c on c.person_id = p.id
where p.email = $1 and p.deactivated_at is null
"""
# Who has no password proves to be there by having signed in just now.
OWN = """
select p.name, p.email, c.hash,
  exists (
    select from session s where s.id = $2 and s.created_at > now() - interval '15 minutes'
  ) as is_fresh
from person p left join password_credential c on c.person_id = p.id where p.id = $1
"""
REPLACED_IDS = ids_of("'person_id', person_id", "'session_id', id")
# In one statement: which second factors there are, and the session when none is left to be asked
# for ($8 says so). It takes the place of the session that the request came with ($7). A password
# that was compared ($9, as stored) must still be the one: a reset at this moment waits, or is first.
OPEN = f"""
with proved as (
  select $9::text is null or exists (
    select from password_credential where person_id = $1 and hash = $9 for share
  ) as is_proved
), factors as (
  select exists (
           select from totp_credential where person_id = $1 and confirmed_at is not null
         ) as totp,
         exists (
           select from recovery_code where person_id = $1 and used_at is null
         ) as recovery
), opened as (
  insert into session (person_id, secret_hash, method, user_agent, address, expires_at)
  select $1, $2, $3, $4, $5, now() + $6 from factors, proved
  where is_proved and ($8 or not totp) returning id
), replaced as (
  update session set revoked_at = now() from opened
  where session.id = $7 and revoked_at is null returning session.id, session.person_id
), recorded as (
  insert into event (kind, actor_id, subject_id, ids)
  select '{EventKind.SESSION_ENDED}', $1, person_id, {REPLACED_IDS} from replaced
)
select opened.id, is_proved, totp, recovery
from factors cross join proved left join opened on true
"""  # noqa: S608 - constants
RENEW = "update password_credential set hash = $2 where person_id = $1 and hash = $3"
REVOKE = """
update session set revoked_at = now()
where id = $1 and person_id = $2 and revoked_at is null and expires_at > now() returning id
"""
REVOKE_OTHERS = """
update session set revoked_at = now()
where person_id = $1 and id is distinct from $2 and revoked_at is null and expires_at > now()
returning id
"""


class SecondFactor(StrEnum):
    """What may be asked for after the first step of signing in."""

    TOTP = "TOTP"
    RECOVERY_CODE = "RECOVERY_CODE"


@in_steps
async def sign_in(steps: Steps, *, email: str, password: str) -> Mapping[str, Any]:
    """Open a session for whoever knows the password, or ask for the second step.

    Raises:
        InvalidInput: There is no such account, or this is not its password.
        Throttled: Too many guesses, at this account from there or from there altogether.
    """
    email = email.strip()
    account = await steps.do(count_guess, email=email)
    stored = account and account["hash"]
    if not await is_password(stored, password) or account is None:
        raise InvalidInput("accounts.wrong_credentials")
    renewed = await hash_password(password) if is_outdated(stored) else None
    opened: Mapping[str, Any] = await steps.do(
        _sign_in, person_id=account["id"], email=email, stored=stored, renewed=renewed
    )
    return opened


async def count_guess(ctx: Context, *, email: str) -> Any:
    """Count a guess at a password, and give the account (id, hash) if there is one.

    Raises:
        Throttled: Too many, at this account from there or from there altogether.
    """
    account = await ctx.connection.fetchrow(ACCOUNT, email, shortened(ctx.origin.address))
    guesses = guess_buckets(email, ctx.origin)
    if account is not None and account["is_familiar"]:
        # Whoever guesses elsewhere does not keep the owner out of where they signed in before.
        guesses = [each for each in guesses if each != _at_account(email)]
    await throttling.count(ctx.connection, guesses, "accounts.throttled_guesses")
    return account


async def count_own_guess(ctx: Context) -> Any:
    """Count a guess of whoever is signed in at their own password; give name, email, hash, is_fresh.

    Raises:
        NotSignedIn: Nobody is signed in.
        Throttled: Too many, at this account from there or from there altogether.
    """
    actor = ctx.person(even_suspended=True)
    own: Any = await ctx.connection.fetchrow(OWN, actor.id, actor.session_id)
    guesses = [_from_here(own["email"], ctx.origin), _here(ctx.origin)]
    await throttling.count(ctx.connection, guesses, "accounts.throttled_guesses")
    return own


def guess_buckets(email: str, origin: Origin) -> list[Bucket]:
    """Give where guesses at a password count: at the account from here, from here, at the account."""
    return [_from_here(email, origin), _here(origin), _at_account(email)]


async def forgive_guesses(ctx: Context, email: str) -> None:
    """Forget the guesses at an account of somebody who proved to be its owner."""
    await throttling.forgive(
        ctx.connection,
        forget=[_from_here(email, ctx.origin), _at_account(email)],
        take_back=[_here(ctx.origin)],
    )


def _from_here(email: str, origin: Origin) -> Bucket:
    return bucket("guess", email.casefold(), origin.address, free=5, pause=2, leak=900)


def _here(origin: Origin) -> Bucket:
    # Many people may share an address, as behind the one of an organisation.
    return bucket("guess from", origin.address, free=30, pause=2, leak=60)


def _at_account(email: str) -> Bucket:
    # However many addresses take part: after NIST SP 800-63B, 5.2.2.
    return bucket("guess at", email.casefold(), free=50, pause=30, leak=3600)


async def _sign_in(
    ctx: Context, *, person_id: UUID, email: str, stored: str, renewed: str | None
) -> Mapping[str, Any]:
    await forgive_guesses(ctx, email)
    if renewed is not None:
        await ctx.connection.execute(RENEW, person_id, renewed, stored)
    return await begin_session(
        ctx, person_id, SignInMethod.PASSWORD, password_hash=renewed or stored
    )


async def begin_session(
    ctx: Context, person_id: UUID, method: SignInMethod, *, password_hash: str | None = None
) -> Mapping[str, Any]:
    """Open a session, unless the person set up a second factor: then give what its step takes.

    The payload's fields: `viewer`, or `second_factor_secret` and `second_factors`. The secret
    stands for a challenge SECOND_FACTOR of this person, whose state holds the `method`.

    Raises:
        InvalidInput: What is stored of the password is no longer `password_hash`.
    """
    opened = await _open(ctx, person_id, method, is_complete=False, password_hash=password_hash)
    if not opened["is_proved"]:
        raise InvalidInput("accounts.wrong_credentials")
    if opened["id"] is not None:
        return {"viewer": person_id}
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.SECOND_FACTOR,
        life=SECOND_FACTOR_LIFE,
        person_id=person_id,
        state={"method": method.value},
    )
    recovery = [SecondFactor.RECOVERY_CODE] if opened["recovery"] else []
    return {"second_factor_secret": secret, "second_factors": [SecondFactor.TOTP, *recovery]}


async def open_session(ctx: Context, person_id: UUID, method: SignInMethod) -> UUID:
    """Open a session: its secret becomes the browser's cookie. Give the session's key.

    It takes the place of the session that the request came with. Who the person is must be proved,
    by a second factor too if they set one up.
    """
    key: UUID = (await _open(ctx, person_id, method, is_complete=True))["id"]
    return key


async def _open(
    ctx: Context,
    person_id: UUID,
    method: SignInMethod,
    *,
    is_complete: bool,
    password_hash: str | None = None,
) -> Any:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    opened: Any = await ctx.connection.fetchrow(
        OPEN,
        person_id,
        hash_secret(secret),
        method,
        ctx.origin.user_agent or None,
        shortened(ctx.origin.address),
        SESSION_LIFE,
        ctx.actor.session_id if ctx.actor else None,
        is_complete,
        password_hash,
    )
    if opened["id"] is not None:
        ctx.outcome.session_secret = secret
    return opened


async def close_session(ctx: Context) -> Mapping[str, Any]:
    """End the session that the request came with.

    Raises:
        NotSignedIn: Nobody is signed in.
        Conflict: The request came with a token, not with a session.
    """
    actor = ctx.person(even_suspended=True)
    if actor.session_id is None:
        raise Conflict("accounts.no_session")
    await ctx.connection.execute(REVOKE, actor.session_id, actor.id)
    await _ended(ctx, actor, actor.session_id)
    ctx.outcome.session_ended = True
    return {"closed": True}


async def revoke_session(ctx: Context, *, session_id: UUID) -> UUID:
    """End one of the actor's own sessions.

    Raises:
        NotSignedIn: Nobody is signed in.
        Conflict: It is the one that the request came with: that one is closed, not revoked.
        NotFound: They have no such session, or it has ended.
    """
    actor = ctx.person(even_suspended=True)
    if session_id == actor.session_id:
        raise Conflict("accounts.own_session", field=("session_id",))
    if await ctx.connection.fetchval(REVOKE, session_id, actor.id) is None:
        raise NotFound("common.not_found", field=("session_id",))
    await _ended(ctx, actor, session_id)
    return session_id


async def revoke_other_sessions(ctx: Context) -> Mapping[str, Any]:
    """End all sessions of the actor but the one that the request came with; give how many.

    Raises:
        NotSignedIn: Nobody is signed in.
    """
    actor = ctx.person(even_suspended=True)
    revoked = await end_sessions(ctx, actor.id, but=actor.session_id)
    if revoked:
        await credentials_changed(ctx, actor.id)
    return {"viewer": actor.id, "revoked": revoked}


async def end_sessions(ctx: Context, person_id: UUID, *, but: UUID | None = None) -> int:
    """End the live sessions of a person, `but` this one; give how many they were.

    Whoever changed what they sign in with says so by `credentials_changed`, also when none ended.
    """
    return len(await ctx.connection.fetch(REVOKE_OTHERS, person_id, but))


async def credentials_changed(ctx: Context, person_id: UUID) -> None:
    """Record that what a person signs in with changed: sessions of theirs may be over."""
    await ctx.record(EventKind.CREDENTIALS_CHANGED, subject_id=person_id, person_id=person_id)


async def _ended(ctx: Context, actor: Actor, session_id: UUID) -> None:
    await ctx.record(
        EventKind.SESSION_ENDED, subject_id=actor.id, person_id=actor.id, session_id=session_id
    )


def shortened(address: str) -> str | None:
    """Give a network address without what tells one household from the next."""
    try:
        whole = ipaddress.ip_address(address.partition("/")[0])
    except ValueError:
        return None
    kept = KEPT_BITS_4 if isinstance(whole, ipaddress.IPv4Address) else KEPT_BITS_6
    return str(ipaddress.ip_network((whole, kept), strict=False))
