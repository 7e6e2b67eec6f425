"""Emails in the outbox are sent once, retried, or given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import text

from bridge.config import Config, UnionSettings
from bridge.errors import ConfigError, MailError, StewardpathError
from bridge.features import FEATURES
from bridge.features.registers import all_emails
from bridge.foundations.forms.feature import CLOSING
from bridge.jobs.cleanup import delete_expired
from bridge.jobs.tasks import run_outbox
from bridge.store.database import Database, open_database
from bridge.store.delivery import outbox
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.workflows.delivery import outbox as job
from bridge.workflows.delivery.email_queue import queue_email, queue_email_to_person
from tests.store.sample_members import ANNA, add

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONTACT = {
    "region_name": "North", "name": "Kim", "email": "kim@example.org", "phone": "", "about": "",
    "message": "Call me.", "reply_to": "kim@example.org",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path, union=UnionSettings(name="Example Union"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/stewardpath.db")
    database.migrate()
    yield database
    database.close()


def enqueue(database: Database, kind: str, payload: dict[str, object]) -> None:
    with database.transaction() as session:
        outbox.enqueue(session, kind, "chair@example.org", "fr", payload, NOW)


def sent_files(config: Config) -> list[str]:
    return [file.name for file in sorted(config.path(config.mail.folder).glob("*.eml"))]


def run(database: Database, config: Config, later: timedelta = timedelta()) -> dict[str, int]:
    return run_outbox(database, config, lambda: NOW + later)


def test_an_email_is_sent_once_in_its_language(database: Database, config: Config) -> None:
    enqueue(database, "contact", dict(CONTACT))
    assert run(database, config) == {"done": 1}
    assert run(database, config) == {}
    [name] = sent_files(config)
    assert name == "email-1@127.0.0.1.eml"
    content = (config.path(config.mail.folder) / name).read_bytes()
    mail = message_from_bytes(content, policy=default)
    assert mail["To"] == "chair@example.org"
    assert mail["Reply-To"] == "kim@example.org"
    assert mail["Subject"] == "Kim demande à être contacté·e"


def test_an_email_of_an_unknown_kind_is_given_up(database: Database, config: Config) -> None:
    enqueue(database, "no-such-kind", {})
    assert run(database, config) == {"never": 1}


def test_an_email_whose_template_is_broken_is_retried(database: Database, config: Config) -> None:
    enqueue(database, "sign-in", {"link": "https://path.example/signin/x"})
    assert run(database, config) == {"configuration": 1}


@pytest.mark.parametrize(
    ("error", "resolution", "wait"),
    [
        (MailError("busy", again=True), "later", 30),
        (ConfigError("password"), "configuration", 300),
        (MailError("no such mailbox", again=False), "never", None),
    ],
)
def test_the_error_decides_when_it_is_retried(
    database: Database,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    error: StewardpathError,
    resolution: str,
    wait: int | None,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    enqueue(database, "contact", dict(CONTACT))
    with monkeypatch.context() as broken:
        broken.setattr(job, "build_message", refuse)
        assert run(database, config) == {resolution: 1}
    assert run(database, config, timedelta(seconds=(wait or 9999) - 1)) == {}
    if wait:
        assert run(database, config, timedelta(seconds=wait)) == {"done": 1}


def test_a_stop_releases_what_was_not_begun(database: Database, config: Config) -> None:
    for _ in range(3):
        enqueue(database, "contact", dict(CONTACT))
    stops = iter([False, True, True])
    resolutions = run_outbox(database, config, lambda: NOW, stopped=lambda: next(stops))
    assert resolutions == {"done": 1}
    assert run(database, config) == {"done": 2}


def test_old_emails_are_deleted(database: Database, config: Config) -> None:
    enqueue(database, "contact", dict(CONTACT))
    run(database, config)
    delete_expired(database, NOW + timedelta(days=31))
    enqueue(database, "contact", dict(CONTACT))
    run(database, config)
    assert sent_files(config) == ["email-1@127.0.0.1.eml", "email-2@127.0.0.1.eml"]


def states(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        query = text("SELECT state, reason, attempts FROM outbox_email ORDER BY id")
        return [tuple(row) for row in session.execute(query)]


def test_an_unexpected_error_does_not_stop_the_others(
    database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose(email: object, **given: object) -> EmailMessage:
        if given["message_id"] == "email-2@127.0.0.1":
            raise IndexError("chair@example.org")
        return real(email, **given)  # type: ignore[arg-type]

    real = job.compose
    monkeypatch.setattr(job, "compose", compose)
    for _ in range(3):
        enqueue(database, "contact", dict(CONTACT))
    assert run(database, config) == {"done": 2, "later": 1}
    with database.reading() as session:
        error = session.scalar(text("SELECT last_error FROM outbox_email WHERE id = 2"))
    assert "unexpected error IndexError at bridge.workflows.delivery.outbox:" in error
    assert "chair@" not in error


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"a": "\xff"}'])
def test_an_unreadable_payload_does_not_stop_the_others(
    database: Database, config: Config, payload: bytes
) -> None:
    for _ in range(3):
        enqueue(database, "contact", dict(CONTACT))
    with database.transaction() as session:
        session.execute(
            text("UPDATE outbox_email SET payload = CAST(:p AS TEXT) WHERE id = 2"), {"p": payload}
        )
    assert run(database, config)["done"] == 2
    assert [each[0] for each in states(database)] == ["done", "failed", "done"]


def test_a_mail_server_that_is_down_gets_three_calls(
    database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ServerDown:
        def send(self, _message: object) -> None:
            raise MailError("no connection", again=True)

    monkeypatch.setattr(job, "open_mailer", lambda _: nullcontext(ServerDown()))
    for _ in range(9):
        enqueue(database, "contact", dict(CONTACT))
    assert run(database, config) == {"later": 3}
    assert states(database) == [("owed", "later", 1)] * 3 + [("owed", "later", 0)] * 6
    monkeypatch.undo()
    assert run(database, config, timedelta(minutes=1)) == {"done": 9}


ICS = "BEGIN:VCALENDAR\r\nMETHOD:{}\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(("method", "resolution"), [("REQUEST", "done"), ("CANCEL", "never")])
def test_a_calendar_entry_is_sent_if_it_is_what_it_says(
    database: Database, config: Config, method: str, resolution: str
) -> None:
    content = ICS.format(method).encode()
    attachment = outbox.Attachment("invite.ics", "text/calendar; method=REQUEST", content)
    with database.transaction() as session:
        person = records.find_or_add(session, PersonRecord("Kim", "kim@example.org"), NOW).id
        words = {"name": "Kim", "link": "https://x.example", "days": 7}
        key = EmailKey(person, "session:1", 1)
        for _ in range(2):
            queue_email_to_person(
                session, "confirm-person", key, "en", words, NOW, attachment=attachment
            )
    assert run(database, config) == {resolution: 1}
    for name in sent_files(config):
        raw = (config.path(config.mail.folder) / name).read_bytes()
        parts = list(message_from_bytes(raw, policy=default).walk())
        assert parts[-2]["Content-Type"].params["method"] == method
        assert parts[-1].get_content() == content


def test_a_member_who_has_left_gets_no_reminders_but_what_they_asked_for(
    database: Database, config: Config
) -> None:
    """The digest goes to those that the configuration names."""
    emails = all_emails(FEATURES)
    anna = ANNA.email
    with database.transaction() as session:
        add(session, [ANNA])
        closing = {"first_name": "Anna", "personal": False, "title": "T", "day": "2027-04-30"}
        week = {"region_name": "N", "first": "2026-03-02", "last": "2026-03-08", "joined": 4}
        queue_email(session, CLOSING, anna, "en", {**closing, "link": "x"}, NOW, emails=emails)
        digest = {**week, "milestones": [], "link": "x"}
        queue_email(session, "digest", anna, "en", digest, NOW)
        queue_email(session, "shared-address", anna, "en", {"contact": anna}, NOW)
        upsert_members(session, [replace(ANNA, status="left")], NOW)
    assert run(database, config) == {"done": 2}
    with database.reading() as session:
        rows = session.execute(text("SELECT kind, state, reason FROM outbox_email ORDER BY id"))
        assert [tuple(row) for row in rows] == [
            ("form-closing", "done", "left"),
            ("digest", "done", ""),
            ("shared-address", "done", ""),
        ]
