"""Invitations and requests to join, as a client meets them, mails included."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from db import counters
from db.tables.people import Role
from resolvers.permissions import Action, may_grant, permitted
from tests.mailing import deliver
from tests.making import Maker, Place, Someone
from tests.web.serving import Answer, ask, data_of, done, refused

ERRORS = "userErrors { code field message }"
INVITE = f"""
mutation ($input: InvitationCreateInput!) {{
  invitationCreate(input: $input) {{
    invitation {{ id email role status organisation {{ id }} invitedBy {{ id }} }} {ERRORS}
  }}
}}
"""
ACCEPT = f"""
mutation ($input: InvitationAcceptInput!) {{
  invitationAccept(input: $input) {{
    invitation {{ status }}
    membership {{ id role organisation {{ memberCount }} }}
    {ERRORS}
  }}
}}
"""
DECLINE = f"""
mutation ($input: InvitationDeclineInput!) {{
  invitationDecline(input: $input) {{ invitation {{ status }} {ERRORS} }}
}}
"""
REVOKE = f"""
mutation ($input: InvitationRevokeInput!) {{
  invitationRevoke(input: $input) {{ invitation {{ status }} {ERRORS} }}
}}
"""
ASK = f"""
mutation ($input: JoinRequestCreateInput!) {{
  joinRequestCreate(input: $input) {{
    joinRequest {{ id outcome message personName }} membership {{ role }} {ERRORS}
  }}
}}
"""
WITHDRAW = f"""
mutation ($input: JoinRequestWithdrawInput!) {{
  joinRequestWithdraw(input: $input) {{ joinRequest {{ outcome decidedAt }} {ERRORS} }}
}}
"""
TAKE = f"""
mutation ($input: JoinRequestAcceptInput!) {{
  joinRequestAccept(input: $input) {{
    joinRequest {{ outcome personName }} membership {{ role person {{ name }} }} {ERRORS}
  }}
}}
"""
TURN_DOWN = f"""
mutation ($input: JoinRequestDeclineInput!) {{
  joinRequestDecline(input: $input) {{ joinRequest {{ outcome }} {ERRORS} }}
}}
"""
SEEN = """
query ($id: ID!) {
  organisation(id: $id) {
    invitations { nodes { id email } } open: invitations(pending: true) { nodes { id } }
    joinRequests { nodes { personName outcome } }
    pending: joinRequests(outcomes: [PENDING]) { totalCount }
    viewerJoinRequest { outcome }
  }
  viewer { invitations { nodes { id organisation { id } } } joinRequests { nodes { outcome } } }
}
"""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def call(client: httpx2.Client, query: str, who: Someone, **given: Any) -> Answer:
    return data_of(ask(client, query, {"input": given}, token=who.token))


async def somebody(make: Maker, **columns: Any) -> Someone:
    """Make a person whose address is verified."""
    return await make.person(**{"email_verified_at": LONG_AGO, **columns})


async def managed(make: Maker, role: str = "OWNER") -> tuple[Place, Someone]:
    """Make an organisation and who manages it."""
    place, manager = await make.organisation("Waterworks"), await make.person("Vera Manager")
    await make.member(manager, place, role)
    return place, manager


async def invite(
    client: httpx2.Client, dsn: str, manager: Someone, place: Place, email: str, **given: Any
) -> tuple[str, str]:
    """Invite somebody; give the invitation's id and the secret in the mail."""
    await deliver(dsn)
    answer = call(client, INVITE, manager, organisationId=place.id, email=email, **given)
    invitation = done(answer, "invitationCreate")["invitation"]
    (mail,) = [mail for mail in await deliver(dsn) if mail.to == email]
    link = next(word for word in mail.text.split() if "/invitation#" in word)
    return invitation["id"], link.rpartition("#")[2]


