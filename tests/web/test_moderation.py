"""Reports, moderating, appeals and the public log, as clients do and read them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from db import counters
from tests.making import Maker, Place, Someone
from tests.web.serving import ask, data_of, done, refused

REPORT = """
mutation M($input: ReportFileInput!) {
  reportFile(input: $input) {
    report { id reason text status subjectType reporter { id } }
    userErrors { code field message }
  }
}
"""
ACT = """
mutation M($input: ModerationActInput!) {
  moderationAct(input: $input) {
    action { id kind rule subjectType reason }
    userErrors { code field message }
  }
}
"""
APPEAL = """
mutation M($input: AppealFileInput!) {
  appealFile(input: $input) {
    appeal { id status text action { id kind } }
    userErrors { code field message }
  }
}
"""
DECIDE = """
mutation M($input: AppealDecideInput!) {
  appealDecide(input: $input) {
    appeal { id status answer }
    userErrors { code field message }
  }
}
"""
QUEUE = """
{ moderationQueue(first: 100) { nodes { subjectType reportCount
  post { id body } comment { id } person { id } organisation { id }
  reports { nodes { id text reporter { id } } } } } }
"""
NODE = "query N($id: ID!) { node(id: $id) { id } }"


def act(client: httpx2.Client, person: Someone | None, mutation: str, /, **given: Any) -> Any:
    """Perform a mutation; give the answer."""
    token = None if person is None else person.token
    return data_of(ask(client, mutation, {"input": given}, token=token))


def sees(client: httpx2.Client, person: Someone | None, subject_id: str) -> bool:
    token = None if person is None else person.token
    return data_of(ask(client, NODE, {"id": subject_id}, token=token))["node"] is not None


def queue(client: httpx2.Client, person: Someone, subject_id: str) -> list[Any]:
    """Give the cases about a subject in the moderators' queue."""
    cases = data_of(ask(client, QUEUE, token=person.token))["moderationQueue"]["nodes"]
    return [
        case
        for case in cases
        if subject_id
        in {
            case[name]["id"]
            for name in ("post", "comment", "person", "organisation")
            if case[name] is not None
        }
    ]


class Scene:
    """A post for members only, by an editor of an organisation; a moderator who works elsewhere."""

    def __init__(self, make: Maker) -> None:
        self.make = make

    async def set(self) -> Scene:
        make = self.make
        self.moderator = await make.person("Mod", is_moderator=True)
        self.second = await make.person("Mia", is_moderator=True)
        self.owner, self.author = await make.person("Oda"), await make.person("Aad", locale="NL")
        self.member = await make.person("Mem", visibility="COLLEAGUES")
        self.place: Place = await make.organisation()
        await make.member(self.owner, self.place, "OWNER")
        await make.member(self.author, self.place, "EDITOR")
        await make.member(self.member, self.place)
        self.post = await self.write("ORGANISATION")
        return self

    async def write(self, audience: str) -> str:
        key: UUID = await self.make.connection.fetchval(
            """insert into post (organisation_id, author_id, body, language, audience)
            values ($1, $2, 'Something rude', 'EN', $3) returning id""",
            self.place.key,
            self.author.key,
            audience,
        )
        await counters.repair(self.make.connection)
        return f"pst_{key}"

    async def comment(self) -> str:
        key: UUID = await self.make.connection.fetchval(
            """insert into comment (post_id, author_id, body)
            values ($1, $2, 'Something ruder') returning id""",
            UUID(self.post[4:]),
            self.author.key,
        )
        await counters.repair(self.make.connection)
        return f"com_{key}"


@pytest.fixture
async def scene(make: Maker) -> Scene:
    return await Scene(make).set()


async def test_a_report_makes_a_thing_readable_to_moderators_and_to_nobody_else(
    town_client: httpx2.Client, scene: Scene, make: Maker
) -> None:
    outsider = await make.person()
    assert not sees(town_client, scene.moderator, scene.post)
    assert not sees(town_client, scene.moderator, scene.member.id)
    given = {"postId": scene.post, "reason": "HARASSMENT", "text": " It is rude. "}
    report = done(act(town_client, scene.member, REPORT, **given), "reportFile")["report"]
    assert report == {
        "id": report["id"],
        "reason": "HARASSMENT",
        "text": "It is rude.",
        "status": "OPEN",
        "subjectType": "POST",
        "reporter": {"id": scene.member.id},
    }
    for subject in (scene.post, scene.author.id, scene.member.id, report["id"]):
        assert sees(town_client, scene.moderator, subject)
    for subject in (scene.post, scene.member.id, report["id"]):
        assert not sees(town_client, outsider, subject)
    assert not sees(town_client, scene.author, report["id"])
    assert queue(town_client, scene.moderator, scene.post) == [
        {
            "subjectType": "POST",
            "reportCount": 1,
            "post": {"id": scene.post, "body": "Something rude"},
            "comment": None,
            "person": None,
            "organisation": None,
            "reports": {
                "nodes": [
                    {
                        "id": report["id"],
                        "text": "It is rude.",
                        "reporter": {"id": scene.member.id},
                    }
                ]
            },
        }
    ]
    for person in (scene.owner, outsider):
        assert queue(town_client, person, scene.post) == []


