"""The account check compares linked accounts with Moodle. Errors of the site are no suspicions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.errors import MoodleError, MoodleMisconfigured
from bridge.moodle.schemas.core import User
from bridge.store.accounts.questions import (
    EMAIL_DIFFERS,
    GONE,
    NUMBER_FROM_MOODLE,
    UNCONFIRMED,
    add_questions,
    answer,
    open_questions,
)
from bridge.store.members.account_links import LinkedMember, count_numbers_from_moodle
from bridge.workflows import account_check
from bridge.workflows.account_check import check_accounts, reasons
from tests.support.job_environment import JobEnvironment, people, person

KIM = LinkedMember(1, "1001", "Kim", "Doe", "Kim@example.org", "north", "csv", 41, False)
USER = User(id=41, email="kim@EXAMPLE.org", idnumber="1001", confirmed=True)
OTHER = User(id=41, email="other@example.org", confirmed=False)


def test_each_reason_for_suspicion_is_reported() -> None:
    assert reasons(KIM, USER, number_unproven=False) == []
    assert reasons(KIM, None, number_unproven=False) == [GONE]
    assert reasons(KIM, None, number_unproven=True) == [NUMBER_FROM_MOODLE, GONE]
    assert reasons(KIM, OTHER, number_unproven=True) == [
        NUMBER_FROM_MOODLE, EMAIL_DIFFERS, UNCONFIRMED,
    ]  # fmt: skip


def test_fields_that_moodle_leaves_out_are_no_reason() -> None:
    assert reasons(KIM, User(id=41), number_unproven=False) == []


def test_a_member_identified_by_the_account_alone_may_change_their_email() -> None:
    own = replace(KIM, number=None, source="moodle")
    assert reasons(own, replace_email(USER, "new@example.org"), number_unproven=False) == []


def test_a_confirmed_account_is_suspicious_only_if_it_is_gone() -> None:
    sure = replace(KIM, confirmed=True)
    assert reasons(sure, OTHER, number_unproven=True) == []
    assert reasons(sure, None, number_unproven=True) == [GONE]


def replace_email(user: User, email: str) -> User:
    return user.model_copy(update={"email": email})


@pytest.fixture
def linked(applied: JobEnvironment) -> JobEnvironment:
    """Three members linked to the right accounts."""
    applied.sign_up(*people(3))
    applied.deliver()
    applied.site.faults.clear()
    return applied


def suspicions(env: JobEnvironment) -> dict[str | None, tuple[str, ...]]:
    report = check_accounts(env.database, env.moodle)
    return {each.member.number: tuple(each.reasons) for each in report.suspicions}


def test_matching_accounts_are_not_suspicious(
    linked: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_check, "ACCOUNT_BATCH_SIZE", 2)
    assert check_accounts(linked.database, linked.moodle).checked == 3
    assert suspicions(linked) == {}
    assert linked.site.writes == []


def test_other_emails_and_lost_accounts_are_found_and_asked_about(linked: JobEnvironment) -> None:
    linked.site.do("UPDATE user SET email = 'x@example.org' WHERE id = ?", linked.user("N1"))
    linked.site.do("UPDATE user SET deleted = 1, email = id WHERE id = ?", linked.user("N2"))
    assert suspicions(linked) == {"N1": (EMAIL_DIFFERS,), "N2": (GONE,)}
    report = check_accounts(linked.database, linked.moodle)
    with linked.database.transaction() as session:
        add_questions(session, [each.question for each in report.suspicions], linked.time)
        first, second = open_questions(session, 5)
    assert (first.account_email, first.account_number) == ("x@example.org", "N1")
    assert second.account_email == ""


def test_another_persons_account_is_unlinked_and_a_new_one_created(
    linked: JobEnvironment,
) -> None:
    former = linked.user("N1")
    linked.site.do("UPDATE user SET email = 'x@example.org', idnumber = '' WHERE id = ?", former)
    report = check_accounts(linked.database, linked.moodle)
    with linked.database.transaction() as session:
        add_questions(session, [each.question for each in report.suspicions], linked.time)
        [one] = open_questions(session, 5)
        answer(session, [one.id], "different", "chair", linked.time)
    assert linked.rows("SELECT moodle_user_id FROM member WHERE number = 'N1'") == [(None,)]
    linked.site.do("UPDATE user SET username = 'x@example.org' WHERE id = ?", former)
    linked.deliver()
    assert linked.user("N1") != former
    assert linked.states("account") == {"done": 3}
    assert linked.states("enrol") == {"done": 3}
    assert linked.rows("SELECT count(*) FROM enrolment WHERE enrolled_at IS NULL") == [(0,)]
    assert suspicions(linked) == {}


def test_a_site_error_is_no_suspicion(linked: JobEnvironment) -> None:
    linked.site.fail("maintenance", "core_user_get_users_by_field")
    with pytest.raises(MoodleError):
        check_accounts(linked.database, linked.moodle)


def test_a_token_that_sees_no_users_is_an_error(linked: JobEnvironment) -> None:
    linked.site.do("UPDATE user SET deleted = 1, email = id WHERE id > 3")
    with pytest.raises(MoodleMisconfigured, match="none of the 3 linked accounts"):
        check_accounts(linked.database, linked.moodle)


def test_a_question_is_dropped_when_the_account_is_found(applied: JobEnvironment) -> None:
    [one] = applied.sign_up(person(1)).created
    with applied.database.transaction() as session:
        add_questions(session, [account_check.NewQuestion(one, 41, "in doubt")], applied.time)
    applied.deliver()
    assert applied.rows("SELECT id FROM account_question") == []


def test_a_number_from_moodle_proves_nothing_until_another_source_gives_it(
    env: JobEnvironment,
) -> None:
    stranger = replace(person(1, moodle_user_id=41, source="moodle"), number="7777")
    env.sign_up(stranger, actor="moodle")
    with env.database.transaction() as session:
        assert count_numbers_from_moodle(session) == 1
    env.sign_up(replace(person(2, moodle_user_id=42, source="moodle"), number=None), actor="moodle")
    env.sign_up(person(2, source="moodle"), actor="csv")
    with env.database.transaction() as session:
        assert count_numbers_from_moodle(session) == 1
        ((kim,),) = env.rows("SELECT id FROM member WHERE number = '7777'")
        add_questions(session, [account_check.NewQuestion(kim, 41, NUMBER_FROM_MOODLE)], env.time)
        answer(session, [open_questions(session, 1)[0].id], "same", "chair", env.time)
        assert count_numbers_from_moodle(session) == 0
