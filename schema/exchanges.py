"""Exchanges in the graph: what two organisations agree on, and what becomes of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, DateTime, Text, Uuid

from db.tables import exchanges as tables
from db.tables.exchanges import (
    PERSONS_MAX,
    ExchangeEndReason,
    ExchangeSide,
    ExchangeStatus,
    ExchangeStep,
    ReentryItem,
)
from db.tables.people import Locale
from resolvers import exchanges as resolve
from resolvers import receipts as resolve_receipts
from resolvers.exchange_moves import Move
from schema import prefixes
from schema.engine.declare import argument, column, connection, derived, many, one, table, value
from schema.engine.relay import Connection, Node
from schema.references import (
    ToAgreementSignature,
    ToAgreementVersion,
    ToExchangePerson,
    ToExchangeReceipt,
    ToListing,
    ToMatchRequest,
    ToOrganisation,
    ToPerson,
)


@derived(
    Column("item", Text, nullable=False),
    Column("ticked_at", DateTime(timezone=True)),
    Column("ticked_by_id", Uuid),
)
class ReentryPoint:
    """Something to see to when somebody comes back, so that what they learned is used."""

    item: ReentryItem = column("Which point.")
    label: str = value(
        resolve.reentry_label,
        "What it asks for.",
        language=argument(Locale, "In which language.", default=Locale.EN),
    )
    ticked_at: datetime | None = column("When it was seen to; null when it was not.")
    ticked_by: ToPerson | None = one(
        resolve.ticked_by, "Who saw to it; null when nobody did, or that person is gone."
    )


@table(
    tables.Exchange,
    prefix=prefixes.EXCHANGE,
    visible=resolve.visible,
    within={"lender_id": "Organisation", "borrower_id": "Organisation"},
)
class Exchange(Node):
    """An organisation lends to another what they agree on.

    Seen by those who manage exchanges on either side, and by whoever goes; by nobody else.
    """

    status: ExchangeStatus = column("Where it stands.")
    version: int = column(
        "The number of the newest version; an amendment names the one it changes."
    )
    created_at: datetime = column("When it was begun, by accepting a match request.")
    offered_at: datetime | None = column(
        "When the newest version was offered to be signed; null while it is a draft."
    )
    agreed_at: datetime | None = column("When all had signed; null before.")
    started_at: datetime | None = column("When it began; null before.")
    starts_on: date | None = column("Its first day, as the newest version has it.")
    last_day: date | None = value(
        resolve.last_day, "Its last day: that of the recall, or as agreed; null when it may last."
    )
    recall_asked_on: date | None = column(
        "The last day that the lender asks for on shorter notice, until the borrower answers."
    )
    recall_on: date | None = column("The last day after a recall; null when there was none.")
    recalled_at: datetime | None = column("When it was recalled; null when it was not.")
    completed_at: datetime | None = column("When it was over; null before.")
    cancelled_at: datetime | None = column("When it was called off; null when it was not.")
    end_reason: ExchangeEndReason | None = column(
        "Why it was called off, or ended early; null when neither."
    )
    end_note: str = column("What was said about that; may be empty.")
    lender: ToOrganisation = one(resolve.lender, "Who lends.")
    borrower: ToOrganisation = one(resolve.borrower, "Who borrows.")
    match_request: ToMatchRequest | None = one(
        resolve.match_request,
        "The match request that led to it; null when it is gone, or not to be seen.",
    )
    offer: ToListing | None = one(
        resolve.offer, "The offer that it is about; null when none, or not to be seen."
    )
    request: ToListing | None = one(
        resolve.request, "The request that it is about; null when none, or not to be seen."
    )
    agreement: ToAgreementVersion | None = one(
        resolve.agreement, "What is agreed, or proposed: the newest version. There always is one."
    )
    versions: Connection[ToAgreementVersion] = connection(
        resolve.versions,
        "All versions of the agreement, the newest first.",
        order=("-number", "-id"),
    )
    people: list[ToExchangePerson] = many(
        resolve.people, "Whom the newest version sends, the first named first.", at_most=PERSONS_MAX
    )
    signatures: Connection[ToAgreementSignature] = connection(
        resolve.signatures,
        "All signatures, the newest first; those that lost their force too.",
        order=("-id",),
    )
    history: Connection[ExchangeLine] = connection(
        resolve.history, "What was done, the latest first.", order=("-id",)
    )
    hours: Connection[ExchangeHours] = connection(
        resolve.hours, "The log of hours, the latest day first.", order=("-worked_on", "-id")
    )
    minutes_logged: int = value(resolve.minutes_logged, "All minutes that were logged.")
    minutes_confirmed: int = value(
        resolve.minutes_confirmed, "The minutes that the other side confirmed."
    )
    reentry: list[ReentryPoint] = many(
        resolve.reentry,
        "What to see to when they come back, always the same points.",
        at_most=len(ReentryItem),
    )
    receipt: ToExchangeReceipt | None = one(
        resolve_receipts.of_exchange, "What both sides say came of it; null as long as neither did."
    )
    viewer_sides: list[ExchangeSide] = value(
        resolve.viewer_sides, "On which sides the viewer can act now."
    )
    viewer_moves: list[Move] = value(
        resolve.viewer_moves, "What the viewer can do with it as it stands."
    )


@table(
    tables.ExchangeLine,
    prefix=prefixes.EXCHANGE_LINE,
    visible=None,
    within={"exchange_id": "Exchange"},
)
class ExchangeLine(Node):
    """A line of an exchange's history."""

    step: ExchangeStep = column("What was done.")
    side: ExchangeSide | None = column("On which side; null when time did it.")
    version: int = column("Which version of the agreement was the newest then.")
    created_at: datetime = column("When.")
    actor: ToPerson | None = one(
        resolve.actor, "Who did it; null when time did, or that person is gone or not to be seen."
    )
    exchange: Exchange = one(resolve.of_part, "The exchange.")


@table(
    tables.ExchangeHours,
    prefix=prefixes.EXCHANGE_HOURS,
    visible=None,
    within={"exchange_id": "Exchange"},
)
class ExchangeHours(Node):
    """How long somebody worked in an exchange on a day."""

    worked_on: date = column("Which day, as the calendar had it where they worked.")
    minutes: int = column("How long, 1 to 1,440 minutes.")
    note: str = column("On what; may be empty.")
    side: ExchangeSide = column("Who logged it.")
    created_at: datetime = column("When it was logged.")
    confirmed_at: datetime | None = column("When the other side confirmed it; null when not yet.")
    name: str = value(resolve.person_name, "What whoever worked is called.")
    person: ToPerson | None = one(
        resolve.person, "Who worked; null when the viewer may not see their profile."
    )
    logged_by: ToPerson | None = one(
        resolve.logged_by, "Who logged it; null when that person is gone or not to be seen."
    )
    confirmed_by: ToPerson | None = one(
        resolve.confirmed_by, "Who confirmed it; null when nobody did, or they are gone."
    )
    exchange: Exchange = one(resolve.of_part, "The exchange.")
