"""The welcome email waits for the account and the enrolment, for a day at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.store.delivery.failed_deliveries import list_failed_deliveries
from bridge.workflows.delivery.dispatcher import deliver
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import small

DAY = timedelta(hours=24)


def deliver_without(env: JobEnvironment, *kinds: str) -> None:
    """Carry out everything but these kinds, as if Moodle failed for them."""
    rest = [each for each in env.delivery_kinds() if each.kind not in kinds]
    deliver(env.database, rest, owner="one", clock=env.clock)


def welcomes(env: JobEnvironment) -> list[str]:
    mails = [mail for mail in env.emails() if mail["To"] == "m1@example.org"]
    return [mail.get_body(("plain",)).get_content() for mail in mails]  # type: ignore[union-attr]


@pytest.mark.parametrize("late", ["account", "enrol"])
def test_the_welcome_waits_until_what_it_describes_exists(
    applied: JobEnvironment, late: str
) -> None:
    applied.sign_up(person(1))
    deliver_without(applied, late)
    applied.time += DAY - timedelta(seconds=1)
    deliver_without(applied, late)
    assert welcomes(applied) == []
    applied.deliver()
    (text,) = welcomes(applied)
    assert "yet" not in text


@pytest.mark.parametrize(
    ("late", "words"), [("account", "account is not ready yet"), ("enrol", "not enrolled")]
)
def test_after_a_day_it_says_what_is_missing_and_a_person_sees_it(
    applied: JobEnvironment, late: str, words: str
) -> None:
    applied.sign_up(person(1))
    applied.time += DAY
    deliver_without(applied, late)
    (text,) = welcomes(applied)
    assert words in text
    with applied.database.reading() as session:
        listed = list_failed_deliveries(session, 9)
    assert late in {each.kind for each in listed}
    assert {each.state for each in listed} == {"owed"}
    assert "sent without it" in next(each.last_error for each in listed if each.kind == late)
    applied.deliver()
    with applied.database.reading() as session:
        assert list_failed_deliveries(session, 9) == []
    assert len(welcomes(applied)) == 1


def test_what_a_person_sees_already_keeps_its_reason(applied: JobEnvironment) -> None:
    applied.sign_up(person(1))
    with applied.database.transaction() as session:
        run = session.connection().exec_driver_sql
        run("UPDATE delivery SET state = 'failed', reason = 'never' WHERE kind = 'account'")
        run("UPDATE delivery SET reason = 'configuration' WHERE kind = 'enrol'")
    shown = "SELECT kind, reason FROM delivery WHERE kind IN ('account', 'enrol') ORDER BY kind"
    tries = "SELECT attempts FROM delivery WHERE kind = 'account'"
    applied.time += DAY
    deliver_without(applied, "account", "enrol")
    assert len(welcomes(applied)) == 1
    assert applied.rows(shown) == [("account", "never"), ("enrol", "configuration")]
    assert applied.rows(tries) == [(0,)]


def test_it_says_nothing_about_another_curriculum(applied: JobEnvironment) -> None:
    """The courses of the second curriculum are not in Moodle yet."""
    applied.curricula = (small(), replace(small(), key="second-path"))
    applied.sign_up(person(1))
    applied.deliver()
    (text,) = welcomes(applied)
    assert "yet" not in text
    waits = "SELECT target, attempts FROM delivery WHERE kind = 'enrol' AND state <> 'done'"
    assert [attempts for _, attempts in applied.rows(waits)] == [1]
    applied.time += DAY
    applied.deliver()
    _, second = welcomes(applied)
    assert "not enrolled" in second
