"""What was read before, with what was pushed since, is what is read afterwards.

Writers write at random and at once; a reader begins from a state, applies what it is told, is cut off
now and then and goes on from its last cursor. In the end its state is the one that anybody reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import httpx2
import pytest

from tests.mailing import deliver
from tests.making import Maker, Place, Someone
from tests.web.listening import Listening, listening
from tests.web.posting import Poster, document, editor, partners

WRITERS = 5
WRITES_EACH = 14
SETTLED_SECONDS = 45.0
POST = "id body audience reactionCount commentCount viewerReaction"
FEED = f"query {{ liveCursor feed(first: 100) {{ nodes {{ {POST} }} }} }}"
FEED_CHANGED = f"""
subscription ($after: String) {{ feedChanged(after: $after) {{ kind id cursor post {{ {POST} }} }} }}
"""
ONE = f"""
query ($id: ID!) {{
  liveCursor
  node(id: $id) {{ ... on Post {{ {POST} comments(first: 100) {{ nodes {{ id body }} }} }} }}
}}
"""
POST_CHANGED = f"""
subscription ($id: ID!, $after: String) {{
  postChanged(id: $id, after: $after) {{ kind id cursor post {{ {POST} }} comment {{ id body }} }}
}}
"""
FOLLOW = """
mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) { userErrors { code } } }
"""
ORGANISATION = "id name about memberCount followerCount postCount"
PLACE = f"""
query ($id: ID!) {{
  liveCursor
  organisation(id: $id) {{
    {ORGANISATION}
    posts(first: 100) {{ nodes {{ id body audience }} }}
    members(first: 100) {{ nodes {{ id role title }} }}
  }}
}}
"""
PLACE_CHANGED = f"""
subscription ($id: ID!, $after: String) {{
  organisationChanged(id: $id, after: $after) {{
    kind id cursor organisation {{ {ORGANISATION} }} post {{ id body audience }}
    membership {{ id role title }}
  }}
}}
"""
LINE = "id kind title actorCount readAt"
INBOX = f"""
{{ liveCursor viewer {{ unreadNotificationCount notifications(first: 100) {{ nodes {{ {LINE} }} }} }} }}
"""
INBOX_CHANGED = f"""
subscription ($after: String) {{
  notificationAdded(after: $after) {{
    kind cursor notifications {{ {LINE} }} viewer {{ unreadNotificationCount }}
  }}
}}
"""
FOUND = """
query ($id: ID!) {
  liveCursor node(id: $id) { ... on SavedSearch { posts(first: 100) { nodes { id body } } } }
}
"""
FOUND_CHANGED = """
subscription ($id: ID!, $after: String) {
  savedSearchMatched(id: $id, after: $after) { kind id cursor post { id body } }
}
"""
State = dict[str, Any]
# Who does what, with which input.
Choice = Callable[[], tuple[Someone, str, dict[str, Any]]]


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


class Writers:
    """People who do things at random to the posts of some organisations."""

    def __init__(self, site: str, seed: int, people: list[tuple[Someone, Place]]) -> None:
        self.site = site
        self.random = Random(seed)  # noqa: S311 - a game of chance
        self.people = people
        self.posts: list[tuple[str, Someone]] = []
        self.comments: list[tuple[str, Someone]] = []

    async def run(self, *, posts: bool = True) -> None:
        """Write until all have done their share. With `posts` they also publish and delete."""
        async with httpx2.AsyncClient(base_url=self.site, timeout=30, trust_env=False) as client:
            await asyncio.gather(*(self._write(client, posts=posts) for _ in range(WRITERS)))

    async def _write(self, client: httpx2.AsyncClient, *, posts: bool) -> None:
        for _ in range(WRITES_EACH):
            person, place = self.random.choice(self.people)
            choices: list[Callable[[], Any]] = [
                lambda: self._react(client),
                lambda: self._react(client),
                lambda: self._comment(client),
                lambda: self._uncomment(client),
                lambda: self._edit(client),
            ]
            if posts:
                choices += [lambda p=person, w=place: self._publish(client, p, w)]  # type: ignore[misc]
                choices += [lambda: self._delete(client)]
            await self.random.choice(choices)()

    async def _do(self, client: httpx2.AsyncClient, who: Someone, name: str, **given: Any) -> Any:
        answer = await client.post(
            "/graphql",
            json={"query": document(name), "variables": {"input": given}},
            headers={"Authorization": f"Bearer {who.token}"},
        )
        payload = answer.json()["data"][name]
        # Somebody else may have been quicker: then nothing was done.
        return None if payload["userErrors"] else next(iter(payload.values()))

    async def _publish(self, client: httpx2.AsyncClient, person: Someone, place: Place) -> None:
        audience = self.random.choice(("NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION"))
        body = f"Number {self.random.random()}"
        post = await self._do(
            client, person, "postPublish", organisationId=place.id, body=body, audience=audience
        )
        self.posts.append((post["id"], person))

    async def _edit(self, client: httpx2.AsyncClient) -> None:
        if self.posts:
            id_, author = self.random.choice(self.posts)
            given: dict[str, Any] = {"body": f"Edited {self.random.random()}"}
            if self.random.random() < 0.3:
                given["audience"] = self.random.choice(("FOLLOWERS", "PARTNERS", "ORGANISATION"))
            await self._do(client, author, "postEdit", postId=id_, expectedVersion=1, **given)

    async def _delete(self, client: httpx2.AsyncClient) -> None:
        if len(self.posts) > 3:
            id_, author = self.posts.pop(self.random.randrange(len(self.posts)))
            await self._do(client, author, "postDelete", postId=id_)

    async def _react(self, client: httpx2.AsyncClient) -> None:
        if self.posts:
            person, _ = self.random.choice(self.people)
            name, given = self.random.choice((("postReact", {"kind": "LIKE"}), ("postUnreact", {})))
            id_, _ = self.random.choice(self.posts)
            await self._do(client, person, name, postId=id_, **given)

    async def _comment(self, client: httpx2.AsyncClient) -> None:
        if self.posts:
            person, _ = self.random.choice(self.people)
            id_, _ = self.random.choice(self.posts)
            comment = await self._do(client, person, "commentAdd", postId=id_, body="Well")
            if comment is not None:
                self.comments.append((comment["id"], person))

    async def _uncomment(self, client: httpx2.AsyncClient) -> None:
        if self.comments:
            id_, person = self.comments.pop(self.random.randrange(len(self.comments)))
            await self._do(client, person, "commentDelete", commentId=id_)


class Others:
    """People who do at random what changes an organisation, or somebody's inbox."""

    def __init__(self, site: str, seed: int, choices: list[Choice]) -> None:
        self.site = site
        self.random = Random(seed)  # noqa: S311 - a game of chance
        self.choices = choices

    async def run(self) -> None:
        """Do things until all have done their share; what is refused is nothing done."""
        async with httpx2.AsyncClient(base_url=self.site, timeout=30, trust_env=False) as client:
            await asyncio.gather(*(self._write(client) for _ in range(WRITERS)))

    async def _write(self, client: httpx2.AsyncClient) -> None:
        for _ in range(WRITES_EACH):
            who, name, given = self.random.choice(self.choices)()
            kind = f"{name[0].upper()}{name[1:]}Input"
            text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
            answer = await client.post(
                "/graphql",
                json={"query": text, "variables": {"input": given}},
                headers={"Authorization": f"Bearer {who.token}"},
            )
            assert "errors" not in answer.json(), answer.text


