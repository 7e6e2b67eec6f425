"""Migration 0051 finds out what those who raised a point were sent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bridge.store.database import open_database
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import NOW

CONSULTATION = (
    "INSERT INTO consultation (id, curriculum, milestone, revision, draft, title, introduction,"
    " state, closes, zone, version, created_at, changed_at) VALUES (1, 'p', '', 'r', '{}', 'T',"
    " '', 'closed', :closes, 'UTC', 1, :at, :at)"
)
GROUP = (
    "INSERT INTO consultation_group (id, consultation_id, name, degree, channel, meeting)"
    " VALUES (1, 1, 'G', 'consulted', 'page', '')"
)
INVITATION = (
    "INSERT INTO consultation_invitation (id, consultation_id, group_id, person_id, state,"
    " invited_at, sent_at, entered_by, approval, approved_text, approval_note, version)"
    " VALUES (:id, 1, 1, :person, 'invited', :at, :sent, '', '', '', '', 1)"
)
ANSWER = (
    "INSERT INTO consultation_answer (invitation_id, point, choice, comment, changed_at)"
    " VALUES (:id, 'm/whole', 'drop', 'No.', :at)"
)
RESPONSE = (
    "INSERT INTO consultation_response (consultation_id, point, decision, text, version,"
    " sent_version, changed_at) VALUES (1, :point, 'adopted', 'Yes.', 2, :sent_version, :at)"
)


def test_who_has_sent_their_answers_was_sent_the_response(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0050")
    closes = datetime.fromisoformat("2026-06-01T17:00")
    with database.transaction() as session:
        session.execute(sa.text(CONSULTATION), {"closes": closes, "at": NOW})
        session.execute(sa.text(GROUP))
        for number, sent in ((1, NOW), (2, None)):
            record = PersonRecord("Kim", f"kim{number}@example.org")
            person = records.find_or_add(session, record, NOW).id
            values = {"id": number, "person": person, "at": NOW, "sent": sent}
            session.execute(sa.text(INVITATION), values)
            session.execute(sa.text(ANSWER), {"id": number, "at": NOW})
        for point, version in (("m/whole", 2), ("m/other", 1)):
            values = {"point": point, "sent_version": version, "at": NOW}
            session.execute(sa.text(RESPONSE), values)
    database.migrate()
    with database.reading() as session:
        told = "SELECT told_version FROM consultation_answer ORDER BY id"
        assert session.scalars(sa.text(told)).all() == [2, 0]
        sent = "SELECT sent_decision, sent_text FROM consultation_response ORDER BY id"
        assert [tuple(each) for each in session.execute(sa.text(sent))] == [
            ("adopted", "Yes."), ("", ""),
        ]  # fmt: skip
    migrate_to(database, "0050")
    database.close()
