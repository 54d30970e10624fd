"""Drafts: kept among those who publish, and published by hand or when their time comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest

from db import counters
from db.pools import open_write_pool
from resolvers.commands.post_drafts import publish_due
from tests.mailing import services
from tests.making import Maker, Place, Someone
from tests.web.posting import (
    Poster,
    at_once,
    codes_of,
    editor,
    key_of,
    now,
    some_media,
    some_skills,
)

DRAFTS = """
query ($id: ID!) { organisation(id: $id) { drafts(first: 10) { totalCount nodes { id body } } } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


@pytest.fixture
async def writers(town: str) -> AsyncIterator[asyncpg.Pool]:
    """The pool in which a worker writes."""
    pool = await open_write_pool(town, name="commons-test", size=4)
    try:
        yield pool
    finally:
        await pool.close()


async def due(writers: asyncpg.Pool) -> list[Any]:
    """Publish what is due, as a worker does."""
    async with writers.acquire() as connection:
        return list(await publish_due(connection, services("http://localhost", b"x" * 32)))


def save(poster: Poster, who: Someone, where: Place, body: str = "Soon", **given: Any) -> Any:
    return poster.do(who, "postDraftSave", organisationId=where.id, body=body, **given)


async def let_time_come(make: Maker, *drafts: Any) -> None:
    """Have the time of drafts come, the first one first."""
    for number, draft in enumerate(drafts):
        await make.connection.execute(
            "update post_draft set scheduled_for = now() - $2::interval where id = $1",
            key_of(draft["id"]),
            timedelta(minutes=len(drafts) - number),
        )


async def test_a_draft_is_seen_by_those_who_publish(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place, locale="NL")
    skills = await some_skills(make, 2)
    draft = save(poster, person, place, "", skillIds=skills, kind="QUESTION")
    assert draft == {
        "id": draft["id"],
        "kind": "QUESTION",
        "body": "",
        "language": "NL",
        "audience": "NETWORK",
        "scheduledFor": None,
        "refusedAt": None,
        "refusal": None,
        "version": 1,
        "author": {"id": person.id},
        "organisation": {"id": place.id},
        "skills": [{"id": skill} for skill in skills],
    }
    seen = {}
    for role in ("OWNER", "ADMIN", "TALENT_MANAGER", "EDITOR", "MEMBER", None):
        other = await make.person()
        if role:
            await make.member(other, place, role)
        found = poster.read(other, DRAFTS, id=place.id)["organisation"]["drafts"]["totalCount"]
        text = "query ($id: ID!) { node(id: $id) { id } }"
        assert bool(poster.read(other, text, id=draft["id"])["node"]) is bool(found)
        seen[role] = found
        if not found:
            edit = {"draftId": draft["id"], "expectedVersion": 1}
            for name in ("postDraftEdit", "postDraftPublish", "postDraftSchedule"):
                assert poster.refuse(other, name, **edit) == [("NOT_FOUND", ["draftId"])]
            assert poster.refuse(other, "postDraftDelete", draftId=draft["id"]) == [
                ("NOT_FOUND", ["draftId"])
            ]
            assert poster.refuse(other, "postDraftSave", organisationId=place.id, body="Mine") == [
                ("NOT_ALLOWED", ["organisationId"])
            ]
    assert seen == {"OWNER": 1, "ADMIN": 1, "TALENT_MANAGER": 1, "EDITOR": 1, "MEMBER": 0, None: 0}
    assert (
        await make.connection.fetchval(
            "select count(*) from event where organisation_id = $1", place.key
        )
        == 0
    )


async def test_whoever_edits_a_draft_answers_for_it(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person, other = await editor(make, place), await editor(make, place, "Max")
    draft = save(poster, person, place)
    given = {"draftId": draft["id"], "expectedVersion": 1}
    edited = poster.do(other, "postDraftEdit", **given, body="Later", audience="PARTNERS")
    assert (edited["body"], edited["audience"], edited["version"]) == ("Later", "PARTNERS", 2)
    assert edited["author"] == {"id": other.id}
    for name in ("postDraftEdit", "postDraftPublish", "postDraftSchedule"):
        assert poster.refuse(person, name, **given) == [("CONFLICT", ["expectedVersion"])]
    assert poster.do(person, "postDraftDelete", draftId=draft["id"]) == {"id": place.id}
    assert poster.read(person, DRAFTS, id=place.id)["organisation"]["drafts"]["nodes"] == []


async def test_a_draft_becomes_a_post_once(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person, other = await editor(make, place), await editor(make, place, "Max")
    skills = await some_skills(make, 1)
    draft = save(poster, person, place, "*Now*", skillIds=skills, audience="FOLLOWERS")
    later = poster.publish(person, place)
    given = {"draftId": draft["id"], "expectedVersion": 1}
    answers = await at_once(town_site, "postDraftPublish", [(other, given)] * 5)
    assert codes_of(answers) == [[], *[["NOT_FOUND"]] * 4]
    post = next(
        found["postDraftPublish"]["post"] for found in answers if found["postDraftPublish"]["post"]
    )
    assert (post["bodyHtml"], post["audience"]) == ("<p><em>Now</em></p>", "FOLLOWERS")
    assert (post["author"]["id"], post["skills"]) == (other.id, [{"id": skills[0]}])
    assert key_of(post["id"]) > key_of(later["id"])
    assert await counters.check(make.connection) == []


@pytest.mark.parametrize(
    ("body", "ahead", "expected"),
    [
        pytest.param("Soon", timedelta(minutes=-1), ["scheduledFor"], id="in the past"),
        pytest.param("Soon", timedelta(days=-9_000), ["scheduledFor"], id="long ago"),
        pytest.param("Soon", timedelta(days=366), ["scheduledFor"], id="in more than a year"),
        pytest.param("", timedelta(hours=1), ["body"], id="nothing to publish"),
    ],
)
async def test_a_time_is_within_a_year_from_now(
    poster: Poster, make: Maker, body: str, ahead: timedelta, expected: list[str]
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    draft = save(poster, person, place, body)
    given = {"draftId": draft["id"], "expectedVersion": 1}
    moment = (now() + ahead).isoformat()
    assert poster.refuse(person, "postDraftSchedule", **given, scheduledFor=moment) == [
        ("INVALID", expected)
    ]


async def test_a_time_says_its_offset(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    draft = save(poster, person, place)
    moment = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat()
    refusal = poster.refuse(
        person,
        "postDraftSchedule",
        draftId=draft["id"],
        expectedVersion=1,
        scheduledFor=moment,
    )
    assert refusal == [("INVALID", ["scheduledFor"])]


async def test_what_is_due_is_published_once_in_the_order_of_its_times(
    poster: Poster, make: Maker, writers: asyncpg.Pool
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    drafts = [save(poster, person, place, f"Number {n}") for n in range(3)]
    for draft in drafts:
        scheduled = poster.do(
            person,
            "postDraftSchedule",
            draftId=draft["id"],
            expectedVersion=1,
            scheduledFor=(now() + timedelta(hours=1)).isoformat(),
        )
        assert scheduled["version"] == 2
    stopped = poster.do(
        person, "postDraftSchedule", draftId=drafts[2]["id"], expectedVersion=2, scheduledFor=None
    )
    assert stopped["scheduledFor"] is None
    assert await due(writers) == []
    await let_time_come(make, drafts[1], drafts[0])
    published = await asyncio.gather(*(due(writers) for _ in range(4)))
    assert sum(len(keys) for keys in published) == 2
    bodies = await make.connection.fetch(
        "select body, author_id from post where organisation_id = $1 order by id", place.key
    )
    assert sorted(tuple(row) for row in bodies) == [
        ("Number 0", person.key),
        ("Number 1", person.key),
    ]
    assert await due(writers) == []
    left = poster.read(person, DRAFTS, id=place.id)["organisation"]["drafts"]["nodes"]
    assert [draft["body"] for draft in left] == ["Number 2"]
    assert await counters.check(make.connection) == []


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("left", "NOT_ALLOWED"),
        ("lost the role", "NOT_ALLOWED"),
        ("suspended", "NOT_ALLOWED"),
        ("deactivated", "NOT_ALLOWED"),
        ("named who is gone", "NOT_FOUND"),
    ],
)
async def test_what_its_author_may_not_publish_any_longer_waits_for_people(
    poster: Poster, make: Maker, writers: asyncpg.Pool, reason: str, code: str
) -> None:
    place = await make.organisation()
    person, other = await editor(make, place), await editor(make, place, "Max")
    named = await make.person()
    draft = save(poster, person, place, f"Hi @[n]({named.id})")
    fine = save(poster, other, place, "Fine")
    await let_time_come(make, draft, fine)
    membership = "where person_id = $1 and organisation_id = $2"
    statements: dict[str, tuple[str, list[Any]]] = {
        "left": (f"update membership set ended_on = current_date {membership}", [person.key, place.key]),
        "lost the role": (f"update membership set role = 'MEMBER' {membership}", [person.key, place.key]),
        "suspended": ("update person set suspended_at = now() where id = $1", [person.key]),
        "deactivated": ("update person set deactivated_at = now() where id = $1", [person.key]),
        "named who is gone": ("update person set deactivated_at = now() where id = $1", [named.key]),
    }  # fmt: skip
    statement, arguments = statements[reason]
    await make.connection.execute(statement, *arguments)
    await counters.repair(make.connection)
    assert len(await due(writers)) == 1
    text = "query ($id: ID!) { node(id: $id) { ... on PostDraft { refusedAt refusal version } } }"
    found = poster.read(other, text, id=draft["id"])["node"]
    assert (found["refusal"], found["version"]) == (code, 1)
    assert found["refusedAt"]
    assert await due(writers) == []
    # Whoever takes it over gets it published.
    edited = poster.do(
        other, "postDraftEdit", draftId=draft["id"], expectedVersion=1, body="Hi all"
    )
    assert (edited["refusedAt"], edited["refusal"]) == (None, None)
    assert len(await due(writers)) == 1
    assert await counters.check(make.connection) == []


async def test_whoever_takes_a_draft_over_takes_its_pictures_over(
    poster: Poster, make: Maker, writers: asyncpg.Pool
) -> None:
    place = await make.organisation()
    person, other = await editor(make, place), await editor(make, place, "Max")
    pictures = [await some_media(make, person) for _ in range(2)]
    foreign = await some_media(make, other)
    refusal = poster.refuse(
        person, "postDraftSave", organisationId=place.id, body="x", mediaIds=[foreign]
    )
    assert refusal == [("NOT_FOUND", ["mediaIds"])]
    drafts = [save(poster, person, place, mediaIds=[picture]) for picture in pictures]
    text = "query ($id: ID!) { node(id: $id) { ... on PostDraft { media { id } } } }"
    seen = [poster.read(who, text, id=drafts[0]["id"])["node"]["media"] for who in (person, other)]
    assert seen == [[{"id": pictures[0]}], []]
    poster.do(other, "postDraftEdit", draftId=drafts[0]["id"], expectedVersion=1, body="Later")
    seen = [poster.read(who, text, id=drafts[0]["id"])["node"]["media"] for who in (person, other)]
    assert seen == [[], [{"id": pictures[0]}]]
    await let_time_come(make, drafts[0])
    (key,) = await due(writers)
    post = poster.do(other, "postDraftPublish", draftId=drafts[1]["id"], expectedVersion=1)
    rows = await make.connection.fetch(
        "select post_id, id from media where id = any($1) order by id",
        [key_of(picture) for picture in pictures],
    )
    assert [tuple(row) for row in rows] == [
        (key, key_of(pictures[0])),
        (key_of(post["id"]), key_of(pictures[1])),
    ]
