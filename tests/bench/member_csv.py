"""A large CSV file of members: reading it, and importing it with the command."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.cli import stewardpath
from bridge.cli.members.csv_import import BATCH
from bridge.member_csv import AcceptedRow, read_member_csv
from tests.bench.support import many_members
from tests.bench.support.sql_counter import counted
from tests.bench.support.subprocess_run import measured
from tests.bench.support.targets import Figure

ROWS, FEWER_ROWS = 100_000, 10_000


def run() -> list[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, fewer = folder / "members.csv", folder / "fewer.csv"
        many_members.write_csv(file, ROWS)
        many_members.write_csv(fewer, FEWER_ROWS)
        read, small = (measured("member_csv:read", str(one)) for one in (file, fewer))
        first = measured("member_csv:imported", str(file), str(folder))
        again = measured("member_csv:imported", str(file), str(folder))
    seconds, batches = read.result["seconds"], math.ceil(ROWS / BATCH)
    a_row = f"{(read.peak_mb - small.peak_mb) * 1e6 / (ROWS - FEWER_ROWS):.0f} bytes a row; "
    baseline = f"{FEWER_ROWS:,} rows: {small.peak_mb:.0f} MB"
    each = first.result["statements"] / batches
    commits = f"{first.result['transactions'] / batches:.1f} transactions; batches of {BATCH}"
    return [
        Figure("read: rows a second", ROWS / seconds, "rows/s"),
        Figure("read: peak memory", read.peak_mb, "MB", 200, a_row + baseline),
        Figure("import: time", first.result["seconds"], "s", note="with all deliveries"),
        Figure("import: members a second", ROWS / first.result["seconds"], "members/s"),
        Figure("import: statements a batch", each, "statements", note=commits),
        Figure("import: peak memory", first.peak_mb, "MB", 200),
        Figure("import of the same file again: time", again.result["seconds"], "s"),
    ]  # fmt: skip


def read(file: str) -> dict[str, float]:
    with Path(file).open("rb") as stream:
        started = time.perf_counter()
        count = sum(isinstance(row, AcceptedRow) for row in read_member_csv(stream, ()))
        seconds = time.perf_counter() - started
    assert count in (ROWS, FEWER_ROWS), count
    return {"seconds": seconds}


def imported(file: str, folder: str) -> dict[str, float]:
    """`stewardpath members import`, with the database in `folder`."""
    os.chdir(folder)
    with counted() as counts:
        started = time.perf_counter()
        stewardpath.main(["members", "import", file], standalone_mode=False)
        return {"seconds": time.perf_counter() - started, **counts}
