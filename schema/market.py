"""Searching the market, in the graph."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from db.tables.listings import (
    DISTANCE_MAX,
    WEEKLY_HOURS_MAX,
    ListingAudience,
    ListingForm,
    ListingKind,
    ListingTerms,
    SpokenLanguage,
)
from db.tables.organisations import Sector
from resolvers.finding import QUERY_MAX
from resolvers.market import (
    ASKED_SKILLS_MAX,
    FACET_SKILLS,
    MATCHES_MAX,
    Asked,
    Found,
    Hit,
    MarketOrder,
    read,
)
from resolvers.matching import DISTANCE_ASSUMED
from schema import prefixes
from schema.engine.arguments import INPUT_LIST_MAX
from schema.engine.declare import id_input
from schema.engine.errors import InvalidArgument, InvalidCursor
from schema.engine.execute import Ref
from schema.engine.ids import decode, shown
from schema.engine.paging import PAGE_DEFAULT, PAGE_MAX
from schema.engine.relay import PageInfo
from schema.listings import Listing
from schema.ranked import check_asked, find, page_info
from schema.search import SectorCount
from schema.skills import Skill

# More than any mark of a listing, be it a score or microseconds since 1970, and still a bigint.
MARK_MAX = 2**62
_Value = TypeVar("_Value", bound=StrEnum)


@strawberry.type(description="How many of the listings found are on one side of the market.")
class ListingKindCount:
    """How many of the listings found are on one side of the market."""

    kind: ListingKind = strawberry.field(description="The side.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of the listings found are in one form.")
class ListingFormCount:
    """How many of the listings found are in one form."""

    form: ListingForm = strawberry.field(description="The form.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of the listings found are on the same terms.")
class ListingTermsCount:
    """How many of the listings found are on the same terms."""

    terms: ListingTerms = strawberry.field(description="What is asked or given in return.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of the listings found are in one province.")
class ProvinceCount:
    """How many of the listings found are in one province."""

    province: str = strawberry.field(description="The name of the province.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of the listings found name one skill.")
class MarketSkillCount:
    """How many of the listings found name one skill."""

    skill: Skill = strawberry.field(description="The skill.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    description=f"How the {MATCHES_MAX:,} first of what was found are spread, the most frequent first; "
    "values that none has are left out. Only what the viewer may see is counted."
)
class MarketFacets:
    """How what was found is spread."""

    kinds: list[ListingKindCount] = strawberry.field(description="Offers and requests.")
    forms: list[ListingFormCount] = strawberry.field(description="By form.")
    terms: list[ListingTermsCount] = strawberry.field(description="By terms.")
    sectors: list[SectorCount] = strawberry.field(
        description="By the first sector of the organisation."
    )
    provinces: list[ProvinceCount] = strawberry.field(
        description="By province, of those that are at a place."
    )
    skills: list[MarketSkillCount] = strawberry.field(
        description=f"The {FACET_SKILLS} skills that are named most."
    )
    is_capped: bool = strawberry.field(
        description=f"Whether more than {MATCHES_MAX:,} match: what lies beyond is neither listed nor "
        "counted."
    )


@strawberry.type(description="A listing that was found.")
class MarketEdge:
    """A listing that was found."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on from here.")
    node: Listing = strawberry.field(description="The listing.")
    fit: float | None = strawberry.field(
        description="How well its skills are those that are asked for, 0 to 1: for each the best that "
        "it names, by closeness in the taxonomy, on average. Null when no skill is asked for."
    )


@strawberry.type(description="A page of the market.")
class MarketConnection:
    """A page of the market."""

    edges: list[MarketEdge] = strawberry.field(description="What was found.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(
        description=f"How many were found, at most {MATCHES_MAX:,}."
    )
    facets: MarketFacets = strawberry.field(description="How what was found is spread.")


