"""Authenticator apps and recovery codes, for the cast of the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from tests.oracle.cast_writing import Writer

MOMENT = datetime(2026, 6, 6, 6, 6, 6, tzinfo=UTC)
# Name: whether the app is in force, how many recovery codes there are, how many of them were used.
APPS: Mapping[str, tuple[bool, int, int]] = {
    "pat": (True, 3, 1),
    "member": (True, 2, 2),
    "author": (False, 1, 0),
}


async def add_factors(writer: Writer) -> None:
    """Add apps in force and not, with recovery codes that were used or not."""
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