class Follower:
    """Keeps a state up to date by what it is told, and goes on after each cut."""

    def __init__(self, site: str, who: Someone, query: str, variables: dict[str, Any]) -> None:
        self.site = site
        self.who = who
        self.query = query
        self.variables = variables
        self.cursors: list[str] = []

    async def run(self, state: State, after: str, apply: Callable[[State, Any], None]) -> None:
        """Apply what comes, until cancelled."""
        random = Random(after)  # noqa: S311 - as above
        while True:
            async with listening(self.site, token=self.who.token) as client:
                id_ = await client.subscribe(self.query, {**self.variables, "after": after})
                for _ in range(random.randrange(1, 12)):
                    (change,) = (await self._next(client, id_)).values()
                    apply(state, change)
                    after = change["cursor"]
                    self.cursors.append(after)

    async def _next(self, client: Listening, id_: str) -> Any:
        while True:
            try:
                return await client.next(id_)
            except TimeoutError:
                continue


async def becomes(state: State, fresh: Callable[[], State]) -> None:
    """Wait until a state is what is read."""
    deadline = asyncio.get_running_loop().time() + SETTLED_SECONDS
    while (wanted := fresh()) != state:
        if asyncio.get_running_loop().time() > deadline:
            # What differs, told and read.
            keys = [key for key in state | wanted if state.get(key) != wanted.get(key)]
            raise AssertionError({key: (state.get(key), wanted.get(key)) for key in keys})
        await asyncio.sleep(0.2)


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_feed(town_site: str, poster: Poster, make: Maker, seed: int) -> None:
    here, there = await make.organisation(), await make.organisation()
    people = [(await editor(make, place), place) for place in (here, there, here, there)]
    reader, home = await make.person(), await make.organisation()
    await make.member(reader, home)
    await partners(make, home, there)
    for place in (here, there):
        poster.read(reader, FOLLOW, id=place.id)
    writers = Writers(town_site, seed, people)
    for person, place in people:
        writers.posts.append((poster.publish(person, place)["id"], person))

    def read() -> tuple[State, str]:
        found = poster.read(reader, FEED)
        return {post["id"]: post for post in found["feed"]["nodes"]}, found["liveCursor"]

    def apply(state: State, change: Any) -> None:
        if change["kind"] in {"CREATED", "UPDATED"} and change["post"] is not None:
            state[change["id"]] = change["post"]
        else:
            state.pop(change["id"], None)

    state, cursor = read()
    follower = Follower(town_site, reader, FEED_CHANGED, {})
    following = asyncio.create_task(follower.run(state, cursor, apply))
    try:
        await writers.run()
        await becomes(state, lambda: read()[0])
    finally:
        following.cancel()
        await asyncio.wait({following})
    assert len(set(follower.cursors)) == len(follower.cursors), "told twice"
    assert len(follower.cursors) > WRITERS


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_post_with_its_comments(
    town_site: str, poster: Poster, make: Maker, seed: int
) -> None:
    place = await make.organisation()
    people = [(await editor(make, place), place) for _ in range(3)]
    reader = people[0][0]
    post = poster.publish(reader, place)
    writers = Writers(town_site, seed, people)
    writers.posts.append((post["id"], reader))

    def read() -> tuple[State, str]:
        found = poster.read(reader, ONE, id=post["id"])
        node = found["node"]
        comments = {comment["id"]: comment for comment in node.pop("comments")["nodes"]}
        return {"post": node, "comments": comments}, found["liveCursor"]

    def apply(state: State, change: Any) -> None:
        if change["post"] is not None:
            state["post"] = change["post"]
        if change["comment"] is not None:
            state["comments"][change["id"]] = change["comment"]
        else:
            state["comments"].pop(change["id"], None)

    state, cursor = read()
    follower = Follower(town_site, reader, POST_CHANGED, {"id": post["id"]})
    following = asyncio.create_task(follower.run(state, cursor, apply))
    try:
        await writers.run(posts=False)
        await becomes(state, lambda: read()[0])
    finally:
        following.cancel()
        await asyncio.wait({following})
    assert len(set(follower.cursors)) == len(follower.cursors), "told twice"


