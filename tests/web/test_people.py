"""One's own profile and skills, as a client edits them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker
from tests.web.serving import ask, data_of, done, refused

EDIT = """
mutation Edit($input: PersonEditInput!) {
  personEdit(input: $input) {
    person { name headline location visibility locale digest version }
    userErrors { code field message }
  }
}
"""
ADD = """
mutation Add($input: PersonSkillAddInput!) {
  personSkillAdd(input: $input) {
    personSkill { id level evidence lastUsedOn skill { id personCount } }
    userErrors { code field message }
  }
}
"""
CHANGE = """
mutation Change($input: PersonSkillEditInput!) {
  personSkillEdit(input: $input) {
    personSkill { id level evidence lastUsedOn } userErrors { code field message }
  }
}
"""
REMOVE = """
mutation Remove($input: PersonSkillRemoveInput!) {
  personSkillRemove(input: $input) {
    person { skills { totalCount } } userErrors { code field message }
  }
}
"""
TODAY = datetime.now(UTC).date()
NOWHERE = "01a1f850-1400-7c95-b382-219df50cb3c9"


async def a_skill(make: Maker, number: int) -> str:
    """Give the id of a skill."""
    key = await make.connection.fetchval(
        "select id from skill order by slug offset $1 limit 1", number
    )
    return f"skl_{key}"


async def test_a_profile_is_edited(town_client: httpx2.Client, make: Maker) -> None:
    person = await make.person()

    def edit(**given: Any) -> Any:
        answer = data_of(ask(town_client, EDIT, {"input": given}, token=person.token))
        return done(answer, "personEdit")["person"]

    everything = {
        "name": "Robin Ash",
        "headline": "Plans bridges",
        "location": "Waterland",
        "visibility": "COLLEAGUES",
        "locale": "NL",
        "digest": "DAILY",
    }
    assert edit(expectedVersion=1, **everything) == everything | {"version": 2}
    # What is left out or null stays, an empty text goes.
    assert edit(expectedVersion=2, name=None, headline=" ") == everything | {
        "headline": None,
        "version": 3,
    }
    assert edit(expectedVersion=3, location="") == everything | {
        "headline": None,
        "location": None,
        "version": 4,
    }
    events = await make.connection.fetchval(
        "select count(*) from event where kind = 'PERSON_EDITED' and subject_id = $1", person.key
    )
    assert events == 3


async def test_of_two_edits_of_one_version_one_is_refused(town_site: str, make: Maker) -> None:
    person = await make.person(locale="NL")
    headers = {"Authorization": f"Bearer {person.token}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql",
                    json={
                        "query": EDIT,
                        "variables": {"input": {"expectedVersion": 1, "headline": f"Number {n}"}},
                    },
                    headers=headers,
                )
                for n in range(10)
            )
        )
    errors = [data_of(answer)["personEdit"]["userErrors"] for answer in answers]
    assert errors.count([]) == 1
    for (error,) in filter(None, errors):
        assert (error["code"], error["field"]) == ("CONFLICT", ["expectedVersion"])
        assert "nieuwe versie" in error["message"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"name": "x" * 121}, "name", id="long name"),
        pytest.param({"name": "Ro\u202ebin"}, "name", id="override of direction"),
        pytest.param({"headline": "x" * 221}, "headline", id="long headline"),
        pytest.param({"headline": "two\nlines"}, "headline", id="two lines"),
        pytest.param({"location": "x" * 121}, "location", id="long location"),
        pytest.param({"location": "bell\u0007"}, "location", id="control character"),
    ],
)
async def test_a_wrong_value_changes_nothing(
    town_client: httpx2.Client, make: Maker, wrong: dict[str, Any], field: str
) -> None:
    person = await make.person()
    given = {"input": {"expectedVersion": 1, "digest": "NONE", **wrong}}
    answer = data_of(ask(town_client, EDIT, given, token=person.token))
    assert refused(answer, "personEdit") == [("INVALID", [field])]
    assert answer["personEdit"]["person"] is None
    found = await make.connection.fetchrow(
        "select version, digest from person where id = $1", person.key
    )
    assert tuple(found or ()) == (1, "WEEKLY")


@pytest.mark.parametrize("key", ["", "x" * 121, "a\u0000b"])
async def test_a_wrong_idempotency_key_is_a_user_error(
    town_client: httpx2.Client, make: Maker, key: str
) -> None:
    person = await make.person()
    given = {"input": {"expectedVersion": 1, "headline": "New", "idempotencyKey": key}}
    answer = data_of(ask(town_client, EDIT, given, token=person.token))
    if key:
        assert refused(answer, "personEdit") == [("INVALID", ["idempotencyKey"])]
    else:
        # An empty key is none.
        assert done(answer, "personEdit")["person"]["headline"] == "New"


async def test_who_is_suspended_or_a_visitor_edits_nothing(
    town_client: httpx2.Client, make: Maker
) -> None:
    person = await make.person(suspended_at=datetime.now(UTC))
    given = {"input": {"expectedVersion": 1, "headline": "New"}}
    answer = data_of(ask(town_client, EDIT, given, token=person.token))
    assert refused(answer, "personEdit") == [("NOT_ALLOWED", [])]
    answer = data_of(ask(town_client, EDIT, given))
    assert refused(answer, "personEdit") == [("NOT_SIGNED_IN", [])]


async def test_a_skill_is_added_edited_and_removed(town_client: httpx2.Client, make: Maker) -> None:
    person, skill = await make.person(), await a_skill(make, 11)

    def do(query: str, name: str, **given: Any) -> Any:
        return done(data_of(ask(town_client, query, {"input": given}, token=person.token)), name)

    day = (TODAY - timedelta(days=3)).isoformat()
    added = do(
        ADD,
        "personSkillAdd",
        skillId=skill,
        level=4,
        evidence="Led it twice.\nAsk around.",
        lastUsedOn=day,
    )["personSkill"]
    key = added.pop("id")
    assert added == {
        "level": 4,
        "evidence": "Led it twice.\nAsk around.",
        "lastUsedOn": day,
        "skill": {"id": skill, "personCount": 1},
    }
    changed = do(CHANGE, "personSkillEdit", personSkillId=key, level=5, evidence="")
    assert changed["personSkill"] == {"id": key, "level": 5, "evidence": "", "lastUsedOn": day}
    changed = do(
        CHANGE, "personSkillEdit", personSkillId=key, level=None, lastUsedOn=TODAY.isoformat()
    )
    assert changed["personSkill"] == {
        "id": key,
        "level": 5,
        "evidence": "",
        "lastUsedOn": TODAY.isoformat(),
    }
    removed = do(REMOVE, "personSkillRemove", personSkillId=key)
    assert removed["person"] == {"skills": {"totalCount": 0}}
    assert await counters.check(make.connection) == []


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        pytest.param({"level": 0}, "INVALID", "level", id="level too low"),
        pytest.param({"level": 6}, "INVALID", "level", id="level too high"),
        pytest.param({"evidence": "x" * 501}, "INVALID", "evidence", id="long evidence"),
        pytest.param(
            {"lastUsedOn": (TODAY + timedelta(days=2)).isoformat()},
            "INVALID",
            "lastUsedOn",
            id="in the future",
        ),
        pytest.param({"lastUsedOn": "1899-12-31"}, "INVALID", "lastUsedOn", id="long ago"),
        pytest.param({"skillId": f"skl_{NOWHERE}"}, "NOT_FOUND", "skillId", id="no such skill"),
        pytest.param({"skillId": f"per_{NOWHERE}"}, "INVALID", "skillId", id="another type"),
    ],
)
async def test_a_wrong_skill_is_a_user_error(
    town_client: httpx2.Client, make: Maker, wrong: dict[str, Any], code: str, field: str
) -> None:
    person = await make.person()
    given = {"skillId": await a_skill(make, 12), "level": 3} | wrong
    answer = data_of(ask(town_client, ADD, {"input": given}, token=person.token))
    assert refused(answer, "personSkillAdd") == [(code, [field])]


async def test_somebody_elses_skill_is_not_found(town_client: httpx2.Client, make: Maker) -> None:
    person, other, skill = await make.person(), await make.person(), await a_skill(make, 13)
    given = {"input": {"skillId": skill, "level": 3}}
    answer = data_of(ask(town_client, ADD, given, token=person.token))
    key = done(answer, "personSkillAdd")["personSkill"]["id"]
    for query, name, more in (
        (CHANGE, "personSkillEdit", {"level": 1}),
        (REMOVE, "personSkillRemove", {}),
    ):
        own = {"input": {"personSkillId": key, **more}}
        answer = data_of(ask(town_client, query, own, token=other.token))
        assert refused(answer, name) == [("NOT_FOUND", ["personSkillId"])]
        answer = data_of(ask(town_client, query, own))
        assert refused(answer, name) == [("NOT_SIGNED_IN", [])]


async def test_a_skill_added_many_times_at_once_counts_once(town_site: str, make: Maker) -> None:
    people = [await make.person() for _ in range(5)]
    skill = await a_skill(make, 14)
    body = {"query": ADD, "variables": {"input": {"skillId": skill, "level": 3}}}
    async with httpx2.AsyncClient(base_url=town_site, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/graphql", json=body, headers={"Authorization": f"Bearer {person.token}"}
                )
                for person in people * 5
            )
        )
    errors = [data_of(answer)["personSkillAdd"]["userErrors"] for answer in answers]
    assert errors.count([]) == 5
    assert {(e["code"], *e["field"]) for found in errors for e in found} == {("TAKEN", "skillId")}
    count = await make.connection.fetchval(
        "select person_count from skill where id = $1", skill.removeprefix("skl_")
    )
    assert count == 5
    assert await counters.check(make.connection) == []


async def test_nobody_has_more_than_two_hundred_skills(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, skill = await make.person(), await a_skill(make, 300)
    await make.connection.execute(
        """insert into person_skill (person_id, skill_id, level)
        select $1, id, 3 from skill order by slug limit 200""",
        person.key,
    )
    await counters.repair(make.connection)
    given = {"input": {"skillId": skill, "level": 3}}
    answer = data_of(ask(town_client, ADD, given, token=person.token))
    assert refused(answer, "personSkillAdd") == [("TOO_MANY", [])]
    await make.connection.execute("delete from person_skill where person_id = $1", person.key)
    await counters.repair(make.connection)
