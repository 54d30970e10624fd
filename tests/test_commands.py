"""The command line, as an operator and a first-time visitor use it: real processes, real signals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx2
import pytest
from typer.testing import CliRunner

from db.embedded_process import Postmaster, read_postmaster
from db.world.story import DEMO_PASSWORD, DEMO_PEOPLE
from tests.web.processes import children_of, is_alive
from web.commands.app import app

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "db" / "imports" / "samples"
FIRST_START_SECONDS = 60
SECOND_START_SECONDS = 5
STOP_SECONDS = 10
TOKEN = re.compile(r"^    (tc_\S+)$", re.MULTILINE)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Give an environment in which nothing is set but what is named."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "NATS_URL"} and not name.startswith(("COMMONS_", "PG"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "COMMONS_HOME": str(home), "COLUMNS": "200", **more}


def web(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", "-m", "web", *arguments],
        cwd=home.parent,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=FIRST_START_SECONDS,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Served:
    """A server of the command line, with what it printed."""

    def __init__(self, home: Path, command: str = "run", **more: str) -> None:
        self.home = home
        self.port = free_port()
        # Certificates are not looked at, and take long to load.
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, verify=False
        )
        self.log = home.parent / f"log-{self.port}"
        self.begun = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-W", "error", "-m", "web", command],
                cwd=home.parent,
                env=environment(home, COMMONS_PORT=str(self.port), **more),
                stdout=log,
                stderr=subprocess.STDOUT,
                # A terminal's Ctrl-C goes to the whole group.
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def wait(self) -> float:
        """Wait until it is ready; give the seconds since its start."""
        while True:
            assert self.process.poll() is None, self.printed
            assert time.monotonic() - self.begun < FIRST_START_SECONDS, self.printed
            try:
                if self.client.get("/readyz").status_code == 200:
                    return time.monotonic() - self.begun
            except httpx2.TransportError:
                time.sleep(0.1)

    def signs_in(self, email: str, password: str) -> object:
        """Give the name of whoever signs in so."""
        query = """mutation ($email: String!, $password: String!) {
            sessionOpen(input: {email: $email, password: $password}) { viewer { name } } }"""
        answer = httpx2.post(
            f"http://localhost:{self.port}/graphql",
            json={"query": query, "variables": {"email": email, "password": password}},
            timeout=20,
            trust_env=False,
        )
        name: object = answer.json()["data"]["sessionOpen"]["viewer"]["name"]
        return name

    def name_of(self, token: str) -> object:
        response = self.client.post(
            "/graphql",
            json={"query": "{ viewer { name } }"},
            headers={"Authorization": f"Bearer {token}"},
        )
        return response.json()["data"]["viewer"]["name"]

    def postmaster(self) -> Postmaster:
        found = read_postmaster(self.home / "postgres")
        assert found is not None
        assert found.is_alive()
        return found

    def stop(self, how: signal.Signals) -> int:
        """Send a signal, as a terminal does; give the exit status."""
        os.killpg(self.process.pid, how)
        return self.process.wait(STOP_SECONDS)


def assert_nothing_left(postmaster: Postmaster) -> None:
    assert not postmaster.is_alive()
    assert not (postmaster.data / "postmaster.pid").exists()


@contextmanager
def open_directory() -> Iterator[Path]:
    # Not tmp_path: as root Postgres runs as `nobody`, who has to pass through.
    base = Path(tempfile.mkdtemp(prefix="commands-", dir="/tmp"))
    base.chmod(0o755)
    try:
        yield base
    finally:
        left = read_postmaster(base / "home" / "postgres")
        if left is not None and left.is_alive():
            os.kill(left.pid, signal.SIGKILL)
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def ended(served: Served) -> Iterator[Served]:
    """End what a failed test left running."""
    try:
        with served.client:
            yield served
    finally:
        if served.process.poll() is None:
            os.killpg(served.process.pid, signal.SIGKILL)
            served.process.wait()


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Where one command after the other finds what the last one left."""
    with open_directory() as base:
        yield base / "home"


@pytest.fixture(scope="module")
def visited(home: Path) -> Path:
    """A home after the first visit: `make run`, a look around, Ctrl-C."""
    with ended(Served(home)) as served:
        served.wait()
        postmaster = served.postmaster()
        printed = served.printed
        for path in ("/graphiql", "/graphql", "/schema.graphql"):
            assert f"http://localhost:{served.port}{path}" in printed
        assert "Creating the database in " in printed
        tokens = TOKEN.findall(printed)
        assert [served.name_of(token) for token in tokens] == [demo.name for demo in DEMO_PEOPLE]
        for demo in DEMO_PEOPLE:
            assert f"{demo.name}, {demo.role} at {demo.organisation}" in printed
            assert f"    {demo.email}\n" in printed
            assert f"“{DEMO_PASSWORD}”" in printed
            assert served.signs_in(demo.email, DEMO_PASSWORD) == demo.name
        assert served.stop(signal.SIGINT) == 0
        # On a busy machine it also says that it waits for what was written to reach the disk.
        told = re.sub(r"Waiting for Postgres to stop \(\d+ s\)\n", "", served.printed)
        assert told.endswith("Stop with Ctrl-C.\n\nStopped.\n")
        assert_nothing_left(postmaster)
    return home


