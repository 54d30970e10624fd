"""How messages of a subscription are written into an answer over HTTP: one form for each protocol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from graphql import GraphQLError

# That a proxy hands on each message as it comes, and that nobody keeps an answer which never ends.
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class StreamForm(ABC):
    """One protocol. Its messages are made once for all who get the same."""

    media_type: ClassVar[str]

    def __init__(self) -> None:
        self._last: tuple[bytes, str] = (b"", "")
        self._chunk = b""

    def chunk_of(self, payload: bytes, cursor: str) -> bytes:
        """Give a message as it goes over the wire, ready for every connection."""
        if payload is not self._last[0] or cursor != self._last[1]:
            self._last = payload, cursor
            self._chunk = chunk(self.message(payload, cursor))
        return self._chunk

    @abstractmethod
    def opening(self, cursor: str) -> bytes:
        """Give what comes first; whoever is cut off before the first message goes on from `cursor`."""

    @abstractmethod
    def message(self, payload: bytes, cursor: str) -> bytes:
        """Give one result; `cursor` is how far somebody has read who got it."""

    @abstractmethod
    def heartbeat(self, cursor: str | None) -> bytes:
        """Give what shows that we are there; with `cursor`, that nothing happened up to it."""

    @abstractmethod
    def whole(self, answer: Mapping[str, Any]) -> bytes:
        """Give the body of an answer that has one result: a query's, a mutation's, a refusal."""

    @abstractmethod
    def end(self, error: GraphQLError) -> bytes:
        """Give what ends a subscription that cannot go on, and says why."""

    @abstractmethod
    def restart(self, delay_ms: int) -> bytes:
        """Give what ends a subscription that should be opened again after a while."""


def chunk(data: bytes) -> bytes:
    """Give a chunk of an answer without a known length (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def errors_of(errors: Sequence[GraphQLError]) -> dict[str, Any]:
    """Give the result that says why there is none."""
    return {"errors": [error.formatted for error in errors]}
