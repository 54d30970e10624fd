"""The bus between processes: the same promises over Postgres and over NATS."""

from __future__ import annotations

import asyncio
import gc
import logging
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from subscriptions import bus_lines
from subscriptions.bus import open_bus
from tests.subscriptions.listening import Ears, Place, cancel, running

LOGGER = "subscriptions.bus_lines"
SESSIONS = "select count(*) from pg_stat_activity where application_name = 'commons-bus' and datname = current_database()"


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == LOGGER and record.levelno >= logging.WARNING
    ]


@asynccontextmanager
async def other_process(place: Place) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a process that announces for each line it is sent."""
    arguments = [place.dsn] if place.nats_url is None else [place.dsn, place.nats_url]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.subscriptions.announcer",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"connected\n"
        yield process
    finally:
        process.stdin.close()
        async with asyncio.timeout(10):
            assert await process.wait() == 0


async def test_an_announcement_of_another_process_wakes_within_milliseconds(place: Place) -> None:
    delays = []
    async with other_process(place) as process, running(place.open()) as ears:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(40):
            process.stdin.write(b"now\n")
            announced = float(await process.stdout.readline())
            await ears.hear()
            delays.append(ears.times[-1] - announced)
            await asyncio.sleep(0.01)
    delays.sort()
    sys.stdout.write(
        f"{type(place).__name__}: median {statistics.median(delays) * 1000:.2f} ms, "
        f"slowest {delays[-1] * 1000:.2f} ms\n"
    )
    assert len(ears.times) == 40
    assert statistics.median(delays) < 0.020


async def test_everybody_hears_and_so_does_who_announced(place: Place) -> None:
    one, other = place.open(), place.open()
    async with running(one) as near, running(other) as far, running(place.open()) as third:
        for speaker in (one, other):
            speaker.announce()
            await asyncio.gather(near.hear(), far.hear(), third.hear())


async def test_a_thousand_announcements_become_few_and_the_last_is_heard(place: Place) -> None:
    speaker = place.open()
    async with running(speaker), running(place.open()) as ears:
        for _ in range(1000):
            speaker.announce()
        await ears.hear()
        await asyncio.sleep(0.2)
        assert len(ears.times) == 1
        await ears.rest()
        began = time.monotonic()
        for number in range(1000):
            speaker.announce()
            await asyncio.sleep(0.0005 if number % 10 == 0 else 0)
        ended = time.monotonic()
        await ears.hear()
        await asyncio.sleep(0.2)
        assert 1 < len(ears.times) <= 2 + (ended - began) / bus_lines.SPACING_SECONDS
        assert ears.times[-1] > ended


async def test_a_bus_that_broke_off_comes_back_and_wakes(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=LOGGER)
    speaker = place.open()
    async with running(speaker) as own, running(place.open()) as ears:
        await place.stop()
        await asyncio.sleep(0.7)
        assert len(warnings_in(caplog)) == 2
        assert ears.times == []
        await place.start()
        # What was announced meanwhile may have been missed.
        await asyncio.gather(own.hear(within=15), ears.hear(within=15))
        await ears.rest()
        speaker.announce()
        await ears.hear()
        assert len(warnings_in(caplog)) == 2
    assert [
        record.getMessage()[-8:] for record in caplog.records if record.levelname == "INFO"
    ] == ["is back."] * 2


async def test_a_bus_that_is_not_there_at_the_start_is_found_later(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=LOGGER)
    await place.stop()
    speaker, own, ears = place.open(), Ears(), Ears()
    speaker.announce()
    tasks = [asyncio.create_task(speaker.run(own)), asyncio.create_task(place.open().run(ears))]
    await asyncio.sleep(0.8)
    assert ears.times == []
    assert not any(task.done() for task in tasks)
    assert len(warnings_in(caplog)) == 2
    await place.start()
    await asyncio.gather(own.hear(within=15), ears.hear(within=15))
    await ears.rest()
    speaker.announce()
    await ears.hear()
    for task in tasks:
        await cancel(task)


async def test_a_connection_that_went_silent_is_noticed_within_seconds(place: Place) -> None:
    async with place.tunnelled() as (bus, dug), running(bus) as ears:
        dug.swallow()
        began = time.monotonic()
        # Nothing is announced: the line itself is found dead.
        await ears.hear(within=8)
        assert time.monotonic() - began > 0.5
        await ears.rest()
        speaker = place.open()
        async with running(speaker):
            await ears.rest()
            speaker.announce()
            await ears.hear()


async def test_an_announcement_that_was_lost_with_its_connection_is_said_again(
    place: Place,
) -> None:
    async with place.tunnelled() as (bus, dug), running(place.open()) as ears, running(bus):
        await ears.rest()
        dug.swallow()
        bus.announce()
        await asyncio.sleep(0.5)
        assert ears.times == []
        await ears.hear(within=8)


@pytest.mark.parametrize("delay", [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.5])
async def test_who_is_cancelled_leaves_nothing_behind(place: Place, delay: float) -> None:
    connection = await asyncpg.connect(place.dsn)
    try:
        before = asyncio.all_tasks()
        bus = place.open()
        task = asyncio.create_task(bus.run(bus.announce))
        await asyncio.sleep(delay)
        # Woken by each announcement it announces again: it is busy all the time.
        await cancel(task)
        assert task.cancelled()
        assert asyncio.all_tasks() == before
        # A session that was asked for may begin after who asked has gone, and ends then: only
        # several looks in a row that find none say that none is left.
        free = 0
        async with asyncio.timeout(10):
            while free < 10:
                free = 0 if await connection.fetchval(SESSIONS) else free + 1
                await asyncio.sleep(0.02)
    finally:
        await connection.close()
    # What was left half-open warns now.
    gc.collect()


async def test_who_is_cancelled_while_the_bus_is_gone_leaves_nothing_behind(place: Place) -> None:
    before = asyncio.all_tasks()
    async with place.tunnelled() as (bus, dug):
        task = asyncio.create_task(bus.run(bus.announce))
        await asyncio.sleep(0.5)
        dug.swallow()
        await asyncio.sleep(0.1)
        await cancel(task)
    await place.stop()
    task = asyncio.create_task(place.open().run(Ears()))
    await asyncio.sleep(0.3)
    await cancel(task)
    await place.start()
    assert asyncio.all_tasks() == before
    gc.collect()


async def test_two_databases_do_not_hear_each_other(place: Place, server: str) -> None:
    # The other one is the server's own: it has the same number of the cluster.
    speaker = place.open()
    async with running(open_bus(server, place.nats_url)) as strangers, running(speaker) as ears:
        speaker.announce()
        await ears.hear()
        await asyncio.sleep(0.2)
        assert strangers.times == []


async def test_announcing_without_running_neither_blocks_nor_raises(place: Place) -> None:
    bus = place.open()
    for _ in range(1000):
        bus.announce()
