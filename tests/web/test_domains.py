"""Domains that organisations claim: proved by real questions to a name server, or by a mail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from db.tables.people import Role
from resolvers.domains import NamesUnavailable
from resolvers.permissions import Action, permitted
from tests.mailing import SECRET_KEY, deliver, link_of, mails_to
from tests.making import Maker, Place, Someone
from tests.nameserver import BROKEN, SILENT, NameServer, name_server
from tests.web.serving import Answer, ask, client_of, data_of, done, refused, serving
from web.names import txt_lookup

ERRORS = "userErrors { code field message }"
CLAIM = f"""
mutation ($input: DomainClaimInput!) {{
  domainClaim(input: $input) {{
    claim {{ id domain proof recordName recordValue verifiedAt organisation {{ id }} }} {ERRORS}
  }}
}}
"""
VERIFY = f"""
mutation ($input: DomainVerifyInput!) {{
  domainVerify(input: $input) {{
    claim {{ domain verifiedAt organisation {{ verifiedDomain }} }} {ERRORS}
  }}
}}
"""
RELEASE = f"""
mutation ($input: DomainReleaseInput!) {{
  domainRelease(input: $input) {{
    organisation {{ verifiedDomain domainClaims {{ totalCount }} }} {ERRORS}
  }}
}}
"""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(town: str, names: NameServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with serving(town, home=home, dns_servers=names.address, secret_key=SECRET_KEY.decode()) as url:
        yield url


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx2.Client]:
    with client_of(site) as client:
        yield client


def call(client: httpx2.Client, query: str, who: Someone, **given: Any) -> Answer:
    return data_of(ask(client, query, {"input": given}, token=who.token))


async def managed(make: Maker, role: str = "ADMIN", **columns: Any) -> tuple[Place, Someone, str]:
    """Make an organisation, who manages it, and a domain that is nobody's."""
    place, manager = await make.organisation(), await make.person(**columns)
    await make.member(manager, place, role)
    return place, manager, f"{place.slug}.example"


def claim(client: httpx2.Client, who: Someone, place: Place, domain: str) -> Any:
    answer = call(client, CLAIM, who, organisationId=place.id, domain=domain)
    return done(answer, "domainClaim")["claim"]


@pytest.mark.parametrize("below", ["_talent-commons.", ""])
async def test_a_record_at_either_place_proves_a_domain(
    client: httpx2.Client, names: NameServer, make: Maker, below: str
) -> None:
    place, manager, domain = await managed(make)
    claimed = claim(client, manager, place, f" {domain.upper()}. ")
    assert claimed == {
        "id": claimed["id"],
        "domain": domain,
        "proof": "DNS",
        "recordName": f"_talent-commons.{domain}",
        "recordValue": claimed["recordValue"],
        "verifiedAt": None,
        "organisation": {"id": place.id},
    }
    assert claimed["recordValue"].startswith("talent-commons-verification=")
    assert claim(client, manager, place, domain)["recordValue"] == claimed["recordValue"]
    names.zone[f"{below}{domain}"] = ["v=spf1 -all", claimed["recordValue"]]
    proved = done(call(client, VERIFY, manager, claimId=claimed["id"]), "domainVerify")["claim"]
    assert proved["verifiedAt"] is not None
    assert proved["organisation"] == {"verifiedDomain": domain}
    asked = len(names.asked)
    again = done(call(client, VERIFY, manager, claimId=claimed["id"]), "domainVerify")["claim"]
    assert again == proved
    assert len(names.asked) == asked
    events = await make.connection.fetch(
        "select kind from event where organisation_id = $1", place.key
    )
    assert [event["kind"] for event in events] == ["DOMAIN_VERIFIED"]
    answer = call(client, CLAIM, manager, organisationId=place.id, domain=domain)
    assert refused(answer, "domainClaim") == [("TAKEN", ["domain"])]


