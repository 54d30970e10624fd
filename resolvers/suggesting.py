"""Whom and what to follow next: friends of friends, and who has the same skills.

The candidates are bounded, whatever the network's size: the newest `FRIENDS` people whom the viewer
follows with the newest `EACH` follows of each, and for `SKILLS` of the viewer's skills `EACH` who
have them. A page of the follows of a person is one index scan, and so is a skill's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    all_,
    and_,
    cast,
    func,
    literal_column,
    not_,
    null,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.network import Follow, PersonFollow
from db.tables.organisations import Organisation, OrganisationStrength
from db.tables.people import Person, PersonSkill
from db.tables.skills import Skill
from resolvers import organisations, people
from resolvers.feed import muted
from resolvers.rows import Row, Viewer

FRIENDS, EACH, SKILLS = 100, 30, 20
# A friend who follows says more than a skill in common.
FRIEND, SKILL = 3, 1


def people_to_follow(viewer: Viewer) -> Any:
    """Give people whom the viewer does not follow yet, the best reasons first."""
    theirs: Any = aliased(PersonFollow)
    held: Any = aliased(PersonSkill)
    friends = _friends(viewer)
    via_friend = (
        select(theirs.followed_id.label("id"))
        .where(col(theirs.person_id) == friends.c.id)
        .order_by(col(theirs.id).desc())
    )
    skills = _skills(viewer)
    via_skill = (
        select(held.person_id.label("id"))
        .where(col(held.skill_id) == skills.c.id)
        .order_by(col(held.level).desc(), col(held.id).desc())
    )
    mine = select(PersonFollow.id).where(col(PersonFollow.person_id) == viewer.id)
    source = Person.__table__.alias("suggested")  # type: ignore[attr-defined]
    row = Row(source.name, {column.key: column.type for column in source.columns})
    follows = mine.where(col(PersonFollow.followed_id) == row.id).exists()
    allowed = and_(people.visible(row, viewer), row.id != viewer.id, not_(follows))
    found = _found((friends, via_friend), (skills, via_skill))
    return _ranked(found, source, "person_id", allowed, viewer)


def organisations_to_follow(viewer: Viewer) -> Any:
    """Give organisations that the viewer does not follow yet, the best reasons first."""
    theirs: Any = aliased(Follow)
    held: Any = aliased(OrganisationStrength)
    friends = _friends(viewer)
    via_friend = (
        select(theirs.organisation_id.label("id"))
        .where(col(theirs.person_id) == friends.c.id)
        .order_by(col(theirs.id).desc())
    )
    skills = _skills(viewer)
    via_skill = (
        select(held.organisation_id.label("id"))
        .where(col(held.skill_id) == skills.c.id)
        .order_by(col(held.id).desc())
    )
    mine = select(Follow.id).where(col(Follow.person_id) == viewer.id)
    source = Organisation.__table__.alias("suggested")  # type: ignore[attr-defined]
    row = Row(source.name, {column.key: column.type for column in source.columns})
    follows = mine.where(col(Follow.organisation_id) == row.id).exists()
    allowed = and_(organisations.visible(row, viewer), not_(follows))
    found = _found((friends, via_friend), (skills, via_skill))
    return _ranked(found, source, "organisation_id", allowed, viewer)


def followers_of_person(suggestion: Row, viewer: Viewer) -> Any:
    """Give whom the viewer follows of those who follow a suggested person."""
    theirs, mine = aliased(PersonFollow), aliased(PersonFollow)
    return (
        select(Person)
        .join(theirs, col(theirs.person_id) == col(Person.id))
        .join(mine, col(mine.followed_id) == col(Person.id))
        .where(col(theirs.followed_id) == suggestion.person_id, col(mine.person_id) == viewer.id)
        .order_by(col(mine.id).desc())
    )


def followers_of_organisation(suggestion: Row, viewer: Viewer) -> Any:
    """Give whom the viewer follows of those who follow a suggested organisation."""
    return (
        select(Person)
        .join(Follow, col(Follow.person_id) == col(Person.id))
        .join(PersonFollow, col(PersonFollow.followed_id) == col(Person.id))
        .where(
            col(Follow.organisation_id) == suggestion.organisation_id,
            col(PersonFollow.person_id) == viewer.id,
        )
        .order_by(col(PersonFollow.id).desc())
    )


def skills_with_person(suggestion: Row, viewer: Viewer) -> Any:
    """Give the skills that the viewer and a suggested person both have."""
    theirs, mine = aliased(PersonSkill), aliased(PersonSkill)
    return (
        select(Skill)
        .join(theirs, col(theirs.skill_id) == col(Skill.id))
        .join(mine, col(mine.skill_id) == col(Skill.id))
        .where(col(theirs.person_id) == suggestion.person_id, col(mine.person_id) == viewer.id)
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def skills_with_organisation(suggestion: Row, viewer: Viewer) -> Any:
    """Give the viewer's skills in which a suggested organisation declares to be strong."""
    return (
        select(Skill)
        .join(OrganisationStrength, col(OrganisationStrength.skill_id) == col(Skill.id))
        .join(PersonSkill, col(PersonSkill.skill_id) == col(Skill.id))
        .where(
            col(OrganisationStrength.organisation_id) == suggestion.organisation_id,
            col(PersonSkill.person_id) == viewer.id,
        )
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def person(suggestion: Row) -> Any:
    """Give the suggested person."""
    return select(Person).where(col(Person.id) == suggestion.person_id)


def _friends(viewer: Viewer) -> Any:
    """Give whom the viewer follows and does not mute, the newest."""
    follow: Any = aliased(PersonFollow)
    return (
        select(follow.followed_id.label("id"))
        .where(
            col(follow.person_id) == viewer.id,
            viewer.may_meet(col(follow.followed_id)),
        )
        .order_by(col(follow.id).desc())
        .limit(literal_column(str(FRIENDS)))
        .subquery("friends")
    )


def _skills(viewer: Viewer) -> Any:
    held: Any = aliased(PersonSkill)
    return (
        select(held.skill_id.label("id"))
        .where(col(held.person_id) == viewer.id)
        .order_by(col(held.level).desc(), col(held.id))
        .limit(literal_column(str(SKILLS)))
        .subquery("skills")
    )


def _found(friends: tuple[Any, Any], skills: tuple[Any, Any]) -> Any:
    """Give the candidates, each with how many ways lead to it."""
    branches = []
    for is_friend, (source, statement) in ((True, friends), (False, skills)):
        few = statement.correlate(source).limit(literal_column(str(EACH))).lateral()
        ways = [source.c.id, null()] if is_friend else [null(), source.c.id]
        branches.append(
            select(few.c.id, ways[0].label("friend"), ways[1].label("skill")).select_from(
                source.join(few, true())
            )
        )
    every: Any = union_all(*branches).subquery("ways")
    return (
        select(
            every.c.id,
            cast(func.count(every.c.friend.distinct()), Integer).label("followed_by_count"),
            cast(func.count(every.c.skill.distinct()), Integer).label("shared_skill_count"),
        )
        .group_by(every.c.id)
        .subquery("candidates")
    )


def _ranked(
    found: Any, source: Any, name: str, allowed: ColumnElement[bool], viewer: Viewer
) -> Any:
    score = FRIEND * found.c.followed_by_count + SKILL * found.c.shared_skill_count
    return (
        select(source.c.id.label(name), found.c.followed_by_count, found.c.shared_skill_count)
        .select_from(found.join(source, source.c.id == found.c.id))
        .where(source.c.id != all_(muted(viewer)), allowed)
        .order_by(score.desc(), source.c.id)
    )
