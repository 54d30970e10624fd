"""Sessions, tokens, authenticator apps, recovery codes and passkeys, for the cast of the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.oracle.cast_writing import Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
MOMENT = datetime(2026, 6, 6, 6, 6, 6, tzinfo=UTC)
# Name: whether the app is in force, how many recovery codes there are, how many of them were used.
APPS: Mapping[str, tuple[bool, int, int]] = {
    "pat": (True, 3, 1),
    "member": (True, 2, 2),
    "author": (False, 1, 0),
}


async def add_credentials(writer: Writer) -> None:
    """Sessions and tokens: in force, ended, expired; nobody knows their secrets."""
    cast = writer.cast
    later, ended = datetime(2999, 1, 1, tzinfo=UTC), _day(95)
    await writer.insert(
        "session",
        [
            {
                "id": writer.key(f"session.{name}_{number}", _day(91 + number)),
                "person_id": cast[f"person.{name}"],
                "secret_hash": sha256(f"session {name} {number}".encode()).digest(),
                "method": ("PASSWORD", "PASSKEY", "SINGLE_SIGN_ON", "EMAIL")[number],
                "user_agent": f"Fox/{number} (of {name})" if number else None,
                "address": f"203.0.{number}.0/24" if number else None,
                "created_at": _day(91 + number),
                "expires_at": ended if number == 3 else later,
                "revoked_at": ended if number == 1 else None,
            }
            for name in ("pat", "member", "author")
            for number in range(4)
        ],
    )
    await writer.insert(
        "data_export",
        [
            {
                "id": writer.key(f"export.{name}_{number}", _day(300 + number)),
                "person_id": cast[f"person.{name}"],
                "byte_count": size,
                "ready_at": ready,
                "expires_at": expires,
                "created_at": _day(300 + number, 3 * number),
            }
            for name in ("member", "author")
            for number, (size, ready, expires) in enumerate(
                (
                    (1_000, _day(301), datetime(2020, 1, 1, tzinfo=UTC)),
                    (400_000_000, _day(302), datetime(2120, 1, 1, tzinfo=UTC)),
                    (None, None, None),
                )
            )
        ],
    )
    await writer.insert(
        "access_token",
        [
            {
                "id": writer.key(f"token.{name}_{number}", _day(91 + number)),
                "person_id": cast[f"person.{name}"],
                "secret_hash": sha256(f"token {name} {number}".encode()).digest(),
                "name": f"“{name}” {number}",
                "scopes": ["READ"] if number else ["READ", "WRITE"],
                "created_at": _day(91 + number),
                "expires_at": (None, later, later, ended)[number],
                "revoked_at": ended if number == 1 else None,
            }
            for name in ("pat", "member", "author")
            for number in range(4)
        ],
    )


async def add_factors(writer: Writer) -> None:
    """Add apps in force and not, with recovery codes that were used or not; and passkeys."""
    cast = writer.cast
    await writer.insert(
        "totp_credential",
        [
            {
                "person_id": cast[f"person.{name}"],
                "sealed_secret": name.encode(),
                "confirmed_at": MOMENT if in_force else None,
                "last_step": 0,
            }
            for name, (in_force, _, _) in APPS.items()
        ],
    )
    await writer.insert(
        "recovery_code",
        [
            {
                "person_id": cast[f"person.{name}"],
                "code_hash": sha256(f"code {name} {number}".encode()).digest(),
                "used_at": MOMENT if number < used else None,
            }
            for name, (_, held, used) in APPS.items()
            for number in range(held)
        ],
    )
    await writer.insert(
        "passkey",
        [
            {
                "id": writer.key(f"passkey.{name}_{number}", MOMENT + timedelta(days=number)),
                "person_id": cast[f"person.{name}"],
                "credential_id": f"{name} {number}".encode(),
                "public_key": b"public",
                "sign_count": 0,
                "name": f"“{name}” {number}",
                "created_at": MOMENT + timedelta(days=number),
                "last_used_at": MOMENT + timedelta(days=9) if number else None,
            }
            for name in ("pat", "member", "author")
            for number in range(3)
        ],
    )
    # The first is no longer in force: the organisation has no such domain.
    domains = {"open": "open.example", "town": "1.example", "gone": "3.example"}
    await writer.insert(
        "identity_provider",
        [
            {
                "id": writer.key(f"provider.{name}", MOMENT + timedelta(days=number)),
                "organisation_id": cast[f"org.{name}"],
                "issuer": f"https://id.{domain}",
                "client_id": f'commons \\ "{name}"',
                "sealed_client_secret": b"sealed",
                "email_domain": domain,
                "default_role": "EDITOR" if number else "MEMBER",
                "created_at": MOMENT + timedelta(days=number),
            }
            for number, (name, domain) in enumerate(domains.items())
        ],
    )


def _day(days: float, micros: int = 0) -> datetime:
    return START + timedelta(days=days, microseconds=micros)
