"""What a command answers when it does not do what was asked: a stable code and a text for people.

Refusal
 ├─ NotSignedIn       nobody is signed in
 ├─ NotAllowed        the viewer's role, token or standing does not permit it
 ├─ NotFound          no such thing, or the viewer may not know that it exists
 ├─ InvalidInput      a value that cannot be taken
 ├─ TooMany           a bound that is already reached
 ├─ Taken             something that may exist once is there already
 ├─ Conflict          it was changed meanwhile, or is in a state that does not allow this
 ├─ Expired           a link, a code or an invitation that no longer counts
 ├─ Throttled         too many attempts; `retry_after` says when to come back
 └─ KeyReused         an idempotency key that was used for another input

Texts are named by a key, `posts.body_too_long`, and written in both languages in `texts/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, ClassVar


class RefusalCode(StrEnum):
    """What a program can act on."""

    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    INVALID = "INVALID"
    TOO_MANY = "TOO_MANY"
    TAKEN = "TAKEN"
    CONFLICT = "CONFLICT"
    EXPIRED = "EXPIRED"
    THROTTLED = "THROTTLED"
    KEY_REUSED = "KEY_REUSED"


class Refusal(Exception):
    """The request was understood and turned down; nothing was changed.

    `field` is the path of the input that is at fault, in Python's names; empty when it is none.
    `others` are further reasons that are told along with this one.
    """

    code: ClassVar[RefusalCode]

    def __init__(self, text: str, *, field: Sequence[str] = (), **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.field = tuple(field)
        self.values = values
        self.others: tuple[Refusal, ...] = ()


class NotSignedIn(Refusal):
    """Nobody is signed in."""

    code = RefusalCode.NOT_SIGNED_IN

    def __init__(self) -> None:
        super().__init__("common.not_signed_in")


class NotAllowed(Refusal):
    """The viewer's role, token or standing does not permit it."""

    code = RefusalCode.NOT_ALLOWED


class NotFound(Refusal):
    """No such thing, or the viewer may not know that it exists."""

    code = RefusalCode.NOT_FOUND


class InvalidInput(Refusal):
    """A value that cannot be taken."""

    code = RefusalCode.INVALID


class TooMany(Refusal):
    """A bound that is already reached."""

    code = RefusalCode.TOO_MANY


class Taken(Refusal):
    """Something that may exist once is there already."""

    code = RefusalCode.TAKEN


class Conflict(Refusal):
    """It was changed meanwhile, or is in a state that does not allow this."""

    code = RefusalCode.CONFLICT


class Expired(Refusal):
    """A link, a code or an invitation that no longer counts."""

    code = RefusalCode.EXPIRED


class Throttled(Refusal):
    """Too many attempts; `retry_after` says in how many seconds the next one counts."""

    code = RefusalCode.THROTTLED


class KeyReused(Refusal):
    """An idempotency key that was used for another input."""

    code = RefusalCode.KEY_REUSED

    def __init__(self) -> None:
        super().__init__("common.key_reused", field=("idempotency_key",))


@contextmanager
def within(*path: str) -> Iterator[None]:
    """Say of what is refused here that its field is within another one."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = (*path, *refusal.field)
        raise
