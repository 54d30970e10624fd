"""From events to lines in inboxes, once for each event, however many workers there are.

The events are a log: whoever writes records an event as always and pays nothing for those who are
told. A worker reads on from where the last one was, turns up to BATCH events into lines by a
few statements over sets, and notes how far it is in the same transaction. An event that cannot be
turned into lines is left to a job of its own, which is tried again and rests as failed at last.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg

from db.queue import enqueue_many
from db.tables.listings import ListingStatus
from db.tables.notifications import NotificationKind
from resolvers.acting import Connection, Context
from resolvers.match_finding import STAFFING, match_offers_anew
from resolvers.notification_kinds import EMAIL_BY_DEFAULT, IN_APP_BY_DEFAULT
from resolvers.notification_rules import RULES, TELLING, WITHDRAWN
from subscriptions.events import NOTIFICATIONS_NAMED, EventKind, ids_of

BATCH = 500
# Published posts, or open listings, that are held against all saved searches together.
POSTS_AT_ONCE = 50
LISTINGS_AT_ONCE = 20
ACTORS_SHOWN = 3
# What is read meanwhile needs no mail, and what comes meanwhile goes into the same one.
MAIL_AFTER = timedelta(minutes=1)
JOB_OF_ONE_EVENT = "notify_event"
JOB_OF_MAIL = "notification_mail"
JOB_OF_SEARCHES = "tell_owners"
JOB_OF_MARKET_SEARCHES = "tell_market_owners"
TOLD = """
create temporary table if not exists told (
  event_id bigint, at timestamptz, person_id uuid, kind text, subject_id uuid,
  organisation_id uuid, post_id uuid, comment_id uuid, actor_id uuid, note text, precedence int,
  listing_id uuid
) on commit delete rows
"""
PROGRESS = """
select transaction_id, event_id from notification_progress for update skip locked
"""
# An event is read when nothing that began before it can still be committed: none is skipped.
NEXT = """
select id, transaction_id, kind, ids ->> 'status' as status from event
where (transaction_id, id) > ($1, $2)
  and transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by transaction_id, id limit $3
"""
# In the order of the index: whether there is any, without it, reads every event when there is none
# (measured: 1 s for 1.5 million, against 0.1 ms).
WAITING = """
select (
  select e.id from event e where (e.transaction_id, e.id) > (
    (select transaction_id from notification_progress), (select event_id from notification_progress))
  order by e.transaction_id, e.id limit 1
) is not null
"""
ADVANCE = "update notification_progress set transaction_id = $1, event_id = $2"
# Nobody hears of what they did themselves, nor from whom they blocked or muted, or who blocked
# them. A kind that is switched off altogether makes no line. For the kinds in ONCE a person counts
# once for all times: who takes back and does again is not told of again. And an event that was
# turned into a line before makes no second one, even when the line was read meanwhile.
ONCE = ("POST_REACTED", "FOLLOWED", "MENTIONED", "ANSWER_CHOSEN")
# An inbox may hold tens of thousands of lines: each of the two branches has an index of its own.
LINE_BEFORE = """
select b.id, b.changed_at from notification b
where b.person_id = l.person_id and b.kind = l.kind and b.subject_id = l.subject_id
  and b.read_at {read}
"""
# Materialized: pushed down to where the lines come from, what was told before was asked for each of
# them and each person (5 s for 2,000 people of whom the planner knew nothing yet).
ALLOWED = f"""
, allowed as materialized (
  select l.*
  from lines l
  join person r on r.id = l.person_id and r.deactivated_at is null and r.erased_at is null
  left join notification_preference how on how.person_id = l.person_id and how.kind = l.kind
  where l.person_id is distinct from l.actor_id
    and (coalesce(how.in_app, l.kind = any($2::text[])) or coalesce(how.email, l.kind = any($3::text[])))
    and not exists (
      select from block b where b.person_id = l.person_id
        and (b.blocked_person_id = l.actor_id or b.organisation_id = l.organisation_id))
    and not exists (
      select from block b where b.person_id = l.actor_id and b.blocked_person_id = l.person_id)
    and not exists (
      select from mute m where m.person_id = l.person_id
        and (m.muted_person_id = l.actor_id
             or m.organisation_id = l.organisation_id and l.kind = 'POST_PUBLISHED'))
)
insert into told
select distinct on (l.event_id, l.person_id) l.*
from allowed l
where not exists (
  select from ({LINE_BEFORE.format(read="is null")} union all {LINE_BEFORE.format(read="is not null")}) n
  where (n.changed_at >= l.at or l.kind = any($4::text[])) and (l.actor_id is null or exists (
    select from notification_actor a where a.notification_id = n.id and a.person_id = l.actor_id)))
