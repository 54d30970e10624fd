"""The pulse of the network, for dashboards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Double, Integer, Uuid

from db.base import Timestamp
from resolvers import pulse as resolve
from resolvers import skills as resolve_skills
from schema.engine.declare import column, derived, many, one
from schema.references import ToSkill

TRENDS_SHOWN = 10


@derived(Column("skill_id", Uuid, nullable=False), Column("post_count", Integer, nullable=False))
class SkillTrend:
    """A skill that posts are about just now."""

    skill: ToSkill | None = one(resolve_skills.of, "The skill.")
    post_count: int = column("How many posts that everybody may read are about it.")


@derived(
    Column("at", Timestamp, nullable=False),
    Column("window", Integer, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("comments", Integer, nullable=False),
    Column("reactions", Integer, nullable=False),
    Column("follows", Integer, nullable=False),
    Column("per_second", Double, nullable=False),
)
class NetworkPulse:
    """How much happened in the network within the last seconds. Counts only, of no one's in particular."""

    at: datetime = column("When it was counted.")
    window: int = column("Over how many seconds.")
    posts: int = column("Posts published.")
    comments: int = column("Comments written.")
    reactions: int = column("Reactions given, changed or taken back.")
    follows: int = column("Follows begun, changed or ended.")
    per_second: float = column("All of these, each second on average.")
    trending_skills: list[SkillTrend] = many(
        resolve.trending_skills, "What most posts are about, at most ten.", at_most=TRENDS_SHOWN
    )