@pytest.mark.parametrize(
    ("locale", "subject", "sentence"),
    [
        ("EN", "Vera Manager invites you to Waterworks", "works for 14 days"),
        ("NL", "Vera Manager nodigt je uit voor Waterworks", "14 dagen geldig"),
    ],
)
async def test_whoever_is_invited_gets_a_mail_in_their_language_and_joins_by_its_link(
    town: str, town_client: httpx2.Client, make: Maker, locale: str, subject: str, sentence: str
) -> None:
    place, manager = await managed(make)
    invited = await somebody(make, locale=locale)
    answer = call(
        town_client,
        INVITE,
        manager,
        organisationId=place.id,
        email=invited.email.upper(),
        role="EDITOR",
    )
    made = done(answer, "invitationCreate")["invitation"]
    assert made == {
        "id": made["id"],
        "email": invited.email.upper(),
        "role": "EDITOR",
        "status": "PENDING",
        "organisation": {"id": place.id},
        "invitedBy": {"id": manager.id},
    }
    (mail,) = [mail for mail in await deliver(town) if mail.to == invited.email.upper()]
    assert mail.subject == subject
    assert sentence in mail.text
    link = next(word for word in mail.text.split() if "/invitation#" in word)
    stored = await make.connection.fetch("select secret_hash::text from invitation")
    secret = link.rpartition("#")[2]
    assert all(secret not in row[0] for row in stored)
    payload = done(call(town_client, ACCEPT, invited, secret=secret), "invitationAccept")
    assert payload["invitation"] == {"status": "ACCEPTED"}
    assert payload["membership"]["role"] == "EDITOR"
    assert payload["membership"]["organisation"] == {"memberCount": 2}
    again = done(call(town_client, ACCEPT, invited, secret=secret), "invitationAccept")
    assert again["membership"]["id"] == payload["membership"]["id"]
    assert await counters.check(make.connection) == []


async def test_an_invitation_accepted_many_times_at_once_gives_one_membership(
    town: str, town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    invited = await somebody(make)
    _, secret = await invite(town_client, town, manager, place, invited.email)
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={"query": ACCEPT, "variables": {"input": {"secret": secret}}},
                    headers={"Authorization": f"Bearer {invited.token}"},
                )
                for _ in range(12)
            )
        )
    ids = {done(data_of(a), "invitationAccept")["membership"]["id"] for a in answers}
    assert len(ids) == 1
    count = await make.connection.fetchval(
        "select count(*) from membership where organisation_id = $1", place.key
    )
    assert count == 2
    assert await counters.check(make.connection) == []


