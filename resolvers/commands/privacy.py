"""One's own data: asking for all of it, and asking for its erasure.

Whoever asks for erasure proves to be there: by the password, or by having signed in just now. It is
done two weeks later, so that it can be taken back, or at once when that is what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from resolvers.acting import Connection, Context
from resolvers.commands.people import person_edited
from resolvers.commands.sessions import count_own_guess, forgive_guesses
from resolvers.erasing import check_owners, erase_person
from resolvers.passwords import is_password
from resolvers.refusals import InvalidInput, NotAllowed, TooMany
from resolvers.steps import Steps, in_steps

# An export may be fetched for so long.
EXPORT_LIFE = timedelta(days=7)
# Time to think better of an erasure.
ERASURE_GRACE = timedelta(days=14)
# Exports of a person within a day.
EXPORTS_MAX = 3
JOB = "make_export"

RECENT = """
select count(*) from data_export where person_id = $1 and created_at > now() - interval '1 day'
"""
ASK = """
with asked as (
  insert into data_export (person_id) values ($1)
  on conflict (person_id) where ready_at is null do nothing returning id
)
select id, true as is_new from asked
union all
select id, false from data_export where person_id = $1 and ready_at is null
limit 1
"""
ASKED = """
select e.person_id from data_export e join person p on p.id = e.person_id and p.erased_at is null
where e.id = $1 and e.ready_at is null
"""
# Of two attempts at once, the second finds it done.
READY = """
update data_export e set storage_key = $2, byte_count = $3, ready_at = now(),
  expires_at = now() + $4::interval
from person p where e.id = $1 and e.ready_at is null and p.id = e.person_id and p.erased_at is null
returning p.email, p.name, p.locale
"""
ERASE_LATER = """
update person set erasure_requested_at = coalesce(erasure_requested_at, now()) where id = $1
returning erasure_requested_at, old.erasure_requested_at is null as is_new
"""
OWN = "select email, name, locale from person where id = $1"
KEEP = """
update person set erasure_requested_at = null
where id = $1 and erasure_requested_at is not null returning id
"""
DUE = """
select id from person where erasure_requested_at < now() - $1::interval and erased_at is null
order by erasure_requested_at
"""


async def request_export(ctx: Context) -> UUID:
    """Have all that is kept about the actor put into a file; one at a time.

    Raises:
        NotSignedIn: Nobody is signed in.
        TooMany: They asked for three within a day.
    """
    actor = ctx.person(even_suspended=True)
    found: Any = await ctx.connection.fetchrow(ASK, actor.id)
    key: UUID = found["id"]
    if found["is_new"]:
        if await ctx.connection.fetchval(RECENT, actor.id) > EXPORTS_MAX:
            raise TooMany("privacy.too_many_exports", limit=EXPORTS_MAX)
        await ctx.enqueue(JOB, export_id=str(key))
    return key


async def asked_export(connection: Connection, export_id: UUID) -> UUID | None:
    """Give whose export it is; None when it is made already, or nobody's any more."""
    person_id: UUID | None = await connection.fetchval(ASKED, export_id)
    return person_id


async def keep_export(ctx: Context, export_id: UUID, key: str, byte_count: int) -> bool:
    """Say that an export was made, and tell the person; False when that is not wanted any more."""
    asked = await ctx.connection.fetchrow(READY, export_id, key, byte_count, EXPORT_LIFE)
    if asked is None:
        return False
    await ctx.enqueue(
        "mail",
        template="privacy.export_ready",
        to=asked["email"],
        locale=asked["locale"],
        values={
            "name": asked["name"],
            "days": EXPORT_LIFE.days,
            "link": f"{ctx.services.base_url}/exports/exp_{export_id}",
        },
    )
    return True


@in_steps
async def erase_account(
    steps: Steps, *, password: str | None = None, at_once: bool = False
) -> Mapping[str, Any]:
    """Erase the actor in two weeks, or at once.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: The password is wrong.
        NotAllowed: There is no password, and they did not sign in just now.
        Conflict: An organisation would be left without an owner; the text names which.
        Throttled: Too many guesses.
    """
    own = await steps.do(count_own_guess)
    if password:
        if not await is_password(own["hash"], password):
            raise InvalidInput("accounts.wrong_password", field=("password",))
    elif not own["is_fresh"]:
        raise NotAllowed("privacy.confirm", field=("password",))
    asked: Mapping[str, Any] = await steps.do(_erase, email=own["email"], at_once=bool(at_once))
    return asked


async def _erase(ctx: Context, *, email: str, at_once: bool) -> Mapping[str, Any]:
    actor = ctx.person(even_suspended=True)
    own: Any = await ctx.connection.fetchrow(OWN, actor.id)
    await forgive_guesses(ctx, email)
    if at_once:
        await erase_person(ctx.connection, actor.id)
        ctx.outcome.session_ended = True
        await _tell(ctx, own, "erased")
        return {"erased": True, "erasure_at": None}
    await check_owners(ctx.connection, actor.id)
    asked: Any = await ctx.connection.fetchrow(ERASE_LATER, actor.id)
    erasure_at: datetime = asked["erasure_requested_at"] + ERASURE_GRACE
    if asked["is_new"]:
        await person_edited(ctx, actor.id)
    await _tell(ctx, own, "erasure_asked", days=ERASURE_GRACE.days)
    return {"erased": False, "erasure_at": erasure_at}


async def cancel_erasure(ctx: Context) -> UUID:
    """Take back that the actor is to be erased; nothing happens when they are not.

    Raises:
        NotSignedIn: Nobody is signed in.
    """
    actor = ctx.person(even_suspended=True)
    if await ctx.connection.fetchval(KEEP, actor.id):
        await person_edited(ctx, actor.id)
    return actor.id


async def erase_due_person(ctx: Context, person_id: UUID) -> None:
    """Erase a person whose two weeks are over, and tell their last known address.

    Raises:
        NotFound: They are erased already.
        Conflict: An organisation would be left without an owner.
    """
    own: Any = await ctx.connection.fetchrow(OWN, person_id)
    await erase_person(ctx.connection, person_id)
    await _tell(ctx, own, "erased")


async def _tell(ctx: Context, own: Mapping[str, Any], text: str, **values: Any) -> None:
    await ctx.enqueue(
        "mail",
        template=f"privacy.{text}",
        to=own["email"],
        locale=own["locale"],
        values={
            "name": own["name"],
            "link": f"{ctx.services.base_url}/settings/privacy",
            **values,
        },
    )
