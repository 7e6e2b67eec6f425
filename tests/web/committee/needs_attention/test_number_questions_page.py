"""Number questions: shown, answered by the committee, and withdrawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.member_records import MemberRecord
from bridge.store.members import number_answers, number_questions
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.members import Member
from bridge.web.committee.needs_attention.number_questions import ANSWERS, REASONS, REFUSALS
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

PLACE = "/committee/number-questions"
KIM = MemberRecord("00125", "kim@elsewhere.example", "Kim", "Doe", "north")


@pytest.fixture
def question(users: SignedInUsers) -> int:
    """A question about Kim: its ID."""
    with users.database.transaction() as session:
        upsert_members(session, [KIM], users.clock())
        other = replace(KIM, number="125", last_name="Roe")
        assert upsert_members(session, [other], users.clock()).refused
        [one] = number_questions.open_questions(session, 9)
    return one.id


def post(users: SignedInUsers, what: str, *ids: int, answer: str = "") -> str:
    """The page that follows."""
    browser = users.client("committee")
    data = {"question": [str(one) for one in ids], "answer": answer}
    assert browser.post(f"{PLACE}/{what}", data=data).status_code == 303
    return browser.get(PLACE).text


def test_a_question_is_shown_answered_and_withdrawn(users: SignedInUsers, question: int) -> None:
    page = users.client("committee").get(PLACE).text
    for words in ("Kim Doe", "00125", "Kim Roe", "125<br>", "kim@elsewhere.example", "North",
                  "differ only in their spelling"):  # fmt: skip
        assert words in page
    attention = users.client("committee").get("/committee/failed-deliveries").text
    assert f'<a href="{PLACE}">Number questions</a>: 1 open question' in attention
    assert "1 question answered. Send or import the record again." in post(
        users, "answer", question, answer="replace"
    )
    answered = users.client("committee").get(f"{PLACE}?answered=1").text
    assert "Same person, new number" in answered
    assert "kim@elsewhere.example" in answered, "the member's"
    assert "the member&#39;s number now" in post(users, "withdraw", question)
    assert "Select the questions first" in post(users, "answer", answer="same")


def test_chairs_and_auditors_only_read(users: SignedInUsers, question: int) -> None:
    for who in ("chair", "auditor"):
        page = users.client(who).get(PLACE).text  # type: ignore[arg-type]
        assert "Kim Roe" in page
        assert 'type="checkbox" name="question"' not in page


def test_an_unknown_answer_is_refused(users: SignedInUsers, question: int) -> None:
    data = {"question": str(question), "answer": "perhaps"}
    assert users.client("committee").post(f"{PLACE}/answer", data=data).status_code == 404


def test_every_text_of_the_store_is_translated() -> None:
    assert set(REASONS) == set(number_questions.REASONS)
    assert set(REFUSALS) == set(number_answers.REFUSALS)
    assert {"same", "replace", "different"} == set(ANSWERS)


def test_nobody_answers_about_their_own_number(users: SignedInUsers, question: int) -> None:
    with users.database.transaction() as session:
        [asked] = number_questions.open_questions(session, 9)
        member = session.get_one(Member, asked.member_id)
        member.email = member.email_key = ADDRESSES["committee"]
    about_oneself = "It is about your own record."
    assert about_oneself in post(users, "answer", question, answer="same")
    with users.database.transaction() as session:
        number_answers.answer(session, [question], "different", "someone", users.clock())
    assert about_oneself in post(users, "withdraw", question)
    with users.database.reading() as session:
        [left] = number_questions.answered_questions(session, 9)
    assert left.answer == "different"
