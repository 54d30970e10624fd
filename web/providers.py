"""Identity providers, as sign-on knows them before anything of OpenID Connect is loaded."""

from __future__ import annotations

from dataclasses import dataclass


class ProviderTrouble(Exception):
    """The provider did not answer, or not as it should; the text is for the log."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Who signs people in, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where a provider is asked for what, and how we say who we are."""

    authorization: str
    token: str
    keys: str
    token_auth: str
