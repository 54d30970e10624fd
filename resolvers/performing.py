"""Performing a command: sign-in, one transaction, once for each idempotency key, refusals told.

Round trips beside the command's own: begin, sign-in, commit; with a key two more. A command in one
statement has sign-in alone.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
import orjson

from db.tables.accounts import TokenScope
from db.tables.events import KEY_MAX
from db.tables.people import Locale
from resolvers.acting import Actor, Command, Connection, Context, Origin, Outcome, Services
from resolvers.refusals import Conflict, InvalidInput, KeyReused, NotSignedIn, Refusal
from resolvers.steps import is_in_one_statement, is_in_steps

ATTEMPTS = 4
# Two transactions that wait for each other, or saw what the other changed: one is done again.
COLLISIONS = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
SIGN_IN = """
select p.id, p.name, p.locale, p.is_moderator, p.suspended_at is not null as is_suspended,
       c.scopes, c.session_id, c.token_id
from (
  select person_id, scopes, null::uuid as session_id, id as token_id from access_token
  where secret_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
  union all
  select person_id, null, id, null from session
  where secret_hash = $1 and revoked_at is null and expires_at > now()
) c join person p on p.id = c.person_id and p.deactivated_at is null
"""
CLAIM_KEY = """
insert into idempotency_record (person_id, key, input_hash) values ($1, $2, $3)
on conflict do nothing returning true
"""
logger = logging.getLogger(__name__)
T = TypeVar("T")


class UnknownSecret(Exception):
    """The request brought a secret that is nobody's: unknown, expired or revoked."""


class WritePool(Protocol):
    """Where transactions run."""

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Borrow a connection."""
        ...


@dataclass(frozen=True, kw_only=True)
class Performed:
    """What came of a command: the payload's fields, or why it was refused."""

    values: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    locale: Locale = Locale.EN
    outcome: Outcome = field(default_factory=Outcome)


