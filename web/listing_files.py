"""An organisation's listings as a download: `GET /organisations/<slug>/listings.csv`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from resolvers.listing_export import export_listings
from resolvers.performing import Performer, UnknownSecret, sign_in
from web.message_page import message_page
from web.origins import Refused, asked_locale, origin_of

LISTINGS_FILE = "/organisations/{slug}/listings.csv"
TITLE = "listing_files.page_title"


async def listings_file(request: Request) -> Response:
    """Give the table, with what whoever asks may see, in `?language=nl` or the reader's own."""
    performer: Performer = request.app.state.performer
    try:
        origin = origin_of(request)
        async with performer.pool.acquire(timeout=performer.acquire_seconds) as connection:
            actor = await sign_in(connection, origin.secret_hash)
            locale = asked_locale(request, actor.locale if actor else None)
            found = await export_listings(
                connection,
                actor.id if actor else None,
                request.path_params["slug"],
                locale,
                performer.services.base_url,
            )
    except (UnknownSecret, Refused):
        bearer = {"WWW-Authenticate": "Bearer"}
        return message_page(request, TITLE, "listing_files.page_sign_in", 401, headers=bearer)
    if found is None:
        return message_page(request, TITLE, "listing_files.page_nothing", 404)
    slug, table = found
    return Response(
        table.encode("utf-8"),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}-listings.csv"',
            "Content-Language": locale.value.lower(),
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
