"""How values are spelled: global ids, times, folded search terms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from unicodedata import combining, normalize
from uuid import UUID

from tests.oracle.paging import Refused

PREFIXES = {
    "Organisation": "org",
    "OrganisationStrength": "str",
    "Person": "per",
    "Membership": "mem",
    "Invitation": "inv",
    "JoinRequest": "jrq",
    "DomainClaim": "dom",
    "Partnership": "prt",
    "AuditEntry": "aud",
    "PersonSkill": "psk",
    "Post": "pst",
    "OrganisationFollow": "fol",
    "Block": "blk",
    "Report": "rpt",
    "ModerationCase": "cas",
    "ModerationAction": "mac",
    "ModerationLogEntry": "mlg",
    "Appeal": "apl",
    "Comment": "com",
    "Reaction": "rea",
    "PostRevision": "rev",
    "PostDraft": "dra",
    "Mention": "men",
    "Media": "med",
    "PersonFollow": "pfo",
    "SkillFollow": "sfo",
    "Mute": "mut",
    "SavedSearch": "sav",
    "MarketSearch": "mks",
    "Skill": "skl",
    "SkillCluster": "scl",
    "SkillDomain": "sdm",
    "Notification": "ntf",
    "Session": "ses",
    "AccessToken": "tok",
    "DataExport": "exp",
    "Passkey": "pky",
    "IdentityProvider": "idp",
    "Place": "plc",
    "Listing": "lst",
    "ListingSkill": "lsk",
    "ListingStep": "lss",
    "ListingLooker": "llk",
    "Match": "mat",
    "MatchRequest": "mrq",
    "MatchMessage": "mms",
    "Exchange": "exc",
    "AgreementVersion": "agv",
    "AgreementSignature": "sig",
    "ExchangePerson": "xpe",
    "ExchangeLine": "xln",
    "ExchangeHours": "hrs",
    "ExchangeReceipt": "rcp",
    "RaisedSkill": "rsk",
    "SkillProof": "prf",
    "Endorsement": "end",
}
TYPE_OF_PREFIX = {prefix: type_name for type_name, prefix in PREFIXES.items()}
# Letters that have no accent to take off.
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D"}
)


def global_id(type_name: str, key: UUID) -> str:
    """Give the id of a row as the graph shows it."""
    return f"{PREFIXES[type_name]}_{key}"


def split_id(value: str) -> tuple[str, UUID]:
    """Take an id apart into prefix and key.

    Raises:
        Refused: It is no id.
    """
    prefix, _, key = value.rpartition("_")
    if prefix and len(key) == 36:
        try:
            return prefix, UUID(key)
        except ValueError:
            pass
    raise Refused("INVALID_ID", f"{value!r} is no id")


def key_of(value: str, type_name: str) -> UUID:
    """Give the key in the id of a row of this type.

    Raises:
        Refused: It is no id, or that of another type.
    """
    prefix, key = split_id(value)
    if prefix != PREFIXES[type_name]:
        raise Refused("INVALID_ID", f"{value!r} is not of {type_name}")
    return key


def spelled(value: Any) -> Any:
    """Give a value of a row as Postgres writes it in JSON."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
        return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}+00:00"
    if isinstance(value, date):
        return value.isoformat()
    return value


@lru_cache(maxsize=20_000)
def lowered(text: str) -> str:
    """Give a text in lower case, letter by letter."""
    return "".join("i" if char == "İ" else char.lower() for char in text)


def contains(text: str | None, term: str) -> bool:
    """Tell whether a text contains a term, whatever their case."""
    return text is not None and lowered(term) in lowered(text)


def folded(term: str) -> str:
    """Give a search term without accents and case."""
    decomposed = normalize("NFD", term.translate(_PLAIN))
    return lowered("".join(char for char in decomposed if not combining(char)))
