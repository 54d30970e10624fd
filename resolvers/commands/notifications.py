"""Reading notifications, and choosing how to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db.tables.notifications import NotificationKind
from resolvers.acting import Context
from resolvers.notification_kinds import DEFAULTS
from resolvers.refusals import InvalidInput
from subscriptions.events import NOTIFICATIONS_NAMED, Change, EventKind, ids_of

READ_IDS = ids_of(
    "'person_id', $1::uuid",
    "'change', 'READ'",
    f"'notification_ids', case when count(*) <= {NOTIFICATIONS_NAMED} then jsonb_agg(n.id) end",
)
# What came after `up_to`, or was added to a line after it, stays unread.
MARK = f"""
with n as (
  update notification set read_at = now()
  where person_id = $1 and read_at is null
    and (id = any($2::uuid[]) or changed_at <= $3)
  returning id
)
insert into event (kind, actor_id, subject_id, ids)
select '{EventKind.NOTIFICATION_CHANGED}', $1, $1, {READ_IDS} from n having count(*) > 0
"""  # noqa: S608 - constants
CHOOSE = """
insert into notification_preference (person_id, kind, in_app, email)
values ($1, $2, coalesce($3::boolean, $5), coalesce($4::boolean, $6))
on conflict (person_id, kind) do update set
  in_app = coalesce($3, notification_preference.in_app),
  email = coalesce($4, notification_preference.email)
returning in_app, email, (coalesce(old.in_app, $5), coalesce(old.email, $6))
  is distinct from (new.in_app, new.email) as is_changed
"""


async def mark_read(
    ctx: Context,
    *,
    notification_ids: Sequence[UUID] | None = None,
    up_to: datetime | None = None,
) -> UUID:
    """Mark notifications as read: some by their keys, or all that changed up to a time.

    Those of other people, and those that are read already, stay as they are.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: Neither is given.
    """
    actor = ctx.person(even_suspended=True)
    if not notification_ids and up_to is None:
        raise InvalidInput("notifications.nothing_to_mark", field=("notification_ids",))
    if up_to is not None and up_to.tzinfo is None:
        up_to = up_to.replace(tzinfo=UTC)
    await ctx.connection.execute(MARK, actor.id, list(notification_ids or ()), up_to)
    return actor.id


async def set_preference(
    ctx: Context, *, kind: NotificationKind, in_app: bool | None = None, email: bool | None = None
) -> Mapping[str, Any]:
    """Choose how to be told of a kind; a switch that is not given stays as it is.

    Raises:
        NotSignedIn: Nobody is signed in.
        InvalidInput: Neither switch is given.
    """
    actor = ctx.person(even_suspended=True)
    if in_app is None and email is None:
        raise InvalidInput("notifications.nothing_to_switch", field=("in_app",))
    usual = DEFAULTS[kind]
    chosen: Any = await ctx.connection.fetchrow(
        CHOOSE, actor.id, kind, in_app, email, usual.in_app, usual.email
    )
    if chosen["is_changed"]:
        await ctx.record(
            EventKind.NOTIFICATION_CHANGED,
            subject_id=actor.id,
            person_id=actor.id,
            change=Change.CHANGED,
        )
    return {"person": actor.id, "in_app": chosen["in_app"], "email": chosen["email"]}
