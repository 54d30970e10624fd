"""What a command works with: who acts, on which connection, and what it may ask of them.

A command is a plain async function `(ctx, *, …)`. It refuses (who, what), checks (input), writes
and records the event; `performing` has opened the transaction and commits it afterwards. What a
command gives becomes the payload: a key for its object, or a mapping of the payload's fields.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from db.storage import Storage
from db.tables.people import Locale, Role
from db.tables.posts import Audience
from resolvers.auditing import AuditAction
from resolvers.permissions import Action, permitted
from resolvers.refusals import NotAllowed, NotFound, NotSignedIn
from resolvers.sealing import seal_values
from subscriptions.events import EventKind, Id, record

Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

SEALED_MAIL = "mail"
ROLE = """
select m.role, o.suspended_at is not null as is_suspended
from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 and m.organisation_id = $2 and m.ended_on is null
"""
# May somebody who is no member know of an organisation? As in `resolvers.organisations.visible`.
KNOWN = """
select exists (
  select from organisation o where o.id = $2 and o.suspended_at is null and not exists (
    select from block b where b.organisation_id = o.id and b.person_id = $1
  )
)
"""
AUDIT = """
insert into audit_entry (organisation_id, actor_id, action, subject_id, details)
values ($1, $2, $3, $4, $5)
"""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person who acts, as the credential of the request says."""

    id: UUID
    name: str
    locale: Locale
    is_moderator: bool
    is_suspended: bool
    may_write: bool
    session_id: UUID | None
    token_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request comes from: its secret, the address it was sent from, its browser, its language."""

    secret_hash: bytes | None = None
    address: str = ""
    user_agent: str = ""
    locale: Locale = Locale.EN


@dataclass(kw_only=True)
class Outcome:
    """What the edge has to do for the client when the transaction is committed."""

    # The secret of a session that was opened: it becomes the browser's cookie.
    session_secret: str | None = None
    session_ended: bool = False

    @property
    def session_hash(self) -> bytes | None:
        """What is stored of the session that was opened."""
        return (
            None if self.session_secret is None else sha256(self.session_secret.encode()).digest()
        )


@dataclass(kw_only=True)
class Context:
    """One command's surroundings; it lives as long as its transaction."""

    connection: Connection
    actor: Actor | None
    origin: Origin
    services: Services
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def locale(self) -> Locale:
        """The language in which the one who acts is answered."""
        return self.actor.locale if self.actor else self.origin.locale

    def person(self, *, even_suspended: bool = False) -> Actor:
        """Give the person who acts.

        Raises:
            NotSignedIn: There is none.
            NotAllowed: Their token may only read, or they are suspended.
        """
        if self.actor is None:
            raise NotSignedIn
        if not self.actor.may_write:
            raise NotAllowed("common.read_only_token")
        if self.actor.is_suspended and not even_suspended:
            raise NotAllowed("common.suspended")
        return self.actor

    async def require(self, action: Action, organisation_id: UUID, *, field: str = "") -> Actor:
        """Give the person who acts, if their role in the organisation permits the action.

        Raises:
            NotSignedIn: Nobody is signed in.
            NotFound: There is no such organisation, as far as they may know.
            NotAllowed: Their role does not permit it, or the organisation is suspended.
        """
        actor = self.person()
        role, is_suspended = await self.role_in(organisation_id, field=field)
        if not permitted(action, role) or is_suspended:
            raise NotAllowed("common.role_missing", field=(field,) if field else ())
        return actor

    async def role_in(self, organisation_id: UUID, *, field: str = "") -> tuple[Role | None, bool]:
        """Give the actor's role in an organisation, and whether that is suspended.

        Raises:
            NotFound: There is no such organisation, as far as the actor may know.
        """
        actor = self.person(even_suspended=True)
        found = await self.connection.fetchrow(ROLE, actor.id, organisation_id)
        if found is not None:
            return Role(found["role"]), found["is_suspended"]
        visible = await self.connection.fetchval(KNOWN, actor.id, organisation_id)
        if not visible:
            raise NotFound("common.not_found", field=(field,) if field else ())
        return None, False

    def together(self) -> Any:
        """Give a context within which all is written or nothing; also in a command without one."""
        if self.connection.is_in_transaction():
            return nullcontext()
        return self.connection.transaction()

    async def record(
        self,
        kind: EventKind,
        *,
        organisation_id: UUID | None = None,
        subject_id: UUID | None = None,
        **ids: Id,
    ) -> None:
        """Record that this happened, in this transaction; `ids` as the kind's model has them."""
        await record(
            self.connection,
            kind,
            actor_id=self.actor.id if self.actor else None,
            organisation_id=organisation_id,
            subject_id=subject_id,
            **ids,
        )

    async def record_of_post(self, kind: EventKind, post: Mapping[str, Any], **ids: Id) -> None:
        """Record what became of a post: a row of it, as it is now or was last."""
        await self.record(
            kind,
            organisation_id=post["organisation_id"],
            subject_id=post["id"],
            **(ids_of_post(post) | ids),
        )

    async def audit(
        self,
        action: AuditAction,
        organisation_id: UUID,
        *,
        subject_id: UUID | None = None,
        **details: Any,
    ) -> None:
        """Write into the organisation's audit trail. `details` hold no secret and no text of people."""
        actor_id = self.actor.id if self.actor else None
        await self.connection.execute(AUDIT, organisation_id, actor_id, action, subject_id, details)

    def page(self, path: str) -> str:
        """Give the address of a page, for a link in an e-mail.

        A secret goes behind `#`: browsers send that to nobody, so no log and no other site has it.
        """
        return f"{self.services.base_url}{path}"

    async def mail(
        self,
        template: str,
        *,
        to: str,
        locale: str,
        values: Mapping[str, Any],
        sealed: Mapping[str, Any] | None = None,
    ) -> None:
        """Have a mail sent, if and only if this transaction is committed.

        `sealed` are values too, such as links that work once: the queue does not give them away.
        """
        payload: dict[str, Any] = {"template": template, "to": to, "locale": locale}
        if sealed:
            kept = seal_values(self.services.secret_key, SEALED_MAIL, dict(sealed))
            payload["sealed"] = b64encode(kept).decode()
        await self.enqueue("mail", **payload, values=dict(values))

    async def enqueue(self, job: str, **payload: Any) -> None:
        """Have a job done by the worker, if and only if this transaction is committed."""
        await self.services.enqueue(self.connection, job, payload)


