from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedPostgres, EmbeddedPostgresError
from db.embedded_process import LOG_TAIL_LINES, Postmaster, read_postmaster
from db.pools import sqlalchemy_url

ROOT = Path(__file__).resolve().parents[2]
# Holds the server until its standard input ends, then lets go.
HOLDER = """
import sys
from pathlib import Path
from db.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.start(), flush=True)
    sys.stdin.read()
"""
# The same as an ordinary user: root imports first, because it may be alone in reaching Python.
ORDINARY = """
import os, sys
from pathlib import Path
from db.embedded import EmbeddedPostgres
os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
with EmbeddedPostgres(Path(sys.argv[1]), fsync=False) as server:
    print(server.start(), flush=True)
    sys.stdin.read()
"""
CONNECTION_LOST = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another account")


@pytest.fixture
def home() -> Iterator[Path]:
    with open_directory() as base:
        yield base / "home"


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    with open_directory() as base:
        with EmbeddedPostgres(base / "home", fsync=False):
            pass
        yield base / "home"


@pytest.fixture
def made_home(shared: Path) -> Iterator[Path]:
    """A home whose database is made already. Shared, since 1,000 files take a second to copy."""
    yield shared
    kill_servers_under(shared)


@contextmanager
def open_directory() -> Iterator[Path]:
    # Not tmp_path: pytest closes its base directory to others, and as root Postgres runs as
    # `nobody`, who has to pass through.
    base = Path(tempfile.mkdtemp(dir="/tmp", prefix="embedded-"))
    base.chmod(0o755)
    try:
        yield base
    finally:
        kill_servers_under(base)
        shutil.rmtree(base)


def kill_servers_under(base: Path) -> None:
    """End what a failed test left running."""
    for file in base.rglob("postmaster.pid"):
        left = read_postmaster(file.parent)
        if left and left.is_alive():
            kill_server(left)


def sleeper(uid: int) -> subprocess.Popen[bytes]:
    switch = uid if os.geteuid() == 0 else None
    return subprocess.Popen(["/bin/sleep", "60"], user=switch, cwd="/")


def kill_server(server: Postmaster) -> None:
    assert server.is_alive()
    os.kill(server.pid, signal.SIGKILL)
    wait_for_end(server)


def wait_for_end(server: Postmaster) -> None:
    deadline = time.monotonic() + 10
    while server.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running(home: Path) -> Postmaster:
    server = read_postmaster(home / "postgres")
    assert server is not None
    assert server.is_alive()
    return server


def assert_stopped_cleanly(server: Postmaster) -> None:
    assert not server.is_alive()
    assert not (server.data / "postmaster.pid").exists()


