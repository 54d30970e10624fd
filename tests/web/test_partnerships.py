"""Partnerships and the audit trail, as a client meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db.tables.people import Locale, Role
from resolvers.auditing import AuditAction
from resolvers.permissions import Action, permitted
from resolvers.wording import say
from tests.making import Maker, Place, Someone
from tests.web.serving import Answer, ask, data_of, done, refused

ERRORS = "userErrors { code field message }"
NODE = "{ id status requester { id } addressee { id } }"
REQUEST = f"""
mutation ($input: PartnershipRequestInput!) {{
  partnershipRequest(input: $input) {{ partnership {NODE} {ERRORS} }}
}}
"""
ACCEPT, DECLINE, END = (
    f"""
    mutation ($input: Partnership{name}Input!) {{
      answer: partnership{name}(input: $input) {{ partnership {{ status }} {ERRORS} }}
    }}
    """
    for name in ("Accept", "Decline", "End")
)
SEEN = """
query ($id: ID!) {
  organisation(id: $id) {
    partners { nodes { id } }
    partnerships { nodes { status message } }
    asked: partnerships(statuses: [REQUESTED]) { totalCount }
  }
}
"""
TRAIL = """
query ($id: ID!, $language: Locale!, $actions: [AuditAction!]) {
  organisation(id: $id) {
    auditTrail(actions: $actions) {
      nodes {
        action text(language: $language) actor { id }
        subject { __typename ... on Node { id } }
      }
    }
  }
}
"""


def call(client: httpx2.Client, query: str, who: Someone, **given: Any) -> Answer:
    return data_of(ask(client, query, {"input": given}, token=who.token))


async def managed(make: Maker, name: str = "Harbour", role: str = "ADMIN") -> tuple[Place, Someone]:
    place, manager = await make.organisation(name), await make.person(f"Manager of {name}")
    await make.member(manager, place, role)
    return place, manager


def request(client: httpx2.Client, who: Someone, place: Place, other: Place) -> str:
    answer = call(client, REQUEST, who, organisationId=place.id, partnerId=other.id)
    key: str = done(answer, "partnershipRequest")["partnership"]["id"]
    return key


async def test_one_asks_the_other_accepts_either_ends(
    town_client: httpx2.Client, make: Maker
) -> None:
    (one, asking), (two, asked) = await managed(make), await managed(make)
    stranger = await make.person()
    given = {"organisationId": one.id, "partnerId": two.id}
    answer = call(town_client, REQUEST, asking, **given, message="Shall we?")
    partnership = done(answer, "partnershipRequest")["partnership"]
    assert partnership == {
        "id": partnership["id"],
        "status": "REQUESTED",
        "requester": {"id": one.id},
        "addressee": {"id": two.id},
    }
    named = {"partnershipId": partnership["id"]}

    def seen(who: Someone | None, place: Place) -> Any:
        token = who.token if who else None
        return data_of(ask(town_client, SEEN, {"id": place.id}, token=token))["organisation"]

    shown = {
        "partners": {"nodes": []},
        "partnerships": {"nodes": [{"status": "REQUESTED", "message": "Shall we?"}]},
        "asked": {"totalCount": 1},
    }
    assert seen(asked, two) == seen(asking, one) == seen(asked, one) == shown
    assert seen(stranger, one)["partnerships"] == {"nodes": []}
    again = call(town_client, REQUEST, asking, **given)
    assert refused(again, "partnershipRequest") == [("TAKEN", ["partnerId"])]
    assert refused(call(town_client, ACCEPT, asking, **named), "answer") == [
        ("NOT_ALLOWED", ["partnershipId"])
    ]
    assert refused(call(town_client, ACCEPT, stranger, **named), "answer") == [
        ("NOT_FOUND", ["partnershipId"])
    ]
    accepted = done(call(town_client, ACCEPT, asked, **named), "answer")
    assert accepted["partnership"] == {"status": "ACTIVE"}
    assert seen(None, one)["partners"] == {"nodes": [{"id": two.id}]}
    assert seen(None, two)["partners"] == {"nodes": [{"id": one.id}]}
    assert seen(None, two)["partnerships"] == {"nodes": []}
    for query in (ACCEPT, DECLINE):
        assert refused(call(town_client, query, asked, **named), "answer") == [
            ("CONFLICT", ["partnershipId"])
        ]
    ended = done(call(town_client, END, asked, **named), "answer")
    assert ended["partnership"] == {"status": "ENDED"}
    assert seen(None, one)["partners"] == {"nodes": []}
    assert refused(call(town_client, END, asking, **named), "answer") == [
        ("CONFLICT", ["partnershipId"])
    ]
    assert request(town_client, asked, two, one) != partnership["id"]


async def test_two_who_ask_each_other_at_once_are_partners_once(
    town_site: str, make: Maker
) -> None:
    for _ in range(4):
        (one, first), (two, second) = await managed(make), await managed(make)
        sides = ((first, one, two), (second, two, one))
        async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
            answers = await asyncio.gather(
                *(
                    client.post(
                        "/graphql",
                        json={
                            "query": REQUEST,
                            "variables": {
                                "input": {"organisationId": mine.id, "partnerId": other.id}
                            },
                        },
                        headers={"Authorization": f"Bearer {who.token}"},
                    )
                    for who, mine, other in sides
                )
            )
        made = [done(data_of(a), "partnershipRequest")["partnership"] for a in answers]
        assert made[0]["id"] == made[1]["id"]
        rows = await make.connection.fetch(
            "select status from partnership where requester_id = any($1)", [one.key, two.key]
        )
        assert [row["status"] for row in rows] == ["ACTIVE"]


async def test_a_request_is_taken_back_or_declined_and_not_made_again_at_once(
    town_client: httpx2.Client, make: Maker
) -> None:
    (one, asking), (two, asked) = await managed(make), await managed(make)
    named = request(town_client, asking, one, two)
    assert refused(call(town_client, END, asked, partnershipId=named), "answer") == [
        ("NOT_ALLOWED", ["partnershipId"])
    ]
    assert done(call(town_client, END, asking, partnershipId=named), "answer")
    again = request(town_client, asking, one, two)
    declined = done(call(town_client, DECLINE, asked, partnershipId=again), "answer")
    assert declined["partnership"] == {"status": "DECLINED"}
    answer = call(town_client, REQUEST, asking, organisationId=one.id, partnerId=two.id)
    assert refused(answer, "partnershipRequest") == [("TOO_MANY", ["partnerId"])]


async def test_nobody_partners_with_themselves_or_with_what_they_may_not_know_of(
    town_client: httpx2.Client, make: Maker
) -> None:
    one, asking = await managed(make)
    hidden = await make.organisation()
    await make.connection.execute(
        "update organisation set suspended_at = now() where id = $1", hidden.key
    )
    for other, expected in ((one, "INVALID"), (hidden, "NOT_FOUND")):
        answer = call(town_client, REQUEST, asking, organisationId=one.id, partnerId=other.id)
        assert refused(answer, "partnershipRequest") == [(expected, ["partnerId"])]


@pytest.mark.parametrize("role", list(Role))
async def test_partnerships_and_the_trail_are_for_whom_the_table_says(
    town_client: httpx2.Client, make: Maker, role: Role
) -> None:
    (one, who), (two, owner) = await managed(make, role=role), await managed(make, role="OWNER")
    named = request(town_client, owner, two, one)
    answers = [
        call(town_client, REQUEST, who, organisationId=one.id, partnerId=two.id)[
            "partnershipRequest"
        ],
        call(town_client, DECLINE, who, partnershipId=named)["answer"],
        call(town_client, END, who, partnershipId=named)["answer"],
    ]
    codes = [[error["code"] for error in answer["userErrors"]] for answer in answers]
    if permitted(Action.MANAGE_PARTNERSHIPS, role):
        # Asking back accepted it, so there was nothing to decline.
        assert codes == [[], ["CONFLICT"], []]
    else:
        assert codes == [["NOT_ALLOWED"]] * 3
    variables = {"id": one.id, "language": "EN"}
    trail = data_of(ask(town_client, TRAIL, variables, token=who.token))["organisation"][
        "auditTrail"
    ]["nodes"]
    assert bool(trail) == permitted(Action.READ_AUDIT, role)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "EN",
            [
                "Manager of Polder agreed to the partnership with {quay}.",
                "Manager of Quay asked for the partnership with {quay}.",
                "Manager of Polder ended the membership of Mo Ber (editor).",
                "Manager of Polder made Mo Ber editor; before: member.",
                "Manager of Polder edited the profile: name, size.",
            ],
        ),
        (
            "NL",
            [
                "Manager of Polder heeft ingestemd met het partnerschap met {quay}.",
                "Manager of Quay heeft om het partnerschap met {quay} gevraagd.",
                "Manager of Polder heeft het lidmaatschap van Mo Ber (redacteur) beëindigd.",
                "Manager of Polder heeft Mo Ber redacteur gemaakt; eerst: lid.",
                "Manager of Polder heeft het profiel bewerkt: naam, omvang.",
            ],
        ),
    ],
)
async def test_the_trail_tells_who_did_what_in_both_languages(
    town_client: httpx2.Client, make: Maker, language: str, sentences: list[str]
) -> None:
    (place, manager), (other, asking) = await managed(make, "Polder"), await managed(make, "Quay")
    member = await make.person("Mo Ber")
    membership = f"mem_{await make.member(member, place)}"
    for name, given in (
        (
            "organisationEdit",
            {"organisationId": place.id, "expectedVersion": 1, "name": "P", "sizeBand": "LARGE"},
        ),
        ("membershipChangeRole", {"membershipId": membership, "role": "EDITOR"}),
        ("membershipEnd", {"membershipId": membership}),
    ):
        kind = f"{name[0].upper()}{name[1:]}Input!"
        text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {ERRORS} }} }}"
        done(call(town_client, text, manager, **given), name)
    named = request(town_client, asking, other, place)
    done(call(town_client, ACCEPT, manager, partnershipId=named), "answer")
    variables = {"id": place.id, "language": language}
    nodes = data_of(ask(town_client, TRAIL, variables, token=manager.token))["organisation"][
        "auditTrail"
    ]["nodes"]
    assert [node["text"] for node in nodes] == [text.format(quay="Quay") for text in sentences]
    assert [node["subject"] for node in nodes] == [
        {"__typename": "Organisation", "id": other.id},
        {"__typename": "Organisation", "id": other.id},
        {"__typename": "Person", "id": member.id},
        {"__typename": "Person", "id": member.id},
        {"__typename": "Organisation", "id": place.id},
    ]
    assert [node["actor"]["id"] for node in nodes] == [
        manager.id,
        asking.id,
        manager.id,
        manager.id,
        manager.id,
    ]
    chosen = {**variables, "actions": ["ORGANISATION_EDITED"]}
    (only,) = data_of(ask(town_client, TRAIL, chosen, token=manager.token))["organisation"][
        "auditTrail"
    ]["nodes"]
    assert only["action"] == "ORGANISATION_EDITED"


def test_every_action_has_its_sentence_in_both_languages() -> None:
    values = dict.fromkeys(("actor", "subject", "role", "old_role", "fields", "domain"), "x")
    for action in AuditAction:
        sentences = {say(f"audit.{action.value}", locale, **values) for locale in Locale}
        assert len(sentences) == 2, action
