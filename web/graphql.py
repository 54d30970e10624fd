"""The endpoint: GraphQL over HTTP, complete.

Follows the GraphQL-over-HTTP specification (https://graphql.github.io/graphql-over-http/): the
media type is negotiated; with `application/graphql-response+json` a request that fails before
anything runs has no `data` and status 400, with `application/json` it has status 200.

Subscriptions are answered in a stream, `text/event-stream` or multipart. There a refusal of what the
document asks for is the first and last message; one of the request itself has its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from schema.engine.engine import GraphContext
from schema.engine.errors import Fault, RequestError, Unauthenticated, Unavailable
from schema.engine.graph import GraphSchema
from schema.engine.ids import shown
from schema.engine.live import NotSubscribed, subscribed
from web.live.forms import STREAM_HEADERS, StreamForm, errors_of
from web.live.service import Live
from web.live.streams import open_stream
from web.negotiation import EVENT_STREAM, JSON, RESPONSE_JSON, Accepted, accepted
from web.origins import Refused, forget_cookie, origin_of, set_cookies

EXPLORER_PATH = "/graphiql"
# What is answered whole; subscriptions never are.
ALLOWED = {
    "GET": {OperationType.QUERY},
    "HEAD": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}
NEEDS_STREAM = f"A subscription is answered in a stream: accept {EVENT_STREAM}, or use WebSocket."
STREAMED = frozenset({"GET", "POST"})
# What RFC 9110 wants beside these statuses.
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    405: {"Allow": "POST"},
    429: {"Retry-After": "30"},
    503: {"Retry-After": "1"},
}
CODES = {
    401: Unauthenticated.code,
    403: "CROSS_SITE",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_CONNECTIONS",
    503: Unavailable.code,
}


@dataclass(frozen=True)
class GraphQLRequest:
    """The parameters of a request, of the types that the specification gives them."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None

    @classmethod
    def read(cls, parameters: object) -> GraphQLRequest:
        """Check the parameters of a request.

        Raises:
            Refused: One is of the wrong type, or there is no query.
        """
        if not isinstance(parameters, dict):
            raise Refused(400, "The request must be a JSON object with a query.")
        query = parameters.get("query")
        if not isinstance(query, str) or not query.strip():
            raise Refused(400, "query must be a text with a GraphQL document.")
        operation_name = parameters.get("operationName")
        if not isinstance(operation_name, str | None):
            raise Refused(400, "operationName must be a text or null.")
        for name in ("variables", "extensions"):
            if not isinstance(parameters.get(name), dict | None):
                raise Refused(400, f"{name} must be an object or null.")
        return cls(query, parameters.get("variables"), operation_name, parameters.get("extensions"))


class GraphQLEndpoint:
    """Answers GET (queries) and POST at one address."""

    def __init__(self, schema: GraphSchema, *, body_limit: int, explorer: bool) -> None:
        self.schema = schema
        self.body_limit = body_limit
        self.explorer = explorer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        wishes = accepted(",".join(request.headers.getlist("accept")))
        response: ASGIApp
        try:
            response = await self._respond(request, wishes)
        except Refused as refused:
            response = failure = _failure(refused, wishes.whole or JSON)
            if refused.status == Unauthenticated.http_status:
                forget_cookie(request, failure)
        await response(scope, receive, send)

    async def _respond(self, request: Request, wishes: Accepted) -> ASGIApp:
        if request.method == "POST":
            wanted = GraphQLRequest.read(await self._body(request))
        elif self._is_page_visit(request):
            return RedirectResponse(EXPLORER_PATH)
        else:
            wanted = GraphQLRequest.read(_query_parameters(request.query_params))
        if wishes.stream is not None and request.method in STREAMED:
            live: Live = request.app.state.live
            form = live.forms[wishes.stream]
            stream = await self._stream(live, request, wanted, form)
            if stream is not None:
                return stream
            if wishes.streams_all:
                return await self._answered(request, wanted, form)
        if wishes.whole is None:
            raise Refused(406, f"Accept {RESPONSE_JSON}, {JSON} or {EVENT_STREAM}.")
        return await self._answered(request, wanted, wishes.whole)

    async def _stream(
        self, live: Live, request: Request, wanted: GraphQLRequest, form: StreamForm
    ) -> ASGIApp | None:
        """Give the answer to a subscription; None when it is none."""
        try:
            found = subscribed(
                self.schema,
                live.reader,
                wanted.query,
                wanted.variables,
                wanted.operation_name,
                resume=request.headers.get("last-event-id"),
            )
        except NotSubscribed as refused:
            return _in_stream(errors_of(refused.errors), form)
        except GraphQLError:
            # No GraphQL, or too much of it: told as to any other operation.
            return None
        return None if found is None else await open_stream(live, request, form, found)

    async def _answered(
        self, request: Request, wanted: GraphQLRequest, form: StreamForm | str
    ) -> Response:
        """Run an operation, and give its answer as a media type or in a stream."""
        origin = origin_of(request)
        context = GraphContext(
            reader=request.app.state.pool,
            secret_hash=origin.secret_hash,
            performer=request.app.state.performer,
            origin=origin,
            request_id=request.scope.get("request_id", ""),
        )
        try:
            result = await self.schema.execute(
                wanted.query,
                wanted.variables,
                context,
                operation_name=wanted.operation_name,
                allowed_operation_types=ALLOWED[request.method],
                operation_extensions=wanted.extensions,
            )
        except CannotGetOperationTypeError as error:
            text = _which_operation(wanted.operation_name)
            if isinstance(form, StreamForm):
                return _in_stream(errors_of([RequestError(text)]), form)
            raise Refused(400, text) from error
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise Refused(406, NEEDS_STREAM) from error
            raise Refused(405, error.as_http_error_reason(request.method)) from error
        response = _answer(result, form, wrote=bool(context.outcomes))
        set_cookies(request, response, context.outcomes)
        if response.status_code == Unauthenticated.http_status:
            forget_cookie(request, response)
        return response

    def _is_page_visit(self, request: Request) -> bool:
        accepts_html = "text/html" in request.headers.get("accept", "")
        return self.explorer and accepts_html and "query" not in request.query_params

    async def _body(self, request: Request) -> object:
        if not _is_json(request.headers.get("content-type", "")):
            raise Refused(415, f"Send the request as {JSON}.")
        too_long = Refused(413, f"A request has at most {self.body_limit:,} bytes.")
        announced = request.headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self.body_limit:
            raise too_long
        chunks: list[bytes] = []
        received = 0
        async for chunk in request.stream():
            received += len(chunk)
            if received > self.body_limit:
                raise too_long
            chunks.append(chunk)
        return _parse("The request", b"".join(chunks))


