"""What Moodle refuses without a reason is found before the call and explained at once."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bridge.store.accounts.questions import open_questions
from bridge.store.tables.members import Member
from tests.support.job_environment import JobEnvironment, people, person

CREATE = "core_user_create_users"
UPDATE = "core_user_update_users"


def store_as_before(env: JobEnvironment, number: str, **values: str) -> None:
    """Change a member as an earlier release could have stored them."""
    with env.database.transaction() as session:
        session.execute(update(Member).where(Member.number == number).values(values))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"first_name": "<b>Kim</b>"}, "The name contains < or >"),
        ({"email": f"{'k' * 60}@{'e' * 36}.org"}, "longer than 100 characters"),
        ({"email": "kim@example.1"}, "does not accept the email address"),
        ({"first_name": "", "last_name": " "}, "has no name"),
    ],
)
def test_a_member_whom_moodle_would_refuse_is_not_sent(
    applied: JobEnvironment, values: dict[str, str], reason: str
) -> None:
    applied.sign_up(*people(3))
    store_as_before(applied, "N2", **values)
    applied.deliver()
    assert reason in applied.errors()["N2"]
    assert "Invalid parameter" not in applied.errors()["N2"]
    assert applied.states("account") == {"done": 2, "failed": 1}
    assert applied.site.faults.calls[CREATE] == 1


@pytest.mark.parametrize("missing", ["first_name", "last_name"])
def test_a_single_name_gets_an_account(applied: JobEnvironment, missing: str) -> None:
    applied.sign_up(person(1, **{missing: ""}))
    applied.deliver()
    assert applied.states("account") == {"done": 1}
    column = {"first_name": "firstname", "last_name": "lastname"}[missing]
    assert applied.site.one(f"SELECT {column} FROM user WHERE email = 'm1@example.org'") == "-"
    welcome = next(each for each in applied.emails() if "m1@example.org" in each["To"])
    name = "Last1" if missing == "first_name" else "First1"
    assert f"{name}," in welcome.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_two_new_members_with_one_address_are_a_question(applied: JobEnvironment) -> None:
    applied.sign_up(person(1, email="both@example.org"), person(2, email="Both@example.org"))
    applied.deliver()
    assert applied.states("account") == {"done": 1, "failed": 1}
    [error] = applied.errors().values()
    assert "has this email address and another member number" in error
    with applied.database.reading() as session:
        [question] = open_questions(session, 10)
    assert question.account_email == "both@example.org"
    assert applied.site.faults.calls[CREATE] == 1


def test_a_refusal_without_a_known_cause_names_the_likely_ones(applied: JobEnvironment) -> None:
    applied.site.fail("exception", CREATE, code="invalidparameter", times=500)
    applied.sign_up(person(1))
    applied.deliver()
    error = applied.errors()["N1"]
    assert "does not say why (invalidparameter)" in error
    assert "in another spelling" in error
    assert "moodle.login" in error


@pytest.mark.parametrize(
    ("email", "reason", "calls"),
    [
        ("m2@example.org", "Another account in Moodle has this email address", 1),
        (f"{'k' * 60}@{'e' * 36}.org", "longer than 100 characters", 0),
    ],
)
def test_a_corrected_address_that_moodle_refuses_is_explained(
    applied: JobEnvironment, email: str, reason: str, calls: int
) -> None:
    applied.sign_up(*people(2))
    applied.deliver()
    applied.sign_up(person(1, email="new@example.org"))
    store_as_before(applied, "N1", email=email, email_key=email)
    applied.site.faults.calls.clear()
    applied.deliver()
    assert reason in applied.errors()["N1"]
    assert applied.site.faults.calls[UPDATE] == calls
