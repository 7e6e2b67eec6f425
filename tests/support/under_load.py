"""Run all tests several times while every core is busy with something else.

    make test-under-load RUNS=5

A test that fails here and not otherwise waits for seconds instead of an event, or shows a defect.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

CHECK_EVERY = 1_000_000


def main() -> int:
    """Stop at the first run that fails; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", type=int)
    options, pytest_arguments = parser.parse_known_args()
    with busy_cores(os.cpu_count() or 1) as count:
        for run in range(1, options.runs + 1):
            code, seconds = run_tests(pytest_arguments)
            outcome = "passed" if code == 0 else f"failed (exit code {code})"
            print(  # noqa: T201
                f"Run {run} of {options.runs}: {outcome} in {seconds // 60:.0f} min "
                f"{seconds % 60:.0f} s, with {count} busy processes.",
                flush=True,
            )
            if code:
                return code
    return 0


def run_tests(arguments: Sequence[str]) -> tuple[int, float]:
    """Run pytest. Returns its exit code and the seconds it took."""
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False)
    return done.returncode, time.monotonic() - started


@contextmanager
def busy_cores(count: int) -> Iterator[int]:
    """Keep `count` cores busy."""
    parent = os.getpid()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=stay_busy, args=(parent,), daemon=True) for _ in range(count)]
    for worker in workers:
        worker.start()
    try:
        yield count
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def stay_busy(parent: int) -> None:
    """Compute until the parent has ended, however it ended."""
    while os.getppid() == parent:
        for number in range(CHECK_EVERY):
            _ = number * number


if __name__ == "__main__":
    sys.exit(main())
