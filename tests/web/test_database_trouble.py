"""A database that is slow, or gone, is told from a bad request; and things are well afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import httpx2
import pytest

from tests.web.serving import RESPONSE_JSON, ask, client_of, data_of, serving
from tests.web.wire import Wire, wire_to

SKILLS = "{ skills(first: 3) { nodes { slug } } }"
TOO_SLOW = "The answer took too long to find. Ask for less, or try again."


@pytest.fixture
async def locked(scratch_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that keeps everybody else from reading skills."""
    connection = await asyncpg.connect(scratch_database)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("lock table skill in access exclusive mode")
    try:
        yield connection
    finally:
        await connection.close()


def assert_too_slow(response: httpx2.Response) -> None:
    assert response.status_code == 503
    answer = response.json()
    assert "data" not in answer
    (error,) = answer["errors"]
    assert (error["message"], error["extensions"]["code"]) == (TOO_SLOW, "TIMEOUT")


@pytest.mark.parametrize("accept", ["application/json", RESPONSE_JSON])
async def test_statement_that_takes_too_long_is_given_up(
    scratch_database: str, locked: asyncpg.Connection, accept: str
) -> None:
    with (
        serving(scratch_database, statement_timeout_ms=100, pool_size=2) as url,
        client_of(url) as client,
    ):
        # Twice: the second time the document is known, and takes the short way.
        for _ in range(2):
            begin = time.monotonic()
            assert_too_slow(ask(client, SKILLS, accept=accept))
            assert time.monotonic() - begin < 5
        # Fields that need no locked table are answered meanwhile.
        assert data_of(ask(client, "{ viewer { id } }")) == {"viewer": None}
        # More at once than there are connections: each waits its turn, none is left over.
        with ThreadPoolExecutor(12) as crowd:
            for response in crowd.map(lambda _: ask(client, SKILLS), range(12)):
                assert_too_slow(response)
        assert client.get("/readyz").status_code == 200
        await locked.execute("rollback")
        for _ in range(10):
            assert len(data_of(ask(client, SKILLS))["skills"]["nodes"]) == 3


async def test_killed_sessions_are_replaced(scratch_database: str) -> None:
    with serving(scratch_database, pool_size=3) as url, client_of(url) as client:
        with ThreadPoolExecutor(3) as crowd:
            list(crowd.map(lambda _: data_of(ask(client, SKILLS)), range(6)))
        connection = await asyncpg.connect(scratch_database)
        try:
            killed = await connection.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'commons-web' and datname = current_database()"
            )
        finally:
            await connection.close()
        assert killed >= 2
        # The notice is on its way; from then on a new session is opened.
        time.sleep(0.2)  # noqa: ASYNC251 - the application runs in a thread of its own
        for _ in range(6):
            assert data_of(ask(client, SKILLS))
        assert client.get("/readyz").json() == {"ready": True}


@pytest.mark.parametrize("accept", ["application/json", RESPONSE_JSON])
def test_database_that_is_down_is_said_and_logged_by_request(
    world: str, token: str, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    with wire_to(world) as wire, serving(wire.dsn) as url, client_of(url) as client:
        known = "{ viewer { id } people(first: 1) { totalCount } }"
        assert data_of(ask(client, known))
        wire.cut()
        # Known before it went, and never seen: both ways.
        for query in (known, known, "{ people(first: 2) { totalCount } }", "{ __typename }"):
            caplog.clear()
            response = ask(client, query, accept=accept, token=token)
            assert response.status_code == 503
            request_id = response.headers["x-request-id"]
            assert re.fullmatch(r"[0-9a-f]{32}", request_id)
            (error,) = response.json()["errors"]
            assert error["message"] == "We cannot answer just now. Try again in a moment."
            assert error["extensions"]["code"] == "UNAVAILABLE"
            # The pools and who reads the log of events have their own to say.
            logged = [
                record
                for record in caplog.records
                if not record.name.startswith(("asyncpg.pool", "subscriptions."))
            ]
            assert logged
            assert all(request_id in record.getMessage() for record in logged)
        # What needs no database is answered.
        assert data_of(ask(client, "{ __typename }", accept=accept))
        assert client.get("/readyz").status_code == 503
        wire.mend()
        for query in (known, "{ people(first: 2) { totalCount } }"):
            assert data_of(ask(client, query))
        assert client.get("/readyz").json() == {"ready": True}


async def test_fault_of_ours_is_masked_and_logged_by_request(
    scratch_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection = await asyncpg.connect(scratch_database)
    try:
        with serving(scratch_database, pool_size=2) as url, client_of(url) as client:
            await connection.execute("alter table skill rename column slug to snail")
            for accept in ("application/json", RESPONSE_JSON):
                # Twice: the second time the document is known, and takes the short way.
                for _ in range(2):
                    caplog.clear()
                    response = ask(client, SKILLS, accept=accept)
                    assert response.status_code == 500
                    request_id = response.headers["x-request-id"]
                    (error,) = response.json()["errors"]
                    assert request_id in error["message"]
                    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
                    # What broke is for the log: no statement, no trace in the answer.
                    assert not re.search(r"select|slug|snail|Traceback|asyncpg", response.text)
                    assert [record.getMessage() for record in caplog.records] == [
                        f"request {request_id} failed"
                    ]
                    assert "UndefinedColumnError" in caplog.text
            await connection.execute("alter table skill rename column snail to slug")
            assert data_of(ask(client, SKILLS))
    finally:
        await connection.close()


@pytest.fixture
def stalled(world: str) -> Iterator[tuple[Wire, httpx2.Client]]:
    """A client of an application whose database has stopped answering, and does not say so."""
    with (
        wire_to(world) as wire,
        serving(wire.dsn, statement_timeout_ms=500) as url,
        client_of(url) as client,
    ):
        assert data_of(ask(client, "{ viewer { id } }"))
        wire.stall()
        yield wire, client


def test_process_stops_though_its_database_answers_no_more(
    stalled: tuple[Wire, httpx2.Client],
) -> None:
    """The fixture waits for it."""
    _, client = stalled
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["why"] == "The database did not answer within 2 seconds."


def test_database_that_answers_no_more_keeps_nobody_waiting(
    stalled: tuple[Wire, httpx2.Client],
) -> None:
    wire, client = stalled
    client.timeout = httpx2.Timeout(5)
    response = ask(client, "{ viewer { id } }")
    assert response.status_code in {500, 503}
    wire.mend()
    assert data_of(ask(client, "{ viewer { id } }"))
