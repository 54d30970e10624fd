"""Whom and what to follow next, as a client reads it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.making import Maker, Someone
from tests.web.serving import ask, data_of
from tests.web.test_feed import Town

PEOPLE = """{ suggestedPeople { person { id } followedByCount followedBy { id } sharedSkillCount
    sharedSkills { id } } }"""
PLACES = PEOPLE.replace("suggestedPeople { person", "suggestedOrganisations { organisation")


@pytest.fixture
def town_rows(make: Maker) -> Town:
    return Town(make)


def read(client: httpx2.Client, who: Someone, text: str) -> Any:
    """Read a list of suggestions."""
    return next(iter(data_of(ask(client, text, token=who.token)).values()))


async def skilled(town: Town, who: Someone, skill: Any) -> None:
    """Give a person a skill."""
    await town.execute(
        "insert into person_skill (person_id, skill_id, level) values ($1, $2, 3)", who.key, skill
    )


async def test_friends_of_friends_come_first_and_each_has_its_reasons(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    me, one, two = [await make.person(name) for name in ("Me", "One", "Two")]
    star, alike, known, shy, out, blocked = [
        await make.person(name, **({"visibility": "COLLEAGUES"} if name == "Shy" else {}))
        for name in ("Star", "Alike", "Known", "Shy", "Out", "Blocked")
    ]
    (skill,) = await town_rows.skills(1)
    for friend in (one, two):
        await town_rows.follow(me, friend)
        for whom in (star, known, shy, out, blocked, me):
            await town_rows.follow(friend, whom)
    await town_rows.follow(me, known)
    await town_rows.mute(me, "muted_person_id", out.key)
    await town_rows.execute(
        "insert into block (person_id, blocked_person_id) values ($1, $2)", blocked.key, me.key
    )
    for who in (me, alike, known):
        await skilled(town_rows, who, skill)
    assert read(town_client, me, PEOPLE) == [
        {
            "person": {"id": star.id},
            "followedByCount": 2,
            "followedBy": [{"id": two.id}, {"id": one.id}],
            "sharedSkillCount": 0,
            "sharedSkills": [],
        },
        {
            "person": {"id": alike.id},
            "followedByCount": 0,
            "followedBy": [],
            "sharedSkillCount": 1,
            "sharedSkills": [{"id": f"skl_{skill}"}],
        },
    ]


async def test_organisations_that_friends_follow_or_that_are_strong_in_ones_skills(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    me, friend = await make.person("Me"), await make.person("Friend")
    liked, strong, known, out, shut = [await make.organisation() for _ in range(5)]
    (skill,) = await town_rows.skills(1)
    await town_rows.follow(me, friend)
    for place in (liked, known, out, shut):
        await town_rows.follow(friend, place)
    await town_rows.follow(me, known)
    await town_rows.mute(me, "organisation_id", out.key)
    await town_rows.execute("update organisation set suspended_at = now() where id = $1", shut.key)
    await skilled(town_rows, me, skill)
    await town_rows.execute(
        "insert into organisation_strength (organisation_id, skill_id) values ($1, $2)",
        strong.key,
        skill,
    )
    assert read(town_client, me, PLACES) == [
        {
            "organisation": {"id": liked.id},
            "followedByCount": 1,
            "followedBy": [{"id": friend.id}],
            "sharedSkillCount": 0,
            "sharedSkills": [],
        },
        {
            "organisation": {"id": strong.id},
            "followedByCount": 0,
            "followedBy": [],
            "sharedSkillCount": 1,
            "sharedSkills": [{"id": f"skl_{skill}"}],
        },
    ]


def test_a_visitor_gets_none(town_client: httpx2.Client) -> None:
    text = "{ suggestedPeople { followedByCount } suggestedOrganisations { followedByCount } }"
    assert data_of(ask(town_client, text)) == {"suggestedPeople": [], "suggestedOrganisations": []}
