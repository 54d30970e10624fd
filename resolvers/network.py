"""Who follows what, and who may not see whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    false,
    func,
    literal_column,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.network import Block, Follow, Mute, PersonFollow, SkillFollow
from db.tables.organisations import Organisation
from db.tables.people import Membership, Person
from db.tables.skills import Skill
from resolvers.rows import Row, Viewer


def standing(person_id: ColumnElement[Any]) -> tuple[Any, ...]:
    """Give what the rules need to know of a person: whom they do not meet, whether they moderate."""
    moderates = select(col(Person.is_moderator)).where(
        col(Person.id) == person_id, col(Person.suspended_at).is_(None)
    )
    return (
        hidden_from(person_id).label("hidden"),
        func.coalesce(moderates.scalar_subquery(), false()).label("is_moderator"),
    )


def hidden_from(person_id: ColumnElement[Any]) -> Any:
    """Give the keys of the people and organisations that a person may not see, as an array.

    A block works both ways, whoever asked for it. Between a person and an organisation it also
    keeps the person out of sight of the organisation's current members.
    """
    asked = select(func.coalesce(Block.blocked_person_id, Block.organisation_id)).where(
        col(Block.person_id) == person_id
    )
    was_asked = select(Block.person_id).where(col(Block.blocked_person_id) == person_id)
    through_membership = (
        select(Block.person_id)
        .join(Membership, col(Membership.organisation_id) == col(Block.organisation_id))
        .where(col(Membership.person_id) == person_id, col(Membership.ended_on).is_(None))
    )
    keys = union_all(asked, was_asked, through_membership)
    return func.array(keys.scalar_subquery())


def standing_of_all(viewers: Any) -> Any:
    """Give the same of many people at once, with their keys; null is a visitor.

    Asked one by one it cost 25 ms for a thousand.
    """
    asked: Any = select(
        col(Block.person_id).label("person_id"),
        func.coalesce(Block.blocked_person_id, Block.organisation_id).label("key"),
    ).join(viewers, viewers.c.id == col(Block.person_id))
    was_asked = select(col(Block.blocked_person_id), col(Block.person_id)).join(
        viewers, viewers.c.id == col(Block.blocked_person_id)
    )
    through_membership = (
        select(col(Membership.person_id), col(Block.person_id))
        .select_from(Block)
        .join(Membership, col(Membership.organisation_id) == col(Block.organisation_id))
        .join(viewers, viewers.c.id == col(Membership.person_id))
        .where(col(Membership.ended_on).is_(None))
    )
    keys = union_all(asked, was_asked, through_membership).subquery("met")
    hidden = (
        select(keys.c.person_id, func.array_agg(keys.c.key).label("hidden"))
        .group_by(keys.c.person_id)
        .subquery("hidden")
    )
    moderators = (
        select(Person.id)
        .where(
            col(Person.is_moderator),
            col(Person.suspended_at).is_(None),
            col(Person.deactivated_at).is_(None),
        )
        .subquery("moderators")
    )
    nobody: Any = literal_column("'{}'::uuid[]", ARRAY(Uuid()))
    return (
        select(
            viewers.c.id,
            func.coalesce(hidden.c.hidden, nobody).label("hidden"),
            moderators.c.id.is_not(None).label("is_moderator"),
        )
        .select_from(viewers)
        .outerjoin(hidden, hidden.c.person_id == viewers.c.id)
        .outerjoin(moderators, moderators.c.id == viewers.c.id)
    )


def follow_visible(follow: Row, viewer: Viewer) -> ColumnElement[bool]:
    """The switches of a follow are the business of whoever follows."""
    return follow.person_id == viewer.id


def mute_visible(mute: Row, viewer: Viewer) -> ColumnElement[bool]:
    """What a person mutes is nobody else's business."""
    return mute.person_id == viewer.id


# Organisations.


def viewer_follow(organisation: Row, viewer: Viewer) -> Any:
    """Give how the viewer follows an organisation."""
    return select(Follow).where(
        col(Follow.organisation_id) == organisation.id, col(Follow.person_id) == viewer.id
    )


