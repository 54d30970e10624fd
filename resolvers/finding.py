"""Finding organisations, people, posts, open listings and skills by what somebody types.

One statement gives a page: at most CANDIDATES_MAX rows of each type that the viewer may see, found
by their words (Dutch and English stems, accents aside, the last word by its beginning), by a skill
that the words mean in either language, or by a name that is spelled nearly so; the best first.

How a row scores, 1,000 at most, the highest that applies (`scored` in the parts below; the name of
a listing is its title):
  1000  its name is what was typed          900  its name begins with it
   850  a word of its name begins with it   800  it stands elsewhere in its name
   600  all words are in its headline or text; 640 when they stand there together
   400 to 500  it has, declares, names or is about a skill that is meant; by how surely it is meant,
        and by the person's level
   300 to 400  its name is spelled nearly so, by how nearly
Up to 40 are added to an organisation for its followers, on a logarithmic scale; nothing counts for
a person, a post or a listing. Equal scores are in the order of age, the newest first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from unicodedata import normalize
from uuid import UUID

import orjson
from sqlalchemy import LargeBinary, literal_column, select

from db.taxonomy import fold
from resolvers import accounts, network
from resolvers.seeing import condition_of, in_words

# Of each type; more would not be looked through, and bounds what a common word costs.
CANDIDATES_MAX = 200
# Rows of each type that match and are asked about, seen or not.
LOOKED_AT = 300
# Rows of each table whose words tell how common those of the text are, and rows that are looked
# through one by one when they are common. 40,000 posts in the order of the key take as long as
# 3,000 that the index finds, each in a page of its own (25 ms on a busy machine).
SAMPLES = {"organisation": 500, "person": 1_000, "post": 2_000, "listing": 1_000}
WINDOWS = {"organisation": 5_000, "person": 20_000, "post": 40_000, "listing": 8_000}
QUERY_MAX = 200
WORDS_MAX = 8
WORD_MAX = 60
# Skills that a query can mean.
SKILLS_MAX = 20
# Shorter texts have too few trigrams to be taken for a misspelling.
SIMILAR_LENGTH_MIN = 4
SIMILARITY_MIN = 0.42
# When the words find fewer than this, names that are spelled nearly so are looked for.
FEW = 10
# A text of at most so many characters is shown as a whole.
SNIPPET_WHOLE = 280
# Private characters: they mark what matched, and are taken out of the text before.
MARK_START, MARK_END = "\ue000", "\ue001"
_WORDS = re.compile(r"[^\W_]+")


class FoundKind(StrEnum):
    """What kind of thing was found."""

    ORGANISATION = "ORGANISATION"
    PERSON = "PERSON"
    POST = "POST"
    LISTING = "LISTING"
    SKILL = "SKILL"


class MatchedBy(StrEnum):
    """By what something was found."""

    NAME = "NAME"
    TEXT = "TEXT"
    SKILL = "SKILL"
    SPELLING = "SPELLING"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for, and which page of what is found."""

    text: str
    kinds: Sequence[FoundKind] | None = None
    languages: Sequence[str] | None = None
    sectors: Sequence[str] | None = None
    organisation_kinds: Sequence[str] | None = None
    after: tuple[int, UUID] | None = None
    limit: int = 20

    @property
    def words(self) -> list[str]:
        """The words of the text."""
        return words_of(self.text)

    def values(self, secret_hash: bytes | None) -> list[Any]:
        """Give the values of the statement's parameters."""
        words = self.words
        folded = fold(self.text)
        score, key = self.after or (None, None)
        return [
            secret_hash,
            folded,
            " & ".join(words),
            " & ".join([*words[:-1], f"{words[-1]}:*"]),
            pattern_of(folded),
            self.kinds,
            self.languages,
            self.sectors,
            self.organisation_kinds,
            score,
            key,
            self.limit,
        ]


def words_of(text: str) -> list[str]:
    """Give the words of a text; what is not a letter or digit separates them."""
    return [word[:WORD_MAX] for word in _WORDS.findall(normalize("NFC", text))][:WORDS_MAX]


def parts_of(snippet: str) -> list[tuple[str, bool]]:
    """Take a marked text apart: each piece, and whether it matched."""
    found = []
    for index, piece in enumerate(re.split(f"[{MARK_START}{MARK_END}]", snippet)):
        if piece:
            found.append((piece, index % 2 == 1))
    return found