def ids_of_post(post: Mapping[str, Any]) -> dict[str, Id]:
    """Give what an event about a post says of it: from a row, as it is now or was last."""
    return {
        "post_id": post["id"],
        "author_id": post["author_id"],
        "audience": Audience(post["audience"]),
        "is_hidden": post["hidden_at"] is not None,
        "skill_ids": post.get("skill_ids") or None,
    }


@dataclass(frozen=True, kw_only=True)
class Retention:
    """For how many days something is kept."""

    event_days: int = 7
    notification_days: int = 180
    # Reports that are decided.
    report_days: int = 365
    audit_days: int = 1_095


@dataclass(frozen=True, kw_only=True)
class Services:
    """What commands need of the world outside the database; the edge provides it."""

    # Enqueues a job on the connection of the writing transaction.
    enqueue: Callable[[Connection, str, Mapping[str, Any]], Awaitable[object]]
    # Seals what the database alone must not give away, and signs links.
    secret_key: bytes
    # Where the pages are, without a slash at the end.
    base_url: str
    retention: Retention = Retention()
    # Whether identity providers may be at private addresses and speak http: in development.
    allow_private_providers: bool = False
    # Where uploads are kept.
    storage: Storage
    # Gives the TXT records at a name; `resolvers.domains.NamesUnavailable` when nobody answers.
    lookup_txt: Callable[[str], Awaitable[Sequence[str]]]


Command = Callable[..., Awaitable[Any]]
