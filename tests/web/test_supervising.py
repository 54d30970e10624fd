"""What the supervisor does with processes that fail, hang or do not end; they are played."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from web import supervising
from web.settings import Settings
from web.supervising import CannotServe, Supervisor

PATIENCE_SECONDS = 30


class Stage:
    """Where processes play; `part` is what those play that begin from now on."""

    def __init__(self, folder: Path) -> None:
        self._part = folder / "part"
        self._log = folder / "log"
        self._log.touch()
        self.said: list[str] = []
        self.part = "well"

    @property
    def part(self) -> str:
        """What is played."""
        return self._part.read_text()

    @part.setter
    def part(self, part: str) -> None:
        self._part.write_text(part)

    def begun(self, role: str = "serve") -> list[int]:
        """Numbers of all processes of a role that began, in their order."""
        lines = [line.split() for line in self._log.read_text().splitlines()]
        return [int(number) for played, number in lines if played == role]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_so():  # noqa: ASYNC110 - other processes set no events
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def playing(
        self, *, workers: int = 2, worker: bool = False
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Have a supervisor keep processes; they have all ended after the block."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            settings = Settings(workers=workers, worker=worker)
            supervisor = Supervisor(settings, listener, self.said.append)
            task = asyncio.create_task(supervisor.run())
            try:
                yield task
            finally:
                if not task.done():
                    os.kill(os.getpid(), signal.SIGTERM)
                    await self.until(lambda: supervisor.ended_by is not None or task.done())
                    os.kill(os.getpid(), signal.SIGTERM)
                with suppress(CannotServe):
                    await task
        assert not any(map(is_alive, self.begun() + self.begun("work")))


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(supervising, "MODULE", "tests.web.fake_process")
    monkeypatch.setenv("FAKE_PART", str(tmp_path / "part"))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield Stage(tmp_path)
    for number, handler in before.items():
        signal.signal(number, handler)


async def test_what_cannot_start_at_all_ends_the_whole(stage: Stage) -> None:
    stage.part = "fails"
    async with stage.playing(workers=1) as task:
        with pytest.raises(CannotServe, match=r"Server process ended with status 7 .* 2 times"):
            await task
    assert len(stage.begun()) == 2


async def test_what_never_started_ends_the_whole_though_others_serve(stage: Stage) -> None:
    stage.part = "work fails"
    async with stage.playing(worker=True) as task:
        with pytest.raises(CannotServe, match="Worker process ended with status 7"):
            await task


async def test_what_started_once_is_tried_on_while_others_serve(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.01)
    async with stage.playing() as task:
        await stage.until(lambda: len(stage.said) == 1)
        stage.part = "fails"
        os.kill(stage.begun()[0], signal.SIGKILL)
        await stage.until(lambda: len(stage.begun()) >= 6)
        assert not task.done()
        stage.part = "well"
        await stage.until(lambda: len(stage.said) == 2)
        assert stage.said[1] == f"Process {stage.begun()[-1]} is there for it."


async def test_when_none_serves_and_none_starts_the_whole_ends(stage: Stage) -> None:
    async with stage.playing() as task:
        await stage.until(lambda: len(stage.said) == 1)
        stage.part = "fails"
        for number in stage.begun():
            os.kill(number, signal.SIGKILL)
        with pytest.raises(CannotServe):
            await task


async def test_who_dies_again_and_again_is_started_less_and_less_often(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.2)
    stage.part = "dies"
    async with stage.playing(workers=1):
        began = time.monotonic()
        await stage.until(lambda: len(stage.begun()) == 4)
        # 0.2, 0.4 and 0.8 s.
        assert time.monotonic() - began > 1.4


async def test_who_hangs_is_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "SILENCE_SECONDS", 0.5)
    stage.part = "hangs"
    async with stage.playing(workers=1):
        await stage.until(lambda: bool(stage.said))
        stage.part = "well"
        await stage.until(lambda: len(stage.said) == 2)
        hung, well = stage.begun()
        assert not is_alive(hung)
        assert is_alive(well)


async def test_who_does_not_end_in_time_is_killed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "GRACE_SECONDS", 0.5)
    stage.part = "lingers"
    async with stage.playing() as task:
        await stage.until(lambda: bool(stage.said))
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task


async def test_a_second_signal_ends_at_once(stage: Stage) -> None:
    stage.part = "lingers"
    async with stage.playing() as task:
        await stage.until(lambda: bool(stage.said))
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert all(map(is_alive, stage.begun()))
        began = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        await task
        assert time.monotonic() - began < 5


async def test_what_cannot_be_replaced_stays(stage: Stage) -> None:
    async with stage.playing(worker=True):
        await stage.until(lambda: bool(stage.said))
        before = stage.begun()
        stage.part = "fails"
        os.kill(os.getpid(), signal.SIGHUP)
        await stage.until(lambda: len(stage.said) == 3)
        assert stage.said[2] == "A new process does not start: the others stay as they are."
        assert all(map(is_alive, before))
        stage.part = "well"
        os.kill(os.getpid(), signal.SIGHUP)
        await stage.until(lambda: stage.said[-1] == "All processes are new.")
        assert not any(map(is_alive, before))
        assert sum(map(is_alive, stage.begun())) == 2
        assert sum(map(is_alive, stage.begun("work"))) == 1
