"""Why a post is in front of the viewer: what of it they follow, then what else connects them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.network import Follow, PersonFollow, SkillFollow
from db.tables.organisations import Partnership, PartnershipStatus
from db.tables.people import Membership, Person, PersonSkill
from db.tables.posts import Audience, Comment, PostSkill, Reaction
from resolvers.organisations import is_member
from resolvers.rows import Row, Viewer

# As many people as count; more reactions and comments than these are not looked at.
PEOPLE_MOST = 63
COMMENTS_MOST = 200


class FeedReasonKind(StrEnum):
    """Why a post is in front of the viewer, in the order in which reasons are given."""

    FOLLOWS_ORGANISATION = "FOLLOWS_ORGANISATION"
    FOLLOWS_PERSON = "FOLLOWS_PERSON"
    FOLLOWS_SKILL = "FOLLOWS_SKILL"
    COLLEAGUE = "COLLEAGUE"
    PARTNER = "PARTNER"
    SHARED_SKILL = "SHARED_SKILL"
    RESPONSES = "RESPONSES"


def reasons(post: Row, viewer: Viewer) -> Any:
    """Give the reasons, those that say what is followed first."""
    found: Any = union_all(
        _reason(
            FeedReasonKind.FOLLOWS_ORGANISATION,
            organisation_id=Follow.organisation_id,
            is_prioritised=Follow.prioritise,
        ).where(
            col(Follow.person_id) == viewer.id,
            col(Follow.organisation_id) == post.organisation_id,
            col(Follow.in_feed),
        ),
        _reason(
            FeedReasonKind.FOLLOWS_PERSON,
            person_id=PersonFollow.followed_id,
            is_prioritised=PersonFollow.prioritise,
        ).where(
            col(PersonFollow.person_id) == viewer.id,
            col(PersonFollow.followed_id) == post.author_id,
            col(PersonFollow.in_feed),
        ),
        _reason(
            FeedReasonKind.FOLLOWS_SKILL,
            skill_id=SkillFollow.skill_id,
            is_prioritised=SkillFollow.prioritise,
        )
        .join(PostSkill, col(PostSkill.skill_id) == col(SkillFollow.skill_id))
        .where(
            col(SkillFollow.person_id) == viewer.id,
            col(SkillFollow.in_feed),
            col(PostSkill.post_id) == post.id,
        ),
        _reason(FeedReasonKind.COLLEAGUE, organisation_id=Membership.organisation_id).where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == post.organisation_id,
            col(Membership.ended_on).is_(None),
        ),
        _through_partner(post, viewer),
        _reason(FeedReasonKind.SHARED_SKILL, skill_id=PersonSkill.skill_id)
        .join(PostSkill, col(PostSkill.skill_id) == col(PersonSkill.skill_id))
        .where(col(PersonSkill.person_id) == viewer.id, col(PostSkill.post_id) == post.id),
        _responses(post),
    ).subquery("reason")
    return select(found).order_by(
        found.c.position, found.c.organisation_id, found.c.person_id, found.c.skill_id
    )


def person(reason: Row) -> Any:
    """Give the person whom a reason is about."""
    return select(Person).where(col(Person.id) == reason.person_id)


def people_who_responded(
    post_id: Any, author_id: Any, until: ColumnElement[Any] | None = None
) -> Any:
    """Give how many different people but the author reacted or commented, up to `PEOPLE_MOST`.

    `until`: only what was there when this key was made.
    """
    reacted: Any = select(col(Reaction.person_id).label("id")).where(
        col(Reaction.post_id) == post_id, col(Reaction.person_id) != author_id
    )
    commented: Any = select(col(Comment.author_id).label("id")).where(
        col(Comment.post_id) == post_id,
        col(Comment.author_id) != author_id,
        col(Comment.deleted_at).is_(None),
        col(Comment.hidden_at).is_(None),
    )
    if until is not None:
        reacted = reacted.where(col(Reaction.id) <= until)
        commented = commented.where(col(Comment.id) <= until)
    first = reacted.order_by(col(Reaction.id)).limit(literal_column(str(PEOPLE_MOST)))
    said = commented.order_by(col(Comment.id)).limit(literal_column(str(COMMENTS_MOST)))
    people = union(select(first.subquery("reacted")), select(said.subquery("commented")))
    counted = func.least(func.count(), literal_column(str(PEOPLE_MOST)), type_=Integer())
    return select(counted.label("count")).select_from(people.subquery("responded"))


def _reason(
    kind: FeedReasonKind,
    *,
    organisation_id: Any = None,
    person_id: Any = None,
    skill_id: Any = None,
    is_prioritised: Any = None,
    people_count: Any = None,
) -> Any:
    keys = {"organisation_id": organisation_id, "person_id": person_id, "skill_id": skill_id}
    prioritised = literal_column("false") if is_prioritised is None else col(is_prioritised)
    columns: list[Any] = [
        literal(kind.value, Text()).label("kind"),
        *(cast(null() if key is None else key, Uuid()).label(name) for name, key in keys.items()),
        prioritised.label("is_prioritised"),
        cast(null() if people_count is None else people_count, Integer()).label("people_count"),
        literal_column(str(list(FeedReasonKind).index(kind)), Integer()).label("position"),
    ]
    return select(*columns)


def _through_partner(post: Row, viewer: Viewer) -> Any:
    """Give the viewer's own organisations whose partnership makes the post readable."""
    mine: Any = aliased(Membership)
    asked = col(Partnership.requester_id) == post.organisation_id
    partner_id = case((asked, col(Partnership.addressee_id)), else_=col(Partnership.requester_id))
    return (
        _reason(FeedReasonKind.PARTNER, organisation_id=mine.organisation_id)
        .select_from(Partnership)
        .join(mine, col(mine.organisation_id) == partner_id)
        .where(
            post.audience == Audience.PARTNERS.value,
            or_(asked, col(Partnership.addressee_id) == post.organisation_id),
            col(Partnership.status) == PartnershipStatus.ACTIVE,
            col(mine.person_id) == viewer.id,
            col(mine.ended_on).is_(None),
            ~is_member(post.organisation_id, viewer),
        )
    )


def _responses(post: Row) -> Any:
    counted = people_who_responded(post.id, post.author_id).subquery("counted")
    return (
        _reason(FeedReasonKind.RESPONSES, people_count=counted.c.count)
        .select_from(counted)
        .where(counted.c.count > 0)
    )
