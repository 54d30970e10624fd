"""What the bus over NATS promises beside what every bus does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import StorageType
from nats.js.errors import NotFoundError

from subscriptions import bus_nats
from subscriptions.bus import open_bus
from tests.nats_server import NatsServer, nats_server
from tests.subscriptions.listening import Ears, cancel, running


@pytest.fixture
async def server_of_nats() -> AsyncIterator[NatsServer]:
    with nats_server() as server:
        await server.start()
        yield server


@asynccontextmanager
async def operator(server: NatsServer) -> AsyncIterator[JetStreamContext]:
    """Give the streams as an operator has them."""
    client = await nats.connect(server.url)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def test_the_stream_keeps_one_announcement_in_memory(
    server_of_nats: NatsServer, empty_database: str
) -> None:
    bus = open_bus(empty_database, server_of_nats.url)
    async with running(bus) as ears, operator(server_of_nats) as streams:
        for _ in range(3):
            bus.announce()
            await ears.hear()
        info = await streams.stream_info(bus_nats.STREAM)
        assert info.config.storage == StorageType.MEMORY
        assert (info.state.messages, info.state.last_seq, info.state.consumer_count) == (1, 3, 1)


async def test_processes_that_start_at_once_share_one_stream(
    server_of_nats: NatsServer, empty_database: str
) -> None:
    async with AsyncExitStack() as stack:
        buses = [open_bus(empty_database, server_of_nats.url) for _ in range(8)]
        all_ears = await asyncio.gather(*(stack.enter_async_context(running(bus)) for bus in buses))
        buses[0].announce()
        await asyncio.gather(*(ears.hear() for ears in all_ears))
        async with operator(server_of_nats) as streams:
            assert [info.config.name for info in await streams.streams_info()] == [bus_nats.STREAM]


@pytest.mark.parametrize("name", [bus_nats.STREAM, "events-of-the-operator"])
async def test_a_stream_that_is_there_is_taken_as_it_is(
    server_of_nats: NatsServer, empty_database: str, name: str
) -> None:
    async with operator(server_of_nats) as streams:
        await streams.add_stream(name=name, subjects=["commons.>"], storage=StorageType.FILE)
        bus = open_bus(empty_database, server_of_nats.url)
        async with running(bus) as ears:
            bus.announce()
            await ears.hear()
        [info] = await streams.streams_info()
        assert (info.config.name, info.state.messages) == (name, 1)


async def test_a_stream_that_another_process_made_meanwhile_is_taken(
    server_of_nats: NatsServer, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with operator(server_of_nats) as streams:
        find = JetStreamContext.find_stream_name_by_subject
        asked = []

        async def find_late(self: JetStreamContext, subject: str) -> str:
            asked.append(subject)
            if len(asked) == 1:
                await streams.add_stream(name=bus_nats.STREAM, subjects=["commons.>"])
                raise NotFoundError
            return await find(self, subject)

        monkeypatch.setattr(JetStreamContext, "find_stream_name_by_subject", find_late)
        bus = open_bus(empty_database, server_of_nats.url)
        async with running(bus) as ears:
            bus.announce()
            await ears.hear()
        assert len(asked) == 2


@pytest.mark.parametrize("announced", [True, False])
async def test_a_stream_that_is_gone_is_made_again(
    server_of_nats: NatsServer, empty_database: str, *, announced: bool
) -> None:
    bus = open_bus(empty_database, server_of_nats.url)
    async with running(bus) as ears, operator(server_of_nats) as streams:
        # As when the server of a cluster that kept it begins anew: connections stay.
        await streams.delete_stream(bus_nats.STREAM)
        if announced:
            bus.announce()
        await ears.hear(within=2 if announced else 8)
        await ears.rest()
        bus.announce()
        await ears.hear()


async def test_the_next_of_several_servers_is_tried(
    server_of_nats: NatsServer, empty_database: str
) -> None:
    with nats_server() as down:
        bus = open_bus(empty_database, f"{down.url},{server_of_nats.url}")
        async with running(bus) as ears:
            bus.announce()
            await ears.hear()


async def test_a_server_without_jetstream_is_told(
    empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="subscriptions.bus_lines")
    with nats_server(jetstream=False) as server:
        await server.start()
        ears = Ears()
        task = asyncio.create_task(open_bus(empty_database, server.url).run(ears))
        await asyncio.sleep(1)
        await cancel(task)
    [record] = caplog.records
    assert "it has no JetStream: start it with --jetstream" in record.getMessage()
    assert ears.times == []
