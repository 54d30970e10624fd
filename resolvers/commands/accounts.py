"""Signing up and the e-mail address: what is not proved by a link changes nothing.

Whether an address has an account shows in its mailbox alone: both answers take the same
statements and the same hashing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg

from db.tables.accounts import ChallengePurpose, SignInMethod
from db.tables.people import NAME_MAX, Locale
from resolvers import challenges, checking, throttling
from resolvers.acting import Context, Origin
from resolvers.commands.sessions import begin_session, count_own_guess, forgive_guesses
from resolvers.passwords import check_password, hash_password, is_password
from resolvers.refusals import InvalidInput, NotAllowed, Taken
from resolvers.steps import Steps, in_steps
from resolvers.throttling import Bucket, bucket
from subscriptions.events import EventKind

SIGN_UP_LIFE = timedelta(hours=24)
CHANGE_EMAIL_LIFE = timedelta(hours=24)
FIND = "select id, email, name, locale from person where email = $1 and deactivated_at is null"
SIGN_UP = """
with joined as (
  insert into person (email, name, locale, email_verified_at) values ($1, $2, $3, now())
  on conflict (email) do nothing returning id
)
insert into password_credential (person_id, hash) select id, $4 from joined returning person_id
"""
CHANGE_EMAIL = """
update person set email = $2, email_verified_at = now() where id = $1 and deactivated_at is null
returning old.email as email, name, locale
"""


@in_steps
async def sign_up(
    steps: Steps, *, email: str, name: str, password: str, locale: Locale | None = None
) -> Mapping[str, Any]:
    """Send a link by which an account comes to be. An address that has one is told so by e-mail.

    Raises:
        InvalidInput: The address is none, the name is empty, or the password may not be taken.
        Throttled: Too many e-mails were asked for, to this address or from here.
    """
    email = checking.email(email, "email")
    name = checking.text(name, "name", at_least=1, at_most=NAME_MAX)
    check_password(password, "password", own=(name, email))
    locale = locale or steps.origin.locale
    await steps.do(count_mail, email=email, what="sign up")
    state = {
        "name": name,
        "locale": locale.value,
        "password_hash": await hash_password(password),
    }
    await steps.do(_send_sign_up, email=email, state=state)
    return {"email": email}


async def count_mail(ctx: Context, *, email: str, what: str) -> None:
    """Count an e-mail that somebody asks to be sent.

    Raises:
        Throttled: Too many, to this address or from here.
    """
    await throttling.count(
        ctx.connection, mail_buckets(email, what, ctx.origin), "accounts.throttled_mails"
    )


def mail_buckets(email: str, what: str, origin: Origin) -> list[Bucket]:
    """Give where e-mails count that somebody asks to be sent: to an address, and from here."""
    return [
        bucket("mail", what, email.casefold(), free=3, pause=60, leak=1200),
        bucket("mails from", origin.address, free=30, pause=5, leak=60),
    ]


async def _send_sign_up(ctx: Context, *, email: str, state: dict[str, Any]) -> None:
    found = await ctx.connection.fetchrow(FIND, email)
    # Made for a known address as well, to take the same time; nobody is told its secret then.
    secret = await challenges.issue(
        ctx, ChallengePurpose.SIGN_UP, life=SIGN_UP_LIFE, email=email, state=state
    )
    if found is None:
        # Without the name that was typed in: nobody uses us to write to strangers.
        template, locale, values = "accounts.confirm_sign_up", state["locale"], {}
        link = ctx.page(f"/sign-up/confirm#{secret}")
    else:
        template, locale = "accounts.sign_up_known", found["locale"]
        values, link = {"name": found["name"]}, ctx.page("/password/forgotten")
    await ctx.mail(template, to=email, locale=locale, values=values, sealed={"link": link})


async def confirm_sign_up(ctx: Context, *, secret: str) -> Mapping[str, Any]:
    """Make the account that somebody signed up for, and sign them in.

    Raises:
        Expired: The link is unknown, was used, or is older than a day.
        Taken: The address has an account by now.
    """
    asked = await challenges.use(ctx, ChallengePurpose.SIGN_UP, secret, field="secret")
    state = asked.state
    person_id = await ctx.connection.fetchval(
        SIGN_UP, asked.email, state["name"], state["locale"], state["password_hash"]
    )
    if person_id is None:
        raise Taken("accounts.email_taken", field=("secret",))
    await ctx.record(EventKind.PERSON_JOINED, subject_id=person_id, person_id=person_id)
    return await begin_session(ctx, person_id, SignInMethod.EMAIL)


@in_steps
async def request_email_change(
    steps: Steps, *, email: str, password: str | None = None
) -> Mapping[str, Any]:
    """Send a link to a new address; the account has it once the link was followed.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: The address is none, or the password is wrong.
        NotAllowed: There is no password to ask for, and they did not sign in just now.
        Throttled: Too many guesses, or too many e-mails.
    """
    email = checking.email(email, "email")
    own = await steps.do(count_own_guess)
    if own["hash"] is None:
        if not own["is_fresh"]:
            raise NotAllowed("accounts.sign_in_again")
    elif not await is_password(own["hash"], password or ""):
        raise InvalidInput("accounts.wrong_password", field=("password",))
    await steps.do(_send_email_change, email=email, own_email=own["email"])
    return {"email": email}


async def _send_email_change(ctx: Context, *, email: str, own_email: str) -> None:
    actor = ctx.person()
    await forgive_guesses(ctx, own_email)
    await count_mail(ctx, email=email, what="change")
    found = await ctx.connection.fetchrow(FIND, email)
    await challenges.end_all(ctx, actor.id, ChallengePurpose.CHANGE_EMAIL)
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.CHANGE_EMAIL,
        life=CHANGE_EMAIL_LIFE,
        person_id=actor.id,
        email=email,
    )
    known = found is not None and found["id"] != actor.id
    link = ctx.page("/password/forgotten" if known else f"/email/confirm#{secret}")
    await ctx.mail(
        "accounts.change_email_known" if known else "accounts.confirm_email",
        to=email,
        locale=actor.locale,
        values={},
        sealed={"link": link},
    )


async def confirm_email_change(ctx: Context, *, secret: str) -> Mapping[str, Any]:
    """Give an account the new address, and tell the old one. Who follows the link need not be signed in.

    Raises:
        Expired: The link is unknown, was used, or is older than a day.
        Taken: The address has an account by now.
    """
    asked = await challenges.use(ctx, ChallengePurpose.CHANGE_EMAIL, secret, field="secret")
    person_id = asked.owner(field="secret")
    try:
        async with ctx.connection.transaction():
            changed = await ctx.connection.fetchrow(CHANGE_EMAIL, person_id, asked.email)
    except asyncpg.UniqueViolationError as error:
        raise Taken("accounts.email_taken", field=("secret",)) from error
    await challenges.end_all(ctx, person_id, ChallengePurpose.RESET_PASSWORD)
    if changed is not None:
        await ctx.record(EventKind.PERSON_EDITED, subject_id=person_id, person_id=person_id)
        await ctx.mail(
            "accounts.email_changed",
            to=changed["email"],
            locale=changed["locale"],
            values={"name": changed["name"], "email": asked.email},
        )
    return {"email": asked.email}
