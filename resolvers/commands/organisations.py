"""Organisations: creating one, its profile, and the strengths that it declares."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db.tables.organisations import (
    ABOUT_MAX,
    FURTHER_MAX,
    NAME_MAX,
    RESERVED_SLUGS,
    SLUG_MAX,
    STATEMENT_MAX,
    OrganisationKind,
    Sector,
    SizeBand,
)
from db.tables.people import Role
from resolvers import checking, markdown
from resolvers.acting import Actor, Context
from resolvers.auditing import FIELDS, AuditAction
from resolvers.checking import KEPT, Kept
from resolvers.commands.memberships import ENTER
from resolvers.permissions import Action, permitted
from resolvers.refusals import Conflict, InvalidInput, NotFound, Taken, TooMany
from subscriptions.events import EventKind

LOCATION_MAX = 120
# More than this is not one person's work but a program's.
OWNED_MAX = 25
STRENGTHS_MAX = 100
# Words that stand for pages in addresses.
NUMBERED_SLUGS = range(2, 10)
COUNT_OWNED = """
select count(*) from membership where person_id = $1 and role = 'OWNER' and ended_on is null
"""
CREATE = f"""
insert into organisation (
  slug, name, kind, sector, size_band, about, about_html, website, location,
  further_sectors, further_locations
) select $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 where ({COUNT_OWNED}) < $13
on conflict (slug) do nothing returning id
"""
# The permission is part of the write: may the actor ($1), in one of these roles ($2), in the
# organisation `place`? Only if nothing was written is it asked why.
MAY = """
exists (
  select from membership m join organisation o on o.id = m.organisation_id
  where m.person_id = $1 and m.organisation_id = place.id and m.ended_on is null
    and m.role = any($2::text[]) and o.suspended_at is null
)
"""
DECLARE = f"""
insert into organisation_strength (organisation_id, skill_id, statement)
select place.id, $4, $5 from (values ($3::uuid)) as place (id)
where {MAY} and exists (select from skill where id = $4)
  and (select count(*) from organisation_strength where organisation_id = place.id) < $6
on conflict (organisation_id, skill_id) do nothing returning id
"""  # noqa: S608 - as above
RESTATE = f"""
update organisation_strength s set statement = $4 from organisation place
where s.id = $3 and place.id = s.organisation_id and {MAY}
returning s.organisation_id, s.skill_id
"""  # noqa: S608 - as above
WITHDRAW = f"""
delete from organisation_strength s using organisation place
where s.id = $3 and place.id = s.organisation_id and {MAY}
returning s.organisation_id, s.skill_id
"""  # noqa: S608 - as above
WHY_NOT_DECLARED = """
select exists (select from skill where id = $2) as is_skill,
       exists (
         select from organisation_strength where organisation_id = $1 and skill_id = $2
       ) as is_declared
