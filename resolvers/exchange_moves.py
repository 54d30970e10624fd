"""One table: what may be done with an exchange, from where, by whom, and what it becomes.

`docs/exchanges.md` is printed from it: python -m web permissions --write
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.tables.exchanges import ExchangeSide, ExchangeStatus


class Move(StrEnum):
    """What can be done with an exchange."""

    AMEND = "AMEND"
    OFFER = "OFFER"
    CONSENT = "CONSENT"
    REVOKE = "REVOKE"
    SIGN = "SIGN"
    START = "START"
    RECALL = "RECALL"
    ANSWER_RECALL = "ANSWER_RECALL"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    LOG_HOURS = "LOG_HOURS"
    CONFIRM_HOURS = "CONFIRM_HOURS"
    REMOVE_HOURS = "REMOVE_HOURS"
    TICK = "TICK"
    RECORD_RECEIPT = "RECORD_RECEIPT"
    CONFIRM_RECEIPT = "CONFIRM_RECEIPT"
    ENDORSE = "ENDORSE"


S = ExchangeStatus
LENDER, BORROWER, EMPLOYEE = ExchangeSide
MANAGERS = frozenset({LENDER, BORROWER})
ALL = frozenset(ExchangeSide)
# From each status where it may be done: what the exchange may become by it.
To = Mapping[ExchangeStatus, tuple[ExchangeStatus, ...]]


def _stays(*statuses: ExchangeStatus) -> To:
    return {status: (status,) for status in statuses}


UNDER_WAY = (S.ACTIVE, S.RECALLED, S.COMPLETED)


@dataclass(frozen=True)
class Rule:
    """Who may do it, where it may be done, and what becomes of the exchange."""

    description: str
    by: frozenset[ExchangeSide]
    to: To
    # Whether a job does it too, when its day has come.
    by_clock: bool = False


MOVES: Mapping[Move, Rule] = {
    Move.AMEND: Rule(
        "Write a new version of the agreement; signatures lose their force",
        MANAGERS,
        {S.DRAFT: (S.DRAFT,), S.OFFERED: (S.DRAFT,), S.AGREED: (S.DRAFT,)},
    ),
    Move.OFFER: Rule("Offer the newest version to be signed", MANAGERS, {S.DRAFT: (S.OFFERED,)}),
    Move.CONSENT: Rule("Consent to going", frozenset({EMPLOYEE}), _stays(S.DRAFT, S.OFFERED)),
    Move.REVOKE: Rule(
        "Take one's consent back; the exchange goes on only when others go on",
        frozenset({EMPLOYEE}),
        {
            S.DRAFT: (S.DRAFT,),
            S.OFFERED: (S.DRAFT,),
            S.AGREED: (S.CANCELLED, S.AGREED),
            S.ACTIVE: (S.COMPLETED, S.ACTIVE),
            S.RECALLED: (S.COMPLETED, S.RECALLED),
        },
    ),
    Move.SIGN: Rule(
        "Sign the version that is offered; the last signature agrees it",
        ALL,
        {S.OFFERED: (S.OFFERED, S.AGREED)},
    ),
    Move.START: Rule(
        "Begin on the first day, or later", MANAGERS, {S.AGREED: (S.ACTIVE,)}, by_clock=True
    ),
    Move.RECALL: Rule(
        "Call back with the notice agreed; or ask for a shorter one, which the borrower answers",
        frozenset({LENDER}),
        {S.ACTIVE: (S.RECALLED, S.ACTIVE)},
    ),
    Move.ANSWER_RECALL: Rule(
        "Accept or refuse a recall on shorter notice",
        frozenset({BORROWER}),
        {S.ACTIVE: (S.RECALLED, S.ACTIVE)},
    ),
    Move.COMPLETE: Rule(
        "Say that they are back: the borrower at any time, the lender from the last day on",
        MANAGERS,
        {S.ACTIVE: (S.COMPLETED,), S.RECALLED: (S.COMPLETED,)},
        by_clock=True,
    ),
    Move.CANCEL: Rule(
        "Call off what has not begun, with a reason",
        MANAGERS,
        {S.DRAFT: (S.CANCELLED,), S.OFFERED: (S.CANCELLED,), S.AGREED: (S.CANCELLED,)},
    ),
    Move.LOG_HOURS: Rule("Log hours", ALL, _stays(*UNDER_WAY)),
    Move.CONFIRM_HOURS: Rule("Confirm hours that the other side logged", ALL, _stays(*UNDER_WAY)),
    Move.REMOVE_HOURS: Rule(
        "Remove hours that one's own side logged and nobody confirmed", ALL, _stays(*UNDER_WAY)
    ),
    Move.TICK: Rule(
        "Tick points of coming back", frozenset({LENDER, EMPLOYEE}), _stays(*UNDER_WAY)
    ),
    Move.RECORD_RECEIPT: Rule("Record what came of it", MANAGERS, _stays(S.COMPLETED)),
    Move.CONFIRM_RECEIPT: Rule(
        "Confirm what the other side recorded", MANAGERS, _stays(S.COMPLETED)
    ),
    Move.ENDORSE: Rule("Endorse the other side in a line", MANAGERS, _stays(S.COMPLETED)),
}


def may_move(move: Move, status: ExchangeStatus) -> bool:
    """Tell whether something may be done with an exchange that stands there."""
    return status in MOVES[move].to


def table() -> str:
    """Give the whole table in Markdown."""
    head = ["what", *(side.value for side in ExchangeSide), "the clock", "from → to"]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " :-: |" * 4 + " --- |"]
    for move, rule in MOVES.items():
        cells = ["yes" if side in rule.by else "" for side in ExchangeSide]
        cells.append("yes" if rule.by_clock else "")
        ways = (
            f"{source} → {' or '.join(found)}" if found != (source,) else source.value
            for source, found in rule.to.items()
        )
        lines.append(f"| {rule.description} (`{move}`) | {' | '.join(cells)} | {', '.join(ways)} |")
    return "\n".join(lines)


DOCUMENT = """# What may be done with an exchange

Printed from `resolvers/exchange_moves.py` by `python -m web permissions --write`; a test fails when it is out of date.
LENDER and BORROWER are those who manage exchanges of that organisation (`MANAGE_EXCHANGES`), EMPLOYEE is whoever the newest
version of the agreement sends. A status alone, without an arrow, means that it stays as it is. All else is refused with
`CONFLICT`, or with `NOT_ALLOWED` when it is somebody else's to do.

{table}
"""


def document() -> str:
    """Give the page of the documentation."""
    return DOCUMENT.format(table=table())
