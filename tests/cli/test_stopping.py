"""The signal that ends the service is never lost, whenever it comes."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import random, signal
from bridge.cli.service.serve import stopping

for _ in range(20_000):
    with stopping() as wait:
        signal.signal(signal.SIGALRM, signal.getsignal(signal.SIGTERM))
        signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 6e-5))
        wait()
print("ended every time")
"""


def test_a_signal_that_comes_while_the_waiting_begins_ends_it() -> None:
    """A timer plays the sender: it alone is as quick as the step between begun and waiting."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended every time\n", "")
