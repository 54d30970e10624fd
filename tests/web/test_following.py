"""Following people and skills, and muting, as a client does it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.making import Maker, Someone
from tests.web.serving import ask, data_of, done, refused

KINDS = ("organisation", "person", "skill")
kinds = pytest.mark.parametrize("kind", KINDS)
SWITCHES = {"inFeed": True, "notify": False, "prioritise": False}


def change(kind: str, verb: str) -> tuple[str, str]:
    """Give the name of a mutation and its document."""
    name, input_type = f"{kind}{verb}", f"{kind.capitalize()}{verb}Input"
    text = f"""mutation Change($input: {input_type}!) {{ {name}(input: $input) {{ {kind} {{ id
        viewerFollows viewerFollow {{ inFeed notify prioritise }} viewerMutes }}
        userErrors {{ code field message }} }} }}"""
    return name, text


async def subject(make: Maker, kind: str) -> tuple[str, Any]:
    """Give the id and key of something to follow."""
    if kind == "organisation":
        place = await make.organisation()
        return place.id, place.key
    if kind == "person":
        person = await make.person("Subject")
        return person.id, person.key
    key = await make.connection.fetchval("select id from skill order by random() limit 1")
    return f"skl_{key}", key


def do(
    client: httpx2.Client, who: Someone | None, kind: str, verb: str, given: dict[str, Any]
) -> Any:
    """Send a mutation and give its data."""
    _, text = change(kind, verb)
    return data_of(ask(client, text, {"input": given}, token=who.token if who else None))


@kinds
async def test_a_switch_that_is_not_given_stays(
    town_client: httpx2.Client, make: Maker, kind: str
) -> None:
    person = await make.person()
    value, _ = await subject(make, kind)

    def follow(**switches: bool | None) -> Any:
        answer = do(town_client, person, kind, "Follow", {f"{kind}Id": value, **switches})
        return done(answer, f"{kind}Follow")[kind]["viewerFollow"]

    assert follow() == SWITCHES
    assert follow(notify=True) == SWITCHES | {"notify": True}
    assert follow(inFeed=False, notify=None) == SWITCHES | {"notify": True, "inFeed": False}
    assert follow(prioritise=True) == {"inFeed": False, "notify": True, "prioritise": True}


@kinds
async def test_following_and_no_longer_following_twice_is_once(
    town_client: httpx2.Client, make: Maker, kind: str
) -> None:
    person = await make.person()
    value, _ = await subject(make, kind)
    for verb, follows in (("Follow", True), ("Follow", True), ("Unfollow", False)) * 2:
        answer = do(town_client, person, kind, verb, {f"{kind}Id": value})
        shown = done(answer, f"{kind}{verb}")[kind]
        assert shown["viewerFollows"] is follows
        assert (shown["viewerFollow"] is not None) is follows


@kinds
async def test_muting_leaves_the_follow_alone(
    town_client: httpx2.Client, make: Maker, kind: str
) -> None:
    person = await make.person()
    value, _ = await subject(make, kind)
    do(town_client, person, kind, "Follow", {f"{kind}Id": value})
    for verb, mutes in (("Mute", True), ("Mute", True), ("Unmute", False), ("Unmute", False)):
        shown = done(do(town_client, person, kind, verb, {f"{kind}Id": value}), f"{kind}{verb}")
        assert shown[kind]["viewerMutes"] is mutes
        assert shown[kind]["viewerFollows"] is True


async def test_what_one_mutes_is_listed_for_oneself_alone(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, other = await make.person(), await make.person()
    subjects = {kind: (await subject(make, kind))[0] for kind in KINDS}
    for kind, value in subjects.items():
        do(town_client, person, kind, "Mute", {f"{kind}Id": value})
    text = """query Mutes($id: ID!) { person(id: $id) { mutes { totalCount nodes { organisation { id }
        person { id } skill { id } } } } }"""

    def listed(who: Someone | None) -> Any:
        token = who.token if who else None
        return data_of(ask(town_client, text, {"id": person.id}, token=token))["person"]

    # Newest first.
    assert listed(person)["mutes"] == {
        "totalCount": 3,
        "nodes": [
            {name: {"id": subjects[kind]} if name == kind else None for name in KINDS}
            for kind in reversed(KINDS)
        ],
    }
    assert listed(other)["mutes"] == {"totalCount": 0, "nodes": []}
    events = "select count(*) from event where actor_id = $1"
    assert await make.connection.fetchval(events, person.key) == 0


async def test_follows_are_listed_by_kind_and_switches_for_oneself_alone(
    town_client: httpx2.Client, make: Maker
) -> None:
    person, other = await make.person(), await make.person()
    subjects = {kind: (await subject(make, kind))[0] for kind in KINDS}
    for kind, value in subjects.items():
        do(town_client, person, kind, "Follow", {f"{kind}Id": value, "notify": True})
    text = """query Follows($id: ID!) { person(id: $id) {
        organisationFollows { nodes { notify organisation { id } } }
        personFollows { nodes { notify person { id } } } skillFollows { nodes { notify skill { id } } }
        following { nodes { id } } followingPeople { nodes { id } } followedSkills { nodes { id } } } }"""
    mine, theirs = (
        data_of(ask(town_client, text, {"id": person.id}, token=who.token))["person"]
        for who in (person, other)
    )
    lists = {"following": "organisation", "followingPeople": "person", "followedSkills": "skill"}
    for field, kind in lists.items():
        assert mine[field] == theirs[field] == {"nodes": [{"id": subjects[kind]}]}
    for kind in KINDS:
        shown = {"notify": True, kind: {"id": subjects[kind]}}
        assert mine[f"{kind}Follows"] == {"nodes": [shown]}
        assert theirs[f"{kind}Follows"] == {"nodes": []}


async def test_followers_show_who_may_be_seen(town_client: httpx2.Client, make: Maker) -> None:
    star, seen = await make.person("Star"), await make.person("Seen")
    shy = await make.person("Shy", visibility="COLLEAGUES")
    skill, _ = await subject(make, "skill")
    for who in (seen, shy):
        do(town_client, who, "person", "Follow", {"personId": star.id})
        do(town_client, who, "skill", "Follow", {"skillId": skill})
    text = """query Followers($id: ID!, $skill: ID!) { person(id: $id) { followers { totalCount
        nodes { id } } } skill(id: $skill) { followerCount followers { totalCount nodes { id } } } }"""
    answer = data_of(ask(town_client, text, {"id": star.id, "skill": skill}, token=star.token))
    listed = {"totalCount": 1, "nodes": [{"id": seen.id}]}
    assert answer == {
        "person": {"followers": listed},
        "skill": {"followerCount": 2, "followers": listed},
    }


async def test_mutual_followers_are_those_whom_one_follows(
    town_client: httpx2.Client, make: Maker
) -> None:
    me, friend, stranger = [await make.person(name) for name in ("Me", "Friend", "Stranger")]
    star, place = await make.person("Star"), await make.organisation()
    do(town_client, me, "person", "Follow", {"personId": friend.id})
    for who in (friend, stranger):
        do(town_client, who, "person", "Follow", {"personId": star.id})
        do(town_client, who, "organisation", "Follow", {"organisationId": place.id})
    text = """query Mutual($id: ID!, $place: ID!) { person(id: $id) { mutualFollowers { nodes { id } } }
        organisation(id: $place) { mutualFollowers { nodes { id } } } }"""
    answer = data_of(ask(town_client, text, {"id": star.id, "place": place.id}, token=me.token))
    shown = {"mutualFollowers": {"nodes": [{"id": friend.id}]}}
    assert answer == {"person": shown, "organisation": shown}


@pytest.mark.parametrize("verb", ["Follow", "Unfollow", "Mute", "Unmute"])
@kinds
async def test_refusals(town_client: httpx2.Client, make: Maker, kind: str, verb: str) -> None:
    person, name, field = await make.person(locale="NL"), f"{kind}{verb}", f"{kind}Id"
    value, _ = await subject(make, kind)
    prefix = value.partition("_")[0]
    nothing = f"{prefix}_01a1f850-1400-7c95-b382-219df50cb3c9"
    for who, given, expected in (
        (None, value, ("NOT_SIGNED_IN", [])),
        (person, nothing, ("NOT_FOUND", [field])),
        (person, "pst_01a1f850-1400-7c95-b382-219df50cb3c9", ("INVALID", [field])),
        (person, "nonsense", ("INVALID", [field])),
    ):
        answer = do(town_client, who, kind, verb, {field: given})
        assert refused(answer, name) == [expected]
        assert answer[name][kind] is None


@pytest.mark.parametrize("verb", ["Follow", "Mute"])
@pytest.mark.parametrize("locale", ["EN", "NL"])
async def test_nobody_follows_or_mutes_oneself(
    town_client: httpx2.Client, make: Maker, verb: str, locale: str
) -> None:
    person = await make.person(locale=locale)
    answer = do(town_client, person, "person", verb, {"personId": person.id})
    assert refused(answer, f"person{verb}") == [("INVALID", ["personId"])]
    (error,) = answer[f"person{verb}"]["userErrors"]
    assert ("kan niet" in error["message"]) is (locale == "NL")


async def test_who_may_not_be_seen_is_not_followed(town_client: httpx2.Client, make: Maker) -> None:
    person, shy = await make.person(), await make.person("Shy", visibility="COLLEAGUES")
    for verb in ("Follow", "Mute"):
        answer = do(town_client, person, "person", verb, {"personId": shy.id})
        assert refused(answer, f"person{verb}") == [("NOT_FOUND", ["personId"])]


@pytest.mark.parametrize("verb", ["Follow", "Mute"])
@kinds
async def test_many_at_once_are_one(town_site: str, make: Maker, kind: str, verb: str) -> None:
    person = await make.person()
    value, key = await subject(make, kind)
    name, text = change(kind, verb)
    body = {"query": text, "variables": {"input": {f"{kind}Id": value}}}
    headers = {"Authorization": f"Bearer {person.token}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(12))
        )
    for answer in answers:
        done(data_of(answer), name)
    table, column = {
        "Follow": {
            "organisation": ("follow", "organisation_id"),
            "person": ("person_follow", "followed_id"),
            "skill": ("skill_follow", "skill_id"),
        },
        "Mute": {
            "organisation": ("mute", "organisation_id"),
            "person": ("mute", "muted_person_id"),
            "skill": ("mute", "skill_id"),
        },
    }[verb][kind]
    counted = f"select count(*) from {table} where person_id = $1 and {column} = $2"
    assert await make.connection.fetchval(counted, person.key, key) == 1
