"""After a kill between any two lines, each deadline runs once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bridge.foundations.deadlines import claims, runner
from bridge.foundations.deadlines.claims import LEASE, DueDeadline
from bridge.foundations.deadlines.runner import DeadlineKind, run_due
from bridge.foundations.deadlines.schedule import schedule
from bridge.store.database import open_database
from bridge.store.operations import audit_log, audit_queries
from tests.foundations.deadlines.test_local_time import local
from tests.foundations.killed_process import kill_at_line
from tests.store.sample_members import NOW

MODULES = {each.__file__ for each in (claims, runner)}
STRIDE = 7
SUBJECTS = ["round:1", "round:2"]


def handle(session: Session, due: DueDeadline, _late: timedelta) -> None:
    audit_log.write(session, "test", due.subject, None, {}, {}, NOW)


def run(folder: Path) -> None:
    """Run what is due, each time as a worker whose predecessor's lease has ended."""
    now = NOW + LEASE * ((folder / "again").exists())
    database = open_database(f"sqlite:///{folder}/store.db")
    kinds = [DeadlineKind("close", reminder=False, run=handle)]
    run_due(database, kinds, (), owner=f"worker at {now}", clock=lambda: now)
    database.close()


def test_a_killed_run(tmp_path: Path, sqlite_template: Path) -> None:
    line, kills, killed = 1, 0, True
    while killed:
        folder = tmp_path / f"run-{line}"
        folder.mkdir()
        (folder / "store.db").write_bytes(sqlite_template.read_bytes())
        database = open_database(f"sqlite:///{folder}/store.db")
        with database.transaction() as session:
            for subject in SUBJECTS:
                schedule(session, "close", subject, local("2026-03-01 06:00"), NOW)
        killed = kill_at_line(run, folder, MODULES, line)
        (folder / "again").touch()
        run(folder)
        with database.reading() as session:
            ran = [entry.action for entry in audit_queries.entries(session, 9)]
        assert sorted(ran) == SUBJECTS, line
        database.close()
        kills, line = kills + killed, line + STRIDE
    assert kills > 5
