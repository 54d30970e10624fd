"""What each mutation of exchanges records; a part of the table that `test_events` goes through.

Quay, where Ann and Ben work, lends Ben to Mill, where Eve works.
"""

from __future__ import annotations

from typing import Any

from tests.web.exchanging import day
from tests.web.staging import case

EXCHANGE = """insert into exchange (lender_id, borrower_id, status, version, starts_on, ends_on,
recall_on, recall_asked_on) values ({quay}, {mill}, '%s', 1, current_date - 9, %s, null, %s)
returning id"""
VERSION = """insert into agreement_version (exchange_id, number, form, terms, starts_on, person_ids,
recall_days, canonical, content_hash) values ({exchange}, 1, 'PROJECT', 'FREE', current_date - 9,
array[{ben}], 3, '', repeat('0', 64)) returning id"""
GOES = """insert into exchange_person (exchange_id, person_id, consented_at)
values ({exchange}, {ben}, %s) returning id"""
SIGNED = """insert into agreement_signature (exchange_id, version_id, side, person_id, name,
content_hash) select {exchange}, id, '%s', {%s}, 'X', '' from agreement_version
where exchange_id = {exchange} returning id"""
HOURS = """insert into exchange_hours (exchange_id, person_id, worked_on, minutes, side)
values ({exchange}, {ben}, current_date - 2, 60, '%s') returning id"""
RECEIPT = """insert into exchange_receipt (exchange_id, side, learned, confirmed_at)
values ({exchange}, 'LENDER', 'x', %s) returning id"""
RAISED = """insert into raised_skill (receipt_id, person_id, organisation_id, skill_id, from_level,
to_level) select id, {ben}, {quay}, {skill}, 1, 2 from exchange_receipt
where exchange_id = {exchange} returning id"""
ENDORSED = """insert into endorsement (exchange_id, organisation_id, endorsed_id, line)
values ({exchange}, {mill}, {quay}, 'x') returning id"""


def there(
    status: str,
    *more: tuple[str, str],
    consented: bool = True,
    ends: str = "null::date",
    asked: str = "null::date",
) -> list[tuple[str, str]]:
    """Give the rows of an exchange that stands somewhere."""
    return [
        ("exchange", EXCHANGE % (status, ends, asked)),
        ("", VERSION),
        ("", GOES % ("now()" if consented else "null")),
        *more,
    ]


def told(step: str, who: str = "ann", person: str = "", change: str = "CHANGED") -> str:
    """Give the event of something done, in words."""
    about = f" person_id={person}" if person else ""
    return (
        f"EXCHANGE_CHANGED {who} exchange quay borrower_id=mill step={step} change={change}{about}"
    )


def does(
    mutation: str,
    given: dict[str, Any],
    *events: str,
    status: str,
    who: str = "ann",
    more: tuple[tuple[str, str], ...] = (),
    repeats: bool = False,
    name: str = "",
    **options: Any,
) -> Any:
    """Give a case of something that somebody does with the exchange."""
    return case(
        mutation,
        who,
        {"exchangeId": "exchange", **given},
        *events,
        before=there(status, *more, **options),
        repeats=repeats,
        name=name,
    )


VERSIONED = {"expectedVersion": 1}
EXCHANGES = [
    does(
        "exchangeAmend",
        {**VERSIONED, "agreement": {"form": "TEAM", "terms": "FREE"}},
        told("AMENDED"),
        status="DRAFT",
    ),
    does("exchangeOffer", VERSIONED, told("OFFERED"), status="DRAFT"),
    does(
        "exchangeConsent",
        {},
        told("CONSENTED", "ben", "ben"),
        status="DRAFT",
        who="ben",
        consented=False,
    ),
    does("exchangeRevoke", {}, told("CONSENT_REVOKED", "ben", "ben"), status="DRAFT", who="ben"),
    does(
        "exchangeRevoke",
        {},
        told("CONSENT_REVOKED", "ben", "ben"),
        told("COMPLETED", "ben", "ben"),
        status="ACTIVE",
        who="ben",
        name="of what goes on",
    ),
    does(
        "exchangeSign",
        {**VERSIONED, "name": "Ann"},
        told("SIGNED", "ann", "ann"),
        status="OFFERED",
    ),
    does(
        "exchangeSign",
        {**VERSIONED, "name": "Eve"},
        told("SIGNED", "eve", "eve"),
        told("AGREED", "eve"),
        status="OFFERED",
        who="eve",
        more=(("", SIGNED % ("LENDER", "ann")), ("", SIGNED % ("EMPLOYEE", "ben"))),
        name="as the last one",
    ),
    does("exchangeStart", {}, told("STARTED"), status="AGREED"),
    does("exchangeRecall", {"lastDay": "2090-01-01"}, told("RECALLED"), status="ACTIVE"),
    does(
        "exchangeAnswerRecall",
        {"accept": True},
        told("RECALLED", "eve"),
        status="ACTIVE",
        who="eve",
        asked="current_date + 1",
    ),
    does("exchangeComplete", {}, told("COMPLETED", "eve"), status="ACTIVE", who="eve"),
    does("exchangeCancel", {"reason": "OTHER"}, told("CANCELLED"), status="AGREED"),
    does(
        "exchangeLogHours",
        {"workedOn": day(-1), "minutes": 60},
        told("HOURS_LOGGED", "eve", "ben"),
        status="ACTIVE",
        who="eve",
        repeats=True,
    ),
    does(
        "exchangeConfirmHours",
        {"hoursIds": ["hours"]},
        told("HOURS_CONFIRMED", "eve"),
        status="ACTIVE",
        who="eve",
        more=(("hours", HOURS % "LENDER"),),
    ),
    does(
        "exchangeRemoveHours",
        {"hoursId": "hours"},
        told("HOURS_REMOVED", "ann", "ben"),
        status="ACTIVE",
        more=(("hours", HOURS % "LENDER"),),
    ),
    does(
        "exchangeTickReentry",
        {"item": "TALK_PLANNED", "done": True},
        told("REENTRY_TICKED"),
        status="ACTIVE",
    ),
    does(
        "receiptRecord",
        {"expectedVersion": 0, "receipt": {"learned": "x"}},
        told("RECEIPT_RECORDED", "eve"),
        status="COMPLETED",
        who="eve",
    ),
    does(
        "receiptConfirm",
        VERSIONED,
        told("RECEIPT_CONFIRMED", "eve"),
        status="COMPLETED",
        who="eve",
        more=(("", RECEIPT % "null"),),
    ),
    case(
        "raisedSkillDecide",
        "ben",
        {"raisedSkillId": "raised", "accept": True},
        told("EVIDENCE_DECIDED", "ben", "ben"),
        "PERSON_EDITED ben ben - person_id=ben",
        before=there("COMPLETED", ("", RECEIPT % "now()"), ("raised", RAISED)),
    ),
    does(
        "endorsementWrite",
        {"line": "Good."},
        told("ENDORSED", "eve"),
        status="COMPLETED",
        who="eve",
    ),
    does(
        "endorsementRemove",
        {},
        told("ENDORSED", "eve"),
        status="COMPLETED",
        who="eve",
        more=(("", ENDORSED),),
    ),
    case(
        "calendarClose",
        "cyd",
        {},
        "PERSON_EDITED cyd cyd - person_id=cyd",
        before=[
            (
                "",
                "insert into calendar_feed (person_id, secret_hash)"
                " values ({cyd}, sha256(uuid_send(uuidv7())))",
            )
        ],
    ),
]