def _which_operation(name: str | None) -> str:
    if name is None:
        return "The document has no operation to run."
    return f"The document has no operation named {shown(name)}."


def _query_parameters(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Give the parameters of a GET, where objects come as JSON."""
    read: dict[str, Any] = {name: parameters.get(name) for name in ("query", "operationName")}
    for name in ("variables", "extensions"):
        read[name] = _parse(name, parameters[name]) if parameters.get(name) else None
    return read


def _parse(what: str, text: str | bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{what} is not JSON: {error}.") from error


def _answer(result: ExecutionResult, form: StreamForm | str, *, wrote: bool = False) -> Response:
    answer: dict[str, Any] = {}
    status = 200
    errors = result.errors or []
    if errors:
        answer["errors"] = [error.formatted for error in errors]
    # What was written stays written: such an answer is no refusal.
    if result.data is None and errors and not wrote and all(map(_is_before_execution, errors)):
        status = _status(errors, form)
    else:
        answer["data"] = result.data
    if result.extensions:
        answer["extensions"] = result.extensions
    if isinstance(form, StreamForm):
        return _response(answer, status, JSON) if status != 200 else _in_stream(answer, form)  # noqa: PLR2004 - OK
    return _response(answer, status, form)


def _in_stream(answer: Mapping[str, Any], form: StreamForm) -> Response:
    """Give an answer with one result to a client that wants a stream."""
    return Response(form.whole(answer), headers=STREAM_HEADERS, media_type=form.media_type)


def _failure(refused: Refused, media_type: str) -> Response:
    code = CODES.get(refused.status, RequestError.code)
    body = {"errors": [{"message": str(refused), "extensions": {"code": code}}]}
    return _response(body, refused.status, media_type)


def _response(body: dict[str, Any], status: int, media_type: str) -> Response:
    return Response(orjson.dumps(body), status, HEADERS.get(status), media_type)


def _is_before_execution(error: GraphQLError) -> bool:
    return error.path is None or _refusal(error) is not None


def _refusal(error: GraphQLError) -> RequestError | None:
    """Give the refusal of the whole request that an error is, also when a resolver found out."""
    if isinstance(error, RequestError):
        return error
    original = error.original_error
    return (
        original if isinstance(original, RequestError) and not isinstance(original, Fault) else None
    )


def _status(errors: list[GraphQLError], form: StreamForm | str) -> int:
    statuses = [found.http_status for found in map(_refusal, errors) if found is not None]
    refused = next((status for status in statuses if status != RequestError.http_status), None)
    if refused is not None:
        return refused
    return 400 if form == RESPONSE_JSON else 200


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    return media_type.strip().lower() == JSON and charset in {"", "utf-8", "utf8"}