@pytest.mark.parametrize(
    ("zone", "locale", "message"),
    [
        pytest.param(
            None,
            "EN",
            "We found no record yet. Set a TXT record at _talent-commons.{d} (or at {d}) to {v}."
            " It can take a while before everybody sees it.",
            id="no such name",
        ),
        pytest.param(
            ["v=spf1 -all"],
            "NL",
            "We vonden nog geen record. Zet een TXT-record bij _talent-commons.{d} (of bij {d}) op"
            " {v}. Het kan even duren voor iedereen het ziet.",
            id="other records",
        ),
        pytest.param(
            ["talent-commons-verification=stale"],
            "EN",
            "The record says talent-commons-verification=stale, and should say {v}. Correct it at"
            " _talent-commons.{d} (or at {d}).",
            id="wrong value",
        ),
        pytest.param(
            BROKEN,
            "EN",
            "The name servers of {d} did not answer (NoNameservers). Try again later.",
            id="broken server",
        ),
        pytest.param(
            SILENT,
            "NL",
            "De naamservers van {d} gaven geen antwoord (LifetimeTimeout). Probeer het later opnieuw.",
            id="silent server",
        ),
    ],
)
async def test_what_does_not_prove_a_domain_is_said_clearly(
    client: httpx2.Client,
    names: NameServer,
    make: Maker,
    zone: list[str] | str | None,
    locale: str,
    message: str,
) -> None:
    place, manager, domain = await managed(make, locale=locale)
    claimed = claim(client, manager, place, domain)
    if zone is not None:
        names.zone[domain] = zone
    answer = call(client, VERIFY, manager, claimId=claimed["id"])
    assert answer["domainVerify"]["userErrors"] == [
        {
            "code": "CONFLICT",
            "field": ["claimId"],
            "message": message.format(d=domain, v=claimed["recordValue"]),
        }
    ]
    if zone != SILENT:
        answer = call(client, VERIFY, manager, claimId=claimed["id"])
        assert refused(answer, "domainVerify") == [("THROTTLED", ["claimId"])]
    verified = await make.connection.fetchval(
        "select verified_domain from organisation where id = $1", place.key
    )
    assert verified is None


async def test_a_domain_is_one_organisations(
    site: str, client: httpx2.Client, names: NameServer, make: Maker
) -> None:
    """Both have set their record, and both look at the same moment."""
    (one, first, domain), (two, second, _) = await managed(make), await managed(make)
    claims = [claim(client, first, one, domain), claim(client, second, two, domain)]
    assert claims[0]["recordValue"] != claims[1]["recordValue"]
    names.zone[domain] = [claimed["recordValue"] for claimed in claims]
    async with httpx2.AsyncClient(base_url=site, timeout=20, trust_env=False) as together:
        answers = await asyncio.gather(
            *(
                together.post(
                    "/graphql",
                    json={"query": VERIFY, "variables": {"input": {"claimId": claimed["id"]}}},
                    headers={"Authorization": f"Bearer {who.token}"},
                )
                for who, claimed in zip((first, second), claims, strict=True)
            )
        )
    errors = [data_of(answer)["domainVerify"]["userErrors"] for answer in answers]
    assert sorted(error["code"] for found in errors for error in found) == ["TAKEN"]
    owners = await make.connection.fetchval(
        "select count(*) from organisation where verified_domain = $1", domain
    )
    assert owners == 1
    place, late, _ = await managed(make)
    answer = call(client, CLAIM, late, organisationId=place.id, domain=domain)
    assert refused(answer, "domainClaim") == [("TAKEN", ["domain"])]


@pytest.mark.parametrize(
    "domain",
    [
        *(
            "",
            "example",
            "https://a.example",
            "a..example",
            "-a.example",
            "127.0.0.1",
            "a b.example",
        ),
        *("gmail.com", "ZIGGO.nl", "anything.outlook.com", "x" * 64 + ".example"),
    ],
)
async def test_what_is_no_domain_of_an_organisation_is_refused(
    client: httpx2.Client, make: Maker, domain: str
) -> None:
    place, manager, _ = await managed(make)
    answer = call(client, CLAIM, manager, organisationId=place.id, domain=domain)
    assert refused(answer, "domainClaim") == [("INVALID", ["domain"])]


