"""Blocking, as a client does it: both ways, at the next request, whoever asked."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db import counters
from resolvers.commands import blocks as command
from tests.making import Maker, Someone
from tests.web.serving import ask, data_of, done, refused

BLOCKED = "{ block { id name isOrganisation byOrganisation } userErrors { code field message } }"
PERSON_BLOCK = f"mutation B($input: PersonBlockInput!) {{ personBlock(input: $input) {BLOCKED} }}"
ORGANISATION_BLOCK = (
    f"mutation B($input: OrganisationBlockInput!) {{ organisationBlock(input: $input) {BLOCKED} }}"
)
BY_ORGANISATION = (
    "mutation B($input: OrganisationBlockPersonInput!) "
    f"{{ organisationBlockPerson(input: $input) {BLOCKED} }}"
)
REMOVE = """
mutation R($input: BlockRemoveInput!) {
  blockRemove(input: $input) { removed userErrors { code field message } }
}
"""
NODE = "query N($id: ID!) { node(id: $id) { id } }"


def act(
    client: httpx2.Client, person: Someone | None, text: str, name: str, **given: Any
) -> tuple[Any, Any]:
    """Perform a mutation; give its answer and its payload."""
    token = None if person is None else person.token
    answer = data_of(ask(client, text, {"input": given}, token=token))
    return answer, answer[name]


def sees(client: httpx2.Client, person: Someone | None, subject_id: str) -> bool:
    token = None if person is None else person.token
    return data_of(ask(client, NODE, {"id": subject_id}, token=token))["node"] is not None


async def test_two_people_do_not_meet_until_it_is_taken_back(
    town_client: httpx2.Client, make: Maker
) -> None:
    one, other = await make.person("Ann"), await make.person("Bob")
    answer, payload = act(town_client, one, PERSON_BLOCK, "personBlock", personId=other.id)
    block = done(answer, "personBlock")["block"]
    assert block == {
        "id": payload["block"]["id"],
        "name": "Bob",
        "isOrganisation": False,
        "byOrganisation": False,
    }
    assert not sees(town_client, one, other.id)
    assert not sees(town_client, other, one.id)
    assert not sees(town_client, other, block["id"])
    listed = data_of(ask(town_client, "{ blocks { nodes { name } } }", token=one.token))
    assert listed == {"blocks": {"nodes": [{"name": "Bob"}]}}
    listed = data_of(ask(town_client, "{ blocks { nodes { name } } }", token=other.token))
    assert listed == {"blocks": {"nodes": []}}
    answer, _ = act(town_client, other, REMOVE, "blockRemove", blockId=block["id"])
    assert refused(answer, "blockRemove") == [("NOT_FOUND", ["blockId"])]
    answer, _ = act(town_client, one, REMOVE, "blockRemove", blockId=block["id"])
    assert done(answer, "blockRemove")["removed"] is True
    assert sees(town_client, one, other.id)
    assert sees(town_client, other, one.id)


async def test_whoever_is_blocked_cannot_find_out_by_blocking_back(
    town_client: httpx2.Client, make: Maker
) -> None:
    one, other = await make.person(), await make.person()
    act(town_client, one, PERSON_BLOCK, "personBlock", personId=other.id)
    answer, _ = act(town_client, other, PERSON_BLOCK, "personBlock", personId=one.id)
    assert refused(answer, "personBlock") == [("NOT_FOUND", ["personId"])]


async def test_blocking_a_person_ends_follows_and_invitations_between_the_two(
    town_client: httpx2.Client, make: Maker
) -> None:
    one, other, third = await make.person(), await make.person(), await make.person()
    place = await make.organisation()
    await make.connection.executemany(
        "insert into person_follow (person_id, followed_id) values ($1, $2)",
        [(one.key, other.key), (other.key, one.key), (third.key, one.key)],
    )
    await make.connection.executemany(
        """insert into invitation (organisation_id, email, role, invited_by_id, secret_hash, expires_at)
        values ($1, $2, 'MEMBER', $3, sha256(uuidv7()::text::bytea), now() + interval '7 days')""",
        [(place.key, one.email, other.key), (place.key, third.email, other.key)],
    )
    act(town_client, one, PERSON_BLOCK, "personBlock", personId=other.id)
    follows = await make.connection.fetch(
        "select person_id, followed_id from person_follow where followed_id = any($1)",
        [one.key, other.key],
    )
    assert [tuple(row) for row in follows] == [(third.key, one.key)]
    open_ = await make.connection.fetch(
        "select email from invitation where organisation_id = $1 and revoked_at is null", place.key
    )
    assert [row["email"] for row in open_] == [third.email]


async def test_blocking_an_organisation_ends_what_stood_between(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, member, place = await make.person("Cas"), await make.person(), await make.organisation()
    await make.member(member, place)
    await make.connection.execute(
        "insert into follow (person_id, organisation_id) values ($1, $2)", person.key, place.key
    )
    await make.connection.execute(
        "update organisation set follower_count = 1 where id = $1", place.key
    )
    await make.connection.execute(
        "insert into join_request (person_id, organisation_id) values ($1, $2)",
        person.key,
        place.key,
    )
    answer, _ = act(
        town_client, person, ORGANISATION_BLOCK, "organisationBlock", organisationId=place.id
    )
    block = done(answer, "organisationBlock")["block"]
    assert (block["name"], block["isOrganisation"]) == ("Harbour", True)
    assert not sees(town_client, person, place.id)
    assert not sees(town_client, member, person.id)
    assert sees(town_client, None, place.id)
    row: Any = await make.connection.fetchrow(
        """select follower_count, (select outcome from join_request where person_id = $2) as outcome
        from organisation where id = $1""",
        place.key,
        person.key,
    )
    assert (row["follower_count"], row["outcome"]) == (0, "WITHDRAWN")
    assert await counters.check(make.connection) == []


async def test_managers_block_in_the_organisations_name(
    town_client: httpx2.Client, make: Maker
) -> None:
    owner, editor, person = await make.person(), await make.person(), await make.person("Dirk")
    place = await make.organisation()
    await make.member(owner, place, "OWNER")
    await make.member(editor, place, "EDITOR")
    given = {"organisationId": place.id, "personId": person.id}
    answer, _ = act(town_client, editor, BY_ORGANISATION, "organisationBlockPerson", **given)
    assert refused(answer, "organisationBlockPerson") == [("NOT_ALLOWED", ["organisationId"])]
    answer, _ = act(town_client, owner, BY_ORGANISATION, "organisationBlockPerson", **given)
    block = done(answer, "organisationBlockPerson")["block"]
    assert (block["name"], block["byOrganisation"]) == ("Dirk", True)
    for member in (owner, editor):
        assert not sees(town_client, member, person.id)
    assert not sees(town_client, person, place.id)
    answer, _ = act(town_client, person, BY_ORGANISATION, "organisationBlockPerson", **given)
    assert refused(answer, "organisationBlockPerson") == [("NOT_FOUND", ["organisationId"])]
    text = "query L($id: ID!) { organisation(id: $id) { blocks { nodes { name } } } }"
    for member, names in ((owner, [{"name": "Dirk"}]), (editor, [])):
        listed = data_of(ask(town_client, text, {"id": place.id}, token=member.token))
        assert listed["organisation"]["blocks"]["nodes"] == names
    answer, _ = act(town_client, editor, REMOVE, "blockRemove", blockId=block["id"])
    assert refused(answer, "blockRemove") == [("NOT_ALLOWED", ["blockId"])]
    answer, _ = act(town_client, owner, REMOVE, "blockRemove", blockId=block["id"])
    assert done(answer, "blockRemove")["removed"] is True
    audit = await make.connection.fetch(
        "select action, actor_id, subject_id from audit_entry where organisation_id = $1 order by id",
        place.key,
    )
    assert [tuple(row) for row in audit] == [
        ("PERSON_BLOCKED", owner.key, person.key),
        ("PERSON_UNBLOCKED", owner.key, person.key),
    ]


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("EN", "You cannot block yourself."),
        ("NL", "Je kunt jezelf niet blokkeren."),
    ],
)
async def test_nobody_blocks_themselves(
    town_client: httpx2.Client, make: Maker, locale: str, message: str
) -> None:
    person = await make.person(locale=locale)
    answer, payload = act(town_client, person, PERSON_BLOCK, "personBlock", personId=person.id)
    assert refused(answer, "personBlock") == [("INVALID", ["personId"])]
    assert payload["userErrors"][0]["message"] == message


async def test_nobody_blocks_where_they_work(town_client: httpx2.Client, make: Maker) -> None:
    owner, person, place = await make.person(), await make.person(), await make.organisation()
    await make.member(owner, place, "OWNER")
    await make.member(person, place)
    answer, _ = act(
        town_client, person, ORGANISATION_BLOCK, "organisationBlock", organisationId=place.id
    )
    assert refused(answer, "organisationBlock") == [("CONFLICT", ["organisationId"])]
    given = {"organisationId": place.id, "personId": person.id}
    answer, _ = act(town_client, owner, BY_ORGANISATION, "organisationBlockPerson", **given)
    assert refused(answer, "organisationBlockPerson") == [("CONFLICT", ["personId"])]


async def test_there_are_at_most_so_many_blocks(
    town_client: httpx2.Client, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "BLOCKS_MAX", 2)
    person = await make.person()
    others = [await make.person() for _ in range(3)]
    answers = [
        act(town_client, person, PERSON_BLOCK, "personBlock", personId=other.id)[0]
        for other in others
    ]
    done(answers[1], "personBlock")
    assert refused(answers[2], "personBlock") == [("TOO_MANY", [])]
    # What is blocked already is no further one.
    answer, _ = act(town_client, person, PERSON_BLOCK, "personBlock", personId=others[0].id)
    done(answer, "personBlock")


async def test_a_double_block_is_one(town_site: str, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()
    await make.connection.execute(
        "insert into follow (person_id, organisation_id) values ($1, $2)", person.key, place.key
    )
    await make.connection.execute(
        "update organisation set follower_count = 1 where id = $1", place.key
    )
    body = {"query": ORGANISATION_BLOCK, "variables": {"input": {"organisationId": place.id}}}
    headers = {"Authorization": f"Bearer {person.token}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(10))
        )
    ids = {done(data_of(answer), "organisationBlock")["block"]["id"] for answer in answers}
    assert len(ids) == 1
    assert await counters.check(make.connection) == []
