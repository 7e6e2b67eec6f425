"""What is wrong with the folder of files."""

from __future__ import annotations

import shutil
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest

from bridge.foundations.files.folder_checks import check_folder


def found(folder: Path, *served: Path) -> list[tuple[bool, str]]:
    return [(each.is_error, each.what) for each in check_folder(folder, served)]


def test_a_good_folder_and_one_that_will_be_created(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    assert found(tmp_path / "var" / "files") == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("")
    assert found(tmp_path / "files") == [(True, f"{tmp_path / 'files'} is not a folder.")]


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert found(tmp_path) == [(True, f"{tmp_path} is not writable: Read-only file system.")]


def test_a_folder_that_is_served_also_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "static")
    for folder in (tmp_path / "static", tmp_path / "static/a/b", tmp_path / "link/files"):
        [(is_error, what)] = found(folder, tmp_path / "static")
        assert is_error
        assert "whose files browsers can get" in what
    assert found(tmp_path / "static-files", tmp_path / "static") == []


def test_a_folder_in_a_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    [(is_error, what)] = found(tmp_path / "var/files")
    assert not is_error
    assert "a commit could publish" in what
    (tmp_path / ".gitignore").write_text("/var/\n")
    assert found(tmp_path / "var/files") == []


@pytest.mark.parametrize(("megabytes", "expected"), [(50, [True]), (500, [False]), (5000, [])])
def test_free_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, megabytes: int, expected: list[bool]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, megabytes * 1024**2))
    assert [is_error for is_error, _ in found(tmp_path)] == expected