@strawberry.input(
    description="Which listings of the market. Conditions add up; one that is left out, or null, "
    "restricts nothing. A listing that says nothing of hours, languages, a period or a place is open "
    "about it, and counts."
)
class ListingFilter:
    """Which listings of the market."""

    kinds: list[ListingKind] | None = strawberry.field(
        description="Only offers, or only requests.", default=strawberry.UNSET
    )
    forms: list[ListingForm] | None = strawberry.field(
        description="Only in one of these forms.", default=strawberry.UNSET
    )
    skills: list[strawberry.ID] | None = id_input(
        prefixes.SKILL,
        f"Only those that name one of these skills, at most {ASKED_SKILLS_MAX}, or one that "
        "is close in the taxonomy: broader or narrower, of the same cluster, or related.",
    )
    terms: list[ListingTerms] | None = strawberry.field(
        description="Only on one of these terms.", default=strawberry.UNSET
    )
    audiences: list[ListingAudience] | None = strawberry.field(
        description="Only for one of these audiences.", default=strawberry.UNSET
    )
    organisations: list[strawberry.ID] | None = id_input(
        prefixes.ORGANISATION, "Only of one of these organisations."
    )
    sectors: list[Sector] | None = strawberry.field(
        description="Only of organisations whose first sector is one of these.",
        default=strawberry.UNSET,
    )
    languages: list[SpokenLanguage] | None = strawberry.field(
        description="Only where one of these languages will do.", default=strawberry.UNSET
    )
    from_: date | None = strawberry.field(
        name="from",
        description="Only those whose period, with all the days that it may move, ends on this day or "
        "later.",
        default=strawberry.UNSET,
    )
    until: date | None = strawberry.field(
        description="Only those whose period, with all the days that it may move, begins on this day or "
        "earlier.",
        default=strawberry.UNSET,
    )
    minimum_hours: int | None = strawberry.field(
        description="Only with at least so many hours a week.", default=strawberry.UNSET
    )
    maximum_hours: int | None = strawberry.field(
        description="Only with at most so many hours a week.", default=strawberry.UNSET
    )
    place_id: strawberry.ID | None = id_input(prefixes.PLACE, "Only those near this place.")
    distance_km: int | None = strawberry.field(
        description="How near, in kilometres as the crow flies, at most "
        f"{DISTANCE_MAX}; {DISTANCE_ASSUMED} unless said. Only with `placeId`.",
        default=strawberry.UNSET,
    )
    include_remote: bool | None = strawberry.field(
        description="Whether those that can be done from anywhere, or are at no place, are near too; "
        "true unless said.",
        default=strawberry.UNSET,
    )


async def market(
    info: Info,
    query: Annotated[
        str | None,
        strawberry.argument(
            description=f"What is looked for, at most {QUERY_MAX} characters: listings with all of the "
            "words in their title or description, the last one by its beginning, and those that name "
            "a skill which the words mean. Without a letter or digit nothing is found; nothing is "
            "looked for when it is empty or left out."
        ),
    ] = None,
    filter: Annotated[
        ListingFilter | None, strawberry.argument(description="Which listings.")
    ] = None,
    order: Annotated[
        MarketOrder, strawberry.argument(description="In which order.")
    ] = MarketOrder.FIT,
    first: Annotated[
        int, strawberry.argument(description=f"How many at most, 1 to {PAGE_MAX}.")
    ] = PAGE_DEFAULT,
    after: Annotated[
        str | None,
        strawberry.argument(description="Only those after this cursor, of the same order."),
    ] = None,
) -> MarketConnection:
    """Answer `Query.market`: one statement finds, others render what is asked of it.

    Raises:
        RequestError: The text is too long, a value of the filter or the page size out of range, an
            id no id, or the cursor no cursor of this order.
    """
    text = query or ""
    check_asked(text, first)
    asked = Asked(
        order=order,
        text=text,
        **_conditions(filter),
        after=None if after is None else _position(after, order),
        limit=first,
    )
    found = Found.nothing() if asked.finds_nothing else await _find(info, asked)
    edges = [_edge(hit, order) for hit in found.hits]
    return MarketConnection(
        edges=edges,
        page_info=page_info(edges, goes_on=found.goes_on, after=after),
        total_count=found.total,
        facets=_facets(found),
    )


async def _find(info: Info, asked: Asked) -> Found:
    context: Any = info.context
    return read(await find(info, asked.statement(), asked.values(context.secret_hash), MATCHES_MAX))


