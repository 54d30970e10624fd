"""Offers and requests in the graph, and the places that they can be at."""

from __future__ import annotations

from datetime import date, datetime

from db.tables import listing_looks as look_tables
from db.tables import listings as tables
from db.tables.listings import (
    AIMS_MAX,
    SKILLS_MAX,
    ListingAction,
    ListingAudience,
    ListingCloseReason,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SkillImportance,
    SpokenLanguage,
)
from db.tables.people import Locale
from resolvers import listings as resolve
from resolvers import matches as resolve_matches
from resolvers import skills as resolve_skills
from schema import prefixes
from schema.engine.declare import argument, column, connection, many, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import ToExchange, ToMatch, ToOrganisation, ToPerson, ToPost, ToSkill


@table(tables.Place, prefix=prefixes.PLACE, visible=None)
class Place(Node):
    """A municipality."""

    slug: str = column("Its name in addresses.")
    name: str = column("What it is called.")
    province: str = column("The province that it is in.")
    latitude: float = column("Degrees north, WGS 84.")
    longitude: float = column("Degrees east, WGS 84.")


@table(
    tables.Listing,
    prefix=prefixes.LISTING,
    visible=resolve.visible,
    within={"organisation_id": "Organisation"},
)
class Listing(Node):
    """What an organisation offers or asks for. It names a capacity, never a person."""

    kind: ListingKind = column("Which side of the market it is on.")
    form: ListingForm = column("In what form something is to be shared.")
    status: ListingStatus = value(resolve.status, "Where it stands now.")
    close_reason: ListingCloseReason | None = column(
        "Why it was ended without being filled; null unless it is CLOSED."
    )
    audience: ListingAudience = column("Who may see it.")
    title: str = column("What it is about, in a line.")
    body: str = column("The description, in Markdown; may be empty.")
    body_html: str = value(resolve.body_html, "The same as safe HTML; may be empty.")
    language: Locale = column("The language it is written in.")
    skills: list[ListingSkill] = many(
        resolve.skills,
        "The skills that it offers or asks for: what must be there first, then by English label.",
        at_most=SKILLS_MAX,
    )
    aims: list[ToSkill] = many(
        resolve.aims,
        "The skills that whoever shares wants to learn by it, by English label.",
        at_most=AIMS_MAX,
    )
    hours_per_week: int | None = column("Hours a week of one person; null when it is open.")
    hours_total: int | None = column("Hours in all; null when it is open.")
    starts_on: date | None = column("Its first day; null when it may begin at any time.")
    ends_on: date | None = column("Its last day; null when it may last.")
    slack_days: int = column("By how many days the period may move either way.")
    place: Place | None = one(resolve.place, "Where it is; null when that does not matter.")
    distance_km: int | None = column(
        "How far from the place it may be, in kilometres as the crow flies; null when not said."
    )
    is_remote: bool = column("Whether it can be done from anywhere.")
    languages: list[SpokenLanguage] = column(
        "The languages of which one must be spoken; empty when any will do."
    )
    capacity: int = column("How many people, or places.")
    terms: ListingTerms = column("What is asked or given in return.")
    rate_cents: int | None = column("Euro cents an hour; null when no price is named.")
    created_at: datetime = column("When it was written.")
    opened_at: datetime | None = column("When it was first opened; null for a draft.")
    expires_at: datetime | None = column("Until when it is open; null for a draft.")
    ended_at: datetime | None = column("When it ended; null unless it has.")
    version: int = column("Goes up with each change; an edit names the one that it changes.")
    organisation: ToOrganisation = one(resolve.organisation, "Whose it is.")
    contact: ToPerson | None = one(
        resolve.contact,
        "Whom to ask; null when nobody is named, or the viewer may not see that person.",
    )
    author: ToPerson | None = one(
        resolve.author, "Who wrote it; null for all but members of the organisation."
    )
    history: Connection[ListingStep] = connection(
        resolve.history,
        "What was done with it, the latest first; empty for all but members of the organisation.",
        order=("-id",),
    )
    lookers: Connection[ListingLooker] = connection(
        resolve.lookers,
        "Which other organisations looked at it, the latest first; empty for all but those who manage "
        "listings of its organisation.",
        order=("-looked_at", "-id"),
    )
    matches: Connection[ToMatch] = connection(
        resolve_matches.of_listing,
        "What fits it, the best first, without what its organisation dismissed; empty for all who "
        "manage listings on neither side.",
        order=("-score", "-id"),
        near_misses=argument(
            bool, "Whether to give those too where something stands between.", default=False
        ),
    )
    posts: Connection[ToPost] = connection(
        resolve.about, "The posts that point to it, the newest first.", order=("-id",)
    )
    viewer_can_manage: bool = value(
        resolve.viewer_can_manage, "Whether the viewer may edit it, pause it and end it."
    )


@table(
    tables.ListingSkill,
    prefix=prefixes.LISTING_SKILL,
    visible=None,
    within={"listing_id": "Listing"},
)
class ListingSkill(Node):
    """A skill that a listing offers or asks for."""

    importance: SkillImportance = column("How much it matters.")
    minimum_level: int = column("From which level on, 1 to 5.")
    skill: ToSkill = one(resolve_skills.of, "The skill.")
    listing: Listing = one(resolve.listing_of, "The listing.")


@table(
    look_tables.ListingLook,
    prefix=prefixes.LISTING_LOOK,
    visible=resolve.look_visible,
    within={"listing_id": "Listing", "organisation_id": "Organisation"},
)
class ListingLooker(Node):
    """An organisation that looked at a listing of another one. Read by those who manage its listings.

    It is recorded by `listingLooked`, unless the person who looks has switched that off.
    """

    looked_at: datetime = column("When it last looked.")
    day_count: int = column("On how many days it looked; several looks on a day count once.")
    organisation: ToOrganisation = one(resolve.looking, "Who looked.")
    listing: Listing = one(resolve.listing_of, "At what.")


@table(
    tables.ListingStep,
    prefix=prefixes.LISTING_STEP,
    visible=resolve.step_visible,
    within={"listing_id": "Listing"},
)
class ListingStep(Node):
    """A line of a listing's history. Read by members of the organisation."""

    action: ListingAction = column("What was done.")
    changed: list[str] = column("The names of what an edit changed; empty for all else.")
    created_at: datetime = column("When.")
    exchange: ToExchange | None = one(
        resolve.filled_by,
        "Of FILLED: the exchange that took its last place; null when somebody filled it, or the "
        "viewer may not see it.",
    )
    actor: ToPerson | None = one(
        resolve.actor, "Who did it; null when time or an exchange did, or that person is gone."
    )
    listing: Listing = one(resolve.listing_of, "The listing.")