class Performer:
    """Performs commands on the primary."""

    def __init__(
        self,
        pool: WritePool,
        services: Services,
        *,
        acquire_seconds: float = 5.0,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        # Told after each commit: events may have been recorded.
        self.announce = announce
        self.pool = pool
        self.services = services
        self.acquire_seconds = acquire_seconds

    async def perform(
        self,
        command: Command,
        arguments: Mapping[str, Any],
        origin: Origin,
        *,
        name: str,
        key: str | None = None,
    ) -> Performed:
        """Perform one command in one transaction; a refusal leaves nothing behind.

        A command in steps (`resolvers.steps`) has a transaction for each step; one in one statement
        has none around it, unless there is a key to keep with what it wrote.

        With `key`, the same person gets the same answer for the same `name` and arguments
        without anything being done again. What was refused is not remembered: nothing was done.

        Raises:
            UnknownSecret: The request's secret is nobody's.
        """
        if is_in_steps(command):
            return await self._in_steps(command, arguments, origin)

        async def work(ctx: Context) -> Mapping[str, Any]:
            if key is None:
                return _fields(await command(ctx, **arguments))
            return await _with_key(ctx, command, arguments, name, key)

        alone = key is None and is_in_one_statement(command)
        ctx, given = await self.transact(work, origin, name=name, alone=alone)
        if isinstance(given, Refusal):
            return Performed(refusals=(given, *given.others), locale=ctx.locale)
        return Performed(values=given, locale=ctx.locale, outcome=ctx.outcome)

    async def transact(
        self,
        work: Callable[[Context], Awaitable[T]],
        origin: Origin,
        *,
        name: str,
        alone: bool = False,
    ) -> tuple[Context, T | Refusal]:
        """Do some work in one transaction; a refusal undoes it, and is given back.

        With `alone` each statement is a transaction of its own.

        Raises:
            UnknownSecret: The request's secret is nobody's.
        """
        async with self.pool.acquire(timeout=self.acquire_seconds) as connection:
            attempt = 0
            while True:
                ctx = Context(
                    connection=connection, actor=None, origin=origin, services=self.services
                )
                try:
                    async with nullcontext() if alone else connection.transaction():
                        ctx.actor = await sign_in(connection, origin.secret_hash)
                        done = await work(ctx)
                except Refusal as refusal:
                    return ctx, refusal
                except COLLISIONS as error:
                    attempt += 1
                    logger.info("%s collided (attempt %d): %s", name, attempt, error)
                    if attempt == ATTEMPTS:
                        return ctx, Conflict("common.try_again")
                else:
                    self.announce()
                    return ctx, done

    async def _in_steps(
        self, command: Command, arguments: Mapping[str, Any], origin: Origin
    ) -> Performed:
        steps = _Steps(self, origin)
        try:
            values = _fields(await command(steps, **arguments))
        except Refusal as refusal:
            return Performed(refusals=(refusal, *refusal.others), locale=steps.locale)
        return Performed(values=values, locale=steps.locale, outcome=steps.outcome)


class _Steps:
    """The transactions of one command in steps; what the last one came to is what the client gets."""

    def __init__(self, performer: Performer, origin: Origin) -> None:
        self.performer = performer
        self.origin = origin
        self.services = performer.services
        self.locale = origin.locale
        self.outcome = Outcome()

    async def do(self, step: Command, **arguments: Any) -> Any:
        """Perform one step in a transaction of its own; see `resolvers.steps`."""
        ctx, given = await self.performer.transact(
            lambda ctx: step(ctx, **arguments), self.origin, name=step.__qualname__
        )
        self.locale, self.outcome = ctx.locale, ctx.outcome
        if isinstance(given, Refusal):
            raise given
        return given


async def sign_in(connection: Connection, secret_hash: bytes | None) -> Actor | None:
    """Give the person whose live session or token it is; None for a visitor.

    Raises:
        UnknownSecret: There is a secret, and it is nobody's.
    """
    if secret_hash is None:
        return None
    found = await connection.fetchrow(SIGN_IN, secret_hash)
    if found is None:
        raise UnknownSecret
    return Actor(
        id=found["id"],
        name=found["name"],
        locale=Locale(found["locale"]),
        is_moderator=found["is_moderator"],
        is_suspended=found["is_suspended"],
        may_write=found["scopes"] is None or TokenScope.WRITE in found["scopes"],
        session_id=found["session_id"],
        token_id=found["token_id"],
    )


async def _with_key(
    ctx: Context, command: Command, arguments: Mapping[str, Any], name: str, key: str
) -> Mapping[str, Any]:
    if ctx.actor is None:
        raise NotSignedIn
    if not 0 < len(key) <= KEY_MAX:
        raise InvalidInput("common.key_length", field=("idempotency_key",), limit=KEY_MAX)
    if "\0" in key:
        raise InvalidInput("common.text_control", field=("idempotency_key",), code="0000")
    text = orjson.dumps([name, dict(arguments)], default=str, option=orjson.OPT_SORT_KEYS)
    digest = sha256(text).digest()
    # A second request with this key waits here until the first is committed or undone.
    if await ctx.connection.fetchval(CLAIM_KEY, ctx.actor.id, key, digest):
        values = _fields(await command(ctx, **arguments))
        await ctx.connection.execute(
            "update idempotency_record set result = $3 where person_id = $1 and key = $2",
            ctx.actor.id,
            key,
            _packed(values),
        )
        return values
    kept = await ctx.connection.fetchrow(
        "select input_hash, result from idempotency_record where person_id = $1 and key = $2",
        ctx.actor.id,
        key,
    )
    if kept is None or kept["input_hash"] != digest:
        raise KeyReused
    return _unpacked(kept["result"])


def _fields(given: Any) -> Mapping[str, Any]:
    """Give the payload's fields: a single key stands under the empty name, for its one object."""
    if given is None:
        return {}
    return given if isinstance(given, Mapping) else {"": given}


def _packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values as JSON that tells keys from texts."""

    def pack(value: Any) -> Any:
        if isinstance(value, UUID):
            return {"key": str(value)}
        if isinstance(value, list):
            return [pack(item) for item in value]
        return value

    return {name: pack(value) for name, value in values.items()}


def _unpacked(values: Mapping[str, Any]) -> dict[str, Any]:
    def unpack(value: Any) -> Any:
        if isinstance(value, dict):
            return UUID(value["key"])
        if isinstance(value, list):
            return [unpack(item) for item in value]
        return value

    return {name: unpack(value) for name, value in values.items()}
