"""For all tests: Hypothesis tries the same examples every time, unless a profile is asked for;
and databases for whoever asks for one."""

from __future__ import annotations

import gc
import os
import shutil
from itertools import chain
from pathlib import Path

import pytest
from contract.sites import describe_sites
from databases import cluster as cluster
from databases import sqlite_template as sqlite_template
from hypothesis import HealthCheck, settings

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3
YOUNG_OBJECTS = 20_000
"""After how many new objects garbage is collected; Python's own 700 costs a fifth of the time."""

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wild", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    """Keep the tests' folders in memory where there is room: SQLite waits for the disk often."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Modules and collected tests stay until the end: no collection need look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Here and not in tests/contract: the process that prints it has not collected that folder."""
    reports = chain.from_iterable(terminalreporter.stats.values())
    if said := describe_sites(getattr(report, "nodeid", "") for report in reports):
        terminalreporter.write_line(said)
