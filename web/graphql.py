"""The endpoint: GraphQL over HTTP, complete, on strawberry's view.

Follows the GraphQL-over-HTTP specification (https://graphql.github.io/graphql-over-http/): the
media type is negotiated; with `application/graphql-response+json` a request that fails before
anything runs has no `data` and status 400, with `application/json` it has status 200.
"""

from __future__ import annotations

from typing import Any

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult
from typing_extensions import override

from resolvers.accounts import hash_secret
from schema.engine.engine import GraphContext, Reader
from schema.engine.errors import RequestError, Unauthenticated
from schema.engine.graph import GraphSchema
from web.negotiation import JSON, RESPONSE_JSON, choose_media_type

EXPLORER_PATH = "/graphiql"


class GraphQLEndpoint(GraphQL[GraphContext, None]):
    """Answers GET (queries) and POST at one address."""

    def __init__(self, schema: GraphSchema, *, body_limit: int, explorer: bool) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self.body_limit = body_limit
        self.explorer = explorer

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive=self._limited(scope, receive))
        try:
            response = await self._respond(request)
        except HTTPException as error:
            response = failure(error.status_code, str(error.reason), request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if self._is_page_visit(request):
            return RedirectResponse(EXPLORER_PATH)
        media_type = choose_media_type(request.headers.get("accept"))
        if media_type is None:
            raise HTTPException(406, f"Accept {RESPONSE_JSON} or {JSON}.")
        request.state.media_type = media_type
        if request.method == "POST" and not _is_json(request.headers.get("content-type", "")):
            raise HTTPException(415, f"Send the request as {JSON}.")
        response: Response = await self.run(request)
        return response

    def _is_page_visit(self, request: Request) -> bool:
        accepts_html = "text/html" in request.headers.get("accept", "")
        is_bare = request.method == "GET" and "query" not in request.query_params
        return self.explorer and accepts_html and is_bare

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Refuse a body over the limit by its announced length, or as soon as it grows past it."""
        received = 0
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        too_long = announced.isdigit() and int(announced) > self.body_limit

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if too_long or received > self.body_limit:
                raise HTTPException(413, f"A request has at most {self.body_limit:,} bytes.")
            return message

        return limited

    @override
    def should_render_graphql_ide(self, request: Any) -> bool:
        return False

    @override
    async def get_context(self, request: Any, response: Any) -> GraphContext:
        reader: Reader = request.app.state.pool
        return GraphContext(
            reader=reader,
            secret_hash=_secret_hash(request.headers.get("authorization")),
            request_id=request.scope.get("request_id", ""),
        )

    @override
    async def get_sub_response(self, request: Any) -> Response:
        response = await super().get_sub_response(request)
        response.media_type = request.state.media_type
        request.state.response = response
        return response

    @override
    async def process_result(self, request: Any, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer: GraphQLHTTPResponse = {}
        errors = result.errors or []
        if errors:
            answer["errors"] = [error.formatted for error in errors]
        if result.data is None and errors and all(map(_before_execution, errors)):
            request.state.response.status_code = _status(errors, request.state.media_type)
        else:
            answer["data"] = result.data
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    @override
    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        return Response(
            self.encode_json(response_data),
            status_code=sub_response.status_code or 200,
            media_type=sub_response.media_type,
        )

    @override
    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    @override
    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    @override
    def parse_json(self, data: str | bytes) -> Any:
        try:
            parsed = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, f"The request is not JSON: {error}.") from error
        if not isinstance(parsed, dict):
            raise HTTPException(400, "The request must be a JSON object with a query.")
        if not isinstance(parsed.get("operationName"), str | None):
            raise HTTPException(400, "operationName must be a string or null.")
        return parsed


def failure(status: int, message: str, request: Request) -> Response:
    """Give a request that never reached the graph its answer, in the form of one that did."""
    code = {401: Unauthenticated.code, 413: "TOO_LARGE"}.get(status, RequestError.code)
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    media_type = getattr(request.state, "media_type", JSON)
    return Response(orjson.dumps(body), status_code=status, media_type=media_type)


def _before_execution(error: GraphQLError) -> bool:
    return error.path is None or isinstance(error, RequestError)


def _status(errors: list[GraphQLError], media_type: str) -> int:
    statuses = [error.http_status for error in errors if isinstance(error, RequestError)]
    refused = next((status for status in statuses if status != RequestError.http_status), None)
    if refused is not None:
        return refused
    return 400 if media_type == RESPONSE_JSON else 200


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    return media_type.strip().lower() == JSON and charset in {"", "utf-8", "utf8"}


def _secret_hash(authorization: str | None) -> bytes | None:
    """Give the hash of the bearer token in a header; None without the header.

    Raises:
        HTTPException: 401, the header is there but holds no bearer token.
    """
    if authorization is None:
        return None
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise HTTPException(401, "Send the token as “Authorization: Bearer <token>”.")
    return hash_secret(secret.strip())
