"""What Moodle has lost is carried out again; what someone may have meant is listed."""

from __future__ import annotations

import pytest

from bridge.store.delivery import differences
from bridge.store.delivery.differences import ListedDifference
from bridge.workflows.delivery_check.check import Report, check_deliveries
from bridge.workflows.delivery_check.replaced_objects import queue_for_replaced_objects
from tests.support.job_environment import JobEnvironment, person

LOST = {
    "cohort": ("DELETE FROM cohortmember WHERE userid = ?", "cohortmember"),
    "plan": ("DELETE FROM plan WHERE userid = ?", "plan"),
    "competency": ("DELETE FROM usercompetency WHERE userid = ?", "usercompetency"),
}
MEANT = {
    "unenrolled": "DELETE FROM enrolment WHERE userid = ?",
    "suspended": "UPDATE enrolment SET suspended = 1 WHERE userid = ?",
    "revoked": "DELETE FROM badgeissued WHERE userid = ?",
    "not-proficient": "UPDATE usercompetency SET proficiency = 0 WHERE userid = ?",
    "account-suspended": "UPDATE user SET suspended = 1 WHERE id = ?",
}


def check(env: JobEnvironment, max_share: float = 0.5, *, change: bool = True) -> Report:
    return check_deliveries(
        env.database, env.moodle, env.curricula, max_share=max_share, clock=env.clock, change=change
    )


def listed(env: JobEnvironment, *, answered: bool = False) -> list[ListedDifference]:
    with env.database.reading() as session:
        return differences.list_differences(session, 100, answered=answered)


def answer(env: JobEnvironment, given: differences.DifferenceAnswer) -> differences.Result:
    with env.database.transaction() as session:
        ids = [row.id for row in differences.list_differences(session, 100)]
        ids += [row.id for row in differences.list_differences(session, 100, answered=True)]
        return differences.answer(session, ids, given, "chair", env.time)


def test_nothing_is_done_when_everything_is_true(settled: JobEnvironment) -> None:
    settled.site.faults.clear()
    report = check(settled)
    assert report.checked["enrol"] == 4
    assert not report.queued + report.differs
    assert not report.hidden
    assert settled.states().keys() == {"done"}
    assert settled.site.writes == []


@pytest.mark.parametrize("kind", sorted(LOST))
def test_what_is_lost_is_carried_out_again_once(settled: JobEnvironment, kind: str) -> None:
    sql, table = LOST[kind]
    user = settled.user("N1")
    count = f"SELECT count(*) FROM {table} WHERE userid = ?"
    before = settled.site.one(count, user)
    settled.site.do(sql, user)
    report = check(settled)
    assert report.queued == {kind: before}
    assert settled.states()["owed"] == before
    check(settled)
    assert settled.states()["owed"] == before, "nothing is queued twice"
    settled.deliver()
    assert settled.site.one(count, user) == before
    assert not check(settled).queued


@pytest.mark.parametrize("what", sorted(MEANT))
def test_what_someone_may_have_meant_is_listed(settled: JobEnvironment, what: str) -> None:
    user = settled.user("N1")
    settled.site.do(MEANT[what], user)
    found_at = settled.time
    check(settled)
    settled.advance_time()
    check(settled)
    rows = listed(settled)
    assert {row.what for row in rows} == {what}
    assert {row.number for row in rows} == {"N1"}
    assert {row.found_at for row in rows} == {found_at}, "the first time it was seen"
    assert settled.states().keys() == {"done"}, "nothing is queued"


def test_left_so_is_remembered_and_can_be_undone(settled: JobEnvironment) -> None:
    user = settled.user("N1")
    settled.site.do(MEANT["unenrolled"], user)
    check(settled)
    answer(settled, "leave")
    settled.advance_time()
    check(settled)
    assert not listed(settled)
    assert [row.answer for row in listed(settled, answered=True)] == ["leave", "leave"]
    answer(settled, "again")
    settled.deliver()
    assert settled.site.one("SELECT count(*) FROM enrolment WHERE userid = ?", user) == 2
    settled.advance_time()
    check(settled)
    assert not listed(settled, answered=True), "it is true again, so nothing is left to decide"


def test_carried_out_again_and_taken_away_again_is_asked_again(settled: JobEnvironment) -> None:
    settled.site.do(MEANT["revoked"], settled.user("N1"))
    check(settled)
    answer(settled, "again")
    settled.deliver()
    settled.advance_time()
    settled.site.do(MEANT["revoked"], settled.user("N1"))
    check(settled)
    assert [row.what for row in listed(settled)] == ["revoked"]


