"""Pages that anybody may read, whole without scripts, and what leads search engines to them.

The same for everyone at an address, but for the language: they may be kept by whoever is between. Who
is signed in reads on in the graph; these pages never look at a cookie.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from html import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from resolvers.exports import EXPORTS_PATH
from resolvers.performing import Performer
from resolvers.public_pages import ADDRESSES, public_addresses
from resolvers.wording import say
from schema import prefixes
from web.heads import SITE, Head, head_of
from web.message_page import message_page
from web.origins import preferred_locale

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:17px/1.6 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:2rem 1.25rem}"
    "header a,footer a{color:inherit}h1{line-height:1.2}dl{display:grid;"
    "grid-template-columns:max-content 1fr;gap:.25rem 1.25rem}dt{opacity:.7}dd{margin:0}"
    "article{overflow-wrap:anywhere}footer{margin-top:3rem;opacity:.8}"
)
STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
# The one script is data, and let in by its hash.
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "img-src 'self'; script-src {script}; style-src {style}"
)
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{head}'
    '<style>{style}</style></head><body><header><p><a href="/">{site}</a></p></header>'
    "<main>{content}</main>"
    '<footer><p><a href="/">{join}</a></p></footer></body></html>'
)
CONTENT = "<h1{language}>{heading}</h1>{by}{facts}<article{language}>{body}</article>"
FOR_ALL = "public, max-age=300, stale-while-revalidate=600"
LIST_FOR_ALL = "public, max-age=3600"
TITLE, NOTHING = "public_pages.nothing_title", "public_pages.nothing"
SITEMAP_NAMES = "http://www.sitemaps.org/schemas/sitemap/0.9"
# How the ids of a section's pages begin; an organisation's page has its slug.
PREFIXES = {
    "listings": f"{prefixes.LISTING}_",
    "organisations": "",
    "posts": f"{prefixes.POST}_",
}
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What is no page: for programs, for one person, or at the end of a link in a mail.
NOT_FOR_ROBOTS = (
    "/graphql",
    "/graphiql",
    EXPORTS_PATH,
    "/sign-on/",
    "/unsubscribe",
    "/*/listings.csv",
)


def public_routes() -> list[BaseRoute]:
    """Give the routes of public pages, the lists of their addresses, and what robots are told."""
    return [
        *(
            Route(path, public_page)
            for path in ("/listings/{name}", "/organisations/{name}", "/posts/{name}")
        ),
        Route("/sitemap.xml", sitemap_index),
        Route("/sitemaps/{section}.xml", sitemap),
        Route("/robots.txt", robots),
    ]


async def public_page(request: Request) -> Response:
    """Serve a page that anybody may read; 404 for everything else, be it there or not."""
    performer: Performer = request.app.state.performer
    locale = preferred_locale(request.headers.get("accept-language", ""))
    async with request.app.state.pool.acquire() as connection:
        head = await head_of(connection, request.url.path, performer.services.base_url, locale)
    if head is None:
        return message_page(request, TITLE, NOTHING, 404)
    return _kept(
        request,
        render(head),
        "text/html; charset=utf-8",
        {
            "Cache-Control": FOR_ALL,
            "Content-Language": locale.value.lower(),
            "Vary": "Accept-Language",
            "Content-Security-Policy": POLICY.format(
                script=head.json_ld_source, style=STYLE_SOURCE
            ),
        },
    )


def render(head: Head) -> str:
    """Give a page for readers without scripts."""
    return PAGE.format(
        language=head.language.value.lower(),
        head=head.tags(),
        style=STYLE,
        site=SITE,
        content=content_of(head),
        join=escape(say("public_pages.join", head.language)),
    )


def content_of(head: Head) -> str:
    """Give what the page is about, as the HTML below its frame; a client may take its place."""
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in head.facts
    )
    by = ""
    if head.by is not None:
        name, address = head.by
        by = f'<p><a href="{escape(address)}">{escape(name)}</a></p>'
    language = head.content_language
    return CONTENT.format(
        language=f' lang="{language.value.lower()}"' if language else "",
        heading=escape(head.heading),
        by=by,
        facts=f"<dl>{facts}</dl>" if facts else "",
        body=head.body,
    )


async def sitemap_index(request: Request) -> Response:
    """Say where the lists of addresses are."""
    base_url = _base_url(request)
    items = "".join(
        f"<sitemap><loc>{escape(f'{base_url}/sitemaps/{section}.xml')}</loc></sitemap>"
        for section in ADDRESSES
    )
    page = f'{XML}<sitemapindex xmlns="{SITEMAP_NAMES}">{items}</sitemapindex>'
    return _kept(request, page, "application/xml", {"Cache-Control": LIST_FOR_ALL})


async def sitemap(request: Request) -> Response:
    """List the addresses of what is public: the newest open listings or posts, or organisations with most followers."""
    section = request.path_params["section"]
    if section not in ADDRESSES:
        return PlainTextResponse("Not Found", 404)
    async with request.app.state.pool.acquire() as connection:
        found = await public_addresses(connection, section)
    page = f'{XML}<urlset xmlns="{SITEMAP_NAMES}">{_addresses(_base_url(request), section, found)}</urlset>'
    return _kept(request, page, "application/xml", {"Cache-Control": LIST_FOR_ALL})


async def robots(request: Request) -> Response:
    """Tell robots what is no page, and where the lists of pages are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {_base_url(request)}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": LIST_FOR_ALL})


def _addresses(base_url: str, section: str, found: Sequence[tuple[str, datetime]]) -> str:
    start = f"{base_url}/{section}/{PREFIXES[section]}"
    return "".join(
        f"<url><loc>{escape(f'{start}{name}')}</loc>"
        f"<lastmod>{changed_at.date().isoformat()}</lastmod></url>"
        for name, changed_at in found
    )


def _kept(request: Request, content: str, media_type: str, headers: dict[str, str]) -> Response:
    """Give a page that may be kept, or that the one that was kept is still right."""
    body = content.encode()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {**headers, "ETag": tag}
    known = {
        part.strip().removeprefix("W/")
        for part in request.headers.get("if-none-match", "").split(",")
    }
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _base_url(request: Request) -> str:
    performer: Performer = request.app.state.performer
    return performer.services.base_url
