"""Signing up and the e-mail address, as people do it with a browser and a mailbox."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from db.queue import enqueue
from tests.mailing import deliver, link_of, mails_to
from tests.making import Maker
from tests.web.browsing import PASSWORD, browser, new_address, with_password
from tests.web.serving import Answer, data_of, done, refused

SIGN_UP = """
mutation SignUp($input: AccountSignUpInput!) {
  accountSignUp(input: $input) { email userErrors { code field message } }
}
"""
CONFIRM = """
mutation Confirm($input: AccountConfirmInput!) {
  accountConfirm(input: $input) {
    viewer { name email locale visibility emailVerifiedAt sessions { nodes { method isCurrent } } }
    userErrors { code field message }
  }
}
"""
CHANGE = """
mutation Change($input: EmailChangeRequestInput!) {
  emailChangeRequest(input: $input) { email userErrors { code field message } }
}
"""
CONFIRM_CHANGE = """
mutation ConfirmChange($input: EmailChangeConfirmInput!) {
  emailChangeConfirm(input: $input) { email userErrors { code field message } }
}
"""
VIEWER = "{ viewer { email } }"
WISHED = "a rather long wish"


def secret_in(link: str) -> str:
    """Give the secret of a link; it stands where browsers send it to nobody."""
    address, _, secret = link.partition("#")
    assert address.startswith("http://localhost:8000/")
    assert len(secret) == 43
    return secret


def given(email: str, **others: Any) -> dict[str, Any]:
    """Give what somebody types in to sign up."""
    return {"email": email, "name": "Nova Kest", "password": WISHED, **others}


async def test_an_account_comes_to_be_when_its_link_is_followed(
    town_site: str, town: str, make: Maker
) -> None:
    email = "Nova.Kest@people.example"
    with browser(town_site) as fox:
        answer = fox.ask(SIGN_UP, **given(email, locale="NL"))
        assert done(answer, "accountSignUp")["email"] == email
        assert not await _exists(make, email)
        waiting = await make.connection.fetchval(
            "select payload from jobs.pgqueuer where payload like $1", f"%{email}%".encode()
        )
        assert b"#" not in waiting
        (mail,) = mails_to(await deliver(town), email)
        assert mail.subject == "Bevestig je e-mailadres voor Talent Commons"
        assert "24 uur" in mail.text
        # What a stranger typed in does not reach somebody's mailbox.
        assert "Nova Kest" not in mail.text
        assert WISHED not in mail.text
        assert fox.sign_in(email, WISHED)["userErrors"][0]["code"] == "INVALID"
        secret = secret_in(link_of(mail))
        viewer = done(fox.ask(CONFIRM, secret=secret), "accountConfirm")["viewer"]
        assert viewer.pop("emailVerifiedAt") is not None
        assert viewer == {
            "name": "Nova Kest",
            "email": email,
            "locale": "NL",
            "visibility": "NETWORK",
            "sessions": {"nodes": [{"method": "EMAIL", "isCurrent": True}]},
        }
        assert fox.ask(VIEWER) == {"viewer": {"email": email}}
    with browser(town_site) as fox:
        assert refused(fox.ask(CONFIRM, secret=secret), "accountConfirm") == [
            ("EXPIRED", ["secret"])
        ]
        assert fox.sign_in(email.lower(), WISHED)["userErrors"] == []
    # The database alone gives away neither the secret nor what was typed in.
    kept = await make.connection.fetchrow(
        "select secret_hash, state from challenge where email = $1", email
    )
    assert kept is not None
    assert b"Nova" not in kept["state"]
    assert b"argon2" not in kept["state"]


async def test_who_has_an_account_is_told_by_mail_alone(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person("Wieke", locale="NL"))
    with browser(town_site) as fox:
        known = fox.ask(SIGN_UP, **given(person.email))
        unknown = fox.ask(SIGN_UP, **given(f"no-{person.email}"))
    assert known == {"accountSignUp": {"email": person.email, "userErrors": []}}
    assert unknown == {"accountSignUp": {"email": f"no-{person.email}", "userErrors": []}}
    mails = await deliver(town)
    (mail,) = mails_to(mails, person.email)
    assert mail.subject == "Je hebt al een account bij Talent Commons"
    assert mail.text.startswith("Dag Wieke,")
    assert link_of(mail) == "http://localhost:8000/password/forgotten"
    (mail,) = mails_to(mails, f"no-{person.email}")
    assert mail.subject == "Confirm your e-mail address for Talent Commons"
    # Nothing about the account changed.
    with browser(town_site) as fox:
        assert fox.sign_in(person.email, WISHED)["userErrors"][0]["code"] == "INVALID"
        assert fox.sign_in(person.email)["userErrors"] == []


async def test_the_time_of_signing_up_does_not_tell_who_has_an_account(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    with browser(town_site) as fox:
        for number in range(15):
            for who, times in spent.items():
                other = await make.person() if who == "known" else person
                email = other.email if who == "known" else f"{number}-{person.email}"
                fox.headers["X-Forwarded-For"] = new_address()
                begin = time.perf_counter()
                done(fox.ask(SIGN_UP, **given(email)), "accountSignUp")
                times.append(time.perf_counter() - begin)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.6 < known / unknown < 1.7, (known, unknown)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"email": "nobody"}, "email", id="no address"),
        pytest.param({"email": f"{'x' * 250}@people.example"}, "email", id="long address"),
        pytest.param({"email": "a\u0000b@people.example"}, "email", id="control character"),
        pytest.param({"name": "  "}, "name", id="no name"),
        pytest.param({"name": "x" * 121}, "name", id="long name"),
        pytest.param({"name": "Nova\nKest"}, "name", id="two lines"),
        pytest.param({"name": "Nova \u202etseK"}, "name", id="override of direction"),
        pytest.param({"password": "9 letters"}, "password", id="short password"),
        pytest.param({"password": "é" * 5 + "x" * 252}, "password", id="long password"),
        pytest.param({"password": "Password123"}, "password", id="common password"),
        pytest.param({"password": "aaaaaaaaaaaa"}, "password", id="one letter"),
        pytest.param({"password": "NovaKest-2026"}, "password", id="own name"),
        pytest.param({"password": "some.body@people 1"}, "password", id="own address"),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
async def test_what_cannot_be_taken_is_said_with_its_field(
    town_site: str, town: str, wrong: dict[str, str], field: str, language: str
) -> None:
    with browser(town_site, language=language) as fox:
        answer = fox.ask(SIGN_UP, **(given("some.body@people.example") | wrong))
    assert refused(answer, "accountSignUp") == [("INVALID", [field])]
    assert mails_to(await deliver(town), "some.body@people.example") == []


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("ten  chars", id="ten characters"),
        pytest.param("x" * 250 + "yzwxyz", id="256 characters"),
        pytest.param("nova has a garden wall", id="own name among others"),
        pytest.param("ﬁﬁﬁﬁ lights", id="compatible characters"),
        pytest.param("日本語のパスワードです", id="another script"),
    ],
)
async def test_any_characters_make_a_password(town_site: str, town: str, password: str) -> None:
    email = f"password-{len(password)}-{ord(password[0])}@people.example"
    with browser(town_site) as fox:
        done(fox.ask(SIGN_UP, **given(email, password=password)), "accountSignUp")
        secret = secret_in(link_of(mails_to(await deliver(town), email)[0]))
        done(fox.ask(CONFIRM, secret=secret), "accountConfirm")
    with browser(town_site) as fox:
        # As another keyboard spells it.
        spelled = password.replace("ﬁ", "fi")
        assert fox.sign_in(email, spelled)["userErrors"] == []


async def test_a_link_is_good_for_a_day(town_site: str, town: str, make: Maker) -> None:
    email = "late@people.example"
    with browser(town_site, language="nl") as fox:
        fox.ask(SIGN_UP, **given(email))
        secret = secret_in(link_of(mails_to(await deliver(town), email)[0]))
        await make.connection.execute(
            "update challenge set expires_at = expires_at - $2::interval where email = $1",
            email,
            timedelta(hours=24),
        )
        answer = fox.ask(CONFIRM, secret=secret)
        assert refused(answer, "accountConfirm") == [("EXPIRED", ["secret"])]
        assert "verlopen" in answer["accountConfirm"]["userErrors"][0]["message"]
        for nonsense in ("", "nonsense", "x" * 10_000):
            answer = fox.ask(CONFIRM, secret=nonsense)
            assert refused(answer, "accountConfirm") == [("EXPIRED", ["secret"])]
    assert not await _exists(make, email)


async def test_a_link_followed_twice_at_once_makes_one_account(
    town_site: str, town: str, make: Maker
) -> None:
    email = "double@people.example"
    with browser(town_site) as fox:
        fox.ask(SIGN_UP, **given(email))
        fox.ask(SIGN_UP, **given(email, name="Another"))
    mails = mails_to(await deliver(town), email)
    secrets = [secret_in(link_of(mail)) for mail in mails]
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql", json={"query": CONFIRM, "variables": {"input": {"secret": secret}}}
                )
                for secret in secrets * 5
            )
        )
    outcomes = [
        [error["code"] for error in data_of(answer)["accountConfirm"]["userErrors"]]
        for answer in answers
    ]
    assert outcomes.count([]) == 1
    assert {outcome[0] for outcome in outcomes if outcome} <= {"EXPIRED", "TAKEN"}
    assert ["TAKEN"] in outcomes
    found = await make.connection.fetchval("select count(*) from person where email = $1", email)
    assert found == 1


async def test_mails_to_one_address_are_bounded(town_site: str, town: str, make: Maker) -> None:
    email = "flood@people.example"
    answers = []
    for _ in range(5):
        with browser(town_site) as fox:
            answers.append(fox.ask(SIGN_UP, **given(email)))
    assert [answer["accountSignUp"]["userErrors"] == [] for answer in answers] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert refused(answers[-1], "accountSignUp") == [("THROTTLED", [])]
    assert "Look in the mailbox" in answers[-1]["accountSignUp"]["userErrors"][0]["message"]
    assert len(mails_to(await deliver(town), email)) == 3
    await make.connection.execute("update throttle set last_failed_at = now() - interval '1 hour'")
    with browser(town_site) as fox:
        done(fox.ask(SIGN_UP, **given(email)), "accountSignUp")


async def test_mails_asked_for_from_one_place_are_bounded(town_site: str) -> None:
    with browser(town_site) as fox:
        codes = []
        for number in range(32):
            answer: Answer = fox.ask(SIGN_UP, **given(f"many-{number}@people.example"))
            codes += [error["code"] for error in answer["accountSignUp"]["userErrors"]]
    assert codes == ["THROTTLED"] * 2


async def test_an_address_changes_when_the_new_one_is_proved(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person("Marijn", locale="NL"))
    new = f"new-{person.email}"
    with browser(town_site) as fox:
        assert refused(fox.ask(CHANGE, email=new), "emailChangeRequest") == [("NOT_SIGNED_IN", [])]
        fox.sign_in(person.email)
        for wrong in ({"password": "not this one at all"}, {}):
            answer = fox.ask(CHANGE, email=new, **wrong)
            assert refused(answer, "emailChangeRequest") == [("INVALID", ["password"])]
        answer = fox.ask(CHANGE, email="nothing", password=PASSWORD)
        assert refused(answer, "emailChangeRequest") == [("INVALID", ["email"])]
        answer = fox.ask(CHANGE, email=new, password=PASSWORD)
        assert done(answer, "emailChangeRequest")["email"] == new
        assert fox.ask(VIEWER) == {"viewer": {"email": person.email}}
        (mail,) = mails_to(await deliver(town), new)
        assert mail.subject == "Bevestig je nieuwe e-mailadres voor Talent Commons"
    # In whatever browser the mailbox is open.
    with browser(town_site) as cat:
        answer = cat.ask(CONFIRM_CHANGE, secret=secret_in(link_of(mail)))
        assert done(answer, "emailChangeConfirm")["email"] == new
        answer = cat.ask(CONFIRM_CHANGE, secret=secret_in(link_of(mail)))
        assert refused(answer, "emailChangeConfirm") == [("EXPIRED", ["secret"])]
        (notice,) = mails_to(await deliver(town), person.email)
        assert notice.subject == "Je account bij Talent Commons heeft een ander e-mailadres"
        assert new in notice.text
        assert cat.sign_in(person.email)["userErrors"][0]["code"] == "INVALID"
        assert cat.sign_in(new)["userErrors"] == []


async def test_an_address_that_is_taken_is_told_by_mail_alone(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    other = await make.person("Other")
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        answer = fox.ask(CHANGE, email=other.email, password=PASSWORD)
        assert answer == {"emailChangeRequest": {"email": other.email, "userErrors": []}}
        (mail,) = mails_to(await deliver(town), other.email)
        assert mail.subject == "This e-mail address belongs to another account"
        assert "#" not in link_of(mail)
        # Somebody may sign up with it between the mail and the link.
        new = f"late-{person.email}"
        fox.ask(CHANGE, email=new, password=PASSWORD)
        (mail,) = mails_to(await deliver(town), new)
        await make.person(email=new)
        answer = fox.ask(CONFIRM_CHANGE, secret=secret_in(link_of(mail)))
        assert refused(answer, "emailChangeConfirm") == [("TAKEN", ["secret"])]
        assert fox.ask(VIEWER) == {"viewer": {"email": person.email}}


async def test_who_has_no_password_changes_the_address_right_after_signing_in(
    town_site: str, town: str, make: Maker
) -> None:
    email = "keyless@people.example"
    with browser(town_site) as fox:
        fox.ask(SIGN_UP, **given(email))
        secret = secret_in(link_of(mails_to(await deliver(town), email)[0]))
        done(fox.ask(CONFIRM, secret=secret), "accountConfirm")
        await make.connection.execute(
            "delete from password_credential where person_id = (select id from person where email = $1)",
            email,
        )
        done(fox.ask(CHANGE, email=f"new-{email}"), "emailChangeRequest")
        await make.connection.execute(
            "update session set created_at = now() - interval '16 minutes'"
        )
        answer = fox.ask(CHANGE, email=f"new-{email}")
        assert refused(answer, "emailChangeRequest") == [("NOT_ALLOWED", [])]


async def _exists(make: Maker, email: str) -> bool:
    found: bool = await make.connection.fetchval(
        "select exists (select from person where email = $1)", email
    )
    return found


async def test_what_no_longer_counts_is_cleared_away(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.ask(SIGN_UP, **given("cleared@people.example"))
        fox.sign_in(person.email)
        fox.ask("mutation { sessionClose(input: {}) { closed } }")
        fox.sign_in(person.email, "wrong guess")
    kept = """select (select count(*) from challenge where email = 'cleared@people.example'),
        (select count(*) from session where person_id = $1), (select count(*) > 0 from throttle)"""
    await enqueue(make.connection, "clear_credentials", {})
    await deliver(town)
    assert tuple(await make.connection.fetchrow(kept, person.key) or ()) == (1, 1, True)
    await make.connection.execute(
        """update challenge set expires_at = now() - interval '8 days'
        where email = 'cleared@people.example'"""
    )
    await make.connection.execute(
        "update session set created_at = now() - interval '91 days' where person_id = $1",
        person.key,
    )
    await make.connection.execute("update throttle set last_failed_at = now() - interval '3 days'")
    await enqueue(make.connection, "clear_credentials", {})
    await deliver(town)
    assert tuple(await make.connection.fetchrow(kept, person.key) or ()) == (0, 0, False)


async def test_a_mail_that_was_sealed_with_another_key_is_given_up(
    town_site: str, town: str
) -> None:
    email = "other.key@people.example"
    with browser(town_site) as fox:
        fox.ask(SIGN_UP, **given(email))
    with pytest.raises(AssertionError, match="another COMMONS_SECRET_KEY"):
        await deliver(town, secret_key=b"x" * 32)
    assert mails_to(await deliver(town), email) == []
