"""Every question type in docs/curricula.md is imported and marked as right by Moodle."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.curriculum.moodle_xml import question_xml
from tests.contract.moodle_site import Fields, MoodleSite, learner
from tests.contract.sample_union import right_fields
from tests.support.documented_questions import documented_questions

QUESTIONS = documented_questions()


def _asked(person: Any, attempt: int) -> list[str]:
    """The HTML of all questions of an attempt."""
    found, page = [], 0
    while page >= 0:
        data = person.call("mod_quiz_get_attempt_data", attemptid=attempt, page=page)
        found += [item["html"] for item in data["questions"]]
        page = data["nextpage"]
    return found


@pytest.mark.parametrize(("right", "grade"), [(True, 100), (False, 0)])
def test_every_question_type(moodle_site: MoodleSite, right: bool, grade: int) -> None:
    moodle_site.section()
    curriculum = moodle_site.prefix.split(":")[1]
    xmls = [(each.key, "h", question_xml(curriculum, "q1", each)) for each in QUESTIONS]
    made = moodle_site.questions("q1", *xmls)
    assert [item["action"] for item in made] == ["created"] * len(QUESTIONS), made
    moodle_site.quiz(questions=[moodle_site.id(f"q1.{each.key}") for each in QUESTIONS])
    person = learner(moodle_site)
    attempt, _ = person.begin()
    fields = [Fields(page) for page in _asked(person, attempt)]
    sent = [right_fields(*each) for each in zip(QUESTIONS, fields, strict=True)]
    assert person.finish(attempt, fields, *(sent if right else [])) == "finished"
    best = person.call("mod_quiz_get_user_best_grade", quizid=person.quizid())
    assert float(best["grade"]) == pytest.approx(grade)
