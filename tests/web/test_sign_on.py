"""Single sign-on, against a provider in a server of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey
from starlette.routing import Route

from tests.mailing import deliver, mails_to
from tests.making import Maker, Place, Someone
from tests.web.browsing import OPEN, PASSWORD, Browser, browser, with_password
from tests.web.providing import CLIENT_ID, CLIENT_SECRET, IdentityProvider, providing
from tests.web.serving import Answer, ask, client_of, data_of, done, refused, serving
from web.app import create_app
from web.outgoing import is_public
from web.settings import Settings

SET = """
mutation Set($input: IdentityProviderSetInput!) {
  identityProviderSet(input: $input) {
    identityProvider { issuer clientId emailDomain defaultRole }
    userErrors { code field message }
  }
}
"""
REMOVE = """
mutation Remove($input: IdentityProviderRemoveInput!) {
  identityProviderRemove(input: $input) {
    organisation { signOnPath } userErrors { code field message }
  }
}
"""
VIEWER = """
{ viewer { email name memberships { nodes { role organisation { slug } } }
  sessions { nodes { method } } } }
"""
_numbers = count(1)


@pytest.fixture(scope="module")
def sso_site(town: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, allowed to speak to a provider on this machine."""
    with serving(town, home=tmp_path_factory.mktemp("sso"), private_providers=True) as url:
        yield url


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with providing() as provider:
        yield provider


async def place_of(
    make: Maker, provider: IdentityProvider, site: str, **columns: Any
) -> tuple[Place, Someone, str]:
    """Give an organisation that signs in by the provider, its owner and its domain."""
    domain = f"house-{next(_numbers)}.example"
    place = await make.organisation(verified_domain=domain, **columns)
    owner = await make.person()
    await make.member(owner, place, "OWNER")
    with client_of(site) as client:
        done(set_provider(client, owner, place, provider.issuer), "identityProviderSet")
    return place, owner, domain


def set_provider(
    client: httpx2.Client, who: Someone, place: Place, issuer: str, **given: Any
) -> Answer:
    values = {
        "organisationId": place.id,
        "issuer": issuer,
        "clientId": CLIENT_ID,
        "clientSecret": CLIENT_SECRET,
        **given,
    }
    values = {name: value for name, value in values.items() if value is not None}
    return data_of(ask(client, SET, {"input": values}, token=who.token))


def claims(email: str, subject: str, **others: Any) -> dict[str, Any]:
    return {"sub": subject, "email": email, "email_verified": True, "name": "Nova Kest", **others}


def get(fox: Browser, url: str) -> httpx2.Response:
    return fox.client.get(url, headers=fox.headers)


