"""Saved searches: keeping, changing, pausing and ending them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from db.tables.feed import SEARCH_NAME_MAX, SEARCH_QUERY_MAX
from db.tables.notifications import NotificationKind
from db.tables.people import Locale
from resolvers.acting import Context
from resolvers.checking import text
from resolvers.refusals import Conflict, InvalidInput, NotFound, TooMany
from resolvers.seeing import seen_among

SEARCHES_MAX = 50
SUBJECTS_MAX = 20

# Told from now on: what is there already is no news.
CREATE = """
insert into saved_search
  (person_id, name, query, skill_ids, organisation_ids, languages, notify, told_post_id)
select $1, $2, $3, $4, $5, $6, $7, uuidv7()
where (select count(*) from saved_search where person_id = $1) < $8
returning id
"""
OWN = "select * from saved_search where id = $1 and person_id = $2 for update"
EDIT = """
update saved_search set name = $2, query = $3, skill_ids = $4, organisation_ids = $5,
  languages = $6, notify = $7, version = version + 1,
  told_post_id = case when $7 and not notify then uuidv7() else told_post_id end
where id = $1
"""
# What appeared during the pause is shown afterwards, but nobody is told of all of it at once.
RESUME = """
update saved_search set paused_at = null, told_post_id = uuidv7(), version = version + 1
where id = $1 and paused_at is not null
"""
# Its line in the inbox goes along.
DELETE = f"""
with line as (
  delete from notification
  where person_id = $2 and kind = '{NotificationKind.SAVED_SEARCH_FOUND}' and subject_id = $1
)
delete from saved_search where id = $1
"""  # noqa: S608 - a constant


async def create(
    ctx: Context,
    *,
    name: str,
    query: str | None = None,
    skill_ids: Sequence[UUID] | None = None,
    organisation_ids: Sequence[UUID] | None = None,
    languages: Sequence[Locale] | None = None,
    notify: bool | None = None,
) -> UUID:
    """Keep a search.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: A skill or an organisation does not exist, as far as they may know.
        InvalidInput: The name or the text is too long, or nothing is looked for.
        TooMany: They keep `SEARCHES_MAX` searches already.
    """
    actor = ctx.person()
    values = _checked(name, query or "", skill_ids or (), organisation_ids or (), languages or ())
    await subjects_exist(
        ctx,
        actor.id,
        {
            ("skill", "skill_ids"): skill_ids or (),
            ("organisation", "organisation_ids"): organisation_ids or (),
        },
    )
    key = await ctx.connection.fetchval(CREATE, actor.id, *values, bool(notify), SEARCHES_MAX)
    if key is None:
        raise TooMany("feed.too_many_searches", limit=SEARCHES_MAX)
    return key  # type: ignore[no-any-return]


async def edit(  # noqa: PLR0913 - the fields of a saved search
    ctx: Context,
    *,
    saved_search_id: UUID,
    expected_version: int,
    name: str | None = None,
    query: str | None = None,
    skill_ids: Sequence[UUID] | None = None,
    organisation_ids: Sequence[UUID] | None = None,
    languages: Sequence[Locale] | None = None,
    notify: bool | None = None,
) -> UUID:
    """Change a saved search; what is not given stays, what is gone among its subjects too.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs, or a new skill or organisation does not exist.
        Conflict: It was changed meanwhile.
        InvalidInput: The name or the text is too long, or nothing would be looked for.
    """
    saved = await _own(ctx, saved_search_id)
    if saved["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    skills = saved["skill_ids"] if skill_ids is None else skill_ids
    places = saved["organisation_ids"] if organisation_ids is None else organisation_ids
    values = _checked(
        saved["name"] if name is None else name,
        saved["query"] if query is None else query,
        skills,
        places,
        saved["languages"] if languages is None else languages,
    )
    await subjects_exist(
        ctx,
        saved["person_id"],
        {
            ("skill", "skill_ids"): [key for key in skills if key not in saved["skill_ids"]],
            ("organisation", "organisation_ids"): [
                key for key in places if key not in saved["organisation_ids"]
            ],
        },
    )
    told = saved["notify"] if notify is None else notify
    await ctx.connection.execute(EDIT, saved_search_id, *values, told)
    return saved_search_id


async def pause(ctx: Context, *, saved_search_id: UUID) -> UUID:
    """Let a saved search rest: nothing new comes in until it is resumed.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    await _own(ctx, saved_search_id)
    await ctx.connection.execute(
        """update saved_search set paused_at = now(), version = version + 1
        where id = $1 and paused_at is null""",
        saved_search_id,
    )
    return saved_search_id


async def resume(ctx: Context, *, saved_search_id: UUID) -> UUID:
    """Go on with a saved search; it shows what appeared meanwhile.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    await _own(ctx, saved_search_id)
    await ctx.connection.execute(RESUME, saved_search_id)
    return saved_search_id


async def delete(ctx: Context, *, saved_search_id: UUID) -> UUID:
    """End a saved search.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    saved = await _own(ctx, saved_search_id)
    owner: UUID = saved["person_id"]
    await ctx.connection.execute(DELETE, saved_search_id, owner)
    return owner


def _checked(
    name: str,
    query: str,
    skill_ids: Sequence[UUID],
    organisation_ids: Sequence[UUID],
    languages: Sequence[Locale],
) -> tuple[Any, ...]:
    name = text(name, "name", at_most=SEARCH_NAME_MAX, at_least=1)
    query = text(query, "query", at_most=SEARCH_QUERY_MAX)
    for keys, field in ((skill_ids, "skill_ids"), (organisation_ids, "organisation_ids")):
        if len(keys) > SUBJECTS_MAX:
            raise InvalidInput(
                "common.list_too_long", field=(field,), limit=SUBJECTS_MAX, actual=len(keys)
            )
    spoken = [Locale(language).value for language in languages]
    if not (query or skill_ids or organisation_ids or spoken):
        raise InvalidInput("feed.search_for_nothing", field=("query",))
    lists = (skill_ids, organisation_ids, spoken)
    return (name, query, *(list(dict.fromkeys(values)) for values in lists))


async def subjects_exist(
    ctx: Context, person_id: UUID, named: Mapping[tuple[str, str], Sequence[UUID]]
) -> None:
    """Refuse keys that a person may not know of; `named` has them by what they are, and by field.

    Raises:
        NotFound: There is no such thing, as far as they may know.
    """
    for (what, field), keys in named.items():
        if not keys:
            continue
        seen = await seen_among(ctx.connection, person_id, what, list(keys))
        missing = next((number for number, key in enumerate(keys) if key not in seen), None)
        if missing is not None:
            raise NotFound("common.not_found", field=(field, str(missing)))


async def _own(ctx: Context, saved_search_id: UUID) -> asyncpg.Record:
    actor = ctx.person()
    saved: asyncpg.Record | None = await ctx.connection.fetchrow(OWN, saved_search_id, actor.id)
    if saved is None:
        raise NotFound("common.not_found", field=("saved_search_id",))
    return saved
