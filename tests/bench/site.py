"""A sandbox with the shipped curriculum, served by another process."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bridge.curriculum.library.reloading import Library
from bridge.curriculum.model import Curriculum
from bridge.moodle.client.client import Moodle
from bridge.moodle.sandbox.server import TOKEN, serve_sandbox
from bridge.moodle.site.connection import connect
from bridge.resources import resource
from bridge.workflows.site_sync import apply
from tests.bench.support.subprocess_run import ROOT


@cache
def curriculum() -> Curriculum:
    """The shipped curriculum."""
    return Library(resource("curricula"))[0]


@contextmanager
def served(state: Path) -> Iterator[str]:
    """Yields the address. The process ends with the block."""
    command = [sys.executable, "-m", "tests.bench.site", str(state)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def client(url: str) -> Moodle:
    return Moodle(url, TOKEN)


@cache
def template() -> Path:
    """A sandbox database with the curriculum applied, made once a run."""
    folder = mkdtemp(prefix="stewardpath-bench-")
    atexit.register(shutil.rmtree, folder)
    state = Path(folder) / "template.db"
    with served(state) as url, closing(client(url)) as moodle:
        apply(connect(moodle), curriculum(), max_share=1)
    return state


def fresh(folder: Path, name: str = "sandbox.db") -> Path:
    """A copy of the template in `folder`."""
    shutil.copy(template(), folder / name)
    return folder / name


def main(state: str) -> None:
    with serve_sandbox(Path(state)) as url:
        print(url, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
