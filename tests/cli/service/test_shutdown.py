"""The signal that stops the service is never lost, no matter when it arrives."""

from __future__ import annotations

import subprocess
import sys

from tests.support.waiting import HANG_SECONDS

PROGRAM = """
import signal, sys
from bridge.cli.service.serve import handle_stop_signals

ALARM_SECONDS = 0.2


def is_stopped_at(moment):
    "Send the signal before this Python instruction of the wait. False: the wait has fewer."
    count = 0

    def trace(frame, what, _):
        nonlocal count
        frame.f_trace_opcodes = True
        count += what == "opcode"
        if count == moment and what == "opcode":
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.raise_signal(signal.SIGTERM)
        return trace

    with handle_stop_signals() as wait:
        signal.signal(signal.SIGALRM, signal.getsignal(signal.SIGTERM))
        signal.setitimer(signal.ITIMER_REAL, ALARM_SECONDS)
        sys.settrace(trace)
        wait()
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return count >= moment


moment = 1
while is_stopped_at(moment):
    moment += 1
print("moments:", moment - 1)
"""


def test_a_signal_that_arrives_just_before_the_wait_ends_it() -> None:
    """A lost signal leaves the program waiting. Only a wait without the signal has the alarm."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=HANG_SECONDS
    )
    assert (done.returncode, done.stderr) == (0, "")
    name, count = done.stdout.split()
    assert (name, int(count) >= 3) == ("moments:", True)
