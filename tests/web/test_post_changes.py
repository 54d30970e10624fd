"""Posts that are there: edited, shared, pinned, deleted, and what they carry."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker, Someone
from tests.web.posting import (
    Poster,
    at_once,
    codes_of,
    editor,
    key_of,
    some_media,
    some_skills,
)

NOBODY = "01a1f850-1400-7c95-b382-219df50cb3c9"


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_an_edit_keeps_what_was_said(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person, manager = await editor(make, place), await editor(make, place, "Max")
    one, other, third = [await make.person(name) for name in ("One", "Other", "Third")]
    skills = await some_skills(make, 3)
    post = poster.publish(
        person, place, f"First @[a]({one.id}) @[b]({other.id})", skillIds=skills[:2]
    )
    kept = await make.connection.fetchval("select id from mention where person_id = $1", other.key)
    edited = poster.do(
        manager,
        "postEdit",
        postId=post["id"],
        expectedVersion=1,
        body=f"Second @[b]({other.id}) @[c]({third.id})",
        skillIds=skills[2:],
        kind="QUESTION",
        language="NL",
        audience="FOLLOWERS",
    )
    assert edited["version"] == 2
    assert edited["editedAt"]
    assert (edited["kind"], edited["language"], edited["audience"]) == (
        "QUESTION",
        "NL",
        "FOLLOWERS",
    )
    assert edited["skills"] == [{"id": skills[2]}]
    assert [mention["person"]["id"] for mention in edited["mentions"]] == [other.id, third.id]
    assert edited["author"]["id"] == person.id
    assert edited["revisions"]["nodes"] == [{"body": post["body"], "editedBy": {"id": manager.id}}]
    # Whoever was named before is not named anew.
    assert kept == await make.connection.fetchval(
        "select id from mention where person_id = $1", other.key
    )
    audited = await make.connection.fetch(
        "select action, actor_id from audit_entry where organisation_id = $1", place.key
    )
    assert [tuple(row) for row in audited] == [("POST_EDITED", manager.key)]
    assert poster.refuse(person, "postEdit", postId=post["id"], expectedVersion=1, body="x") == [
        ("CONFLICT", ["expectedVersion"])
    ]


async def test_an_edit_of_nothing_but_skills_is_no_revision(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)
    edited = poster.do(person, "postEdit", postId=post["id"], expectedVersion=1, body="Hello ")
    assert edited["revisions"]["nodes"] == []


async def test_one_of_two_edits_at_once_is_told(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)
    given = {"postId": post["id"], "expectedVersion": 1}
    answers = await at_once(
        town_site, "postEdit", [(person, {**given, "body": f"Version {n}"}) for n in range(6)]
    )
    assert codes_of(answers) == [[], *[["CONFLICT"]] * 5]


WIDER = [
    (old, new)
    for old, allowed in {
        "NETWORK": {"NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION"},
        "FOLLOWERS": {"FOLLOWERS", "ORGANISATION"},
        "PARTNERS": {"PARTNERS", "ORGANISATION"},
        "ORGANISATION": {"ORGANISATION"},
    }.items()
    for new in ("PUBLIC", "NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
    if new not in allowed
]


async def test_an_audience_never_grows(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    for old in ("NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION"):
        post = poster.publish(person, place, audience=old)
        for new in [wider for narrow, wider in WIDER if narrow == old]:
            refusal = poster.refuse(
                person, "postEdit", postId=post["id"], expectedVersion=1, audience=new
            )
            assert refusal == [("INVALID", ["audience"])], (old, new)
        edited = poster.do(
            person, "postEdit", postId=post["id"], expectedVersion=1, audience="ORGANISATION"
        )
        assert edited["audience"] == "ORGANISATION"
    assert await counters.check(make.connection) == []
    assert (
        await make.connection.fetchval(
            "select post_count from organisation where id = $1", place.key
        )
        == 0
    )


async def test_only_the_author_and_managers_change_a_post(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author = await make.person()
    membership = await make.member(author, place, "TALENT_MANAGER")
    post = poster.publish(author, place)
    others: dict[str, Someone] = {}
    for role in ("MEMBER", "TALENT_MANAGER", "EDITOR"):
        others[role] = await make.person()
        await make.member(others[role], place, role)
    stranger = await make.person()
    edit = {"postId": post["id"], "expectedVersion": 1, "body": "Changed"}
    for person in (others["MEMBER"], others["TALENT_MANAGER"], stranger):
        for name, given in (
            ("postEdit", edit),
            ("postDelete", {"postId": post["id"]}),
            ("postPin", {"postId": post["id"]}),
        ):
            assert poster.refuse(person, name, **given) == [("NOT_ALLOWED", ["postId"])]
    assert poster.refuse(author, "postPin", postId=post["id"]) == [("NOT_ALLOWED", ["postId"])]
    assert poster.do(author, "postEdit", **edit)["body"] == "Changed"
    assert poster.do(others["EDITOR"], "postPin", postId=post["id"])["pinnedAt"]
    await make.connection.execute(
        "update membership set ended_on = current_date where id = $1", membership
    )
    await make.connection.execute(
        "update organisation set member_count = member_count - 1 where id = $1", place.key
    )
    assert poster.refuse(author, "postDelete", postId=post["id"]) == [("NOT_ALLOWED", ["postId"])]
    hidden = poster.publish(others["EDITOR"], place, audience="ORGANISATION")
    assert poster.refuse(stranger, "postDelete", postId=hidden["id"]) == [("NOT_FOUND", ["postId"])]


async def test_a_deleted_post_takes_all_along(poster: Poster, make: Maker) -> None:
    place, sharing = await make.organisation(), await make.organisation("Sharing")
    person, sharer = await editor(make, place), await editor(make, sharing)
    first = poster.publish(person, place, "First")
    second = poster.publish(person, place, "Second")
    poster.do(person, "commentAdd", postId=second["id"], body="Yes")
    poster.do(person, "postReact", postId=second["id"], kind="LIKE")
    poster.do(person, "postBookmark", postId=second["id"])
    wordless = poster.do(sharer, "postRepost", postId=second["id"], organisationId=sharing.id)
    worded = poster.do(
        sharer, "postRepost", postId=second["id"], organisationId=sharing.id, body="Look"
    )
    own = poster.publish(sharer, sharing)
    assert poster.do(sharer, "postDelete", postId=own["id"]) == {
        "id": sharing.id,
        "postCount": 2,
    }
    assert poster.do(person, "postDelete", postId=second["id"]) == {
        "id": place.id,
        "postCount": 1,
    }
    found = poster.read(
        sharer,
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Post { repostOf { id } } } }",
        ids=[second["id"], wordless["id"], worded["id"]],
    )
    assert found["nodes"] == [None, None, {"id": worded["id"], "repostOf": None}]
    last: Any = await make.connection.fetchrow(
        "select o.last_post_id, p.last_post_id from organisation o, person p "
        "where o.id = $1 and p.id = $2",
        place.key,
        person.key,
    )
    assert tuple(last) == (key_of(first["id"]), key_of(first["id"]))
    assert await counters.check(make.connection) == []
    events = await make.connection.fetch(
        "select subject_id from event where kind = 'POST_DELETED' and organisation_id = any($1)",
        [place.key, sharing.key],
    )
    assert {row["subject_id"] for row in events} == {
        key_of(post["id"]) for post in (own, second, wordless)
    }
    assert poster.refuse(person, "postDelete", postId=second["id"]) == [("NOT_FOUND", ["postId"])]


async def test_publishing_and_deleting_at_once_leaves_the_counters_exact(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    people = [await editor(make, place) for _ in range(5)]
    posts = [poster.publish(people[n % 5], place, f"Number {n}") for n in range(15)]
    deleting = [(people[n % 5], {"postId": post["id"]}) for n, post in enumerate(posts)]
    publishing = [
        (people[n % 5], {"organisationId": place.id, "body": f"New {n}"}) for n in range(15)
    ]
    sharing = [
        (people[n % 5], {"organisationId": place.id, "postId": posts[n]["id"], "body": f"S {n}"})
        for n in range(10)
    ]
    await asyncio.gather(
        at_once(town_site, "postDelete", deleting),
        at_once(town_site, "postPublish", publishing),
        at_once(town_site, "postRepost", sharing),
    )
    assert await counters.check(make.connection) == []
    assert (
        await make.connection.fetchval(
            "select count(*) from post where organisation_id = $1 and kind = 'MESSAGE'", place.key
        )
        == 15
    )


async def test_a_repost_shows_its_original_to_whoever_may_read_that(
    poster: Poster, make: Maker
) -> None:
    place, sharing = await make.organisation(), await make.organisation("Sharing")
    person, sharer = await editor(make, place), await editor(make, sharing)
    await make.member(sharer, place)
    post = poster.publish(person, place, audience="ORGANISATION")
    shared = poster.do(
        sharer, "postRepost", postId=post["id"], organisationId=sharing.id, audience="PUBLIC"
    )
    assert (shared["kind"], shared["body"], shared["bodyHtml"]) == ("REPOST", "", "")
    assert shared["repostOf"] == {"id": post["id"]}
    text = "query ($id: ID!) { node(id: $id) { ... on Post { kind repostOf { id } } } }"
    assert poster.read(None, text, id=shared["id"])["node"] == {"kind": "REPOST", "repostOf": None}
    counted = poster.read(
        person,
        "query ($id: ID!) { node(id: $id) { ... on Post { repostCount reposts(first: 5) { nodes { id } } } } }",
        id=post["id"],
    )
    assert counted["node"] == {"repostCount": 1, "reposts": {"nodes": [{"id": shared["id"]}]}}
    again = {"postId": shared["id"], "organisationId": sharing.id}
    assert poster.refuse(sharer, "postRepost", **again) == [("TAKEN", ["postId"])]
    worded = poster.do(sharer, "postRepost", **again, body="Look")
    assert (worded["repostOf"], worded["body"]) == ({"id": post["id"]}, "Look")
    refusal = poster.refuse(sharer, "postEdit", postId=worded["id"], expectedVersion=1, body="")
    assert refusal == [("TAKEN", ["body"])]
    assert poster.refuse(
        sharer, "postEdit", postId=worded["id"], expectedVersion=1, kind="QUESTION"
    ) == [("INVALID", ["kind"])]
    poster.do(sharer, "postDelete", postId=shared["id"])
    assert await counters.check(make.connection) == []


async def test_sharing_twice_at_once_shares_once(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)
    given = {"postId": post["id"], "organisationId": place.id}
    answers = await at_once(town_site, "postRepost", [(person, given)] * 8)
    assert codes_of(answers) == [[], *[["TAKEN"]] * 7]
    assert await counters.check(make.connection) == []


async def test_at_most_three_posts_are_pinned(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    posts = [poster.publish(person, place, f"Number {n}") for n in range(6)]
    answers = await at_once(
        town_site, "postPin", [(person, {"postId": post["id"]}) for post in posts]
    )
    assert codes_of(answers) == [[], [], [], *[["TOO_MANY"]] * 3]
    text = "query ($id: ID!) { organisation(id: $id) { pinnedPosts { id } } }"
    pinned = poster.read(None, text.replace("id }", "id audience }"), id=place.id)
    assert pinned["organisation"]["pinnedPosts"] == []
    pinned = poster.read(person, text, id=place.id)["organisation"]["pinnedPosts"]
    assert len(pinned) == 3
    assert poster.do(person, "postUnpin", postId=pinned[0]["id"])["pinnedAt"] is None
    left = next(post for post in posts if {"id": post["id"]} not in pinned)
    poster.do(person, "postPin", postId=left["id"])
    pinned = poster.read(person, text, id=place.id)["organisation"]["pinnedPosts"]
    assert pinned[0] == {"id": left["id"]}


PICTURES = """
query ($id: ID!) { node(id: $id) { ... on Post { images { id } attachments { id } } } }
"""


async def test_a_post_carries_pictures_in_order_or_a_file(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person, manager = await editor(make, place), await editor(make, place)
    pictures = [await some_media(make, person) for _ in range(3)]
    file, other = await some_media(make, person, "FILE"), await some_media(make, manager)
    post = poster.publish(person, place, mediaIds=[pictures[1], pictures[0]])

    def carried() -> list[str]:
        node = poster.read(person, PICTURES, id=post["id"])["node"]
        return [found["id"] for found in node["images"] + node["attachments"]]

    assert carried() == [pictures[1], pictures[0]]
    given = {"postId": post["id"], "expectedVersion": 1}
    poster.do(manager, "postEdit", **given, mediaIds=[other, pictures[1]])
    assert carried() == [other, pictures[1]]
    given["expectedVersion"] = 2
    for media, expected in (
        ([file, other], "INVALID"),
        ([pictures[2]] * 2, "INVALID"),
        ([f"med_{NOBODY}"], "NOT_FOUND"),
        ([other], None),
        ([], None),
    ):
        answer = poster.send(person, "postEdit", **given, mediaIds=media)["postEdit"]
        assert [error["code"] for error in answer["userErrors"]] == ([expected] if expected else [])
        given["expectedVersion"] += not expected
    assert carried() == []
    with_file = poster.publish(person, place, mediaIds=[file])
    assert poster.read(person, PICTURES, id=with_file["id"])["node"]["attachments"] == [
        {"id": file}
    ]
    full = {"organisationId": place.id, "body": "Twice", "mediaIds": [file]}
    assert poster.refuse(person, "postPublish", **full) == [("CONFLICT", ["mediaIds"])]
    full["mediaIds"] = [await some_media(make, person) for _ in range(9)]
    assert poster.refuse(person, "postPublish", **full) == [("INVALID", ["mediaIds"])]
