"""The job `deliver` sends the reports of the day: what their readers get, in their language."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from bridge.jobs.tasks import run_deliver
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.saved_filters import filters
from bridge.store.tables.persons import Person
from tests.support.job_environment import JobEnvironment

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANA = "ana@union.example"


def deliver(env: JobEnvironment) -> None:
    env.config = env.config.model_copy(update={"committee": (ANA,)})
    run_deliver(env.database, env.moodle, env.config, env.curricula, env.clock)


def test_the_report_arrives_once_in_the_readers_language(applied: JobEnvironment) -> None:
    with applied.database.transaction() as session:
        person = records.find_or_add(session, PersonRecord("Ana", ANA), MONDAY, "settings").id
        session.execute(update(Person).where(Person.id == person).values(language="fr"))
        row = filters.add(session, "dashboard.follow_up", "Nord", {}, ANA, False, MONDAY)
        row.every, row.day = "weekly", 1
        filters.set_recipients(session, row.id, [ANA], ANA, MONDAY)
    applied.time = MONDAY
    for _ in range(2):
        deliver(applied)
    [email] = [each for each in applied.emails() if "Nord" in str(each["Subject"])]
    assert email["To"] == ANA
    text = email.get_body(("plain",)).get_content()
    assert "2 mars 2026" in text
    assert "Se désabonner de ces courriels" in text
    assert "/committee/follow-up" in text
    assert email["List-Unsubscribe"]
