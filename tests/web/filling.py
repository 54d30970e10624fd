"""Rows of the market that hold a person's key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg


async def fill_market(
    connection: asyncpg.Connection[Any], person: UUID, other: UUID, place: UUID, elsewhere: UUID
) -> None:
    """Have somebody do all that is done on the market, in the name of `place`."""
    needs, offers = [
        await connection.fetchval(
            "insert into listing (author_id, contact_id, organisation_id, kind, form, audience, title, "
            "language, terms) values ($1, $1, $2, $3, 'CONSULT', 'PUBLIC', 'A listing', 'EN', 'FREE') "
            "returning id",
            *row,
        )
        for row in ((person, place, "REQUEST"), (other, elsewhere, "OFFER"))
    ]
    request = await connection.fetchval(
        "insert into match_request (asked_by_id, answered_by_id, asking_id, asked_id, kind, form, "
        "expires_at) values ($1, $1, $2, $3, 'REQUEST', 'CONSULT', now()) returning id",
        person,
        place,
        elsewhere,
    )
    exchange, version, receipt = await fill_exchange(connection, person, place, elsewhere)
    skill = await connection.fetchval("select id from skill order by id limit 1")
    for columns, values in (
        ("exchange_person (person_id, exchange_id) values ($1, $2)", (exchange,)),
        (
            "agreement_signature (person_id, exchange_id, version_id, side, name, content_hash)"
            " values ($1, $2, $3, 'EMPLOYEE', 'Somebody', 'x')",
            (exchange, version),
        ),
        (
            "exchange_line (actor_id, exchange_id, step, version) values ($1, $2, 'BEGUN', 1)",
            (exchange,),
        ),
        (
            "exchange_hours (person_id, logged_by_id, confirmed_by_id, exchange_id, worked_on,"
            " minutes, side) values ($1, $1, $1, $2, '2026-02-02', 60, 'EMPLOYEE')",
            (exchange,),
        ),
        (
            "exchange_reentry (ticked_by_id, exchange_id, item) values ($1, $2, 'TALK_PLANNED')",
            (exchange,),
        ),
        (
            "raised_skill (person_id, receipt_id, organisation_id, skill_id, from_level, to_level)"
            " values ($1, $2, $3, $4, 1, 2)",
            (receipt, place, skill),
        ),
        (
            "skill_evidence (person_id, exchange_id, organisation_id, partner_id, skill_id, side)"
            " values ($1, $2, $3, $4, $5, 'LENDER')",
            (exchange, place, elsewhere, skill),
        ),
        (
            "endorsement (author_id, exchange_id, organisation_id, endorsed_id, line)"
            " values ($1, $2, $3, $4, 'Good.')",
            (exchange, place, elsewhere),
        ),
        (
            "calendar_feed (person_id, secret_hash) values ($1, sha256(uuid_send(uuidv7())))",
            (),
        ),
        ("listing_step (actor_id, listing_id, action) values ($1, $2, 'CREATED')", (needs,)),
        (
            "match_dismissal (actor_id, organisation_id, offer_id, request_id, reason)"
            " values ($1, $2, $3, $4, 'OTHER')",
            (place, offers, needs),
        ),
        (
            "match_message (author_id, match_request_id, organisation_id, body)"
            " values ($1, $2, $3, 'Shall we?')",
            (request, place),
        ),
        (
            "match_reading (person_id, match_request_id, read_message_id)"
            " values ($1, $2, uuidv7())",
            (request,),
        ),
        ("market_search (person_id, name) values ($1, $2)", ("Of Zandstra",)),
    ):
        await connection.execute(f"insert into {columns}", person, *values)


async def fill_exchange(
    connection: asyncpg.Connection[Any], person: UUID, place: UUID, elsewhere: UUID
) -> tuple[UUID, UUID, UUID]:
    """Have `place` lend somebody; give the exchange, its agreement and its receipt."""
    exchange = await connection.fetchval(
        "insert into exchange (lender_id, borrower_id, status, starts_on) values "
        "($1, $2, 'ACTIVE', '2026-01-01') returning id",
        place,
        elsewhere,
    )
    version = await connection.fetchval(
        "insert into agreement_version (author_id, exchange_id, number, side, form, terms, canonical,"
        " content_hash, person_ids) values ($1, $2, 1, 'LENDER', 'CONSULT', 'FREE', '{}',"
        " repeat('0', 64), array[$1::uuid]) returning id",
        person,
        exchange,
    )
    receipt = await connection.fetchval(
        "insert into exchange_receipt (recorded_by_id, confirmed_by_id, exchange_id, side) values "
        "($1, $1, $2, 'LENDER') returning id",
        person,
        exchange,
    )
    return exchange, version, receipt
