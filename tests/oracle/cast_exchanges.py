"""Exchanges and what came of them for the cast of the oracle.

Some of them the commands would refuse: the keys allow them, and whoever reads must not be shown more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.oracle.cast_writing import Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
# Name: where it stands, who goes (with what became of it), the offer and the request that it is
# about, the match request that led to it, how many versions. Lender and borrower are in the name.
EXCHANGES: Mapping[
    str, tuple[str, tuple[tuple[str, str], ...], str | None, str | None, str | None, int]
] = {
    "open_town": (
        "ACTIVE",
        (("col", "given"), ("sus", "waiting"), ("stranger", "removed")),
        "open_draft",
        "town_public",
        "open_town",
        3,
    ),
    "town_open": (
        "COMPLETED",
        (("author", "given"),),
        "town_network",
        "open_paused",
        "town_open",
        2,
    ),
    "open_shut": (
        "RECALLED",
        (("former", "given"), ("pat", "revoked")),
        "open_public",
        "shut_organisation",
        "open_shut",
        1,
    ),
    "shut_open": ("DRAFT", (), "shut_draft", "open_network", "shut_open", 2),
    "zed_town": (
        "CANCELLED",
        (("member", "waiting"), ("insider", "given")),
        "zed_draft",
        "town_partners",
        "town_zed",
        1,
    ),
    "open_zed": ("COMPLETED", (("nel", "given"),), "open_partners", "zed_public", None, 2),
    "gone_open": ("AGREED", (("same_1", "given"),), "gone_public", None, "gone_open", 1),
    "accents_open": ("COMPLETED", (("member", "given"),), None, None, None, 1),
    "zed_echo_1": ("OFFERED", (("cas", "waiting"),), None, "echo_1_network", "open_zed", 1),
}
FORMS = ("PROJECT", "TEAM", "CONSULT", "SECONDMENT")
TERMS = ("FREE", "RECIPROCAL", "COST_RECOVERY", "RATE")
STEPS = ("BEGUN", "AMENDED", "OFFERED", "SIGNED", "AGREED", "STARTED", "HOURS_LOGGED", "COMPLETED")
SIDES = ("LENDER", "BORROWER", "EMPLOYEE")
ACTORS = ("pat", "member", "dex", "col", None, "insider", "author")
# Exchange, who signed, for whom, of which version, whether it lost its force.
SIGNATURES: Sequence[tuple[str, str | None, str, int, bool]] = (
    ("open_town", "pat", "LENDER", 2, True),
    ("open_town", "dex", "LENDER", 3, False),
    ("open_town", "member", "BORROWER", 3, False),
    ("open_town", "col", "EMPLOYEE", 3, False),
    ("town_open", None, "LENDER", 2, False),
    ("town_open", "pat", "BORROWER", 2, False),
    ("open_shut", "pat", "LENDER", 1, False),
    ("zed_town", "insider", "EMPLOYEE", 1, True),
)
# Exchange, who worked, who logged it, who confirmed it, days since the first.
HOURS: Sequence[tuple[str, str, str | None, str | None, int]] = (
    ("open_town", "col", "col", "member", 1),
    ("open_town", "col", "dex", "member", 1),
    ("open_town", "sus", "sus", None, 2),
    ("open_town", "col", "pat", "dex", 3),
    ("town_open", "author", "author", "pat", 4),
    ("town_open", "author", None, "dex", 5),
    ("open_shut", "former", "insider", "pat", 6),
    ("open_zed", "nel", "nel", None, 7),
    ("accents_open", "member", "member", "pat", 8),
)
# Exchange, point, who saw to it.
POINTS: Sequence[tuple[str, str, str | None]] = (
    ("open_town", "TALK_PLANNED", "col"),
    ("open_town", "ACCESS_ENDED", "dex"),
    ("town_open", "LEARNED_SHARED", "author"),
    ("open_shut", "CONTACT_KEPT", None),
)
# Exchange, who recorded it, who confirmed it.
RECEIPTS: Sequence[tuple[str, str | None, str | None]] = (
    ("town_open", "pat", "author"),
    ("open_zed", "dex", None),
    ("accents_open", "member", "dex"),
    ("open_shut", "insider", "pat"),
)
# Receipt, whose, where they belong, which skill, the levels, what they decided.
RAISED: Sequence[tuple[str, str, str, int, int, int, str]] = (
    ("town_open", "author", "town", 0, 1, 3, "accepted"),
    ("town_open", "author", "town", 1, 2, 2, "declined"),
    ("town_open", "col", "open", 2, 0, 1, ""),
    ("town_open", "insider", "open", 3, 0, 2, ""),
    ("open_zed", "nel", "open", 0, 2, 4, ""),
    ("accents_open", "member", "accents", 4, 1, 5, "accepted"),
    ("accents_open", "member", "accents", 5, 3, 3, ""),
    ("accents_open", "member", "open", 6, 0, 1, "declined"),
    ("open_shut", "former", "open", 0, 4, 5, ""),
    ("open_shut", "insider", "shut", 1, 1, 2, ""),
)
# Exchange, whose, of which person, which skill: declared by `open` and held by people from 0 on.
PROOFS: Sequence[tuple[str, str, str, str | None, int]] = (
    ("town_open", "town", "open", None, 0),
    ("town_open", "open", "town", None, 0),
    ("town_open", "open", "town", None, 1),
    ("open_zed", "open", "zed", None, 2),
    ("open_shut", "open", "shut", None, 3),
    ("open_shut", "shut", "open", None, 0),
    ("town_open", "town", "open", "author", 0),
    ("open_town", "open", "town", "col", 1),
    ("open_shut", "open", "shut", "pat", 0),
    ("town_open", "open", "town", "pat", 0),
    ("accents_open", "accents", "open", "member", 4),
)
# Exchange, who endorses, whom, who wrote it.
ENDORSEMENTS: Sequence[tuple[str, str, str, str | None]] = (
    ("town_open", "town", "open", "author"),
    ("open_zed", "zed", "open", "insider"),
    ("open_shut", "shut", "open", "pat"),
    ("accents_open", "accents", "open", None),
    ("town_open", "open", "town", "dex"),
    ("open_zed", "open", "zed", "col"),
)
# Reader, kind, of which organisation, about which exchange, note.
TOLD: Sequence[tuple[str, str, str, str, str]] = (
    ("pat", "EXCHANGE_CHANGED", "town", "open_town", "STARTED"),
    ("col", "EXCHANGE_ASKED", "town", "open_town", "CONSENT"),
    ("insider", "EXCHANGE_ASKED", "town", "town_open", "EVIDENCE"),
    ("insider", "EXCHANGE_CHANGED", "town", "town_open", "COMPLETED"),
    ("member", "EXCHANGE_REMINDER", "open", "town_open", "REMINDED_OF_RECEIPT"),
    ("author", "EXCHANGE_REMINDER", "open", "open_town", "REMINDED_OF_END"),
)


async def add_exchanges(writer: Writer, skills: Sequence[UUID]) -> None:
    """Add the rows; the market of the cast is there."""
    await _exchanges(writer)
    await _versions(writer, skills)
    await _parts(writer)
    await _outcomes(writer, skills)
    await _told(writer)


def _moment(days: float, micros: int = 0) -> datetime:
    return START + timedelta(days=days, microseconds=micros)


def _ends(name: str) -> tuple[str, str]:
    lender, _, borrower = name.partition("_")
    return lender, borrower


def _person(writer: Writer, name: str | None) -> UUID | None:
    return None if name is None else writer.cast[f"person.{name}"]


async def _exchanges(writer: Writer) -> None:
    cast = writer.cast
    rows: list[dict[str, Any]] = []
    for number, (name, given) in enumerate(EXCHANGES.items()):
        status, _, offer, need, request, versions = given
        lender, borrower = _ends(name)
        ended = status in {"COMPLETED", "CANCELLED"}
        recalled = status == "RECALLED"
        rows.append(
            {
                "id": writer.key(f"exchange.{name}", _moment(210 + number)),
                "created_at": _moment(210 + number, 13 * number),
                "match_request_id": cast[f"match_request.{request}"] if request else None,
                "lender_id": cast[f"org.{lender}"],
                "borrower_id": cast[f"org.{borrower}"],
                "offer_id": cast[f"listing.{offer}"] if offer else None,
                "request_id": cast[f"listing.{need}"] if need else None,
                "status": status,
                "version": versions,
                "offered_at": None if status == "DRAFT" else _moment(211 + number),
                "agreed_at": None if status == "DRAFT" else _moment(212 + number),
                "started_at": _moment(213 + number) if recalled or ended else None,
                "starts_on": date(2026, 9, 1) + timedelta(days=number) if number % 4 else None,
                "ends_on": date(2027, 2, 28) if number % 3 else None,
                "recall_asked_on": date(2026, 12, 24) if number % 5 == 0 else None,
                "recall_on": date(2026, 12, 31) if recalled else None,
                "recalled_at": _moment(214) if recalled else None,
                "completed_at": _moment(215 + number) if status == "COMPLETED" else None,
                "cancelled_at": _moment(216 + number) if status == "CANCELLED" else None,
                "end_reason": "CONSENT_REVOKED" if ended or recalled else None,
                "end_note": f'Because of "{name}"' if ended else "",
            }
        )
    await writer.insert("exchange", rows)
    await writer.insert(
        "exchange_person",
        [
            {
                "id": writer.key(f"going.{name}_{person}", _moment(220 + turn)),
                "exchange_id": cast[f"exchange.{name}"],
                "person_id": cast[f"person.{person}"],
                "consented_at": None if state == "waiting" else _moment(221 + turn, 3),
                "revoked_at": _moment(222) if state == "revoked" else None,
                "removed_at": _moment(223) if state == "removed" else None,
            }
            for name, (_, people, *_) in EXCHANGES.items()
            for turn, (person, state) in enumerate(people)
        ],
    )
    await writer.connection.execute(
        "update listing_step set exchange_id = $2 where id = any($1)",
        [cast["step.open_public_renewed"], cast["step.zed_public_filled"]],
        cast["exchange.open_town"],
    )
    await writer.connection.execute(
        "update listing_step set exchange_id = $2 where id = $1",
        cast["step.town_public_edited"],
        cast["exchange.gone_open"],
    )


async def _versions(writer: Writer, skills: Sequence[UUID]) -> None:
    cast = writer.cast
    places = [*(cast[f"place.{name}"] for name in ("sudwest", "bosch")), None]
    rows: list[dict[str, Any]] = []
    for number, (name, (_, people, *_, versions)) in enumerate(EXCHANGES.items()):
        for version in range(1, versions + 1):
            odd = (number + version) % 2
            rows.append(
                {
                    "id": writer.key(f"version.{name}_{version}", _moment(225 + version)),
                    "created_at": _moment(225 + version, number),
                    "exchange_id": cast[f"exchange.{name}"],
                    "number": version,
                    "author_id": _person(writer, ACTORS[(number + version) % len(ACTORS)]),
                    "side": SIDES[number % 2] if version > 1 else None,
                    "form": FORMS[(number + version) % 4],
                    "skill_ids": [skills[number], skills[number + 1]][: number % 3],
                    "person_ids": [
                        cast[f"person.{person}"]
                        for person, state in people
                        if version < versions or state != "removed"
                    ],
                    "hours_per_week": number + 1 if odd else None,
                    "hours_total": 100 * version if odd else None,
                    "starts_on": date(2026, 9, 1) if odd else None,
                    "ends_on": date(2027, 2, 28) if number % 3 else None,
                    "place_id": places[number % 3],
                    "is_remote": bool(odd),
                    "terms": TERMS[(number + version) % 4],
                    "rate_cents": 5_000 if (number + version) % 4 == 3 else None,
                    "aim_ids": [skills[number + 9], skills[number + 5]][: version - 1],
                    "recall_days": 7 * version,
                    "backfill": 'A "colleague"' if odd else "",
                    "confidentiality": "Nothing <goes> out & in" if odd else "",
                    "body": f"Line {version}\nmore" if version > 1 else "",
                    "changes": json.dumps(
                        [
                            {"field": "FORM", "before": "TEAM", "after": "PROJECT"},
                            {"field": "TEXT", "before": None, "after": 'x "y"\nz'},
                        ][: version - 1]
                    ),
                    "canonical": f'{{"version": {version}}}',
                    "content_hash": f"{number:032x}{version:032x}",
                }
            )
    await writer.insert("agreement_version", rows)


async def _parts(writer: Writer) -> None:
    cast = writer.cast
    await writer.insert(
        "agreement_signature",
        [
            {
                "id": writer.key(f"signature.{turn}", _moment(230 + turn)),
                "created_at": _moment(230 + turn, turn),
                "exchange_id": cast[f"exchange.{name}"],
                "version_id": cast[f"version.{name}_{version}"],
                "side": side,
                "person_id": _person(writer, person),
                "name": f'Signed "{person}"',
                "content_hash": f"{version:064x}",
                "voided_at": _moment(240) if is_void else None,
            }
            for turn, (name, person, side, version, is_void) in enumerate(SIGNATURES)
        ],
    )
    await writer.insert(
        "exchange_line",
        [
            {
                "id": writer.key(f"xline.{name}_{turn}", _moment(241 + turn, number)),
                "created_at": _moment(241 + turn, 7 * number),
                "exchange_id": cast[f"exchange.{name}"],
                "actor_id": _person(writer, ACTORS[(number + turn) % len(ACTORS)]),
                "side": SIDES[turn % 3] if turn % 4 else None,
                "step": STEPS[turn % len(STEPS)],
                "version": turn // 3 + 1,
            }
            for number, name in enumerate(EXCHANGES)
            for turn in range(8 - number % 3)
        ],
    )
    await writer.insert(
        "exchange_hours",
        [
            {
                "id": writer.key(f"hours.{turn}", _moment(250 + turn)),
                "created_at": _moment(250 + turn, turn),
                "exchange_id": cast[f"exchange.{name}"],
                "person_id": cast[f"person.{person}"],
                "worked_on": date(2026, 9, 1) + timedelta(days=days),
                "minutes": 60 * turn + 15,
                "note": f"Day <{days}>" if turn % 2 else "",
                "logged_by_id": _person(writer, logged),
                "side": SIDES[turn % 3],
                "confirmed_by_id": _person(writer, confirmed),
                "confirmed_at": _moment(260, turn) if confirmed else None,
            }
            for turn, (name, person, logged, confirmed, days) in enumerate(HOURS)
        ],
    )
    await writer.insert(
        "exchange_reentry",
        [
            {
                "id": writer.key(f"point.{turn}", _moment(262 + turn)),
                "created_at": _moment(262 + turn, turn),
                "exchange_id": cast[f"exchange.{name}"],
                "item": item,
                "ticked_by_id": _person(writer, person),
            }
            for turn, (name, item, person) in enumerate(POINTS)
        ],
    )
    await writer.insert(
        "calendar_feed",
        [
            {
                "id": writer.key(f"calendar.{person}", _moment(263)),
                "created_at": _moment(263, turn),
                "person_id": cast[f"person.{person}"],
                "secret_hash": bytes(32 - turn) + b"x" * turn,
            }
            for turn, person in enumerate(("member", "pat", "col"))
        ],
    )


async def _outcomes(writer: Writer, skills: Sequence[UUID]) -> None:
    cast = writer.cast
    await writer.insert(
        "exchange_receipt",
        [
            {
                "id": writer.key(f"receipt.{name}", _moment(265 + turn)),
                "created_at": _moment(265 + turn),
                "exchange_id": cast[f"exchange.{name}"],
                "version": turn + 1,
                "learned": f"Much of {name}" if turn % 2 else "",
                "came_back": "" if name == "accents_open" else 'A "way"',
                "notes": "x\ny" if turn else "",
                "recorded_by_id": _person(writer, recorded),
                "side": SIDES[turn % 2],
                "recorded_at": _moment(266 + turn, turn),
                "confirmed_by_id": _person(writer, confirmed),
                "confirmed_at": _moment(267 + turn) if confirmed else None,
            }
            for turn, (name, recorded, confirmed) in enumerate(RECEIPTS)
        ],
    )
    await writer.insert(
        "raised_skill",
        [
            {
                "id": writer.key(f"raised.{turn}", _moment(270 + turn)),
                "created_at": _moment(270 + turn),
                "receipt_id": cast[f"receipt.{name}"],
                "person_id": cast[f"person.{person}"],
                "organisation_id": cast[f"org.{place}"],
                "skill_id": skills[skill],
                "from_level": low,
                "to_level": high,
                "accepted_at": _moment(280, turn) if decided == "accepted" else None,
                "declined_at": _moment(281, turn) if decided == "declined" else None,
            }
            for turn, (name, person, place, skill, low, high, decided) in enumerate(RAISED)
        ],
    )
    declared = await _declared(writer, "organisation_strength", "organisation_id", "org.open")
    held = await _declared(writer, "person_skill", "person_id", "person.pat")
    await writer.insert(
        "skill_evidence",
        [
            {
                "id": writer.key(f"proof.{turn}", _moment(285 + turn)),
                "created_at": _moment(285 + turn, turn),
                "exchange_id": cast[f"exchange.{name}"],
                "organisation_id": cast[f"org.{place}"],
                "partner_id": cast[f"org.{partner}"],
                "person_id": _person(writer, person),
                "skill_id": held
                if person == "pat"
                else declared
                if place == "open" and not skill
                else skills[skill],
                "side": SIDES[turn % 2],
                "from_level": turn % 4 if turn % 2 else None,
                "to_level": turn % 4 + 1 if turn % 2 else None,
            }
            for turn, (name, place, partner, person, skill) in enumerate(PROOFS)
        ],
    )
    await writer.insert(
        "endorsement",
        [
            {
                "id": writer.key(f"endorsement.{turn}", _moment(297 + turn / 4)),
                "created_at": _moment(297 + turn / 4, turn),
                "exchange_id": cast[f"exchange.{name}"],
                "organisation_id": cast[f"org.{place}"],
                "endorsed_id": cast[f"org.{endorsed}"],
                "author_id": _person(writer, author),
                "line": f'They know their "trade" <{turn}>',
            }
            for turn, (name, place, endorsed, author) in enumerate(ENDORSEMENTS)
        ],
    )


async def _declared(writer: Writer, table: str, column: str, name: str) -> UUID:
    """Give a skill that an organisation declares, or a person holds."""
    skill: UUID = await writer.connection.fetchval(
        f"select skill_id from {table} where {column} = $1 order by id limit 1", writer.cast[name]
    )
    return skill


async def _told(writer: Writer) -> None:
    cast = writer.cast
    await writer.insert(
        "notification",
        [
            {
                "id": writer.key(f"notification.exchange_{turn}", _moment(310 + turn)),
                "created_at": _moment(310 + turn),
                "changed_at": _moment(310 + turn),
                "person_id": cast[f"person.{reader}"],
                "kind": kind,
                "subject_id": cast[f"exchange.{name}"],
                "organisation_id": cast[f"org.{place}"],
                "note": note,
            }
            for turn, (reader, kind, place, name, note) in enumerate(TOLD)
        ],
    )
