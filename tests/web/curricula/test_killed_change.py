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
from bridge.store.database import open_database
from bridge.store.tables.operations import AuditEntry
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage import change_journal, disk, file_changes, file_operations
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles
from tests.foundations.killed_process import kill_at_line

MODULES = {each.__file__ for each in (change_journal, disk, file_changes)}
STRIDE = 3
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
        result = file_operations.create_milestone(services, files, file, None, ACTOR, "new")
        assert result.status == "done"


def create(folder: Path) -> None:
    with opened(folder) as (services, files):
        texts = new_curriculum("another", "Another", ["en"])
        result = file_operations.create_curriculum(services, files, "another", texts, ACTOR, "new")
        assert result.status == "done"


def start(folder: Path, template: Path) -> None:
    shutil.copytree(SAMPLE, folder / "curricula")
    (folder / "var").mkdir()
    shutil.copy(template, folder / "var" / "stewardpath.db")


def contents(folder: Path) -> dict[str, bytes]:
    files = (each for each in (folder / "curricula").rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


def audited(folder: Path) -> int:
    with opened(folder) as (services, _), services.database.reading() as session:
        return len(list(session.scalars(select(AuditEntry))))


@pytest.mark.parametrize("change", [delete, rename, add, create])
def test_a_kill_leaves_the_old_files_or_the_new_ones(
    tmp_path: Path, sqlite_template: Path, change: Callable[[Path], None]
) -> None:
    start(tmp_path / "before", sqlite_template)
    before = contents(tmp_path / "before")
    start(tmp_path / "after", sqlite_template)
    change(tmp_path / "after")
    after, entries = contents(tmp_path / "after"), audited(tmp_path / "after")
    assert before != after
    assert entries
    line, results, killed = 1, list[bool](), True
    while killed:
        folder = tmp_path / f"line-{line}"
        start(folder, sqlite_template)
        killed = kill_at_line(change, folder, MODULES, line)
        library(config_of(folder)).check()  # as every start does
        found = {name: text for name, text in contents(folder).items() if ".part" not in name}
        assert found in (before, after), line
        assert audited(folder) == (entries if found == after else 0), line
        results.append(found == after)
        shutil.rmtree(folder)
        line += STRIDE
    assert results.count(False) > 10
    assert results.count(True) > 1
