"""What an event changes for somebody who watches: for each viewer and event at most one change.

Nothing that an event says is told further: what changed is read anew, by the rules of its type. An
event leads to a change only for those who may see what changed, or could see it before it went.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func, literal_column, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.network import Follow, Mute, PersonFollow, SkillFollow
from db.tables.organisations import Organisation
from db.tables.posts import Post, PostSkill
from resolvers import organisations, posts
from resolvers.rows import EVENT_COLUMNS, EventRow, Row, Viewer
from subscriptions.events import EventKind


class ChangeKind(StrEnum):
    """What became of an object, as somebody who watches it is told."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    HIDDEN = "HIDDEN"
    RESYNC = "RESYNC"


# What the rule of posts looks at.
POST_COLUMNS = ("id", "organisation_id", "author_id", "audience", "hidden_at")
# After these a post is out of sight.
GONE = (EventKind.POST_DELETED, EventKind.MODERATED)
# Of which a post's readers hear.
POST_KINDS = frozenset(
    {
        EventKind.POST_PUBLISHED,
        EventKind.POST_EDITED,
        EventKind.POST_DELETED,
        EventKind.POST_PINNED,
        EventKind.POST_REACTED,
        EventKind.COMMENT_ADDED,
        EventKind.COMMENT_DELETED,
        EventKind.ANSWER_CHOSEN,
        EventKind.MODERATED,
    }
)


def live_cursor() -> ColumnElement[str]:
    """Give the snapshot of the very statement that answers, as `subscriptions.log` reads it."""
    return func.concat(func.pg_current_snapshot(), type_=Text())


def feed_changed(viewer: Viewer, event: EventRow) -> Any:
    """Give what an event changes in the viewer's home feed."""
    return _post_change(viewer, event).where(
        viewer.is_signed_in, _is_followed(viewer, event), not_(_is_muted(viewer, event))
    )


def changed_post(change: Row) -> Any:
    """Give the post that changed."""
    return select(Post).where(col(Post.id) == change.post_id)


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


def _post_change(viewer: Viewer, event: EventRow) -> Any:
    """Give the change of a post, for those who read it or could read it before."""
    created: Any = literal_column(f"'{EventKind.POST_PUBLISHED}'")
    deleted: Any = literal_column(f"'{EventKind.POST_DELETED}'")
    readable = and_(event.post.id.is_not(None), posts.visible(event.post, viewer))
    kind = case(
        (
            readable,
            case(
                (event.kind == created, ChangeKind.CREATED.value),
                else_=ChangeKind.UPDATED.value,
            ),
        ),
        (
            _could_read(viewer, event),
            case(
                (event.kind == deleted, ChangeKind.DELETED.value),
                else_=ChangeKind.HIDDEN.value,
            ),
        ),
    )
    return select(
        kind.label("kind"), event.post_id.label("post_id"), event.cursor.label("cursor")
    ).where(kind.is_not(None), organisations.visible(event.organisation, viewer))


def _could_read(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    """Tell whether the viewer could read a post that they cannot read now, as the event knows it."""
    gone = event.kind.in_([kind.value for kind in GONE])
    return and_(
        or_(
            and_(gone, posts.intended(event.audience, event.organisation_id, viewer)),
            posts.intended(event.was_audience, event.organisation_id, viewer),
        ),
        viewer.may_meet(event.author_id),
    )


def _table(model: Any) -> Any:
    return model.__table__


def _is_followed(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    """Tell whether the viewer follows what a post comes from.

    As one EXISTS over all ways: see `is_partner` for what an OR of them does for many viewers.
    """
    tag: Any = aliased(PostSkill)
    one: Any = literal_column("1")
    ways = (
        select(one).where(
            col(Follow.person_id) == viewer.id,
            col(Follow.organisation_id) == event.organisation_id,
            col(Follow.in_feed),
        ),
        select(one).where(
            col(PersonFollow.person_id) == viewer.id,
            col(PersonFollow.followed_id) == event.author_id,
            col(PersonFollow.in_feed),
        ),
        select(one)
        .select_from(SkillFollow)
        .join(tag, col(tag.skill_id) == col(SkillFollow.skill_id))
        .where(
            col(SkillFollow.person_id) == viewer.id,
            col(SkillFollow.in_feed),
            col(tag.post_id) == event.post_id,
        ),
    )
    first, *others = ways
    return select(one).select_from(first.union_all(*others).subquery("followed")).exists()


def _is_muted(viewer: Viewer, event: EventRow) -> ColumnElement[bool]:
    tag: Any = aliased(PostSkill)
    about = select(tag.skill_id).where(col(tag.post_id) == event.post_id)
    return (
        select(Mute.id)
        .where(
            col(Mute.person_id) == viewer.id,
            or_(
                col(Mute.organisation_id) == event.organisation_id,
                col(Mute.muted_person_id) == event.author_id,
                col(Mute.skill_id).in_(about),
            ),
        )
        .exists()
    )
