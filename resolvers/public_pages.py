"""What anybody may read at an address of its own: listings, organisations, posts, as a visitor sees them.

Each is asked for as a visitor, by the rule of its type, so that a page shows nothing that the graph
would not give to somebody who is not signed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from db.tables.listings import ListingForm, ListingKind, ListingStatus, ListingTerms
from db.tables.people import Locale
from resolvers import markdown
from resolvers.acting import Connection
from resolvers.rows import VIEWER_ALIAS
from resolvers.seeing import asking_by_key, condition_of

# In one list of addresses; more would make a request for it dear, and the newest matter most.
ADDRESSES_MAX = 10_000
LISTING = """
with {viewer} as materialized ({asking})
select l.id, l.kind, l.form, l.title, l.body, l.body_html, l.language, l.terms, l.rate_cents,
  l.hours_per_week, l.hours_total, l.starts_on, l.ends_on, l.is_remote, l.capacity, l.opened_at,
  l.expires_at, p.name as place, p.province, p.latitude, p.longitude,
  case when l.status = 'OPEN' and l.expires_at <= now() then 'EXPIRED' else l.status end as status,
  array(select case l.language when 'NL' then k.label_nl else k.label_en end
        from listing_skill s join skill k on k.id = s.skill_id where s.listing_id = l.id order by 1) as skills,
  o.slug as organisation_slug, o.name as organisation_name, o.logo_url
from {viewer}, listing l join organisation o on o.id = l.organisation_id
left join place p on p.id = l.place_id
where l.id = $2 and {listing_seen}
"""
ORGANISATION = """
with {viewer} as materialized ({asking})
select o.id, o.slug, o.name, o.about, o.about_html, o.website, o.location, o.logo_url, o.created_at,
  array(select k.label_en from organisation_strength s join skill k on k.id = s.skill_id
        where s.organisation_id = o.id order by 1) as strengths_en,
  array(select k.label_nl from organisation_strength s join skill k on k.id = s.skill_id
        where s.organisation_id = o.id order by 1) as strengths_nl
from {viewer}, organisation o where o.slug = $2 and {organisation_seen}
"""
POST = """
with {viewer} as materialized ({asking})
select p.id, p.body, p.body_html, p.language, p.created_at, p.edited_at, p.comment_count,
  o.slug as organisation_slug, o.name as organisation_name, o.logo_url
from {viewer}, post p join organisation o on o.id = p.organisation_id
where p.id = $2 and {post_seen}
"""
# The key or slug of what is public, with when it last changed.
ADDRESSES = {
    "listings": """
      select l.id::text as name, l.opened_at as changed_at from {viewer}, listing l
      where l.status = 'OPEN' and l.expires_at > now() and l.audience = 'PUBLIC' and {listing_seen}
      order by l.id desc limit $2
    """,
    "organisations": """
      select o.slug as name, greatest(o.created_at, p.created_at) as changed_at
      from {viewer}, organisation o left join post p on p.id = o.last_post_id
      where {organisation_seen} order by o.follower_count desc, o.id desc limit $2
    """,
    "posts": """
      select p.id::text as name, coalesce(p.edited_at, p.created_at) as changed_at
      from {viewer}, post p where p.audience = 'PUBLIC' and p.kind <> 'REPOST' and {post_seen}
      order by p.id desc limit $2
    """,
}


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """The organisation whose page, listing or post it is."""

    slug: str
    name: str
    logo_url: str | None


@dataclass(frozen=True, kw_only=True)
class Where:
    """A municipality."""

    name: str
    province: str
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class PublicListing:
    """An offer or a request, open or ended."""

    id: UUID
    kind: ListingKind
    form: ListingForm
    status: ListingStatus
    title: str
    html: str
    language: Locale
    skills: Sequence[str]
    terms: ListingTerms
    rate_cents: int | None
    hours_per_week: int | None
    hours_total: int | None
    starts_on: date | None
    ends_on: date | None
    is_remote: bool
    capacity: int
    opened_at: datetime | None
    expires_at: datetime | None
    place: Where | None
    organisation: Publisher


@dataclass(frozen=True, kw_only=True)
class PublicOrganisation:
    """An organisation's profile."""

    html: str
    website: str | None
    location: str | None
    # Their labels in each language.
    strengths: Mapping[Locale, Sequence[str]]
    created_at: datetime
    organisation: Publisher


