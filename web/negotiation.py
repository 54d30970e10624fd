"""Choosing the media type of an answer by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"
# The parameter that tells a multipart answer to a subscription from one that comes in pieces.
MULTIPART_SPEC = ("subscriptionspec", "1.0")
WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
# The ranges that hold each, the most specific first: the first that is there decides.
RANGES = {
    JSON: (JSON, "application/*", "*/*"),
    RESPONSE_JSON: (RESPONSE_JSON, "application/*", "*/*"),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes: an answer as a whole, and a stream of answers; None when it takes none.

    A stream is taken only by who names it. It `streams_all`, queries too, for a client that likes
    it better than a whole answer.
    """

    whole: str | None
    stream: str | None = None
    streams_all: bool = False


@lru_cache(maxsize=256)
def accepted(accept: str) -> Accepted:
    """Give what the client likes best of what is offered.

    A client that accepts anything, or says nothing, may be one from before graphql-response+json:
    it gets application/json.
    """
    if not accept.strip():
        return Accepted(JSON)
    wishes = dict(_wish(part) for part in accept.split(",") if part.strip())
    json, response_json = (
        next((wishes[range_] for range_ in ranges if range_ in wishes), 0.0)
        for ranges in RANGES.values()
    )
    events, parts = wishes.get(EVENT_STREAM, 0.0), wishes.get(MULTIPART, 0.0)
    streamed, whole = max(events, parts), max(json, response_json)
    return Accepted(
        _whole(json, response_json, names_newer=RESPONSE_JSON in wishes),
        None if streamed == 0 else EVENT_STREAM if events >= parts else MULTIPART,
        streamed > whole,
    )


def _whole(json: float, response_json: float, *, names_newer: bool) -> str | None:
    if max(json, response_json) == 0:
        return None
    if json == response_json:
        return RESPONSE_JSON if names_newer else JSON
    return JSON if json > response_json else RESPONSE_JSON


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = dict(_parameter(parameter) for parameter in parameters)
    weight = given.get("q", "1")
    if media_range == MULTIPART and given.get(MULTIPART_SPEC[0]) != MULTIPART_SPEC[1]:
        return "", 0.0
    return media_range, float(weight) if WEIGHT.fullmatch(weight) else 0.0


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')
