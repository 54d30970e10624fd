"""Subscriptions as parts of an answer that goes on, as Apollo's clients ask for them.

https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol:
each part is an object whose `payload` is a result; an empty one is a heartbeat; `errors` beside a
`payload` of null are the connection's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from typing_extensions import override

from web.live.forms import StreamForm, errors_of
from web.negotiation import MULTIPART

BOUNDARY = b"\r\n--graphql"
FINAL = b"--\r\n"
RESTARTING = "RESTARTING"


class Multipart(StreamForm):
    """Parts of JSON. The boundary behind a part comes with it, so that it can be read at once."""

    media_type = f'{MULTIPART};boundary="graphql";subscriptionSpec=1.0'

    @override
    def opening(self, cursor: str) -> bytes:
        return BOUNDARY

    @override
    def message(self, payload: bytes, cursor: str) -> bytes:
        return _part(b'{"payload":%b}' % payload)

    @override
    def heartbeat(self, cursor: str | None) -> bytes:
        return _part(b"{}")

    @override
    def whole(self, answer: Mapping[str, Any]) -> bytes:
        return BOUNDARY + _part(orjson.dumps({"payload": answer})) + FINAL

    @override
    def end(self, error: GraphQLError) -> bytes:
        return _part(orjson.dumps({"payload": None, **errors_of([error])})) + FINAL

    @override
    def restart(self, delay_ms: int) -> bytes:
        text = f"We restart. Connect again in {delay_ms} ms."
        extensions = {"code": RESTARTING, "retryAfterMs": delay_ms}
        return self.end(GraphQLError(text, extensions=extensions))


def _part(body: bytes) -> bytes:
    return b"\r\nContent-Type: application/json\r\n\r\n" + body + BOUNDARY
