"""The skills taxonomy: its files in `db/data`, folded for look-up and brought into the database."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg

from db.tables.people import Locale
from db.tables.skills import SkillKind, SkillRelationKind

DATA = Path(__file__).resolve().parent / "data"
# Two processes that load at once do so one after the other.
ADVISORY_LOCK = 7_310_587_202

# Letters that NFKD leaves whole.
_WHOLE_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"})
# Apostrophes and what has no width join what they stand between: foto's is fotos.
_JOINERS = re.compile("['`\u00b4\u2018\u2019\u02bc\u00ad\u200b-\u200d\u2060\ufeff]")
# m.e.r. is mer, r & d is r&d; node.js and 4.0 keep their dot.
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_AMPERSAND = re.compile(r"\b(\w{1,2})\s*&\s*(\w{1,2})\b")
# What may stand in a folded text: words, `c++` and `c#`, `.net` and `node.js`, `r&d`.
_WORD = re.compile(r"(?:(?<!\w)\.)?\w+(?:[.&]\w+)*(?:\++|#)?")


class TaxonomyError(Exception):
    """The files of the taxonomy contradict each other; the text says where."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load did to one table, in rows."""

    inserted: int
    updated: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class TaxonomySummary:
    """What a load did; `kept_skills` are the slugs in the database that the files no longer name."""

    domains: Changes
    clusters: Changes
    skills: Changes
    terms: Changes
    relations: Changes
    kept_skills: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the load changed any row."""
        tables = (self.domains, self.clusters, self.skills, self.terms, self.relations)
        return any(table.inserted or table.updated or table.removed for table in tables)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The files' content as rows in the order of their tables' columns."""

    domains: Sequence[tuple[str, str, str, int]]
    clusters: Sequence[tuple[str, str, str, str, int]]
    skills: Sequence[tuple[str, str, str, str, str, str | None]]
    terms: Sequence[tuple[str, str, str, str, bool]]
    relations: Sequence[tuple[str, str, str]]


def fold(text: str) -> str:
    """Give `text` as look-ups compare it: lower case, no accents, single spaces between words.

    Punctuation separates words, save where it carries the meaning: `c++`, `c#`, `.net`, `node.js`
    and `r&d` stay themselves, `m.e.r.` becomes `mer` and `foto's` becomes `fotos`.
    """
    if text.isascii():
        plain = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_WHOLE_LETTERS)
        plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = _JOINERS.sub("", plain).replace("_", " ")
    if "." in plain:
        plain = _INITIALS.sub(lambda match: match[0].replace(".", ""), plain)
    if "&" in plain:
        plain = _AMPERSAND.sub(r"\1&\2", plain)
    return " ".join(_WORD.findall(plain))


def read_taxonomy(folder: Path = DATA) -> Taxonomy:
    """Read and check the four files.

    Raises:
        TaxonomyError: A slug stands twice, a reference leads nowhere, or a value is not allowed.
    """
    domains = [
        (row["slug"], row["label_en"], row["label_nl"], position)
        for position, (_, row) in enumerate(_read(folder / "domains.csv"), 1)
    ]
    clusters = [
        (row["domain_slug"], row["slug"], row["label_en"], row["label_nl"], position)
        for position, (_, row) in enumerate(_read(folder / "clusters.csv"), 1)
    ]
    domain_of = {row[1]: row[0] for row in clusters}
    skills = []
    terms: list[tuple[str, str, str, str, bool]] = []
    for where, row in _read(folder / "skills.csv"):
        kind = row["kind"].upper()
        if kind not in SkillKind.__members__:
            raise TaxonomyError(f"{where}: kind {row['kind']!r} is none of {', '.join(SkillKind)}.")
        if domain_of.get(row["cluster"]) != row["domain"]:
            raise TaxonomyError(
                f"{where}: domain {row['domain']!r} has no cluster {row['cluster']!r}."
            )
        skills.append(
            (
                row["cluster"],
                row["slug"],
                kind,
                row["label_en"],
                row["label_nl"],
                row["esco_uri"] or None,
            )
        )
        terms.extend(_terms(row))
    relations = []
    for where, row in _read(folder / "relations.csv"):
        if row["type"].upper() not in SkillRelationKind.__members__:
            raise TaxonomyError(
                f"{where}: type {row['type']!r} is none of {', '.join(SkillRelationKind)}."
            )
        if row["source_slug"] == row["target_slug"]:
            raise TaxonomyError(f"{where}: {row['source_slug']!r} relates to itself.")
        relations.append((row["source_slug"], row["target_slug"], row["type"].upper()))
    taxonomy = Taxonomy(domains, clusters, skills, terms, relations)
    _check_references(taxonomy)
    return taxonomy


