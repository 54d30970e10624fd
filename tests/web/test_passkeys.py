"""Passkeys, with an authenticator in software."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.mailing import deliver, mails_to
from tests.making import Maker, Someone
from tests.web.authenticating import Authenticator, Passkey
from tests.web.browsing import Browser, browser, with_password
from tests.web.serving import Answer, ask, data_of, done, refused

BEGIN = """
mutation Begin($input: PasskeyRegisterBeginInput!) {
  passkeyRegisterBegin(input: $input) { secret options userErrors { code field message } }
}
"""
FINISH = """
mutation Finish($input: PasskeyRegisterFinishInput!) {
  passkeyRegisterFinish(input: $input) {
    passkey { id name lastUsedAt } userErrors { code field message }
  }
}
"""
SIGN_IN_BEGIN = """
mutation SignInBegin($input: PasskeySignInBeginInput!) {
  passkeySignInBegin(input: $input) { secret options userErrors { code field message } }
}
"""
SIGN_IN_FINISH = """
mutation SignInFinish($input: PasskeySignInFinishInput!) {
  passkeySignInFinish(input: $input) {
    viewer { email sessions { nodes { method isCurrent } } } userErrors { code field message }
  }
}
"""
RENAME = """
mutation Rename($input: PasskeyRenameInput!) {
  passkeyRename(input: $input) { passkey { name } userErrors { code field message } }
}
"""
REMOVE = """
mutation Remove($input: PasskeyRemoveInput!) {
  passkeyRemove(input: $input) {
    viewer { passkeys { totalCount } } userErrors { code field message }
  }
}
"""
LIST = "{ viewer { passkeys { totalCount nodes { id name createdAt lastUsedAt } } } }"


def begin(fox: Browser) -> Answer:
    """Begin to add a passkey."""
    return done(data_of(fox.send(BEGIN, {"input": {}})), "passkeyRegisterBegin")


def begin_sign_in(fox: Browser, **given: str) -> Answer:
    """Begin to sign in with a passkey."""
    return done(data_of(fox.send(SIGN_IN_BEGIN, {"input": given})), "passkeySignInBegin")


async def somebody(make: Maker, fox: Browser) -> Someone:
    """Give somebody who is signed in just now."""
    person = await with_password(make, await make.person())
    assert fox.sign_in(person.email)["userErrors"] == []
    return person


def add(fox: Browser, device: Authenticator, *, count: int | None = None) -> tuple[Passkey, str]:
    """Add a passkey; give it and its id in the graph."""
    begun = begin(fox)
    passkey, response = device.create(begun["options"], count=count)
    answer = fox.ask(FINISH, secret=begun["secret"], response=response, name="Telephone")
    return passkey, done(answer, "passkeyRegisterFinish")["passkey"]["id"]


async def test_a_passkey_signs_in_without_an_address_and_without_a_code(
    town_site: str, town: str, make: Maker
) -> None:
    device = Authenticator()
    with browser(town_site) as fox:
        person = await somebody(make, fox)
        begun = begin(fox)
        options = json.loads(begun["options"])
        assert options["rp"] == {"id": "localhost", "name": "Talent Commons"}
        assert options["user"]["name"] == person.email
        assert options["attestation"] == "none"
        assert options["authenticatorSelection"]["residentKey"] == "preferred"
        assert options["authenticatorSelection"]["userVerification"] == "required"
        passkey, response = device.create(begun["options"], count=0)
        answer = fox.ask(FINISH, secret=begun["secret"], response=response, name=" Telephone ")
        added = done(answer, "passkeyRegisterFinish")["passkey"]
        assert added == {"id": added["id"], "name": "Telephone", "lastUsedAt": None}
        # It is not offered to be made anew where it is.
        excluded = json.loads(begin(fox)["options"])["excludeCredentials"]
        assert [each["id"] for each in excluded] == [json.loads(response)["id"]]
    # A second step is asked for with a password; a passkey is both.
    await make.connection.execute(
        """insert into totp_credential (person_id, sealed_secret, last_step, confirmed_at)
        values ($1, 'sealed', 0, now())""",
        person.key,
    )
    with browser(town_site) as cat:
        begun = begin_sign_in(cat)
        options = json.loads(begun["options"])
        assert options.get("allowCredentials", []) == []
        assert options["userVerification"] == "required"
        sent = {"secret": begun["secret"], "response": device.get(begun["options"], passkey)}
        response_ = cat.send(SIGN_IN_FINISH, {"input": sent})
        viewer = done(data_of(response_), "passkeySignInFinish")["viewer"]
        assert viewer["email"] == person.email
        assert viewer["sessions"]["nodes"][0] == {"method": "PASSKEY", "isCurrent": True}
        assert "HttpOnly" in response_.headers["set-cookie"]
        (listed,) = cat.ask(LIST)["viewer"]["passkeys"]["nodes"]
        assert listed["lastUsedAt"] is not None
        # What was sent once is worth nothing.
        assert refused(cat.ask(SIGN_IN_FINISH, **sent), "passkeySignInFinish") == [
            ("EXPIRED", ["secret"])
        ]
    (mail,) = mails_to(await deliver(town), person.email)
    assert mail.subject == "A passkey was added to your account with Talent Commons"
    assert "“Telephone”" in mail.text


async def test_a_passkey_that_does_not_count_signs_in_again_and_again(
    town_site: str, make: Maker
) -> None:
    device = Authenticator()
    with browser(town_site) as fox:
        await somebody(make, fox)
        passkey, _ = add(fox, device)
        for _ in range(3):
            begun = begin_sign_in(fox)
            response = device.get(begun["options"], passkey)
            answer = fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response)
            done(answer, "passkeySignInFinish")


async def test_what_is_no_answer_of_a_known_passkey_is_refused_alike(
    town_site: str, make: Maker
) -> None:
    device = Authenticator()
    with browser(town_site) as fox:
        person = await somebody(make, fox)
        passkey, _ = add(fox, device, count=5)
        other, _ = add(fox, device)
        unknown = Passkey("localhost", person.key.bytes)
        answers = []
        cases: dict[str, tuple[Authenticator, Passkey, dict[str, Any]]] = {
            "another site": (Authenticator(origin="https://elsewhere.example"), passkey, {}),
            "another relying party": (Authenticator(rp_id="elsewhere.example"), passkey, {}),
            "not unlocked": (Authenticator(is_verified=False), passkey, {}),
            "unknown": (device, unknown, {}),
            "no signature": (device, passkey, {"signature": ""}),
            "another's handle": (device, passkey, {"userHandle": "AAAA"}),
            "another key": (device, Passkey("localhost", person.key.bytes, other.id), {}),
            "no JSON": (device, passkey, {"clientDataJSON": "AAAA"}),
            "no data": (device, passkey, {"authenticatorData": "AAAA"}),
            "no base64": (device, passkey, {"authenticatorData": "é"}),
        }
        for name, (using, key, changed) in cases.items():
            begun = begin_sign_in(fox)
            response = using.get(begun["options"], key, **changed)
            answer = fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response)
            assert refused(answer, "passkeySignInFinish") == [("INVALID", ["response"])], name
            answers.append(answer)
        # The answer to another challenge.
        first, second = begin_sign_in(fox), begin_sign_in(fox)
        response = device.get(first["options"], passkey)
        answers.append(fox.ask(SIGN_IN_FINISH, secret=second["secret"], response=response))
        # A counter that stood still: somebody has a copy.
        begun = begin_sign_in(fox)
        passkey.count = 4
        response = device.get(begun["options"], passkey)
        answers.append(fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response))
        passkey.count = 9
        # Somebody who is gone.
        begun = begin_sign_in(fox)
        response = device.get(begun["options"], passkey)
        await make.connection.execute(
            "update person set deactivated_at = $2 where id = $1", person.key, datetime.now(UTC)
        )
        fox.client.cookies.clear()
        answers.append(fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response))
        assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "response",
    ["", "null", "[]", "{}", '{"id": 3}', "x" * 40_000, '{"id": "AA", "rawId": "AA"}', "\u0000"],
)
async def test_what_is_no_credential_at_all_is_refused(
    town_site: str, make: Maker, response: str
) -> None:
    with browser(town_site) as fox:
        await somebody(make, fox)
        begun = begin_sign_in(fox)
        answer = fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response)
        assert refused(answer, "passkeySignInFinish") == [("INVALID", ["response"])]
        begun = begin(fox)
        answer = fox.ask(FINISH, secret=begun["secret"], response=response, name="Key")
        assert refused(answer, "passkeyRegisterFinish") == [("INVALID", ["response"])]


async def test_what_is_no_new_passkey_is_refused(town_site: str, make: Maker) -> None:
    device = Authenticator()
    with browser(town_site) as fox, browser(town_site) as cat:
        await somebody(make, fox)
        await somebody(make, cat)

        def finish(who: Browser, begun: Answer, using: Authenticator, name: str = "Key") -> Answer:
            response = using.create(begun["options"])[1]
            return who.ask(FINISH, secret=begun["secret"], response=response, name=name)

        for using in (
            Authenticator(origin="http://localhost:8001"),
            Authenticator(rp_id="elsewhere.example"),
            Authenticator(is_verified=False),
        ):
            answer = finish(fox, begin(fox), using)
            assert refused(answer, "passkeyRegisterFinish") == [("INVALID", ["response"])]
        # Begun by somebody else.
        begun = begin(fox)
        answer = finish(cat, begun, device)
        assert refused(answer, "passkeyRegisterFinish") == [("EXPIRED", ["secret"])]
        for name in ("", " ", "x" * 81, "a\u202eb"):
            answer = finish(fox, begun, device, name)
            assert refused(answer, "passkeyRegisterFinish") == [("INVALID", ["name"])]
        # The refusals used nothing up; then it works once.
        done(finish(fox, begun, device), "passkeyRegisterFinish")
        answer = finish(fox, begun, device)
        assert refused(answer, "passkeyRegisterFinish") == [("EXPIRED", ["secret"])]
        # A passkey that somebody has already, added to another account.
        begun = begin(fox)
        passkey, response = device.create(begun["options"])
        answer = fox.ask(FINISH, secret=begun["secret"], response=response, name="One")
        done(answer, "passkeyRegisterFinish")
        begun = begin(cat)
        response = device.create(begun["options"], credential_id=passkey.id)[1]
        answer = cat.ask(FINISH, secret=begun["secret"], response=response, name="Two")
        assert refused(answer, "passkeyRegisterFinish") == [("TAKEN", ["response"])]


async def test_a_challenge_ends(town_site: str, make: Maker) -> None:
    device = Authenticator()
    with browser(town_site) as fox:
        await somebody(make, fox)
        passkey, _ = add(fox, device)
        begun = begin_sign_in(fox)
        later = begin_sign_in(fox, replaces=begun["secret"])
        response = device.get(begun["options"], passkey)
        answer = fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response)
        assert refused(answer, "passkeySignInFinish") == [("EXPIRED", ["secret"])]
        await make.connection.execute(
            "update challenge set expires_at = now() where purpose like 'PASSKEY_%'"
        )
        response = device.get(later["options"], passkey)
        answer = fox.ask(SIGN_IN_FINISH, secret=later["secret"], response=response)
        assert refused(answer, "passkeySignInFinish") == [("EXPIRED", ["secret"])]


async def test_passkeys_are_renamed_and_removed_by_their_owner_alone(
    town_site: str, make: Maker
) -> None:
    device = Authenticator()
    with browser(town_site) as fox, browser(town_site) as cat:
        await somebody(make, fox)
        await somebody(make, cat)
        passkey, key = add(fox, device)
        for query, given, name in (
            (RENAME, {"passkeyId": key, "name": "Mine"}, "passkeyRename"),
            (REMOVE, {"passkeyId": key}, "passkeyRemove"),
        ):
            assert refused(cat.ask(query, **given), name) == [("NOT_FOUND", ["passkeyId"])]
        assert cat.ask(LIST)["viewer"]["passkeys"]["totalCount"] == 0
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert data_of(cat.send(node, {"id": key})) == {"node": None}
        assert data_of(fox.send(node, {"id": key})) == {"node": {"id": key}}
        renamed = done(fox.ask(RENAME, passkeyId=key, name="Laptop"), "passkeyRename")
        assert renamed["passkey"] == {"name": "Laptop"}
        removed = done(fox.ask(REMOVE, passkeyId=key), "passkeyRemove")
        assert removed["viewer"]["passkeys"]["totalCount"] == 0
        begun = begin_sign_in(cat)
        response = device.get(begun["options"], passkey)
        answer = cat.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response)
        assert refused(answer, "passkeySignInFinish") == [("INVALID", ["response"])]


async def test_a_browser_left_open_adds_and_removes_no_passkey(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person = await somebody(make, fox)
        _, key = add(fox, Authenticator())
        await make.connection.execute(
            "update session set created_at = created_at - $2::interval where person_id = $1",
            person.key,
            timedelta(minutes=16),
        )
        answer = data_of(fox.send(BEGIN, {"input": {}}))
        assert refused(answer, "passkeyRegisterBegin") == [("INVALID", ["password"])]
        answer = fox.ask(REMOVE, passkeyId=key)
        assert refused(answer, "passkeyRemove") == [("INVALID", ["password"])]


async def test_there_is_a_bound_on_passkeys(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person = await somebody(make, fox)
        begun = begin(fox)
        await make.connection.execute(
            """insert into passkey (person_id, credential_id, public_key, sign_count, name)
            select $1, uuidv7()::text::bytea, 'key', 0, 'Key' from generate_series(1, 25)""",
            person.key,
        )
        answer = data_of(fox.send(BEGIN, {"input": {}}))
        assert refused(answer, "passkeyRegisterBegin") == [("TOO_MANY", [])]
        response = Authenticator().create(begun["options"])[1]
        answer = fox.ask(FINISH, secret=begun["secret"], response=response, name="One more")
        assert refused(answer, "passkeyRegisterFinish") == [("TOO_MANY", [])]


async def test_programs_and_visitors_add_no_passkey(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person()
    for token, code in ((None, "NOT_SIGNED_IN"), (person.token, "NOT_ALLOWED")):
        answer = data_of(ask(town_client, BEGIN, {"input": {}}, token=token))
        assert refused(answer, "passkeyRegisterBegin") == [(code, [])]
