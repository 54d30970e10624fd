"""An OpenID Connect provider on a port of its own, which consents at once and can misbehave."""

from __future__ import annotations

import base64
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "commons", "a-secret-of-tests-0123456789"
START_SECONDS = 20


@dataclass
class IdentityProvider:
    """What a provider says; tests change it."""

    issuer: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    # Changes of the ID token; None takes a claim away.
    changed: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "ES256"
    signing_key: Any = None
    document: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: int = 0
    padding: int = 0

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/keys", self.keys),
        ]

    async def discovery(self, _: Request) -> Response:
        given = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "padding": "x" * self.padding,
        }
        return JSONResponse(given | self.document)

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == {"openid", "email", "profile"}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        given = {"code": code, "state": asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(given)}", 303)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        name, _, secret = base64.b64decode(basic).decode().partition(":")
        # A code works once.
        asked = self.codes.pop(form["code"], None)
        if asked is None or (name, secret) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_grant"}, 400)
        is_right = (
            create_s256_code_challenge(form["code_verifier"]) == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
            and form["grant_type"] == "authorization_code"
        )
        if not is_right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.exchanged += 1
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "1"}
        key = self.signing_key or self.key
        token = jwt.encode(header, claims, key, algorithms=[self.algorithm])
        return JSONResponse(
            {"access_token": "of no use", "token_type": "Bearer", "id_token": token}
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))


@contextmanager
def providing() -> Iterator[IdentityProvider]:
    """Run a provider in a server of its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    provider = IdentityProvider(f"http://localhost:{listener.getsockname()[1]}")
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=provider.routes()), log_config=None, ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
