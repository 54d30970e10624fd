"""Posts: published in an organisation's name, shared, edited, pinned, deleted."""

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
    block,
    codes_of,
    editor,
    key_of,
    now,
    partners,
    some_media,
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
    for new in AUDIENCES
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