def go(fox: Browser, place: Place, query: str = "") -> str:
    """Begin, and let the provider consent; give the address that it leads back to."""
    response = get(fox, f"/sign-on/{place.slug}{query}")
    assert response.status_code == 303, response.text
    with httpx2.Client(trust_env=False) as elsewhere:
        back = elsewhere.get(response.headers["location"])
    assert back.status_code == 303, back.text
    parts = urlsplit(back.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost:8000"
    return f"{parts.path}?{parts.query}"


def sign_on(fox: Browser, place: Place, query: str = "") -> httpx2.Response:
    return get(fox, go(fox, place, query))


async def test_somebody_new_becomes_a_member_and_is_known_from_then_on(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    provider.claims = claims(f"Nova@{domain}", "s-1")
    with browser(sso_site) as fox:
        response = sign_on(fox, place, "?return=/posts%3Fa=1")
        assert (response.status_code, response.headers["location"]) == (303, "/posts?a=1")
        assert "HttpOnly" in response.headers["set-cookie"]
        assert fox.ask(VIEWER)["viewer"] == {
            "email": f"Nova@{domain}",
            "name": "Nova Kest",
            "memberships": {"nodes": [{"role": "MEMBER", "organisation": {"slug": place.slug}}]},
            "sessions": {"nodes": [{"method": "SINGLE_SIGN_ON"}]},
        }
        assert "commons_sign_on" not in fox.client.cookies
    # By the subject, whatever the address is by now.
    provider.claims = claims(f"kest@{domain}", "s-1", name="Other")
    with browser(sso_site) as cat:
        assert sign_on(cat, place).headers["location"] == "/"
        assert cat.ask(VIEWER)["viewer"]["email"] == f"Nova@{domain}"
        assert len(cat.ask(VIEWER)["viewer"]["memberships"]["nodes"]) == 1
    # An address that was given to somebody else since leads to nobody's account.
    provider.claims = claims(f"nova@{domain}", "s-2")
    with browser(sso_site) as dog:
        assert sign_on(dog, place).status_code == 409
        assert dog.ask("{ viewer { id } }") == {"viewer": None}


async def test_whoever_has_the_address_is_linked_and_told(
    sso_site: str, town: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    person = await make.person(email=f"robin@{domain}")
    provider.claims = claims(f"Robin@{domain}", "s-1")
    with browser(sso_site) as fox:
        assert sign_on(fox, place).status_code == 303
        viewer = fox.ask(VIEWER)["viewer"]
        assert (viewer["email"], viewer["name"]) == (person.email, "Robin")
        assert viewer["memberships"]["nodes"][0]["organisation"]["slug"] == place.slug
    (mail,) = mails_to(await deliver(town), person.email)
    assert mail.subject == f"You can sign in to Talent Commons through {domain}"


async def test_a_second_factor_is_asked_for_here_too(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    person = await make.person(email=f"robin@{domain}")
    await make.connection.execute(
        """insert into totp_credential (person_id, sealed_secret, last_step, confirmed_at)
        values ($1, 'sealed', 0, now())""",
        person.key,
    )
    provider.claims = claims(person.email, "s-1")
    with browser(sso_site) as fox:
        path, _, secret = sign_on(fox, place).headers["location"].partition("#")
        assert path == "/sign-in/second-step"
        assert len(secret) == 43
        assert fox.ask("{ viewer { id } }") == {"viewer": None}


def _nothing(_: IdentityProvider) -> None:
    pass


def _other_key(provider: IdentityProvider) -> None:
    provider.signing_key = ECKey.generate_key("P-256", {"kid": "1"})


def _unsigned(provider: IdentityProvider) -> None:
    provider.algorithm, provider.signing_key = "none", OctKey.import_key("unused-but-needed")


def _shared_secret(provider: IdentityProvider) -> None:
    provider.algorithm = "HS256"
    provider.signing_key = OctKey.import_key(CLIENT_SECRET.encode() * 3)


@pytest.mark.parametrize(
    ("changed", "spoil", "status"),
    [
        pytest.param({"nonce": "another"}, _nothing, 502, id="another nonce"),
        pytest.param({"nonce": None}, _nothing, 502, id="no nonce"),
        pytest.param({"aud": "somebody-else"}, _nothing, 502, id="another audience"),
        pytest.param({"aud": None}, _nothing, 502, id="no audience"),
        pytest.param({"aud": [CLIENT_ID, "x"], "azp": "x"}, _nothing, 502, id="another party"),
        pytest.param({"iss": "https://elsewhere.example"}, _nothing, 502, id="another issuer"),
        pytest.param({"exp": int(time.time()) - 600}, _nothing, 502, id="expired"),
        pytest.param({"exp": None}, _nothing, 502, id="never expires"),
        pytest.param({}, _unsigned, 502, id="unsigned"),
        pytest.param({}, _shared_secret, 502, id="signed with the shared secret"),
        pytest.param({}, _other_key, 502, id="signed with another key"),
        pytest.param({"email_verified": False}, _nothing, 403, id="address not verified"),
        pytest.param({"email_verified": None}, _nothing, 403, id="verified not said"),
        pytest.param({"email_verified": 1}, _nothing, 403, id="verified is a number"),
        pytest.param({"email": "x@elsewhere.example"}, _nothing, 403, id="another domain"),
        pytest.param({"email": None}, _nothing, 403, id="no address"),
        pytest.param({"sub": ""}, _nothing, 403, id="no subject"),
        pytest.param({"sub": 7}, _nothing, 502, id="subject is a number"),
    ],
)
async def test_what_a_provider_may_not_say(
    sso_site: str,
    make: Maker,
    provider: IdentityProvider,
    changed: dict[str, Any],
    spoil: Callable[[IdentityProvider], None],
    status: int,
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    provider.claims, provider.changed = claims(f"nova@{domain}", "s-1"), changed
    spoil(provider)
    with browser(sso_site, language="nl") as fox:
        response = sign_on(fox, place)
        assert response.status_code == status, response.text
        assert "<h1>Je bent niet aangemeld</h1>" in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert (response.headers["x-request-id"] in response.text) == (status == 502)
        assert provider.exchanged == 1
        assert "commons_session" not in fox.client.cookies
    assert not await make.connection.fetchval(
        "select exists (select from person where email like $1)", f"%@{domain}"
    )


async def test_a_code_and_an_attempt_work_once_and_in_one_browser(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    provider.claims = claims(f"nova@{domain}", "s-1")
    with browser(sso_site) as fox, browser(sso_site) as cat:
        # The link of somebody else's attempt, opened here.
        link = go(fox, place)
        go(cat, place)
        assert get(cat, link).status_code == 400
        with browser(sso_site) as dog:
            assert get(dog, link).status_code == 400
        cookie = fox.client.cookies["commons_sign_on"]
        assert get(fox, link).status_code == 303
        # With the cookie back in place: the attempt is over.
        fox.client.cookies.set("commons_sign_on", cookie)
        assert get(fox, link).status_code == 400
        fox.client.cookies.delete("commons_sign_on")
        # A code of before, in a new attempt.
        code = parse_qs(urlsplit(link).query)["code"][0]
        state = parse_qs(urlsplit(go(fox, place)).query)["state"][0]
        answer = get(fox, f"/sign-on-callback?code={code}&state={state}")
        assert answer.status_code == 502
        # A refusal at the provider, and another issuer's answer.
        for more in ("error=access_denied", "code=x&iss=https://elsewhere.example"):
            state = parse_qs(urlsplit(go(fox, place)).query)["state"][0]
            assert get(fox, f"/sign-on-callback?state={state}&{more}").status_code == 502
        assert provider.exchanged == 1


@pytest.mark.parametrize(
    "path",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x", "/a b", ""],
)
async def test_nobody_is_led_to_another_site(
    sso_site: str, make: Maker, provider: IdentityProvider, path: str
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    provider.claims = claims(f"nova@{domain}", "s-1")
    with browser(sso_site) as fox:
        query = str(httpx2.QueryParams({"return": path}))
        assert sign_on(fox, place, f"?{query}").headers["location"] == "/"


@pytest.mark.parametrize(
    ("document", "padding"),
    [
        ({"issuer": "https://elsewhere.example"}, 0),
        ({"token_endpoint": None}, 0),
        ({"authorization_endpoint": "javascript:alert(1)"}, 0),
        ({}, 300_000),
    ],
)
async def test_a_provider_that_describes_itself_badly_is_not_followed(
    sso_site: str,
    make: Maker,
    provider: IdentityProvider,
    document: dict[str, Any],
    padding: int,
) -> None:
    place, _, _ = await place_of(make, provider, sso_site)
    provider.document, provider.padding = document, padding
    with browser(sso_site) as fox:
        response = get(fox, f"/sign-on/{place.slug}")
        assert response.status_code == 502
        assert "commons_sign_on" not in fox.client.cookies


async def test_a_server_in_use_speaks_to_no_private_address(
    town_site: str,
    sso_site: str,
    town_client: httpx2.Client,
    make: Maker,
    provider: IdentityProvider,
) -> None:
    place, owner, _ = await place_of(make, provider, sso_site)
    # Set where it was allowed; used where it is not. The key differs too, so it is set anew.
    for issuer in (provider.issuer, "http://elsewhere.example", "ftp://x.example", "https://x/?a"):
        answer = set_provider(town_client, owner, place, issuer)
        assert refused(answer, "identityProviderSet") == [("INVALID", ["issuer"])]
    done(set_provider(town_client, owner, place, "https://localhost"), "identityProviderSet")
    with browser(town_site) as fox:
        assert get(fox, f"/sign-on/{place.slug}").status_code == 502


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("9.9.9.9", True),
        ("2620:fe::fe", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("no address", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(address: str, *, expected: bool) -> None:
    assert is_public(address) is expected


async def test_owners_alone_set_up_single_sign_on(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, owner, domain = await place_of(make, provider, sso_site)
    admin, stranger = await make.person(), await make.person()
    await make.member(admin, place, "ADMIN")
    with client_of(sso_site) as client:
        for who in (admin, stranger):
            answer = set_provider(client, who, place, provider.issuer)
            assert refused(answer, "identityProviderSet") == [("NOT_ALLOWED", ["organisationId"])]
        seen = "query ($id: ID!) { organisation(id: $id) { identityProvider { issuer } } }"
        for token, expected in (
            (owner.token, {"issuer": provider.issuer}),
            (admin.token, None),
            (None, None),
        ):
            answer = data_of(ask(client, seen, {"id": place.id}, token=token))
            assert answer["organisation"] == {"identityProvider": expected}
        # Without a secret the one that is held stays, but goes to no other issuer.
        answer = set_provider(
            client, owner, place, provider.issuer, clientSecret=None, defaultRole="EDITOR"
        )
        assert done(answer, "identityProviderSet")["identityProvider"] == {
            "issuer": provider.issuer,
            "clientId": CLIENT_ID,
            "emailDomain": domain,
            "defaultRole": "EDITOR",
        }
        answer = set_provider(client, owner, place, "https://x.example", clientSecret=None)
        assert refused(answer, "identityProviderSet") == [("INVALID", ["clientSecret"])]
        for role in ("OWNER", "ADMIN"):
            answer = set_provider(client, owner, place, provider.issuer, defaultRole=role)
            assert refused(answer, "identityProviderSet") == [("INVALID", ["defaultRole"])]
        bare = await make.organisation()
        await make.member(owner, bare, "OWNER")
        answer = set_provider(client, owner, bare, provider.issuer)
        assert refused(answer, "identityProviderSet") == [("CONFLICT", [])]
        stored = await make.connection.fetchval(
            "select sealed_client_secret from identity_provider where organisation_id = $1",
            place.key,
        )
        assert CLIENT_SECRET.encode() not in stored
        removal = {"input": {"organisationId": place.id}}
        removed = done(
            data_of(ask(client, REMOVE, removal, token=owner.token)), "identityProviderRemove"
        )
        assert removed["organisation"] == {"signOnPath": None}
        answer = data_of(ask(client, REMOVE, removal, token=owner.token))
        assert refused(answer, "identityProviderRemove") == [("CONFLICT", [])]


async def test_another_issuer_knows_nobody_by_the_subjects_of_the_first(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, owner, domain = await place_of(make, provider, sso_site)
    provider.claims = claims(f"nova@{domain}", "s-1")
    with browser(sso_site) as fox:
        assert sign_on(fox, place).status_code == 303
    with providing() as second, client_of(sso_site) as client, browser(sso_site) as cat:
        done(set_provider(client, owner, place, second.issuer), "identityProviderSet")
        second.claims = claims(f"kest@{domain}", "s-1")
        assert sign_on(cat, place).status_code == 303
        assert cat.ask(VIEWER)["viewer"]["email"] == f"kest@{domain}"


@pytest.mark.parametrize("by", ["removing it", "another issuer"])
async def test_a_provider_that_goes_takes_the_sessions_along_that_it_opened(
    sso_site: str, make: Maker, provider: IdentityProvider, by: str
) -> None:
    place, owner, domain = await place_of(make, provider, sso_site)
    await make.connection.execute(
        "update person set email = $2, email_verified_at = now() where id = $1",
        owner.key,
        f"owner@{domain}",
    )
    person = await make.person(email=f"robin@{domain}")
    await with_password(make, person)
    with browser(sso_site) as fox, browser(sso_site) as cat, browser(sso_site) as own:
        provider.claims = claims(person.email, "s-1")
        sign_on(fox, place)
        given = {"email": person.email, "password": PASSWORD}
        done(cat.ask(OPEN, **given), "sessionOpen")
        provider.claims = claims(f"owner@{domain}", "s-2")
        sign_on(own, place)
        assert fox.ask("{ viewer { id } }") == cat.ask("{ viewer { id } }")
        if by == "removing it":
            removed = own.ask(REMOVE, organisationId=place.id)
            assert done(removed, "identityProviderRemove")["organisation"] == {"signOnPath": None}
        else:
            with client_of(sso_site) as client:
                elsewhere = set_provider(client, owner, place, f"{provider.issuer}/other")
                done(elsewhere, "identityProviderSet")
        # Who signed in by password stays, and so does the one that asked.
        assert cat.ask("{ viewer { id } }") == {"viewer": {"id": person.id}}
        if by == "removing it":
            assert own.ask("{ viewer { id } }") == {"viewer": {"id": owner.id}}
        ended = fox.send("{ viewer { id } }")
        assert ended.status_code == 401
    kinds = await make.connection.fetch(
        "select e.kind from event e join session s on s.id = e.subject_id where s.person_id = $1",
        person.key,
    )
    assert [row["kind"] for row in kinds] == ["SESSION_ENDED"]


async def test_an_organisation_may_be_called_callback(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site, slug="callback")
    provider.claims = claims(f"nova@{domain}", "s-1")
    with browser(sso_site) as fox:
        assert sign_on(fox, place).status_code == 303
        assert fox.ask(VIEWER)["viewer"]["memberships"]["nodes"] == [
            {"role": "MEMBER", "organisation": {"slug": "callback"}}
        ]


def test_no_fixed_address_lies_where_names_are_organisations() -> None:
    paths = [route.path for route in create_app(Settings(), "").routes if isinstance(route, Route)]
    under = [path.removesuffix("{slug}") for path in paths if path.endswith("{slug}")]
    assert under == ["/sign-on/"]
    assert [path for path in paths for start in under if path.startswith(start)] == [
        "/sign-on/{slug}"
    ]


async def test_the_way_in_is_found_by_address_while_it_is_in_force(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    provider.claims = claims(f"nova@{domain}", "s-1")
    query = "query ($email: String!) { signOnFor(email: $email) { slug signOnPath } }"
    with client_of(sso_site) as client, browser(sso_site) as fox:
        found = {"slug": place.slug, "signOnPath": f"/sign-on/{place.slug}"}
        for email, expected in (
            (f"Anybody@{domain.upper()}", found),
            (f"x@sub.{domain}", None),
            ("nobody@elsewhere.example", None),
            ("", None),
        ):
            assert data_of(ask(client, query, {"email": email})) == {"signOnFor": expected}
        link = go(fox, place)
        # Closed while somebody was on the way.
        await make.connection.execute(
            "update organisation set suspended_at = $2 where id = $1", place.key, datetime.now(UTC)
        )
        assert get(fox, link).status_code == 404
        assert get(fox, f"/sign-on/{place.slug}").status_code == 404
        assert get(fox, "/sign-on/no-such-place").status_code == 404


async def test_an_account_that_was_closed_stays_closed(
    sso_site: str, make: Maker, provider: IdentityProvider
) -> None:
    place, _, domain = await place_of(make, provider, sso_site)
    await make.person(email=f"gone@{domain}", deactivated_at=datetime.now(UTC))
    provider.claims = claims(f"gone@{domain}", "s-1")
    with browser(sso_site) as fox:
        assert sign_on(fox, place).status_code == 403
