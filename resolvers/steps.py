"""Commands in steps: short transactions with slow work between them, such as hashing a password.

    @in_steps
    async def open_session(steps: Steps, *, email: str, password: str) -> Mapping[str, Any]:
        found = await steps.do(_count_attempt, email=email)
        if not await is_password(found.hash, password):
            raise …
        return await steps.do(_begin, person_id=found.person_id)

Each step is a command of its own: what it wrote stays, whatever becomes of the next. So an attempt
is counted even when it is refused afterwards, and no connection is held while there is work.

And commands in one statement, which is a transaction by itself:

    @in_one_statement
    async def react(ctx: Context, *, post_id: UUID, kind: ReactionKind) -> UUID: …

Nothing is opened around them, which saves two of five round trips to the database. Such a command
writes with its last statement alone, or opens a transaction for what must hold together
(`ctx.together`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from resolvers.acting import Command, Origin, Services

IN_STEPS = "in_steps"
IN_ONE_STATEMENT = "in_one_statement"
C = TypeVar("C", bound=Callable[..., Awaitable[Any]])


class Steps(Protocol):
    """What a command in steps works with."""

    origin: Origin
    services: Services

    async def do(self, step: Command, **arguments: Any) -> Any:
        """Perform one step in a transaction of its own, and give what it gives.

        Raises:
            Refusal: The step was refused; it left nothing behind.
        """
        ...


def in_steps(command: C) -> C:
    """Say of a command that it is in steps; its first parameter is then `Steps`."""
    setattr(command, IN_STEPS, True)
    return command


def is_in_steps(command: Command) -> bool:
    """Tell whether a command is in steps."""
    return getattr(command, IN_STEPS, False)


def in_one_statement(command: C) -> C:
    """Say of a command that it needs no transaction around it."""
    setattr(command, IN_ONE_STATEMENT, True)
    return command


def is_in_one_statement(command: Command) -> bool:
    """Tell whether a command needs no transaction around it."""
    return getattr(command, IN_ONE_STATEMENT, False)
