"""Choosing the media type of an answer by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from functools import lru_cache

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
# The ranges that hold each, the most specific first: the first that is there decides.
RANGES = {
    JSON: (JSON, "application/*", "*/*"),
    RESPONSE_JSON: (RESPONSE_JSON, "application/*", "*/*"),
}


@lru_cache(maxsize=256)
def choose_media_type(accept: str | None) -> str | None:
    """Give the offered media type that the client likes best; None when it takes none.

    A client that accepts anything, or says nothing, may be one from before graphql-response+json:
    it gets application/json.
    """
    if not accept or not accept.strip():
        return JSON
    wishes = dict(_wish(part) for part in accept.split(",") if part.strip())
    json, response_json = (
        next((wishes[range_] for range_ in ranges if range_ in wishes), 0.0)
        for ranges in RANGES.values()
    )
    if max(json, response_json) == 0:
        return None
    if json == response_json:
        return RESPONSE_JSON if RESPONSE_JSON in wishes else JSON
    return JSON if json > response_json else RESPONSE_JSON


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return media_range, float(value) if WEIGHT.fullmatch(value.strip()) else 0.0
    return media_range, 1.0
