"""One's own data: exported as a whole, erased everywhere, kept no longer than said."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import asyncpg
import httpx2
import pytest

from db import counters
from db.base import metadata
from db.queue import enqueue
from db.storage import folder_storage, new_key
from resolvers import privacy
from resolvers.exporting import EXPORTED, rows_about
from resolvers.mails import Mail
from tests.mailing import Outbox, mails_to
from tests.mailing import services as services_of
from tests.making import Maker, Someone
from tests.web.browsing import OPEN, PASSWORD, with_password
from tests.web.filling import fill_market
from tests.web.serving import ask, client_of, data_of, done, refused, serving
from web.worker import Worker

MB = 1024 * 1024
EXPORT = """
mutation { accountExport(input: {}) {
  export { id readyAt expiresAt byteCount url } userErrors { code field message } } }
"""
EXPORTS = "{ viewer { dataExports { nodes { id readyAt byteCount url } } erasureRequestedAt } }"
ERASE = """
mutation E($input: AccountEraseInput!) { accountErase(input: $input) {
  erased erasureAt userErrors { code field message } } }
"""
CANCEL = """
mutation { accountEraseCancel(input: {}) {
  viewer { erasureRequestedAt } userErrors { code field message } } }
"""


class Home:
    """A served town whose uploads tests can see, and its worker."""

    def __init__(self, dsn: str, client: httpx2.Client, home: Path) -> None:
        self.dsn = dsn
        self.client = client
        self.storage = folder_storage(home / "media")

    async def work(self, job: str | None = None) -> list[Mail]:
        """Do all that waits, and this job; give the mails that went out."""
        outbox = Outbox()
        services = replace(services_of("http://localhost:8000", b"k" * 32), storage=self.storage)
        worker = Worker(self.dsn, services, outbox, attempts=1)
        if job is not None:
            connection = await asyncpg.connect(self.dsn)
            await enqueue(connection, job, {})
            await connection.close()
        await worker.drain()
        return outbox.mails


@pytest.fixture(scope="module")
def home(town: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    with serving(town, home=folder) as url, client_of(url) as client:
        yield Home(town, client, folder)


def personal_columns() -> dict[str, set[str]]:
    """Give, for each table, the columns that hold the key or the address of a person."""
    found: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            named = column.name in {"actor_id", "actor_ids"} or (
                column.name == "email" and str(column.type).upper() == "CITEXT"
            )
            if named or any(key.target_fullname == "person.id" for key in column.foreign_keys):
                found.setdefault(table.name, set()).add(column.name)
    return found


def test_every_table_with_a_person_in_it_is_exported_and_erased_or_excused() -> None:
    found = personal_columns()
    assert set(found) - set(privacy.TABLES) == set()
    for name, table in privacy.TABLES.items():
        assert table.mine or table.why, f"{name} is neither exported nor excused"
        assert table.erase or table.stays, f"{name} is neither erased nor excused"


async def fill(
    make: Maker, word: str, person: Someone, other: Someone, place: UUID, elsewhere: UUID
) -> UUID:
    """Write something of a person into every table there is; give a post that they wrote."""
    connection = make.connection
    skill = await connection.fetchval("select id from skill order by id limit 1")

    async def one(statement: str, *values: Any) -> UUID:
        key: UUID = await connection.fetchval(named(statement) + " returning id", *values)
        return key

    def named(text: Any) -> Any:
        return text.replace("Zandstra", word) if isinstance(text, str) else text

    post = await one(
        "insert into post (organisation_id, author_id, body, language, audience) "
        "values ($1, $2, 'Ours', 'EN', 'PUBLIC')",
        place,
        person.key,
    )
    theirs = await one(
        "insert into post (organisation_id, author_id, body, body_html, language, audience) values "
        "($1, $2, $3, $4, 'EN', 'PUBLIC')",
        place,
        other.key,
        f"Thanks @[Quirinius {word}](per_{person.key})!",
        f'<p>Thanks <a href="/people/per_{person.key}" class="mention" rel="noopener">'
        f"@Quirinius {word}</a>!</p>",
    )
    answered = await one(
        "insert into comment (post_id, author_id, body) values ($1, $2, 'A question?')",
        theirs,
        person.key,
    )
    await one(
        "insert into comment (post_id, author_id, parent_id, body) values ($1, $2, $3, 'Answer.')",
        theirs,
        other.key,
        answered,
    )
    alone = await one(
        "insert into comment (post_id, author_id, body) values ($1, $2, 'Says Zandstra')",
        theirs,
        person.key,
    )
    await connection.execute("update post set best_answer_id = $2 where id = $1", theirs, alone)
    action = await one(
        "insert into moderation_action (kind, rule, subject_type, person_id, addressee_id, reason) "
        "values ('WARN', 'SPAM', 'PERSON', $1, $1, 'Zandstra was rude')",
        person.key,
    )
    line = await one(
        "insert into notification (person_id, kind, actor_ids, actor_count) "
        "values ($1, 'FOLLOWED', array[$2]::uuid[], 1)",
        other.key,
        person.key,
    )
    provider = await one(
        "insert into identity_provider (organisation_id, issuer, client_id, sealed_client_secret, "
        f"email_domain) values ($1, 'https://i.example', 'c', '', 'd{place.hex}.example')",
        place,
    )
    await fill_market(connection, person.key, other.key, place, elsewhere)
    for statement, values in (
        (
            "insert into person_skill (person_id, skill_id, level, evidence) values ($1, $2, 3, 'Zandstra did')",
            (skill,),
        ),
        ("insert into follow (person_id, organisation_id) values ($1, $2)", (place,)),
        ("insert into person_follow (person_id, followed_id) values ($1, $2)", (other.key,)),
        ("insert into person_follow (followed_id, person_id) values ($1, $2)", (other.key,)),
        ("insert into skill_follow (person_id, skill_id) values ($1, $2)", (skill,)),
        ("insert into mute (person_id, muted_person_id) values ($1, $2)", (other.key,)),
        ("insert into mute (muted_person_id, person_id) values ($1, $2)", (other.key,)),
        ("insert into block (person_id, organisation_id) values ($1, $2)", (elsewhere,)),
        (
            "insert into post_draft (author_id, organisation_id, body, language) values ($1, $2, 'Soon, Zandstra', 'NL')",
            (place,),
        ),
        (
            "insert into post_revision (edited_by_id, post_id, body) values ($1, $2, 'Before')",
            (post,),
        ),
        ("insert into reaction (person_id, post_id, kind) values ($1, $2, 'LIKE')", (theirs,)),
        ("insert into bookmark (person_id, post_id) values ($1, $2)", (theirs,)),
        ("insert into mention (person_id, post_id) values ($1, $2)", (theirs,)),
        (
            "insert into notification (person_id, kind, note) values ($1, 'MENTIONED', $2)",
            ("Zandstra",),
        ),
        ("insert into notification_actor (person_id, notification_id) values ($1, $2)", (line,)),
        (
            "insert into notification_preference (person_id, kind, in_app, email) values ($1, $2, true, true)",
            ("FOLLOWED",),
        ),
        ("insert into digest_sent (person_id, sent_for) values ($1, current_date)", ()),
        ("insert into feed_visit (person_id, seen_at) values ($1, now())", ()),
        ("insert into saved_search (person_id, name) values ($1, $2)", ("Of Zandstra",)),
        (
            "insert into session (person_id, secret_hash, expires_at, user_agent) values ($1, sha256(uuid_send(uuidv7())), now() + interval '1 day', $2)",
            ("Zandstra's browser",),
        ),
        (
            "insert into totp_credential (person_id, sealed_secret, last_step) values ($1, '', 0)",
            (),
        ),
        ("insert into recovery_code (person_id, code_hash) values ($1, 'x')", ()),
        (
            "insert into passkey (person_id, credential_id, public_key, sign_count, name) values ($1, uuid_send(uuidv7()), 'x', 0, $2)",
            ("Zandstra's key",),
        ),
        (
            "insert into external_identity (person_id, provider_id, subject) values ($1, $2, 'zandstra')",
            (provider,),
        ),
        (
            "insert into challenge (person_id, purpose, secret_hash, expires_at) values ($1, 'VERIFY_EMAIL', sha256(uuid_send(uuidv7())), now())",
            (),
        ),
        ("insert into data_export (person_id, ready_at, expires_at) values ($1, now(), now())", ()),
        (
            "insert into idempotency_record (person_id, key, input_hash) values ($1, $2, 'x')",
            ("zandstra",),
        ),
        (
            "insert into invitation (invited_by_id, organisation_id, email, role, secret_hash, expires_at) values ($1, $2, 'somebody@else.example', 'MEMBER', sha256(uuid_send(uuidv7())), now())",
            (place,),
        ),
        (
            "insert into join_request (person_id, organisation_id, message) values ($1, $2, 'I am Zandstra')",
            (elsewhere,),
        ),
        (
            "insert into partnership (requested_by_id, requester_id, addressee_id) values ($1, $2, $3)",
            (place, elsewhere),
        ),
        (
            "insert into domain_claim (claimed_by_id, organisation_id, domain, proof, token) values ($1, $2, 'one.example', 'DNS', 'x')",
            (place,),
        ),
        (
            "insert into audit_entry (actor_id, organisation_id, action) values ($1, $2, 'POST_EDITED')",
            (place,),
        ),
        ("insert into event (actor_id, kind) values ($1, 'PERSON_EDITED')", ()),
        (
            "insert into report (reporter_id, post_id, reason, text) values ($1, $2, 'SPAM', 'Signed, Zandstra')",
            (theirs,),
        ),
        (
            "insert into report (person_id, addressee_id, reporter_id, reason, text) values ($1, $1, $2, 'SPAM', 'It is Zandstra')",
            (other.key,),
        ),
        (
            "insert into appeal (appellant_id, action_id, text) values ($1, $2, 'I, Zandstra')",
            (action,),
        ),
    ):
        await connection.execute(named(statement), person.key, *map(named, values))
    await connection.execute(
        "insert into invitation (organisation_id, email, role, secret_hash, expires_at) values "
        "($1, $2, 'MEMBER', sha256(uuid_send(uuidv7())), now())",
        elsewhere,
        person.email,
    )
    await connection.execute(
        "insert into password_credential (person_id, hash) values ($1, 'x') on conflict do nothing",
        person.key,
    )
    await counters.repair(connection)
    return post


async def traces(make: Maker, *words: str) -> list[tuple[str, str]]:
    """Walk every column of every table; give where a word stands."""
    columns = await make.connection.fetch(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'public' order by 1, 2"
    )
    return [
        (table, column)
        for table, column in columns
        for word in words
        if await make.connection.fetchval(
            f'select exists (select from "{table}" where "{column}"::text ilike $1)', f"%{word}%"
        )
    ]


class Lives:
    """Somebody with traces everywhere, who works where somebody else is the owner."""

    def __init__(self, make: Maker) -> None:
        self.make = make

    async def begin(self) -> Lives:
        make = self.make
        self.other = await make.person("Ot Her")
        self.place, self.elsewhere = await make.organisation(), await make.organisation()
        await make.member(self.other, self.place, "OWNER")
        # A word that stands nowhere else.
        self.word = f"Zandstra{uuid4().hex[:8]}"
        self.person = await make.person(f"Quirinius {self.word}", visibility="PUBLIC")
        await make.member(self.person, self.place, "EDITOR")
        self.post = await fill(
            make, self.word, self.person, self.other, self.place.key, self.elsewhere.key
        )
        return self

    async def sign_in(self) -> None:
        """Have them sign in just now, in a browser."""
        await self.make.connection.execute(
            "insert into session (person_id, secret_hash, expires_at) "
            "values ($1, sha256($2::bytea), now() + interval '1 day')",
            self.person.key,
            f"s-{self.person.key}".encode(),
        )

    @property
    def secret(self) -> str:
        return f"s-{self.person.key}"


@pytest.fixture
async def lives(make: Maker) -> Lives:
    return await Lives(make).begin()


async def test_an_export_holds_everything_and_is_for_one_alone(home: Home, lives: Lives) -> None:
    person, make = lives.person, lives.make
    content = b"not a picture, but kept"
    key = new_key(content, "webp")
    await home.storage.put(key, content)
    await make.connection.execute(
        "insert into media (uploaded_by_id, person_id, purpose, storage_key, content_type, byte_count) "
        "values ($1, $1, 'AVATAR', $2, 'image/webp', 3)",
        person.key,
        key,
    )
    await make.connection.execute("delete from data_export where person_id = $1", person.key)
    answer = data_of(ask(home.client, EXPORT, token=person.token))
    export = done(answer, "accountExport")["export"]
    assert (export["readyAt"], export["url"]) == (None, None)
    again = done(data_of(ask(home.client, EXPORT, token=person.token)), "accountExport")["export"]
    assert again["id"] == export["id"]
    mails = mails_to(await home.work(), person.email)
    assert f"http://localhost:8000/exports/{export['id']}" in mails[-1].text
    [listed] = data_of(ask(home.client, EXPORTS, token=person.token))["viewer"]["dataExports"][
        "nodes"
    ]
    assert listed["url"] == f"/exports/{export['id']}"
    fetched = home.client.get(listed["url"], headers={"Authorization": f"Bearer {person.token}"})
    assert fetched.status_code == 200
    assert fetched.headers["content-type"] == "application/zip"
    assert len(fetched.content) == listed["byteCount"]
    with ZipFile(BytesIO(fetched.content)) as file:
        names = set(file.namelist())
        readme = file.read("README.txt").decode()
        rows = {name: json.loads(file.read(name)) for name in names if name.endswith(".json")}
        assert file.read(f"media/{key}") == content
    assert {"What Talent Commons keeps about you", "Wat Talent Commons over je bewaart"} <= set(
        readme.splitlines()
    )
    assert rows["person.json"][0]["email"] == person.email
    assert {name.removesuffix(".json") for name, found in rows.items() if found} == {
        name for name, table in privacy.TABLES.items() if table.mine
    }
    assert "secret_hash" not in json.dumps(rows)
    assert "hash" not in rows["password_credential.json"][0]
    stranger = {"Authorization": f"Bearer {lives.other.token}", "Accept-Language": "nl"}
    refusal = home.client.get(listed["url"], headers=stranger)
    assert (refusal.status_code, refusal.headers["cache-control"]) == (404, "no-store")
    assert "<h1>Je gegevens</h1><p>Dit bestand is er niet, of niet meer" in refusal.text
    visitor = home.client.get(listed["url"])
    assert (visitor.status_code, visitor.headers["www-authenticate"]) == (401, "Bearer")
    assert '<html lang="en">' in visitor.text
    assert "Sign in as the person who asked for it" in visitor.text
    await make.connection.execute(
        "update data_export set expires_at = now() where person_id = $1", person.key
    )
    mine = {"Authorization": f"Bearer {person.token}"}
    assert home.client.get(listed["url"], headers=mine).status_code == 404


async def test_an_export_is_never_whole_in_memory(home: Home, make: Maker) -> None:
    person, other, place = await make.person(), await make.person(), await make.organisation()
    post = await make.connection.fetchval(
        "insert into post (organisation_id, author_id, body, language) values ($1, $2, 'x', 'EN') "
        "returning id",
        place.key,
        other.key,
    )
    await make.connection.execute(
        "insert into comment (post_id, author_id, body) "
        "select $1, $2, n || repeat('x', 1900) from generate_series(1, 12000) n",
        post,
        person.key,
    )
    content = os.urandom(24 * MB)
    key = new_key(content, "bin")
    await home.storage.put(key, content)
    await make.connection.execute(
        "insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count) "
        "values ($1, 'FILE', $2, 'image/webp', 3)",
        person.key,
        key,
    )
    size = len(content)
    del content
    export = done(data_of(ask(home.client, EXPORT, token=person.token)), "accountExport")["export"]
    tracemalloc.start()
    try:
        await home.work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * MB
    mine = {"Authorization": f"Bearer {person.token}"}
    fetched = home.client.get(f"/exports/{export['id']}", headers=mine)
    with ZipFile(BytesIO(fetched.content)) as file:
        assert file.testzip() is None
        assert file.getinfo(f"media/{key}").file_size == size
        assert len(json.loads(file.read("comment.json"))) == 12_000
        assert json.loads(file.read("appeal.json")) == []


async def test_erasure_leaves_no_trace(home: Home, lives: Lives) -> None:
    person, make = lives.person, lives.make
    async with make.connection.transaction():
        empty = {
            name
            for name in EXPORTED
            if not [r async for r in rows_about(make.connection, name, person.key, person.email)]
        }
    assert empty <= {"media"}
    assert len(await traces(make, person.email, lives.word)) > len({"person", "post", "comment"})
    await lives.sign_in()
    response = home.client.post(
        "/graphql",
        json={"query": ERASE, "variables": {"input": {"atOnce": True}}},
        headers={"Cookie": f"commons_session={lives.secret}", "Sec-Fetch-Site": "same-origin"},
    )
    assert done(data_of(response), "accountErase")["erased"] is True
    mails = mails_to(await home.work(), person.email)
    assert mails[-1].subject == "Your account has been erased"
    assert await traces(make, person.email, lives.word) == []
    assert await counters.check(make.connection) == []
    assert ask(home.client, "{ viewer { id } }", token=person.token).status_code == 401
    left: Any = await make.connection.fetchrow(
        "select name, email, deactivated_at is not null, erased_at is not null from person "
        "where id = $1",
        person.key,
    )
    assert tuple(left) == (
        "Former member",
        f"erased-{person.key}@erased.invalid",
        True,
        True,
    )
    comments = await make.connection.fetch(
        "select body from comment where author_id = $1", person.key
    )
    assert [row["body"] for row in comments] == ["A question?"]
    shown = data_of(
        ask(
            home.client,
            "query P($id: ID!) { node(id: $id) { ... on Post { body author { id } } } }",
            {"id": f"pst_{lives.post}"},
        )
    )
    assert shown["node"] == {"body": "Ours", "author": None}


async def test_erasure_waits_two_weeks_and_can_be_taken_back(home: Home, lives: Lives) -> None:
    person, make = lives.person, lives.make
    await lives.sign_in()
    cookie = {"Cookie": f"commons_session={lives.secret}", "Sec-Fetch-Site": "same-origin"}
    body = {"query": ERASE, "variables": {"input": {}}}
    asked = done(data_of(home.client.post("/graphql", json=body, headers=cookie)), "accountErase")
    assert asked["erased"] is False
    assert asked["erasureAt"] is not None
    assert [mail.subject for mail in mails_to(await home.work(), person.email)][-1:] == [
        "Your account will be erased in 14 days"
    ]
    await home.work("erase_due")
    assert await make.connection.fetchval(
        "select erased_at is null from person where id = $1", person.key
    )
    kept = done(data_of(ask(home.client, CANCEL, token=person.token)), "accountEraseCancel")
    assert kept["viewer"] == {"erasureRequestedAt": None}
    await make.connection.execute(
        "update person set erasure_requested_at = now() - interval '15 days' where id = $1",
        person.key,
    )
    await home.work("erase_due")
    assert (
        await make.connection.fetchval("select name from person where id = $1", person.key)
        == "Former member"
    )
    assert await traces(make, person.email) == []


async def test_erasure_needs_proof_of_being_there(home: Home, lives: Lives) -> None:
    def codes(**given: Any) -> Any:
        answer = ask(home.client, ERASE, {"input": given}, token=lives.person.token)
        return refused(data_of(answer), "accountErase")

    assert codes() == [("NOT_ALLOWED", ["password"])]
    wrong = {"password": "not it"}
    assert codes(**wrong) == [("INVALID", ["password"])]
    visitor = data_of(ask(home.client, ERASE, {"input": {}}))
    assert refused(visitor, "accountErase") == [("NOT_SIGNED_IN", [])]


async def test_the_right_password_erases_an_account_and_ends_every_way_in(
    home: Home, make: Maker
) -> None:
    person = await with_password(make, await make.person("Petra"))
    signed_in = home.client.post(
        "/graphql",
        json={
            "query": OPEN,
            "variables": {"input": {"email": person.email, "password": PASSWORD}},
        },
    )
    assert done(data_of(signed_in), "sessionOpen")
    session = signed_in.cookies["commons_session"]
    home.client.cookies.clear()
    # Proof is the password then, not a sign-in of just now.
    await make.connection.execute(
        "update session set created_at = now() - interval '1 day' where person_id = $1", person.key
    )
    cookie = {"Cookie": f"commons_session={session}", "Sec-Fetch-Site": "same-origin"}

    def erase(**given: Any) -> httpx2.Response:
        body = {"query": ERASE, "variables": {"input": {"atOnce": True, **given}}}
        return home.client.post("/graphql", json=body, headers=cookie)

    assert refused(data_of(erase()), "accountErase") == [("NOT_ALLOWED", ["password"])]
    assert refused(data_of(erase(password=PASSWORD[::-1])), "accountErase") == [
        ("INVALID", ["password"])
    ]
    answer = erase(password=PASSWORD)
    assert done(data_of(answer), "accountErase") == {
        "erased": True,
        "erasureAt": None,
        "userErrors": [],
    }
    assert 'commons_session=""' in answer.headers["set-cookie"]
    home.client.cookies.clear()
    [mail] = mails_to(await home.work(), person.email)
    assert mail.subject == "Your account has been erased"
    who = {"query": "{ viewer { id } }"}
    for headers in (cookie, {"Authorization": f"Bearer {person.token}"}):
        assert home.client.post("/graphql", json=who, headers=headers).status_code == 401
    home.client.cookies.clear()
    again = {"email": person.email, "password": PASSWORD}
    opened = data_of(ask(home.client, OPEN, {"input": again}))
    assert refused(opened, "sessionOpen") == [("INVALID", [])]
    assert await traces(make, person.email) == []


async def test_what_was_kept_long_enough_is_removed(home: Home, make: Maker) -> None:
    person, place = await make.person(), await make.organisation()
    connection = make.connection
    for age in (1, 10_000):
        await connection.execute(
            "insert into audit_entry (action, organisation_id, created_at) "
            "values ('POST_EDITED', $1, now() - make_interval(days => $2))",
            place.key,
            age,
        )
        await connection.execute(
            "insert into notification (person_id, kind, subject_id, changed_at) "
            "values ($1, 'FOLLOWED', uuidv7(), now() - make_interval(days => $2))",
            person.key,
            age,
        )
        for status in ("OPEN", "DISMISSED"):
            await connection.execute(
                "insert into report (reason, status, organisation_id, created_at) "
                "values ('SPAM', $3, $1, now() - make_interval(days => $2))",
                place.key,
                age,
                status,
            )
    await connection.execute(
        "insert into data_export (person_id, ready_at, expires_at) "
        "values ($1, now() - interval '8 days', now() - interval '1 day')",
        person.key,
    )
    await home.work("housekeeping")
    left = await connection.fetchrow(
        """select (select count(*) from audit_entry where organisation_id = $2),
        (select count(*) from notification where person_id = $1),
        (select count(*) from report where organisation_id = $2),
        (select count(*) from data_export where person_id = $1)""",
        person.key,
        place.key,
    )
    assert tuple(left or ()) == (1, 1, 3, 0)
