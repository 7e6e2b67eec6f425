"""A folder of files with a small quota."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.foundations.files.disk import FileFolder
from bridge.foundations.files.storage import Files
from bridge.store.database import Database

QUOTA_BYTES = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> FileFolder:
    return FileFolder(tmp_path / "files")


@pytest.fixture
def files(db: Database, folder: FileFolder) -> Files:
    return Files(db, folder, QUOTA_BYTES)
