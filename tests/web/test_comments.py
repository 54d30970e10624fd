"""Comments: two levels deep, edited and taken back; and the best answer to a question."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker
from tests.web.posting import (
    Poster,
    at_once,
    block,
    codes_of,
    editor,
    key_of,
    now,
)
from tests.web.serving import done

NOBODY = "01a1f850-1400-7c95-b382-219df50cb3c9"
THREAD = """
query ($id: ID!) { node(id: $id) { ... on Post { commentCount bestAnswer { id } comments(threaded: true) {
  nodes { id body isDeleted author { id } replies { nodes { id body } } } } } } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_a_comment_is_shown_with_whom_it_names(poster: Poster, make: Maker) -> None:
    place, quay = await make.organisation(), await make.organisation("Quay")
    person, other = await editor(make, place), await make.person("Sam")
    post = poster.publish(person, place)
    comment = poster.do(
        other, "commentAdd", postId=post["id"], body=f"*Yes* @[q](org_{quay.key}) @[r]({person.id})"
    )
    rel = 'rel="nofollow noopener noreferrer"'
    assert comment == {
        "id": comment["id"],
        "body": f"*Yes* @[q](org_{quay.key}) @[r]({person.id})",
        "bodyHtml": f'<p><em>Yes</em> <a href="/organisations/{quay.slug}" class="mention" {rel}>'
        f'@Quay</a> <a href="/people/{person.id}" class="mention" {rel}>@Robin</a></p>',
        "isDeleted": False,
        "editedAt": None,
        "version": 1,
        "viewerCanEdit": True,
        "viewerCanDelete": True,
        "author": {"id": other.id},
        "parent": None,
        "post": {"id": post["id"], "commentCount": 1},
        "mentions": comment["mentions"],
    }
    assert {(m["person"] or m["organisation"])["id"] for m in comment["mentions"]} == {
        quay.id,
        person.id,
    }
    mentions = "query ($id: ID!) { node(id: $id) { ... on Post { mentions { person { id } } } } }"
    assert poster.read(person, mentions, id=post["id"])["node"] == {"mentions": []}
    event: Any = await make.connection.fetchrow(
        "select kind, organisation_id, subject_id, ids ->> 'post_id' as post from event"
        " where actor_id = $1",
        other.key,
    )
    assert dict(event) == {
        "kind": "COMMENT_ADDED",
        "organisation_id": place.key,
        "subject_id": key_of(comment["id"]),
        "post": str(key_of(post["id"])),
    }


async def test_an_answer_to_an_answer_stands_beside_it(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)

    def answer(parent: str | None, body: str) -> Any:
        return poster.do(person, "commentAdd", postId=post["id"], parentId=parent, body=body)

    top = answer(None, "Top")
    second = answer(top["id"], "Second")
    third = answer(second["id"], "Third")
    fourth = answer(third["id"], "Fourth")
    assert [found["parent"] for found in (second, third, fourth)] == [{"id": top["id"]}] * 3
    depth = await make.connection.fetchval(
        "select count(*) from comment c join comment p on p.id = c.parent_id "
        "where p.parent_id is not null"
    )
    assert depth == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"body": ""}, ("INVALID", ["body"]), id="empty"),
        pytest.param({"body": "x" * 2_001}, ("INVALID", ["body"]), id="too long"),
        pytest.param({"body": "a\u0000"}, ("INVALID", ["body"]), id="null character"),
        pytest.param({"body": "a\u2066b"}, ("INVALID", ["body"]), id="hidden direction"),
        pytest.param({"body": f"@[A](org_{NOBODY})"}, ("NOT_FOUND", ["body"]), id="mention"),
        pytest.param({"postId": f"pst_{NOBODY}"}, ("NOT_FOUND", ["postId"]), id="no post"),
        pytest.param({"postId": f"com_{NOBODY}"}, ("INVALID", ["postId"]), id="another type"),
        pytest.param({"parentId": f"com_{NOBODY}"}, ("NOT_FOUND", ["parentId"]), id="no comment"),
        pytest.param({"parentId": f"pst_{NOBODY}"}, ("INVALID", ["parentId"]), id="wrong type"),
    ],
)
async def test_what_cannot_be_taken_leaves_nothing(
    poster: Poster, make: Maker, given: dict[str, Any], expected: tuple[str, list[str]]
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)
    full = {"postId": post["id"], "body": "Yes", **given}
    assert poster.refuse(person, "commentAdd", **full) == [expected]
    assert (
        await make.connection.fetchval(
            "select count(*) from comment where author_id = $1", person.key
        )
        == 0
    )


