"""After a kill between any two lines, no row lacks its file and nothing is left over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bridge.access.form_readers import file_purpose
from bridge.foundations.files import checks, disk, rows, storage
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import Files
from bridge.foundations.owners import Owner
from bridge.store.database import Database, open_database
from tests.foundations.killed_process import kill_at_line
from tests.store.sample_members import ANNA, NOW, add

MODULES = {each.__file__ for each in (disk, rows, storage)}
STRIDE = 3
DAY = timedelta(days=1)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Database, Files]]:
    database = open_database(f"sqlite:///{folder}/store.db")
    yield database, Files(database, disk.FileFolder(folder / "files"), 1_000)
    database.close()


def store(folder: Path) -> None:
    with opened(folder) as (_, files):
        files.store(
            b"a" * 600, FileType.PDF, "a.pdf", owner=Owner(1), purpose=file_purpose(""), now=NOW
        )


def delete_due(folder: Path) -> None:
    with opened(folder) as (_, files):
        files.delete_due(NOW + DAY)


def start(folder: Path, template: Path) -> None:
    folder.mkdir()
    (folder / "store.db").write_bytes(template.read_bytes())
    with opened(folder) as (database, _), database.transaction() as session:
        add(session, [ANNA])


def remaining(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


def test_a_killed_upload(tmp_path: Path, sqlite_template: Path) -> None:
    line, kills, killed = 1, 0, True
    while killed:
        folder = tmp_path / f"upload-{line}"
        start(folder, sqlite_template)
        killed = kill_at_line(store, folder, MODULES, line)
        with opened(folder) as (database, files):
            report = checks.check_files(database, files, NOW)
            assert (report.problems, report.orphans) == ({}, [])
            files.delete_due(NOW + rows.WRITING_TIMEOUT + timedelta(seconds=1))
            assert remaining(folder) == report.files
            if not report.files:
                store(folder)  # the quota has room again
            files.delete_due(NOW + DAY)
        assert remaining(folder) == 0
        kills, line = kills + killed, line + STRIDE
    assert kills > 15


def test_a_killed_deletion(tmp_path: Path, sqlite_template: Path) -> None:
    line, kills, killed = 1, 0, True
    while killed:
        folder = tmp_path / f"deletion-{line}"
        start(folder, sqlite_template)
        store(folder)
        killed = kill_at_line(delete_due, folder, MODULES, line)
        delete_due(folder)
        assert remaining(folder) == 0
        with opened(folder) as (database, files):
            assert checks.check_files(database, files, NOW).orphans == []
        kills, line = kills + killed, line + STRIDE
    assert kills > 5
