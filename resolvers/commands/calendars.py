"""Opening one's calendar of exchanges to whoever knows its address, and closing it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from resolvers.accounts import hash_secret
from resolvers.acting import Context
from resolvers.calendars import CALENDARS_PATH
from resolvers.commands.people import person_edited
from resolvers.refusals import NotFound, Taken

SECRET_BYTES = 32
OPEN = """
insert into calendar_feed (person_id, secret_hash) values ($1, $2)
on conflict (person_id) do update set secret_hash = excluded.secret_hash, created_at = now()
where $3 returning id
"""
CLOSE = "delete from calendar_feed where person_id = $1 returning id"


async def open_calendar(ctx: Context, *, replace: bool | None = None) -> Mapping[str, Any]:
    """Open one's calendar under a secret address, which is given this once.

    With `replace` it takes the place of an older one, which leads nowhere from then on.

    Raises:
        NotSignedIn: Nobody is signed in.
        Taken: It is open, and the address is not to be replaced.
    """
    actor = ctx.person()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    opened = await ctx.connection.fetchval(OPEN, actor.id, hash_secret(secret), bool(replace))
    if opened is None:
        raise Taken("exchanges.calendar_is_open", field=("replace",))
    await person_edited(ctx, actor.id)
    return {"viewer": actor.id, "url": ctx.page(f"{CALENDARS_PATH}{secret}.ics")}


async def close_calendar(ctx: Context) -> UUID:
    """Close one's calendar: its address leads nowhere from then on.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not open.
    """
    actor = ctx.person()
    if await ctx.connection.fetchval(CLOSE, actor.id) is None:
        raise NotFound("common.not_found")
    await person_edited(ctx, actor.id)
    return actor.id
