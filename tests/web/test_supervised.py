"""How a supervised process is told to end."""

from __future__ import annotations

import subprocess
import sys

from web.supervised import TERMINATED

SIGNALLED_IN_A_CALLBACK = """
import signal, time, weakref
from web.supervised import end_when_told

class Held: ...

end_when_told()
held = Held()
reference = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGTERM))
try:
    del held
    time.sleep(10)
finally:
    print("closed")
"""


def test_a_signal_in_the_middle_of_a_callback_is_not_lost() -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", SIGNALLED_IN_A_CALLBACK],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (TERMINATED, "closed\n", "")
