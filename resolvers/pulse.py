"""What happens in the whole network just now: how much of what, and which skills posts are about.

Counts only, of what everybody in the network may read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Double, cast, func, literal_column
from sqlmodel import col, select

from db.tables.events import Event
from db.tables.posts import Audience, Post, PostSkill
from resolvers.rows import Row
from subscriptions.events import EventKind

WINDOW_MIN, WINDOW_MAX = 1, 300
OPEN_TO_ALL = (Audience.PUBLIC.value, Audience.NETWORK.value)
COUNTED = {
    "posts": (EventKind.POST_PUBLISHED,),
    "comments": (EventKind.COMMENT_ADDED,),
    "reactions": (EventKind.POST_REACTED,),
    "follows": (EventKind.FOLLOW_CHANGED,),
}


def pulse(window: Any) -> Any:
    """Give how much happened in the last `window` seconds."""
    counts = {
        name: func.count().filter(col(Event.kind).in_([kind.value for kind in kinds]))
        for name, kinds in COUNTED.items()
    }
    columns: list[Any] = [count.label(name) for name, count in counts.items()]
    happened = select(*columns).where(
        *_recent(window, (kind for kinds in COUNTED.values() for kind in kinds))
    )
    found = happened.subquery("happened")
    total: Any = found.c.posts + found.c.comments + found.c.reactions + found.c.follows
    shown: list[Any] = [
        func.now().label("at"),
        window.label("window"),
        *(found.c[name] for name in COUNTED),
        (cast(total, Double) / window).label("per_second"),
    ]
    return select(*shown)


def trending_skills(pulse: Row) -> Any:
    """Give the skills that most posts of the last seconds are about, and how many."""
    count = func.count().label("post_count")
    return (
        select(col(PostSkill.skill_id), count)
        .select_from(Event)
        .join(Post, col(Post.id) == col(Event.subject_id))
        .join(PostSkill, col(PostSkill.post_id) == col(Post.id))
        .where(
            *_recent(pulse.window, (EventKind.POST_PUBLISHED,)),
            col(Post.audience).in_(OPEN_TO_ALL),
            col(Post.hidden_at).is_(None),
        )
        .group_by(col(PostSkill.skill_id))
        .order_by(count.desc(), col(PostSkill.skill_id))
    )


def _recent(window: Any, kinds: Iterable[EventKind]) -> tuple[Any, ...]:
    second: Any = literal_column("interval '1 second'")
    return (
        col(Event.created_at) > func.now() - window * second,
        col(Event.kind).in_([kind.value for kind in kinds]),
    )