@pytest.fixture(scope="module")
def running(visited: Path) -> Iterator[Served]:
    """A server that runs beside other commands on the same home."""
    with ended(Served(visited, "serve")) as served:
        served.wait()
        yield served
        postmaster = served.postmaster()
        assert served.stop(signal.SIGTERM) == 128 + signal.SIGTERM
        assert "Traceback" not in served.printed
        assert_nothing_left(postmaster)


def test_first_run_makes_everything_serves_it_and_stops_cleanly(visited: Path) -> None:
    """The fixture looked."""
    assert (visited / "postgres" / "PG_VERSION").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_next_start_is_quick_and_keeps_what_there_was(visited: Path, how: signal.Signals) -> None:
    with ended(Served(visited)) as served:
        seconds = served.wait()
        postmaster = served.postmaster()
        assert len(TOKEN.findall(served.printed)) == len(DEMO_PEOPLE)
        assert "Creating" not in served.printed
        status = served.stop(how)
    assert status == (0 if how is signal.SIGINT else 128 + how)
    assert "Traceback" not in served.printed
    assert_nothing_left(postmaster)
    # Says nothing of a machine that has more to do than it can.
    assert seconds < SECOND_START_SECONDS or os.getloadavg()[0] > (os.cpu_count() or 1)


def test_start_after_a_kill_recovers_and_serves(visited: Path) -> None:
    with ended(Served(visited, "serve")) as killed:
        killed.wait()
        orphan = killed.postmaster()
        killed.stop(signal.SIGKILL)
    # And the power went too.
    os.kill(orphan.pid, signal.SIGKILL)
    with ended(Served(visited)) as served:
        served.wait()
        postmaster = served.postmaster()
        assert postmaster != orphan
        for token in TOKEN.findall(served.printed):
            assert served.name_of(token)
        assert served.stop(signal.SIGINT) == 0
        assert_nothing_left(postmaster)


def test_processes_end_and_so_does_the_database_when_their_supervisor_is_killed(
    visited: Path,
) -> None:
    with ended(Served(visited, "serve", COMMONS_WORKERS="2")) as served:
        served.wait()
        postmaster = served.postmaster()
        children = children_of(served.process.pid)
        # One does the background jobs.
        assert len(children) == 3
        served.stop(signal.SIGKILL)
        deadline = time.monotonic() + FIRST_START_SECONDS
        while any(map(is_alive, children)) or postmaster.is_alive():
            assert time.monotonic() < deadline, served.printed
            time.sleep(0.1)
        assert_nothing_left(postmaster)


def test_token_is_for_somebody_who_is_there(running: Served) -> None:
    issued = web(running.home, "token", DEMO_PEOPLE[1].email, "--days", "2")
    assert (issued.returncode, issued.stderr) == (0, "")
    assert running.name_of(issued.stdout.strip()) == DEMO_PEOPLE[1].name
    nobody = web(running.home, "token", "nobody@nowhere.example")
    assert nobody.returncode == 1
    assert nobody.stderr == "Nobody active has the address nobody@nowhere.example.\n"
    assert nobody.stdout == ""


def test_a_moderator_is_made_and_unmade(running: Served) -> None:
    person = DEMO_PEOPLE[1]
    made = web(running.home, "moderator", person.email)
    assert (made.returncode, made.stdout) == (
        0,
        f"{person.name} is now a moderator of the network.\n",
    )
    unmade = web(running.home, "moderator", person.email, "--remove")
    assert (unmade.returncode, unmade.stdout) == (
        0,
        f"{person.name} is no longer a moderator of the network.\n",
    )
    nobody = web(running.home, "moderator", "nobody@nowhere.example")
    assert (nobody.returncode, nobody.stdout) == (1, "")


async def test_counters_are_proved_and_repaired(running: Served) -> None:
    dsn = f"postgresql://commons@/commons?host={running.home}/socket"
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "update organisation set follower_count = follower_count + 7 where slug = $1",
            DEMO_PEOPLE[0].organisation,
        )
    finally:
        await connection.close()
    wrong = web(running.home, "counters", "check")
    assert wrong.returncode == 1
    assert re.fullmatch(r"\S+ of \S+: \d+ is \d+\n1 counters wrong\.\n", wrong.stdout)
    repaired = web(running.home, "counters", "repair")
    assert (repaired.returncode, repaired.stdout.splitlines()[-1]) == (0, "1 counters set right.")
    fine = web(running.home, "counters", "check")
    assert (fine.returncode, fine.stdout) == (0, "0 counters wrong.\n")


