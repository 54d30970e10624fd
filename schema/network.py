"""Follows and mutes in the graph."""

from __future__ import annotations

from datetime import datetime

from db.tables import network as tables
from resolvers import network as resolve
from schema import prefixes
from schema.engine.declare import column, one, table
from schema.engine.relay import Node
from schema.references import ToOrganisation, ToPerson, ToSkill


@table(
    tables.Follow,
    prefix=prefixes.FOLLOW,
    visible=resolve.follow_visible,
    within={"organisation_id": "Organisation"},
)
class OrganisationFollow(Node):
    """That a person follows an organisation; the switches are seen by that person alone."""

    in_feed: bool = column("Whether its posts come into the feed.")
    notify: bool = column("Whether the person is told of each post.")
    prioritise: bool = column("Whether its posts come first in the ranked feed.")
    created_at: datetime = column("Since when.")
    organisation: ToOrganisation = one(resolve.followed_organisation, "What is followed.")


@table(
    tables.PersonFollow,
    prefix=prefixes.PERSON_FOLLOW,
    visible=resolve.follow_visible,
    within={"followed_id": "Person"},
)
class PersonFollow(Node):
    """That a person follows a person; the switches are seen by the one who follows alone."""

    in_feed: bool = column("Whether what they write comes into the feed.")
    notify: bool = column("Whether the one who follows is told of each post.")
    prioritise: bool = column("Whether what they write comes first in the ranked feed.")
    created_at: datetime = column("Since when.")
    person: ToPerson = one(resolve.followed_person, "Who is followed.")


@table(tables.SkillFollow, prefix=prefixes.SKILL_FOLLOW, visible=resolve.follow_visible)
class SkillFollow(Node):
    """That a person follows a skill; the switches are seen by that person alone."""

    in_feed: bool = column("Whether posts about it come into the feed.")
    notify: bool = column("Whether the person is told of each post about it.")
    prioritise: bool = column("Whether posts about it come first in the ranked feed.")
    created_at: datetime = column("Since when.")
    skill: ToSkill = one(resolve.followed_skill, "What is followed.")


@table(tables.Mute, prefix=prefixes.MUTE, visible=resolve.mute_visible)
class Mute(Node):
    """What a person keeps out of the home feed; nobody else sees it. One of the three is given."""

    created_at: datetime = column("Since when.")
    organisation: ToOrganisation | None = one(
        resolve.muted_organisation, "The organisation whose posts are left out."
    )
    person: ToPerson | None = one(resolve.muted_person, "The person whose posts are left out.")
    skill: ToSkill | None = one(resolve.followed_skill, "The skill about which posts are left out.")
