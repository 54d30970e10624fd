"""Subscriptions as server-sent events: graphql-sse, in its mode of distinct connections.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, on top of
https://html.spec.whatwg.org/multipage/server-sent-events.html. Each message has its cursor as id:
a browser that was cut off sends the last one as `Last-Event-ID`, and goes on there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from typing_extensions import override

from web.live.forms import StreamForm, errors_of
from web.negotiation import EVENT_STREAM

# With data, though empty: a browser hands on no event without.
COMPLETE = b"event: complete\ndata:\n\n"


class EventStream(StreamForm):
    """Events `next` and `complete`."""

    media_type = f"{EVENT_STREAM}; charset=utf-8"

    @override
    def opening(self, cursor: str) -> bytes:
        # An id without data is kept and handed on to nobody.
        return b"id: %b\n\n" % cursor.encode()

    @override
    def message(self, payload: bytes, cursor: str) -> bytes:
        # Line breaks in JSON are white space; here they would end the message.
        line = payload.replace(b"\n", b" ") if b"\n" in payload else payload
        return b"event: next\nid: %b\ndata: %b\n\n" % (cursor.encode(), line)

    @override
    def heartbeat(self, cursor: str | None) -> bytes:
        return b":\n\n" if cursor is None else b":\n" + self.opening(cursor)

    @override
    def whole(self, answer: Mapping[str, Any]) -> bytes:
        return b"event: next\ndata: %b\n\n%b" % (orjson.dumps(answer), COMPLETE)

    @override
    def end(self, error: GraphQLError) -> bytes:
        return self.whole(errors_of([error]))

    @override
    def restart(self, delay_ms: int) -> bytes:
        # Without `complete`: the browser, and graphql-sse's client, open it again by themselves.
        return b"retry: %d\n\n" % delay_ms
