"""One delivery that fails is its own affair; an error of the site is nobody's."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import MailError, MoodleRefused, MoodleUnavailable
from bridge.jobs.tasks import run_deliver
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import acknowledgements
from bridge.moodle.learners import users as moodle_users
from bridge.store.delivery import delivery_queries
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.members.queries import set_moodle_users
from bridge.workflows.delivery.circuit_breaker import MAX_SITE_ERRORS_IN_A_ROW, CircuitBreaker
from bridge.workflows.delivery.dispatcher import MOST_CRASHES, DeliveryKind, Halt, Outcome, deliver
from tests.jobs.job_environment import JobEnvironment, config_for, person
from tests.jobs.job_environment import people as persons

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


def at_work(env: JobEnvironment, times: int) -> None:
    """The service makes what is due every fifteen seconds."""
    for _ in range(times):
        env.later(seconds=15)
        env.deliver()


def awarded(env: JobEnvironment, count: int) -> JobEnvironment:
    """So many members have earned the first milestone; nothing of it is delivered."""
    env.sign_up(*persons(count))
    env.deliver()
    for number in range(1, count + 1):
        env.finish(f"N{number}", "check", 100.0)
    env.pull()
    env.site.faults.clear()
    return env


@pytest.fixture
def twelve(applied: JobEnvironment) -> JobEnvironment:
    return awarded(applied, 12)


def break_user(env: JobEnvironment, number: str, function: str, kind: Any = "error-500") -> None:
    """Whatever the function is asked about this member fails."""
    env.site.fail(kind, function, field=("userid", str(env.user(number))))


class TestTheSite:
    def test_an_error_about_nobody_fails_nobody(self, applied: JobEnvironment) -> None:
        """A write that fails in a call that every batch begins with."""
        applied.site.fail("exception", SITE_INFO, code="dmlwriteexception", times=50)
        applied.sign_up(*persons(30))
        applied.deliver()
        assert {each[:2] for each in settled(applied, "account").values()} == {("owed", "later")}
        assert "dmlwriteexception" in error_of(applied, "N1", "account")
        applied.site.faults.clear()
        at_work(applied, 3)
        assert applied.states("account") == {"done": 30}

    @pytest.mark.parametrize("code", ["dmlwriteexception", "anewcode", "invalidparameter"])
    def test_whatever_moodle_says_about_a_call_for_all(
        self, applied: JobEnvironment, code: str
    ) -> None:
        applied.site.fail("exception", "local_stewardpath_get_site_state", code=code, times=50)
        applied.sign_up(*persons(4))
        applied.deliver()
        assert {each[0] for each in settled(applied, "account").values()} == {"owed"}

    def test_without_a_connection_nothing_counts_as_tried(self, twelve: JobEnvironment) -> None:
        there, nowhere = twelve.moodle, Moodle("http://127.0.0.1:1", "x", sleep=lambda _: None)
        twelve.moodle = nowhere
        twelve.deliver()
        nowhere.close()
        for kind in ("badge", "cohort", "message"):
            found = set(settled(twelve, kind).values())
            assert {each[:2] for each in found} == {("owed", "later")}
            assert sum(each[2] for each in settled(twelve, kind).values()) <= 1
        twelve.moodle = there
        at_work(twelve, 4)
        assert twelve.states().keys() == {"done"}

    def test_a_broken_site_is_asked_a_few_times_a_run(self, twelve: JobEnvironment) -> None:
        twelve.site.fail("error-500", BADGE, times=500)
        twelve.deliver()
        tried = [each for each in settled(twelve, "badge").values() if each[2]]
        assert len(tried) == MAX_SITE_ERRORS_IN_A_ROW
        assert "HTTP" in error_of(twelve, "N12", "badge")
        twelve.site.faults.clear()
        at_work(twelve, 4)
        assert twelve.states("badge") == {"done": 12}

    @pytest.mark.parametrize("kind", ["close", "after-write"])
    def test_accounts_that_may_be_there_are_looked_up(
        self, applied: JobEnvironment, kind: str
    ) -> None:
        applied.site.fail(kind, "core_user_create_users", times=2)
        applied.sign_up(*persons(6))
        applied.deliver()
        at_work(applied, 4)
        assert applied.states("account") == {"done": 6}
        users = "SELECT count(*) FROM user WHERE email LIKE 'm%@example.org'"
        assert applied.site.one(users) == 6


class TestOneMember:
    def test_three_broken_ones_first_never_block_the_others(self, twelve: JobEnvironment) -> None:
        for number in ("N1", "N2", "N3"):
            break_user(twelve, number, BADGE)
        twelve.deliver()
        at_work(twelve, 4)
        found = settled(twelve, "badge")
        assert [n for n, each in found.items() if each[0] != "done"] == ["N1", "N2", "N3"]
        assert {found[n][:2] for n in ("N1", "N2", "N3")} == {("owed", "later")}

    def test_a_broken_badge_waits_alone(self, twelve: JobEnvironment) -> None:
        break_user(twelve, "N5", BADGE)
        twelve.deliver()
        found = settled(twelve, "badge")
        assert found.pop("N5") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}

    @pytest.mark.parametrize("kind", ["error-500", "exception", "empty", "cut"])
    def test_a_broken_enrolment_waits_alone(self, applied: JobEnvironment, kind: str) -> None:
        applied.sign_up(*persons(9))
        applied.deliver()
        with applied.database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE delivery SET state='owed',next_try='2026'")
        break_user(applied, "N4", ENROL, kind)
        applied.deliver()
        found = settled(applied, "enrol")
        assert found.pop("N4")[0] == "owed"
        assert {each[0] for each in found.values()} == {"done"}

    def test_what_needs_a_person_after_many_tries(self, twelve: JobEnvironment) -> None:
        break_user(twelve, "N5", BADGE)
        for _ in range(5):
            twelve.deliver()
            twelve.later(hours=1)
        with twelve.database.transaction() as session:
            [shown] = delivery_queries.failed_deliveries(session, 9)
            assert (shown.number, shown.reason, shown.attempts) == ("N5", "later", 5)
            assert "HTTP" in shown.last_error
            retried = delivery_queries.retried(session)
            assert retried is not None
            assert (retried.count, retried.often, retried.error) == (1, 1, shown.last_error)
            assert delivery_queries.retried_often(session) == {"badge": 1}
            assert delivery_queries.retry(session, twelve.time) == 1
        twelve.site.faults.clear()
        twelve.deliver()
        assert twelve.states("badge") == {"done": 12}

    def test_a_person_who_tries_again_repeats_no_message(self, twelve: JobEnvironment) -> None:
        """The count of attempts begins anew; that it may have been sent is not forgotten."""
        message = "core_message_send_instant_messages"
        twelve.site.fail("cut", message)
        twelve.deliver()
        with twelve.database.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE delivery SET attempts = 5 WHERE kind = 'message' AND state = 'owed'"
            )
            assert delivery_queries.retry(session, twelve.time) == 1
        twelve.deliver()
        assert twelve.states("message") == {"done": 12}
        assert twelve.site.one("SELECT count(*) FROM message") == 12


class TestErrorsNobodyExpected:
    def test_one_is_recorded_on_its_delivery(
        self,
        twelve: JobEnvironment,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        broken, issue = twelve.user("N2"), acknowledgements.issue_badge

        def issue_badge(moodle: Any, badge: str, user: int) -> None:
            if user == broken:
                raise IndexError("Kim Example <kim@example.org>")
            issue(moodle, badge, user)

        monkeypatch.setattr(acknowledgements, "issue_badge", issue_badge)
        with caplog.at_level(logging.ERROR):
            twelve.deliver()
        found = settled(twelve, "badge")
        assert found.pop("N2") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}
        error = error_of(twelve, "N2", "badge")
        assert "IndexError at bridge.workflows.delivery.moodle_deliveries:" in error
        assert "Kim" not in error
        assert len([each for each in caplog.records if each.message == "item-crashed"]) == 1

    @pytest.mark.parametrize("function", ["find_users", "create_batch", "enrol_users"])
    def test_a_batch_is_divided_until_the_cause_is_alone(
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

    def test_a_defect_everywhere_ends_the_kind_for_this_run(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(40))
        calls = []

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            calls.append(len(claimed))
            raise RuntimeError

        line = DeliveryKind("welcome", handle, needs_account=False, batch=40)
        resolutions = deliver(env.database, [line], owner="one", clock=env.clock)
        assert resolutions == {"later": 40}
        assert len(calls) < 12
        tried = [each for each in settled(env, "welcome").values() if each[2]]
        assert len(tried) == MOST_CRASHES

    def test_what_may_have_been_done_is_looked_up_when_it_is_made_again(
        self, env: JobEnvironment
    ) -> None:
        env.sign_up(*persons(4))
        seen: list[tuple[int, bool]] = []

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            for delivery in claimed:
                seen.append((delivery.member_id, delivery.repeated))
                if delivery.member_id == 2:
                    raise RuntimeError
                yield [Outcome(delivery, "done")]

        line = DeliveryKind("welcome", handle, needs_account=False, batch=4)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert (1, False) in seen
        assert {(3, True), (4, True)} <= set(seen)
        assert seen.count((1, False)) == 1

    def test_a_delivery_that_a_handler_forgets_says_so(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [Outcome(claimed[0], "done")]

        line = DeliveryKind("welcome", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert settled(env, "welcome")["N2"] == ("owed", "later", 1)

    def test_a_refusal_that_escapes_is_nobodys(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(_claimed: Sequence[ClaimedDelivery]) -> Any:
            raise MoodleRefused("no", code="invalidparameter")

        line = DeliveryKind("welcome", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert set(settled(env, "welcome").values()) == {("owed", "later", 1)}


class TestRows:
    @pytest.mark.parametrize("user", [2**70, 10**30])
    def test_an_id_that_no_column_holds(self, env: JobEnvironment, user: int) -> None:
        """One row that cannot be written is its own affair."""
        env.sign_up(*persons(5))

        def link(session: Any, outcomes: Sequence[Outcome], _now: Any) -> Any:
            set_moodle_users(session, {each.delivery.member_id: each.user for each in outcomes})
            return {}

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [
                Outcome(d, "done", user=user if d.member_id == 2 else d.member_id, then=link)
                for d in claimed
            ]

        line = DeliveryKind("account", handle, needs_account=False, batch=5)
        deliver(env.database, [line], owner="one", clock=env.clock)
        found = settled(env, "account")
        assert found.pop("N2") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}

    def test_an_error_that_no_database_can_hold(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [Outcome(each, "never", "half \ud800 a\0 character") for each in claimed]

        line = DeliveryKind("welcome", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert env.states("welcome") == {"failed": 2}

    @pytest.mark.parametrize("payload", ["{", "[]", "3"])
    def test_a_payload_that_cannot_be_read(self, applied: JobEnvironment, payload: str) -> None:
        applied.sign_up(*persons(4))
        with applied.database.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE delivery SET payload = ? WHERE member_id = 2", (payload,)
            )
        applied.deliver()
        assert settled(applied, "welcome")["N2"][0] != "done"
        assert error_of(applied, "N2", "welcome")
        for kind in ("account", "enrol", "welcome"):
            found = settled(applied, kind)
            found.pop("N2")
            assert {each[0] for each in found.values()} == {"done"}


class TestEmails:
    @pytest.fixture
    def french(self, applied: JobEnvironment) -> JobEnvironment:
        """Somebody saved a French template of the union's own as Latin-1."""
        own = Path("own/mail/fr")
        (applied.folder / own).mkdir(parents=True)
        template = applied.folder / own / "welcome.txt.j2"
        template.write_bytes("{% block subject %}é{% endblock %}".encode("latin-1"))
        applied.config = config_for(applied.folder, applied.site.url, templates=Path("own"))
        return applied

    def test_a_template_saved_as_latin_1(self, french: JobEnvironment) -> None:
        french.sign_up(*(person(n, language="fr") for n in (1, 2, 3, 4)), person(5, language="en"))
        french.deliver()
        found = settled(french, "welcome")
        assert found.pop("N5")[0] == "done"
        assert {each[:2] for each in found.values()} == {("owed", "configuration")}
        assert "fr/welcome.txt.j2:1: the template cannot be used: it is not saved as UTF-8" in (
            error_of(french, "N1", "welcome")
        )

    def test_digests_that_cannot_be_made_keep_no_letter(
        self, applied: JobEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def owe_digests(*_: object) -> int:
            raise RuntimeError

        sent = []
        monkeypatch.setattr("bridge.jobs.tasks.enqueue_digests", owe_digests)
        monkeypatch.setattr("bridge.jobs.tasks.run_outbox", lambda *_, **__: sent.append(1) or {})
        env = applied
        with pytest.raises(RuntimeError):
            run_deliver(env.database, env.moodle, env.config, env.curricula, env.clock)
        assert sent == [1]


class TestTheBreaker:
    def fail(self, breaker: CircuitBreaker, error: Exception | None) -> None:
        def work() -> None:
            if error:
                raise error

        breaker.attempt(work)
        breaker.stop_if_open()

    @pytest.mark.parametrize(
        "error", [MoodleUnavailable("500", divisible=True), MailError("450", again=True)]
    )
    def test_three_errors_of_the_site_in_a_row(self, error: Exception) -> None:
        breaker = CircuitBreaker()
        for between in (None, MoodleRefused("no")):
            self.fail(breaker, error)
            self.fail(breaker, error)
            self.fail(breaker, between)
        self.fail(breaker, error)
        self.fail(breaker, error)
        with pytest.raises(Halt):
            self.fail(breaker, error)

    def test_nobody_there_is_enough(self) -> None:
        with pytest.raises(Halt):
            self.fail(CircuitBreaker(), MoodleUnavailable("no connection"))

    def test_what_is_about_one_thing_does_not_count(self) -> None:
        breaker = CircuitBreaker(about_one=(MailError,))
        for _ in range(9):
            self.fail(breaker, MailError("450", again=True))
