"""A write costs what it writes: beyond that, two round trips with its payload, and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.making import Maker
from tests.web.browsing import OPEN, PASSWORD, with_password
from tests.web.serving import ask, client_of, data_of, done, serving
from tests.web.wire import Wire, wire_to

EDIT = """
mutation Edit($input: PersonEditInput!) {
  personEdit(input: $input) {
    person { name headline version memberships { nodes { organisation { name } } } }
    userErrors { code }
  }
}
"""


@pytest.fixture(scope="module")
def wire(town: str) -> Iterator[Wire]:
    with wire_to(town) as wire:
        yield wire


@pytest.fixture(scope="module")
def client(wire: Wire) -> Iterator[httpx2.Client]:
    with serving(wire.dsn, pool_size=2, write_pool_size=1) as url, client_of(url) as client:
        yield client


def spent(
    wire: Wire, client: httpx2.Client, name: str, query: str, *inputs: Any, **who: str
) -> Any:
    """Give what the last of some like requests cost: statements, and the frame around them."""
    for given in inputs:
        wire.counts.clear()
        done(data_of(ask(client, query, {"input": given}, **who)), name)
        client.cookies.clear()
    return {kind: wire.counts[kind] for kind in ("P", "E", "Q")}


async def test_editing_costs_sign_in_and_payload(
    wire: Wire, client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    inputs = [{"expectedVersion": n, "headline": f"Number {n}"} for n in (1, 2, 3, 4)]
    cost = spent(wire, client, "personEdit", EDIT, *inputs, token=person.token)
    writes = 2  # the profile, the event
    # Besides: begin and commit.
    assert cost == {"P": 0, "E": writes + 2, "Q": 2}


async def test_signing_in_costs_a_look_at_the_account_and_payload(
    wire: Wire, client: httpx2.Client, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    given = {"email": person.email, "password": PASSWORD}
    cost = spent(wire, client, "sessionOpen", OPEN, given, given, given, given)
    writes = 3  # the attempt, that it was right, the session
    # Besides: begin and commit of two steps.
    assert cost == {"P": 0, "E": writes + 2, "Q": 4}
