"""Secrets that work once: a link in an e-mail, or what a browser keeps between two steps."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.tables.accounts import ChallengePurpose
from resolvers.accounts import SECRET_BYTES, hash_secret
from resolvers.acting import Context
from resolvers.refusals import Expired
from resolvers.sealing import SealBroken, seal_values, unseal_values

ISSUE = """
insert into challenge (purpose, person_id, organisation_id, email, secret_hash, state, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + $7)
"""
FIND = """
select id, person_id, organisation_id, email, state from challenge
where secret_hash = $1 and purpose = $2 and used_at is null and expires_at > now()
"""
# The update decides who of two is first.
USE = """
update challenge set used_at = now()
where secret_hash = $1 and purpose = $2 and used_at is null and expires_at > now()
returning id, person_id, organisation_id, email, state
"""
END_ALL = """
update challenge set used_at = now()
where person_id = $1 and purpose = any($2) and used_at is null
"""


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """What stands behind a secret; `state` is what the first step left for the second."""

    id: UUID
    person_id: UUID | None
    organisation_id: UUID | None
    email: str | None
    state: dict[str, Any]

    def owner(self, *, field: str) -> UUID:
        """Give whose it is.

        Raises:
            Expired: Nobody's: it was made only to take the same time.
        """
        if self.person_id is None:
            raise expired(field)
        return self.person_id


def expired(field: str) -> Expired:
    """Give the refusal of a secret that does not count."""
    return Expired("accounts.link_expired", field=(field,))


async def issue(
    ctx: Context,
    purpose: ChallengePurpose,
    *,
    life: timedelta,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
    email: str | None = None,
    state: dict[str, Any] | None = None,
) -> str:
    """Make a secret of 256 random bits that works once; only its hash is stored.

    `state` is sealed: the database alone does not give it away.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    sealed = None if state is None else seal_values(ctx.services.secret_key, purpose.value, state)
    await ctx.connection.execute(
        ISSUE, purpose, person_id, organisation_id, email, hash_secret(secret), sealed, life
    )
    return secret


async def look_at(ctx: Context, purpose: ChallengePurpose, secret: str, *, field: str) -> Challenge:
    """Give what stands behind a secret without using it.

    Raises:
        Expired: It is unknown, was used, or is too old.
    """
    return await _one(ctx, FIND, purpose, secret, field)


async def use(ctx: Context, purpose: ChallengePurpose, secret: str, *, field: str) -> Challenge:
    """Give what stands behind a secret, this once.

    Raises:
        Expired: It is unknown, was used, or is too old.
    """
    return await _one(ctx, USE, purpose, secret, field)


async def end_all(ctx: Context, person_id: UUID, *purposes: ChallengePurpose) -> None:
    """Make the secrets that a person was given for these purposes work no more."""
    await ctx.connection.execute(END_ALL, person_id, list(purposes))


async def _one(
    ctx: Context, statement: str, purpose: ChallengePurpose, secret: str, field: str
) -> Challenge:
    found = await ctx.connection.fetchrow(statement, hash_secret(secret), purpose)
    if found is None:
        raise expired(field)
    sealed = found["state"]
    try:
        state = (
            {} if sealed is None else unseal_values(ctx.services.secret_key, purpose.value, sealed)
        )
    except SealBroken as error:
        # The server was given another key meanwhile.
        raise expired(field) from error
    return Challenge(
        id=found["id"],
        person_id=found["person_id"],
        organisation_id=found["organisation_id"],
        email=found["email"],
        state=state,
    )
