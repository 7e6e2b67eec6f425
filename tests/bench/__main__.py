"""`python -m tests.bench [NAME …]` runs the benchmarks named, or those of `make bench`."""

from __future__ import annotations

import importlib
import sys

from tests.bench.support.targets import Bench, show

TITLES = {
    "commands": "Starting a command",
    "evaluate": "Evaluate: 100,000 members x 6 milestones",
    "plan": "Plan and apply against the sandbox",
    "pull": "Pull: 1,000 new changes, with 300,000 old completions",
    "member_csv": "A CSV file of 100,000 members",
    "enrol": "Import and enrol 10,000 members",
    "signups": "Sign-ups by 8 clients while the jobs are busy, on SQLite",
    "reminders": "Reminders to 10,000 registered people",
    "sessions": "Pages about 500 sessions, with 50,000 registrations",
    "matching": "Matching mentees with mentors",
    "pages": "Pages with 100,000 members",
    "moodle": "The same on a real Moodle",
}
NOT_IN_MAKE_BENCH = ("moodle",)
"""It needs a site: STEWARDPATH_TEST_MOODLE_URL and STEWARDPATH_TEST_MOODLE_TOKEN."""


def main(names: list[str]) -> int:
    """Run and print the benchmarks. Returns 2 if a name is unknown."""
    if unknown := [name for name in names if name not in TITLES]:
        print(f"Unknown benchmark {unknown[0]}. Choose from {', '.join(TITLES)}.", file=sys.stderr)  # noqa: T201
        return 2
    for name in names or [name for name in TITLES if name not in NOT_IN_MAKE_BENCH]:
        bench: Bench = importlib.import_module(f"tests.bench.{name}").run
        show(f"{name}: {TITLES[name]}", bench())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
