"""What happened: recorded in the transaction that did it, as kinds and ids, never content."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

RECORD = """
insert into event (kind, actor_id, organisation_id, subject_id, ids) values ($1, $2, $3, $4, $5)
"""


class EventKind(StrEnum):
    """What can happen: the object first, then what became of it."""

    POST_PUBLISHED = "POST_PUBLISHED"
    POST_EDITED = "POST_EDITED"
    POST_DELETED = "POST_DELETED"
    POST_PINNED = "POST_PINNED"
    POST_REACTED = "POST_REACTED"
    COMMENT_ADDED = "COMMENT_ADDED"
    COMMENT_EDITED = "COMMENT_EDITED"
    COMMENT_DELETED = "COMMENT_DELETED"
    ANSWER_CHOSEN = "ANSWER_CHOSEN"
    FOLLOW_CHANGED = "FOLLOW_CHANGED"
    ORGANISATION_CREATED = "ORGANISATION_CREATED"
    ORGANISATION_EDITED = "ORGANISATION_EDITED"
    MEMBERSHIP_CHANGED = "MEMBERSHIP_CHANGED"
    INVITATION_CHANGED = "INVITATION_CHANGED"
    JOIN_REQUEST_CHANGED = "JOIN_REQUEST_CHANGED"
    DOMAIN_VERIFIED = "DOMAIN_VERIFIED"
    PARTNERSHIP_CHANGED = "PARTNERSHIP_CHANGED"
    PERSON_EDITED = "PERSON_EDITED"
    PERSON_ERASED = "PERSON_ERASED"
    SESSION_ENDED = "SESSION_ENDED"
    NOTIFICATION_CHANGED = "NOTIFICATION_CHANGED"
    BLOCK_CHANGED = "BLOCK_CHANGED"
    REPORT_FILED = "REPORT_FILED"
    MODERATED = "MODERATED"
    APPEAL_CHANGED = "APPEAL_CHANGED"


async def record(
    connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any],
    kind: EventKind,
    *,
    actor_id: UUID | None,
    organisation_id: UUID | None = None,
    subject_id: UUID | None = None,
    **ids: UUID | None,
) -> None:
    """Record one event inside the caller's transaction; `ids` are further ids by name."""
    await connection.execute(
        RECORD,
        kind.value,
        actor_id,
        organisation_id,
        subject_id,
        {name: str(value) for name, value in ids.items() if value is not None},
    )