def hold(home: Path, script: str = HOLDER, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-W", "error", "-c", script, str(home), *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def dsn_of(holder: subprocess.Popen[str]) -> str:
    assert holder.stdout is not None
    return holder.stdout.readline().strip()


def let_go(holder: subprocess.Popen[str]) -> int:
    holder.communicate()
    return holder.returncode


def kill(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


async def fetch(dsn: str, query: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_first_start_makes_a_tuned_utf8_database_and_the_second_is_quick(home: Path) -> None:
    said: list[str] = []
    server = EmbeddedPostgres(home, on_progress=said.append)
    dsn = server.start()
    assert dsn == f"postgresql://commons@/commons?host={home}/socket"
    assert said == [f"Creating the database in {home}/postgres, once"]
    assert (home / "socket").stat().st_mode & 0o777 == 0o700
    shown = {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "TimeZone": "UTC",
        "shared_preload_libraries": "pg_stat_statements",
        "max_wal_size": "4GB",
    }
    for name, value in shown.items():
        assert await fetch(dsn, f"show {name}") == value
    provider = "select datlocprovider::text || datlocale from pg_database where datname = 'commons'"
    assert await fetch(dsn, provider) == "bC.UTF-8"
    # What a letter is follows from the C library's part of the locale.
    assert await fetch(dsn, "select to_tsvector('simple', 'één ÉÉN')::text") == "'één':1,2"
    postmaster = running(home)
    # Ctrl-C goes to the session of the terminal.
    assert os.getsid(postmaster.pid) != os.getsid(0)
    server.stop()
    server.stop()
    assert_stopped_cleanly(postmaster)

    begin = time.monotonic()
    with EmbeddedPostgres(home, database='odd "name') as again:
        assert time.monotonic() - begin < 2
        odd = again.start()
        assert await fetch(odd, "select current_database()") == 'odd "name'
        engine = create_async_engine(sqlalchemy_url(odd))
        async with engine.connect() as connection:
            assert await connection.scalar(text("select current_user")) == "commons"
        await engine.dispose()


async def test_processes_share_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    # Both at once: one makes the database, the other waits and joins.
    first, second = hold(home), hold(home)
    assert dsn_of(first) == dsn_of(second) != ""
    postmaster = running(home)
    with EmbeddedPostgres(home) as third:
        dsn = third.start()
        assert let_go(first) == 0
    assert await fetch(dsn, "select 1") == 1
    assert running(home) == postmaster
    assert let_go(second) == 0
    assert_stopped_cleanly(postmaster)


async def test_server_of_a_killed_owner_is_adopted_with_its_data(made_home: Path) -> None:
    owner = hold(made_home)
    dsn = dsn_of(owner)
    await fetch(dsn, "create table orphaned as select 7 as number")
    orphan = running(made_home)
    kill(owner)
    with EmbeddedPostgres(made_home, fsync=False) as server:
        assert await fetch(server.start(), "select number from orphaned") == 7
        assert running(made_home) == orphan
        assert await fetch(dsn, "show fsync") == "off"
    assert_stopped_cleanly(orphan)


async def test_committed_rows_survive_a_kill_in_the_middle_of_writes(made_home: Path) -> None:
    said: list[str] = []
    committed: list[int] = []
    many = asyncio.Event()

    async def write(dsn: str, first: int) -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for number in range(first, first + 1_000_000):
                await connection.execute("insert into written values ($1)", number)
                committed.append(number)
                if len(committed) >= 500:
                    many.set()
        except CONNECTION_LOST:
            pass
        finally:
            connection.terminate()

    with EmbeddedPostgres(made_home, on_progress=said.append) as server:
        dsn = server.start()
        await fetch(dsn, "create table written (number bigint)")
        writers = [asyncio.create_task(write(dsn, part * 1_000_000)) for part in range(4)]
        await many.wait()
        kill_server(running(made_home))
        server.start()
        await asyncio.gather(*writers)
        assert "Postgres was not stopped properly; it recovers its data first" in said
        found = set(await fetch(dsn, "select array_agg(number) from written"))
        assert set(committed) <= found


async def test_killed_owner_and_server_leave_nothing_in_the_way(made_home: Path) -> None:
    owner = hold(made_home)
    await fetch(dsn_of(owner), "create table left_behind as select 7 as number")
    killed = running(made_home)
    kill(owner)
    kill_server(killed)
    # Somebody else has got the number meanwhile, of the account that Postgres runs as: it would
    # take that for a server on the same data.
    stranger = sleeper(killed.data.stat().st_uid)
    try:
        file = killed.data / "postmaster.pid"
        file.write_text(file.read_text().replace(str(killed.pid), str(stranger.pid), 1))
        (made_home / "socket" / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        with EmbeddedPostgres(made_home) as server:
            assert await fetch(server.start(), "select number from left_behind") == 7
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_deep_home_gets_a_short_private_socket_directory_until_it_stops(home: Path) -> None:
    deep = home / ("é" * 40) / "it's 100% deep, $HOME" / ("x" * 60)
    with EmbeddedPostgres(deep, fsync=False) as server:
        assert await fetch(server.start(), "select 1") == 1
        sockets = running(deep).socket_directory
        assert sockets is not None
        assert sockets.parent == Path(tempfile.gettempdir())
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


def test_socket_directory_made_by_somebody_else_is_refused(home: Path) -> None:
    deep = home / ("x" * 100)
    server = EmbeddedPostgres(deep, fsync=False)
    place = server._socket_directory()
    place.symlink_to(home.parent)
    try:
        with pytest.raises(EmbeddedPostgresError, match="is needed for the database's socket"):
            server._prepare_socket_directory(server._programs(), place)
    finally:
        place.unlink()


def test_data_of_another_major_version_is_refused_in_words(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match=r"written by Postgres 17, .*postgres is 18\."):
        EmbeddedPostgres(home).start()


def test_directory_with_something_else_is_left_alone(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "letter.txt").write_text("Dear Ada")
    with pytest.raises(EmbeddedPostgresError, match="is not empty and holds no Postgres data"):
        EmbeddedPostgres(home).start()
    assert [file.name for file in (home / "postgres").iterdir()] == ["letter.txt"]


def test_failed_start_ends_with_the_log_and_leaves_nothing_running(made_home: Path) -> None:
    changed = made_home / "postgres" / "postgresql.auto.conf"
    changed.write_text("max_connections = many\n")
    with pytest.raises(EmbeddedPostgresError) as refused:
        EmbeddedPostgres(made_home).start()
    changed.write_text("")
    assert 'invalid value for parameter "max_connections": "many"' in str(refused.value)
    assert len(str(refused.value).splitlines()) <= LOG_TAIL_LINES + 2
    assert not (made_home / "postgres" / "postmaster.pid").exists()


def test_start_sets_a_long_log_aside_and_clears_what_a_killed_initdb_left(made_home: Path) -> None:
    with (made_home / "postgres.log").open("w") as log:
        log.truncate((10 << 20) + 1)
    (made_home / "postgres.new-abc" / "base").mkdir(parents=True)
    with EmbeddedPostgres(made_home, fsync=False):
        assert (made_home / "postgres.log").stat().st_size < 10_000
    assert (made_home / "postgres.log.1").stat().st_size > 10 << 20
    assert not (made_home / "postgres.new-abc").exists()


@as_root
def test_closed_directory_on_the_way_is_named(home: Path) -> None:
    home.mkdir()
    home.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match=f"nobody, who may not enter {home} on the way"):
        EmbeddedPostgres(home / "deeper").start()


@as_root
async def test_ordinary_user_runs_it_as_oneself_and_root_joins(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.mkdir(home)
    shutil.chown(home, nobody.pw_uid, nobody.pw_gid)
    user = hold(home, ORDINARY, nobody.pw_uid, nobody.pw_gid)
    dsn = dsn_of(user)
    postmaster = running(home)
    with EmbeddedPostgres(home) as root:
        assert root.start() == dsn
        assert let_go(user) == 0
        assert await fetch(dsn, "select 1") == 1
    assert_stopped_cleanly(postmaster)
    assert {file.stat().st_uid for file in os.scandir(home)} == {nobody.pw_uid}


@as_root
def test_data_that_root_copied_is_handed_to_the_account(made_home: Path) -> None:
    version = made_home / "postgres" / "PG_VERSION"
    for parent, _, files in os.walk(made_home / "postgres"):
        for path in (parent, *(f"{parent}/{name}" for name in files)):
            os.chown(path, 0, 0)
    with EmbeddedPostgres(made_home, fsync=False):
        assert version.stat().st_uid == pwd.getpwnam("nobody").pw_uid
