"""The inbox: who is told of what, once, together, in their language, and of nothing hidden."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest

from db.queue import enqueue
from db.tables.notifications import NotificationKind
from resolvers import notifying
from resolvers.notifying import notify_next, tell_of_event
from tests.mailing import deliver
from tests.making import Maker, Place, Someone
from tests.web.posting import Poster, at_once, block, codes_of, editor, key_of
from tests.web.serving import ask, data_of, done, refused

INBOX = """
query ($unread: Boolean) { viewer { unreadNotificationCount notifications(first: 50, unread: $unread) {
  totalCount nodes { id kind title note readAt changedAt actorCount actors { name }
    post { id } comment { id body } organisation { id } } } } }
"""
MARK = """
mutation ($input: NotificationsMarkReadInput!) { notificationsMarkRead(input: $input) {
  person { unreadNotificationCount } userErrors { code field message } } }
"""
CHOOSE = """
mutation ($input: NotificationPreferenceSetInput!) { notificationPreferenceSet(input: $input) {
  inApp email person { notificationPreferences { kind inApp email } }
  userErrors { code field message } } }
"""


class Desk:
    """A town in which people do things and are told."""

    def __init__(self, client: httpx2.Client, dsn: str, make: Maker) -> None:
        self.client = client
        self.dsn = dsn
        self.make = make
        self.poster = Poster(client)

    async def inbox(self, who: Someone, **variables: Any) -> Any:
        """Give somebody's inbox when everything that happened was told."""
        await deliver(self.dsn)
        return data_of(ask(self.client, INBOX, variables, token=who.token))["viewer"]

    async def lines(self, who: Someone) -> list[tuple[str, str]]:
        """Give kind and sentence of each line."""
        inbox = await self.inbox(who)
        nodes = inbox["notifications"]["nodes"]
        unread = [line for line in nodes if line["readAt"] is None]
        assert inbox["unreadNotificationCount"] == len(unread)
        assert inbox["notifications"]["totalCount"] == len(nodes)
        return [(line["kind"], line["title"]) for line in nodes]

    def follow(self, who: Someone, place: Place, *, notify: bool = True) -> None:
        """Follow an organisation and be told of its posts."""
        text = """mutation ($input: OrganisationFollowInput!) { organisationFollow(input: $input) {
          organisation { id } userErrors { code field message } } }"""
        given = {"organisationId": place.id, "notify": notify}
        done(
            data_of(ask(self.client, text, {"input": given}, token=who.token)), "organisationFollow"
        )

    def mark(self, who: Someone, **given: Any) -> Any:
        """Mark as read; give the payload's data."""
        return data_of(ask(self.client, MARK, {"input": given}, token=who.token))

    def choose(self, who: Someone, **given: Any) -> Any:
        """Choose how to be told; give the data."""
        return data_of(ask(self.client, CHOOSE, {"input": given}, token=who.token))


@pytest.fixture
def desk(town_client: httpx2.Client, town: str, make: Maker) -> Desk:
    return Desk(town_client, town, make)


async def test_followers_who_want_it_are_told_of_a_post_and_its_author_is_not(
    desk: Desk, make: Maker
) -> None:
    place = await make.organisation("Harbour")
    author, follower = await editor(make, place), await make.person("Fay")
    quiet, dutch = await make.person("Quin"), await make.person("Daan", locale="NL")
    desk.follow(author, place)
    desk.follow(follower, place)
    desk.follow(dutch, place)
    desk.follow(quiet, place, notify=False)
    post = desk.poster.publish(author, place, "A   **new**\n\ncrane " + "x" * 100)
    said = "A **new** crane " + "x" * 63 + "…"
    [line] = (await desk.inbox(follower))["notifications"]["nodes"]
    assert line["title"] == f"Harbour published: {said}"
    assert (line["kind"], line["actorCount"]) == ("POST_PUBLISHED", 1)
    assert line["actors"] == [{"name": "Robin"}]
    assert (line["post"], line["organisation"]) == ({"id": post["id"]}, {"id": place.id})
    assert await desk.lines(dutch) == [("POST_PUBLISHED", f"Harbour plaatste: {said}")]
    assert await desk.lines(author) == []
    assert await desk.lines(quiet) == []


