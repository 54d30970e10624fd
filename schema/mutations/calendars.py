"""One's calendar of exchanges, as mutations."""

from __future__ import annotations

import strawberry

from resolvers.commands import calendars as command
from schema.engine.mutations import Keyed, input_field, mutation, mutations, payload, result
from schema.references import ToPerson


@strawberry.input(description="Whether to open one's calendar under another address.")
class CalendarOpenInput:
    """Whether to open one's calendar under another address."""

    replace: bool | None = input_field(
        "Whether a new address takes the place of one that is open already; else it is refused.",
        required=False,
    )


@payload
class CalendarOpenPayload:
    """What came of opening one's calendar."""

    viewer: ToPerson | None = result("Whose calendar it is.")
    url: str | None = result(
        "Where calendar programs read it (iCalendar); shown this once. Whoever knows it can."
    )


@strawberry.input(description="Nothing needs to be said to close one's calendar.")
class CalendarCloseInput(Keyed):
    """Nothing needs to be said to close one's calendar."""


@payload
class CalendarClosePayload:
    """What came of closing one's calendar."""

    viewer: ToPerson | None = result("Whose calendar it was.")


@mutations
class CalendarMutations:
    """One's calendar of exchanges."""

    calendar_open: CalendarOpenPayload | None = mutation(
        command.open_calendar,
        "Open one's calendar of exchanges under a secret address.",
        CalendarOpenInput,
        CalendarOpenPayload,
    )
    calendar_close: CalendarClosePayload | None = mutation(
        command.close_calendar,
        "Close one's calendar: its address leads nowhere from then on.",
        CalendarCloseInput,
        CalendarClosePayload,
    )
