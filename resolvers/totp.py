"""Time-based one-time codes (RFC 6238): six digits, a step of 30 seconds, HMAC-SHA-1.

Written here, as it is a page of the RFC: a code may work once only, so what is needed is *which* step
it belongs to, and libraries such as pyotp answer no more than whether it fits. SHA-1 and six digits
are what all authenticator apps understand; neither is weakened by collisions.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
# One step either side: clocks of telephones and slow fingers.
WINDOW = 1
SECRET_BYTES = 20  # as long as the hash: RFC 4226, section 4
ISSUER = "Talent Commons"


def new_secret() -> bytes:
    """Make a secret for an authenticator app."""
    return secrets.token_bytes(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """Give a secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def otpauth_uri(secret: bytes, account: str) -> str:
    """Give what a QR code for an authenticator app holds."""
    label = quote(f"{ISSUER}:{account}", safe="")
    given = {
        "secret": spelled(secret),
        "issuer": ISSUER,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(given, quote_via=quote)}"


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Give the code of a step: RFC 4226, section 5.3."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, *, now: float, after: int) -> int | None:
    """Give the step that a code belongs to, of those around `now` (in seconds) and later than `after`.

    It takes the same time whichever step it is, and when it is none.
    """
    typed = "".join(code.split()).encode()
    current = int(now // STEP_SECONDS)
    found: int | None = None
    for step in range(current - WINDOW, current + WINDOW + 1):
        is_it = hmac.compare_digest(code_at(secret, step).encode(), typed)
        if is_it and step > after:
            found = step
    return found
