"""Passkeys (WebAuthn): adding one, signing in with one, naming and removing them.

A passkey is both factors at once: the device that has it, and whoever unlocks that device; so the
device must have asked for a finger, a face or a PIN ("user verification"), and no code is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

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

CEREMONY_LIFE = timedelta(minutes=5)
NETWORK_NAME = "Talent Commons"
PASSKEYS_MAX = 25
RESPONSE_MAX = 32 * 1024
# What unpacking a response that is none can raise, beside what the library says itself.
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError)
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
    options = generate_registration_options(
        rp_id=_rp_id(ctx),
        rp_name=NETWORK_NAME,
        user_id=actor.id.bytes,
        user_name=own["email"],
        user_display_name=own["name"],
        timeout=_milliseconds(),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in held
        ],
    )
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.PASSKEY_REGISTRATION,
        life=CEREMONY_LIFE,
        person_id=actor.id,
        state={"challenge": bytes_to_base64url(options.challenge)},
    )
    return {"secret": secret, "options": options_to_json(options)}


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
    try:
        verified = verify_registration_response(
            credential=parse_registration_credential_json(_sized(response)),
            expected_challenge=base64url_to_bytes(asked.state["challenge"]),
            expected_rp_id=_rp_id(ctx),
            expected_origin=_origin(ctx),
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise InvalidInput("passkeys.not_registered", field=("response",)) from error
    # One request of a person at a time, so that two do not pass the bound together.
    await ctx.connection.execute(LOCK_PERSON, actor.id)
    _must_have_room(len(await ctx.connection.fetch(HELD, actor.id)))
    key: UUID | None = await ctx.connection.fetchval(
        ADD,
        actor.id,
        verified.credential_id,
        verified.credential_public_key,
        verified.sign_count,
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
    options = generate_authentication_options(
        rp_id=_rp_id(ctx),
        timeout=_milliseconds(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    secret = await challenges.issue(
        ctx,
        ChallengePurpose.PASSKEY_SIGN_IN,
        life=CEREMONY_LIFE,
        state={"challenge": bytes_to_base64url(options.challenge)},
    )
    return {"secret": secret, "options": options_to_json(options)}


async def finish_sign_in(ctx: Context, *, secret: str, response: str) -> Mapping[str, Any]:
    """Open a session for the owner of a passkey.

    Raises:
        Expired: The secret is unknown, was used, or is older than five minutes.
        InvalidInput: The passkey is unknown, or its answer is not one to this challenge: it is not said which.
    """
    asked = await challenges.use(ctx, ChallengePurpose.PASSKEY_SIGN_IN, secret, field="secret")
    refusal = InvalidInput("passkeys.not_signed_in", field=("response",))
    try:
        credential = parse_authentication_credential_json(_sized(response))
        held = await ctx.connection.fetchrow(FIND, credential.raw_id)
        if held is None:
            raise refusal
        handle = credential.response.user_handle
        if handle is not None and handle != held["person_id"].bytes:
            raise refusal
        # Refuses a counter that did not grow, unless the authenticator has none: a copy of the key.
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(asked.state["challenge"]),
            expected_rp_id=_rp_id(ctx),
            expected_origin=_origin(ctx),
            credential_public_key=held["public_key"],
            credential_current_sign_count=held["sign_count"],
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise refusal from error
    await ctx.connection.execute(USED, held["id"], verified.new_sign_count)
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


def _sized(response: str) -> str:
    if len(response) > RESPONSE_MAX:
        raise ValueError(f"A response has at most {RESPONSE_MAX} characters")
    return response


def _milliseconds() -> int:
    return int(CEREMONY_LIFE.total_seconds() * 1000)


def _rp_id(ctx: Context) -> str:
    """Give the name that passkeys belong to: the host of the pages."""
    return urlsplit(ctx.services.base_url).hostname or "localhost"


def _origin(ctx: Context) -> str:
    parts = urlsplit(ctx.services.base_url)
    return f"{parts.scheme}://{parts.netloc}"
