"""What stops and what stays for people who left the union or aren't members yet."""

from __future__ import annotations

from dataclasses import replace

from bridge.curriculum.audience import Audience
from bridge.store.learning.waiting_members import waiting_members
from bridge.store.statistics import regions, weekly_digest
from bridge.workflows.delivery.weekly_digest import enqueue_digests
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import small


def enrolments(env: JobEnvironment) -> list[tuple[object, ...]]:
    return env.rows("SELECT milestone FROM enrolment ORDER BY milestone")


def test_nothing_is_queued_for_a_person_who_left(applied: JobEnvironment) -> None:
    applied.sign_up(person(1, status="left"))
    assert applied.states() == {}
    assert enrolments(applied) == []


def test_coming_back_resumes(applied: JobEnvironment) -> None:
    applied.sign_up(person(1, status="left"))
    applied.sign_up(person(1, status="member"))
    assert set(applied.rows("SELECT kind FROM delivery")) == {
        ("account",), ("plan",), ("welcome",), ("notice",), ("enrol",),
    }  # fmt: skip
    applied.deliver()
    assert applied.states() == {"done": 5}
    applied.sign_up(person(1, status="left"))
    applied.sign_up(person(1, status="retired"))
    assert applied.states() == {"done": 5}, "nothing is sent a second time"


def test_deliveries_wait_for_a_person_who_left(applied: JobEnvironment) -> None:
    applied.sign_up(person(1), person(2))
    applied.sign_up(person(1, status="left"))
    applied.deliver()
    waiting = applied.rows(
        "SELECT DISTINCT number, state FROM delivery JOIN member ON member.id = member_id"
    )
    assert sorted(waiting) == [("N1", "owed"), ("N2", "done")]
    applied.sign_up(person(1, status="member"))
    applied.advance_time()
    applied.deliver()
    assert applied.states() == {"done": 10}


def test_a_person_who_left_earns_nothing_until_they_are_back(applied: JobEnvironment) -> None:
    applied.sign_up(person(1))
    applied.deliver()
    applied.sign_up(person(1, status="left"))
    applied.finish("N1", "check", 100.0)
    applied.pull()
    assert applied.rows("SELECT activity FROM completion WHERE done") == [("check",)]
    assert applied.awards() == []
    applied.sign_up(person(1, status="member"))
    assert applied.awards() == [("N1", "first")]


def test_courses_for_stewards_open_with_membership(applied: JobEnvironment) -> None:
    first, second = small().milestones
    second = replace(
        second, audience=Audience(stewards=True), entry=replace(second.entry, after=())
    )
    applied.curricula = (replace(small(), milestones=(first, second)),)
    applied.sign_up(person(1, status="not-yet-member"))
    assert enrolments(applied) == [("first",)]
    assert applied.states("notice") == {}, "the chair is told when they are a member"
    applied.sign_up(person(1, status="member"))
    assert enrolments(applied) == [("first",), ("second",)]
    assert applied.states("notice") == {"owed": 1}


def test_only_members_are_counted_and_only_learners_wait(applied: JobEnvironment) -> None:
    statuses = ("", "member", "retired", "not-yet-member", "left")
    applied.sign_up(*(person(n, status=status) for n, status in enumerate(statuses)))
    applied.sign_up(person(9), person(10))
    applied.sign_up(person(10, status="left"))
    year = (applied.time.replace(year=2025), applied.time.replace(year=2027))
    with applied.database.reading() as session:
        assert regions.count_members(session) == {"north": 4}
        assert regions.count_new_members(session, year) == {("north", 1): 4}
        assert weekly_digest.count_new_members(session, *year) == {"north": 4}
        waiting = weekly_digest.count_waiting_members(session, {})
        assert waiting["north", ("path", "first")].people == 5
        listed = waiting_members(session, {("path", "first"): ()}, None, 9, since=applied.time)
    assert [each.number for each in listed] == ["N0", "N1", "N2", "N3", "N9"]


def test_a_region_whose_only_person_left_gets_no_digest(applied: JobEnvironment) -> None:
    applied.sign_up(person(1))
    applied.sign_up(person(1, status="left"))
    applied.advance_time(days=8)
    assert enqueue_digests(applied.database, applied.config, applied.curricula, applied.time) == 0
