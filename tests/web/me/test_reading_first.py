"""The next step begins with what to read; the quiz is for those who know it already."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bridge.config import MoodleSettings
from bridge.curriculum.model import Course, Link, Page, Quiz, Section
from bridge.curriculum.requirements.activity import ActivityDone
from tests.web.me.test_progress_page import FIRST, Walk, next_of
from tests.web.me.test_progress_page import walk as walk
from tests.web.sample_site import english
from tests.web.signed_in_users import SignedInUsers

QUIZZES = Section(
    "all",
    english("All"),
    (
        Page("one", english("Lesson one"), english("Text")),
        Quiz("check", english("A check"), (), pass_mark=80),
        Page("two", english("Lesson two"), english("Text")),
        Link("more", english("A link"), "https://more.example/", english("")),
        Quiz("exam", english("The exam"), (), pass_mark=80),
        Quiz("last", english("The last quiz"), (), pass_mark=80),
    ),
)
LESSONS = "/path/a-path/first"


def links(box: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', box)


@pytest.mark.parametrize(
    ("quiz", "read"),
    [
        ("check", [f"{LESSONS}/one"]),
        ("exam", [f"{LESSONS}/two", "https://more.example/"]),
        ("last", [f"{LESSONS}/one", f"{LESSONS}/two"]),
    ],
)
def test_the_lessons_come_before_their_quiz(walk: Walk, quiz: str, read: list[str]) -> None:
    walk.set(
        replace(FIRST, course=Course((QUIZZES,)), requirements=(ActivityDone(quiz),), access="open")
    )
    walk.placed(**{quiz: 12})
    box = next_of(walk.page())
    quiz_address = "https://moodle.example/mod/quiz/view.php?id=12"
    assert links(box)[: len(read) + 2] == [*read, read[0], quiz_address]
    assert "I know this already: Open the quiz in Moodle" in box
    assert "need it to read the lessons" in box


def test_lessons_of_a_closed_milestone_are_in_moodle(walk: Walk) -> None:
    walk.set(replace(FIRST, requirements=(ActivityDone("a-quiz"),), access="account"))
    walk.placed(**{"read-me": 11, "a-quiz": 12})
    box = next_of(walk.page())
    assert links(box)[0] == "https://moodle.example/mod/page/view.php?id=11"
    assert "need it to read" not in box


@pytest.mark.parametrize(
    ("login", "words"),
    [("manual", "Moodle asks for its own account."), ("oidc", "You need no new account.")],
)
def test_the_page_says_which_account_moodle_asks_for(
    users: SignedInUsers, login: str, words: str
) -> None:
    moodle = MoodleSettings.model_validate({"url": "https://moodle.example", "login": login})
    config = users.config.model_copy(update={"moodle": moodle})
    walk = Walk(SignedInUsers(config, users.database, users.clock), FIRST)
    assert words in next_of(walk.page())


def test_what_is_read_itself_has_no_reading_before_it(walk: Walk) -> None:
    box = next_of(walk.page())
    assert "Read the page" in box
    assert "Read this first" not in box
