"""Lessons and practice quizzes: open to everyone, and nothing is saved."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from bridge.config import Config
from bridge.curriculum.model import Course, Curriculum, Section
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.support.query_lists import listed
from tests.web.query_counter import counted
from tests.web.sample_site import CHECK, PATH, Clock, english

QUIZ = "/path/a-path/first/quiz/a-check"
PAGE = "/path/a-path/first/read-me"


def path(access: str = "open") -> Curriculum:
    """A path whose first step has the self-check with every type of question."""
    first = PATH.milestones[0]
    section = first.course.sections[0]
    checked = replace(section, activities=(*section.activities[:2], CHECK))
    other = Section("other", english("Other"), ())
    step = replace(first, access=access, course=Course((checked, other)))  # type: ignore[arg-type]
    return replace(PATH, milestones=(step, PATH.milestones[1]))


@pytest.fixture
def browser(config: Config, database: Database, clock: Clock) -> FlaskClient:
    app = create_app(config, database, [path()], now=clock, metrics=Metrics())
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def seed_of(page: str) -> str:
    return re.findall(r'name="seed" value="([0-9a-f]{16})"', page)[0]


def checked(browser: FlaskClient, form: dict[str, object], **options: object) -> str:
    """The page after the answers were posted."""
    answer = browser.post(QUIZ, data=form, follow_redirects=True, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.text


def everything_right(page: str) -> dict[str, object]:
    """What a form sends when every answer is right, read from the form as it is shown."""
    offered = re.findall(r'<select class="form-select" name="q-pairs" id="q-pairs-(\d)"', page)
    return {
        "seed": seed_of(page),
        "q-one": "0",
        "q-many": ["0", "1"],
        "q-truth": "true",
        "q-word": "unit",
        "q-sum": "1,800.5",
        "q-pairs": offered,
    }


def test_a_lesson_links_to_the_next_one(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text
    assert "A <strong>page</strong> to read." in page
    assert f'rel="next" href="{QUIZ}"' in page
    assert 'rel="prev"' not in page
    assert f'rel="prev" href="{PAGE}"' in browser.get(QUIZ).text


def test_all_six_question_types_have_labelled_fields(browser: FlaskClient) -> None:
    page = browser.get(QUIZ).text
    for kind in ('type="radio"', 'type="checkbox"', 'type="text"', "<select"):
        assert kind in page
    named = re.findall(r'<(?:input|select)[^>]* id="(q-[^"]+)"', page)
    assert len(named) == 2 + 3 + 2 + 1 + 1 + 2
    assert sorted(re.findall(r'<label[^>]* for="(q-[^"]+)"', page)) == sorted(named)


def test_correct_answers_are_marked_correct(browser: FlaskClient) -> None:
    page = checked(browser, everything_right(browser.get(QUIZ).text))
    assert "6 of 6 correct" in page
    assert "Well done!" in page
    assert "Indeed." in page
    assert "Not quite" not in page


def test_wrong_answers_show_explanations(browser: FlaskClient) -> None:
    form = everything_right(browser.get(QUIZ).text)
    page = checked(browser, form | {"q-one": "1", "q-truth": "false"})
    assert "4 of 6 correct" in page
    for taught in ("Not that.", "Because it is so.", "The first", "Look again."):
        assert taught in page
    assert re.search(r'id="q-one-1" value="1" checked', page)


def test_marking_uses_the_order_of_the_form(browser: FlaskClient) -> None:
    page = browser.get(QUIZ).text
    order = re.findall(r'id="q-many-(\d)"', page)
    again = checked(browser, {"seed": seed_of(page)})
    assert re.findall(r'id="q-many-(\d)"', again) == order


def test_a_practice_quiz_makes_no_query_and_sets_no_cookie(
    browser: FlaskClient, database: Database
) -> None:
    browser.get(PAGE)
    with counted(database) as queries:
        browser.get(PAGE)
        checked(browser, everything_right(browser.get(QUIZ).text))
    assert queries == [], listed(queries)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"seed": "../../etc"},
        {"seed": "0" * 16, "q-one": "99", "q-many": "-1", "q-pairs": ["9"] * 50},
        {"q-one": "<script>alert(1)</script>", "q-word": '"><script>alert(1)</script>'},
        {"q-sum": "9" * 5000, "q-word": "*" * 5000},
        {"q-sum": "\x00", "q-truth": "٣"},
    ],
)
def test_any_form_data_gets_a_page(browser: FlaskClient, form: dict[str, str]) -> None:
    answer = browser.post(QUIZ, data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "0 of 6 correct" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u200e"])
def test_an_invisible_character_makes_an_answer_wrong_as_in_moodle(
    browser: FlaskClient, hidden: str
) -> None:
    form = everything_right(browser.get(QUIZ).text)
    word = form["q-word"]
    assert isinstance(word, str)
    answer = browser.post(QUIZ, data=form | {"q-word": f"{word}{hidden}"})
    assert "5 of 6 correct" in browser.get(answer.location).text


def test_a_large_body_is_refused(browser: FlaskClient) -> None:
    assert browser.post(QUIZ, data={"q-word": "x" * 2_000_000}).status_code == 413


def test_the_result_has_an_address_for_back_and_reload(browser: FlaskClient) -> None:
    answer = browser.post(QUIZ, data=everything_right(browser.get(QUIZ).text))
    assert answer.status_code == 303
    for _ in range(2):
        assert "6 of 6 correct" in browser.get(answer.location).text


def test_closed_milestones_have_no_lessons(
    config: Config, database: Database, clock: Clock
) -> None:
    app = create_app(config, database, [path("account")], now=clock, metrics=Metrics())
    app.config["WTF_CSRF_ENABLED"] = False
    closed = app.test_client()
    assert closed.get(PAGE).status_code == closed.get(QUIZ).status_code == 404
    assert closed.post(QUIZ).status_code == 404
    landing = closed.get("/path/a-path/first").text
    assert QUIZ not in landing
    assert "Quiz (in the course)" in landing


@pytest.mark.parametrize("name", ["a-link", "nowhere", "a-check", "..%2f..%2fetc%2fpasswd"])
def test_unknown_pages_are_not_found(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/path/a-path/first/{name}").status_code == 404


def test_in_french(browser: FlaskClient) -> None:
    page = checked(browser, {}, headers={"Accept-Language": "fr"})
    assert "0 bonne réponse sur 6" in page or "0 bonnes réponses sur 6" in page
    assert "Sans réponse" in page


@pytest.mark.parametrize(("language", "right"), [("en", 0), ("fr", 1)])
def test_numbers_are_read_in_the_visitors_language(
    browser: FlaskClient, language: str, right: int
) -> None:
    """As in Moodle, where an English reader who types 1800,5 means 18005."""
    asked = {"Accept-Language": language}
    page = checked(browser, {"seed": "0" * 16, "q-sum": "1800,5"}, headers=asked)
    assert page.count('class="question right"') == right
