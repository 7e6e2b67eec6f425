"""A process that is killed at a line of the modules under test, and the files that it leaves."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.foundations.files.test_killed_upload",
        "tests.foundations.deadlines.test_killed_run",
        "tests.sessions.notices.test_killed_notices",
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


def left_by_kills(
    job: Callable[[Path], object], folder: Path, modules: Collection[str], copies: Path
) -> Iterator[Path]:
    """Run `job(folder)`; yield copies of the folder, as a kill at each line would leave it.

    One for each different state, named after its first line. Only for jobs that use nothing
    outside the folder and no threads: then the process leaves what is in its files.
    """
    number, seen = 0, set[bytes]()

    def line(_frame: FrameType, what: str, _: object) -> Callable[..., Any]:
        nonlocal number
        number += what == "line"
        if what == "line" and (state := _state(folder)) not in seen:
            seen.add(state)
            shutil.copytree(folder, copies / f"line-{number}")
        return line

    _traced(job, folder, modules, line)
    yield from sorted(copies.iterdir(), key=lambda each: int(each.name.removeprefix("line-")))


def _state(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        digest.update(f"{file}\0".encode() + (file.read_bytes() if file.is_file() else b""))
    return digest.digest()


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

    _traced(job, folder, modules, line)


def _traced(
    job: Callable[[Path], object],
    folder: Path,
    modules: Collection[str],
    line: Callable[[FrameType, str, object], Callable[..., Any]],
) -> None:
    def call(frame: FrameType, _what: str, _: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in modules else None

    former = sys.gettrace()
    sys.settrace(call)
    try:
        job(folder)
    finally:
        sys.settrace(former)
