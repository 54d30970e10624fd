"""What cannot be meant is refused when settings are read."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from web.settings import Settings


@pytest.mark.parametrize(
    "url", ["", "nats://bus", "tls://me:secret@bus:4222", "nats://one:4222, nats://two:4222"]
)
def test_addresses_of_nats_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("NATS_URL", url)
    assert Settings().nats_url == url


@pytest.mark.parametrize(
    "url", ["bus:4222", "http://bus", "nats://", "nats://one,two", "nats://a,"]
)
def test_an_address_of_nats_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("NATS_URL", url)
    with pytest.raises(ValidationError, match="names a host"):
        Settings()
