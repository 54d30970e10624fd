"""Programs that the benchmark needs beside Python: wrk, and the peers' Node with its packages."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from tests.benchmarks.processes import BenchmarkError, output_of

PEERS = Path(__file__).resolve().parent / "peers"
_CPU = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
# Node 22 from a package: PostGraphile needs it, and nothing has to be installed by hand.
NODE = PEERS / "node_modules" / f"node-linux-{_CPU}" / "bin" / "node"


async def ensure_wrk() -> None:
    """Have `wrk`, installed from Debian's packages when we may.

    Raises:
        BenchmarkError: It is not there and cannot be installed; the message says how to.
    """
    if shutil.which("wrk"):
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise BenchmarkError("wrk is not installed. On Debian: sudo apt-get install wrk")
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    await output_of(apt, "update", "-qq", environment=quietly)
    await output_of(apt, "install", "-y", "-qq", "wrk", environment=quietly)


async def ensure_peers() -> None:
    """Install the peers' packages exactly as locked, unless they are there.

    Raises:
        BenchmarkError: There is no npm, no packaged Node for this machine, or only a link to
            packages that are not as locked.
    """
    installed = PEERS / "node_modules" / ".package-lock.json"
    locked = PEERS / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= locked.stat().st_mtime and NODE.exists():
        return
    if installed.parent.is_symlink():
        # npm empties what the link points to, which others may be using, and installs here.
        raise BenchmarkError(f"{installed.parent} is a link to older packages: install them there.")
    npm = shutil.which("npm")
    if npm is None:
        raise BenchmarkError("npm is not installed; the peers in JavaScript need it.")
    await output_of(npm, "ci", "--loglevel=error", cwd=PEERS)
    if not NODE.exists():
        raise BenchmarkError(f"There is no packaged Node for {platform.system()} {_CPU}.")
