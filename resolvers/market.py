"""Searching the market: open listings by filters, skills and words, with how they are spread.

One statement gives a page and the facets of the MATCHES_MAX first that the viewer may see.

How a listing scores in the order FIT, 1,001,000 at most:
  1,001 times its fit in thousandths: for each skill that is asked for the best that it names, by
        closeness in the taxonomy (`resolvers.matching`), on average
  plus  1000  what was typed stands in its title
         600  all words are in its title or description
         400 to 500  it names a skill that the words mean, by how surely it is meant
Equal scores are in the order of age, the newest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from db.tables.listings import Place
from db.taxonomy import fold
from resolvers.distances import kilometres
from resolvers.finding import WORDS, meant, pattern_of, whoever_asks, words_of
from resolvers.match_finding import CLOSE
from resolvers.matching import DISTANCE_ASSUMED
from resolvers.rows import row_of
from resolvers.seeing import condition_of, in_words

# That match, and are listed and counted.
MATCHES_MAX = 2_000
# Skills that can be asked for at once: as many as a listing names.
ASKED_SKILLS_MAX = 12
FACET_SKILLS = 20
# Times that a listing names a skill that is asked for or close to one, the closest first: more are
# not looked at. 30,000 took 100 ms; skills that are so common are close to many.
HITS_MAX = 10_000
# Listings in the order asked that are looked through one by one when the words are common. They are
# when half as many again in the first SAMPLE have them as it takes to find enough: below that all
# that the index finds are read sooner, and a guess too high would cost both.
WINDOW, SAMPLE = 20_000, 500
COMMON = SAMPLE * MATCHES_MAX * 3 // (WINDOW * 2)


class MarketOrder(StrEnum):
    """In which order the market is listed."""

    FIT = "FIT"
    NEWEST = "NEWEST"
    ENDING_SOON = "ENDING_SOON"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for, and which page of it; None restricts nothing."""

    order: MarketOrder
    text: str = ""
    kinds: Sequence[str] | None = None
    forms: Sequence[str] | None = None
    terms: Sequence[str] | None = None
    audiences: Sequence[str] | None = None
    organisations: Sequence[UUID] | None = None
    sectors: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    starts: date | None = None
    ends: date | None = None
    minimum_hours: int | None = None
    maximum_hours: int | None = None
    place_id: UUID | None = None
    distance_km: int | None = None
    include_remote: bool = True
    skills: Sequence[UUID] | None = None
    after: tuple[int, UUID] | None = None
    limit: int = 20

    @property
    def words(self) -> list[str]:
        """The words of the text."""
        return words_of(self.text)

    @property
    def finds_nothing(self) -> bool:
        """Whether it is looked for by a text without a word."""
        return bool(self.text.strip()) and not self.words

    def statement(self) -> str:
        """Give the statement that answers it."""
        return statement(self.order, by_words=bool(self.words), by_skills=self.skills is not None)

    def values(self, secret_hash: bytes | None) -> list[Any]:
        """Give the values of the statement's parameters."""
        words, folded = self.words, fold(self.text)
        distance = DISTANCE_ASSUMED if self.distance_km is None else self.distance_km
        mark, key = self.after or (None, None)
        return [
            secret_hash,
            folded,
            " & ".join(words),
            " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else "",
            pattern_of(folded),
            self.kinds,
            self.forms,
            self.terms,
            self.audiences,
            self.organisations,
            self.sectors,
            self.languages,
            self.starts,
            self.ends,
            self.minimum_hours,
            self.maximum_hours,
            self.place_id,
            distance,
            self.include_remote,
            list(dict.fromkeys(self.skills)) if self.skills is not None else None,
            mark,
            key,
            self.limit,
        ]


@dataclass(frozen=True)
class Hit:
    """A listing that was found; `mark` and the id are its place in the order."""

    id: UUID
    mark: int
    # 0 to 1; None when no skill was asked for.
    fit: float | None


@dataclass(frozen=True)
class Found:
    """A page of what was found, and how all of it is spread."""

    hits: list[Hit]
    goes_on: bool
    total: int
    is_capped: bool
    # By facet: each value with how many have it, the most frequent first; absent when there are none.
    facets: Mapping[str, Sequence[tuple[str, int]]]

    @classmethod
    def nothing(cls) -> Found:
        """Give what is found by no word."""
        return cls([], goes_on=False, total=0, is_capped=False, facets={})


def read(record: Mapping[str, Any]) -> Found:
    """Read what the statement gave."""
    hits = [
        Hit(
            UUID(hit["id"]),
            int(hit["mark"]),
            None if hit["fit"] is None else hit["fit"] / 1_000,
        )
        for hit in orjson.loads(record["hits"] or b"[]")
    ]
    facets = {
        name: [(value, count) for value, count in counts or ()]
        for name, counts in orjson.loads(record["facets"] or b"{}").items()
    }
    return Found(hits, record["goes_on"], record["total"], record["is_capped"], facets)


