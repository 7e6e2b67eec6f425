"""From a record to a course: everybody who can be is enrolled, and everybody else has a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.workflows.delivery.dispatcher import deliver
from bridge.workflows.delivery.moodle_deliveries import LARGE_BATCH_SIZE
from bridge.workflows.signup import sign_up
from tests.jobs.job_environment import JobEnvironment, people, person


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    """The courses are in Moodle."""
    applied.site.faults.clear()
    return applied


def enrolled(env: JobEnvironment) -> list[str]:
    sql = "SELECT u.idnumber FROM enrolment JOIN user u ON u.id = userid ORDER BY u.idnumber"
    return [number for (number,) in env.site.rows(sql)]


def test_one_member_all_the_way(ready: JobEnvironment) -> None:
    signed = ready.sign_up(person(1))
    assert len(signed.created) == 1
    ready.deliver()
    assert enrolled(ready) == ["N1"]
    assert ready.states() == {"done": 5}
    assert ready.rows("SELECT milestone, enrolled_at IS NOT NULL FROM enrolment") == [("first", 1)]
    assert ready.site.one("SELECT count(*) FROM plan") == 1


def test_the_same_records_again_change_nothing(ready: JobEnvironment) -> None:
    ready.sign_up(*people(3))
    ready.deliver()
    ready.site.faults.clear()
    again = ready.sign_up(*people(3))
    assert (again.created, again.changed, again.unchanged) == ([], [], 3)
    assert not ready.deliver()
    assert ready.site.faults.log == ()
    assert ready.site.one("SELECT count(*) FROM user WHERE idnumber <> ''") == 3


def test_nobody_is_written_without_what_is_owed(ready: JobEnvironment) -> None:
    class Cut(Exception):
        pass

    def broken() -> None:
        with ready.database.transaction() as session:
            sign_up(session, ready.curricula, [person(1)], regions={}, actor="t", now=ready.time)
            raise Cut

    with pytest.raises(Cut):
        broken()
    assert ready.rows("SELECT count(*) FROM member") == [(0,)]
    assert ready.states() == {}


def test_a_bad_record_in_a_hundred(ready: JobEnvironment) -> None:
    ready.sign_up(*people(41), person(42, first_name="<i>Bad</i>"), *people(100)[42:])
    ready.deliver()
    assert len(enrolled(ready)) == 99
    assert ready.states("account") == {"done": 99, "failed": 1}
    assert list(ready.errors()) == ["N42"]
    assert "Invalid parameter value" in ready.errors()["N42"]
    assert ready.states("welcome") == {"done": 100}


@pytest.mark.parametrize(("max_input_vars", "batch"), [(1_000, 100), (5_000, LARGE_BATCH_SIZE)])
def test_three_calls_a_batch(ready: JobEnvironment, max_input_vars: int, batch: int) -> None:
    count = 1_000
    ready.site.app.config["MAX_INPUT_VARS"] = max_input_vars
    for start in range(0, count, 500):
        ready.sign_up(*people(count)[start : start + 500])
    lines = [line for line in ready.lines() if line.kind in ("account", "enrol")]
    deliver(ready.database, lines, owner="one", clock=ready.clock)
    assert len(enrolled(ready)) == count
    looking_round = 2
    assert len(ready.site.faults.log) <= 3 * count / batch + looking_round


def test_a_language_that_moodle_lacks_is_no_reason(ready: JobEnvironment) -> None:
    ready.sign_up(person(1, language="iu"), person(2, language="fr"))
    ready.deliver()
    assert enrolled(ready) == ["N1", "N2"]
    assert ready.site.rows("SELECT lang FROM user WHERE idnumber <> '' ORDER BY idnumber") == [
        ("en",),
        ("fr",),
    ]


def test_known_users_are_found_and_get_their_number(ready: JobEnvironment) -> None:
    by_number = ready.site.account("old", "m1@example.org", idnumber="N1")
    by_email = ready.site.account("other", "M2@Example.org")
    ready.sign_up(*people(2))
    ready.deliver()
    assert ready.user("N1") == by_number
    assert ready.user("N2") == by_email
    assert enrolled(ready) == ["N1", "N2"]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"idnumber": "N1"}, {"idnumber": "N1"}, "have this member number and another email"),
        ({"email": "m1@example.org"}, {"email": "m1@example.org"}, "have the same email"),
        ({"email": "m1@example.org", "idnumber": "X"}, {}, "another member number"),
        ({"email": "m1@example.org", "suspended": 1}, {}, "is suspended"),
    ],
)
def test_never_a_guess(ready: JobEnvironment, first: dict, second: dict, reason: str) -> None:  # type: ignore[type-arg]
    ready.site.account("one", **first)
    ready.site.account("two", **second)
    ready.sign_up(person(1))
    ready.deliver()
    assert reason in ready.errors()["N1"]
    assert ready.site.one("SELECT count(*) FROM user WHERE username LIKE 'm1%'") == 0
    assert enrolled(ready) == []


def test_two_members_with_one_address_do_not_share_an_account(ready: JobEnvironment) -> None:
    ready.site.account("family", "m1@example.org")
    ready.sign_up(person(1), person(2, email="m1@example.org"))
    ready.deliver()
    assert set(ready.errors()) == {"N1", "N2"}
    assert "matches 2 members" in ready.errors()["N1"]
    assert ready.site.one("SELECT idnumber FROM user WHERE username = 'family'") == ""


def test_an_error_after_the_write_makes_nobody_twice(ready: JobEnvironment) -> None:
    ready.site.fail("after-write", "core_user_create_users")
    ready.sign_up(*people(5))
    ready.deliver()
    assert ready.states("account") == {"done": 5}
    ready.later()
    ready.deliver()
    assert enrolled(ready) == [f"N{n}" for n in range(1, 6)]
    assert ready.site.faults.calls["core_user_create_users"] == 1


@pytest.mark.parametrize("kind", ["error-500", "html", "close", "maintenance", "cut"])
def test_moodle_away_is_later_and_nothing_is_lost(ready: JobEnvironment, kind: str) -> None:
    ready.site.fail(kind, nth=1, times=10)
    ready.sign_up(*people(3))
    ready.deliver()
    assert ready.states("account") == {"owed": 3}
    ready.site.faults.clear()
    ready.later()
    ready.deliver()
    assert len(enrolled(ready)) == 3
    assert ready.states() == {"done": 3 * 5}


def test_a_course_that_is_not_there_waits_and_holds_nobody_up(ready: JobEnvironment) -> None:
    other = replace(ready.curricula[0], key="another")
    ready.curricula = [other, *ready.curricula]
    ready.sign_up(person(1))
    ready.deliver()
    assert enrolled(ready) == ["N1"]
    sql = "SELECT state, reason FROM delivery WHERE target LIKE '%another%' AND kind = 'enrol'"
    assert ready.rows(sql) == [("owed", "configuration")]


def test_moodles_own_registrations_become_members(ready: JobEnvironment) -> None:
    ready.site.account("staff", "staff@example.org")
    user = ready.site.account("kim", "kim@example.org", lang="fr", auth="email")
    ready.pull()
    assert ready.rows("SELECT email, source, moodle_user_id, language FROM member") == [
        ("kim@example.org", "moodle", user, "fr")
    ]
    ready.deliver()
    assert ready.site.rows("SELECT userid FROM enrolment") == [(user,)]
    ready.pull()
    assert ready.rows("SELECT count(*) FROM member") == [(1,)]


def test_our_own_accounts_come_back_in_the_feed_as_who_they_are(ready: JobEnvironment) -> None:
    ready.sign_up(*people(3), replace(person(4), number=None))
    ready.deliver()
    ready.pull()
    assert ready.rows("SELECT count(*) FROM member") == [(4,)]
    assert ready.states("welcome") == {"done": 4}
