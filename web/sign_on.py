"""Single sign-on: the way to an organisation's own sign-in, and back.

    GET /sign-on/<slug>?return=/path    to the provider
    GET /sign-on-callback               back, signed in, to the path

The attempt belongs to one browser: its secret is a cookie, and what the provider is told (`state`) is
made of that secret, so a link with somebody else's code and state signs nobody in.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from resolvers.acting import Context, Origin, Outcome
from resolvers.commands import sign_on as command
from resolvers.refusals import Refusal, RefusalCode
from web.message_page import message_page
from web.origins import USER_AGENT_MAX, address_of, preferred_locale, set_cookies
from web.providers import Endpoints, Provider, ProviderTrouble

if TYPE_CHECKING:
    from web.openid import OpenId

# Not below /sign-on/, where every name is an organisation's.
CALLBACK_PATH = "/sign-on-callback"
COOKIE = "commons_sign_on"
SECURE_COOKIE = "__Host-commons_sign_on"
SECRET_BYTES = 32
CODE_MAX = 4_096
RETURN_MAX = 1_000
TITLE = "sign_on.page_title"
STATUSES = {
    RefusalCode.NOT_FOUND: 404,
    RefusalCode.THROTTLED: 429,
    RefusalCode.EXPIRED: 400,
    RefusalCode.CONFLICT: 409,
}
logger = logging.getLogger(__name__)
T = TypeVar("T")


def sign_on_routes(base_url: str, *, allow_private: bool) -> list[BaseRoute]:
    """Give the two addresses of single sign-on, below the address at which people reach the pages."""
    routes = SignOn(redirect_uri=f"{base_url}{CALLBACK_PATH}", allow_private=allow_private)
    return [
        Route(CALLBACK_PATH, _as_page(routes.come_back), methods=["GET"]),
        Route("/sign-on/{slug}", _as_page(routes.go), methods=["GET"]),
    ]


class SignOn:
    """Sends browsers to providers and takes them back."""

    def __init__(self, *, redirect_uri: str, allow_private: bool) -> None:
        self.redirect_uri = redirect_uri
        self.allow_private = allow_private

    async def go(self, request: Request) -> Response:
        """Send the browser to the provider of an organisation."""
        origin = _visitor(request)
        slug = request.path_params["slug"]
        found = await _transact(request, origin, lambda ctx: command.find_provider(ctx, slug=slug))
        provider = _provider(found)
        client = await self._client()
        endpoints = await client.discover(provider)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        state = {
            "provider_id": str(found["id"]),
            "nonce": nonce,
            "verifier": verifier,
            "return": _return_path(request.query_params.get("return", "")),
            "endpoints": asdict(endpoints),
        }
        secret = await _transact(
            request,
            origin,
            lambda ctx: command.begin_sign_on(
                ctx, organisation_id=found["organisation_id"], state=state
            ),
        )
        url = client.authorization_url(
            provider, endpoints, state=_state_of(secret), nonce=nonce, verifier=verifier
        )
        response = RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})
        _set_cookie(request, response, secret)
        return response

    async def come_back(self, request: Request) -> Response:
        """Sign in whoever comes back with a code of this browser's attempt."""
        origin = _visitor(request)
        given = request.query_params
        secret = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE) or ""
        state = given.get("state", "")
        if not secret or not hmac.compare_digest(_state_of(secret).encode(), state.encode()):
            raise command.other_browser()
        # Whatever comes of it, this attempt is over.
        attempt, found = await _transact(
            request, origin, lambda ctx: command.take_sign_on(ctx, secret=secret)
        )
        provider = _provider(found)
        code = given.get("code", "")
        if not code or len(code) > CODE_MAX or given.get("iss", provider.issuer) != provider.issuer:
            raise ProviderTrouble(f"{provider.issuer}: {given.get('error', 'no code')!r}")
        client = await self._client()
        claims = await client.claims(
            provider,
            Endpoints(**attempt["endpoints"]),
            code=code,
            nonce=attempt["nonce"],
            verifier=attempt["verifier"],
        )
        outcomes: list[Outcome] = []

        async def finish(ctx: Context) -> Mapping[str, Any]:
            outcomes.append(ctx.outcome)
            return await command.finish_sign_on(ctx, provider_id=found["id"], claims=claims)

        opened = await _transact(request, origin, finish)
        second = opened.get("second_factor_secret")
        target = attempt["return"] if second is None else f"/sign-in/second-step#{second}"
        response = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
        _forget_cookie(request, response)
        set_cookies(request, response, outcomes[-1:])
        return response

    async def _client(self) -> OpenId:
        # Not at start-up: Authlib is 10 MiB and 200 ms, which nobody else shall wait for.
        await asyncio.to_thread(import_module, "web.openid")
        from web.openid import OpenId  # noqa: PLC0415

        return OpenId(redirect_uri=self.redirect_uri, allow_private=self.allow_private)


def _as_page(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Show what went wrong as a page, in the browser's language."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as refusal:
            status = STATUSES.get(refusal.code, 403)
            return message_page(request, TITLE, refusal.text, status, values=refusal.values)
        except ProviderTrouble as trouble:
            logger.warning("request %s: %s", request.scope.get("request_id", ""), trouble)
            return message_page(
                request, TITLE, "sign_on.provider_trouble", 502, with_request_id=True
            )

    return answer


async def _transact(request: Request, origin: Origin, work: Callable[[Context], Awaitable[T]]) -> T:
    _, given = await request.app.state.performer.transact(work, origin, name="single sign-on")
    if isinstance(given, Refusal):
        raise given
    return given  # type: ignore[no-any-return]


def _visitor(request: Request) -> Origin:
    # Whoever was signed in here before plays no part.
    return Origin(
        address=address_of(request),
        user_agent=request.headers.get("user-agent", "")[:USER_AGENT_MAX],
        locale=preferred_locale(request.headers.get("accept-language", "")),
    )


def _provider(found: Mapping[str, Any]) -> Provider:
    return Provider(
        issuer=found["issuer"],
        client_id=found["client_id"],
        client_secret=found["client_secret"],
    )


def _state_of(secret: str) -> str:
    """Give what the provider hears of an attempt: from it the secret cannot be found."""
    return urlsafe_b64encode(sha256(f"state {secret}".encode()).digest()).decode().rstrip("=")


def _return_path(value: str) -> str:
    """Give a path of this site, whatever was asked for: nobody is led elsewhere."""
    is_ours = (
        value.startswith("/")
        and not value.startswith("//")
        and "\\" not in value
        and len(value) <= RETURN_MAX
        and all("!" <= character <= "~" for character in value)
    )
    return value if is_ours else "/"


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        secret,
        max_age=int(command.SIGN_ON_LIFE.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _forget_cookie(request: Request, response: Response) -> None:
    secure = request.url.scheme == "https"
    response.delete_cookie(
        SECURE_COOKIE if secure else COOKIE, path="/", secure=secure, httponly=True, samesite="lax"
    )
