"""Forgotten and new passwords, as people meet them."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import timedelta

import httpx2
import pytest

from tests.mailing import deliver, link_of, mails_to
from tests.making import Maker, Someone
from tests.web.browsing import OPEN, PASSWORD, browser, new_address, with_password
from tests.web.serving import ask, data_of, done, refused
from tests.web.test_accounts import CHANGE as CHANGE_EMAIL
from tests.web.test_accounts import CONFIRM_CHANGE, secret_in

REQUEST = """
mutation Request($input: PasswordResetRequestInput!) {
  passwordResetRequest(input: $input) { email userErrors { code field message } }
}
"""
RESET = """
mutation Reset($input: PasswordResetInput!) {
  passwordReset(input: $input) {
    viewer { email emailVerifiedAt } secondFactorSecret secondFactors
    userErrors { code field message }
  }
}
"""
CHANGE = """
mutation Change($input: PasswordChangeInput!) {
  passwordChange(input: $input) {
    revoked viewer { sessions { nodes { isCurrent } } } userErrors { code field message }
  }
}
"""
VIEWER = "{ viewer { email } }"
NEW = "eight windy autumns"


async def link_for(town_site: str, town: str, person: Someone) -> str:
    """Ask for a new password, and give the secret of the link."""
    with browser(town_site) as fox:
        done(fox.ask(REQUEST, email=person.email), "passwordResetRequest")
    return secret_in(link_of(mails_to(await deliver(town), person.email)[0]))


async def test_a_forgotten_password_is_set_anew(town_site: str, town: str, make: Maker) -> None:
    person = await with_password(make, await make.person("Loek", locale="NL"))
    with browser(town_site) as fox, browser(town_site) as cat:
        fox.sign_in(person.email)
        answer = cat.ask(REQUEST, email=person.email)
        assert answer == {"passwordResetRequest": {"email": person.email, "userErrors": []}}
        (mail,) = mails_to(await deliver(town), person.email)
        assert mail.subject == "Stel een nieuw wachtwoord in voor Talent Commons"
        assert mail.text.startswith("Dag Loek,")
        secret = secret_in(link_of(mail))
        # A password that may not be taken does not use the link up.
        answer = cat.ask(RESET, secret=secret, password="Loek-2026-!")  # noqa: S106
        assert refused(answer, "passwordReset") == [("INVALID", ["password"])]
        viewer = done(cat.ask(RESET, secret=secret, password=NEW), "passwordReset")["viewer"]
        assert viewer["email"] == person.email
        assert viewer["emailVerifiedAt"] is not None
        assert cat.ask(VIEWER) == {"viewer": {"email": person.email}}
        # Whoever was signed in is not any longer.
        assert fox.send(VIEWER).status_code == 401
        answer = cat.ask(RESET, secret=secret, password=NEW)
        assert refused(answer, "passwordReset") == [("EXPIRED", ["secret"])]
        (notice,) = mails_to(await deliver(town), person.email)
        assert notice.subject == "Je wachtwoord voor Talent Commons is gewijzigd"
    with browser(town_site) as fox:
        assert fox.sign_in(person.email)["userErrors"][0]["code"] == "INVALID"
        assert fox.sign_in(person.email, NEW)["userErrors"] == []


async def test_an_unknown_address_is_answered_alike(town_site: str, town: str) -> None:
    email = "unknown.one@people.example"
    with browser(town_site, language="nl") as fox:
        answer = fox.ask(REQUEST, email=email)
        assert answer == {"passwordResetRequest": {"email": email, "userErrors": []}}
        (mail,) = mails_to(await deliver(town), email)
        assert mail.subject == "Er is geen account met dit e-mailadres"
        assert link_of(mail) == "http://localhost:8000/sign-up"
        answer = fox.ask(REQUEST, email="nobody")
        assert refused(answer, "passwordResetRequest") == [("INVALID", ["email"])]


async def test_the_time_of_asking_does_not_tell_who_has_an_account(
    town_site: str, make: Maker
) -> None:
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    with browser(town_site) as fox:
        for number in range(15):
            for who, times in spent.items():
                person = await make.person()
                email = person.email if who == "known" else f"{number}-{person.email}"
                fox.headers["X-Forwarded-For"] = new_address()
                begin = time.perf_counter()
                done(fox.ask(REQUEST, email=email), "passwordResetRequest")
                times.append(time.perf_counter() - begin)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.5 < known / unknown < 2, (known, unknown)


async def test_a_link_is_good_for_an_hour(town_site: str, town: str, make: Maker) -> None:
    person = await with_password(make, await make.person())
    secret = await link_for(town_site, town, person)
    await make.connection.execute(
        "update challenge set expires_at = expires_at - $2::interval where person_id = $1",
        person.key,
        timedelta(hours=1),
    )
    with browser(town_site) as fox:
        answer = fox.ask(RESET, secret=secret, password=NEW)
        assert refused(answer, "passwordReset") == [("EXPIRED", ["secret"])]
        assert fox.sign_in(person.email)["userErrors"] == []


async def test_a_new_password_ends_what_was_begun_with_the_old(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    new = f"thief-{person.email}"
    with browser(town_site) as thief:
        thief.sign_in(person.email)
        done(thief.ask(CHANGE_EMAIL, email=new, password=PASSWORD), "emailChangeRequest")
        link = secret_in(link_of(mails_to(await deliver(town), new)[0]))
    secret = await link_for(town_site, town, person)
    with browser(town_site) as fox:
        done(fox.ask(RESET, secret=secret, password=NEW), "passwordReset")
        answer = fox.ask(CONFIRM_CHANGE, secret=link)
        assert refused(answer, "emailChangeConfirm") == [("EXPIRED", ["secret"])]
        assert fox.ask(VIEWER) == {"viewer": {"email": person.email}}
    open_challenges = await make.connection.fetchval(
        "select count(*) from challenge where person_id = $1 and used_at is null", person.key
    )
    assert open_challenges == 0


async def test_who_knew_the_old_password_is_out_however_close_it_was(
    town_site: str, town: str, make: Maker
) -> None:
    """A sign-in that is under way while the password is set anew leaves no session behind."""
    person = await with_password(make, await make.person())
    secret = await link_for(town_site, town, person)
    old = {"query": OPEN, "variables": {"input": {"email": person.email, "password": PASSWORD}}}
    new = {"query": RESET, "variables": {"input": {"secret": secret, "password": NEW}}}
    async with httpx2.AsyncClient(base_url=town_site, timeout=60, trust_env=False) as client:
        crowd = [
            asyncio.create_task(
                client.post("/graphql", json=old, headers={"X-Forwarded-For": new_address()})
            )
            for _ in range(30)
        ]
        await asyncio.sleep(0.1)
        reset = await client.post("/graphql", json=new)
        await asyncio.gather(*crowd)
    done(data_of(reset), "passwordReset")
    methods = await make.connection.fetch(
        """select method from session
        where person_id = $1 and revoked_at is null and expires_at > now()""",
        person.key,
    )
    assert [row["method"] for row in methods] == ["EMAIL"]


async def test_a_link_for_one_purpose_serves_no_other(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    secret = await link_for(town_site, town, person)
    confirm = "mutation ($s: String!) { accountConfirm(input: {secret: $s}) { userErrors { code field message } } }"
    with browser(town_site) as fox:
        answer = data_of(fox.send(confirm, {"s": secret}))
        assert refused(answer, "accountConfirm") == [("EXPIRED", ["secret"])]


async def test_a_link_used_twice_at_once_sets_one_password(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    secret = await link_for(town_site, town, person)
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={
                        "query": RESET,
                        "variables": {"input": {"secret": secret, "password": f"{NEW} {n}"}},
                    },
                )
                for n in range(6)
            )
        )
    errors = [data_of(answer)["passwordReset"]["userErrors"] for answer in answers]
    assert errors.count([]) == 1
    with browser(town_site) as fox:
        assert fox.sign_in(person.email, f"{NEW} {errors.index([])}")["userErrors"] == []


async def test_a_second_factor_is_asked_for_after_a_reset(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    await make.connection.execute(
        """insert into totp_credential (person_id, sealed_secret, last_step, confirmed_at)
        values ($1, 'sealed', 0, now())""",
        person.key,
    )
    secret = await link_for(town_site, town, person)
    with browser(town_site) as fox:
        payload = done(fox.ask(RESET, secret=secret, password=NEW), "passwordReset")
        assert payload["viewer"] is None
        assert payload["secondFactors"] == ["TOTP"]
        assert fox.ask(VIEWER) == {"viewer": None}


async def test_who_never_had_a_password_gets_one_by_the_link(
    town_site: str, town: str, make: Maker
) -> None:
    person = await make.person()
    secret = await link_for(town_site, town, person)
    with browser(town_site) as fox:
        done(fox.ask(RESET, secret=secret, password=NEW), "passwordReset")
    with browser(town_site) as fox:
        assert fox.sign_in(person.email, NEW)["userErrors"] == []


async def test_changing_the_password_ends_all_other_sessions(
    town_site: str, town: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox, browser(town_site) as cat:
        fox.sign_in(person.email)
        cat.sign_in(person.email)
        answer = fox.ask(CHANGE, currentPassword="wrong guess", password=NEW)
        assert refused(answer, "passwordChange") == [("INVALID", ["currentPassword"])]
        answer = fox.ask(CHANGE, currentPassword=PASSWORD, password="1234567890")  # noqa: S106
        assert refused(answer, "passwordChange") == [("INVALID", ["password"])]
        assert cat.send(VIEWER).status_code == 200
        answer = fox.ask(CHANGE, currentPassword=PASSWORD, password=NEW)
        assert done(answer, "passwordChange") == {
            "revoked": 1,
            "viewer": {"sessions": {"nodes": [{"isCurrent": True}]}},
            "userErrors": [],
        }
        assert cat.send(VIEWER).status_code == 401
        assert fox.send(VIEWER).status_code == 200
        (notice,) = mails_to(await deliver(town), person.email)
        assert notice.subject == "Your password for Talent Commons was changed"


async def test_guesses_of_whoever_sits_at_a_signed_in_browser_are_slowed_down(
    town_site: str, make: Maker
) -> None:
    person = await with_password(make, await make.person())
    with browser(town_site) as fox:
        fox.sign_in(person.email)
        codes = [
            refused(fox.ask(CHANGE, currentPassword=f"guess {n}", password=NEW), "passwordChange")[
                0
            ][0]
            for n in range(7)
        ]
    assert codes == ["INVALID"] * 5 + ["THROTTLED"] * 2


@pytest.mark.parametrize("signed_in", [False, True])
async def test_who_has_no_password_to_change_is_told_what_to_do(
    town_client: httpx2.Client, make: Maker, *, signed_in: bool
) -> None:
    person = await make.person()
    given = {"input": {"currentPassword": "", "password": NEW}}
    answer = data_of(ask(town_client, CHANGE, given, token=person.token if signed_in else None))
    expected = "CONFLICT" if signed_in else "NOT_SIGNED_IN"
    assert refused(answer, "passwordChange") == [(expected, [])]
