"""The second step of signing in: codes of an authenticator app, and recovery codes."""

from __future__ import annotations

import asyncio
import base64
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx2
import pytest

from resolvers import totp
from tests.mailing import deliver, mails_to
from tests.making import Maker, Someone
from tests.web.browsing import PASSWORD, Browser, browser, new_address, with_password
from tests.web.serving import Answer, ask, data_of, done, refused

SET_UP = """
mutation SetUp($input: TotpSetUpInput!) {
  totpSetUp(input: $input) { secret uri userErrors { code field message } }
}
"""
CONFIRM = """
mutation Confirm($input: TotpConfirmInput!) {
  totpConfirm(input: $input) {
    viewer { secondFactors recoveryCodesLeft } recoveryCodes userErrors { code field message }
  }
}
"""
REMOVE = """
mutation Remove($input: TotpRemoveInput!) {
  totpRemove(input: $input) {
    viewer { secondFactors recoveryCodesLeft } userErrors { code field message }
  }
}
"""
RENEW = """
mutation Renew($input: RecoveryCodesRenewInput!) {
  recoveryCodesRenew(input: $input) {
    viewer { recoveryCodesLeft } recoveryCodes userErrors { code field message }
  }
}
"""
SECOND_STEP = """
mutation SecondStep($input: SessionConfirmInput!) {
  sessionConfirm(input: $input) {
    viewer { email sessions { nodes { method isCurrent } } } userErrors { code field message }
  }
}
"""
VIEWER = "{ viewer { email secondFactors recoveryCodesLeft } }"


