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


ORGANISATION_EDIT = """
mutation ($input: OrganisationEditInput!) {
  organisationEdit(input: $input) {
    organisation { name aboutHtml version viewerPermissions } userErrors { code }
  }
}
"""
STRENGTH_EDIT = """
mutation ($input: StrengthEditInput!) {
  strengthEdit(input: $input) { strength { statement skill { slug } } userErrors { code } }
}
"""
MEMBERSHIP_EDIT = """
mutation ($input: MembershipEditInput!) {
  membershipEdit(input: $input) { membership { title } userErrors { code } }
}
"""
CHANGE_ROLE = """
mutation ($input: MembershipChangeRoleInput!) {
  membershipChangeRole(input: $input) { membership { role } userErrors { code } }
}
"""


async def test_writing_to_an_organisation_costs_sign_in_and_payload(
    wire: Wire, client: httpx2.Client, make: Maker
) -> None:
    place, owner = await make.organisation(), await make.person()
    own = f"mem_{await make.member(owner, place, 'OWNER')}"
    other = f"mem_{await make.member(await make.person(), place)}"
    strength = await make.connection.fetchval(
        "insert into organisation_strength (organisation_id, skill_id)"
        " select $1, id from skill limit 1 returning id",
        place.key,
    )
    cases = (
        # The profile, the event, the trail.
        (
            "organisationEdit",
            ORGANISATION_EDIT,
            3,
            [{"organisationId": place.id, "expectedVersion": n, "name": "N"} for n in (1, 2, 3, 4)],
        ),
        (
            "strengthEdit",
            STRENGTH_EDIT,
            3,
            [{"strengthId": f"str_{strength}", "statement": f"{n}"} for n in range(4)],
        ),
        (
            "membershipEdit",
            MEMBERSHIP_EDIT,
            2,
            [{"membershipId": own, "title": f"{n}"} for n in range(4)],
        ),
        # The event is in the statement; the lock that keeps an owner in the organisation is the third.
        (
            "membershipChangeRole",
            CHANGE_ROLE,
            3,
            [{"membershipId": other, "role": role} for role in ("ADMIN", "EDITOR") * 2],
        ),
    )
    for name, query, writes, inputs in cases:
        cost = spent(wire, client, name, query, *inputs, token=owner.token)
        assert (name, cost) == (name, {"P": 0, "E": writes + 2, "Q": 2})
