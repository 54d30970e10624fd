"""The mailbox of a development machine: what would have gone out, as pages."""

from __future__ import annotations

import asyncio
import re
import secrets
from email.message import EmailMessage
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from web.mail import newest_first, read_kept

# The pages take no script and no form. A mail brings its own styles, in a frame that can do nothing.
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "frame-src 'self'; style-src 'nonce-{nonce}'"
)
FRAME_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "style-src 'unsafe-inline'"
)
ADDRESS = re.compile(r"(https?://\S+)")
LIST = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailbox</title>'
    '<meta name="viewport" content="width=device-width"><style nonce="{nonce}">'
    "body{{font:16px/1.5 system-ui,sans-serif;max-width:860px;margin:0 auto;padding:24px;"
    "color-scheme:light dark}}li{{margin:0 0 8px}}pre{{white-space:pre-wrap}}"
    "iframe{{width:100%;height:520px;border:1px solid #999;border-radius:8px;background:#fff}}"
    "</style></head><body>{body}</body></html>"
)


def mailbox_routes(folder: Path) -> list[BaseRoute]:
    """Give the pages that show the mails in a folder: a list, a mail, its HTML on its own."""

    async def index(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
        mails = await asyncio.to_thread(_read_all, folder)
        items = "".join(
            f'<li><a href="/mailbox/{escape(name)}">{escape(str(mail["Subject"]))}</a>'
            f"<br>to {escape(str(mail['To']))}, {escape(str(mail['Date']))}</li>"
            for name, mail in mails
        )
        empty = "<p>No mail yet. What the network sends is kept here, as no SMTP server is set.</p>"
        return _page(f"<h1>Mailbox</h1>{f'<ol>{items}</ol>' if items else empty}")

    async def show(request: Request) -> Response:
        mail = await asyncio.to_thread(_read, folder, request.path_params["name"])
        if mail is None:
            return _page("<h1>This mail is no longer here.</h1>", status=404)
        name = escape(request.path_params["name"])
        heads = "<br>".join(f"{escape(key)}: {escape(str(value))}" for key, value in mail.items())
        return _page(
            f'<p><a href="/mailbox">Mailbox</a></p><h1>{escape(str(mail["Subject"]))}</h1>'
            f"<p>{heads}</p><pre>{_linked(_part(mail, 'plain'))}</pre>"
            f'<iframe title="The same mail as HTML" sandbox="allow-popups" src="/mailbox/{name}/html"></iframe>'
        )

    async def show_html(request: Request) -> Response:
        mail = await asyncio.to_thread(_read, folder, request.path_params["name"])
        if mail is None:
            return _page("<h1>This mail is no longer here.</h1>", status=404)
        return _answer(_part(mail, "html"), FRAME_POLICY)

    return [
        Route("/mailbox", index),
        Route("/mailbox/{name:str}", show),
        Route("/mailbox/{name:str}/html", show_html),
    ]


def _read_all(folder: Path) -> list[tuple[str, EmailMessage]]:
    return [(path.stem, read_kept(path)) for path in newest_first(folder)]


def _read(folder: Path, name: str) -> EmailMessage | None:
    # Looked up among the names that are there: nothing outside the folder can be asked for.
    for path in newest_first(folder):
        if path.stem == name:
            return read_kept(path)
    return None


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def _linked(text: str) -> str:
    pieces = ADDRESS.split(text)
    return "".join(
        f'<a href="{escape(piece)}">{escape(piece)}</a>' if odd else escape(piece)
        for number, piece in enumerate(pieces)
        for odd in (number % 2,)
    )


def _page(body: str, *, status: int = 200) -> Response:
    nonce = secrets.token_urlsafe(16)
    html = LIST.format(body=body, nonce=nonce)
    return _answer(html, POLICY.format(nonce=nonce), status=status)


def _answer(html: str, policy: str, *, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
