"""The inbox: what a person is told, as far as they may still know of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    and_,
    any_,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    values,
)
from sqlmodel import col
from sqlmodel import select as rows_of

from db.tables.exchanges import Exchange
from db.tables.feed import SavedSearch
from db.tables.listings import Listing
from db.tables.market_searches import MarketSearch
from db.tables.match_requests import MatchRequest
from db.tables.notifications import (
    Notification,
    NotificationActor,
    NotificationKind,
    NotificationPreference,
)
from db.tables.organisations import Invitation, Organisation, Partnership, PartnershipStatus
from db.tables.people import Membership, Person
from db.tables.posts import Comment, Post
from db.tables.receipts import ExchangeReceipt, RaisedSkill
from resolvers.notification_kinds import DEFAULTS
from resolvers.notification_titles import title as sentence
from resolvers.permissions import PERMISSIONS, Action
from resolvers.rows import Row, Viewer
from resolvers.seeing import seen_here

UNREAD_COUNTED = 1_000
# Their comment is one of the people in the line; for others it is the line's own.
ABOUT_COMMENTS = (NotificationKind.POST_COMMENTED.value, NotificationKind.COMMENT_REPLIED.value)

ABOUT_MATCH_REQUESTS = (
    NotificationKind.MATCH_REQUESTED.value,
    NotificationKind.MATCH_DECIDED.value,
    NotificationKind.MATCH_MESSAGE.value,
)
ABOUT_EXCHANGES = (
    NotificationKind.EXCHANGE_CHANGED.value,
    NotificationKind.EXCHANGE_ASKED.value,
    NotificationKind.EXCHANGE_REMINDER.value,
)


def visible(notification: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A line is its reader's alone, and only as long as they may see what it is about.

    Whose kind is switched off, who did it if they are all blocked by now, what is no longer to be
    decided or not by this reader: none of it is shown or counted.
    """
    return and_(
        notification.person_id == viewer.id,
        _seen_or_none("post", notification.post_id),
        _seen_or_none("comment", notification.comment_id),
        _seen_or_none("organisation", notification.organisation_id),
        _seen_or_none("listing", notification.listing_id),
        or_(
            notification.actor_count == literal_column("0"),
            actor_count(notification, viewer) > literal_column("0"),
        ),
        ~_is_switched_off(notification),
        case(
            (notification.kind.in_(ABOUT_COMMENTS), _has_comment(notification)),
            (
                notification.kind == NotificationKind.JOIN_REQUESTED.value,
                _may_decide(notification.organisation_id, viewer, Action.INVITE),
            ),
            (
                notification.kind == NotificationKind.PARTNERSHIP_REQUESTED.value,
                _awaits_partner(notification, viewer),
            ),
            (notification.kind == NotificationKind.INVITED.value, _is_open(notification)),
            (
                notification.kind.in_(ABOUT_MATCH_REQUESTS),
                seen_here("match_request", notification.subject_id, "told_request"),
            ),
            (
                notification.kind.in_(ABOUT_EXCHANGES),
                or_(
                    seen_here("exchange", notification.subject_id, "told_exchange"),
                    _is_raised_in(notification),
                ),
            ),
            (
                notification.kind == NotificationKind.MATCHES_FOUND.value,
                and_(
                    seen_here("listing", notification.subject_id, "told_listing"),
                    _may_decide(notification.organisation_id, viewer, Action.MANAGE_LISTINGS),
                ),
            ),
            else_=literal_column("true"),
        ),
    )


def notifications(person: Row, viewer: Viewer, unread: Any) -> Any:
    """Give a person's inbox; `unread` only what is, or what is not."""
    statement = rows_of(Notification).where(
        col(Notification.person_id) == person.id, person.id == viewer.id
    )
    if unread is not None:
        statement = statement.where(col(Notification.read_at).is_(None) == unread)
    return statement


