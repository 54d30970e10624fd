"""The ranked feed, for whoever asks for it: what is fresh, and what many different people answered.

Ranked are the newest `CANDIDATES` posts of the feed, of each organisation, person or skill that is
followed at most the newest `EACH`. A post's score is the minute in which it was published, and on
top of it, each in minutes of freshness:

    + PRIORITISED                 when the viewer prioritises its organisation, author or a skill
    + RESPONSE x 1, 2, … 6        for 1, 3, 7, 15, 31, 63 different people, its author left out,
                                  who reacted or commented: each step takes twice as many
    + SKILL x 1, 2, 3             for skills that it is about and that the viewer has
    - AGAIN x n                   for the n newer candidates of the same organisation

Adding minutes is a decay by half for each doubling of people every `RESPONSE` minutes; it has the
great advantage that the order does not change while time goes by. People are counted, not what
they do, so nobody makes a post louder by answering often, and whoever posts often steps back
behind the others.

A list that changes while it is read would lose and double posts. So each cursor holds a mark: the
newest key among the candidates and what was said on them when the list was begun. Later pages are
ranked as of that mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    UnaryExpression,
    Uuid,
    case,
    cast,
    func,
    literal_column,
    or_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.feed import FeedVisit
from db.tables.network import Follow, PersonFollow, SkillFollow
from db.tables.people import PersonSkill
from db.tables.posts import Comment, Post, PostSkill, Reaction
from resolvers.feed import keys
from resolvers.feed_reasons import people_who_responded
from resolvers.rows import Columns, Page, Row, Viewer

CANDIDATES, EACH = 300, 10
# In minutes.
PRIORITISED, RESPONSE, SKILL, AGAIN = 24 * 60, 3 * 60, 2 * 60, 6 * 60
STEPS: Sequence[int] = (1, 3, 7, 15, 31, 63)
SKILLS_MOST = 3
NEW_MOST = 99
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Newest:
    """The newest posts up to a key or since one, as a page of the feed."""

    size: int
    until: ColumnElement[Any] | None = None
    since: ColumnElement[Any] | None = None
    before: None = None
    backward: bool = False

    @property
    def after(self) -> tuple[ColumnElement[Any], ...] | None:
        """An organisation whose last post is older than `until` needs no look-up."""
        return None if self.until is None else (self.until,)

    @property
    def limit(self) -> Any:
        """How many at most."""
        return literal_column(str(self.size))

    def order(self, columns: Columns) -> list[UnaryExpression[Any]]:
        """Newest first."""
        return [columns("id").desc()]

    def window(self, statement: Select[Any]) -> Select[Any]:
        """Restrict to these posts."""
        key = statement.selected_columns["id"]
        if self.until is not None:
            statement = statement.where(key <= self.until)
        if self.since is not None:
            statement = statement.where(key > self.since)
        return statement.order_by(key.desc()).limit(self.limit)

    def first(self, statement: Select[Any]) -> Select[Any]:
        """Restrict to the newest."""
        return Newest(1, self.until, self.since).window(statement)


def ranked_feed(viewer: Viewer, page: Page) -> Any:
    """Give the candidates with their mark and score."""
    known = page.after or page.before
    mark = None if known is None else known[0]
    candidates, each = Newest(CANDIDATES, until=mark), Newest(EACH, until=mark)
    shown = keys(viewer, candidates, each)
    source: Any = Post.__table__.alias("candidate")  # type: ignore[attr-defined]
    candidate = Row(source.name, {column.key: column.type for column in source.columns})
    marks = _mark(candidate) if mark is None else cast(mark, Uuid())
    scored = (
        select(
            candidate.id.label("id"),
            marks.label("mark"),
            _score(candidate, viewer, mark).label("score"),
        )
        .select_from(source.join(shown, shown.c.id == source.c.id))
        .subquery("scored")
    )
    post: Any = aliased(Post)
    statement = select(post, scored.c.mark, scored.c.score).join(
        scored, scored.c.id == col(post.id)
    )
    return page.window(statement)


def _mark(candidate: Row) -> Any:
    """Give the newest key among all candidates and what was said on them."""
    said: Any = aliased(Comment)
    reacted: Any = aliased(Reaction)
    newest = [
        select(table.id)
        .where(col(table.post_id) == candidate.id)
        .order_by(col(table.id).desc())
        .limit(literal_column("1"))
        .scalar_subquery()
        for table in (said, reacted)
    ]
    latest = func.greatest(candidate.id, *newest, type_=Uuid())
    return func.first_value(latest, type_=Uuid()).over(order_by=latest.desc())


def _score(candidate: Row, viewer: Viewer, mark: ColumnElement[Any] | None) -> Any:
    minute = cast(func.floor(func.extract("epoch", candidate.created_at) / 60), Integer)
    newer = func.row_number().over(
        partition_by=candidate.organisation_id, order_by=candidate.id.desc()
    )
    people = people_who_responded(candidate.id, candidate.author_id, mark)
    steps: ColumnElement[Any] = literal_column(f"array[{', '.join(map(str, STEPS))}]")
    return (
        minute
        + case((_prioritised(candidate, viewer), PRIORITISED), else_=0)
        + RESPONSE * func.width_bucket(people.scalar_subquery(), steps, type_=Integer())
        + SKILL * func.least(_shared(candidate, viewer), SKILLS_MOST, type_=Integer())
        - AGAIN * (cast(newer, Integer) - 1)
    )


def _prioritised(candidate: Row, viewer: Viewer) -> ColumnElement[bool]:
    tag: Any = aliased(PostSkill)
    followed = (
        select(Follow.id).where(
            col(Follow.person_id) == viewer.id,
            col(Follow.organisation_id) == candidate.organisation_id,
            col(Follow.prioritise),
        ),
        select(PersonFollow.id).where(
            col(PersonFollow.person_id) == viewer.id,
            col(PersonFollow.followed_id) == candidate.author_id,
            col(PersonFollow.prioritise),
        ),
        select(SkillFollow.id)
        .join(tag, col(tag.skill_id) == col(SkillFollow.skill_id))
        .where(
            col(SkillFollow.person_id) == viewer.id,
            col(tag.post_id) == candidate.id,
            col(SkillFollow.prioritise),
        ),
    )
    return or_(*(follow.exists() for follow in followed))


def _shared(candidate: Row, viewer: Viewer) -> Any:
    tag: Any = aliased(PostSkill)
    return (
        select(cast(func.count(), Integer))
        .select_from(PersonSkill)
        .join(tag, col(tag.skill_id) == col(PersonSkill.skill_id))
        .where(col(PersonSkill.person_id) == viewer.id, col(tag.post_id) == candidate.id)
        .scalar_subquery()
    )


def new_in_feed(viewer: Viewer) -> Any:
    """Give how much the feed holds that is newer than what the viewer saw last."""
    seen: Any = aliased(FeedVisit)
    mark = select(seen.seen_post_id).where(col(seen.person_id) == viewer.id).scalar_subquery()
    since = Newest(NEW_MOST, since=func.coalesce(mark, literal_column(f"'{BEFORE_ALL}'::uuid")))
    found = keys(viewer, since, since)
    visited = select(FeedVisit.seen_at).where(col(FeedVisit.person_id) == viewer.id)
    return select(
        select(cast(func.count(), Integer)).select_from(found).scalar_subquery().label("count"),
        visited.scalar_subquery().label("since"),
    ).where(viewer.is_signed_in)
