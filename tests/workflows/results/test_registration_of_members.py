"""A registration with a member's email is linked by the account delivery, never by pull itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.store.accounts import questions as account_questions
from tests.support.job_environment import JobEnvironment, person

MEMBER = replace(person(1), number="7777", email="family@example.org")


@pytest.fixture
def ready(applied: JobEnvironment) -> JobEnvironment:
    applied.site.switch("numberlocked", on=False)
    applied.sign_up(MEMBER)
    return applied


def register(env: JobEnvironment, number: str = "") -> int:
    """A registration with the member's email and this ID number; returns the Moodle user."""
    user = env.site.register("relative", MEMBER.email)
    env.site.edit_profile(user, idnumber=number)
    return user


def linked(env: JobEnvironment) -> list[object]:
    return [account for (account,) in env.rows("SELECT moodle_user_id FROM member ORDER BY id")]


def answer(env: JobEnvironment, given: account_questions.Answer) -> None:
    with env.database.transaction() as session:
        ids = [one.id for one in account_questions.open_questions(session, 10)]
        account_questions.answer(session, ids, given, "the committee", env.time)


def test_pull_leaves_the_link_to_the_account_delivery(ready: JobEnvironment) -> None:
    user = register(ready)
    ready.pull()
    assert linked(ready) == [None]
    ready.deliver()
    assert linked(ready) == [user]


def test_the_answer_different_is_kept_by_pull(ready: JobEnvironment) -> None:
    register(ready, number="9999")
    ready.deliver()
    answer(ready, "different")
    ready.pull()
    ready.deliver()
    assert linked(ready) == [None]


def test_another_number_in_the_profile_is_a_question(ready: JobEnvironment) -> None:
    user = register(ready, number="9999")
    ready.pull()
    ready.deliver()
    with ready.database.reading() as session:
        [question] = account_questions.open_questions(session, 10)
    assert (question.moodle_user_id, question.reason) == (user, account_questions.NUMBER_DIFFERS)
    assert linked(ready) == [None]


def test_a_suspended_account_is_a_question(ready: JobEnvironment) -> None:
    user = register(ready)
    ready.site.do("UPDATE user SET suspended = 1 WHERE id = ?", user)
    ready.pull()
    ready.deliver()
    assert linked(ready) == [None]


def test_an_answer_given_during_a_delivery_is_not_lost(
    ready: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person answers "different" after the worker has found the account."""
    from bridge.moodle.learners import users

    user = register(ready)
    find = users.find_users

    def find_then_answer(*args: object, **options: object) -> object:
        found = find(*args, **options)  # type: ignore[arg-type]
        with ready.database.transaction() as session:
            new = account_questions.NewQuestion(1, user, account_questions.NOT_CERTAIN)
            account_questions.add_questions(session, [new], ready.time)
        answer(ready, "different")
        return found

    with monkeypatch.context() as patch:
        patch.setattr("bridge.moodle.learners.users.find_users", find_then_answer)
        ready.deliver()
    assert linked(ready) == [None]
