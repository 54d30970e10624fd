"""The rules of the part about subscriptions: what is counted, what is lost, what is written down."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.benchmarks.live.frames import bounds, client_frame, server_frame
from tests.benchmarks.live.limit import client_limit
from tests.benchmarks.live.report import TITLE, replaced
from tests.benchmarks.live.resuming import Record
from tests.benchmarks.live.soak import Soaked
from tests.benchmarks.live.subscriber import Opening, Subscriber
from tests.benchmarks.live.tally import Tally

MIB = 2**20
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
ACK = server_frame(b'{"type":"connection_ack"}')
LONG = "x" * 200


class Wire:
    """A transport that keeps what is written."""

    def is_closing(self) -> bool:
        return False

    def __init__(self) -> None:
        self.written = b""
        self.is_aborted = False

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.is_aborted = True


def told(text: str) -> bytes:
    payload = {"data": {"feedChanged": {"cursor": text, "post": {"id": text, "body": LONG}}}}
    return server_frame(orjson.dumps({"id": "1", "type": "next", "payload": payload}))


def subscriber() -> tuple[Subscriber, Tally, Wire]:
    tally, wire = Tally(), Wire()
    found = Subscriber(1, Opening({}, None, "subscription { x }", {}), tally)
    found.connection_made(wire)  # type: ignore[arg-type]
    return found, tally, wire


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_ends_where_its_length_says(size: int) -> None:
    frame = server_frame(b"x" * size)
    found = bounds(frame + b"rest", 0)
    assert found == (len(frame) - size, len(frame))


@pytest.mark.parametrize("size", [10, 300, 70_000])
def test_a_cut_off_length_is_no_frame(size: int) -> None:
    frame = server_frame(b"x" * size)
    head = len(frame) - size
    assert [bounds(frame[:end], 0) for end in range(head)] == [None] * head


@pytest.mark.parametrize("step", [1, 7, 100, 10_000])
async def test_every_message_counts_once_however_the_bytes_come(step: int) -> None:
    found, tally, _ = subscriber()
    stream = UPGRADED + ACK
    found.data_received(stream)
    tally.begin()
    stream = told("a") + server_frame(b"", 0x89) + told("b") + server_frame(b'{"type":"ping"}')
    stream += told("c")
    for start in range(0, len(stream), step):
        found.data_received(stream[start : start + step])
    assert (tally.received, [len(times) for times in tally.arrivals]) == (3, [1, 1, 1])
    assert tally.faults == []


async def test_pings_are_answered() -> None:
    found, _, wire = subscriber()
    found.data_received(UPGRADED + ACK)
    wire.written = b""
    found.data_received(server_frame(b"abc", 0x89) + server_frame(b'{"type":"ping"}'))
    assert wire.written == client_frame(b"abc", 0x8A) + client_frame(b'{"type":"pong"}')


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(server_frame(b'{"id":"1","type":"complete"}'), id="complete"),
        pytest.param(
            server_frame(orjson.dumps({"id": "1", "type": "error", "payload": [LONG]})), id="error"
        ),
        pytest.param(server_frame(b"\x03\xe8", 0x88), id="close"),
        pytest.param(server_frame(told("a"), 0x82), id="binary"),
    ],
)
async def test_whatever_else_a_server_says_is_a_fault_and_no_message(frame: bytes) -> None:
    found, tally, _ = subscriber()
    found.data_received(UPGRADED + ACK)
    tally.begin()
    found.data_received(frame)
    assert (tally.received, tally.fault_count) == (0, 1)


async def test_a_refused_upgrade_is_a_fault() -> None:
    found, tally, wire = subscriber()
    found.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(ConnectionError):
        await found.ready
    assert (tally.fault_count, wire.is_aborted) == (1, True)


def test_latency_is_that_of_the_message_of_the_same_writing() -> None:
    tally = Tally()
    tally.arrivals = [array("q", [5_000_000, 6_000_000]), array("q", [10_000_000])]
    assert tally.latencies([4_000_000, 9_000_000]) == {
        "count": 3,
        "p50": 1.0,
        "p99": 2.0,
        "most": 2.0,
    }


@pytest.mark.parametrize(
    ("numbers", "lost", "awaited", "doubled", "disordered"),
    [
        pytest.param([0, 1, 2, 3], 0, 0, 0, 0, id="all"),
        pytest.param([0, 2, 3], 1, 0, 0, 0, id="one lost"),
        pytest.param([0, 1], 0, 2, 0, 0, id="the last are awaited"),
        pytest.param([0, 1, 1, 2, 3], 0, 0, 1, 0, id="one doubled"),
        pytest.param([0, 2, 1, 3], 0, 0, 0, 1, id="late is not lost"),
        pytest.param([0, 2, 1, 1, 3], 0, 0, 1, 1, id="late and doubled"),
    ],
)
def test_what_is_lost_and_doubled(
    numbers: Sequence[int], lost: int, awaited: int, doubled: int, disordered: int
) -> None:
    record = Record("")
    for number in numbers:
        record.note(number)
    assert (len(record.missing), record.awaited(4)) == (lost, awaited)
    assert (record.doubled, record.disordered) == (doubled, disordered)


@pytest.mark.parametrize(
    ("mebibytes", "growth"),
    [([50, 100, 100, 110], 0.1), ([100, 100, 100, 100], 0.0), ([10], 0.0)],
)
def test_memory_grows_against_the_second_quarter(mebibytes: list[int], growth: float) -> None:
    resident = tuple(each * MIB for each in mebibytes)
    soaked = Soaked(
        seconds=1,
        subscribers=1,
        published=1,
        resumed=0,
        lost=0,
        awaited=0,
        doubled=0,
        disordered=0,
        resynced=0,
        faults=0,
        texts=(),
        resident_bytes=resident,
    )
    assert soaked.growth == pytest.approx(growth)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Results\n\n## Feed\n", f"# Results\n\n## Feed\n\n{TITLE}\nnew\n"),
        (f"# Results\n\n{TITLE}\nold\n### More\n", f"# Results\n\n{TITLE}\nnew\n"),
        ("", f"{TITLE}\nnew\n"),
    ],
)
def test_the_section_is_written_anew_and_the_rest_stays(before: str, after: str) -> None:
    assert replaced(before, f"{TITLE}\nnew\n") == after


async def test_the_client_counts_all_that_a_server_writes(tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        found: Any = await client_limit(20, tmp_path)
    assert found.per_second > 1_000
