"""Every write records what happened, with the ids that tell who is to know of it; once, or not at all."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from db.pools import open_write_pool
from resolvers.accounts import set_moderator
from resolvers.acting import Connection
from resolvers.commands.post_drafts import publish_due
from resolvers.erasing import erase_person
from resolvers.unsubscribing import DIGEST, unsubscribe
from schema.build import build_schema
from tests.mailing import deliver, link_of, mails_to, services
from tests.making import Maker
from tests.web.authenticating import Authenticator
from tests.web.browsing import PASSWORD, Browser, browser, with_password
from tests.web.event_table import ELSEWHERE, TABLE
from tests.web.event_table_social import DRAFT
from tests.web.serving import done
from tests.web.staging import Case, Stage
from tests.web.test_access_tokens import created
from tests.web.test_accounts import CHANGE as CHANGE_EMAIL
from tests.web.test_accounts import CONFIRM, CONFIRM_CHANGE, SIGN_UP, given, secret_in
from tests.web.test_passkeys import FINISH, REMOVE, RENAME, SIGN_IN_FINISH, begin, begin_sign_in
from tests.web.test_passwords import CHANGE, NEW, REQUEST, RESET
from tests.web.test_privacy import CANCEL, ERASE
from tests.web.test_second_factors import CONFIRM as CONFIRM_APP
from tests.web.test_second_factors import REMOVE as REMOVE_APP
from tests.web.test_second_factors import RENEW, SECOND_STEP, first_step, set_up, unused
from tests.web.test_sessions import CLOSE, REVOKE_OTHERS

CHANGED = "CREDENTIALS_CHANGED cyd cyd - person_id=cyd"


@pytest.fixture
async def stage(make: Maker, town_client: httpx2.Client) -> Stage:
    stage = Stage(make, town_client)
    await stage.set()
    await stage.pass_over()
    return stage


@asynccontextmanager
async def write_connection(dsn: str) -> AsyncIterator[Connection]:
    """Give a connection as jobs have it."""
    pool = await open_write_pool(dsn, name="commons-test", size=1)
    try:
        async with pool.acquire() as connection:
            yield connection
    finally:
        await pool.close()


@pytest.mark.parametrize("case", TABLE)
async def test_a_write_records_what_happened_once(stage: Stage, case: Case) -> None:
    for name, statement in case.before:
        await stage.run(name, statement)
    stage.send(case, is_visitor=True)
    assert await stage.news() == []
    done(stage.send(case, key="k"), case.mutation)
    # What one statement writes has no order.
    assert sorted(await stage.news()) == sorted(case.events)
    done(stage.send(case, key="k"), case.mutation)
    assert await stage.news() == []
    if not case.repeats:
        # Done already, or refused by now.
        stage.send(case)
        assert await stage.news() == []


def test_every_mutation_is_in_the_table_or_tested_by_itself() -> None:
    sdl = build_schema().as_str()
    block = sdl[sdl.index("type Mutation {") :]
    block = block[: block.index("\n}")]
    mutations = set(re.findall(r"^  (\w+)\(", block, re.MULTILINE))
    in_table = {param.values[0].mutation for param in TABLE}
    assert mutations - in_table == ELSEWHERE
    assert in_table <= mutations


async def test_what_is_undone_records_nothing(stage: Stage) -> None:
    given = {
        "organisationId": "quay",
        "body": "x",
        "skillIds": ["skl_01890000-0000-7000-8000-000000000000"],
    }
    answer = stage.send(Case("postPublish", "ann", given, []))
    assert [error["code"] for error in answer["postPublish"]["userErrors"]] == ["NOT_FOUND"]
    assert await stage.news() == []


@pytest.fixture
async def cyd(stage: Stage, town_site: str, make: Maker) -> AsyncIterator[Browser]:
    """A browser in which Cyd has just signed in."""
    await with_password(make, stage.people["cyd"])
    with browser(town_site) as fox:
        fox.sign_in(stage.emails["cyd"])
        yield fox


async def secret_mailed(stage: Stage, town: str, address: str) -> str:
    """Do all jobs, and give the secret in the last mail to an address."""
    mails = mails_to(await deliver(town), address)
    # Others were told of what happened in other tests.
    await stage.pass_over()
    return secret_in(link_of(mails[-1]))


async def test_joining_and_a_new_address_are_recorded(
    stage: Stage, cyd: Browser, town: str, town_site: str
) -> None:
    address = f"new-{stage.emails['cyd']}"
    with browser(town_site) as fox:
        fox.ask(SIGN_UP, **given(address))
        assert await stage.news() == []
        secret = await secret_mailed(stage, town, address)
        done(fox.ask(CONFIRM, secret=secret), "accountConfirm")
        assert await stage.news() == ["PERSON_JOINED - new - person_id=new"]
    done(cyd.ask(CHANGE_EMAIL, email=f"x-{address}", password=PASSWORD), "emailChangeRequest")
    assert await stage.news() == []
    secret = await secret_mailed(stage, town, f"x-{address}")
    done(cyd.ask(CONFIRM_CHANGE, secret=secret), "emailChangeConfirm")
    assert await stage.news() == ["PERSON_EDITED cyd cyd - person_id=cyd"]


async def test_sessions_that_end_are_recorded(stage: Stage, cyd: Browser, town_site: str) -> None:
    assert await stage.news() == []
    # A second session takes the place of the first.
    cyd.sign_in(stage.emails["cyd"])
    assert await stage.news() == ["SESSION_ENDED cyd cyd - person_id=cyd session_id=new"]
    with browser(town_site) as cat, browser(town_site) as dog:
        for each in (cat, dog):
            each.sign_in(stage.emails["cyd"])
        assert done(cyd.ask(REVOKE_OTHERS), "sessionsRevokeOthers")["revoked"] == 2
        assert await stage.news() == [CHANGED]
        assert done(cyd.ask(REVOKE_OTHERS), "sessionsRevokeOthers")["revoked"] == 0
        assert await stage.news() == []
    done(cyd.ask(CLOSE), "sessionClose")
    assert await stage.news() == ["SESSION_ENDED cyd cyd - person_id=cyd session_id=new"]


async def test_new_passwords_and_tokens_are_recorded(
    stage: Stage, cyd: Browser, town: str, town_site: str
) -> None:
    done(cyd.ask(CHANGE, password=NEW, currentPassword=PASSWORD), "passwordChange")
    assert await stage.news() == [CHANGED]
    created(cyd, name="x", scopes=["READ"])
    assert await stage.news() == [CHANGED]
    with browser(town_site) as fox:
        done(fox.ask(REQUEST, email=stage.emails["cyd"]), "passwordResetRequest")
        assert await stage.news() == []
        secret = await secret_mailed(stage, town, stage.emails["cyd"])
        done(fox.ask(RESET, secret=secret, password=PASSWORD), "passwordReset")
        # Nobody was signed in there.
        assert await stage.news() == ["CREDENTIALS_CHANGED - cyd - person_id=cyd"]


async def test_second_factors_are_recorded(
    stage: Stage, cyd: Browser, town_site: str, make: Maker
) -> None:
    app = set_up(cyd)
    assert await stage.news() == []
    done(cyd.ask(CONFIRM_APP, code=app.code()), "totpConfirm")
    assert await stage.news() == [CHANGED]
    await unused(make, stage.people["cyd"])
    codes = done(cyd.ask(RENEW, code=app.code()), "recoveryCodesRenew")["recoveryCodes"]
    assert await stage.news() == [CHANGED]
    with browser(town_site) as fox:
        secret = first_step(fox, stage.people["cyd"])
        done(fox.ask(SECOND_STEP, secret=secret, recoveryCode=codes[0]), "sessionConfirm")
        assert await stage.news() == ["CREDENTIALS_CHANGED - cyd - person_id=cyd"]
    await unused(make, stage.people["cyd"])
    done(cyd.ask(REMOVE_APP, code=app.code()), "totpRemove")
    assert await stage.news() == [CHANGED]


async def test_passkeys_are_recorded(stage: Stage, cyd: Browser, town_site: str) -> None:
    device, begun = Authenticator(), begin(cyd)
    passkey, response = device.create(begun["options"])
    assert await stage.news() == []
    answer = cyd.ask(FINISH, secret=begun["secret"], response=response, name="Telephone")
    assert await stage.news() == [CHANGED]
    key = done(answer, "passkeyRegisterFinish")["passkey"]["id"]
    done(cyd.ask(RENAME, passkeyId=key, name="Watch"), "passkeyRename")
    assert await stage.news() == [CHANGED]
    with browser(town_site) as fox:
        begun = begin_sign_in(fox)
        response = device.get(begun["options"], passkey)
        done(
            fox.ask(SIGN_IN_FINISH, secret=begun["secret"], response=response),
            "passkeySignInFinish",
        )
        assert await stage.news() == []
    done(cyd.ask(REMOVE, passkeyId=key, password=PASSWORD), "passkeyRemove")
    assert await stage.news() == [CHANGED]


async def test_an_erasure_that_is_asked_for_is_recorded_once(stage: Stage, cyd: Browser) -> None:
    for expected in (["PERSON_EDITED cyd cyd - person_id=cyd"], []):
        done(cyd.ask(ERASE, password=PASSWORD), "accountErase")
        assert await stage.news() == expected
    for expected in (["PERSON_EDITED cyd cyd - person_id=cyd"], []):
        done(cyd.ask(CANCEL), "accountEraseCancel")
        assert await stage.news() == expected


async def test_all_that_goes_with_a_person_is_recorded_and_nobody_did_it(
    stage: Stage, town: str
) -> None:
    for name, statement in (
        ("of cyd", "insert into membership (person_id, organisation_id, role) values ({cyd}, {mill}, 'MEMBER') returning id"),
        ("of cyd alone", "insert into membership (person_id, organisation_id, role) values ({cyd}, {quay}, 'OWNER') returning id"),
        ("", "update membership set ended_on = current_date where organisation_id = {quay} and person_id <> {cyd}"),
        ("", "insert into follow (person_id, organisation_id) values ({cyd}, {quay})"),
        ("", "insert into person_follow (person_id, followed_id) values ({ann}, {cyd})"),
        ("", "insert into skill_follow (person_id, skill_id) values ({cyd}, {skill})"),
        ("", "insert into reaction (person_id, post_id, kind) values ({cyd}, {post}, 'LIKE')"),
        ("", "insert into mention (post_id, person_id) values ({post}, {cyd})"),
        ("named", "insert into comment (post_id, author_id, body) values ({post}, {ben}, 'x') returning id"),
        ("", "insert into mention (post_id, comment_id, person_id) values ({post}, {named}, {cyd})"),
        ("answered", "insert into comment (post_id, author_id, body) values ({post}, {cyd}, 'x') returning id"),
        ("", "insert into comment (post_id, author_id, parent_id, body) values ({post}, {ben}, {answered}, 'x')"),
        ("", "update post set best_answer_id = {comment} where id = {question}"),
        ("line", "insert into notification (person_id, kind, actor_ids, actor_count) values ({ann}, 'FOLLOWED', array[{cyd}], 1) returning id"),
        ("", "insert into notification_actor (notification_id, person_id) values ({line}, {cyd})"),
        ("written", "insert into post (organisation_id, author_id, kind, body, language, audience) values ({quay}, {cyd}, 'MESSAGE', 'x', 'EN', 'NETWORK') returning id"),
    ):  # fmt: skip
        await stage.run(name, statement)
    async with write_connection(town) as connection, connection.transaction():
        await erase_person(connection, stage.keys["cyd"])
    post = "post_id=post author_id=ann audience=NETWORK"
    question = "post_id=question author_id=ann audience=NETWORK"
    assert sorted(await stage.news()) == sorted(
        [
            "MEMBERSHIP_CHANGED - of cyd mill person_id=cyd change=REMOVED",
            "MEMBERSHIP_CHANGED - of cyd alone quay person_id=cyd change=REMOVED",
            "FOLLOW_CHANGED - quay quay follower_id=cyd change=REMOVED",
            "FOLLOW_CHANGED - cyd - follower_id=ann change=REMOVED followed_id=cyd",
            "FOLLOW_CHANGED - skill - follower_id=cyd change=REMOVED skill_id=skill",
            f"POST_REACTED - post quay {post} change=REMOVED",
            # The name is taken out of what others wrote.
            f"POST_EDITED - post quay {post}",
            "COMMENT_EDITED - named quay comment_id=named post_id=post author_id=ben",
            f"ANSWER_CHOSEN - question quay {question}",
            "COMMENT_DELETED - comment quay comment_id=comment post_id=question author_id=cyd",
            "NOTIFICATION_CHANGED - ann - person_id=ann change=CHANGED notification_ids=line",
            "ORGANISATION_SUSPENDED - quay quay",
            "PERSON_ERASED - cyd - person_id=cyd",
        ]
    )


async def test_readers_are_told_which_lines_are_new_or_withdrawn(stage: Stage, town: str) -> None:
    # Of what happened in other tests.
    await deliver(town)
    await stage.pass_over()
    react = Case("postReact", "cyd", {"postId": "post", "kind": "LIKE"}, [])
    done(stage.send(react), react.mutation)
    await stage.news()
    await deliver(town)
    line = "NOTIFICATION_CHANGED - ann - person_id=ann change={} notification_ids=new"
    assert await stage.news() == [line.format("ADDED")]
    (key,) = [
        key
        for (key,) in await stage.make.connection.fetch(
            "select id from notification where person_id = $1", stage.keys["ann"]
        )
    ]
    stage.keys["new"] = key
    unreact = Case("postUnreact", "cyd", {"postId": "post"}, [])
    done(stage.send(unreact), unreact.mutation)
    await stage.news()
    await deliver(town)
    assert await stage.news() == [line.format("REMOVED")]


async def test_a_scheduled_post_is_recorded_as_its_authors(stage: Stage, town: str) -> None:
    await stage.run("draft", DRAFT)
    await stage.run("", "update post_draft set scheduled_for = now() where id = {draft}")
    async with write_connection(town) as connection:
        await publish_due(connection, services("http://localhost", b"x" * 32))
    assert await stage.news() == [
        "POST_PUBLISHED ann new quay post_id=new author_id=ann audience=NETWORK"
    ]


async def test_what_links_in_mails_and_operators_do_is_recorded_once(stage: Stage) -> None:
    connection, key = stage.make.connection, stage.keys["cyd"]
    edited = "PERSON_EDITED cyd cyd - person_id=cyd"
    for expected in ([edited], []):
        await unsubscribe(connection, key, DIGEST)
        assert await stage.news() == expected
    for expected in (["NOTIFICATION_CHANGED cyd cyd - person_id=cyd change=CHANGED"], []):
        await unsubscribe(connection, key, "MENTIONED")
        assert await stage.news() == expected
    for expected in (["PERSON_EDITED - cyd - person_id=cyd"], []):
        assert await set_moderator(connection, key, is_moderator=True) == "Cyd"
        assert await stage.news() == expected
