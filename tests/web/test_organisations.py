"""Organisations and their strengths, as a client makes and edits them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

from db import counters
from db.tables.people import Role
from resolvers.permissions import Action, permitted
from tests.making import Maker, Someone
from tests.web.serving import Answer, ask, data_of, done, refused

ERRORS = "userErrors { code field message }"
CREATE = f"""
mutation ($input: OrganisationCreateInput!) {{
  organisationCreate(input: $input) {{
    organisation {{
      id slug name kind sector sizeBand about aboutHtml website location furtherSectors
      furtherLocations version memberCount viewerRole
    }}
    {ERRORS}
  }}
}}
"""
EDIT = f"""
mutation ($input: OrganisationEditInput!) {{
  organisationEdit(input: $input) {{
    organisation {{
      slug name about aboutHtml website location furtherSectors furtherLocations version
    }}
    {ERRORS}
  }}
}}
"""
DECLARE = f"""
mutation ($input: StrengthDeclareInput!) {{
  strengthDeclare(input: $input) {{
    strength {{ id statement skill {{ id }} organisation {{ id }} }} {ERRORS}
  }}
}}
"""
RESTATE = f"""
mutation ($input: StrengthEditInput!) {{
  strengthEdit(input: $input) {{ strength {{ statement }} {ERRORS} }}
}}
"""
WITHDRAW = f"""
mutation ($input: StrengthWithdrawInput!) {{
  strengthWithdraw(input: $input) {{
    organisation {{ strengths {{ totalCount }} }} {ERRORS}
  }}
}}
"""
PLAIN = {"kind": "COMPANY", "sector": "TECHNOLOGY", "sizeBand": "SMALL"}


def call(client: httpx2.Client, query: str, who: Someone, **given: Any) -> Answer:
    return data_of(ask(client, query, {"input": given}, token=who.token))


async def skill_id(make: Maker) -> str:
    return f"skl_{await make.connection.fetchval('select id from skill order by slug limit 1')}"


async def test_whoever_creates_an_organisation_owns_it(
    town_client: httpx2.Client, make: Maker
) -> None:
    who = await make.person()
    answer = call(
        town_client,
        CREATE,
        who,
        name=" Coöperatie Ærø & Zonen ",
        kind="COOPERATIVE",
        sector="ENERGY_UTILITIES",
        sizeBand="LARGE",
        about="We *share*.\r\n\r\n<script>alert(1)</script>",
        website="https://aero.example",
        location="Waterland",
        furtherSectors=["TECHNOLOGY", "ENERGY_UTILITIES", "TECHNOLOGY"],
        furtherLocations=["Oost", "West", "Oost"],
    )
    made = done(answer, "organisationCreate")["organisation"]
    assert made == {
        "id": made["id"],
        "slug": "cooperatie-aero-zonen",
        "name": "Coöperatie Ærø & Zonen",
        "kind": "COOPERATIVE",
        "sector": "ENERGY_UTILITIES",
        "sizeBand": "LARGE",
        "about": "We *share*.\n\n<script>alert(1)</script>",
        "aboutHtml": "<p>We <em>share</em>.</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "website": "https://aero.example",
        "location": "Waterland",
        "furtherSectors": ["TECHNOLOGY"],
        "furtherLocations": ["Oost", "West"],
        "version": 1,
        "memberCount": 1,
        "viewerRole": "OWNER",
    }
    assert await counters.check(make.connection) == []
    entries = await make.connection.fetch(
        "select action, actor_id from audit_entry where organisation_id = $1", _key(made["id"])
    )
    assert [tuple(entry) for entry in entries] == [("ORGANISATION_CREATED", who.key)]


async def test_addresses_are_told_apart(town_site: str, make: Maker) -> None:
    """Ten of the same name at once."""
    who = await make.person()
    body = {"query": CREATE, "variables": {"input": {"name": "Twin Works", **PLAIN}}}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post("/graphql", json=body, headers={"Authorization": f"Bearer {who.token}"})
                for _ in range(10)
            )
        )
    slugs = [done(data_of(a), "organisationCreate")["organisation"]["slug"] for a in answers]
    assert len(set(slugs)) == 10
    expected = {"twin-works", *(f"twin-works-{number}" for number in range(2, 10))}
    assert expected <= set(slugs)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("組織", r"organisation-[0-9a-f]{8}", id="another script"),
        pytest.param("New", r"new-\d", id="a word of the pages"),
        pytest.param("-- A/B  c! --", r"a-b-c(-\d)?", id="signs"),
        pytest.param("x" * 120, r"x{70}(-\d)?", id="long"),
    ],
)
async def test_addresses_hold_plain_letters(
    town_client: httpx2.Client, make: Maker, name: str, slug: str
) -> None:
    made = done(
        call(town_client, CREATE, await make.person(), name=name, **PLAIN), "organisationCreate"
    )["organisation"]
    assert made["name"] == name
    found = await make.connection.fetchval("select $1::text ~ $2", made["slug"], f"^{slug}$")
    assert found, made["slug"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"name": "  "}, "name", id="no name"),
        pytest.param({"name": "x" * 121}, "name", id="long name"),
        pytest.param({"name": "a\u202eb"}, "name", id="direction"),
        pytest.param({"about": "x" * 10_001}, "about", id="long about"),
        pytest.param({"about": "a\u0000b"}, "about", id="control"),
        pytest.param({"website": "javascript:alert(1)"}, "website", id="no web address"),
        pytest.param({"location": "x" * 121}, "location", id="long location"),
        pytest.param(
            {"furtherSectors": ["EDUCATION_RESEARCH"] * 11}, "furtherSectors", id="sectors"
        ),
        pytest.param({"furtherLocations": [""]}, "furtherLocations", id="empty location"),
    ],
)
async def test_a_profile_that_cannot_be_taken_is_refused(
    town_client: httpx2.Client, make: Maker, given: dict[str, Any], field: str
) -> None:
    who, place = await make.person(), await make.organisation()
    await make.member(who, place, "OWNER")
    answer = call(town_client, CREATE, who, **{"name": "Refused Ltd", **PLAIN, **given})
    assert refused(answer, "organisationCreate") == [("INVALID", [field])]
    answer = call(
        town_client, EDIT, who, **{"organisationId": place.id, "expectedVersion": 1, **given}
    )
    assert refused(answer, "organisationEdit") == [("INVALID", [field])]
    version = await make.connection.fetchval(
        "select version from organisation where id = $1", place.key
    )
    assert version == 1


async def test_one_person_owns_only_so_many(town_client: httpx2.Client, make: Maker) -> None:
    who = await make.person(locale="NL")
    for _ in range(25):
        await make.member(who, await make.organisation(), "OWNER")
    answer = call(town_client, CREATE, who, name="One more", **PLAIN)
    assert answer["organisationCreate"]["userErrors"] == [
        {
            "code": "TOO_MANY",
            "field": [],
            "message": "Je bent eigenaar van 25 organisaties, meer kan er niet. Draag er eerst een over.",
        }
    ]


async def test_an_edit_changes_what_is_given(town_client: httpx2.Client, make: Maker) -> None:
    who = await make.person()
    place = await make.organisation("Still", website="https://a.example", location="Oost")
    await make.member(who, place, "ADMIN")
    given = {"organisationId": place.id, "expectedVersion": 1}
    edited = done(
        call(town_client, EDIT, who, **given, name="Loud", website=None, about="**Loud**"),
        "organisationEdit",
    )["organisation"]
    assert edited == {
        "slug": place.slug,
        "name": "Loud",
        "about": "**Loud**",
        "aboutHtml": "<p><strong>Loud</strong></p>",
        "website": None,
        "location": "Oost",
        "furtherSectors": [],
        "furtherLocations": [],
        "version": 2,
    }
    late = call(town_client, EDIT, who, **given, name="Late")
    assert refused(late, "organisationEdit") == [("CONFLICT", ["expectedVersion"])]
    details = await make.connection.fetchval(
        "select details from audit_entry where organisation_id = $1", place.key
    )
    assert json.loads(details) == {"fields": ["name", "about", "website"]}


async def test_two_edits_of_one_version_are_not_both_taken(town_site: str, make: Maker) -> None:
    who, place = await make.person(), await make.organisation()
    await make.member(who, place, "OWNER")
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={
                        "query": EDIT,
                        "variables": {
                            "input": {
                                "organisationId": place.id,
                                "expectedVersion": 1,
                                "name": f"Name {number}",
                            }
                        },
                    },
                    headers={"Authorization": f"Bearer {who.token}"},
                )
                for number in range(8)
            )
        )
    taken = [a for a in answers if not data_of(a)["organisationEdit"]["userErrors"]]
    assert len(taken) == 1
    codes = {
        error["code"] for a in answers for error in data_of(a)["organisationEdit"]["userErrors"]
    }
    assert codes == {"CONFLICT"}


async def test_what_nobody_edited_here_is_shown_as_plain_paragraphs(
    town_client: httpx2.Client, make: Maker
) -> None:
    place = await make.organisation(about='First <b>line</b>\nsecond & "third"\n\n\nAnother')
    answer = data_of(
        ask(town_client, "query ($i: ID!) { organisation(id: $i) { aboutHtml } }", {"i": place.id})
    )
    assert answer["organisation"]["aboutHtml"] == (
        '<p>First &lt;b&gt;line&lt;/b&gt;<br>second &amp; "third"</p><p>Another</p>'
    )


@pytest.mark.parametrize("role", list(Role))
async def test_profile_and_strengths_are_changed_as_the_table_says(
    town_client: httpx2.Client, make: Maker, role: Role
) -> None:
    who, place, skill = await make.person(), await make.organisation(), await skill_id(make)
    await make.member(who, place, role)
    edit = call(town_client, EDIT, who, organisationId=place.id, expectedVersion=1, name="New name")
    declare = call(town_client, DECLARE, who, organisationId=place.id, skillId=skill)
    for action, answer, name in (
        (Action.EDIT_PROFILE, edit, "organisationEdit"),
        (Action.DECLARE_STRENGTHS, declare, "strengthDeclare"),
    ):
        if permitted(action, role):
            done(answer, name)
        else:
            assert refused(answer, name) == [("NOT_ALLOWED", ["organisationId"])]


async def test_what_may_not_be_known_of_is_not_found(
    town_client: httpx2.Client, make: Maker
) -> None:
    who, place = await make.person(), await make.organisation()
    blocking = await make.organisation()
    await make.connection.execute(
        "update organisation set suspended_at = now() where id = $1", place.key
    )
    await make.connection.execute(
        "insert into block (person_id, organisation_id, by_organisation) values ($1, $2, true)",
        who.key,
        blocking.key,
    )
    for hidden in (place, blocking):
        answer = call(town_client, EDIT, who, organisationId=hidden.id, expectedVersion=1, name="x")
        assert refused(answer, "organisationEdit") == [("NOT_FOUND", ["organisationId"])]
    known = await make.organisation()
    answer = call(town_client, EDIT, who, organisationId=known.id, expectedVersion=1, name="x")
    assert refused(answer, "organisationEdit") == [("NOT_ALLOWED", ["organisationId"])]


async def test_strengths_are_declared_restated_and_withdrawn(
    town_client: httpx2.Client, make: Maker
) -> None:
    who, place, skill = await make.person(), await make.organisation(), await skill_id(make)
    await make.member(who, place, "TALENT_MANAGER")
    given = {"organisationId": place.id, "skillId": skill}
    declared = done(
        call(town_client, DECLARE, who, **given, statement="Best in town"), "strengthDeclare"
    )["strength"]
    assert declared == {
        "id": declared["id"],
        "statement": "Best in town",
        "skill": {"id": skill},
        "organisation": {"id": place.id},
    }
    again = call(town_client, DECLARE, who, **given)
    assert refused(again, "strengthDeclare") == [("TAKEN", ["skillId"])]
    nothing = "skl_01a1f850-1400-7c95-b382-219df50cb3c9"
    missing = call(town_client, DECLARE, who, **{**given, "skillId": nothing})
    assert refused(missing, "strengthDeclare") == [("NOT_FOUND", ["skillId"])]
    named = {"strengthId": declared["id"]}
    restated = call(town_client, RESTATE, who, **named, statement="Best anywhere")
    assert done(restated, "strengthEdit")["strength"] == {"statement": "Best anywhere"}
    too_long = call(town_client, RESTATE, who, **named, statement="x" * 281)
    assert refused(too_long, "strengthEdit") == [("INVALID", ["statement"])]
    stranger = await make.person()
    answer = call(town_client, WITHDRAW, stranger, **named)
    assert refused(answer, "strengthWithdraw") == [("NOT_ALLOWED", ["strengthId"])]
    withdrawn = done(call(town_client, WITHDRAW, who, **named), "strengthWithdraw")
    assert withdrawn["organisation"] == {"strengths": {"totalCount": 0}}
    answer = call(town_client, WITHDRAW, who, **named)
    assert refused(answer, "strengthWithdraw") == [("NOT_FOUND", ["strengthId"])]


def _key(value: str) -> str:
    return value.partition("_")[2]
