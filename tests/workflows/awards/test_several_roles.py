"""Courses and milestones by role, with several roles and with dates."""

from __future__ import annotations

from dataclasses import replace

from bridge.membership.roles import HeldRole
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import small

TOMORROW = {"days": 1.0}


def for_stewards(env: JobEnvironment) -> None:
    """The second course needs the role steward and nothing before it."""
    first, second = small().milestones
    second = replace(second, entry=replace(second.entry, after=(), role="steward"))
    env.curricula = (replace(small(), milestones=(first, second)),)


def enrolled(env: JobEnvironment) -> list[str]:
    rows = env.rows("SELECT milestone FROM enrolment ORDER BY milestone")
    return [str(milestone) for (milestone,) in rows]


def test_a_steward_who_is_elected_trustee_keeps_the_steward_path(applied: JobEnvironment) -> None:
    for_stewards(applied)
    both = (HeldRole("steward"), HeldRole("trustee", "north"))
    applied.sign_up(person(1, role="steward"))
    applied.sign_up(person(1, roles=both))
    applied.deliver()
    assert enrolled(applied) == ["first", "second"]
    applied.finish("N1", "deep", 100.0)
    applied.pull()
    assert applied.awards() == [("N1", "second")]


def test_the_nightly_job_notices_a_role_that_begins(applied: JobEnvironment) -> None:
    for_stewards(applied)
    later = HeldRole("steward", since=applied.time.date().replace(day=2))
    applied.sign_up(person(1, roles=(later,)))
    applied.reconcile()
    assert enrolled(applied) == ["first"]
    applied.advance_time(**TOMORROW)
    applied.reconcile()
    assert enrolled(applied) == ["first", "second"]


def test_a_role_that_is_over_earns_nothing(applied: JobEnvironment) -> None:
    for_stewards(applied)
    today = HeldRole("steward", until=applied.time.date())
    applied.sign_up(person(1, roles=(today,)))
    applied.deliver()
    assert enrolled(applied) == ["first", "second"]
    applied.advance_time(**TOMORROW)
    applied.finish("N1", "deep", 100.0)
    applied.pull()
    applied.reconcile()
    assert applied.awards() == []


def test_a_role_that_ended_in_the_past_changes_nothing(applied: JobEnvironment) -> None:
    for_stewards(applied)
    over = HeldRole("steward", until=applied.time.date().replace(year=2020))
    applied.sign_up(person(1, roles=(over,)))
    assert enrolled(applied) == ["first"]
