"""A stranger who enters a member's number in Moodle gets neither their record nor their account.

Both attacks of a stranger who knows a member's number, from registration to course.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.config import MoodleSettings
from bridge.store.accounts import questions as account_questions
from bridge.store.accounts.questions import ListedQuestion
from tests.support.job_environment import JobEnvironment, person

VICTIM = replace(person(1), number="7777", email="victim@example.org", role="steward")


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    """Moodle's default: users can edit their own ID number."""
    applied.site.switch("numberlocked", on=False)
    return applied


def register_stranger(env: JobEnvironment, number: str = "7777") -> int:
    user = env.site.register("stranger", "stranger@example.org")
    env.site.edit_profile(user, idnumber=number)
    return user


def members(env: JobEnvironment) -> list[tuple[object, ...]]:
    sql = (
        "SELECT number, email, coalesce(role, ''), member.region, member.source, moodle_user_id"
        " FROM member LEFT JOIN member_role ON member_id = member.id ORDER BY member.id"
    )
    return env.rows(sql)


def questions(env: JobEnvironment) -> list[ListedQuestion]:
    with env.database.reading() as session:
        return list(account_questions.open_questions(session, 10))


def answer(env: JobEnvironment, said: account_questions.Answer) -> None:
    ids = [one.id for one in questions(env)]
    with env.database.transaction() as session:
        account_questions.answer(session, ids, said, "the committee", env.time)


def failed(env: JobEnvironment) -> str:
    sql = "SELECT last_error FROM delivery WHERE kind = 'account' AND state <> 'done'"
    ((error,),) = env.rows(sql)
    return str(error)


# --- the first attack: a stranger enters a number, then the real member is imported ---


def test_the_stranger_does_not_become_the_member(ready: JobEnvironment) -> None:
    user = register_stranger(ready)
    ready.pull()
    assert members(ready) == [(None, "stranger@example.org", "", "", "moodle", user)]
    ready.sign_up(VICTIM)
    ready.pull()
    ready.deliver()
    assert members(ready) == [
        (None, "stranger@example.org", "", "", "moodle", user),
        ("7777", "victim@example.org", "steward", "north", "csv", None),
    ]
    [one] = questions(ready)
    assert (one.number, one.moodle_user_id) == ("7777", user)
    assert one.account_email == "stranger@example.org"


def test_the_entered_number_is_written_to_the_audit_log(ready: JobEnvironment) -> None:
    register_stranger(ready)
    ready.pull()
    ((said,),) = ready.rows("SELECT after FROM audit WHERE action = 'signed-up'")
    assert "7777" in str(said)


def test_the_members_email_does_not_follow_a_strangers_profile(ready: JobEnvironment) -> None:
    user = register_stranger(ready)
    ready.pull()
    ready.sign_up(VICTIM)
    ready.site.do("UPDATE user SET email = 'evil@example.org' WHERE id = ?", user)
    ready.site.edit_profile(user, firstname="Evil")
    ready.pull()
    assert [row[:2] for row in members(ready)] == [
        (None, "evil@example.org"),
        ("7777", "victim@example.org"),
    ]


# --- the second attack: an imported member, and another person's account with their number ---


def test_an_imported_member_is_not_linked_to_an_account_with_another_email(
    ready: JobEnvironment,
) -> None:
    user = register_stranger(ready)
    ready.sign_up(VICTIM)
    ready.deliver()
    assert members(ready)[0][5] is None
    assert "another email address" in failed(ready)
    assert ready.site.rows("SELECT 1 FROM enrolment WHERE userid = ?", user) == []


def test_a_number_that_is_not_linked_yet_is_not_linked_by_the_next_pull(
    ready: JobEnvironment,
) -> None:
    ready.sign_up(VICTIM)
    user = register_stranger(ready)
    ready.pull()
    assert [row[0] for row in members(ready) if row[5] == user] == [None]


def test_after_the_answer_different_the_member_gets_a_new_account(ready: JobEnvironment) -> None:
    user = register_stranger(ready)
    ready.sign_up(VICTIM)
    ready.deliver()
    answer(ready, "different")
    ready.deliver()
    account = ready.user("7777")
    assert account != user
    assert ready.site.one("SELECT email FROM user WHERE id = ?", account) == VICTIM.email
    assert questions(ready) == []


def test_after_the_answer_same_the_account_is_linked_and_gets_the_number(
    ready: JobEnvironment,
) -> None:
    user = register_stranger(ready, number="")
    ready.site.do("UPDATE user SET idnumber = '7777', email = 'new@example.org' WHERE id = ?", user)
    ready.sign_up(VICTIM)
    ready.deliver()
    answer(ready, "same")
    ready.deliver()
    assert ready.user("7777") == user
    assert ready.states("account") == {"done": 1}


def test_a_linked_member_does_not_follow_their_moodle_profile(ready: JobEnvironment) -> None:
    user = ready.site.register("victim", VICTIM.email)
    ready.sign_up(VICTIM)
    ready.deliver()
    assert ready.user("7777") == user
    before = members(ready)
    ready.site.edit_profile(user, email="other@example.org", firstname="Mallory")
    ready.pull()
    assert members(ready) == before


