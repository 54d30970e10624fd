"""Exchanges: who sees them, what hangs on them, and how many hours are committed."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    values,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, select

from db.tables.exchanges import (
    AgreementSignature,
    AgreementVersion,
    Exchange,
    ExchangeHours,
    ExchangeLine,
    ExchangePerson,
    ExchangeReentry,
    ExchangeSide,
    ReentryItem,
)
from db.tables.listings import Listing
from db.tables.match_requests import MatchRequest
from db.tables.organisations import Organisation
from db.tables.people import Locale, Person
from resolvers.exchange_moves import MOVES
from resolvers.organisations import may, permits
from resolvers.permissions import Action
from resolvers.rows import Row, Viewer
from resolvers.wording import say


class ExchangeConsent(StrEnum):
    """Whether the one who goes agrees to going."""

    WAITING = "WAITING"
    GIVEN = "GIVEN"
    REVOKED = "REVOKED"


def visible(exchange: Row, viewer: Viewer) -> ColumnElement[bool]:
    """An exchange is seen by those who manage exchanges on either side, and by who goes."""
    return or_(
        permits(Action.MANAGE_EXCHANGES, exchange.lender_id, viewer),
        permits(Action.MANAGE_EXCHANGES, exchange.borrower_id, viewer),
        goes(exchange.id, viewer),
    )


def goes(exchange_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the newest version of the agreement sends the viewer."""
    return (
        select(ExchangePerson.id)
        .where(
            col(ExchangePerson.exchange_id) == exchange_id,
            col(ExchangePerson.person_id) == viewer.id,
            col(ExchangePerson.removed_at).is_(None),
        )
        .exists()
    )


