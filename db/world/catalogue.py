"""The taxonomy as the world uses it: skills by cluster, and how each is said in a running text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from db.world.sources import Bilingual


@dataclass(slots=True)
class Catalogue:
    """Slugs of skills, in the order of slugs; ids are the database's own."""

    ids: dict[str, UUID]
    by_cluster: dict[str, list[str]] = field(default_factory=dict)
    # Only skills that have words in `topics.csv`; a cluster without any is missing.
    topics_by_cluster: dict[str, list[str]] = field(default_factory=dict)
    topics: dict[str, Bilingual] = field(default_factory=dict)

    def skills(self, clusters: Sequence[str], count: int, random: Random) -> list[str]:
        """Draw different skills, most from the clusters named first."""
        drawn: dict[str, None] = {}
        known = [cluster for cluster in clusters if cluster in self.by_cluster]
        for attempt in range(count * 4):
            if len(drawn) == count:
                break
            # Two of three come from the first half of the clusters.
            share = len(known) if attempt % 3 == 0 else (len(known) + 1) // 2
            drawn[random.choice(self.by_cluster[known[int(random.random() * share)]])] = None
        return list(drawn)

    def topic(self, clusters: Sequence[str], random: Random) -> str:
        """Draw a skill to write about, more often from the clusters named first."""
        place = min(int(random.expovariate(0.6)), len(clusters) - 1)
        for cluster in (clusters[place], *clusters):
            if topics := self.topics_by_cluster.get(cluster):
                return topics[int(random.random() * len(topics))]
        return random.choice(list(self.topics))


async def read_catalogue(
    connection: asyncpg.Connection[Any], topics: dict[str, Bilingual]
) -> Catalogue:
    """Read the skills; whichever topic the taxonomy no longer knows falls out."""
    rows = await connection.fetch(
        "select skill.id, skill.slug, skill_cluster.slug as cluster from skill"
        " join skill_cluster on skill_cluster.id = skill.cluster_id"
        ' order by skill.slug collate "C"'
    )
    catalogue = Catalogue(ids={row["slug"]: row["id"] for row in rows})
    for row in rows:
        catalogue.by_cluster.setdefault(row["cluster"], []).append(row["slug"])
        if row["slug"] in topics:
            catalogue.topics_by_cluster.setdefault(row["cluster"], []).append(row["slug"])
            catalogue.topics[row["slug"]] = topics[row["slug"]]
    return catalogue