def test_a_member_who_signed_up_with_the_form_does_not_follow_their_moodle_profile(
    ready: JobEnvironment,
) -> None:
    """They registered here: the email that they confirmed here counts."""
    ready.sign_up(replace(VICTIM, number=None, role="", source="form"))
    ready.deliver()
    before = members(ready)
    ready.site.edit_profile(before[0][5], email="other@example.org", firstname="Mallory")
    ready.pull()
    assert members(ready) == before
    assert ready.rows("SELECT first_name FROM member") == [(VICTIM.first_name,)]


# --- unconfirmed emails ---


def test_an_unconfirmed_registration_is_no_member_until_it_is_confirmed(
    ready: JobEnvironment,
) -> None:
    user = ready.site.register("kim", confirmed=False)
    ready.pull()
    ready.site.edit_profile(user, lang="fr")
    ready.pull()
    assert members(ready) == []
    ready.site.confirm(user)
    ready.pull()
    assert members(ready) == [(None, "kim@example.org", "", "", "moodle", user)]
    ready.pull()
    assert len(members(ready)) == 1


def test_a_member_does_not_follow_a_profile_that_is_no_longer_confirmed(
    ready: JobEnvironment,
) -> None:
    user = ready.site.register("kim")
    ready.pull()
    ready.site.do("UPDATE user SET confirmed = 0, email = 'evil@example.org' WHERE id = ?", user)
    ready.site.edit_profile(user, firstname="Mallory")
    ready.pull()
    assert [row[1] for row in members(ready)] == ["kim@example.org"]
    assert ready.rows("SELECT first_name FROM member") != [("Mallory",)]


def test_a_registration_that_moodle_no_longer_counts_as_confirmed_is_no_member(
    ready: JobEnvironment,
) -> None:
    user = ready.site.register("kim")
    ready.site.do("UPDATE user SET confirmed = 0 WHERE id = ?", user)
    ready.pull()
    assert members(ready) == []


def test_an_account_with_an_unconfirmed_email_makes_the_delivery_wait(
    ready: JobEnvironment,
) -> None:
    user = ready.site.register("stranger", VICTIM.email, confirmed=False)
    ready.sign_up(VICTIM)
    ready.deliver()
    assert ready.states("account") == {"owed": 1}
    assert "has not confirmed" in failed(ready)
    ready.site.do(
        "UPDATE user SET deleted = 1, email = 'gone', username = 'gone' WHERE id = ?", user
    )
    ready.advance_time()
    ready.deliver()
    assert ready.user("7777") != user


def test_changed_emails_are_ignored_if_moodle_does_not_confirm_them(ready: JobEnvironment) -> None:
    user = ready.site.register("kim")
    ready.pull()
    ready.site.switch("emailchangeconfirmation", on=False)
    ready.site.edit_profile(user, email=VICTIM.email, firstname="Changed")
    late = ready.site.register("late")
    ready.site.edit_profile(late, email=VICTIM.email)
    ready.pull()
    assert [row[1] for row in members(ready)] == ["kim@example.org"]
    assert ready.rows("SELECT first_name FROM member") == [("Changed",)]
    ready.sign_up(VICTIM)
    ready.deliver()
    assert len(questions(ready)) == 2


def test_an_old_plugin_registers_no_members(
    ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.site.register("kim")
    # As local_stewardpath 1.1.0 answers.
    monkeypatch.setattr(
        "bridge.moodle.sandbox.functions.companion.change_feed._USER",
        ("id", "username", "suspended"),
    )
    ready.pull()
    assert members(ready) == []


# --- names that block, and numbers that can be trusted ---


def test_a_taken_username_does_not_block_the_member(ready: JobEnvironment) -> None:
    ready.site.register(VICTIM.email, "stranger@example.org")
    ready.sign_up(VICTIM)
    ready.deliver()
    user = ready.user("7777")
    assert ready.site.one("SELECT username FROM user WHERE id = ?", user) == "member-7777"


@pytest.mark.parametrize("locked", [True, False])
def test_numbers_are_trusted_only_if_moodle_locks_them(ready: JobEnvironment, locked: bool) -> None:
    trusting = MoodleSettings(url=ready.site.url, trust_numbers=True)
    ready.config = ready.config.model_copy(update={"moodle": trusting})
    user = register_stranger(ready)
    ready.site.switch("numberlocked", on=locked)
    ready.pull()
    assert members(ready)[0][0] == ("7777" if locked else None)
    other = ready.site.account("other", idnumber="N2")
    ready.sign_up(person(2))
    ready.deliver()
    linked = [row[5] for row in members(ready)]
    assert linked == [user, other if locked else None]


def test_locked_numbers_are_not_trusted_without_the_setting(ready: JobEnvironment) -> None:
    register_stranger(ready)
    ready.site.account("other", idnumber="N2")
    ready.site.switch("numberlocked", on=True)
    ready.pull()
    ready.sign_up(person(2))
    ready.deliver()
    assert [(row[0], row[5]) for row in members(ready)][1:] == [("N2", None)]
    assert members(ready)[0][0] is None


def test_a_locked_number_cannot_be_entered(ready: JobEnvironment) -> None:
    ready.site.switch("numberlocked", on=True)
    user = register_stranger(ready)
    assert ready.site.one("SELECT idnumber FROM user WHERE id = ?", user) == ""
