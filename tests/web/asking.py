"""Sending what nobody should send, and judging what comes back."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from tests.web.serving import RESPONSE_JSON, errors_of

HEADERS = {"Content-Type": "application/json", "Accept": RESPONSE_JSON}
# What no answer may cost, in seconds of this process: the client, the server and nobody else.
CPU_SECONDS_MAX = 2.0


@contextmanager
def cheap(what: object) -> Iterator[None]:
    """Fail when the block costs too much. Not the clock on the wall: the machine may be busy.

    Nor a collection of garbage that happens to fall due: it costs what all tests have left in
    memory, up to 1.6 s, where the dearest request that is sent here takes 0.3 s.
    """
    gc.disable()
    try:
        begin = time.process_time()
        yield
        spent = time.process_time() - begin
    finally:
        gc.enable()
    assert spent < CPU_SECONDS_MAX, f"{what!r} took {spent:.1f} s of a processor."


def post(client: httpx2.Client, body: bytes) -> httpx2.Response:
    """Send a body as it is."""
    with cheap(body[:100]):
        return client.post("/graphql", content=body, headers=HEADERS)


def query(
    client: httpx2.Client, text: str, variables: object = None, *, token: str | None = None
) -> httpx2.Response:
    """Send an operation, for an answer whose status says whether it ran."""
    headers = HEADERS if token is None else {**HEADERS, "Authorization": f"Bearer {token}"}
    body = json.dumps({"query": text, "variables": variables}).encode()
    with cheap(text[:100]):
        return client.post("/graphql", content=body, headers=headers)


def one_error(response: httpx2.Response, status: int = 400) -> tuple[str, str]:
    """Give the code and the message of the only error of a refusal."""
    assert response.status_code == status, response.text[:1_000]
    (error,) = errors_of(response)
    return error["extensions"]["code"], error["message"]


def literal(text: str) -> str:
    """Give a text as GraphQL writes it."""
    return json.dumps(text)
