"""What an event changes for somebody who watches: for each viewer and event at most one change.

Nothing that an event says is told further: what changed is read anew, by the rules of its type. An
event leads to a change only for those who may see what changed, or could see it before it went.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    case,
    func,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.feed import SavedSearch
from db.tables.network import Follow, Mute, PersonFollow, SkillFollow
from db.tables.notifications import Notification
from db.tables.organisations import Organisation
from db.tables.people import Membership, Person
from db.tables.posts import Audience, Comment, Post, PostSkill
from resolvers import organisations, posts, saved_searches
from resolvers.rows import EVENT_COLUMNS, EventRow, Row, Viewer
from resolvers.seeing import seen_here
from subscriptions.events import Change, EventKind


class ChangeKind(StrEnum):
    """What became of an object, as somebody who watches it is told."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    HIDDEN = "HIDDEN"
    RESYNC = "RESYNC"


# What the rule of posts looks at.
POST_COLUMNS = ("id", "organisation_id", "author_id", "audience", "hidden_at")
# Posts for these are not counted for everybody.
FOR_FEWER = (Audience.PARTNERS.value, Audience.ORGANISATION.value)
# After these a post is out of sight.
GONE = (EventKind.POST_DELETED, EventKind.POST_HIDDEN)
COMMENT_KINDS = frozenset(
    {
        EventKind.COMMENT_ADDED,
        EventKind.COMMENT_EDITED,
        EventKind.COMMENT_DELETED,
        EventKind.COMMENT_HIDDEN,
        EventKind.COMMENT_RESTORED,
    }
)
# Of a post that is listened to with many others only the counts change.
COUNT_KINDS = COMMENT_KINDS - {EventKind.COMMENT_EDITED} | {
    EventKind.POST_REACTED,
    EventKind.POST_REPOSTED,
}
REACTION_KINDS = frozenset({EventKind.POST_REACTED, EventKind.POST_REPOSTED})
# Of which a post's readers hear.
POST_KINDS = COUNT_KINDS | {
    EventKind.POST_PUBLISHED,
    EventKind.POST_EDITED,
    EventKind.POST_DELETED,
    EventKind.POST_PINNED,
    EventKind.POST_HIDDEN,
    EventKind.POST_RESTORED,
    EventKind.ANSWER_CHOSEN,
}
ORGANISATION_KINDS = (POST_KINDS - COUNT_KINDS) | {
    EventKind.ORGANISATION_EDITED,
    EventKind.ORGANISATION_SUSPENDED,
    EventKind.ORGANISATION_RESTORED,
    EventKind.DOMAIN_VERIFIED,
    EventKind.MEMBERSHIP_CHANGED,
    EventKind.PARTNERSHIP_CHANGED,
    EventKind.FOLLOW_CHANGED,
}


def live_cursor() -> ColumnElement[str]:
    """Give the snapshot of the very statement that answers, as `subscriptions.log` reads it."""
    return func.concat(func.pg_current_snapshot(), type_=Text())


def feed_changed(viewer: Viewer, event: EventRow) -> Any:
    """Give what an event changes in the viewer's home feed."""
    seen = organisations.visible(event.organisation, viewer)
    return _change(_of_post(viewer, event), event, seen, post_id=event.post_id).where(
        viewer.is_signed_in, _is_followed(viewer, event), not_(_is_muted(viewer, event))
    )