"""
STRENGTH = "select organisation_id from organisation_strength where id = $1"


async def create_organisation(  # noqa: PLR0913 - the fields of a profile
    ctx: Context,
    *,
    name: str,
    kind: OrganisationKind,
    sector: Sector,
    size_band: SizeBand,
    about: str | None = None,
    website: str | None = None,
    location: str | None = None,
    further_sectors: list[Sector] | None = None,
    further_locations: list[str] | None = None,
) -> UUID:
    """Create an organisation; whoever does so is its first member and its owner.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: A value cannot be taken.
        TooMany: They own OWNED_MAX organisations already.
    """
    actor = ctx.person()
    name = _name(name)
    about = _about(about)
    values = (
        name,
        kind,
        sector,
        size_band,
        about,
        markdown.render(about),
        _website(website),
        _location(location),
        _further_sectors(further_sectors, sector),
        _further_locations(further_locations),
    )
    organisation_id = await _insert(ctx, actor, _slug(name), values)
    await ctx.record(
        EventKind.ORGANISATION_CREATED, organisation_id=organisation_id, subject_id=organisation_id
    )
    await ctx.connection.execute(ENTER, organisation_id, actor.id, Role.OWNER, actor.id)
    await ctx.audit(AuditAction.ORGANISATION_CREATED, organisation_id, subject_id=organisation_id)
    return organisation_id


async def edit_organisation(  # noqa: PLR0913 - the fields of a profile
    ctx: Context,
    *,
    organisation_id: UUID,
    expected_version: int,
    name: str | None = None,
    kind: OrganisationKind | None = None,
    sector: Sector | None = None,
    size_band: SizeBand | None = None,
    about: str | None = None,
    website: str | Kept | None = KEPT,
    location: str | Kept | None = KEPT,
    further_sectors: list[Sector] | None = None,
    further_locations: list[str] | None = None,
) -> UUID:
    """Change what is given of an organisation's profile; its address stays as it is.

    None leaves what may not be empty as it is, and takes the website and the location away.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation, as far as they may know.
        NotAllowed: Their role does not permit it.
        InvalidInput: A value cannot be taken.
        Conflict: It was edited since the expected version.
    """
    actor = ctx.person()
    columns: dict[str, Any] = {"kind": kind, "sector": sector, "size_band": size_band}
    if name is not None:
        columns["name"] = _name(name)
    if about is not None:
        columns["about"] = _about(about)
        columns["about_html"] = markdown.render(columns["about"])
    if further_sectors is not None:
        columns["further_sectors"] = _further_sectors(further_sectors, sector)
    if further_locations is not None:
        columns["further_locations"] = _further_locations(further_locations)
    columns = {column: value for column, value in columns.items() if value is not None}
    if website is not KEPT:
        columns["website"] = _website(website)
    if location is not KEPT:
        columns["location"] = _location(location)
    assignments = "".join(f"{column} = ${number}, " for number, column in enumerate(columns, 5))
    # The names of columns are the constants above.
    statement = (
        f"update organisation place set {assignments}version = version + 1 "  # noqa: S608
        f"where id = $3 and version = $4 and {MAY} returning id"
    )
    if not await ctx.connection.fetchval(
        statement,
        actor.id,
        _roles(Action.EDIT_PROFILE),
        organisation_id,
        expected_version,
        *columns.values(),
    ):
        await ctx.require(Action.EDIT_PROFILE, organisation_id, field="organisation_id")
        raise Conflict("common.changed_meanwhile", field=("expected_version",))
    await ctx.record(
        EventKind.ORGANISATION_EDITED, organisation_id=organisation_id, subject_id=organisation_id
    )
    await ctx.audit(
        AuditAction.ORGANISATION_EDITED,
        organisation_id,
        subject_id=organisation_id,
        fields=[field for field in FIELDS if field in columns],
    )
    return organisation_id


async def declare_strength(
    ctx: Context, *, organisation_id: UUID, skill_id: UUID, statement: str = ""
) -> UUID:
    """Declare that an organisation is strong in a skill.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such organisation or skill.
        NotAllowed: Their role does not permit it.
        InvalidInput: The statement cannot be taken.
        Taken: It is declared already.
        TooMany: STRENGTHS_MAX are declared already.
    """
    actor = ctx.person()
    statement = checking.text(statement or "", "statement", at_most=STATEMENT_MAX)
    strength_id: UUID | None = await ctx.connection.fetchval(
        DECLARE,
        actor.id,
        _roles(Action.DECLARE_STRENGTHS),
        organisation_id,
        skill_id,
        statement,
        STRENGTHS_MAX,
    )
    if strength_id is None:
        await ctx.require(Action.DECLARE_STRENGTHS, organisation_id, field="organisation_id")
        why = await ctx.connection.fetchrow(WHY_NOT_DECLARED, organisation_id, skill_id)
        if why is None or not why["is_skill"]:
            raise NotFound("common.not_found", field=("skill_id",))
        if why["is_declared"]:
            raise Taken("organisations.strength_taken", field=("skill_id",))
        raise TooMany("organisations.too_many_strengths", limit=STRENGTHS_MAX)
    await _strength_changed(
        ctx, AuditAction.STRENGTH_DECLARED, organisation_id, strength_id, skill_id
    )
    return strength_id


async def edit_strength(ctx: Context, *, strength_id: UUID, statement: str) -> UUID:
    """Say in other words what an organisation is strong in.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such strength, as far as they may know.
        NotAllowed: Their role does not permit it.
        InvalidInput: The statement cannot be taken.
    """
    statement = checking.text(statement, "statement", at_most=STATEMENT_MAX)
    organisation_id, skill_id = await _write_strength(ctx, RESTATE, strength_id, statement)
    await _strength_changed(
        ctx, AuditAction.STRENGTH_EDITED, organisation_id, strength_id, skill_id
    )
    return strength_id


async def withdraw_strength(ctx: Context, *, strength_id: UUID) -> UUID:
    """No longer declare a strength; give the organisation.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotFound: There is no such strength, as far as they may know.
        NotAllowed: Their role does not permit it.
    """
    organisation_id, skill_id = await _write_strength(ctx, WITHDRAW, strength_id)
    await _strength_changed(
        ctx, AuditAction.STRENGTH_WITHDRAWN, organisation_id, strength_id, skill_id
    )
    return organisation_id


async def _write_strength(
    ctx: Context, statement: str, strength_id: UUID, *values: Any
) -> tuple[UUID, UUID]:
    """Write a strength; give its organisation and its skill."""
    actor = ctx.person()
    roles = _roles(Action.DECLARE_STRENGTHS)
    written = await ctx.connection.fetchrow(statement, actor.id, roles, strength_id, *values)
    if written is None:
        organisation_id = await ctx.connection.fetchval(STRENGTH, strength_id)
        if organisation_id is not None:
            await ctx.require(Action.DECLARE_STRENGTHS, organisation_id, field="strength_id")
        raise NotFound("common.not_found", field=("strength_id",))
    return written["organisation_id"], written["skill_id"]


def _roles(action: Action) -> list[str]:
    return [role.value for role in Role if permitted(action, role)]


async def _strength_changed(
    ctx: Context, action: AuditAction, organisation_id: UUID, strength_id: UUID, skill_id: UUID
) -> None:
    await ctx.record(
        EventKind.ORGANISATION_EDITED, organisation_id=organisation_id, subject_id=strength_id
    )
    await ctx.audit(action, organisation_id, subject_id=skill_id)


async def _insert(ctx: Context, actor: Actor, slug: str, values: tuple[Any, ...]) -> UUID:
    """Insert under the first address that is free; somebody may take one at this moment."""
    for number, candidate in enumerate(_candidates(slug)):
        found: UUID | None = await ctx.connection.fetchval(
            CREATE, actor.id, candidate, *values, OWNED_MAX
        )
        if found is not None:
            return found
        if number == 0 and await ctx.connection.fetchval(COUNT_OWNED, actor.id) >= OWNED_MAX:
            raise TooMany("organisations.too_many_owned", limit=OWNED_MAX)
    raise Conflict("common.try_again", field=("name",))


def _candidates(slug: str) -> Iterable[str]:
    if slug not in RESERVED_SLUGS:
        yield slug
    for number in NUMBERED_SLUGS:
        yield f"{slug}-{number}"
    for _ in range(3):
        yield f"{slug}-{secrets.token_hex(4)}"


def _slug(name: str) -> str:
    """Give a name as it stands in addresses, with room for a number behind it.

    Raises:
        InvalidInput: It has no letter or figure that can stand there.
    """
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    plain = decomposed.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: SLUG_MAX - 10].strip("-")
    # A name in another script is shown as it is; its address is a number.
    return slug or f"organisation-{secrets.token_hex(4)}"


# Letters that do not come apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
)


def _name(name: str) -> str:
    return checking.text(name, "name", at_least=1, at_most=NAME_MAX)


def _about(about: str | None) -> str:
    return checking.text(about or "", "about", at_most=ABOUT_MAX, multiline=True)


def _website(website: str | None) -> str | None:
    return checking.url(website, "website") if website and website.strip() else None


def _location(location: str | None) -> str | None:
    return checking.text(location or "", "location", at_most=LOCATION_MAX) or None


def _further_sectors(sectors: list[Sector] | None, first: Sector | None) -> list[str]:
    """Give the sectors beside the first, each once."""
    _at_most_further("further_sectors", sectors)
    return [sector.value for sector in dict.fromkeys(sectors or ()) if sector is not first]


def _further_locations(locations: list[str] | None) -> list[str]:
    _at_most_further("further_locations", locations)
    cleaned = [
        checking.text(location, "further_locations", at_least=1, at_most=LOCATION_MAX)
        for location in locations or ()
    ]
    return list(dict.fromkeys(cleaned))


def _at_most_further(field: str, values: list[Any] | None) -> None:
    if values is not None and len(values) > FURTHER_MAX:
        raise InvalidInput(
            "common.list_too_long", field=(field,), limit=FURTHER_MAX, actual=len(values)
        )
