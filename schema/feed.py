"""The feed in the graph: why a post is in it, what is new, and searches kept as feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Integer, Text, Uuid

from db.base import Timestamp
from db.tables import feed as tables
from db.tables.people import Locale
from resolvers import feed_reasons as resolve
from resolvers import network as resolve_network
from resolvers import saved_searches as resolve_saved_searches
from resolvers import skills as resolve_skills
from resolvers.feed_reasons import FeedReasonKind
from schema import prefixes
from schema.engine.declare import column, connection, derived, many, one, table
from schema.engine.relay import Connection, Node
from schema.references import ToOrganisation, ToPerson, ToPost, ToSkill


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


@derived(
    Column("skill_id", Uuid),
    Column("organisation_id", Uuid),
    Column("is_gone", Boolean, nullable=False),
)
class SavedSearchSubject:
    """A skill or an organisation that a saved search names. One that is gone stays in the search."""

    skill: ToSkill | None = one(resolve_skills.of, "The skill; null for an organisation.")
    organisation: ToOrganisation | None = one(
        resolve_network.followed_organisation, "The organisation; null for a skill."
    )
    is_gone: bool = column("Whether it is no longer there, or no longer to be seen by the viewer.")


@table(tables.SavedSearch, prefix=prefixes.SAVED_SEARCH, visible=resolve_saved_searches.visible)
class SavedSearch(Node):
    """A search that a person keeps as a feed of its own. It ends only when its owner ends it."""

    name: str = column("What its owner calls it.")
    query: str = column("The text that posts contain; may be empty.")
    subjects: list[SavedSearchSubject] = many(
        resolve_saved_searches.subjects,
        "The skills, then the organisations, that posts are about or of; any of each will do.",
        at_most=40,
    )
    languages: list[Locale] = column("The languages that posts are in; empty for any.")
    notify: bool = column("Whether its owner is told of new posts.")
    paused_at: datetime | None = column(
        "Since when it rests; null while it runs. It shows nothing newer than its pause."
    )
    version: int = column("Counts its changes; give it back when editing.")
    created_at: datetime = column("Since when it is kept.")
    posts: Connection[ToPost] = connection(
        resolve_saved_searches.posts, "What it finds, newest first.", order=("-id",)
    )
