"""Choosing the media type of an answer by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from functools import lru_cache

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
# In the order of our preference where the client has none. A client that accepts anything, or
# says nothing, may be one from before graphql-response+json: it gets application/json.
OFFERED = {
    RESPONSE_JSON: (RESPONSE_JSON,),
    JSON: (JSON, "application/*", "*/*"),
}


@lru_cache(maxsize=256)
def choose_media_type(accept: str | None) -> str | None:
    """Give the offered media type that the client likes best; None when it takes none."""
    if not accept or not accept.strip():
        return JSON
    wishes = dict(_wish(part) for part in accept.split(",") if part.strip())
    ranked = [
        (max(wishes.get(range_, 0.0) for range_ in ranges), media_type)
        for media_type, ranges in OFFERED.items()
    ]
    quality, media_type = max(ranked, key=lambda pair: pair[0])
    return media_type if quality > 0 else None


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_range, float(value)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0
