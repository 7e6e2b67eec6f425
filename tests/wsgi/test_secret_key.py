"""The key that is kept in a file."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bridge.wsgi.secret_key import kept_key


def test_it_is_created_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret-key"
    key = kept_key(file)
    assert len(key) == 64
    assert kept_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(kept_key, [tmp_path / "secret-key"] * 40))
    assert len(keys) == 1


def test_an_empty_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("")
    assert len(kept_key(tmp_path / "secret-key")) == 64


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(OSError):
        kept_key(tmp_path / "var" / "secret-key")
