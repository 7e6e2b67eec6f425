"""A delivery that fails doesn't affect others; an error of the site is recorded on no member."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pytest

from bridge.errors import MoodleRefused
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import acknowledgements
from bridge.moodle.learners import users as moodle_users
from bridge.store.delivery import delivery_queries, failed_deliveries
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery.circuit_breaker import MAX_SITE_ERRORS_IN_A_ROW
from bridge.workflows.delivery.dispatcher import (
    MAX_CRASHES_IN_A_ROW,
    DeliveryKind,
    Outcome,
    deliver,
)
from tests.support.job_environment import JobEnvironment
from tests.support.job_environment import people as persons

SITE_INFO = "core_webservice_get_site_info"
BADGE = "local_stewardpath_issue_badge"
ENROL = "enrol_manual_enrol_users"


def settled(env: JobEnvironment, kind: str) -> dict[str, tuple[str, str, int]]:
    """State, reason and attempts by member number."""
    sql = (
        "SELECT number, delivery.state, reason, attempts FROM delivery"
        f" JOIN member ON member.id = member_id WHERE kind = '{kind}'"
    )
    return {number: (state, reason, attempts) for number, state, reason, attempts in env.rows(sql)}


def error_of(env: JobEnvironment, number: str, kind: str) -> str:
    sql = "SELECT last_error FROM delivery JOIN member ON member.id = member_id"
    ((error,),) = env.rows(f"{sql} WHERE number = '{number}' AND kind = '{kind}'")
    return str(error)


def deliver_repeatedly(env: JobEnvironment, times: int) -> None:
    """Deliver every fifteen seconds, like the service."""
    for _ in range(times):
        env.advance_time(seconds=15)
        env.deliver()


def with_awards(env: JobEnvironment, count: int) -> JobEnvironment:
    """`count` members have earned the first milestone. Nothing is delivered yet."""
    env.sign_up(*persons(count))
    env.deliver()
    for number in range(1, count + 1):
        env.finish(f"N{number}", "check", 100.0)
    env.pull()
    env.site.faults.clear()
    return env


@pytest.fixture
def twelve_awarded(applied: JobEnvironment) -> JobEnvironment:
    return with_awards(applied, 12)


def break_user(env: JobEnvironment, number: str, function: str, kind: Any = "error-500") -> None:
    """Make every call of `function` about this member fail."""
    env.site.fail(kind, function, field=("userid", str(env.user(number))))


class TestSiteErrors:
    def test_a_site_error_fails_no_member(self, applied: JobEnvironment) -> None:
        """A write error in a call that every batch starts with."""
        applied.site.fail("exception", SITE_INFO, code="dmlwriteexception", times=50)
        applied.sign_up(*persons(30))
        applied.deliver()
        assert {each[:2] for each in settled(applied, "account").values()} == {("owed", "later")}
        assert "dmlwriteexception" in error_of(applied, "N1", "account")
        applied.site.faults.clear()
        deliver_repeatedly(applied, 3)
        assert applied.states("account") == {"done": 30}

    @pytest.mark.parametrize("code", ["dmlwriteexception", "anewcode", "invalidparameter"])
    def test_no_error_of_a_shared_call_fails_a_member(
        self, applied: JobEnvironment, code: str
    ) -> None:
        applied.site.fail("exception", "local_stewardpath_get_site_state", code=code, times=50)
        applied.sign_up(*persons(4))
        applied.deliver()
        assert {each[0] for each in settled(applied, "account").values()} == {"owed"}

    def test_without_a_connection_no_attempt_is_counted(
        self, twelve_awarded: JobEnvironment
    ) -> None:
        there, nowhere = (
            twelve_awarded.moodle,
            Moodle("http://127.0.0.1:1", "x", sleep=lambda _: None),
        )
        twelve_awarded.moodle = nowhere
        twelve_awarded.deliver()
        nowhere.close()
        for kind in ("badge", "cohort", "message"):
            found = set(settled(twelve_awarded, kind).values())
            assert {each[:2] for each in found} == {("owed", "later")}
            assert sum(each[2] for each in settled(twelve_awarded, kind).values()) <= 1
        twelve_awarded.moodle = there
        deliver_repeatedly(twelve_awarded, 4)
        assert twelve_awarded.states().keys() == {"done"}

    def test_a_broken_site_gets_few_calls_a_run(self, twelve_awarded: JobEnvironment) -> None:
        twelve_awarded.site.fail("error-500", BADGE, times=500)
        twelve_awarded.deliver()
        tried = [each for each in settled(twelve_awarded, "badge").values() if each[2]]
        assert len(tried) == MAX_SITE_ERRORS_IN_A_ROW
        assert "HTTP" in error_of(twelve_awarded, "N12", "badge")
        twelve_awarded.site.faults.clear()
        deliver_repeatedly(twelve_awarded, 4)
        assert twelve_awarded.states("badge") == {"done": 12}

    @pytest.mark.parametrize("kind", ["close", "after-write"])
    def test_accounts_that_may_exist_are_looked_up(
        self, applied: JobEnvironment, kind: str
    ) -> None:
        applied.site.fail(kind, "core_user_create_users", times=2)
        applied.sign_up(*persons(6))
        applied.deliver()
        deliver_repeatedly(applied, 4)
        assert applied.states("account") == {"done": 6}
        users = "SELECT count(*) FROM user WHERE email LIKE 'm%@example.org'"
        assert applied.site.one(users) == 6


class TestErrorsOfOneMember:
    def test_three_failures_at_the_start_do_not_block_the_others(
        self, twelve_awarded: JobEnvironment
    ) -> None:
        for number in ("N1", "N2", "N3"):
            break_user(twelve_awarded, number, BADGE)
        twelve_awarded.deliver()
        deliver_repeatedly(twelve_awarded, 4)
        found = settled(twelve_awarded, "badge")
        assert [n for n, each in found.items() if each[0] != "done"] == ["N1", "N2", "N3"]
        assert {found[n][:2] for n in ("N1", "N2", "N3")} == {("owed", "later")}

    def test_only_the_broken_badge_is_retried(self, twelve_awarded: JobEnvironment) -> None:
        break_user(twelve_awarded, "N5", BADGE)
        twelve_awarded.deliver()
        found = settled(twelve_awarded, "badge")
        assert found.pop("N5") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}

    @pytest.mark.parametrize("kind", ["error-500", "exception", "empty", "cut"])
    def test_only_the_broken_enrolment_is_retried(self, applied: JobEnvironment, kind: str) -> None:
        applied.sign_up(*persons(9))
        applied.deliver()
        with applied.database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE delivery SET state='owed',next_try='2026'")
        break_user(applied, "N4", ENROL, kind)
        applied.deliver()
        found = settled(applied, "enrol")
        assert found.pop("N4")[0] == "owed"
        assert {each[0] for each in found.values()} == {"done"}

    def test_a_delivery_needs_attention_after_many_attempts(
        self, twelve_awarded: JobEnvironment
    ) -> None:
        break_user(twelve_awarded, "N5", BADGE)
        for _ in range(5):
            twelve_awarded.deliver()
            twelve_awarded.advance_time(hours=1)
        with twelve_awarded.database.transaction() as session:
            [shown] = failed_deliveries.list_failed_deliveries(session, 9)
            assert (shown.number, shown.reason, shown.attempts) == ("N5", "later", 5)
            assert "HTTP" in shown.last_error
            retried = delivery_queries.retry_summary(session)
            assert retried is not None
            assert (retried.count, retried.often, retried.error) == (1, 1, shown.last_error)
            assert delivery_queries.count_retried_often(session) == {"badge": 1}
            assert delivery_queries.retry(session, twelve_awarded.time) == 1
        twelve_awarded.site.faults.clear()
        twelve_awarded.deliver()
        assert twelve_awarded.states("badge") == {"done": 12}

    def test_a_manual_retry_sends_no_message_twice(self, twelve_awarded: JobEnvironment) -> None:
        """Attempts are counted from zero, but the message is still looked up before it is sent."""
        message = "core_message_send_instant_messages"
        twelve_awarded.site.fail("cut", message)
        twelve_awarded.deliver()
        with twelve_awarded.database.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE delivery SET attempts = 5 WHERE kind = 'message' AND state = 'owed'"
            )
            assert delivery_queries.retry(session, twelve_awarded.time) == 1
        twelve_awarded.deliver()
        assert twelve_awarded.states("message") == {"done": 12}
        assert twelve_awarded.site.one("SELECT count(*) FROM message") == 12


class TestUnexpectedErrors:
    def test_an_unexpected_error_is_recorded_on_its_delivery(
        self,
        twelve_awarded: JobEnvironment,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        broken, issue = twelve_awarded.user("N2"), acknowledgements.issue_badge

        def issue_badge(moodle: Any, badge: str, user: int) -> None:
            if user == broken:
                raise IndexError("Kim Example <kim@example.org>")
            issue(moodle, badge, user)

        monkeypatch.setattr(acknowledgements, "issue_badge", issue_badge)
        with caplog.at_level(logging.ERROR):
            twelve_awarded.deliver()
        found = settled(twelve_awarded, "badge")
        assert found.pop("N2") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}
        error = error_of(twelve_awarded, "N2", "badge")
        assert "IndexError at bridge.workflows.delivery.moodle_deliveries:" in error
        assert "Kim" not in error
        assert len([each for each in caplog.records if each.message == "item-crashed"]) == 1

    @pytest.mark.parametrize("function", ["find_users", "create_batch", "enrol_users"])
    def test_a_batch_is_halved_until_the_cause_is_alone(
        self, applied: JobEnvironment, monkeypatch: pytest.MonkeyPatch, function: str
    ) -> None:
        work = getattr(moodle_users, function)

        def fails(moodle: Any, *given: Any, **more: Any) -> Any:
            batch = next(each for each in given if isinstance(each, Sequence))
            third = applied.user("N3") if function == "enrol_users" else "N3"
            if any(getattr(each, "number", each) == third for each in batch):
                raise KeyError("N3")
            return work(moodle, *given, **more)

        module = (
            "bridge.moodle.learners.account_creation"
            if function == "create_batch"
            else "bridge.moodle.learners.users"
        )
        monkeypatch.setattr(f"{module}.{function}", fails)
        applied.sign_up(*persons(8))
        applied.deliver()
        kind = "enrol" if function == "enrol_users" else "account"
        waiting = [n for n, each in settled(applied, kind).items() if each[0] == "owed"]
        assert len(waiting) == 1
        assert "unexpected error KeyError" in error_of(applied, waiting[0], kind)

    def test_repeated_crashes_stop_the_kind_for_this_run(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(40))
        calls = []

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            calls.append(len(claimed))
            raise RuntimeError

        line = DeliveryKind("notice", handle, needs_account=False, batch=40)
        resolutions = deliver(env.database, [line], owner="one", clock=env.clock)
        assert resolutions == {"later": 40}
        assert len(calls) < 12
        tried = [each for each in settled(env, "notice").values() if each[2]]
        assert len(tried) == MAX_CRASHES_IN_A_ROW

    def test_crashes_with_successes_between_them_stop_nothing(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(8))

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            for each in claimed:
                if each.member_id % 2:
                    raise RuntimeError
                yield [Outcome(each, "done")]

        line = DeliveryKind("notice", handle, needs_account=False, batch=8)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert [settled(env, "notice")[f"N{n}"][0] for n in (2, 4, 6, 8)] == ["done"] * 4

    def test_deliveries_run_again_are_marked_as_repeated(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(4))
        seen: list[tuple[int, bool]] = []

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            for delivery in claimed:
                seen.append((delivery.member_id, delivery.repeated))
                if delivery.member_id == 2:
                    raise RuntimeError
                yield [Outcome(delivery, "done")]

        line = DeliveryKind("notice", handle, needs_account=False, batch=4)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert (1, False) in seen
        assert {(3, True), (4, True)} <= set(seen)
        assert seen.count((1, False)) == 1

    def test_a_delivery_without_an_outcome_is_an_error(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [Outcome(claimed[0], "done")]

        line = DeliveryKind("notice", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert settled(env, "notice")["N2"] == ("owed", "later", 1)

    def test_a_refusal_raised_by_a_handler_fails_no_member(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(_claimed: Sequence[ClaimedDelivery]) -> Any:
            raise MoodleRefused("no", code="invalidparameter")

        line = DeliveryKind("notice", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert set(settled(env, "notice").values()) == {("owed", "later", 1)}
