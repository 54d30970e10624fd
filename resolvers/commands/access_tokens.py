"""Tokens that a person gives to programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.tables.accounts import TokenScope
from resolvers import checking
from resolvers.accounts import add_token
from resolvers.acting import Context
from resolvers.commands.people import LOCK_PERSON
from resolvers.commands.sessions import credentials_changed
from resolvers.refusals import InvalidInput, NotAllowed, NotFound, TooMany
from subscriptions.events import EventKind

TOKEN_NAME_MAX = 80
TOKENS_MAX = 50
VALID_DAYS_MIN, VALID_DAYS_MAX = 1, 366
COUNT = """
select count(*) from access_token
where person_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())
"""
REVOKE = """
update access_token set revoked_at = now()
where id = $1 and person_id = $2 and revoked_at is null returning id
"""


async def create_token(
    ctx: Context, *, name: str, scopes: Sequence[TokenScope], valid_days: int = 90
) -> Mapping[str, Any]:
    """Make a token; its secret is given this once.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The request came with a token: a program does not make tokens for itself.
        InvalidInput: The name, the scopes or the days cannot be taken.
        TooMany: They have TOKENS_MAX already.
    """
    actor = ctx.person()
    if actor.session_id is None:
        raise NotAllowed("accounts.session_needed")
    name = checking.text(name, "name", at_least=1, at_most=TOKEN_NAME_MAX)
    if not scopes:
        raise InvalidInput("accounts.scopes_missing", field=("scopes",))
    if not VALID_DAYS_MIN <= valid_days <= VALID_DAYS_MAX:
        raise InvalidInput(
            "common.out_of_range",
            field=("valid_days",),
            actual=valid_days,
            least=VALID_DAYS_MIN,
            most=VALID_DAYS_MAX,
        )
    # One request of a person at a time, so that two do not pass the bound together.
    await ctx.connection.execute(LOCK_PERSON, actor.id)
    if await ctx.connection.fetchval(COUNT, actor.id) >= TOKENS_MAX:
        raise TooMany("accounts.tokens_too_many", limit=TOKENS_MAX)
    # Who may write may read.
    given = [TokenScope.READ, *([TokenScope.WRITE] if TokenScope.WRITE in scopes else [])]
    key, secret = await add_token(
        ctx.connection, actor.id, name=name, scopes=given, valid_for=timedelta(days=valid_days)
    )
    await credentials_changed(ctx, actor.id)
    return {"access_token": key, "secret": secret}


async def revoke_token(ctx: Context, *, access_token_id: UUID) -> UUID | None:
    """Make a token of the actor's own count no more, from its very next request on.

    None when it is the one that the request came with: it shows nothing any longer.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: They have no such token, or it was revoked.
    """
    actor = ctx.person(even_suspended=True)
    if await ctx.connection.fetchval(REVOKE, access_token_id, actor.id) is None:
        raise NotFound("common.not_found", field=("access_token_id",))
    await ctx.record(
        EventKind.TOKEN_REVOKED,
        subject_id=actor.id,
        person_id=actor.id,
        access_token_id=access_token_id,
    )
    return None if access_token_id == actor.token_id else access_token_id