async def load_taxonomy(connection: asyncpg.Connection, *, folder: Path = DATA) -> TaxonomySummary:
    """Bring the database's taxonomy to what the files say, in one transaction.

    Rows are known by slug and keep their ids; a skill whose slug changed is found again by its
    ESCO URI. Domains, clusters and skills that left the files stay, as people may have them;
    terms and relations between skills of the files follow the files both ways. A second load
    writes nothing.

    Raises:
        TaxonomyError: The files contradict each other; nothing was written.
    """
    taxonomy = read_taxonomy(folder)
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
        await _follow_renamed(connection, taxonomy)
        domains = await _merge(connection, taxonomy.domains, _MERGE_DOMAINS)
        clusters = await _merge(connection, taxonomy.clusters, _MERGE_CLUSTERS)
        skills = await _merge(connection, taxonomy.skills, _MERGE_SKILLS)
        terms = await _merge(connection, taxonomy.terms, _MERGE_TERMS)
        if terms.inserted or terms.updated:
            # Without this the planner prefers reading all terms for each similar text, 37 ms
            # instead of 0.6, until autovacuum has passed by.
            await connection.execute(
                "select gin_clean_pending_list('ix_skill_term_folded_trgm'); analyze skill_term"
            )
        slugs = [row[1] for row in taxonomy.skills]
        relations = await _merge(connection, taxonomy.relations, _MERGE_RELATIONS, slugs)
        kept = await connection.fetch(
            "select slug from skill where slug <> all($1::text[]) order by slug", slugs
        )
    return TaxonomySummary(
        domains, clusters, skills, terms, relations, tuple(row["slug"] for row in kept)
    )


