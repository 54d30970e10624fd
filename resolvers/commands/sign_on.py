"""Single sign-on: who signs in the people of an organisation's domain, and what comes of it.

The conversation with the provider is the edge's (`web/sign_on.py`), between these transactions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from db.tables.accounts import ChallengePurpose, SignInMethod
from db.tables.people import NAME_MAX, Locale, Role
from resolvers import challenges, checking, throttling
from resolvers.acting import Context
from resolvers.auditing import AuditAction
from resolvers.commands.memberships import enter
from resolvers.commands.sessions import begin_session
from resolvers.permissions import Action
from resolvers.refusals import Conflict, Expired, InvalidInput, NotAllowed, NotFound, Taken
from resolvers.sealing import SealBroken, seal, unseal
from resolvers.throttling import bucket
from subscriptions.events import EventKind, ids_of

SIGN_ON_LIFE = timedelta(minutes=10)
CLIENT_ID_MAX = 200
CLIENT_SECRET_MAX = 500
SUBJECT_MAX = 255
# Nobody runs an organisation because a provider says so.
GIVEN_ROLES = (Role.MEMBER, Role.EDITOR, Role.TALENT_MANAGER)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
DOMAIN = "select verified_domain from organisation where id = $1 for no key update"
HELD = "select id, issuer from identity_provider where organisation_id = $1 for update"
SET = """
insert into identity_provider as i
  (organisation_id, issuer, client_id, sealed_client_secret, email_domain, default_role)
values ($1, $2, $3, $4, $5, $6)
on conflict (organisation_id) do update set
  issuer = excluded.issuer, client_id = excluded.client_id,
  sealed_client_secret = coalesce(excluded.sealed_client_secret, i.sealed_client_secret),
  email_domain = excluded.email_domain, default_role = excluded.default_role
returning id
"""
CHANGE = """
update identity_provider set client_id = $2, email_domain = $3, default_role = $4
where organisation_id = $1 returning id
"""
# Subjects are names within one issuer: at another they are somebody else.
FORGET_SUBJECTS = "delete from external_identity where provider_id = $1"
REMOVE = "delete from identity_provider where id = $1"
# Of all whom the provider signed in, but for the session that asks ($2); also what one of them
# needs for a second step that was not taken yet.
END_SESSIONS = f"""
with theirs as (
  select person_id from external_identity where provider_id = $1
), on_the_way as (
  update challenge set used_at = now() from theirs
  where challenge.person_id = theirs.person_id and used_at is null
    and purpose = '{ChallengePurpose.SECOND_FACTOR}'
), ended as (
  update session set revoked_at = now() from theirs
  where session.person_id = theirs.person_id and method = '{SignInMethod.SINGLE_SIGN_ON}'
    and revoked_at is null and expires_at > now() and session.id is distinct from $2
  returning session.id, session.person_id
)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.SESSION_ENDED}', $3::uuid, id, {ids_of("'person_id', person_id", "'session_id', id")}
from ended
"""  # noqa: S608 - constants
# In force only while the domain is the organisation's.
FIND = """
select i.id, i.organisation_id, i.issuer, i.client_id, i.sealed_client_secret,
       i.email_domain::text as email_domain, i.default_role
from identity_provider i join organisation o on o.id = i.organisation_id
where o.suspended_at is null and lower(o.verified_domain) = lower(i.email_domain::text)
"""
BY_SLUG = f"{FIND} and o.slug = $1"
BY_ID = f"{FIND} and i.id = $1"
# Whoever removes it meanwhile waits, and then ends the session that is opened.
IN_FORCE = f"{BY_ID} for key share of i"
KNOWN = """
select p.id, p.deactivated_at is not null as is_gone
from external_identity e join person p on p.id = e.person_id
where e.provider_id = $1 and e.subject = $2
"""
JOIN = """
insert into person (email, name, locale, email_verified_at) values ($1, $2, $3, now())
on conflict (email) do nothing returning id
"""
# Locked, so that two that come at once are linked one after the other.
AT_ADDRESS = """
select p.id, p.name, p.email, p.locale, p.deactivated_at is not null as is_gone,
       exists (
         select from external_identity e where e.person_id = p.id and e.provider_id = $2
       ) as is_linked
