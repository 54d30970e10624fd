"""Searches of the market: keeping, changing, pausing and ending them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from db.tables.feed import SEARCH_NAME_MAX, SEARCH_QUERY_MAX
from db.tables.listings import DISTANCE_MAX, WEEKLY_HOURS_MAX
from db.tables.notifications import NotificationKind
from db.taxonomy import fold
from resolvers import checking
from resolvers.acting import Context
from resolvers.commands.listing_content import place_exists
from resolvers.commands.saved_searches import SEARCHES_MAX, subjects_exist
from resolvers.finding import words_of
from resolvers.market import ASKED_SKILLS_MAX
from resolvers.refusals import Conflict, InvalidInput, NotFound, TooMany, within

WANTED = """
to_tsquery('commons_nl', {words}) || to_tsquery('commons_en', {words})
|| to_tsquery('commons_plain', {beginning})
"""
OWN = "select * from market_search where id = $1 and person_id = $2 for update"
COUNT = "select count(*) from market_search where person_id = $1"
# Who wants to be told from now on is told of what comes from now on.
EDIT = """
update market_search set notify = $2, version = version + 1,
  told_since = case when $2 and not notify then now() else told_since end{columns}
where id = $1
"""
# What was opened during the pause is shown afterwards, but nobody is told of all of it at once.
RESUME = """
update market_search set paused_at = null, told_since = now(), version = version + 1
where id = $1 and paused_at is not null
"""
PAUSE = """
update market_search set paused_at = now(), version = version + 1
where id = $1 and paused_at is null
"""
# Its line in the inbox goes along.
DELETE = f"""
with line as (
  delete from notification
  where person_id = $2 and kind = '{NotificationKind.MARKET_SEARCH_FOUND}' and subject_id = $1
)
delete from market_search where id = $1
"""  # noqa: S608 - a constant


class Filter(Protocol):
    """Which listings, as the graph's `ListingFilter` has it; what is not given is None."""

    kinds: Sequence[StrEnum] | None
    forms: Sequence[StrEnum] | None
    terms: Sequence[StrEnum] | None
    audiences: Sequence[StrEnum] | None
    sectors: Sequence[StrEnum] | None
    languages: Sequence[StrEnum] | None
    skills: Sequence[UUID] | None
    organisations: Sequence[UUID] | None
    from_: date | None
    until: date | None
    minimum_hours: int | None
    maximum_hours: int | None
    place_id: UUID | None
    distance_km: int | None
    include_remote: bool | None


async def create(
    ctx: Context,
    *,
    name: str,
    query: str | None = None,
    filter: Filter | None = None,  # noqa: A002 - the argument's name in the graph
    notify: bool | None = None,
) -> UUID:
    """Keep a search of the market.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: A skill, an organisation or the place does not exist, as far as they may know.
        InvalidInput: The name or the text is too long, a value cannot be taken, or nothing is looked for.
        TooMany: They keep `SEARCHES_MAX` of these searches already.
    """
    actor = ctx.person()
    columns = {
        "person_id": actor.id,
        "name": checking.text(name, "name", at_most=SEARCH_NAME_MAX, at_least=1),
        **_worded(query or ""),
        **await _filtered(ctx, actor.id, filter),
        "notify": bool(notify),
    }
    if not _looks_for_something(columns):
        raise InvalidInput("market_searches.for_nothing", field=("query",))
    # In the order of those who ask at once: the later one counts what the first has written.
    await ctx.connection.execute("select from person where id = $1 for no key update", actor.id)
    if await ctx.connection.fetchval(COUNT, actor.id) >= SEARCHES_MAX:
        raise TooMany("feed.too_many_searches", limit=SEARCHES_MAX)
    names, values = ", ".join([*columns, "wanted"]), _marks(len(columns))
    wanted, words = _wanted(columns["query"], len(columns) + 1)
    key: UUID = await ctx.connection.fetchval(
        f"insert into market_search ({names}) values ({values}, {wanted}) returning id",  # noqa: S608
        *columns.values(),
        *words,
    )
    return key


async def edit(
    ctx: Context,
    *,
    market_search_id: UUID,
    expected_version: int,
    name: str | None = None,
    query: str | None = None,
    filter: Filter | None = None,  # noqa: A002 - the argument's name in the graph
    notify: bool | None = None,
) -> UUID:
    """Change a search of the market; what is not given stays, a filter is given as a whole.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs, or a skill, an organisation or the place does not exist.
        Conflict: It was changed meanwhile.
        InvalidInput: The name or the text is too long, a value cannot be taken, or nothing would be
            looked for.
    """
    saved = await _own(ctx, market_search_id)
    if saved["version"] != expected_version:
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    columns: dict[str, Any] = {}
    if name is not None:
        columns["name"] = checking.text(name, "name", at_most=SEARCH_NAME_MAX, at_least=1)
    if query is not None:
        columns |= _worded(query)
    if filter is not None:
        columns |= await _filtered(ctx, saved["person_id"], filter, dict(saved))
    if not _looks_for_something({**saved, **columns}):
        raise InvalidInput("market_searches.for_nothing", field=("query",))
    told = saved["notify"] if notify is None else notify
    assignments = [f", {column} = ${number}" for number, column in enumerate(columns, 3)]
    words: list[str] = []
    if query is not None:
        wanted, words = _wanted(columns["query"], len(columns) + 3)
        assignments.append(f", wanted = {wanted}")
    await ctx.connection.execute(
        EDIT.format(columns="".join(assignments)),
        market_search_id,
        told,
        *columns.values(),
        *words,
    )
    return market_search_id


