"""Find the taxonomy's skill for what people write: its label, an alias, or something close to one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg

from db.taxonomy import fold

# How these were chosen: 1,900 terms of the taxonomy were damaged (one typo, two typos, plural, word
# order, compounds split or joined, a word left out), and 662 were asked with their own skill taken
# away, so that any answer is a wrong one. In per cent, right / wrong:
#
#     similarity, margin   1 typo   2 typos  plural   order  compound  word less  skill absent
#     0.50  0.14           94/0     82/0     98/0     100/0  100/0     85/0.7     0/5.6
#     0.55  0.05           92/0.2   73/0     99/0.3   100/0  100/0     89/2.7     0/6.2
#     0.55  0.14           92/0     72/0     98/0     100/0  100/0     83/0.7     0/3.6
#     0.60  0.14           89/0     66/0     98/0     100/0  100/0     80/0.7     0/2.7
#     0.70  0.14           72/0     42/0     91/0     100/0  100/0     57/0.7     0/1.1
#
# A wrong skill on a profile is worse than a question, hence the margin: what stays open is answered
# with suggestions. The labelled texts in tests/db/test_skill_matching.py guard the choice.
SIMILARITY_MIN = 0.55
MARGIN_MIN = 0.14
# Shorter texts have too few trigrams: "net" would be .NET, "team" Microsoft Teams, and c, c# and c++
# are all the same.
SIMILAR_LENGTH_MIN = 5
# What is still worth showing as a suggestion.
SUGGESTION_MIN = 0.30
SUGGESTIONS_MAX = 3
# Texts in one statement: about 0.6 s when none of them is known exactly.
CHUNK = 1_000

_PARENTHESES = re.compile(r"^(?P<outer>[^()]+)\((?P<inner>[^()]+)\)\s*$")


class How(StrEnum):
    """By what a text was recognised, surest first."""

    LABEL = "LABEL"
    ALIAS = "ALIAS"
    SIMILAR = "SIMILAR"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A skill that a text may have meant; `label` is its term nearest to the text."""

    skill_id: UUID
    slug: str
    label: str
    similarity: float


@dataclass(frozen=True, slots=True)
class SkillMatch:
    """The skill that a text means; `label` is the term that it was recognised by."""

    skill_id: UUID
    slug: str
    label: str
    how: How
    similarity: float


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No one skill is meant; when `ambiguous`, the text is a term of every suggestion."""

    suggestions: tuple[Suggestion, ...]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    variant: int | None  # None: found by similarity.
    preferred: bool
    suggestion: Suggestion


async def match_skills(
    connection: asyncpg.Connection, texts: Sequence[str]
) -> dict[str, SkillMatch | NoMatch]:
    """Give for each text, Dutch or English, the skill that it means or the nearest suggestions.

    One statement per thousand texts. A label wins over an alias; a text that is an alias of
    several skills is not guessed at. "Python (programmeertaal)" is also sought without and within
    its parentheses.
    """
    found: dict[str, SkillMatch | NoMatch] = {}
    distinct = list(dict.fromkeys(texts))
    for start in range(0, len(distinct), CHUNK):
        chunk = distinct[start : start + CHUNK]
        candidates = await _candidates(connection, chunk)
        found.update((text, _choose(candidates[index])) for index, text in enumerate(chunk))
    return found


async def _candidates(
    connection: asyncpg.Connection, texts: Sequence[str]
) -> dict[int, list[_Candidate]]:
    asked = [
        (index, variant, folded)
        for index, text in enumerate(texts)
        for variant, folded in enumerate(_variants(text))
    ]
    candidates: dict[int, list[_Candidate]] = defaultdict(list)
    async with connection.transaction():
        # The operator % takes its limit from here.
        await connection.execute(f"set local pg_trgm.similarity_threshold = {SUGGESTION_MIN}")
        rows = await connection.fetch(
            _CANDIDATES,
            [index for index, _, _ in asked],
            [variant for _, variant, _ in asked],
            [folded for _, _, folded in asked],
            SUGGESTIONS_MAX,
            SIMILAR_LENGTH_MIN,
        )
    for row in rows:
        suggestion = Suggestion(row["skill_id"], row["slug"], row["label"], row["similarity"])
        candidates[row["n"]].append(_Candidate(row["variant"], row["preferred"], suggestion))
    return candidates


def _variants(text: str) -> Iterator[str]:
    """Give the folded text, and for "outer (inner)" also both parts."""
    whole = fold(text)
    if not whole:
        return
    yield whole
    if parts := _PARENTHESES.match(text):
        yield from filter(None, (fold(parts["outer"]), fold(parts["inner"])))


def _choose(candidates: Sequence[_Candidate]) -> SkillMatch | NoMatch:
    """Decide among candidates that come surest first."""
    exact = [candidate for candidate in candidates if candidate.variant is not None]
    if exact:
        exact = [candidate for candidate in exact if candidate.variant == exact[0].variant]
        labels = [candidate for candidate in exact if candidate.preferred]
        chosen = labels or exact
        suggestions = tuple(candidate.suggestion for candidate in chosen)
        if len(chosen) > 1:
            return NoMatch(suggestions[:SUGGESTIONS_MAX], ambiguous=True)
        return _match(suggestions[0], How.LABEL if labels else How.ALIAS)
    suggestions = tuple(candidate.suggestion for candidate in candidates)
    if suggestions:
        best = suggestions[0].similarity
        second = suggestions[1].similarity if len(suggestions) > 1 else 0.0
        if best >= SIMILARITY_MIN and best - second >= MARGIN_MIN:
            return _match(suggestions[0], How.SIMILAR)
    return NoMatch(suggestions)


def _match(suggestion: Suggestion, how: How) -> SkillMatch:
    return SkillMatch(
        suggestion.skill_id, suggestion.slug, suggestion.label, how, suggestion.similarity
    )


# Similarity without spaces sees through compounds: "kennis management" is kennismanagement. The
# index finds the candidates by the text with its spaces; measured 0.6 ms a text for 4,762 terms,
# against 37 ms without the index.
_CANDIDATES = """
with asked as (
    select * from unnest($1::int[], $2::int[], $3::text[]) as asked (n, variant, folded)
), exact as (
    select asked.n, asked.variant, term.skill_id, bool_or(term.preferred) as preferred,
        (array_agg(term.label order by term.preferred desc, term.language))[1] as label,
        1.0::float8 as similarity
    from asked join skill_term term using (folded)
    group by asked.n, asked.variant, term.skill_id
), similar_to as (
    select asked.n, null::int as variant, nearest.*
    from asked cross join lateral (
        select * from (
            select distinct on (term.skill_id) term.skill_id, term.preferred, term.label,
                greatest(
                    similarity(term.folded, asked.folded),
                    similarity(replace(term.folded, ' ', ''), replace(asked.folded, ' ', ''))
                )::float8 as similarity
            from skill_term term where term.folded % asked.folded
            order by term.skill_id, similarity desc, term.preferred desc, term.label
        ) of_skill
        order by similarity desc, preferred desc, label limit $4
    ) nearest
    where asked.variant = 0 and length(asked.folded) >= $5
      and not exists (select from exact where exact.n = asked.n)
)
select candidate.*, skill.slug
from (select * from exact union all select * from similar_to) candidate
join skill on skill.id = candidate.skill_id
order by n, variant, similarity desc, preferred desc, label, slug
"""
