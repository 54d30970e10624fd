"""Whom and what to follow next, in the graph."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Uuid

from resolvers import network as resolve_network
from resolvers import suggesting as resolve
from schema.engine.declare import column, derived, many, one
from schema.references import ToOrganisation, ToPerson, ToSkill


@derived(
    Column("organisation_id", Uuid),
    Column("followed_by_count", Integer, nullable=False),
    Column("shared_skill_count", Integer, nullable=False),
)
class OrganisationSuggestion:
    """An organisation that the viewer might follow, and why."""

    organisation: ToOrganisation | None = one(
        resolve_network.followed_organisation, "Which organisation."
    )
    followed_by_count: int = column("How many whom the viewer follows follow it.")
    followed_by: list[ToPerson] = many(
        resolve.followers_of_organisation, "Some of these, at most three.", at_most=3
    )
    shared_skill_count: int = column("In how many of the viewer's skills it is strong.")
    shared_skills: list[ToSkill] = many(
        resolve.skills_with_organisation, "Some of these, at most five.", at_most=5
    )


@derived(
    Column("person_id", Uuid),
    Column("followed_by_count", Integer, nullable=False),
    Column("shared_skill_count", Integer, nullable=False),
)
class PersonSuggestion:
    """A person whom the viewer might follow, and why."""

    person: ToPerson | None = one(resolve.person, "Whom.")
    followed_by_count: int = column("How many whom the viewer follows follow them.")
    followed_by: list[ToPerson] = many(
        resolve.followers_of_person, "Some of these, at most three.", at_most=3
    )
    shared_skill_count: int = column("How many skills they have in common with the viewer.")
    shared_skills: list[ToSkill] = many(
        resolve.skills_with_person, "Some of these, at most five.", at_most=5
    )
