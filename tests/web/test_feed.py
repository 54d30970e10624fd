"""The feeds, as a client reads them: what is in them, in which order, and why."""

from __future__ import annotations

from itertools import count as counting
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from resolvers.feed_ranked import AGAIN, PRIORITISED, RESPONSE, SKILL
from tests.making import Maker, Place, Someone
from tests.web.serving import ask, data_of, done, refused

FEED = """query Feed($first: Int, $after: String, $last: Int, $before: String) {
  feed(first: $first, after: $after, last: $last, before: $before) { totalCount nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
RANKED = FEED.replace("feed(", "rankedFeed(")
MINUTE = 60_000
START = 1_780_000_000_000
_keys, _tests = counting(), counting()


class Town:
    """Rows for one test, written straight into the tables."""

    def __init__(self, make: Maker) -> None:
        self.make = make
        self.random = Random(7)  # noqa: S311 - no secret
        self.posts: list[UUID] = []

    async def execute(self, statement: str, *values: Any) -> None:
        """Run a statement."""
        await self.make.connection.execute(statement, *values)

    async def skills(self, count: int) -> list[UUID]:
        """Give some skills that no other test has."""
        rows = await self.make.connection.fetch(
            """
            select id from skill s
            where not exists (select from person_skill h where h.skill_id = s.id)
              and not exists (select from organisation_strength o where o.skill_id = s.id)
              and not exists (select from post_skill p where p.skill_id = s.id)
            order by id limit $1 offset $2
            """,
            count,
            10 * next(_tests),
        )
        return [row["id"] for row in rows]

    def key(self, minute: float) -> UUID:
        """Make a key of a moment, in minutes since the start."""
        milliseconds = START + int(minute * MINUTE)
        # Unique: the tests share a database.
        low = uuid4().int & ((1 << 62) - 1)
        return UUID(int=milliseconds << 80 | 7 << 76 | (next(_keys) & 0xFFF) << 64 | 2 << 62 | low)

    async def post(
        self,
        place: Place,
        author: Someone,
        minute: float,
        *,
        audience: str = "NETWORK",
        skills: list[UUID] = [],  # noqa: B006 - only read
        hidden: bool = False,
    ) -> str:
        """Publish a post at a minute; give its id."""
        key = self.key(minute)
        await self.execute(
            """insert into post (id, organisation_id, author_id, body, language, audience, created_at,
            hidden_at) values ($1, $2, $3, 'Words', 'EN', $4, to_timestamp($5),
            case when $6 then now() end)""",
            key,
            place.key,
            author.key,
            audience,
            (START + minute * MINUTE) / 1000,
            hidden,
        )
        for skill in skills:
            await self.execute("insert into post_skill values ($1, $2)", key, skill)
        if audience not in {"PARTNERS", "ORGANISATION"} and not hidden:
            await self.execute(
                "update organisation set last_post_id = greatest(last_post_id, $2) where id = $1",
                place.key,
                key,
            )
        self.posts.append(key)
        return f"pst_{key}"

    async def follow(self, who: Someone, what: Any, **switches: bool) -> None:
        """Follow an organisation, a person or a skill."""
        table, column, key = {
            Place: ("follow", "organisation_id", getattr(what, "key", None)),
            Someone: ("person_follow", "followed_id", getattr(what, "key", None)),
            UUID: ("skill_follow", "skill_id", what),
        }[type(what) if isinstance(what, Place | Someone) else UUID]
        names = "".join(f", {name}" for name in switches)
        values = "".join(f", {value}" for value in switches.values())
        await self.execute(
            f"insert into {table} (person_id, {column}{names}) values ($1, $2{values})",
            who.key,
            key,
        )

    async def mute(self, who: Someone, column: str, key: UUID) -> None:
        """Mute something."""
        await self.execute(f"insert into mute (person_id, {column}) values ($1, $2)", who.key, key)

    async def react(self, who: Someone, post: str, minute: float = 5_000) -> None:
        """React to a post."""
        await self.execute(
            "insert into reaction (id, post_id, person_id, kind) values ($1, $2, $3, 'LIKE')",
            self.key(minute),
            UUID(post.removeprefix("pst_")),
            who.key,
        )


@pytest.fixture
def town_rows(make: Maker) -> Town:
    return Town(make)


def page(client: httpx2.Client, who: Someone, text: str = FEED, **variables: Any) -> Any:
    """Read a page of a feed."""
    data = data_of(ask(client, text, variables, token=who.token))
    return next(iter(data.values()))


def ids(found: Any) -> list[str]:
    """Give the ids of a page."""
    return [node["id"] for node in found["nodes"]]


def walked(
    client: httpx2.Client, who: Someone, text: str, size: int, *, backward: bool = False
) -> list[str]:
    """Read a whole feed page by page."""
    found: list[str] = []
    cursor = None
    for _ in range(100):
        if backward:
            answer = page(client, who, text, last=size, before=cursor)
            found = ids(answer) + found
            more, cursor = (
                answer["pageInfo"]["hasPreviousPage"],
                answer["pageInfo"]["startCursor"],
            )
        else:
            answer = page(client, who, text, first=size, after=cursor)
            found += ids(answer)
            more, cursor = answer["pageInfo"]["hasNextPage"], answer["pageInfo"]["endCursor"]
        if not more:
            return found
    raise AssertionError("the feed does not end")


async def naive_feed(town: Town, who: Someone) -> list[str]:
    """Give the feed as the contract tells it, row by row."""
    fetch = town.make.connection.fetch
    me = who.key

    async def keys(statement: str) -> set[UUID]:
        return {row[0] for row in await fetch(statement, me) if row[0] is not None}

    organisations = await keys(
        "select organisation_id from follow where person_id = $1 and in_feed"
    )
    any_follow = await keys("select organisation_id from follow where person_id = $1")
    people = await keys("select followed_id from person_follow where person_id = $1 and in_feed")
    skills = await keys("select skill_id from skill_follow where person_id = $1 and in_feed")
    muted = set[UUID]()
    for column in ("organisation_id", "muted_person_id", "skill_id"):
        muted |= await keys(f"select {column} from mute where person_id = $1")
    mine = await keys(
        "select organisation_id from membership where person_id = $1 and ended_on is null"
    )
    partners = {
        there
        for row in await fetch("select * from partnership where status = 'ACTIVE'")
        for here, there in (
            (row["requester_id"], row["addressee_id"]),
            (row["addressee_id"], row["requester_id"]),
        )
        if here in mine
    }
    unmet = {
        row["person_id"] if row["blocked_person_id"] == me else row["blocked_person_id"]
        for row in await fetch("select * from block where organisation_id is null")
        if me in {row["person_id"], row["blocked_person_id"]}
    } | await keys("select organisation_id from block where person_id = $1")
    suspended = {
        row["id"]
        for row in await fetch("select id from organisation where suspended_at is not null")
    }
    found = []
    for post in await fetch("select * from post where id = any($1)", town.posts):
        place, author = post["organisation_id"], post["author_id"]
        tags = {
            row["skill_id"]
            for row in await fetch("select skill_id from post_skill where post_id = $1", post["id"])
        }
        readable = {
            "PUBLIC": True,
            "NETWORK": True,
            "FOLLOWERS": place in any_follow | mine,
            "PARTNERS": place in partners | mine,
            "ORGANISATION": place in mine,
        }[post["audience"]]
        if (
            (place in organisations or author in people or tags & skills)
            and not {place, author, *tags} & muted
            and not {place, author} & unmet
            and readable
            and post["hidden_at"] is None
            and (place not in suspended or place in mine)
        ):
            found.append(post["id"])
    return [f"pst_{key}" for key in sorted(found, reverse=True)]


async def busy_town(town: Town) -> list[Someone]:
    """Make people who follow, mute and block one another, and what they publish; give the readers."""
    make, random = town.make, town.random
    people = [await make.person(f"Reader {number}") for number in range(8)]
    places = [await make.organisation(f"Place {number}") for number in range(7)]
    skills = await town.skills(6)
    for number, person in enumerate(people):
        for place in random.sample(places, number % 3):
            await make.member(person, place)
        for place in random.sample(places, random.randint(0, 5)):
            await town.follow(person, place, in_feed=random.random() < 0.8)
        others = [other for other in people if other is not person]
        for other in random.sample(others, random.randint(0, 4)):
            await town.follow(person, other, in_feed=random.random() < 0.8)
        for skill in random.sample(skills, random.randint(0, 3)):
            await town.follow(person, skill, in_feed=random.random() < 0.8)
        if number % 2:
            await town.mute(person, "organisation_id", random.choice(places).key)
            await town.mute(person, "muted_person_id", random.choice(others).key)
            await town.mute(person, "skill_id", random.choice(skills))
    for asking, asked in ((0, 1), (2, 3), (5, 4)):
        await town.execute(
            """insert into partnership (requester_id, addressee_id, status)
            values ($1, $2, 'ACTIVE')""",
            places[asking].key,
            places[asked].key,
        )
    blocks = "insert into block (person_id, blocked_person_id) values ($1, $2)"
    await town.execute(blocks, people[1].key, people[2].key)
    await town.execute(blocks, people[6].key, people[5].key)
    await town.execute(
        "insert into block (person_id, organisation_id) values ($1, $2)",
        people[3].key,
        places[2].key,
    )
    await town.execute("update organisation set suspended_at = now() where id = $1", places[6].key)
    audiences = ("PUBLIC", "NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
    for number in range(160):
        await town.post(
            random.choice(places),
            random.choice(people),
            number * 7,
            audience=random.choice(audiences),
            skills=random.sample(skills, random.choice((0, 0, 1, 2))),
            hidden=random.random() < 0.05,
        )
    return people


async def test_the_feed_is_what_one_follows_and_may_read_without_what_one_mutes(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    readers = await busy_town(town_rows)
    expected = [await naive_feed(town_rows, reader) for reader in readers]
    assert len({tuple(feed) for feed in expected}) == len(readers)
    assert sum(map(len, expected)) > 150
    for number, (reader, feed) in enumerate(zip(readers, expected, strict=True)):
        whole = page(town_client, reader, first=100)
        assert ids(whole) == feed[:100]
        assert whole["totalCount"] == len(feed)
        size = (1, 4, 9, 30)[number % 4]
        assert walked(town_client, reader, FEED, size) == feed
        assert walked(town_client, reader, FEED, size, backward=True) == feed
        # The ranked feed holds the same, as far as its bounds go.
        ranked = walked(town_client, reader, RANKED, size)
        assert ranked == walked(town_client, reader, RANKED, size, backward=True)
        assert len(set(ranked)) == len(ranked)
        assert set(ranked) <= set(feed)


async def test_a_mute_empties_the_feed_at_once_and_an_unmute_fills_it(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    reader, writer, place = (
        await make.person(),
        await make.person("Writer"),
        await make.organisation(),
    )
    (skill,) = await town_rows.skills(1)
    await town_rows.follow(reader, place)
    post = await town_rows.post(place, writer, 1, skills=[skill])
    for kind, value in (
        ("organisation", place.id),
        ("person", writer.id),
        ("skill", f"skl_{skill}"),
    ):
        for verb, shown in (("Mute", []), ("Unmute", [post])):
            text = f"""mutation M($input: {kind.capitalize()}{verb}Input!) {{
                {kind}{verb}(input: $input) {{ userErrors {{ code }} }} }}"""
            given = {"input": {f"{kind}Id": value}}
            done(data_of(ask(town_client, text, given, token=reader.token)), f"{kind}{verb}")
            assert ids(page(town_client, reader)) == shown


REASONS = """{ feed { nodes { id feedReasons { kind organisation { id } person { id } skill { id }
    isPrioritised peopleCount } } } }"""


def reason(kind: str, **given: Any) -> dict[str, Any]:
    """Give a reason as a client sees it."""
    return {
        "kind": kind,
        "organisation": None,
        "person": None,
        "skill": None,
        "isPrioritised": False,
        "peopleCount": None,
    } | given


async def test_every_post_says_why_it_is_shown(town_client: httpx2.Client, town_rows: Town) -> None:
    make = town_rows.make
    reader, writer = await make.person(), await make.person("Writer")
    home, place, partner = [await make.organisation(name) for name in ("Home", "Away", "Ally")]
    skill, other = await town_rows.skills(2)
    await make.member(reader, home)
    await town_rows.execute(
        "insert into partnership (requester_id, addressee_id, status) values ($1, $2, 'ACTIVE')",
        partner.key,
        home.key,
    )
    await town_rows.execute(
        "insert into person_skill (person_id, skill_id, level) values ($1, $2, 3)",
        reader.key,
        other,
    )
    await town_rows.follow(reader, home)
    await town_rows.follow(reader, partner, prioritise=True)
    await town_rows.follow(reader, writer)
    await town_rows.follow(reader, skill)
    await town_rows.post(home, writer, 1, audience="ORGANISATION")
    await town_rows.post(partner, await make.person("Else"), 2, audience="PARTNERS")
    answered = await town_rows.post(place, writer, 3, skills=[skill, other])
    for who in (reader, writer, await make.person("Third")):
        await town_rows.react(who, answered)
    found = data_of(ask(town_client, REASONS, token=reader.token))["feed"]["nodes"]
    assert [node["feedReasons"] for node in found] == [
        [
            reason("FOLLOWS_PERSON", person={"id": writer.id}),
            reason("FOLLOWS_SKILL", skill={"id": f"skl_{skill}"}),
            reason("SHARED_SKILL", skill={"id": f"skl_{other}"}),
            # Two, for the author does not count.
            reason("RESPONSES", peopleCount=2),
        ],
        [
            reason("FOLLOWS_ORGANISATION", organisation={"id": partner.id}, isPrioritised=True),
            reason("PARTNER", organisation={"id": home.id}),
        ],
        [
            reason("FOLLOWS_ORGANISATION", organisation={"id": home.id}),
            reason("FOLLOWS_PERSON", person={"id": writer.id}),
            reason("COLLEAGUE", organisation={"id": home.id}),
        ],
    ]


# The ranked feed.


async def test_who_posts_often_does_not_push_out_a_small_voice(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    reader, writer = await make.person(), await make.person("Writer")
    loud, small = await make.organisation("Loud"), await make.organisation("Small")
    for place in (loud, small):
        await town_rows.follow(reader, place)
    quiet = await town_rows.post(small, writer, 0)
    many = [await town_rows.post(loud, writer, 10 + number) for number in range(20)]
    assert ids(page(town_client, reader, first=20))[-1] != quiet
    ranked = ids(page(town_client, reader, RANKED, first=20))
    assert ranked[:2] == [many[-1], quiet]
    # No more than ten of one organisation.
    assert ranked[2:] == many[-2:-11:-1]


async def test_each_part_of_the_score_counts_as_documented(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    reader, writer = await make.person(), await make.person("Writer")
    people = [await make.person(f"Person {number}") for number in range(7)]
    skills = await town_rows.skills(4)
    for skill in skills:
        await town_rows.execute(
            "insert into person_skill (person_id, skill_id, level) values ($1, $2, 3)",
            reader.key,
            skill,
        )
    base = 10_000
    expected: list[tuple[float, str]] = []

    async def add(bonus: int, minute: int, *, first: bool = False, **given: Any) -> str:
        place = await make.organisation()
        await town_rows.follow(reader, place, prioritise=first)
        post = await town_rows.post(place, writer, minute, **given)
        expected.append((minute + bonus, post))
        return post

    await add(0, base)
    await add(PRIORITISED, base - PRIORITISED + 1, first=True)
    await add(SKILL, base - SKILL + 2, skills=skills[:1])
    # Three skills at most.
    await add(3 * SKILL, base - 3 * SKILL + 3, skills=skills)
    for count, steps in ((1, 1), (2, 1), (3, 2), (6, 2), (7, 3)):
        post = await add(steps * RESPONSE, base - steps * RESPONSE + 10 * count)
        for who in people[:count]:
            await town_rows.react(who, post)
    # Its author's own answers and many comments by one person count for nothing and for one.
    loud = await add(RESPONSE, base - RESPONSE + 4)
    await town_rows.react(writer, loud)
    for _ in range(9):
        await town_rows.execute(
            "insert into comment (post_id, author_id, body) values ($1, $2, 'Again')",
            UUID(loud.removeprefix("pst_")),
            people[0].key,
        )
    place = await make.organisation()
    await town_rows.follow(reader, place)
    for again in range(3):
        minute = base - again + 7
        post = await town_rows.post(place, writer, minute)
        expected.append((minute - again * AGAIN, post))
    ranked = ids(page(town_client, reader, RANKED, first=100))
    assert ranked == [post for _, post in sorted(expected, reverse=True)]
    assert walked(town_client, reader, RANKED, 3) == ranked
    assert walked(town_client, reader, RANKED, 4, backward=True) == ranked


@pytest.mark.parametrize("backward", [False, True], ids=["forwards", "backwards"])
async def test_nothing_is_lost_or_doubled_while_posts_and_answers_arrive(
    town_client: httpx2.Client, town_rows: Town, *, backward: bool
) -> None:
    make = town_rows.make
    reader, writer = await make.person(), await make.person("Writer")
    places = [await make.organisation() for _ in range(4)]
    for place in places:
        await town_rows.follow(reader, place)
    posts = [await town_rows.post(places[n % 4], writer, n * 11) for n in range(24)]
    expected = ids(page(town_client, reader, RANKED, first=100))
    assert sorted(expected) == sorted(posts)
    found: list[str] = []
    cursor, more, minute = None, True, 6_000
    while more:
        if backward:
            answer = page(town_client, reader, RANKED, last=5, before=cursor)
            found = ids(answer) + found
            cursor, more = (
                answer["pageInfo"]["startCursor"],
                answer["pageInfo"]["hasPreviousPage"],
            )
        else:
            answer = page(town_client, reader, RANKED, first=5, after=cursor)
            found += ids(answer)
            cursor, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]
        # New posts by everyone, and answers to what is still to come and what was seen.
        for place in places:
            minute += 1
            await town_rows.post(place, writer, minute)
        for post in town_rows.random.sample(posts, 6):
            await town_rows.react(await make.person(), post, minute)
    assert found == expected


# What is new.

NEW = "{ newInFeed { count since } }"
SEEN = """mutation Seen($input: FeedMarkSeenInput!) { feedMarkSeen(input: $input) {
    person { id } userErrors { code field message } } }"""


async def test_new_is_what_came_after_the_last_post_seen(
    town_client: httpx2.Client, town_rows: Town
) -> None:
    make = town_rows.make
    reader, writer, place = await make.person(), await make.person(), await make.organisation()
    await town_rows.follow(reader, place)
    posts = [await town_rows.post(place, writer, number) for number in range(3)]

    def new() -> Any:
        return data_of(ask(town_client, NEW, token=reader.token))["newInFeed"]

    def see(**given: Any) -> Any:
        return data_of(ask(town_client, SEEN, {"input": given}, token=reader.token))

    assert new() == {"count": 3, "since": None}
    assert done(see(postId=posts[1]), "feedMarkSeen")["person"] == {"id": reader.id}
    assert new()["count"] == 1
    assert new()["since"] is not None
    # The mark never goes back.
    done(see(postId=posts[0]), "feedMarkSeen")
    assert new()["count"] == 1
    done(see(), "feedMarkSeen")
    assert new()["count"] == 0
    shut = await town_rows.post(await make.organisation(), writer, 9, audience="ORGANISATION")
    for given, code in ((shut, "NOT_FOUND"), (place.id, "INVALID")):
        assert refused(see(postId=given), "feedMarkSeen") == [(code, ["postId"])]


async def test_more_than_99_new_posts_are_99(town_client: httpx2.Client, town_rows: Town) -> None:
    make = town_rows.make
    reader, writer, place = await make.person(), await make.person(), await make.organisation()
    await town_rows.follow(reader, place)
    for number in range(101):
        await town_rows.post(place, writer, number)
    assert data_of(ask(town_client, NEW, token=reader.token))["newInFeed"]["count"] == 99


def test_a_visitor_has_no_feed(town_client: httpx2.Client) -> None:
    text = "{ newInFeed { count } feed { totalCount } rankedFeed { totalCount nodes { id } } }"
    nothing = {"totalCount": 0}
    assert data_of(ask(town_client, text)) == {
        "newInFeed": None,
        "feed": nothing,
        "rankedFeed": nothing | {"nodes": []},
    }
    answer = data_of(ask(town_client, SEEN, {"input": {}}))
    assert refused(answer, "feedMarkSeen") == [("NOT_SIGNED_IN", [])]
