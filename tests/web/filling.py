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
    for columns, values in (
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