@pytest.mark.parametrize("seed", [1, 2])
async def test_an_organisation_with_its_people_and_posts(
    town_site: str, poster: Poster, make: Maker, seed: int
) -> None:
    place = await make.organisation()
    people = [(await editor(make, place), place) for _ in range(2)]
    owner, reader = await make.person(), await make.person()
    await make.member(owner, place, "OWNER")
    fans = [await make.person() for _ in range(3)]
    keys = [f"mem_{await make.member(await make.person(), place, 'MEMBER')}" for _ in range(4)]
    writers = Writers(town_site, seed, people)
    for person, _ in people:
        writers.posts.append((poster.publish(person, place)["id"], person))
    random = Random(seed)  # noqa: S311 - a game of chance
    named = {"organisationId": place.id}

    def read() -> tuple[State, str]:
        found = poster.read(reader, PLACE, id=place.id)
        organisation = found["organisation"]
        parts = [*organisation.pop("posts")["nodes"], *organisation.pop("members")["nodes"]]
        state = {"organisation": organisation, **{part["id"]: part for part in parts}}
        return state, found["liveCursor"]

    def version() -> int:
        asked = "query ($id: ID!) { organisation(id: $id) { version } }"
        found: int = poster.read(owner, asked, id=place.id)["organisation"]["version"]
        return found

    def edit() -> tuple[Someone, str, dict[str, Any]]:
        about = f"About {random.random()}"
        given = {**named, "expectedVersion": version(), "about": about}
        return owner, "organisationEdit", given

    def role() -> tuple[Someone, str, dict[str, Any]]:
        roles = ("MEMBER", "EDITOR", "TALENT_MANAGER")
        given = {"membershipId": random.choice(keys), "role": random.choice(roles)}
        return owner, "membershipChangeRole", given

    def leave() -> tuple[Someone, str, dict[str, Any]]:
        key = keys.pop() if len(keys) > 2 else keys[0]
        return owner, "membershipEnd", {"membershipId": key}

    others = Others(
        town_site,
        seed,
        [
            edit,
            role,
            leave,
            lambda: (random.choice(fans), "organisationFollow", named),
            lambda: (random.choice(fans), "organisationUnfollow", named),
        ],
    )

    def apply(state: State, change: Any) -> None:
        state["organisation"] = change["organisation"]
        part = change["post"] or change["membership"]
        if part is not None and change["kind"] in {"CREATED", "UPDATED"}:
            state[change["id"]] = part
        elif change["id"] != place.id:
            state.pop(change["id"], None)

    state, cursor = read()
    follower = Follower(town_site, reader, PLACE_CHANGED, {"id": place.id})
    following = asyncio.create_task(follower.run(state, cursor, apply))
    try:
        await asyncio.gather(writers.run(), others.run())
        await becomes(state, lambda: read()[0])
    finally:
        following.cancel()
        await asyncio.wait({following})
    assert len(set(follower.cursors)) == len(follower.cursors), "told twice"
    assert len(follower.cursors) > WRITERS


