"""May somebody see this row? The same rules as in the graph, asked by a command about one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, literal_column, or_, select
from sqlalchemy.dialects import postgresql

from db.tables.organisations import Organisation
from db.tables.people import Membership, Person
from db.tables.posts import Comment, Media, Post
from db.tables.skills import Skill
from resolvers import media, network, organisations, people, posts
from resolvers.acting import Connection
from resolvers.rows import VIEWER_ALIAS, Row, Viewer


@dataclass(frozen=True)
class _Rule:
    """A type's own rule, and the columns that lead to rows that must be visible too."""

    table: Any
    visible: Callable[[Row, Viewer], Any] | None
    within: Mapping[str, str]


@cache
def _rules() -> Mapping[str, _Rule]:
    return {
        "organisation": _Rule(Organisation, organisations.visible, {}),
        "person": _Rule(Person, people.visible, {}),
        "membership": _Rule(
            Membership, None, {"person_id": "person", "organisation_id": "organisation"}
        ),
        "post": _Rule(Post, posts.visible, {"organisation_id": "organisation"}),
        "comment": _Rule(Comment, posts.comment_visible, {"post_id": "post"}),
        "media": _Rule(Media, media.visible, {"post_id": "post"}),
        "skill": _Rule(Skill, None, {}),
    }


async def sees(connection: Connection, viewer_id: UUID | None, what: str, key: UUID) -> bool:
    """Tell whether the viewer (None: a visitor) may see the row of `what` with this key.

    `what` is `organisation`, `person`, `membership`, `post`, `comment`, `media` or `skill`.
    """
    return bool(await connection.fetchval(_statement(what), viewer_id, key))


@cache
def _statement(what: str) -> str:
    who = select(literal_column("$1::uuid", Uuid()).label("id")).subquery("who")
    viewer = select(who.c.id, network.hidden_from(who.c.id).label("hidden")).cte(VIEWER_ALIAS)
    found: Any = (
        select(literal_column("1"))
        .select_from(viewer)
        .where(_seen(what, literal_column("$2::uuid", Uuid()), f"{what}_row"))
    )
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(found.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _seen(what: str, key: Any, alias: str) -> Any:
    rule = _rules()[what]
    row = Row(alias, {column.key: column.type for column in rule.table.__table__.columns})
    conditions = [rule.visible(row, Viewer())] if rule.visible else []
    for column, target in rule.within.items():
        key_there = getattr(row, column)
        seen = _seen(target, key_there, f"{alias}_{target}")
        nullable = rule.table.__table__.c[column].nullable
        conditions.append(or_(key_there.is_(None), seen) if nullable else seen)
    return (
        select(literal_column("1"))
        .select_from(rule.table.__table__.alias(alias))
        .where(row.id == key, and_(*conditions))
        .exists()
    )
