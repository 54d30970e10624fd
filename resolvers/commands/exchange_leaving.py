"""Somebody who goes no longer does: they took their consent back, left the lender, or are erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.tables.exchanges import ExchangeEndReason, ExchangeSide, ExchangeStatus, ExchangeStep
from resolvers.acting import Connection
from resolvers.commands.exchange_moving import note

REVOKE = """
update exchange_person set revoked_at = now()
where exchange_id = $1 and person_id = $2 and revoked_at is null returning true
"""
GOING = """
select count(*) from exchange_person
where exchange_id = $1 and removed_at is null and revoked_at is null and consented_at is not null
"""
VOID = """
update agreement_signature set voided_at = now() where exchange_id = $1 and voided_at is null
"""
REOPEN = "update exchange set status = 'DRAFT', offered_at = null where id = $1"
# Text by text: what was said before stays when nothing is said now.
COMPLETE = """
update exchange set status = 'COMPLETED', completed_at = now(), recall_asked_on = null,
  end_reason = coalesce($2, end_reason), end_note = case when $3 = '' then end_note else $3 end
where id = $1
"""
CANCEL = """
update exchange set status = 'CANCELLED', cancelled_at = now(), end_reason = $2, end_note = $3
where id = $1
"""
# Where a person still goes, of one lender or of all.
WITH_THEM = """
select x.* from exchange x join exchange_person g on g.exchange_id = x.id
where g.person_id = $1 and g.removed_at is null and g.revoked_at is null
  and x.status not in ('COMPLETED', 'CANCELLED') and ($2::uuid is null or x.lender_id = $2)
order by x.id for no key update of x
"""


async def leave(
    connection: Connection,
    exchange: Mapping[str, Any],
    person_id: UUID,
    *,
    actor_id: UUID | None,
    side: ExchangeSide | None = None,
    text: str = "",
) -> bool:
    """Note that somebody no longer goes in a locked exchange; False when that was so before.

    What waits for signatures is a draft again; what is agreed is called off and what goes on is over,
    unless others go who consented.
    """
    if not await connection.fetchval(REVOKE, exchange["id"], person_id):
        return False

    async def done(step: ExchangeStep) -> None:
        await note(connection, exchange, step, actor_id=actor_id, side=side, person_id=person_id)

    await done(ExchangeStep.CONSENT_REVOKED)
    status = ExchangeStatus(exchange["status"])
    if status is ExchangeStatus.DRAFT:
        return True
    if status is ExchangeStatus.OFFERED:
        await connection.execute(VOID, exchange["id"])
        await connection.execute(REOPEN, exchange["id"])
    elif not await connection.fetchval(GOING, exchange["id"]):
        is_agreed = status is ExchangeStatus.AGREED
        reason = ExchangeEndReason.CONSENT_REVOKED
        await connection.execute(CANCEL if is_agreed else COMPLETE, exchange["id"], reason, text)
        await done(ExchangeStep.CANCELLED if is_agreed else ExchangeStep.COMPLETED)
    return True


async def leave_all(
    connection: Connection,
    person_id: UUID,
    *,
    actor_id: UUID | None,
    lender_id: UUID | None = None,
) -> None:
    """Have somebody no longer go anywhere: for one lender that they left, or for all."""
    rows: Any = await connection.fetch(WITH_THEM, person_id, lender_id)
    for row in rows:
        await leave(connection, row, person_id, actor_id=actor_id)
