"""Reports are emailed once for each day of their schedule, to those who may read them now."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bridge.access.roles import Role
from bridge.config import Config, Contact, Region
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.database import Database, open_database
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.persons import mailings
from bridge.store.saved_filters import filters
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from bridge.workflows.saved_reports import changes
from bridge.workflows.saved_reports import sending as workflow
from bridge.workflows.saved_reports.changes import NewFilter, Settings
from bridge.workflows.saved_reports.sending import send_due_reports
from tests.store.conftest import db as db
from tests.store.conftest import two_members as two_members
from tests.store.conftest import url as url
from tests.store.sample_members import NOW
from tests.support.sample_curricula import curriculum, milestone, page, section

ANA, AUDITOR, CHAIR = "ana@union.example", "au@union.example", "chair@union.example"
CONFIG = Config(
    committee=(ANA,),
    auditors=(AUDITOR,),
    timezone="America/Toronto",
    regions={
        "north": Region(name="North", chair=Contact(name="The Chair", email=CHAIR)),
        "south": Region(name="South"),
    },
)
PATHS = [curriculum(milestone("first", section("begin", page("read"))))]
WEEK = timedelta(days=7)
WHERE, FOLLOW_UP, COVERAGE = "reports.who_is_where", "dashboard.follow_up", "reports.coverage"


def setup(db: Database, *people: str, page: str = WHERE, owner: str = ANA, **chosen: str) -> int:
    """A report that is emailed every Sunday, as NOW is one."""
    with db.transaction() as session:
        row = changes.save(session, NewFilter("My report", page, chosen), owner, NOW)
        weekly = Settings("My report", False, "weekly", 7, people or (ANA,))
        changes.change(session, CONFIG, row.id, 1, weekly, owner, NOW)
        return row.id


def emails(db: Database) -> Sequence[OutboxEmail]:
    with db.reading() as session:
        return session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)).all()


def stored(db: Database) -> SavedFilter:
    with db.reading() as session:
        return session.scalars(select(SavedFilter)).one()


def left_out(db: Database) -> dict[str, str]:
    with db.reading() as session:
        rows = session.scalars(select(SavedFilterRecipient)).all()
        return {each.email: each.left_out for each in rows}


def give(db: Database, role: Role, email: str) -> None:
    with db.transaction() as session:
        row = TeamRoleRow(0, email, "Kim", role, "", ANA, [], NOW, "", NOW, NOW)
        team.give(session, row)


def actions(db: Database) -> list[str]:
    with db.reading() as session:
        return [each.action for each in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_nothing_is_sent_before_the_next_day(db: Database) -> None:
    setup(db)
    assert send_due_reports(db, CONFIG, PATHS, NOW) == 0
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 1
    assert stored(db).done_on == date(2026, 3, 8)


def test_it_is_sent_once_however_often_the_job_runs(db: Database) -> None:
    setup(db)
    for minutes in range(0, 60 * 24, 240):
        send_due_reports(db, CONFIG, PATHS, NOW + WEEK + timedelta(minutes=minutes))
    assert len(emails(db)) == 1


def test_after_weeks_without_a_service_it_is_sent_late_and_once(db: Database) -> None:
    setup(db)
    late = NOW + 5 * WEEK + timedelta(days=3)
    assert [send_due_reports(db, CONFIG, PATHS, late) for _ in range(3)] == [1, 0, 0]
    assert stored(db).done_on == date(2026, 4, 5)


def test_two_processes_send_it_once(db: Database, url: str) -> None:
    setup(db, ANA, AUDITOR)
    start, queued = threading.Barrier(2), list[int]()

    def run() -> None:
        own = open_database(url)
        start.wait()
        queued.append(send_due_reports(own, CONFIG, PATHS, NOW + WEEK))
        own.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(queued) == [0, 2]
    assert len(emails(db)) == 2


def test_after_a_kill_it_is_sent_in_full_and_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup(db, ANA, AUDITOR)
    queue, seen = workflow.queue_email_to_person, list[object]()

    def killed(*args: object, **rest: object) -> bool:
        if seen:
            raise KeyboardInterrupt
        seen.append(args)
        return queue(*args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(workflow, "queue_email_to_person", killed)
    with pytest.raises(KeyboardInterrupt):
        send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    assert emails(db) == []
    monkeypatch.setattr(workflow, "queue_email_to_person", queue)
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 2
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 0


def test_a_clock_that_was_a_year_ahead_holds_nothing_up(db: Database) -> None:
    setup(db)
    send_due_reports(db, CONFIG, PATHS, NOW + 52 * WEEK)
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 1
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 0
    assert send_due_reports(db, CONFIG, PATHS, NOW + 2 * WEEK) == 1


def test_everyone_gets_the_numbers_of_their_own_regions(
    db: Database, two_members: list[int]
) -> None:
    setup(db, ANA, CHAIR)
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    found = {each.email: each.payload for each in emails(db)}
    assert found[ANA]["regions"] == [["North", 1], ["east", 1]]
    assert (found[CHAIR]["regions"], found[CHAIR]["total"]) == ([["North", 1]], 1)
    assert found[ANA]["link"] == f"{CONFIG.service.url}/committee/who-is-where"


def test_an_email_has_no_names(db: Database, two_members: list[int]) -> None:
    setup(db)
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    assert "Anna" not in str(emails(db)[0].payload)


def test_members_who_wait_are_counted_once(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        wanted = [(one, "path", "first") for one in two_members]
        request_enrolments(session, wanted, NOW - timedelta(days=100))
    setup(db, page=FOLLOW_UP, waiting="90", milestone="path:first")
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    [email] = emails(db)
    assert (email.payload["report"], email.payload["total"]) == ("follow-up", 2)
    assert str(email.payload["link"]).endswith("?waiting=90&milestone=path%3Afirst")


def test_gaps_of_the_coverage_are_counted(db: Database) -> None:
    setup(db, page=COVERAGE)
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    [email] = emails(db)
    assert (email.payload["report"], email.payload["total"]) == ("coverage", 0)


def test_someone_whose_role_has_ended_gets_none(db: Database) -> None:
    give(db, "auditor", "kim@union.example")
    setup(db, ANA, "kim@union.example")
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    assert left_out(db) == {ANA: "", "kim@union.example": ""}
    with db.transaction() as session:
        [row] = team.all_roles(session)
        team.remove(session, row.id)
    assert send_due_reports(db, CONFIG, PATHS, NOW + 2 * WEEK) == 1
    assert left_out(db) == {ANA: "", "kim@union.example": "role"}


def test_an_invitation_that_nobody_accepted_opens_no_report(db: Database) -> None:
    invited = TeamRoleRow(0, "kim@union.example", "Kim", "auditor", "", ANA, [], NOW, "", NOW, None)
    setup(db)
    with db.transaction() as session:
        team.give(session, invited)
        filters.set_recipients(session, stored(db).id, [ANA, invited.email], ANA, NOW)
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 1
    assert left_out(db)["kim@union.example"] == "role"


def test_someone_who_unsubscribed_gets_none_and_the_owner_sees_why(db: Database) -> None:
    setup(db, ANA, AUDITOR)
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    with db.transaction() as session:
        person = session.scalars(select(Person).where(Person.email_key == AUDITOR)).one()
        [mine] = mailings.subscriptions_of(session, person.id)
        assert mine.mailing == "saved-reports"
        mailings.set_active(session, mine.token, False, NOW)
    assert send_due_reports(db, CONFIG, PATHS, NOW + 2 * WEEK) == 1
    assert left_out(db)[AUDITOR] == "unsubscribed"


def test_it_stops_when_nobody_is_left(db: Database) -> None:
    setup(db, AUDITOR)
    without = CONFIG.model_copy(update={"auditors": ()})
    assert send_due_reports(db, without, PATHS, NOW + WEEK) == 0
    assert stored(db).stopped_because == "nobody"
    assert actions(db)[-1] == "report-stopped"
    assert send_due_reports(db, CONFIG, PATHS, NOW + 2 * WEEK) == 0


def test_it_stops_when_the_owner_may_not_read_it_any_more(db: Database) -> None:
    number = setup(db, AUDITOR)
    without = CONFIG.model_copy(update={"committee": ("lee@union.example",)})
    assert send_due_reports(db, without, PATHS, NOW + WEEK) == 0
    assert stored(db).stopped_because == "owner"
    with db.transaction() as session:
        changes.resume(session, without, number, "lee@union.example", NOW + WEEK)
    assert send_due_reports(db, without, PATHS, NOW + 2 * WEEK) == 1


@pytest.mark.parametrize(
    "chosen", [{"region": "gone"}, {"milestone": "path:gone"}, {"role": "gone"}, {"colour": "red"}]
)
def test_it_stops_rather_than_tell_about_more_people(db: Database, chosen: dict[str, str]) -> None:
    setup(db)
    with db.transaction() as session:
        session.execute(update(SavedFilter).values(chosen=chosen))
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 0
    assert stored(db).stopped_because == "filter"


def test_a_chair_gets_nothing_about_another_region(db: Database) -> None:
    setup(db, ANA, region="south")
    with db.transaction() as session:
        filters.set_recipients(session, stored(db).id, [ANA, CHAIR], ANA, NOW)
    assert send_due_reports(db, CONFIG, PATHS, NOW + WEEK) == 1
    assert left_out(db)[CHAIR] == "region"


def test_each_sending_is_in_the_audit_log_with_the_person(db: Database) -> None:
    setup(db, ANA, AUDITOR)
    send_due_reports(db, CONFIG, PATHS, NOW + WEEK)
    with db.reading() as session:
        sent = session.scalars(select(AuditEntry).where(AuditEntry.action == "report-emailed"))
        found = {each.person_id for each in sent}
        people = set(session.scalars(select(Person.id)))
    assert found == people
    assert len(people) == 2
