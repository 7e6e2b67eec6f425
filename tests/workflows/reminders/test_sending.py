"""Reminders: what they say, and never more often than the settings allow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.config_sections import ReminderSettings
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.text import plain_text
from bridge.store.database import Database, open_database
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.waiting_members import WaitingMember, waiting_members
from bridge.store.operations import cursors
from bridge.store.persons import mailings, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.learning import Reminder
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from bridge.workflows.reminders import sending as workflow
from bridge.workflows.reminders.sending import remind, send_automatic_reminders
from tests.store.conftest import db as db
from tests.store.conftest import two_members as two_members
from tests.store.conftest import url as url
from tests.store.sample_members import NOW
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section

LATER = NOW + timedelta(days=20)
CONFIG = Config(reminders=ReminderSettings(automatic=True, after_days=14, every_days=30))


def path() -> Curriculum:
    first = milestone("first", section("begin", page("read"), quiz("check", "q")))
    group = AtLeast(1, (SignedOff("met", plain_text("Met us")), ActivityDone("read")))
    return curriculum(replace(first, requirements=(ActivityDone("check"), group)))


@pytest.fixture
def waiting(db: Database, two_members: list[int]) -> list[int]:
    """Anna and Ben have worked on the first milestone for 20 days, when it's LATER."""
    with db.transaction() as session:
        request_enrolments(session, [(one, "path", "first") for one in two_members], NOW)
    return two_members


def rows(db: Database) -> list[WaitingMember]:
    with db.reading() as session:
        return waiting_members(session, {("path", "first"): ()}, None, 10, since=LATER)


def reminders(db: Database) -> list[tuple[int, str]]:
    with db.reading() as session:
        found = session.scalars(select(Reminder).order_by(Reminder.id)).all()
        return [(each.member_id, each.sent_by) for each in found]


def emails(db: Database) -> Sequence[OutboxEmail]:
    with db.reading() as session:
        return session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)).all()


def send(db: Database, days: float = 0) -> dict[str, int]:
    found = remind(db, CONFIG, [path()], rows(db), "chair@example.org", LATER + timedelta(days))
    return dict(found)


def test_each_member_gets_an_email_with_what_is_missing(db: Database, waiting: list[int]) -> None:
    with db.transaction() as session:
        done = [CompletionRecord(waiting[0], "path", "check", True, 90.0, NOW)]
        upsert_completions(session, done)
    assert send(db) == {"queued": 2}
    anna, ben = emails(db)
    assert (anna.kind, anna.email, ben.language) == ("reminder", "anna@example.org", "fr")
    group = {
        "kind": "group",
        "least": 1,
        "parts": [{"kind": "signoff", "title": "Met us"}, {"kind": "page", "title": "Page read"}],
    }
    assert anna.payload["missing"] == [group]
    assert ben.payload["missing"] == [{"kind": "quiz", "title": "Quiz check"}, group]
    assert [each.reminded for each in rows(db)] == [LATER, LATER]
    with db.reading() as session:
        audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "reminded")).all()
    assert {each.member_id for each in audited} == set(waiting)


def test_nobody_is_reminded_again_too_soon(db: Database, waiting: list[int]) -> None:
    assert send(db) == {"queued": 2}
    assert send(db, days=29.9) == {"recent": 2}
    assert len(emails(db)) == 2
    assert send(db, days=30) == {"queued": 2}


def test_by_hand_counts_for_the_automatic_ones(db: Database, waiting: list[int]) -> None:
    send(db)
    assert send_automatic_reminders(db, CONFIG, [path()], LATER + timedelta(days=1)) == 0
    assert send_automatic_reminders(db, CONFIG, [path()], LATER + timedelta(days=31)) == 2


def test_those_who_unsubscribed_get_none(db: Database, waiting: list[int]) -> None:
    with db.transaction() as session:
        person = records.person_of_member(session, waiting[0], NOW)
        mailings.set_active(
            session, mailings.subscribe(session, person, "reminders", NOW).token, False, NOW
        )
    assert send(db) == {"queued": 1, "unsubscribed": 1}
    assert [member for member, _ in reminders(db)] == [waiting[1]]


def test_those_who_have_done_all_get_none(db: Database, waiting: list[int]) -> None:
    shown = rows(db)
    with db.transaction() as session:
        for key in ("check", "read"):
            done = [CompletionRecord(waiting[0], "path", key, True, 90.0, NOW)]
            upsert_completions(session, done)
    found = remind(db, CONFIG, [path()], shown, "chair@example.org", LATER)
    assert dict(found) == {"queued": 1, "nothing-missing": 1}


def test_two_people_at_once_remind_everyone_once(
    url: str, db: Database, waiting: list[int]
) -> None:
    shown, together = rows(db), threading.Barrier(2)

    def work() -> None:
        other = open_database(url)
        together.wait()
        remind(other, CONFIG, [path()], shown, "x", LATER)
        other.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(member for member, _ in reminders(db)) == sorted(waiting)
    assert len(emails(db)) == 2


def test_after_a_kill_the_others_are_reminded(
    db: Database, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, killed = workflow.audit_log.write, []

    def stop(*args: object) -> None:
        if killed:
            raise KeyboardInterrupt
        killed.append(1)
        real(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(workflow.audit_log, "write", stop)
        with pytest.raises(KeyboardInterrupt):
            send_automatic_reminders(db, CONFIG, [path()], LATER)
    assert len(emails(db)) == len(reminders(db)) == 1
    assert send_automatic_reminders(db, CONFIG, [path()], LATER + timedelta(hours=1)) == 1
    assert {member for member, _ in reminders(db)} == set(waiting)
    assert {by for _, by in reminders(db)} == {"stewardpath"}


def test_automatic_ones_are_sent_once_a_day_after_eight_and_only_if_asked(
    db: Database, waiting: list[int]
) -> None:
    off = CONFIG.model_copy(update={"reminders": ReminderSettings()})
    assert send_automatic_reminders(db, off, [path()], LATER) == 0
    early = LATER.replace(hour=7)
    assert send_automatic_reminders(db, CONFIG, [path()], early) == 0
    too_few = ReminderSettings(automatic=True, after_days=21)
    assert (
        send_automatic_reminders(
            db,
            CONFIG.model_copy(update={"reminders": too_few}),
            [path()],
            LATER - timedelta(days=1),
        )
        == 0
    )
    assert send_automatic_reminders(db, CONFIG, [path()], LATER) == 2
    with db.reading() as session:
        assert cursors.get(session, "reminders").value == LATER.toordinal()


def test_those_who_have_left_meanwhile_get_none(db: Database, waiting: list[int]) -> None:
    shown = rows(db)
    with db.transaction() as session:
        session.get_one(Member, waiting[0]).status = "left"
    found = remind(db, CONFIG, [path()], shown, "chair@example.org", LATER)
    assert dict(found) == {"queued": 1, "left": 1}
    assert [member for member, _ in reminders(db)] == [waiting[1]]
