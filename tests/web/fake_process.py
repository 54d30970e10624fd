"""In place of `web.supervised`: a process that plays a part, `FAKE_PART`, and notes its number in `FAKE_LOG`."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path


def main() -> None:
    """Play the part."""
    role, tie = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    with Path(os.environ["FAKE_LOG"]).open("a") as log:
        log.write(f"{role} {os.getpid()}\n")
    part = Path(os.environ["FAKE_PART"]).read_text()
    if part in {"fails", f"{role} fails"}:
        sys.exit(7)
    if part == "lingers":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tie.send(b".")
    if part == "hangs":
        time.sleep(600)
    if part == "dies":
        sys.exit(8)
    tie.settimeout(0.05)
    while True:
        try:
            if not tie.recv(1):
                return
        except TimeoutError:
            tie.send(b".")


if __name__ == "__main__":
    main()
