"""Signing in and out, as browsers do it."""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from resolvers.passwords import is_outdated
from tests.making import Maker
from tests.web.browsing import OPEN, PASSWORD, browser, new_address, with_password
from tests.web.serving import ask, data_of, done, errors_of, refused

VIEWER = "{ viewer { email } }"
SESSIONS = """
{ viewer { sessions { totalCount nodes {
  id method address browser createdAt expiresAt revokedAt isCurrent
} } } }
"""
CLOSE = "mutation { sessionClose(input: {}) { closed userErrors { code field message } } }"
REVOKE = """
mutation Revoke($input: SessionRevokeInput!) {
  sessionRevoke(input: $input) { session { id revokedAt } userErrors { code field message } }
}
"""
REVOKE_OTHERS = """
mutation { sessionsRevokeOthers(input: {}) {
  revoked viewer { sessions { nodes { isCurrent } } } userErrors { code field }
} }
"""


async def test_signing_in_opens_a_session(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        response = fox.send(OPEN, {"input": {"email": person.email.upper(), "password": PASSWORD}})
        assert data_of(response)["sessionOpen"] == {
            "viewer": {"id": person.id, "email": person.email},
            "secondFactorSecret": None,
            "secondFactors": None,
            "userErrors": [],
        }
        assert fox.ask(VIEWER) == {"viewer": {"email": person.email}}
        # The secret is the cookie's alone.
        secret = fox.client.cookies["commons_session"]
        assert secret not in response.text
        stored = await make.connection.fetchval(
            "select secret_hash from session where person_id = $1", person.key
        )
        assert stored == hashlib.sha256(secret.encode()).digest()


async def test_the_cookie_is_for_this_site_and_not_for_scripts(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    given = {"input": {"email": person.email, "password": PASSWORD}}
    with browser(town_site) as fox:
        plain = fox.send(OPEN, given).headers["set-cookie"]
    # A proxy that speaks TLS says so.
    with browser(town_site, scheme="https") as fox:
        secure = fox.send(OPEN, given).headers["set-cookie"]
    name, *attributes = plain.split("; ")
    assert name.startswith("commons_session=")
    assert {each.lower() for each in attributes if not each.startswith("expires")} == {
        "httponly",
        "max-age=2592000",
        "path=/",
        "samesite=lax",
    }
    name, *attributes = secure.split("; ")
    assert name.startswith("__Host-commons_session=")
    assert {each.lower() for each in attributes if not each.startswith("expires")} == {
        "httponly",
        "max-age=2592000",
        "path=/",
        "samesite=lax",
        "secure",
    }


@pytest.mark.parametrize(
    ("language", "message"),
    [
        pytest.param("en", "do not go together", id="English"),
        pytest.param("nl-NL,nl;q=0.9", "horen niet bij elkaar", id="Dutch"),
    ],
)
async def test_a_wrong_address_and_a_wrong_password_are_answered_alike(
    town_site: str, make: Maker, language: str, message: str
) -> None:
    person = await with_password(make, await make.person())
    without = await make.person()
    gone = await with_password(make, await make.person(deactivated_at=datetime.now(UTC)))
    answers = []
    with browser(town_site, language=language) as fox:
        for email, password in (
            (person.email, "not this one at all"),
            (person.email, ""),
            ("nobody@people.example", PASSWORD),
            ("not an address", PASSWORD),
            ("x" * 10_000, "y" * 10_000),
            (without.email, PASSWORD),
            (gone.email, PASSWORD),
        ):
            response = fox.send(OPEN, {"input": {"email": email, "password": password}})
            assert "set-cookie" not in response.headers
            fox.headers["X-Forwarded-For"] = new_address()
            answers.append(data_of(response))
    assert refused(answers[0], "sessionOpen") == [("INVALID", [])]
    assert message in answers[0]["sessionOpen"]["userErrors"][0]["message"]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("field", ["email", "password"])
async def test_a_text_that_cannot_be_stored_is_a_user_error(town_site: str, field: str) -> None:
    given = {"email": "nobody@people.example", "password": PASSWORD}
    with browser(town_site) as fox:
        answer = fox.ask(OPEN, **(given | {field: "a\u0000b"}))
    assert refused(answer, "sessionOpen") == [("INVALID", [field])]


async def test_the_time_of_an_answer_does_not_tell_who_has_an_account(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    spent: dict[str, list[float]] = {person.email: [], "nobody@people.example": []}
    with browser(town_site) as fox:
        for _ in range(15):
            for email, times in spent.items():
                fox.headers["X-Forwarded-For"] = new_address()
                begin = time.perf_counter()
                fox.sign_in(email, "not this one at all")
                times.append(time.perf_counter() - begin)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.6 < known / unknown < 1.7, (known, unknown)


async def test_sessions_are_listed_with_what_tells_them_apart(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site, address="203.0.113.77") as fox, browser(town_site) as cat:
        fox.sign_in(person.email)
        cat.headers["X-Forwarded-For"] = "2001:db8:1234:5678::9"
        cat.headers["User-Agent"] = "Catzilla " + "x" * 400
        cat.sign_in(person.email)
        (newer, older) = fox.ask(SESSIONS)["viewer"]["sessions"]["nodes"]
        assert older["address"] == "203.0.113.0/24"
        assert older["browser"] == "Testfox/1.0"
        assert older["method"] == "PASSWORD"
        assert older["isCurrent"] is True
        assert newer["address"] == "2001:db8:1234::/48"
        assert newer["browser"] == ("Catzilla " + "x" * 400)[:300]
        assert newer["isCurrent"] is False
        life = datetime.fromisoformat(older["expiresAt"]) - datetime.fromisoformat(
            older["createdAt"]
        )
        assert life == timedelta(days=30)
        # The same list, seen from the other browser.
        assert [node["isCurrent"] for node in cat.ask(SESSIONS)["viewer"]["sessions"]["nodes"]] == [
            True,
            False,
        ]


async def test_nobody_else_sees_a_session(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    person, other = await with_password(make, await make.person()), await make.person()
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        session = fox.ask(SESSIONS)["viewer"]["sessions"]["nodes"][0]["id"]
    seen = """query ($session: ID!, $person: ID!) { node(id: $session) { id }
        person(id: $person) { name sessions { totalCount } accessTokens { totalCount } } }"""
    given = {"session": session, "person": person.id}
    answer = data_of(ask(town_client, seen, given, token=other.token))
    assert answer == {
        "node": None,
        "person": {
            "name": "Robin",
            "sessions": {"totalCount": 0},
            "accessTokens": {"totalCount": 0},
        },
    }
    answer = data_of(ask(town_client, REVOKE, {"input": {"sessionId": session}}, token=other.token))
    assert refused(answer, "sessionRevoke") == [("NOT_FOUND", ["sessionId"])]


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        secret = fox.client.cookies["commons_session"]
        assert fox.ask(CLOSE) == {"sessionClose": {"closed": True, "userErrors": []}}
        assert "commons_session" not in fox.client.cookies
        assert fox.ask(VIEWER) == {"viewer": None}
        # A copy of the cookie is worth nothing either, and is taken back.
        response = fox.send(VIEWER, headers={"Cookie": f"commons_session={secret}"})
        assert response.status_code == 401
        assert [error["extensions"]["code"] for error in errors_of(response)] == ["UNAUTHENTICATED"]
        assert 'commons_session=""' in response.headers["set-cookie"]
        assert refused(fox.ask(CLOSE), "sessionClose") == [("NOT_SIGNED_IN", [])]


async def test_a_revoked_session_is_refused_at_its_next_request(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox, browser(town_site) as cat:
        fox.sign_in(person.email)
        cat.sign_in(person.email)
        newer, older = fox.ask(SESSIONS)["viewer"]["sessions"]["nodes"]
        ended = done(fox.ask(REVOKE, sessionId=newer["id"]), "sessionRevoke")["session"]
        assert ended["id"] == newer["id"]
        assert ended["revokedAt"] is not None
        assert cat.send(VIEWER).status_code == 401
        # The cookie was taken back with that answer.
        assert cat.ask(VIEWER) == {"viewer": None}
        assert refused(fox.ask(REVOKE, sessionId=newer["id"]), "sessionRevoke") == [
            ("NOT_FOUND", ["sessionId"])
        ]
        assert refused(fox.ask(REVOKE, sessionId=older["id"]), "sessionRevoke") == [
            ("CONFLICT", ["sessionId"])
        ]
        assert fox.ask(VIEWER) == {"viewer": {"email": person.email}}


async def test_all_other_sessions_end_at_once(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox, browser(town_site) as cat, browser(town_site) as dog:
        for each in (cat, dog, fox):
            each.sign_in(person.email)
        assert done(fox.ask(REVOKE_OTHERS), "sessionsRevokeOthers") == {
            "revoked": 2,
            "viewer": {"sessions": {"nodes": [{"isCurrent": True}]}},
            "userErrors": [],
        }
        assert [each.send(VIEWER).status_code for each in (fox, cat, dog)] == [200, 401, 401]
    events = await make.connection.fetchval(
        "select count(*) from event where kind = 'CREDENTIALS_CHANGED' and actor_id = $1",
        person.key,
    )
    assert events == 1


async def test_an_expired_session_is_refused(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        await make.connection.execute(
            "update session set expires_at = now() where person_id = $1", person.key
        )
        assert fox.send(VIEWER).status_code == 401


async def test_signing_in_again_takes_the_place_of_the_session(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        before = fox.client.cookies["commons_session"]
        fox.sign_in(person.email)
        assert fox.client.cookies["commons_session"] != before
        assert fox.ask(SESSIONS)["viewer"]["sessions"]["totalCount"] == 1


async def test_another_site_cannot_act_with_the_cookie(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        host = fox.client.base_url.netloc.decode()
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
        ):
            response = fox.send(CLOSE, headers=headers)
            assert response.status_code == 403, headers
            assert errors_of(response)[0]["extensions"]["code"] == "CROSS_SITE"
        # A form of another site cannot send JSON, and JSON is all that is read.
        response = fox.client.post(
            "/graphql",
            content='{"query": "{ viewer { id } }"}',
            headers={"Content-Type": "text/plain"},
        )
        assert response.status_code == 415
        # Reading by GET changes nothing, and another site cannot read the answer.
        response = fox.client.get(
            "/graphql", params={"query": VIEWER}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert data_of(response) == {"viewer": {"email": person.email}}
        assert "access-control-allow-origin" not in response.headers
        response = fox.client.get("/graphql", params={"query": CLOSE})
        assert response.status_code == 405
        # Our own pages can, in browsers that send either header.
        del fox.headers["Sec-Fetch-Site"]
        assert fox.send(VIEWER, headers={"Origin": f"http://{host}"}).status_code == 200


async def test_who_guesses_has_to_wait_longer_and_longer(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site, language="nl") as fox:
        for _ in range(5):
            assert fox.sign_in(person.email, "wrong guess")["userErrors"][0]["code"] == "INVALID"
        (error,) = fox.sign_in(person.email, "wrong guess")["userErrors"]
        assert (error["code"], error["field"]) == ("THROTTLED", [])
        assert error["message"] == (
            "Dit is te vaak geprobeerd. Probeer het over 2 seconden opnieuw. Je account is veilig."
        )
        # Not even the right one, or guessing would go on.
        assert fox.sign_in(person.email)["userErrors"][0]["code"] == "THROTTLED"
        # What is refused is not counted.
        await _hours_pass(make, 0.01)
        assert fox.sign_in(person.email, "wrong guess")["userErrors"][0]["code"] == "INVALID"
        assert "over 4 seconden" in fox.sign_in(person.email)["userErrors"][0]["message"]
        await _hours_pass(make, 1)
        assert fox.sign_in(person.email)["userErrors"] == []
        # Being right forgets the guesses.
        for _ in range(5):
            assert fox.sign_in(person.email, "wrong guess")["userErrors"][0]["code"] == "INVALID"


async def test_guesses_elsewhere_do_not_keep_the_owner_out(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    usual = new_address()
    with browser(town_site, address=usual) as home:
        assert home.sign_in(person.email)["userErrors"] == []
    with browser(town_site) as fox:
        answers = [fox.sign_in(person.email, "wrong guess")["userErrors"] for _ in range(7)]
        assert answers[-1][0]["code"] == "THROTTLED"
    with browser(town_site, address=usual) as home:
        assert home.sign_in(person.email)["userErrors"] == []
    # Many addresses together: the account is then guarded, yet not against where it is at home.
    with browser(town_site) as fox:
        codes = []
        for _ in range(55):
            fox.headers["X-Forwarded-For"] = new_address().replace("198.", "199.", 1)
            codes.append(fox.sign_in(person.email, "wrong guess")["userErrors"][0]["code"])
    assert codes == ["INVALID"] * 50 + ["THROTTLED"] * 5
    with browser(town_site, address=usual) as home:
        assert home.sign_in(person.email)["userErrors"] == []


async def test_who_guesses_at_many_accounts_has_to_wait(town_site: str) -> None:
    with browser(town_site) as fox:
        codes = [
            fox.sign_in(f"guess-{number}@people.example")["userErrors"][0]["code"]
            for number in range(33)
        ]
    assert codes == ["INVALID"] * 30 + ["THROTTLED"] * 3


async def test_guesses_at_the_same_moment_are_all_counted(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    body = {"query": OPEN, "variables": {"input": {"email": person.email, "password": "wrong"}}}
    headers = {"X-Forwarded-For": new_address()}
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(20))
        )
    codes = [refused(data_of(answer), "sessionOpen")[0][0] for answer in answers]
    assert sorted(codes) == ["INVALID"] * 5 + ["THROTTLED"] * 15


async def test_a_second_factor_is_asked_for(town_site: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    await make.connection.execute(
        "insert into totp_credential (person_id, sealed_secret, last_step) values ($1, 'sealed', 0)",
        person.key,
    )
    with browser(town_site) as fox:
        # Not before it is confirmed.
        assert fox.sign_in(person.email)["viewer"] == {"id": person.id, "email": person.email}
    await make.connection.execute(
        "update totp_credential set confirmed_at = now() where person_id = $1", person.key
    )
    with browser(town_site) as fox:
        response = fox.send(OPEN, {"input": {"email": person.email, "password": PASSWORD}})
        answer: Any = done(data_of(response), "sessionOpen")
        assert "set-cookie" not in response.headers
        assert answer["viewer"] is None
        assert answer["secondFactors"] == ["TOTP"]
        assert len(answer["secondFactorSecret"]) == 43
        assert fox.ask(VIEWER) == {"viewer": None}


async def test_a_password_is_stored_anew_when_the_parameters_changed(
    town_site: str, make: Maker
) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    person = await with_password(make, await make.person(), weaker)
    with browser(town_site) as fox:
        assert fox.sign_in(person.email)["userErrors"] == []
        stored = await make.connection.fetchval(
            "select hash from password_credential where person_id = $1", person.key
        )
        assert stored.startswith("$argon2id$")
        assert is_outdated(weaker)
        assert not is_outdated(stored)
        assert fox.sign_in(person.email)["userErrors"] == []


async def _hours_pass(make: Maker, hours: float) -> None:
    await make.connection.execute(
        "update throttle set last_failed_at = last_failed_at - $1::interval",
        timedelta(hours=hours),
    )


async def test_who_is_suspended_signs_in_and_out_and_keeps_the_account_safe(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person(suspended_at=datetime.now(UTC)))
    with browser(town_site) as fox, browser(town_site) as cat:
        for each in (fox, cat):
            assert each.sign_in(person.email)["viewer"] == {"id": person.id, "email": person.email}
        assert done(fox.ask(REVOKE_OTHERS), "sessionsRevokeOthers")["revoked"] == 1
        assert done(fox.ask(CLOSE), "sessionClose")["closed"] is True


async def test_a_moment_of_many_sign_ins_leaves_others_their_turn(
    town_site: str, make: Maker
) -> None:
    """No connection waits for a password to be hashed."""
    person, reader = await with_password(make, await make.person()), await make.person()
    follow = """mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) {
        userErrors { code } } }"""
    place = await make.organisation()
    body = {"query": OPEN, "variables": {"input": {"email": person.email, "password": PASSWORD}}}
    async with httpx2.AsyncClient(base_url=town_site, timeout=60, trust_env=False) as client:
        crowd = [
            asyncio.create_task(
                client.post("/graphql", json=body, headers={"X-Forwarded-For": new_address()})
            )
            for _ in range(40)
        ]
        await asyncio.sleep(0.2)
        other = await client.post(
            "/graphql",
            json={"query": follow, "variables": {"id": place.id}},
            headers={"Authorization": f"Bearer {reader.token}"},
        )
        waiting = sum(not task.done() for task in crowd)
        answers = await asyncio.gather(*crowd)
    assert data_of(other)["organisationFollow"]["userErrors"] == []
    # With a connection each, all but the last four would have been first.
    assert waiting > 10
    for answer in answers:
        done(data_of(answer), "sessionOpen")
