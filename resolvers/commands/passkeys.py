"""Passkeys (WebAuthn): adding one, signing in with one, naming and removing them.

A passkey is both factors at once: the device that has it, and whoever unlocks that device; so the
device must have asked for a finger, a face or a PIN ("user verification"), and no code is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from db.tables.accounts import PASSKEY_NAME_MAX, ChallengePurpose, SignInMethod
from resolvers import challenges, checking, throttling
from resolvers.accounts import hash_secret
from resolvers.acting import Context
from resolvers.commands.people import LOCK_PERSON
from resolvers.commands.proving import in_person, prove_oneself
from resolvers.commands.sessions import credentials_changed, open_session
from resolvers.refusals import InvalidInput, NotFound, Taken, TooMany
from resolvers.steps import Steps, in_steps
from resolvers.throttling import bucket

if TYPE_CHECKING:
    from resolvers.ceremonies import Ceremonies

CEREMONY_LIFE = timedelta(minutes=5)
PASSKEYS_MAX = 25
OWN = "select name, email, locale from person where id = $1"
HELD = "select credential_id from passkey where person_id = $1"
ADD = """
insert into passkey (person_id, credential_id, public_key, sign_count, name)
values ($1, $2, $3, $4, $5) on conflict (credential_id) do nothing returning id
"""
# The row decides who of two is first: the counter of an authenticator only grows.
FIND = """
select k.id, k.person_id, k.public_key, k.sign_count
from passkey k join person p on p.id = k.person_id and p.deactivated_at is null
where k.credential_id = $1 for update of k
"""
USED = "update passkey set sign_count = $2, last_used_at = now() where id = $1"
GIVE_UP = """
delete from challenge where secret_hash = $1 and purpose = 'PASSKEY_SIGN_IN' and used_at is null
"""
RENAME = "update passkey set name = $3 where id = $1 and person_id = $2 returning id"
REMOVE = "delete from passkey where id = $1 and person_id = $2 returning name"


@in_steps
async def begin_registration(steps: Steps, *, password: str | None = None) -> Mapping[str, Any]:
    """Give what `navigator.credentials.create` takes, and the secret that finishes it.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token; or there is no password, and they did not sign in just now.
        InvalidInput: The password is wrong.
        TooMany: They have PASSKEYS_MAX already.
    """
    await prove_oneself(steps, password)
    begun: Mapping[str, Any] = await steps.do(_begin_registration)
    return begun


async def _begin_registration(ctx: Context) -> Mapping[str, Any]:
    actor = in_person(ctx)
    own: Any = await ctx.connection.fetchrow(OWN, actor.id)
    held = await ctx.connection.fetch(HELD, actor.id)
    _must_have_room(len(held))
    begun = (await _ceremonies(ctx)).registration(
        user=actor.id.bytes,
        address=own["email"],
        name=own["name"],
        held=[row["credential_id"] for row in held],
        life=CEREMONY_LIFE,
    )
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.PASSKEY_REGISTRATION,
        life=CEREMONY_LIFE,
        person_id=actor.id,
        state={"challenge": begun.challenge},
    )
    return {"secret": secret, "options": begun.options}


async def finish_registration(ctx: Context, *, secret: str, response: str, name: str) -> UUID:
    """Keep the public half of a new passkey.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        Expired: The secret is unknown, somebody else's, was used, or is older than five minutes.
        InvalidInput: The name is empty or too long, or the response does not answer the challenge.
        Taken: The passkey is known already.
        TooMany: They have PASSKEYS_MAX already.
    """
    actor = in_person(ctx)
    name = checking.text(name, "name", at_least=1, at_most=PASSKEY_NAME_MAX)
    asked = await challenges.use(ctx, ChallengePurpose.PASSKEY_REGISTRATION, secret, field="secret")
    if asked.person_id != actor.id:
        raise challenges.expired("secret")
    made = (await _ceremonies(ctx)).registered(response, asked.state["challenge"])
    if made is None:
        raise InvalidInput("passkeys.not_registered", field=("response",))
    # One request of a person at a time, so that two do not pass the bound together.
    await ctx.connection.execute(LOCK_PERSON, actor.id)
    _must_have_room(len(await ctx.connection.fetch(HELD, actor.id)))
    key: UUID | None = await ctx.connection.fetchval(
        ADD,
        actor.id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        name,
    )
    if key is None:
        raise Taken("passkeys.known", field=("response",))
    await credentials_changed(ctx, actor.id)
    await _tell(ctx, actor.id, "passkeys.added", passkey=name)
    return key


async def begin_sign_in(ctx: Context, *, replaces: str | None = None) -> Mapping[str, Any]:
    """Give what `navigator.credentials.get` takes, and the secret that finishes it.

    It is the same for everybody: the browser knows which passkeys it has for this site.

    Raises:
        Throttled: It was asked for too often from here.
    """
    here = bucket("passkey from", ctx.origin.address, free=60, pause=1, leak=5)
    await throttling.count(ctx.connection, [here], "accounts.throttled_guesses")
    if replaces is not None:
        await ctx.connection.execute(GIVE_UP, hash_secret(replaces))
    begun = (await _ceremonies(ctx)).sign_in(life=CEREMONY_LIFE)
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.PASSKEY_SIGN_IN,
        life=CEREMONY_LIFE,
        state={"challenge": begun.challenge},
    )
    return {"secret": secret, "options": begun.options}


async def finish_sign_in(ctx: Context, *, secret: str, response: str) -> Mapping[str, Any]:
    """Open a session for the owner of a passkey.

    Raises:
        Expired: The secret is unknown, was used, or is older than five minutes.
        InvalidInput: The passkey is unknown, or its answer is not one to this challenge: it is not said which.
    """
    asked = await challenges.use(ctx, ChallengePurpose.PASSKEY_SIGN_IN, secret, field="secret")
    refusal = InvalidInput("passkeys.not_signed_in", field=("response",))
    shown = (await _ceremonies(ctx)).shown(response)
    held = await ctx.connection.fetchrow(FIND, shown.credential_id) if shown is not None else None
    if shown is None or held is None or shown.user not in {None, held["person_id"].bytes}:
        raise refusal
    sign_count = shown.proved(asked.state["challenge"], held["public_key"], held["sign_count"])
    if sign_count is None:
        raise refusal
    await ctx.connection.execute(USED, held["id"], sign_count)
    await open_session(ctx, held["person_id"], SignInMethod.PASSKEY)
    return {"viewer": held["person_id"]}


async def rename_passkey(ctx: Context, *, passkey_id: UUID, name: str) -> UUID:
    """Call one of the actor's passkeys something else.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token.
        InvalidInput: The name is empty or too long.
        NotFound: They have no such passkey.
    """
    actor = in_person(ctx)
    name = checking.text(name, "name", at_least=1, at_most=PASSKEY_NAME_MAX)
    if await ctx.connection.fetchval(RENAME, passkey_id, actor.id, name) is None:
        raise NotFound("common.not_found", field=("passkey_id",))
    await credentials_changed(ctx, actor.id)
    return passkey_id


@in_steps
async def remove_passkey(
    steps: Steps, *, passkey_id: UUID, password: str | None = None
) -> Mapping[str, Any]:
    """Sign in no more with one of the actor's passkeys. Sessions that it opened stay.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token; or there is no password, and they did not sign in just now.
        InvalidInput: The password is wrong.
        NotFound: They have no such passkey.
    """
    await prove_oneself(steps, password)
    removed: Mapping[str, Any] = await steps.do(_remove, passkey_id=passkey_id)
    return removed


async def _remove(ctx: Context, *, passkey_id: UUID) -> Mapping[str, Any]:
    actor = in_person(ctx)
    name = await ctx.connection.fetchval(REMOVE, passkey_id, actor.id)
    if name is None:
        raise NotFound("common.not_found", field=("passkey_id",))
    await credentials_changed(ctx, actor.id)
    await _tell(ctx, actor.id, "passkeys.removed", passkey=name)
    return {"viewer": actor.id}


async def _tell(ctx: Context, person_id: UUID, template: str, **values: str) -> None:
    own: Any = await ctx.connection.fetchrow(OWN, person_id)
    await ctx.enqueue(
        "mail",
        template=template,
        to=own["email"],
        locale=own["locale"],
        values={"name": own["name"], "link": ctx.page("/password/forgotten"), **values},
    )


def _must_have_room(held: int) -> None:
    if held >= PASSKEYS_MAX:
        raise TooMany("passkeys.too_many", limit=PASSKEYS_MAX)


async def _ceremonies(ctx: Context) -> Ceremonies:
    # Not at start-up: the library and what it stands on are 11 MiB and 100 ms, which nobody else
    # shall wait for.
    await asyncio.to_thread(import_module, "resolvers.ceremonies")
    from resolvers.ceremonies import Ceremonies  # noqa: PLC0415

    pages = urlsplit(ctx.services.base_url)
    # Passkeys belong to a name: the host of the pages.
    return Ceremonies(pages.hostname or "localhost", f"{pages.scheme}://{pages.netloc}")
