"""Match requests: who sees them, their conversation, and what could be answered instead of no."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_
from sqlmodel import col, select

from db.tables.listings import Listing
from db.tables.match_requests import (
    MatchMessage,
    MatchReading,
    MatchRequest,
    MatchRequestStatus,
)
from db.tables.organisations import Organisation
from db.tables.people import Person
from resolvers.markdown import html_of
from resolvers.organisations import may, permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer


def visible(request: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A match request, with what is written about it, is seen by those who manage matches on either side."""
    return or_(
        permits(Action.MANAGE_LISTINGS, request.asking_id, viewer),
        permits(Action.MANAGE_LISTINGS, request.asked_id, viewer),
    )


def status(request: Row) -> Any:
    """Give where it stands: what nobody answered in time has expired, noted or not."""
    late = and_(
        request.status == MatchRequestStatus.PROPOSED.value, request.expires_at <= func.now()
    )
    return case((late, MatchRequestStatus.EXPIRED.value), else_=request.status)


def of_organisation(organisation: Row, received: Any, statuses: Any) -> Any:
    """Give the match requests of an organisation, from either side."""
    asked = col(MatchRequest.asked_id) == organisation.id
    asking = col(MatchRequest.asking_id) == organisation.id
    statement = select(MatchRequest).where(
        or_(asked, asking) if received is None else case((received, asked), else_=asking)
    )
    if statuses is not None:
        late = and_(
            col(MatchRequest.status) == MatchRequestStatus.PROPOSED,
            col(MatchRequest.expires_at) <= func.now(),
        )
        now = case((late, MatchRequestStatus.EXPIRED.value), else_=col(MatchRequest.status))
        statement = statement.where(now == func.any(statuses))
    return statement


def asking(request: Row) -> Any:
    """Give who asks."""
    return select(Organisation).where(col(Organisation.id) == request.asking_id)


def asked(request: Row) -> Any:
    """Give who is asked."""
    return select(Organisation).where(col(Organisation.id) == request.asked_id)


def listing(request: Row) -> Any:
    """Give the listing of the other that it is about."""
    return select(Listing).where(col(Listing.id) == request.listing_id)


def own_listing(request: Row) -> Any:
    """Give the listing of whoever asks that it is about."""
    return select(Listing).where(col(Listing.id) == request.own_listing_id)


def counter_to(request: Row) -> Any:
    """Give the request that it answers with something else."""
    return select(MatchRequest).where(col(MatchRequest.id) == request.counter_to_id)


def counters(request: Row) -> Any:
    """Give what was proposed instead."""
    return (
        select(MatchRequest)
        .where(col(MatchRequest.counter_to_id) == request.id)
        .order_by(col(MatchRequest.id))
    )


def asked_by(request: Row) -> Any:
    """Give who asked."""
    return select(Person).where(col(Person.id) == request.asked_by_id)


def answered_by(request: Row) -> Any:
    """Give who answered."""
    return select(Person).where(col(Person.id) == request.answered_by_id)


def viewer_can_answer(request: Row, viewer: Viewer) -> Any:
    """Tell whether the viewer may accept or decline it now."""
    waits = and_(
        request.status == MatchRequestStatus.PROPOSED.value,
        request.expires_at > func.now(),
        may(Action.MANAGE_LISTINGS, request.asked_id, viewer),
    )
    return func.coalesce(waits, false())


def messages(request: Row) -> Any:
    """Give what was written about it."""
    return select(MatchMessage).where(col(MatchMessage.match_request_id) == request.id)


def unread(request: Row, viewer: Viewer) -> Any:
    """Give how many messages of others the viewer has not read."""
    read = (
        select(MatchReading.read_message_id)
        .where(
            col(MatchReading.match_request_id) == request.id,
            col(MatchReading.person_id) == viewer.id,
        )
        .scalar_subquery()
    )
    count = (
        select(func.count())
        .select_from(MatchMessage)
        .where(
            col(MatchMessage.match_request_id) == request.id,
            col(MatchMessage.author_id).is_distinct_from(viewer.id),
            or_(read.is_(None), col(MatchMessage.id) > read),
        )
        .scalar_subquery()
    )
    return func.coalesce(count, 0)


def message_html(message: Row) -> Any:
    """Give a message as safe HTML."""
    return html_of(message.body_html, message.body)


def author(message: Row) -> Any:
    """Give who wrote it."""
    return select(Person).where(col(Person.id) == message.author_id)


def organisation(message: Row) -> Any:
    """Give in whose name it was written."""
    return select(Organisation).where(col(Organisation.id) == message.organisation_id)


def request_of(message: Row) -> Any:
    """Give what it is about."""
    return select(MatchRequest).where(col(MatchRequest.id) == message.match_request_id)
