"""Searches that a person keeps as feeds of their own. Nothing ends one but its owner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, null, or_, true, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.feed import SavedSearch
from db.tables.organisations import Organisation
from db.tables.posts import Post, PostSkill
from db.tables.skills import Skill
from resolvers.organisations import visible as organisation_visible
from resolvers.rows import Row, Viewer
from resolvers.searching import mentioning


def visible(saved: Row, viewer: Viewer) -> ColumnElement[bool]:
    """What a person looks for is nobody else's business."""
    return saved.person_id == viewer.id


def saved_searches(person: Row) -> Any:
    """Give what a person keeps looking for."""
    return select(SavedSearch).where(col(SavedSearch.person_id) == person.id)


def posts(saved: Row) -> Any:
    """Give the posts that a search finds; a paused one finds nothing newer than its pause."""
    return select(Post).where(
        or_(saved.paused_at.is_(None), col(Post.created_at) <= saved.paused_at),
        finds(saved, Post),
    )


def finds(saved: Row, post: Any) -> ColumnElement[bool]:
    """Tell whether a post is what a search looks for, whoever may see it.

    Conditions add up, each is left out where the search does not name it.
    """
    tag: Any = aliased(PostSkill)
    about = (
        select(tag.post_id)
        .where(col(tag.post_id) == post.id, col(tag.skill_id) == func.any(saved.skill_ids))
        .exists()
    )
    return and_(
        post.hidden_at.is_(None),
        _unless_empty(
            saved.organisation_ids, post.organisation_id == func.any(saved.organisation_ids)
        ),
        _unless_empty(saved.languages, post.language == func.any(saved.languages)),
        case((saved.query == "", true()), else_=mentioning(post.body, saved.query)),
        _unless_empty(saved.skill_ids, about),
    )


def subjects(saved: Row, viewer: Viewer) -> Any:
    """Give the skills and organisations that a search names, those that are gone among them."""
    skills = _numbered(saved.skill_ids, "named_skill")
    places = _numbered(saved.organisation_ids, "named_place")
    skill = select(Skill.id).where(col(Skill.id) == skills.c.id).correlate(skills).exists()
    around = Organisation.__table__.alias("place")  # type: ignore[attr-defined]
    row = Row(around.name, {column.key: column.type for column in around.columns})
    place = (
        select(around.c.id)
        .where(around.c.id == places.c.id, organisation_visible(row, viewer))
        .correlate(places)
        .exists()
    )
    found: Any = union_all(
        select(
            skills.c.id.label("skill_id"),
            null().label("organisation_id"),
            not_(skill).label("is_gone"),
            skills.c.n.label("nth"),
        ),
        select(null(), places.c.id, not_(place), places.c.n),
    ).subquery("subject")
    return select(found).order_by(found.c.organisation_id.is_not(None), found.c.nth)


def _numbered(keys: ColumnElement[Any], name: str) -> Any:
    listed = func.unnest(keys).table_valued("id", with_ordinality="n")
    return listed.render_derived(name=name)


def _unless_empty(keys: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(case((func.cardinality(keys) == 0, true()), else_=condition))
