"""Subscriptions over HTTP: an answer that goes on for as long as the client stays.

The messages are written to the connection as they are, in whatever form the client asked for; its
coroutine only waits for the end.
"""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from uuid import UUID, uuid4

from graphql import GraphQLError
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from schema.engine.engine import OUT_OF_REACH, GraphContext
from schema.engine.errors import RequestError, Unauthenticated, Unavailable
from schema.engine.graph import mask
from schema.engine.live import Subscribed
from subscriptions.groups import Clock, Group, Listener
from web.connections import JoiningTransport, transport_of
from web.live.forms import STREAM_HEADERS, StreamForm, chunk
from web.live.frames import CLOSING_SECONDS, RETRY_MAX_MS, RETRY_MIN_MS, UNREAD_MAX
from web.live.service import JOIN_SECONDS, SIGNED_OUT, UNAVAILABLE, Live
from web.origins import Refused, address_of, secret_of_listener

logger = logging.getLogger(__name__)
# Proxies mostly give up a connection that is silent for 30 or 60 seconds.
HEARTBEAT_SECONDS = 15.0
# A client that leaves so many messages unread has stopped reading, however short they are.
UNREAD_MESSAGES_MAX = 1_000
# How long sent bytes may stay unacknowledged until the peer is taken to be gone (RFC 5482). The
# system would try again for a quarter of an hour, and nothing comes back that could be missed.
SILENT_PEER_MS = 30_000


class SlowConsumer(RequestError):
    """A client that does not read what it asked for."""

    code = "SLOW_CONSUMER"


async def open_stream(
    live: Live, request: Request, form: StreamForm, found: Subscribed
) -> HttpStream:
    """Give the answer to a subscription.

    Raises:
        Refused: The secret is nobody's, another site sent the cookie, too many are open already, or
            we cannot look any of this up.
    """
    secret = secret_of_listener(request)
    viewer_id = None
    if secret is not None:
        try:
            viewer_id = await live.viewer_of(secret)
        except OUT_OF_REACH as error:
            raise Refused(503, UNAVAILABLE) from error
        if viewer_id is None:
            raise Refused(401, "This token is unknown, expired or revoked. Sign in again.")
    address = address_of(request)
    if not live.enter(viewer_id, address):
        raise Refused(429, "You have too many connections for live updates. Close some.")
    stream = HttpStream(live, form, found, viewer_id, secret or b"", address)
    if viewer_id is not None:
        live.hub.enter(viewer_id, stream)
    return stream


class HttpStream(Listener):
    """One subscription of one client, and its connection: `web.connections.Stream`."""

    __slots__ = (
        "address",
        "ended",
        "farewell",
        "form",
        "found",
        "group",
        "live",
        "secret_hash",
        "timer",
        "transport",
        "unread",
        "written_at",
    )

    def __init__(
        self,
        live: Live,
        form: StreamForm,
        found: Subscribed,
        viewer_id: UUID | None,
        secret_hash: bytes,
        address: str,
    ) -> None:
        super().__init__(viewer_id)
        self.live = live
        self.form = form
        self.found = found
        self.secret_hash = secret_hash
        self.address = address
        self.ended = asyncio.Event()
        self.farewell = b""
        self.group: Group | Clock | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.transport: JoiningTransport
        self.unread = 0
        self.written_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Answer until the client goes, or has to."""
        transport = transport_of(scope)
        try:
            if transport is None:
                raise RuntimeError(
                    "Live updates need web.connections.OneWriteProtocol as uvicorn's http"
                )
            if transport.is_closing():
                return
            self.transport, transport.stream = transport, self
            _give_up_on_silent_peer(transport)
            headers = {
                "content-type": self.form.media_type,
                # The next request comes over another: this one may end in the middle.
                "connection": "close",
                **STREAM_HEADERS,
            }
            raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            await self._listen()
            await send({"type": "http.response.body", "body": self.farewell, "more_body": False})
        finally:
            if transport is not None:
                transport.stream = None
            if self.viewer_id is not None:
                self.live.hub.exit(self.viewer_id, self)
            self.live.leave(self.viewer_id, self.address)

    @override
    def push(self, payload: bytes, cursor: str | None) -> None:
        self._write(self.form.chunk_of(payload, cursor))

    @override
    async def ready(self) -> None:
        await self.transport.writable.wait()

    def dismiss(self) -> None:
        """End the stream: its credential holds no longer."""
        self._end(self.form.end(Unauthenticated(SIGNED_OUT)))

    def restart(self) -> None:
        """End the stream: the server goes. Everybody at once would be too many for the next."""
        delay = random.randint(RETRY_MIN_MS, RETRY_MAX_MS)  # noqa: S311 - no secret
        self._end(self.form.restart(delay))

    def lost(self) -> None:
        """Know that the client is gone."""
        self.ended.set()
        if self.timer is not None:
            self.timer.cancel()

    async def _listen(self) -> None:
        hub, after = self.live.hub, self.found.after
        try:
            if after is not None:
                self._write(chunk(self.form.opening(str(after))))
            async with asyncio.timeout(JOIN_SECONDS):
                self.group = await self.found.join(hub, self)
            if after is None:
                # Of a ticker there is nothing to go on from.
                here = str(hub.cursor) if isinstance(self.group, Group) else None
                self._write(chunk(self.form.opening(here)))
            self._beat()
            await self.ended.wait()
        except OUT_OF_REACH:
            self._end(self.form.end(Unavailable(UNAVAILABLE)))
        except Exception as error:  # noqa: BLE001 - logged, and told without what it was
            self._end(self.form.end(self._masked(error)))
        finally:
            if self.group is not None:
                hub.leave(self, self.group)

    def _beat(self) -> None:
        """Show that we are there when nothing else did; again and again."""
        if self.ended.is_set():
            return
        loop = asyncio.get_running_loop()
        due = self.written_at + HEARTBEAT_SECONDS
        if due <= loop.time():
            read = self.live.hub.told(self.group) if isinstance(self.group, Group) else None
            self._write(chunk(self.form.heartbeat(read)))
            due = loop.time() + HEARTBEAT_SECONDS
        if not self.ended.is_set():
            self.timer = loop.call_at(due, self._beat)

    def _write(self, data: bytes) -> None:
        if self.ended.is_set() or self.transport.is_closing():
            return
        if not self.transport.get_write_buffer_size():
            self.unread = 0
        self.unread += 1
        self.transport.write(data)
        self.written_at = asyncio.get_running_loop().time()
        if self.unread > UNREAD_MESSAGES_MAX or self.transport.get_write_buffer_size() > UNREAD_MAX:
            text = "Too much was left unread. Subscribe again with the cursor of the last message."
            self._end(self.form.end(SlowConsumer(text)))

    def _end(self, farewell: bytes) -> None:
        if self.ended.is_set():
            return
        self.farewell = farewell
        self.ended.set()
        if self.timer is not None:
            self.timer.cancel()
        # Whoever does not take the end in this time is cut off.
        self.timer = asyncio.get_running_loop().call_later(CLOSING_SECONDS, self.transport.abort)

    def _masked(self, error: Exception) -> GraphQLError:
        fault = GraphQLError("The subscription failed.", original_error=error)
        return mask(fault, GraphContext(reader=self.live.reader, request_id=uuid4().hex))


def _give_up_on_silent_peer(transport: JoiningTransport) -> None:
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_PEER_MS)
