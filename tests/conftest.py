"""For all tests: Hypothesis profiles, temporary folders, markers, garbage collection, databases."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.contract.sites import describe_sites
from tests.support.compiled.routes import share_compiled_routes
from tests.support.compiled.statements import share_compiled_statements
from tests.support.compiled.templates import share_compiled_templates
from tests.support.databases import cluster as cluster
from tests.support.databases import sqlite_template as sqlite_template

MEMORY_FOLDER = Path("/dev/shm")
MIN_FREE_BYTES = 2 * 1024**3
FOLDER_MARKERS = frozenset({"browser", "contract"})
GC_THRESHOLD = 20_000
"""New objects before garbage collection. Python's default of 700 costs a fifth of the time."""

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wild", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    """Put temporary folders in memory if there is room, because SQLite often waits for the disk.
    Compile each template, route and SQL statement once."""
    share_compiled_templates()
    share_compiled_routes()
    share_compiled_statements()
    if (
        os.access(MEMORY_FOLDER, os.W_OK)
        and shutil.disk_usage(MEMORY_FOLDER).free >= MIN_FREE_BYTES
    ):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_FOLDER))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the markers, before `-m` chooses by them."""
    for item in items:
        for name in marker_names(item):
            item.add_marker(name)


def marker_names(item: pytest.Item) -> Iterator[str]:
    """What a test needs: its folder says so, or its fixtures and their parameters do."""
    folders = item.path.relative_to(item.config.rootpath).parts
    yield from FOLDER_MARKERS.intersection(folders)
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    if "cluster" in getattr(item, "fixturenames", ()) or "postgresql" in parameters:
        yield "postgresql"


def pytest_collection_finish() -> None:
    """Exclude modules and collected tests from garbage collection: they stay until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sites of the contract tests. It is here and not in tests/contract, because the
    process that prints the summary doesn't collect that folder."""
    reports = chain.from_iterable(terminalreporter.stats.values())
    if sites := describe_sites(getattr(report, "nodeid", "") for report in reports):
        terminalreporter.write_line(sites)
