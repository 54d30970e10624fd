"""The page behind “no more mails like this one”, and its one-click form for mail programs.

Opening the link changes nothing, since mail scanners open links; the button does, and so does the
POST that a mail program sends by itself (RFC 8058). Nobody has to be signed in.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from db.tables.people import Locale
from resolvers.unsubscribing import DIGEST, BadToken, read, unsubscribe
from resolvers.wording import say
from web.origins import preferred_locale

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:560px;margin:15vh auto 0;padding:24px;"
    "color-scheme:light dark}button{font:inherit;padding:12px 20px;border:0;border-radius:8px;"
    "background:#0b5e62;color:#fff}"
)
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
    "<style>{style}</style></head><body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"
)
FORM = (
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
    "<button>{label}</button></form>"
)


async def unsubscribe_page(request: Request) -> Response:
    """Ask (GET), or do it (POST)."""
    locale = preferred_locale(request.headers.get("accept-language", ""))
    try:
        person_id, what = read(
            request.app.state.performer.services.secret_key, request.query_params.get("token", "")
        )
    except BadToken:
        return _page(locale, "unsubscribe_invalid", status=400)
    if request.method != "POST":
        form = FORM.format(label=escape(say("notifications.unsubscribe_button", locale)))
        return _page(locale, f"unsubscribe_ask_{'digest' if what == DIGEST else 'kind'}", form=form)
    async with request.app.state.writes.acquire() as connection:
        await unsubscribe(connection, person_id, what)
    return _page(locale, "unsubscribe_done")


def _page(locale: Locale, key: str, *, form: str = "", status: int = 200) -> Response:
    html = PAGE.format(
        language=locale.value.lower(),
        title=escape(say("notifications.unsubscribe_title", locale)),
        style=STYLE,
        text=escape(say(f"notifications.{key}", locale)),
        form=form,
    )
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        # The address is the right to end mails: no page that is linked to learns of it.
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