from person p where p.email = $1 for no key update of p
"""
LINK = "insert into external_identity (provider_id, person_id, subject) values ($1, $2, $3)"
VERIFIED = "update person set email_verified_at = coalesce(email_verified_at, now()) where id = $1"


async def set_identity_provider(
    ctx: Context,
    *,
    organisation_id: UUID,
    issuer: str,
    client_id: str,
    client_secret: str | None = None,
    default_role: Role | None = None,
) -> UUID:
    """Let an OpenID Connect provider sign in the people of the organisation's verified domain.

    Without a secret the one that is held stays, as long as the issuer does. Another issuer begins
    with nobody signed in.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it.
        InvalidInput: The issuer is no address over https, or a text is missing or too long.
        Conflict: The organisation has no verified domain.
        Taken: Another organisation signs in the people of this domain.
    """
    await ctx.require(Action.MANAGE_SIGN_ON, organisation_id, field="organisation_id")
    issuer = _issuer(ctx, issuer)
    default_role = default_role or Role.MEMBER
    client_id = checking.text(client_id, "client_id", at_least=1, at_most=CLIENT_ID_MAX)
    if default_role not in GIVEN_ROLES:
        raise InvalidInput("sign_on.role", field=("default_role",))
    domain = await ctx.connection.fetchval(DOMAIN, organisation_id)
    if domain is None:
        raise Conflict("sign_on.domain_needed")
    held = await ctx.connection.fetchrow(HELD, organisation_id)
    moved = held is None or held["issuer"] != issuer
    try:
        async with ctx.connection.transaction():
            if client_secret is None:
                # A secret goes to nobody but the provider that it was given for.
                if moved:
                    raise InvalidInput("sign_on.secret_needed", field=("client_secret",))
                key: UUID = await ctx.connection.fetchval(
                    CHANGE, organisation_id, client_id, domain, default_role
                )
            else:
                secret = checking.text(
                    client_secret, "client_secret", at_least=1, at_most=CLIENT_SECRET_MAX
                )
                sealed = seal(ctx.services.secret_key, _purpose(organisation_id), secret.encode())
                key = await ctx.connection.fetchval(
                    SET, organisation_id, issuer, client_id, sealed, domain, default_role
                )
    except asyncpg.UniqueViolationError as error:
        raise Taken("sign_on.domain_taken", domain=domain) from error
    if moved:
        await _end_sessions(ctx, key)
        await ctx.connection.execute(FORGET_SUBJECTS, key)
    await _changed(ctx, organisation_id)
    await ctx.audit(AuditAction.SIGN_ON_SET, organisation_id, subject_id=key)
    return key


async def remove_identity_provider(ctx: Context, *, organisation_id: UUID) -> UUID:
    """Sign nobody in by the organisation's provider any more, and end the sessions that it opened.

    The session that asks stays. A reset gives a password to whoever has none.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it.
        Conflict: There is none.
    """
    await ctx.require(Action.MANAGE_SIGN_ON, organisation_id, field="organisation_id")
    held = await ctx.connection.fetchrow(HELD, organisation_id)
    if held is None:
        raise Conflict("sign_on.none")
    key: UUID = held["id"]
    await _end_sessions(ctx, key)
    await ctx.connection.execute(REMOVE, key)
    await _changed(ctx, organisation_id)
    await ctx.audit(AuditAction.SIGN_ON_REMOVED, organisation_id, subject_id=key)
    return organisation_id


async def find_provider(ctx: Context, *, slug: str) -> Mapping[str, Any]:
    """Give the provider of an organisation, its secret opened.

    Raises:
        NotFound: There is none in force.
        Throttled: It was asked for too often from here.
    """
    here = bucket("sign on from", ctx.origin.address, free=60, pause=1, leak=5)
    await throttling.count(ctx.connection, [here], "accounts.throttled_guesses")
    return _opened(ctx, await ctx.connection.fetchrow(BY_SLUG, slug))


async def begin_sign_on(ctx: Context, *, organisation_id: UUID, state: dict[str, Any]) -> str:
    """Keep what an attempt needs when it comes back; give the secret that the browser keeps."""
    return await challenges.issue(
        ctx,
        ChallengePurpose.SINGLE_SIGN_ON,
        life=SIGN_ON_LIFE,
        organisation_id=organisation_id,
        state=state,
    )


async def take_sign_on(ctx: Context, *, secret: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give what was kept of an attempt, this once, and its provider as it is now.

    Raises:
        Expired: The attempt is over.
        NotFound: The provider is no longer in force.
    """
    asked = await challenges.use(ctx, ChallengePurpose.SINGLE_SIGN_ON, secret, field="state")
    found = await ctx.connection.fetchrow(BY_ID, UUID(asked.state["provider_id"]))
    return asked.state, _opened(ctx, found)


