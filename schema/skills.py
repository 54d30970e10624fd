"""The skills taxonomy in the graph."""

from __future__ import annotations

import strawberry

from db.tables import skills as tables
from db.tables.listings import ListingKind
from db.tables.people import LEVEL_MAX, LEVEL_MIN, Locale
from db.tables.skills import SkillKind
from resolvers import listings as resolve_listings
from resolvers import network as resolve_network
from resolvers import skills as resolve
from schema import prefixes
from schema.engine.declare import argument, column, connection, id_input, many, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import (
    ToListing,
    ToOrganisation,
    ToPerson,
    ToPersonSkill,
    ToPost,
    ToSkill,
    ToSkillCluster,
    ToSkillFollow,
)

LEVELS = (LEVEL_MIN, LEVEL_MAX)
LANGUAGE = argument(Locale, "The language of the label.", default=Locale.EN)


@strawberry.input(description="Which skills to list. Conditions add up.")
class SkillFilter:
    """Which skills to list."""

    clusters: list[strawberry.ID] | None = id_input(
        prefixes.SKILL_CLUSTER, "Only in one of these clusters."
    )
    kinds: list[SkillKind] | None = strawberry.field(
        description="Only of one of these kinds.", default=strawberry.UNSET
    )


@table(tables.SkillDomain, prefix=prefixes.SKILL_DOMAIN, visible=None)
class SkillDomain(Node):
    """A top-level field of the taxonomy."""

    slug: str = column("Its name in addresses.")
    label: str = value(resolve.label, "What it is called.", language=LANGUAGE)
    label_en: str = column("What it is called in English.")
    label_nl: str = column("What it is called in Dutch.")
    clusters: list[ToSkillCluster] = many(
        resolve.clusters, "Its clusters, in their order.", at_most=30
    )


@table(tables.SkillCluster, prefix=prefixes.SKILL_CLUSTER, visible=None)
class SkillCluster(Node):
    """A group of close skills."""

    slug: str = column("Its name in addresses.")
    label: str = value(resolve.label, "What it is called.", language=LANGUAGE)
    label_en: str = column("What it is called in English.")
    label_nl: str = column("What it is called in Dutch.")
    domain: SkillDomain = one(resolve.domain, "The domain it is part of.")
    skills: Connection[ToSkill] = connection(
        resolve.cluster_skills, "Its skills, by English label.", order=("label_en", "id")
    )


@table(tables.Skill, prefix=prefixes.SKILL, visible=None)
class Skill(Node):
    """A concept of the taxonomy. It uses the ESCO classification of the European Commission."""

    slug: str = column("Its name in addresses.")
    kind: SkillKind = column("What sort of ability it is.")
    label: str = value(resolve.label, "What it is called.", language=LANGUAGE)
    label_en: str = column("What it is called in English.")
    label_nl: str = column("What it is called in Dutch.")
    esco_uri: str | None = column("Its ESCO concept; null for a concept that ESCO lacks.")
    person_count: int = column("How many people say they have it.")
    aliases: list[str] = value(
        resolve.aliases,
        "Other words for it, in alphabetical order.",
        language=argument(Locale | None, "Only in this language."),
    )
    cluster: SkillCluster = one(resolve.cluster, "The cluster it is part of.")
    broader: Connection[ToSkill] = connection(
        resolve.broader, "Skills that this one is a part of.", order=("label_en", "id")
    )
    narrower: Connection[ToSkill] = connection(
        resolve.narrower, "Skills that are a part of this one.", order=("label_en", "id")
    )
    related: Connection[ToSkill] = connection(
        resolve.related, "Skills that often go with this one.", order=("label_en", "id")
    )
    people: Connection[ToPersonSkill] = connection(
        resolve.people,
        "Who has it, the highest level first.",
        order=("-level", "-id"),
        minimum_level=argument(int | None, "Only at this level or higher, 1 to 5.", range=LEVELS),
    )
    organisations: Connection[ToOrganisation] = connection(
        resolve.organisations, "Who declares it as a strength, by name.", order=("name", "id")
    )
    posts: Connection[ToPost] = connection(
        resolve.posts, "Posts about it that the viewer may read, newest first.", order=("-id",)
    )
    follower_count: int = value(resolve_network.skill_follower_count, "How many people follow it.")
    listings: Connection[ToListing] = connection(
        resolve_listings.naming,
        "Open offers and requests that name it, the newest first.",
        order=("-id",),
        kinds=argument(list[ListingKind] | None, "Only of these kinds."),
    )
    followers: Connection[ToPerson] = connection(
        resolve_network.followers_of_skill,
        "The people who follow it, the newest first.",
        order=("-follow_id",),
    )
    viewer_follows: bool = value(
        resolve_network.viewer_follows_skill, "Whether the viewer follows it."
    )
    viewer_follow: ToSkillFollow | None = one(
        resolve_network.viewer_follow_of_skill, "How the viewer follows it; null when not."
    )
    viewer_mutes: bool = value(
        resolve_network.viewer_mutes_skill,
        "Whether the viewer keeps posts about it out of the home feed.",
    )