async def test_reports_about_one_thing_are_one_case(
    town_client: httpx2.Client, scene: Scene
) -> None:
    for person in (scene.member, scene.owner):
        act(town_client, person, REPORT, postId=scene.post, reason="SPAM")
    [case] = queue(town_client, scene.moderator, scene.post)
    assert case["reportCount"] == 2
    assert [r["reporter"]["id"] for r in case["reports"]["nodes"]] == [
        scene.member.id,
        scene.owner.id,
    ]


async def test_reporting_is_refused(town_client: httpx2.Client, scene: Scene, make: Maker) -> None:
    outsider = await make.person()

    def codes(person: Someone | None, **given: Any) -> Any:
        return refused(act(town_client, person, REPORT, reason="SPAM", **given), "reportFile")

    assert codes(None, postId=scene.post) == [("NOT_SIGNED_IN", [])]
    assert codes(outsider, postId=scene.post) == [("NOT_FOUND", ["postId"])]
    assert codes(scene.member) == [("INVALID", [])]
    assert codes(scene.member, postId=scene.post, personId=scene.author.id) == [("INVALID", [])]
    assert codes(scene.author, postId=scene.post) == [("INVALID", ["postId"])]
    assert codes(scene.author, personId=scene.author.id) == [("INVALID", ["personId"])]
    assert codes(scene.member, postId=scene.post, text="x" * 2001) == [("INVALID", ["text"])]
    done(act(town_client, scene.member, REPORT, reason="SPAM", postId=scene.post), "reportFile")
    assert codes(scene.member, postId=scene.post) == [("TAKEN", ["postId"])]


async def test_a_double_report_is_one(town_site: str, scene: Scene) -> None:
    body = {"query": REPORT, "variables": {"input": {"reason": "SPAM", "postId": scene.post}}}
    headers = {"Authorization": f"Bearer {scene.member.token}"}
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json=body, headers=headers) for _ in range(8))
        )
    errors = [data_of(answer)["reportFile"]["userErrors"] for answer in answers]
    assert sorted(error[0]["code"] if error else "" for error in errors) == ["", *["TAKEN"] * 7]


async def test_hiding_and_restoring_a_post_keeps_counters_and_closes_reports(
    town_client: httpx2.Client, scene: Scene, make: Maker
) -> None:
    older = await scene.write("PUBLIC")
    newer = await scene.write("PUBLIC")
    report = done(
        act(town_client, scene.member, REPORT, postId=newer, reason="HATE"), "reportFile"
    )["report"]
    given = {"kind": "HIDE", "rule": "HATE", "reason": "It attacks people.", "postId": newer}
    action = done(act(town_client, scene.moderator, ACT, **given), "moderationAct")["action"]
    assert action == {
        "id": action["id"],
        "kind": "HIDE",
        "rule": "HATE",
        "subjectType": "POST",
        "reason": "It attacks people.",
    }
    assert await counters.check(make.connection) == []
    row: Any = await make.connection.fetchrow(
        "select post_count, last_post_id from organisation where id = $1", scene.place.key
    )
    assert (row["post_count"], f"pst_{row['last_post_id']}") == (1, older)
    for person, expected in (
        (None, False),
        (scene.member, False),
        (scene.owner, False),
        (scene.author, True),
        (scene.moderator, True),
    ):
        assert sees(town_client, person, newer) is expected
    assert queue(town_client, scene.moderator, newer) == []
    text = "{ reports { nodes { id status } } }"
    mine = data_of(ask(town_client, text, token=scene.member.token))
    assert mine["reports"]["nodes"] == [{"id": report["id"], "status": "UPHELD"}]
    again = act(town_client, scene.second, ACT, **given)
    assert refused(again, "moderationAct") == [("CONFLICT", ["postId"])]
    done(act(town_client, scene.second, ACT, **given | {"kind": "RESTORE"}), "moderationAct")
    assert sees(town_client, None, newer)
    assert await counters.check(make.connection) == []
    audit = await make.connection.fetch(
        "select action, actor_id from audit_entry where organisation_id = $1 order by id",
        scene.place.key,
    )
    assert [tuple(row) for row in audit] == [
        ("MODERATION_HIDDEN", None),
        ("MODERATION_RESTORED", None),
    ]


