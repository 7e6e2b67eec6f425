"""Without the companion plugin, from nothing to an award, as docs/moodle.md tells a person.

On a real Moodle, STEWARDPATH_TEST_MOODLE_TEACHER must name a person who may edit all courses, as
`username:password`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract.hand_made import HandMade, make_in_sandbox, read_texts
from tests.contract.moodle_forms import Browser
from tests.contract.sample_union import Union, course_of, create_member, states

QUIZZES_ONLY = (
    "  - any:\n      - page: what-the-union-does\n      - link: our-site\n",
    "",
)


def make_welcome_by_hand(
    union: Union, core: Union, work: dict[str, Any], state: pytest.FixtureRequest
) -> None:
    """Make the page, the link and the quiz of the first course. The quiz has the printed title."""
    prefix = f"stewardpath:{core.key}:"
    title = next(c["title"] for c in work["changes"] if c["idnumber"] == prefix + "welcome-check")
    if union.moodle.kind == "sandbox":
        union.run("apply")
        make_in_sandbox(core, state.getfixturevalue("sandbox_state"), title)
        return
    teacher = os.environ.get("STEWARDPATH_TEST_MOODLE_TEACHER", "")
    if not teacher:
        pytest.skip("STEWARDPATH_TEST_MOODLE_TEACHER names nobody who makes activities by hand")
    browser = Browser(union.moodle.url)
    browser.sign_in(*teacher.split(":", 1))
    texts = {key: read_texts(Path(core.folder, file)) for key, file in work["texts"].items()}
    person = HandMade(browser, course_of(union, "welcome"))
    person.choose_plain_text_editor()
    page = texts[prefix + "what-the-union-does"]
    person.page(page, page["Name"])
    link = texts[prefix + "our-site"]
    person.link(link, "Another title", link["ID number"])
    questions = Path(core.folder, work["files"][prefix + "welcome-check"])
    person.quiz(texts[prefix + "welcome-check"], title, "6", questions)


def test_from_nothing_to_an_award_by_hand(
    union: Union, core: Union, request: pytest.FixtureRequest
) -> None:
    core.edit(*QUIZZES_ONLY)
    findings = core.data("doctor")["findings"]
    assert not [each for each in findings if each["state"] == "error"]
    work = core.data("apply")["applied"][0]
    make_welcome_by_hand(union, core, work, request)
    left = core.data("plan")["plans"][0]["changes"]
    assert not [change for change in left if change["course"].endswith(":welcome")]

    member = create_member(core)
    quiz = next(union.curriculum.milestones[0].course.quizzes)
    member.take_only_quiz(quiz, course_of(union, "welcome"))
    assert core.data("pull")["awards"] == 1
    core.run("deliver")
    assert states(core, member)["welcome"] == "earned"
    status = core.data("status")
    assert status["waiting_for_companion"] == 1
    assert "Badges that wait for the companion plugin: 1" in core.run("status")
    (badges,) = [f for f in core.data("doctor")["findings"] if f["what"] == "badges"]
    assert badges["says"] == "need the companion plugin: 1 to issue or revoke wait."
    assert status["needs_attention"] == []
    assert status["retried"]["deliveries"] == 0
    check_badge_after_installing_the_plugin(union, core, member.user["id"])


def check_badge_after_installing_the_plugin(union: Union, core: Union, user: int) -> None:
    """The badge that waits is issued after `apply` with the plugin."""
    if union.moodle.kind == "sandbox":
        settings = core.folder / "config.yaml"
        lines = settings.read_text("utf-8").splitlines()
        lines[0] = f"moodle: {{url: '{union.moodle.url}'}}"
        settings.write_text("\n".join(lines), "utf-8")
    core.token = ""
    core.run("apply", "--force")  # it takes over a large share: what has its ID number
    core.run("deliver")
    assert core.data("status")["waiting_for_companion"] == 0
    badge = f"stewardpath:{core.key}:welcome"
    again = union.moodle.plugin("issue_badge", idnumber=badge, userid=user)
    assert (again["issued"], again["already"]) == (False, True)
