"""Account questions: shown, answered by the committee, and withdrawn."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from bridge.config import MoodleSettings
from bridge.member_records import MemberRecord
from bridge.store.accounts import answers as account_answers
from bridge.store.accounts import questions as account_questions
from bridge.store.accounts.questions import Answers, NewQuestion, add_questions, answers
from bridge.store.members.queries import members_by_ids
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member
from bridge.web.committee.needs_attention.account_labels import REASONS, REFUSALS, translate_reason
from bridge.web.committee.needs_attention.account_questions import profile_url
from bridge.web.lists.filters import PAGE_SIZE
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

PLACE = "/committee/account-questions"
WHY = "The number fits, <b>the address</b> does not."
STRANGER = "stranger@elsewhere.example"


@pytest.fixture
def question_ids(users: SignedInUsers) -> list[int]:
    """Two questions about the member in the north, one about the one in the south: their ids."""
    about = [(users.member, 41), (users.member, 42), (users.other_member, 43)]
    with users.database.transaction() as session:
        add_questions(
            session, [NewQuestion(m, a, WHY, STRANGER, "1001") for m, a in about], users.clock()
        )
        found = account_questions.open_questions(session, 9)
    return [one.id for one in found]


def page(users: SignedInUsers, who: Who = "committee", query: str = "") -> str:
    return users.client(who).get(PLACE + query).text


def post(users: SignedInUsers, what: str, *ids: int, answer: str = "") -> str:
    """The page that follows."""
    browser = users.client("committee")
    data = {"question": [str(one) for one in ids], "answer": answer}
    assert browser.post(f"{PLACE}/{what}", data=data).status_code == 303
    return browser.get(PLACE).text


def said(users: SignedInUsers) -> dict[int, Answers]:
    with users.database.reading() as session:
        return dict(answers(session, [users.member, users.other_member]))


def test_a_question_shows_member_and_account(users: SignedInUsers, question_ids: list[int]) -> None:
    text = page(users)
    for words in ("Mem Ber", "1001", "member@union.example", "North", STRANGER, "41",
                  "the address&lt;/b&gt; does not"):  # fmt: skip
        assert words in text
    assert text.count('type="checkbox" name="question"') == 3
    assert "checked" not in text
    assert page(users, query="?selected=1").count(" checked") == 3


def test_an_account_links_to_its_moodle_profile(users: SignedInUsers) -> None:
    at = users.config.model_copy(update={"moodle": MoodleSettings(url="https://moodle.example/")})
    assert profile_url(at, 41) == "https://moodle.example/user/profile.php?id=41"
    assert profile_url(users.config.model_copy(update={"moodle": None}), 41) == ""


def test_chairs_see_their_region_and_only_the_committee_answers(
    users: SignedInUsers, question_ids: list[int]
) -> None:
    text = page(users, "chair")
    assert "Mem Ber" in text
    assert "Oth Er" not in text
    for who in ("chair", "auditor"):
        assert 'name="question"' not in page(users, who)
    assert page(users, query="?region=south").count('type="checkbox" name="question"') == 1


def test_several_questions_are_answered_together(
    users: SignedInUsers, question_ids: list[int]
) -> None:
    assert "2 questions answered." in post(users, "answer", *question_ids[1:], answer="different")
    assert "1 question answered." in post(users, "answer", question_ids[0], answer="same")
    assert said(users) == {
        users.member: Answers(41, frozenset({42})),
        users.other_member: Answers(None, frozenset({43})),
    }
    assert "There are no open questions." in page(users)
    text = page(users, query="?answered=1")
    assert text.count("committee@union.example") >= 3
    assert STRANGER not in text
    assert users.woken == ["outbox", "outbox"]
    with users.database.reading() as session:
        lines = audit_queries.entries(session, 9)
        states = session.scalars(select(Delivery.state).where(Delivery.kind == "account")).all()
    assert [(line.actor, line.action) for line in lines] == [
        ("committee@union.example", "account-answer")
    ] * 3
    assert states == ["owed", "owed"]
    assert "answered an account question" in users.client("auditor").get("/committee/audit").text


def test_an_answer_can_be_withdrawn(users: SignedInUsers, question_ids: list[int]) -> None:
    post(users, "answer", *question_ids, answer="different")
    assert "2 answers withdrawn." in post(users, "withdraw", *question_ids[:2])
    assert said(users) == {users.other_member: Answers(None, frozenset({43}))}
    assert page(users).count('type="checkbox" name="question"') == 2


def test_a_rejected_answer_says_why(users: SignedInUsers, question_ids: list[int]) -> None:
    text = post(users, "answer", *question_ids, answer="same")
    assert "1 question answered." in text
    assert "Not answered: Mem Ber (41), Mem Ber (42). A member has one Moodle account." in text
    assert "Select the questions first." in post(users, "answer", answer="same")
    assert "Select the questions first." in post(users, "withdraw")


def test_nobody_answers_about_their_own_record_or_account(
    users: SignedInUsers, question_ids: list[int]
) -> None:
    own, theirs, other = question_ids
    with users.database.transaction() as session:
        member = session.get_one(Member, users.member)
        member.email = member.email_key = ADDRESSES["committee"]
        member.moodle_user_id = 43
    for one in (own, other):
        assert "It is about your own record." in post(users, "answer", one, answer="same")
    assert "It is about your own record." in post(
        users, "answer", *question_ids, answer="different"
    )
    assert said(users) == {}
    with users.database.transaction() as session:
        account_answers.answer(session, [theirs], "different", "someone else", users.clock())
    assert "Not withdrawn: Mem Ber (42)." in post(users, "withdraw", theirs)
    assert said(users) == {users.member: Answers(None, frozenset({42}))}


def test_an_account_that_moves_leaves_a_record_to_erase(
    users: SignedInUsers, question_ids: list[int]
) -> None:
    kim = MemberRecord(None, "kim@union.example", "Kim", "Doe", source="moodle", moodle_user_id=41)
    with users.database.transaction() as session:
        [left] = upsert_members(session, [kim], users.clock()).created
    text = post(users, "answer", question_ids[0], answer="same")
    assert "lists the records you can erase" in text
    assert f'href="/committee/members/{left}"' in page(users, query="?answered=1")
    with users.database.reading() as session:
        members: dict[int, Member] = members_by_ids(session, [left, users.member])
        assert (members[left].moodle_user_id, members[users.member].moodle_user_id) == (None, 41)


@pytest.mark.parametrize(
    "data",
    [
        {"question": "x", "answer": "same"},
        {"question": str(2**63), "answer": "same"},
        {"question": "1", "answer": "maybe"},
        {"question": ["1"] * 1001, "answer": "same"},
    ],
)
def test_invalid_form_data_is_not_found(
    users: SignedInUsers, question_ids: list[int], data: dict[str, str | list[str]]
) -> None:
    assert users.client("committee").post(f"{PLACE}/answer", data=data).status_code == 404
    assert said(users) == {}


def test_the_list_is_paginated(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        many = [NewQuestion(users.member, 100 + n, WHY) for n in range(PAGE_SIZE + 1)]
        add_questions(session, many, users.clock())
    text = page(users)
    assert text.count('type="checkbox" name="question"') == PAGE_SIZE
    [address] = re.findall(r'rel="next" href="([^"]+)"', text)
    last = users.client("committee").get(address.replace("&amp;", "&")).text
    assert last.count('type="checkbox" name="question"') == 1


def test_needs_attention_counts_the_visitors_open_questions(
    users: SignedInUsers, question_ids: list[int]
) -> None:
    for who, count in (("committee", "3 open questions"), ("other_chair", "1 open question")):
        text = users.client(who).get("/committee/failed-deliveries").text  # type: ignore[arg-type]
        assert f'<a href="{PLACE}">Account questions</a>: {count}<' in text


def test_every_message_of_the_store_is_translated(users: SignedInUsers) -> None:
    assert set(REASONS) == set(account_questions.REASONS)
    assert set(REFUSALS) == set(account_answers.REFUSALS)
    with users.app.test_request_context():
        for known in (REASONS, REFUSALS):
            with force_locale("en"):
                assert [str(text) for text in known.values()] == list(known)


def test_several_reasons_are_translated_to_french(users: SignedInUsers) -> None:
    both = f"{account_questions.NUMBER_FROM_MOODLE} {account_questions.UNCONFIRMED} Other."
    with users.app.test_request_context(), force_locale("fr"):
        said = translate_reason(both)
    assert said.startswith("Le numéro de membre vient du profil Moodle")
    assert said.endswith("L’adresse du compte n’est pas confirmée. Other.")
