"""Reminders of one session to 10,000 registered people, with a mail server of this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, insert, select

from bridge.config import Config
from bridge.curriculum.topics import Topic
from bridge.jobs.deadlines import run_deadlines
from bridge.jobs.tasks import run_outbox
from bridge.sessions import scheduling
from bridge.sessions.feature import office_of
from bridge.sessions.notices.kinds import REMINDER
from bridge.sessions.rules import SessionData, Times
from bridge.sessions.tables import Registration, RegistrationChange
from bridge.store.database import open_database
from bridge.store.tables.base import Base
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import Person
from tests.bench.support.sql_counter import counted
from tests.bench.support.subprocess_run import ROOT, measured
from tests.bench.support.targets import Figure
from tests.support import sample_curricula
from tests.support.sample_curricula import text
from tests.support.unreliable_smtp import unreliable_smtp

PEOPLE, FEWER = 10_000, 1_000
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
START = datetime.fromisoformat("2027-04-17T18:00")
DAY_BEFORE = START.replace(tzinfo=UTC) - timedelta(days=1)
PATH = replace(sample_curricula.curriculum(), topics=(Topic("hearings", text("Hearings")),))


def run() -> list[Figure]:
    many, few = _measured(PEOPLE), _measured(FEWER)
    total = many["queue"] + many["send"]
    parts = f"queueing {many['queue']:.1f} s, sending {many['send']:.1f} s"
    ours = f"ours {many['cpu']:.1f} s, the mail server's {many['server']:.1f} s"
    growth = many["peak"] - few["peak"]
    return [
        Figure(f"{PEOPLE:,} reminders: time", total, "s", 60, parts),
        Figure("processor time", many["cpu"] + many["server"], "s", 60, ours),
        Figure("transactions an email", many["transactions"] / PEOPLE, "transactions", 1.1),
        Figure("peak memory", many["peak"], "MB", 200),
        Figure(f"more than for {FEWER:,}", growth, "MB", 20),
        Figure("queueing: queries a person", many["queries"] / PEOPLE, "queries", 0.1),
        Figure("emails received", many["sent"], "emails"),
    ]


def _measured(people: int) -> dict[str, float]:
    with TemporaryDirectory() as folder, _mail_server() as server:
        measured("reminders:prepare", folder, people)
        found = measured("reminders:remind", folder, server.port, people)
    return found.result | {"peak": found.peak_mb, "server": server.cpu}


def prepare(folder: str, people: int) -> dict[str, float]:
    """Store a session and the people who are registered for it."""
    config = Config(home=Path(folder))
    with closing(open_database(config.database_url)) as database:
        database.migrate()
        data = SessionData(
            curriculum=PATH.key, topic="hearings", part="", online=True, in_person=False,
            times=Times(START, START + timedelta(hours=2), "UTC"),
        )  # fmt: skip
        with database.transaction() as session:
            office = office_of(config, [PATH], "bench", NOW)
            number = scheduling.create(session, office, data)
            scheduling.open_registration(session, office, number)
        for table, rows in _people(people, number).items():
            with database.transaction() as session:
                session.execute(insert(table), rows)
    return {}


def remind(folder: str, port: int, people: int) -> dict[str, float]:
    """Queue and send the reminders of one day before."""
    mail = {"host": "127.0.0.1", "port": port, "security": "none"}
    config = Config.model_validate({"home": folder, "mail": mail})
    with closing(open_database(config.database_url)) as database:
        started, used = time.perf_counter(), time.process_time()
        with counted() as counts:
            run_deadlines(database, config, [PATH], lambda: DAY_BEFORE)
        queued = time.perf_counter()
        with counted() as sending:
            sent = run_outbox(database, config, lambda: DAY_BEFORE)
        ended = time.perf_counter()
        with database.reading() as session:
            mine = (OutboxEmail.kind == REMINDER, OutboxEmail.state == "done")
            done = session.scalar(select(func.count()).where(*mine)) or 0
    assert done == sent["done"] == people, (done, sent)
    return {
        "queue": queued - started, "send": ended - queued, "queries": counts["queries"],
        "sent": done, "cpu": time.process_time() - used, "transactions": sending["transactions"],
    }  # fmt: skip


def _people(count: int, number: int) -> dict[type[Base], list[dict[str, object]]]:
    """People without an account, registered for the session."""
    now = NOW
    return {
        Person: [
            {"id": n, "name": f"Kim Example {n}", "name_key": f"kim example {n}",
             "email": f"p{n}@people.example", "email_key": f"p{n}@people.example",
             "language": "en", "proof": "link", "proved_at": now, "member_id": None, "link": "",
             "source": "self", "created_at": now, "updated_at": now}
            for n in range(1, count + 1)
        ],
        Registration: [
            {"id": n, "session_id": number, "person_id": n, "format": "online", "state": "seated",
             "position": n, "sequence": 0, "joined_at": None, "created_at": now}
            for n in range(1, count + 1)
        ],
        RegistrationChange: [
            {"registration_id": n, "at": now, "actor": "bench", "format": "online",
             "state": "seated", "reason": "registered"}
            for n in range(1, count + 1)
        ],
    }  # fmt: skip


@dataclass(slots=True)
class _Server:
    """`cpu`: its processor time in seconds, once it has ended."""

    port: int
    cpu: float = 0


@contextmanager
def _mail_server() -> Iterator[_Server]:
    """A mail server in its own process that takes everything."""
    command = [sys.executable, "-m", "tests.bench.reminders"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        server = _Server(int(process.stdout.readline()))
        try:
            yield server
        finally:
            process.stdin.close()
            server.cpu = float(process.stdout.readline())


if __name__ == "__main__":
    with unreliable_smtp() as server:
        print(server.port, flush=True)  # noqa: T201
        sys.stdin.read()
        print(time.process_time(), flush=True)  # noqa: T201
