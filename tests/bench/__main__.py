"""`python -m tests.bench [NAME …]`: all that `make bench` runs, or those named."""

from __future__ import annotations

import importlib
import sys

from tests.bench.support.targets import Bench, show

TITLES = {
    "commands": "The command itself",
    "evaluate": "Evaluate: 100,000 members x 6 milestones",
    "plan": "Plan and apply against the sandbox",
    "pull": "Pull: 1,000 new changes beside 300,000 old completions",
    "roster": "A CSV file of 100,000 members",
    "enrol": "Import of 10,000 members to enrolled",
    "pages": "Pages beside 100,000 members",
    "moodle": "The same on a real Moodle",
}
NAMED_ONLY = ("moodle",)
"""Needs a site: STEWARDPATH_TEST_MOODLE_URL and STEWARDPATH_TEST_MOODLE_TOKEN."""


def main(names: list[str]) -> int:
    """Run and print; 2 for a name that there is not."""
    if unknown := [name for name in names if name not in TITLES]:
        print(f"There is no {unknown[0]}; there are {', '.join(TITLES)}.", file=sys.stderr)  # noqa: T201
        return 2
    for name in names or [name for name in TITLES if name not in NAMED_ONLY]:
        bench: Bench = importlib.import_module(f"tests.bench.{name}").run
        show(f"{name}: {TITLES[name]}", bench())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
