"""The application as a client meets it: over HTTP, on a port of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import uvicorn

from web.app import create_app
from web.live.service import Live
from web.serving import protocols
from web.settings import Settings

START_SECONDS = 20
STOP_SECONDS = 20
RESPONSE_JSON = "application/graphql-response+json"
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Running:
    """An application that is served in this process, in a thread of its own."""

    url: str
    server: uvicorn.Server
    live: Live
    idle: dict[str, int] = field(default_factory=dict)

    def stop(self) -> None:
        """Begin to stop, as a signal does."""
        self.server.should_exit = True

    def open(self) -> dict[str, int]:
        """Count what is held for clients of live updates, and all tasks."""
        live, hub = self.live, self.live.hub
        groups = list(hub.groups.values())
        return {
            "tasks": len(asyncio.all_tasks(self.server.servers[0].get_loop())),
            "groups": len(groups),
            "listeners": sum(len(same) for group in groups for same in group.listeners.values()),
            "clocks": len(hub.clocks),
            "clients": sum(map(len, hub.clients.values())),
            "addresses": len(live.addresses),
            "people": len(live.people),
            "visitors": len(live.visitors),
        }

    async def inside(self, do: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something in the application's own loop."""
        loop = self.server.servers[0].get_loop()
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(do(), loop))

    async def until(self, what: str, number: int) -> None:
        """Wait until so many are held."""
        deadline = time.monotonic() + START_SECONDS
        while self.open()[what] != number:
            assert time.monotonic() < deadline, self.open()
            await asyncio.sleep(0.01)

    async def settled(self, before: Mapping[str, int] | None = None) -> None:
        """Wait until nothing more is held than before, if not said otherwise the first client."""
        most = before or self.idle
        deadline = time.monotonic() + START_SECONDS
        while any(count > most[what] for what, count in self.open().items()):
            assert time.monotonic() < deadline, (self.open(), most)
            await asyncio.sleep(0.02)


@contextmanager
def serving(dsn: str, **settings: Any) -> Iterator[str]:
    """Serve the application on the database at `dsn`; give its address."""
    with running(dsn, **settings) as served:
        yield served.url


@contextmanager
def running(
    dsn: str,
    *,
    options: Mapping[str, Any] | None = None,
    send_buffer: int | None = None,
    **given: Any,
) -> Iterator[Running]:
    """Serve the application on the database at `dsn`.

    `options` are uvicorn's; `send_buffer` is how many bytes the system takes in for a client that
    does not read.
    """
    settings = Settings(**given)
    app = create_app(settings, dsn)
    listener = socket.socket()
    if send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    listener.bind(("127.0.0.1", given.get("port", 0)))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        **{**protocols(settings), "timeout_graceful_shutdown": 1, **(options or {})},
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "The application did not start; see the log."
        assert time.monotonic() < deadline
        time.sleep(0.005)
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        found = Running(url, server, app.state.live)
        found.idle.update(found.open())
        yield found
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
        assert not thread.is_alive(), "The application did not stop."


@asynccontextmanager
async def running_aside(dsn: str, **given: Any) -> AsyncIterator[Running]:
    """Serve the application, and let the event loop go on while it starts and stops."""
    context = running(dsn, **given)
    found = await asyncio.to_thread(context.__enter__)
    try:
        yield found
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


@contextmanager
def client_of(url: str) -> Iterator[httpx2.Client]:
    """Give a client that follows nothing and waits for ten seconds at most."""
    with httpx2.Client(base_url=url, timeout=10, trust_env=False) as client:
        yield client


def ask(
    client: httpx2.Client,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    token: str | None = None,
    accept: str | None = None,
) -> httpx2.Response:
    """Send an operation as most clients do."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if accept is not None:
        headers["Accept"] = accept
    body = {"query": query} if variables is None else {"query": query, "variables": variables}
    return client.post("/graphql", json=body, headers=headers)


def data_of(response: httpx2.Response) -> Answer:
    """Give the data of an answer without errors."""
    answer: Answer = response.json()
    assert response.status_code == 200, answer
    assert "errors" not in answer, answer
    data: Answer = answer["data"]
    return data


def errors_of(response: httpx2.Response) -> list[Answer]:
    """Give the errors of a refusal: fit for a person and for a program, and never our fault."""
    assert response.status_code < 500, response.text
    answer: Answer = response.json()
    errors: list[Answer] = answer["errors"]
    assert errors, answer
    for error in errors:
        assert error["message"].strip(), error
        assert error["extensions"]["code"], error
        assert error["extensions"]["code"] != "INTERNAL", error
    return errors


def done(answer: Answer, name: str) -> Answer:
    """Give the payload of a mutation that did what was asked."""
    payload: Answer = answer[name]
    assert payload["userErrors"] == [], payload
    return payload


def refused(answer: Answer, name: str) -> list[tuple[str, list[str]]]:
    """Give code and field of each reason why a mutation did nothing."""
    payload: Answer = answer[name]
    assert payload["userErrors"], payload
    for error in payload["userErrors"]:
        assert error["message"].strip(), error
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


def assert_no_fault(response: httpx2.Response) -> None:
    """Accept an answer or a refusal, and no fault of ours."""
    assert response.status_code < 500, response.text
    if "errors" in response.json():
        errors_of(response)
