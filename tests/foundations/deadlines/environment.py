"""A database with two kinds of deadlines, and a clock that tests set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.runner import DeadlineKind, Update, run_due
from bridge.foundations.deadlines.schedule import NOBODY, cancel, schedule
from bridge.foundations.owners import Owner
from bridge.store.database import Database
from bridge.store.operations import audit_log
from tests.foundations.deadlines.test_local_time import local, utc

DUE = "2026-03-02 17:00"
AT = utc("2026-03-02 22:00")
YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)


@dataclass
class Environment:
    """A database with two kinds of deadlines. What a handler does is in the audit log."""

    db: Database
    now: datetime = AT - HOUR
    failures: list[Exception] = field(default_factory=list)
    lateness: list[timedelta] = field(default_factory=list)
    during: list[Callable[[Session], object]] = field(default_factory=list)
    holidays: frozenset[date] = frozenset()
    update: Update | None = None
    owners: list[Owner] = field(default_factory=list)

    def schedule(self, kind: str, subject: str, when: str = DUE, owner: Owner = NOBODY) -> bool:
        with self.db.transaction() as session:
            return schedule(session, kind, subject, local(when), self.now, owner)

    def cancel(self, kind: str, subject: str, owner: Owner = NOBODY) -> bool:
        with self.db.transaction() as session:
            return cancel(session, kind, subject, owner)

    def handle(self, session: Session, due: DueDeadline, late: timedelta) -> None:
        audit_log.write(session, "test", due.subject, None, {}, {}, self.now)
        self.lateness.append(late)
        self.owners.append(due.owner)
        while self.during:
            self.during.pop()(session)
        if self.failures:
            raise self.failures.pop()

    @property
    def kinds(self) -> Sequence[DeadlineKind]:
        return (
            DeadlineKind("close", reminder=False, run=self.handle, update=self.update),
            DeadlineKind("remind", reminder=True, run=self.handle),
        )

    def run(self, owner: str = "one", **later: float) -> dict[str, int]:
        self.now += timedelta(**later)
        found = run_due(self.db, self.kinds, self.holidays, owner=owner, clock=lambda: self.now)
        return {outcome: count for outcome, count in found.items() if count}

    def ran(self) -> list[str]:
        with self.db.reading() as session:
            return list(session.scalars(text("SELECT action FROM audit ORDER BY id")))

    def rows(self, column: str = "state") -> list[object]:
        with self.db.reading() as session:
            return list(session.scalars(text(f"SELECT {column} FROM due ORDER BY id")))
