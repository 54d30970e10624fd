"""An authenticator in software: it makes passkeys and signs with them, as a device would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8000"


@dataclass
class Passkey:
    """One passkey of an authenticator: the private half."""

    rp_id: str
    user_handle: bytes
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    # None: an authenticator that does not count, as those that sync.
    count: int | None = None


@dataclass
class Authenticator:
    """A device with one passkey; what it says of itself can be changed, to see it refused."""

    origin: str = ORIGIN
    is_verified: bool = True
    rp_id: str | None = None

    def create(
        self, options: str, *, count: int | None = None, credential_id: bytes | None = None
    ) -> tuple[Passkey, str]:
        """Make a passkey; give it and what `credential.toJSON()` gives."""
        given = json.loads(options)
        rp_id = self.rp_id or given["rp"]["id"]
        passkey = Passkey(rp_id, base64url_to_bytes(given["user"]["id"]), count=count)
        if credential_id is not None:
            passkey.id = credential_id
        numbers = passkey.key.public_key().public_numbers()
        # COSE: an EC2 key of P-256 for ES256.
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        data = (
            self._data(passkey, ATTESTED)
            + bytes(16)
            + len(passkey.id).to_bytes(2)
            + passkey.id
            + encode_cbor(public)
        )
        response = {
            "clientDataJSON": self._client_data("webauthn.create", given["challenge"]),
            "attestationObject": bytes_to_base64url(
                encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
            ),
            "transports": ["internal"],
        }
        return passkey, self._credential(passkey, response)

    def get(self, options: str, passkey: Passkey, **changed: Any) -> str:
        """Sign with a passkey; give what `credential.toJSON()` gives, with parts changed."""
        given = json.loads(options)
        if passkey.count is not None:
            passkey.count += 1
        client_data = self._client_data("webauthn.get", given["challenge"])
        data = self._data(passkey)
        digest = hashlib.sha256(base64url_to_bytes(client_data)).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(passkey.key.sign(data + digest, ec.ECDSA(SHA256()))),
            "userHandle": bytes_to_base64url(passkey.user_handle),
        }
        return self._credential(passkey, response | changed)

    def _data(self, passkey: Passkey, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.is_verified else 0)
        rp_id = self.rp_id or passkey.rp_id
        return (
            hashlib.sha256(rp_id.encode()).digest()
            + bytes([flags])
            + (passkey.count or 0).to_bytes(4)
        )

    def _client_data(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(said).encode())

    def _credential(self, passkey: Passkey, response: dict[str, Any]) -> str:
        key = bytes_to_base64url(passkey.id)
        return json.dumps(
            {
                "id": key,
                "rawId": key,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "clientExtensionResults": {},
                "response": response,
            }
        )