async def test_a_parent_on_another_post_or_out_of_sight_is_refused(
    poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    person, other = await editor(make, place), await make.person()
    post, elsewhere = poster.publish(person, place), poster.publish(person, place, "Elsewhere")
    inside = poster.publish(person, place, "Inside", audience="ORGANISATION")
    there = poster.do(person, "commentAdd", postId=elsewhere["id"], body="There")
    hidden = poster.do(person, "commentAdd", postId=inside["id"], body="Inside")
    for parent, code in ((there["id"], "INVALID"), (hidden["id"], "NOT_FOUND")):
        refusal = poster.refuse(other, "commentAdd", postId=post["id"], parentId=parent, body="Yes")
        assert refusal == [(code, ["parentId"])]


async def test_a_comment_is_edited_by_whoever_wrote_it(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    manager, person = await editor(make, place), await make.person()
    one, other = await make.person("One"), await make.person("Other")
    post = poster.publish(manager, place)
    comment = poster.do(person, "commentAdd", postId=post["id"], body=f"Hi @[o]({one.id})")
    edit = {"commentId": comment["id"], "expectedVersion": 1, "body": f"Bye @[o]({other.id})"}
    assert poster.refuse(manager, "commentEdit", **edit) == [("NOT_ALLOWED", ["commentId"])]
    edited = poster.do(person, "commentEdit", **edit)
    assert (edited["body"], edited["version"]) == (edit["body"], 2)
    assert edited["editedAt"]
    assert [mention["person"]["id"] for mention in edited["mentions"]] == [other.id]
    assert poster.refuse(person, "commentEdit", **edit) == [("CONFLICT", ["expectedVersion"])]
    foreign = {**edit, "commentId": f"com_{NOBODY}"}
    assert poster.refuse(person, "commentEdit", **foreign) == [("NOT_FOUND", ["commentId"])]
    await block(make, manager, person)
    again = {**edit, "expectedVersion": 2}
    assert poster.refuse(person, "commentEdit", **again) == [("NOT_FOUND", ["commentId"])]


async def test_an_answered_comment_keeps_its_place_and_nothing_else(
    poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    manager, person = await editor(make, place), await make.person("Sam")
    post = poster.publish(manager, place)
    top = poster.do(person, "commentAdd", postId=post["id"], body=f"Top @[m]({manager.id})")
    reply = poster.do(manager, "commentAdd", postId=post["id"], parentId=top["id"], body="Reply")
    buried = done(poster.send(person, "commentDelete", commentId=top["id"]), "commentDelete")
    assert buried["post"]["commentCount"] == 1
    assert buried["comment"] == {
        **top,
        "body": "",
        "bodyHtml": "",
        "isDeleted": True,
        "version": 2,
        "viewerCanEdit": False,
        "viewerCanDelete": False,
        "author": None,
        "mentions": [],
        "post": {"id": post["id"], "commentCount": 1},
    }
    thread = poster.read(person, THREAD, id=post["id"])["node"]
    assert thread["comments"]["nodes"] == [
        {
            "id": top["id"],
            "body": "",
            "isDeleted": True,
            "author": None,
            "replies": {"nodes": [{"id": reply["id"], "body": "Reply"}]},
        }
    ]
    for name, given in (
        ("commentDelete", {}),
        ("commentEdit", {"expectedVersion": 2, "body": "Back"}),
    ):
        assert poster.refuse(person, name, commentId=top["id"], **given) == [
            ("CONFLICT", ["commentId"])
        ]
    gone = done(poster.send(manager, "commentDelete", commentId=reply["id"]), "commentDelete")
    assert gone["comment"] is None
    assert poster.read(person, THREAD, id=post["id"])["node"] == {
        "commentCount": 0,
        "bestAnswer": None,
        "comments": {"nodes": []},
    }
    assert await counters.check(make.connection) == []


async def test_only_its_author_and_the_posts_managers_take_a_comment_back(
    poster: Poster, make: Maker
) -> None:
    place, beside = await make.organisation(), await make.organisation()
    manager, person = await editor(make, place), await make.person()
    member, elsewhere = await make.person(), await editor(make, beside)
    await make.member(member, place)
    post = poster.publish(manager, place, audience="FOLLOWERS")
    await make.connection.execute(
        "insert into follow (person_id, organisation_id) values ($1, $2)", person.key, place.key
    )
    comment = poster.do(person, "commentAdd", postId=post["id"], body="Yes")
    own = poster.do(person, "commentAdd", postId=post["id"], body="Own")
    given = {"commentId": comment["id"]}
    assert poster.refuse(member, "commentDelete", **given) == [("NOT_ALLOWED", ["commentId"])]
    assert poster.refuse(elsewhere, "commentDelete", **given) == [("NOT_FOUND", ["commentId"])]
    assert done(poster.send(manager, "commentDelete", **given), "commentDelete")["comment"] is None
    audited: Any = await make.connection.fetchrow(
        "select action, actor_id, subject_id from audit_entry where organisation_id = $1", place.key
    )
    assert tuple(audited) == ("COMMENT_DELETED", manager.key, key_of(comment["id"]))
    # One's own words can be taken back also where one reads no longer.
    await make.connection.execute("delete from follow where person_id = $1", person.key)
    payload = done(poster.send(person, "commentDelete", commentId=own["id"]), "commentDelete")
    assert (payload["post"], payload["comment"]) == (None, None)
    assert await counters.check(make.connection) == []


async def test_many_who_answer_and_take_back_at_once_are_counted(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    people = [await make.person() for _ in range(10)]
    post = poster.publish(person, place)
    tops = [
        poster.do(person, "commentAdd", postId=post["id"], body=f"Top {n}")["id"] for n in range(10)
    ]
    adding = [
        (people[n % 10], {"postId": post["id"], "parentId": tops[n % 10], "body": f"Answer {n}"})
        for n in range(40)
    ]
    deleting = [(person, {"commentId": top}) for top in tops]
    added, deleted = await asyncio.gather(
        at_once(town_site, "commentAdd", adding), at_once(town_site, "commentDelete", deleting)
    )
    assert codes_of(deleted) == [[]] * 10
    # Whoever answers what has just gone is told.
    refused = [codes for codes in codes_of(added) if codes]
    assert all(codes == ["NOT_FOUND"] for codes in refused)
    assert await counters.check(make.connection) == []
    assert await make.connection.fetchval(
        "select comment_count from post where id = $1", key_of(post["id"])
    ) == 40 - len(refused)


async def test_a_question_has_one_best_answer(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, person = await make.person(), await make.person()
    await make.member(author, place, "TALENT_MANAGER")
    manager = await editor(make, place)
    post = poster.publish(author, place, "How?", kind="QUESTION")
    message, other = poster.publish(author, place), poster.publish(author, place, kind="QUESTION")
    first, second = (
        poster.do(person, "commentAdd", postId=post["id"], body=f"So {n}") for n in range(2)
    )
    elsewhere = poster.do(person, "commentAdd", postId=other["id"], body="There")

    def choose(who: Any, comment: str | None) -> Any:
        return poster.do(who, "postChooseAnswer", postId=post["id"], commentId=comment)[
            "bestAnswer"
        ]

    assert choose(author, first["id"]) == {"id": first["id"]}
    assert choose(manager, second["id"]) == {"id": second["id"]}
    for who, question, comment, expected in (
        (person, post, first, ("NOT_ALLOWED", ["postId"])),
        (author, message, first, ("CONFLICT", ["postId"])),
        (author, post, elsewhere, ("INVALID", ["commentId"])),
        (author, post, {"id": f"com_{NOBODY}"}, ("NOT_FOUND", ["commentId"])),
    ):
        refusal = poster.refuse(
            who, "postChooseAnswer", postId=question["id"], commentId=comment["id"]
        )
        assert refusal == [expected]
    assert choose(author, None) is None
    choose(author, second["id"])
    payload = done(poster.send(person, "commentDelete", commentId=second["id"]), "commentDelete")
    assert payload["post"]["bestAnswer"] is None
    choose(author, first["id"])
    edited = poster.do(author, "postEdit", postId=post["id"], expectedVersion=1, kind="MESSAGE")
    assert edited["bestAnswer"] is None
    events = await make.connection.fetchval(
        "select count(*) from event where kind = 'ANSWER_CHOSEN' and subject_id = $1",
        key_of(post["id"]),
    )
    assert events == 5


async def test_a_comment_that_moderators_hid_is_seen_by_its_author(
    poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    manager, person = await editor(make, place), await make.person()
    post = poster.publish(manager, place)
    comment = poster.do(person, "commentAdd", postId=post["id"], body=f"Hi @[m]({manager.id})")
    await make.connection.execute(
        "update comment set hidden_at = $2 where id = $1", key_of(comment["id"]), now()
    )
    text = "query ($id: ID!) { node(id: $id) { id } }"
    assert poster.read(person, text, id=comment["id"])["node"]
    assert poster.read(manager, text, id=comment["id"])["node"] is None
    mention = await make.connection.fetchval(
        "select id from mention where comment_id = $1", key_of(comment["id"])
    )
    assert poster.read(person, text, id=f"men_{mention}")["node"]
    assert poster.read(manager, text, id=f"men_{mention}")["node"] is None
