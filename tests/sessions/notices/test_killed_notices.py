"""After a kill between any two lines, everyone gets each notice, and at most one gets it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

from bridge.config import Config
from bridge.jobs.tasks import run_outbox
from bridge.sessions.notices import announcements, reminders, run, senders
from bridge.store.database import open_database
from bridge.workflows.delivery import outbox
from tests.foundations.killed_process import kill_at_line
from tests.sessions.environment import DATA, PATH, ZONE, Union, times
from tests.sessions.notices.environment import add_members, send_all

MODULES = {each.__file__ for each in (announcements, reminders, run, senders, outbox)}
STRIDE = 29
DAY_BEFORE = times().since - timedelta(days=1)
MEMBERS = [f"M{number}" for number in range(5)]
CONFIG = Config(timezone=ZONE)


class Recorder:
    """A mail server that writes down whom it took an email for, and about what."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def send(self, message: EmailMessage) -> None:
        with self.file.open("a") as lines:
            lines.write(f"{str(message['Subject']).partition(':')[0]} {message['To']}\n")


def job(folder: Path) -> None:
    """Queue and send, in small batches; the second time after the leases of the first."""
    again = (folder / "again").exists()
    now = DAY_BEFORE + timedelta(minutes=20) * again
    database = open_database(f"sqlite:///{folder}/store.db")

    @contextmanager
    def mailer(_config: Config) -> Iterator[Recorder]:
        yield Recorder(folder / "sent")

    def clock() -> datetime:
        return now

    with (
        patch.object(announcements, "BATCH_SIZE", 2), patch.object(reminders, "BATCH_SIZE", 2),
        patch.object(outbox, "open_mailer", mailer), patch.object(outbox, "EMAIL_BATCH_SIZE", 3),
    ):  # fmt: skip
        run.send_notices(CONFIG, [PATH], database, now)
        run_outbox(database, CONFIG, clock)
    database.close()


def prepare(file: Path) -> None:
    """Five members who get an announcement, and three people who get a reminder."""
    database = open_database(f"sqlite:///{file}")
    union = Union(database, config=CONFIG)
    number = union.schedule(replace(DATA, seats_online=9))
    for person in union.people(3):
        union.register(number, person)
    add_members(union, MEMBERS)
    send_all(union)
    database.close()


def test_killed_while_notices_are_queued_and_sent(tmp_path: Path, sqlite_template: Path) -> None:
    template = tmp_path / "template.db"
    template.write_bytes(sqlite_template.read_bytes())
    prepare(template)
    expected = {f"Hearings {each.lower()}@union.example" for each in MEMBERS} | {
        f"Reminder p{number}@people.example" for number in range(3)
    }
    line, kills, killed = 1, 0, True
    while killed:
        folder = tmp_path / f"run-{line}"
        folder.mkdir()
        (folder / "store.db").write_bytes(template.read_bytes())
        killed = kill_at_line(job, folder, MODULES, line)
        (folder / "again").touch()
        job(folder)
        sent = Counter((folder / "sent").read_text().splitlines())
        assert set(sent) == expected, line
        assert sent.total() <= len(expected) + 1, line
        kills, line = kills + killed, line + STRIDE
    assert kills > 10