def unread_count(person: Row, viewer: Viewer) -> Any:
    """Count what is unread, UNREAD_COUNTED at most."""
    lines = Notification.__table__.alias("unread_line")  # type: ignore[attr-defined]
    line = Row("unread_line", {item.key: item.type for item in lines.columns})
    unread = (
        select(literal_column("1"))
        .select_from(lines)
        .where(
            line.person_id == person.id,
            person.id == viewer.id,
            line.read_at.is_(None),
            visible(line, viewer),
        )
        .limit(literal_column(str(UNREAD_COUNTED)))
        .subquery("unread_lines")
    )
    return func.coalesce(
        select(func.count()).select_from(unread).scalar_subquery(), literal_column("0")
    )


def title(notification: Row, viewer: Viewer) -> Any:
    """Give what the line says, in its reader's language."""
    return func.coalesce(sentence(notification, actor_count(notification, viewer)), "")


def actor_count(notification: Row, viewer: Viewer) -> Any:
    """Count the people in a line, without those who are hidden from the viewer."""
    hidden = (
        select(func.count())
        .select_from(NotificationActor)
        .where(
            col(NotificationActor.notification_id) == notification.id,
            col(NotificationActor.person_id) == any_(viewer.hidden),
        )
        .scalar_subquery()
    )
    return case(
        (func.cardinality(viewer.hidden) == literal_column("0"), notification.actor_count),
        else_=func.coalesce(notification.actor_count - hidden, literal_column("0")),
    )


def actors(notification: Row) -> Any:
    """Give who did it, the last first."""
    return (
        rows_of(Person)
        .where(col(Person.id) == any_(notification.actor_ids))
        .order_by(func.array_position(notification.actor_ids, col(Person.id)))
    )


def post(notification: Row) -> Any:
    """Give the post that a line is about."""
    return rows_of(Post).where(col(Post.id) == notification.post_id)


def organisation(notification: Row) -> Any:
    """Give the organisation that a line is about."""
    return rows_of(Organisation).where(col(Organisation.id) == notification.organisation_id)


def saved_search(notification: Row) -> Any:
    """Give the search that found something."""
    return rows_of(SavedSearch).where(
        col(SavedSearch.id) == notification.subject_id,
        notification.kind == NotificationKind.SAVED_SEARCH_FOUND.value,
    )


def market_search(notification: Row) -> Any:
    """Give the search of the market that found something."""
    return rows_of(MarketSearch).where(
        col(MarketSearch.id) == notification.subject_id,
        notification.kind == NotificationKind.MARKET_SEARCH_FOUND.value,
    )


def listing(notification: Row) -> Any:
    """Give the listing that has new matches, or that a search found alone."""
    return rows_of(Listing).where(
        col(Listing.id)
        == case(
            (
                notification.kind == NotificationKind.MATCHES_FOUND.value,
                notification.subject_id,
            ),
            else_=notification.listing_id,
        )
    )


def match_request(notification: Row) -> Any:
    """Give the match request that a line is about."""
    return rows_of(MatchRequest).where(
        col(MatchRequest.id) == notification.subject_id,
        notification.kind.in_(ABOUT_MATCH_REQUESTS),
    )


def exchange(notification: Row) -> Any:
    """Give the exchange that a line is about."""
    return rows_of(Exchange).where(
        col(Exchange.id) == notification.subject_id, notification.kind.in_(ABOUT_EXCHANGES)
    )


def comment(notification: Row) -> Any:
    """Give the comments that a line leads to, of which the newest is shown."""
    return rows_of(Comment).where(
        case(
            (
                notification.kind == NotificationKind.POST_COMMENTED.value,
                and_(
                    col(Comment.post_id) == notification.post_id,
                    col(Comment.author_id) == any_(notification.actor_ids),
                    col(Comment.deleted_at).is_(None),
                ),
            ),
            (
                notification.kind == NotificationKind.COMMENT_REPLIED.value,
                and_(
                    col(Comment.parent_id) == notification.comment_id,
                    col(Comment.author_id) == any_(notification.actor_ids),
                    col(Comment.deleted_at).is_(None),
                ),
            ),
            else_=col(Comment.id) == notification.comment_id,
        )
    )