async def pause(ctx: Context, *, market_search_id: UUID) -> UUID:
    """Let a search rest: nothing new comes in until it is resumed.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    await _own(ctx, market_search_id)
    await ctx.connection.execute(PAUSE, market_search_id)
    return market_search_id


async def resume(ctx: Context, *, market_search_id: UUID) -> UUID:
    """Go on with a search; it shows what was opened meanwhile.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    await _own(ctx, market_search_id)
    await ctx.connection.execute(RESUME, market_search_id)
    return market_search_id


async def delete(ctx: Context, *, market_search_id: UUID) -> UUID:
    """End a search.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: It is not theirs.
    """
    saved = await _own(ctx, market_search_id)
    owner: UUID = saved["person_id"]
    await ctx.connection.execute(DELETE, market_search_id, owner)
    return owner


def _worded(query: str) -> dict[str, Any]:
    query = checking.text(query, "query", at_most=SEARCH_QUERY_MAX)
    if query and not words_of(query):
        raise InvalidInput("market_searches.no_word", field=("query",))
    return {"query": query, "folded": fold(query)}


def _wanted(query: str, first: int) -> tuple[str, list[str]]:
    """Give SQL for the words that are looked for, and its values from the parameter `first` on."""
    words = words_of(query)
    if not words:
        return "null", []
    sql = WANTED.format(words=f"${first}::text", beginning=f"${first + 1}::text")
    return sql, [" & ".join(words), " & ".join([*words[:-1], f"{words[-1]}:*"])]


async def _filtered(
    ctx: Context, person_id: UUID, given: Filter | None, saved: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Give the columns of a filter; what was named before stays, whether or not it is still there."""
    if given is None:
        return {}
    with within("filter"):
        columns: dict[str, Any] = {
            name: [one.value for one in dict.fromkeys(getattr(given, name) or ())]
            for name in ("kinds", "forms", "terms", "audiences", "sectors", "languages")
        }
        skills = list(dict.fromkeys(given.skills or ()))
        if len(skills) > ASKED_SKILLS_MAX:
            raise InvalidInput(
                "common.list_too_long",
                field=("skills",),
                limit=ASKED_SKILLS_MAX,
                actual=len(skills),
            )
        places = list(dict.fromkeys(given.organisations or ()))
        checking.period(given.from_, given.until, "until")
        _check_numbers(given)
        known = saved or {"skill_ids": (), "organisation_ids": ()}
        await subjects_exist(
            ctx,
            person_id,
            {
                ("skill", "skills"): [key for key in skills if key not in known["skill_ids"]],
                ("organisation", "organisations"): [
                    key for key in places if key not in known["organisation_ids"]
                ],
            },
        )
        await place_exists(ctx.connection, given.place_id)
    return {
        **columns,
        "skill_ids": skills,
        "organisation_ids": places,
        "starts_on": given.from_,
        "ends_on": given.until,
        "minimum_hours": given.minimum_hours,
        "maximum_hours": given.maximum_hours,
        "place_id": given.place_id,
        "distance_km": given.distance_km,
        "include_remote": given.include_remote is not False,
    }


def _check_numbers(given: Filter) -> None:
    for name, least, most in (
        ("minimum_hours", 1, WEEKLY_HOURS_MAX),
        ("maximum_hours", given.minimum_hours or 1, WEEKLY_HOURS_MAX),
        ("distance_km", 0, DISTANCE_MAX),
    ):
        checking.number(getattr(given, name), name, least, most)
    if given.distance_km is not None and given.place_id is None:
        raise InvalidInput("listings.distance_without_place", field=("distance_km",))


def _looks_for_something(columns: Mapping[str, Any]) -> bool:
    """Tell whether anything restricts what is found."""
    kept = {"id", "person_id", "name", "folded", "wanted", "include_remote", "notify", "version"}
    return any(
        value not in (None, "", [])
        for name, value in columns.items()
        if name not in kept and not name.endswith(("_at", "_since"))
    )


def _marks(count: int) -> str:
    return ", ".join(f"${number}" for number in range(1, count + 1))


async def _own(ctx: Context, market_search_id: UUID) -> asyncpg.Record:
    actor = ctx.person()
    saved: asyncpg.Record | None = await ctx.connection.fetchrow(OWN, market_search_id, actor.id)
    if saved is None:
        raise NotFound("common.not_found", field=("market_search_id",))
    return saved
