"""Subscriptions over WebSocket: graphql-transport-ws, on strawberry's handler.

Opening, pings, errors, ids and close codes are strawberry's
(https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). A subscription joins the hub
instead of running by itself; its messages go out as frames that all listeners share.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from graphql import GraphQLError
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import (
    NonJsonMessageReceived,
    NonTextMessageReceived,
    WebSocketDisconnected,
)
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType
from typing_extensions import override

from resolvers.acting import Origin
from schema.engine.engine import OUT_OF_REACH, GraphContext
from schema.engine.errors import LimitExceeded, RequestError, Unavailable
from schema.engine.graph import GraphSchema, coded, mask
from schema.engine.live import NotSubscribed, Subscribed, subscribed
from subscriptions.groups import Clock, Group, Listener
from web.live.frames import FrameProtocol, frames_of
from web.live.service import JOIN_SECONDS, SIGNED_OUT, UNAVAILABLE, Live
from web.origins import Refused, address_of, bearer, preferred_locale, secret_of_listener

PROTOCOL = "graphql-transport-ws"
INIT_TIME = timedelta(seconds=10)
UNAUTHORIZED, BAD_PROTOCOL, TOO_MANY = 4401, 4406, 4429
# RFC 6455's registry: clients come back after this one.
TRY_AGAIN_LATER = 1013
# It goes out with every message.
ID_MAX = 128
# What a close frame has room for (RFC 6455, section 5.5).
REASON_BYTES = 123


class SocketEndpoint:
    """Takes WebSocket connections at the graph's address, ahead of the routing.

    Each layer of that would keep a coroutine for as long as a connection lasts.
    """

    def __init__(self, app: ASGIApp, *, path: str) -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until it ends; leave all else to the application."""
        if scope["type"] != "websocket" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        socket = WebSocket(scope, receive, send)
        live: Live = socket.app.state.live
        frames = frames_of(scope)
        if frames is None:
            raise RuntimeError("Live updates need web.live.frames.FrameProtocol as uvicorn's ws")
        if PROTOCOL not in scope["subprotocols"]:
            await socket.accept()
            await socket.close(BAD_PROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        address = address_of(socket)
        if not live.addresses.enter(address):
            await socket.close(TOO_MANY, "Too many connections from this address")
            return
        try:
            await SocketHandler(live, socket, frames, address).handle()
        finally:
            live.addresses.leave(address)


class SocketListener(Listener):
    """A subscription of a WebSocket."""

    __slots__ = ("frames", "live", "operation")

    def __init__(
        self, viewer_id: UUID | None, live: Live, frames: FrameProtocol, operation: str
    ) -> None:
        super().__init__(viewer_id)
        self.live = live
        self.frames = frames
        self.operation = orjson.dumps(operation)

    @override
    def push(self, payload: bytes, cursor: str | None) -> None:
        self.frames.write_frame(self.live.frames.of(self.operation, payload))

    @override
    async def ready(self) -> None:
        await self.frames.writable.wait()


class SocketAdapter(AsyncWebSocketAdapter):
    """Messages in JSON over starlette's WebSocket."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket

    @override
    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object]:
        while self.socket.application_state is not WebSocketState.DISCONNECTED:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                raise NonTextMessageReceived
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError as error:
                if not ignore_parsing_errors:
                    raise NonJsonMessageReceived from error

    @override
    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.socket.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            raise WebSocketDisconnected from error

    @override
    async def close(self, code: int, reason: str) -> None:
        if self.socket.application_state is WebSocketState.CONNECTED:
            short = reason.encode()[:REASON_BYTES].decode(errors="ignore")
            try:
                await self.socket.close(code, short)
            except (WebSocketDisconnect, RuntimeError) as error:
                raise WebSocketDisconnected from error


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One connection. It is its own context and view: all that strawberry asks of these is here."""

    schema: GraphSchema

    def __init__(self, live: Live, socket: WebSocket, frames: FrameProtocol, address: str) -> None:
        super().__init__(
            view=self,  # type: ignore[arg-type]
            websocket=SocketAdapter(socket),
            context=self,
            root_value=None,
            schema=live.schema,
            connection_init_wait_timeout=INIT_TIME,
            max_subscriptions_per_connection=live.settings.live_subscriptions,
        )
        self.live = live
        self.socket = socket
        self.frames = frames
        self.address = address
        self.connection_params: dict[str, Any] = {}
        self.secret_hash: bytes = b""
        self.viewer_id: UUID | None = None
        self.is_counted = False
        self.listening: dict[str, tuple[Listener, Group | Clock]] = {}

    def dismiss(self) -> None:
        """End the connection: its credential holds no longer."""
        self.frames.end(UNAUTHORIZED, SIGNED_OUT)

    async def on_ws_connect(self, context: object) -> UnsetType:  # noqa: ARG002 - strawberry's form
        """Sign in with the token of `connection_init`, or with what the connection came with.

        Raises:
            ConnectionRejectionError: The secret is nobody's, or another site sent the cookie.
        """
        try:
            given = self.connection_params.get("authorization")
            secret = bearer(given) if isinstance(given, str) else secret_of_listener(self.socket)
        except Refused as error:
            raise ConnectionRejectionError from error
        if secret is not None:
            try:
                self.viewer_id = await self.live.viewer_of(secret)
            except OUT_OF_REACH as error:
                await self.websocket.close(TRY_AGAIN_LATER, UNAVAILABLE)
                raise WebSocketDisconnected from error
            if self.viewer_id is None:
                raise ConnectionRejectionError
            self.secret_hash = secret
        counted = self.live.counter(self.viewer_id).enter(self.viewer_id or self.address)
        if not counted:
            await self.websocket.close(TOO_MANY, "Too many connections")
            raise WebSocketDisconnected
        self.is_counted = True
        if self.viewer_id is not None:
            self.live.hub.enter(self.viewer_id, self)
        unset: UnsetType = UNSET
        return unset

    @override
    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        await super().handle_connection_init(message)
        if self.connection_init_received:
            # Cancelled by now. Its exception holds two frames with all that is in them.
            self.connection_init_timeout_task = None

    @override
    async def handle_message(self, message: Any) -> None:
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            await self.handle_invalid_message("A message is an object with a type")
        elif not _is_well_formed(message):
            await self.handle_invalid_message("Failed to parse message")
        else:
            await super().handle_message(message)  # type: ignore[arg-type]

    @override
    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        limit = self.live.settings.live_subscriptions
        if message["id"] not in self.operations and len(self.operations) >= limit:
            text = f"A connection has at most {limit:,} operations under way."
            error = LimitExceeded(text, limit=limit, actual=len(self.operations) + 1)
            await self.send_message(
                {"id": message["id"], "type": "error", "payload": [error.formatted]}
            )
        else:
            await super().handle_subscribe(message)

    @override
    async def run_operation(self, operation: Operation[Any, None]) -> None:
        try:
            await self._run(operation)
        except WebSocketDisconnected:
            return
        except Exception as error:  # noqa: BLE001 - logged, and told without what it was
            text = "The operation failed."
            fault = GraphQLError(text, original_error=error)
            context = GraphContext(reader=self.live.reader, request_id=uuid4().hex)
            await operation.send_initial_errors([mask(fault, context)])

    @override
    async def cleanup_operation(self, operation_id: str) -> None:
        self._leave(operation_id)
        await super().cleanup_operation(operation_id)

    @override
    async def shutdown(self) -> None:
        try:
            await super().shutdown()
        finally:
            for operation_id in list(self.listening):
                self._leave(operation_id)
            if self.is_counted:
                self.live.counter(self.viewer_id).leave(self.viewer_id or self.address)
                if self.viewer_id is not None:
                    self.live.hub.exit(self.viewer_id, self)

    async def _run(self, operation: Operation[Any, None]) -> None:
        try:
            found = subscribed(
                self.schema,
                self.live.reader,
                operation.query,
                operation.variables,
                operation.operation_name,
            )
        except NotSubscribed as refused:
            await operation.send_initial_errors(list(refused.errors))
        except GraphQLError as error:
            # No GraphQL, or too much of it. The connection's other subscriptions go on.
            await operation.send_initial_errors([coded(error)])
        else:
            if found is None:
                await self._answer(operation)
            else:
                await self._listen(operation, found)

    async def _listen(self, operation: Operation[Any, None], found: Subscribed) -> None:
        listener = SocketListener(self.viewer_id, self.live, self.frames, operation.id)
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                group = await found.join(self.live.hub, listener)
        except OUT_OF_REACH:
            await operation.send_initial_errors([Unavailable(UNAVAILABLE)])
            return
        if self.operations.get(operation.id) is operation:
            self.listening[operation.id] = (listener, group)
        else:
            self.live.hub.leave(listener, group)

    async def _answer(self, operation: Operation[Any, None]) -> None:
        """Answer a query or a mutation."""
        state = self.socket.app.state
        context = GraphContext(
            reader=state.pool,
            secret_hash=self.secret_hash or None,
            performer=state.performer,
            origin=Origin(
                secret_hash=self.secret_hash or None,
                address=self.address,
                locale=preferred_locale(self.socket.headers.get("accept-language", "")),
            ),
        )
        try:
            result: ExecutionResult = await self.schema.execute(
                operation.query,
                operation.variables,
                context,
                operation_name=operation.operation_name,
            )
        except CannotGetOperationTypeError as error:
            await operation.send_initial_errors([RequestError(error.as_http_error_reason())])
            return
        if result.data is None and result.errors and all(e.path is None for e in result.errors):
            await operation.send_initial_errors(result.errors)
            return
        await operation.send_next(result)
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    def _leave(self, operation_id: str) -> None:
        found = self.listening.pop(operation_id, None)
        if found is not None:
            self.live.hub.leave(*found)


def _is_well_formed(message: dict[str, Any]) -> bool:
    """Tell whether the parts that strawberry takes for granted are of their types."""
    if message["type"] in {"subscribe", "complete"}:
        id_ = message.get("id")
        if not isinstance(id_, str) or not 0 < len(id_) <= ID_MAX:
            return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
