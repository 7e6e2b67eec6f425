"""What members type is marked as the table says, by the sandbox and by Moodle.

The self-check is compared with the same table in tests/curriculum/question_types.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.moodle_xml import question_xml
from tests.contract.moodle_site import Fields, Learner, MoodleSite, learner
from tests.contract.typed_answer_cases import CASES, Language, TypedAnswer


def _import(moodle_site: MoodleSite, cases: list[TypedAnswer]) -> None:
    """A quiz with one question for each case."""
    curriculum = moodle_site.prefix.split(":")[1]
    xmls = []
    for at, case in enumerate(cases):
        question = replace(case.question, key=f"c{at}")
        xmls.append((question.key, "h", question_xml(curriculum, "q1", question)))
    moodle_site.section()
    made = moodle_site.questions("q1", *xmls)
    assert {item["action"] for item in made} == {"created"}, made
    moodle_site.quiz(questions=[moodle_site.id(f"q1.{key}") for key, _, _ in xmls])


def _answer_all(person: Learner, cases: list[TypedAnswer]) -> None:
    started = person.call("mod_quiz_start_attempt", quizid=person.quizid())
    attempt = int(started["attempt"]["id"])
    asked, page = [], 0
    while page >= 0:
        shown = person.call("mod_quiz_get_attempt_data", attemptid=attempt, page=page)
        asked += [Fields(item["html"]) for item in shown["questions"]]
        page = shown["nextpage"]
    typed = [each.type(case.typed) for each, case in zip(asked, cases, strict=True)]
    assert person.finish(attempt, asked, *typed) == "finished"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_members_type(moodle_site: MoodleSite, language: Language) -> None:
    prefix = moodle_site.id("category")
    packs = moodle_site.moodle.plugin("get_site_state", prefix=prefix)["languages"]
    if language not in packs:
        pytest.skip(f"the site has no language pack for {language}")
    cases = [case for case in CASES if case.language == language]
    _import(moodle_site, cases)
    _answer_all(learner(moodle_site, lang=language), cases)
    counted = moodle_site.moodle.plugin("get_missed_questions", courseid=moodle_site.course)
    wrong = {item["question"]: item["wrong"] for item in counted["questions"]}
    given = {
        (at, case.typed): not wrong[moodle_site.id(f"q1.c{at}")] for at, case in enumerate(cases)
    }
    assert given == {(at, case.typed): case.right for at, case in enumerate(cases)}
