"""A second factor: codes of an authenticator app, and recovery codes for when it is lost."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.tables.accounts import ChallengePurpose, SignInMethod
from resolvers import challenges, throttling, totp
from resolvers.accounts import hash_secret
from resolvers.acting import Context
from resolvers.commands.proving import in_person, prove_by_password, prove_oneself
from resolvers.commands.sessions import (
    SECOND_FACTOR_LIFE,
    credentials_changed,
    open_session,
    shortened,
)
from resolvers.refusals import Conflict, InvalidInput
from resolvers.sealing import SealBroken, seal, unseal
from resolvers.steps import Steps, in_steps
from resolvers.throttling import Bucket, bucket

RECOVERY_CODES = 10
# 80 bits: nothing to guess even with a copy of the database, so a fast hash is enough.
RECOVERY_CODE_BYTES = 10
TRIES = 5
SET_UP = """
insert into totp_credential as t (person_id, sealed_secret, last_step) values ($1, $2, 0)
on conflict (person_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0
where t.confirmed_at is null
returning true
"""
# The row decides who of two is first: a code works once.
HELD = """
select sealed_secret, confirmed_at, last_step from totp_credential where person_id = $1 for update
"""
ACCEPT = """
update totp_credential set last_step = $2, confirmed_at = coalesce(confirmed_at, now())
where person_id = $1
"""
REMOVE = (
    "delete from totp_credential where person_id = $1 and confirmed_at is not null returning true"
)
FORGET_CODES = "delete from recovery_code where person_id = $1"
ADD_CODES = "insert into recovery_code (person_id, code_hash) select $1, unnest($2::bytea[])"
USE_CODE = """
update recovery_code set used_at = now()
where person_id = $1 and code_hash = $2 and used_at is null returning true
"""
LEFT = "select count(*) from recovery_code where person_id = $1 and used_at is null"
OWN = "select name, email, locale from person where id = $1"
# Where somebody signed in before, guesses elsewhere do not keep them out.
IS_FAMILIAR = """
select exists (
  select from session
  where person_id = $1 and address = $2 and created_at > now() - interval '90 days'
)
"""


@in_steps
async def set_up_totp(steps: Steps, *, password: str | None = None) -> Mapping[str, Any]:
    """Make a secret for an authenticator app, given this once; in force once a code confirms it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token; or there is no password, and they did not sign in just now.
        InvalidInput: The password is wrong.
        Conflict: There is one in force already.
    """
    await prove_oneself(steps, password)
    made: Mapping[str, Any] = await steps.do(_set_up)
    return made


async def _set_up(ctx: Context) -> Mapping[str, Any]:
    actor = in_person(ctx)
    secret = totp.new_secret()
    sealed = seal(ctx.services.secret_key, _purpose(actor.id), secret)
    if not await ctx.connection.fetchval(SET_UP, actor.id, sealed):
        raise Conflict("factors.totp_in_force")
    own: Any = await ctx.connection.fetchrow(OWN, actor.id)
    return {"secret": totp.spelled(secret), "uri": totp.otpauth_uri(secret, own["email"])}


@in_steps
async def confirm_totp(steps: Steps, *, code: str) -> Mapping[str, Any]:
    """Put the authenticator app in force by one of its codes, and give the recovery codes, this once.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        InvalidInput: It is not a code of this moment.
        Conflict: There is nothing to confirm.
        Throttled: Too many guesses.
    """
    await steps.do(_count_own_try)
    confirmed: Mapping[str, Any] = await steps.do(_confirm, code=code)
    return confirmed


async def _confirm(ctx: Context, *, code: str) -> Mapping[str, Any]:
    actor = in_person(ctx)
    held = await ctx.connection.fetchrow(HELD, actor.id)
    if held is None or held["confirmed_at"] is not None:
        raise Conflict("factors.nothing_to_confirm")
    await _accept(ctx, actor.id, held, code)
    codes = await _renew_codes(ctx, actor.id)
    await credentials_changed(ctx, actor.id)
    await _tell(ctx, actor.id, "factors.totp_added")
    return {"viewer": actor.id, "recovery_codes": codes}


@in_steps
async def remove_totp(
    steps: Steps, *, code: str | None = None, password: str | None = None
) -> Mapping[str, Any]:
    """Sign in without a second factor from now on. Asks for a code of it, or for the password.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        InvalidInput: The code or the password is wrong, or not exactly one of them is given.
        Conflict: There is none in force.
        Throttled: Too many guesses.
    """
    await _prove(steps, code, password)
    removed: Mapping[str, Any] = await steps.do(_remove)
    return removed


async def _remove(ctx: Context) -> Mapping[str, Any]:
    actor = in_person(ctx)
    if not await ctx.connection.fetchval(REMOVE, actor.id):
        raise Conflict("factors.totp_missing")
    await ctx.connection.execute(FORGET_CODES, actor.id)
    await credentials_changed(ctx, actor.id)
    await _tell(ctx, actor.id, "factors.totp_removed")
    return {"viewer": actor.id}


@in_steps
async def renew_recovery_codes(
    steps: Steps, *, code: str | None = None, password: str | None = None
) -> Mapping[str, Any]:
    """Give new recovery codes, this once; the older ones work no more.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        InvalidInput: The code or the password is wrong, or not exactly one of them is given.
        Conflict: There is no second factor in force.
        Throttled: Too many guesses.
    """
    await _prove(steps, code, password)
    renewed: Mapping[str, Any] = await steps.do(_renew)
    return renewed


async def _renew(ctx: Context) -> Mapping[str, Any]:
    actor = in_person(ctx)
    await _held_in_force(ctx, actor.id)
    codes = await _renew_codes(ctx, actor.id)
    await credentials_changed(ctx, actor.id)
    await _tell(ctx, actor.id, "factors.codes_renewed")
    return {"viewer": actor.id, "recovery_codes": codes}


@in_steps
async def confirm_session(
    steps: Steps, *, secret: str, code: str | None = None, recovery_code: str | None = None
) -> Mapping[str, Any]:
    """Open the session that waits for a second factor. Five tries, then signing in begins anew.

    Raises:
        Expired: The secret is unknown, was used, or is older than ten minutes.
        InvalidInput: The code is wrong or was used, or not exactly one of the two is given.
        Throttled: Too many guesses.
    """
    _one_of(code, recovery_code, "code")
    await steps.do(_count_try, secret=secret)
    opened: Mapping[str, Any] = await steps.do(
        _confirm_session, secret=secret, code=code, recovery_code=recovery_code
    )
    return opened


async def _count_try(ctx: Context, *, secret: str) -> None:
    asked = await challenges.look_at(ctx, ChallengePurpose.SECOND_FACTOR, secret, field="secret")
    person_id = asked.owner(field="secret")
    address = shortened(ctx.origin.address)
    tries = [_at_challenge(asked.id)]
    if not await ctx.connection.fetchval(IS_FAMILIAR, person_id, address):
        tries.append(_at_person(person_id))
    await throttling.count(ctx.connection, tries, "factors.throttled")


async def _confirm_session(
    ctx: Context, *, secret: str, code: str | None, recovery_code: str | None
) -> Mapping[str, Any]:
    # Used up only together with what follows: a wrong code undoes this.
    asked = await challenges.use(ctx, ChallengePurpose.SECOND_FACTOR, secret, field="secret")
    person_id = asked.owner(field="secret")
    if code is not None:
        await _accept(ctx, person_id, await _held_in_force(ctx, person_id), code)
    else:
        await _use_recovery_code(ctx, person_id, recovery_code or "")
    await throttling.forgive(
        ctx.connection, forget=[_at_challenge(asked.id), _at_person(person_id)]
    )
    await open_session(ctx, person_id, SignInMethod(asked.state["method"]))
    return {"viewer": person_id}


async def _use_recovery_code(ctx: Context, person_id: UUID, code: str) -> None:
    if not await ctx.connection.fetchval(USE_CODE, person_id, _code_hash(person_id, code)):
        raise InvalidInput("factors.wrong_recovery_code", field=("recovery_code",))
    await credentials_changed(ctx, person_id)
    left = await ctx.connection.fetchval(LEFT, person_id)
    await _tell(ctx, person_id, "factors.code_used", left=left)


async def _prove(steps: Steps, code: str | None, password: str | None) -> None:
    _one_of(code, password, "code")
    if password is not None:
        await prove_by_password(steps, password)
        return
    await steps.do(_count_own_try)
    await steps.do(_accept_own, code=code)


async def _count_own_try(ctx: Context) -> None:
    actor = in_person(ctx)
    await throttling.count(ctx.connection, [_at_owner(actor.id)], "factors.throttled")


async def _accept_own(ctx: Context, *, code: str) -> None:
    actor = in_person(ctx)
    await _accept(ctx, actor.id, await _held_in_force(ctx, actor.id), code)


async def _held_in_force(ctx: Context, person_id: UUID) -> Any:
    held = await ctx.connection.fetchrow(HELD, person_id)
    if held is None or held["confirmed_at"] is None:
        raise Conflict("factors.totp_missing")
    return held


async def _accept(ctx: Context, person_id: UUID, held: Mapping[str, Any], code: str) -> None:
    """Take a code of this moment, which then works no more."""
    try:
        secret = unseal(ctx.services.secret_key, _purpose(person_id), held["sealed_secret"])
    except SealBroken as error:
        # The server was given another key meanwhile: a recovery code is the way in.
        raise Conflict("factors.key_changed", field=("code",)) from error
    step = totp.matching_step(secret, code, now=time.time(), after=held["last_step"])
    if step is None:
        raise InvalidInput("factors.wrong_code", field=("code",))
    await ctx.connection.execute(ACCEPT, person_id, step)
    await throttling.forgive(ctx.connection, forget=[_at_owner(person_id)])


async def _renew_codes(ctx: Context, person_id: UUID) -> list[str]:
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    await ctx.connection.execute(FORGET_CODES, person_id)
    await ctx.connection.execute(
        ADD_CODES, person_id, [_code_hash(person_id, code) for code in codes]
    )
    return codes


async def _tell(ctx: Context, person_id: UUID, template: str, **values: Any) -> None:
    """Write to the owner what became of the account, in case it was not them."""
    own: Any = await ctx.connection.fetchrow(OWN, person_id)
    await ctx.enqueue(
        "mail",
        template=template,
        to=own["email"],
        locale=own["locale"],
        values={"name": own["name"], "link": ctx.page("/password/forgotten"), **values},
    )


def _new_code() -> str:
    """Make a code of letters and digits that are not mistaken for each other: xxxx-xxxx-xxxx-xxxx."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_CODE_BYTES)).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def _code_hash(person_id: UUID, code: str) -> bytes:
    # With the person, so that one guess does not count at everybody's codes.
    typed = "".join(character for character in code.lower() if character.isalnum())
    return hash_secret(f"{person_id} {typed}")


def _purpose(person_id: UUID) -> str:
    # With the person, so that a secret that was moved to another row opens nothing.
    return f"TOTP {person_id}"


def _one_of(one: object, other: object, field: str) -> None:
    if (one is None) == (other is None):
        raise InvalidInput("factors.one_of_two", field=(field,))


def _at_challenge(challenge_id: UUID) -> Bucket:
    return bucket(
        "second factor",
        str(challenge_id),
        free=TRIES,
        pause=SECOND_FACTOR_LIFE.total_seconds(),
        leak=86_400,
    )


def _at_person(person_id: UUID) -> Bucket:
    # Whoever knows the password can begin again and again; three codes of a million are right.
    return bucket("second factor of", str(person_id), free=20, pause=60, leak=3600)


def _at_owner(person_id: UUID) -> Bucket:
    return bucket("own second factor", str(person_id), free=5, pause=30, leak=900)
