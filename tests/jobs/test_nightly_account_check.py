"""The nightly job checks the linked accounts. Numbers are trusted only after such a check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.config import MoodleSettings
from bridge.errors import MoodleMisconfigured
from bridge.jobs import tasks
from bridge.store.accounts.questions import (
    EMAIL_DIFFERS,
    NUMBER_FROM_MOODLE,
    count_open,
    open_questions,
)
from bridge.store.operations import runs
from bridge.store.tables.operations import Run
from bridge.workflows.account_check import RUN_KIND
from tests.support.job_environment import JobEnvironment, people, person


def run_nightly(env: JobEnvironment) -> None:
    tasks.run_pull(env.database, env.moodle, env.config, env.curricula, env.clock, everything=True)


def run_check(env: JobEnvironment, *, ask: bool) -> dict[str, list[str]]:
    report = tasks.run_account_check(
        env.database, env.moodle, env.config, env.curricula, env.clock, ask=ask
    )
    return {str(each.member.number): list(each.reasons) for each in report.suspicions}


def last_check(env: JobEnvironment) -> Run:
    with env.database.reading() as session:
        run = runs.last_run(session, RUN_KIND)
    assert run is not None
    return run


def questions(env: JobEnvironment) -> list[tuple[str | None, str]]:
    with env.database.reading() as session:
        return [(row.number, row.reason) for row in open_questions(session, 10)]


def trust_numbers(env: JobEnvironment) -> None:
    trusting = MoodleSettings(url=env.site.url, trust_numbers=True)
    env.config = env.config.model_copy(update={"moodle": trusting})


@pytest.fixture
def linked(applied: JobEnvironment) -> JobEnvironment:
    """Three members linked to their accounts; the email of the first has changed in Moodle."""
    applied.sign_up(*people(3))
    applied.deliver()
    applied.site.faults.clear()
    changed = "UPDATE user SET email = 'x@example.org' WHERE id = ?"
    applied.site.do(changed, applied.user("N1"))
    return applied


def test_questions_appear_without_a_command(linked: JobEnvironment) -> None:
    run_nightly(linked)
    assert questions(linked) == [("N1", EMAIL_DIFFERS)]
    run = last_check(linked)
    assert run.ok
    assert run.started_at == linked.time
    assert run.detail == {"checked": 3, "suspicious": 1, "numbers_checked": False}
    run_nightly(linked)
    with linked.database.reading() as session:
        assert count_open(session) == 1


def test_the_frequent_pull_checks_no_accounts(linked: JobEnvironment) -> None:
    tasks.run_pull(linked.database, linked.moodle, linked.config, linked.curricula, linked.clock)
    assert questions(linked) == []


def test_an_error_of_the_site_is_recorded_and_fails_nothing_else(linked: JobEnvironment) -> None:
    linked.site.do("UPDATE user SET deleted = 1, email = id WHERE id > 3")
    run_nightly(linked)
    assert questions(linked) == []
    run = last_check(linked)
    assert run.ok is False
    assert "none of the 3 linked accounts" in str(run.detail["error"])
    with linked.database.reading() as session:
        assert runs.last_run(session, "pull", ok_only=True)
    with pytest.raises(MoodleMisconfigured):
        run_check(linked, ask=True)


def test_five_hundred_members_are_checked_in_one_call(applied: JobEnvironment) -> None:
    members = (replace(one, moodle_user_id=9_000 + n) for n, one in enumerate(people(499)))
    applied.sign_up(*members, person(500, moodle_user_id=2))
    applied.moodle.calls.clear()
    run_check(applied, ask=False)
    assert applied.moodle.calls["core_user_get_users_by_field"] == 1


# --- moodle.trust_numbers ---


def test_numbers_entered_before_the_lock_are_not_trusted_until_a_check(
    applied: JobEnvironment,
) -> None:
    trust_numbers(applied)
    stranger = applied.site.account("stranger", idnumber="N1")
    applied.sign_up(person(1))
    deliver(applied)
    linked_to = "SELECT moodle_user_id FROM member WHERE number = 'N1'"
    assert applied.rows(linked_to) == [(None,)]
    run_check(applied, ask=False)
    assert last_check(applied).detail["numbers_checked"] is False
    run_check(applied, ask=True)
    assert last_check(applied).detail["numbers_checked"] is True
    other = applied.site.account("other", idnumber="N2")
    applied.sign_up(person(2))
    deliver(applied)
    assert applied.rows("SELECT moodle_user_id FROM member WHERE number = 'N2'") == [(other,)]
    assert stranger != other


def deliver(env: JobEnvironment) -> None:
    tasks.run_deliver(env.database, env.moodle, env.config, env.curricula, env.clock)


@pytest.mark.parametrize("locked", [True, False])
def test_a_check_counts_only_while_the_field_is_locked(
    applied: JobEnvironment, locked: bool
) -> None:
    run_check(applied, ask=True)
    assert last_check(applied).detail["numbers_checked"] is False
    trust_numbers(applied)
    applied.site.switch("numberlocked", on=locked)
    run_check(applied, ask=True)
    assert last_check(applied).detail["numbers_checked"] is locked


def test_a_trusted_number_is_not_suspicious_after_the_first_check(applied: JobEnvironment) -> None:
    trust_numbers(applied)
    own = applied.site.account("m1", "m1@example.org", idnumber="N1")
    applied.sign_up(person(1, moodle_user_id=own, source="moodle"), actor="moodle")
    assert run_check(applied, ask=True) == {"N1": [NUMBER_FROM_MOODLE]}
    assert run_check(applied, ask=False) == {}
    assert run_check(applied, ask=True) == {}
    applied.site.switch("numberlocked", on=False)
    assert run_check(applied, ask=True) == {"N1": [NUMBER_FROM_MOODLE]}