async def test_a_link_lets_in_only_whose_verified_address_it_was_sent_to(
    town: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    invited, other = await somebody(make), await somebody(make, locale="NL")
    unverified = await make.person()
    named, secret = await invite(town_client, town, manager, place, invited.email)
    answer = call(town_client, ACCEPT, other, secret=secret)
    assert answer["invitationAccept"]["userErrors"] == [
        {
            "code": "NOT_ALLOWED",
            "field": ["secret"],
            "message": "Deze uitnodiging is voor een ander e-mailadres dan het jouwe. Meld je aan met"
            " het adres waarop je haar kreeg, of vraag er een voor jouw adres.",
        }
    ]
    answer = call(town_client, ACCEPT, other, invitationId=named)
    assert refused(answer, "invitationAccept") == [("NOT_FOUND", ["invitationId"])]
    answer = call(town_client, ACCEPT, invited, secret=secret[:-1])
    assert refused(answer, "invitationAccept") == [("NOT_FOUND", ["secret"])]
    answer = call(town_client, ACCEPT, invited, secret=secret, invitationId=named)
    assert refused(answer, "invitationAccept") == [("INVALID", [])]
    answer = data_of(ask(town_client, ACCEPT, {"input": {"secret": secret}}))
    assert refused(answer, "invitationAccept") == [("NOT_SIGNED_IN", [])]
    _, theirs = await invite(town_client, town, manager, place, unverified.email)
    answer = call(town_client, ACCEPT, unverified, secret=theirs)
    assert refused(answer, "invitationAccept") == [("NOT_ALLOWED", [])]
    # On the network the invited need no link.
    answer = call(town_client, ACCEPT, invited, invitationId=named)
    assert done(answer, "invitationAccept")["membership"]["role"] == "MEMBER"


@pytest.mark.parametrize("given", list(Role))
@pytest.mark.parametrize("actor", list(Role))
async def test_people_are_invited_as_the_table_says(
    town_client: httpx2.Client, make: Maker, actor: Role, given: Role
) -> None:
    place, manager = await managed(make, actor)
    email = f"new-{place.slug}@people.example"
    answer = call(
        town_client, INVITE, manager, organisationId=place.id, email=email, role=given.value
    )
    if not permitted(Action.INVITE, actor):
        assert refused(answer, "invitationCreate") == [("NOT_ALLOWED", ["organisationId"])]
    elif not may_grant(actor, given):
        assert refused(answer, "invitationCreate") == [("NOT_ALLOWED", ["role"])]
    else:
        assert done(answer, "invitationCreate")["invitation"]["role"] == given.value


async def test_the_inviter_does_not_learn_who_has_an_account(
    town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    member, known = await somebody(make), await somebody(make)
    await make.member(member, place)
    answers = [
        call(town_client, INVITE, manager, organisationId=place.id, email=email)
        for email in (member.email, known.email, f"nobody-{place.slug}@people.example")
    ]
    for answer in answers:
        made = done(answer, "invitationCreate")["invitation"]
        assert (made["status"], made["role"]) == ("PENDING", "MEMBER")


async def test_an_address_is_invited_once_until_the_invitation_has_expired(
    town: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    invited = await somebody(make)
    named, secret = await invite(town_client, town, manager, place, invited.email)
    given = {"organisationId": place.id, "email": invited.email}
    answer = call(town_client, INVITE, manager, **given)
    assert refused(answer, "invitationCreate") == [("TAKEN", ["email"])]
    await make.connection.execute(
        "update invitation set expires_at = $2 where id = $1",
        named.removeprefix("inv_"),
        datetime.now(UTC) - timedelta(seconds=1),
    )
    answer = call(town_client, ACCEPT, invited, secret=secret)
    assert answer["invitationAccept"]["userErrors"][0] == {
        "code": "EXPIRED",
        "field": [],
        "message": "This invitation was valid for 14 days and has expired. Ask for a new one.",
    }
    anew = done(call(town_client, INVITE, manager, **given), "invitationCreate")["invitation"]
    assert (anew["id"], anew["status"]) == (named, "PENDING")
    answer = call(town_client, ACCEPT, invited, secret=secret)
    assert refused(answer, "invitationAccept") == [("NOT_FOUND", ["secret"])]
    bad = call(town_client, INVITE, manager, organisationId=place.id, email="no address")
    assert refused(bad, "invitationCreate") == [("INVALID", ["email"])]


async def test_many_invitations_to_one_address_at_once_are_one(town_site: str, make: Maker) -> None:
    place, manager = await managed(make)
    given = {"organisationId": place.id, "email": f"crowd-{place.slug}@people.example"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={"query": INVITE, "variables": {"input": given}},
                    headers={"Authorization": f"Bearer {manager.token}"},
                )
                for _ in range(8)
            )
        )
    errors = [data_of(a)["invitationCreate"]["userErrors"] for a in answers]
    assert sorted(error["code"] for found in errors for error in found) == ["TAKEN"] * 7


async def test_an_invitation_is_declined_or_taken_back_once(
    town: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    one, two = await somebody(make), await somebody(make)
    first, secret = await invite(town_client, town, manager, place, one.email)
    answer = call(town_client, DECLINE, one, secret=secret)
    assert done(answer, "invitationDecline")["invitation"] == {"status": "DECLINED"}
    for query, name in ((ACCEPT, "invitationAccept"), (DECLINE, "invitationDecline")):
        assert refused(call(town_client, query, one, secret=secret), name) == [("CONFLICT", [])]
    answer = call(town_client, REVOKE, manager, invitationId=first)
    assert refused(answer, "invitationRevoke") == [("CONFLICT", ["invitationId"])]
    second, secret = await invite(town_client, town, manager, place, two.email, role="ADMIN")
    stranger = await make.person()
    answer = call(town_client, REVOKE, stranger, invitationId=second)
    assert refused(answer, "invitationRevoke") == [("NOT_FOUND", ["invitationId"])]
    answer = call(town_client, REVOKE, two, invitationId=second)
    assert refused(answer, "invitationRevoke") == [("NOT_ALLOWED", ["invitationId"])]
    talent = await make.person()
    await make.member(talent, place, "TALENT_MANAGER")
    answer = call(town_client, REVOKE, talent, invitationId=second)
    assert refused(answer, "invitationRevoke") == [("NOT_ALLOWED", ["invitationId"])]
    answer = call(town_client, REVOKE, manager, invitationId=second)
    assert done(answer, "invitationRevoke")["invitation"] == {"status": "REVOKED"}
    assert refused(call(town_client, ACCEPT, two, secret=secret), "invitationAccept") == [
        ("EXPIRED", [])
    ]


async def test_invitations_are_seen_by_those_they_concern(
    town: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    invited, member, stranger = await somebody(make), await somebody(make), await somebody(make)
    await make.member(member, place, "EDITOR")
    named, _ = await invite(town_client, town, manager, place, invited.email)

    def seen(who: Someone | None) -> Any:
        token = who.token if who else None
        answer = data_of(ask(town_client, SEEN, {"id": place.id}, token=token))
        return answer["organisation"]["invitations"]["nodes"]

    assert seen(manager) == seen(invited) == [{"id": named, "email": invited.email}]
    assert seen(member) == seen(stranger) == seen(None) == []
    mine = data_of(ask(town_client, SEEN, {"id": place.id}, token=invited.token))["viewer"]
    assert mine["invitations"]["nodes"] == [{"id": named, "organisation": {"id": place.id}}]


async def test_whoever_asks_is_let_in_by_those_who_may(
    town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make, "TALENT_MANAGER")
    applicant = await make.person("Quiet Applicant", visibility="COLLEAGUES")
    member = await make.person()
    await make.member(member, place, "EDITOR")
    given = {"organisationId": place.id, "message": "  I know\nwater. "}
    payload = done(call(town_client, ASK, applicant, **given), "joinRequestCreate")
    named = payload["joinRequest"]["id"]
    assert payload == {
        "joinRequest": {
            "id": named,
            "outcome": "PENDING",
            "message": "I know\nwater.",
            "personName": "Quiet Applicant",
        },
        "membership": None,
        "userErrors": [],
    }
    again = call(town_client, ASK, applicant, **given)
    assert refused(again, "joinRequestCreate") == [("TAKEN", ["organisationId"])]

    def seen(who: Someone) -> Any:
        answer = data_of(ask(town_client, SEEN, {"id": place.id}, token=who.token))
        return answer["organisation"]

    shown = [{"personName": "Quiet Applicant", "outcome": "PENDING"}]
    assert seen(manager)["joinRequests"]["nodes"] == shown
    assert seen(manager)["pending"] == {"totalCount": 1}
    assert seen(applicant)["viewerJoinRequest"] == {"outcome": "PENDING"}
    assert seen(member)["joinRequests"]["nodes"] == []
    answer = call(town_client, TAKE, member, joinRequestId=named)
    assert refused(answer, "joinRequestAccept") == [("NOT_FOUND", ["joinRequestId"])]
    answer = call(town_client, TAKE, applicant, joinRequestId=named)
    assert refused(answer, "joinRequestAccept") == [("NOT_ALLOWED", ["joinRequestId"])]
    answer = call(town_client, TAKE, manager, joinRequestId=named, role="ADMIN")
    assert refused(answer, "joinRequestAccept") == [("NOT_ALLOWED", ["role"])]
    answer = call(town_client, TAKE, manager, joinRequestId=named, role="EDITOR")
    assert done(answer, "joinRequestAccept") == {
        "joinRequest": {"outcome": "ACCEPTED", "personName": "Quiet Applicant"},
        "membership": {"role": "EDITOR", "person": {"name": "Quiet Applicant"}},
        "userErrors": [],
    }
    answer = call(town_client, TURN_DOWN, manager, joinRequestId=named)
    assert refused(answer, "joinRequestDecline") == [("CONFLICT", ["joinRequestId"])]
    answer = call(town_client, ASK, applicant, **given)
    assert refused(answer, "joinRequestCreate") == [("TAKEN", ["organisationId"])]


async def test_a_request_accepted_by_two_at_once_gives_one_membership(
    town_site: str, town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    applicant = await make.person()
    named = done(call(town_client, ASK, applicant, organisationId=place.id), "joinRequestCreate")[
        "joinRequest"
    ]["id"]
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={"query": TAKE, "variables": {"input": {"joinRequestId": named}}},
                    headers={"Authorization": f"Bearer {manager.token}"},
                )
                for _ in range(6)
            )
        )
    codes = [e["code"] for a in answers for e in data_of(a)["joinRequestAccept"]["userErrors"]]
    assert codes == ["CONFLICT"] * 5
    assert await counters.check(make.connection) == []


async def test_a_request_is_withdrawn_and_asked_again_but_not_right_after_a_no(
    town_client: httpx2.Client, make: Maker
) -> None:
    place, manager = await managed(make)
    applicant = await make.person(locale="NL")

    def ask_again() -> str:
        answer = call(town_client, ASK, applicant, organisationId=place.id)
        named: str = done(answer, "joinRequestCreate")["joinRequest"]["id"]
        return named

    first = ask_again()
    answer = call(town_client, WITHDRAW, manager, joinRequestId=first)
    assert refused(answer, "joinRequestWithdraw") == [("NOT_FOUND", ["joinRequestId"])]
    withdrawn = done(
        call(town_client, WITHDRAW, applicant, joinRequestId=first), "joinRequestWithdraw"
    )
    assert withdrawn["joinRequest"]["outcome"] == "WITHDRAWN"
    second = ask_again()
    answer = call(town_client, TURN_DOWN, manager, joinRequestId=second)
    assert done(answer, "joinRequestDecline")["joinRequest"] == {"outcome": "DECLINED"}
    answer = call(town_client, ASK, applicant, organisationId=place.id)
    assert answer["joinRequestCreate"]["userErrors"] == [
        {
            "code": "TOO_MANY",
            "field": ["organisationId"],
            "message": "Je verzoek is kort geleden afgewezen. 7 dagen daarna kun je het opnieuw vragen.",
        }
    ]


@pytest.mark.parametrize(
    ("email", "verified_at", "outcome"),
    [
        pytest.param("a@{D}", LONG_AGO, "ACCEPTED", id="the domain"),
        pytest.param("a@Mail.{d}", LONG_AGO, "ACCEPTED", id="below it"),
        pytest.param("b@{d}", None, "PENDING", id="not verified"),
        pytest.param("a@not{d}", LONG_AGO, "PENDING", id="another that ends like it"),
    ],
)
async def test_a_verified_address_under_the_verified_domain_joins_at_once(
    town_client: httpx2.Client, make: Maker, email: str, verified_at: datetime | None, outcome: str
) -> None:
    place, _ = await managed(make)
    domain = f"{place.slug}.example"
    await make.connection.execute(
        "update organisation set verified_domain = $2 where id = $1", place.key, domain
    )
    who = await make.person(
        email=email.format(d=domain, D=domain.upper()), email_verified_at=verified_at
    )
    payload = done(call(town_client, ASK, who, organisationId=place.id), "joinRequestCreate")
    assert payload["membership"] == ({"role": "MEMBER"} if outcome == "ACCEPTED" else None)
    assert payload["joinRequest"]["outcome"] == outcome
    assert await counters.check(make.connection) == []


async def test_whoever_may_not_know_of_an_organisation_cannot_ask(
    town_client: httpx2.Client, make: Maker
) -> None:
    place, _ = await managed(make)
    who = await make.person()
    await make.connection.execute(
        "insert into block (person_id, organisation_id, by_organisation) values ($1, $2, true)",
        who.key,
        place.key,
    )
    answer = call(town_client, ASK, who, organisationId=place.id)
    assert refused(answer, "joinRequestCreate") == [("NOT_FOUND", ["organisationId"])]
