"""Searches of the market that people keep, in the graph."""

from __future__ import annotations

from datetime import date, datetime

from db.tables import market_searches as tables
from db.tables.listings import (
    ListingAudience,
    ListingForm,
    ListingKind,
    ListingTerms,
    SpokenLanguage,
)
from db.tables.organisations import Sector
from resolvers import market_searches as resolve
from resolvers.market import ASKED_SKILLS_MAX
from schema import prefixes
from schema.engine.arguments import INPUT_LIST_MAX
from schema.engine.declare import column, connection, many, one, table
from schema.engine.relay import Connection, Node
from schema.references import ToListing, ToOrganisation, ToPlace, ToSkill


@table(tables.MarketSearch, prefix=prefixes.MARKET_SEARCH, visible=resolve.visible)
class MarketSearch(Node):
    """A search of the market that a person keeps. It ends only when its owner ends it.

    Its conditions are those of `ListingFilter`; a list that is empty, or a value that is null,
    restricts nothing.
    """

    name: str = column("What its owner calls it.")
    query: str = column("The text that is looked for, as `market` does; may be empty.")
    kinds: list[ListingKind] = column("Offers, or requests.")
    forms: list[ListingForm] = column("In one of these forms.")
    skills: list[ToSkill] = many(
        resolve.skills,
        "The skills of which one is named, or one that is close; by English label. One that is gone "
        "from the taxonomy is left out.",
        at_most=ASKED_SKILLS_MAX,
    )
    terms: list[ListingTerms] = column("On one of these terms.")
    audiences: list[ListingAudience] = column("For one of these audiences.")
    organisations: list[ToOrganisation] = many(
        resolve.organisations,
        "The organisations whose listings they are, by name; one that the viewer may no longer see is "
        "left out.",
        at_most=INPUT_LIST_MAX,
    )
    sectors: list[Sector] = column("Of organisations whose first sector is one of these.")
    languages: list[SpokenLanguage] = column("Where one of these languages will do.")
    from_day: date | None = column(
        "The filter's `from`: the period ends on this day or later.", source="starts_on"
    )
    until_day: date | None = column(
        "The filter's `until`: the period begins on this day or earlier.", source="ends_on"
    )
    minimum_hours: int | None = column("At least so many hours a week.")
    maximum_hours: int | None = column("At most so many hours a week.")
    place: ToPlace | None = one(resolve.place, "Near this place.")
    distance_km: int | None = column("How near, in kilometres as the crow flies.")
    include_remote: bool = column(
        "Whether what can be done from anywhere, or is at no place, is near too."
    )
    notify: bool = column("Whether its owner is told of what is opened or changed, and fits.")
    paused_at: datetime | None = column(
        "Since when it rests; null while it runs. It shows nothing that was opened after its pause."
    )
    version: int = column("Counts its changes; give it back when editing.")
    created_at: datetime = column("Since when it is kept.")
    listings: Connection[ToListing] = connection(
        resolve.listings, "What it finds: open listings, the newest first.", order=("-id",)
    )
