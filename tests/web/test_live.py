"""Listening to posts, organisations, the inbox, saved searches and the pulse; and who may."""

from __future__ import annotations

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from tests.mailing import deliver
from tests.making import Maker
from tests.web.listening import listening
from tests.web.posting import Poster, block, editor, key_of
from tests.web.test_saved_searches import do, kept

POST = """
subscription ($id: ID!) {
  postChanged(id: $id) {
    kind id cursor post { id reactionCount commentCount } comment { id body author { id } }
  }
}
"""
ORGANISATION = """
subscription ($id: ID!) {
  organisationChanged(id: $id) {
    kind id organisation { id followerCount } post { id } membership { id person { id } }
  }
}
"""
INBOX = """
subscription { notificationAdded { kind notifications { id kind } viewer { id } } }
"""
MARK_READ = """
mutation { notificationsMarkRead(input: {upTo: "2999-01-01T00:00:00Z"}) { userErrors { code } } }
"""
SEARCH = "subscription ($id: ID!) { savedSearchMatched(id: $id) { kind id post { body } } }"
PULSE = """
subscription { networkPulse(window: 30) { window posts reactions perSecond trendingSkills { postCount skill { id } } } }
"""
FOLLOW = """
mutation ($id: ID!) { organisationFollow(input: {organisationId: $id}) { userErrors { code } } }
"""


@pytest.fixture
def poster(town_client: httpx2.Client) -> Poster:
    return Poster(town_client)


