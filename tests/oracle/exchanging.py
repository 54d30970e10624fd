"""Exchanges and what comes of them, as loops over rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from db.tables.exchanges import ExchangeSide, ReentryItem
from resolvers.exchange_moves import MOVES
from resolvers.wording import texts
from tests.oracle.paging import ID_DOWN, Key, Order, integer
from tests.oracle.publishing import pointing
from tests.oracle.store import Row, Store
from tests.oracle.trading import manages, may_manage
from tests.oracle.values import key_of, spelled

if TYPE_CHECKING:
    from tests.oracle.resolving import Asking, Thing
    from tests.oracle.rules import Answer, Rules

Found = Iterable[tuple[str, Row, Mapping[str, Any]]]
NEWEST = Order((ID_DOWN,))
BY_NUMBER = Order((Key("number", integer, descending=True), ID_DOWN))
BY_DAY = Order((Key("worked_on", date.fromisoformat, descending=True), ID_DOWN))
TOLD = {"EXCHANGE_CHANGED", "EXCHANGE_ASKED", "EXCHANGE_REMINDER"}
ENDS = ("lender", "borrower")
PROOFS = 20
AT_MOST = {
    "Exchange.people": 20,
    "Exchange.reentry": 6,
    "AgreementVersion.skills": 12,
    "AgreementVersion.aims": 8,
    "AgreementVersion.people": 20,
    "AgreementVersion.changes": 16,
    "AgreementVersion.signatures": 44,
    "ExchangeReceipt.raised": 40,
    "OrganisationStrength.proofs": PROOFS,
    "PersonSkill.proofs": PROOFS,
    "Organisation.balance": 500,
    "Organisation.enrichment": 11,
}


def goes(store: Store, person_id: UUID | None, exchange: Row) -> bool:
    """Tell whether the newest version sends somebody."""
    return any(
        row["person_id"] == person_id and row["removed_at"] is None
        for row in store.by("exchange_person", "exchange_id", exchange["id"])
    )


# Who sees what.


def _exchange(rules: Rules, row: Row) -> Answer:
    for end in ENDS:
        place = rules.store.get("organisation", row[f"{end}_id"])
        if not rules.sees("Organisation", place):
            return "of a hidden organisation", False
    if any(manages(rules.store, rules.viewer, row[f"{end}_id"]) for end in ENDS):
        return "by either", True
    return "by who goes", goes(rules.store, rules.viewer, row)


def _raised(rules: Rules, row: Row) -> Answer:
    if not rules.sees("Organisation", rules.store.get("organisation", row["organisation_id"])):
        return "of a hidden organisation", False
    if row["person_id"] == rules.viewer:
        return "one's own", True
    receipt = rules.store.tables["exchange_receipt"][row["receipt_id"]]
    exchange = rules.store.get("exchange", receipt["exchange_id"])
    return "within its exchange", rules.sees("Exchange", exchange)


def _proof(rules: Rules, row: Row) -> Answer:
    for end in ("organisation_id", "partner_id"):
        if not rules.sees("Organisation", rules.store.get("organisation", row[end])):
            return "of a hidden organisation", False
    if row["person_id"] is None:
        return "of an organisation", True
    return "of a person", rules.sees("Person", rules.store.get("person", row["person_id"]))


def _endorsement(rules: Rules, row: Row) -> Answer:
    ends = ("organisation_id", "endorsed_id")
    return "within both", all(
        rules.sees("Organisation", rules.store.get("organisation", row[end])) for end in ends
    )


RULES: Mapping[str, Callable[[Rules, Row], Answer]] = {
    "Exchange": _exchange,
    "RaisedSkill": _raised,
    "SkillProof": _proof,
    "Endorsement": _endorsement,
}
PARTS = (
    "AgreementVersion",
    "AgreementSignature",
    "ExchangePerson",
    "ExchangeLine",
    "ExchangeHours",
    "ExchangeReceipt",
)
BRANCHES = {
    ("Exchange: of a hidden organisation", False),
    ("Exchange: by either", True),
    ("Exchange: by who goes", True),
    ("Exchange: by who goes", False),
    ("RaisedSkill: of a hidden organisation", False),
    ("RaisedSkill: one's own", True),
    ("RaisedSkill: within its exchange", True),
    ("RaisedSkill: within its exchange", False),
    ("SkillProof: of a hidden organisation", False),
    ("SkillProof: of an organisation", True),
    ("SkillProof: of a person", True),
    ("SkillProof: of a person", False),
    ("Endorsement: within both", True),
    ("Endorsement: within both", False),
    *((f"{part}: within its exchange", seen) for part in PARTS for seen in (True, False)),
}


# Lists.


def _chosen(values: Any, value: str) -> bool:
    return values is None or value in values


def _exchanges(store: Store, _: Rules, parent: Row, given: Mapping[str, Any]) -> Found:
    side = given.get("side")
    for row in store.rows("exchange"):
        here = {end.upper() for end in ENDS if row[f"{end}_id"] == parent["id"]}
        wanted = here if side is None else here & {side}
        if wanted and _chosen(given.get("statuses"), row["status"]):
            yield "Exchange", row, {}


def _own(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
    if parent["id"] == rules.viewer:
        for named in store.by("exchange_person", "person_id", parent["id"]):
            if named["removed_at"] is None:
                yield "Exchange", store.tables["exchange"][named["exchange_id"]], {}


def _own_raised(store: Store, rules: Rules, parent: Row, _: Mapping[str, Any]) -> Found:
    if parent["id"] == rules.viewer:
        for row in store.by("raised_skill", "person_id", parent["id"]):
            receipt = store.tables["exchange_receipt"][row["receipt_id"]]
            if receipt["confirmed_at"] is not None:
                yield "RaisedSkill", row, {}


def _proofs(store: Store, _: Rules, parent: Row, __: Mapping[str, Any]) -> Found:
    for row in store.by("skill_evidence", "organisation_id", parent["id"]):
        if row["person_id"] is None:
            yield "SkillProof", row, {}


def _of_exchange(type_name: str, table: str) -> Callable[..., Found]:
    return pointing(type_name, table, "exchange_id")


LISTS: Mapping[str, tuple[str, Callable[..., Found], Order]] = {
    "Organisation.exchanges": ("Exchange", _exchanges, NEWEST),
    "Organisation.skillProofs": ("SkillProof", _proofs, NEWEST),
    "Organisation.endorsements": (
        "Endorsement",
        pointing("Endorsement", "endorsement", "endorsed_id"),
        NEWEST,
    ),
    "Person.exchanges": ("Exchange", _own, NEWEST),
    "Person.raisedSkills": ("RaisedSkill", _own_raised, NEWEST),
    "Exchange.versions": (
        "AgreementVersion",
        _of_exchange("AgreementVersion", "agreement_version"),
        BY_NUMBER,
    ),
    "Exchange.signatures": (
        "AgreementSignature",
        _of_exchange("AgreementSignature", "agreement_signature"),
        NEWEST,
    ),
    "Exchange.history": ("ExchangeLine", _of_exchange("ExchangeLine", "exchange_line"), NEWEST),
    "Exchange.hours": ("ExchangeHours", _of_exchange("ExchangeHours", "exchange_hours"), BY_DAY),
}
OF_THE_VIEWER = {"Person.exchanges", "Person.raisedSkills"}


# Fields.


def to(type_name: str, column: str) -> Callable[[Thing, Asking], Thing | None]:
    """Give the row of a type that a column points to."""
    return lambda thing, asking: asking.by_key(type_name, thing.row[column])


def _first(type_name: str, table: str, column: str) -> Callable[[Thing, Asking], Thing | None]:
    """Give the only row that points here."""

    def found(thing: Thing, asking: Asking) -> Thing | None:
        rows = asking.store.by(table, column, thing.row["id"])
        return asking.thing(type_name, rows[0] if rows else None)

    return found


def _newest(store: Store, exchange: Row) -> Row:
    rows = store.by("agreement_version", "exchange_id", exchange["id"])
    return next(row for row in rows if row["number"] == exchange["version"])


def _seen(asking: Asking, type_name: str, rows: Iterable[Row]) -> list[Thing]:
    things = (asking.thing(type_name, row) for row in rows)
    return [thing for thing in things if thing is not None]


def _by_key(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["id"])


def _people(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("exchange_person", "exchange_id", thing.row["id"])
    current = [row for row in rows if row["removed_at"] is None]
    return _seen(asking, "ExchangePerson", _by_key(current))


def _sent(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("exchange_person", "exchange_id", thing.row["exchange_id"])
    named = [row for row in rows if row["person_id"] in thing.row["person_ids"]]
    return _seen(asking, "ExchangePerson", _by_key(named))


def _skills(column: str) -> Callable[[Thing, Asking], list[Thing]]:
    def found(thing: Thing, asking: Asking) -> list[Thing]:
        skills = asking.store.tables["skill"]
        rows = [skills[key] for key in set(thing.row[column]) if key in skills]
        ordered = sorted(rows, key=lambda row: (row["label_en"], row["id"]))
        return [type(thing)("Skill", row) for row in ordered]

    return found


def _signatures(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("agreement_signature", "version_id", thing.row["id"])
    return _seen(asking, "AgreementSignature", _by_key(rows))


def _changes(thing: Thing, _: Asking) -> list[Thing]:
    return [type(thing)("AgreementChange", row) for row in json.loads(thing.row["changes"])]


def _minutes(*, confirmed: bool) -> Callable[[Thing, Asking], int]:
    def added(thing: Thing, asking: Asking) -> int:
        rows = asking.store.by("exchange_hours", "exchange_id", thing.row["id"])
        return sum(row["minutes"] for row in rows if row["confirmed_at"] or not confirmed)

    return added


def _sides(thing: Thing, asking: Asking) -> list[str]:
    store, viewer = asking.store, asking.rules.viewer
    sides = {
        "LENDER": may_manage(store, viewer, thing.row["lender_id"]),
        "BORROWER": may_manage(store, viewer, thing.row["borrower_id"]),
        "EMPLOYEE": viewer is not None and goes(store, viewer, thing.row),
    }
    return [side for side, is_there in sides.items() if is_there]


def _moves(thing: Thing, asking: Asking) -> list[str]:
    sides = {ExchangeSide(side) for side in _sides(thing, asking)}
    return [
        move.value
        for move, rule in MOVES.items()
        if thing.row["status"] in {status.value for status in rule.to} and sides & rule.by
    ]


def _reentry(thing: Thing, asking: Asking) -> list[Thing]:
    ticked = {
        row["item"]: row
        for row in asking.store.by("exchange_reentry", "exchange_id", thing.row["id"])
    }
    return [
        type(thing)(
            "ReentryPoint",
            {
                "item": item.value,
                "ticked_at": ticked[item]["created_at"] if item in ticked else None,
                "ticked_by_id": ticked[item]["ticked_by_id"] if item in ticked else None,
            },
        )
        for item in ReentryItem
    ]


def _label(thing: Thing, _: Asking, language: str) -> str:
    key = f"exchanges.reentry_{thing.row['item'].lower()}"
    return texts()[key][language.lower()]


def _name(thing: Thing, asking: Asking) -> str:
    person = asking.store.get("person", thing.row["person_id"])
    return "" if person is None else str(person["name"])


def _consent(thing: Thing, _: Asking) -> str:
    if thing.row["revoked_at"] is not None:
        return "REVOKED"
    return "WAITING" if thing.row["consented_at"] is None else "GIVEN"


def _last_day(thing: Thing, _: Asking) -> str | None:
    day = thing.row["recall_on"] or thing.row["ends_on"]
    return None if day is None else str(day.isoformat())


def _form(thing: Thing, asking: Asking) -> str:
    exchange = asking.store.tables["exchange"][thing.row["exchange_id"]]
    return str(_newest(asking.store, exchange)["form"])


def _raised_skills(thing: Thing, asking: Asking) -> list[Thing]:
    rows = asking.store.by("raised_skill", "receipt_id", thing.row["id"])
    return _seen(asking, "RaisedSkill", _by_key(rows))


def _proven(column: str, *, person: bool) -> Callable[[Thing, Asking], list[Thing]]:
    """Give the evidence of a skill that somebody holds or declares, the newest first."""

    def found(thing: Thing, asking: Asking) -> list[Thing]:
        rows = [
            row
            for row in asking.store.by("skill_evidence", column, thing.row[column])
            if row["skill_id"] == thing.row["skill_id"] and (person or row["person_id"] is None)
        ]
        return _seen(asking, "SkillProof", reversed(_by_key(rows)))[:PROOFS]

    return found


def _balance(thing: Thing, asking: Asking, partnerId: str | None = None) -> list[Thing]:  # noqa: N803
    place, store = thing.row["id"], asking.store
    if not manages(store, asking.rules.viewer, place):
        return []
    partner = None if partnerId is None else key_of(partnerId, "Organisation")
    tallies: dict[UUID | None, list[int]] = {}
    for exchange in store.rows("exchange"):
        ends = (exchange["lender_id"], exchange["borrower_id"])
        if place not in ends or (partner is not None and partner not in {*ends} - {place}):
            continue
        given = sum(
            row["minutes"]
            for row in store.by("exchange_hours", "exchange_id", exchange["id"])
            if row["confirmed_at"]
        )
        if not given:
            continue
        for skill in (None, *_newest(store, exchange)["skill_ids"]):
            tally = tallies.setdefault(skill, [0, 0])
            tally[0 if exchange["lender_id"] == place else 1] += given
    ordered = sorted(
        tallies.items(), key=lambda item: (item[0] is not None, item[0] or UUID(int=0))
    )
    return [
        type(thing)(
            "HoursBalance",
            {"skill_id": skill, "given_minutes": gave, "received_minutes": got},
        )
        for skill, (gave, got) in ordered
    ]


def _enriched(store: Store, place: UUID, exchange: Row, receipt: Row) -> bool:
    raised = any(
        row["organisation_id"] == place and row["to_level"] > row["from_level"]
        for row in store.by("raised_skill", "receipt_id", receipt["id"])
    )
    return raised or (exchange["lender_id"] == place and bool(receipt["came_back"]))


def _enrichment(thing: Thing, asking: Asking) -> list[Thing]:
    place, store = thing.row["id"], asking.store
    counts: dict[str, list[int]] = {}
    for exchange in store.rows("exchange"):
        is_here = place in {exchange["lender_id"], exchange["borrower_id"]}
        if not is_here or exchange["status"] != "COMPLETED":
            continue
        count = counts.setdefault(_newest(store, exchange)["form"], [0, 0, 0])
        count[0] += 1
        for receipt in store.by("exchange_receipt", "exchange_id", exchange["id"]):
            if receipt["confirmed_at"]:
                count[1] += 1
                count[2] += _enriched(store, place, exchange, receipt)
    return [
        type(thing)(
            "EnrichmentRatio",
            {"form": form, "completed": all_, "answered": answered, "enriched": enriched},
        )
        for form, (all_, answered, enriched) in sorted(counts.items())
    ]


def _ratio(thing: Thing, _: Asking) -> float | None:
    row = thing.row
    return row["enriched"] / row["answered"] if row["answered"] else None


def _unanswered(thing: Thing, _: Asking) -> float:
    return float(1 - thing.row["answered"] / thing.row["completed"])


def _calendar(thing: Thing, asking: Asking) -> str | None:
    if thing.row["id"] != asking.rules.viewer:
        return None
    rows = asking.store.by("calendar_feed", "person_id", thing.row["id"])
    return str(spelled(rows[0]["created_at"])) if rows else None


def _told(thing: Thing, asking: Asking) -> Thing | None:
    if thing.row["kind"] not in TOLD:
        return None
    return asking.by_key("Exchange", thing.row["subject_id"])


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "Query.exchange": lambda _, asking, id: asking.by_key("Exchange", key_of(id, "Exchange")),  # noqa: A006
    "MatchRequest.exchange": _first("Exchange", "exchange", "match_request_id"),
    "ListingStep.exchange": to("Exchange", "exchange_id"),
    "Notification.exchange": _told,
    "Exchange.lastDay": _last_day,
    "Exchange.lender": to("Organisation", "lender_id"),
    "Exchange.borrower": to("Organisation", "borrower_id"),
    "Exchange.matchRequest": to("MatchRequest", "match_request_id"),
    "Exchange.offer": to("Listing", "offer_id"),
    "Exchange.request": to("Listing", "request_id"),
    "Exchange.agreement": lambda thing, asking: asking.thing(
        "AgreementVersion", _newest(asking.store, thing.row)
    ),
    "Exchange.people": _people,
    "Exchange.minutesLogged": _minutes(confirmed=False),
    "Exchange.minutesConfirmed": _minutes(confirmed=True),
    "Exchange.reentry": _reentry,
    "Exchange.receipt": _first("ExchangeReceipt", "exchange_receipt", "exchange_id"),
    "Exchange.viewerSides": _sides,
    "Exchange.viewerMoves": _moves,
    **{f"{part}.exchange": to("Exchange", "exchange_id") for part in (*PARTS, "SkillProof")},
    "AgreementVersion.text": lambda thing, _: thing.row["body"],
    "AgreementVersion.paperPath": lambda thing, _: f"/agreements/agv_{thing.row['id']}.pdf",
    "AgreementVersion.author": to("Person", "author_id"),
    "AgreementVersion.place": to("Place", "place_id"),
    "AgreementVersion.skills": _skills("skill_ids"),
    "AgreementVersion.aims": _skills("aim_ids"),
    "AgreementVersion.people": _sent,
    "AgreementVersion.changes": _changes,
    "AgreementVersion.signatures": _signatures,
    "AgreementSignature.version": to("AgreementVersion", "version_id"),
    "ExchangePerson.consent": _consent,
    **{
        f"{part}.person": to("Person", "person_id")
        for part in (
            *("ExchangePerson", "AgreementSignature", "ExchangeHours"),
            *("RaisedSkill", "SkillProof"),
        )
    },
    **{f"{part}.name": _name for part in ("ExchangePerson", "ExchangeHours", "RaisedSkill")},
    "ExchangeLine.actor": to("Person", "actor_id"),
    "ExchangeHours.loggedBy": to("Person", "logged_by_id"),
    "ExchangeHours.confirmedBy": to("Person", "confirmed_by_id"),
    "ReentryPoint.label": _label,
    "ReentryPoint.tickedBy": to("Person", "ticked_by_id"),
    "ExchangeReceipt.raised": _raised_skills,
    "ExchangeReceipt.recordedBy": to("Person", "recorded_by_id"),
    "ExchangeReceipt.confirmedBy": to("Person", "confirmed_by_id"),
    **{
        f"{part}.skill": to("Skill", "skill_id")
        for part in ("RaisedSkill", "SkillProof", "HoursBalance")
    },
    **{
        f"{part}.organisation": to("Organisation", "organisation_id")
        for part in ("RaisedSkill", "SkillProof", "Endorsement")
    },
    "RaisedSkill.receipt": to("ExchangeReceipt", "receipt_id"),
    "SkillProof.partner": to("Organisation", "partner_id"),
    "SkillProof.form": _form,
    "Endorsement.form": _form,
    "Endorsement.endorsed": to("Organisation", "endorsed_id"),
    "Endorsement.author": to("Person", "author_id"),
    "OrganisationStrength.proofs": _proven("organisation_id", person=False),
    "PersonSkill.proofs": _proven("person_id", person=True),
    "Organisation.balance": _balance,
    "Organisation.enrichment": _enrichment,
    "EnrichmentRatio.ratio": _ratio,
    "EnrichmentRatio.unansweredShare": _unanswered,
    "Person.calendarOpenedAt": _calendar,
}
