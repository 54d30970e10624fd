"""The ceremonies of passkeys (WebAuthn): what a browser is asked, and whether its answer is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NETWORK_NAME = "Talent Commons"
RESPONSE_MAX = 32 * 1024
# What unpacking a response that is none can raise, beside what the library says itself.
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True)
class Begun:
    """What a browser is asked, as JSON, and the challenge in it, to be kept for its answer."""

    options: str
    challenge: str


@dataclass(frozen=True)
class Made:
    """A passkey that a browser made: what is kept of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Ceremonies:
    """Those of one site: passkeys belong to the name `host`, browsers answer from `origin`."""

    host: str
    origin: str

    def registration(
        self, *, user: bytes, address: str, name: str, held: Sequence[bytes], life: timedelta
    ) -> Begun:
        """Ask a browser to make a passkey, on a device that `held` has none of."""
        return _begun(
            generate_registration_options(
                rp_id=self.host,
                rp_name=NETWORK_NAME,
                user_id=user,
                user_name=address,
                user_display_name=name,
                timeout=_milliseconds(life),
                attestation=AttestationConveyancePreference.NONE,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.PREFERRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in held],
            )
        )

    def registered(self, response: str, challenge: str) -> Made | None:
        """Give the passkey that a browser made; None when it does not answer the challenge."""
        try:
            verified = verify_registration_response(
                credential=parse_registration_credential_json(_sized(response)),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except MALFORMED:
            return None
        return Made(verified.credential_id, verified.credential_public_key, verified.sign_count)

    def sign_in(self, *, life: timedelta) -> Begun:
        """Ask a browser to show a passkey: the same for everybody."""
        return _begun(
            generate_authentication_options(
                rp_id=self.host,
                timeout=_milliseconds(life),
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def shown(self, response: str) -> Shown | None:
        """Give the passkey that a browser shows, not proved yet; None when it is no response."""
        try:
            return Shown(self, parse_authentication_credential_json(_sized(response)))
        except MALFORMED:
            return None


@dataclass(frozen=True)
class Shown:
    """A passkey that a browser shows, and its answer to a challenge."""

    ceremonies: Ceremonies
    credential: AuthenticationCredential

    @property
    def credential_id(self) -> bytes:
        """Which passkey it says it is."""
        return self.credential.raw_id

    @property
    def user(self) -> bytes | None:
        """Whose it says it is, if it says so."""
        return self.credential.response.user_handle

    def proved(self, challenge: str, public_key: bytes, sign_count: int) -> int | None:
        """Give its new counter; None when it did not answer the challenge with that key.

        A counter that did not grow is a copy of the key, unless the authenticator has none.
        """
        try:
            verified = verify_authentication_response(
                credential=self.credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.ceremonies.host,
                expected_origin=self.ceremonies.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except MALFORMED:
            return None
        return verified.new_sign_count


def _begun(
    options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions,
) -> Begun:
    return Begun(options_to_json(options), bytes_to_base64url(options.challenge))


def _milliseconds(life: timedelta) -> int:
    return int(life.total_seconds() * 1000)


def _sized(response: str) -> str:
    if len(response) > RESPONSE_MAX:
        raise ValueError(f"A response has at most {RESPONSE_MAX} characters")
    return response
