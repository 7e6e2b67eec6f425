"""Checks a file in a process of its own, so that a hostile file can't harm the service.

The process has limits of memory and time, and none of the service's secrets.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading

from bridge.foundations.files.file_types import (
    AcceptedFile,
    FileRefused,
    FileStorageError,
    FileType,
    check_size,
    detect_type,
    too_complex,
)
from bridge.messages import Message, from_data

MAX_MEMORY_BYTES = 1024**3
MAX_CPU_SECONDS = 20
MAX_SECONDS = 60
MAX_PROCESSES = 2
"""How many files are checked at the same time. Others wait."""
SLOTS = threading.BoundedSemaphore(MAX_PROCESSES)


def verify_isolated(content: bytes) -> AcceptedFile:
    """The same as `verify`, in another process. Raises FileRefused, FileStorageError."""
    check_size(len(content))
    detect_type(content)
    with SLOTS:
        answer = _run(content)
    if answer is None:
        raise too_complex()
    if "type" in answer:
        return AcceptedFile(FileType(str(answer["type"])), int(str(answer["size"])))
    what, todo = from_data(answer["what"]), from_data(answer["todo"])
    assert isinstance(what, Message)  # noqa: S101
    assert isinstance(todo, Message)  # noqa: S101
    raise FileRefused(what, todo)


def _run(content: bytes) -> dict[str, object] | None:
    """What the process found; None if it was stopped at one of its limits."""
    command = [sys.executable, "-P", "-m", "bridge.foundations.files.isolation"]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and module)
            command, input=content, capture_output=True, timeout=MAX_SECONDS, env=environment,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        raise FileStorageError(f"files can't be checked ({error.strerror}).") from None
    if done.returncode:
        return None
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _main() -> None:
    """Check the file on standard input; write what was found as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    from bridge.foundations.files.verification import verify

    try:
        found = verify(sys.stdin.buffer.read())
        answer: dict[str, object] = {"type": found.type, "size": found.size}
    except FileRefused as refused:
        answer = refused.as_data()
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
