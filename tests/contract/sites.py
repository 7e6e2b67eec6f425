"""The sites of the contract suite, and its summary."""

from __future__ import annotations

import os
from collections.abc import Iterable

REAL_URL = os.environ.get("STEWARDPATH_TEST_MOODLE_URL", "")
REAL_TOKEN = os.environ.get("STEWARDPATH_TEST_MOODLE_TOKEN", "")
SITES = ["sandbox", "moodle"] if REAL_URL and REAL_TOKEN else ["sandbox"]
FOLDER = "tests/contract/"


def describe_sites(tests: Iterable[str]) -> str | None:
    """Describe the sites, given the ids of the tests that ran; None if the suite didn't run."""
    if not any(test.startswith(FOLDER) for test in tests):
        return None
    if "moodle" in SITES:
        return f"the contract suite ran against the sandbox and the Moodle at {REAL_URL}"
    return (
        "the contract suite ran against the sandbox only, NOT against a real Moodle:"
        " make test-moodle MOODLE_URL=… MOODLE_TOKEN=…"
    )