def pattern_of(folded: str) -> str:
    """Give the pattern of terms that begin with the text; none for a text that is too short."""
    if len(folded) < SIMILAR_LENGTH_MIN:
        return ""
    return re.sub(r"([\\%_])", r"\\\1", folded) + "%"


@cache
def statement() -> str:
    """Give the statement: one row with the viewer, the page and the facets as JSON.

    Its parameters: the secret's hash; the text, folded; its words for the stems, and for a
    beginning; a pattern; which kinds, languages, sectors and kinds of organisation; score and key
    after which the page begins, and its size.
    """
    return STATEMENT.format(
        viewer=whoever_asks(),
        words=WORDS,
        meant=meant(),
        organisations_by_words=_by_words(
            "organisation",
            "id, searched, sector, kind, follower_count",
            "follower_count desc, id desc",
            OF_ORGANISATION,
        ),
        people_by_words=_by_words("person", "id, searched, visibility", "id desc", OF_PERSON),
        posts_by_words=_by_words(
            "post",
            "id, searched, audience, language, organisation_id",
            "id desc",
            OF_POST.format(allowed=ALLOWED.format(row="o.")),
        ),
        listings_by_words=_by_words(
            "listing",
            "id, searched, audience, language, organisation_id, expires_at",
            "id desc",
            OF_LISTING.format(allowed=ALLOWED.format(row="o.")),
            among="status = 'OPEN'",
        ),
        organisation_named=NAMED.format(name="o.name"),
        person_named=NAMED.format(name="p.name"),
        listing_named=NAMED.format(name="l.title"),
        followers=FOLLOWERS,
        organisation_seen=condition_of("organisation", "o"),
        person_seen=condition_of("person", "p"),
        post_seen=condition_of("post", "p", proven=frozenset({"organisation_id"})),
        listing_seen=condition_of("listing", "l", proven=frozenset({"organisation_id"})),
        allowed=ALLOWED.format(row="o."),
        most=CANDIDATES_MAX,
        looked_at=LOOKED_AT,
        few=FEW,
        similar_length=SIMILAR_LENGTH_MIN,
        similarity=SIMILARITY_MIN,
        start=MARK_START,
        end=MARK_END,
        whole=SNIPPET_WHOLE,
    )


def meant() -> str:
    """Give the skills that the text $2 means, $5 being the pattern of terms that begin with it."""
    return MEANT.format(
        skills=SKILLS_MAX, similar_length=SIMILAR_LENGTH_MIN, similarity=SIMILARITY_MIN
    )


def _by_words(table: str, columns: str, order: str, condition: str, *, among: str = "true") -> str:
    return BY_WORDS.format(
        table=table,
        among=among,
        columns=columns,
        order=order,
        condition=condition,
        words=WORDS,
        window=WINDOWS[table],
        sample=SAMPLES[table],
        common=SAMPLES[table] * LOOKED_AT // WINDOWS[table],
        looked_at=LOOKED_AT,
    )


def whoever_asks() -> str:
    """Give the viewer whose secret has the hash $1; a visitor for null."""
    secret: Any = literal_column("$1::bytea", LargeBinary())
    who = select(accounts.person_of_secret(secret).label("id")).subquery("who")
    viewer = select(who.c.id, *network.standing(who.c.id), secret.label("secret_hash"))
    return in_words(viewer)


