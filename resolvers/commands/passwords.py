"""A forgotten password, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.tables.accounts import ChallengePurpose, SignInMethod
from resolvers import challenges, checking
from resolvers.acting import Context
from resolvers.commands.accounts import FIND, count_mail
from resolvers.commands.sessions import (
    begin_session,
    count_own_guess,
    credentials_changed,
    end_sessions,
    forgive_guesses,
)
from resolvers.passwords import check_password, hash_password, is_password
from resolvers.refusals import Conflict, Expired, InvalidInput
from resolvers.steps import Steps, in_steps

RESET_LIFE = timedelta(hours=1)
OWN = "select email, name, locale from person where id = $1 and deactivated_at is null"
STORE = """
insert into password_credential (person_id, hash) values ($1, $2)
on conflict (person_id) do update set hash = excluded.hash, changed_at = now()
"""
VERIFIED = "update person set email_verified_at = coalesce(email_verified_at, now()) where id = $1"


async def request_reset(ctx: Context, *, email: str) -> Mapping[str, Any]:
    """Send a link by which a new password is set. An address without an account is told so by e-mail.

    Raises:
        InvalidInput: The address is none.
        Throttled: Too many e-mails were asked for, to this address or from here.
    """
    email = checking.email(email, "email")
    await count_mail(ctx, email=email, what="reset")
    found = await ctx.connection.fetchrow(FIND, email)
    # Made for an unknown address as well, to take the same time; it is good for nothing.
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.RESET_PASSWORD,
        life=RESET_LIFE,
        person_id=found and found["id"],
        email=email,
    )
    link = ctx.page("/sign-up" if found is None else f"/password/reset#{secret}")
    await ctx.mail(
        f"accounts.{'reset_unknown' if found is None else 'reset'}",
        to=email,
        locale=ctx.origin.locale if found is None else found["locale"],
        values={"name": "" if found is None else found["name"]},
        sealed={"link": link},
    )
    return {"email": email}


@in_steps
async def reset_password(steps: Steps, *, secret: str, password: str) -> Mapping[str, Any]:
    """Set a new password by the link of an e-mail, end all sessions, and begin a new one.

    Raises:
        Expired: The link is unknown, was used, or is older than an hour.
        InvalidInput: The password may not be taken; the link can be used again.
    """
    own = await steps.do(_look_at_reset, secret=secret)
    check_password(password, "password", own=(own["name"], own["email"]))
    stored = await hash_password(password)
    opened: Mapping[str, Any] = await steps.do(_reset, secret=secret, stored=stored)
    return opened


async def _look_at_reset(ctx: Context, *, secret: str) -> Any:
    asked = await challenges.look_at(ctx, ChallengePurpose.RESET_PASSWORD, secret, field="secret")
    own = await ctx.connection.fetchrow(OWN, asked.owner(field="secret"))
    if own is None:
        raise Expired("accounts.link_expired", field=("secret",))
    return own


async def _reset(ctx: Context, *, secret: str, stored: str) -> Mapping[str, Any]:
    asked = await challenges.use(ctx, ChallengePurpose.RESET_PASSWORD, secret, field="secret")
    person_id = asked.owner(field="secret")
    # Whoever has the link has the mailbox.
    await ctx.connection.execute(VERIFIED, person_id)
    await _store(ctx, person_id, stored)
    await end_sessions(ctx, person_id)
    return await begin_session(ctx, person_id, SignInMethod.EMAIL)


@in_steps
async def change_password(
    steps: Steps, *, password: str, current_password: str
) -> Mapping[str, Any]:
    """Set a new password, and end all other sessions.

    Raises:
        NotSignedIn: Nobody is signed in.
        Conflict: They have no password yet; the link for a forgotten one gives them one.
        InvalidInput: The current password is wrong, or the new one may not be taken.
        Throttled: Too many guesses.
    """
    own = await steps.do(count_own_guess)
    if own["hash"] is None:
        raise Conflict("accounts.password_none")
    if not await is_password(own["hash"], current_password):
        raise InvalidInput("accounts.wrong_password", field=("current_password",))
    check_password(password, "password", own=(own["name"], own["email"]))
    stored = await hash_password(password)
    changed: Mapping[str, Any] = await steps.do(_change, stored=stored, email=own["email"])
    return changed


async def _change(ctx: Context, *, stored: str, email: str) -> Mapping[str, Any]:
    actor = ctx.person(even_suspended=True)
    await forgive_guesses(ctx, email)
    await _store(ctx, actor.id, stored)
    revoked = await end_sessions(ctx, actor.id, but=actor.session_id)
    return {"viewer": actor.id, "revoked": revoked}


async def _store(ctx: Context, person_id: UUID, stored: str) -> None:
    """Keep a new password, end what somebody else may have begun with the old, and tell the person."""
    await ctx.connection.execute(STORE, person_id, stored)
    await credentials_changed(ctx, person_id)
    await challenges.end_all(
        ctx,
        person_id,
        ChallengePurpose.RESET_PASSWORD,
        ChallengePurpose.CHANGE_EMAIL,
        ChallengePurpose.SECOND_FACTOR,
    )
    own: Any = await ctx.connection.fetchrow(OWN, person_id)
    await ctx.mail(
        "accounts.password_changed",
        to=own["email"],
        locale=own["locale"],
        values={"name": own["name"], "link": ctx.page("/password/forgotten")},
    )
