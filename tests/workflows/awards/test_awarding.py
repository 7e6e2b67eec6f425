"""Awards are given once when earned, with evidence, and never withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from bridge.curriculum.library.renames import with_known_renames
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.membership.roles import HeldRole
from bridge.progress import evaluate, milestone_renames
from bridge.store.curricula.former_keys import known_renames
from bridge.store.learning.awards import count_awards
from bridge.store.learning.member_progress import facts_of
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members.roles import give_role
from bridge.workflows.awards import assess
from bridge.workflows.renames import remember_renames
from bridge.workflows.withdrawals import withdraw_award
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import curriculum, edited, milestone, page, quiz, section, small


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    """One member in the first course."""
    applied.sign_up(person(1))
    applied.deliver()
    return applied


def run_jobs(env: JobEnvironment) -> None:
    """Run pull and deliver, like the scheduler."""
    env.advance_time()
    env.pull()
    env.deliver()


def test_a_member_earns_every_milestone(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    run_jobs(ready)
    assert ready.awards() == [("N1", "first")]
    ready.finish("N1", "deep", 80.0)
    run_jobs(ready)
    assert ready.awards() == [("N1", "first"), ("N1", "second")]
    site = ready.site
    user = ready.user("N1")
    assert site.one("SELECT count(*) FROM cohortmember WHERE userid = ?", user) == 2
    assert site.one("SELECT count(*) FROM badgeissued WHERE userid = ?", user) == 2
    assert site.one("SELECT count(*) FROM message WHERE toid = ?", user) == 2
    assert site.one("SELECT count(*) FROM usercompetency WHERE proficiency = 1") == 2
    assert ready.states().keys() == {"done"}


def test_an_award_has_its_evidence_and_curriculum_revision(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.pull()
    ((evidence, revision),) = ready.rows("SELECT evidence, revision FROM award")
    assert '"activities": ["check"]' in evidence
    assert revision == "a" * 64


def test_an_earned_milestone_is_marked_on_the_enrolment(ready: JobEnvironment) -> None:
    still_open = "SELECT milestone FROM enrolment WHERE earned_at IS NULL ORDER BY milestone"
    assert ready.rows(still_open) == [("first",)]
    ready.finish("N1", "check", 100.0)
    ready.pull()
    assert ready.rows(still_open) == [("second",)]


def test_a_failed_attempt_earns_nothing_and_the_best_grade_counts(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 69.0)
    run_jobs(ready)
    assert ready.awards() == []
    ready.finish("N1", "check", 70.0)
    run_jobs(ready)
    ready.finish("N1", "check", 10.0)
    run_jobs(ready)
    assert ready.awards() == [("N1", "first")]


def test_an_award_is_never_withdrawn(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    run_jobs(ready)
    harder = milestone("first", section("start", page("hello"), quiz("check"), quiz("more")))
    ready.curricula = [edited(small(), 0, harder)]
    ready.apply()
    ready.site.do("DELETE FROM completion")
    ready.reconcile()
    run_jobs(ready)
    assert ready.awards() == [("N1", "first")]
    assert ready.rows("SELECT revision FROM award") == [("a" * 64,)]
    ready.curricula = [curriculum(milestone("other", section("x", quiz("y"))))]
    run_jobs(ready)
    assert ready.awards() == [("N1", "first")]


def test_a_milestone_earned_by_an_edit_is_awarded_by_reconcile(ready: JobEnvironment) -> None:
    ready.finish("N1", "hello")
    run_jobs(ready)
    assert ready.awards() == []
    easier = milestone("first", section("start", page("hello")), requirements=())
    ready.curricula = [edited(small(), 0, easier)]
    ready.reconcile()
    assert ready.awards() == [("N1", "first")]


def test_a_renamed_milestone_and_quiz_keep_their_awards(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    ready.pull()
    renamed = milestone(
        "begun", section("start", page("hello"), quiz("test", previously="check")),
        previously="first",
    )  # fmt: skip
    second = replace(small().milestones[1], entry=replace(small().milestones[1].entry,
                                                          after=("begun",)))  # fmt: skip
    ready.curricula = [replace(small(), milestones=(renamed, second))]
    ready.apply()
    ready.deliver()
    ready.reconcile()
    run_jobs(ready)
    assert ready.awards() == [("N1", "first")]
    assert ready.states().keys() == {"done"}
    sql = "SELECT count(*) FROM cohortmember JOIN cohort ON cohort.id = cohortid WHERE idnumber = ?"
    assert ready.site.one(sql, "stewardpath:path:begun") == 1
    assert ready.site.one("SELECT count(*) FROM message") == 1
    courses = "SELECT idnumber FROM course JOIN enrolment ON courseid = course.id ORDER BY 1"
    assert ready.site.rows(courses) == [("stewardpath:path:begun",), ("stewardpath:path:second",)]


def test_whoever_was_unenrolled_is_not_enrolled_again_by_a_rename(ready: JobEnvironment) -> None:
    course = ready.site.one("SELECT id FROM course WHERE idnumber = 'stewardpath:path:first'")
    gone = [{"userid": ready.user("N1"), "courseid": course}]
    ready.moodle.call("enrol_manual_unenrol_users", {"enrolments": gone}, type(None))
    rename_milestone(ready, "begun", "first")
    rename_milestone(ready, "fresh", "begun")
    ready.finish("N1", "q-fresh", 100.0)
    run_jobs(ready)
    assert ready.awards() == [("N1", "fresh")]
    assert ready.rows("SELECT milestone, earned_at IS NULL FROM enrolment") == [("first", 0)]
    assert ready.rows("SELECT target FROM delivery WHERE kind = 'enrol'") == [
        ("stewardpath:path:first",)
    ]
    assert ready.site.one("SELECT count(*) FROM enrolment") == 0


def rename_milestone(ready: JobEnvironment, key: str, previously: str) -> None:
    """A release in which the first milestone and its quiz have another key."""
    lesson = section("start", page("hello"), quiz(f"q-{key}", previously=f"q-{previously}"))
    renamed = milestone(key, lesson, previously=previously)
    with ready.database.reading() as session:
        known = known_renames(session)
    ready.curricula = with_known_renames([replace(small(), milestones=(renamed,))], known)
    remember_renames(ready.database, ready.curricula, ready.time)
    ready.apply()
    ready.reconcile()
    run_jobs(ready)


@pytest.fixture
def renamed_twice(ready: JobEnvironment) -> JobEnvironment:
    lesson = section("start", page("hello"), quiz("q-first"))
    ready.curricula = [curriculum(milestone("first", lesson))]
    ready.apply()
    ready.finish("N1", "q-first", 100.0)
    ready.pull()
    run_jobs(ready)
    rename_milestone(ready, "begun", "first")
    return ready


def test_a_milestone_that_is_renamed_twice_is_awarded_once(renamed_twice: JobEnvironment) -> None:
    rename_milestone(renamed_twice, "fresh", "begun")
    assert renamed_twice.awards() == [("N1", "first")]
    assert renamed_twice.states().keys() == {"done"}
    assert renamed_twice.site.one("SELECT count(*) FROM message") == 1
    with renamed_twice.database.reading() as session:
        counted = count_awards(session, milestone_renames(renamed_twice.curricula))
    assert counted == {("path", "fresh"): 1}


def test_a_milestone_that_is_renamed_twice_stays_withdrawn(renamed_twice: JobEnvironment) -> None:
    with renamed_twice.database.transaction() as session:
        curricula, now = renamed_twice.curricula, renamed_twice.time
        assert withdraw_award(session, curricula, 1, "mistake", "test", now)
    rename_milestone(renamed_twice, "fresh", "begun")
    assert renamed_twice.awards() == [("N1", "first")]


def test_a_milestone_that_is_renamed_twice_is_kept_without_its_requirements(
    renamed_twice: JobEnvironment,
) -> None:
    with renamed_twice.database.transaction() as session:
        session.execute(text("DELETE FROM completion"))
    rename_milestone(renamed_twice, "fresh", "begun")
    (member,) = renamed_twice.rows("SELECT id FROM member")[0]
    with renamed_twice.database.reading() as session:
        facts = facts_of(session, "path", [member], renamed_twice.time.date())[member]
    nothing_done = replace(facts, activities=frozenset())
    assert evaluate(renamed_twice.curricula[0], nothing_done).earned == ("fresh",)


def test_progress_under_a_previous_key_counts(ready: JobEnvironment) -> None:
    ready.finish("N1", "check", 100.0)
    needs_two = milestone("first", section("start", quiz("check"), quiz("more")))
    ready.curricula = [edited(small(), 0, needs_two)]
    ready.apply()
    ready.pull()
    renamed = milestone("first", section("start", quiz("test", previously="check"), quiz("more")))
    ready.curricula = [edited(small(), 0, renamed)]
    ready.apply()
    ready.finish("N1", "more", 100.0)
    ready.pull()
    assert ready.awards() == [("N1", "first")]


def test_roles_and_signoffs_earn_milestones(ready: JobEnvironment) -> None:
    needs = (HasRole("steward"), AtLeast(1, (SignedOff("seen"), SignedOff("met"))))
    ready.curricula = [curriculum(milestone("first", section("start"), requirements=needs))]
    ((member,),) = ready.rows("SELECT id FROM member")
    with ready.database.transaction() as session:
        give_role(session, member, HeldRole("steward", since=date(2026, 1, 1)), "test", ready.time)
        assert assess(session, ready.curricula, [member], ready.time) == 0
        record_signoff(
            session, member, ready.curricula[0].key, "met", "Chair", "", "test", ready.time
        )
        assert assess(session, ready.curricula, [member], ready.time) == 1
        assert assess(session, ready.curricula, [member], ready.time) == 0
    assert ready.awards() == [("N1", "first")]


def test_a_role_that_comes_with_a_record_opens_a_course(ready: JobEnvironment) -> None:
    stewards = milestone("stewards", section("s", quiz("q")), role="steward")
    ready.curricula = [curriculum(small().milestones[0], stewards)]
    ready.sign_up(person(1))
    assert ready.rows("SELECT milestone FROM enrolment") == [("first",)]
    ready.sign_up(person(1, role="steward"))
    assert ready.rows("SELECT milestone FROM enrolment") == [("first",), ("stewards",)]
