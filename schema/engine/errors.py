"""What a client is told: one code a cause, the limit that was passed, the path where it was asked.

GraphQLError
 └─ RequestError            the request is refused as a whole
     ├─ InvalidId           an id of another type, or no id at all
     ├─ InvalidCursor       a cursor that this list did not give
     ├─ InvalidArgument     a value out of its range, or a senseless combination
     ├─ LimitExceeded       a document larger, deeper or dearer than allowed
     ├─ Unauthenticated     a token that is unknown, expired or revoked
     ├─ Timeout             the database took longer than a statement may
     ├─ Unavailable         the database cannot be reached, or is too busy to be asked
     └─ Fault               ours: logged in full, told by its request id alone
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from graphql import GraphQLError, Node


class RequestError(GraphQLError):
    """The request was understood and refused as a whole; `extensions.code` says why."""

    code: ClassVar[str] = "BAD_REQUEST"
    http_status: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        *,
        nodes: Sequence[Node] | Node | None = None,
        path: Sequence[str | int] | None = None,
        **details: Any,
    ) -> None:
        extensions = {"code": self.code, **details}
        super().__init__(message, nodes=nodes, path=path, extensions=extensions)


class InvalidId(RequestError):
    """An id of another type, or no id at all."""

    code = "INVALID_ID"


class InvalidCursor(RequestError):
    """A cursor that this list, in this order, did not give."""

    code = "INVALID_CURSOR"


class InvalidArgument(RequestError):
    """A value out of its range, or arguments that make no sense together."""

    code = "INVALID_ARGUMENT"


class LimitExceeded(RequestError):
    """A document larger, deeper or dearer than allowed; `limit` and `actual` give the numbers."""

    code = "LIMIT_EXCEEDED"


class Unauthenticated(RequestError):
    """A token that is unknown, expired or revoked."""

    code = "UNAUTHENTICATED"
    http_status = 401


class Timeout(RequestError):
    """The database took longer than a statement may."""

    code = "TIMEOUT"
    http_status = 503


class Unavailable(RequestError):
    """The database cannot be reached, or is too busy to be asked."""

    code = "UNAVAILABLE"
    http_status = 503


class Fault(RequestError):
    """A fault of ours, logged in full and told by its request id alone."""

    code = "INTERNAL"
    http_status = 500