def _read(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield (
                f"{path.name}, line {reader.line_num}",
                {name: (value or "").strip() for name, value in row.items()},
            )


def _terms(row: dict[str, str]) -> Iterator[tuple[str, str, str, str, bool]]:
    """Give (skill, language, label, folded, preferred), the label before its aliases."""
    for language, name in ((Locale.EN, "en"), (Locale.NL, "nl")):
        seen: set[str] = set()
        labels = [row[f"label_{name}"], *row[f"aliases_{name}"].split("|")]
        for position, label in enumerate(labels):
            folded = fold(label)
            if folded and folded not in seen:
                seen.add(folded)
                yield row["slug"], language.value, label.strip(), folded, position == 0


_T = TypeVar("_T")


def _check_references(taxonomy: Taxonomy) -> None:
    domains = _unique("domains.csv", (row[0] for row in taxonomy.domains))
    clusters = _unique("clusters.csv", (row[1] for row in taxonomy.clusters))
    skills = _unique("skills.csv", (row[1] for row in taxonomy.skills))
    _unique("skills.csv", (row[5] for row in taxonomy.skills if row[5]))
    _unique("relations.csv", (row[:2] for row in taxonomy.relations))
    _known("clusters.csv", (row[0] for row in taxonomy.clusters), domains)
    _known("skills.csv", (row[0] for row in taxonomy.skills), clusters)
    _known("relations.csv", (slug for row in taxonomy.relations for slug in row[:2]), skills)


def _unique(file: str, values: Iterable[_T]) -> set[_T]:
    seen: set[_T] = set()
    for value in values:
        if value in seen:
            raise TaxonomyError(f"{file}: {value!r} stands there twice.")
        seen.add(value)
    return seen


def _known(file: str, slugs: Iterable[str], known: set[str]) -> None:
    for slug in slugs:
        if slug not in known:
            raise TaxonomyError(f"{file}: {slug!r} is not a known slug.")


async def _follow_renamed(connection: asyncpg.Connection, taxonomy: Taxonomy) -> None:
    """Give skills whose slug changed their new one, and free the URIs that move between skills."""
    slugs = [row[1] for row in taxonomy.skills]
    uris = [row[5] for row in taxonomy.skills]
    await connection.execute(
        """
        update skill set slug = file.slug
        from unnest($1::text[], $2::text[]) as file (slug, esco_uri)
        where skill.esco_uri = file.esco_uri and skill.slug <> all($1::text[])
          and not exists (select from skill taken where taken.slug = file.slug)
        """,
        slugs,
        uris,
    )
    await connection.execute(
        """
        update skill set esco_uri = null
        from unnest($1::text[], $2::text[]) as file (slug, esco_uri)
        where skill.esco_uri = file.esco_uri and skill.slug <> file.slug
        """,
        slugs,
        uris,
    )


async def _merge(
    connection: asyncpg.Connection,
    rows: Sequence[tuple[object, ...]],
    statement: str,
    *more: Sequence[str],
) -> Changes:
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else []
    if not columns:
        return Changes(0, 0, 0, 0)
    changed = await connection.fetch(statement, *columns, *more)
    counts: dict[str, int] = {row["action"]: row["count"] for row in changed}
    inserted, updated = counts.get("INSERT", 0), counts.get("UPDATE", 0)
    return Changes(
        inserted, updated, counts.get("DELETE", 0), unchanged=len(rows) - inserted - updated
    )


# MERGE rather than INSERT ... ON CONFLICT: the latter locks, and so writes, each row it meets.
_MERGE_DOMAINS = """
with changed as (
    merge into skill_domain as row
    using unnest($1::text[], $2::text[], $3::text[], $4::int[])
        as file (slug, label_en, label_nl, position) on row.slug = file.slug
    when matched and (row.label_en, row.label_nl, row.position)
        is distinct from (file.label_en, file.label_nl, file.position) then update set
        label_en = file.label_en, label_nl = file.label_nl, position = file.position
    when not matched then insert (slug, label_en, label_nl, position)
        values (file.slug, file.label_en, file.label_nl, file.position)
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
_MERGE_CLUSTERS = """
with file as (
    select domain.id as domain_id, file.* from unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::int[]
    ) as file (domain, slug, label_en, label_nl, position)
    join skill_domain domain on domain.slug = file.domain
), changed as (
    merge into skill_cluster as row using file on row.slug = file.slug
    when matched and (row.domain_id, row.label_en, row.label_nl, row.position)
        is distinct from (file.domain_id, file.label_en, file.label_nl, file.position)
        then update set domain_id = file.domain_id, label_en = file.label_en,
            label_nl = file.label_nl, position = file.position
    when not matched then insert (domain_id, slug, label_en, label_nl, position)
        values (file.domain_id, file.slug, file.label_en, file.label_nl, file.position)
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
_MERGE_SKILLS = """
with file as (
    select cluster.id as cluster_id, file.* from unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]
    ) as file (cluster, slug, kind, label_en, label_nl, esco_uri)
    join skill_cluster cluster on cluster.slug = file.cluster
), changed as (
    merge into skill as row using file on row.slug = file.slug
    when matched and (row.cluster_id, row.kind, row.label_en, row.label_nl, row.esco_uri)
        is distinct from
        (file.cluster_id, file.kind, file.label_en, file.label_nl, file.esco_uri)
        then update set cluster_id = file.cluster_id, kind = file.kind, label_en = file.label_en,
            label_nl = file.label_nl, esco_uri = file.esco_uri
    when not matched then insert (cluster_id, slug, kind, label_en, label_nl, esco_uri) values
        (file.cluster_id, file.slug, file.kind, file.label_en, file.label_nl, file.esco_uri)
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
_MERGE_TERMS = """
with file as (
    select skill.id as skill_id, file.* from unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::bool[]
    ) as file (slug, language, label, folded, preferred) join skill on skill.slug = file.slug
), changed as (
    merge into skill_term as row using file
        on (row.skill_id, row.language, row.folded) = (file.skill_id, file.language, file.folded)
    when matched and (row.label, row.preferred) is distinct from (file.label, file.preferred)
        then update set label = file.label, preferred = file.preferred
    when not matched then insert (skill_id, language, label, folded, preferred)
        values (file.skill_id, file.language, file.label, file.folded, file.preferred)
    when not matched by source and row.skill_id in (select skill_id from file) then delete
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
_MERGE_RELATIONS = """
with named as (
    select source.id as source_id, target.id as target_id, file.kind
    from unnest($1::text[], $2::text[], $3::text[]) as file (source, target, kind)
    join skill source on source.slug = file.source join skill target on target.slug = file.target
), changed as (
    merge into skill_relation as row using named
        on (row.source_id, row.target_id) = (named.source_id, named.target_id)
    when matched and row.kind <> named.kind then update set kind = named.kind
    when not matched then insert (source_id, target_id, kind)
        values (named.source_id, named.target_id, named.kind)
    when not matched by source and row.source_id in (
        select id from skill where slug = any($4::text[])
    ) then delete
    returning merge_action() as action
) select action, count(*) from changed group by action
"""
