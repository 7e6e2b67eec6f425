"""A folder of curricula with errors: the last valid version stays in use, also after a restart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bridge.curriculum.library import last_valid
from bridge.curriculum.library.reloading import Library
from bridge.errors import CurriculumError
from bridge.resources import resource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "curricula"
    shutil.copytree(resource("curricula"), copy)
    return copy


def break_file(folder: Path) -> Path:
    file = next(folder.glob("*/curriculum.yaml"))
    file.write_text("title: [", encoding="utf-8")
    return file


def test_a_restart_with_an_invalid_file_uses_the_last_valid_version(
    folder: Path, tmp_path: Path
) -> None:
    store = tmp_path / "kept"
    before = list(Library(folder, store))
    break_file(folder)
    again = Library(folder, store)
    assert [*again] == before
    assert "curriculum.yaml" in again.problems
    with pytest.raises(CurriculumError):
        Library(folder).check()


def test_the_first_start_needs_a_valid_version(folder: Path, tmp_path: Path) -> None:
    break_file(folder)
    with pytest.raises(CurriculumError, match=r"curriculum\.yaml"):
        Library(folder, tmp_path / "kept").check()


def test_a_corrected_file_is_used_and_kept(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "kept"
    Library(folder, store).check()
    file = next(folder.glob("*/curriculum.yaml"))
    good = file.read_text(encoding="utf-8")
    break_file(folder)
    library = Library(folder, store)
    assert library.current_problems()
    file.write_text(good + "\n# corrected\n", encoding="utf-8")
    assert library.current_problems() == ""
    assert len(list(store.glob("version-*"))) == 1
    kept = last_valid.find(store)
    assert kept
    assert "# corrected" in (kept / file.relative_to(folder)).read_text(encoding="utf-8")


def test_a_copy_that_was_not_finished_is_not_used(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "kept"
    Library(folder, store).check()
    (store / "version-half").mkdir()
    break_file(folder)
    assert list(Library(folder, store))
    shutil.rmtree(store)
    (store / "version-half").mkdir(parents=True)
    assert last_valid.find(store) is None
