"""Values as people send them: cleaned, or refused with what is wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import Enum
from typing import Final, Literal
from urllib.parse import urlsplit

from resolvers.refusals import InvalidInput

URL_MAX = 500
EMAIL_MAX = 254
# Overrides and isolates: they make a text read differently from what it says (CVE-2021-42574).
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+\.[^@\s.\x00-\x1f\x7f]{2,}")


class Kept(Enum):
    """That a change set says nothing of a value: unlike None, which takes it away."""

    KEPT = "KEPT"


KEPT: Final[Literal[Kept.KEPT]] = Kept.KEPT


def text(
    value: str, field: str, *, at_most: int, at_least: int = 0, multiline: bool = False
) -> str:
    """Give a text in composed form (NFC), without blanks around it and with plain line ends.

    Lengths are in characters, of what is left.

    Raises:
        InvalidInput: It is too short or too long, or holds what cannot be shown.
    """
    cleaned = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in cleaned:
        if character in DIRECTION:
            raise InvalidInput(
                "common.text_direction", field=(field,), code=f"{ord(character):04X}"
            )
        if character == "\n" and not multiline:
            raise InvalidInput("common.text_line", field=(field,))
        if character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}:
            raise InvalidInput("common.text_control", field=(field,), code=f"{ord(character):04X}")
    if len(cleaned) < at_least:
        key = "common.text_missing" if not cleaned else "common.text_too_short"
        raise InvalidInput(key, field=(field,), limit=at_least)
    if len(cleaned) > at_most:
        raise InvalidInput(
            "common.text_too_long", field=(field,), limit=at_most, actual=len(cleaned)
        )
    return cleaned


def number(value: int | None, field: str, least: int, most: int) -> int | None:
    """Give a number that is within bounds, or none where none was sent.

    Raises:
        InvalidInput: It is out of them.
    """
    if value is not None and not least <= value <= most:
        raise InvalidInput(
            "listings.number_out_of_range", field=(field,), least=least, most=most, actual=value
        )
    return value


def period(starts: date | None, ends: date | None, field: str) -> None:
    """Make sure that a period does not end before it begins; `field` is that of its end.

    Raises:
        InvalidInput: It does.
    """
    if starts is not None and ends is not None and ends < starts:
        raise InvalidInput("listings.ends_before_it_begins", field=(field,))


def url(value: str, field: str) -> str:
    """Give a web address.

    Raises:
        InvalidInput: It is none.
    """
    cleaned = text(value, field, at_most=URL_MAX, at_least=1)
    try:
        parts = urlsplit(cleaned)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid or any(character.isspace() for character in cleaned):
        raise InvalidInput("common.url_invalid", field=(field,))
    return cleaned


def email(value: str, field: str) -> str:
    """Give an e-mail address as it was written; addresses compare without regard to case.

    Raises:
        InvalidInput: It is none.
    """
    cleaned = text(value, field, at_most=EMAIL_MAX, at_least=1)
    if not EMAIL.fullmatch(cleaned):
        raise InvalidInput("common.email_invalid", field=(field,))
    return cleaned
