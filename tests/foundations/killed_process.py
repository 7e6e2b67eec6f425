"""A process that runs a job and kills itself at the nth line of the modules under test."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.foundations.files.test_killed_upload",
        "tests.foundations.deadlines.test_killed_run",
        "tests.web.curricula.test_killed_change",
    ]
)
MAX_SECONDS = 120


def kill_at_line(
    job: Callable[[Path], object], folder: Path, modules: Collection[str], number: int
) -> bool:
    """Run `job(folder)` in another process, killed at that line of the modules (their files).

    Returns whether it was killed. False: the job ended before. `job` is a function of a module.
    """
    process = FORKS.Process(target=_run, args=(job, folder, modules, number))
    process.start()
    process.join(MAX_SECONDS)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def _run(
    job: Callable[[Path], object], folder: Path, modules: Collection[str], number: int
) -> None:
    left = number

    def line(_frame: FrameType, what: str, _: object) -> Callable[..., Any]:
        nonlocal left
        left -= what == "line"
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _what: str, _: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in modules else None

    sys.settrace(call)
    job(folder)
    sys.settrace(None)
