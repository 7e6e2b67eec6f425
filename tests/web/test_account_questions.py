"""Account questions: compared, answered many at a time by the committee, and withdrawn."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from bridge.config import MoodleSettings
from bridge.roster import MemberRecord
from bridge.store import account_answers, account_questions, logbook
from bridge.store.account_questions import Answers, Question, answers, ask
from bridge.store.intake import upsert_members
from bridge.store.members import members_by_ids
from bridge.store.tables import Delivery, Member
from bridge.web.committee.account_questions import profile
from bridge.web.committee.account_words import REASONS, REFUSALS, reason_in_words
from bridge.web.committee.filters import PAGE

from .cast import Cast, Who

PLACE = "/committee/account-questions"
WHY = "The number fits, <b>the address</b> does not."
STRANGER = "stranger@elsewhere.example"


@pytest.fixture
def asked(cast: Cast) -> list[int]:
    """Two questions about the member in the north, one about the one in the south: their ids."""
    about = [(cast.member, 41), (cast.member, 42), (cast.other_member, 43)]
    with cast.database.transaction() as session:
        ask(session, [Question(m, a, WHY, STRANGER, "1001") for m, a in about], cast.clock())
        found = account_questions.open_questions(session, 9)
    return [one.id for one in found]


def page(cast: Cast, who: Who = "committee", query: str = "") -> str:
    return cast.client(who).get(PLACE + query).text


def post(cast: Cast, what: str, *ids: int, answer: str = "") -> str:
    """The page that follows."""
    browser = cast.client("committee")
    data = {"question": [str(one) for one in ids], "answer": answer}
    assert browser.post(f"{PLACE}/{what}", data=data).status_code == 303
    return browser.get(PLACE).text


def said(cast: Cast) -> dict[int, Answers]:
    with cast.database.reading() as session:
        return dict(answers(session, [cast.member, cast.other_member]))


def test_a_question_shows_both_sides(cast: Cast, asked: list[int]) -> None:
    text = page(cast)
    for words in ("Mem Ber", "1001", "member@union.example", "North", STRANGER, "41",
                  "the address&lt;/b&gt; does not"):  # fmt: skip
        assert words in text
    assert text.count('type="checkbox"') == 3
    assert "checked" not in text
    assert page(cast, query="?selected=1").count(" checked") == 3


def test_an_account_leads_to_its_profile(cast: Cast) -> None:
    at = cast.config.model_copy(update={"moodle": MoodleSettings(url="https://moodle.example/")})
    assert profile(at, 41) == "https://moodle.example/user/profile.php?id=41"
    assert profile(cast.config.model_copy(update={"moodle": None}), 41) == ""


def test_chairs_see_their_region_and_nobody_but_the_committee_answers(
    cast: Cast, asked: list[int]
) -> None:
    text = page(cast, "chair")
    assert "Mem Ber" in text
    assert "Oth Er" not in text
    for who in ("chair", "auditor"):
        assert "checkbox" not in page(cast, who)
    assert page(cast, query="?region=south").count('type="checkbox"') == 1


def test_many_are_answered_together(cast: Cast, asked: list[int]) -> None:
    assert "2 questions answered." in post(cast, "answer", *asked[1:], answer="different")
    assert "1 question answered." in post(cast, "answer", asked[0], answer="same")
    assert said(cast) == {
        cast.member: Answers(41, frozenset({42})),
        cast.other_member: Answers(None, frozenset({43})),
    }
    assert "There are no open questions." in page(cast)
    text = page(cast, query="?answered=1")
    assert text.count("committee@union.example") >= 3
    assert STRANGER not in text
    assert cast.woken == ["letters", "letters"]
    with cast.database.reading() as session:
        lines = logbook.entries(session, 9)
        states = session.scalars(select(Delivery.state).where(Delivery.kind == "account")).all()
    assert [(line.who, line.action) for line in lines] == [
        ("committee@union.example", "account-answer")
    ] * 3
    assert states == ["owed", "owed"]
    assert "answered an account question" in cast.client("auditor").get("/committee/audit").text


def test_an_answer_is_withdrawn(cast: Cast, asked: list[int]) -> None:
    post(cast, "answer", *asked, answer="different")
    assert "2 answers withdrawn." in post(cast, "withdraw", *asked[:2])
    assert said(cast) == {cast.other_member: Answers(None, frozenset({43}))}
    assert page(cast).count('type="checkbox"') == 2


def test_what_cannot_be_says_why(cast: Cast, asked: list[int]) -> None:
    text = post(cast, "answer", *asked, answer="same")
    assert "1 question answered." in text
    assert "Not answered: Mem Ber (41), Mem Ber (42). A member has one Moodle account." in text
    assert "Tick the questions first." in post(cast, "answer", answer="same")
    assert "Tick the questions first." in post(cast, "withdraw")


def test_an_account_that_moves_leaves_a_record_to_erase(cast: Cast, asked: list[int]) -> None:
    kim = MemberRecord(None, "kim@union.example", "Kim", "Doe", source="moodle", moodle_user_id=41)
    with cast.database.transaction() as session:
        [left] = upsert_members(session, [kim], cast.clock()).created
    text = post(cast, "answer", asked[0], answer="same")
    assert "lists the records you can erase" in text
    assert f'href="/committee/members/{left}"' in page(cast, query="?answered=1")
    with cast.database.reading() as session:
        members: dict[int, Member] = members_by_ids(session, [left, cast.member])
        assert (members[left].moodle_user_id, members[cast.member].moodle_user_id) == (None, 41)


@pytest.mark.parametrize(
    "data",
    [
        {"question": "x", "answer": "same"},
        {"question": str(2**63), "answer": "same"},
        {"question": "1", "answer": "maybe"},
        {"question": ["1"] * 1001, "answer": "same"},
    ],
)
def test_what_no_form_sends_is_not_found(
    cast: Cast, asked: list[int], data: dict[str, str | list[str]]
) -> None:
    assert cast.client("committee").post(f"{PLACE}/answer", data=data).status_code == 404
    assert said(cast) == {}


def test_the_list_goes_on_on_the_next_page(cast: Cast) -> None:
    with cast.database.transaction() as session:
        many = [Question(cast.member, 100 + n, WHY) for n in range(PAGE + 1)]
        ask(session, many, cast.clock())
    text = page(cast)
    assert text.count('type="checkbox"') == PAGE
    [address] = re.findall(r'rel="next" href="([^"]+)"', text)
    last = cast.client("committee").get(address.replace("&amp;", "&")).text
    assert last.count('type="checkbox"') == 1


def test_the_page_of_deliveries_counts_those_of_the_visitor(cast: Cast, asked: list[int]) -> None:
    for who, waiting in (("committee", "3 wait"), ("other_chair", "1 waits")):
        text = cast.client(who).get("/committee/deliveries").text  # type: ignore[arg-type]
        assert f'<a href="{PLACE}">Account questions</a>: {waiting} for an answer.' in text


def test_every_sentence_of_the_store_has_its_translation(cast: Cast) -> None:
    assert set(REASONS) == set(account_questions.REASONS)
    assert set(REFUSALS) == set(account_answers.REFUSALS)
    with cast.app.test_request_context():
        for known in (REASONS, REFUSALS):
            with force_locale("en"):
                assert [str(text) for text in known.values()] == list(known)


def test_several_reasons_are_said_in_french(cast: Cast) -> None:
    both = f"{account_questions.NUMBER_FROM_MOODLE} {account_questions.UNCONFIRMED} Other."
    with cast.app.test_request_context(), force_locale("fr"):
        said = reason_in_words(both)
    assert said.startswith("Le numéro de membre vient du profil Moodle")
    assert said.endswith("L’adresse du compte n’est pas confirmée. Other.")