class App:
    """An authenticator app: it knows the secret and a clock."""

    def __init__(self, spelled: str) -> None:
        self.secret = base64.b32decode(spelled)

    def code(self, later: int = 0) -> str:
        """Give the code of this step, or of one that many steps later."""
        return totp.code_at(self.secret, int(time.time() // 30) + later)

    def wrong(self) -> str:
        """Give six digits that are no code of these minutes."""
        near = {self.code(later) for later in range(-3, 4)}
        return next(text for text in map("{:06}".format, range(20)) if text not in near)


def nothing_said(fox: Browser, query: str) -> Answer:
    """Send a mutation whose input is empty."""
    return data_of(fox.send(query, {"input": {}}))


def set_up(fox: Browser) -> App:
    """Set an app up in a browser that is signed in just now, without confirming it."""
    return App(done(fox.ask(SET_UP, password=PASSWORD), "totpSetUp")["secret"])


async def protected(make: Maker, fox: Browser) -> tuple[Someone, App, list[str]]:
    """Give somebody with an app in force and their recovery codes; `fox` is signed in."""
    person = await with_password(make, await make.person())
    assert fox.sign_in(person.email)["userErrors"] == []
    app = set_up(fox)
    codes = done(fox.ask(CONFIRM, code=app.code()), "totpConfirm")["recoveryCodes"]
    await unused(make, person)
    return person, app, codes


async def unused(make: Maker, person: Someone) -> None:
    """Let the codes of this moment count again, as if half a minute had passed."""
    await make.connection.execute(
        "update totp_credential set last_step = 0 where person_id = $1", person.key
    )


def first_step(fox: Browser, person: Someone) -> str:
    """Give the password, and get what the second step takes."""
    payload = fox.sign_in(person.email)
    assert payload["userErrors"] == []
    assert payload["viewer"] is None
    secret: str = payload["secondFactorSecret"]
    return secret


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    # RFC 6238, appendix B.
    assert totp.code_at(b"12345678901234567890", second // 30, digits=8) == code


def test_a_code_counts_a_step_early_or_late_and_once() -> None:
    secret, now = totp.new_secret(), 1_800_000_015.0
    step = int(now // 30)

    def taken(of: int, after: int = 0) -> int | None:
        return totp.matching_step(secret, totp.code_at(secret, of), now=now, after=after)

    assert [taken(step + away) for away in (-2, -1, 0, 1, 2)] == [
        None,
        step - 1,
        step,
        step + 1,
        None,
    ]
    assert taken(step, after=step) is None
    assert taken(step + 1, after=step) == step + 1
    spaced = f" {totp.code_at(secret, step)[:3]} {totp.code_at(secret, step)[3:]} "
    assert totp.matching_step(secret, spaced, now=now, after=0) == step
    for text in ("", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "\x00"):
        assert totp.matching_step(secret, text, now=now, after=0) is None


async def test_an_app_is_in_force_once_a_code_confirms_it(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person("Ro & Bin"))
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        assert fox.ask(VIEWER)["viewer"]["secondFactors"] == []
        given = done(fox.ask(SET_UP, password=PASSWORD), "totpSetUp")
        uri = urlsplit(given["uri"])
        assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
        assert unquote(uri.path) == f"/Talent Commons:{person.email}"
        assert parse_qs(uri.query) == {
            "secret": [given["secret"]],
            "issuer": ["Talent Commons"],
            "algorithm": ["SHA1"],
            "digits": ["6"],
            "period": ["30"],
        }
        stored = await make.connection.fetchval(
            "select sealed_secret from totp_credential where person_id = $1", person.key
        )
        app = App(given["secret"])
        assert app.secret not in stored
        # Not in force yet: nobody is kept out by a picture that was never scanned.
        assert fox.ask(VIEWER)["viewer"]["secondFactors"] == []
        assert refused(fox.ask(CONFIRM, code=app.wrong()), "totpConfirm") == [("INVALID", ["code"])]
        payload = done(fox.ask(CONFIRM, code=app.code()), "totpConfirm")
        codes = payload["recoveryCodes"]
        assert payload["viewer"] == {
            "secondFactors": ["TOTP", "RECOVERY_CODE"],
            "recoveryCodesLeft": 10,
        }
        assert len(set(codes)) == 10
        assert {len(code) for code in codes} == {19}
        assert refused(fox.ask(CONFIRM, code=app.code(1)), "totpConfirm") == [("CONFLICT", [])]
        assert refused(nothing_said(fox, SET_UP), "totpSetUp") == [("CONFLICT", [])]
    (mail,) = mails_to(await deliver(town), person.email)
    assert mail.subject == "Signing in to Talent Commons now takes a second step"
    assert not any(code in mail.text for code in codes)


async def test_signing_in_takes_two_steps(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, _ = await protected(make, fox)
    with browser(town_site) as cat:
        secret = first_step(cat, person)
        assert cat.ask(VIEWER) == {"viewer": None}
        response = cat.send(SECOND_STEP, {"input": {"secret": secret, "code": app.code()}})
        viewer = done(data_of(response), "sessionConfirm")["viewer"]
        assert viewer["email"] == person.email
        assert viewer["sessions"]["nodes"][0] == {"method": "PASSWORD", "isCurrent": True}
        assert "HttpOnly" in response.headers["set-cookie"]
        assert cat.ask(VIEWER)["viewer"]["email"] == person.email
        # Neither the secret nor the code works a second time.
        answer = cat.ask(SECOND_STEP, secret=secret, code=app.code(1))
        assert refused(answer, "sessionConfirm") == [("EXPIRED", ["secret"])]
        answer = cat.ask(SECOND_STEP, secret=first_step(cat, person), code=app.code())
        assert refused(answer, "sessionConfirm") == [("INVALID", ["code"])]


async def test_a_code_that_is_sent_twice_at_once_works_once(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, _ = await protected(make, fox)
        secrets = [first_step(fox, person) for _ in range(4)]
    code = app.code()
    headers = {"X-Forwarded-For": new_address()}
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={
                        "query": SECOND_STEP,
                        "variables": {"input": {"secret": secret, "code": code}},
                    },
                    headers=headers,
                )
                for secret in secrets
            )
        )
    errors = [data_of(answer)["sessionConfirm"]["userErrors"] for answer in answers]
    assert sorted(error[0]["code"] if error else "" for error in errors) == [
        "",
        "INVALID",
        "INVALID",
        "INVALID",
    ]


async def test_a_recovery_code_works_once_and_its_owner_is_told(
    town_site: str, town: str, make: Maker
) -> None:
    with browser(town_site) as fox:
        person, _, codes = await protected(make, fox)
        other, _, foreign = await protected(make, fox)
    await deliver(town)
    with browser(town_site) as cat:
        answer = cat.ask(SECOND_STEP, secret=first_step(cat, person), recoveryCode=foreign[0])
        assert refused(answer, "sessionConfirm") == [("INVALID", ["recoveryCode"])]
        # As people write it down.
        written = codes[0].upper().replace("-", " ")
        done(
            cat.ask(SECOND_STEP, secret=first_step(cat, person), recoveryCode=written),
            "sessionConfirm",
        )
        assert cat.ask(VIEWER)["viewer"]["recoveryCodesLeft"] == 9
        answer = cat.ask(SECOND_STEP, secret=first_step(cat, person), recoveryCode=codes[0])
        assert refused(answer, "sessionConfirm") == [("INVALID", ["recoveryCode"])]
    mails = await deliver(town)
    (mail,) = mails_to(mails, person.email)
    assert mail.subject == "A recovery code was used to sign in to Talent Commons"
    assert "left: 9." in mail.text
    assert mails_to(mails, other.email) == []


async def test_five_codes_can_be_tried_for_a_sign_in(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, _ = await protected(make, fox)
    with browser(town_site, language="nl") as cat:
        secret = first_step(cat, person)
        for _ in range(5):
            answer = cat.ask(SECOND_STEP, secret=secret, code=app.wrong())
            assert refused(answer, "sessionConfirm") == [("INVALID", ["code"])]
        # Not even the right one, or guessing would go on.
        answer = cat.ask(SECOND_STEP, secret=secret, code=app.code())
        assert refused(answer, "sessionConfirm") == [("THROTTLED", [])]
        message = answer["sessionConfirm"]["userErrors"][0]["message"]
        assert message.startswith("Dit is te vaak geprobeerd. Probeer het over 600 seconden")
        done(
            cat.ask(SECOND_STEP, secret=first_step(cat, person), code=app.code()), "sessionConfirm"
        )


async def test_tries_at_the_same_moment_are_all_counted(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, _ = await protected(make, fox)
    with browser(town_site) as cat:
        secret = first_step(cat, person)
    body = {
        "query": SECOND_STEP,
        "variables": {"input": {"secret": secret, "code": app.wrong()}},
    }
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(*(client.post("/graphql", json=body) for _ in range(12)))
    codes = [refused(data_of(answer), "sessionConfirm")[0][0] for answer in answers]
    assert sorted(codes) == ["INVALID"] * 5 + ["THROTTLED"] * 7


async def test_whoever_knows_the_password_cannot_guess_on_with_new_sign_ins(
    town_site: str, make: Maker
) -> None:
    usual = new_address()
    with browser(town_site, address=usual) as fox:
        person, app, _ = await protected(make, fox)
    codes = []
    with browser(town_site, address="192.0.2.77") as thief:
        for _ in range(5):
            secret = first_step(thief, person)
            for _ in range(5):
                answer = thief.ask(SECOND_STEP, secret=secret, code=app.wrong())
                codes.append(refused(answer, "sessionConfirm")[0][0])
    assert codes == ["INVALID"] * 20 + ["THROTTLED"] * 5
    # The owner, where they signed in before, is not kept out by that.
    with browser(town_site, address=usual) as home:
        done(
            home.ask(SECOND_STEP, secret=first_step(home, person), code=app.code()),
            "sessionConfirm",
        )


async def test_what_the_second_step_does_not_take(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, codes = await protected(make, fox)
        _, other, _ = await protected(make, fox)
    with browser(town_site) as cat:
        secret = first_step(cat, person)
        given: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
            ({"secret": secret}, ("INVALID", ["code"])),
            (
                {"secret": secret, "code": app.code(), "recoveryCode": codes[0]},
                ("INVALID", ["code"]),
            ),
            ({"secret": "x" * 43, "code": app.code()}, ("EXPIRED", ["secret"])),
            ({"secret": "", "code": app.code()}, ("EXPIRED", ["secret"])),
            ({"secret": secret, "code": "1" * 100_000}, ("INVALID", ["code"])),
            ({"secret": secret, "code": "\u0000\u0661"}, ("INVALID", ["code"])),
            ({"secret": secret, "code": other.code()}, ("INVALID", ["code"])),
        ]
        for values, expected in given:
            answer = cat.ask(SECOND_STEP, **values)
            assert refused(answer, "sessionConfirm") == [expected], values
        await make.connection.execute(
            "update challenge set expires_at = now() where person_id = $1", person.key
        )
        answer = cat.ask(SECOND_STEP, secret=secret, code=app.code())
        assert refused(answer, "sessionConfirm") == [("EXPIRED", ["secret"])]
        assert cat.ask(VIEWER) == {"viewer": None}


async def test_an_app_is_removed_by_its_owner_alone(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, _ = await protected(make, fox)
        for given, expected in (
            ({}, ("INVALID", ["code"])),
            ({"code": app.code(), "password": PASSWORD}, ("INVALID", ["code"])),
            ({"code": app.wrong()}, ("INVALID", ["code"])),
            ({"password": "not this one"}, ("INVALID", ["password"])),
        ):
            assert refused(data_of(fox.send(REMOVE, {"input": given})), "totpRemove") == [expected]
        removed = done(fox.ask(REMOVE, code=app.code()), "totpRemove")["viewer"]
        assert removed == {"secondFactors": [], "recoveryCodesLeft": 0}
        assert refused(fox.ask(REMOVE, password=PASSWORD), "totpRemove") == [("CONFLICT", [])]
        assert fox.sign_in(person.email)["viewer"]["email"] == person.email
        again = set_up(fox)
        done(fox.ask(CONFIRM, code=again.code()), "totpConfirm")
        done(fox.ask(REMOVE, password=PASSWORD), "totpRemove")


async def test_new_recovery_codes_take_the_place_of_the_older_ones(
    town_site: str, make: Maker
) -> None:
    with browser(town_site) as fox:
        person, app, codes = await protected(make, fox)
        assert refused(nothing_said(fox, RENEW), "recoveryCodesRenew") == [("INVALID", ["code"])]
        renewed = done(fox.ask(RENEW, code=app.code()), "recoveryCodesRenew")["recoveryCodes"]
        assert len(set(renewed) | set(codes)) == 20
    with browser(town_site) as cat:
        secret = first_step(cat, person)
        answer = cat.ask(SECOND_STEP, secret=secret, recoveryCode=codes[0])
        assert refused(answer, "sessionConfirm") == [("INVALID", ["recoveryCode"])]
        done(cat.ask(SECOND_STEP, secret=secret, recoveryCode=renewed[0]), "sessionConfirm")


async def test_guesses_at_ones_own_app_are_counted(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        _, app, _ = await protected(make, fox)
        codes = [refused(fox.ask(REMOVE, code=app.wrong()), "totpRemove")[0][0] for _ in range(7)]
    assert codes == ["INVALID"] * 5 + ["THROTTLED"] * 2


async def test_a_browser_left_open_sets_nothing_up_without_the_password(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        assert done(nothing_said(fox, SET_UP), "totpSetUp")["secret"]
        await make.connection.execute(
            "update session set created_at = created_at - $2::interval where person_id = $1",
            person.key,
            timedelta(minutes=16),
        )
        assert refused(nothing_said(fox, SET_UP), "totpSetUp") == [("INVALID", ["password"])]
        assert done(fox.ask(SET_UP, password=PASSWORD), "totpSetUp")["secret"]


@pytest.mark.parametrize(
    ("query", "name", "given"),
    [
        pytest.param(SET_UP, "totpSetUp", {}, id="set up"),
        pytest.param(CONFIRM, "totpConfirm", {"code": "123456"}, id="confirm"),
        pytest.param(REMOVE, "totpRemove", {"code": "123456"}, id="remove"),
        pytest.param(RENEW, "recoveryCodesRenew", {"code": "123456"}, id="renew"),
    ],
)
async def test_only_a_person_in_a_browser_changes_how_they_sign_in(
    town_client: httpx2.Client, make: Maker, query: str, name: str, given: dict[str, str]
) -> None:
    person = await make.person()
    answer = data_of(ask(town_client, query, {"input": given}))
    assert refused(answer, name) == [("NOT_SIGNED_IN", [])]
    answer = data_of(ask(town_client, query, {"input": given}, token=person.token))
    assert refused(answer, name) == [("NOT_ALLOWED", [])]


async def test_nobody_else_sees_how_somebody_signs_in(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    with browser(town_site) as fox:
        person, _, _ = await protected(make, fox)
    other = await make.person()
    query = "query ($id: ID!) { person(id: $id) { name secondFactors recoveryCodesLeft } }"
    for token in (other.token, None):
        await make.connection.execute(
            "update person set visibility = 'PUBLIC' where id = $1", person.key
        )
        answer = data_of(ask(town_client, query, {"id": person.id}, token=token))
        assert answer["person"] == {
            "name": "Robin",
            "secondFactors": None,
            "recoveryCodesLeft": None,
        }


async def test_a_server_with_another_key_takes_recovery_codes(town_site: str, make: Maker) -> None:
    with browser(town_site) as fox:
        person, app, codes = await protected(make, fox)
    await make.connection.execute(
        "update totp_credential set sealed_secret = 'sealed by another' where person_id = $1",
        person.key,
    )
    with browser(town_site) as cat:
        secret = first_step(cat, person)
        answer = cat.ask(SECOND_STEP, secret=secret, code=app.code())
        assert refused(answer, "sessionConfirm") == [("CONFLICT", ["code"])]
        done(cat.ask(SECOND_STEP, secret=secret, recoveryCode=codes[0]), "sessionConfirm")