async def test_whom_it_concerns_is_told_in_their_language(
    town_client: httpx2.Client, scene: Scene, make: Maker
) -> None:
    act(town_client, scene.member, REPORT, postId=scene.post, reason="HATE")
    given = {"kind": "WARN", "rule": "HATE", "reason": "Mind the tone.", "postId": scene.post}
    action = done(act(town_client, scene.moderator, ACT, **given), "moderationAct")["action"]
    text = "{ moderationNotices { nodes { id kind reason post { id } } } }"
    for person, expected in (
        (
            scene.author,
            [
                {
                    "id": action["id"],
                    "kind": "WARN",
                    "reason": "Mind the tone.",
                    "post": {"id": scene.post},
                }
            ],
        ),
        (scene.member, []),
    ):
        told = data_of(ask(town_client, text, token=person.token))
        assert told["moderationNotices"]["nodes"] == expected
    payload = await make.connection.fetchval(
        "select convert_from(payload, 'UTF8') from jobs.pgqueuer where entrypoint = 'mail' "
        "and convert_from(payload, 'UTF8') like $1",
        f"%{scene.author.email}%",
    )
    assert "moderation.told_warn" in payload
    assert '"NL"' in payload


async def test_a_dismissed_report_is_told_to_nobody(
    town_client: httpx2.Client, scene: Scene
) -> None:
    act(town_client, scene.member, REPORT, postId=scene.post, reason="OTHER")
    given = {"kind": "DISMISS", "rule": "OTHER", "reason": "It is fine.", "postId": scene.post}
    done(act(town_client, scene.moderator, ACT, **given), "moderationAct")
    assert queue(town_client, scene.moderator, scene.post) == []
    told = data_of(
        ask(town_client, "{ moderationNotices { nodes { id } } }", token=scene.author.token)
    )
    assert told["moderationNotices"]["nodes"] == []


async def test_moderating_is_refused(town_client: httpx2.Client, scene: Scene) -> None:
    act(town_client, scene.member, REPORT, postId=scene.post, reason="OTHER")
    given = {"kind": "HIDE", "rule": "SPAM", "reason": "Because.", "postId": scene.post}

    def codes(person: Someone | None, **changes: Any) -> Any:
        answer = act(town_client, person, ACT, **given | changes)
        return refused(answer, "moderationAct")

    assert codes(None) == [("NOT_SIGNED_IN", [])]
    assert codes(scene.owner) == [("NOT_ALLOWED", [])]
    assert codes(scene.moderator, reason=" ") == [("INVALID", ["reason"])]
    assert codes(scene.moderator, kind="SUSPEND") == [("INVALID", ["kind"])]
    assert codes(scene.moderator, personId=scene.author.id) == [("INVALID", [])]
    assert codes(scene.moderator, kind="RESTORE") == [("CONFLICT", ["postId"])]
    own = {"postId": None, "personId": scene.moderator.id}
    assert codes(scene.moderator, kind="WARN", **own) == [("NOT_ALLOWED", ["personId"])]
    missing = {"postId": "pst_01a1f850-1400-7c95-b382-219df50cb3c9"}
    assert codes(scene.moderator, **missing) == [("NOT_FOUND", ["postId"])]


async def test_two_moderators_at_once_hide_once(town_site: str, scene: Scene, make: Maker) -> None:
    post = await scene.write("PUBLIC")
    given = {"kind": "HIDE", "rule": "SPAM", "reason": "Spam.", "postId": post}
    body = {"query": ACT, "variables": {"input": given}}
    tokens = [scene.moderator.token, scene.second.token] * 4
    async with httpx2.AsyncClient(base_url=town_site, timeout=20, trust_env=False) as client:
        answers = await asyncio.gather(
            *(
                client.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})
                for token in tokens
            )
        )
    errors = [data_of(answer)["moderationAct"]["userErrors"] for answer in answers]
    assert sorted(error[0]["code"] if error else "" for error in errors) == ["", *["CONFLICT"] * 7]
    assert await counters.check(make.connection) == []


