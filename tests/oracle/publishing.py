"""Posts, drafts and what hangs on them, as loops over rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.paging import ID_DOWN, Key, Order
from tests.oracle.store import Row, Store

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST = Order((ID_DOWN,))
PUBLISHERS = {"OWNER", "ADMIN", "TALENT_MANAGER", "EDITOR"}
MANAGERS = {"OWNER", "ADMIN", "EDITOR"}


def pointing(type_name: str, table: str, column: str) -> Callable[..., Found]:
    """Give the list of rows of a table that point to the parent."""

    def found(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
        for row in store.by(table, column, parent["id"]):
            yield type_name, row, {}

    return found


def bookmarks(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
    """Give the posts that the viewer keeps; nothing of what others keep."""
    if parent["id"] == rules.viewer:
        for row in store.by("bookmark", "person_id", parent["id"]):
            yield "Post", store.tables["post"][row["post_id"]], {"bookmark_id": row["id"]}


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Post.reposts": ("Post", pointing("Post", "post", "repost_of_id"), NEWEST),
    "Post.revisions": (
        "PostRevision",
        pointing("PostRevision", "post_revision", "post_id"),
        NEWEST,
    ),
    "Organisation.drafts": (
        "PostDraft",
        pointing("PostDraft", "post_draft", "organisation_id"),
        NEWEST,
    ),
    "Person.bookmarks": ("Post", bookmarks, Order((Key("bookmark_id", UUID, descending=True),))),
}
OF_THE_VIEWER = {"Person.bookmarks"}
FOREIGN_KEYS = {
    "PostRevision.post": "post_id",
    "PostDraft.author": "author_id",
    "PostDraft.organisation": "organisation_id",
    "Mention.person": "person_id",
    "Mention.organisation": "organisation_id",
}


def role_there(store: Store, person_id: UUID | None, organisation_id: UUID) -> str | None:
    """Give the current role of a person in an organisation."""
    return next(
        (
            row["role"]
            for row in store.by("membership", "person_id", person_id)
            if row["organisation_id"] == organisation_id and row["ended_on"] is None
        ),
        None,
    )


def _shown(type_name: str, rows: Iterable[Row], asking: Asking) -> list[Thing]:
    things = [asking.thing(type_name, row) for row in rows]
    return [thing for thing in things if thing is not None]


def _mentions(column: str) -> Callable[..., Any]:
    def found(thing: Thing, asking: Asking) -> list[Thing]:
        rows = [
            row
            for row in asking.store.by("mention", column, thing.row["id"])
            if column == "comment_id" or row["comment_id"] is None
        ]
        return _shown("Mention", sorted(rows, key=lambda row: row["id"]), asking)

    return found


def _by_label(keys: Iterable[UUID], asking: Asking) -> list[Thing]:
    rows = [asking.store.tables["skill"][key] for key in keys]
    return _shown("Skill", sorted(rows, key=lambda row: (row["label_en"], row["id"])), asking)


def _skills(thing: Thing, asking: Asking) -> list[Thing]:
    tags = asking.store.by("post_skill", "post_id", thing.row["id"])
    return _by_label([tag["skill_id"] for tag in tags], asking)


def _pinned(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("post", "organisation_id", thing.row["id"])
    pinned = [row for row in rows if row["pinned_at"]]
    return _shown("Post", sorted(pinned, key=lambda row: row["pinned_at"], reverse=True), asking)


def _has_bookmarked(thing: Thing, asking: Asking) -> bool:
    mine = asking.store.by("bookmark", "person_id", asking.rules.viewer)
    return any(row["post_id"] == thing.row["id"] for row in mine)


def _can_edit_post(thing: Thing, asking: Asking) -> bool:
    post, viewer = thing.row, asking.rules.viewer
    role = role_there(asking.store, viewer, post["organisation_id"])
    if asking.store.tables["organisation"][post["organisation_id"]]["suspended_at"]:
        return False
    return role in MANAGERS or (post["author_id"] == viewer and role in PUBLISHERS)


def _can_edit_comment(thing: Thing, asking: Asking) -> bool:
    comment = thing.row
    return comment["author_id"] == asking.rules.viewer and comment["deleted_at"] is None


def _can_delete_comment(thing: Thing, asking: Asking) -> bool:
    comment, viewer = thing.row, asking.rules.viewer
    place = asking.store.tables["post"][comment["post_id"]]["organisation_id"]
    role = role_there(asking.store, viewer, place)
    suspended = asking.store.tables["organisation"][place]["suspended_at"]
    manages = role in MANAGERS and not suspended
    return comment["deleted_at"] is None and (comment["author_id"] == viewer or manages)


def _comment_author(thing: Thing, asking: Asking) -> Thing | None:
    comment = thing.row
    return None if comment["deleted_at"] else asking.by_key("Person", comment["author_id"])


def _count_of(thing: Thing, asking: Asking, kind: str) -> int:
    rows = asking.store.by("reaction", "post_id", thing.row["id"])
    return sum(1 for row in rows if row["kind"] == kind)


SPECIAL: dict[str, Callable[..., Any]] = {
    "Post.skills": _skills,
    "Post.mentions": _mentions("post_id"),
    "Comment.mentions": _mentions("comment_id"),
    "Post.repostOf": lambda thing, asking: asking.by_key("Post", thing.row["repost_of_id"]),
    "Post.bestAnswer": lambda thing, asking: asking.by_key("Comment", thing.row["best_answer_id"]),
    "Post.reactionCountOf": _count_of,
    "Post.viewerHasBookmarked": _has_bookmarked,
    "Post.viewerCanEdit": _can_edit_post,
    "Comment.author": _comment_author,
    "Comment.isDeleted": lambda thing, _: thing.row["deleted_at"] is not None,
    "Comment.viewerCanEdit": _can_edit_comment,
    "Comment.viewerCanDelete": _can_delete_comment,
    "PostRevision.editedBy": lambda thing, asking: asking.by_key(
        "Person", thing.row["edited_by_id"]
    ),
    "PostDraft.skills": lambda thing, asking: _by_label(thing.row["skill_ids"], asking),
    "PostDraft.media": lambda thing, asking: _shown(
        "Media", (asking.store.tables["media"][key] for key in thing.row["media_ids"]), asking
    ),
    "Organisation.pinnedPosts": _pinned,
}