def test_again_can_be_stopped_until_it_is_carried_out(settled: JobEnvironment) -> None:
    settled.site.do(MEANT["revoked"], settled.user("N1"))
    check(settled)
    answer(settled, "again")
    assert settled.states()["owed"] == 1
    assert answer(settled, "leave").changed
    assert settled.states()["owed"] == 0
    answer(settled, "again")
    settled.deliver()
    assert set(answer(settled, "leave").refused.values()) == {differences.CARRIED_OUT}


def test_a_suspended_account_is_not_changed(settled: JobEnvironment) -> None:
    settled.site.do(MEANT["account-suspended"], settled.user("N1"))
    check(settled)
    assert set(answer(settled, "again").refused.values()) == {differences.IN_MOODLE_ONLY}
    assert answer(settled, "leave").changed


def test_learners_of_a_course_that_was_created_again_are_enrolled_again(
    settled: JobEnvironment,
) -> None:
    user = settled.user("N3")
    course = settled.site.one("SELECT id FROM course WHERE idnumber = 'stewardpath:path:first'")
    settled.site.do("DELETE FROM enrolment WHERE courseid = ? AND userid = ?", course, user)
    check(settled)
    answer(settled, "leave")
    delete_course(settled, course)
    check(settled)
    assert settled.states().keys() == {"done"}, "there is no course to enrol in"
    settled.apply()
    assert queue_for_replaced_objects(
        settled.database, settled.moodle, settled.curricula, settled.time
    )
    settled.deliver()
    new = settled.site.one("SELECT id FROM course WHERE idnumber = 'stewardpath:path:first'")
    assert new != course
    enrolled = settled.site.rows("SELECT userid FROM enrolment WHERE courseid = ?", new)
    assert {u for (u,) in enrolled} == {settled.user("N1"), settled.user("N2")}
    settled.advance_time()
    check(settled)
    assert settled.states().keys() == {"done"}
    assert [row.number for row in listed(settled, answered=True)] == ["N3"], "it is still left so"


def test_the_nightly_check_finds_a_course_that_was_created_again(settled: JobEnvironment) -> None:
    delete_course(settled, 2)
    settled.apply()
    assert check(settled).replaced == 3
    settled.deliver()
    assert not check(settled).replaced


def delete_course(env: JobEnvironment, course: int) -> None:
    for table in ("activity", "enrolment", "section"):
        env.site.do(f"DELETE FROM {table} WHERE courseid = ?", course)
    env.site.do("DELETE FROM course WHERE id = ?", course)


def delete_user(env: JobEnvironment, number: str) -> int:
    user = env.user(number)
    for table in ("enrolment", "cohortmember", "plan", "usercompetency", "badgeissued"):
        env.site.do(f"DELETE FROM {table} WHERE userid = ?", user)
    env.site.do("UPDATE user SET deleted = 1, email = id, username = id WHERE id = ?", user)
    return user


@pytest.mark.parametrize("reported", [True, False])
def test_a_deleted_account_is_created_again_with_everything(
    settled: JobEnvironment, reported: bool
) -> None:
    user = delete_user(settled, "N1")
    if reported:
        settled.site.do(
            "INSERT INTO change (kind, userid, time) VALUES ('user-deleted', ?, 1)", user
        )
        settled.pull()
    report = check(settled)
    assert report.accounts == 1
    settled.deliver()
    new = settled.user("N1")
    assert new != user
    for table, count in {"enrolment": 2, "cohortmember": 1, "plan": 1, "badgeissued": 1}.items():
        assert settled.site.one(f"SELECT count(*) FROM {table} WHERE userid = ?", new) == count
    assert settled.states().keys() == {"done"}
    assert not check(settled).accounts
    messages = settled.site.one("SELECT count(*) FROM message WHERE toid = ?", new)
    assert messages == 0, "a message was sent once"


def test_members_who_left_are_not_checked(settled: JobEnvironment) -> None:
    delete_user(settled, "N2")
    settled.sign_up(person(2, status="left"))
    report = check(settled)
    assert (report.accounts, report.checked["account"]) == (0, 2)


def test_looking_changes_nothing(settled: JobEnvironment) -> None:
    settled.site.do(MEANT["unenrolled"], settled.user("N1"))
    settled.site.do(LOST["cohort"][0], settled.user("N1"))
    report = check(settled, change=False)
    assert (report.queued.total(), report.differs.total()) == (1, 2)
    assert not listed(settled)
    assert settled.states().keys() == {"done"}