def _conditions(filter: ListingFilter | None) -> dict[str, Any]:
    """Give the conditions of a filter by the names of `Asked`.

    Raises:
        RequestError: A list is too long, a value out of its range, or an id no id.
    """
    given = {
        name: value
        for name, value in (vars(filter).items() if filter else ())
        if value is not None and value is not strawberry.UNSET
    }
    for name, value in given.items():
        most = ASKED_SKILLS_MAX if name == "skills" else INPUT_LIST_MAX
        if isinstance(value, list) and len(value) > most:
            raise InvalidArgument(
                f"filter.{to_camel_case(name)} has {len(value):,} items; at most {most} fit."
            )
    _check_numbers(given)
    starts, ends = given.pop("from_", None), given.get("until")
    if starts is not None and ends is not None and ends < starts:
        raise InvalidArgument(f"filter.until is {ends}, before filter.from, {starts}.")
    if "distance_km" in given and "place_id" not in given:
        raise InvalidArgument(
            "filter.distanceKm says how near, and filter.placeId to what: give it too."
        )
    found: dict[str, Any] = {
        name: [one.value if isinstance(one, StrEnum) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in given.items()
    }
    for name, prefix, type_name in (
        ("skills", prefixes.SKILL, "Skill"),
        ("organisations", prefixes.ORGANISATION, "Organisation"),
    ):
        if name in found:
            found[name] = [decode(one, prefix, type_name) for one in found[name]]
    if "place_id" in found:
        found["place_id"] = decode(found["place_id"], prefixes.PLACE, "Place")
    found["starts"], found["ends"] = starts, found.pop("until", None)
    return found


def _check_numbers(given: dict[str, Any]) -> None:
    for name, least, most in (
        ("minimum_hours", 1, WEEKLY_HOURS_MAX),
        ("maximum_hours", 1, WEEKLY_HOURS_MAX),
        ("distance_km", 0, DISTANCE_MAX),
    ):
        value = given.get(name, least)
        if not least <= value <= most:
            raise InvalidArgument(
                f"filter.{to_camel_case(name)} is {value:,}; it must be between {least} and {most}."
            )
    low, high = given.get("minimum_hours", 0), given.get("maximum_hours", WEEKLY_HOURS_MAX)
    if high < low:
        raise InvalidArgument(
            f"filter.maximumHours is {high}, less than filter.minimumHours, {low}."
        )


def _position(cursor: str, order: MarketOrder) -> tuple[int, UUID]:
    """Read a cursor: the order that it is of, the mark and the key of a row.

    Raises:
        InvalidCursor: The list in this order did not give it.
    """
    try:
        name, mark, key = orjson.loads(cursor)
        position = int(mark), UUID(key)
    except (ValueError, TypeError, AttributeError):
        name, position = "", (-1, UUID(int=0))
    if name != order.value or not 0 <= position[0] <= MARK_MAX:
        raise InvalidCursor(
            f"{shown(cursor)} is no cursor of this list in this order. Use a cursor as this list gave it."
        )
    return position


def _edge(hit: Hit, order: MarketOrder) -> MarketEdge:
    return MarketEdge(
        cursor=orjson.dumps([order.value, str(hit.mark), str(hit.id)]).decode(),
        node=Ref(Listing, hit.id),  # type: ignore[arg-type]
        fit=hit.fit,
    )


def _facets(found: Found) -> MarketFacets:
    def counted(name: str, enum: type[_Value]) -> list[tuple[_Value, int]]:
        return [(enum(value), count) for value, count in found.facets.get(name, ())]

    return MarketFacets(
        kinds=[ListingKindCount(kind=v, count=n) for v, n in counted("kinds", ListingKind)],
        forms=[ListingFormCount(form=v, count=n) for v, n in counted("forms", ListingForm)],
        terms=[ListingTermsCount(terms=v, count=n) for v, n in counted("terms", ListingTerms)],
        sectors=[SectorCount(sector=v, count=n) for v, n in counted("sectors", Sector)],
        provinces=[
            ProvinceCount(province=v, count=n) for v, n in found.facets.get("provinces", ())
        ],
        skills=[
            MarketSkillCount(skill=Ref(Skill, UUID(v)), count=n)  # type: ignore[arg-type]
            for v, n in found.facets.get("skills", ())
        ],
        is_capped=found.is_capped,
    )