order by l.event_id, l.person_id, l.precedence
"""
COLUMNS = (
    "lines (event_id, at, person_id, kind, subject_id, organisation_id, post_id, comment_id,"
    " actor_id, note, precedence)"
)
# ruff: noqa: S608 - all put together from constants
COLLECT = (
    "with batch as materialized (select * from event where id = any($1::bigint[])), "
    f"{COLUMNS} as ({' union all '.join(RULES)}) {ALLOWED}"
)
COLLECT_GIVEN = f"""
with {COLUMNS} as (
  select 0::bigint, now(), person_id, $5::text, $6::uuid, $7::uuid, $8::uuid, null::uuid, $9::uuid,
         $10::text, 1
  from unnest($1::uuid[]) given (person_id)
) {ALLOWED}
"""
# A line that comes to be about several posts or listings (of a search) is about none of them alone.
ADD_LINES = """
insert into notification
  (person_id, kind, subject_id, organisation_id, post_id, comment_id, listing_id, note, changed_at)
select distinct on (person_id, kind, subject_id)
  person_id, kind, subject_id, organisation_id, post_id, comment_id, listing_id, note, at
from told order by person_id, kind, subject_id, event_id desc
on conflict (person_id, kind, subject_id) where read_at is null
do update set note = excluded.note,
  post_id = case when excluded.post_id = notification.post_id then excluded.post_id end,
  listing_id = case when excluded.listing_id = notification.listing_id then excluded.listing_id end,
  changed_at = greatest(notification.changed_at, excluded.changed_at)
where (excluded.note, excluded.post_id, excluded.listing_id)
  is distinct from (notification.note, notification.post_id, notification.listing_id)
"""
# The unread line that something told is in. No index serves "is not distinct from": one inbox of
# 6,000 lines took 4 ms for each.
LINE = """
lateral (
  select u.* from notification u where u.person_id = t.person_id and u.kind = t.kind
    and u.subject_id = t.subject_id and u.read_at is null
  union all
  select u.* from notification u where t.subject_id is null and u.person_id = t.person_id
    and u.kind = t.kind and u.subject_id is null and u.read_at is null
) n
"""
# Who is new in a line comes first in it; who was counted already changes nothing.
COUNT_ACTORS = f"""
with who as (
  select n.id, t.actor_id, max(t.at) as at, max(t.event_id) as event_id
  from told t cross join {LINE}
  where t.actor_id is not null group by n.id, t.actor_id
), fresh as (
  insert into notification_actor (notification_id, person_id) select id, actor_id from who
  on conflict do nothing returning notification_id, person_id
), news as (
  select who.id, array_agg(who.actor_id order by who.event_id desc) as actor_ids,
         count(*) as count, max(who.at) as at
  from who join fresh on fresh.notification_id = who.id and fresh.person_id = who.actor_id
  group by who.id
)
update notification n
set actor_ids = (news.actor_ids || n.actor_ids)[1:$1],
    actor_count = n.actor_count + news.count,
    changed_at = greatest(n.changed_at, news.at)
from news where n.id = news.id
"""
READER_IDS = ids_of(
    "'person_id', n.person_id",
    "'change', '{change}'",
    f"'notification_ids', case when count(*) <= {NOTIFICATIONS_NAMED} then jsonb_agg(n.id) end",
)
TAKE_BACK = f"""
with batch as materialized (select * from event where id = any($1::bigint[])),
withdrawn as ({WITHDRAWN}), gone as (
  delete from notification_actor a using withdrawn w
  where a.notification_id = w.notification_id and a.person_id = w.person_id
  returning a.notification_id, a.person_id
), counted as (
  select notification_id, array_agg(person_id) as person_ids, count(*) as count
  from gone group by notification_id
), emptied as (
  delete from notification n using counted c
  where n.id = c.notification_id and n.actor_count <= c.count
), recorded as (
  insert into event (kind, subject_id, ids)
  select '{EventKind.NOTIFICATION_CHANGED}', n.person_id, {READER_IDS.format(change="REMOVED")}
  from counted c join notification n on n.id = c.notification_id group by n.person_id
)
update notification n
set actor_count = n.actor_count - c.count,
    actor_ids = (
      select array(
        select a.person_id from notification_actor a
        where a.notification_id = n.id and a.person_id <> all(c.person_ids)
        order by array_position(n.actor_ids, a.person_id) nulls last limit $2))