async def finish_sign_on(
    ctx: Context, *, provider_id: UUID, claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Sign in whom the claims name: whoever is known by this subject, or has the address, or is new.

    `claims` are those of an ID token that was checked. Gives what `begin_session` gives.

    Raises:
        NotAllowed: The address is not verified, or not of the domain; or the account is closed.
        Conflict: The address belongs to somebody else at this provider.
        NotFound: The provider is no longer in force.
    """
    provider = await ctx.connection.fetchrow(IN_FORCE, provider_id)
    if provider is None:
        raise NotFound("sign_on.none")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_MAX or "\0" in subject:
        raise NotAllowed("sign_on.not_accepted")
    email = _email(claims, provider["email_domain"])
    known = await ctx.connection.fetchrow(KNOWN, provider_id, subject)
    if known is None:
        person_id = await _first_time(ctx, provider, claims, email, subject)
    elif known["is_gone"]:
        raise NotAllowed("sign_on.not_accepted")
    else:
        person_id = known["id"]
    return await begin_session(ctx, person_id, SignInMethod.SINGLE_SIGN_ON)


async def _end_sessions(ctx: Context, provider_id: UUID) -> None:
    actor = ctx.person()
    await ctx.connection.execute(END_SESSIONS, provider_id, actor.session_id, actor.id)


def other_browser() -> Expired:
    """Give the refusal of what comes back to another browser, or too late."""
    return Expired("sign_on.other_browser")


async def _first_time(
    ctx: Context, provider: Mapping[str, Any], claims: Mapping[str, Any], email: str, subject: str
) -> UUID:
    joined = await ctx.connection.fetchval(JOIN, email, _name(claims, email), _locale(ctx, claims))
    person: Any = await ctx.connection.fetchrow(AT_ADDRESS, email, provider["id"])
    if person is None or person["is_gone"]:
        raise NotAllowed("sign_on.not_accepted")
    if person["is_linked"]:
        # Known by another subject: an address that was given to somebody else since.
        again = await ctx.connection.fetchrow(KNOWN, provider["id"], subject)
        if again is None:
            raise Conflict("sign_on.address_of_another")
        return again["id"]  # type: ignore[no-any-return]
    person_id: UUID = person["id"]
    if joined is not None:
        await ctx.record(EventKind.PERSON_JOINED, subject_id=person_id, person_id=person_id)
    await ctx.connection.execute(LINK, provider["id"], person_id, subject)
    await ctx.connection.execute(VERIFIED, person_id)
    await enter(ctx, provider["organisation_id"], person_id, Role(provider["default_role"]))
    if joined is None:
        await ctx.enqueue(
            "mail",
            template="sign_on.linked",
            to=person["email"],
            locale=person["locale"],
            values={"name": person["name"], "domain": provider["email_domain"]},
        )
    return person_id


async def _changed(ctx: Context, organisation_id: UUID) -> None:
    await ctx.record(
        EventKind.ORGANISATION_EDITED, organisation_id=organisation_id, subject_id=organisation_id
    )


def _opened(ctx: Context, found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if found is None:
        raise NotFound("sign_on.none")
    purpose = _purpose(found["organisation_id"])
    try:
        secret = unseal(ctx.services.secret_key, purpose, found["sealed_client_secret"])
    except SealBroken as error:
        # The server was given another key meanwhile: the owner has to set the secret anew.
        raise NotFound("sign_on.none") from error
    return {**found, "client_secret": secret.decode()}


def _issuer(ctx: Context, value: str) -> str:
    cleaned = checking.url(value, "issuer")
    parts = urlsplit(cleaned)
    plain = ctx.services.allow_private_providers and parts.hostname in LOOPBACK
    is_whole = not (parts.query or parts.fragment or parts.username or parts.password)
    if not is_whole or (parts.scheme != "https" and not plain):
        raise InvalidInput("sign_on.issuer", field=("issuer",))
    return cleaned


def _email(claims: Mapping[str, Any], domain: str) -> str:
    value, verified = claims.get("email"), claims.get("email_verified")
    # Some providers write the truth as a text.
    if not isinstance(value, str) or not (verified is True or verified == "true"):
        raise NotAllowed("sign_on.not_verified")
    try:
        email = checking.email(value, "email")
    except InvalidInput as error:
        raise NotAllowed("sign_on.not_verified") from error
    if email.rpartition("@")[2].lower() != domain.lower():
        raise NotAllowed("sign_on.other_domain", domain=domain)
    return email


def _name(claims: Mapping[str, Any], email: str) -> str:
    given = claims.get("name")
    if isinstance(given, str):
        try:
            return checking.text(given[:NAME_MAX], "name", at_least=1, at_most=NAME_MAX)
        except InvalidInput:
            pass
    return email.partition("@")[0]


def _locale(ctx: Context, claims: Mapping[str, Any]) -> Locale:
    try:
        return Locale(str(claims.get("locale", ""))[:2].upper())
    except ValueError:
        return ctx.origin.locale


def _purpose(organisation_id: UUID) -> str:
    # With the organisation, so that a secret that was moved to another row opens nothing.
    return f"identity provider {organisation_id}"
