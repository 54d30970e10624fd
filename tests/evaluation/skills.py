"""The taxonomy as the evaluation needs it: fields, neighbours, words and closeness. No database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.tables.people import Locale
from db.tables.skills import SkillRelationKind
from db.taxonomy import Taxonomy, fold, read_taxonomy
from resolvers.matching import BROADER_OR_NARROWER, RELATED, SAME_CLUSTER, Closeness


@dataclass(frozen=True, slots=True)
class Skills:
    """Skills by id; the ids are their places in the file, so that they are the same in each run."""

    # The members of each cluster, in the order of the file.
    fields: Sequence[Sequence[UUID]]
    field_of: Mapping[UUID, int]
    broader_or_narrower: Mapping[UUID, Sequence[UUID]]
    related: Mapping[UUID, Sequence[UUID]]
    # What people call a skill, its label before its aliases.
    terms: Mapping[tuple[UUID, Locale], Sequence[str]]
    meant: Mapping[str, UUID]
    close: Closeness

    def recognised(self, term: str) -> UUID | None:
        """Give the skill that a term names, in either language; None where it names several.

        As `db.skill_matching` decides on texts that are exactly a term: a label wins over an alias.
        """
        return self.meant.get(fold(term))


def read_skills() -> Skills:
    """Read the files of the taxonomy, and make closeness of them as `match_finding.CLOSE` does."""
    taxonomy = read_taxonomy()
    ids = {row[1]: UUID(int=number) for number, row in enumerate(taxonomy.skills, 1)}
    members: dict[str, list[UUID]] = {row[1]: [] for row in taxonomy.clusters}
    for cluster, slug, *_ in taxonomy.skills:
        members[cluster].append(ids[slug])
    fields = list(members.values())
    terms: dict[tuple[UUID, Locale], list[str]] = defaultdict(list)
    for slug, language, label, _, _ in taxonomy.terms:
        terms[ids[slug], Locale(language)].append(label)
    neighbours: dict[str, dict[UUID, list[UUID]]] = {
        kind.value: defaultdict(list) for kind in SkillRelationKind
    }
    for source, target, kind in taxonomy.relations:
        neighbours[kind][ids[source]].append(ids[target])
        neighbours[kind][ids[target]].append(ids[source])
    broader, related = (
        neighbours[kind.value] for kind in (SkillRelationKind.BROADER, SkillRelationKind.RELATED)
    )
    close: dict[tuple[UUID, UUID], float] = {}
    # The closest comes last and stays.
    for pairs, worth in (
        (_pairs(related), RELATED),
        (((one, other) for field in fields for one in field for other in field), SAME_CLUSTER),
        (_pairs(broader), BROADER_OR_NARROWER),
    ):
        close.update({(one, other): worth for one, other in pairs if one != other})
    return Skills(
        fields=fields,
        field_of={skill: number for number, field in enumerate(fields) for skill in field},
        broader_or_narrower=dict(broader),
        related=dict(related),
        terms=dict(terms),
        meant=_meant(taxonomy, ids),
        close=close,
    )


def _pairs(neighbours: Mapping[UUID, Sequence[UUID]]) -> Iterator[tuple[UUID, UUID]]:
    for one, others in neighbours.items():
        for other in others:
            yield one, other


def _meant(taxonomy: Taxonomy, ids: Mapping[str, UUID]) -> dict[str, UUID]:
    by_label: dict[str, set[UUID]] = defaultdict(set)
    by_alias: dict[str, set[UUID]] = defaultdict(set)
    for slug, _, _, folded, preferred in taxonomy.terms:
        (by_label if preferred else by_alias)[folded].add(ids[slug])
    return {
        folded: skill for folded, (skill, *others) in {**by_alias, **by_label}.items() if not others
    }
