"""Files that a process may have open: a connection each."""

from __future__ import annotations

import resource


def allow_many_files() -> int:
    """Raise the limit of this process, and of those it starts, to what is allowed; give it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
