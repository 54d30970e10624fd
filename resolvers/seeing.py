"""May somebody see this row? The same rules as in the graph, asked by a command about one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Uuid, and_, any_, literal_column, or_, select, true
from sqlalchemy.dialects import postgresql

from db.tables.exchanges import Exchange
from db.tables.listing_looks import ListingLook
from db.tables.listings import Listing
from db.tables.match_requests import MatchMessage, MatchRequest
from db.tables.matches import ListingMatch
from db.tables.organisations import Invitation, Organisation
from db.tables.people import Membership, Person
from db.tables.posts import Comment, Media, Post
from db.tables.skills import Skill
from resolvers import (
    exchanges,
    joining,
    listings,
    match_requests,
    matches,
    media,
    network,
    organisations,
    people,
    posts,
)
from resolvers.acting import Connection
from resolvers.rows import VIEWER_ALIAS, Row, Viewer, row_of


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
        "invitation": _Rule(
            Invitation, joining.invitation_visible, {"organisation_id": "organisation"}
        ),
        "post": _Rule(Post, posts.visible, {"organisation_id": "organisation"}),
        "comment": _Rule(Comment, posts.comment_visible, {"post_id": "post"}),
        "media": _Rule(
            Media, media.visible, {"post_id": "post", "match_message_id": "match_message"}
        ),
        "listing": _Rule(Listing, listings.visible, {"organisation_id": "organisation"}),
        "listing_look": _Rule(
            ListingLook,
            listings.look_visible,
            {"listing_id": "listing", "organisation_id": "organisation"},
        ),
        "match": _Rule(
            ListingMatch, matches.visible, {"offer_id": "listing", "request_id": "listing"}
        ),
        "match_request": _Rule(
            MatchRequest,
            match_requests.visible,
            {"asking_id": "organisation", "asked_id": "organisation"},
        ),
        "exchange": _Rule(
            Exchange,
            exchanges.visible,
            {"lender_id": "organisation", "borrower_id": "organisation"},
        ),
        "match_message": _Rule(MatchMessage, None, {"match_request_id": "match_request"}),
        "skill": _Rule(Skill, None, {}),
    }


async def sees(connection: Connection, viewer_id: UUID | None, what: str, key: UUID) -> bool:
    """Tell whether the viewer (None: a visitor) may see the row of `what` with this key.

    `what` is `organisation`, `person`, `membership`, `invitation`, `post`, `comment`, `media`,
    `listing`, `listing_look`, `match`, `match_request`, `match_message`, `exchange` or `skill`.
    """
    return bool(await connection.fetchval(_seen(what), viewer_id, key))


async def seen_among(
    connection: Connection,
    viewer_id: UUID | None,
    what: str,
    keys: Sequence[UUID],
    *columns: str,
) -> Mapping[UUID, asyncpg.Record]:
    """Give these columns of the rows of `what`, of those with these keys, that the viewer may see."""
    rows = await connection.fetch(_seen_of_many(what, columns), viewer_id, keys)
    return {row["id"]: row for row in rows}


@cache
def ruled(statement: str) -> str:
    """Give a statement with a rule for each `{post_seen}`, `{comment_seen}` and so on.

    The rule is a SELECT of one row when the viewer $1 may see the row with the key $2. So a command
    that must be fast asks and writes in one statement.
    """
    for what in _rules():
        if (place := f"{{{what}_seen}}") in statement:
            statement = statement.replace(place, _seen(what))
    return statement


def condition_of(what: str, alias: str, *, proven: frozenset[str] = frozenset()) -> str:
    """Give the rule for a row of `what` under an alias, in a statement that reads from `viewer`.

    `proven` names the keys whose rows the statement asks about by itself.
    """
    return f"({in_words(_rule(what, _row(what, alias), proven))})"


@cache
def _seen(what: str) -> str:
    viewer = asking()
    found: Any = (
        select(literal_column("1"))
        .select_from(viewer)
        .where(seen_here(what, literal_column("$2::uuid", Uuid()), f"{what}_row"))
    )
    return in_words(found)


@cache
def _seen_of_many(what: str, columns: tuple[str, ...]) -> str:
    rule, row = _rules()[what], _row(what, f"{what}_row")
    found: Any = (
        select(row.id, *(getattr(row, column) for column in columns))
        .select_from(asking(), rule.table.__table__.alias(row.alias))
        .where(row.id == any_(literal_column("$2::uuid[]", ARRAY(Uuid()))), _rule(what, row))
    )
    return in_words(found)


def asking() -> Any:
    """Give the viewer, with $1 as their key, for a statement that rules of rows are part of."""
    # Or the hidden keys would be looked up once for each rule that mentions them.
    return _by_key().cte(VIEWER_ALIAS).prefix_with("materialized")


def asking_by_key() -> str:
    """Give the viewer with the key $1 in words; a visitor for null."""
    return in_words(_by_key())


def _by_key() -> Any:
    who = select(literal_column("$1::uuid", Uuid()).label("id")).subquery("who")
    return select(who.c.id, *network.standing(who.c.id))


def in_words(statement: Any) -> str:
    """Give a statement as text; what is constant in it is written out."""
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _row(what: str, alias: str) -> Row:
    return row_of(_rules()[what].table, alias)


def seen_here(what: str, key: Any, alias: str) -> Any:
    """Tell, inside a statement that knows the viewer, whether they may see the row with this key."""
    row = _row(what, alias)
    return (
        select(literal_column("1"))
        .select_from(_rules()[what].table.__table__.alias(alias))
        .where(row.id == key, _rule(what, row))
        .exists()
    )


def _rule(what: str, row: Row, proven: frozenset[str] = frozenset()) -> Any:
    rule = _rules()[what]
    conditions = [rule.visible(row, Viewer())] if rule.visible else []
    for column, target in rule.within.items():
        if column in proven:
            continue
        key = getattr(row, column)
        seen = seen_here(target, key, f"{row.alias}_{target}")
        nullable = rule.table.__table__.c[column].nullable
        conditions.append(or_(key.is_(None), seen) if nullable else seen)
    return and_(true(), *conditions)
