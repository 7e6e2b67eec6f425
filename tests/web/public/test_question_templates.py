"""The templates of every question type show the examples in docs/curricula.md."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import ClassVar

import pytest
from flask import Flask, render_template_string
from jinja2 import TemplateNotFound

from bridge.config import Config
from bridge.curriculum.model import Course, Curriculum, Quiz, Section
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.support.documented_questions import documented_questions
from tests.web.sample_site import PATH, Clock, english

QUESTIONS = documented_questions()
QUIZ = "/path/a-path/first/quiz/a-check"
SEED = "0" * 16
PREVIEW = """\
{% import "web/curricula/learner.html" as learner with context %}{{ learner.quiz(quiz, "en") }}"""
ASK = """\
{% import "web/public/lessons/question.html" as questions with context %}
{{ questions.question(each, 1, "en") }}"""
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.key)


def site(config: Config, database: Database, clock: Clock, *questions: Question) -> Flask:
    """The site with one quiz."""
    section = Section("begin", english("Begin"), (Quiz("a-check", english("Check"), questions),))
    step = replace(PATH.milestones[0], course=Course((section,)))
    path: Curriculum = replace(PATH, milestones=(step,))
    app = create_app(config, database, [path], now=clock, metrics=Metrics())
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def question_of(page: str) -> str:
    """The question's part of the page, as text with single spaces."""
    found = re.findall(r'(?s)<section class="question.*?</section>', page)
    assert len(found) == 1
    return " ".join(unescape(found[0]).split())


@every_question
def test_every_field_has_a_label(
    config: Config, database: Database, clock: Clock, question: Question
) -> None:
    shown = question_of(site(config, database, clock, question).test_client().get(QUIZ).text)
    named = re.findall(r'<(?:input|select)[^>]* id="(q-[^"]+)"', shown)
    assert named
    assert sorted(re.findall(r'<label[^>]* for="(q-[^"]+)"', shown)) == sorted(named)
    assert set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', shown)) == {f"q-{question.key}"}


@every_question
def test_the_right_response_is_marked_right(
    config: Config, database: Database, clock: Clock, question: Question
) -> None:
    browser = site(config, database, clock, question).test_client()
    response = question.right_response(f"{SEED}:{question.key}")
    form = {"seed": SEED, f"q-{question.key}": [*response]}
    page = browser.post(QUIZ, data=form, follow_redirects=True).text
    assert "1 of 1 correct" in page
    kept = re.findall(r'value="([^"]*)" checked|value="([^"]*)"[^>]* selected', page)
    typed = re.findall(r'<input class="form-control answer"[^>]* value="([^"]*)"', page)
    assert sorted([*(a or b for a, b in kept), *typed]) == sorted(response)


@every_question
def test_no_response_is_marked_and_explained(
    config: Config, database: Database, clock: Clock, question: Question
) -> None:
    browser = site(config, database, clock, question).test_client()
    page = browser.post(QUIZ, data={"seed": SEED}, follow_redirects=True).text
    assert "0 of 1 correct" in page
    assert "Not answered" in question_of(page)
    assert question.feedback.pick() in question_of(page)


@every_question
def test_the_preview_shows_the_question_and_its_answers(
    config: Config, database: Database, clock: Clock, question: Question
) -> None:
    quiz = Quiz("a-check", english("Check"), (question,))
    with site(config, database, clock, question).test_request_context():
        page = render_template_string(PREVIEW, quiz=quiz)
    asked, answers = page.split("Answers and feedback")
    named = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', asked)
    assert named
    assert sorted(re.findall(r'<label[^>]* for="([^"]+)"', asked)) == sorted(named)
    for answer in question.right_answers:
        assert answer.pick() in unescape(answers)


class Unknown(SingleChoice):
    """A type without a template."""

    type: ClassVar[str] = "unknown"


@pytest.mark.parametrize("template", [ASK, PREVIEW])
def test_a_type_without_a_template_is_an_error(
    config: Config, database: Database, clock: Clock, template: str
) -> None:
    quiz = Quiz("a-check", english("Check"), (Unknown("q", english("?"), choices=()),))
    with (
        site(config, database, clock).test_request_context(),
        pytest.raises(TemplateNotFound, match=r"web/questions/unknown\.html"),
    ):
        render_template_string(
            template, quiz=quiz, each={"question": quiz.questions[0], "marked": None}
        )