@cache
def statement(order: MarketOrder, *, by_words: bool, by_skills: bool) -> str:
    """Give the statement: one row with the viewer, the page and the facets as JSON.

    Its parameters are those of `Asked.values`; Postgres must plan it for the values at hand.
    """
    soonest = order is MarketOrder.ENDING_SOON
    in_order = "l.expires_at, l.id" if soonest else "l.id desc"
    score = _score(by_words=by_words, by_skills=by_skills)
    mark = {
        MarketOrder.FIT: score,
        MarketOrder.NEWEST: "0",
        MarketOrder.ENDING_SOON: "(extract(epoch from l.expires_at) * 1000000)::bigint",
    }[order]
    first = in_order if order is not MarketOrder.FIT or score == "0" else f"{score} desc, l.id desc"
    if by_skills and not by_words and not soonest:
        # As `named` is sorted already: it is read as far as it takes.
        first = f"{'n.fit desc, ' if order is MarketOrder.FIT else ''}n.listing_id desc"
    apart = kilometres(row_of(Place, "p"), row_of(Place, "here"))
    parts = [PLACES.format(kilometres=in_words(apart))]
    if by_skills:
        named_first = {
            MarketOrder.FIT: "fit desc, listing_id desc",
            MarketOrder.NEWEST: "listing_id desc",
            MarketOrder.ENDING_SOON: "listing_id",
        }[order]
        close = CLOSE.replace("$1", "$20")
        parts.append(SKILLS.format(close=close, hits=HITS_MAX, in_order=named_first))
    if by_words:
        parts.append(meant())
        parts.append(MEANT_LISTINGS)
        if not by_skills:
            surest = "m.certainty desc, l.id desc" if order is MarketOrder.FIT else in_order
            parts.append(BY_WORDS.format(in_order=in_order, meant_order=surest, **_bounds()))
    return STATEMENT.format(
        parts=",\n".join(parts),
        source=SOURCES[by_words, by_skills],
        has_words=HAS_WORDS.format(words=WORDS) if by_words and by_skills else "true",
        fit="n.fit" if by_skills else "null::int",
        mark=mark,
        first=first,
        order="mark, id" if soonest else "mark desc, id desc",
        beyond=">" if soonest else "<",
        capped=CAPPED.format(most=MATCHES_MAX) if by_words and not by_skills else "",
        most_skills=FACET_SKILLS,
        **_bounds(),
    )


def _score(*, by_words: bool, by_skills: bool) -> str:
    """Give the score of a row in the order FIT; "0" where all score alike."""
    parts = []
    if by_skills:
        parts.append("1001 * n.fit")
    if by_words:
        # Found by words alone, it is known by then whether it has them.
        has_words = f"l.searched @@ {WORDS}" if by_skills else "w.has_words"
        parts.append(TEXT_SCORE.format(has_words=has_words))
    return f"({' + '.join(parts)})" if parts else "0"


def _bounds() -> dict[str, Any]:
    return {
        "viewer": whoever_asks(),
        "words": WORDS,
        "filters": FILTERS,
        "listing_seen": condition_of("listing", "l", proven=frozenset({"organisation_id"})),
        "organisation_seen": condition_of("organisation", "o"),
        "most": MATCHES_MAX,
        "window": WINDOW,
        "sample": SAMPLE,
        "common": COMMON,
    }