@dataclass(frozen=True, kw_only=True)
class PublicPost:
    """A message in an organisation's name."""

    id: UUID
    html: str
    language: Locale
    created_at: datetime
    edited_at: datetime | None
    comment_count: int
    organisation: Publisher


async def public_listing(connection: Connection, key: UUID) -> PublicListing | None:
    """Give a listing that anybody may see."""
    row: Any = await connection.fetchrow(_for_visitors(LISTING), None, key)
    if row is None:
        return None
    place = row["place"] and Where(
        name=row["place"],
        province=row["province"],
        latitude=row["latitude"],
        longitude=row["longitude"],
    )
    return PublicListing(
        id=row["id"],
        kind=ListingKind(row["kind"]),
        form=ListingForm(row["form"]),
        status=ListingStatus(row["status"]),
        title=row["title"],
        html=_html(row["body_html"], row["body"]),
        language=Locale(row["language"]),
        skills=row["skills"],
        terms=ListingTerms(row["terms"]),
        rate_cents=row["rate_cents"],
        hours_per_week=row["hours_per_week"],
        hours_total=row["hours_total"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        is_remote=row["is_remote"],
        capacity=row["capacity"],
        opened_at=row["opened_at"],
        expires_at=row["expires_at"],
        place=place or None,
        organisation=_publisher(row),
    )


async def public_organisation(connection: Connection, slug: str) -> PublicOrganisation | None:
    """Give an organisation that anybody may see."""
    row: Any = await connection.fetchrow(_for_visitors(ORGANISATION), None, slug)
    if row is None:
        return None
    return PublicOrganisation(
        html=_html(row["about_html"], row["about"]),
        website=row["website"],
        location=row["location"],
        strengths={Locale.EN: row["strengths_en"], Locale.NL: row["strengths_nl"]},
        created_at=row["created_at"],
        organisation=Publisher(slug=row["slug"], name=row["name"], logo_url=row["logo_url"]),
    )


async def public_post(connection: Connection, key: UUID) -> PublicPost | None:
    """Give a post that anybody may read."""
    row: Any = await connection.fetchrow(_for_visitors(POST), None, key)
    if row is None:
        return None
    return PublicPost(
        id=row["id"],
        html=_html(row["body_html"], row["body"]),
        language=Locale(row["language"]),
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        comment_count=row["comment_count"],
        organisation=_publisher(row),
    )


async def public_addresses(connection: Connection, section: str) -> Sequence[tuple[str, datetime]]:
    """Give the last part of each address of a section of ADDRESSES, with when it last changed."""
    rows = await connection.fetch(
        _for_visitors(f"with {{viewer}} as materialized ({{asking}}) {ADDRESSES[section]}"),
        None,
        ADDRESSES_MAX,
    )
    return [(row["name"], row["changed_at"]) for row in rows]


def _html(stored: str | None, source: str) -> str:
    if stored is not None:
        return stored
    return markdown.plain(source) if source else ""


def _publisher(row: Any) -> Publisher:
    return Publisher(
        slug=row["organisation_slug"], name=row["organisation_name"], logo_url=row["logo_url"]
    )


@cache
def _for_visitors(statement: str) -> str:
    return statement.format(
        viewer=VIEWER_ALIAS,
        asking=asking_by_key(),
        listing_seen=condition_of("listing", "l"),
        organisation_seen=condition_of("organisation", "o"),
        post_seen=condition_of("post", "p"),
    )