def preferences(person: Row, viewer: Viewer) -> Any:
    """Give how a person is told of each kind: as they chose, or by default."""
    kinds = (
        values(
            column("kind", Text()),
            column("in_app", Boolean()),
            column("email", Boolean()),
            column("place", Integer()),
            name="kinds",
            literal_binds=True,
        )
        .data(
            [
                (kind.value, how.in_app, how.email, place)
                for place, (kind, how) in enumerate(DEFAULTS.items())
            ]
        )
        .alias("kinds")
    )
    chosen = NotificationPreference.__table__.alias("chosen")  # type: ignore[attr-defined]
    return (
        select(
            kinds.c.kind.label("kind"),
            func.coalesce(chosen.c.in_app, kinds.c.in_app).label("in_app"),
            func.coalesce(chosen.c.email, kinds.c.email).label("email"),
            person.id.label("person_id"),
        )
        .select_from(
            kinds.outerjoin(
                chosen, and_(chosen.c.kind == kinds.c.kind, chosen.c.person_id == person.id)
            )
        )
        .where(person.id == viewer.id)
        .order_by(kinds.c.place)
    )


def preference_visible(preference: Row, viewer: Viewer) -> ColumnElement[bool]:
    """How somebody is told is their own business."""
    return preference.person_id == viewer.id


def _seen_or_none(what: str, key: Any) -> ColumnElement[bool]:
    return or_(key.is_(None), seen_here(what, key, f"told_{what}"))


def _is_switched_off(notification: Row) -> ColumnElement[bool]:
    """Tell whether the reader does not want this kind in the inbox; every kind is there by default."""
    return (
        rows_of(NotificationPreference.kind)
        .where(
            col(NotificationPreference.person_id) == notification.person_id,
            col(NotificationPreference.kind) == notification.kind,
            ~col(NotificationPreference.in_app),
        )
        .exists()
    )


def _has_comment(notification: Row) -> ColumnElement[bool]:
    """Tell whether one of the comments that a line leads to may still be read."""
    found = Comment.__table__.alias("told_of")  # type: ignore[attr-defined]
    row = Row("told_of", {item.key: item.type for item in found.columns})
    return (
        select(literal_column("1"))
        .select_from(found)
        .where(
            case(
                (
                    notification.kind == NotificationKind.POST_COMMENTED.value,
                    row.post_id == notification.post_id,
                ),
                else_=row.parent_id == notification.comment_id,
            ),
            row.author_id == any_(notification.actor_ids),
            row.deleted_at.is_(None),
            seen_here("comment", row.id, "told_answer"),
        )
        .exists()
    )


def _is_raised_in(notification: Row) -> ColumnElement[bool]:
    """Tell whether a line asks its reader about a skill that an exchange of others raised."""
    return (
        rows_of(RaisedSkill.id)
        .join(ExchangeReceipt, col(ExchangeReceipt.id) == col(RaisedSkill.receipt_id))
        .where(
            notification.kind == NotificationKind.EXCHANGE_ASKED.value,
            col(ExchangeReceipt.exchange_id) == notification.subject_id,
            col(RaisedSkill.person_id) == notification.person_id,
        )
        .exists()
    )


def _may_decide(organisation_id: Any, viewer: Viewer, action: Action) -> ColumnElement[bool]:
    return (
        rows_of(Membership.id)
        .where(
            col(Membership.organisation_id) == organisation_id,
            col(Membership.person_id) == viewer.id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(sorted(role.value for role in PERMISSIONS[action])),
        )
        .exists()
    )


def _awaits_partner(notification: Row, viewer: Viewer) -> ColumnElement[bool]:
    return (
        rows_of(Partnership.id)
        .join(
            Membership,
            and_(
                col(Membership.organisation_id) == col(Partnership.addressee_id),
                col(Membership.person_id) == viewer.id,
                col(Membership.ended_on).is_(None),
                col(Membership.role).in_(
                    sorted(role.value for role in PERMISSIONS[Action.MANAGE_PARTNERSHIPS])
                ),
            ),
        )
        .where(
            col(Partnership.id) == notification.subject_id,
            col(Partnership.status) == PartnershipStatus.REQUESTED.value,
        )
        .exists()
    )


def _is_open(notification: Row) -> ColumnElement[bool]:
    return (
        rows_of(Invitation.id)
        .where(
            col(Invitation.id) == notification.subject_id,
            col(Invitation.answered_at).is_(None),
            col(Invitation.revoked_at).is_(None),
            col(Invitation.expires_at) > func.now(),
        )
        .exists()
    )
