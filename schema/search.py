"""Finding things by what somebody types, in the graph."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import orjson
import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from db.tables.organisations import OrganisationKind, Sector
from db.tables.people import Locale
from resolvers.finding import (
    CANDIDATES_MAX,
    QUERY_MAX,
    Asked,
    Found,
    FoundKind,
    Hit,
    MatchedBy,
    parts_of,
    read,
    statement,
)
from schema.engine.arguments import INPUT_LIST_MAX
from schema.engine.errors import InvalidArgument, InvalidCursor
from schema.engine.execute import Ref
from schema.engine.ids import shown
from schema.engine.paging import INT_MAX, PAGE_DEFAULT, PAGE_MAX
from schema.engine.relay import PageInfo
from schema.listings import Listing
from schema.organisations import Organisation
from schema.people import Person
from schema.posts import Post
from schema.ranked import check_asked, find, page_info
from schema.skills import Skill

Discovery = Annotated[
    Organisation | Person | Post | Listing | Skill,
    strawberry.union("Discovery", description="What can be found by words."),
]
TYPES: dict[FoundKind, type] = {
    FoundKind.ORGANISATION: Organisation,
    FoundKind.PERSON: Person,
    FoundKind.POST: Post,
    FoundKind.LISTING: Listing,
    FoundKind.SKILL: Skill,
}
# The statement looks through at most so many rows, whatever is asked.
COST = len(TYPES) * CANDIDATES_MAX


@strawberry.type(description="A piece of a snippet.")
class SnippetPart:
    """A piece of a snippet: plain text, to be shown as text and never as markup."""

    text: str = strawberry.field(description="Plain text, as it was written.")
    is_match: bool = strawberry.field(description="Whether this is what was looked for.")


@strawberry.type(description="How many of what was found are of one kind.")
class KindCount:
    """How many of what was found are of one kind, whichever kinds are asked for."""

    kind: FoundKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of the posts and listings found are in one language.")
class LanguageCount:
    """How many of the posts and listings found are in one language."""

    language: Locale = strawberry.field(description="The language.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of what was found belong to one sector.")
class SectorCount:
    """How many organisations, and posts and listings of some, belong to one sector."""

    sector: Sector = strawberry.field(description="The sector.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many of what was found belong to one kind of organisation.")
class OrganisationKindCount:
    """How many organisations, and posts and listings of some, are of one kind of organisation."""

    kind: OrganisationKind = strawberry.field(description="The kind of organisation.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    description="How what was found is spread, the most frequent first; values that nothing has are "
    "left out. Only what the viewer may see is counted."
)
class DiscoveryFacets:
    """How what was found is spread."""

    kinds: list[KindCount] = strawberry.field(
        description="By kind; those that `kinds` leaves out are counted too."
    )
    languages: list[LanguageCount] = strawberry.field(
        description="Posts and listings by their language."
    )
    sectors: list[SectorCount] = strawberry.field(
        description="Organisations, and their posts and listings, by the organisation's first sector."
    )
    organisation_kinds: list[OrganisationKindCount] = strawberry.field(
        description="Organisations, and their posts and listings, by the kind of organisation."
    )
    is_capped: bool = strawberry.field(
        description=f"Whether more than {CANDIDATES_MAX} of some kind match: the counts then say how "
        "many of those that were looked at, and there are more."
    )


@strawberry.type(description="Something that was found, and why.")
class DiscoveryEdge:
    """Something that was found, and why."""

    cursor: str = strawberry.field(description="Pass it as `after` to go on from here.")
    node: Discovery = strawberry.field(description="What was found.")
    matched_by: MatchedBy = strawberry.field(description="By what it was found.")
    score: int = strawberry.field(
        description="How well it fits, 1,000 at most: the list is in this order, equal ones newest first."
    )
    snippet: list[SnippetPart] = strawberry.field(
        description="A piece of its text around what was looked for: of a post's text, a listing's "
        "description (its title when it has none), an organisation's about, a person's headline, or the "
        "words for a skill. Empty when it has no text."
    )


@strawberry.type(description="A page of what was found, the best first.")
class DiscoveryConnection:
    """A page of what was found."""

    edges: list[DiscoveryEdge] = strawberry.field(description="What was found, with the reasons.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(
        description=f"How many were found, at most {CANDIDATES_MAX} of each kind."
    )
    facets: DiscoveryFacets = strawberry.field(description="How what was found is spread.")


@strawberry.input(description="Which of what is found to list. Conditions add up.")
class DiscoveryFilter:
    """Which of what is found to list."""

    kinds: list[FoundKind] | None = strawberry.field(
        description="Only of one of these kinds.", default=strawberry.UNSET
    )
    languages: list[Locale] | None = strawberry.field(
        description="Only posts and listings, written in one of these languages.",
        default=strawberry.UNSET,
    )
    sectors: list[Sector] | None = strawberry.field(
        description="Only organisations whose first sector is one of these, and their posts and listings.",
        default=strawberry.UNSET,
    )
    organisation_kinds: list[OrganisationKind] | None = strawberry.field(
        description="Only organisations of one of these kinds, and their posts and listings.",
        default=strawberry.UNSET,
    )


async def discover(
    info: Info,
    query: Annotated[
        str,
        strawberry.argument(
            description=f"What is looked for, at most {QUERY_MAX} characters. All words count, the last one "
            "by its beginning, so that it can be used while typing. Without a letter or digit "
            "nothing is found."
        ),
    ],
    filter: Annotated[
        DiscoveryFilter | None, strawberry.argument(description="Which of what is found.")
    ] = None,
    first: Annotated[
        int, strawberry.argument(description=f"How many at most, 1 to {PAGE_MAX}.")
    ] = PAGE_DEFAULT,
    after: Annotated[
        str | None, strawberry.argument(description="Only those after this cursor.")
    ] = None,
) -> DiscoveryConnection:
    """Answer `Query.discover`: one statement finds, one for each kind of object renders.

    Raises:
        RequestError: The text is too long, the page size out of range, or the cursor no cursor.
    """
    check_asked(query, first)
    asked = Asked(
        text=query,
        **_conditions(filter),
        after=None if after is None else _position(after),
        limit=first,
    )
    found = await _find(info, asked) if asked.words else Found.nothing()
    edges = [_edge(hit) for hit in found.hits]
    return DiscoveryConnection(
        edges=edges,
        page_info=page_info(edges, goes_on=found.goes_on, after=after),
        total_count=found.total,
        facets=_facets(found),
    )


async def _find(info: Info, asked: Asked) -> Found:
    context: Any = info.context
    return read(await find(info, statement(), asked.values(context.secret_hash), COST))


def _conditions(filter: DiscoveryFilter | None) -> dict[str, Any]:
    """Give the conditions of a filter; one that is left out, or null, restricts nothing.

    Raises:
        InvalidArgument: A list is too long.
    """
    found: dict[str, Any] = {}
    for name, values in vars(filter).items() if filter else ():
        if values is not None and values is not strawberry.UNSET:
            found[name] = [value.value for value in values]
            if len(values) > INPUT_LIST_MAX:
                raise InvalidArgument(
                    f"filter.{to_camel_case(name)} has {len(values):,} items; at most {INPUT_LIST_MAX} fit."
                )
    return found


def _position(cursor: str) -> tuple[int, UUID]:
    """Read a cursor: the score and the key of a row.

    Raises:
        InvalidCursor: This list did not give it.
    """
    try:
        score, key = orjson.loads(cursor)
        position = int(score), UUID(key)
    except (ValueError, TypeError, AttributeError):
        position = -1, UUID(int=0)
    if not 0 <= position[0] <= INT_MAX:
        raise InvalidCursor(
            f"{shown(cursor)} is no cursor of this list. Use a cursor as this list gave it."
        )
    return position


def _edge(hit: Hit) -> DiscoveryEdge:
    return DiscoveryEdge(
        cursor=orjson.dumps([str(hit.score), str(hit.id)]).decode(),
        node=Ref(TYPES[hit.kind], hit.id),  # type: ignore[arg-type]
        matched_by=hit.by,
        score=hit.score,
        snippet=[
            SnippetPart(text=text, is_match=matches) for text, matches in parts_of(hit.snippet)
        ],
    )


def _facets(found: Found) -> DiscoveryFacets:
    def counted(name: str) -> list[tuple[str, int]]:
        return sorted(found.facets[name].items(), key=lambda pair: (-pair[1], pair[0]))

    return DiscoveryFacets(
        kinds=[KindCount(kind=FoundKind(v), count=n) for v, n in counted("kinds")],
        languages=[LanguageCount(language=Locale(v), count=n) for v, n in counted("languages")],
        sectors=[SectorCount(sector=Sector(v), count=n) for v, n in counted("sectors")],
        organisation_kinds=[
            OrganisationKindCount(kind=OrganisationKind(v), count=n)
            for v, n in counted("organisationKinds")
        ],
        is_capped=found.is_capped,
    )
