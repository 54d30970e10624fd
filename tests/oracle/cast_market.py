"""Places, listings, matches and match requests for the cast of the oracle.

Some of them the commands would refuse: the keys allow them, and whoever reads must not be shown more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.oracle.cast_exchanges import add_exchanges
from tests.oracle.cast_looking import add_market_searches
from tests.oracle.cast_writing import Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
PAST = datetime(2026, 4, 4, 4, 4, 4, 40000, tzinfo=UTC)
FAR_AWAY = datetime(2090, 1, 1, tzinfo=UTC)
NOBODY = UUID(int=7 << 76 | 2 << 62)
# Name: what it is called, its other names, where it is.
PLACES: Mapping[str, tuple[str, str, float, float]] = {
    "waterland": ("Waterland", "waterland", 52.0, 5.0),
    "sudwest": ("Súdwest-Fryslân", "sudwest-fryslan zuidwest-friesland", 53.0337, 5.6589),
    "bosch": ("'s-Hertogenbosch", "'s-hertogenbosch den bosch 100%", 51.697816, 5.303675),
    "echo_1": ("Echt", "echt oracle", 51.1, 0.00001),
    "echo_2": ("Echt", "echt oracle", -51.1, 5.875),
}
# Name: kind, status, audience, who wrote it, whom to ask. The organisation's name comes first.
LISTINGS: Mapping[str, tuple[str, str, str, str | None, str | None]] = {
    "open_public": ("OFFER", "OPEN", "PUBLIC", "pat", "col"),
    "open_network": ("REQUEST", "OPEN", "NETWORK", "member", "nel"),
    "open_partners": ("OFFER", "OPEN", "PARTNERS", "dex", "pat"),
    "open_organisation": ("REQUEST", "OPEN", "ORGANISATION", "nel", None),
    "open_draft": ("OFFER", "DRAFT", "PUBLIC", "pat", "pat"),
    "open_paused": ("REQUEST", "PAUSED", "PUBLIC", "pat", "dex"),
    "open_filled": ("OFFER", "FILLED", "NETWORK", None, None),
    "open_closed": ("REQUEST", "CLOSED", "PUBLIC", "sus", "sus"),
    "open_expired": ("OFFER", "EXPIRED", "PARTNERS", "pat", "member"),
    "open_over": ("OFFER", "OPEN", "PUBLIC", "pat", "pat"),
    "town_public": ("REQUEST", "OPEN", "PUBLIC", "author", "stranger"),
    "town_network": ("OFFER", "OPEN", "NETWORK", "member", "author"),
    "town_partners": ("REQUEST", "OPEN", "PARTNERS", "author", None),
    "town_draft": ("OFFER", "DRAFT", "NETWORK", "member", None),
    "town_paused": ("OFFER", "PAUSED", "ORGANISATION", "author", None),
    "town_over": ("REQUEST", "OPEN", "NETWORK", "author", "author"),
    "shut_public": ("OFFER", "OPEN", "PUBLIC", "insider", "cor"),
    "shut_organisation": ("REQUEST", "OPEN", "ORGANISATION", "insider", None),
    "shut_draft": ("OFFER", "DRAFT", "PUBLIC", "pat", None),
    "gone_public": ("OFFER", "OPEN", "PUBLIC", "same_1", "same_1"),
    "accents_public": ("OFFER", "OPEN", "PUBLIC", "pat", "pat"),
    "accents_partners": ("REQUEST", "OPEN", "PARTNERS", None, None),
    "zed_public": ("REQUEST", "OPEN", "PUBLIC", "insider", "insider"),
    "zed_partners": ("OFFER", "OPEN", "PARTNERS", "insider", None),
    "zed_organisation": ("OFFER", "CLOSED", "ORGANISATION", "insider", None),
    "zed_draft": ("OFFER", "DRAFT", "PUBLIC", "insider", None),
    "echo_1_network": ("REQUEST", "OPEN", "NETWORK", "cas", "cas"),
}
OVER = {"open_over", "town_over"}
FORMS = ("DOCUMENT", "CONSULT", "PROJECT", "PART_TIME", "TEAM", "MENTORING", "SECONDMENT")
TERMS = ("FREE", "RECIPROCAL", "COST_RECOVERY", "RATE")
# Listing, what was done, by whom.
STEPS: Sequence[tuple[str, str, str | None]] = (
    ("open_public", "CREATED", "pat"),
    ("open_public", "OPENED", "member"),
    ("open_public", "EDITED", "dex"),
    ("open_public", "PAUSED", "nel"),
    ("open_public", "RENEWED", None),
    ("open_network", "CREATED", "member"),
    ("open_draft", "CREATED", "pat"),
    ("open_paused", "PAUSED", "sus"),
    ("open_expired", "EXPIRED", None),
    ("town_public", "CREATED", "author"),
    ("town_public", "EDITED", "former"),
    ("town_draft", "CREATED", "member"),
    ("shut_public", "OPENED", "insider"),
    ("zed_draft", "CREATED", "insider"),
    ("zed_public", "FILLED", "insider"),
    ("accents_public", "CLOSED", "pat"),
)
# Offer, request, score, whether nothing stands between.
MATCHES: Sequence[tuple[str, str, float, bool]] = (
    ("open_public", "town_public", 1.0, True),
    ("open_public", "zed_public", 0.75, True),
    ("open_public", "town_partners", 0.75, False),
    ("open_public", "echo_1_network", 0.1 + 0.2, True),
    ("open_public", "shut_organisation", 0.5, True),
    ("open_public", "accents_partners", 0.5, True),
    ("open_partners", "town_public", 0.625, True),
    ("open_partners", "town_partners", 0.5, False),
    ("open_draft", "town_public", 0.125, True),
    ("open_over", "town_public", 0.0, True),
    ("town_network", "open_network", 0.875, True),
    ("town_network", "open_organisation", 0.75, True),
    ("town_network", "open_paused", 0.00001, False),
    ("town_network", "zed_public", 0.5, True),
    ("shut_public", "open_network", 0.75, True),
    ("shut_public", "town_over", 0.25, True),
    ("gone_public", "open_network", 0.5, True),
    ("accents_public", "open_network", 2 / 3, True),
    ("zed_partners", "open_network", 0.75, True),
    ("zed_partners", "shut_organisation", 0.00001, True),
)
# Who does not want to see which match.
DISMISSALS: Sequence[tuple[str, str, str]] = (
    ("open", "open_partners", "town_public"),
    ("town", "town_network", "zed_public"),
    ("zed", "open_public", "zed_public"),
    ("shut", "open_public", "shut_organisation"),
)
# Name: who asks, who is asked, about which listing of theirs and of one's own, where it stands,
# whether the time to answer is over, to which it answers, who asked, who answered.
REQUESTS: Mapping[
    str,
    tuple[str, str, str | None, str | None, str, bool, str | None, str | None, str | None],
] = {
    "open_town": (
        "open", "town", "town_public", "open_public", "PROPOSED", False, None, "pat", None,
    ),
    "town_open": (
        "town", "open", "open_network", "town_network", "PROPOSED", False, None, "author", None,
    ),
    "open_zed": (
        "open", "zed", "zed_organisation", "open_partners", "PROPOSED", True, None, "dex", None,
    ),
    "zed_open": (
        "zed", "open", "open_draft", "zed_draft", "PROPOSED", False, None, "insider", None,
    ),
    "zed_open_late": (
        "zed", "open", "open_public", None, "PROPOSED", True, None, "insider", None,
    ),
    "open_shut": (
        "open", "shut", "shut_organisation", None, "PROPOSED", False, None, "pat", None,
    ),
    "shut_open": (
        "shut", "open", None, "shut_draft", "ACCEPTED", False, None, "insider", "pat",
    ),
    "town_open_no": (
        "town", "open", "open_paused", "town_draft", "DECLINED", False, None, "member", "nel",
    ),
    "open_town_instead": (
        "open", "town", None, "open_draft", "PROPOSED", False, "town_open_no", "member", None,
    ),
    "open_town_again": (
        "open", "town", None, None, "DECLINED", True, "town_open_no", None, "dex",
    ),
    "open_town_astray": (
        "open", "town", None, None, "ACCEPTED", True, "shut_open", "pat", "author",
    ),
    "shut_open_astray": (
        "shut", "open", None, None, "WITHDRAWN", True, "town_open_no", "pat", "pat",
    ),
    "open_accents": (
        "open", "accents", "accents_public", None, "WITHDRAWN", True, None, "pat", "pat",
    ),
    "accents_open": (
        "accents", "open", None, "accents_partners", "EXPIRED", True, None, None, None,
    ),
    "town_zed": (
        "town", "zed", "zed_partners", None, "PROPOSED", False, None, "author", None,
    ),
    "zed_echo_1": (
        "zed", "echo_1", None, None, "PROPOSED", False, None, "insider", None,
    ),
    "gone_open": (
        "gone", "open", None, "gone_public", "PROPOSED", False, None, "same_1", None,
    ),
}  # fmt: skip
REASONS = ("CAPACITY", "TIMING", "CONFIDENTIAL", "SINGLE_POINT", "FIT")
# About which request, in whose name, by whom.
MESSAGES: Sequence[tuple[str, str, str | None]] = (
    ("open_town", "open", "pat"),
    ("open_town", "town", "author"),
    ("open_town", "open", "member"),
    ("open_town", "open", "dex"),
    ("open_town", "shut", "insider"),
    ("open_town", "town", None),
    ("town_open", "town", "author"),
    ("zed_open", "zed", "insider"),
    ("shut_open", "open", "pat"),
    ("shut_open", "shut", "insider"),
    ("town_open_no", "town", "member"),
    ("open_accents", "accents", "pat"),
    ("zed_echo_1", "echo_1", "cas"),
)
# Name, who sent it, on which message, where in it.
FILES: Sequence[tuple[str, str, int, int]] = (
    ("paper", "pat", 0, 1),
    ("photo", "pat", 0, 0),
    ("reply", "author", 9, 0),
    ("elsewhere", "insider", 12, 0),
)
# Request, who reads it, up to which message; None for one that is gone.
READINGS: Sequence[tuple[str, str, int | None]] = (
    ("open_town", "pat", 5),
    ("open_town", "member", 1),
    ("shut_open", "insider", 8),
    ("shut_open", "pat", None),
)


async def add_market(writer: Writer, skills: Sequence[UUID]) -> None:
    """Add the rows, and exchanges with them; the organisations and people of the cast are there."""
    await _places(writer)
    await _listings(writer, skills)
    await _matches(writer, skills)
    await _requests(writer)
    await _conversations(writer)
    await _told(writer)
    await _looks(writer)
    await add_market_searches(writer, skills)
    await add_exchanges(writer, skills)


# Listing, and who looked at it, on how many days.
LOOKS: Sequence[tuple[str, str, int]] = (
    ("open_public", "town", 3),
    ("open_public", "zed", 1),
    ("open_public", "gone", 2),
    ("open_public", "echo_1", 1),
    ("open_draft", "town", 1),
    ("open_partners", "town", 1),
    ("town_public", "open", 2),
    ("town_public", "shut", 1),
    ("shut_public", "open", 1),
    ("zed_public", "open", 9),
    ("accents_public", "town", 1),
)


async def _looks(writer: Writer) -> None:
    """Have organisations look at listings of others, and some people not want that to be known."""
    cast = writer.cast
    await writer.connection.execute(
        "update person set shows_looks = false where id = any($1)",
        [cast[f"person.{name}"] for name in ("member", "stranger")],
    )
    await writer.insert(
        "listing_look",
        [
            {
                "id": writer.key(f"look.{listing}_{organisation}", _moment(210 + number)),
                "listing_id": cast[f"listing.{listing}"],
                "organisation_id": cast[f"org.{organisation}"],
                "day_count": days,
                # Two at the same moment, which the key tells apart.
                "looked_at": _moment(220 + number // 2, 100 * (number // 2)),
                "created_at": _moment(210 + number),
            }
            for number, (listing, organisation, days) in enumerate(LOOKS)
        ],
    )


# Post, or draft, and the listing that it points to.
POINTING: Sequence[tuple[str, str, str]] = (
    ("post", "open_pat_public", "open_public"),
    ("post", "open_pat_followers", "open_partners"),
    ("post", "town_author_network", "town_public"),
    ("post", "town_author_followers", "town_draft"),
    ("post_draft", "draft.open_0", "open_draft"),
    ("post_draft", "draft.open_1", "town_draft"),
    ("post_draft", "draft.town_0", "town_paused"),
)
# Reader, kind, of which organisation, about which listing or match request, note.
TOLD: Sequence[tuple[str, str, str, str, str | None]] = (
    ("pat", "MATCHES_FOUND", "open", "listing.open_public", "x"),
    ("pat", "MATCHES_FOUND", "town", "listing.town_public", "x"),
    ("member", "MATCHES_FOUND", "open", "listing.open_draft", "x"),
    ("nel", "MATCHES_FOUND", "open", "listing.open_public", "x"),
    ("pat", "MATCH_REQUESTED", "town", "match_request.town_open", None),
    ("member", "MATCH_DECIDED", "open", "match_request.open_town", "ACCEPTED"),
    ("nel", "MATCH_MESSAGE", "town", "match_request.town_open", None),
    ("stranger", "MATCH_REQUESTED", "open", "match_request.open_town", None),
)


async def _told(writer: Writer) -> None:
    """Have posts point to listings, and lines of inboxes be about them and about match requests."""
    cast = writer.cast
    for table, name, listing in POINTING:
        key = cast[f"post.{name}" if table == "post" else name]
        await writer.connection.execute(
            f"update {table} set listing_id = $2 where id = $1",
            key,
            cast[f"listing.{listing}"],
        )
    await writer.insert(
        "notification",
        [
            {
                "id": writer.key(f"notification.told_{index}", _moment(300 + index)),
                "created_at": _moment(300 + index),
                "changed_at": _moment(300 + index),
                "person_id": cast[f"person.{reader}"],
                "kind": kind,
                "subject_id": cast[subject],
                "organisation_id": cast[f"org.{organisation}"],
                "note": note,
            }
            for index, (reader, kind, organisation, subject, note) in enumerate(TOLD)
        ],
    )


def _moment(days: float, micros: int = 0) -> datetime:
    return START + timedelta(days=days, microseconds=micros)


def _organisation(name: str) -> str:
    return f"org.{name.rpartition('_')[0]}"


async def _places(writer: Writer) -> None:
    await writer.insert(
        "place",
        [
            {
                "id": writer.key(f"place.{name}", _moment(number)),
                "slug": f"oracle-{name.replace('_', '-')}",
                "name": title,
                "province": 'Oracle "Noord"',
                "latitude": latitude,
                "longitude": longitude,
                "folded": folded,
            }
            for number, (name, (title, folded, latitude, longitude)) in enumerate(PLACES.items())
        ],
    )


async def _listings(writer: Writer, skills: Sequence[UUID]) -> None:
    cast = writer.cast
    places = [*(cast[f"place.{name}"] for name in PLACES), None]
    await writer.insert(
        "listing",
        [
            {
                "id": writer.key(f"listing.{name}", _moment(50 + number)),
                "organisation_id": cast[_organisation(name)],
                "author_id": cast[f"person.{author}"] if author else None,
                "contact_id": cast[f"person.{contact}"] if contact else None,
                "kind": kind,
                "form": FORMS[number % len(FORMS)],
                "status": status,
                "close_reason": "NO_RESPONSE" if status == "CLOSED" else None,
                "audience": audience,
                "title": f'{kind} of "{name}" 🦊 {{actor}}',
                "body": f"Line <1> & {name}\n\n\nnext\nlast" if number % 3 else "",
                "body_html": "<p>Stored <em>HTML</em></p>" if number % 4 == 1 else None,
                "language": "NL" if number % 2 else "EN",
                "hours_per_week": number if number % 3 else None,
                "hours_total": 40 * number if number % 4 else None,
                "starts_on": date(2027, 1, 1) + timedelta(days=number) if number % 2 else None,
                "ends_on": date(2028, 2, 29) if number % 3 else None,
                "slack_days": number,
                "place_id": places[number % len(places)],
                "distance_km": 10 * number if number % 2 else None,
                "is_remote": number % 3 == 0,
                "languages": ["NL", "EN", "FY"][: number % 4],
                "capacity": number + 1,
                "terms": TERMS[number % len(TERMS)],
                "rate_cents": 100 + number if number % len(TERMS) == 3 else None,
                "opened_at": None if status == "DRAFT" else _moment(51 + number, number),
                "expires_at": None
                if status == "DRAFT"
                else PAST
                if name in OVER or status == "EXPIRED"
                else FAR_AWAY,
                "ended_at": PAST if status in {"FILLED", "CLOSED", "EXPIRED"} else None,
                "version": number + 1,
                "created_at": _moment(50 + number, 120 * number),
            }
            for number, (name, (kind, status, audience, author, contact)) in enumerate(
                LISTINGS.items()
            )
        ],
    )
    # The first skill is named by all but those without any.
    await writer.insert(
        "listing_skill",
        [
            {
                "id": writer.key(f"listing_skill.{name}_{turn}", _moment(80 + number, turn)),
                "listing_id": cast[f"listing.{name}"],
                "skill_id": skills[0 if turn == 0 else (number + 3 * turn) % 8 + 1],
                "importance": "NICE" if (number + turn) % 3 == 0 else "MUST",
                "minimum_level": (number + turn) % 5 + 1,
                "open_as": kind if status == "OPEN" else None,
            }
            for number, (name, (kind, status, *_)) in enumerate(LISTINGS.items())
            for turn in range((number + 3) % 4)
        ],
    )
    await writer.insert(
        "listing_aim",
        [
            {
                "id": writer.key(f"listing_aim.{name}_{turn}", _moment(85 + number, turn)),
                "listing_id": cast[f"listing.{name}"],
                "skill_id": skills[(5 * number + 7 * turn) % 20],
            }
            for number, name in enumerate(LISTINGS)
            for turn in range(number % 3)
        ],
    )
    await writer.insert(
        "listing_step",
        [
            {
                "id": writer.key(f"step.{name}_{action.lower()}", _moment(90 + number)),
                "listing_id": cast[f"listing.{name}"],
                "actor_id": cast[f"person.{actor}"] if actor else None,
                "action": action,
                "changed": ["title", 'body "x"'] if action == "EDITED" else [],
                "created_at": _moment(90 + number, number),
            }
            for number, (name, action, actor) in enumerate(STEPS)
        ],
    )


async def _matches(writer: Writer, skills: Sequence[UUID]) -> None:
    cast = writer.cast
    await writer.insert(
        "listing_match",
        [
            {
                "id": writer.key(f"match.{offer}_{request}", _moment(120 + number)),
                "offer_id": cast[f"listing.{offer}"],
                "request_id": cast[f"listing.{request}"],
                "offering_id": cast[_organisation(offer)],
                "requesting_id": cast[_organisation(request)],
                "score": score,
                "need": score,
                "ease": 0.6 if number % 2 else 1.0,
                "gain": 1 / (number + 3),
                "meaning": 0.1 * number if number % 3 else None,
                "limiting": ("NEED", "EASE", "GAIN")[number % 3],
                "is_feasible": is_feasible,
                "reasons": json.dumps(_reasons(skills, number)),
                "hurdles": json.dumps(_hurdles(skills, number, is_feasible=is_feasible)),
                "scored_at": _moment(121 + number, 7 * number),
                "created_at": _moment(120 + number, 3 * number),
            }
            for number, (offer, request, score, is_feasible) in enumerate(MATCHES)
        ],
    )
    await writer.insert(
        "match_dismissal",
        [
            {
                "id": writer.key(f"dismissal.{number}", _moment(150 + number)),
                "organisation_id": cast[f"org.{who}"],
                "offer_id": cast[f"listing.{offer}"],
                "request_id": cast[f"listing.{request}"],
                "actor_id": cast["person.member"] if number else None,
                "reason": "NOT_NOW",
            }
            for number, (who, offer, request) in enumerate(DISMISSALS)
        ],
    )


def _reasons(skills: Sequence[UUID], number: int) -> list[dict[str, Any]]:
    """Give what skills add: two that add alike, one that nothing stands for, one that is gone."""
    rows: Sequence[tuple[UUID, str, int, UUID | None, int | None, float, float]] = (
        (skills[number % 5], "NICE", 2, skills[number % 5], 4, 1.0, 0.125),
        (skills[number % 5 + 5], "MUST", 3, skills[(number + 1) % 5], 3, 0.8, 0.5),
        (skills[number % 5 + 10], "MUST", 5, NOBODY, 1, 0.3, 0.125),
        (NOBODY, "NICE", 1, None, None, 0.0, 0.0),
    )
    names = (
        "skill_id",
        "importance",
        "wanted_level",
        "by_skill_id",
        "offered_level",
        "closeness",
        "contribution",
    )
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}
        for row in listed[: 4 - number % 5]
    ]


def _hurdles(skills: Sequence[UUID], number: int, *, is_feasible: bool) -> list[dict[str, Any]]:
    """Give what stands between and what lacks; those that can be changed come first."""
    rows: list[tuple[str, int | None, UUID | None]] = [
        ("PERIOD", -12, None),
        ("HOURS", 8, None),
        ("PLACE", 77, None),
        ("LANGUAGE", None, None),
        ("TERMS", None, None),
    ]
    lacks: list[tuple[str, int | None, UUID | None]] = [
        ("SKILL", None, skills[number % 7]),
        ("LEVEL", 2, skills[number % 3]),
        ("SKILL", None, NOBODY),
    ]
    shown = ([] if is_feasible else rows[: number % 6]) + lacks[: number % 4]
    return [
        {"obstacle": obstacle, "amount": amount, "skill_id": str(skill) if skill else None}
        for obstacle, amount, skill in shown
    ]


async def _requests(writer: Writer) -> None:
    cast = writer.cast
    rows: list[dict[str, Any]] = []
    for number, (name, given) in enumerate(REQUESTS.items()):
        asking, asked, listing, own, status, over, counter_to, asked_by, answered_by = given
        rows.append(
            {
                "id": writer.key(f"match_request.{name}", _moment(160 + number)),
                "asking_id": cast[f"org.{asking}"],
                "asked_id": cast[f"org.{asked}"],
                "kind": "OFFER" if number % 2 else "REQUEST",
                "listing_id": cast[f"listing.{listing}"] if listing else None,
                "own_listing_id": cast[f"listing.{own}"] if own else None,
                "counter_to_id": cast[f"match_request.{counter_to}"] if counter_to else None,
                "form": FORMS[number % len(FORMS)],
                "hours_per_week": number if number % 3 else None,
                "starts_on": date(2027, 3, 1) if number % 2 else None,
                "ends_on": date(2027, 4, number) if number % 4 else None,
                "message": f'Would you?\n"{name}"' if number % 2 else "",
                "status": status,
                "decline_reason": REASONS[number % 5] if status == "DECLINED" else None,
                "note": "Not now." if status == "DECLINED" else "",
                "asked_by_id": cast[f"person.{asked_by}"] if asked_by else None,
                "answered_by_id": cast[f"person.{answered_by}"] if answered_by else None,
                "answered_at": _moment(190, number) if answered_by else None,
                "expires_at": PAST if over else FAR_AWAY,
                "created_at": _moment(160 + number, 11 * number),
            }
        )
    await writer.insert("match_request", rows)


async def _conversations(writer: Writer) -> None:
    cast = writer.cast
    await writer.insert(
        "match_message",
        [
            {
                "id": writer.key(f"message.{number}", _moment(180 + number)),
                "match_request_id": cast[f"match_request.{request}"],
                "organisation_id": cast[f"org.{organisation}"],
                "author_id": cast[f"person.{author}"] if author else None,
                "body": f"Message <{number}>\n\n& so on",
                "body_html": "<p>Stored</p>" if number % 3 == 0 else None,
                "created_at": _moment(180 + number, 9 * number),
            }
            for number, (request, organisation, author) in enumerate(MESSAGES)
        ],
    )
    await writer.insert(
        "media",
        [
            {
                "id": writer.key(f"media.{name}", _moment(205 + number)),
                "uploaded_by_id": cast[f"person.{by}"],
                "match_message_id": cast[f"message.{message}"],
                "position": position,
                "purpose": "IMAGE" if name == "photo" else "FILE",
                "storage_key": f"{name}.bin",
                "content_type": "application/pdf",
                "name": f"{name}.pdf",
                "byte_count": 100 + number,
                "created_at": _moment(205 + number),
            }
            for number, (name, by, message, position) in enumerate(FILES)
        ],
    )
    await writer.insert(
        "match_reading",
        [
            {
                "id": writer.key(f"reading.{number}", _moment(200 + number)),
                "match_request_id": cast[f"match_request.{request}"],
                "person_id": cast[f"person.{person}"],
                "read_message_id": NOBODY if message is None else cast[f"message.{message}"],
            }
            for number, (request, person, message) in enumerate(READINGS)
        ],
    )
