"""Who sends a request, and from where: the bearer token or the session cookie, address, language.

A cookie is sent by the browser whoever made it send the request. So a request that comes with one
must come from our own pages, unless it only reads: `Sec-Fetch-Site` and `Origin` say so
(https://owasp.org/www-community/attacks/csrf). A bearer token is added by a program on purpose.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from db.tables.people import Locale
from resolvers.accounts import SESSION_LIFE, hash_secret
from resolvers.acting import Origin, Outcome

COOKIE = "commons_session"
# A browser takes this name only with Secure, for this host alone and its whole path.
SECURE_COOKIE = "__Host-commons_session"
OURS = frozenset({"same-origin", "none"})
USER_AGENT_MAX = 300


class Refused(Exception):
    """A request that never reaches the graph: its status, and what is wrong with it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def origin_of(request: Request) -> Origin:
    """Give who sends a request.

    Raises:
        Refused: The header holds no bearer token, or another site made a browser send the cookie.
    """
    return Origin(
        secret_hash=_secret_hash(request),
        address=address_of(request),
        user_agent=request.headers.get("user-agent", "")[:USER_AGENT_MAX],
        locale=preferred_locale(request.headers.get("accept-language", "")),
    )


def set_cookies(request: Request, response: Response, outcomes: Iterable[Outcome]) -> None:
    """Give the browser the session that a mutation opened, or take back the one it ended."""
    secure = request.url.scheme == "https"
    for outcome in outcomes:
        if outcome.session_secret is not None:
            response.set_cookie(
                SECURE_COOKIE if secure else COOKIE,
                outcome.session_secret,
                max_age=int(SESSION_LIFE.total_seconds()),
                path="/",
                secure=secure,
                httponly=True,
                samesite="lax",
            )
        elif outcome.session_ended:
            response.delete_cookie(
                SECURE_COOKIE if secure else COOKIE,
                path="/",
                secure=secure,
                httponly=True,
                samesite="lax",
            )


def forget_cookie(request: Request, response: Response) -> None:
    """Take back a cookie that is nobody's any longer, so that the next request can sign in."""
    if "authorization" not in request.headers:
        for name, secure in ((COOKIE, False), (SECURE_COOKIE, True)):
            if name in request.cookies:
                response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def secret_of_listener(connection: HTTPConnection) -> bytes | None:
    """Give the secret that a connection for live updates was opened with, whatever its method.

    Raises:
        Refused: The header holds no bearer token, or another site made a browser send the cookie.
    """
    authorization = connection.headers.get("authorization")
    if authorization is not None:
        return bearer(authorization)
    cookie = _cookie(connection)
    if cookie is not None and not _is_ours(connection):
        raise Refused(403, "Another site opened this connection.")
    return None if cookie is None else hash_secret(cookie)


def bearer(authorization: str) -> bytes:
    """Give the hash of a bearer token.

    Raises:
        Refused: There is none.
    """
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Refused(401, "Send the token as “Authorization: Bearer <token>”.")
    return hash_secret(secret.strip())


def address_of(request: HTTPConnection) -> str:
    """Give the network address: whole for IPv4, the /64 that one household has for IPv6."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def preferred_locale(accepted: str) -> Locale:
    """Give the language that a browser prefers, of those we have; English when it names neither."""
    best, best_quality = Locale.EN, 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=") or "1"
        try:
            weight = float(quality)
            locale = Locale(tag.strip()[:2].upper())
        except ValueError:
            continue
        if weight > best_quality:
            best, best_quality = locale, weight
    return best


def asked_locale(request: Request, own: Locale | None = None) -> Locale:
    """Give the language that `?language=` asks for, or else somebody's own, or what their browser prefers."""
    asked = request.query_params.get("language", "").upper()
    if asked in set(Locale):
        return Locale(asked)
    return own or preferred_locale(request.headers.get("accept-language", ""))


def _secret_hash(request: Request) -> bytes | None:
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return bearer(authorization)
    cookie = _cookie(request)
    if cookie is None:
        return None
    if request.method not in {"GET", "HEAD"} and not _is_ours(request):
        raise Refused(403, "Another site sent this request. Open the page itself and try again.")
    return hash_secret(cookie)


def _cookie(request: HTTPConnection) -> str | None:
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE) or None


def _is_ours(request: HTTPConnection) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
