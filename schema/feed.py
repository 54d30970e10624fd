"""The feed in the graph: why a post is in it, and what is new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Integer, Text, Uuid

from db.base import Timestamp
from resolvers import feed_reasons as resolve
from resolvers import network as resolve_network
from resolvers import skills as resolve_skills
from resolvers.feed_reasons import FeedReasonKind
from schema.engine.declare import column, derived, one
from schema.references import ToOrganisation, ToPerson, ToSkill


@derived(
    Column("kind", Text, nullable=False),
    Column("organisation_id", Uuid),
    Column("person_id", Uuid),
    Column("skill_id", Uuid),
    Column("is_prioritised", Boolean, nullable=False),
    Column("people_count", Integer),
)
class FeedReason:
    """One reason why a post is in front of the viewer, with whom or what it is about."""

    kind: FeedReasonKind = column("Which reason it is.")
    organisation: ToOrganisation | None = one(
        resolve_network.followed_organisation,
        "The organisation that is followed, or that the viewer works at; null for other reasons.",
    )
    person: ToPerson | None = one(
        resolve.person, "The person who is followed; null for other reasons."
    )
    skill: ToSkill | None = one(
        resolve_skills.of, "The skill that is followed or shared; null for other reasons."
    )
    is_prioritised: bool = column("Whether it is a follow that comes first in the ranked feed.")
    people_count: int | None = column(
        "How many different people but the author reacted or commented, 63 for more; null for other "
        "reasons."
    )


@derived(Column("count", Integer, nullable=False), Column("since", Timestamp))
class NewInFeed:
    """What is new in the home feed since the viewer's last visit."""

    count: int = column("How many posts are newer than the last one seen; 99 for more.")
    since: datetime | None = column("When the viewer last said what they saw; null when never.")
