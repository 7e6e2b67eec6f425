"""A failing or empty site is never taken for a site that has lost everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.errors import MoodleError
from bridge.workflows.delivery_check.check import check_deliveries
from tests.support.job_environment import JobEnvironment, people
from tests.workflows.delivery_check.test_lost_deliveries import check, listed

COUNT = 30


@pytest.fixture
def many(applied: JobEnvironment) -> JobEnvironment:
    applied.sign_up(*people(COUNT))
    applied.deliver()
    applied.advance_time()
    return applied


@pytest.fixture
def bare(build: object, bare_sandbox_server: object) -> Iterator[JobEnvironment]:
    """A site without the plugin, where everyone is enrolled."""
    env: JobEnvironment = build(bare_sandbox_server)  # type: ignore[operator]
    env.apply()
    env.sign_up(*people(COUNT))
    env.deliver()
    env.advance_time()
    return env


@pytest.mark.parametrize("failure", ["error-500", "maintenance", "html", "empty", "close", "cut"])
@pytest.mark.parametrize("function", ["get_member_states", "get_site_state"])
def test_an_error_of_the_site_queues_nothing(
    many: JobEnvironment, failure: str, function: str
) -> None:
    for nth in range(1, 30):
        many.site.fail(failure, "local_stewardpath_" + function, nth)
    with pytest.raises(MoodleError):
        check(many)
    assert many.states().keys() == {"done"}
    assert not listed(many)


def test_much_that_is_missing_at_the_same_time_waits_for_a_person(many: JobEnvironment) -> None:
    many.site.do("DELETE FROM enrolment")
    many.site.do("DELETE FROM plan")
    many.site.do("DELETE FROM cohortmember")
    report = check(many, max_share=0.5)
    assert {kind: each.missing for kind, each in report.held.items()} == {
        "enrol": COUNT, "plan": COUNT,
    }  # fmt: skip
    assert not listed(many)
    assert many.states().keys() == {"done"}
    confirmed = check(many, max_share=1.0)
    assert (confirmed.queued["plan"], confirmed.differs["enrol"]) == (COUNT, COUNT)
    assert not check(many, max_share=0.5).held, "what is listed or queued isn't counted again"


def test_accounts_that_are_all_gone_are_an_error_of_the_site(many: JobEnvironment) -> None:
    many.site.do("UPDATE user SET id = id + 1000 WHERE idnumber <> ''")
    with pytest.raises(MoodleError, match="shows none of the 30 linked accounts"):
        check(many)
    assert many.rows("SELECT count(*) FROM member WHERE moodle_user_id IS NULL") == [(0,)]


def test_many_deleted_accounts_wait_for_a_person(many: JobEnvironment) -> None:
    many.site.do("UPDATE user SET deleted = 1, email = id, username = id WHERE idnumber > 'N2'")
    report = check(many, max_share=0.3)
    assert report.held["account"].checked == COUNT
    assert report.accounts == 0
    assert many.rows("SELECT count(*) FROM member WHERE moodle_user_id IS NULL") == [(0,)]


def test_a_check_that_is_killed_and_run_again_does_the_same(
    many: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.workflows.delivery_check.check.WRITE_BATCH_SIZE", 4)
    users = [many.user(f"N{number}") for number in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    for user in users:
        many.site.do("DELETE FROM plan WHERE userid = ?", user)
    from bridge.store.delivery import promises

    queue, calls = promises.queue_again, []

    def killed(*args: object) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return queue(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(promises, "queue_again", killed)
        with pytest.raises(KeyboardInterrupt):
            check(many)
    assert many.states()["owed"] == 4
    check(many)
    assert many.states()["owed"] == 9
    many.deliver()
    assert many.site.one("SELECT count(*) FROM plan") == COUNT


def test_five_hundred_members_cost_one_call(many: JobEnvironment) -> None:
    many.moodle.calls.clear()
    check(many)
    assert many.moodle.calls == {
        "core_webservice_get_site_info": 1,
        "local_stewardpath_get_site_state": 1,
        "local_stewardpath_get_member_states": 1,
    }


def test_without_the_plugin_accounts_enrolments_and_cohorts_are_checked(
    bare: JobEnvironment,
) -> None:
    bare.moodle.calls.clear()
    user = bare.user("N1")
    bare.site.do("DELETE FROM enrolment WHERE userid = ?", user)
    bare.site.do(
        "UPDATE user SET deleted = 1, email = id, username = id WHERE id = ?", bare.user("N2")
    )
    report = check(bare)
    assert (report.accounts, report.differs) == (1, {"enrol": 1})
    assert report.hidden == {"plan": COUNT - 1}
    calls = bare.moodle.calls
    assert calls["core_user_get_users_by_field"] == 1
    assert calls["core_enrol_get_enrolled_users"] == 2, "one for each course"
    assert calls["core_cohort_get_cohort_members"] == 1
    bare.deliver()
    assert bare.states().keys() == {"done"}
    again = check_deliveries(
        bare.database, bare.moodle, bare.curricula, max_share=0.5, clock=bare.clock
    )
    assert not again.queued + again.differs - report.differs