PLACES = """
near as materialized (
  select p.id from place p, place here where here.id = $17::uuid and {kilometres} <= $18::int
)
"""
# What is close to the skills asked for, and how well each listing that names some of it fits.
SKILLS = """
asked as materialized (
  select id as own_id, id as near_id, 1000 as worth from unnest($20::uuid[]) as own (id)
  union all
  select own_id, near_id, (1000 * worth)::int from ({close}) near
),
hits as materialized (
  select s.listing_id, a.own_id, a.worth
  from (select * from asked order by worth desc, near_id) a cross join lateral (
    select listing_id from listing_skill
    where skill_id = a.near_id and open_as is not null
      and ($6::text[] is null or open_as = any($6))
    limit {hits}
  ) s
  limit {hits}
),
named as materialized (
  select listing_id, (sum(worth) / cardinality($20::uuid[]))::int as fit
  from (
    select listing_id, own_id, max(worth) as worth from hits group by listing_id, own_id
  ) best
  group by listing_id
  order by {in_order}
)
"""
MEANT_LISTINGS = """
meant_by as materialized (
  select s.listing_id, max(m.certainty) as certainty
  from meant m join listing_skill s on s.skill_id = m.skill_id and s.open_as is not null
  where $6::text[] is null or s.open_as = any($6)
  group by s.listing_id
)
"""
# What is open and fits the filters; a listing that says nothing of hours, languages, a period or a
# place is open about it.
FILTERS = """
    l.status = 'OPEN' and l.expires_at > now()
    and ($6::text[] is null or l.kind = any($6))
    and ($7::text[] is null or l.form = any($7))
    and ($8::text[] is null or l.terms = any($8))
    and ($9::text[] is null or l.audience = any($9))
    and ($10::uuid[] is null or l.organisation_id = any($10))
    and ($11::text[] is null or l.organisation_id in (
      select id from organisation where sector = any($11)))
    and ($12::text[] is null or l.languages = '{}' or l.languages && $12)
    and ($13::date is null or l.ends_on is null or l.ends_on + l.slack_days >= $13)
    and ($14::date is null or l.starts_on is null or l.starts_on - l.slack_days <= $14)
    and ($15::int is null or l.hours_per_week is null or l.hours_per_week >= $15)
    and ($16::int is null or l.hours_per_week is null or l.hours_per_week <= $16)
    and ($17::uuid is null or l.place_id = any(array(select id from near))
         or $19::bool and (l.is_remote or l.place_id is null))
    and (l.audience = 'PUBLIC' or (select id from viewer) is not null)
"""
# Among the first in the order asked when a sample of these says that the words are common, among
# all by the index when they are rare.
BY_WORDS = """
word_sample as materialized (
  select count(*) as n
  from (select * from listing l where l.status = 'OPEN' order by {in_order} limit {sample}) l
  where l.searched @@ {words} and {filters}
),
first_words as materialized (
  select l.id
  from (select * from listing l where l.status = 'OPEN' order by {in_order} limit {window}) l
  where (select n from word_sample) >= {common} and l.searched @@ {words} and {filters}
  order by {in_order} limit {most} + 1
),
worded as materialized (
  select id from first_words where (select count(*) from first_words) > {most}
  union all
  (select id from (
     select * from listing l where l.searched @@ {words} and {filters} offset 0
   ) l where (select count(*) from first_words) <= {most} order by {in_order} limit {most} + 1)
),
candidates_by_words as materialized (
  select id, bool_or(has_words) as has_words, max(certainty) as certainty
  from (
    select id, true as has_words, null::numeric as certainty from worded
    union all
    (select l.id, false, m.certainty
     from meant_by m join listing l on l.id = m.listing_id where {filters}
     order by {meant_order} limit {most} + 1)
  ) one
  group by id
)
"""
# What is cut off by its words may be more than what the viewer may not see of it.
CAPPED = "or (select count(*) from worded) > {most}"
HAS_WORDS = "(l.searched @@ {words} or w.certainty is not null)"
TEXT_SCORE = """
    case when strpos(translate(lower(unaccent(l.title)), '''\u2019.,', ''), $2) > 0 then 1000
         when {has_words} then 600
         else coalesce((400 + 100 * w.certainty)::int, 0) end
"""
SOURCES = {
    (False, False): "listing l",
    (False, True): "named n join listing l on l.id = n.listing_id",
    (True, True): (
        "named n join listing l on l.id = n.listing_id"
        " left join meant_by w on w.listing_id = n.listing_id"
    ),
    (True, False): "candidates_by_words w join listing l on l.id = w.id",
}
STATEMENT = """
with viewer as materialized ({viewer}),
given as (select $2::text, $3::text, $4::text, $5::text, $20::uuid[]),
{parts},
candidates as materialized (
  select l.id, {mark} as mark, {fit} as fit, l.kind, l.form, l.terms, l.place_id, o.sector
  from viewer, {source} join organisation o on o.id = l.organisation_id
  where {filters} and {has_words} and {organisation_seen} and {listing_seen}
  order by {first} limit {most} + 1
),
found as materialized (select * from candidates order by {order} limit {most}),
page as materialized (
  select id, mark, fit from found
  where $21::bigint is null or (mark, id) {beyond} ($21, $22::uuid)
  order by {order} limit $23::int + 1
)
select viewer.id as viewer,
  (select json_agg(json_build_object('id', id, 'mark', mark, 'fit', fit) order by {order})
   from (select * from page order by {order} limit $23) shown) as hits,
  (select count(*) from page) > $23 as goes_on,
  (select count(*) from found) as total,
  (select count(*) from candidates) > {most} {capped} as is_capped,
  (select json_object_agg(name, counts) from (
     select name, json_agg(json_build_array(value, n) order by n desc, value) as counts
     from (
       select 'kinds' as name, kind as value, count(*) as n from found group by kind
       union all
       select 'forms', form, count(*) from found group by form
       union all
       select 'terms', terms, count(*) from found group by terms
       union all
       select 'sectors', sector, count(*) from found group by sector
       union all
       select 'provinces', p.province, count(*)
       from found join place p on p.id = found.place_id group by p.province
       union all
       (select 'skills', s.skill_id::text, count(*)
        from found join listing_skill s on s.listing_id = found.id
        group by s.skill_id order by count(*) desc, s.skill_id limit {most_skills})
     ) one group by name
   ) named_counts) as facets
from viewer
"""