async def test_a_suspended_person_reads_appeals_and_is_restored_by_another_moderator(
    town_client: httpx2.Client, scene: Scene
) -> None:
    given = {"kind": "SUSPEND", "rule": "SPAM", "reason": "Again.", "personId": scene.author.id}
    action = done(act(town_client, scene.moderator, ACT, **given), "moderationAct")["action"]
    assert not sees(town_client, scene.member, scene.author.id)
    assert sees(town_client, scene.author, scene.author.id)
    assert sees(town_client, scene.second, scene.author.id)
    blocked = act(town_client, scene.author, REPORT, reason="SPAM", personId=scene.member.id)
    assert refused(blocked, "reportFile") == [("NOT_ALLOWED", [])]
    stranger = act(town_client, scene.member, APPEAL, actionId=action["id"], text="Why?")
    assert refused(stranger, "appealFile") == [("NOT_FOUND", ["actionId"])]
    appeal = done(
        act(town_client, scene.author, APPEAL, actionId=action["id"], text="It was a mistake."),
        "appealFile",
    )["appeal"]
    assert (appeal["status"], appeal["action"]["kind"]) == ("OPEN", "SUSPEND")
    again = act(town_client, scene.author, APPEAL, actionId=action["id"], text="Please.")
    assert refused(again, "appealFile") == [("TAKEN", ["actionId"])]
    text = "{ appealQueue(first: 100) { nodes { id } } }"
    waiting = data_of(ask(town_client, text, token=scene.second.token))["appealQueue"]["nodes"]
    assert {"id": appeal["id"]} in waiting
    assert data_of(ask(town_client, text, token=scene.author.token))["appealQueue"]["nodes"] == []
    decision = {"appealId": appeal["id"], "granted": True, "answer": "Indeed."}
    same = act(town_client, scene.moderator, DECIDE, **decision)
    assert refused(same, "appealDecide") == [("NOT_ALLOWED", ["appealId"])]
    decided = done(act(town_client, scene.second, DECIDE, **decision), "appealDecide")["appeal"]
    assert decided == {"id": appeal["id"], "status": "GRANTED", "answer": "Indeed."}
    assert sees(town_client, scene.member, scene.author.id)
    late = act(town_client, scene.second, DECIDE, **decision)
    assert refused(late, "appealDecide") == [("CONFLICT", ["appealId"])]


async def test_an_owner_appeals_for_a_suspended_organisation(
    town_client: httpx2.Client, scene: Scene
) -> None:
    given = {"kind": "SUSPEND", "rule": "ILLEGAL", "reason": "A court said so."}
    subject = {"organisationId": scene.place.id}
    action = done(act(town_client, scene.moderator, ACT, **given, **subject), "moderationAct")
    key = action["action"]["id"]
    assert not sees(town_client, None, scene.place.id)
    assert sees(town_client, scene.member, scene.place.id)
    editor = act(town_client, scene.author, APPEAL, actionId=key, text="No.")
    assert refused(editor, "appealFile") == [("NOT_FOUND", ["actionId"])]
    appeal = done(
        act(town_client, scene.owner, APPEAL, actionId=key, text="It was overturned."), "appealFile"
    )["appeal"]
    decision = {"appealId": appeal["id"], "granted": False, "answer": "Not yet."}
    done(act(town_client, scene.second, DECIDE, **decision), "appealDecide")
    assert not sees(town_client, None, scene.place.id)


async def test_the_public_log_says_what_was_done_and_nothing_about_whom(
    town_client: httpx2.Client, scene: Scene
) -> None:
    post = await scene.write("PUBLIC")
    given = {"kind": "HIDE", "rule": "SPAM", "reason": "A secret reason.", "postId": post}
    action = done(act(town_client, scene.moderator, ACT, **given), "moderationAct")["action"]
    act(town_client, scene.author, APPEAL, actionId=action["id"], text="A secret plea.")
    text = "{ moderationLog(first: 1) { nodes { kind rule subjectType appealStatus } } }"
    response = ask(town_client, text)
    assert data_of(response)["moderationLog"]["nodes"] == [
        {"kind": "HIDE", "rule": "SPAM", "subjectType": "POST", "appealStatus": "OPEN"}
    ]
    text = "{ moderationLog(first: 1) { nodes { id } } }"
    [entry] = data_of(ask(town_client, text))["moderationLog"]["nodes"]
    assert not sees(town_client, None, entry["id"].replace("mlg_", "mac_"))
    schema = town_client.get("/schema.graphql").text
    fields = schema.partition("type ModerationLogEntry ")[2].partition("\n}")[0]
    names = {
        line.split(":")[0].strip()
        for line in fields.splitlines()
        if ": " in line and '"' not in line
    }
    assert names == {"id", "kind", "rule", "subjectType", "createdAt", "appealStatus"}


async def test_a_hidden_comment_stays_with_its_author(
    town_client: httpx2.Client, scene: Scene
) -> None:
    comment = await scene.comment()
    act(town_client, scene.member, REPORT, reason="HATE", commentId=comment)
    assert sees(town_client, scene.moderator, comment)
    given = {"kind": "HIDE", "rule": "HATE", "reason": "Rude.", "commentId": comment}
    done(act(town_client, scene.moderator, ACT, **given), "moderationAct")
    assert [sees(town_client, person, comment) for person in (scene.member, scene.author)] == [
        False,
        True,
    ]
