"""The listings of an organisation as a table, as far as whoever asks may see them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from db.tables.listings import (
    ListingAudience,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SpokenLanguage,
)
from db.tables.people import Locale
from resolvers.acting import Connection
from resolvers.listing_files import write
from resolvers.rows import VIEWER_ALIAS
from resolvers.seeing import asking_by_key, condition_of

# An organisation has 2,000 that have not ended; of those that have the newest are told.
ROWS_MAX = 5_000
CENTS = 100
ORGANISATION = """
with {viewer} as materialized ({asking})
select o.id, o.slug, o.name from {viewer}, organisation o where o.slug = $2 and {seen}
"""
# Skills by their label in the language of the file, with the level where one is asked for.
LISTINGS = """
with {viewer} as materialized ({asking})
select l.id, l.kind, l.form, l.title, l.body, l.language, l.audience, l.hours_per_week, l.hours_total,
  l.starts_on, l.ends_on, l.slack_days, l.distance_km, l.is_remote, l.languages, l.capacity, l.terms,
  l.rate_cents, l.expires_at, p.name as place,
  case when l.status = 'OPEN' and l.expires_at <= now() then 'EXPIRED' else l.status end as status,
  named.must, named.nice,
  array(select case $3 when 'NL' then k.label_nl else k.label_en end
        from listing_aim a join skill k on k.id = a.skill_id where a.listing_id = l.id order by 1) as aims
from {viewer}, listing l left join place p on p.id = l.place_id
cross join lateral (
  select coalesce(array_agg(label order by label) filter (where importance = 'MUST'), '{{}}') as must,
         coalesce(array_agg(label order by label) filter (where importance = 'NICE'), '{{}}') as nice
  from (
    select s.importance, concat(case $3 when 'NL' then k.label_nl else k.label_en end,
                                ' (', s.minimum_level, ')') as label
    from listing_skill s join skill k on k.id = s.skill_id where s.listing_id = l.id
  ) labelled
) named
where l.organisation_id = $2 and {seen}
order by l.id desc limit $4
"""


async def export_listings(
    connection: Connection, viewer_id: UUID | None, slug: str, locale: Locale, base_url: str
) -> tuple[str, str] | None:
    """Give an organisation's slug and its listings as CSV; None when the viewer knows of no such."""
    organisation = await connection.fetchrow(_organisation(), viewer_id, slug)
    if organisation is None:
        return None
    rows = await connection.fetch(
        _listings(), viewer_id, organisation["id"], locale.value, ROWS_MAX
    )
    table = [_row(row, base_url) for row in rows]
    return organisation["slug"], write(table, locale)


def _row(row: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    rate, ends = row["rate_cents"], row["expires_at"]
    return {
        "kind": ListingKind(row["kind"]),
        "form": ListingForm(row["form"]),
        "status": ListingStatus(row["status"]),
        "title": row["title"],
        "description": row["body"],
        "language": Locale(row["language"]),
        "audience": ListingAudience(row["audience"]),
        "skills": list(row["must"]),
        "nice": list(row["nice"]),
        "aims": list(row["aims"]),
        "hours_per_week": row["hours_per_week"],
        "hours_total": row["hours_total"],
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "slack_days": row["slack_days"] or None,
        "place": row["place"],
        "distance_km": row["distance_km"],
        "remote": row["is_remote"],
        "languages": [SpokenLanguage(spoken) for spoken in row["languages"]],
        "capacity": row["capacity"],
        "terms": ListingTerms(row["terms"]),
        "rate": None if rate is None else f"{rate // CENTS}.{rate % CENTS:02}",
        "open_until": None if ends is None else ends.date(),
        "link": f"{base_url}/listings/lst_{row['id']}",
    }


@cache
def _organisation() -> str:
    return ORGANISATION.format(
        viewer=VIEWER_ALIAS, asking=asking_by_key(), seen=condition_of("organisation", "o")
    )


@cache
def _listings() -> str:
    return LISTINGS.format(
        viewer=VIEWER_ALIAS,
        asking=asking_by_key(),
        # Of its organisation it is known by now that it is seen.
        seen=condition_of("listing", "l", proven=frozenset({"organisation_id"})),
    )
