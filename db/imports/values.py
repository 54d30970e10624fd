"""What may stand in a cell: how a text becomes a value, and what to say when it does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from db.tables.organisations import RESERVED_SLUGS

SLUG_MAX = 80
EMAIL_MAX = 254
URL_MAX = 2_000
# Dates outside are slips of the keyboard: 0204 for 2024.
YEAR_MIN, YEAR_MAX = 1900, 2100

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s.,;<>\"]+(\.[^@\s.,;<>\"]+)+")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_NOT_A_LETTER = re.compile(r"[^A-Z0-9]+")


class BadValue(Exception):
    """The cell does not hold what is expected; the text completes "The value ..."."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of cell. `parse` takes a text without outer spaces that is not empty.

    `expects` completes "Expected: ..." in rejects, and describes the column in the documentation.
    """

    sql: str
    expects: str
    parse: Callable[[str], object]
    # Whether the same texts come again and take long to parse: then the last ones are remembered.
    repeats: bool = False


def one_line(maximum: int) -> Kind:
    """A text of one line; line breaks and double spaces within become single spaces."""

    def parse(text: str) -> str:
        line = " ".join(_composed(text).split())
        return _within(line, maximum)

    return Kind("text", f"a text of at most {maximum:,} characters", parse)


def prose(maximum: int) -> Kind:
    """A text that may have several lines."""

    def parse(text: str) -> str:
        lines = _composed(text).replace("\r\n", "\n").replace("\r", "\n")
        return _within(lines, maximum)

    expects = f"a text of at most {maximum:,} characters, line breaks allowed"
    return Kind("text", expects, parse)


def choice(values: type[StrEnum]) -> Kind:
    """One value of an enum; capitals do not matter, spaces and hyphens stand for underscores."""
    known = {member.value: member.value for member in values}

    def parse(text: str) -> str:
        value = known.get(text) or known.get(_NOT_A_LETTER.sub("_", text.upper()).strip("_"))
        if value is None:
            raise BadValue("is not one of the known ones")
        return value

    return Kind("text", f"one of {', '.join(known)}", parse)


def whole_number(minimum: int, maximum: int, meaning: str) -> Kind:
    """A whole number in a range; `meaning` tells what its ends stand for."""

    def parse(text: str) -> int:
        # Not str.isdigit: int() would also read digits of other scripts.
        number = int(text) if re.fullmatch("[0-9]{1,9}", text) else None
        if number is None:
            raise BadValue("is not a whole number")
        if not minimum <= number <= maximum:
            raise BadValue("is outside the range")
        return number

    return Kind("smallint", f"a whole number from {minimum} to {maximum} ({meaning})", parse)


def _email(text: str) -> str:
    if len(text) > EMAIL_MAX:
        raise BadValue(f"is {len(text):,} characters long")
    if not text.isprintable():
        raise BadValue("contains an invisible character")
    if not _EMAIL.fullmatch(text):
        raise BadValue("is not an e-mail address")
    return text.lower()


def _slug(text: str) -> str:
    if len(text) > SLUG_MAX:
        raise BadValue(f"is {len(text):,} characters long")
    if not _SLUG.fullmatch(text):
        raise BadValue("is not a short name")
    if text in RESERVED_SLUGS:
        raise BadValue("is kept for a page of the network")
    return text


def _url(text: str) -> str:
    if len(text) > URL_MAX:
        raise BadValue(f"is {len(text):,} characters long")
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not text.isprintable() or " " in text:
        raise BadValue("is not a web address")
    return text


def _domain(text: str) -> str:
    if not _DOMAIN.fullmatch(text.lower()) or len(text) > EMAIL_MAX:
        raise BadValue("is not a domain name")
    return text.lower()


def _day(text: str) -> date:
    return _plausible(_calendar_day(text))


def _past_day(text: str) -> date:
    day = _day(text)
    if day > datetime.now(UTC).date():
        raise BadValue("lies in the future")
    return day


def _past_moment(text: str) -> datetime:
    day, _, time = text.replace("T", " ", 1).partition(" ")
    time = time.replace(" ", "")
    if re.match(r"\d:", time):
        time = f"0{time}"
    moment = datetime.combine(_plausible(_calendar_day(day)), datetime.min.time(), UTC)
    if time:
        try:
            moment = datetime.fromisoformat(f"{moment:%Y-%m-%d} {time}")
        except ValueError:
            raise BadValue("has no valid time of day") from None
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > datetime.now(UTC):
        raise BadValue("lies in the future")
    return moment


def _calendar_day(text: str) -> date:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if dutch := _DUTCH_DAY.fullmatch(text):
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
    except ValueError:
        raise BadValue("is not a day of the calendar") from None
    raise BadValue("is not a date")


def _plausible(day: date) -> date:
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise BadValue(f"has the year {day.year}")
    return day


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _within(text: str, maximum: int) -> str:
    if len(text) > maximum:
        raise BadValue(f"is {len(text):,} characters long")
    return text


_DAY = "a date as 2025-03-31 or 31-3-2025"
EMAIL = Kind("text", "an e-mail address such as name@organisation.example", _email)
SLUG = Kind(
    "text",
    f"lower-case letters, digits and single hyphens, at most {SLUG_MAX}, such as my-organisation",
    _slug,
)
URL = Kind("text", "a web address that begins with https:// or http://", _url)
DOMAIN = Kind("text", "a domain name such as organisation.example", _domain)
DAY = Kind("date", f"{_DAY}, between {YEAR_MIN} and {YEAR_MAX}", _day, repeats=True)
PAST_DAY = Kind("date", f"{_DAY}, not in the future", _past_day, repeats=True)
PAST_MOMENT = Kind(
    "timestamptz",
    f"{_DAY}, with or without a time as 14:30 or 14:30+02:00 (UTC unless it says), not in the"
    " future",
    _past_moment,
)
