"""Posts: published in an organisation's name, for an audience."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from db import counters
from tests.making import Maker, Someone
from tests.web.posting import (
    Poster,
    at_once,
    block,
    editor,
    key_of,
    now,
    partners,
    some_skills,
)
from tests.web.serving import done

NOBODY = "01a1f850-1400-7c95-b382-219df50cb3c9"
WHO_READS = """
query ($id: ID!) { node(id: $id) { id } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_a_post_says_whose_it_is_and_who_wrote_it(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place, "Robin", locale="NL")
    skills = await some_skills(make, 2)
    post = poster.publish(
        person, place, "**Hi**\nthere", skillIds=[skills[1], skills[0], skills[1]], kind="QUESTION"
    )
    key = post.pop("id")
    assert post == {
        "kind": "QUESTION",
        "body": "**Hi**\nthere",
        "bodyHtml": "<p><strong>Hi</strong><br>\nthere</p>",
        "language": "NL",
        "audience": "NETWORK",
        "editedAt": None,
        "version": 1,
        "pinnedAt": None,
        "commentCount": 0,
        "reactionCount": 0,
        "repostCount": 0,
        "viewerReaction": None,
        "viewerHasBookmarked": False,
        "viewerCanEdit": True,
        "author": {"id": person.id, "name": "Robin"},
        "organisation": {"id": place.id},
        "skills": [{"id": skill} for skill in skills],
        "mentions": [],
        "repostOf": None,
        "bestAnswer": None,
    }
    event: Any = await make.connection.fetchrow(
        "select kind, actor_id, organisation_id, subject_id from event where actor_id = $1",
        person.key,
    )
    assert dict(event) == {
        "kind": "POST_PUBLISHED",
        "actor_id": person.key,
        "organisation_id": place.key,
        "subject_id": key_of(key),
    }


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("OWNER", None),
        ("ADMIN", None),
        ("TALENT_MANAGER", None),
        ("EDITOR", None),
        ("MEMBER", "NOT_ALLOWED"),
        (None, "NOT_ALLOWED"),
    ],
)
async def test_a_role_decides_who_publishes(
    poster: Poster, make: Maker, role: str | None, expected: str | None
) -> None:
    place, person = await make.organisation(), await make.person()
    if role:
        await make.member(person, place, role)
    if expected is None:
        assert poster.publish(person, place)["author"]["id"] == person.id
    else:
        refusal = poster.refuse(person, "postPublish", organisationId=place.id, body="Hello")
        assert refusal == [(expected, ["organisationId"])]
    assert await counters.check(make.connection) == []


