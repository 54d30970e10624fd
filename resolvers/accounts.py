"""Signing in: whose secret it is, their sessions and tokens, and issuing a token."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import ColumnElement, false, func, or_
from sqlmodel import col, select

from db.tables.accounts import AccessToken, Session, TokenScope
from db.tables.people import Person
from resolvers.rows import Row, Viewer
from subscriptions.events import EventKind, ids_of

SECRET_BYTES = 32
# How long a browser stays signed in.
SESSION_LIFE = timedelta(days=30)
TOKEN_PREFIX = "tc_"  # noqa: S105 - tells a leaked token from other secrets, as scanners do


ADD_CREDENTIAL = """
insert into access_token (person_id, name, secret_hash, scopes, expires_at)
values ($1, $2, $3, $4, now() + $5::interval) returning id
"""
PEOPLE_OF_SECRETS = """
select c.secret_hash, c.person_id
from (
  select secret_hash, person_id from access_token
  where secret_hash = any($1::bytea[]) and revoked_at is null
    and (expires_at is null or expires_at > now())
  union all
  select secret_hash, person_id from session
  where secret_hash = any($1::bytea[]) and revoked_at is null and expires_at > now()
) c join person p on p.id = c.person_id and p.deactivated_at is null
"""
SET_MODERATOR = f"""
with edited as (
  update person set is_moderator = $2 where id = $1
  returning id, name, old.is_moderator <> new.is_moderator as is_changed
), recorded as (
  insert into event (kind, subject_id, ids)
  select '{EventKind.PERSON_EDITED}', id, {ids_of("'person_id', id")} from edited where is_changed
)
select name from edited
"""  # noqa: S608 - constants


class Reader(Protocol):
    """Where statements run."""

    async def fetch(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """Run a statement and give its rows."""
        ...


async def people_of_secrets(reader: Reader, hashes: Sequence[bytes]) -> dict[bytes, UUID]:
    """Give whose live tokens and sessions have these hashes; a hash that is nobody's is left out."""
    rows = await reader.fetch(PEOPLE_OF_SECRETS, list(hashes))
    return {row["secret_hash"]: row["person_id"] for row in rows}


def viewer(viewer: Viewer) -> Any:
    """Give the person who asks."""
    return select(Person).where(col(Person.id) == viewer.id)


def is_viewer(person: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether this person is the one who asks."""
    return person.id == viewer.id


def is_owner(owned: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A session or a token is seen by the person whose it is."""
    return owned.person_id == viewer.id


def sessions(person: Row) -> Any:
    """Give the sessions of a person that have not ended."""
    return select(Session).where(
        col(Session.person_id) == person.id,
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > func.now(),
    )


def is_current(session: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the request came with this session."""
    return func.coalesce(session.secret_hash == viewer.secret_hash, false())


def access_tokens(person: Row) -> Any:
    """Give the tokens of a person that still count."""
    return select(AccessToken).where(
        col(AccessToken.person_id) == person.id,
        col(AccessToken.revoked_at).is_(None),
        or_(col(AccessToken.expires_at).is_(None), col(AccessToken.expires_at) > func.now()),
    )


def person_of_secret(secret_hash: ColumnElement[bytes]) -> Any:
    """Give the id of the person whose live token or session has this hash."""
    token = select(AccessToken.person_id).where(
        col(AccessToken.secret_hash) == secret_hash,
        col(AccessToken.revoked_at).is_(None),
        or_(col(AccessToken.expires_at).is_(None), col(AccessToken.expires_at) > func.now()),
    )
    session = select(Session.person_id).where(
        col(Session.secret_hash) == secret_hash,
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > func.now(),
    )
    found = token.union_all(session).subquery("credential")
    active = select(Person.id).where(
        col(Person.id) == found.c.person_id, col(Person.deactivated_at).is_(None)
    )
    return select(active.scalar_subquery()).select_from(found).limit(1).scalar_subquery()


def hash_secret(secret: str) -> bytes:
    """Give what is stored of a secret. It has 256 random bits, so a fast hash is enough."""
    return sha256(secret.encode()).digest()


async def issue_token(
    connection: asyncpg.Connection | PoolConnectionProxy,
    person_id: UUID,
    *,
    name: str,
    scopes: Sequence[TokenScope] = tuple(TokenScope),
    valid_for: timedelta | None = timedelta(days=90),
) -> str:
    """Make a bearer token for a person and give its secret, which is shown this once.

    `valid_for` None makes it valid until it is revoked.
    """
    _, secret = await add_token(
        connection, person_id, name=name, scopes=scopes, valid_for=valid_for
    )
    return secret


async def add_token(
    connection: asyncpg.Connection | PoolConnectionProxy,
    person_id: UUID,
    *,
    name: str,
    scopes: Sequence[TokenScope],
    valid_for: timedelta | None,
) -> tuple[UUID, str]:
    """Make a bearer token for a person and give its key and its secret."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    key: UUID = await connection.fetchval(
        ADD_CREDENTIAL, person_id, name, hash_secret(secret), list(scopes), valid_for
    )
    return key, secret


async def find_person(
    connection: asyncpg.Connection | PoolConnectionProxy, email: str
) -> UUID | None:
    """Give the id of the active person with this e-mail address."""
    found: UUID | None = await connection.fetchval(
        "select id from person where email = $1 and deactivated_at is null", email
    )
    return found


async def set_moderator(
    connection: asyncpg.Connection | PoolConnectionProxy,
    person_id: UUID | None,
    *,
    is_moderator: bool,
) -> str | None:
    """Make a person a moderator of the network, or no longer; give their name if there is one."""
    name: str | None = await connection.fetchval(SET_MODERATOR, person_id, is_moderator)
    return name
