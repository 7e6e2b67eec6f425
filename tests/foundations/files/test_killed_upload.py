"""After a kill between any two lines, no row lacks its file and nothing is left over."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from bridge.foundations.files import checks, disk, rows, storage
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import Files
from bridge.store.database import Database, open_database
from tests.store.sample_members import ANNA, NOW, add

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.foundations.files.test_killed_upload"])
LINES = {each.__file__ for each in (disk, rows, storage)}
STRIDE = 3
SECONDS = 120
DAY = timedelta(days=1)


def run(job: str, folder: str, last: int) -> None:
    """Run a job; die at the line number `last` of the modules that store files."""
    left = last

    def line(frame: FrameType, what: str, _: object) -> Callable[..., Any]:
        nonlocal left
        left -= what == "line"
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return line

    def call(frame: FrameType, _what: str, _: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in LINES else None

    database, files = opened(Path(folder))
    sys.settrace(call)
    JOBS[job](files)
    sys.settrace(None)
    database.close()


def opened(folder: Path) -> tuple[Database, Files]:
    database = open_database(f"sqlite:///{folder}/store.db")
    return database, Files(database, disk.FileFolder(folder / "files"), 1_000)


def store(files: Files) -> int:
    return files.store(
        b"a" * 600, FileType.PDF, "a.pdf", member_id=1, purpose="form", actor="x", now=NOW
    )


def delete_due(files: Files) -> int:
    return files.delete_due(NOW + DAY)


JOBS: dict[str, Callable[[Files], int]] = {"store": store, "delete": delete_due}


def killed(job: str, folder: Path, moment: int) -> bool:
    process = FORKS.Process(target=run, args=(job, str(folder), moment))
    process.start()
    process.join(SECONDS)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def start(folder: Path, template: Path) -> tuple[Database, Files]:
    folder.mkdir()
    (folder / "store.db").write_bytes(template.read_bytes())
    database, files = opened(folder)
    with database.transaction() as session:
        add(session, [ANNA])
    return database, files


def remaining(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


def test_a_killed_upload(tmp_path: Path, sqlite_template: Path) -> None:
    moment, kills, is_killed = 1, 0, True
    while is_killed:
        folder = tmp_path / f"upload-{moment}"
        database, files = start(folder, sqlite_template)
        is_killed = killed("store", folder, moment)
        report = checks.check_files(database, files, NOW)
        assert report.problems == {}
        assert report.orphans == []
        files.delete_due(NOW + rows.WRITING_TIMEOUT + timedelta(seconds=1))
        assert remaining(folder) == report.files
        if not report.files:
            store(files)  # the quota has room again
        files.delete_due(NOW + DAY)
        assert remaining(folder) == 0
        database.close()
        kills, moment = kills + is_killed, moment + STRIDE
    assert kills > 15


def test_a_killed_deletion(tmp_path: Path, sqlite_template: Path) -> None:
    moment, kills, is_killed = 1, 0, True
    while is_killed:
        folder = tmp_path / f"deletion-{moment}"
        database, files = start(folder, sqlite_template)
        store(files)
        is_killed = killed("delete", folder, moment)
        delete_due(files)
        assert remaining(folder) == 0
        assert checks.check_files(database, files, NOW).orphans == []
        database.close()
        kills, moment = kills + is_killed, moment + STRIDE
    assert kills > 5
