"""OpenID Connect, as a relying party: code flow with PKCE, by Authlib's client.

What comes from the provider is believed only after it was checked: its discovery document names the
issuer that was asked; the ID token is signed with one of its keys, by an algorithm of our list (never
`none`, never one with a shared secret), for us, from this issuer, not expired, for this attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from web.outgoing import SECONDS, Guarded, OutgoingRefused
from web.providers import Endpoints, Provider, ProviderTrouble

DISCOVERY_PATH = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Clocks differ.
LEEWAY_SECONDS = 60
TROUBLES = (
    httpx2.HTTPError,
    OutgoingRefused,
    AuthlibBaseError,
    JoseError,
    TimeoutError,
    ValueError,
    TypeError,
    KeyError,
)


class OpenId:
    """Speaks with providers; each conversation has a connection and a deadline of its own."""

    def __init__(self, *, redirect_uri: str, allow_private: bool) -> None:
        self.redirect_uri = redirect_uri
        self.allow_private = allow_private

    async def discover(self, provider: Provider) -> Endpoints:
        """Read the provider's discovery document.

        Raises:
            ProviderTrouble: It cannot be read, or is another issuer's.
        """
        async with self._client(provider) as client:
            document = await _json(client, provider.issuer.rstrip("/") + DISCOVERY_PATH)
            if document["issuer"] != provider.issuer:
                raise ValueError(f"The document is of {document['issuer']!r}")
            methods = document.get("token_endpoint_auth_methods_supported")
            basic = methods is None or "client_secret_basic" in methods
            return Endpoints(
                authorization=self._address(document["authorization_endpoint"]),
                token=self._address(document["token_endpoint"]),
                keys=self._address(document["jwks_uri"]),
                token_auth="client_secret_basic" if basic else "client_secret_post",
            )

    def authorization_url(
        self, provider: Provider, endpoints: Endpoints, *, state: str, nonce: str, verifier: str
    ) -> str:
        """Give where the browser goes to sign in."""
        client = self._make(provider)
        url, _ = client.create_authorization_url(
            endpoints.authorization, state=state, code_verifier=verifier, nonce=nonce
        )
        return str(url)

    async def claims(
        self, provider: Provider, endpoints: Endpoints, *, code: str, nonce: str, verifier: str
    ) -> Mapping[str, Any]:
        """Exchange a code, and give what the ID token says.

        Raises:
            ProviderTrouble: The code is refused, or the ID token is not one for this attempt.
        """
        async with self._client(provider, endpoints) as client:
            answer = await client.fetch_token(
                endpoints.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=self.redirect_uri,
            )
            keys = KeySet.import_key_set(await _json(client, endpoints.keys))  # type: ignore[arg-type]
            decoded = jwt.decode(
                answer["id_token"],
                keys,
                registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False),
            )
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                },
                {"nonce": nonce, "client_id": provider.client_id}
                | ({"access_token": answer["access_token"]} if "access_token" in answer else {}),
            )
            claims.validate(leeway=LEEWAY_SECONDS)
            return dict(claims)

    @asynccontextmanager
    async def _client(
        self, provider: Provider, endpoints: Endpoints | None = None
    ) -> AsyncIterator[AsyncOAuth2Client]:
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._make(provider, endpoints) as client,
            ):
                yield client
        except TROUBLES as error:
            raise ProviderTrouble(f"{provider.issuer}: {type(error).__name__}: {error}") from error

    def _make(self, provider: Provider, endpoints: Endpoints | None = None) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            token_endpoint_auth_method=endpoints.token_auth if endpoints else None,
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            transport=Guarded(allow_private=self.allow_private),
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    def _address(self, value: object) -> str:
        """Give an address of the discovery document, over https unless all are allowed."""
        if not isinstance(value, str):
            raise TypeError("An address is no text")
        parts = urlsplit(value)
        allowed = {"https", "http"} if self.allow_private else {"https"}
        if parts.scheme not in allowed or not parts.hostname:
            raise ValueError(f"{value!r} is no address over https")
        return value


async def _json(client: AsyncOAuth2Client, url: str) -> dict[str, Any]:
    response = await client.request(
        "GET", url, withhold_token=True, headers={"Accept": "application/json"}
    )
    response.raise_for_status()
    document = response.json()
    if not isinstance(document, dict):
        raise TypeError(f"{url} is no JSON object")
    return document
