"""The pages that are files: the graph explorer and its assets, under a strict policy."""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

CLIENT = Path(__file__).parent / "client" / "dist"
EXPLORER_FILE = CLIENT / "ide.html"
NONCE_PLACEHOLDER = "__NONCE__"
EXPLORER_POLICY = (
    "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; style-src 'self' 'nonce-{nonce}'"
)


async def explorer(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
    """Serve the graph explorer with a fresh nonce."""
    if not EXPLORER_FILE.is_file():
        return PlainTextResponse("The explorer is not built. Run: make client", status_code=503)
    nonce = secrets.token_urlsafe(16)
    page = EXPLORER_FILE.read_text(encoding="utf-8").replace(NONCE_PLACEHOLDER, nonce)
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": EXPLORER_POLICY.format(nonce=nonce),
            "Cache-Control": "no-store",
        },
    )


class Assets(StaticFiles):
    """Files whose name holds a hash of what is in them: they may be kept for ever."""

    def __init__(self) -> None:
        super().__init__(directory=CLIENT / "assets", check_dir=False)

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
