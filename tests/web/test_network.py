"""Following, as a client does it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker
from tests.web.serving import ask, data_of, done, refused

FOLLOW = """
mutation Follow($input: OrganisationFollowInput!) {
  organisationFollow(input: $input) {
    organisation { id followerCount viewerFollows viewerFollow { inFeed notify prioritise } }
    userErrors { code field message }
  }
}
"""
UNFOLLOW = """
mutation Unfollow($input: OrganisationUnfollowInput!) {
  organisationUnfollow(input: $input) {
    organisation { followerCount viewerFollows }
    userErrors { code field message }
  }
}
"""


async def test_following_shows_in_the_payload(town_client: httpx2.Client, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()
    answer = data_of(
        ask(town_client, FOLLOW, {"input": {"organisationId": place.id}}, token=person.token)
    )
    assert done(answer, "organisationFollow")["organisation"] == {
        "id": place.id,
        "followerCount": 1,
        "viewerFollows": True,
        "viewerFollow": {"inFeed": True, "notify": False, "prioritise": False},
    }


async def test_a_switch_that_is_not_given_stays(town_client: httpx2.Client, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()

    def follow(**switches: bool) -> Any:
        given = {"organisationId": place.id, **switches}
        answer = data_of(ask(town_client, FOLLOW, {"input": given}, token=person.token))
        return done(answer, "organisationFollow")["organisation"]["viewerFollow"]

    assert follow(notify=True) == {"inFeed": True, "notify": True, "prioritise": False}
    assert follow(inFeed=False) == {"inFeed": False, "notify": True, "prioritise": False}
    assert follow(prioritise=True) == {"inFeed": False, "notify": True, "prioritise": True}


async def test_unfollowing_twice_counts_once(town_client: httpx2.Client, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()
    given = {"input": {"organisationId": place.id}}
    done(data_of(ask(town_client, FOLLOW, given, token=person.token)), "organisationFollow")
    for _ in range(2):
        answer = data_of(ask(town_client, UNFOLLOW, given, token=person.token))
        assert done(answer, "organisationUnfollow")["organisation"] == {
            "followerCount": 0,
            "viewerFollows": False,
        }


async def test_a_visitor_is_asked_to_sign_in(town_client: httpx2.Client, make: Maker) -> None:
    place = await make.organisation()
    answer = data_of(ask(town_client, FOLLOW, {"input": {"organisationId": place.id}}))
    assert refused(answer, "organisationFollow") == [("NOT_SIGNED_IN", [])]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("per_01a1f850-1400-7c95-b382-219df50cb3c9", "INVALID", id="another type"),
        pytest.param("nonsense", "INVALID", id="no id"),
        pytest.param("org_01a1f850-1400-7c95-b382-219df50cb3c9", "NOT_FOUND", id="nothing"),
    ],
)
async def test_a_wrong_id_is_a_user_error(
    town_client: httpx2.Client, make: Maker, given: str, expected: str
) -> None:
    person = await make.person(locale="NL")
    answer = data_of(
        ask(town_client, FOLLOW, {"input": {"organisationId": given}}, token=person.token)
    )
    assert refused(answer, "organisationFollow") == [(expected, ["organisationId"])]
    assert answer["organisationFollow"]["organisation"] is None


async def test_an_unknown_token_does_nothing(town_client: httpx2.Client, make: Maker) -> None:
    place = await make.organisation()
    given = {"input": {"organisationId": place.id}}
    response = ask(town_client, FOLLOW, given, token="tc_nobody")  # noqa: S106 - nobody's
    assert response.status_code == 401
    body = response.json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]
    assert "data" not in body
    found = await make.connection.fetchval(
        "select follower_count from organisation where id = $1", place.key
    )
    assert found == 0


async def test_the_same_key_gives_the_same_answer_once(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, place, other = await make.person(), await make.organisation(), await make.organisation()
    given = {"organisationId": place.id, "notify": True, "idempotencyKey": "one"}
    first = ask(town_client, FOLLOW, {"input": given}, token=person.token)
    again = ask(town_client, FOLLOW, {"input": given}, token=person.token)
    assert data_of(first) == data_of(again)
    events = await make.connection.fetchval(
        "select count(*) from event where actor_id = $1", person.key
    )
    assert events == 1
    for different in ({"organisationId": other.id}, {"notify": False}):
        answer = data_of(ask(town_client, FOLLOW, {"input": given | different}, token=person.token))
        assert refused(answer, "organisationFollow") == [("KEY_REUSED", ["idempotencyKey"])]


async def test_a_double_follow_counts_once(town_site: str, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()
    body = {"query": FOLLOW, "variables": {"input": {"organisationId": place.id}}}
    headers = {"Authorization": f"Bearer {person.token}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(20))
        )
    for answer in answers:
        assert done(data_of(answer), "organisationFollow")["organisation"]["followerCount"] == 1
    assert await counters.check(make.connection) == []