# The words in the stems of both languages, or as they stand with the last one by its beginning.
# Constants to the planner, which so knows how common they are.
WORDS = (
    "(to_tsquery('commons_nl', $3) || to_tsquery('commons_en', $3)"
    " || to_tsquery('commons_plain', $4))"
)
# Keys of rows with all the words: among the first of the table in its order when a sample of these
# says that the words are common, among all by the index when they are rare. Postgres would have to
# choose by an estimate, and has none for the beginning of a word.
BY_WORDS = """
  (with sample as materialized (
    select count(*) as n
    from (select {columns} from {table} where {among} order by {order} limit {sample}) t
    where searched @@ {words} and {condition}
  ), first as materialized (
    select id from (
      select {columns} from {table} where {among} order by {order} limit {window}
    ) t
    where (select n from sample) >= {common} and searched @@ {words} and {condition}
    order by {order} limit {looked_at}
  )
  select id from first where (select count(*) from first) >= {looked_at}
  union all
  (select id from (
     select {columns} from {table}
     where {among} and searched @@ {words} and {condition} offset 0
   ) t where (select count(*) from first) < {looked_at} order by {order} limit {looked_at}))
"""
# How well a name fits the text; null when its words only are there in some order. OFFSET 0, or the
# name would be folded anew for each comparison.
NAMED = """
    select case when plain = $2 then 1000
                when starts_with(plain, $2) then 900
                when strpos(' ' || plain, ' ' || $2) > 0 then 850
                when strpos(plain, $2) > 0 then 800 end as score
    from (select translate(lower(unaccent({name})), '''\u2019.,', '') as plain offset 0) folded
"""
FOLLOWERS = "select least(40, (8 * log(1 + o.follower_count))::int) as followers"
ALLOWED = (
    "($8::text[] is null or {row}sector = any($8)) and ($9::text[] is null or {row}kind = any($9))"
)
# What is worth looking at, before the whole rule is asked about what is left: a visitor's own
# matches must not be crowded out by what only others see.
OF_ORGANISATION = ALLOWED.format(row="")
OF_PERSON = "(visibility = 'PUBLIC' or (select id from viewer) is not null)"
OF_POST = """
    (audience = 'PUBLIC' or (select id from viewer) is not null)
    and ($7::text[] is null or language = any($7))
    and ($8::text[] is null and $9::text[] is null
         or organisation_id in (select o.id from organisation o where {allowed}))
"""
# What ran out is open no longer, whether or not anything noted it yet.
OF_LISTING = f"expires_at > now() and {OF_POST}"
# Skills that the text means: by a term that it is or begins, or that is spelled nearly so.
MEANT = """
meant as materialized (
  select skill_id, max(certainty) as certainty, max(label) as label, max(score) as score, by
  from (
    (select skill_id, 1.0 as certainty, label, 1000 as score, 'NAME' as by
     from skill_term where folded = $2)
    union all
    (select skill_id, 0.8, label, 900, 'NAME' from skill_term
     where $5 <> '' and folded like $5 and folded <> $2
     order by length(folded), folded limit {skills})
    union all
    (select skill_id, similarity(folded, $2) * 0.8, label,
            300 + (100 * similarity(folded, $2))::int, 'SPELLING'
     from skill_term
     where length($2) >= {similar_length} and folded % $2 and similarity(folded, $2) >= {similarity}
       and not exists (select from skill_term exact where exact.folded = $2)
     order by similarity(folded, $2) desc, folded limit {skills})
  ) term
  group by skill_id, by order by certainty desc, skill_id limit {skills}
)
"""
STATEMENT = """
with viewer as materialized ({viewer}),
{meant},
organisation_keys as materialized (
  {organisations_by_words}
),
organisations as materialized (
  select o.id, o.sector, o.kind, least(1000, best.score + f.followers) as score, best.by
  from (
    select distinct on (c.id) c.id, c.score, c.by from (
      select o.id, coalesce(n.score, 600) as score,
             case when n.score is null then 'TEXT' else 'NAME' end as by
      from organisation_keys k join organisation o using (id), lateral ({organisation_named}) n
      union all
      (select s.organisation_id, (400 + 100 * m.certainty)::int, 'SKILL'
       from meant m join organisation_strength s using (skill_id) limit {looked_at})
      union all
      (select o.id, 300 + (100 * similarity(o.name, $2))::int, 'SPELLING' from organisation o
       where length($2) >= {similar_length} and (select count(*) from organisation_keys) < {few}
         and o.name % $2 and similarity(o.name, $2) >= {similarity}
       order by similarity(o.name, $2) desc, o.id desc limit {looked_at})
    ) c order by c.id, c.score desc, c.by
  ) best join organisation o using (id), lateral ({followers}) f, viewer,
  lateral (select where {organisation_seen} offset 0) seen
  where {allowed}
  order by score desc, o.id desc limit {most}
),
person_keys as materialized (
  {people_by_words}
),
people as materialized (
  select p.id, best.score, best.by
  from (
    select distinct on (c.id) c.id, c.score, c.by from (
      select p.id, coalesce(n.score, 600) as score,
             case when n.score is null then 'TEXT' else 'NAME' end as by
      from person_keys k join person p using (id), lateral ({person_named}) n
      union all
      (select s.person_id, (400 + 80 * m.certainty + 4 * s.level)::int, 'SKILL'
       from meant m, lateral (
         select s.person_id, s.level from person_skill s where s.skill_id = m.skill_id
         order by s.level desc, s.id desc limit {looked_at}
       ) s order by m.certainty desc, s.level desc limit {looked_at})
      union all
      (select p.id, 300 + (100 * similarity(p.name, $2))::int, 'SPELLING' from person p
       where length($2) >= {similar_length} and (select count(*) from person_keys) < {few}
         and p.name % $2 and similarity(p.name, $2) >= {similarity}
       order by similarity(p.name, $2) desc, p.id desc limit {looked_at})
    ) c order by c.id, c.score desc, c.by
  ) best join person p using (id), viewer, lateral (select where {person_seen} offset 0) seen
  where $7::text[] is null and $8::text[] is null and $9::text[] is null
  order by best.score desc, p.id desc limit {most}
),
post_keys as materialized (
  {posts_by_words}
),
posts as materialized (
  select p.id, p.language, o.sector, o.kind, best.score, best.by
  from (
    select distinct on (c.id) c.id, c.score, c.by from (
      select p.id, case when strpos(lower(unaccent(p.body)), $2) > 0 then 640 else 600 end as score,
             'TEXT' as by
      from post_keys k join post p using (id)
      union all
      (select s.post_id, (400 + 100 * m.certainty)::int, 'SKILL'
       from meant m, lateral (
         select s.post_id from post_skill s where s.skill_id = m.skill_id
         order by s.post_id desc limit {looked_at}
       ) s order by m.certainty desc, s.post_id desc limit {looked_at})
    ) c order by c.id, c.score desc, c.by
  ) best join post p using (id) join organisation o on o.id = p.organisation_id, viewer,
  lateral (select where {post_seen} and {organisation_seen} offset 0) seen
  where ($7::text[] is null or p.language = any($7)) and {allowed}
  order by best.score desc, p.id desc limit {most}
),
listing_keys as materialized (
  {listings_by_words}
),
listings as materialized (
  select l.id, l.language, o.sector, o.kind, best.score, best.by
  from (
    select distinct on (c.id) c.id, c.score, c.by from (
      select l.id,
             coalesce(n.score, case when strpos(lower(unaccent(l.body)), $2) > 0 then 640 else 600 end)
               as score,
             case when n.score is null then 'TEXT' else 'NAME' end as by
      from listing_keys k join listing l using (id), lateral ({listing_named}) n
      union all
      (select s.listing_id, (400 + 100 * m.certainty)::int, 'SKILL'
       from meant m, lateral (
         select s.listing_id from listing_skill s
         where s.skill_id = m.skill_id and s.open_as is not null
         order by s.listing_id desc limit {looked_at}
       ) s order by m.certainty desc, s.listing_id desc limit {looked_at})
    ) c order by c.id, c.score desc, c.by
  ) best join listing l using (id) join organisation o on o.id = l.organisation_id, viewer,
  lateral (select where {listing_seen} and {organisation_seen} offset 0) seen
  where l.status = 'OPEN' and l.expires_at > now()
    and ($7::text[] is null or l.language = any($7)) and {allowed}
  order by best.score desc, l.id desc limit {most}
),
bounded as materialized (
  select id, 'POST' as kind, score, by, language, sector, kind as organisation_kind, null as label
  from posts
  union all
  select id, 'LISTING', score, by, language, sector, kind, null from listings
  union all
  select id, 'ORGANISATION', score, by, null, sector, kind, null
  from organisations where $7::text[] is null
  union all
  select id, 'PERSON', score, by, null, null, null, null from people
  union all
  (select distinct on (skill_id) skill_id, 'SKILL', score, by, null, null, null, label
   from meant where $7::text[] is null and $8::text[] is null and $9::text[] is null
   order by skill_id, score desc)
),
found as materialized (
  select * from bounded where $6::text[] is null or kind = any($6)
),
page as materialized (
  select * from found
  where $10::int is null or (score, id) < ($10, $11)
  order by score desc, id desc limit $12::int + 1
)
select viewer.id as viewer,
  (select json_agg(json_build_object(
     'kind', shown.kind, 'id', shown.id, 'score', shown.score, 'by', shown.by,
     'snippet', coalesce(shown.snippet, '')) order by shown.score desc, shown.id desc)
   from (
     select page.*, case page.kind
       when 'SKILL' then page.label
       when 'PERSON' then (
         select ts_headline('commons_nl', n.plain, {words}, m.whole)
         from person t, lateral (
           select translate(coalesce(t.headline, ''), '{start}{end}', '') as plain) n
         where t.id = page.id)
       when 'ORGANISATION' then (
         select ts_headline(
           case when to_tsvector('commons_en', n.plain) @@ to_tsquery('commons_en', $3)
                then 'commons_en' else 'commons_nl' end::regconfig,
           n.plain, {words}, case when char_length(n.plain) <= {whole} then m.whole else m.parts end)
         from organisation t, lateral (
           select translate(t.about, '{start}{end}', '') as plain) n
         where t.id = page.id)
       when 'LISTING' then (
         select ts_headline(
           case t.language when 'NL' then 'commons_nl' else 'commons_en' end::regconfig,
           n.plain, {words}, case when char_length(n.plain) <= {whole} then m.whole else m.parts end)
         from listing t, lateral (
           select translate(coalesce(nullif(t.body, ''), t.title), '{start}{end}', '') as plain) n
         where t.id = page.id)
       else (
         select ts_headline(
           case t.language when 'NL' then 'commons_nl' else 'commons_en' end::regconfig,
           n.plain, {words}, case when char_length(n.plain) <= {whole} then m.whole else m.parts end)
         from post t, lateral (select translate(t.body, '{start}{end}', '') as plain) n
         where t.id = page.id)
     end as snippet
     from (select * from page order by score desc, id desc limit $12) page,
          (select 'StartSel={start}, StopSel={end}, HighlightAll=true' as whole,
                  'StartSel={start}, StopSel={end}, MaxFragments=2, MaxWords=24, MinWords=8, '
                  'FragmentDelimiter=" … "' as parts) m
   ) shown) as hits,
  (select count(*) from page) > $12 as goes_on,
  (select count(*) from found) as total,
  (select json_build_object(
     'kinds', (select json_object_agg(kind, n) from (
        select kind, count(*) as n from bounded group by kind) t),
     'languages', (select json_object_agg(language, n) from (
        select language, count(*) as n from found where language is not null group by language) t),
     'sectors', (select json_object_agg(sector, n) from (
        select sector, count(*) as n from found where sector is not null group by sector) t),
     'organisationKinds', (select json_object_agg(organisation_kind, n) from (
        select organisation_kind, count(*) as n from found
        where organisation_kind is not null group by organisation_kind) t)
   )) as facets
from viewer
"""