@pytest.mark.parametrize("seed", [1, 2])
async def test_an_inbox(town: str, town_site: str, poster: Poster, make: Maker, seed: int) -> None:
    place = await make.organisation()
    reader = await editor(make, place)
    posts = [poster.publish(reader, place)["id"] for _ in range(4)]
    fans = [await make.person(f"Fan {number}") for number in range(4)]
    random = Random(seed)  # noqa: S311 - a game of chance
    await deliver(town)

    def read() -> tuple[State, str]:
        found = poster.read(reader, INBOX)
        viewer = found["viewer"]
        lines = {line["id"]: line for line in viewer["notifications"]["nodes"]}
        return {"unread": viewer["unreadNotificationCount"], **lines}, found["liveCursor"]

    def about(name: str, **given: Any) -> tuple[Someone, str, dict[str, Any]]:
        return random.choice(fans), name, {"postId": random.choice(posts), **given}

    others = Others(
        town_site,
        seed,
        [
            lambda: about("postReact", kind="LIKE"),
            lambda: about("postUnreact"),
            lambda: about("commentAdd", body="Well"),
            lambda: (random.choice(fans), "personFollow", {"personId": reader.id}),
            lambda: (random.choice(fans), "personUnfollow", {"personId": reader.id}),
            lambda: (reader, "notificationsMarkRead", {"upTo": "2999-01-01T00:00:00Z"}),
        ],
    )

    def apply(state: State, change: Any) -> None:
        state["unread"] = change["viewer"]["unreadNotificationCount"]
        if change["notifications"]:
            state |= {line["id"]: line for line in change["notifications"]}
        else:
            # Lines went, or more than are named changed: read anew.
            fresh = read()[0]
            state.clear()
            state |= fresh

    async def tell() -> None:
        while True:
            await deliver(town)
            await asyncio.sleep(0.1)

    state, cursor = read()
    follower = Follower(town_site, reader, INBOX_CHANGED, {})
    following = asyncio.create_task(follower.run(state, cursor, apply))
    telling = asyncio.create_task(tell())
    try:
        await others.run()
        await becomes(state, lambda: read()[0])
    finally:
        following.cancel()
        telling.cancel()
        await asyncio.wait({following, telling})
    assert len(set(follower.cursors)) == len(follower.cursors), "told twice"
    assert follower.cursors


async def test_a_saved_search(town_site: str, poster: Poster, make: Maker) -> None:
    here, there = await make.organisation(), await make.organisation()
    people = [(await editor(make, place), place) for place in (here, there, here)]
    reader = await make.person()
    writers = Writers(town_site, 3, people)
    for person, place in people:
        writers.posts.append((poster.publish(person, place)["id"], person))
    keep = """mutation ($input: SavedSearchCreateInput!) {
      savedSearchCreate(input: $input) { savedSearch { id } userErrors { code } } }"""
    given = {"name": "x", "query": "number", "organisationIds": [here.id]}
    kept = poster.read(reader, keep, input=given)["savedSearchCreate"]["savedSearch"]["id"]

    def read() -> tuple[State, str]:
        found = poster.read(reader, FOUND, id=kept)
        return {post["id"]: post for post in found["node"]["posts"]["nodes"]}, found["liveCursor"]

    def apply(state: State, change: Any) -> None:
        if change["post"] is not None:
            state[change["id"]] = change["post"]

    state, cursor = read()
    follower = Follower(town_site, reader, FOUND_CHANGED, {"id": kept})
    following = asyncio.create_task(follower.run(state, cursor, apply))

    def still_found() -> State:
        # What no longer fits is not told of: what is found is all in what was told, as it is now.
        fresh = read()[0]
        return {key: state.get(key) if key not in fresh else fresh[key] for key in state | fresh}

    try:
        await writers.run()
        await becomes(state, still_found)
    finally:
        following.cancel()
        await asyncio.wait({following})
    assert len(set(follower.cursors)) == len(follower.cursors), "told twice"
    assert follower.cursors
