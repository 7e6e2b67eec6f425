"""The signal that stops the service is never lost, no matter when it arrives."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import random, signal
from bridge.cli.service.serve import handle_stop_signals

for _ in range(20_000):
    with handle_stop_signals() as wait:
        signal.signal(signal.SIGALRM, signal.getsignal(signal.SIGTERM))
        signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 6e-5))
        wait()
print("ended every time")
"""


def test_a_signal_that_arrives_just_before_the_wait_ends_it() -> None:
    """A timer sends the signal: nothing else is quick enough to hit the moment before the wait."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended every time\n", "")
