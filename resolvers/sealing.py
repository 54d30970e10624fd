"""Sealing: what is stored or handed out, yet only this server may read or have written.

AES-256-GCM, its key derived from the server's by HKDF for one purpose: what was sealed for one
purpose opens for no other. Sealed: a random nonce of 12 bytes, then the text and its tag.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """It was changed, or sealed with another key or for another purpose."""


def seal(key: bytes, purpose: str, data: bytes) -> bytes:
    """Seal data for one purpose with the server's key (`ctx.services.secret_key`)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key, purpose).encrypt(nonce, data, None)


def unseal(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """Give what was sealed for this purpose.

    Raises:
        SealBroken: It was changed, or sealed with another key or for another purpose.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see _cipher

    nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _cipher(key, purpose).decrypt(nonce, text, None)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(purpose) from error


def seal_values(key: bytes, purpose: str, values: dict[str, Any]) -> bytes:
    """Seal values that JSON can hold."""
    return seal(key, purpose, orjson.dumps(values))


def unseal_values(key: bytes, purpose: str, sealed: bytes) -> dict[str, Any]:
    """Give the values that were sealed for this purpose.

    Raises:
        SealBroken: It was changed, or sealed with another key or for another purpose.
    """
    values: dict[str, Any] = orjson.loads(unseal(key, purpose, sealed))
    return values


def _cipher(key: bytes, purpose: str) -> AESGCM:
    # Not at start-up: 6 MiB that a server needs once somebody signs up, and 12 ms.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    info = f"commons:{purpose}".encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key))