async def test_a_post_tells_of_its_counts_and_comments(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    post = poster.publish(author, place)
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(POST, {"id": post["id"]})
        await client.settled()
        comment = poster.do(author, "commentAdd", postId=post["id"], body="First")
        change = (await client.next(id_))["postChanged"]
        assert (change["kind"], change["id"]) == ("CREATED", comment["id"])
        assert change["comment"] == {
            "id": comment["id"],
            "body": "First",
            "author": {"id": author.id},
        }
        assert change["post"]["commentCount"] == 1
        poster.do(author, "postReact", postId=post["id"], kind="LIKE")
        change = (await client.next(id_))["postChanged"]
        assert (change["kind"], change["id"], change["comment"]) == ("UPDATED", post["id"], None)
        assert change["post"]["reactionCount"] == 1
        poster.do(author, "commentDelete", commentId=comment["id"])
        change = (await client.next(id_))["postChanged"]
        assert (change["kind"], change["id"]) == ("DELETED", comment["id"])
        poster.do(author, "postDelete", postId=post["id"])
        change = (await client.next(id_))["postChanged"]
        assert (change["kind"], change["id"], change["post"]) == ("DELETED", post["id"], None)


async def test_an_organisation_tells_of_itself(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(ORGANISATION, {"id": place.id})
        await client.settled()
        poster.read(reader, FOLLOW, id=place.id)
        change = (await client.next(id_))["organisationChanged"]
        assert (change["kind"], change["id"]) == ("UPDATED", place.id)
        assert change["organisation"]["followerCount"] == 1
        post = poster.publish(author, place)
        change = (await client.next(id_))["organisationChanged"]
        assert (change["kind"], change["id"], change["post"]) == (
            "CREATED",
            post["id"],
            {"id": post["id"]},
        )


async def test_the_pulse_counts_what_happens(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    async with listening(town_site) as client:
        id_ = await client.subscribe(PULSE)
        before = (await client.next(id_))["networkPulse"]
        poster.publish(author, place)
        while (pulse := (await client.next(id_))["networkPulse"])["posts"] == before["posts"]:
            pass
        assert pulse["window"] == 30
        assert pulse["perSecond"] > 0


async def test_a_session_that_is_revoked_ends_its_connection(
    town_site: str, poster: Poster, make: Maker
) -> None:
    person, other = await make.person(), await make.person()
    async with (
        listening(town_site, token=person.token) as client,
        listening(town_site, token=other.token) as stays,
    ):
        await client.subscribe("subscription { feedChanged { kind } }")
        await client.settled()
        tokens = poster.read(person, "{ viewer { accessTokens(first: 1) { nodes { id } } } }")
        poster.read(
            person,
            "mutation ($id: ID!) { accessTokenRevoke(input: {accessTokenId: $id}) { userErrors { code } } }",
            id=tokens["viewer"]["accessTokens"]["nodes"][0]["id"],
        )
        with pytest.raises(ConnectionClosed) as closed:
            await client.receive()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        await stays.settled()


async def test_a_visitor_hears_of_public_posts_only(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    async with listening(town_site) as client:
        id_ = await client.subscribe(ORGANISATION, {"id": place.id})
        await client.settled()
        poster.publish(author, place, "For the network")
        # How many posts there are is for everybody to see, what they say is not.
        change = (await client.next(id_))["organisationChanged"]
        assert (change["kind"], change["id"], change["post"]) == ("UPDATED", place.id, None)
        poster.publish(author, place, "For us", audience="ORGANISATION")
        post = poster.publish(author, place, "For all", audience="PUBLIC")
        assert (await client.next(id_))["organisationChanged"]["id"] == post["id"]
        await client.nothing(id_)


async def test_how_many_posts_there_are_is_told_to_those_who_may_not_read_them(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, stranger = await editor(make, place), await make.person()
    count = ORGANISATION.replace("followerCount", "postCount")
    async with listening(town_site, token=stranger.token) as client:
        id_ = await client.subscribe(count, {"id": place.id})
        await client.settled()
        post = poster.publish(author, place, audience="FOLLOWERS")
        change = (await client.next(id_))["organisationChanged"]
        assert change["organisation"]["postCount"] == 1
        assert (change["kind"], change["id"], change["post"]) == ("UPDATED", place.id, None)
        edited = {"postId": post["id"], "expectedVersion": 1, "audience": "ORGANISATION"}
        poster.do(author, "postEdit", **edited)
        change = (await client.next(id_))["organisationChanged"]
        assert change["organisation"]["postCount"] == 0
        poster.do(author, "postDelete", postId=post["id"])
        await client.nothing(id_)


async def test_the_inbox_tells_of_what_is_new_and_of_what_was_read(
    town: str, town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, reader, other = await editor(make, place), await make.person(), await make.person()
    post = poster.publish(author, place)
    async with (
        listening(town_site, token=author.token) as client,
        listening(town_site, token=other.token) as elsewhere,
    ):
        id_, silent = await client.subscribe(INBOX), await elsewhere.subscribe(INBOX)
        await client.settled()
        await elsewhere.settled()
        poster.do(reader, "postReact", postId=post["id"], kind="LIKE")
        await deliver(town)
        change = (await client.next(id_))["notificationAdded"]
        assert (change["kind"], change["viewer"]) == ("CREATED", {"id": author.id})
        (line,) = change["notifications"]
        assert line["kind"] == "POST_REACTED"
        poster.read(author, MARK_READ)
        change = (await client.next(id_))["notificationAdded"]
        assert (change["kind"], change["notifications"][0]["id"]) == ("UPDATED", line["id"])
        await elsewhere.nothing(silent)


async def test_a_saved_search_tells_its_owner_of_what_it_finds(
    town_site: str, town_client: httpx2.Client, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, owner, other = await editor(make, place), await make.person(), await make.person()
    search = kept(do(town_client, owner, "Create", name="Tides", query="spring tide"))["id"]
    async with (
        listening(town_site, token=owner.token) as client,
        listening(town_site, token=other.token) as elsewhere,
    ):
        id_ = await client.subscribe(SEARCH, {"id": search})
        foreign = await elsewhere.subscribe(SEARCH, {"id": search})
        await client.settled()
        await elsewhere.settled()
        poster.publish(author, place, "Something else")
        post = poster.publish(author, place, "About the spring tide")
        change = (await client.next(id_))["savedSearchMatched"]
        assert change == {"kind": "CREATED", "id": post["id"], "post": {"body": post["body"]}}
        kept(do(town_client, owner, "Pause", savedSearchId=search), "Pause")
        poster.publish(author, place, "Another spring tide")
        await client.nothing(id_)
        await elsewhere.nothing(foreign)


async def test_who_loses_a_role_hears_no_more_of_what_it_showed(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, member = await editor(make, place), await make.person()
    membership = await make.member(member, place)
    async with listening(town_site, token=member.token) as client:
        id_ = await client.subscribe(ORGANISATION, {"id": place.id})
        await client.settled()
        post = poster.publish(author, place, "For us", audience="ORGANISATION")
        assert (await client.next(id_))["organisationChanged"]["id"] == post["id"]
        await make.connection.execute(
            "update membership set ended_on = current_date where id = $1", membership
        )
        poster.publish(author, place, "Still for us", audience="ORGANISATION")
        await client.nothing(id_)


async def test_who_blocks_hears_no_more(town_site: str, poster: Poster, make: Maker) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(ORGANISATION, {"id": place.id})
        await client.settled()
        post = poster.publish(author, place, "Before")
        assert (await client.next(id_))["organisationChanged"]["id"] == post["id"]
        await block(make, reader, author)
        poster.publish(author, place, "From somebody blocked")
        # Nothing but that there is one more.
        change = (await client.next(id_))["organisationChanged"]
        assert (change["id"], change["post"]) == (place.id, None)
        await make.connection.execute(
            "insert into block (person_id, organisation_id) values ($1, $2)",
            reader.key,
            place.key,
        )
        poster.publish(await editor(make, place), place, "From an organisation that is blocked")
        await client.nothing(id_)


async def test_what_was_hidden_already_goes_without_a_word(
    town_site: str, poster: Poster, make: Maker
) -> None:
    place = await make.organisation()
    author, reader = await editor(make, place), await make.person()
    hidden, shown = poster.publish(author, place), poster.publish(author, place)
    await make.connection.execute(
        "update post set hidden_at = now() where id = $1", key_of(hidden["id"])
    )
    async with listening(town_site, token=reader.token) as client:
        id_ = await client.subscribe(ORGANISATION, {"id": place.id})
        await client.settled()
        poster.do(author, "postDelete", postId=hidden["id"])
        poster.do(author, "postDelete", postId=shown["id"])
        change = (await client.next(id_))["organisationChanged"]
        assert (change["kind"], change["id"]) == ("DELETED", shown["id"])
