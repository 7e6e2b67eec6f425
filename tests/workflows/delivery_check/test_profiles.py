"""Corrected names and emails reach Moodle, unless the member changed them there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.delivery_check import Profile, ProfileUpdate, first_agreed_profile, profile_update
from bridge.store.accounts import questions
from bridge.workflows.account_check import check_accounts
from tests.support.job_environment import JobEnvironment, person
from tests.workflows.delivery_check.test_lost_deliveries import check

ANN, ANNE = Profile("Ann", "Lee", "ann@x.example"), Profile("Anne", "Lee", "ann@x.example")
OTHER = Profile("Ann", "Lee", "other@x.example")
THIRD = Profile("Ann", "Lee", "third@x.example")


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "expected"),
    [
        (ANN, ANN, ANN, ProfileUpdate()),
        (ANN, ANNE, ANN, ProfileUpdate(name=True)),
        (ANN, ANN, ANNE, ProfileUpdate()),  # the member's own edit
        (ANN, ANNE, ANNE, ProfileUpdate()),  # both made the same correction
        (ANN, OTHER, ANN, ProfileUpdate(email=True)),
        (ANN, ANN, OTHER, ProfileUpdate()),
        (ANN, OTHER, THIRD, ProfileUpdate(contradicts=True)),
        (ANN, OTHER, Profile("", "", ""), ProfileUpdate(email=True)),  # Moodle doesn't show it
        (ANN, Profile(" Ann ", "Lee", "ANN@x.example"), ANN, ProfileUpdate()),
        (
            replace(ANN, last_name=""),
            replace(ANNE, last_name=""),
            replace(ANNE, last_name="-"),
            ProfileUpdate(),
        ),  # a single name
    ],
)
def test_what_is_written(
    before: Profile, ours: Profile, theirs: Profile, expected: ProfileUpdate
) -> None:
    assert profile_update(before, ours, theirs) == expected


def test_a_confirmed_account_gets_the_email_in_any_case() -> None:
    assert profile_update(ANN, OTHER, THIRD, proven=True) == ProfileUpdate(email=True)


def test_what_an_earlier_release_agreed_on_comes_from_the_audit_log() -> None:
    assert first_agreed_profile(ANNE, ANN, [ANN]) == ANN, "corrected here since"
    assert first_agreed_profile(ANN, ANNE, []) == ANN, "changed there"


def profile(env: JobEnvironment, number: str) -> tuple[str, str, str]:
    sql = "SELECT firstname, lastname, email FROM user WHERE id = ?"
    (found,) = env.site.rows(sql, env.user(number))
    return found  # type: ignore[return-value]


def test_a_correction_reaches_moodle_with_the_next_delivery(settled: JobEnvironment) -> None:
    settled.sign_up(person(1, first_name="Right", email="new@example.org"))
    settled.deliver()
    assert profile(settled, "N1") == ("Right", "Last1", "new@example.org")
    assert settled.states("profile") == {"done": 1}
    settled.site.faults.clear()
    settled.sign_up(person(1, first_name="Right", email="new@example.org"))
    settled.deliver()
    assert settled.site.writes == []


def test_a_member_s_own_edit_stays(settled: JobEnvironment) -> None:
    settled.site.edit_profile(settled.user("N1"), firstname="Nick")
    settled.sign_up(person(1, email="new@example.org"))
    check(settled)
    settled.deliver()
    assert profile(settled, "N1") == ("Nick", "Last1", "new@example.org")
    settled.sign_up(person(1, first_name="Newer", email="new@example.org"))
    settled.deliver()
    assert profile(settled, "N1")[0] == "Newer", "the membership system said something new"


def test_two_different_changes_of_an_email_are_a_question(settled: JobEnvironment) -> None:
    settled.site.do("UPDATE user SET email = 'x@y.example' WHERE id = ?", settled.user("N1"))
    settled.sign_up(person(1, email="new@example.org"))
    settled.deliver()
    assert profile(settled, "N1")[2] == "x@y.example"
    with settled.database.transaction() as session:
        (question,) = questions.open_questions(session, 10)
        assert question.reason == questions.EMAIL_DIFFERS
        questions.answer(session, [question.id], "same", "chair", settled.time)
    check(settled)
    settled.deliver()
    assert profile(settled, "N1")[2] == "new@example.org"


def test_an_address_that_another_user_has_is_refused_and_shown(settled: JobEnvironment) -> None:
    settled.site.account("else", "taken@example.org")
    settled.sign_up(person(1, email="taken@example.org"))
    settled.deliver()
    assert settled.errors().keys() == {"N1"}
    assert profile(settled, "N1")[2] == "m1@example.org"


def test_a_correction_on_its_way_raises_no_suspicion(settled: JobEnvironment) -> None:
    settled.sign_up(person(1, email="new@example.org"))
    assert not check_accounts(settled.database, settled.moodle).suspicions
    settled.deliver()
    assert not check_accounts(settled.database, settled.moodle).suspicions


def test_corrections_from_before_an_upgrade_reach_moodle(settled: JobEnvironment) -> None:
    settled.site.edit_profile(settled.user("N2"), firstname="Nick")
    settled.sign_up(person(1, first_name="Right"))
    forget = "UPDATE member SET profile_first_name = NULL, profile_last_name = NULL,"
    with settled.database.transaction() as session:
        from sqlalchemy import text

        session.execute(text(forget + " profile_email = NULL"))
        session.execute(text("DELETE FROM delivery WHERE kind = 'profile'"))
    assert check(settled).corrections == 1
    settled.deliver()
    assert profile(settled, "N1")[0] == "Right"
    assert profile(settled, "N2")[0] == "Nick"


def test_members_who_registered_in_moodle_keep_their_own_data(settled: JobEnvironment) -> None:
    user = settled.site.register("zoe")
    settled.pull()
    settled.deliver()
    settled.site.edit_profile(user, firstname="Zoë")
    settled.pull()
    check(settled)
    settled.deliver()
    assert settled.site.one("SELECT firstname FROM user WHERE id = ?", user) == "Zoë"
    assert not settled.states("profile")
