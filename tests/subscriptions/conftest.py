"""Buses of both kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.nats_server import nats_server
from tests.subscriptions.listening import NatsPlace, Place, PostgresPlace


@pytest.fixture(params=["postgres", "nats"])
async def place(
    request: pytest.FixtureRequest, server: str, empty_database: str
) -> AsyncIterator[Place]:
    """Where a bus runs: each test that asks for it holds for both kinds."""
    if request.param == "postgres":
        yield PostgresPlace(empty_database, server)
        return
    with nats_server() as nats:
        await nats.start()
        yield NatsPlace(empty_database, nats)