async def test_what_many_do_is_one_line_until_it_is_read(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    post = desk.poster.publish(author, place, "Hello")
    people = [await make.person(name) for name in ("Ann", "Bob", "Cas", "Dee", "Eve")]
    expected = (
        "Ann appreciated your post: Hello",
        "Bob and Ann appreciated your post: Hello",
        "Cas, Bob and Ann appreciated your post: Hello",
        "Dee, Cas and 2 others appreciated your post: Hello",
    )
    for person, sentence in zip(people, expected, strict=False):
        desk.poster.do(person, "postReact", postId=post["id"], kind="LIKE")
        # The same again, and another kind, is nothing new.
        desk.poster.do(person, "postReact", postId=post["id"], kind="SUPPORT")
        assert await desk.lines(author) == [("POST_REACTED", sentence)]
    [line] = (await desk.inbox(author))["notifications"]["nodes"]
    assert line["actorCount"] == 4
    assert [actor["name"] for actor in line["actors"]] == ["Dee", "Cas", "Bob"]
    done(desk.mark(author, notificationIds=[line["id"]]), "notificationsMarkRead")
    desk.poster.do(people[4], "postReact", postId=post["id"], kind="LIKE")
    # Who was counted is not told of a second time, read or not.
    desk.poster.do(people[0], "postUnreact", postId=post["id"])
    desk.poster.do(people[0], "postReact", postId=post["id"], kind="LIKE")
    assert (await desk.lines(author))[0] == ("POST_REACTED", "Eve appreciated your post: Hello")
    inbox = await desk.inbox(author, unread=True)
    assert [line["actorCount"] for line in inbox["notifications"]["nodes"]] == [1]


async def test_what_is_taken_back_before_it_was_read_is_not_told(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author, ann, bob = await editor(make, place), await make.person("Ann"), await make.person("Bob")
    post = desk.poster.publish(author, place, "Hello")
    for person in (ann, bob):
        desk.poster.do(person, "postReact", postId=post["id"], kind="LIKE")
    assert len(await desk.lines(author)) == 1
    desk.poster.do(bob, "postUnreact", postId=post["id"])
    assert await desk.lines(author) == [("POST_REACTED", "Ann appreciated your post: Hello")]
    desk.poster.do(ann, "postUnreact", postId=post["id"])
    assert await desk.lines(author) == []


async def test_answers_and_mentions_reach_whom_they_are_for(desk: Desk, make: Maker) -> None:
    place, quay = await make.organisation(), await make.organisation("Quay")
    author, ann, bob = await editor(make, place), await make.person("Ann"), await make.person("Bob")
    owner, member = await make.person("Owen"), await make.person("Mel")
    await make.member(owner, quay, "OWNER")
    await make.member(member, quay)
    post = desk.poster.publish(author, place, f"Ask @[b]({bob.id}) of @[q](org_{quay.key})")
    first = desk.poster.do(ann, "commentAdd", postId=post["id"], body="I know")
    answer = desk.poster.do(
        author, "commentAdd", postId=post["id"], parentId=first["id"], body=f"Say @[a]({ann.id})"
    )
    reply = desk.poster.do(
        bob, "commentAdd", postId=post["id"], parentId=first["id"], body="Me too"
    )
    excerpt = f"Ask @[b]({bob.id}) of @[q](org_{quay.key})"
    shown = excerpt[:79] + "…" if len(excerpt) > 80 else excerpt
    assert await desk.lines(ann) == [
        ("COMMENT_REPLIED", f"Bob answered your comment on: {shown}"),
        ("MENTIONED", f"Robin mentioned you: {shown}"),
    ]
    lines = (await desk.inbox(ann))["notifications"]["nodes"]
    assert [line["comment"]["id"] for line in lines] == [reply["id"], answer["id"]]
    assert await desk.lines(bob) == [("MENTIONED", f"Robin mentioned you: {shown}")]
    assert await desk.lines(owner) == [("MENTIONED", f"Robin mentioned Quay: {shown}")]
    assert await desk.lines(member) == []
    assert await desk.lines(author) == [
        ("POST_COMMENTED", f"Bob and Ann commented on your post: {shown}")
    ]
    # An edit tells nobody a second time.
    desk.poster.do(
        author, "postEdit", postId=post["id"], expectedVersion=post["version"],
        body=f"Ask @[b]({bob.id}) and @[m]({member.id})",
    )  # fmt: skip
    assert [kind for kind, _ in await desk.lines(bob)] == ["MENTIONED"]
    assert [kind for kind, _ in await desk.lines(member)] == ["MENTIONED"]


async def test_the_best_answer_and_a_share_are_told(desk: Desk, make: Maker) -> None:
    place, quay = await make.organisation(), await make.organisation("Quay")
    author, ann = await editor(make, place), await make.person("Ann")
    sharer = await editor(make, quay, "Sasha")
    post = desk.poster.publish(author, place, "Why?", kind="QUESTION")
    comment = desk.poster.do(ann, "commentAdd", postId=post["id"], body="Because")
    desk.poster.do(author, "postChooseAnswer", postId=post["id"], commentId=comment["id"])
    desk.poster.do(sharer, "postRepost", postId=post["id"], organisationId=quay.id)
    assert await desk.lines(ann) == [
        ("ANSWER_CHOSEN", "Your answer was chosen as the best one: Why?")
    ]
    assert await desk.lines(author) == [
        ("POST_REPOSTED", "Sasha shared your post: Why?"),
        ("POST_COMMENTED", "Ann commented on your post: Why?"),
    ]


async def test_nothing_comes_from_people_one_has_blocked_or_muted(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    blocked, muted, fine = [await make.person(name) for name in ("Blo", "Mut", "Fin")]
    post = desk.poster.publish(author, place, "Hello")
    await make.connection.execute(
        "insert into mute (person_id, muted_person_id) values ($1, $2)", author.key, muted.key
    )
    for person in (blocked, muted, fine):
        desk.poster.do(person, "postReact", postId=post["id"], kind="LIKE")
        desk.poster.do(person, "commentAdd", postId=post["id"], body="Hi")
    await block(make, author, blocked)
    assert await desk.lines(author) == [
        ("POST_COMMENTED", "Fin commented on your post: Hello"),
        ("POST_REACTED", "Fin appreciated your post: Hello"),
    ]
    # Whom one blocks afterwards is no longer named or counted either.
    await block(make, fine, author)
    assert await desk.lines(author) == []


async def test_a_line_about_what_its_reader_may_no_longer_see_is_gone(
    desk: Desk, make: Maker
) -> None:
    place = await make.organisation()
    author, follower = await editor(make, place), await make.person("Fay")
    desk.follow(follower, place)
    post = desk.poster.publish(author, place, "For all")
    comment = desk.poster.do(follower, "commentAdd", postId=post["id"], body="Mine")
    desk.poster.do(author, "commentAdd", postId=post["id"], parentId=comment["id"], body="Thanks")
    assert [kind for kind, _ in await desk.lines(follower)] == ["COMMENT_REPLIED", "POST_PUBLISHED"]
    await make.connection.execute(
        "update post set audience = 'ORGANISATION' where id = $1", key_of(post["id"])
    )
    assert await desk.lines(follower) == []
    inbox = await desk.inbox(follower)
    assert inbox == {"unreadNotificationCount": 0, "notifications": {"totalCount": 0, "nodes": []}}


async def test_an_inbox_is_its_readers_alone(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author, ann = await editor(make, place), await make.person("Ann")
    post = desk.poster.publish(author, place, "Hello")
    desk.poster.do(ann, "postReact", postId=post["id"], kind="LIKE")
    [line] = (await desk.inbox(author))["notifications"]["nodes"]
    text = """query ($person: ID!, $line: ID!) { node(id: $line) { id } person(id: $person) {
      unreadNotificationCount notifications { nodes { id } } notificationPreferences { kind } } }"""
    seen = data_of(
        ask(desk.client, text, {"person": author.id, "line": line["id"]}, token=ann.token)
    )
    assert seen == {
        "node": None,
        "person": {
            "unreadNotificationCount": 0,
            "notifications": {"nodes": []},
            "notificationPreferences": [],
        },
    }
    done(desk.mark(ann, notificationIds=[line["id"]]), "notificationsMarkRead")
    assert len((await desk.inbox(author, unread=True))["notifications"]["nodes"]) == 1


async def test_all_up_to_a_time_are_read_and_later_ones_are_not(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author, ann = await editor(make, place), await make.person("Ann")
    posts = [desk.poster.publish(author, place, f"Number {number}") for number in range(3)]
    for post in posts[:2]:
        desk.poster.do(ann, "postReact", postId=post["id"], kind="LIKE")
    newest = (await desk.inbox(author))["notifications"]["nodes"][0]["changedAt"]
    desk.poster.do(ann, "postReact", postId=posts[2]["id"], kind="LIKE")
    assert len(await desk.lines(author)) == 3
    payload = done(desk.mark(author, upTo=newest), "notificationsMarkRead")
    assert payload["person"] == {"unreadNotificationCount": 1}
    assert refused(desk.mark(author), "notificationsMarkRead") == [("INVALID", ["notificationIds"])]
    answer = desk.mark(author, notificationIds=["pst_0199aaaa-0000-7000-8000-000000000000"])
    assert refused(answer, "notificationsMarkRead") == [("INVALID", ["notificationIds", "0"])]


async def test_a_kind_can_be_switched_off_and_on(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author, ann = await editor(make, place), await make.person("Ann")
    post = desk.poster.publish(author, place, "Hello")
    chosen = done(
        desk.choose(author, kind="POST_REACTED", inApp=False), "notificationPreferenceSet"
    )
    assert (chosen["inApp"], chosen["email"]) == (False, False)
    kinds = {row.pop("kind"): row for row in chosen["person"]["notificationPreferences"]}
    assert set(kinds) == set(NotificationKind)
    assert kinds["POST_REACTED"] == {"inApp": False, "email": False}
    assert kinds["MENTIONED"] == {"inApp": True, "email": True}
    desk.poster.do(ann, "postReact", postId=post["id"], kind="LIKE")
    desk.poster.do(ann, "commentAdd", postId=post["id"], body="Hi")
    assert [kind for kind, _ in await desk.lines(author)] == ["POST_COMMENTED"]
    done(desk.choose(author, kind="POST_COMMENTED", inApp=False), "notificationPreferenceSet")
    assert await desk.lines(author) == []
    done(desk.choose(author, kind="POST_COMMENTED", inApp=True), "notificationPreferenceSet")
    assert [kind for kind, _ in await desk.lines(author)] == ["POST_COMMENTED"]
    answer = desk.choose(author, kind="POST_REACTED")
    assert refused(answer, "notificationPreferenceSet") == [("INVALID", ["inApp"])]
    anybody = data_of(ask(desk.client, CHOOSE, {"input": {"kind": "INVITED", "email": True}}))
    assert refused(anybody, "notificationPreferenceSet") == [("NOT_SIGNED_IN", [])]


async def test_many_at_once_make_one_line_with_everybody_in_it(
    town_site: str, desk: Desk, make: Maker
) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    post = desk.poster.publish(author, place, "Hello")
    people = [await make.person() for _ in range(24)]
    requests = [(person, {"postId": post["id"], "kind": "LIKE"}) for person in people]
    # Several workers tell while people react.
    acting = asyncio.create_task(at_once(town_site, "postReact", requests))
    while not acting.done():
        await asyncio.gather(*(deliver(desk.dsn) for _ in range(3)))
    assert codes_of(await acting) == [[]] * 24
    [line] = (await desk.inbox(author))["notifications"]["nodes"]
    assert (line["actorCount"], len(line["actors"])) == (24, 3)
    assert line["title"].endswith("and 22 others appreciated your post: Hello")


async def test_an_event_that_is_told_of_twice_changes_nothing(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author, ann = await editor(make, place), await make.person("Ann")
    post = desk.poster.publish(author, place, "Hello")
    desk.poster.do(ann, "commentAdd", postId=post["id"], body="Hi")
    before = await desk.inbox(author)
    events = await make.connection.fetch("select id from event where actor_id = $1", ann.key)
    for event in events:
        await tell_of_event(make.connection, event["id"])
    assert await desk.inbox(author) == before
    done(desk.mark(author, upTo="2999-01-01T00:00:00Z"), "notificationsMarkRead")
    for event in events:
        await tell_of_event(make.connection, event["id"])
    assert (await desk.inbox(author))["unreadNotificationCount"] == 0


async def test_an_event_whose_transaction_ends_late_is_not_skipped(
    scratch_database: str, scratch_connection: asyncpg.Connection
) -> None:
    early = await asyncpg.connect(scratch_database)
    try:
        transaction = early.transaction()
        await transaction.start()
        await early.execute("insert into event (kind) values ('POST_EDITED')")
        await scratch_connection.execute("insert into event (kind) values ('POST_EDITED')")
        assert await notify_next(scratch_connection) == 0
        await transaction.commit()
    finally:
        await early.close()
    assert await notify_next(scratch_connection) == 2
    assert await notify_next(scratch_connection) == 0


async def test_one_event_that_cannot_be_told_does_not_hold_up_the_others(
    desk: Desk, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await make.organisation()
    author, ann = await editor(make, place), await make.person("Ann")
    post = desk.poster.publish(author, place, "Hello")
    await deliver(desk.dsn)
    bad: int = await make.connection.fetchval(
        "insert into event (kind, subject_id) values ('POST_EDITED', uuidv7()) returning id"
    )
    desk.poster.do(ann, "postReact", postId=post["id"], kind="LIKE")
    lines = notifying._lines

    async def fail(connection: asyncpg.Connection, event_ids: list[int]) -> None:
        if bad in event_ids:
            await connection.execute("select 1 / 0")
        await lines(connection, event_ids)

    monkeypatch.setattr(notifying, "_lines", fail)
    while await notify_next(make.connection):
        pass
    job = "select entrypoint from jobs.pgqueuer where convert_from(payload, 'UTF8') = $1"
    assert await make.connection.fetchval(job, f'{{"event_id":{bad}}}') == "notify_event"
    monkeypatch.undo()
    assert await desk.lines(author) == [("POST_REACTED", "Ann appreciated your post: Hello")]


async def _happened(
    make: Maker, event: str, table: str, /, *, actor: Someone | None = None, **columns: Any
) -> Any:
    """Write a row and the event that it is about; give its key."""
    names, marks = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    key = await make.connection.fetchval(
        f"insert into {table} ({names}) values ({marks}) returning id", *columns.values()
    )
    await _event(make, event, key, actor)
    return key


async def _event(make: Maker, kind: str, key: Any, actor: Someone | None = None) -> None:
    await make.connection.execute(
        "insert into event (kind, subject_id, actor_id) values ($1, $2, $3)",
        kind,
        key,
        actor.key if actor else None,
    )


async def test_belonging_is_told_to_whom_it_concerns_and_as_long_as_it_does(
    desk: Desk, make: Maker
) -> None:
    place = await make.organisation("Quay")
    owner, member, ann = await make.person("Owen"), await make.person("Mel"), await make.person()
    await make.member(owner, place, "OWNER")
    membership = await make.member(member, place)
    request = await _happened(
        make, "JOIN_REQUEST_CHANGED", "join_request", actor=ann,
        organisation_id=place.key, person_id=ann.key,
    )  # fmt: skip
    assert await desk.lines(owner) == [("JOIN_REQUESTED", "Robin asks to join Quay")]
    assert await desk.lines(member) == []
    await make.connection.execute(
        "update join_request set outcome = 'DECLINED' where id = $1", request
    )
    await _event(make, "JOIN_REQUEST_CHANGED", request, owner)
    assert await desk.lines(owner) == []
    assert await desk.lines(ann) == [("JOIN_DECIDED", "Quay did not accept your request to join")]
    await make.connection.execute("update membership set role = 'EDITOR' where id = $1", membership)
    await _event(make, "MEMBERSHIP_CHANGED", membership, owner)
    assert await desk.lines(member) == [("ROLE_CHANGED", "You are an editor of Quay now")]
    await make.connection.execute(
        "update membership set ended_on = current_date where id = $1", membership
    )
    await _event(make, "MEMBERSHIP_CHANGED", membership, owner)
    assert await desk.lines(member) == [("ROLE_CHANGED", "You are no longer a member of Quay")]


async def test_an_invitation_is_told_to_a_proved_address_while_it_is_open(
    desk: Desk, make: Maker
) -> None:
    place = await make.organisation("Quay")
    owner = await make.person("Owen")
    proved = await make.person("Pru", email_verified_at=datetime.now(UTC))
    unproved = await make.person("Una")
    keys = [
        await _happened(
            make, "INVITATION_CHANGED", "invitation", actor=owner, organisation_id=place.key,
            email=person.email.upper(), role="MEMBER", secret_hash=person.key.bytes * 2,
            expires_at=datetime.now(UTC) + timedelta(days=7), invited_by_id=owner.key,
        )
        for person in (proved, unproved)
    ]  # fmt: skip
    assert await desk.lines(proved) == [("INVITED", "Quay invites you to join")]
    assert await desk.lines(unproved) == []
    await make.connection.execute("update invitation set revoked_at = now() where id = $1", keys[0])
    assert await desk.lines(proved) == []


async def test_partnerships_are_told_to_those_who_decide_on_them(desk: Desk, make: Maker) -> None:
    quay, harbour = await make.organisation("Quay"), await make.organisation("Harbour")
    asking, deciding, editing = [await make.person(name) for name in ("Ask", "Dec", "Edi")]
    await make.member(asking, quay, "ADMIN")
    await make.member(deciding, harbour, "OWNER")
    await make.member(editing, harbour, "EDITOR")
    key = await _happened(
        make, "PARTNERSHIP_CHANGED", "partnership", actor=asking, requester_id=quay.key,
        addressee_id=harbour.key, requested_by_id=asking.key,
    )  # fmt: skip
    assert await desk.lines(deciding) == [
        ("PARTNERSHIP_REQUESTED", "Quay would like to be your partner")
    ]
    assert await desk.lines(editing) == []
    await make.connection.execute("update partnership set status = 'ACTIVE' where id = $1", key)
    await _event(make, "PARTNERSHIP_CHANGED", key, deciding)
    assert await desk.lines(deciding) == []
    assert await desk.lines(asking) == [("PARTNERSHIP_DECIDED", "Harbour is your partner now")]


async def test_what_moderators_do_and_decide_is_told(desk: Desk, make: Maker) -> None:
    place = await make.organisation()
    author = await editor(make, place)
    post = desk.poster.publish(author, place, "Hello")
    action = await _happened(
        make, "MODERATED", "moderation_action", kind="HIDE", rule="SPAM", subject_type="POST",
        post_id=key_of(post["id"]), addressee_id=author.key, reason="Because",
    )  # fmt: skip
    await make.connection.execute(
        "update post set hidden_at = now() where id = $1", key_of(post["id"])
    )
    await _happened(
        make, "APPEAL_CHANGED", "appeal", action_id=action, appellant_id=author.key, text="No",
        status="GRANTED",
    )  # fmt: skip
    assert [kind for kind, _ in await desk.lines(author)] == ["APPEAL_DECIDED", "MODERATED"]


async def test_a_scheduled_post_that_is_refused_is_told(desk: Desk, make: Maker) -> None:
    place = await make.organisation("Quay")
    author = await make.person()
    await make.connection.execute(
        "insert into post_draft (organisation_id, author_id, body, language, scheduled_for) "
        "values ($1, $2, 'Hello', 'EN', now())",
        place.key,
        author.key,
    )
    await enqueue(make.connection, "publish_due", {})
    await deliver(desk.dsn)
    said = "Your scheduled post for Quay could not be published. It is kept among the drafts"
    assert await desk.lines(author) == [("SCHEDULED_POST_REFUSED", said)]
