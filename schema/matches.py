"""Matches in the graph: how well an offer and a request fit, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Float, SmallInteger, Text, Uuid

from db.tables import matches as tables
from db.tables.listings import SkillImportance
from db.tables.matches import MatchFactor, MatchObstacle
from resolvers import matches as resolve
from resolvers import skills as resolve_skills
from schema import prefixes
from schema.engine.declare import column, derived, many, one, table
from schema.engine.relay import Node
from schema.references import ToListing, ToOrganisation, ToSkill


@derived(
    Column("skill_id", Uuid, nullable=False),
    Column("importance", Text, nullable=False),
    Column("wanted_level", SmallInteger, nullable=False),
    Column("by_skill_id", Uuid),
    Column("offered_level", SmallInteger),
    Column("closeness", Float, nullable=False),
    Column("contribution", Float, nullable=False),
)
class MatchReason:
    """What one skill of the request adds to a match."""

    skill: ToSkill | None = one(
        resolve_skills.of, "The skill that is asked for; null when it has left the taxonomy."
    )
    importance: SkillImportance = column("How much it matters to the request.")
    wanted_level: int = column("The level that is asked for, 1 to 5.")
    by_skill: ToSkill | None = one(
        resolve.by_skill, "The skill of the offer that stands for it; null when none does."
    )
    offered_level: int | None = column("The level that is offered; null when none is.")
    closeness: float = column(
        "How much of it the offered skill stands for, 0 to 1: 1 for itself, 0.8 for a broader or "
        "narrower one, 0.5 for one of the same cluster, 0.3 for a related one."
    )
    contribution: float = column("Its part of `need`, by skills alone; all together are at most 1.")


@derived(
    Column("obstacle", Text, nullable=False),
    Column("amount", SmallInteger),
    Column("skill_id", Uuid),
)
class MatchHurdle:
    """What stands between an offer and a request, or lacks, with the nearest change that mends it."""

    obstacle: MatchObstacle = column("What it is.")
    amount: int | None = column(
        "The nearest change that would mend it. PERIOD: by how many days the request would have to "
        "be later, or earlier when negative. HOURS: how many a week it would have to do with. PLACE: "
        "how many kilometres they are apart. LEVEL: the level that it would have to do with. Null "
        "for all else."
    )
    skill: ToSkill | None = one(
        resolve_skills.of, "Of SKILL and LEVEL: the skill that is asked for; null for all else."
    )


@table(
    tables.ListingMatch,
    prefix=prefixes.LISTING_MATCH,
    visible=resolve.visible,
    within={"offer_id": "Listing", "request_id": "Listing"},
)
class Match(Node):
    """An open offer and an open request of two organisations that fit each other.

    Seen by those who manage listings on one of the two sides. All numbers are from 0 to 1.
    """

    score: float = column(
        "How well they fit: the harmonic mean of `need`, counted twice, `ease` and `gain`."
    )
    need: float = column("How much of what is asked for the offer meets.")
    ease: float = column(
        "How much stays at the organisation that lends, of the skills that go; 0.6 when it does not "
        "say who holds them."
    )
    gain: float = column(
        "How much of what whoever lends wants to learn can be learned; 0.6 when they name nothing."
    )
    meaning: float | None = column("How alike both texts are; null when they were not compared.")
    limiting: MatchFactor = column("Which of the three holds the score down most.")
    is_feasible: bool = column(
        "Whether it could begin as both are; else `hurdles` say what stands between."
    )
    reasons: list[MatchReason] = many(
        resolve.reasons,
        "What each skill that is asked for adds; what adds most first.",
        at_most=resolve.REASONS_MAX,
    )
    hurdles: list[MatchHurdle] = many(
        resolve.hurdles,
        "What stands between them, then what lacks; each with the nearest change that mends it.",
        at_most=resolve.HURDLES_MAX,
    )
    scored_at: datetime = column("When it was last looked at.")
    created_at: datetime = column("When it was found.")
    offer: ToListing = one(resolve.offer, "What is offered.")
    request: ToListing = one(resolve.request, "What is asked for.")
    viewer_side: ToOrganisation | None = one(
        resolve.viewer_side, "On whose side the viewer is; the one that offers when on both."
    )
