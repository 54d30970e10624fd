"""The skills taxonomy in two languages, and who has which skill."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col, select

from db.tables.organisations import Organisation, OrganisationStrength
from db.tables.people import Locale, PersonSkill
from db.tables.posts import Post, PostSkill
from db.tables.skills import (
    Skill,
    SkillCluster,
    SkillDomain,
    SkillRelation,
    SkillRelationKind,
    SkillTerm,
)
from resolvers.rows import BadArgument, Row
from resolvers.searching import containing


def skill(slug: Any, id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give a skill by slug or id."""
    if (slug is None) == (id is None):
        raise BadArgument("Give slug or id, one of the two.")
    if id is not None:
        return select(Skill).where(col(Skill.id) == id)
    return select(Skill).where(col(Skill.slug) == slug)


def skills(search: Any, language: Any, filter: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give the skills that pass the filter; `search` looks at labels and aliases."""
    statement = select(Skill)
    if search is not None:
        term = select(SkillTerm.id).where(
            col(SkillTerm.skill_id) == col(Skill.id),
            containing(col(SkillTerm.folded), func.lower(func.unaccent(search))),
        )
        if language is not None:
            term = term.where(col(SkillTerm.language) == language)
        statement = statement.where(term.exists())
    if filter is None:
        return statement
    if filter.clusters is not None:
        statement = statement.where(col(Skill.cluster_id) == func.any(filter.clusters))
    if filter.kinds is not None:
        statement = statement.where(col(Skill.kind) == func.any(filter.kinds))
    return statement


def taxonomy() -> Any:
    """Give the domains of the taxonomy in their order."""
    return select(SkillDomain).order_by(col(SkillDomain.position))


def clusters(domain: Row) -> Any:
    """Give a domain's clusters in their order."""
    return (
        select(SkillCluster)
        .where(col(SkillCluster.domain_id) == domain.id)
        .order_by(col(SkillCluster.position))
    )


def cluster_skills(cluster: Row) -> Any:
    """Give a cluster's skills."""
    return select(Skill).where(col(Skill.cluster_id) == cluster.id)


def domain(cluster: Row) -> Any:
    """Give the domain of a cluster."""
    return select(SkillDomain).where(col(SkillDomain.id) == cluster.domain_id)


def cluster(skill: Row) -> Any:
    """Give the cluster of a skill."""
    return select(SkillCluster).where(col(SkillCluster.id) == skill.cluster_id)


def label(labelled: Row, language: Any) -> Any:
    """Give the label in the language that is asked for."""
    return case((language == Locale.NL.value, labelled.label_nl), else_=labelled.label_en)


def aliases(skill: Row, language: Any) -> Any:
    """Give the other words for a skill, in alphabetical order."""
    terms = select(
        func.coalesce(
            func.json_agg(aggregate_order_by(col(SkillTerm.label), col(SkillTerm.label))),
            func.json_build_array(),
        )
    ).where(col(SkillTerm.skill_id) == skill.id, col(SkillTerm.preferred).is_(False))
    return terms if language is None else terms.where(col(SkillTerm.language) == language)


def broader(skill: Row) -> Any:
    """Give the skills of which this one is a part."""
    return (
        select(Skill)
        .join(SkillRelation, col(SkillRelation.target_id) == col(Skill.id))
        .where(
            col(SkillRelation.source_id) == skill.id,
            col(SkillRelation.kind) == SkillRelationKind.BROADER,
        )
    )


def narrower(skill: Row) -> Any:
    """Give the skills that are a part of this one."""
    return (
        select(Skill)
        .join(SkillRelation, col(SkillRelation.source_id) == col(Skill.id))
        .where(
            col(SkillRelation.target_id) == skill.id,
            col(SkillRelation.kind) == SkillRelationKind.BROADER,
        )
    )


def related(skill: Row) -> Any:
    """Give the skills related to this one, from whichever side it was said."""
    named = select(SkillRelation.target_id.label("id")).where(  # type: ignore[attr-defined]
        col(SkillRelation.source_id) == skill.id,
        col(SkillRelation.kind) == SkillRelationKind.RELATED,
    )
    naming = select(SkillRelation.source_id.label("id")).where(  # type: ignore[attr-defined]
        col(SkillRelation.target_id) == skill.id,
        col(SkillRelation.kind) == SkillRelationKind.RELATED,
    )
    ids = union_all(named, naming).subquery()
    return select(Skill).where(col(Skill.id).in_(select(ids.c.id)))


def people(skill: Row, minimum_level: Any) -> Any:
    """Give who has a skill."""
    statement = select(PersonSkill).where(col(PersonSkill.skill_id) == skill.id)
    if minimum_level is not None:
        statement = statement.where(col(PersonSkill.level) >= minimum_level)
    return statement


def organisations(skill: Row) -> Any:
    """Give the organisations that declare a skill as a strength."""
    return (
        select(Organisation)
        .join(
            OrganisationStrength,
            col(OrganisationStrength.organisation_id) == col(Organisation.id),
        )
        .where(col(OrganisationStrength.skill_id) == skill.id)
    )


def of(held: Row) -> Any:
    """Give the skill that a person has or an organisation declares."""
    return select(Skill).where(col(Skill.id) == held.skill_id)


def posts(skill: Row) -> Any:
    """Give the posts that are about a skill."""
    return (
        select(Post)
        .join(PostSkill, col(PostSkill.post_id) == col(Post.id))
        .where(col(PostSkill.skill_id) == skill.id)
    )