@dataclass(frozen=True)
class Hit:
    """One row that was found."""

    kind: FoundKind
    id: UUID
    score: int
    by: MatchedBy
    # Marked; see `parts_of`.
    snippet: str


@dataclass(frozen=True)
class Found:
    """A page of what was found, and how all of it is spread."""

    hits: list[Hit]
    goes_on: bool
    total: int
    # By facet: how many have each value.
    facets: Mapping[str, Mapping[str, int]]

    @classmethod
    def nothing(cls) -> Found:
        """Give what is found by no word."""
        facets = ("kinds", "languages", "sectors", "organisationKinds")
        return cls([], goes_on=False, total=0, facets={name: {} for name in facets})

    @property
    def is_capped(self) -> bool:
        """Whether some type has more than was looked through, so that counts are lower bounds."""
        return any(count >= CANDIDATES_MAX for count in self.facets["kinds"].values())


def read(record: Mapping[str, Any]) -> Found:
    """Read what the statement gave."""
    hits = [
        Hit(
            FoundKind(hit["kind"]),
            UUID(hit["id"]),
            hit["score"],
            MatchedBy(hit["by"]),
            hit["snippet"],
        )
        for hit in orjson.loads(record["hits"] or b"[]")
    ]
    facets = {name: counts or {} for name, counts in orjson.loads(record["facets"]).items()}
    return Found(hits, record["goes_on"], record["total"], facets)
