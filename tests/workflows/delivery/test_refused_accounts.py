"""Moodle refuses every new account if `moodle.login` names a method that isn't enabled."""

from __future__ import annotations

from tests.support.job_environment import JobEnvironment, people, person


class TestEveryNewAccountRefused:
    CREATE = "core_user_create_users"

    def test_is_a_setting_and_no_fault_of_the_members(self, applied: JobEnvironment) -> None:
        applied.site.fail("exception", self.CREATE, code="invalidparameter", times=500)
        applied.sign_up(*people(3))
        applied.deliver()
        sql = "SELECT DISTINCT state, reason, last_error FROM delivery WHERE kind = 'account'"
        ((state, reason, error),) = applied.rows(sql)
        assert (state, reason) == ("owed", "configuration")
        assert "refuses every new account" in error
        assert "moodle.login" in error
        applied.site.faults.clear()
        applied.advance_time(minutes=6)
        applied.deliver()
        assert applied.states("account") == {"done": 3}

    def test_one_refused_account_is_its_own_error(self, applied: JobEnvironment) -> None:
        applied.site.fail("exception", self.CREATE, code="invalidparameter", times=500)
        applied.sign_up(person(1))
        applied.deliver()
        assert applied.states("account") == {"failed": 1}
