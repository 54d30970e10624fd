"""Listings from a table: every row is checked, and all of them are written as drafts, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from db.tables.listings import ListingKind, SkillImportance
from db.taxonomy import fold
from resolvers.acting import Context
from resolvers.commands.listing_content import Content, check
from resolvers.commands.listings import add, room
from resolvers.listing_files import DOMAIN, NamedSkill, RowRead, read
from resolvers.permissions import Action
from resolvers.refusals import NotFound, Refusal, TooMany

# As many as fit into a request and are written within a second or two.
ROWS_MAX = 200
# Told at once; whoever has more wrong has something wrong with the whole.
PROBLEMS_MAX = 100
# What each name means: a skill that is called so comes before one that is also called so.
SKILLS = """
select t.folded, array_agg(distinct t.skill_id) filter (where t.preferred) as preferred,
       array_agg(distinct t.skill_id) as every
from skill_term t where t.folded = any($1::text[]) group by t.folded
"""
SLUGS = "select slug, id from skill where slug = any($1::text[])"
PLACES = """
select asked.name, p.id from unnest($1::text[]) as asked (name) join place p
  on p.slug = asked.name or lower(unaccent(p.name)) = lower(unaccent(asked.name))
"""
# Where `listing_content` says that something is wrong, as columns of the table.
COLUMN_OF = {
    "body": "description",
    "aim_ids": "aims",
    "rate_cents": "rate",
    "place_id": "place",
    "is_remote": "remote",
}
CONTENT = (
    *("audience", "hours_per_week", "hours_total", "starts_on", "ends_on", "slack_days"),
    *("distance_km", "languages", "capacity"),
)


async def import_listings(
    ctx: Context, *, organisation_id: UUID, csv: str, dry_run: bool | None = None
) -> Mapping[str, Any]:
    """Write the listings of a table as drafts of an organisation; with `dry_run` only check them.

    Nothing is written when anything is wrong: every problem of every row is told, PROBLEMS_MAX at
    most, at `csv`, the number of the row in the file, and the column.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: Their role does not permit it.
        NotFound: There is no such organisation, or a skill or place is unknown.
        InvalidInput: It is no such table, or a value cannot be taken.
        TooMany: There are too many rows, or the organisation has no room for them.
    """
    await ctx.require(Action.MANAGE_LISTINGS, organisation_id, field="organisation_id")
    rows = read(csv, at_most=ROWS_MAX)
    free = await room(ctx, organisation_id)
    if len(rows) > free:
        raise TooMany(f"{DOMAIN}.no_room", field=("csv",), room=free, actual=len(rows))
    skills, places = await _skills(ctx, rows), await _places(ctx, rows)
    problems: list[Refusal] = []
    checked: list[tuple[ListingKind, Content]] = []
    for row in rows:
        found = [*row.problems, *_unknown(row, skills, places)]
        if not found:
            try:
                content = await check(ctx, organisation_id, _given(row, skills, places))
                checked.append((row.values["kind"], content))
            except Refusal as refusal:
                refusal.field = _column(refusal.field, row)
                found = [refusal]
        for problem in found:
            problem.field = ("csv", str(row.number), *problem.field)
        problems += found
    if problems:
        first, *others = problems[:PROBLEMS_MAX]
        first.others = tuple(others)
        raise first
    keys: list[UUID] = []
    if not dry_run:
        keys = [await add(ctx, organisation_id, kind, content) for kind, content in checked]
    return {"listings": keys, "row_count": len(rows)}


async def _skills(ctx: Context, rows: Sequence[RowRead]) -> Mapping[str, UUID | None]:
    """Give the skill of each name, folded; None where it can mean several."""
    said = {skill.name for row in rows for skill in row.skills}
    found: dict[str, UUID | None] = {}
    for term in await ctx.connection.fetch(SKILLS, [fold(name) for name in said]):
        keys = term["preferred"] or term["every"]
        found[term["folded"]] = keys[0] if len(keys) == 1 else None
    for row in await ctx.connection.fetch(SLUGS, list(said)):
        found[fold(row["slug"])] = row["id"]
    return found


async def _places(ctx: Context, rows: Sequence[RowRead]) -> Mapping[str, UUID]:
    said = {_folded(row.values["place"]) for row in rows if "place" in row.values}
    found = await ctx.connection.fetch(PLACES, list(said))
    return {row["name"]: row["id"] for row in found}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _unknown(
    row: RowRead, skills: Mapping[str, UUID | None], places: Mapping[str, UUID]
) -> Iterable[Refusal]:
    """Give what a row names and nobody knows."""
    for skill in row.skills:
        name = fold(skill.name)
        if skills.get(name) is None:
            why = "skill_unclear" if name in skills else "skill_unknown"
            yield NotFound(f"{DOMAIN}.{why}", field=(skill.column,), name=skill.name[:80])
    place = row.values.get("place")
    if place is not None and _folded(place) not in places:
        yield NotFound(f"{DOMAIN}.place_unknown", field=("place",), name=place[:80])


def _given(row: RowRead, skills: Mapping[str, UUID | None], places: Mapping[str, UUID]) -> Any:
    """Give a row as `check` takes it."""
    values = row.values
    named = [skill for skill in row.skills if skill.column != "aims"]
    return SimpleNamespace(
        form=values["form"],
        title=values["title"],
        body=values.get("description"),
        language=values["language"],
        terms=values["terms"],
        skills=[_named(skill, skills) for skill in named],
        aim_ids=[skills[fold(skill.name)] for skill in row.skills if skill.column == "aims"],
        place_id=places[_folded(values["place"])] if "place" in values else None,
        is_remote=values.get("remote"),
        rate_cents=values.get("rate"),
        contact_id=None,
        **{name: values.get(name) for name in CONTENT},
    )


def _named(skill: NamedSkill, skills: Mapping[str, UUID | None]) -> SimpleNamespace:
    must = skill.column == "skills"
    return SimpleNamespace(
        skill_id=skills[fold(skill.name)],
        importance=SkillImportance.MUST if must else SkillImportance.NICE,
        minimum_level=skill.level,
    )


def _column(path: Sequence[str], row: RowRead) -> tuple[str, ...]:
    """Give the column that a path of `check` is about: `listing`, its field, and where in it."""
    _, *rest = path
    if not rest:
        return ()
    name = rest[0]
    if name == "skills" and len(rest) > 1:
        named = [skill for skill in row.skills if skill.column != "aims"]
        return (named[int(rest[1])].column,)
    return (COLUMN_OF.get(name, name),)
