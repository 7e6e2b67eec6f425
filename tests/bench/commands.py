"""How long a command takes to start and finish."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.bench.support.subprocess_run import ROOT
from tests.bench.support.targets import Figure

COMMAND = Path(sys.executable).with_name("stewardpath")
REPEATS = 5


def run() -> list[Figure]:
    note = f"median of {REPEATS}"
    return [
        Figure("stewardpath --help", _seconds("--help"), "s", 0.5, note),
        Figure("stewardpath validate (shipped curriculum)", _seconds("validate"), "s", 1, note),
    ]


def _seconds(*args: str) -> float:
    return median(_once(*args) for _ in range(REPEATS))


def _once(*args: str) -> float:
    started = time.perf_counter()
    subprocess.run([COMMAND, *args], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started
