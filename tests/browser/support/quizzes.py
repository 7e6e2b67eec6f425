"""Takes a quiz in the sandbox by keyboard and answers everything correctly."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

from bridge.moodle.sandbox.database import Database, get
from bridge.moodle.sandbox.quiz import attempts
from bridge.moodle.sandbox.simulated_learner import right_response
from tests.browser.support.keyboard import Keyboard


def take(page: Page, state: Path) -> None:
    """Take the quiz from its first page to the result."""
    keys = Keyboard(page)
    keys.follow(page.get_by_role("button", name=re.compile("Start|Try again")))
    page.wait_for_url("**/mod/quiz/attempt.php*")
    for name, value in _right_answers(page, state).items():
        _answer(page, keys, name, value)
    keys.button("Submit all and finish")
    page.wait_for_url("**/mod/quiz/review.php*")


def _right_answers(page: Page, state: Path) -> dict[str, str]:
    """The correct values of the form's fields. Each attempt has its own order of choices."""
    number = int(parse_qs(urlsplit(page.url).query)["attempt"][0])
    with Database(state).transaction() as db:
        asked = attempts.attempt_questions(db, get(db, "attempt", number))
    return {
        f"q{one.slot}_{name}": value for one in asked for name, value in right_response(one).items()
    }


def _answer(page: Page, keys: Keyboard, name: str, value: str) -> None:
    field = page.locator(f'[name="{name}"]')
    kind = field.first.evaluate("field => field.type")
    if kind == "radio":
        keys.choose(field, page.locator(f'[name="{name}"][value="{value}"]'))
    elif kind == "checkbox":
        keys.tick(field)
    elif kind == "select-one":
        keys.select(field, value)
    else:
        keys.to(field)
        page.keyboard.type(value)
