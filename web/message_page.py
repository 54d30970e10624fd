"""A page that says one thing to a person who followed a link, in their browser's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from resolvers.wording import say
from web.origins import preferred_locale

PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><style nonce="{nonce}">'
    "body{{font:16px/1.5 system-ui,sans-serif;max-width:560px;margin:0 auto;padding:48px 24px;"
    "color-scheme:light dark}}small{{opacity:.7}}</style></head><body><h1>{title}</h1>"
    '<p>{text}</p><p><a href="/">{back}</a></p>{below}</body></html>'
)
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "style-src 'nonce-{nonce}'"
)


def message_page(
    request: Request,
    title: str,
    text: str,
    status: int,
    *,
    values: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    with_request_id: bool = False,
) -> Response:
    """Give a page with a title and a text, both by key; with the request's id for a fault of ours."""
    locale = preferred_locale(request.headers.get("accept-language", ""))
    nonce = secrets.token_urlsafe(16)
    request_id = request.scope.get("request_id", "")
    page = PAGE.format(
        language=locale.value.lower(),
        nonce=nonce,
        title=escape(say(title, locale)),
        text=escape(say(text, locale, **(values or {}))),
        back=escape(say("common.page_back", locale)),
        below=f"<small>{escape(request_id)}</small>" if with_request_id else "",
    )
    return HTMLResponse(
        page,
        status_code=status,
        headers={
            "Content-Security-Policy": POLICY.format(nonce=nonce),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            **(headers or {}),
        },
    )
