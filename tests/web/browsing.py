"""A browser that asks: it keeps the cookie, has an address of its own and says where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import httpx2

from resolvers.passwords import HASHER
from tests.making import Maker, Someone
from tests.web.serving import RESPONSE_JSON, Answer, data_of

PASSWORD = "seven mild winters"  # noqa: S105 - of people who exist in tests only
# Stored once: hashing takes as long as it is meant to.
STORED = HASHER.hash(PASSWORD)
OPEN = """
mutation Open($input: SessionOpenInput!) {
  sessionOpen(input: $input) {
    viewer { id email } secondFactorSecret secondFactors userErrors { code field message }
  }
}
"""
_addresses = count(1)


def new_address() -> str:
    """Give a network address that nothing else in the tests has used."""
    number = next(_addresses)
    return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"


class Browser:
    """One browser at one address. The server takes the address from the proxy before it."""

    def __init__(self, client: httpx2.Client, address: str, language: str, scheme: str) -> None:
        self.client = client
        self.address = address
        self.headers = {
            "X-Forwarded-For": address,
            "X-Forwarded-Proto": scheme,
            "Accept": RESPONSE_JSON,
            "Accept-Language": language,
            "User-Agent": "Testfox/1.0",
            "Sec-Fetch-Site": "same-origin",
        }

    def send(
        self, query: str, variables: object = None, headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        """Send an operation."""
        body = {"query": query, "variables": variables}
        return self.client.post("/graphql", json=body, headers=self.headers | (headers or {}))

    def ask(self, query: str, **given: Any) -> Answer:
        """Send an operation with one input, and give its data."""
        return data_of(self.send(query, {"input": given} if given else None))

    def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        """Sign in, and give the payload."""
        payload: Answer = self.ask(OPEN, email=email, password=password)["sessionOpen"]
        return payload


@contextmanager
def browser(
    url: str, *, address: str | None = None, language: str = "en", scheme: str = "http"
) -> Iterator[Browser]:
    """Open a browser at an address of its own, or at the one given."""
    with httpx2.Client(base_url=url, timeout=20, trust_env=False) as client:
        yield Browser(client, address or new_address(), language, scheme)


async def with_password(make: Maker, person: Someone, stored: str = STORED) -> Someone:
    """Give a person a password."""
    await make.connection.execute(
        "insert into password_credential (person_id, hash) values ($1, $2)", person.key, stored
    )
    return person
