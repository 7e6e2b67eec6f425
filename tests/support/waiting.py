"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

HANG_SECONDS = 300.0
"""No wait of a test takes this long, not even on a busy machine, unless something hangs.

A test never asserts how long something took. It waits for an event, and this is when it gives up.
"""
POLL_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], what: str = "it") -> None:
    """Wait until `condition()` is true. Fails with `what` after HANG_SECONDS."""
    end = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen in {HANG_SECONDS:g} seconds"
        time.sleep(POLL_SECONDS)
