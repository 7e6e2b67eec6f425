"""Every question type can be imported, shown, answered and marked in the sandbox."""

from __future__ import annotations

import json
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.curriculum.moodle_xml import question_xml
from bridge.curriculum.question_types.question import FormField, Option, Question
from bridge.curriculum.question_types.xml_reading import BadQuestion
from bridge.curriculum.text import plain_text
from bridge.moodle.sandbox.quiz.attempt_form import html
from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.question_documents import parse
from bridge.moodle.sandbox.quiz.responses import from_moodle, to_moodle
from bridge.moodle.sandbox.quiz.stored_questions import restore
from bridge.moodle.sandbox.simulated_learner import right_response
from tests.support.documented_questions import documented_questions

from .sample_site import PREFIX, Site, csrf, make_site, signed_in

QUESTIONS = documented_questions()
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.key)


@pytest.fixture
def site(app: Flask) -> Site:
    return make_site(app)


@pytest.fixture
def learner(site: Site) -> FlaskClient:
    return signed_in(site)


def rendered(question: Question) -> RenderedQuestion:
    _, read = parse(question_xml("demo", "types", question))
    return RenderedQuestion(1, 1, read, "a-seed", {})


@every_question
def test_responses_are_converted_without_loss(question: Question) -> None:
    asked = rendered(question)
    right = asked.question.right_response(asked.seed)
    fields = to_moodle(asked.fields, right)
    assert sorted(from_moodle(asked.fields, fields)) == sorted(right)
    assert set(fields) <= {field.name for field in asked.fields}


@every_question
def test_the_form_of_the_web_service_has_all_fields(question: Question) -> None:
    asked = rendered(question)
    shown = html(asked, "q7:1_")
    assert f'class="que {question.moodle_type}"' in shown
    for name, value in right_response(asked).items():
        assert f'name="q7:1_{name}"' in shown
        if any(field.options for field in asked.fields):
            assert f'value="{value}"' in shown


def test_values_that_were_not_offered_are_left_out() -> None:
    options = (Option("a", "1", plain_text("A")), Option("b", "2", plain_text("B")))
    radio, select = (
        FormField("radio", "answer", options=options),
        FormField("select", "sub0", options=options),
    )
    assert from_moodle([radio], {"answer": "3", "other": "1"}) == []
    assert from_moodle([select], {"sub0": "0"}) == [""]
    assert from_moodle([radio, select], {"answer": "1", "sub0": "2"}) == ["a", "b"]


def _quiz(site: Site) -> int:
    """A quiz with all types; returns its cmid."""
    items = [
        {
            "idnumber": f"{PREFIX}types.{each.key}",
            "hash": "h",
            "xml": question_xml("demo", "types", each),
        }
        for each in QUESTIONS
    ]
    made = site.plugin(
        "import_questions", category=PREFIX + "types", categoryname="T", questions=items
    )["questions"]
    assert [item["action"] for item in made] == ["created"] * len(items), made
    place = {"sectionidnumber": PREFIX + "s", "intro": "", "name": "Types", "pass": 70}
    names = [item["idnumber"] for item in items]
    quiz = site.plugin("save_quiz", **place, idnumber=PREFIX + "types", questions=names)
    return int(quiz["id"])


def _begin(site: Site, learner: FlaskClient) -> tuple[str, dict[str, str]]:
    """Start an attempt on the pages; returns its address and what each form has."""
    cmid, form = _quiz(site), {"csrf": csrf(learner)}
    begun = learner.post(f"/mod/quiz/startattempt.php?id={cmid}", data=form)
    return begun.headers["Location"], form


def _take(site: Site, learner: FlaskClient, *, right: bool) -> str:
    """One attempt on the pages, with all answers right or none; returns the review."""
    place, form = _begin(site, learner)
    attempt = place.rpartition("=")[2]
    sent: dict[str, str] = {}
    for slot, question in enumerate(QUESTIONS, 1):
        _, read = parse(question_xml("demo", "types", question))
        asked = RenderedQuestion(slot, slot, read, f"{attempt}:{slot}", {})
        sent |= {f"q{slot}_{name}": value for name, value in right_response(asked).items()}
    shown = learner.get(place).text
    assert all(f'name="{name}"' in shown for name in sent)
    done = learner.post(place, data=form | (sent if right else {}) | {"finish": ""})
    return learner.get(done.headers["Location"]).text


def test_right_answers_earn_full_marks(site: Site, learner: FlaskClient) -> None:
    page = _take(site, learner, right=True)
    assert "100.00 %" in page
    assert page.count(">correct<") == len(QUESTIONS)


@pytest.mark.parametrize(("language", "right"), [("en", 0), ("fr", 1)])
def test_numbers_are_read_in_the_language_of_the_attempt(
    site: Site, learner: FlaskClient, language: str, right: int
) -> None:
    learner.get(f"/?lang={language}")
    place, form = _begin(site, learner)
    slot = next(at for at, each in enumerate(QUESTIONS, 1) if each.type == "number")
    learner.get("/?lang=en")
    done = learner.post(place, data=form | {f"q{slot}_answer": "25,0", "finish": ""})
    assert learner.get(done.headers["Location"]).text.count(">correct<") == right


def test_no_answers_earn_nothing_and_show_the_right_ones(site: Site, learner: FlaskClient) -> None:
    page = unescape(_take(site, learner, right=False))
    assert "0.00 %" in page
    assert page.count(">incorrect<") == len(QUESTIONS)
    for question in QUESTIONS:
        for answer in rendered(question).question.right_answers:
            assert f"<li>{answer.pick()}</li>" in page


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz><question type="truefalse"/></quiz>',
        "<quiz><!ENTITY a 'b'></quiz>",
        "x" * 5_000_001,
    ],
)
def test_xml_that_is_refused_unread(xml: str) -> None:
    with pytest.raises(BadQuestion, match="document type"):
        parse(xml)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<quiz>", "not well formed"),
        ("<quiz></quiz>", "there are 0"),
        ('<quiz><question type="essay"/></quiz>', "'essay' is not supported"),
        ('<quiz><question type="matching"/></quiz>', "two questions and three answers"),
        ('<quiz><question type="multichoice"/></quiz>', "no name or no text"),
    ],
)
def test_xml_that_is_not_a_supported_question(xml: str, why: str) -> None:
    with pytest.raises(BadQuestion, match=why):
        parse(xml)


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("truefalse", [("true", 0.0, ""), ("false", 1.0, "")]),
        ("multichoice", [("A", 0.5, ""), ("B", 0.5, ""), ("C", -1.0, "")]),
        ("shortanswer", [("steward", 1.0, "")]),
        ("numerical", [("25", 1.0, "")]),
        ("matching", [("A", 1.0, "a"), ("B", 1.0, "b"), ("", 1.0, "c")]),
    ],
)
def test_questions_in_files_of_the_last_release(
    kind: str, answers: list[tuple[str, float, str]]
) -> None:
    names = ("text", "fraction", "match")
    parts = [
        dict(zip(names, each, strict=True)) | {"feedback": "Why", "tolerance": 0.5}
        for each in answers
    ]
    stored = {"type": kind, "name": "n", "text": "<p>?</p>", "feedback": "F", "single": False}
    question = restore(json.dumps(stored | {"answers": parts, "usecase": False, "shuffle": True}))
    assert (question.moodle_type, question.text.pick()) == (kind, "<p>?</p>")
    right = question.right_response("s")
    assert question.mark(right, "s").right