def post_changed(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - as in the graph
    """Give what an event changes about a post: itself, its counts, its comments."""
    commented = event.comment_id.is_not(None) & event.kind.in_(_values(COMMENT_KINDS))
    kind = case((commented, _of_comment(viewer, event)), else_=_of_post(viewer, event))
    comment_id = case((commented, event.comment_id))
    seen = organisations.visible(event.organisation, viewer)
    return _change(kind, event, seen, post_id=event.post_id, comment_id=comment_id).where(
        event.post_id == id
    )


def organisation_changed(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - as in the graph
    """Give what an event changes about an organisation: its profile, its people, its posts."""
    about_post = event.kind.in_(_values(POST_KINDS))
    of_post = _of_post(viewer, event)
    about_member = event.kind == EventKind.MEMBERSHIP_CHANGED.value
    kind = case(
        # Who may not know of a post sees how many there are nevertheless.
        (about_post, func.coalesce(of_post, case((_counts(event), ChangeKind.UPDATED.value)))),
        (about_member, _of_membership(event)),
        (
            event.kind == EventKind.ORGANISATION_SUSPENDED.value,
            case(
                (organisations.visible(event.organisation, viewer), ChangeKind.UPDATED.value),
                else_=ChangeKind.HIDDEN.value,
            ),
        ),
        else_=ChangeKind.UPDATED.value,
    )
    seen = case(
        (event.kind == EventKind.ORGANISATION_SUSPENDED.value, viewer.may_meet(id)),
        # Of a partnership it may be the other side that is listened to.
        (
            event.kind == EventKind.PARTNERSHIP_CHANGED.value,
            seen_here("organisation", id, "changed_organisation"),
        ),
        else_=organisations.visible(event.organisation, viewer),
    )
    return _change(
        kind,
        event,
        seen,
        organisation_id=id,
        post_id=case((and_(about_post, of_post.is_not(None)), event.post_id)),
        membership_id=case((about_member, event.subject_id)),
    )


def notification_added(viewer: Viewer, event: EventRow) -> Any:
    """Give what an event changes in the viewer's inbox."""
    kind = case(
        (event.change == Change.ADDED.value, ChangeKind.CREATED.value),
        (event.change == Change.REMOVED.value, ChangeKind.DELETED.value),
        else_=ChangeKind.UPDATED.value,
    )
    keys = _keys(event.notification_ids)
    return select(
        kind.label("kind"),
        event.cursor.label("cursor"),
        keys.label("notification_ids"),
        event.person_id.label("person_id"),
    ).where(event.person_id == viewer.id)


def saved_search_matched(viewer: Viewer, event: EventRow, id: Any) -> Any:  # noqa: A002 - as in the graph
    """Give a post that one of the viewer's saved searches finds, when it is published."""
    searched = SavedSearch.__table__.alias("searched")  # type: ignore[attr-defined]
    row = Row(searched.name, {column.key: column.type for column in searched.columns})
    found = saved_searches.posts(row).where(col(Post.id) == event.post_id)
    matches = (
        select(literal_column("1"))
        .select_from(searched)
        .where(row.id == id, row.person_id == viewer.id, found.exists())
        .exists()
    )
    seen = and_(event.post.id.is_not(None), organisations.visible(event.organisation, viewer))
    return _change(_of_post(viewer, event), event, seen, post_id=event.post_id).where(matches)


# What a change leads to.


def changed_post(change: Row) -> Any:
    """Give the post that changed."""
    return select(Post).where(col(Post.id) == change.post_id)


def changed_comment(change: Row) -> Any:
    """Give the comment that changed."""
    return select(Comment).where(col(Comment.id) == change.comment_id)


def changed_organisation(change: Row) -> Any:
    """Give the organisation that is listened to."""
    return select(Organisation).where(col(Organisation.id) == change.organisation_id)


def changed_membership(change: Row) -> Any:
    """Give the membership that changed."""
    return select(Membership).where(col(Membership.id) == change.membership_id)


def changed_notifications(change: Row) -> Any:
    """Give the lines that changed, the newest first."""
    return (
        select(Notification)
        .where(col(Notification.id) == func.any(change.notification_ids))
        .order_by(col(Notification.id).desc())
    )


def changed_person(change: Row) -> Any:
    """Give whose inbox it is."""
    return select(Person).where(col(Person.id) == change.person_id)


# What there is to know of an event.


def event_row() -> EventRow:
    """Give the row of an event for a resolver."""
    return EventRow({name: _table(Post).c[name].type for name in POST_COLUMNS})


def known(events: Any) -> Any:
    """Give events together with what their posts and organisations are now.

    Looked up once for an event: for each viewer they were half of the statement's time.
    """
    post, organisation = _table(Post).alias("post"), _table(Organisation).alias("organisation")
    return select(
        *(events.c[name] for name in EVENT_COLUMNS),
        *(post.c[name].label(f"post.{name}") for name in POST_COLUMNS),
        *(organisation.c[name].label(f"organisation.{name}") for name in ("id", "suspended_at")),
    ).select_from(
        events.outerjoin(post, post.c.id == events.c.post_id).outerjoin(
            organisation, organisation.c.id == events.c.organisation_id
        )
    )


def _change(
    kind: ColumnElement[Any],
    event: EventRow,
    seen: ColumnElement[bool],
    **keys: ColumnElement[Any],
) -> Any:
    """Give a change of a kind, where it is seen; none where the kind is null."""
    columns = (key.label(name) for name, key in keys.items())
    return select(kind.label("kind"), event.cursor.label("cursor"), *columns).where(
        kind.is_not(None), seen
    )


def _of_post(viewer: Viewer, event: EventRow) -> ColumnElement[Any]:
    """Tell what became of a post for those who read it or could read it before; null for others."""
    return case(
        (
            and_(event.post.id.is_not(None), posts.visible(event.post, viewer)),
            case(
                (event.kind == EventKind.POST_PUBLISHED.value, ChangeKind.CREATED.value),
                else_=ChangeKind.UPDATED.value,
            ),
        ),
        (
            _could_read(viewer, event),
            case(
                (event.kind == EventKind.POST_DELETED.value, ChangeKind.DELETED.value),
                else_=ChangeKind.HIDDEN.value,
            ),
        ),
    )


def _of_comment(viewer: Viewer, event: EventRow) -> ColumnElement[Any]:
    """Tell what became of a comment for those who read its post; null for others."""
    kind = case(
        (event.kind == EventKind.COMMENT_DELETED.value, ChangeKind.DELETED.value),
        (
            seen_here("comment", event.comment_id, "changed_comment"),
            case(
                (
                    event.kind.in_(_values((EventKind.COMMENT_ADDED, EventKind.COMMENT_RESTORED))),
                    ChangeKind.CREATED.value,
                ),
                else_=ChangeKind.UPDATED.value,
            ),
        ),
        (event.kind == EventKind.COMMENT_HIDDEN.value, ChangeKind.HIDDEN.value),
    )
    return case(
        (
            and_(
                event.post.id.is_not(None),
                posts.visible(event.post, viewer),
                viewer.may_meet(event.author_id),
            ),
            kind,
        )
    )


def _of_membership(event: EventRow) -> ColumnElement[Any]:
    """Tell what became of a membership, for those who see it; null for others."""
    kind = case(
        (event.change == Change.ADDED.value, ChangeKind.CREATED.value),
        (event.change == Change.REMOVED.value, ChangeKind.DELETED.value),
        else_=ChangeKind.UPDATED.value,
    )
    return case((seen_here("membership", event.subject_id, "changed_membership"), kind))


def _counts(event: EventRow) -> ColumnElement[bool]:
    """Tell whether a post is, or was, one of those that its organisation counts for everybody."""
    return and_(
        not_(event.is_hidden),
        or_(
            event.audience.not_in(FOR_FEWER),
            func.coalesce(event.was_audience.not_in(FOR_FEWER), literal_column("false")),
        ),
    )


def _could_read(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    """Tell whether the viewer could read a post that they cannot read now, as the event knows it."""
    gone = event.kind.in_(_values(GONE))
    return and_(
        or_(
            and_(gone, posts.intended(event.audience, event.organisation_id, viewer)),
            posts.intended(event.was_audience, event.organisation_id, viewer),
        ),
        or_(not_(event.is_hidden), event.author_id == viewer.id),
        viewer.may_meet(event.author_id),
    )


def _values(kinds: Iterable[EventKind]) -> list[str]:
    return sorted(kind.value for kind in kinds)


def _keys(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give the keys of an event's column that has several."""
    none: Any = literal_column("'{}'::uuid[]", ARRAY(Uuid()))
    return func.coalesce(text.cast(ARRAY(Uuid)), none)


def _author(event: EventRow) -> ColumnElement[Any]:
    """Give who wrote the post; of a comment's event the author is the comment's."""
    return func.coalesce(event.post.author_id, event.author_id)


def _table(model: Any) -> Any:
    return model.__table__


def _is_followed(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    """Tell whether the viewer follows what a post comes from.

    As one EXISTS over all ways: see `is_partner` for what an OR of them does for many viewers.
    """
    one: Any = literal_column("1")
    ways = (
        select(one).where(
            col(Follow.person_id) == viewer.id,
            col(Follow.organisation_id) == event.organisation_id,
            col(Follow.in_feed),
        ),
        select(one).where(
            col(PersonFollow.person_id) == viewer.id,
            col(PersonFollow.followed_id) == _author(event),
            col(PersonFollow.in_feed),
        ),
        select(one).where(
            col(SkillFollow.person_id) == viewer.id,
            col(SkillFollow.in_feed),
            _is_about(col(SkillFollow.skill_id), event),
        ),
    )
    first, *others = ways
    return select(one).select_from(first.union_all(*others).subquery("followed")).exists()


def _is_about(skill_id: Any, event: EventRow) -> ColumnElement[bool]:
    """Tell whether the post is about a skill, or was when it was deleted."""
    tag: Any = aliased(PostSkill)
    now = select(tag.skill_id).where(col(tag.post_id) == event.post_id)
    return or_(skill_id == func.any(_keys(event.skill_ids)), skill_id.in_(now))


def _is_muted(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    return (
        select(Mute.id)
        .where(
            col(Mute.person_id) == viewer.id,
            or_(
                col(Mute.organisation_id) == event.organisation_id,
                col(Mute.muted_person_id) == _author(event),
                _is_about(col(Mute.skill_id), event),
            ),
        )
        .exists()
    )
