"""From a member record to a course: members are enrolled, or the delivery has a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bridge.store.delivery.kinds import LARGE_BATCH_SIZE
from bridge.store.tables.members import Member
from bridge.workflows.delivery.dispatcher import deliver
from bridge.workflows.signup import sign_up
from tests.support.job_environment import JobEnvironment, people, person


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    """An environment whose courses are in Moodle."""
    applied.site.faults.clear()
    return applied


def enrolled(env: JobEnvironment) -> list[str]:
    sql = "SELECT u.idnumber FROM enrolment JOIN user u ON u.id = userid ORDER BY u.idnumber"
    return [number for (number,) in env.site.rows(sql)]


def test_one_member_is_enrolled(ready: JobEnvironment) -> None:
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


def test_a_member_and_their_deliveries_are_stored_together(ready: JobEnvironment) -> None:
    class Interrupted(Exception):
        pass

    def interrupted_signup() -> None:
        with ready.database.transaction() as session:
            sign_up(session, ready.curricula, [person(1)], regions={}, actor="t", now=ready.time)
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted_signup()
    assert ready.rows("SELECT count(*) FROM member") == [(0,)]
    assert ready.states() == {}


def test_one_bad_record_does_not_stop_the_batch(ready: JobEnvironment) -> None:
    ready.sign_up(*people(100))
    with ready.database.transaction() as session:  # as earlier releases stored it
        bad = update(Member).where(Member.number == "N42")
        session.execute(bad.values(first_name="<i>Bad</i>"))
    ready.deliver()
    assert len(enrolled(ready)) == 99
    assert ready.states("account") == {"done": 99, "failed": 1}
    assert list(ready.errors()) == ["N42"]
    assert "which Moodle refuses in names" in ready.errors()["N42"]
    assert ready.states("welcome") == {"done": 99, "owed": 1}


@pytest.mark.parametrize(("max_input_vars", "batch"), [(1_000, 100), (5_000, LARGE_BATCH_SIZE)])
def test_a_batch_takes_three_calls(ready: JobEnvironment, max_input_vars: int, batch: int) -> None:
    count = 1_000
    ready.site.app.config["MAX_INPUT_VARS"] = max_input_vars
    for start in range(0, count, 500):
        ready.sign_up(*people(count)[start : start + 500])
    kinds = [kind for kind in ready.delivery_kinds() if kind.kind in ("account", "enrol")]
    deliver(ready.database, kinds, owner="one", clock=ready.clock)
    assert len(enrolled(ready)) == count
    looking_round = 2
    assert len(ready.site.faults.log) <= 3 * count / batch + looking_round


def test_a_language_without_a_moodle_pack_is_left_out(ready: JobEnvironment) -> None:
    ready.sign_up(person(1, language="iu"), person(2, language="fr"))
    ready.deliver()
    assert enrolled(ready) == ["N1", "N2"]
    assert ready.site.rows("SELECT lang FROM user WHERE idnumber <> '' ORDER BY idnumber") == [
        ("en",),
        ("fr",),
    ]


def test_existing_users_are_found_and_get_their_member_number(ready: JobEnvironment) -> None:
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
def test_an_ambiguous_match_becomes_a_question(
    ready: JobEnvironment, first: dict, second: dict, reason: str
) -> None:  # type: ignore[type-arg]
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


def test_an_error_after_the_write_creates_no_second_user(ready: JobEnvironment) -> None:
    ready.site.fail("after-write", "core_user_create_users")
    ready.sign_up(*people(5))
    ready.deliver()
    assert ready.states("account") == {"done": 5}
    ready.advance_time()
    ready.deliver()
    assert enrolled(ready) == [f"N{n}" for n in range(1, 6)]
    assert ready.site.faults.calls["core_user_create_users"] == 1


@pytest.mark.parametrize("kind", ["error-500", "html", "close", "maintenance", "cut"])
def test_when_moodle_is_down_deliveries_are_retried(ready: JobEnvironment, kind: str) -> None:
    ready.site.fail(kind, nth=1, times=10)
    ready.sign_up(*people(3))
    ready.deliver()
    assert ready.states("account") == {"owed": 3}
    ready.site.faults.clear()
    ready.advance_time()
    ready.deliver()
    assert len(enrolled(ready)) == 3
    assert ready.states() == {"done": 3 * 5}


def test_a_missing_course_does_not_stop_other_enrolments(ready: JobEnvironment) -> None:
    other = replace(ready.curricula[0], key="another")
    ready.curricula = [other, *ready.curricula]
    ready.sign_up(person(1))
    ready.deliver()
    assert enrolled(ready) == ["N1"]
    sql = "SELECT state, reason FROM delivery WHERE target LIKE '%another%' AND kind = 'enrol'"
    assert ready.rows(sql) == [("owed", "configuration")]


def test_users_who_register_in_moodle_become_members(ready: JobEnvironment) -> None:
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


def test_accounts_that_we_created_are_recognised_in_the_feed(ready: JobEnvironment) -> None:
    ready.sign_up(*people(3), replace(person(4), number=None))
    ready.deliver()
    ready.pull()
    assert ready.rows("SELECT count(*) FROM member") == [(4,)]
    assert ready.states("welcome") == {"done": 4}
