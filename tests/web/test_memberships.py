"""Belonging to an organisation, as a client does it: roles, leaving, handing over."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from db import counters
from db.tables.people import Role
from resolvers import permissions
from resolvers.permissions import Action, may_grant, permitted
from tests.making import Maker, Someone
from tests.web.serving import Answer, ask, data_of, done, refused

ERRORS = "userErrors { code field message }"
CHANGE_ROLE = f"""
mutation ($input: MembershipChangeRoleInput!) {{
  membershipChangeRole(input: $input) {{ membership {{ role }} {ERRORS} }}
}}
"""
EDIT = f"""
mutation ($input: MembershipEditInput!) {{
  membershipEdit(input: $input) {{ membership {{ title }} {ERRORS} }}
}}
"""
END = f"""
mutation ($input: MembershipEndInput!) {{
  membershipEnd(input: $input) {{
    membership {{ endedOn organisation {{ memberCount }} }} {ERRORS}
  }}
}}
"""
LEAVE = f"""
mutation ($input: OrganisationLeaveInput!) {{
  organisationLeave(input: $input) {{ organisation {{ memberCount viewerRole }} {ERRORS} }}
}}
"""
HAND_OVER = f"""
mutation ($input: OrganisationHandOverInput!) {{
  organisationHandOver(input: $input) {{
    organisation {{ viewerRole }} membership {{ role person {{ id }} }} {ERRORS}
  }}
}}
"""
LAST_OWNER = {
    "EN": "An organisation is never without an owner. Make somebody else an owner first, or hand it over.",
    "NL": "Een organisatie is nooit zonder eigenaar. Maak eerst iemand anders eigenaar, of draag haar over.",
}


def call(client: httpx2.Client, query: str, who: Someone, **given: Any) -> Answer:
    return data_of(ask(client, query, {"input": given}, token=who.token))


async def role_of(make: Maker, membership: Any) -> str | None:
    role: str | None = await make.connection.fetchval(
        "select role from membership where id = $1 and ended_on is null", membership
    )
    return role


async def owners_of(make: Maker, organisation: Any) -> int:
    count: int = await make.connection.fetchval(
        "select count(*) from membership"
        " where organisation_id = $1 and role = 'OWNER' and ended_on is null",
        organisation,
    )
    return count


@pytest.mark.parametrize("given", list(Role))
@pytest.mark.parametrize("old", list(Role))
@pytest.mark.parametrize("actor", list(Role))
async def test_roles_are_given_and_taken_as_the_table_says(
    town_client: httpx2.Client, make: Maker, actor: Role, old: Role, given: Role
) -> None:
    place, who, target = await make.organisation(), await make.person(), await make.person()
    await make.member(await make.person(), place, "OWNER")
    await make.member(who, place, actor)
    membership = await make.member(target, place, old)
    answer = call(town_client, CHANGE_ROLE, who, membershipId=f"mem_{membership}", role=given.value)
    if not permitted(Action.MANAGE_MEMBERS, actor) or not may_grant(actor, old):
        expected = [("NOT_ALLOWED", ["membershipId"])]
    elif old is not given and not may_grant(actor, given):
        expected = [("NOT_ALLOWED", ["role"])]
    else:
        assert done(answer, "membershipChangeRole")["membership"] == {"role": given.value}
        assert await role_of(make, membership) == given
        return
    assert refused(answer, "membershipChangeRole") == expected
    assert await role_of(make, membership) == old


@pytest.mark.parametrize("target", list(Role))
@pytest.mark.parametrize("actor", list(Role))
async def test_memberships_are_ended_as_the_table_says(
    town_client: httpx2.Client, make: Maker, actor: Role, target: Role
) -> None:
    place, who, other = await make.organisation(), await make.person(), await make.person()
    await make.member(await make.person(), place, "OWNER")
    await make.member(who, place, actor)
    membership = await make.member(other, place, target)
    answer = call(town_client, END, who, membershipId=f"mem_{membership}")
    if permitted(Action.MANAGE_MEMBERS, actor) and may_grant(actor, target):
        ended = done(answer, "membershipEnd")["membership"]
        assert ended["endedOn"] is not None
        assert ended["organisation"] == {"memberCount": 2}
    else:
        assert refused(answer, "membershipEnd") == [("NOT_ALLOWED", ["membershipId"])]
        assert await role_of(make, membership) == target
    assert await counters.check(make.connection) == []


@pytest.mark.parametrize("locale", ["EN", "NL"])
async def test_the_last_owner_stays(town_client: httpx2.Client, make: Maker, locale: str) -> None:
    owner, place = await make.person(locale=locale), await make.organisation()
    membership = await make.member(owner, place, "OWNER")
    await make.member(await make.person(), place, "ADMIN")
    named = f"mem_{membership}"
    for name, query, given in (
        ("organisationLeave", LEAVE, {"organisationId": place.id}),
        ("membershipEnd", END, {"membershipId": named}),
        ("membershipChangeRole", CHANGE_ROLE, {"membershipId": named, "role": "ADMIN"}),
    ):
        answer = call(town_client, query, owner, **given)
        assert answer[name]["userErrors"] == [
            {"code": "CONFLICT", "field": [], "message": LAST_OWNER[locale]}
        ]
    assert await role_of(make, membership) == "OWNER"


async def test_two_last_owners_who_leave_at_once_are_not_both_let_go(
    town_site: str, make: Maker
) -> None:
    for _ in range(5):
        place, owners = await make.organisation(), [await make.person() for _ in range(2)]
        for owner in owners:
            await make.member(owner, place, "OWNER")
        async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
            answers = await asyncio.gather(
                *(
                    client.post(
                        "/graphql",
                        json={"query": LEAVE, "variables": {"input": {"organisationId": place.id}}},
                        headers={"Authorization": f"Bearer {owner.token}"},
                    )
                    for owner in owners
                )
            )
        errors = [data_of(answer)["organisationLeave"]["userErrors"] for answer in answers]
        assert sorted(len(error) for error in errors) == [0, 1]
        assert [error["message"] for found in errors for error in found] == [LAST_OWNER["EN"]]
        assert await owners_of(make, place.key) == 1
    assert await counters.check(make.connection) == []


async def test_owners_who_unmake_each_other_at_once_leave_one(town_site: str, make: Maker) -> None:
    place, one, two = await make.organisation(), await make.person(), await make.person()
    memberships = [await make.member(who, place, "OWNER") for who in (one, two)]
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={
                        "query": CHANGE_ROLE,
                        "variables": {"input": {"membershipId": f"mem_{key}", "role": "MEMBER"}},
                    },
                    headers={"Authorization": f"Bearer {who.token}"},
                )
                for who, key in ((one, memberships[1]), (two, memberships[0]))
            )
        )
    kinds = sorted(len(data_of(a)["membershipChangeRole"]["userErrors"]) for a in answers)
    assert kinds == [0, 1]
    assert await owners_of(make, place.key) == 1


async def test_whoever_leaves_is_counted_out_and_may_come_back(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, member, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    await make.member(member, place)
    answer = call(town_client, LEAVE, member, organisationId=place.id)
    assert done(answer, "organisationLeave")["organisation"] == {
        "memberCount": 1,
        "viewerRole": None,
    }
    again = call(town_client, LEAVE, member, organisationId=place.id)
    assert refused(again, "organisationLeave") == [("CONFLICT", ["organisationId"])]
    events = await make.connection.fetch(
        "select kind, actor_id from event where organisation_id = $1", place.key
    )
    assert [tuple(event) for event in events] == [("MEMBERSHIP_CHANGED", member.key)]


async def test_a_member_of_what_is_suspended_may_leave_it(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, member, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    membership = await make.member(member, place)
    await make.connection.execute(
        "update organisation set suspended_at = now() where id = $1", place.key
    )
    assert done(call(town_client, LEAVE, member, organisationId=place.id), "organisationLeave") == {
        "organisation": None,
        "userErrors": [],
    }
    assert await role_of(make, membership) is None
    stranger = await make.person()
    answer = call(town_client, LEAVE, stranger, organisationId=place.id)
    assert refused(answer, "organisationLeave") == [("NOT_FOUND", ["organisationId"])]


async def test_handing_over_makes_one_owner_of_another(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, heir, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    given = {"organisationId": place.id, "personId": heir.id}
    answer = call(town_client, HAND_OVER, owner, **given)
    assert refused(answer, "organisationHandOver") == [("NOT_FOUND", ["personId"])]
    await make.member(heir, place, "EDITOR")
    answer = call(town_client, HAND_OVER, heir, **given)
    assert refused(answer, "organisationHandOver") == [("NOT_ALLOWED", ["organisationId"])]
    payload = done(call(town_client, HAND_OVER, owner, **given), "organisationHandOver")
    assert payload["organisation"] == {"viewerRole": "ADMIN"}
    assert payload["membership"] == {"role": "OWNER", "person": {"id": heir.id}}
    answer = call(town_client, HAND_OVER, owner, **given)
    assert refused(answer, "organisationHandOver") == [("NOT_ALLOWED", ["organisationId"])]
    answer = call(town_client, HAND_OVER, heir, **given)
    assert refused(answer, "organisationHandOver") == [("CONFLICT", ["personId"])]
    stranger = await make.person()
    answer = call(town_client, HAND_OVER, stranger, **given)
    assert refused(answer, "organisationHandOver") == [("NOT_ALLOWED", ["organisationId"])]


async def test_only_members_themselves_say_what_they_are_called(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, member, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    named = f"mem_{await make.member(member, place)}"
    answer = call(town_client, EDIT, member, membershipId=named, title=" Head of Water ")
    assert done(answer, "membershipEdit")["membership"] == {"title": "Head of Water"}
    answer = call(town_client, EDIT, owner, membershipId=named, title="x")
    assert refused(answer, "membershipEdit") == [("NOT_ALLOWED", ["membershipId"])]
    answer = call(town_client, EDIT, member, membershipId=named, title="x" * 121)
    assert refused(answer, "membershipEdit") == [("INVALID", ["title"])]


async def test_a_membership_that_may_not_be_known_of_is_not_found(
    town_client: httpx2.Client, make: Maker
) -> None:
    place, hidden = await make.organisation(), await make.person(visibility="COLLEAGUES")
    named = f"mem_{await make.member(hidden, place, 'OWNER')}"
    stranger = await make.person()
    for name, query, given in (
        ("membershipEdit", EDIT, {"title": "x"}),
        ("membershipEnd", END, {}),
        ("membershipChangeRole", CHANGE_ROLE, {"role": "MEMBER"}),
    ):
        answer = call(town_client, query, stranger, membershipId=named, **given)
        assert refused(answer, name) == [("NOT_FOUND", ["membershipId"])]
        answer = data_of(ask(town_client, query, {"input": {"membershipId": named, **given}}))
        assert refused(answer, name) == [("NOT_SIGNED_IN", [])]


async def test_a_role_that_goes_takes_the_invitations_it_allowed_with_it(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, admin, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    membership = await make.member(admin, place, "ADMIN")
    for number, role in enumerate(("ADMIN", "MEMBER")):
        await make.connection.execute(
            "insert into invitation (organisation_id, email, role, invited_by_id, secret_hash,"
            " expires_at) values ($1, $2, $3, $4, $5, now() + interval '1 day')",
            place.key,
            f"{number}-{place.slug}@people.example",
            role,
            admin.key,
            f"{number}{place.slug}".encode(),
        )

    async def open_roles() -> list[str]:
        rows = await make.connection.fetch(
            "select role from invitation where organisation_id = $1 and revoked_at is null",
            place.key,
        )
        return [row["role"] for row in rows]

    done(
        call(
            town_client, CHANGE_ROLE, owner, membershipId=f"mem_{membership}", role="TALENT_MANAGER"
        ),
        "membershipChangeRole",
    )
    assert await open_roles() == ["MEMBER"]
    done(call(town_client, LEAVE, admin, organisationId=place.id), "organisationLeave")
    assert await open_roles() == []


async def test_permissions_of_the_viewer_are_those_of_the_table(
    town_client: httpx2.Client, make: Maker
) -> None:
    place = await make.organisation()
    query = "query ($id: ID!) { organisation(id: $id) { viewerPermissions } }"

    def shown(who: Someone | None) -> Any:
        answer = ask(town_client, query, {"id": place.id}, token=who.token if who else None)
        return data_of(answer)["organisation"]["viewerPermissions"]

    everybody = {role: await make.person() for role in Role}
    for role, who in everybody.items():
        await make.member(who, place, role)
        assert shown(who) == [action.value for action in permissions.actions_of(role)]
    assert shown(None) == shown(await make.person()) == []
    await make.connection.execute(
        "update organisation set suspended_at = now() where id = $1", place.key
    )
    assert shown(everybody[Role.OWNER]) == []


def test_the_documentation_is_what_the_code_says() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
    assert page.read_text(encoding="utf-8") == permissions.document()
