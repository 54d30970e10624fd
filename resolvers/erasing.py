"""Erasing a person: everything personal goes, what must stay has a nameless author."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from db.counters import recount
from resolvers import erasing_events, privacy
from resolvers.acting import Connection
from resolvers.commands.exchange_leaving import leave_all
from resolvers.commands.publishing import remove_empty_reposts
from resolvers.refusals import Conflict, NotFound
from subscriptions.events import EventKind, record

PERSON = "select email from person where id = $1 and erased_at is null for update"
# Whoever hands over or leaves at this moment locks the organisation too. All of theirs, whatever the
# role: what is read together with a lock may be older than the lock.
LOCK_ORGANISATIONS = """
select o.id from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 and m.ended_on is null order by o.id
for no key update of o
"""
OWNED_ALONE = """
select o.id, o.name, exists (
  select from membership other where other.organisation_id = o.id and other.ended_on is null
  and other.person_id <> $1
) as has_others
from organisation o where o.id = any($2) and exists (
  select from membership own where own.organisation_id = o.id and own.ended_on is null
  and own.role = 'OWNER' and own.person_id = $1
) and not exists (
  select from membership owner where owner.organisation_id = o.id and owner.ended_on is null
  and owner.role = 'OWNER' and owner.person_id <> $1
)
order by o.name
"""
# Nobody works there any more: the organisation leaves the network, nobody sees it.
CLOSE = """
update organisation set suspended_at = coalesce(suspended_at, now()) where id = any($1)
"""
CLOSED = """
insert into audit_entry (organisation_id, actor_id, action)
select id, $2, 'organisation.closed' from unnest($1::uuid[]) as closed (id)
"""
NAMES_SHOWN = 5


async def check_owners(connection: Connection, person_id: UUID) -> Sequence[UUID]:
    """Make sure that no organisation is left without an owner; give those in which nobody else is.

    Raises:
        Conflict: Somebody else works where they are the only owner; the text names where.
    """
    theirs = [row["id"] for row in await connection.fetch(LOCK_ORGANISATIONS, person_id)]
    alone = await connection.fetch(OWNED_ALONE, person_id, theirs)
    left = [row["name"] for row in alone if row["has_others"]]
    if left:
        names = ", ".join(left[:NAMES_SHOWN]) + (" …" if len(left) > NAMES_SHOWN else "")
        raise Conflict("privacy.last_owner", names=names)
    return [row["id"] for row in alone]


async def erase_person(connection: Connection, person_id: UUID) -> None:
    """Erase a person within the caller's transaction; counters are exact afterwards.

    Raises:
        NotFound: There is no such person, or they are erased already.
        Conflict: An organisation would be left without an owner.
    """
    email: str | None = await connection.fetchval(PERSON, person_id)
    if email is None:
        raise NotFound("common.not_found")
    closed = await check_owners(connection, person_id)
    touched = {
        counter: [row[0] for row in await connection.fetch(statement, person_id)]
        for counter, statement in privacy.COUNTED.items()
    }
    await leave_all(connection, person_id, actor_id=None)
    for statement in erasing_events.GOING:
        await connection.execute(statement, person_id)
    for statement in (privacy.UNNAME_POSTS, privacy.UNNAME_COMMENTS, *privacy.UNNAME_OLDER):
        await connection.execute(statement, str(person_id), privacy.FORMER_MEMBER)
    for table in privacy.TABLES.values():
        for statement in table.erase:
            arguments = (person_id, email) if "$2" in statement else (person_id,)
            await connection.execute(statement, *arguments)
    if closed:
        await connection.execute(CLOSE, closed)
        await connection.execute(CLOSED, closed, person_id)
        await connection.execute(erasing_events.CLOSED, closed)
        # Nobody sees the posts of a closed organisation: what only shows one would be empty.
        await remove_empty_reposts(connection, closed)
    await connection.execute(privacy.NAMELESS, person_id, privacy.FORMER_MEMBER)
    for counter, ids in touched.items():
        if ids:
            await recount(connection, [counter], ids=ids)
    await record(
        connection,
        EventKind.PERSON_ERASED,
        actor_id=None,
        subject_id=person_id,
        person_id=person_id,
    )
