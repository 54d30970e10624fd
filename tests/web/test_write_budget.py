"""A write costs what it writes: beyond that, two round trips with its payload, and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from tests.mailing import SECRET_KEY
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
    # Mails that wait here are sent by another test.
    key = SECRET_KEY.decode()
    with (
        serving(wire.dsn, pool_size=2, write_pool_size=1, secret_key=key) as url,
        client_of(url) as client,
    ):
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
        # The lock that keeps an owner in the organisation is the third.
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


def _mutation(name: str, shown: str) -> str:
    given = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation ($input: {given}!) {{ {name}(input: $input) {{ {shown} userErrors {{ code }} }} }}"


async def test_joining_partnering_and_moderating_cost_one_look_beside_what_they_write(
    wire: Wire, client: httpx2.Client, make: Maker
) -> None:
    place, owner, moderator = await make.organisation(), await make.person(), await make.person()
    await make.member(owner, place, "OWNER")
    await make.connection.execute(
        "update person set is_moderator = true where id = $1", moderator.key
    )
    applicant = await make.person(email_verified_at=datetime.now(UTC))
    others = [await make.organisation() for _ in range(4)]
    people = [await make.person() for _ in range(4)]

    async def rows(statement: str, prefix: str, keys: list[Any]) -> list[str]:
        return [
            f"{prefix}_{await make.connection.fetchval(statement, key, place.key)}" for key in keys
        ]

    valid = "sha256(uuid_send(uuidv7())), now() + interval '1 day'"
    sent = await rows(
        "insert into invitation (organisation_id, email, role, secret_hash, expires_at) "
        f"values ($2, $1, 'MEMBER', {valid}) returning id",
        "inv",
        [person.email for person in people],
    )
    received = await rows(
        "insert into invitation (email, organisation_id, role, secret_hash, expires_at) "
        f"select '{applicant.email}', $1, 'MEMBER', {valid} where $2::uuid is not null returning id",
        "inv",
        [place.key for place in others],
    )
    asked = await rows(
        "insert into join_request (person_id, organisation_id, message) values ($1, $2, '') "
        "returning id",
        "jrq",
        [person.key for person in people],
    )
    claims = await rows(
        "insert into domain_claim (organisation_id, domain, proof, token) "
        "values ($2, $1, 'DNS', 'x') returning id",
        "dom",
        [f"place-{place.key}-{n}.example" for n in range(4)],
    )
    offers = await rows(
        "insert into partnership (requester_id, addressee_id) values ($1, $2) returning id",
        "prt",
        [(await make.organisation()).key for _ in range(4)],
    )
    invitation, where = "invitation { status }", "organisationId"
    # Looks, writes: an event and a line in the trail among these, and the mail.
    cases: tuple[tuple[str, str, int, int, Any, list[dict[str, Any]]], ...] = (
        ("invitationCreate", invitation, 1, 4, owner,
         [{where: place.id, "email": f"new-{n}-{place.slug}@a.example"} for n in range(4)]),
        ("invitationRevoke", invitation, 1, 3, owner, [{"invitationId": key} for key in sent]),
        ("invitationDecline", invitation, 1, 3, applicant,
         [{"invitationId": key} for key in received]),
        ("joinRequestCreate", "joinRequest { id }", 1, 3, applicant,
         [{where: each.id} for each in others]),
        ("joinRequestDecline", "joinRequest { id }", 1, 3, owner,
         [{"joinRequestId": key} for key in asked]),
        # The trails of both.
        ("partnershipRequest", "partnership { status }", 1, 4, owner,
         [{where: place.id, "partnerId": each.id} for each in others]),
        ("partnershipAccept", "partnership { status }", 1, 4, owner,
         [{"partnershipId": key} for key in offers]),
        ("domainClaim", "claim { domain }", 1, 2, owner,
         [{where: place.id, "domain": f"d{n}-{place.slug}.example"} for n in range(4)]),
        # The lock on the organisation is the fourth.
        ("domainRelease", "organisation { name }", 1, 4, owner,
         [{"claimId": key} for key in claims]),
        ("reportFile", "report { status }", 1, 2, applicant,
         [{"reason": "SPAM", "personId": person.id} for person in people]),
        # Reports are closed, and the mail is enqueued.
        ("moderationAct", "action { kind }", 1, 4, moderator,
         [{"kind": "WARN", "rule": "SPAM", "reason": "r", "personId": p.id} for p in people]),
    )  # fmt: skip
    costs = {}
    for name, shown, looks, writes, who, inputs in cases:
        cost = spent(wire, client, name, _mutation(name, shown), *inputs, token=who.token)
        costs[name] = (cost, {"P": 0, "E": looks + writes + 2, "Q": 2})
    assert {name: cost for name, (cost, _) in costs.items()} == {
        name: expected for name, (_, expected) in costs.items()
    }