async def test_only_whoever_is_somebody_publishes(poster: Poster, make: Maker) -> None:
    place, away = await make.organisation(), await make.organisation(suspended_at=now())
    given = {"organisationId": place.id, "body": "Hello"}
    assert poster.refuse(None, "postPublish", **given) == [("NOT_SIGNED_IN", [])]
    suspended = await editor(make, place, suspended_at=now())
    assert poster.refuse(suspended, "postPublish", **given) == [("NOT_ALLOWED", [])]
    person = await editor(make, away)
    in_name = ["organisationId"]
    for organisation, code in (
        (away.id, "NOT_ALLOWED"),
        (f"org_{NOBODY}", "NOT_FOUND"),
        (f"per_{NOBODY}", "INVALID"),
        ("x", "INVALID"),
    ):
        refusal = poster.refuse(person, "postPublish", organisationId=organisation, body="Hello")
        assert refusal == [(code, in_name)]
    stranger = await make.person()
    assert poster.refuse(stranger, "postPublish", organisationId=away.id, body="Hello") == [
        ("NOT_FOUND", in_name)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"body": ""}, ("INVALID", ["body"]), id="empty"),
        pytest.param({"body": " \n\t "}, ("INVALID", ["body"]), id="blank"),
        pytest.param({"body": "x" * 5_001}, ("INVALID", ["body"]), id="too long"),
        pytest.param({"body": "a\u0000b"}, ("INVALID", ["body"]), id="null character"),
        pytest.param({"body": "a\u0007b"}, ("INVALID", ["body"]), id="control character"),
        pytest.param({"body": "a\u202eb"}, ("INVALID", ["body"]), id="right-to-left override"),
        pytest.param({"kind": "REPOST"}, ("INVALID", ["kind"]), id="a repost of nothing"),
        pytest.param({"skillIds": [f"skl_{NOBODY}"]}, ("NOT_FOUND", ["skillIds"]), id="no skill"),
        pytest.param(
            {"skillIds": [f"org_{NOBODY}"]}, ("INVALID", ["skillIds", "0"]), id="another type"
        ),
        pytest.param(
            {"skillIds": [f"skl_{NOBODY[:-2]}{n:02}" for n in range(11)]},
            ("TOO_MANY", ["skillIds"]),
            id="too many skills",
        ),
        pytest.param(
            {"body": f"@[A](per_{NOBODY})"}, ("NOT_FOUND", ["body"]), id="unknown mention"
        ),
        pytest.param(
            {"body": " ".join(f"@[A](per_{NOBODY[:-2]}{n:02})" for n in range(21))},
            ("TOO_MANY", ["body"]),
            id="too many mentions",
        ),
    ],
)
async def test_what_cannot_be_taken_leaves_nothing(
    poster: Poster, make: Maker, given: dict[str, Any], expected: tuple[str, list[str]]
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    full = {"organisationId": place.id, "body": "Hello", **given}
    assert poster.refuse(person, "postPublish", **full) == [expected]
    for table in ("post", "event"):
        assert not await make.connection.fetchval(
            f"select count(*) from {table} where organisation_id = $1", place.key
        )


async def test_a_refusal_is_in_the_language_of_the_viewer(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    said = {}
    for locale in ("EN", "NL"):
        person = await editor(make, place, locale=locale)
        answer = poster.send(person, "postPublish", organisationId=place.id, body="x" * 5_001)
        said[locale] = answer["postPublish"]["userErrors"][0]["message"]
    assert said == {
        "EN": "This has 5,001 characters; at most 5,000 fit.",
        "NL": "Dit heeft 5.001 tekens; er passen er hoogstens 5.000.",
    }


async def test_the_longest_text_fits(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    assert poster.publish(person, place, "🦊" * 5_000)["body"] == "🦊" * 5_000


async def test_a_mention_links_whom_the_writer_may_see(poster: Poster, make: Maker) -> None:
    place, harbour = (
        await make.organisation(),
        await make.organisation("Har & Bour", slug="har-bour"),
    )
    quay = await make.organisation("Quay")
    person, other = await editor(make, place), await make.person("Sam <b>")
    body = (
        f"Hi @[x](org_{harbour.key}), @[y](org_{quay.key}), @[z]({other.id}) and @[w]({other.id})"
    )
    post = poster.publish(person, place, body)
    rel = 'rel="nofollow noopener noreferrer"'
    assert post["bodyHtml"] == (
        f'<p>Hi <a href="/organisations/{harbour.slug}" class="mention" {rel}>@Har &amp; Bour</a>, '
        f'<a href="/organisations/{quay.slug}" class="mention" {rel}>@Quay</a>, '
        f'<a href="/people/{other.id}" class="mention" {rel}>@Sam &lt;b&gt;</a> and '
        f'<a href="/people/{other.id}" class="mention" {rel}>@Sam &lt;b&gt;</a></p>'
    )
    named = sorted(
        (mention["person"] or mention["organisation"])["id"] for mention in post["mentions"]
    )
    assert named == sorted([harbour.id, quay.id, other.id])


@pytest.mark.parametrize("reason", ["colleagues only", "deactivated", "blocked", "suspended"])
async def test_whom_the_writer_may_not_see_cannot_be_mentioned(
    poster: Poster, make: Maker, reason: str
) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    columns: dict[str, dict[str, Any]] = {
        "colleagues only": {"visibility": "COLLEAGUES"},
        "deactivated": {"deactivated_at": now()},
        "suspended": {"suspended_at": now()},
        "blocked": {},
    }
    other = await make.person("Sam", **columns[reason])
    if reason == "blocked":
        await block(make, other, person)
    refusal = poster.refuse(
        person, "postPublish", organisationId=place.id, body=f"Hi @[Sam]({other.id})"
    )
    assert refusal == [("NOT_FOUND", ["body"])]


AUDIENCES = {
    "PUBLIC": {"visitor", "stranger", "follower", "partner", "member", "author"},
    "NETWORK": {"stranger", "follower", "partner", "member", "author"},
    "FOLLOWERS": {"follower", "member", "author"},
    "PARTNERS": {"partner", "member", "author"},
    "ORGANISATION": {"member", "author"},
}


@pytest.mark.parametrize("audience", list(AUDIENCES))
async def test_an_audience_is_who_reads_answers_and_reacts(
    poster: Poster, make: Maker, audience: str
) -> None:
    place, beside = await make.organisation(), await make.organisation("Beside")
    await partners(make, beside, place)
    people: dict[str, Someone | None] = {
        "visitor": None,
        "stranger": await make.person(),
        "follower": await make.person(),
        "partner": await make.person(),
        "member": await make.person(),
        "author": await editor(make, place),
        "blocked": await make.person(),
    }
    for name, where in (("partner", beside), ("member", place)):
        found = people[name]
        assert found
        await make.member(found, where)
    for name in ("follower", "blocked"):
        found = people[name]
        assert found
        await make.connection.execute(
            "insert into follow (person_id, organisation_id) values ($1, $2)", found.key, place.key
        )
        await make.connection.execute(
            "update organisation set follower_count = follower_count + 1 where id = $1", place.key
        )
    author, blocked = people["author"], people["blocked"]
    assert author
    assert blocked
    await block(make, author, blocked)
    post = poster.publish(author, place, audience=audience)
    readers, answering, reacting, keeping, sharing = set(), set(), set(), set(), set()
    for name, person in people.items():
        if poster.read(person, WHO_READS, id=post["id"])["node"]:
            readers.add(name)
        answer = poster.send(person, "commentAdd", postId=post["id"], body="Yes")["commentAdd"]
        if not answer["userErrors"]:
            answering.add(name)
        if not poster.send(person, "postReact", postId=post["id"], kind="LIKE")["postReact"][
            "userErrors"
        ]:
            reacting.add(name)
        if not poster.send(person, "postBookmark", postId=post["id"])["postBookmark"]["userErrors"]:
            keeping.add(name)
        if person and name != "author":
            own = await make.organisation()
            await make.member(person, own, "OWNER")
            shared = poster.send(person, "postRepost", postId=post["id"], organisationId=own.id)
            if not shared["postRepost"]["userErrors"]:
                sharing.add(name)
    signed_in = AUDIENCES[audience] - {"visitor"}
    assert readers == AUDIENCES[audience]
    assert answering == reacting == keeping == signed_in
    assert sharing == signed_in - {"author"}
    assert await counters.check(make.connection) == []


async def test_the_same_key_publishes_once(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    first, again = (poster.publish(person, place, idempotencyKey="once") for _ in range(2))
    assert first == again
    other = poster.publish(person, place, idempotencyKey="twice")
    assert other["id"] != first["id"]
    refusal = poster.refuse(
        person, "postPublish", organisationId=place.id, body="Other", idempotencyKey="once"
    )
    assert refusal == [("KEY_REUSED", ["idempotencyKey"])]
    assert (
        await make.connection.fetchval(
            "select post_count from organisation where id = $1", place.key
        )
        == 2
    )


async def test_posts_for_fewer_are_not_the_newest_for_all(poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    person = await editor(make, place)
    post = poster.publish(person, place)
    for audience in ("PARTNERS", "ORGANISATION"):
        poster.publish(person, place, audience=audience)
    found: Any = await make.connection.fetchrow(
        "select post_count, last_post_id from organisation where id = $1", place.key
    )
    assert tuple(found) == (1, key_of(post["id"]))


async def test_who_publish_at_once_are_all_counted_and_the_newest_is_the_last(
    town_site: str, make: Maker
) -> None:
    places = [await make.organisation() for _ in range(2)]
    people = [await make.person() for _ in range(10)]
    for person in people:
        for place in places:
            await make.member(person, place, "EDITOR")
    requests = [
        (person, {"organisationId": place.id, "body": f"Number {turn}"})
        for turn in range(3)
        for person in people
        for place in places
    ]
    for answer in await at_once(town_site, "postPublish", requests):
        done(answer, "postPublish")
    for place in places:
        assert (
            await make.connection.fetchval(
                "select post_count from organisation where id = $1", place.key
            )
            == 30
        )
    assert await counters.check(make.connection) == []
