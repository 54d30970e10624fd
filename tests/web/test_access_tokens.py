"""Tokens for programs, as people make them and programs use them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from resolvers.accounts import hash_secret
from tests.making import Maker
from tests.web.browsing import Browser, browser, with_password
from tests.web.serving import ask, data_of, done, refused

CREATE = """
mutation Create($input: AccessTokenCreateInput!) {
  accessTokenCreate(input: $input) {
    secret accessToken { id name scopes createdAt expiresAt revokedAt }
    userErrors { code field message }
  }
}
"""
REVOKE = """
mutation Revoke($input: AccessTokenRevokeInput!) {
  accessTokenRevoke(input: $input) {
    accessToken { id revokedAt } userErrors { code field message }
  }
}
"""
LIST = "{ viewer { email accessTokens { nodes { id name scopes } } } }"
EDIT = """
mutation Edit($input: PersonEditInput!) {
  personEdit(input: $input) { person { headline } userErrors { code field message } }
}
"""


def created(fox: Browser, **given: Any) -> Any:
    """Make a token, and give the payload."""
    return done(fox.ask(CREATE, **given), "accessTokenCreate")


async def test_a_token_is_shown_once_and_listed(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        payload = created(fox, name=" Our planner ", scopes=["WRITE"], validDays=10)
        token, secret = payload["accessToken"], payload["secret"]
        assert token["name"] == "Our planner"
        assert token["scopes"] == ["READ", "WRITE"]
        assert token["revokedAt"] is None
        made, ends = (datetime.fromisoformat(token[at]) for at in ("createdAt", "expiresAt"))
        assert ends - made == timedelta(days=10)
        answer = fox.send(LIST)
        assert secret not in answer.text
        listed = data_of(answer)["viewer"]["accessTokens"]["nodes"]
        assert listed[0] == {
            "id": token["id"],
            "name": "Our planner",
            "scopes": ["READ", "WRITE"],
        }
    stored = await make.connection.fetchval(
        "select secret_hash from access_token where id = $1", token["id"].removeprefix("tok_")
    )
    assert stored == hash_secret(secret)
    assert data_of(ask(town_client, LIST, token=secret))["viewer"]["email"] == person.email


async def test_a_token_that_may_only_read_cannot_write(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person = await with_password(make, await make.person(locale="NL"))
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        read = created(fox, name="Reader", scopes=["READ"])["secret"]
        write = created(fox, name="Writer", scopes=["READ", "WRITE"])["secret"]
    given = {"input": {"expectedVersion": 1, "headline": "Writes"}}
    assert data_of(ask(town_client, LIST, token=read))["viewer"]["email"] == person.email
    answer = data_of(ask(town_client, EDIT, given, token=read))
    assert refused(answer, "personEdit") == [("NOT_ALLOWED", [])]
    assert "WRITE" in answer["personEdit"]["userErrors"][0]["message"]
    answer = data_of(ask(town_client, EDIT, given, token=write))
    assert done(answer, "personEdit")["person"] == {"headline": "Writes"}


async def test_a_program_makes_no_tokens_for_itself(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    given = {"input": {"name": "More", "scopes": ["READ"]}}
    answer = data_of(ask(town_client, CREATE, given, token=person.token))
    assert refused(answer, "accessTokenCreate") == [("NOT_ALLOWED", [])]
    assert answer["accessTokenCreate"]["secret"] is None
    answer = data_of(ask(town_client, CREATE, given))
    assert refused(answer, "accessTokenCreate") == [("NOT_SIGNED_IN", [])]


async def test_a_revoked_token_is_refused_at_its_next_request(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person, other = await with_password(make, await make.person()), await make.person()
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        payload = created(fox, name="Planner", scopes=["READ", "WRITE"])
        token, secret = payload["accessToken"]["id"], payload["secret"]
        given = {"input": {"accessTokenId": token}}
        answer = data_of(ask(town_client, REVOKE, given, token=other.token))
        assert refused(answer, "accessTokenRevoke") == [("NOT_FOUND", ["accessTokenId"])]
        assert ask(town_client, LIST, token=secret).status_code == 200
        revoked = done(fox.ask(REVOKE, accessTokenId=token), "accessTokenRevoke")["accessToken"]
        assert revoked["id"] == token
        assert revoked["revokedAt"] is not None
        assert ask(town_client, LIST, token=secret).status_code == 401
        answer = fox.ask(REVOKE, accessTokenId=token)
        assert refused(answer, "accessTokenRevoke") == [("NOT_FOUND", ["accessTokenId"])]
        assert all(node["id"] != token for node in fox.ask(LIST)["viewer"]["accessTokens"]["nodes"])


async def test_a_program_can_end_its_own_token(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        payload = created(fox, name="Planner", scopes=["WRITE"])
    given = {"input": {"accessTokenId": payload["accessToken"]["id"]}}
    answer = data_of(ask(town_client, REVOKE, given, token=payload["secret"]))
    assert done(answer, "accessTokenRevoke")["accessToken"] is None
    assert ask(town_client, LIST, token=payload["secret"]).status_code == 401


async def test_an_expired_token_is_refused(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        payload = created(fox, name="Planner", scopes=["READ"])
        await make.connection.execute(
            "update access_token set expires_at = now() where id = $1",
            payload["accessToken"]["id"].removeprefix("tok_"),
        )
        assert ask(town_client, LIST, token=payload["secret"]).status_code == 401
        nodes = fox.ask(LIST)["viewer"]["accessTokens"]["nodes"]
        assert payload["accessToken"]["id"] not in [node["id"] for node in nodes]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"name": " "}, "name", id="no name"),
        pytest.param({"name": "x" * 81}, "name", id="long name"),
        pytest.param({"scopes": []}, "scopes", id="no scope"),
        pytest.param({"validDays": 0}, "validDays", id="no day"),
        pytest.param({"validDays": 367}, "validDays", id="too many days"),
    ],
)
async def test_what_cannot_be_taken_is_said_with_its_field(
    town_site: str, make: Maker, wrong: dict[str, Any], field: str
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        answer = fox.ask(CREATE, **({"name": "Planner", "scopes": ["READ"]} | wrong))
    assert refused(answer, "accessTokenCreate") == [("INVALID", [field])]


async def test_nobody_has_more_than_fifty_tokens(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    await make.connection.execute(
        """insert into access_token (person_id, name, secret_hash)
        select $1, 'old ' || n, sha256(($1::uuid::text || n)::bytea) from generate_series(1, 44) n""",
        person.key,
    )
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        cookie = fox.client.cookies["commons_session"]
    body = {"query": CREATE, "variables": {"input": {"name": "New", "scopes": ["READ"]}}}
    headers = {"Cookie": f"commons_session={cookie}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(12))
        )
    errors = [data_of(answer)["accessTokenCreate"]["userErrors"] for answer in answers]
    # One more was made with the person.
    assert errors.count([]) == 5
    assert {error["code"] for found in errors for error in found} == {"TOO_MANY"}