from counted c where n.id = c.notification_id and n.actor_count > c.count
"""
TO_BE_MAILED = f"""
select distinct n.id from told t cross join {LINE}
join person p on p.id = n.person_id and p.email_verified_at is not null
left join notification_preference how on how.person_id = n.person_id and how.kind = n.kind
where n.mailed_at is null and coalesce(how.email, n.kind = any($1::text[]))
"""
# One event for each reader, with what is new in their inbox.
TELL_READERS = f"""
insert into event (kind, subject_id, ids)
select '{EventKind.NOTIFICATION_CHANGED}', n.person_id, {READER_IDS.format(change="ADDED")}
from (
  select distinct n.id, n.person_id
  from told t cross join {LINE}
) n group by n.person_id
"""

logger = logging.getLogger(__name__)


async def is_behind(connection: Connection) -> bool:
    """Tell whether there are events that nobody was told of yet."""
    return bool(await connection.fetchval(WAITING))


async def notify_next(connection: Connection) -> int:
    """Turn the next events into lines, in a transaction of its own; give how many events.

    Nothing is done while another worker is at it.
    """
    async with connection.transaction():
        progress = await connection.fetchrow(PROGRESS)
        if progress is None:
            return 0
        events = await connection.fetch(
            NEXT, progress["transaction_id"], progress["event_id"], BATCH
        )
        if not events:
            return 0
        telling = [event["id"] for event in events if event["kind"] in TELLING]
        if telling:
            await _tell_of(connection, telling)
        published = [event["id"] for event in events if event["kind"] == EventKind.POST_PUBLISHED]
        if published:
            await _ask_searches(connection, JOB_OF_SEARCHES, published, POSTS_AT_ONCE)
        on_market = [
            event["id"]
            for event in events
            if event["kind"] == EventKind.LISTING_CHANGED and event["status"] == ListingStatus.OPEN
        ]
        if on_market:
            await _ask_searches(connection, JOB_OF_MARKET_SEARCHES, on_market, LISTINGS_AT_ONCE)
        staffing = [event["id"] for event in events if event["kind"] in STAFFING]
        if staffing:
            await match_offers_anew(connection, staffing)
        await connection.execute(ADVANCE, events[-1]["transaction_id"], events[-1]["id"])
        return len(events)


async def tell_of_event(connection: Connection, event_id: int) -> None:
    """Turn one event into lines; done twice, it changes nothing."""
    async with connection.transaction():
        await _lines(connection, [event_id])


async def tell(  # noqa: PLR0913 - what a line is made of
    ctx: Context,
    kind: NotificationKind,
    person_ids: Sequence[UUID],
    *,
    subject_id: UUID | None = None,
    organisation_id: UUID | None = None,
    post_id: UUID | None = None,
    actor_id: UUID | None = None,
    note: str | None = None,
) -> None:
    """Tell people of something that no event says, in the command's own transaction.

    What events say is told by the worker without anybody asking; see `notification_rules`.
    """
    async with collecting(ctx.connection) as given:
        await ctx.connection.execute(
            COLLECT_GIVEN,
            list(person_ids),
            *given,
            kind.value,
            subject_id,
            organisation_id,
            post_id,
            actor_id,
            note,
        )
        await write_lines(ctx.connection)


@asynccontextmanager
async def collecting(connection: Connection) -> AsyncIterator[Sequence[Sequence[str]]]:
    """Give an empty table `told` for as long as lines are collected, and what ALLOWED is given: $2 to $4."""
    await connection.execute(TOLD)
    yield (IN_APP_BY_DEFAULT, EMAIL_BY_DEFAULT, ONCE)
    # Whoever tells next in this transaction begins anew.
    await connection.execute("delete from told")


async def _tell_of(connection: Connection, event_ids: list[int]) -> None:
    try:
        async with connection.transaction():
            await _lines(connection, event_ids)
    except asyncpg.PostgresError as error:
        if len(event_ids) > 1:
            # One of them is at fault; the others must not wait for it.
            for event_id in event_ids:
                await _tell_of(connection, [event_id])
            return
        logger.warning("Event %d is left to a job of its own: %s", event_ids[0], error)
        await enqueue_many(connection, JOB_OF_ONE_EVENT, [{"event_id": event_ids[0]}])


async def _lines(connection: Connection, event_ids: list[int]) -> None:
    async with collecting(connection) as given:
        await connection.execute(COLLECT, event_ids, *given)
        await write_lines(connection)
        await connection.execute(TAKE_BACK, event_ids, ACTORS_SHOWN)


async def _ask_searches(
    connection: Connection, job: str, event_ids: Sequence[int], at_once: int
) -> None:
    """Have searches asked for what these events are about, if and only if they were noted as told of."""
    portions = [event_ids[at : at + at_once] for at in range(0, len(event_ids), at_once)]
    await enqueue_many(connection, job, [{"event_ids": portion} for portion in portions])


async def write_lines(connection: Connection) -> int:
    """Turn what is in `told` into lines, and have mailed what is mailed at once; give how many."""
    count: int = await connection.fetchval("select count(*) from told")
    if not count:
        return 0
    await connection.execute(ADD_LINES)
    await connection.execute(COUNT_ACTORS, ACTORS_SHOWN)
    await connection.execute(TELL_READERS)
    to_be_mailed = await connection.fetch(TO_BE_MAILED, EMAIL_BY_DEFAULT)
    if to_be_mailed:
        await enqueue_many(
            connection,
            JOB_OF_MAIL,
            [{"notification_id": row["id"]} for row in to_be_mailed],
            keys=[f"{JOB_OF_MAIL}:{row['id']}" for row in to_be_mailed],
            delay=MAIL_AFTER,
        )
    return count