async def test_a_domain_with_accents_is_asked_for_as_dns_writes_it(
    client: httpx2.Client, make: Maker
) -> None:
    place, manager, domain = await managed(make)
    assert claim(client, manager, place, f"café-{domain}")["domain"].startswith("xn--caf-")


async def test_a_mail_to_ones_own_address_proves_its_domain_once(
    town: str, client: httpx2.Client, make: Maker
) -> None:
    place, _, domain = await managed(make)
    manager = await make.person(email=f"me@{domain}", email_verified_at=LONG_AGO, locale="NL")
    await make.member(manager, place, "ADMIN")
    await deliver(town)
    given = {"organisationId": place.id, "domain": domain, "proof": "EMAIL"}
    claimed = done(call(client, CLAIM, manager, **given), "domainClaim")["claim"]
    assert (claimed["recordName"], claimed["recordValue"]) == (None, None)
    answer = call(client, VERIFY, manager, claimId=claimed["id"])
    assert refused(answer, "domainVerify") == [("CONFLICT", ["claimId"])]
    (mail,) = mails_to(await deliver(town), manager.email)
    assert mail.subject == f"Bevestig dat {domain} van jullie is"
    secret = link_of(mail).rpartition("#")[2]
    other = await make.person()
    await make.member(other, place, "OWNER")
    answer = call(client, VERIFY, other, secret=secret)
    assert refused(answer, "domainVerify") == [("NOT_FOUND", ["secret"])]
    proved = done(call(client, VERIFY, manager, secret=secret), "domainVerify")["claim"]
    assert proved["organisation"] == {"verifiedDomain": domain}
    answer = call(client, VERIFY, manager, secret=secret)
    assert refused(answer, "domainVerify") == [("EXPIRED", ["secret"])]
    answer = call(client, VERIFY, manager, secret=secret, claimId=claimed["id"])
    assert refused(answer, "domainVerify") == [("INVALID", [])]


@pytest.mark.parametrize(
    ("address", "verified_at"),
    [
        pytest.param("me@{d}", None, id="not verified"),
        pytest.param("me@sub.{d}", LONG_AGO, id="below it"),
        pytest.param("me@other-{d}", LONG_AGO, id="elsewhere"),
    ],
)
async def test_a_proof_by_mail_needs_a_verified_address_there(
    client: httpx2.Client, make: Maker, address: str, verified_at: datetime | None
) -> None:
    place, _, domain = await managed(make)
    manager = await make.person(email=address.format(d=domain), email_verified_at=verified_at)
    await make.member(manager, place, "ADMIN")
    answer = call(client, CLAIM, manager, organisationId=place.id, domain=domain, proof="EMAIL")
    assert refused(answer, "domainClaim") == [("INVALID", ["proof"])]


async def test_a_new_domain_takes_the_place_of_the_old_one_and_both_can_be_given_up(
    client: httpx2.Client, names: NameServer, make: Maker
) -> None:
    place, manager, domain = await managed(make)
    claims = []
    for name in (domain, f"new-{domain}"):
        claimed = claim(client, manager, place, name)
        names.zone[name] = [claimed["recordValue"]]
        done(call(client, VERIFY, manager, claimId=claimed["id"]), "domainVerify")
        claims.append(claimed["id"])
    released = done(call(client, RELEASE, manager, claimId=claims[0]), "domainRelease")
    assert released["organisation"] == {
        "verifiedDomain": f"new-{domain}",
        "domainClaims": {"totalCount": 1},
    }
    await make.connection.execute(
        "insert into identity_provider (organisation_id, issuer, client_id, sealed_client_secret,"
        " email_domain) values ($1, 'https://id.example', 'x', 'x', $2)",
        place.key,
        f"new-{domain}",
    )
    answer = call(client, RELEASE, manager, claimId=claims[1])
    assert refused(answer, "domainRelease") == [("CONFLICT", ["claimId"])]
    claimed = claim(client, manager, place, domain)
    names.zone[domain] = [claimed["recordValue"]]
    answer = call(client, VERIFY, manager, claimId=claimed["id"])
    assert refused(answer, "domainVerify") == [("CONFLICT", ["claimId"])]
    await make.connection.execute(
        "delete from identity_provider where organisation_id = $1", place.key
    )
    released = done(call(client, RELEASE, manager, claimId=claims[1]), "domainRelease")
    assert released["organisation"]["verifiedDomain"] is None