def exchange(id: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give one exchange."""
    return select(Exchange).where(col(Exchange.id) == id)


def of_organisation(organisation: Row, side: Any, statuses: Any) -> Any:
    """Give the exchanges of an organisation, from one side or both."""
    lends = col(Exchange.lender_id) == organisation.id
    borrows = col(Exchange.borrower_id) == organisation.id
    statement = select(Exchange).where(
        or_(lends, borrows)
        if side is None
        else case(
            (side == ExchangeSide.LENDER.value, lends),
            (side == ExchangeSide.BORROWER.value, borrows),
            else_=literal_column("false"),
        )
    )
    if statuses is not None:
        statement = statement.where(col(Exchange.status) == func.any(statuses))
    return statement


def of_person(person: Row, viewer: Viewer) -> Any:
    """Give the exchanges that send a person, to that person alone."""
    return (
        select(Exchange)
        .join(ExchangePerson, col(ExchangePerson.exchange_id) == col(Exchange.id))
        .where(
            col(ExchangePerson.person_id) == person.id,
            col(ExchangePerson.removed_at).is_(None),
            person.id == viewer.id,
        )
    )


def of_request(request: Row) -> Any:
    """Give the exchange that a match request led to."""
    return select(Exchange).where(col(Exchange.match_request_id) == request.id)


def of_part(part: Row) -> Any:
    """Give the exchange that something belongs to."""
    return select(Exchange).where(col(Exchange.id) == part.exchange_id)


def lender(exchange: Row) -> Any:
    """Give who lends."""
    return select(Organisation).where(col(Organisation.id) == exchange.lender_id)


def borrower(exchange: Row) -> Any:
    """Give who borrows."""
    return select(Organisation).where(col(Organisation.id) == exchange.borrower_id)


def offer(exchange: Row) -> Any:
    """Give the offer that it is about."""
    return select(Listing).where(col(Listing.id) == exchange.offer_id)


def request(exchange: Row) -> Any:
    """Give the request that it is about."""
    return select(Listing).where(col(Listing.id) == exchange.request_id)


def match_request(exchange: Row) -> Any:
    """Give the match request that was accepted."""
    return select(MatchRequest).where(col(MatchRequest.id) == exchange.match_request_id)


def agreement(exchange: Row) -> Any:
    """Give the newest version of the agreement."""
    return select(AgreementVersion).where(
        col(AgreementVersion.exchange_id) == exchange.id,
        col(AgreementVersion.number) == exchange.version,
    )


def versions(exchange: Row) -> Any:
    """Give all versions of the agreement."""
    return select(AgreementVersion).where(col(AgreementVersion.exchange_id) == exchange.id)


def people(exchange: Row) -> Any:
    """Give whom the newest version sends, in the order in which they were named."""
    return (
        select(ExchangePerson)
        .where(
            col(ExchangePerson.exchange_id) == exchange.id,
            col(ExchangePerson.removed_at).is_(None),
        )
        .order_by(col(ExchangePerson.id))
    )


def signatures(exchange: Row) -> Any:
    """Give all signatures, those that lost their force too."""
    return select(AgreementSignature).where(col(AgreementSignature.exchange_id) == exchange.id)


def history(exchange: Row) -> Any:
    """Give what was done."""
    return select(ExchangeLine).where(col(ExchangeLine.exchange_id) == exchange.id)


def hours(exchange: Row) -> Any:
    """Give the log of hours."""
    return select(ExchangeHours).where(col(ExchangeHours.exchange_id) == exchange.id)


def minutes_logged(exchange: Row) -> Any:
    """Add up all minutes that were logged."""
    return _minutes(exchange)


def minutes_confirmed(exchange: Row) -> Any:
    """Add up the minutes that the other side confirmed."""
    return _minutes(exchange, col(ExchangeHours.confirmed_at).is_not(None))


def _minutes(exchange: Row, *conditions: Any) -> Any:
    added = (
        select(func.sum(col(ExchangeHours.minutes)))
        .where(col(ExchangeHours.exchange_id) == exchange.id, *conditions)
        .scalar_subquery()
    )
    return func.coalesce(added, literal_column("0"))


def last_day(exchange: Row) -> Any:
    """Give its last day: that of the recall, or else of the agreement."""
    return func.coalesce(exchange.recall_on, exchange.ends_on)


def viewer_sides(exchange: Row, viewer: Viewer) -> Any:
    """Give on which sides the viewer can act now, in the order of ExchangeSide."""
    sides = _sides(exchange, viewer)
    named = [case((sides.c[side.value], literal(side.value))) for side in ExchangeSide]
    return _listed(named, sides)


def viewer_moves(exchange: Row, viewer: Viewer) -> Any:
    """Give what the viewer can do with it as it stands, in the order of the table."""
    sides = _sides(exchange, viewer)
    named = [
        case(
            (
                and_(
                    exchange.status.in_([status.value for status in rule.to]),
                    or_(*(sides.c[side.value] for side in ExchangeSide if side in rule.by)),
                ),
                literal(move.value),
            )
        )
        for move, rule in MOVES.items()
    ]
    return _listed(named, sides)


def _sides(exchange: Row, viewer: Viewer) -> Any:
    return select_columns(
        may(Action.MANAGE_EXCHANGES, exchange.lender_id, viewer).label(ExchangeSide.LENDER.value),
        may(Action.MANAGE_EXCHANGES, exchange.borrower_id, viewer).label(
            ExchangeSide.BORROWER.value
        ),
        goes(exchange.id, viewer).label(ExchangeSide.EMPLOYEE.value),
    ).subquery("sides")


def _listed(named: list[Any], sides: Any) -> Any:
    """Give the names that are not null."""
    present = func.array_remove(cast(array(named), ARRAY(Text())), cast(null(), Text()))
    found = select_columns(present).select_from(sides).scalar_subquery()
    return func.coalesce(found, cast(array([], type_=Text()), ARRAY(Text())))


def person_name(part: Row) -> Any:
    """Give the name of whom it is about: whoever sees the exchange may know it."""
    named = select(Person.name).where(col(Person.id) == part.person_id).scalar_subquery()
    return func.coalesce(named, literal_column("''"))


def person(part: Row) -> Any:
    """Give whom it is about."""
    return select(Person).where(col(Person.id) == part.person_id)


def consent(named: Row) -> Any:
    """Tell whether somebody agrees to going."""
    return case(
        (named.revoked_at.is_not(None), ExchangeConsent.REVOKED.value),
        (named.consented_at.is_not(None), ExchangeConsent.GIVEN.value),
        else_=ExchangeConsent.WAITING.value,
    )


def actor(line: Row) -> Any:
    """Give who did it."""
    return select(Person).where(col(Person.id) == line.actor_id)


def logged_by(logged: Row) -> Any:
    """Give who logged it."""
    return select(Person).where(col(Person.id) == logged.logged_by_id)


def confirmed_by(confirmed: Row) -> Any:
    """Give who confirmed it."""
    return select(Person).where(col(Person.id) == confirmed.confirmed_by_id)


def ticked_by(point: Row) -> Any:
    """Give who saw to it."""
    return select(Person).where(col(Person.id) == point.ticked_by_id)


def reentry(exchange: Row) -> Any:
    """Give all points of coming back, in their order, and which were seen to."""
    points = (
        values(
            column("item", Text()), column("place", Integer()), name="points", literal_binds=True
        )
        .data([(item.value, place) for place, item in enumerate(ReentryItem)])
        .alias("points")
    )
    ticked = ExchangeReentry.__table__.alias("ticked")  # type: ignore[attr-defined]
    return (
        select_columns(
            points.c.item.label("item"),
            ticked.c.created_at.label("ticked_at"),
            ticked.c.ticked_by_id.label("ticked_by_id"),
        )
        .select_from(
            points.outerjoin(
                ticked, and_(ticked.c.item == points.c.item, ticked.c.exchange_id == exchange.id)
            )
        )
        .order_by(points.c.place)
    )


def reentry_label(point: Row, language: Any) -> Any:
    """Give what a point asks for, in a language."""
    return case(
        *(
            (
                point.item == item.value,
                case(
                    (language == Locale.NL.value, _said(item, Locale.NL)),
                    else_=_said(item, Locale.EN),
                ),
            )
            for item in ReentryItem
        ),
        else_="",
    )


def _said(item: ReentryItem, locale: Locale) -> str:
    return say(f"exchanges.reentry_{item.value.lower()}", locale)
