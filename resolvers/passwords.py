"""Passwords: which ones may be taken, and how they are stored and compared.

Rules after NIST SP 800-63B, 5.1.1.2: a length, no demands on the kinds of characters, and none
that are commonly used or lean on who the person is. Stored as argon2id with the parameters that
OWASP advises (19 MiB, two passes, one lane; 40 ms measured): they are part of what is stored, so a
password is hashed anew when it is next used after they changed.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from resolvers.refusals import InvalidInput

PASSWORD_MIN, PASSWORD_MAX = 10, 256
# Different characters: `aaaaaaaaaa` and `1212121212` are tried early.
DIFFERENT_MIN = 3
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
COMMON = Path(__file__).with_name("data") / "common_passwords.txt"
# Shorter parts of a name are parts of too many words.
OWN_PART_MIN = 4
OWN_SERVICE = "talent commons"


def check_password(password: str, field: str, *, own: Iterable[str]) -> None:
    """Make sure that somebody may take a password. `own` are their names and e-mail addresses.

    Raises:
        InvalidInput: It is too short or too long, common, or little more than what is known of them.
    """
    plain = _plain(password)
    if len(plain) < PASSWORD_MIN:
        raise InvalidInput("accounts.password_short", field=(field,), limit=PASSWORD_MIN)
    if len(plain) > PASSWORD_MAX:
        raise InvalidInput("accounts.password_long", field=(field,), limit=PASSWORD_MAX)
    folded = plain.casefold()
    if folded in _common() or len(set(folded)) < DIFFERENT_MIN:
        raise InvalidInput("accounts.password_common", field=(field,))
    rest = _without_own(folded, own)
    if rest != folded and len(rest) < PASSWORD_MIN:
        raise InvalidInput("accounts.password_own", field=(field,), limit=PASSWORD_MIN)


async def hash_password(password: str) -> str:
    """Give what is stored of a password. Runs beside the event loop."""
    return await asyncio.to_thread(HASHER.hash, _plain(password))


async def is_password(stored: str | None, password: str) -> bool:
    """Tell whether it is the password that was stored; None is nobody's, and takes as long."""
    return await asyncio.to_thread(_verify, stored or _nobodys(), _plain(password))


def is_outdated(stored: str) -> bool:
    """Tell whether it was stored with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _verify(stored: str, plain: str) -> bool:
    try:
        return HASHER.verify(stored, plain)
    except (VerificationError, InvalidHashError):
        return False


def _nobodys() -> str:
    """Give what could be stored of a password, with today's parameters; no password matches it."""
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (HASHER.salt_len, HASHER.hash_len)
    )
    parameters = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${parameters}${salt}${digest}"


def _plain(password: str) -> str:
    """Give a password as every keyboard spells it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _without_own(folded: str, own: Iterable[str]) -> str:
    parts = {
        part
        for text in (*own, OWN_SERVICE)
        for part in re.split(r"[\W_]+", _plain(text).casefold())
        if len(part) >= OWN_PART_MIN
    }
    for part in sorted(parts, key=len, reverse=True):
        folded = folded.replace(part, "")
    return folded


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