@pytest.mark.parametrize("role", list(Role))
async def test_domains_are_claimed_and_seen_as_the_table_says(
    client: httpx2.Client, make: Maker, role: Role
) -> None:
    place, owner, domain = await managed(make, "OWNER")
    who = await make.person()
    await make.member(who, place, role)
    claimed = claim(client, owner, place, domain)
    seen = data_of(
        ask(
            client,
            "query ($id: ID!) { organisation(id: $id) { domainClaims { nodes { id } } } }",
            {"id": place.id},
            token=who.token,
        )
    )["organisation"]["domainClaims"]["nodes"]
    answers = [
        call(client, CLAIM, who, organisationId=place.id, domain=f"more-{domain}"),
        call(client, VERIFY, who, claimId=claimed["id"]),
        call(client, RELEASE, who, claimId=claimed["id"]),
    ]
    codes = [
        [error["code"] for error in payload["userErrors"]]
        for answer in answers
        for payload in answer.values()
    ]
    if permitted(Action.VERIFY_DOMAIN, role):
        assert seen == [{"id": claimed["id"]}]
        assert codes == [[], ["CONFLICT"], []]
    else:
        assert seen == []
        assert codes == [["NOT_ALLOWED"]] * 3
    stranger = await make.person()
    answer = call(client, VERIFY, stranger, claimId=claimed["id"])
    assert refused(answer, "domainVerify") == [("NOT_FOUND", ["claimId"])]


async def test_no_transaction_waits_for_a_name_server(
    client: httpx2.Client, names: NameServer, make: Maker, site: str
) -> None:
    """While one look-up hangs, more than the pool holds are begun, and others still write."""
    looking = []
    for _ in range(6):
        place, manager, domain = await managed(make)
        claimed = claim(client, manager, place, domain)
        names.zone[domain] = SILENT
        looking.append((manager, claimed["id"]))
    place, manager, domain = await managed(make)
    async with httpx2.AsyncClient(base_url=site, timeout=30, trust_env=False) as together:
        waiting = [
            asyncio.create_task(
                together.post(
                    "/graphql",
                    json={"query": VERIFY, "variables": {"input": {"claimId": claim_id}}},
                    headers={"Authorization": f"Bearer {who.token}"},
                )
            )
            for who, claim_id in looking
        ]
        await asyncio.sleep(1)
        response = await together.post(
            "/graphql",
            json={
                "query": CLAIM,
                "variables": {"input": {"organisationId": place.id, "domain": domain}},
            },
            headers={"Authorization": f"Bearer {manager.token}"},
        )
        assert not any(task.done() for task in waiting)
        done(data_of(response), "domainClaim")
        for answer in await asyncio.gather(*waiting):
            assert refused(data_of(answer), "domainVerify") == [("CONFLICT", ["claimId"])]


@pytest.mark.parametrize("server", ["127.0.0.1:{port}", "127.0.0.1:{port}, 127.0.0.1:9"])
async def test_records_in_parts_are_put_together(names: NameServer, server: str) -> None:
    names.zone["parts.example"] = ["a" * 300, "b"]
    lookup = txt_lookup(server.format(port=names.port))
    assert sorted(await lookup("parts.example")) == ["a" * 300, "b"]
    assert list(await lookup("nothing.example")) == []
    with pytest.raises(NamesUnavailable):
        await lookup("x" * 64 + ".example")


@pytest.mark.parametrize("servers", ["ns.example", "127.0.0.1:x"])
def test_a_name_server_is_an_address(servers: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        txt_lookup(servers)
