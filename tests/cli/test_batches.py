"""Reading and changing many rows in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bridge.cli.batches import BATCH_SIZE, batches, read_all
from bridge.store.database import open_database


@dataclass(frozen=True)
class Row:
    id: int


@pytest.mark.parametrize("count", [0, 1, BATCH_SIZE - 1, BATCH_SIZE, BATCH_SIZE + 1, 1_200])
def test_every_row_once_in_order(tmp_path: Path, count: int) -> None:
    rows = [Row(2 * n + 1) for n in range(count)]
    asked: list[int] = []

    def read(_session: Session, limit: int, after: int) -> Sequence[Row]:
        asked.append(after)
        return [row for row in rows if row.id > after][:limit]

    store = open_database(f"sqlite:///{tmp_path}/empty.db")
    assert list(read_all(store, read)) == rows
    store.close()
    assert len(asked) == count // BATCH_SIZE + 1
    parts = list(batches(rows))
    assert [row for part in parts for row in part] == rows
    assert all(0 < len(part) <= BATCH_SIZE for part in parts)
