"""Hours in an exchange and coming back, as mutations."""

from __future__ import annotations

from datetime import date

import strawberry

from db.tables.exchanges import DAY_MINUTES, NOTE_MAX, ExchangeSide, ReentryItem
from resolvers.commands import exchange_hours as command
from schema import prefixes
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.mutations.exchanges import NOW, SIDE, WHICH
from schema.references import ToExchange, ToExchangeHours


@strawberry.input(description="How long who worked on which day.")
class ExchangeLogHoursInput(Keyed):
    """How long who worked on which day."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    worked_on: date = input_field(
        "Which day of its period, as the calendar had it where they worked; none to come."
    )
    minutes: int = input_field(
        f"How long, 1 to {DAY_MINUTES:,} minutes; all that is logged for a person's day is no more."
    )
    note: str | None = input_field(f"On what, at most {NOTE_MAX:,} characters.", required=False)
    person_id: strawberry.ID | None = input_field(
        "Who worked; needed only when several go.", prefix=prefixes.PERSON, required=False
    )
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeLogHoursPayload:
    """What came of logging hours."""

    hours: ToExchangeHours | None = result("What was logged.")
    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which hours of an exchange to confirm.")
class ExchangeConfirmHoursInput(Keyed):
    """Which hours of an exchange to confirm."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    hours_ids: list[strawberry.ID] = input_field(
        "What the other side logged, 100 at most.", prefix=prefixes.EXCHANGE_HOURS
    )
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeConfirmHoursPayload:
    """What came of confirming hours."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which hours to take out.")
class ExchangeRemoveHoursInput(Keyed):
    """Which hours to take out."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    hours_id: strawberry.ID = input_field(
        "What one's own side logged and nobody confirmed.", prefix=prefixes.EXCHANGE_HOURS
    )
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeRemoveHoursPayload:
    """What came of taking hours out."""

    exchange: ToExchange | None = result(NOW)


@strawberry.input(description="Which point of coming back was seen to.")
class ExchangeTickReentryInput(Keyed):
    """Which point of coming back was seen to."""

    exchange_id: strawberry.ID = input_field(WHICH, prefix=prefixes.EXCHANGE)
    item: ReentryItem = input_field("Which point.")
    done: bool = input_field("Whether it was.")
    side: ExchangeSide | None = input_field(SIDE, required=False)


@payload
class ExchangeTickReentryPayload:
    """What came of ticking a point."""

    exchange: ToExchange | None = result(NOW)


@mutations
class ExchangeHoursMutations:
    """Hours in exchanges, and coming back."""

    exchange_log_hours: ExchangeLogHoursPayload | None = mutation(
        command.log,
        "Log how long somebody worked on a day.",
        ExchangeLogHoursInput,
        ExchangeLogHoursPayload,
    )
    exchange_confirm_hours: ExchangeConfirmHoursPayload | None = mutation(
        command.confirm,
        "Confirm hours that the other side logged. The lender and who goes are one side here.",
        ExchangeConfirmHoursInput,
        ExchangeConfirmHoursPayload,
    )
    exchange_remove_hours: ExchangeRemoveHoursPayload | None = mutation(
        command.remove,
        "Take out hours that one's own side logged, as long as nobody confirmed them.",
        ExchangeRemoveHoursInput,
        ExchangeRemoveHoursPayload,
    )
    exchange_tick_reentry: ExchangeTickReentryPayload | None = mutation(
        command.tick,
        "Say that a point of coming back was seen to, or was not.",
        ExchangeTickReentryInput,
        ExchangeTickReentryPayload,
    )
