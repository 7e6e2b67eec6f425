"""After a kill between any two lines, several files have all changed or none of them has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bridge.cli.common import library
from bridge.config import Config
from bridge.curriculum.editing.starter_files import new_curriculum, new_milestone
from bridge.curriculum.library.folders import JOURNAL
from bridge.store.database import open_database
from bridge.store.tables.operations import AuditEntry
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage import (
    change_journal,
    disk,
    file_changes,
    file_operations,
    image_operations,
)
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles
from bridge.web.curricula.storage.image_folder import ImageFolder
from tests.curriculum.images.sample_images import sample_image
from tests.foundations.killed_process import kill_at_line, left_by_kills

MODULES = {each.__file__ for each in (change_journal, disk, file_changes)}
ACTOR = cast(Visitor, type("Editor", (), {"name": "Kim", "email": "kim@union.example"})())
SAMPLE = Path(__file__).parents[2] / "data" / "curricula"
FOLDER, FILE, NEW = "two-languages", "first-steward-steps.yaml", "organizing.yaml"


def config_of(folder: Path) -> Config:
    return Config(home=folder, curricula=Path("curricula"))


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Any, CurriculumFiles]]:
    """What the operations need of the services, and the files."""
    database = open_database(config_of(folder).database_url)
    now = datetime.now(UTC)
    values = {"database": database, "now": lambda: now}
    yield cast(Services, type("Services", (), values)), CurriculumFiles(config_of(folder))
    database.close()


def delete(folder: Path) -> None:
    with opened(folder) as (services, files):
        file = files.open(FOLDER, FILE)
        result = file_operations.delete(services, files, file, file.digest, ACTOR, "gone")
        assert result.status == "done"


def rename(folder: Path) -> None:
    with opened(folder) as (services, files):
        file = files.open(FOLDER, FILE)
        base = file.digest
        result = file_operations.rename(services, files, file, base, NEW, ACTOR, "renamed")
        assert result.status == "done"


def add(folder: Path) -> None:
    with opened(folder) as (services, files):
        file = files.absent(FOLDER, NEW).with_text(
            new_milestone("organizing", "Organizing", ["en"])
        )
        result = file_operations.create_file(services, files, file, None, ACTOR, "new")
        assert result.status == "done"


def create(folder: Path) -> None:
    with opened(folder) as (services, files):
        texts = new_curriculum("another", "Another", ["en"])
        result = file_operations.create_curriculum(services, files, "another", texts, ACTOR, "new")
        assert result.status == "done"


def add_image(folder: Path) -> None:
    with opened(folder) as (services, _):
        images = ImageFolder(config_of(folder))
        result = image_operations.upload(
            services, images, FOLDER, "a.png", sample_image(), "", ACTOR, "new"
        )
        assert result.status == "done"


def start(folder: Path, template: Path) -> None:
    shutil.copytree(SAMPLE, folder / "curricula")
    (folder / "var").mkdir()
    shutil.copy(template, folder / "var" / "stewardpath.db")


def contents(folder: Path) -> dict[str, bytes]:
    files = (each for each in (folder / "curricula").rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


def finished(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: text for name, text in files.items() if ".part" not in name}


def without_times(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without what differs each time: the names of unfinished files and the journal's time."""
    return {name: b"" if JOURNAL in name else text for name, text in finished(files).items()}


def audited(folder: Path) -> int:
    with opened(folder) as (services, _), services.database.reading() as session:
        return len(list(session.scalars(select(AuditEntry))))


@pytest.mark.parametrize("change", [delete, rename, add, create, add_image])
def test_a_kill_leaves_the_old_files_or_the_new_ones(
    tmp_path: Path, sqlite_template: Path, change: Callable[[Path], None]
) -> None:
    folder = tmp_path / "union"
    start(folder, sqlite_template)
    before = contents(folder)
    copies = list(left_by_kills(change, folder, MODULES, tmp_path / "killed"))
    after, entries = contents(folder), audited(folder)
    assert before != after
    assert entries
    results = list[bool]()
    for copy in copies:
        library(config_of(copy)).check()  # as every start does
        found = finished(contents(copy))
        assert found in (before, after), copy
        assert audited(copy) == (entries if found == after else 0), copy
        results.append(found == after)
    assert results.count(False) > 5
    assert results.count(True) > 1


def test_a_copy_is_what_a_kill_leaves(tmp_path: Path, sqlite_template: Path) -> None:
    """A real kill at some of the lines leaves files that are among the copies."""
    start(tmp_path / "union", sqlite_template)
    copies = left_by_kills(rename, tmp_path / "union", MODULES, tmp_path / "killed")
    expected = [without_times(contents(each)) for each in copies]
    for line in (30, 60, 90):
        folder = tmp_path / f"line-{line}"
        start(folder, sqlite_template)
        assert kill_at_line(rename, folder, MODULES, line)
        assert without_times(contents(folder)) in expected, line
