"""Changes in Moodle are looked up before they are repeated."""

from __future__ import annotations

import pytest

from tests.support.job_environment import JobEnvironment, people

ONE_BY_ONE = {
    "message": ("core_message_send_instant_messages", "message"),
    "competency": ("core_competency_grade_competency", "usercompetency"),
    "badge": ("local_stewardpath_issue_badge", "badgeissued"),
    "cohort": ("core_cohort_add_cohort_members", "cohortmember"),
}


@pytest.fixture
def awarded(applied: JobEnvironment) -> JobEnvironment:
    """Two members have earned the first milestone. Nothing is delivered yet."""
    applied.sign_up(*people(2))
    applied.deliver()
    for number in (1, 2):
        applied.finish(f"N{number}", "check", 100.0)
    applied.pull()
    applied.site.faults.clear()
    return applied


def finish(env: JobEnvironment) -> None:
    for _ in range(3):
        env.advance_time()
        env.deliver()
    assert env.states().keys() == {"done"}


@pytest.mark.parametrize("kind", sorted(ONE_BY_ONE))
@pytest.mark.parametrize("failure", ["after-write", "close", "cut"])
def test_a_completed_change_is_not_repeated(
    awarded: JobEnvironment, kind: str, failure: str
) -> None:
    function, table = ONE_BY_ONE[kind]
    awarded.site.fail(failure, function)
    awarded.deliver()
    finish(awarded)
    assert awarded.site.one(f"SELECT count(*) FROM {table}") == 2
    if kind in ("message", "competency"):
        assert awarded.site.faults.calls[function] == 2


@pytest.mark.parametrize("failure", ["error-500", "html", "maintenance", "maintenance-503"])
def test_a_failed_change_is_retried(awarded: JobEnvironment, failure: str) -> None:
    awarded.site.fail(failure, nth=1, times=12)
    awarded.deliver()
    awarded.site.faults.clear()
    finish(awarded)
    for _, table in ONE_BY_ONE.values():
        assert awarded.site.one(f"SELECT count(*) FROM {table}") == 2


def test_a_wrong_token_is_a_configuration_error(awarded: JobEnvironment) -> None:
    awarded.moodle.close()
    awarded.moodle._token = "wrong"
    awarded.deliver()
    reasons = awarded.rows("SELECT DISTINCT reason FROM delivery WHERE state = 'owed'")
    assert reasons == [("configuration",)]
    errors = awarded.rows("SELECT DISTINCT last_error FROM delivery WHERE state = 'owed'")
    assert "STEWARDPATH_MOODLE_TOKEN" in errors[0][0]
    assert "wrong" not in errors[0][0]


def test_a_deleted_user_does_not_stop_the_others(awarded: JobEnvironment) -> None:
    awarded.site.do("UPDATE user SET deleted = 1 WHERE id = ?", awarded.user("N1"))
    awarded.deliver()
    sql = "SELECT DISTINCT state, number FROM delivery JOIN member ON member.id = member_id"
    states = {number: set() for number in ("N1", "N2")}
    for state, number in awarded.rows(sql + " WHERE award_id IS NOT NULL"):
        states[number].add(state)
    assert states["N2"] == {"done"}
    assert "failed" in states["N1"]
    assert awarded.site.one("SELECT count(*) FROM cohortmember") == 1
    assert awarded.errors()["N1"]


def test_the_message_says_what_comes_next(awarded: JobEnvironment) -> None:
    awarded.deliver()
    text = awarded.site.one("SELECT text FROM message LIMIT 1")
    assert "<strong>Milestone first</strong>" in text
    assert "Well done." in text
    assert "Go on." in text