def viewer_mutes_organisation(organisation: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer keeps an organisation out of the feed."""
    muted = select(Mute.id).where(
        col(Mute.person_id) == viewer.id, col(Mute.organisation_id) == organisation.id
    )
    return muted.exists()


def followed_organisation(follow: Row) -> Any:
    """Give the organisation that is followed."""
    return select(Organisation).where(col(Organisation.id) == follow.organisation_id)


def mutual_followers_of_organisation(organisation: Row, viewer: Viewer) -> Any:
    """Give whom the viewer follows of those who follow an organisation."""
    return (
        select(Person, col(Follow.id).label("follow_id"))
        .join(Follow, col(Follow.person_id) == col(Person.id))
        .join(PersonFollow, col(PersonFollow.followed_id) == col(Person.id))
        .where(
            col(Follow.organisation_id) == organisation.id,
            col(PersonFollow.person_id) == viewer.id,
        )
    )


# People.


def viewer_follow_of_person(person: Row, viewer: Viewer) -> Any:
    """Give how the viewer follows a person."""
    return select(PersonFollow).where(
        col(PersonFollow.followed_id) == person.id, col(PersonFollow.person_id) == viewer.id
    )


def viewer_follows_person(person: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer follows a person."""
    follow = select(PersonFollow.id).where(
        col(PersonFollow.person_id) == viewer.id, col(PersonFollow.followed_id) == person.id
    )
    return follow.exists()


def viewer_mutes_person(person: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer keeps what a person writes out of the feed."""
    muted = select(Mute.id).where(
        col(Mute.person_id) == viewer.id, col(Mute.muted_person_id) == person.id
    )
    return muted.exists()


def followed_person(follow: Row) -> Any:
    """Give the person who is followed."""
    return select(Person).where(col(Person.id) == follow.followed_id)


def followers_of_person(person: Row) -> Any:
    """Give the people who follow a person, with the follow's key to order by."""
    return (
        select(Person, col(PersonFollow.id).label("follow_id"))
        .join(PersonFollow, col(PersonFollow.person_id) == col(Person.id))
        .where(col(PersonFollow.followed_id) == person.id)
    )


def following_people(person: Row) -> Any:
    """Give the people whom a person follows, with the follow's key to order by."""
    return (
        select(Person, col(PersonFollow.id).label("follow_id"))
        .join(PersonFollow, col(PersonFollow.followed_id) == col(Person.id))
        .where(col(PersonFollow.person_id) == person.id)
    )


def mutual_followers_of_person(person: Row, viewer: Viewer) -> Any:
    """Give whom the viewer follows of those who follow a person."""
    theirs, mine = aliased(PersonFollow), aliased(PersonFollow)
    return (
        select(Person, col(theirs.id).label("follow_id"))
        .join(theirs, col(theirs.person_id) == col(Person.id))
        .join(mine, col(mine.followed_id) == col(Person.id))
        .where(col(theirs.followed_id) == person.id, col(mine.person_id) == viewer.id)
    )


def organisation_follows(person: Row) -> Any:
    """Give how a person follows organisations."""
    return select(Follow).where(col(Follow.person_id) == person.id)


def person_follows(person: Row) -> Any:
    """Give how a person follows people."""
    return select(PersonFollow).where(col(PersonFollow.person_id) == person.id)


def skill_follows(person: Row) -> Any:
    """Give how a person follows skills."""
    return select(SkillFollow).where(col(SkillFollow.person_id) == person.id)


def mutes(person: Row) -> Any:
    """Give what a person mutes."""
    return select(Mute).where(col(Mute.person_id) == person.id)


# Skills.


def viewer_follow_of_skill(skill: Row, viewer: Viewer) -> Any:
    """Give how the viewer follows a skill."""
    return select(SkillFollow).where(
        col(SkillFollow.skill_id) == skill.id, col(SkillFollow.person_id) == viewer.id
    )


def viewer_follows_skill(skill: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer follows a skill."""
    follow = select(SkillFollow.id).where(
        col(SkillFollow.person_id) == viewer.id, col(SkillFollow.skill_id) == skill.id
    )
    return follow.exists()


def viewer_mutes_skill(skill: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer keeps posts about a skill out of the feed."""
    muted = select(Mute.id).where(col(Mute.person_id) == viewer.id, col(Mute.skill_id) == skill.id)
    return muted.exists()


def followed_skill(follow: Row) -> Any:
    """Give the skill that is followed, or muted."""
    return select(Skill).where(col(Skill.id) == follow.skill_id)


def followed_skills(person: Row) -> Any:
    """Give the skills that a person follows, with the follow's key to order by."""
    return (
        select(Skill, col(SkillFollow.id).label("follow_id"))
        .join(SkillFollow, col(SkillFollow.skill_id) == col(Skill.id))
        .where(col(SkillFollow.person_id) == person.id)
    )


def followers_of_skill(skill: Row) -> Any:
    """Give the people who follow a skill, with the follow's key to order by."""
    return (
        select(Person, col(SkillFollow.id).label("follow_id"))
        .join(SkillFollow, col(SkillFollow.person_id) == col(Person.id))
        .where(col(SkillFollow.skill_id) == skill.id)
    )


def skill_follower_count(skill: Row) -> Any:
    """Give how many people follow a skill; an index alone answers it."""
    return (
        select(func.count()).select_from(SkillFollow).where(col(SkillFollow.skill_id) == skill.id)
    )


# Mutes.


def muted_organisation(mute: Row) -> Any:
    """Give the organisation that is muted."""
    return select(Organisation).where(col(Organisation.id) == mute.organisation_id)


def muted_person(mute: Row) -> Any:
    """Give the person who is muted."""
    return select(Person).where(col(Person.id) == mute.muted_person_id)
