"""`files check`, and erasing a member's files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.access.form_readers import file_purpose
from bridge.config import Config
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner
from bridge.store.database import open_database
from tests.cli.command_runner import Folder


@pytest.fixture
def path(folder: Folder) -> Path:
    """The file that the first member has uploaded."""
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    config = Config(home=folder.path)
    store = open_database(config.database_url)
    open_files(config, store).store(
        b"%PDF-", FileType.PDF, "cv.pdf", owner=Owner(1), purpose=file_purpose(""),
        now=datetime.now(UTC),
    )  # fmt: skip
    store.close()
    [found] = (each for each in (folder.path / "var/files").rglob("*") if each.is_file())
    return found


def test_a_good_folder(folder: Folder, path: Path) -> None:
    assert folder.run("files", "check").out == "1 file, 0.0 MB.\n"
    data = folder.run("files", "check", "--format", "json").data
    assert data == {"files": 1, "bytes": 5, "problems": [], "orphans": [], "cleaned": {}}


def test_no_folder_yet(folder: Folder) -> None:
    assert folder.run("files", "check").out == "0 files, 0.0 MB.\n"


def test_a_damaged_file_and_one_without_a_row(folder: Folder, path: Path) -> None:
    path.write_bytes(b"%PDF!")
    (path.parent / "orphan").write_bytes(b"x")
    ran = folder.run("files", "check", code=1)
    assert "file 1: the file is damaged." in ran.out
    assert "1 file without a row:\n  orphan" in ran.out
    path.unlink()
    data = folder.run("files", "check", "--clean", "--format", "json", code=1).data
    assert data["problems"] == [{"file": 1, "problem": "the file is missing."}]
    assert data["orphans"] == ["orphan"]
    assert data["cleaned"] == {"imports": 0, "deleted": 0, "orphans": 0}


def test_erasing_a_member_deletes_the_files(folder: Folder, path: Path) -> None:
    folder.run("members", "erase", "1", "--yes")
    assert not path.exists()
    assert folder.run("files", "check", "--clean").out == (
        "Deleted: 0, and 0 without a row.\n0 files, 0.0 MB.\n"
    )