def test_seeding_again_changes_nothing(running: Served) -> None:
    again = web(running.home, "seed")
    assert again.returncode == 0, again.stderr
    assert "nothing was changed" in again.stdout + again.stderr
    assert "Traceback" not in again.stderr


def test_import_prints_what_came_of_it(running: Served) -> None:
    rejects = running.home.parent / "import.rejects.csv"
    taken = web(running.home, "import", str(SAMPLES))
    assert taken.returncode == 0, taken.stderr
    for file in sorted(SAMPLES.glob("*.csv")):
        rows = re.search(rf"{file.name} +│ +(\d+) │ +(\d+) │ +0 │ +0 │ +0 ", taken.stdout)
        assert rows is not None, taken.stdout
        assert rows.group(1) == rows.group(2) != "0"
    # Only the header: all were taken.
    assert len(rejects.read_text().splitlines()) == 1
    broken = web(running.home, "import", str(SAMPLES / "broken"))
    assert broken.returncode == 1
    assert "2 rows were rejected; import.rejects.csv says why." in broken.stdout
    assert len(rejects.read_text().splitlines()) >= 3
    missing = web(running.home, "import", str(SAMPLES / "nothing"))
    assert missing.returncode == 1
    assert f"{SAMPLES / 'nothing'} does not exist." in missing.stderr
    assert "Traceback" not in broken.stderr + missing.stderr


def test_port_in_use_is_said_before_anything_is_set_up(running: Served) -> None:
    with open_directory() as base:
        refused = web(base / "home", "run", COMMONS_PORT=str(running.port))
        assert refused.returncode == 1
        assert refused.stderr == (
            f"Cannot listen on 127.0.0.1, port {running.port}: Address already in use. "
            "COMMONS_HOST and COMMONS_PORT choose another.\n"
        )
        assert refused.stdout == ""
        assert not (base / "home").exists()


def test_wrong_settings_are_all_named_in_words(home: Path) -> None:
    refused = web(
        home,
        "serve",
        COMMONS_PORT="99999",
        COMMONS_POOL_SIZE="0",
        COMMONS_SECRET_KEY="short",  # noqa: S106 - refused
        COMMONS_EXPLORER="perhaps",
        COMMONS_COST_LIMIT="a lot",
    )
    assert refused.returncode == 1
    said = refused.stderr.splitlines()
    assert [line.partition(" is ")[0] for line in said] == [
        "COMMONS_PORT",
        "COMMONS_POOL_SIZE",
        "COMMONS_SECRET_KEY",
        "COMMONS_EXPLORER",
        "COMMONS_COST_LIMIT",
    ]
    assert said[0] == "COMMONS_PORT is '99999'. Input should be less than or equal to 65535."
    # A secret is not printed, not even a wrong one.
    assert said[2] == (
        "COMMONS_SECRET_KEY is not usable. Value error, It has 32 characters or more."
    )


async def test_database_that_cannot_be_used_is_said_in_words(
    home: Path, empty_database: str
) -> None:
    def refused(case: tuple[str, str, str]) -> tuple[str, str, subprocess.CompletedProcess[str]]:
        command, url, said = case
        more = {"DATABASE_URL": url, "COMMONS_PORT": "0"}
        return url, said, web(home, *command.split(), **more)

    cases = [
        ("serve", f"postgresql://a:secret@127.0.0.1:{free_port()}/a", "Connect call failed"),
        ("serve", re.sub(r"empty_\w+", "nothing_like_it", empty_database), "does not exist"),
        ("migrate", "postgresql://a:secret@127.0.0.1:port/a", "not of the form postgresql://"),
        ("counters check", empty_database, "Run: python -m web migrate"),
    ]
    with ThreadPoolExecutor(2) as together:
        for url, said, run in together.map(refused, cases):
            assert run.returncode == 1, (url, run.stderr)
            assert run.stderr.count("\n") == 1, run.stderr
            assert said in run.stderr
            assert "secret" not in run.stderr
            assert run.stdout == ""


def test_help_names_every_command() -> None:
    helped = CliRunner().invoke(app, ["--help"], terminal_width=200)
    assert helped.exit_code == 0
    for command in ("serve", "run", "migrate", "seed", "import", "token", "counters", "sdl"):
        assert re.search(rf"^\W*{command} +\w", helped.stdout, re.MULTILINE)


def test_make_run_would_serve() -> None:
    make = shutil.which("make")
    assert make is not None
    planned = subprocess.run(  # noqa: S603 - only prints
        [make, "--no-print-directory", "-n", "run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.splitlines()[-1].endswith("python -m web run")
