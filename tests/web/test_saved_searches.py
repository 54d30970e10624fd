"""Searches kept as feeds, as a client does it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.making import Maker, Someone
from tests.web.serving import ask, data_of, done, refused
from tests.web.test_feed import Town

SHOWN = """id name query languages notify pausedAt version
    subjects { isGone skill { id } organisation { id } } posts { nodes { id } }"""


@pytest.fixture
def town_rows(make: Maker) -> Town:
    return Town(make)


def do(client: httpx2.Client, who: Someone | None, verb: str, **given: Any) -> Any:
    """Send a mutation and give its data."""
    shown = "person { id }" if verb == "Delete" else f"savedSearch {{ {SHOWN} }}"
    text = f"""mutation Do($input: SavedSearch{verb}Input!) {{ savedSearch{verb}(input: $input) {{
        {shown} userErrors {{ code field message }} }} }}"""
    token = who.token if who else None
    return data_of(ask(client, text, {"input": given}, token=token))


def kept(answer: Any, verb: str = "Create") -> Any:
    """Give the saved search of a payload."""
    return done(answer, f"savedSearch{verb}")["savedSearch"]


def found(saved: Any) -> list[str]:
    """Give the ids of what a saved search finds."""
    return [node["id"] for node in saved["posts"]["nodes"]]


async def test_conditions_add_up(town_client: httpx2.Client, town_rows: Town) -> None:
    make = town_rows.make
    reader, writer = await make.person(), await make.person()
    place, other, shut = [await make.organisation() for _ in range(3)]
    one, two = await town_rows.skills(2)
    here = await town_rows.post(place, writer, 1, skills=[one])
    both = await town_rows.post(place, writer, 2, skills=[two])
    there = await town_rows.post(other, writer, 3, skills=[one])
    await town_rows.post(shut, writer, 4, skills=[one], audience="ORGANISATION")
    await town_rows.post(other, writer, 5, skills=[one], hidden=True)
    skills = {"skillIds": [f"skl_{one}"]}
    assert found(kept(do(town_client, reader, "Create", name="a", **skills))) == [there, here]
    places = {"organisationIds": [place.id]}
    assert found(kept(do(town_client, reader, "Create", name="b", **places))) == [both, here]
    narrow = kept(do(town_client, reader, "Create", name="c", **places, **skills, query="wORDs"))
    assert found(narrow) == [here]
    assert narrow["subjects"] == [
        {"isGone": False, "skill": {"id": f"skl_{one}"}, "organisation": None},
        {"isGone": False, "skill": None, "organisation": {"id": place.id}},
    ]
    dutch = kept(do(town_client, reader, "Create", name="d", **places, languages=["NL"]))
    assert found(dutch) == []


async def test_a_pause_holds_back_what_is_new_and_loses_nothing(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    reader, writer, place = await make.person(), await make.person(), await make.organisation()
    old = await town_rows.post(place, writer, 1)
    saved = kept(do(town_client, reader, "Create", name="x", organisationIds=[place.id]))

    async def publish() -> str:
        post = await make.connection.fetchval(
            """insert into post (organisation_id, author_id, body, language)
            values ($1, $2, 'New', 'EN') returning id""",
            place.key,
            writer.key,
        )
        return f"pst_{post}"

    first = await publish()
    paused = kept(do(town_client, reader, "Pause", savedSearchId=saved["id"]), "Pause")
    assert paused["pausedAt"] is not None
    second = await publish()
    assert found(kept(do(town_client, reader, "Pause", savedSearchId=saved["id"]), "Pause")) == [
        first,
        old,
    ]
    resumed = kept(do(town_client, reader, "Resume", savedSearchId=saved["id"]), "Resume")
    assert resumed["pausedAt"] is None
    assert found(resumed) == [second, first, old]


async def test_what_is_gone_is_shown_as_gone(town_client: httpx2.Client, make: Maker) -> None:
    reader, place, lost = await make.person(), await make.organisation(), await make.organisation()
    ids = [place.id, lost.id]
    saved = kept(do(town_client, reader, "Create", name="x", organisationIds=ids))
    await make.connection.execute("delete from organisation where id = $1", lost.key)
    renamed = do(
        town_client, reader, "Edit", savedSearchId=saved["id"], expectedVersion=1, name="y"
    )
    edited = kept(renamed, "Edit")
    assert (edited["name"], edited["version"]) == ("y", 2)
    assert edited["subjects"] == [
        {"isGone": False, "skill": None, "organisation": {"id": place.id}},
        {"isGone": True, "skill": None, "organisation": None},
    ]


async def test_a_saved_search_is_its_owners_alone(town_client: httpx2.Client, make: Maker) -> None:
    reader, other = await make.person(), await make.person()
    saved = kept(do(town_client, reader, "Create", name="x", query="boats"))
    listed = "query L($id: ID!) { person(id: $id) { savedSearches { nodes { id } } } }"
    for who, shown in ((reader, [{"id": saved["id"]}]), (other, [])):
        answer = data_of(ask(town_client, listed, {"id": reader.id}, token=who.token))
        assert answer["person"]["savedSearches"]["nodes"] == shown
    for verb in ("Pause", "Resume", "Delete"):
        answer = do(town_client, other, verb, savedSearchId=saved["id"])
        assert refused(answer, f"savedSearch{verb}") == [("NOT_FOUND", ["savedSearchId"])]
    gone = do(town_client, reader, "Delete", savedSearchId=saved["id"])
    assert done(gone, "savedSearchDelete")["person"] == {"id": reader.id}
    again = do(town_client, reader, "Delete", savedSearchId=saved["id"])
    assert refused(again, "savedSearchDelete") == [("NOT_FOUND", ["savedSearchId"])]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"name": " ", "query": "x"}, ("INVALID", ["name"]), id="no name"),
        pytest.param({"name": "x" * 81, "query": "x"}, ("INVALID", ["name"]), id="long name"),
        pytest.param({"name": "x"}, ("INVALID", ["query"]), id="nothing"),
        pytest.param({"name": "x", "query": "y" * 201}, ("INVALID", ["query"]), id="long text"),
        pytest.param(
            {"name": "x", "skillIds": ["skl_01a1f850-1400-7c95-b382-219df50cb3c9"]},
            ("NOT_FOUND", ["skillIds", "0"]),
            id="no such skill",
        ),
        pytest.param(
            {"name": "x", "organisationIds": ["nonsense"]},
            ("INVALID", ["organisationIds", "0"]),
            id="no id",
        ),
    ],
)
async def test_bad_searches_are_user_errors(
    town_client: httpx2.Client, make: Maker, given: dict[str, Any], expected: Any
) -> None:
    person = await make.person(locale="NL")
    assert refused(do(town_client, person, "Create", **given), "savedSearchCreate") == [expected]
    answer = do(town_client, None, "Create", name="x", query="y")
    assert refused(answer, "savedSearchCreate") == [("NOT_SIGNED_IN", [])]


async def test_an_edit_of_an_old_version_is_a_conflict(
    town_client: httpx2.Client, make: Maker
) -> None:
    reader = await make.person()
    saved = kept(do(town_client, reader, "Create", name="x", query="boats"))
    given = {"savedSearchId": saved["id"], "expectedVersion": 1}
    kept(do(town_client, reader, "Edit", **given, query="ships"), "Edit")
    answer = do(town_client, reader, "Edit", **given, query="carts")
    assert refused(answer, "savedSearchEdit") == [("CONFLICT", ["expectedVersion"])]


async def test_fifty_are_enough(town_client: httpx2.Client, make: Maker) -> None:
    reader = await make.person()
    await make.connection.execute(
        """insert into saved_search (person_id, name, query)
        select $1, 'x', 'y' from generate_series(1, 50)""",
        reader.key,
    )
    answer = do(town_client, reader, "Create", name="x", query="boats")
    assert refused(answer, "savedSearchCreate") == [("TOO_MANY", [])]
