"""What an agreed exchange takes of the listings that it came from: the last place fills them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resolvers.acting import Context
from resolvers.commands.listings import fill_by_exchange

# Each listing with what is taken of it: so many people, or one place where nobody is named.
TAKEN = """
select l.id, l.capacity <= (
  select sum(greatest(cardinality(v.person_ids), 1))
  from exchange e join agreement_version v on v.exchange_id = e.id and v.number = e.version
  where l.id in (e.offer_id, e.request_id)
    and e.status in ('AGREED', 'ACTIVE', 'RECALLED', 'COMPLETED')
) as is_full
from listing l where l.id = any($1) and l.status in ('OPEN', 'PAUSED')
order by l.id for no key update
"""


async def take_capacity(ctx: Context, exchange: Mapping[str, Any]) -> None:
    """Fill the offer and the request of an exchange that was agreed just now, when it took their last place."""
    keys = [key for key in (exchange["offer_id"], exchange["request_id"]) if key is not None]
    # Locked first: what others take meanwhile is counted by the statement after it.
    await ctx.connection.execute(
        "select from listing where id = any($1) order by id for no key update", keys
    )
    rows: Any = await ctx.connection.fetch(TAKEN, keys)
    for row in rows:
        if row["is_full"]:
            await fill_by_exchange(ctx, row["id"], exchange["id"])
